//! What the parser is told, in words that vt100 knows: gathered, said in one go, and what leaves the screen meanwhile is fetched.
//! Not: which words.

use crate::terminal::attrs::{Heard, push_decimal};
use crate::terminal::body::Body;
use crate::terminal::contain::contain;

/// The parser is told at the latest after this many bytes.
pub(super) const FLUSH_AT: usize = 16 * 1024;
/// As many bytes are not copied first.
const WORTH_TELLING: usize = 512;

impl Body {
    #[inline]
    pub(super) fn say(&mut self, bytes: &[u8]) {
        self.painted.out.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn say_csi(&mut self, numbers: &[u16], last: u8) {
        let out = &mut self.painted.out;
        out.extend_from_slice(b"\x1b[");
        for (index, number) in numbers.iter().enumerate() {
            if index > 0 {
                out.push(b';');
            }
            push_decimal(*number, out);
        }
        out.push(last);
    }

    pub(super) fn say_mode(&mut self, mode: u16, on: bool) {
        self.say(b"\x1b[?");
        push_decimal(mode, &mut self.painted.out);
        self.say(if on { b"h" } else { b"l" });
    }

    #[inline]
    pub(super) fn colour(&mut self, params: &[u8]) {
        match self.attrs.follow(params) {
            Heard::Alike => {
                self.say(b"\x1b[");
                self.say(params);
                self.say(b"m");
            }
            Heard::Otherwise => {
                self.say(b"\x1b[m");
                let attrs = self.attrs;
                attrs.write(&mut self.painted.out);
            }
        }
    }

    /// Where the cursor is, once the parser has heard everything.
    pub(super) fn position(&mut self) -> (u16, u16) {
        self.flush();
        self.parser.as_ref().map_or((0, 0), |parser| parser.screen().cursor_position())
    }

    /// Tells the parser what it has yet to hear, and gives the history what left the screen.
    pub(in crate::terminal) fn flush(&mut self) {
        if self.painted.out.is_empty() {
            return;
        }
        let mut out = std::mem::take(&mut self.painted.out);
        let outcome = self.tell(&out);
        out.clear();
        self.painted.out = out;
        self.after_telling(outcome);
    }

    /// Says a stretch of the input as it stands: to the parser at once if that is worth it.
    pub(in crate::terminal) fn pass(&mut self, stretch: &[u8]) {
        if stretch.len() < WORTH_TELLING {
            self.say(stretch);
            if self.painted.out.len() >= FLUSH_AT {
                self.flush();
            }
            return;
        }
        self.flush();
        let outcome = self.tell(stretch);
        self.after_telling(outcome);
    }

    /// Lets the parser hear `words`; nothing if it panicked.
    fn tell(&mut self, words: &[u8]) -> Option<()> {
        let Some(parser) = &mut self.parser else { return Some(()) };
        parser.callbacks_mut().now = self.now;
        contain(|| parser.process(words))
    }

    fn after_telling(&mut self, outcome: Option<()>) {
        match outcome {
            Some(()) => self.fetch_lines(),
            None => self.screen_was_reset(),
        }
    }

    /// Gives the history the lines that have left the screen.
    pub(in crate::terminal) fn fetch_lines(&mut self) {
        let Some(parser) = &mut self.parser else { return };
        let listener = parser.callbacks_mut();
        if listener.lines.is_empty() {
            return;
        }
        let mut start = 0;
        for (end, kind, at) in listener.lines.drain(..) {
            self.history.push(&listener.bytes[start..end], kind, at);
            start = end;
        }
        listener.bytes.clear();
    }

    pub(in crate::terminal) fn painted_chunk_begins(&mut self) {
        let now = self.now;
        if let Some(parser) = &mut self.parser {
            let (row, _) = parser.screen().cursor_position();
            self.painted.row = row;
            let times = &mut parser.callbacks_mut().times;
            for time in times.range_mut(usize::from(row).min(times.len())..) {
                *time = now;
            }
        }
    }

    pub(in crate::terminal) fn painted_chunk_ends(&mut self) {
        self.flush();
        let (now, before) = (self.now, self.painted.row);
        if let Some(parser) = &mut self.parser {
            let (row, _) = parser.screen().cursor_position();
            let times = &mut parser.callbacks_mut().times;
            for time in times.range_mut(usize::from(row.min(before)).min(times.len())..) {
                *time = now;
            }
        }
    }
}
