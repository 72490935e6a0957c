//! The terminal of one instance: the face that the other rooms see, and what is done to it (`reading`: what it is asked). How a
//! stream is taken in is told in `lazy` (plain lines) and `painted` (everything else).

mod reading;

use super::body::Body;
use super::filter::Filter;
use super::held::Update;
use super::history::RunState;
use super::line::{Fed, Moment, RunEnd};
use super::modes::Asked;
use super::replies::Colours;

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
    /// Apart, since the tables of terminals have room for more of them than there are.
    pub(super) body: Box<Body>,
}

impl Terminal {
    /// An empty terminal. Sides below 2 count as 2.
    pub fn new(rows: u16, cols: u16) -> Self {
        let body = Box::new(Body::new(rows.max(2), cols.max(2)));
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

    /// The same for who was not looked at but may have been read: what was unpacked of the history goes, unless somebody has read there
    /// since this was called last.
    pub fn rest_unread(&mut self) {
        self.body.history.rest_unread();
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
