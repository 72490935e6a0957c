//! Takes escape sequences out of bytes, and the return before a newline. Not: what a screen would show of them.

/// The memory between two pieces.
#[derive(Debug, Default)]
pub(super) struct Plain {
    state: State,
    /// A return came last: it goes if a newline follows.
    returned: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Text,
    /// After `ESC`, and after what stands between it and the last byte of its sequence.
    Escape,
    /// Within `ESC [`.
    Control,
    /// Within OSC, DCS, APC, PM or SOS.
    String,
    /// `ESC` within a string: its end, if `\` follows.
    StringEscape,
}

const ESC: u8 = 0x1b;

impl Plain {
    /// Appends what is left of `bytes` to `into`.
    pub(super) fn feed(&mut self, bytes: &[u8], into: &mut Vec<u8>) {
        for byte in bytes.iter().copied() {
            self.take(byte, into);
        }
    }

    /// A return at the very end belongs to nothing.
    pub(super) fn finish(&mut self, into: &mut Vec<u8>) {
        if std::mem::take(&mut self.returned) {
            into.push(b'\r');
        }
    }

    fn take(&mut self, byte: u8, into: &mut Vec<u8>) {
        self.state = match self.state {
            State::Text => self.text(byte, into),
            State::Escape => match byte {
                b'[' => State::Control,
                b']' | b'P' | b'X' | b'^' | b'_' => State::String,
                ESC | 0x20..=0x2f => State::Escape,
                0x30..=0x7e => State::Text,
                _ => self.text(byte, into),
            },
            State::Control => match byte {
                0x20..=0x3f => State::Control,
                0x40..=0x7e => State::Text,
                _ => self.text(byte, into),
            },
            State::String => match byte {
                0x07 | 0x18 | 0x1a => State::Text,
                ESC => State::StringEscape,
                b'\n' => self.text(byte, into),
                _ => State::String,
            },
            State::StringEscape if byte == b'\\' => State::Text,
            State::StringEscape => {
                self.state = State::Escape;
                return self.take(byte, into);
            }
        };
    }

    /// What is no part of a sequence: also what cannot stand in one, because it was none, or was left open.
    fn text(&mut self, byte: u8, into: &mut Vec<u8>) -> State {
        if byte == ESC {
            return State::Escape;
        }
        if std::mem::take(&mut self.returned) && byte != b'\n' {
            into.push(b'\r');
        }
        if byte == b'\r' {
            self.returned = true;
        } else {
            into.push(byte);
        }
        State::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_go_and_text_stays_however_it_is_cut() {
        let whole = b"\x1b[1;31mred\x1b[0m\r\n 50%\r100%\r\n\x1b]0;title\x07a\x1b]8;;x\x1b\\b\x1b(Bc\xc3\xa9\xff\x1bPq\x1b\\\tend\r";
        for cut in 0..=whole.len() {
            let (mut plain, mut left) = (Plain::default(), Vec::new());
            plain.feed(&whole[..cut], &mut left);
            plain.feed(&whole[cut..], &mut left);
            plain.finish(&mut left);
            assert_eq!(left, b"red\n 50%\r100%\nabc\xc3\xa9\xff\tend\r", "cut at {cut}");
        }
    }

    #[test]
    fn what_was_left_open_does_not_swallow_the_next_line() {
        let (mut plain, mut left) = (Plain::default(), Vec::new());
        plain.feed(b"\x1b]0;title without an end\nnext\x1b[38;5\nlast", &mut left);
        assert_eq!(left, b"\nnext\nlast");
    }
}
