//! `~`, `$NAME` and `${NAME}` in a path. Not: patterns, and not commands.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::duration::Fault;
use crate::config::words::name_length;

/// The path that the text stands for, by the variables that `lookup` knows; `$$` is a `$`.
pub(in crate::config) fn path(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, Fault> {
    let mut path = OsString::new();
    let mut rest = text;
    if rest.is_empty() {
        return Err(Fault {
            message: "an empty path".to_owned(),
            hint: Some("this folder is `.`".to_owned()),
        });
    }
    if let Some(after) = rest.strip_prefix('~') {
        if !(after.is_empty() || after.starts_with('/')) {
            let user = rest.split('/').next().unwrap_or_default();
            let hint = "only `~` and `~/…` are; write the path in full".to_owned();
            return Err(Fault { message: format!("`{user}` is not understood"), hint: Some(hint) });
        }
        path.push(value("HOME", lookup)?);
        rest = after;
    }
    while let Some((plain, after)) = rest.split_once('$') {
        path.push(plain);
        if let Some(after) = after.strip_prefix('$') {
            path.push("$");
            rest = after;
            continue;
        }
        let (name, after) = name_of(after)?;
        path.push(value(name, lookup)?);
        rest = after;
    }
    path.push(rest);
    Ok(PathBuf::from(path))
}

/// The name at the beginning of what follows a `$`, and what comes after it.
fn name_of(after: &str) -> Result<(&str, &str), Fault> {
    let (name, rest) = match after.strip_prefix('{') {
        Some(inner) => inner.split_once('}').unwrap_or((inner, "")),
        None => after.split_at(name_length(after)),
    };
    let closed = !after.starts_with('{') || after.contains('}');
    if name.is_empty() || name_length(name) != name.len() || !closed {
        let hint = "write `$NAME` or `${NAME}`; `$$` is a `$`".to_owned();
        return Err(Fault { message: "a `$` without the name of a variable".to_owned(), hint: Some(hint) });
    }
    Ok((name, rest))
}

fn value(name: &str, lookup: &dyn Fn(&str) -> Option<OsString>) -> Result<OsString, Fault> {
    lookup(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Fault { message: format!("the variable `{name}` is not set"), hint: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Option<String> {
        let lookup = |name: &str| match name {
            "HOME" => Some(OsString::from("/home/ada")),
            "X" => Some(OsString::from("x y")),
            "EMPTY" => Some(OsString::new()),
            _ => None,
        };
        path(text, &lookup).ok().map(|path| path.to_str().unwrap().to_owned())
    }

    #[test]
    fn home_and_variables_are_put_in() {
        for (text, wanted) in [
            ("~", "/home/ada"),
            ("~/src", "/home/ada/src"),
            ("a/$X/b", "a/x y/b"),
            ("${X}z", "x yz"),
            ("a$$b", "a$b"),
            ("a~", "a~"),
        ] {
            assert_eq!(expanded(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in ["", "~bob/x", "$NONE", "${NONE}", "$EMPTY", "$", "${X", "${}", "$1", "${X:-y}", "$ö"] {
            assert_eq!(expanded(text), None, "{text}");
        }
    }
}
