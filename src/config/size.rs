//! Sizes as people write them: `4096`, `"64KB"`, `"1.5 MiB"`. Not: durations.

use super::duration::Fault;

/// The largest size that makes sense in a file; a larger one is a slip.
const LARGEST: f64 = 1e15;

/// The bytes that the text stands for.
pub(super) fn parse(text: &str) -> Result<u64, Fault> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unread = || Fault {
        message: format!("`{text}` is not a size"),
        hint: Some("for example `64KB` or `10MB`".to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| unread())?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(unread()),
    };
    bytes(number * factor)
}

/// A number of bytes, within reason.
pub(super) fn bytes(number: f64) -> Result<u64, Fault> {
    if (1.0..=LARGEST).contains(&number) {
        return Ok(number as u64);
    }
    let message = if number < 1.0 { "a size is at least one byte" } else { "this size is too large" };
    Err(Fault { message: message.to_owned(), hint: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("4096", 4096),
            ("64KB", 64_000),
            ("64 kb", 64_000),
            ("1.5MB", 1_500_000),
            ("2MiB", 2_097_152),
            ("10m", 10_000_000),
            ("1GB", 1_000_000_000),
        ] {
            assert_eq!(parse(text), Ok(wanted), "{text}");
        }
        for text in ["", "MB", "-1KB", "5 parsecs", "0", "9999TB", "1.2.3KB", "0.1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
