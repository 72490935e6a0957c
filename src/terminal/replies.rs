//! What programs ask their terminal, and the answers. No answer holds text that the program chose.

use super::body::Body;
use super::filter::Csi;
use super::line::{Fed, Mark};
use super::{marks, palette};

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

impl Colours {
    /// Whether the text is lighter than what is behind it.
    fn are_dark(self) -> bool {
        let light = |(r, g, b): (u8, u8, u8)| u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114;
        light(self.background) < light(self.foreground)
    }
}

impl Body {
    /// Answers a question, if the sequence is one. A question that has no answer here is swallowed: who asks it asks another one
    /// with it, which everybody answers.
    #[inline]
    pub(super) fn answer(&mut self, csi: &Csi, fed: &mut Fed) -> bool {
        matches!(csi.last, b'c' | b'n' | b'p' | b'q' | b't' | b'u' | b'x') && self.answer_one(csi, fed)
    }

    fn answer_one(&mut self, csi: &Csi, fed: &mut Fed) -> bool {
        let first = csi.param(0);
        match (csi.private, csi.intermediate, csi.last) {
            (0, 0, b'c') if first == 0 => identify(fed),
            (b'>', 0, b'c') if first == 0 => reply(fed, "\x1b[>0;10;1c"),
            (b'=', 0, b'c') if first == 0 => reply(fed, "\x1bP!|00000000\x1b\\"),
            (b'>', 0, b'q') if first == 0 => {
                reply(fed, concat!("\x1bP>|zap(", env!("CARGO_PKG_VERSION"), ")\x1b\\"));
            }
            (0 | b'?', 0, b'n') => self.report(csi.private, first, fed),
            (b'?', b'$', b'p') => {
                let state = self.private_mode(first);
                reply(fed, &format!("\x1b[?{first};{}$y", setting(state)));
            }
            (0, b'$', b'p') => reply(fed, &format!("\x1b[{first};{}$y", setting(self.ansi_mode(first)))),
            (0, 0, b't') => match first {
                11 => reply(fed, "\x1b[1t"),
                13 => reply(fed, "\x1b[3;0;0t"),
                18 | 19 => reply(fed, &format!("\x1b[{};{};{}t", first - 10, self.rows, self.cols)),
                // Nobody is told a size in pixels or a title, nor moves or resizes a window.
                _ => {}
            },
            (0, 0, b'x') if first < 2 => reply(fed, &format!("\x1b[{};1;1;112;112;1;0x", first + 2)),
            // The keyboard has no protocol of its own.
            (_, _, b'c' | b'n' | b'x') | (b'?' | b'>' | b'<' | b'=', 0, b'u' | b'q' | b't') => {}
            _ => return false,
        }
        true
    }

    /// DSR: the state of this and that.
    fn report(&mut self, private: u8, what: u16, fed: &mut Fed) {
        match (private, what) {
            (0, 5) => reply(fed, "\x1b[0n"),
            (_, 6) => {
                let (row, col) = self.cursor();
                let mark = if private == 0 { "" } else { "?" };
                reply(fed, &format!("\x1b[{mark}{};{}R", row + 1, col.min(self.cols - 1) + 1));
            }
            // No printer; keys of one's own are locked; a keyboard, of no particular country.
            (b'?', 15) => reply(fed, "\x1b[?13n"),
            (b'?', 25) => reply(fed, "\x1b[?21n"),
            (b'?', 26) => reply(fed, "\x1b[?27;1n"),
            (b'?', 996) => {
                let scheme = if self.colours.are_dark() { 1 } else { 2 };
                reply(fed, &format!("\x1b[?997;{scheme}n"));
            }
            _ => {}
        }
    }

    /// Where the cursor is at this place of the stream, counted from the top of the scroll region in origin mode.
    fn cursor(&mut self) -> (u16, u16) {
        self.tell_parser();
        self.flush();
        let (row, col) = self.parser.as_ref().map_or((0, 0), |parser| parser.screen().cursor_position());
        (row.saturating_sub(self.painted.grid().first_row()), col)
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
        let Ok(text) = std::str::from_utf8(text) else { return };
        let end = String::from_utf8_lossy(end);
        let mut fields = text.split(';');
        match fields.next() {
            Some("4") => {
                while let (Some(index), Some("?")) = (fields.next(), fields.next()) {
                    let Ok(index) = index.parse::<u8>() else { return };
                    reply(fed, &format!("\x1b]4;{index};{}{end}", rgb(palette::colour(index))));
                }
            }
            // More questions after the first are for the numbers that follow.
            Some(first @ ("10" | "11" | "12")) => {
                let from: u8 = first.parse().unwrap_or(10);
                for (number, question) in (from..=12).zip(fields) {
                    let colour = if number == 11 { self.colours.background } else { self.colours.foreground };
                    if question == "?" {
                        reply(fed, &format!("\x1b]{number};{}{end}", rgb(colour)));
                    }
                }
            }
            _ => {}
        }
    }
}

/// What kind of terminal this is.
pub(super) fn identify(fed: &mut Fed) {
    reply(fed, "\x1b[?62;22c");
}

/// A DCS string that began so: a question for a setting or for a capability is answered with "not here".
pub(super) fn dcs(text: &[u8], fed: &mut Fed) {
    if text.starts_with(b"P$q") {
        reply(fed, "\x1bP0$r\x1b\\");
    } else if text.starts_with(b"P+q") {
        reply(fed, "\x1bP0+r\x1b\\");
    }
}

/// A mode in the numbers of DECRPM.
fn setting(state: Option<bool>) -> u8 {
    match state {
        None => 0,
        Some(true) => 1,
        Some(false) => 2,
    }
}

fn rgb((r, g, b): (u8, u8, u8)) -> String {
    format!("rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}")
}

fn reply(fed: &mut Fed, text: &str) {
    if fed.replies.len() + text.len() <= REPLIES_KEPT {
        fed.replies.extend_from_slice(text.as_bytes());
    }
}
