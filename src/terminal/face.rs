//! The terminal of one instance: the face that the other rooms see. How a stream is taken in is told in `lazy` (plain lines) and
//! `painted` (everything else).

use std::cell::OnceCell;
use std::num::NonZeroU16;
use std::ops::{ControlFlow, Range};

use super::attrs::Attrs;
use super::cells;
use super::contain::contain;
use super::filter::{Filter, Token};
use super::held::Update;
use super::history::{Direction, History, Kind, Leaf, Look, RunState, read_line};
use super::joint::Joint;
use super::line::{Fed, Line, LineKind, Mark, Moment, RunEnd};
use super::modes::Asked;
use super::painted::Painted;
use super::replies::{Colours, dcs, identify};
use super::scrolled::Scrolled;
use super::shown::{self, Shown};
use super::wrap::Pen;

pub(super) type Parser = vt100::Parser<Scrolled>;

/// The terminal of one instance: the history of its runs, and the screen of the present one.
pub struct Terminal {
    filter: Filter,
    revision: u64,
    run: Option<(u32, Moment)>,
    /// The present run, or the last one.
    pub(super) last: RunState,
    /// The revision of which the disk was told.
    pub(super) told: u64,
    /// The line after the last one of earlier lives of zap.
    pub(super) recalled: u64,
    pub(super) body: Body,
}

/// How the stream is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Lines go to the history, the parser hears them when somebody looks.
    Lazy,
    /// The parser hears everything, the history gets what leaves the screen.
    Painted,
}

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
    shown: OnceCell<Vec<Shown>>,
    blank: OnceCell<Box<vt100::Parser>>,
}

impl Terminal {
    /// An empty terminal. Sides below 2 count as 2.
    pub fn new(rows: u16, cols: u16) -> Self {
        let body = Body::new(rows.max(2), cols.max(2));
        let last = RunState::default();
        Self { filter: Filter::default(), body, revision: 0, run: None, last, told: 0, recalled: 0 }
    }

    /// A terminal that always paints: what the lazy one is held against.
    #[doc(hidden)]
    pub fn always_painted(rows: u16, cols: u16) -> Self {
        let mut terminal = Self::new(rows, cols);
        terminal.body.always_painted = true;
        terminal.body.paint();
        terminal
    }

    /// How many tokens were taken in lazily and how many were painted.
    #[doc(hidden)]
    pub fn taken(&self) -> (u64, u64) {
        self.body.taken
    }

    /// Whether a parser is there at all.
    #[doc(hidden)]
    pub fn has_parser(&self) -> bool {
        self.body.parser.is_some()
    }

    /// The next row that scrolls off panics.
    #[doc(hidden)]
    pub fn plant_panic(&mut self) {
        self.body.paint();
        if let Some(parser) = &mut self.body.parser {
            parser.callbacks_mut().planted = true;
        }
    }

    /// Rows and columns.
    pub fn size(&self) -> (u16, u16) {
        (self.body.rows, self.body.cols)
    }

    /// What a program hears that asks for the colours of its terminal: red, green, blue.
    pub fn set_colours(&mut self, foreground: (u8, u8, u8), background: (u8, u8, u8)) {
        self.body.colours = Colours { foreground, background };
    }

    /// A new run begins with a fresh screen. Its steps are marked with `nonce`.
    pub fn begin_run(&mut self, number: u32, nonce: Option<u64>, at: Moment) {
        self.body.now = at;
        self.close_screen();
        self.body.nonce = nonce;
        self.body.steps.clear();
        self.run = Some((number, at));
        self.last = RunState { number, began: at, live: true };
        self.touched();
    }

    /// Takes what the program wrote. Never fails, never blocks; any bytes are allowed.
    pub fn feed(&mut self, bytes: &[u8], at: Moment, fed: &mut Fed) {
        self.body.now = at;
        self.body.begin_chunk();
        let mut position = 0;
        while position < bytes.len() {
            if self.filter.is_plain() {
                position += self.body.take_quickly(&bytes[position..]);
            }
            let Some(token) = self.filter.next(bytes, &mut position) else { break };
            self.body.take(&token, fed);
        }
        self.body.end_chunk();
        self.touched();
    }

    /// The run has ended and its terminal was read to the end: what stood on the screen becomes history, followed by a
    /// separator. `exit` is shown in it: `exit 1`, `KILL`.
    pub fn end_run(&mut self, exit: &str, at: Moment) {
        let Some((number, began)) = self.run.take() else { return };
        self.body.now = at;
        self.close_screen();
        self.body.history.push_run_end(&RunEnd { number, exit: exit.to_owned(), began, ended: at });
        self.body.start_here();
        self.last.live = false;
        self.touched();
    }

    /// What stands on the screen becomes history, and the screen is new.
    fn close_screen(&mut self) {
        self.filter.reset();
        self.body.close();
    }

    /// A line of zap's own among the output. Rows above the cursor become history before it.
    pub fn note(&mut self, text: &str, at: Moment) {
        self.body.now = at;
        self.body.note(text);
        self.touched();
    }

    /// The window has another size: history and screen are rewrapped, nothing is lost. Sides below 2 count as 2.
    pub fn resize(&mut self, rows: u16, cols: u16) {
        let (rows, cols) = (rows.max(2), cols.max(2));
        if (rows, cols) != self.size() {
            self.body.resize(rows, cols);
            self.touched();
        }
    }

    /// Brings the screen up to date, because somebody is about to look at it.
    pub fn refresh(&mut self) {
        self.body.refresh();
    }

    /// Nobody looks any more: gives back what is only needed for looking.
    pub fn rest(&mut self) {
        self.body.rest();
        self.touched();
    }

    /// The screen as of the last `refresh`.
    ///
    /// While the program is in the middle of an update (`CSI ? 2026 h`), this is the screen before it.
    pub fn screen(&self) -> &vt100::Screen {
        match (self.body.update.held(), &self.body.parser) {
            (Some(held), _) => &held.screen,
            (None, Some(parser)) => parser.screen(),
            (None, None) => self.body.blank_screen(),
        }
    }

    /// Since when the screen before an update is shown; nothing while there is none. Who shows it must see to it that it does
    /// not stay for ever: see [`Self::show_update`].
    pub fn held_since(&self) -> Option<Moment> {
        self.body.update.held().map(|held| held.since)
    }

    /// The update under way has taken too long: it is shown as it is.
    pub fn show_update(&mut self) {
        self.body.update = Update::None;
        self.touched();
    }

    /// What the program wants to be told beside keys.
    pub fn asked(&self) -> Asked {
        self.body.painted.asked
    }

    /// Whether a run is between `begin_run` and `end_run`: the bottom of the pager is then the screen itself.
    pub fn live(&self) -> bool {
        self.run.is_some()
    }

    /// Changes whenever something that is shown may have changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The numbers of the logical lines that can be had, oldest first: the history, then what
    /// stands on the main screen. Numbers are stable for lines that have left the screen and count from 0, dropped lines
    /// included.
    pub fn lines(&self) -> Range<u64> {
        let range = self.body.history.range();
        range.start..range.end + self.body.lines_on_screen()
    }

    /// The number of the line with which the screen begins: lines before it have left the screen. While a run is live the
    /// pager shows lines before this one and then the screen. If the line began above the screen, it is the line after
    /// the one that is cut by the top.
    pub fn screen_start(&self) -> u64 {
        self.body.update.held().map_or_else(|| self.body.screen_start(), |held| held.start)
    }

    /// Where the lines above the screen and the screen itself meet; `None` once the present run has cleared its screen, and
    /// while it shows the alternate one: nothing stands above these.
    pub fn joint(&self) -> Option<Joint> {
        self.body.update.held().map_or_else(|| self.body.joint(), |held| held.joint)
    }

    /// The number of the line that the cursor is on: all before it were ended with a newline, as long as the program does
    /// not go back to change them.
    pub fn finished(&self) -> u64 {
        self.body.cursor_line()
    }

    /// The numbers of the lines that end runs, lowest first, as far as they have not been dropped.
    pub fn run_ends(&self) -> &[u64] {
        self.body.history.run_ends()
    }

    /// When the run began that a line belongs to; what stands between two runs belongs to the later one. `None` if no run has
    /// begun since.
    pub fn began(&self, line: u64) -> Option<Moment> {
        let ends = self.run_ends();
        match ends.get(ends.partition_point(|end| *end < line)) {
            Some(end) => match self.line(*end)?.kind {
                LineKind::RunEnd(run) => Some(run.began),
                LineKind::Output | LineKind::Piece | LineKind::Note => None,
            },
            None => self.run.map(|(_, began)| began),
        }
    }

    /// Shows when the lines of a range were ended, oldest first. The line that tells of dropped ones is not among them.
    pub fn visit_times(&self, range: Range<u64>, look: &mut dyn FnMut(u64, Moment)) {
        let all = self.visit_kept(range, Direction::Forward, &mut |number, _, _, at| {
            look(number, at);
            ControlFlow::Continue(())
        });
        debug_assert!(all.is_continue(), "nothing breaks it off");
    }

    /// One logical line, or `None` outside of [`Self::lines`].
    pub fn line(&self, number: u64) -> Option<Line> {
        let end = self.body.history.end();
        if number < end {
            return self.body.history.line(number);
        }
        self.body.with_line_on_screen(number - end, |bytes, at| read_line(bytes, Kind::Output, at))
    }

    /// Shows a range of lines to `look`, one after the other, until it breaks off: quicker than asking for each.
    /// The text comes without colours; separators have none.
    pub fn visit_text(
        &self,
        range: Range<u64>,
        direction: Direction,
        look: &mut dyn FnMut(u64, &str) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut scratch = String::new();
        self.visit_kept(range, direction, &mut |number, bytes, kind, _| {
            look(number, text_of(bytes, kind, &mut scratch))
        })
    }

    /// Shows a range of lines to `look`, one after the other, until it breaks off.
    pub fn visit(
        &self,
        range: Range<u64>,
        direction: Direction,
        look: &mut dyn FnMut(u64, Line) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.visit_kept(range, direction, &mut |number, bytes, kind, at| {
            look(number, read_line(bytes, kind, at))
        })
    }

    fn visit_kept(&self, range: Range<u64>, direction: Direction, look: Look<'_>) -> ControlFlow<()> {
        let end = self.body.history.end();
        if direction == Direction::Forward {
            self.body.history.visit(range.clone(), direction, look)?;
        }
        let mut visible: Vec<u64> = (range.start.max(end)..range.end.min(self.lines().end)).collect();
        if direction == Direction::Backward {
            visible.reverse();
        }
        for number in visible {
            let flow = self
                .body
                .with_line_on_screen(number - end, |bytes, at| look(number, bytes, Kind::Output, at));
            flow.unwrap_or(ControlFlow::Continue(()))?;
        }
        if direction == Direction::Backward {
            self.body.history.visit(range, direction, look)?;
        }
        ControlFlow::Continue(())
    }

    pub(super) fn top_of_screen(&self) -> Option<(u64, usize)> {
        if self.body.painted.under.is_some() {
            return None;
        }
        let top = self.body.top();
        let cut = self.body.parser.as_ref().filter(|_| self.body.mode == Mode::Painted);
        let cut = cut.map(|parser| &parser.callbacks().pending).filter(|pending| !pending.is_empty());
        let above = cut.map_or(top.above, |pending| cells::rows(pending, self.body.cols));
        Some((top.line, above))
    }

    /// The closed blocks among the lines of a range, oldest first: what another thread may read. What is younger, or may still
    /// change, is not among them.
    pub fn leaves(&self, range: &Range<u64>) -> impl DoubleEndedIterator<Item = Leaf> + use<'_> {
        let settled = self.body.top().line;
        self.body.history.leaves(range).filter(move |leaf| leaf.lines().end <= settled)
    }

    /// The line with which the output of a step of the latest run begins.
    pub fn step_line(&self, step: u16) -> Option<u64> {
        self.body.steps.iter().rev().find(|(marked, _)| *marked == step).map(|(_, line)| *line)
    }

    /// How many lines jobs have ended with a newline since the terminal was made.
    pub fn ended_lines(&self) -> u64 {
        self.body.ended
    }

    /// Bytes of memory that the history holds.
    pub fn memory(&self) -> usize {
        self.body.history.memory()
    }

    /// Bytes of memory held beside the history and the screen: the line under way, and what has left the screen of its first line.
    #[doc(hidden)]
    pub fn held(&self) -> usize {
        let pending = self.body.parser.as_ref().map_or(0, |parser| {
            let listener = parser.callbacks();
            listener.pending.capacity() + listener.bytes.capacity()
        });
        self.body.partial.capacity() + self.body.steps.capacity() * size_of::<(u16, u64)>() + pending
    }

    /// Gives back at least `bytes` of memory if the history holds as much, oldest lines first, and leaves a line that says so.
    pub fn drop_oldest(&mut self, bytes: usize) {
        let keep = self.body.top().line;
        self.body.history.drop_oldest(bytes, keep);
        self.touched();
    }

    /// How often a panic of the parser was contained and the screen made anew.
    pub fn contained_panics(&self) -> u32 {
        self.body.panics
    }

    pub(super) fn touched(&mut self) {
        self.revision += 1;
    }
}

/// The text of a kept line; in `scratch` if it does not stand in the bytes as it is.
pub(super) fn text_of<'a>(bytes: &'a [u8], kind: Kind, scratch: &'a mut String) -> &'a str {
    if kind == Kind::RunEnd {
        return "";
    }
    if memchr::memchr2(0x1b, cells::BLANK, bytes).is_none() {
        return std::str::from_utf8(bytes).unwrap_or_default();
    }
    scratch.clear();
    cells::plain_text(bytes, scratch);
    let blanks = bytes.iter().rev().take_while(|byte| **byte == cells::BLANK).count();
    scratch.truncate(scratch.len() - blanks);
    scratch
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
    fn new(rows: u16, cols: u16) -> Self {
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

    fn blank_screen(&self) -> &vt100::Screen {
        let made = || Box::new(vt100::Parser::new(side(self.rows), side(self.cols), 0));
        self.blank.get_or_init(made).screen()
    }

    fn begin_chunk(&mut self) {
        self.shown.take();
        self.update.chunk_begins();
        if self.mode == Mode::Painted {
            self.painted_chunk_begins();
        }
    }

    fn end_chunk(&mut self) {
        if self.mode == Mode::Painted {
            self.painted_chunk_ends();
        }
    }

    /// Takes from the beginning of `bytes`, where nothing is under way, what needs no filter; returns how many bytes that was.
    fn take_quickly(&mut self, bytes: &[u8]) -> usize {
        match self.mode {
            Mode::Lazy => self.take_plain_lines(bytes),
            Mode::Painted => self.take_verbatim(bytes),
        }
    }

    fn take(&mut self, token: &Token<'_>, fed: &mut Fed) {
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
    fn close(&mut self) {
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

    fn note(&mut self, text: &str) {
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

    fn refresh(&mut self) {
        if self.mode == Mode::Lazy {
            self.tell_parser();
        }
    }

    fn rest(&mut self) {
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

    fn resize(&mut self, rows: u16, cols: u16) {
        self.shown.take();
        self.blank.take();
        self.update = Update::None;
        match self.mode {
            Mode::Lazy => self.resize_lazily(rows, cols),
            Mode::Painted => self.resize_painted(rows, cols),
        }
    }

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

/// A side of a screen.
pub(super) fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::MIN.saturating_add(cells.max(2) - 1)
}
