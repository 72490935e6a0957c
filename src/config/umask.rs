//! The key `umask`. Not: setting it.

use toml::de::DeValue;

use super::gather::Gather;
use super::value::Entry;

/// `umask = "022"`: octal digits in a string, since TOML has no such number.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<u32> {
    match entry.value.get_ref() {
        DeValue::String(text) => {
            let digits = text.strip_prefix("0o").unwrap_or(text);
            let octal = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
            let value =
                octal.then(|| u32::from_str_radix(digits, 8).ok()).flatten().filter(|mask| *mask <= 0o777);
            if value.is_none() {
                gather.hinted(
                    entry.span(),
                    format!("`{text}` is not a umask"),
                    "octal digits, for example `\"022\"`",
                );
            }
            value
        }
        DeValue::Integer(number) => {
            let digits = number.as_str();
            let octal =
                digits.bytes().all(|b| (b'0'..=b'7').contains(&b)) && matches!(number.radix(), 8 | 10);
            let example = if octal { format!("{digits:0>3}") } else { "022".to_owned() };
            gather.hinted(
                entry.span(),
                "`umask` takes a string of octal digits, not a number",
                format!("write `\"{example}\"`"),
            );
            None
        }
        _ => entry.wants("a string of octal digits, for example `\"022\"`", gather),
    }
}
