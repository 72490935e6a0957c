//! The finished lines of a terminal, by number. `lines` holds them, in an open `block` that grows and closed ones that are
//! compressed; a `leaf` is a closed block for those who read on another thread. Knows nothing of screens.

mod block;
mod leaf;
mod lines;

pub use leaf::{Leaf, Page};
pub use lines::Direction;
pub(super) use lines::{Entry, History, Kind, Look, read_line};
