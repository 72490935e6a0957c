//! Levels as a pair of key and value: `level=warn`, `"level":"error"`, `"level":50`. Not: the rest of such a line.

use memchr::memchr_iter;

use super::Level;
use super::word::{letter, number, severity, word};

/// The level of a line of JSON. The first key that says one counts.
pub(super) fn in_json(line: &[u8]) -> Option<Level> {
    memchr_iter(b':', line).find_map(|colon| {
        let key = quoted_before(line[..colon].trim_ascii_end())?;
        let value = line[colon + 1..].trim_ascii_start();
        json(key, value)
    })
}

/// The level of a line of pairs, one of which says it. A lone `level=error` in the middle of a sentence says nothing.
pub(super) fn in_line(line: &[u8]) -> Option<Level> {
    let mut pairs = 0;
    let mut found = None;
    for equals in memchr_iter(b'=', line) {
        let start =
            line[..equals].iter().rposition(|byte| matches!(byte, b' ' | b'\t')).map_or(0, |at| at + 1);
        let key = &line[start..equals];
        pairs += u32::from(
            !key.is_empty()
                && key.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')),
        );
        if found.is_none() {
            found = pair(key, &line[equals + 1..]);
        }
        if pairs > 1 && found.is_some() {
            return found;
        }
    }
    None
}

/// The level that a pair says: key, and what follows the `=`.
pub(super) fn pair(key: &[u8], value: &[u8]) -> Option<Level> {
    let known: [&[u8]; 5] = [b"level", b"lvl", b"severity", b"levelname", b"loglevel"];
    if !known.contains(&key) {
        return if key == b"PRIORITY" { number(value.trim_ascii()).and_then(severity) } else { None };
    }
    word(bare(value))
}

/// A value without its quotes and what follows it.
fn bare(value: &[u8]) -> &[u8] {
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let end = value.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(value.len());
    // `level=error-prone` is no level.
    match value.get(end) {
        None | Some(b' ' | b'"' | b',' | b'\t' | b';' | b'}' | b']' | b')') => &value[..end],
        Some(_) => &[],
    }
}

/// The text between the quotes at the end; none if the first of them is escaped, for then it stands inside a string.
fn quoted_before(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\"")?;
    let start = text.iter().rposition(|byte| *byte == b'"')?;
    let escaped = text[..start].ends_with(b"\\") || text.ends_with(b"\\");
    (!escaped).then(|| &text[start + 1..])
}

fn json(key: &[u8], value: &[u8]) -> Option<Level> {
    let is = |names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name.as_bytes()));
    if is(&["priority"]) {
        return number(bare(value)).and_then(severity);
    }
    if key == b"s" {
        // MongoDB.
        return match bare(value) {
            [one] | [one, b'1'..=b'5'] => letter(*one),
            _ => None,
        };
    }
    if !is(&[
        "level",
        "severity",
        "lvl",
        "log.level",
        "levelname",
        "loglevel",
        "severitytext",
        "severity_text",
        "@l",
        "log_level",
    ]) {
        return None;
    }
    let value = bare(value);
    word(value).or_else(|| number(value).and_then(numbered))
}

/// pino and bunyan count in tens, GELF as syslog does.
fn numbered(number: u32) -> Option<Level> {
    match number {
        10..40 => Some(Level::Info),
        40..50 => Some(Level::Warning),
        50..=60 => Some(Level::Error),
        number => severity(number),
    }
}
