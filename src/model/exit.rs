//! How a process ended.

use serde::{Deserialize, Serialize};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// It called exit.
    Code(u8),
    /// The number of the signal that ended it.
    Signal(i32),
    /// Nobody could tell zap: it was adopted, and was no child of it.
    Unknown,
}
