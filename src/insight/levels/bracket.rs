//! Levels in brackets: `[ERROR]`, `[2026-11-20T12:04:31Z WARN app]`, `[core:error]`, `<3>`, `(warn)`. Not: what stands outside.

use super::Level;
use super::thrown::named;
use super::word::{letter, number, severity, word};

/// Longer ones are no part of a head.
const LONGEST: usize = 160;

/// Where the bracket that opens a text closes again, as the index after it.
pub(super) fn end(text: &[u8]) -> Option<usize> {
    let (open, close) = match text.first()? {
        b'[' => (b'[', b']'),
        b'(' => (b'(', b')'),
        b'<' => (b'<', b'>'),
        _ => return None,
    };
    let mut depth = 0_u32;
    for (at, byte) in text.iter().enumerate().take(LONGEST) {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

/// The level that a bracket says, without what stands around it.
pub(super) fn square(inside: &[u8]) -> Option<Level> {
    let inside = inside.trim_ascii();
    whole(inside).or_else(|| tornado(inside)).or_else(|| printed(inside)).or_else(|| part(inside))
}

/// A bracket that says a level and nothing else.
pub(super) fn whole(inside: &[u8]) -> Option<Level> {
    match inside.trim_ascii() {
        [one] => letter(*one),
        inside => word(inside),
    }
}

/// `<3>`, `<11>`: what syslog and journald put before a message, the facility times eight plus the severity.
pub(super) fn priority(inside: &[u8]) -> Option<Level> {
    number(inside).filter(|number| *number < 192).and_then(|number| severity(number % 8))
}

/// `[E 261120 12:04:31 web:2239]`.
fn tornado(inside: &[u8]) -> Option<Level> {
    match inside {
        [first, b' ', digit, ..] if digit.is_ascii_digit() => letter(*first),
        _ => None,
    }
}

/// `[Error: no such file]`, as node prints an error that is part of something.
pub(super) fn printed(inside: &[u8]) -> Option<Level> {
    if inside.starts_with(b"UnhandledPromiseRejection") {
        return Some(Level::Error);
    }
    let at = inside.iter().position(|byte| *byte == b':')?;
    if inside.get(at + 1) == Some(&b' ') { named(&inside[..at]) } else { None }
}

/// A part of it says a level in capitals (`ERROR/MainProcess`, `12:04:31 ERR`), or all that follows a colon does (`core:error`).
fn part(inside: &[u8]) -> Option<Level> {
    let mut parts = inside.split(|byte| matches!(byte, b' ' | b':' | b'/' | b'|' | b','));
    let in_capitals = parts.find_map(|part| {
        let capitals = !part.is_empty() && part.iter().all(u8::is_ascii_uppercase);
        if capitals { word(part) } else { None }
    });
    in_capitals.or_else(|| {
        let at = inside.iter().rposition(|byte| *byte == b':')?;
        let module = &inside[..at];
        let is_name = module.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if is_name { word(&inside[at + 1..]) } else { None }
    })
}
