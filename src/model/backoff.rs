//! How long the pause before another try is. Not: whether there is one (`policy`).

use std::time::Duration;

use crate::config::Backoff;

/// The pause after `step` pauses since the step was zeroed: first · factor^step, at most max (behaviour.md, End, restart).
pub(super) fn pause(backoff: &Backoff, step: u32) -> Duration {
    if backoff.first.is_zero() {
        // Nothing times an infinite factor would be no number.
        return Duration::ZERO;
    }
    let exponent = i32::try_from(step).unwrap_or(i32::MAX);
    let seconds = backoff.first.as_secs_f64() * backoff.factor.powi(exponent);
    Duration::try_from_secs_f64(seconds).map_or(backoff.max, |pause| pause.min(backoff.max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_until_its_max() {
        let backoff = Backoff { first: Duration::from_secs(1), max: Duration::from_secs(60), factor: 2.0 };
        let pauses: Vec<u64> = (0..8).map(|step| pause(&backoff, step).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(&backoff, u32::MAX), Duration::from_secs(60));
    }

    #[test]
    fn no_first_pause_means_no_pause_at_all() {
        let backoff = Backoff { first: Duration::ZERO, max: Duration::from_secs(60), factor: 2.0 };
        for step in [0, 5, 1_023, 1_024, u32::MAX] {
            assert_eq!(pause(&backoff, step), Duration::ZERO, "{step}");
        }
    }
}
