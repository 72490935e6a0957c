//! Taking the terminal and giving it back: Ctrl-Z, the background, the end. Not: lending it to somebody (`lend`).

use std::io;
use std::time::Duration;

use crate::app::engine::Engine;
use crate::app::message::{Control, Post};
use crate::sys::{Keys, Painter, Suspended, Tty};

use super::Screen;
use super::lend::Holder;

/// Who is woken in the background looks so much later whether it is still there, and stops again: a signal that came with the
/// one that woke it is heard first.
const SOON: Duration = Duration::from_millis(100);
/// Who cannot be stopped, or is about to end, looks so often.
const LATER: Duration = Duration::from_secs(1);

/// The threads that read and write the terminal.
pub(super) struct Hands {
    _keys: Keys,
    pub(super) painter: Painter,
}

impl Screen {
    /// Gives the terminal back at once, whatever was still to be drawn.
    pub(in crate::app) fn close(&mut self) {
        self.hands = None;
        self.give_back();
    }

    /// Shows the last frame and gives the terminal back.
    pub(in crate::app) fn farewell(&mut self, patience: Duration) {
        if let Some(hands) = self.hands.take() {
            hands.painter.drain(patience);
        }
        self.give_back();
    }

    /// Stops zap, not the jobs, and goes on when the shell says so. Deadlines stand still meanwhile.
    pub(super) fn suspend(&mut self, engine: &mut Engine) {
        self.hands = None;
        if self.stop(engine, Tty::suspend) == Some(Suspended::NobodyCouldContinue) {
            self.ui.note("nobody could continue zap here: it was not stopped");
        }
        self.take(engine);
    }

    /// Asks the shell for the terminal, which is its own way to stop; or looks again whether we have it.
    pub(super) fn ask_for_it(&mut self, engine: &mut Engine) {
        let ends = engine.view().quitting.is_some();
        if ends || self.tty.in_foreground() {
            return self.take(engine);
        }
        let outcome = self.stop(engine, Tty::ask_for_it);
        self.take(engine);
        if outcome != Some(Suspended::Continued) && self.again.is_some() {
            self.again = Some(engine.now().mono + LATER);
        }
    }

    /// Stops zap in one way or another; deadlines stand still meanwhile.
    pub(super) fn stop(
        &mut self,
        engine: &mut Engine,
        how: impl Fn(&Tty) -> io::Result<Suspended>,
    ) -> Option<Suspended> {
        let before = engine.now().mono;
        let outcome = how(&self.tty);
        engine.skip(engine.now().mono.since(before));
        outcome.inspect_err(|error| self.ui.note(format!("zap cannot be stopped: {error}"))).ok()
    }

    /// Somebody stopped zap and let it go on; what the shell did with the terminal meanwhile is its own affair.
    pub(super) fn continued(&mut self, engine: &mut Engine) {
        if self.holder == Holder::Guest {
            return self.keep_away();
        }
        if self.hands.is_some() && self.tty.is_kept() {
            self.redraw();
        } else {
            self.take(engine);
        }
    }

    /// Takes the terminal, whoever had it before; in the background we stay away from it until it is ours.
    pub(super) fn take(&mut self, engine: &mut Engine) {
        // What a thread told before it ended may come late.
        if self.holder == Holder::Guest {
            return;
        }
        self.holder = Holder::Us;
        self.hands = None;
        self.refused = None;
        if !self.tty.is_kept() {
            self.tty.forgo();
        }
        if !self.tty.in_foreground() {
            let patience = if engine.view().quitting.is_some() { LATER } else { SOON };
            self.again = Some(engine.now().mono + patience);
            return;
        }
        self.again = None;
        match self.tty.enter().and_then(|()| Hands::start(&self.tty, &self.post)) {
            Ok(hands) => {
                self.hands = Some(hands);
                self.terminal.backend_mut().taken_anew();
            }
            // A screen that can neither be read nor written is as good as gone.
            Err(error) => self.post.control(Control::Painted(Err(error))),
        }
        self.resized(engine);
        self.redraw();
    }

    /// Also from a guest, who was killed.
    fn give_back(&self) {
        if self.holder != Holder::Us {
            // It is as it was before zap, as far as that can be done.
            let _ = self.tty.regain();
        }
        self.tty.leave();
    }
}

impl Hands {
    pub(super) fn start(tty: &Tty, post: &Post) -> io::Result<Self> {
        let (typed, painted) = (post.clone(), post.clone());
        let keys = Keys::start(tty, move |key| typed.control(Control::Key(key)))?;
        let painter = Painter::start(tty, move |result| painted.control(Control::Painted(result)))?;
        Ok(Self { _keys: keys, painter })
    }
}
