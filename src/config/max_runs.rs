//! The key `max-runs`: how many automatic starts there may be. Not: counting them.

use std::time::Duration;

use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::plan::MaxRuns;
use super::table::Table;
use super::value::Entry;

/// What holds where the file says nothing.
const USUAL: MaxRuns = MaxRuns { count: 5, within: Duration::from_secs(10 * 60) };
const MOST: i64 = 1_000_000;

/// What one table says about it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum MaxRunsKeys {
    /// Nothing.
    #[default]
    Unsaid,
    /// `false`: there may be any number.
    Any,
    Most(MaxRuns),
}

impl MaxRunsKeys {
    /// What this says, and where it says nothing what `lower` says.
    pub(super) fn over(self, lower: Self) -> Self {
        match self {
            Self::Unsaid => lower,
            Self::Any | Self::Most(_) => self,
        }
    }

    pub(super) fn finish(self) -> Option<MaxRuns> {
        match self {
            Self::Unsaid => Some(USUAL),
            Self::Any => None,
            Self::Most(most) => Some(most),
        }
    }
}

/// Reads a table, or `false`.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<MaxRunsKeys> {
    match entry.value.get_ref() {
        DeValue::Boolean(false) => Some(MaxRunsKeys::Any),
        DeValue::Table(entries) => {
            let table = Table::open(entries, &keys::MAX_RUNS, gather);
            let count = table.get("count").and_then(|entry| entry.integer(1..=MOST, gather));
            let within = table.get("within").and_then(|entry| entry.lasting(gather));
            Some(MaxRunsKeys::Most(MaxRuns {
                count: count.map_or(USUAL.count, |count| count as u32),
                within: within.unwrap_or(USUAL.within),
            }))
        }
        DeValue::Integer(count) => {
            let hint = format!("write `{{ count = {}, within = \"10m\" }}`", count.as_str());
            gather.hinted(entry.span(), "`max-runs` takes a table or `false`, not a number", hint);
            None
        }
        _ => entry.wants("a table, or `false` for any number", gather),
    }
}
