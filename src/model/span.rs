//! A span of time in few words, for sentences. Not: the durations of the file, which `config` reads.

use std::time::Duration;

/// `250ms`, `4s`, `1m30s`, `2h5m`: at most two units, the smaller one only if it is not zero.
pub(super) fn in_words(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{}ms", span.as_millis()),
        1..60 => format!("{seconds}s"),
        60..3600 => two(seconds / 60, "m", seconds % 60, "s"),
        3600..86400 => two(seconds / 3600, "h", seconds % 3600 / 60, "m"),
        _ => two(seconds / 86400, "d", seconds % 86400 / 3600, "h"),
    }
}

/// The same with tenths of a second below ten seconds: `1.5s`.
pub(super) fn exactly(span: Duration) -> String {
    let tenths = span.as_millis() / 100;
    match tenths {
        10..100 if !tenths.is_multiple_of(10) => format!("{}.{}s", tenths / 10, tenths % 10),
        _ => in_words(span),
    }
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 {
        format!("{large}{large_unit}")
    } else {
        format!("{large}{large_unit}{small}{small_unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_at_most_two_units() {
        let words = |ms| in_words(Duration::from_millis(ms));
        assert_eq!(words(0), "0ms");
        assert_eq!(words(250), "250ms");
        assert_eq!(words(4_900), "4s");
        assert_eq!(words(90_000), "1m30s");
        assert_eq!(words(7_200_000), "2h");
        assert_eq!(words(90_000_000), "1d1h");
        let words = |ms| exactly(Duration::from_millis(ms));
        assert_eq!([words(250), words(1_500), words(2_000), words(12_300)], ["250ms", "1.5s", "2s", "12s"]);
    }
}
