//! Strings within the stream: titles, clipboards, questions. None reaches a screen. Not: what a program is answered (`replies`).

use super::{ESC, Filter, STRING_KEPT, State};

/// A string longer than this was never meant as one: what follows is output again.
const STRING_SKIPPED: usize = 1024 * 1024;

/// So much of a DCS string tells what it asks.
const DCS_KEPT: usize = 4;

impl Filter {
    /// Goes on with an OSC string. Returns what ended it, if it ended and is worth a look.
    pub(super) fn osc(&mut self, input: &[u8], at: &mut usize) -> Option<&'static [u8]> {
        let rest = &input[*at..];
        if self.state == State::OscEscape {
            if rest.first() != Some(&b'\\') {
                self.state = State::Escape(0);
                return None;
            }
            *at += 1;
            self.state = State::Ground;
            return (self.held.len() < STRING_KEPT).then_some(b"\x1b\\");
        }
        let end = rest.iter().position(|byte| *byte < 0x20);
        let taken = end.unwrap_or(rest.len());
        self.hold(&rest[..taken]);
        *at += taken;
        let ended = rest[end?];
        *at += 1;
        match ended {
            0x07 => {
                self.state = State::Ground;
                return (self.held.len() < STRING_KEPT).then_some(b"\x07");
            }
            ESC => self.state = State::OscEscape,
            0x18 | 0x1a => self.state = State::Ground,
            // No string goes over a line: it was left open.
            b'\n' => {
                self.state = State::Ground;
                *at -= 1;
            }
            _ => {}
        }
        None
    }

    /// Goes on with a string that nobody wants. Returns whether it ended and was a question perhaps.
    pub(super) fn skip(&mut self, input: &[u8], at: &mut usize) -> bool {
        let rest = &input[*at..];
        if self.state == State::SkipEscape {
            if rest.first() == Some(&b'\\') {
                *at += 1;
                self.state = State::Ground;
                return !self.held.is_empty();
            }
            self.state = State::Escape(0);
            return false;
        }
        let end = memchr::memchr3(ESC, 0x18, 0x1a, rest);
        let taken = end.unwrap_or(rest.len());
        if !self.held.is_empty() {
            let room = DCS_KEPT.saturating_sub(self.held.len());
            self.held.extend_from_slice(&rest[..taken.min(room)]);
        }
        self.skipped += taken;
        *at += end.map_or(rest.len(), |end| end + 1);
        match end.map(|end| rest[end]) {
            Some(ESC) => self.state = State::SkipEscape,
            Some(_) => self.state = State::Ground,
            None if self.skipped > STRING_SKIPPED => self.state = State::Ground,
            None => {}
        }
        false
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = STRING_KEPT - self.held.len().min(STRING_KEPT);
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.skipped += bytes.len();
        if self.skipped > STRING_SKIPPED {
            self.state = State::Ground;
        }
    }
}
