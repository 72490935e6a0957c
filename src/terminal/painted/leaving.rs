//! What stands on a painted screen becomes history: as a whole before it is cleared, or row by row. The rule is told in `painted`.

use super::Came;
use crate::terminal::body::Body;
use crate::terminal::history::Kind;
use crate::terminal::shown;

impl Body {
    /// The whole main screen becomes history, because it is about to be erased.
    pub(super) fn settle_screen(&mut self) {
        self.flush();
        if self.painted.under.is_some() {
            return;
        }
        let Some(parser) = &mut self.parser else { return };
        let screen = parser.screen();
        let end = shown::end(screen);
        let lines = shown::lines(screen, end);
        let listener = parser.callbacks_mut();
        let mut pending = std::mem::take(&mut listener.pending);
        if end == 0 && !pending.is_empty() {
            self.history.push(&pending, Kind::Output, self.now);
        }
        for line in lines {
            let last_row = usize::from(line.row + line.rows - 1);
            let at = listener.times.get(last_row).copied().unwrap_or(self.now);
            pending.extend_from_slice(&line.bytes);
            self.history.push(&pending, Kind::Output, at);
            pending.clear();
        }
        self.floor = self.history.end();
    }

    /// All that stands on the main screen becomes history, also if the alternate one is shown now.
    pub(in crate::terminal) fn settle_all(&mut self) {
        self.flush();
        let Some(under) = self.painted.under.take() else { return self.settle_screen() };
        for line in under.standing() {
            self.history.push(&line.bytes, Kind::Output, self.now);
        }
        if let Some(parser) = &mut self.parser {
            parser.callbacks_mut().pending.clear();
        }
        self.floor = self.history.end();
    }

    /// Rows leave a region that does not begin at the top of the screen.
    pub(super) fn keep_rows(&mut self, top: u16, count: u16) {
        self.flush();
        let Some(parser) = &self.parser else { return };
        let screen = parser.screen();
        for row in top..top.saturating_add(count).min(self.rows) {
            let (bytes, wrapped) = shown::row(screen, row);
            self.history.push(&bytes, if wrapped { Kind::Piece } else { Kind::Output }, self.now);
        }
        // They never stood at the top: a growing screen does not take them back.
        self.floor = self.history.end();
    }

    /// The cursor goes down a row, perhaps out of a region.
    pub(super) fn keep_row_before_feed(&mut self) {
        if let Some((top, bottom)) = self.painted.inner_region()
            && self.position().0 == bottom
        {
            self.keep_rows(top, 1);
        }
    }

    pub(super) fn scroll_up(&mut self, count: u16) {
        if let Some((top, bottom)) = self.painted.inner_region() {
            self.keep_rows(top, count.clamp(1, bottom - top + 1));
        }
        self.say_csi(&[count], b'S');
    }

    pub(super) fn delete_lines(&mut self, count: u16) {
        if self.painted.came == Came::Home
            && self.painted.main.region.is_none()
            && self.standing_rows() <= count.max(1)
        {
            // What deletes a blank screen clears nothing.
            self.painted.cleared |= self.painted.under.is_none() && !self.is_blank();
            self.settle_screen();
        }
        self.say_csi(&[count], b'M');
    }

    pub(super) fn erase_display(&mut self, how: u16) {
        let all = match how {
            0 => self.painted.came == Came::Home && self.position() == (0, 0),
            1 => self.ends_at_cursor(),
            _ => how == 2,
        };
        // A shell erases the blank screen below its first prompt: that clears nothing.
        let clears = how >= 2 || (all && !self.is_blank());
        self.painted.cleared |= clears && self.painted.under.is_none();
        if all {
            self.settle_screen();
        }
        if how < 3 {
            self.erase(how, b'J');
        }
    }

    /// Erases in the background only, as terminals do; vt100 would erase in all attributes.
    #[inline]
    pub(super) fn erase(&mut self, how: u16, last: u8) {
        let attrs = self.attrs;
        let aside = attrs != attrs.only_background();
        if aside {
            self.say(b"\x1b[m");
            attrs.only_background().write(&mut self.painted.out);
        }
        self.say_csi(&[how], last);
        if aside {
            self.say(b"\x1b[m");
            attrs.write(&mut self.painted.out);
        }
    }

    /// The lines above the one under way leave the screen, so that a note can stand between them and what comes.
    pub(in crate::terminal) fn lift_rows(&mut self) {
        let (mut row, _) = self.position();
        if self.painted.under.is_some() || self.painted.main.region.is_some() {
            return;
        }
        let Some(parser) = &self.parser else { return };
        while row > 0 && parser.screen().row_wrapped(row - 1) {
            row -= 1;
        }
        if row > 0 {
            self.say_csi(&[row], b'S');
            self.say_csi(&[row], b'A');
            self.flush();
        }
    }

    /// Whether nothing stands on the screen.
    fn is_blank(&mut self) -> bool {
        self.standing_rows() == 0
    }

    /// How many rows there are down to the last on which something stands.
    fn standing_rows(&mut self) -> u16 {
        self.flush();
        self.parser.as_ref().map_or(0, |parser| shown::end(parser.screen()))
    }

    /// Whether nothing stands behind the cursor.
    fn ends_at_cursor(&mut self) -> bool {
        let (row, col) = self.position();
        let Some(parser) = &self.parser else { return true };
        shown::end(parser.screen()) <= row + 1
            && shown::is_blank_from(parser.screen(), row, col.saturating_add(1))
    }
}
