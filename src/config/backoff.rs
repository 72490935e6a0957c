//! The key `backoff`: a duration, or a table. Not: the pauses themselves.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::plan::Backoff;
use super::table::Table;
use super::value::Entry;

const FIRST: Duration = Duration::from_secs(1);
const MAX: Duration = Duration::from_secs(60);
const FACTOR: f64 = 2.0;
/// A larger factor would be at the longest pause at once; it is a slip.
const LARGEST_FACTOR: f64 = 1000.0;

/// What one table says about the backoff.
#[derive(Debug, Clone, Default)]
pub(super) struct BackoffKeys {
    first: Option<Duration>,
    max: Option<Spanned<Duration>>,
    factor: Option<f64>,
}

impl BackoffKeys {
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Self {
        let DeValue::Table(entries) = entry.value.get_ref() else {
            return Self { first: entry.duration(gather), ..Self::default() };
        };
        let table = Table::open(entries, &keys::BACKOFF, gather);
        let first = table.get("first").and_then(|entry| entry.duration(gather));
        let max =
            table.get("max").and_then(|entry| Some(Spanned::new(entry.span(), entry.duration(gather)?)));
        let factor = table.get("factor").and_then(|entry| factor(&entry, gather));
        Self { first, max, factor }
    }

    /// What this says, and where it says nothing what `lower` says.
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            first: self.first.or(lower.first),
            max: self.max.or(lower.max),
            factor: self.factor.or(lower.factor),
        }
    }

    pub(super) fn finish(&self, gather: &mut Gather) -> Backoff {
        let first = self.first.unwrap_or(FIRST);
        let max = match &self.max {
            Some(max) if *max.get_ref() < first => {
                gather.error(max.span(), "the longest pause is shorter than the first");
                first
            }
            Some(max) => *max.get_ref(),
            None => MAX.max(first),
        };
        Backoff { first, max, factor: self.factor.unwrap_or(FACTOR) }
    }
}

fn factor(entry: &Entry<'_>, gather: &mut Gather) -> Option<f64> {
    let factor = entry.number(gather)?;
    if (1.0..=LARGEST_FACTOR).contains(&factor) {
        return Some(factor);
    }
    gather.error(entry.span(), format!("`factor` is a number from 1 to {LARGEST_FACTOR}"));
    None
}
