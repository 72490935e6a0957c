//! Levels after a place in a file whose name has blanks: `my file.c:3:5: error: ..`, `a b.ts(3,5): error TS2322: ..`. Not: words in a
//! sentence.

use memchr::memchr_iter;

use super::Level;
use super::word::{tells_none, word};

/// The level that a line says between two colons, or between a dash and a colon.
pub(super) fn level(line: &[u8]) -> Option<Level> {
    memchr_iter(b':', line).find_map(|colon| {
        let said = without_code(&line[..colon]);
        let start = said.iter().rposition(|byte| !byte.is_ascii_alphabetic())?;
        let level = word(&said[start + 1..]).filter(|level| *level > Level::Info)?;
        // A path or a name ends here: `error::Kind`, `error:/`.
        let ends = matches!(line.get(colon + 1), None | Some(b' '));
        let before = &said[..=start];
        let before = before.strip_suffix(b"fatal ").unwrap_or(before);
        // tsc sets a dash between the place and an error with a code.
        let coded = said.len() < colon;
        let after_place = before.ends_with(b": ") || (coded && before.ends_with(b" - "));
        (ends && after_place && !tells_none(&line[colon + 1..])).then_some(level)
    })
}

/// Without the code at the end, if there is one: `error TS2322` -> `error`, `error[E0308]` -> `error`.
fn without_code(said: &[u8]) -> &[u8] {
    if let Some(inside) = said.strip_suffix(b"]") {
        return inside.iter().rposition(|byte| *byte == b'[').map_or(said, |at| &said[..at]);
    }
    let Some(blank) = said.iter().rposition(|byte| *byte == b' ') else { return said };
    if is_code(&said[blank + 1..]) { &said[..blank] } else { said }
}

/// `TS2322`, `C4244`, `MSB3073`.
pub(super) fn is_code(text: &[u8]) -> bool {
    let capitals = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    (1..=4).contains(&capitals) && text.len() > capitals && text[capitals..].iter().all(u8::is_ascii_digit)
}
