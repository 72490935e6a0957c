//! A terminal without its filter: tokens go in, plain ones to `lazy`, all others to `painted`. Not: what the other rooms see (`face`).

use std::cell::OnceCell;
use std::num::NonZeroU16;

use super::attrs::Attrs;
use super::contain::contain;
use super::filter::Token;
use super::held::Update;
use super::history::{History, Kind};
use super::line::{Fed, Mark, Moment};
use super::painted::Painted;
use super::replies::{Colours, dcs, identify};
use super::scrolled::Scrolled;
use super::shown::Shown;
use super::wrap::Pen;

pub(super) type Parser = vt100::Parser<Scrolled>;

/// A terminal without its filter, so that tokens of the one can be given to the other.
pub(super) struct Body {
    pub(super) rows: u16,
    pub(super) cols: u16,
    pub(super) history: History,
    pub(super) parser: Option<Box<Parser>>,
    pub(super) mode: Mode,
    /// For tests: never lazy.
    pub(super) always_painted: bool,
    pub(super) now: Moment,
    /// What the next character looks like.
    pub(super) attrs: Attrs,
    /// The line under way, as lines are kept, but not closed. Empty while painted.
    pub(super) partial: Vec<u8>,
    /// The attributes at the end of `partial`.
    pub(super) written: Attrs,
    /// Where the cursor stands after `partial`.
    pub(super) pen: Pen,
    /// A `\r` came after `partial`.
    pub(super) returned: bool,
    /// The line with which the screen begins, if fewer than a screenful came since.
    pub(super) base: u64,
    /// The oldest line that a growing screen may take back.
    pub(super) floor: u64,
    /// The parser has heard all before this line, and as many bytes of it.
    pub(super) heard: (u64, usize),
    /// The character that was printed just before, for REP.
    pub(super) last: Option<char>,
    pub(super) painted: Painted,
    pub(super) ended: u64,
    pub(super) panics: u32,
    pub(super) nonce: Option<u64>,
    /// The line with which each step begins.
    pub(super) steps: Vec<(u16, u64)>,
    pub(super) colours: Colours,
    /// Tokens taken in lazily and painted, for tests that ask how much was lazy.
    pub(super) taken: (u64, u64),
    pub(super) update: Update,
    /// The lines that stand on the screen, once somebody asks.
    pub(super) shown: OnceCell<Vec<Shown>>,
    blank: OnceCell<Box<vt100::Parser>>,
}

/// How the stream is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Lines go to the history, the parser hears them when somebody looks.
    Lazy,
    /// The parser hears everything, the history gets what leaves the screen.
    Painted,
}

/// Where the screen begins in the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Top {
    /// The logical line that holds the top row.
    pub(super) line: u64,
    /// How many of its rows are above the screen.
    pub(super) above: usize,
}

impl Body {
    pub(super) fn new(rows: u16, cols: u16) -> Self {
        Self {
            rows,
            cols,
            history: History::default(),
            parser: None,
            mode: Mode::Lazy,
            always_painted: false,
            now: Moment(0),
            attrs: Attrs::default(),
            partial: Vec::new(),
            written: Attrs::default(),
            pen: Pen::new(cols),
            returned: false,
            base: 0,
            floor: 0,
            heard: (0, 0),
            last: None,
            painted: Painted::default(),
            ended: 0,
            panics: 0,
            nonce: None,
            steps: Vec::new(),
            colours: Colours::default(),
            taken: (0, 0),
            update: Update::None,
            shown: OnceCell::new(),
            blank: OnceCell::new(),
        }
    }

    /// A parser with a blank screen of the present size.
    pub(super) fn new_parser(&self) -> Box<Parser> {
        let listener = Scrolled::new(self.rows, self.cols, self.now);
        Box::new(Parser::new_with_callbacks(side(self.rows), side(self.cols), 0, listener))
    }

    pub(super) fn blank_screen(&self) -> &vt100::Screen {
        let made = || Box::new(vt100::Parser::new(side(self.rows), side(self.cols), 0));
        self.blank.get_or_init(made).screen()
    }

    pub(super) fn begin_chunk(&mut self) {
        self.shown.take();
        self.update.chunk_begins();
        if self.mode == Mode::Painted {
            self.painted_chunk_begins();
        }
    }

    pub(super) fn end_chunk(&mut self) {
        if self.mode == Mode::Painted {
            self.painted_chunk_ends();
        }
    }

    /// Takes from the beginning of `bytes`, where nothing is under way, what needs no filter; returns how many bytes that was.
    pub(super) fn take_quickly(&mut self, bytes: &[u8]) -> usize {
        match self.mode {
            Mode::Lazy => self.take_plain_lines(bytes),
            Mode::Painted => self.take_verbatim(bytes),
        }
    }

    pub(super) fn take(&mut self, token: &Token<'_>, fed: &mut Fed) {
        match token {
            Token::Osc(text, end) => return self.osc(text, end, fed),
            Token::Dcs(text) => return dcs(text, fed),
            Token::Esc(b'Z') => return identify(fed),
            Token::Csi(csi) if self.answer(csi, fed) => return,
            _ => {}
        }
        if self.mode == Mode::Lazy && self.take_lazily(token) {
            self.taken.0 += 1;
        } else {
            if self.mode == Mode::Lazy {
                self.paint();
                self.painted_chunk_begins();
            }
            self.taken.1 += 1;
            self.take_painted(token);
        }
        if !matches!(token, Token::Text(_)) {
            // What is repeated is what was printed just before.
            self.last = None;
        }
    }

    /// A step's mark came, with the right nonce.
    pub(super) fn marked(&mut self, mark: Mark, fed: &mut Fed) {
        if let Mark::Begin { step } = mark {
            self.flush();
            let line = self.cursor_line();
            self.steps.push((step, line));
        }
        fed.marks.push(mark);
    }

    /// What comes next begins a new screen.
    pub(super) fn start_here(&mut self) {
        self.base = self.history.end();
        self.floor = self.base;
        self.heard = (self.base, 0);
    }

    /// What stands on the screen becomes history; everything begins anew.
    pub(super) fn close(&mut self) {
        match self.mode {
            Mode::Lazy => {
                if !self.partial.is_empty() {
                    self.end_partial();
                }
            }
            Mode::Painted => self.settle_all(),
        }
        self.parser = None;
        self.shown.take();
        self.blank.take();
        self.mode = Mode::Lazy;
        self.attrs = Attrs::default();
        self.written = Attrs::default();
        self.partial = Vec::new();
        self.pen = Pen::new(self.cols);
        self.returned = false;
        self.last = None;
        self.painted = Painted::default();
        self.update = Update::None;
        self.start_here();
        if self.always_painted {
            self.paint();
        }
    }

    pub(super) fn note(&mut self, text: &str) {
        self.shown.take();
        if self.mode == Mode::Painted {
            self.lift_rows();
        }
        let text: String = text.chars().filter(|character| !character.is_control()).collect();
        self.history.push(text.as_bytes(), Kind::Note, self.now);
        match self.mode {
            Mode::Lazy => {
                // The screen begins with the line under way. A parser that has heard more must forget it.
                self.start_here();
                if let Some(old) = self.parser.take() {
                    self.parser = contain(|| self.like(old.screen()));
                }
            }
            Mode::Painted => self.floor = self.history.end(),
        }
    }

    pub(super) fn refresh(&mut self) {
        if self.mode == Mode::Lazy {
            self.tell_parser();
        }
    }

    pub(super) fn rest(&mut self) {
        self.shown.take();
        self.blank.take();
        self.history.rest();
        let can_go =
            self.mode == Mode::Lazy && self.parser.as_ref().is_some_and(|parser| self.is_unchanged(parser));
        if can_go {
            self.parser = None;
            self.heard = (self.base, 0);
        }
    }

    pub(super) fn resize(&mut self, rows: u16, cols: u16) {
        self.shown.take();
        self.blank.take();
        self.update = Update::None;
        match self.mode {
            Mode::Lazy => self.resize_lazily(rows, cols),
            Mode::Painted => self.resize_painted(rows, cols),
        }
    }
}

/// A side of a screen.
pub(super) fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::MIN.saturating_add(cells.max(2) - 1)
}
