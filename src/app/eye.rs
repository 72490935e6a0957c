//! Who watches: a screen, or lines in a script. Not: what they show.

use std::time::Duration;

use crate::config::{Bindings, Settings, Theme};
use crate::model::{Forecast, InstanceId, Now, Target, Time};
use crate::sys::News;
use crate::ui::{Depth, Terminals};
use crate::wire::Unseen;

use super::engine::Engine;
use super::lines::{Ink, Lines};
use super::message::Control;
use super::screen::Screen;

/// How zap is watched.
pub enum Watch {
    /// A full screen on our own terminal.
    Screen {
        /// How it looks.
        theme: Box<Theme>,
        /// What the file says about keys.
        keys: Bindings,
        /// How many colours the terminal shows.
        colours: Depth,
        /// Whether it shows more than ASCII.
        utf8: bool,
    },
    /// Lines on standard output, until nothing is left to do.
    Lines {
        /// The jobs whose end ends zap, with their code.
        until: Option<Vec<Target>>,
        /// What standard output can show.
        ink: Ink,
    },
}

/// What keys wish about the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileWish {
    /// To see what reading it again would do.
    Propose,
    /// To do what was proposed.
    Apply,
    /// Not to do it.
    Discard,
}

/// The one that watches.
pub(super) enum Eye {
    Screen(Box<Screen>),
    Lines(Lines),
}

impl Eye {
    /// Something that concerns the eye alone.
    pub(super) fn control(&mut self, message: Control, engine: &mut Engine) {
        match self {
            Self::Screen(screen) => screen.control(message, engine),
            // Nothing that comes to the loop concerns lines.
            Self::Lines(_) => {}
        }
    }

    /// What became of a process. Whether it is one that the eye has called, which is nobody else's business.
    pub(super) fn hear(&mut self, news: &News, engine: &mut Engine) -> bool {
        match self {
            Self::Screen(screen) => screen.hear(news, engine),
            // Nobody can call anybody there.
            Self::Lines(_) => false,
        }
    }

    /// An instance printed this.
    pub(super) fn output(&mut self, instance: InstanceId, bytes: &[u8], now: Now) {
        match self {
            Self::Screen(screen) => screen.output(instance, bytes, now),
            Self::Lines(lines) => lines.output(instance, bytes, now),
        }
    }

    /// Whether more output can be shown; else the jobs are held back.
    pub(super) fn accepts(&self) -> bool {
        match self {
            Self::Screen(_) => true,
            Self::Lines(lines) => lines.accepts(),
        }
    }

    /// Something happened to jobs.
    pub(super) fn changed(&mut self) {
        match self {
            Self::Screen(screen) => screen.changed(),
            Self::Lines(lines) => lines.changed(),
        }
    }

    /// What runs use was measured.
    pub(super) fn measured(&mut self) {
        match self {
            Self::Screen(screen) => screen.measured(),
            // Lines do not tell it.
            Self::Lines(_) => {}
        }
    }

    /// Counts the errors among what nobody has seen of these, of a few at a time: the rest stay in the list.
    pub(super) fn recount_these(&mut self, ids: &mut Vec<InstanceId>, engine: &mut Engine) {
        match self {
            Self::Screen(screen) => screen.recount_these(ids, engine),
            Self::Lines(_) => ids.clear(),
        }
    }

    /// What this eye has not seen of an output, as far as it was counted.
    pub(super) fn unseen(&self, instance: InstanceId, terminals: &Terminals) -> Unseen {
        match self {
            Self::Screen(screen) => screen.unseen(instance, terminals),
            // All that comes is printed.
            Self::Lines(_) => Unseen { output: Some(false), errors: Some(0), novel: None },
        }
    }

    /// An instance is gone.
    pub(super) fn forget(&mut self, instance: InstanceId) {
        match self {
            Self::Screen(screen) => screen.forget(instance),
            Self::Lines(lines) => lines.forget(instance),
        }
    }

    /// When the eye wants to be woken.
    pub(super) fn deadline(&self) -> Option<Time> {
        match self {
            Self::Screen(screen) => screen.deadline(),
            Self::Lines(lines) => lines.deadline(),
        }
    }

    /// Shows what is due to be shown.
    pub(super) fn show(&mut self, engine: &mut Engine) {
        match self {
            Self::Screen(screen) => screen.show(engine),
            Self::Lines(lines) => lines.show(engine),
        }
    }

    /// From now on these settings hold.
    pub(super) fn change(&mut self, settings: &Settings, theme: Theme, keys: Bindings) {
        match self {
            Self::Screen(screen) => screen.change(settings, theme, keys),
            // Neither keys nor colours of a theme are among lines.
            Self::Lines(_) => {}
        }
    }

    /// Asks whether what a reload would do is wished.
    pub(super) fn propose(&mut self, forecast: Forecast) {
        match self {
            Self::Screen(screen) => screen.propose(forecast),
            // Nobody can ask for it there.
            Self::Lines(_) => {}
        }
    }

    /// What was asked about is out of date.
    pub(super) fn withdraw(&mut self) {
        match self {
            Self::Screen(screen) => screen.withdraw(),
            Self::Lines(_) => {}
        }
    }

    /// Something is wrong with zap itself.
    pub(super) fn note(&mut self, text: &str) {
        match self {
            Self::Screen(screen) => screen.note(text),
            // Its lines are those of the jobs: the log and the socket tell it.
            Self::Lines(_) => {}
        }
    }

    /// Something is wrong with zap itself, until [`Self::calm`].
    pub(super) fn warn(&mut self, text: &str) {
        match self {
            Self::Screen(screen) => screen.warn(text),
            Self::Lines(_) => {}
        }
    }

    /// What was wrong is over, as this message tells.
    pub(super) fn calm(&mut self, text: &str) {
        match self {
            Self::Screen(screen) => screen.calm(text),
            Self::Lines(_) => {}
        }
    }

    /// A reload has done this.
    pub(super) fn tell_reload(&mut self, forecast: &Forecast) {
        match self {
            Self::Screen(screen) => screen.tell_reload(forecast),
            // What becomes of each job is told there.
            Self::Lines(_) => {}
        }
    }

    /// What keys wished about the file since this was last asked.
    pub(super) fn take_wishes(&mut self) -> Vec<FileWish> {
        match self {
            Self::Screen(screen) => screen.take_wishes(),
            Self::Lines(_) => Vec::new(),
        }
    }

    /// The code that the eye wants zap to end with, if everything was stopped as asked.
    pub(super) fn verdict(&self) -> Option<u8> {
        match self {
            Self::Screen(_) => None,
            Self::Lines(lines) => lines.verdict(),
        }
    }

    /// Shows nothing any more.
    pub(super) fn close(&mut self) {
        match self {
            Self::Screen(screen) => screen.close(),
            Self::Lines(_) => {}
        }
    }

    /// The last thing that is shown before zap ends; waits for a slow terminal no longer than this.
    pub(super) fn farewell(&mut self, patience: Duration) {
        match self {
            Self::Screen(screen) => screen.farewell(patience),
            Self::Lines(lines) => lines.farewell(patience),
        }
    }
}
