//! What is left of a run whose leader ended, and a hook from its first breath: watched, or ended with TERM, KILL and
//! patience. `ending`: how it is ended; `looks`: when it is looked at. Not: whether the instance may go on without it
//! (`reconcile`).
//!
//! behaviour.md, End, restart: whatever still holds the terminal is *lingering*; its output still belongs to that run, a stop
//! or restart ends it first, and `stopped` means that nothing is left.

mod ending;
mod looks;

use std::time::Duration;

use crate::config::Reach;
use crate::model::turn::Turn;
use crate::model::{Audience, Delivery, Effect, HookKind, RunId, Time, signal};

use looks::{Look, Orphan};

/// What got a signal with its group is given this long before it is told again by name: the members of the group are told
/// once only, what escaped from the group hears it here.
pub(super) const NUDGE_AFTER: Duration = Duration::from_millis(100);

/// After KILL nobody waits longer than this for what cannot be ended (uninterruptible, another user's).
pub(super) const GIVE_UP_AFTER: Duration = Duration::from_secs(2);

/// What is left of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leftover {
    /// Which run.
    pub(super) run: RunId,
    /// What it was.
    pub(super) origin: Origin,
    /// The command, if it only asks something: nothing is lost when nobody hears the answer.
    question: Option<Box<[String]>>,
    /// Its first process.
    pub(super) leader: Leader,
    /// Its terminal.
    pub(super) terminal: Terminal,
    /// How many processes are alive, by the last look.
    pub(super) left: Option<u32>,
    /// How many of these did not leave the group of the first one.
    in_group: Option<u32>,
    /// What is done about it.
    pub(super) care: Care,
    /// Who of it has to end: all, or the members of its group (`stop.reach`).
    reach: Reach,
    since: Time,
    look: Option<Look>,
    /// When it was last looked at because an orphan had ended, and whether one has since.
    orphan: Option<Orphan>,
}

/// What a leftover was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A run, by its number within the instance.
    Run(u32),
    /// A hook.
    Hook(HookKind),
}

/// The first process of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leader {
    /// Asked for, not there yet.
    Unborn,
    /// Not reaped yet.
    Alive,
    /// Reaped.
    Gone,
}

/// The terminal of a run whose leader ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Terminal {
    /// More may come at any moment.
    Open,
    /// Somebody holds it, but says nothing; or it does not matter.
    Quiet,
    /// Nobody holds it.
    Drained,
}

/// What is done about a leftover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// It may live.
    Watched,
    /// It must end.
    Ending {
        /// When it gets TERM, if it did not yet.
        nudge_at: Option<Time>,
        /// When it gets KILL.
        kill_at: Time,
    },
    /// It got KILL.
    Killed {
        /// When nobody waits for it any longer.
        give_up_at: Time,
    },
    /// Nothing that zap may do ends it.
    GivenUp,
    /// It may live for ever (`stop.reach`): nobody waits for it but for its last words.
    Spared {
        /// Until when these are waited for.
        quiet_by: Option<Time>,
    },
}

impl Leftover {
    /// What a run leaves when its leader was reaped; looks at it at once.
    pub(super) fn of_run(
        run: RunId,
        number: u32,
        terminal: Terminal,
        care: Care,
        reach: Reach,
        turn: &mut Turn,
    ) -> Self {
        if terminal == Terminal::Open {
            turn.push(Effect::AwaitQuiet { run });
        }
        let mut leftover = Self {
            run,
            origin: Origin::Run(number),
            question: None,
            leader: Leader::Gone,
            terminal,
            left: None,
            in_group: None,
            care,
            reach,
            since: turn.now.mono,
            look: None,
            orphan: None,
        };
        leftover.look_now(turn);
        leftover
    }

    /// A leader that KILL did not end.
    pub(super) fn of_undying(
        run: RunId,
        number: u32,
        terminal: Terminal,
        reach: Reach,
        turn: &mut Turn,
    ) -> Self {
        let mut leftover = Self {
            run,
            origin: Origin::Run(number),
            question: None,
            leader: Leader::Alive,
            terminal,
            left: None,
            in_group: None,
            care: Care::GivenUp,
            reach,
            since: turn.now.mono,
            look: None,
            orphan: None,
        };
        leftover.look_now(turn);
        leftover
    }

    /// A hook that was asked for. Nobody waits for its terminal, unless its last line is wanted.
    pub(super) fn of_hook(run: RunId, kind: HookKind, now: Time, nudge_at: Time, kill_at: Time) -> Self {
        let terminal = match kind.audience() {
            Audience::Shown => Terminal::Quiet,
            Audience::Heard => Terminal::Open,
        };
        Self {
            run,
            origin: Origin::Hook(kind),
            question: None,
            leader: Leader::Unborn,
            terminal,
            left: None,
            in_group: None,
            care: Care::Ending { nudge_at: Some(nudge_at), kill_at },
            reach: Reach::All,
            since: now,
            look: None,
            orphan: None,
        }
    }

    /// A command that was asked, and that may change nothing.
    pub(super) fn asks(self, command: &[String]) -> Self {
        Self { question: Some(command.into()), ..self }
    }

    /// Nothing of it is left.
    pub(super) fn is_over(&self) -> bool {
        self.leader == Leader::Gone && self.left == Some(0) && self.terminal != Terminal::Open
    }

    /// Nobody waits for it.
    pub(super) fn is_given_up(&self) -> bool {
        self.care == Care::GivenUp
    }

    /// It may live, and nothing that comes has to wait for it.
    pub(super) fn is_spared(&self) -> bool {
        match self.care {
            Care::Spared { .. } => self.leader == Leader::Gone && self.terminal != Terminal::Open,
            Care::Watched | Care::Ending { .. } | Care::Killed { .. } | Care::GivenUp => false,
        }
    }

    /// It is this command that was asked, or any if none is named, and nothing can end it.
    pub(super) fn is_stuck_question(&self, command: Option<&[String]>) -> bool {
        let is_it = |asked: &[String]| command.is_none_or(|command| command == asked);
        self.is_given_up() && self.question.as_deref().is_some_and(is_it)
    }

    /// Processes known to be alive; none are told of while an ended run is merely being read to its end.
    /// A hook at its work does not linger.
    pub(super) fn lingering(&self) -> u32 {
        match (self.leader, self.origin, self.terminal) {
            (Leader::Alive, Origin::Hook(_), _) if !self.is_given_up() => 0,
            (Leader::Alive, Origin::Run(_) | Origin::Hook(_), _) => self.left.unwrap_or(1).max(1),
            (Leader::Gone, _, Terminal::Quiet | Terminal::Drained) => self.left.unwrap_or(0),
            (Leader::Gone, _, Terminal::Open) | (Leader::Unborn, _, _) => 0,
        }
    }

    /// The first process exists; what it missed is made up for.
    pub(super) fn born(&mut self, turn: &mut Turn) {
        if self.leader != Leader::Unborn {
            return;
        }
        self.leader = Leader::Alive;
        match self.care {
            Care::Watched | Care::Ending { nudge_at: Some(_), .. } | Care::Spared { .. } => {}
            Care::Ending { nudge_at: None, .. } => turn.signal(self.run, signal::TERM, Delivery::Group),
            Care::Killed { .. } | Care::GivenUp => turn.kill(self.run),
        }
    }

    /// Another process is its first one from now on: it must end like the rest.
    pub(super) fn adopted(&mut self, turn: &mut Turn) {
        self.leader = Leader::Alive;
        (self.left, self.in_group) = (None, None);
        match self.care {
            Care::Watched | Care::Ending { nudge_at: Some(_), .. } => {}
            Care::Spared { .. } => {
                let kill_at = turn.grace(GIVE_UP_AFTER);
                self.care = Care::Ending { nudge_at: Some(turn.now.mono), kill_at };
            }
            Care::Ending { nudge_at: None, .. } => turn.signal(self.run, signal::TERM, Delivery::Group),
            Care::Killed { .. } | Care::GivenUp => turn.kill(self.run),
        }
    }

    /// The first process was reaped.
    pub(super) fn reaped(&mut self, turn: &mut Turn) {
        self.leader = Leader::Gone;
        (self.left, self.in_group) = (None, None);
        if self.terminal == Terminal::Open {
            turn.push(Effect::AwaitQuiet { run: self.run });
        }
        self.look_now(turn);
    }

    /// Nobody holds the terminal: a reason to look who is alive.
    pub(super) fn drained(&mut self, turn: &mut Turn) {
        self.terminal = Terminal::Drained;
        if self.leader == Leader::Gone && self.left != Some(0) {
            self.look_now(turn);
        }
    }

    /// Somebody holds the terminal and says nothing.
    pub(super) fn quiet(&mut self) {
        match self.terminal {
            Terminal::Open => self.terminal = Terminal::Quiet,
            Terminal::Quiet | Terminal::Drained => {}
        }
    }

    /// So many processes are alive, and so many of them in the group. The dead do not come back: a late look cannot revive them.
    pub(super) fn surveyed(&mut self, left: u32, in_group: u32, turn: &mut Turn) {
        if self.leader == Leader::Gone && self.left == Some(0) {
            return;
        }
        (self.left, self.in_group) = (Some(left), Some(in_group));
        match (self.leader, left, self.care) {
            (Leader::Gone, 0, _) => {
                self.look = None;
                self.read_on(turn);
            }
            (_, 0, _) | (_, _, Care::Watched | Care::Spared { .. }) => {}
            (_, _, Care::Ending { .. } | Care::Killed { .. } | Care::GivenUp) if self.has_left_group() => {
                self.spare(turn);
            }
            (_, _, Care::Ending { .. } | Care::GivenUp) => {}
            (_, _, Care::Killed { .. }) => turn.signal(self.run, signal::KILL, self.reached()),
        }
    }

    /// Nobody is left who could write, but what was written last may still be on its way: it was quiet before, and is over only
    /// when it was read to the end, or is quiet again.
    fn read_on(&mut self, turn: &mut Turn) {
        if self.terminal == Terminal::Quiet {
            self.terminal = Terminal::Open;
            turn.push(Effect::AwaitQuiet { run: self.run });
        }
    }
}
