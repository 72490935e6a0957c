//! Durations as people write them: `10`, `"250ms"`, `"1h30m"`, `"1 day"`. Not: moments in time.

use std::time::Duration;

/// The longest duration that makes sense in a file: ten years. Longer ones are slips, and would overflow clocks.
const LONGEST: Duration = Duration::from_secs(10 * 366 * 24 * 60 * 60);

/// More digits, or a longer text, are refused before they are counted: sums of them could overflow.
const MOST_DIGITS: usize = 11;
const LONGEST_TEXT: usize = 64;

/// Why a duration was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    fn hinted(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }
}

/// A number of seconds.
pub(super) fn seconds(number: f64) -> Result<Duration, Fault> {
    if number.is_nan() {
        return Err(Fault::new("not a number"));
    }
    if number < 0.0 {
        return Err(Fault::new("a duration cannot be negative"));
    }
    let duration = Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX);
    sensible(duration)
}

/// A duration with its units; a bare number in quotes is seconds too.
pub(super) fn parse(text: &str) -> Result<Duration, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::hinted("an empty duration", "for example `10s`"));
    }
    if text.starts_with('-') {
        return Err(Fault::new("a duration cannot be negative"));
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let number = text.parse().map_err(|_| Fault::hinted(unread(text), "for example `10s`"))?;
        return seconds(number);
    }
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    if text.len() > LONGEST_TEXT || runs.any(|digits| digits.len() > MOST_DIGITS) {
        return Err(too_long());
    }
    match humantime::parse_duration(text) {
        Ok(duration) => sensible(duration),
        Err(humantime::DurationError::UnknownUnit { unit, value, .. }) if unit.is_empty() => {
            Err(Fault::hinted(unread(text), format!("`{value}` needs a unit, for example `{value}s`")))
        }
        Err(humantime::DurationError::UnknownUnit { unit, .. }) => Err(Fault::hinted(
            format!("unknown unit `{unit}` in `{text}`"),
            "units are `ms`, `s`, `m`, `h`, `d`, `w`",
        )),
        Err(humantime::DurationError::NumberOverflow) => Err(too_long()),
        Err(
            humantime::DurationError::InvalidCharacter(_)
            | humantime::DurationError::NumberExpected(_)
            | humantime::DurationError::Empty,
        ) => Err(Fault::hinted(unread(text), "for example `250ms`, `10s`, `1h30m`")),
    }
}

fn unread(text: &str) -> String {
    format!("`{text}` is not a duration")
}

fn sensible(duration: Duration) -> Result<Duration, Fault> {
    if duration > LONGEST { Err(too_long()) } else { Ok(duration) }
}

fn too_long() -> Fault {
    Fault::new("longer than ten years")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_durations_in_many_ways() {
        let cases = [
            ("250ms", 250),
            ("3s", 3_000),
            ("10m", 600_000),
            ("1h30m", 5_400_000),
            ("1h 30m", 5_400_000),
            ("1 day", 86_400_000),
            ("10", 10_000),
            ("0", 0),
            ("0.5", 500),
            ("1.5s", 1_500),
            (" 2 s ", 2_000),
        ];
        for (text, millis) in cases {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(seconds(1.5), Ok(Duration::from_millis(1_500)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "-1s",
            "soon",
            "10 parsecs",
            "1h30",
            "9999999999999999999999s",
            "200 years",
            "1..5",
            "1s!",
            "inf",
            "18446744073709551615s 1000000000ns",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        for number in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, 1e10] {
            assert!(seconds(number).is_err(), "{number}");
        }
    }
}
