//! The words and letters that name a level. Not: where they must stand to mean it.

use super::Level;

/// The shortest and the longest word in the table.
const SHORTEST: usize = 3;
const LONGEST: usize = 11;

/// The level that a word names, in whatever case it is written.
pub(super) fn word(text: &[u8]) -> Option<Level> {
    if text.len() < SHORTEST {
        return None;
    }
    let mut small = [0; LONGEST];
    let small = small.get_mut(..text.len())?;
    small.copy_from_slice(text);
    small.make_ascii_lowercase();
    match &*small {
        // `eror` and `erro` are what log15, logrus and charm cut it to; `fail` is .NET's.
        b"error" | b"err" | b"erro" | b"eror" | b"fatal" | b"ftl" | b"fata" | b"critical" | b"crit"
        | b"severe" | b"panic" | b"pani" | b"emerg" | b"emergency" | b"alert" | b"fail" | b"failed"
        | b"failure" | b"dpanic" => Some(Level::Error),
        b"warning" | b"warn" | b"wrn" => Some(Level::Warning),
        b"info" | b"inf" | b"information" | b"debug" | b"dbg" | b"debu" | b"dbug" | b"trace" | b"trc"
        | b"trac" | b"notice" | b"verbose" | b"vrb" | b"fine" | b"finer" | b"finest" | b"log"
        | b"statement" | b"detail" | b"hint" | b"note" => Some(Level::Info),
        _ => None,
    }
}

/// The level that a single capital letter names (glog, logcat, Ruby, tornado).
pub(super) fn letter(letter: u8) -> Option<Level> {
    match letter {
        b'E' | b'F' | b'C' => Some(Level::Error),
        b'W' => Some(Level::Warning),
        b'I' | b'D' | b'T' | b'V' | b'N' => Some(Level::Info),
        _ => None,
    }
}

/// The level of a severity of syslog, 0 (emergency) to 7 (debug).
pub(super) fn severity(number: u32) -> Option<Level> {
    match number {
        0..=3 => Some(Level::Error),
        4 => Some(Level::Warning),
        5..=7 => Some(Level::Info),
        _ => None,
    }
}

/// The small number that a text is, if it is one.
pub(super) fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 6 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

/// How many letters a text begins with.
pub(super) fn letters(text: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(text.len())
}

/// Whether what follows `error:` says that there is none: nothing but a number, or a word for nothing.
pub(super) fn tells_none(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii();
    let end =
        rest.iter().position(|byte| matches!(byte, b' ' | b',' | b';' | b')' | b'|')).unwrap_or(rest.len());
    let (first, after) = rest.split_at(end);
    let bare = first.strip_suffix(b".").unwrap_or(first);
    let nothing = ["none", "null", "nil", "false", "no", "n/a", "undefined", "0"];
    if nothing.iter().any(|word| bare.eq_ignore_ascii_case(word.as_bytes())) {
        // `no such file` and `undefined symbol` are something.
        return after.is_empty() || matches!(after[0], b',' | b';' | b')' | b'|');
    }
    let number =
        !bare.is_empty() && bare.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'%'));
    // `error: 3, warnings: 2` counts; `error: 404 not found` does not.
    number && (after.is_empty() || matches!(after[0], b',' | b';' | b')' | b'|'))
}
