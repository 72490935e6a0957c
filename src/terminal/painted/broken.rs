//! The parser panicked: what can still be read of its screen becomes history, and there is a new one. Not: how the panic is
//! kept from ending zap (`contain`).

use super::Painted;
use crate::terminal::attrs::Attrs;
use crate::terminal::body::{Body, Mode, Parser};
use crate::terminal::contain::contain;
use crate::terminal::history::Kind;
use crate::terminal::shown;

impl Body {
    /// The parser panicked: what can still be read of its screen becomes history, and there is a new one.
    pub(in crate::terminal) fn screen_was_reset(&mut self) {
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
    fn rescue(&mut self, old: &Parser) {
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
}
