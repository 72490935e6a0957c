//! Keys to be typed into a job, as a person writes them: `q`, `^C`, `\n`. Not: keys that zap itself listens to.

/// The bytes that the text stands for, or what is wrong with it.
///
/// `^C` is a control character and `^^` a caret; `\n`, `\r`, `\t`, `\e` and `\\` are understood too, for TOML's literal
/// strings.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '^' => bytes.push(control(chars.next())?),
            '\\' => bytes.push(escape(chars.next())?),
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(bytes)
}

fn control(c: Option<char>) -> Result<u8, String> {
    match c {
        Some('^') => Ok(b'^'),
        Some('?') => Ok(0x7f),
        Some(c @ ('@'..=']' | '_' | 'a'..='z')) => Ok(c as u8 & 0x1f),
        Some(c) => Err(format!("`^{c}` is no key; a caret itself is `^^`")),
        None => Err("`^` needs a letter, as in `^C`; a caret itself is `^^`".to_owned()),
    }
}

fn escape(c: Option<char>) -> Result<u8, String> {
    match c {
        Some('n') => Ok(b'\n'),
        Some('r') => Ok(b'\r'),
        Some('t') => Ok(b'\t'),
        Some('e') => Ok(0x1b),
        Some('\\') => Ok(b'\\'),
        Some(c) => Err(format!("`\\{c}` is no key; a backslash itself is `\\\\`")),
        None => Err("a backslash itself is `\\\\`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_people_write_them() {
        assert_eq!(bytes("q\n").unwrap(), b"q\n");
        assert_eq!(bytes("^C^d^[^?^^").unwrap(), [3, 4, 0x1b, 0x7f, b'^']);
        assert_eq!(bytes(r"\n\\").unwrap(), b"\n\\");
        assert_eq!(bytes("ö").unwrap(), "ö".as_bytes());
        for odd in ["^", "^1", "\\", "\\x", "^ö"] {
            assert!(bytes(odd).is_err(), "{odd}");
        }
    }
}
