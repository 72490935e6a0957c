//! What output means: lines in, notices out. No IO, no clocks; bytes become lines elsewhere.

mod levels;
mod patterns;

pub use levels::{Blocks, Level, level};
pub use patterns::{BadPattern, Patterns};
