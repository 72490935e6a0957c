//! Does this command line need a shell? Not: running it.

use std::fmt::Write as _;

use super::words::{Why, split};

/// Words that only a shell knows: its keywords, and commands that act on the shell itself or that differ from the
/// program of the same name. From POSIX 2.9.4, 2.14 and 1.7, and the manuals of dash, bash and ksh.
const BUILTINS: &[&str] = &[
    "!",
    ".",
    ":",
    "[",
    "[[",
    "]]",
    "alias",
    "bg",
    "bind",
    "break",
    "builtin",
    "caller",
    "case",
    "cd",
    "chdir",
    "command",
    "compgen",
    "complete",
    "compopt",
    "continue",
    "coproc",
    "declare",
    "dirs",
    "disown",
    "do",
    "done",
    "echo",
    "elif",
    "else",
    "enable",
    "esac",
    "eval",
    "exec",
    "exit",
    "export",
    "false",
    "fc",
    "fg",
    "fi",
    "for",
    "function",
    "getopts",
    "hash",
    "help",
    "history",
    "if",
    "in",
    "inlib",
    "jobs",
    "kill",
    "let",
    "local",
    "logout",
    "mapfile",
    "newgrp",
    "popd",
    "print",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readarray",
    "readonly",
    "return",
    "select",
    "set",
    "shift",
    "shopt",
    "source",
    "suspend",
    "test",
    "then",
    "time",
    "times",
    "trap",
    "true",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "until",
    "wait",
    "whence",
    "while",
    "{",
    "}",
];

/// The argument vector of a line that a POSIX shell would only split and execute, or why it would do more.
///
/// A line without any word gives an empty vector.
pub(super) fn direct(line: &str) -> Result<Vec<String>, Why> {
    let words = split(line)?;
    match words.first() {
        Some(first) if BUILTINS.contains(&first.as_str()) => Err(Why::Builtin(first.clone())),
        Some(first) if first.is_empty() => Err(Why::Builtin(first.clone())),
        Some(first) if first.contains('=') => Err(Why::Assignment),
        Some(_) | None => Ok(words),
    }
}

/// Why, as a fragment: "it needs a shell for …".
pub(super) fn reason(why: &Why) -> String {
    let mut text = "this command needs a shell for ".to_owned();
    match why {
        Why::Character(c) => drop(write!(text, "`{c}`")),
        Why::OpenQuote(quote) => return format!("a quote without its end: {quote}"),
        Why::Continuation => text.push_str("the backslash at the end of the line"),
        Why::Lines => text.push_str("its several lines"),
        Why::Builtin(word) => drop(write!(text, "its own command `{word}`")),
        Why::Assignment => text.push_str("the assignment before it; use `env` instead"),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_line_needs_no_shell() {
        assert_eq!(direct("npm run dev").unwrap(), ["npm", "run", "dev"]);
        assert_eq!(direct("/bin/echo 'a b'").unwrap(), ["/bin/echo", "a b"]);
    }

    #[test]
    fn what_only_a_shell_knows_needs_one() {
        for line in
            ["cd src", "exec npm start", "FOO=1 npm start", "while true", "echo hi", "''", "ulimit -n 4096"]
        {
            assert!(direct(line).is_err(), "{line}");
        }
    }
}
