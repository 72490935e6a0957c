//! How problems are drawn for a person, as rustc draws them. Not: where they are written to.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::place::{Place, line_start, within};
use super::{Problem, Severity, Shows, without_controls};

/// Whether escapes for colour are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// With SGR escapes.
    Colour,
}

/// Draws all problems with an empty line between them, and a last line that counts them; nothing for none.
pub fn draw_all(problems: &[Problem], paint: Paint) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    for problem in problems {
        text.push_str(&draw(problem, paint));
        text.push_str("\n\n");
    }
    text.push_str(&summary(problems));
    text.push('\n');
    text
}

/// How many there are, for example `2 errors, 1 warning`; `no problems` for none.
pub fn summary(problems: &[Problem]) -> String {
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let errors = count(Severity::Error);
    let warnings = count(Severity::Warning);
    match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (_, 0) => counted(errors, "error"),
        (0, _) => counted(warnings, "warning"),
        (_, _) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// Draws one problem: its message, its place, the line, the caret with its label. No line break at the end.
pub fn draw(problem: &Problem, paint: Paint) -> String {
    let text = &problem.source.text;
    let span = within(text, &problem.span);
    let related: Vec<(Range<usize>, &str)> =
        problem.related.iter().map(|(span, remark)| (within(text, span), remark.as_str())).collect();
    let starts = related.iter().map(|(span, _)| span.start);
    let ends = related.iter().map(|(span, _)| span.end);
    let mut window =
        Window::around(text, starts.fold(span.start, usize::min)..ends.fold(span.end, usize::max));
    match problem.shows {
        Shows::Lines => {}
        Shows::Names => window.text = names_alone(&window.text, window.shift(&span).start),
    }

    let mut primary = AnnotationKind::Primary.span(window.shift(&span));
    if let Some(label) = &problem.label {
        primary = primary.label(without_controls(label));
    }
    let others = related.iter().map(|(span, remark)| -> Annotation<'_> {
        AnnotationKind::Context.span(window.shift(span)).label(without_controls(remark))
    });
    let snippet = Snippet::source(window.text.as_str())
        .line_start(window.first_line)
        .path(without_controls(&problem.source.name))
        .annotation(primary)
        .annotations(others);
    let level = match problem.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let report =
        [Group::with_title(level.primary_title(without_controls(&problem.message))).element(snippet)];
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Colour => Renderer::styled(),
    };
    renderer.render(&report)
}

/// The whole lines that hold a span, so that a long file is not looked through once for each problem.
struct Window {
    text: String,
    start: usize,
    first_line: usize,
}

impl Window {
    fn around(text: &str, span: Range<usize>) -> Self {
        let start = line_start(&text[..span.start]);
        let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
        // A lone `\r` and a NUL would shift the caret; each becomes one byte that takes one cell.
        let shown = text[start..end].trim_end_matches('\r').replace('\0', " ");
        Self { text: shown, start, first_line: Place::of(text, start).line }
    }

    fn shift(&self, span: &Range<usize>) -> Range<usize> {
        let inside = |offset: usize| (offset - self.start).min(self.text.len());
        inside(span.start)..inside(span.end)
    }
}

/// The same with `*` for every byte that is not blank and belongs to no name before a `=`. The quote or `$` at `kept`, which the
/// caret points at, stays.
fn names_alone(text: &str, kept: usize) -> String {
    let mut hidden = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let name = line.find('=').filter(|at| is_name(&line[..*at])).map_or(0, |at| at + 1);
        let from = hidden.len();
        for (at, c) in line.char_indices() {
            let is_shown = at < name || c.is_whitespace();
            if is_shown || (from + at == kept && matches!(c, '\'' | '"' | '`' | '$')) {
                hidden.push(c);
            } else {
                hidden.extend(std::iter::repeat_n('*', c.len_utf8()));
            }
        }
    }
    hidden
}

/// What may stand before a `=` and tells nothing: a name, perhaps after `export`.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    let name =
        text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(text).trim();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::problem::Source;

    fn drawn(text: &str, span: Range<usize>) -> String {
        let source = Arc::new(Source { name: "systems.toml".to_owned(), text: text.to_owned() });
        let mut problem = Problem::error(&source, span, "no job named `dba`");
        problem.label = Some("did you mean `db`?".to_owned());
        draw(&problem, Paint::Plain)
    }

    #[test]
    fn a_text_with_secrets_shows_names_and_where_they_are_wrong() {
        let hidden = |text: &str, span: Range<usize>| {
            let source = Arc::new(Source { name: ".env".to_owned(), text: text.to_owned() });
            let problem = Problem { shows: Shows::Names, ..Problem::error(&source, span, "a quote") };
            draw(&problem, Paint::Plain)
        };
        let drawn = hidden("A=1\n  export TOKEN = 'hünter = 2\nB=3\n", 21..33);
        assert!(drawn.contains("  export TOKEN = '******* * *\n"), "{drawn}");
        assert_eq!(drawn.lines().last().unwrap().matches('^').count(), 12, "{drawn}");
        for text in ["hunter2", "hunter2: x = y", "ö=hunter2"] {
            let drawn = hidden(text, 0..text.len());
            assert!(!drawn.contains("hunter") && !drawn.contains('x'), "{drawn}");
        }
    }

    #[test]
    fn it_looks_as_the_design_shows_it() {
        let text = format!("{}depends-on = [\"dba\"]\n", "\n".repeat(13));
        let wanted = "error: no job named `dba`\n  --> systems.toml:14:15\n   |\n14 | depends-on = [\"dba\"]\n   |               ^^^^^ did you mean `db`?";
        assert_eq!(drawn(&text, 27..32), wanted);
    }

    #[test]
    fn crlf_and_the_end_of_the_file_are_ordinary_places() {
        let wanted =
            "error: no job named `dba`\n --> systems.toml:2:5\n  |\n2 | b = x\n  |     ^ did you mean `db`?";
        assert_eq!(drawn("a = 1\r\nb = x\r\n", 11..12), wanted);
        assert_eq!(drawn("a = 1\nb = x", 10..11), wanted);
    }

    #[test]
    fn the_caret_stands_under_what_it_means() {
        for (text, needle) in [("\tö = \"ß\"\n", "\"ß\""), ("名前 = \"db\"\n", "\"db\""), ("\t\tx = y", "y")]
        {
            let start = text.find(needle).unwrap();
            let shown = drawn(text, start..start + needle.len());
            let lines: Vec<&str> = shown.lines().collect();
            let width = |line: &str, until: &str| {
                unicode_width::UnicodeWidthStr::width(line.split(until).next().unwrap())
            };
            assert_eq!(width(lines[3], needle), width(lines[4], "^"), "{shown}");
        }
    }

    #[test]
    fn no_span_can_break_it() {
        let texts = [
            "",
            "\n",
            "\r\n",
            "a",
            "a\r\nb\r\n",
            "ö\t\u{1b}[0m\0\u{202e}x\n\n",
            "\u{feff}a = 1\n",
            "a\r\r\nb\rc",
        ];
        for text in texts {
            for start in 0..text.len() + 3 {
                for end in 0..text.len() + 3 {
                    assert!(drawn(text, start..end).contains("systems.toml:"));
                }
            }
        }
    }

    #[test]
    fn colour_is_only_there_when_it_is_asked_for() {
        let source = Arc::new(Source { name: "a".to_owned(), text: "b".to_owned() });
        let problem = Problem::warning(&source, 0..1, "odd");
        assert!(!draw(&problem, Paint::Plain).contains('\u{1b}'));
        assert!(draw(&problem, Paint::Colour).contains('\u{1b}'));
    }

    #[test]
    fn the_last_line_counts() {
        let source = Arc::new(Source { name: "a".to_owned(), text: "b".to_owned() });
        let error = Problem::error(&source, 0..1, "bad");
        let warning = Problem::warning(&source, 0..1, "odd");
        assert_eq!(summary(&[]), "no problems");
        assert_eq!(summary(std::slice::from_ref(&error)), "1 error");
        assert_eq!(summary(&[error.clone(), error, warning]), "2 errors, 1 warning");
    }
}
