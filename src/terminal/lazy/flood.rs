//! The path of a flooding log: whole plain lines out of the raw bytes, past the filter. Not: anything else, which is refused.

use super::begins_with_zero_width;
use crate::terminal::attrs::{Attrs, all_count};
use crate::terminal::body::Body;
use crate::terminal::filter::{has_control, unwanted};
use crate::terminal::history::Kind;

impl Body {
    /// Takes whole plain lines from the beginning of `bytes`, as many as there are; returns how many bytes that was.
    ///
    /// This is the path of a flooding log: one look at each line for anything but printable characters, one copy.
    pub(in crate::terminal) fn take_plain_lines(&mut self, bytes: &[u8]) -> usize {
        if !self.partial.is_empty() || self.returned {
            return 0;
        }
        let longest = usize::from(self.rows) * usize::from(self.cols) / 2;
        let mut taken = 0;
        let mut lines = 0;
        for newline in memchr::memchr_iter(b'\n', bytes) {
            let mut line = &bytes[taken..newline];
            match line {
                [rest @ .., b'\r'] => line = rest,
                [] => {}
                // The cursor goes down without going left.
                _ => break,
            }
            if line.len() > longest || !self.take_plain_line(line) {
                break;
            }
            taken = newline + 1;
            lines += 1;
        }
        if lines > 0 {
            self.last = None;
            self.ended += lines;
            self.taken.0 += 2 * lines;
        }
        taken
    }

    fn take_plain_line(&mut self, line: &[u8]) -> bool {
        let mut special = 0;
        let mut every = 0;
        for &byte in line {
            special |= u8::from(byte.wrapping_sub(0x20) >= 0x5f);
            every |= byte;
        }
        if special != 0 {
            return self.take_coloured_line(line, every >= 0x80);
        }
        let attrs = self.attrs;
        let kept = self.history.line_mut();
        if attrs.is_default() || line.is_empty() {
            kept.extend_from_slice(line);
        } else {
            attrs.write(kept);
            kept.extend_from_slice(line);
            kept.extend_from_slice(b"\x1b[m");
        }
        self.history.end_line(Kind::Output, self.now);
        true
    }

    /// A line that has SGR sequences or characters beyond ASCII in it. Refuses it whole if it has anything else.
    fn take_coloured_line(&mut self, line: &[u8], beyond_ascii: bool) -> bool {
        if beyond_ascii && (std::str::from_utf8(line).is_err() || unwanted(line).is_some()) {
            return false;
        }
        let mut attrs = self.attrs;
        let mut written = Attrs::default();
        let mut begun = false;
        let mut rest = line;
        let kept = self.history.line_mut();
        let plain = loop {
            let end = memchr::memchr(0x1b, rest).unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            if has_control(text) {
                break false;
            }
            if !text.is_empty() {
                if !begun && text[0] >= 0x80 && begins_with_zero_width(text) {
                    break false;
                }
                begun = true;
                if attrs != written {
                    attrs.write_after(written, kept);
                    written = attrs;
                }
                kept.extend_from_slice(text);
            }
            match after {
                [] => break true,
                [_, b'[', params @ ..] => {
                    let digits = params.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';'));
                    match digits.map(|end| (&params[..end], params[end], &params[end + 1..])) {
                        Some((given, b'm', next)) if all_count(given) => {
                            attrs.apply(given);
                            rest = next;
                        }
                        // Nothing stands right of the cursor.
                        Some(([] | [b'0'], b'K', next)) if attrs.background_is_default() => rest = next,
                        _ => break false,
                    }
                }
                [_, b'(', b'B', next @ ..] => rest = next,
                _ => break false,
            }
        };
        if !plain {
            self.history.abandon_line();
            return false;
        }
        if !written.is_default() {
            self.history.line_mut().extend_from_slice(b"\x1b[m");
        }
        self.attrs = attrs;
        self.history.end_line(Kind::Output, self.now);
        true
    }
}
