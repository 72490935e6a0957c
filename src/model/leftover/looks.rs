//! When what is left is looked at: often while it is to end, seldom while it may live, and when an orphan has ended. Not: what
//! the look finds (`Leftover::surveyed`).

use std::time::Duration;

use crate::model::turn::Turn;
use crate::model::{Effect, Time};

use super::{Care, Leader, Leftover};

const FIRST_PAUSE: Duration = Duration::from_millis(20);
pub(super) const BUSY_PAUSE: Duration = Duration::from_millis(500);
const LAZY_PAUSE: Duration = Duration::from_secs(16);

/// Lazy looks fall on multiples of this, so that many lingerers cost one wake-up.
const LAZY_BEAT_MS: u64 = 2_000;

/// Looks because of orphans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Orphan {
    looked: Time,
    again: bool,
}

/// The next look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) at: Time,
    pub(super) pause: Duration,
}

impl Leftover {
    /// An orphan was reaped, perhaps its last one: a reason to look at once, unless that was done just now. The pace of its own looks
    /// stays as it is.
    pub(in crate::model) fn orphan_ended(&mut self, turn: &mut Turn) {
        if self.leader != Leader::Gone || self.left == Some(0) {
            return;
        }
        match &mut self.orphan {
            Some(orphan) if !turn.is_due(orphan.looked + FIRST_PAUSE) => orphan.again = true,
            Some(_) | None => {
                self.orphan = Some(Orphan { looked: turn.now.mono, again: false });
                turn.push(Effect::Survey { run: self.run });
            }
        }
    }

    /// When it is looked at since orphans ended one soon after the other.
    pub(super) fn orphan_look_at(&self) -> Option<Time> {
        let orphan = self.orphan.filter(|orphan| orphan.again)?;
        (self.leader == Leader::Gone && self.left != Some(0)).then(|| orphan.looked + FIRST_PAUSE)
    }

    /// A look at what is not born yet, answered late, would say of the born that nothing is left.
    pub(super) fn look_now(&mut self, turn: &mut Turn) {
        match (self.leader, self.left) {
            (Leader::Unborn, _) | (Leader::Gone, Some(0)) => return,
            (Leader::Alive | Leader::Gone, _) => {}
        }
        turn.push(Effect::Survey { run: self.run });
        self.plan_look(FIRST_PAUSE, turn);
    }

    pub(super) fn look_soon(&mut self, turn: &mut Turn) {
        if self.look.is_some_and(|look| look.at > turn.now.mono + FIRST_PAUSE) {
            self.look_now(turn);
        }
    }

    pub(super) fn plan_look(&mut self, pause: Duration, turn: &Turn) {
        let pause = match self.care {
            Care::Watched | Care::GivenUp | Care::Spared { .. } => pause.min(LAZY_PAUSE),
            Care::Ending { .. } | Care::Killed { .. } => pause.min(BUSY_PAUSE),
        };
        let at = turn.now.mono + pause;
        self.look = Some(Look { at: if pause > BUSY_PAUSE { on_the_beat(at) } else { at }, pause });
    }
}

fn on_the_beat(at: Time) -> Time {
    let ms = u64::try_from(at.0.as_millis()).unwrap_or(u64::MAX);
    Time(Duration::from_millis((ms / LAZY_BEAT_MS).saturating_add(1).saturating_mul(LAZY_BEAT_MS)))
}
