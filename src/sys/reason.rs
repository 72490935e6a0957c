//! What the kernel says of an error, as a fragment of a sentence. Not: what to do about it.

use std::io;

use nix::errno::Errno;

/// `no space left on device`: the words of the system without its number.
pub fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => lowered(Errno::from_raw(number).desc()),
        None => error.to_string(),
    }
}

/// Some begin with a name that stays as it is: `I/O error`.
fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.as_str()) {
        (Some(first), rest) if rest.starts_with(char::is_lowercase) => {
            first.to_lowercase().collect::<String>() + rest
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::reason;
    use std::io::Error;

    #[test]
    fn a_reason_has_no_number() {
        assert_eq!(reason(&Error::from_raw_os_error(libc::ENOSPC)), "no space left on device");
        assert_eq!(reason(&Error::from_raw_os_error(libc::EIO)), "I/O error");
        assert_eq!(reason(&Error::other("odd")), "odd");
    }
}
