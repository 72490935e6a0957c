//! The finished lines of a terminal, by number. `lines` holds them, in an open `block` that grows and closed ones that are
//! compressed, `reading` shows them, `ends` knows where runs end; a `leaf` is a closed block for those who read on another thread. Knows nothing of screens.
//!
//! On the disk a history is a folder. Closed blocks stand in it as `frame`s, one after the other in files that are named by
//! number and first line; a file that is full ends with a footer that tells where they stand. The file `tail` holds the newest
//! lines, also those that still stand on a screen: its first frame begins with the first line that is in no block, each one after it takes the place
//! of what was there from its own first line on. Every frame is under a `checksum` and tells how far the other files were, so that what
//! was cut off anywhere opens as it was before (`past`). In memory only a `part` for each stretch of a file stays, and where its
//! blocks begin. `taken` knows which lines may have changed. `keep` says what is to be written, `dropping` what is kept no longer, a `scribe` writes it to a `disk`, the `shelf` is where all read. `stock` counts what a folder takes.

mod block;
mod checksum;
mod disk;
mod dropping;
mod ends;
mod frame;
mod keep;
mod leaf;
mod lines;
mod part;
mod past;
mod reading;
mod scribe;
mod shelf;
mod stock;
mod taken;

pub use disk::{Disk, Files};
pub(super) use frame::RunState;
pub use leaf::{Leaf, Page};
pub use lines::Direction;
pub(super) use lines::{Entry, History, Kind};
pub use past::Past;
pub(super) use reading::{Look, read_line};
pub use scribe::{Discarded, Package, Scribe, Tail, Written};
pub use stock::{Stored, stored};
