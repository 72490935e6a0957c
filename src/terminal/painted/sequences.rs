//! What control sequences do on a painted screen: those that vt100 has are said to it, what it lacks is done here. Not: what becomes
//! history by them (`leaving`), and not: the alternate screen.

use super::{Grid, Modes, Painted};
use crate::terminal::attrs::{Attrs, push_decimal};
use crate::terminal::body::Body;
use crate::terminal::filter::Csi;

impl Body {
    pub(super) fn control(&mut self, csi: &Csi) {
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

    pub(super) fn escape(&mut self, byte: u8) {
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
    pub(super) fn align(&mut self) {
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
}
