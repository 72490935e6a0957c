//! What a stream can show: colours, and more than ASCII. Not: what is shown.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;

use crate::problem::Paint;
use crate::ui::Depth;

use super::args::When;

/// The environment that zap was started with.
type Environment = BTreeMap<OsString, OsString>;

/// Whether this stream shows colours: `NO_COLOR` (<https://no-color.org>) counts if it is not empty.
pub(super) fn colour(when: When, stream: &impl IsTerminal, environment: &Environment) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => stream.is_terminal() && value(environment, "NO_COLOR").is_none(),
    }
}

/// The same for problems.
pub(super) fn paint(when: When, stream: &impl IsTerminal, environment: &Environment) -> Paint {
    if colour(when, stream, environment) { Paint::Colour } else { Paint::Plain }
}

/// How many colours the terminal shows.
pub(super) fn depth(when: When, environment: &Environment) -> Depth {
    let without = match when {
        When::Always => false,
        When::Never => true,
        When::Auto => value(environment, "NO_COLOR").is_some(),
    };
    let term = value(environment, "TERM").unwrap_or_default();
    let truecolor = matches!(value(environment, "COLORTERM").as_deref(), Some("truecolor" | "24bit"));
    if without || term.starts_with("vt1") || term.starts_with("vt2") {
        Depth::None
    } else if truecolor || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Indexed
    } else {
        Depth::Ansi16
    }
}

/// Whether the terminal cannot place a cursor: no screen can be drawn there.
pub(super) fn is_dumb(environment: &Environment) -> bool {
    value(environment, "TERM").is_none_or(|term| term == "dumb")
}

/// Whether the locale is UTF-8: the first of these three that is set decides (POSIX, Environment Variables, 8.2).
pub(super) fn utf8(environment: &Environment) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| value(environment, name));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn value(environment: &Environment, name: &str) -> Option<String> {
    let value = environment.get(OsStr::new(name))?;
    (!value.is_empty()).then(|| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
    }

    #[test]
    fn the_terminal_tells_its_colours_by_the_environment() {
        let depth = |pairs: &[(&str, &str)]| depth(When::Auto, &environment(pairs));
        assert_eq!(depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::True);
        assert_eq!(depth(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(depth(&[("TERM", "linux")]), Depth::Ansi16);
        assert_eq!(depth(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), Depth::None);
        assert_eq!(depth(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), Depth::Indexed);
    }

    #[test]
    fn the_first_locale_that_is_set_decides() {
        assert!(utf8(&environment(&[("LANG", "de_DE.UTF-8")])));
        assert!(!utf8(&environment(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")])));
        assert!(utf8(&environment(&[("LC_ALL", ""), ("LANG", "C.utf8")])));
        assert!(!utf8(&environment(&[])));
    }
}
