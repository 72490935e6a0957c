//! How zap ends: everything stops in the right order, within one grace for all; the second wish is KILL. Not: the stop of one
//! instance (`stop`).

use crate::model::instance::Wish;
use crate::model::leftover::GIVE_UP_AFTER;
use crate::model::phase::{Phase, Reason};
use crate::model::turn::Turn;
use crate::model::{Effect, Now, Supervisor, Time};

/// zap ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quit {
    /// When that began.
    pub(super) since: Now,
    /// How many instances were alive then.
    pub(super) alive: u32,
    /// How far it is.
    pub(super) stage: Stage,
}

/// How far quitting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Everything was asked to end.
    Asked {
        /// When everything gets KILL.
        kill_at: Time,
    },
    /// Everything got KILL.
    Killed {
        /// When.
        at: Time,
        /// When zap ends, whatever is left.
        give_up_at: Time,
    },
    /// `Finish` was said.
    Finished {
        /// When everything got, or would have got, KILL.
        kill_at: Time,
    },
}

impl Quit {
    /// When everything gets KILL, or got it.
    pub(super) fn kill_at(&self) -> Time {
        match self.stage {
            Stage::Asked { kill_at } | Stage::Finished { kill_at } => kill_at,
            Stage::Killed { at, .. } => at,
        }
    }

    /// When something is due.
    pub(super) fn deadline(&self) -> Option<Time> {
        match self.stage {
            Stage::Asked { kill_at } => Some(kill_at),
            Stage::Killed { give_up_at, .. } => Some(give_up_at),
            Stage::Finished { .. } => None,
        }
    }
}

impl Supervisor {
    /// Whether zap is about to end.
    pub(super) fn is_quitting(&self) -> bool {
        self.quitting.is_some()
    }

    /// The first wish asks everything to end; the second is KILL.
    pub(super) fn quit(&mut self, turn: &mut Turn) {
        match self.quitting.map(|quit| quit.stage) {
            None => self.begin_quit(turn),
            Some(Stage::Asked { .. }) => self.kill_everything(turn),
            Some(Stage::Killed { .. } | Stage::Finished { .. }) => {}
        }
    }

    /// KILL for everything, and the end, when they are due.
    pub(super) fn tick_quit(&mut self, turn: &mut Turn) {
        match self.quitting.map(|quit| quit.stage) {
            Some(Stage::Asked { kill_at }) if turn.is_due(kill_at) && self.alive() > 0 => {
                self.kill_everything(turn);
            }
            Some(Stage::Killed { give_up_at, .. }) if turn.is_due(give_up_at) => self.finish(turn),
            None | Some(Stage::Asked { .. } | Stage::Killed { .. } | Stage::Finished { .. }) => {}
        }
    }

    /// zap may end when nothing is left, or nothing that could be ended.
    pub(super) fn finish_if_all_ended(&mut self, turn: &mut Turn) {
        match self.quitting.map(|quit| quit.stage) {
            Some(Stage::Asked { .. } | Stage::Killed { .. }) if self.alive() == 0 => self.finish(turn),
            None | Some(Stage::Asked { .. } | Stage::Killed { .. } | Stage::Finished { .. }) => {}
        }
    }

    /// How many instances have something that must end before zap does.
    pub(super) fn alive(&self) -> u32 {
        (0..self.instances.len()).filter(|&index| self.is_alive(index)).count() as u32
    }

    /// Whether an instance has something that must end before zap does.
    pub(super) fn is_alive(&self, index: usize) -> bool {
        let instance = &self.instances[index];
        match instance.phase {
            Phase::Starting { .. } | Phase::Running { .. } | Phase::Stopping { .. } => true,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => !instance.is_clear_or_given_up(),
        }
    }

    fn begin_quit(&mut self, turn: &mut Turn) {
        let kill_at = turn.now.mono + self.plan.settings.stop_timeout;
        self.quitting = Some(Quit { since: turn.now, alive: self.alive(), stage: Stage::Asked { kill_at } });
        turn.limit = Some(kill_at);
        for instance in &mut self.instances {
            instance.wish = Wish::Down;
            instance.shorten(kill_at);
            if instance.phase.live().is_none() {
                instance.end_leftovers(turn);
            }
            instance.shorten_leftovers(turn);
            match instance.phase {
                // How they ended is worth seeing to the last.
                Phase::Done { .. } | Phase::Failed { .. } => {}
                Phase::Stopped(_)
                | Phase::Waiting
                | Phase::Scheduled
                | Phase::Preparing { .. }
                | Phase::Held { .. }
                | Phase::Starting { .. }
                | Phase::Running { .. }
                | Phase::Stopping { .. }
                | Phase::Backoff { .. } => instance.stop(Reason::Quit, turn),
            }
        }
    }

    fn kill_everything(&mut self, turn: &mut Turn) {
        let at = turn.now.mono;
        self.set_stage(Stage::Killed { at, give_up_at: at + GIVE_UP_AFTER });
        for instance in &mut self.instances {
            instance.kill_for_quit(turn);
        }
    }

    fn finish(&mut self, turn: &mut Turn) {
        if let Some(kill_at) = self.quitting.map(|quit| quit.kill_at()) {
            self.set_stage(Stage::Finished { kill_at });
            turn.push(Effect::Finish { code: 0 });
        }
    }

    fn set_stage(&mut self, stage: Stage) {
        if let Some(quit) = &mut self.quitting {
            quit.stage = stage;
        }
    }
}
