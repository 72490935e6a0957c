//! What an eye is told once, when it opens. Not: what it holds while it looks.

use crate::config::{Bindings, Quit, Theme};
use crate::model::Wall;

/// How one pair of eyes is set up.
pub struct Options {
    /// The look of each part of the screen.
    pub theme: Theme,
    /// What the file says about keys.
    pub keys: Bindings,
    /// How many colours the terminal shows.
    pub colours: Depth,
    /// Whether the terminal shows more than ASCII.
    pub utf8: bool,
    /// What the key that quits does while something runs.
    pub quit: Quit,
    /// Whether the mouse selects, folds and scrolls.
    pub mouse: bool,
    /// The file as it is shown in the head line, with `~` for home.
    pub head: String,
    /// The local time zone: seconds east of UTC at a moment.
    pub zone: Zone,
}

/// Seconds east of UTC at a moment, for the times that a person reads.
pub type Zone = Box<dyn Fn(Wall) -> i32 + Send>;

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None; bold, dim, underlined and reversed text all the same.
    None,
    /// The 16 of the terminal's own palette.
    Ansi16,
    /// 256.
    Indexed,
    /// All.
    True,
}
