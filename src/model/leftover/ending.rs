//! How what is left is ended: TERM, KILL, patience; or spared. Not: who decides that it must end (`stop`, `reconcile`).

use std::time::Duration;

use crate::config::Reach;
use crate::model::turn::Turn;
use crate::model::{By, Delivery, Effect, InstanceId, RecordKind, Time, signal};

use super::looks::BUSY_PAUSE;
use super::{Care, GIVE_UP_AFTER, Leader, Leftover, NUDGE_AFTER};

impl Leftover {
    /// It must end: TERM soon, KILL after `grace`. What the hang-up of its terminal is just ending gets the time for it.
    pub(in crate::model) fn end(&mut self, grace: Duration, turn: &mut Turn) {
        match self.care {
            Care::Watched if self.has_left_group() => self.spare(turn),
            Care::Watched => {
                let nudge_at = (self.since + NUDGE_AFTER).max(turn.now.mono);
                self.care = Care::Ending { nudge_at: Some(nudge_at), kill_at: turn.grace(grace) };
                self.look_soon(turn);
            }
            Care::Ending { .. } | Care::Spared { .. } => self.shorten(turn),
            Care::Killed { .. } | Care::GivenUp => {}
        }
    }

    /// No grace is longer than the limit of the turn.
    pub(in crate::model) fn shorten(&mut self, turn: &Turn) {
        match self.care {
            Care::Ending { nudge_at, kill_at } => {
                let kill_at = turn.limit.map_or(kill_at, |limit| kill_at.min(limit));
                self.care = Care::Ending { nudge_at, kill_at };
            }
            Care::Spared { quiet_by: Some(quiet_by) } => {
                let quiet_by = turn.limit.map_or(quiet_by, |limit| quiet_by.min(limit));
                self.care = Care::Spared { quiet_by: Some(quiet_by) };
            }
            Care::Watched | Care::Killed { .. } | Care::GivenUp | Care::Spared { quiet_by: None } => {}
        }
    }

    /// A hook that did its work: what it leaves behind may live until the instance is stopped or started.
    pub(in crate::model) fn watch(&mut self) {
        match self.care {
            Care::Ending { .. } => self.care = Care::Watched,
            Care::Watched | Care::Killed { .. } | Care::GivenUp | Care::Spared { .. } => {}
        }
    }

    /// Nobody needs this hook any longer: it gets TERM after `pause`, and KILL when `grace` has passed too.
    pub(in crate::model) fn abort(&mut self, pause: Duration, grace: Duration, turn: &Turn) {
        let soon = turn.grace(pause.saturating_add(grace));
        match self.care {
            Care::Watched => {
                self.care = Care::Ending { nudge_at: Some(turn.now.mono + pause), kill_at: soon }
            }
            Care::Ending { nudge_at: Some(nudge_at), kill_at } => {
                let nudge_at = Some(nudge_at.min(turn.now.mono + pause));
                self.care = Care::Ending { nudge_at, kill_at: kill_at.min(soon) };
            }
            Care::Ending { nudge_at: None, .. }
            | Care::Killed { .. }
            | Care::GivenUp
            | Care::Spared { .. } => {}
        }
    }

    /// KILL at once, also for what was given up before.
    pub(in crate::model) fn kill(&mut self, turn: &mut Turn) {
        if self.has_left_group() {
            self.spare(turn);
            return;
        }
        self.care = Care::Killed { give_up_at: turn.now.mono + GIVE_UP_AFTER };
        self.send_kill(turn);
        self.look_now(turn);
    }

    /// Does what is due.
    pub(in crate::model) fn tick(&mut self, owner: InstanceId, address: &str, turn: &mut Turn) {
        if let Some(look) = self.look.filter(|look| turn.is_due(look.at)) {
            turn.push(Effect::Survey { run: self.run });
            self.plan_look(look.pause.saturating_mul(2), turn);
        }
        if self.orphan_look_at().is_some_and(|at| turn.is_due(at)) {
            self.orphan_ended(turn);
        }
        match self.care {
            Care::Ending { kill_at, .. } if turn.is_due(kill_at) => self.kill(turn),
            Care::Ending { nudge_at: Some(nudge_at), kill_at } if turn.is_due(nudge_at) => {
                self.care = Care::Ending { nudge_at: None, kill_at };
                self.send_term(turn);
            }
            Care::Killed { give_up_at } if turn.is_due(give_up_at) => self.give_up(owner, address, turn),
            Care::Spared { quiet_by: Some(quiet_by) } if turn.is_due(quiet_by) => {
                self.quiet();
                self.care = Care::Spared { quiet_by: None };
            }
            Care::Watched
            | Care::Ending { .. }
            | Care::Killed { .. }
            | Care::GivenUp
            | Care::Spared { .. } => {}
        }
    }

    /// When something is due.
    pub(in crate::model) fn deadline(&self) -> Option<Time> {
        let care = match self.care {
            Care::Ending { nudge_at, kill_at } => {
                Some(nudge_at.map_or(kill_at, |nudge_at| nudge_at.min(kill_at)))
            }
            Care::Killed { give_up_at } => Some(give_up_at),
            Care::Spared { quiet_by } => quiet_by,
            Care::Watched | Care::GivenUp => None,
        };
        care.into_iter().chain(self.look.map(|look| look.at)).chain(self.orphan_look_at()).min()
    }

    /// When it gets KILL.
    pub(in crate::model) fn kill_at(&self) -> Option<Time> {
        match self.care {
            Care::Ending { kill_at, .. } => Some(kill_at),
            Care::Watched | Care::Killed { .. } | Care::GivenUp | Care::Spared { .. } => None,
        }
    }

    /// Nobody waits long for the last words of a chatterer.
    pub(super) fn spare(&mut self, turn: &Turn) {
        match self.care {
            Care::Watched | Care::Ending { .. } | Care::Killed { .. } | Care::GivenUp => {
                self.care = Care::Spared { quiet_by: Some(turn.grace(GIVE_UP_AFTER)) };
            }
            Care::Spared { .. } => {}
        }
    }

    /// Whether nothing is left of it but what left the group, and that is spared.
    pub(super) fn has_left_group(&self) -> bool {
        self.reach == Reach::Group && self.leader == Leader::Gone && self.in_group == Some(0)
    }

    /// Who of those that outlived the first process is meant.
    pub(super) fn reached(&self) -> Delivery {
        match self.reach {
            Reach::All => Delivery::Family,
            Reach::Group => Delivery::Group,
        }
    }

    fn send_term(&self, turn: &mut Turn) {
        match self.leader {
            Leader::Unborn => {}
            Leader::Alive => turn.signal(self.run, signal::TERM, Delivery::Group),
            Leader::Gone if self.left == Some(0) => {}
            Leader::Gone => turn.signal(self.run, signal::TERM, self.reached()),
        }
    }

    fn send_kill(&self, turn: &mut Turn) {
        match self.leader {
            Leader::Unborn => {}
            Leader::Alive if self.reach == Reach::Group => {
                turn.signal(self.run, signal::KILL, Delivery::Group);
            }
            Leader::Alive => turn.kill(self.run),
            Leader::Gone if self.left == Some(0) => {}
            Leader::Gone => turn.signal(self.run, signal::KILL, self.reached()),
        }
    }

    /// A terminal that somebody unknown floods does not keep a run open when its processes are gone.
    fn give_up(&mut self, owner: InstanceId, address: &str, turn: &mut Turn) {
        if self.leader == Leader::Gone && self.left == Some(0) {
            self.quiet();
            return;
        }
        self.care = Care::GivenUp;
        let meant = match self.reach {
            Reach::All => self.left,
            Reach::Group => self.in_group,
        };
        let count = meant.unwrap_or(1).max(1);
        turn.record(owner, address, Some(self.run), By::Zap, RecordKind::Left { count });
        if self.leader != Leader::Unborn {
            self.plan_look(BUSY_PAUSE, turn);
        }
    }
}
