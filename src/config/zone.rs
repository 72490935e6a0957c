//! Time zones by their names, and moments in them. Not: where their rules come from (see `load`).

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use toml::Spanned;

use super::gather::Gather;
use super::plan::Zone;
use super::world::World;

/// The name of the zone of this machine.
pub(super) const LOCAL: &str = "local";

/// The zone of this name.
pub(super) fn named(name: &Spanned<String>, world: &World<'_>, gather: &mut Gather) -> Option<Zone> {
    match (world.zone)(name.get_ref()) {
        Ok(rules) => Some(Zone { name: name.get_ref().clone(), rules }),
        Err(hint) => {
            gather.hinted(name.span(), format!("no time zone named `{}`", name.get_ref()), hint);
            None
        }
    }
}

/// The zone of this machine; UTC where it has none.
pub(super) fn local(world: &World<'_>) -> Zone {
    let rules = (world.zone)(LOCAL).unwrap_or(TimeZone::UTC);
    Zone { name: LOCAL.to_owned(), rules }
}

impl Zone {
    /// When it is that time there: the first moment of it where clocks go back, and the first moment after it where clocks go
    /// forward over it. Nothing beyond the years that clocks know.
    pub fn moment(&self, local: DateTime) -> Option<Timestamp> {
        let ambiguous = self.rules.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).ok(),
            AmbiguousOffset::Gap { before, .. } => {
                // By the old offset it would be this, which is behind the change of clocks.
                let behind = before.to_timestamp(local).ok()?;
                let just_behind = behind.checked_add(SignedDuration::from_nanos(1)).unwrap_or(behind);
                self.rules.preceding(just_behind).next().map(|change| change.timestamp())
            }
        }
    }
}
