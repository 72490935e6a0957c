//! What a pager shows: lines, or the live screen, which stands below the lines before it as in a real terminal. Not: drawing.

use crate::terminal::{Joint, Terminal};
use crate::ui::pager::{Pager, Reach, is_cleared};

/// What a pager shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Stage {
    /// Lines, from its position on.
    Lines,
    /// The live screen, exactly as it is.
    Screen,
    /// The lines before the screen, and below them the rows of it that are in use.
    Joined(Joint),
}

/// What a pager shows of a terminal.
pub(in crate::ui) fn stage(pager: &Pager, terminal: &Terminal, reach: Reach) -> Stage {
    // A screen leaves out nothing, so filtered lines must come from elsewhere.
    if !(pager.follows() && terminal.live()) || pager.filtered().is_some() {
        return Stage::Lines;
    }
    match terminal.joint() {
        // Who once cleared the screen and writes on has lines like anybody else; the alternate screen has none.
        None if !reach.margin.is_empty() && !terminal.screen().alternate_screen() => Stage::Lines,
        // A screen wraps by itself, so chopped lines must come from elsewhere; a program that paints knows its width.
        Some(_) if !reach.wrap => Stage::Lines,
        // A screen has no room beside its rows, and its rows do not say where lines begin.
        Some(_) if !reach.margin.is_empty() => Stage::Lines,
        Some(_) if is_cleared(&pager.seen(terminal), reach) => Stage::Lines,
        Some(joint) if joint.rows < reach.rows => Stage::Joined(joint),
        Some(_) | None => Stage::Screen,
    }
}
