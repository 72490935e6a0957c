//! The lines that stand on the main screen, as they would be in the history. Not: those above it.

use super::attrs::Attrs;
use super::body::{Body, Mode};
use super::contain::contain;
use super::line::Moment;
use super::shown::{self, Shown};

impl Body {
    pub(super) fn lines_on_screen(&self) -> u64 {
        match self.mode {
            Mode::Lazy => u64::from(!self.partial.is_empty()),
            Mode::Painted => self.shown().len() as u64,
        }
    }

    /// The logical lines of the main screen, the first with what has left the screen of it.
    fn shown(&self) -> &[Shown] {
        self.shown.get_or_init(|| {
            if let Some(under) = &self.painted.under {
                return under.standing().to_vec();
            }
            let Some(parser) = &self.parser else { return Vec::new() };
            let screen = parser.screen();
            // Blank rows above the cursor are lines too.
            let end = || shown::end(screen).max(screen.cursor_position().0);
            let mut lines = contain(|| shown::lines(screen, end())).unwrap_or_default();
            let pending = &parser.callbacks().pending;
            if !pending.is_empty() {
                if lines.is_empty() {
                    lines.push(Shown { bytes: Vec::new(), row: 0, rows: 1 });
                }
                lines[0].bytes.splice(0..0, pending.iter().copied());
            }
            lines
        })
    }

    pub(super) fn with_line_on_screen<T>(
        &self,
        index: u64,
        look: impl FnOnce(&[u8], Moment) -> T,
    ) -> Option<T> {
        match self.mode {
            Mode::Lazy => {
                if index > 0 || self.partial.is_empty() {
                    return None;
                }
                let mut bytes = self.partial.clone();
                Attrs::default().write_after(self.written, &mut bytes);
                Some(look(&bytes, self.now))
            }
            Mode::Painted => {
                let line = self.shown().get(usize::try_from(index).ok()?)?;
                let row = usize::from(line.row + line.rows.saturating_sub(1));
                let times = self.parser.as_ref().map(|parser| &parser.callbacks().times);
                let at = times.and_then(|times| times.get(row).copied()).unwrap_or(self.now);
                Some(look(&line.bytes, at))
            }
        }
    }

    pub(super) fn screen_start(&self) -> u64 {
        match self.mode {
            Mode::Lazy => {
                let top = self.top();
                top.line + u64::from(top.above > 0)
            }
            Mode::Painted => {
                let cut = self.parser.as_ref().is_some_and(|parser| !parser.callbacks().pending.is_empty());
                self.history.end() + u64::from(cut)
            }
        }
    }
}
