//! Names for things that live: never reused while zap runs.

use serde::{Deserialize, Serialize};

/// An instance of a job: what is started and stopped. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InstanceId(pub u32);

/// One spawned process of an instance, or of a hook of it. Fresh for every spawn, never reused, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub u64);

/// The secret word in the marks of one run's steps, so that printed text cannot forge progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Nonce(pub u64);

/// The size of a terminal in cells; both at least 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Lines.
    pub rows: u16,
    /// Columns.
    pub cols: u16,
}

impl Size {
    /// The size of a terminal that nobody has looked at.
    pub const UNSEEN: Self = Self { rows: 40, cols: 120 };
}
