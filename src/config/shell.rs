//! The key `shell`, and what kind of shell it names. Not: whether a command needs one (see `command`).

use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::value::Entry;
use super::words::split;

/// The shell of a job: an argument vector up to the option after which the line comes, or none at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shell {
    /// For example `["sh", "-c"]`.
    With(Vec<String>),
    /// `shell = false`.
    Never,
}

/// Shells of which a plain command line means the same as the program with its words. zsh is none of them: it reads
/// `~/.zshenv` first.
const POSIX: &[&str] = &["sh", "bash", "dash", "ash", "ksh", "ksh93", "mksh", "yash"];
/// Shells that take `-c LINE` but speak another language, or read files first.
const OTHER: &[&str] = &["zsh", "fish", "csh", "tcsh", "nu", "elvish", "xonsh"];

impl Shell {
    /// `sh -c`.
    pub(super) fn sh() -> Self {
        Self::With(vec!["sh".to_owned(), "-c".to_owned()])
    }

    /// Reads the key: a string, an array or `false`.
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Spanned<Self>> {
        let words = match entry.value.get_ref() {
            DeValue::Boolean(false) => return Some(Spanned::new(entry.span(), Self::Never)),
            DeValue::Boolean(true) => {
                let hint = "leave the key out for the usual shell";
                gather.hinted(entry.span(), "`shell` cannot be `true`", hint);
                return None;
            }
            DeValue::String(_) => {
                let line = entry.string(gather)?;
                let Ok(words) = split(line.get_ref()) else {
                    gather.hinted(
                        entry.span(),
                        "`shell` is a program with options",
                        "for example `\"bash\"`",
                    );
                    return None;
                };
                words
            }
            DeValue::Array(_) => entry.strings(gather)?.into_iter().map(Spanned::into_inner).collect(),
            _ => return entry.wants("a string, an array or `false`", gather),
        };
        if words.first().is_none_or(String::is_empty) {
            gather.hinted(entry.span(), "`shell` is empty", "for none at all: `shell = false`");
            return None;
        }
        Some(Spanned::new(entry.span(), Self::With(with_line_option(words))))
    }
}

/// Adds `-c` where a known shell has no such option yet; an unknown program is taken as it stands if it has any.
fn with_line_option(mut words: Vec<String>) -> Vec<String> {
    let has_it = words.iter().skip(1).any(|word| is_cluster(word) && word.contains('c'));
    if !has_it && (words.len() == 1 || is_known(&words[0])) {
        words.push("-c".to_owned());
    }
    words
}

fn is_cluster(word: &str) -> bool {
    word.strip_prefix('-')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphabetic()))
}

fn is_known(program: &str) -> bool {
    let name = program_name(program);
    POSIX.contains(&name) || OTHER.contains(&name)
}

/// Whether what is run is itself a shell of POSIX's language; what only starts one, as `env sh`, is none.
pub(super) fn speaks_posix(shell: &[String]) -> bool {
    let name = shell.first().map_or("", |program| program_name(program));
    POSIX.contains(&name)
        || name == "zsh"
        || (name == "busybox" && shell.get(1).is_some_and(|applet| applet == "sh"))
}

/// Whether a plain command behaves the same without this shell: it is a POSIX one, reads no files before (login and
/// interactive ones do), and does not trace.
pub(super) fn is_transparent(shell: &[String]) -> bool {
    let Some((program, options)) = shell.split_first() else { return false };
    let harmless = |option: &String| {
        matches!(option.as_str(), "pipefail")
            || (is_cluster(option) && option[1..].bytes().all(|b| b"ceuo".contains(&b)))
    };
    POSIX.contains(&program_name(program)) && options.iter().all(harmless)
}

/// `/usr/bin/bash` as `bash`.
pub(super) fn program_name(program: &str) -> &str {
    Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_shell_gets_the_option_that_takes_a_line() {
        for (given, full) in [
            ("sh", "sh -c"),
            ("bash -l", "bash -l -c"),
            ("bash -lc", "bash -lc"),
            ("fish", "fish -c"),
            ("python3", "python3 -c"),
            ("node -e", "node -e"),
        ] {
            assert_eq!(with_line_option(words(given)), words(full));
        }
    }

    #[test]
    fn only_a_shell_that_adds_nothing_may_be_left_out() {
        for shell in ["sh -c", "/bin/bash -euc", "bash -eu -o pipefail -c"] {
            assert!(is_transparent(&words(shell)), "{shell}");
        }
        for shell in
            ["fish -c", "zsh -c", "bash -lc", "bash -ic", "sh -xc", "bash --rcfile x -c", "python3 -c"]
        {
            assert!(!is_transparent(&words(shell)), "{shell}");
        }
    }
}
