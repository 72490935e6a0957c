//! A short title out of a command, for people. Not: anything that is run.

use std::path::Path;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::plan::Work;

/// The widest title, in columns.
const WIDEST: usize = 40;

/// The title of a job that has none of its own.
pub(super) fn of_job(work: &Work, name: &str) -> String {
    let derived = derived(work);
    if derived.is_empty() { name.to_owned() } else { derived }
}

/// The title that work has: its command without paths and preliminaries, or its last step.
fn derived(work: &Work) -> String {
    match work {
        Work::Exec(argv) => of_words(argv),
        Work::Shell { line, .. } => of_line(line),
        Work::Steps { session, steps, .. } => match (steps.last(), session) {
            (Some(step), _) if step.name != step.run => cut(&step.name),
            (Some(step), _) => of_line(&step.run),
            (None, Some(session)) => of_line(&session.line),
            (None, None) => String::new(),
        },
    }
}

fn of_words(argv: &[String]) -> String {
    let Some((program, arguments)) = argv.split_first() else { return String::new() };
    let mut title = base(program).to_owned();
    for argument in arguments {
        title.push(' ');
        title.push_str(argument);
    }
    cut(&title)
}

fn of_line(line: &str) -> String {
    let mut rest = line.trim();
    // `cd somewhere && FOO=1 exec npm start` is `npm start` to a person.
    loop {
        let after = match rest.split_once(char::is_whitespace) {
            Some(("exec", after)) => Some(after),
            Some(("cd", after)) => after.split_once("&&").map(|(_, after)| after),
            Some((word, after)) if is_assignment(word) => Some(after),
            Some(_) | None => None,
        };
        match after.map(str::trim_start) {
            Some(after) if !after.is_empty() => rest = after,
            Some(_) | None => break,
        }
    }
    match rest.split_once(char::is_whitespace) {
        Some((program, arguments)) if is_path(program) => cut(&format!("{} {arguments}", base(program))),
        None if is_path(rest) => cut(base(rest)),
        Some(_) | None => cut(rest),
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, value)| {
        !name.is_empty()
            && super::words::name_length(name) == name.len()
            && !value.contains(['\'', '"', '$', '`'])
    })
}

/// Whether a word is a plain path, so that its last part can stand for it.
fn is_path(word: &str) -> bool {
    word.contains('/') && word.chars().all(|c| c.is_alphanumeric() || "/._-+~@".contains(c))
}

fn base(program: &str) -> &str {
    Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or(program)
}

/// One line of at most [`WIDEST`] columns, without control characters.
fn cut(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.width() <= WIDEST {
        return line;
    }
    let mut short = String::new();
    let mut columns = 0;
    for c in line.chars() {
        columns += c.width().unwrap_or(0);
        if columns >= WIDEST {
            break;
        }
        short.push(c);
    }
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_what_a_person_would_say() {
        for (line, title) in [
            ("npm run dev", "npm run dev"),
            ("/usr/local/bin/api --port 3", "api --port 3"),
            ("./run.sh", "run.sh"),
            ("cd src/app && NODE_ENV=dev exec npm start", "npm start"),
            ("for i in 1 2; do\n  work $i\ndone", "for i in 1 2; do work $i done"),
            ("exec ", "exec"),
            ("A=1", "A=1"),
            ("", ""),
        ] {
            assert_eq!(of_line(line), title, "{line}");
        }
        assert_eq!(of_words(&["/bin/sleep".to_owned(), "1".to_owned()]), "sleep 1");
    }

    #[test]
    fn a_title_is_short() {
        let title = of_line(&"a long command ".repeat(9));
        assert!(title.width() <= WIDEST && title.ends_with('…'), "{title}");
        assert!(of_line(&"名".repeat(50)).width() <= WIDEST);
    }
}
