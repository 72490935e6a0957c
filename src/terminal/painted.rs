//! A screen on which the program paints: the parser hears everything, in words that vt100 knows, and what scrolls off goes to
//! the history. Not the plain lines of a log: see `lazy`.
//!
//! **What becomes history.** A row that leaves the main screen at the top of it, or of its scroll region, by a newline, a wrap or
//! `SU`: that is a line which made room for the next. And all rows of a main screen that is cleared as a whole: by `ED 2`, by
//! `ED 0` after `CUP` to the top left, by `ED 1` or `DL` that leave nothing behind, by RIS, DECALN and DECCOLM, and at the end of the
//! run. What is painted over, erased in part (`EL`, `ECH`, `ED` from where the cursor went by `\r` or `CUU`), or pushed out at the bottom
//! (`IL`, `RI`, `SD`) is a picture that changes, a progress line above all, and leaves its last state only. The alternate screen
//! is a picture as a whole. tmux keeps the same; the whole rule is held by `tests/terminal/kept.rs`.

use super::attrs::{Attrs, Heard, push_decimal};
use super::cells;
use super::contain::contain;
use super::face::{Body, Mode};
use super::filter::{Csi, Token};
use super::history::Kind;
use super::line::Moment;
use super::modes::Asked;
use super::shown::{self, Shown};
use super::wrap::{Pen, width};

/// The parser is told at the latest after this many bytes.
const FLUSH_AT: usize = 16 * 1024;
/// As many bytes are not copied first.
const WORTH_TELLING: usize = 512;

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

/// The main screen while the alternate one is shown, with all that has to be known to make it anew at another size.
pub(super) struct Under {
    pub(super) lines: Vec<Shown>,
    /// What has left the screen of the first line, which begins with it.
    pub(super) pending: usize,
    pub(super) cursor: (u16, u16),
    pub(super) cols: u16,
    /// The size has changed since.
    pub(super) resized: bool,
}

impl Under {
    /// The lines without the empty one that the cursor stood on.
    pub(super) fn standing(&self) -> &[Shown] {
        match self.lines.split_last() {
            Some((last, others)) if last.bytes.is_empty() => others,
            _ => &self.lines,
        }
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

    #[inline]
    fn say(&mut self, bytes: &[u8]) {
        self.painted.out.extend_from_slice(bytes);
    }

    #[inline]
    fn say_csi(&mut self, numbers: &[u16], last: u8) {
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

    #[inline]
    fn colour(&mut self, params: &[u8]) {
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

    fn say_mode(&mut self, mode: u16, on: bool) {
        self.say(b"\x1b[?");
        push_decimal(mode, &mut self.painted.out);
        self.say(if on { b"h" } else { b"l" });
    }

    #[inline]
    fn print(&mut self, text: &str) {
        if let Some((top, bottom)) = self.painted.inner_region() {
            return self.print_in_region(text, top, bottom);
        }
        self.print_anywhere(text);
    }

    /// Rows leave the region when a line wraps in its last row.
    fn print_in_region(&mut self, text: &str, top: u16, bottom: u16) {
        let (mut row, col) = self.position();
        let mut pen = Pen::new(self.cols);
        pen.col = col;
        let mut said = 0;
        for (at, character) in text.char_indices() {
            if !pen.put(width(character)) || self.painted.modes.no_wrap {
                continue;
            }
            self.print_anywhere(&text[said..at]);
            said = at;
            if row == bottom {
                self.keep_rows(top, 1);
            } else {
                row = (row + 1).min(self.rows - 1);
            }
        }
        self.print_anywhere(&text[said..]);
    }

    /// Rows leave a region that does not begin at the top of the screen.
    fn keep_rows(&mut self, top: u16, count: u16) {
        self.flush();
        let Some(parser) = &self.parser else { return };
        let screen = parser.screen();
        for row in top..top.saturating_add(count).min(self.rows) {
            let (bytes, wrapped) = shown::row(screen, row);
            self.history.push(&bytes, if wrapped { Kind::Piece } else { Kind::Output }, self.now);
        }
        // They never stood at the top: a growing screen does not take them back.
        self.floor = self.history.end();
    }

    /// The cursor goes down a row, perhaps out of a region.
    fn keep_row_before_feed(&mut self) {
        if let Some((top, bottom)) = self.painted.inner_region()
            && self.position().0 == bottom
        {
            self.keep_rows(top, 1);
        }
    }

    fn print_anywhere(&mut self, text: &str) {
        if !self.painted.modes.insert && !self.painted.modes.no_wrap {
            if self.painted.under.is_none() && cells::has_wide(text) {
                return self.print_wide(text);
            }
            return self.say(text.as_bytes());
        }
        let mut col = if self.painted.modes.no_wrap { self.position().1 } else { 0 };
        for character in text.chars() {
            let width = width(character);
            if self.painted.modes.no_wrap && col + width > self.cols {
                self.say_csi(&[self.cols + 1 - width], b'G');
                col = self.cols - width;
            }
            if self.painted.modes.insert && width > 0 {
                self.say_csi(&[width], b'@');
            }
            self.say(character.encode_utf8(&mut [0; 4]).as_bytes());
            col += width;
        }
    }

    /// Prints text of which it has to be known where it wraps.
    fn print_wide(&mut self, text: &str) {
        let (_, col) = self.position();
        let mut pen = Pen::new(self.cols);
        pen.col = col;
        cells::put_on_screen(&mut pen, text, self.attrs, &mut self.painted.out);
    }

    fn feed_line(&mut self) {
        if self.painted.modes.newline_returns {
            self.say(b"\r");
        }
        self.keep_row_before_feed();
        self.say(b"\n");
        self.ended += 1;
        self.painted.plain_lines += 1;
        if self.painted.plain_lines >= u32::from(self.rows) {
            self.painted.plain_lines = 0;
            self.try_lazy();
        }
    }

    fn tab(&mut self, count: u16) {
        if self.painted.stops.is_none() {
            for _ in 0..count.clamp(1, self.cols) {
                self.say(b"\t");
            }
            return;
        }
        let (_, mut col) = self.position();
        for _ in 0..count.clamp(1, self.cols) {
            col = (col + 1..self.cols).find(|col| self.is_stop(*col)).unwrap_or(self.cols - 1);
        }
        self.say_csi(&[col + 1], b'G');
    }

    fn tab_back(&mut self, count: u16) {
        let (_, mut col) = self.position();
        for _ in 0..count.clamp(1, self.cols) {
            col = (0..col).rev().find(|col| self.is_stop(*col)).unwrap_or(0);
        }
        self.say_csi(&[col + 1], b'G');
    }

    fn is_stop(&self, col: u16) -> bool {
        match &self.painted.stops {
            Some(stops) => stops.get(usize::from(col)).copied().unwrap_or(false),
            None => col.is_multiple_of(8),
        }
    }

    fn set_stop(&mut self, on: bool) {
        let (_, col) = self.position();
        let stops = self
            .painted
            .stops
            .get_or_insert_with(|| (0..self.cols).map(|col| col.is_multiple_of(8)).collect());
        if let Some(stop) = stops.get_mut(usize::from(col)) {
            *stop = on;
        }
    }

    fn control(&mut self, csi: &Csi) {
        let first = csi.param(0);
        match (csi.private, csi.intermediate, csi.last) {
            (0, 0, b'M') => self.delete_lines(first),
            (0, 0, b'S') => self.scroll_up(first),
            (0, 0, b'@' | b'A'..=b'H' | b'L' | b'P' | b'T' | b'`' | b'd' | b'f') => {
                self.say_csi(&csi.params()[..csi.params().len().min(2)], csi.last);
            }
            (0, 0, b'X') => self.erase(first, b'X'),
            (0, 0, b'a') => self.say_csi(&[first], b'C'),
            (0, 0, b'e') => self.say_csi(&[first], b'B'),
            (0, 0, b'^') => self.say_csi(&[first], b'T'),
            (0, 0, b'I') => self.tab(first),
            (0, 0, b'Z') => self.tab_back(first),
            (0, 0, b'b') => {
                let (_, col) = self.position();
                if let Some(text) = self.repeated(first, col) {
                    self.print(&text);
                }
            }
            (0 | b'?', 0, b'J') => self.erase_display(first),
            (0 | b'?', 0, b'K') => self.erase(first, b'K'),
            (0, 0, b'r') => self.set_region(first, csi.param(1)),
            (0, 0, b's') if csi.params().is_empty() => self.escape(b'7'),
            (0, 0, b'u') if csi.params().is_empty() => self.escape(b'8'),
            (0, 0, b'g') => match first {
                0 => self.set_stop(false),
                3 => self.painted.stops = Some(vec![false; usize::from(self.cols)]),
                _ => {}
            },
            (b'?', 0, b'W') if first == 5 => self.painted.stops = None,
            (0, 0, b'h' | b'l') => {
                for &mode in csi.params() {
                    match mode {
                        4 => self.painted.modes.insert = csi.last == b'h',
                        20 => self.painted.modes.newline_returns = csi.last == b'h',
                        _ => {}
                    }
                }
            }
            (b'?', 0, b'h' | b'l') => {
                for &mode in csi.params() {
                    self.set_mode(mode, csi.last == b'h');
                }
            }
            (0, b'!', b'p') => self.soft_reset(),
            (0, b' ', b'q') => {
                self.say(b"\x1b[");
                push_decimal(first, &mut self.painted.out);
                self.say(b" q");
            }
            _ => {}
        }
    }

    fn set_mode(&mut self, mode: u16, on: bool) {
        match mode {
            1 | 9 | 25 | 1000 | 1002 | 1003 | 1005 | 1006 | 2004 => self.say_mode(mode, on),
            3 => {
                self.settle_screen();
                self.painted.cleared = true;
                self.say(b"\x1b[H\x1b[2J");
            }
            6 => {
                self.painted.grid().origin = on;
                self.say_mode(6, on);
            }
            7 => self.painted.modes.no_wrap = !on,
            66 => self.escape(if on { b'=' } else { b'>' }),
            1004 => self.painted.asked.focus = on,
            1007 => self.painted.asked.still_wheel = !on,
            2026 if on => self.hold(),
            2026 => self.release(),
            47 | 1047 | 1049 if on => self.enter_alternate(mode),
            47 | 1047 | 1049 => self.leave_alternate(mode),
            1048 => self.escape(if on { b'7' } else { b'8' }),
            _ => {}
        }
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'7' => {
                let saved = self.position();
                self.painted.saved_attrs = self.attrs;
                let grid = self.painted.grid();
                grid.saved = saved;
                grid.saved_origin = grid.origin;
                self.say(b"\x1b7");
            }
            b'8' => {
                self.attrs = self.painted.saved_attrs;
                let grid = self.painted.grid();
                grid.origin = grid.saved_origin;
                self.say(b"\x1b8");
            }
            b'D' => {
                self.keep_row_before_feed();
                self.say(b"\n");
            }
            b'E' => {
                self.keep_row_before_feed();
                self.say(b"\r\n");
            }
            b'H' => self.set_stop(true),
            b'M' => self.say(b"\x1bM"),
            b'=' => self.say(b"\x1b="),
            b'>' => self.say(b"\x1b>"),
            b'c' => {
                self.settle_all();
                self.say(b"\x1bc");
                self.flush();
                self.release();
                self.painted = Painted { cleared: true, ..Painted::default() };
                self.attrs = Attrs::default();
            }
            _ => {}
        }
    }

    /// Erases in the background only, as terminals do; vt100 would erase in all attributes.
    #[inline]
    fn erase(&mut self, how: u16, last: u8) {
        let attrs = self.attrs;
        let aside = attrs != attrs.only_background();
        if aside {
            self.say(b"\x1b[m");
            attrs.only_background().write(&mut self.painted.out);
        }
        self.say_csi(&[how], last);
        if aside {
            self.say(b"\x1b[m");
            attrs.write(&mut self.painted.out);
        }
    }

    fn scroll_up(&mut self, count: u16) {
        if let Some((top, bottom)) = self.painted.inner_region() {
            self.keep_rows(top, count.clamp(1, bottom - top + 1));
        }
        self.say_csi(&[count], b'S');
    }

    fn delete_lines(&mut self, count: u16) {
        if self.painted.came == Came::Home
            && self.painted.main.region.is_none()
            && self.standing_rows() <= count
        {
            self.painted.cleared |= self.painted.under.is_none();
            self.settle_screen();
        }
        self.say_csi(&[count], b'M');
    }

    fn erase_display(&mut self, how: u16) {
        let all = match how {
            0 => self.painted.came == Came::Home && self.position() == (0, 0),
            1 => self.ends_at_cursor(),
            _ => how == 2,
        };
        // A shell erases the blank screen below its first prompt: that clears nothing.
        let clears = how >= 2 || (all && !self.is_blank());
        self.painted.cleared |= clears && self.painted.under.is_none();
        if all {
            self.settle_screen();
        }
        if how < 3 {
            self.erase(how, b'J');
        }
    }

    /// Whether nothing stands on the screen.
    fn is_blank(&mut self) -> bool {
        self.standing_rows() == 0
    }

    /// How many rows there are down to the last on which something stands.
    fn standing_rows(&mut self) -> u16 {
        self.flush();
        self.parser.as_ref().map_or(0, |parser| shown::end(parser.screen()))
    }

    /// Whether nothing stands behind the cursor.
    fn ends_at_cursor(&mut self) -> bool {
        let (row, col) = self.position();
        let Some(parser) = &self.parser else { return true };
        shown::end(parser.screen()) <= row + 1
            && shown::is_blank_from(parser.screen(), row, col.saturating_add(1))
    }

    fn set_region(&mut self, first: u16, last: u16) {
        let top = first.max(1) - 1;
        let bottom = if last == 0 { self.rows } else { last.min(self.rows) } - 1;
        if top >= bottom {
            return;
        }
        let whole = top == 0 && bottom == self.rows - 1;
        self.painted.grid().region = (!whole).then_some((top, bottom));
        self.say_csi(&[top + 1, bottom + 1], b'r');
        self.say(b"\x1b[H");
    }

    fn soft_reset(&mut self) {
        let (row, col) = self.position();
        self.painted.modes = Modes::default();
        *self.painted.grid() = Grid::default();
        self.attrs = Attrs::default();
        self.painted.saved_attrs = Attrs::default();
        self.say(b"\x1b[m\x1b[?6l\x1b[r\x1b[?25h\x1b[?1l\x1b>\x1b[H\x1b7");
        self.say_csi(&[row + 1, col + 1], b'H');
    }

    /// Fills the screen with E, to adjust a picture tube.
    fn align(&mut self) {
        self.settle_screen();
        self.painted.grid().region = None;
        self.painted.grid().origin = false;
        self.say(b"\x1b[m\x1b[?6l\x1b[r");
        for row in 1..=self.rows {
            self.say_csi(&[row, 1], b'H');
            let row = vec![b'E'; usize::from(self.cols)];
            self.say(&row);
        }
        self.say(b"\x1b[H");
        let attrs = self.attrs;
        attrs.write(&mut self.painted.out);
    }

    fn enter_alternate(&mut self, mode: u16) {
        if self.painted.under.is_some() {
            return;
        }
        let (row, col) = self.position();
        let Some(parser) = &self.parser else { return };
        let screen = parser.screen();
        let mut lines = shown::lines(screen, shown::end(screen).max(row + 1));
        let pending = parser.callbacks().pending.clone();
        lines[0].bytes.splice(0..0, pending.iter().copied());
        let cursor = (row, col);
        self.painted.under =
            Some(Under { lines, pending: pending.len(), cursor, cols: self.cols, resized: false });
        if mode == 1049 {
            self.painted.was_alternate = true;
            self.painted.saved_attrs = self.attrs;
            self.painted.main.saved = cursor;
            self.painted.main.saved_origin = self.painted.main.origin;
            self.painted.alternate = Grid::default();
            self.say_mode(1049, true);
        } else {
            self.say_mode(47, true);
        }
        self.say_csi(&[row + 1, col + 1], b'H');
    }

    fn leave_alternate(&mut self, mode: u16) {
        if self.painted.under.is_none() {
            // As in tmux: the cursor goes back again to where it was before the alternate screen.
            if mode == 1049 && self.painted.was_alternate {
                self.escape(b'8');
            }
            return;
        }
        if mode == 1047 {
            self.erase(2, b'J');
        }
        let (row, col) = self.position();
        let under = self.painted.under.take();
        self.say_mode(47, false);
        self.flush();
        if let Some(under) = under.filter(|under| under.resized) {
            self.uncover(under);
        }
        if mode == 1049 {
            self.escape(b'8');
        } else {
            self.say_csi(&[row + 1, col + 1], b'H');
        }
    }

    /// Where the cursor is, once the parser has heard everything.
    fn position(&mut self) -> (u16, u16) {
        self.flush();
        self.parser.as_ref().map_or((0, 0), |parser| parser.screen().cursor_position())
    }

    /// Tells the parser what it has yet to hear, and gives the history what left the screen.
    pub(super) fn flush(&mut self) {
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
    pub(super) fn pass(&mut self, stretch: &[u8]) {
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
    pub(super) fn fetch_lines(&mut self) {
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

    pub(super) fn painted_chunk_begins(&mut self) {
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

    pub(super) fn painted_chunk_ends(&mut self) {
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

    /// The whole main screen becomes history, because it is about to be erased.
    fn settle_screen(&mut self) {
        self.flush();
        if self.painted.under.is_some() {
            return;
        }
        let Some(parser) = &mut self.parser else { return };
        let screen = parser.screen();
        let end = shown::end(screen);
        let lines = shown::lines(screen, end);
        let listener = parser.callbacks_mut();
        let mut pending = std::mem::take(&mut listener.pending);
        if end == 0 && !pending.is_empty() {
            self.history.push(&pending, Kind::Output, self.now);
        }
        for line in lines {
            let last_row = usize::from(line.row + line.rows - 1);
            let at = listener.times.get(last_row).copied().unwrap_or(self.now);
            pending.extend_from_slice(&line.bytes);
            self.history.push(&pending, Kind::Output, at);
            pending.clear();
        }
        self.floor = self.history.end();
    }

    /// All that stands on the main screen becomes history, also if the alternate one is shown now.
    pub(super) fn settle_all(&mut self) {
        self.flush();
        let Some(under) = self.painted.under.take() else { return self.settle_screen() };
        for line in under.standing() {
            self.history.push(&line.bytes, Kind::Output, self.now);
        }
        if let Some(parser) = &mut self.parser {
            parser.callbacks_mut().pending.clear();
        }
        self.floor = self.history.end();
    }

    /// The lines above the one under way leave the screen, so that a note can stand between them and what comes.
    pub(super) fn lift_rows(&mut self) {
        let (mut row, _) = self.position();
        if self.painted.under.is_some() || self.painted.main.region.is_some() {
            return;
        }
        let Some(parser) = &self.parser else { return };
        while row > 0 && parser.screen().row_wrapped(row - 1) {
            row -= 1;
        }
        if row > 0 {
            self.say_csi(&[row], b'S');
            self.say_csi(&[row], b'A');
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
    pub(super) fn is_unchanged(&self, parser: &super::face::Parser) -> bool {
        let new = vt100::Parser::new(super::face::side(2), super::face::side(2), 0);
        let screen = parser.screen();
        self.painted.is_unchanged()
            && !screen.hide_cursor()
            && screen.input_mode_formatted() == new.screen().input_mode_formatted()
    }

    /// The parser panicked: what can still be read of its screen becomes history, and there is a new one.
    pub(super) fn screen_was_reset(&mut self) {
        self.panics += 1;
        let old = self.parser.take();
        let mut lines = Vec::new();
        let mut modes = String::new();
        let mut alternate = false;
        if let Some(old) = &old {
            self.rescue(old);
            alternate = old.screen().alternate_screen();
            modes = contain(|| old.screen().input_mode_formatted()).unwrap_or_default();
        }
        match self.mode {
            Mode::Lazy => {
                if !self.partial.is_empty() {
                    self.end_partial();
                }
            }
            Mode::Painted => {
                if let Some(under) = self.painted.under.take() {
                    lines = under.lines;
                }
            }
        }
        for line in lines {
            self.history.push(&line.bytes, Kind::Output, self.now);
        }
        self.history.push(b"screen was reset", Kind::Note, self.now);
        self.base = self.history.end();
        self.floor = self.base;
        self.heard = (self.base, 0);
        self.painted = Painted::default();
        self.attrs = Attrs::default();
        let mut parser = self.new_parser();
        if contain(|| parser.process(modes.as_bytes())).is_none() {
            parser = self.new_parser();
        }
        self.parser = Some(parser);
        if alternate && self.mode == Mode::Painted {
            self.enter_alternate(1049);
        }
    }

    /// Saves what can be read of a broken parser.
    fn rescue(&mut self, old: &super::face::Parser) {
        if self.mode == Mode::Lazy {
            return;
        }
        let listener = old.callbacks();
        let mut start = 0;
        for (end, kind, at) in &listener.lines {
            self.history.push(&listener.bytes[start..*end], *kind, *at);
            start = *end;
        }
        let mut pending = listener.pending.clone();
        let screen = old.screen();
        let lines = if screen.alternate_screen() {
            Vec::new()
        } else {
            contain(|| shown::lines(screen, shown::end(screen))).unwrap_or_default()
        };
        for line in lines {
            pending.extend_from_slice(&line.bytes);
            self.history.push(&pending, Kind::Output, self.now);
            pending.clear();
        }
        if !pending.is_empty() {
            self.history.push(&pending, Kind::Output, self.now);
        }
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
