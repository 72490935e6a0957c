//! What output means: lines in, notices out. No IO, no clocks; bytes become lines elsewhere.

mod patterns;

pub use patterns::{BadPattern, Patterns};
