//! What programs ask their terminal, and the answers. No answer holds text that the program chose.

use super::face::Body;
use super::filter::Csi;
use super::line::{Fed, Mark};
use super::marks;

/// Answers that wait for a program that does not read them are not piled up beyond this many bytes.
const REPLIES_KEPT: usize = 4096;

/// The colours that a program is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub(super) foreground: (u8, u8, u8),
    pub(super) background: (u8, u8, u8),
}

impl Default for Colours {
    fn default() -> Self {
        Self { foreground: (0xe0, 0xe0, 0xe0), background: (0, 0, 0) }
    }
}

impl Body {
    /// Answers a question, if the sequence is one.
    pub(super) fn answer(&mut self, csi: &Csi, fed: &mut Fed) -> bool {
        match (csi.private, csi.intermediate, csi.last) {
            (0, 0, b'c') if csi.param(0) == 0 => reply(fed, "\x1b[?62;22c"),
            (b'>', 0, b'c') if csi.param(0) == 0 => reply(fed, "\x1b[>0;10;1c"),
            (0, 0, b'n') if csi.param(0) == 5 => reply(fed, "\x1b[0n"),
            (0 | b'?', 0, b'n') if csi.param(0) == 6 => {
                let (row, col) = self.cursor();
                let mark = if csi.private == 0 { "" } else { "?" };
                reply(fed, &format!("\x1b[{mark}{};{}R", row + 1, col.min(self.cols - 1) + 1));
            }
            (b'?', b'$', b'p') => reply(fed, &format!("\x1b[?{};0$y", csi.param(0))),
            (0, b'$', b'p') => reply(fed, &format!("\x1b[{};0$y", csi.param(0))),
            (_, _, b'c' | b'n') => {}
            _ => return false,
        }
        true
    }

    /// Where the cursor is at this place of the stream.
    fn cursor(&mut self) -> (u16, u16) {
        self.tell_parser();
        self.flush();
        self.parser.as_ref().map_or((0, 0), |parser| parser.screen().cursor_position())
    }

    /// An OSC string: a step's mark or a question for a colour; all others are dropped.
    pub(super) fn osc(&mut self, text: &[u8], end: &[u8], fed: &mut Fed) {
        if let Some(mark) = text.strip_prefix(b"5379;") {
            let known: Option<Mark> = self.nonce.and_then(|nonce| marks::parse(mark, nonce));
            if let Some(mark) = known {
                self.marked(mark, fed);
            }
            return;
        }
        let (number, (r, g, b)) = match text {
            b"10;?" => (10, self.colours.foreground),
            b"11;?" => (11, self.colours.background),
            _ => return,
        };
        let end = String::from_utf8_lossy(end);
        reply(fed, &format!("\x1b]{number};rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}{end}"));
    }
}

fn reply(fed: &mut Fed, text: &str) {
    if fed.replies.len() + text.len() <= REPLIES_KEPT {
        fed.replies.extend_from_slice(text.as_bytes());
    }
}
