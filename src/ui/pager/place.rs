//! Where in its pane the live screen stands. Not: what stands on it.

use crate::terminal::Terminal;
use crate::ui::pager::wrap::height;
use crate::ui::pager::{Pager, Reach, Stage, stage};

/// The row of the pane in which the live screen begins; nothing while lines are shown.
pub(in crate::ui) fn screen_row(pager: &Pager, terminal: &Terminal, reach: Reach) -> Option<u16> {
    match stage(pager, terminal, reach) {
        Stage::Lines => None,
        Stage::Screen => Some(0),
        Stage::Joined(joint) => {
            let room = reach.rows.saturating_sub(joint.rows);
            let (seen, mut above, mut line) = (pager.seen(terminal), 0, joint.line);
            while let Some(before) = seen.previous(line) {
                line = before;
                above += height(&seen, line, reach);
                if above >= usize::from(room) {
                    return Some(room);
                }
            }
            Some(above as u16)
        }
    }
}
