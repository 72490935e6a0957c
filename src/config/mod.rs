//! What was asked: a spanned TOML table read key by key into a checked [`Plan`], with all problems gathered.

mod plan;
mod theme;

pub use plan::*;
pub use theme::{Hue, Look, Role, Theme};
