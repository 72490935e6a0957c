//! Where the lines above the screen and the screen itself meet: in a real terminal what was printed before a run stands above its
//! output, until the program clears the screen. Changes nothing.

use super::body::{Body, Mode};
use super::shown;

/// Where the lines above the screen and the screen itself meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joint {
    /// The lines before this one stand above the screen.
    pub line: u64,
    /// How many rows of the screen are in use, down to the cursor or to the last one on which something stands; all of them
    /// if a line is cut by the top.
    pub rows: u16,
}

impl Body {
    /// `None` once the program has cleared the screen, and while it shows the alternate one.
    pub(super) fn joint(&self) -> Option<Joint> {
        if self.painted.cleared || self.painted.under.is_some() {
            return None;
        }
        let (line, cut) = match self.mode {
            Mode::Lazy => {
                let top = self.top();
                (top.line, top.above > 0)
            }
            Mode::Painted => {
                let parser = self.parser.as_ref();
                (self.history.end(), parser.is_some_and(|parser| !parser.callbacks().pending.is_empty()))
            }
        };
        let used = self.parser.as_ref().map_or(1, |parser| {
            let screen = parser.screen();
            shown::end(screen).max(screen.cursor_position().0 + 1)
        });
        Some(Joint { line, rows: if cut { self.rows } else { used } })
    }
}
