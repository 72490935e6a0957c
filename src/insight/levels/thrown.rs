//! Names of exceptions at the head of a line: `TypeError: ..`, `java.io.IOException: ..`. Not: what follows them.

use super::Level;
use super::word::tells_none;

/// The level of a token that names an exception or a warning, with what stands after it.
pub(super) fn thrown(token: &[u8], after: &[u8]) -> Option<Level> {
    let colon = token.iter().position(|byte| *byte == b':').filter(|at| token.get(at + 1) != Some(&b':'));
    let (name, rest) = match colon {
        Some(at) if at + 1 == token.len() => (&token[..at], after),
        // `ActionController::RoutingError (..)`, `TypeError [ERR_INVALID_ARG]: ..`.
        Some(_) if !token.windows(2).any(|pair| pair == b"::") => return None,
        Some(_) | None if after.starts_with(b" (") || after.starts_with(b" [ERR_") => (token, after),
        Some(_) | None => match token.strip_suffix(b":") {
            Some(name) => (name, after),
            None => return None,
        },
    };
    let level = named(name)?;
    (!tells_none(rest)).then_some(level)
}

/// The level that the name of a type stands for.
pub(super) fn named(name: &[u8]) -> Option<Level> {
    let level = if name.ends_with(b"Error") || name.ends_with(b"Exception") {
        Level::Error
    } else if name.ends_with(b"Warning") {
        Level::Warning
    } else {
        return None;
    };
    let last = name.rsplit(|byte| matches!(byte, b'.' | b':' | b'\\' | b'$')).next().unwrap_or(name);
    let is_type = last.first().is_some_and(u8::is_ascii_uppercase)
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'\\' | b'$'));
    is_type.then_some(level)
}
