//! What lines mean.

#[path = "insight/blocks.rs"]
mod blocks;
#[path = "insight/levels.rs"]
mod levels;
