//! Finding lines among millions without holding up a key. A `Matcher` says which lines are meant: a `Pattern`, a stack of
//! `Filters`, a level. A `Tally` knows how many lines of each closed block match, and from that where the next one is. What it
//! does not know is an `Errand` that any thread can run. Reads lines; changes nothing.

mod errand;
mod filters;
mod known;
mod matcher;
mod pattern;
mod sheet;
mod spread;
mod tail;
mod tally;
mod within;

pub use errand::{Errand, Report};
pub use filters::{Filter, Filters};
pub use matcher::Matcher;
pub use pattern::Pattern;
pub use sheet::Sheet;
pub use tally::{Count, Near, Sought, Tally};
