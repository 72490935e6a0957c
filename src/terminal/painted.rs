//! A screen on which the program paints: the parser hears everything, in words that vt100 knows, and what scrolls off goes to
//! the history. Not the plain lines of a log: see `lazy`.
//!
//! **What becomes history.** A row that leaves the main screen at the top of it, or of its scroll region, by a newline, a wrap or
//! `SU`: that is a line which made room for the next. And all rows of a main screen that is cleared as a whole: by `ED 2`, by
//! `ED 0` after `CUP` to the top left, by `ED 1` or `DL` that leave nothing behind, by RIS, DECALN and DECCOLM, and at the end of the
//! run. What is painted over, erased in part (`EL`, `ECH`, `ED` from where the cursor went by `\r` or `CUU`), or pushed out at the bottom
//! (`IL`, `RI`, `SD`) is a picture that changes, a progress line above all, and leaves its last state only. The alternate screen
//! is a picture as a whole. tmux keeps the same; the whole rule is held by `tests/terminal/kept.rs`.
//!
//! Here is what is remembered of a painted screen, and where each token goes: `print` and `sequences` do what it says, `leaving`
//! gives the history what leaves the screen, `alternate` covers it, `words` tells the parser, and `broken` is for when that panics.

mod alternate;
mod broken;
mod leaving;
mod print;
mod sequences;
mod words;

use super::attrs::Attrs;
use super::body::{Body, Mode, Parser, side};
use super::filter::{Csi, Token};
use super::line::Moment;
use super::modes::Asked;
use super::shown::Shown;

pub(super) use alternate::Under;
use words::FLUSH_AT;

/// What vt100 does not know, or does not tell, about a painted screen.
#[derive(Default)]
pub(super) struct Painted {
    /// What the parser has yet to hear.
    out: Vec<u8>,
    pub(super) main: Grid,
    pub(super) alternate: Grid,
    pub(super) saved_attrs: Attrs,
    modes: Modes,
    pub(super) asked: Asked,
    /// Columns with a tab stop, if they are not every eighth.
    stops: Option<Vec<bool>>,
    /// The main screen while the alternate one is shown.
    pub(super) under: Option<Under>,
    /// The alternate screen was entered with `?1049h` before.
    was_alternate: bool,
    /// Lines in a row that were plain.
    pub(super) plain_lines: u32,
    /// A `\r` came last, but for colours.
    pub(super) returned: bool,
    /// The main screen was cleared since the run began: nothing older stands above it any more.
    pub(super) cleared: bool,
    pub(super) came: Came,
    /// The row of the cursor when the chunk began.
    row: u16,
}

/// How the cursor came to where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Came {
    /// It was sent to the top left: what is erased from there is the whole screen.
    Home,
    /// Any other way. Who goes to the top left by `\r` or `CUU` paints the lines there anew.
    #[default]
    Otherwise,
}

/// Modes that vt100 does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Modes {
    pub(super) insert: bool,
    pub(super) no_wrap: bool,
    pub(super) newline_returns: bool,
}

/// What vt100 keeps to itself about one of its two grids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Grid {
    /// First and last row of the scroll region, if it is not the whole screen.
    region: Option<(u16, u16)>,
    origin: bool,
    pub(super) saved: (u16, u16),
    pub(super) saved_origin: bool,
}

impl Grid {
    /// Whether rows are counted from the top of the scroll region.
    pub(super) fn is_origin(&self) -> bool {
        self.origin
    }

    /// The row that programs call the first.
    pub(super) fn first_row(&self) -> u16 {
        self.region.filter(|_| self.origin).map_or(0, |(top, _)| top)
    }
}

impl Painted {
    /// Whether the main screen is in no mode that a plain stream could not be in.
    pub(super) fn is_ordinary(&self) -> bool {
        self.under.is_none() && self.main.region.is_none() && !self.main.origin && self.in_vt100s_modes()
    }

    /// Whether nothing is remembered that a new parser would not know.
    fn is_unchanged(&self) -> bool {
        self.is_ordinary()
            && self.main == Grid::default()
            && self.alternate == Grid::default()
            && self.saved_attrs.is_default()
    }

    /// A new size has no scroll region and no tab stops of the old.
    pub(super) fn forget_margins(&mut self) {
        self.main.region = None;
        self.alternate.region = None;
        self.stops = None;
    }

    /// Whether text, tabs and newlines do what they do in vt100.
    pub(super) fn in_vt100s_modes(&self) -> bool {
        self.modes == Modes::default() && self.stops.is_none()
    }

    /// Something came, perhaps after a `\r`: a plain line goes on only with a newline or colours then.
    #[inline]
    pub(super) fn went_on(&mut self, plainly: bool) {
        if std::mem::take(&mut self.returned) && !plainly {
            self.plain_lines = 0;
        }
    }

    /// The scroll region of the main screen if it does not begin at the top: vt100 says nothing about rows that leave it.
    pub(super) fn inner_region(&self) -> Option<(u16, u16)> {
        self.main.region.filter(|(top, _)| *top > 0 && self.under.is_none())
    }

    /// The modes that vt100 does not have.
    pub(super) fn modes(&self) -> Modes {
        self.modes
    }

    /// The grid that is shown.
    pub(super) fn grid(&mut self) -> &mut Grid {
        if self.under.is_some() { &mut self.alternate } else { &mut self.main }
    }
}

impl Body {
    /// Takes a token as a terminal does.
    pub(super) fn take_painted(&mut self, token: &Token<'_>) {
        if !matches!(token, Token::Sgr(_)) {
            self.painted.went_on(matches!(token, Token::Feed | Token::Return));
        }
        match token {
            Token::Text(_) | Token::Feed | Token::Return | Token::Tab | Token::Back | Token::Esc(_) => {
                self.painted.came = Came::Otherwise;
            }
            Token::Csi(csi) if is_home(csi) => self.painted.came = Came::Home,
            Token::Csi(csi) if moves(csi) => self.painted.came = Came::Otherwise,
            Token::Csi(_) | Token::Sgr(_) | Token::Align | Token::Osc(..) | Token::Dcs(_) => {}
        }
        match token {
            Token::Text(text) => {
                self.print(text);
                self.last = text.chars().next_back();
            }
            Token::Feed => self.feed_line(),
            Token::Return => {
                self.say(b"\r");
                self.painted.returned = true;
            }
            Token::Sgr(params) => self.colour(params),
            Token::Tab => self.tab(1),
            Token::Back => {
                self.painted.plain_lines = 0;
                self.say(b"\x08");
            }
            Token::Csi(csi) => {
                if (csi.last, csi.param(0)) != (b'K', 0) {
                    self.painted.plain_lines = 0;
                }
                self.control(csi);
            }
            Token::Esc(byte) => {
                self.painted.plain_lines = 0;
                self.escape(*byte);
            }
            Token::Align => self.align(),
            Token::Osc(..) | Token::Dcs(_) => {}
        }
        if self.painted.out.len() >= FLUSH_AT {
            self.flush();
        }
    }

    /// The number of the line that the cursor is on.
    pub(super) fn cursor_line(&self) -> u64 {
        let end = self.history.end();
        if self.mode == Mode::Lazy {
            return end;
        }
        if let Some(under) = &self.painted.under {
            let (row, _) = under.cursor;
            return end + under.standing().iter().filter(|line| line.row + line.rows <= row).count() as u64;
        }
        let Some(parser) = &self.parser else { return end };
        let screen = parser.screen();
        let (row, _) = screen.cursor_position();
        end + (0..row).filter(|row| !screen.row_wrapped(*row)).count() as u64
    }

    /// Whether a new parser would be as good as this one, but for what stands on it.
    pub(super) fn is_unchanged(&self, parser: &Parser) -> bool {
        let new = vt100::Parser::new(side(2), side(2), 0);
        let screen = parser.screen();
        self.painted.is_unchanged()
            && !screen.hide_cursor()
            && screen.input_mode_formatted() == new.screen().input_mode_formatted()
    }

    /// The time of the last row of a line on the screen.
    pub(super) fn time_of(&self, line: &Shown) -> Moment {
        let last_row = usize::from(line.row + line.rows.saturating_sub(1));
        let times = self.parser.as_ref().map(|parser| &parser.callbacks().times);
        times.and_then(|times| times.get(last_row).copied()).unwrap_or(self.now)
    }
}

/// Whether a sequence sends the cursor to the top left.
fn is_home(csi: &Csi) -> bool {
    let plain = (csi.private, csi.intermediate) == (0, 0);
    plain && matches!(csi.last, b'H' | b'f') && csi.params().iter().all(|param| *param <= 1)
}

/// Whether a sequence moves the cursor.
fn moves(csi: &Csi) -> bool {
    matches!(csi.last, b'A'..=b'I' | b'Z' | b'`' | b'a' | b'b' | b'd' | b'e' | b'f' | b'r' | b's' | b'u')
}
