//! What is left of a run whose leader ended, and a hook from its first breath: watched, or ended with TERM, KILL and
//! patience. Not: whether the instance may go on without it (`reconcile`).
//!
//! behaviour.md, End, restart: whatever still holds the terminal is *lingering*; its output still belongs to that run, a stop
//! or restart ends it first, and `stopped` means that nothing is left.

use std::time::Duration;

use crate::config::Reach;
use crate::model::turn::Turn;
use crate::model::{Audience, By, Delivery, Effect, HookKind, InstanceId, RecordKind, RunId, Time, signal};

/// What got a signal with its group is given this long before it is told again by name: the members of the group are told
/// once only, what escaped from the group hears it here.
pub(super) const NUDGE_AFTER: Duration = Duration::from_millis(100);

/// After KILL nobody waits longer than this for what cannot be ended (uninterruptible, another user's).
pub(super) const GIVE_UP_AFTER: Duration = Duration::from_secs(2);

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const BUSY_PAUSE: Duration = Duration::from_millis(500);
const LAZY_PAUSE: Duration = Duration::from_secs(16);

/// Lazy looks fall on multiples of this, so that many lingerers cost one wake-up.
const LAZY_BEAT_MS: u64 = 2_000;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Orphan {
    looked: Time,
    again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    at: Time,
    pause: Duration,
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

    /// It must end: TERM soon, KILL after `grace`. What the hang-up of its terminal is just ending gets the time for it.
    pub(super) fn end(&mut self, grace: Duration, turn: &mut Turn) {
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
    pub(super) fn shorten(&mut self, turn: &Turn) {
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
    pub(super) fn watch(&mut self) {
        match self.care {
            Care::Ending { .. } => self.care = Care::Watched,
            Care::Watched | Care::Killed { .. } | Care::GivenUp | Care::Spared { .. } => {}
        }
    }

    /// Nobody needs this hook any longer: it gets TERM after `pause`, and KILL when `grace` has passed too.
    pub(super) fn abort(&mut self, pause: Duration, grace: Duration, turn: &Turn) {
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
    pub(super) fn kill(&mut self, turn: &mut Turn) {
        if self.has_left_group() {
            self.spare(turn);
            return;
        }
        self.care = Care::Killed { give_up_at: turn.now.mono + GIVE_UP_AFTER };
        self.send_kill(turn);
        self.look_now(turn);
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

    /// An orphan was reaped, perhaps its last one: a reason to look at once, unless that was done just now. The pace of its own looks
    /// stays as it is.
    pub(super) fn orphan_ended(&mut self, turn: &mut Turn) {
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
    fn orphan_look_at(&self) -> Option<Time> {
        let orphan = self.orphan.filter(|orphan| orphan.again)?;
        (self.leader == Leader::Gone && self.left != Some(0)).then(|| orphan.looked + FIRST_PAUSE)
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

    /// Does what is due.
    pub(super) fn tick(&mut self, owner: InstanceId, address: &str, turn: &mut Turn) {
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
    pub(super) fn deadline(&self) -> Option<Time> {
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
    pub(super) fn kill_at(&self) -> Option<Time> {
        match self.care {
            Care::Ending { kill_at, .. } => Some(kill_at),
            Care::Watched | Care::Killed { .. } | Care::GivenUp | Care::Spared { .. } => None,
        }
    }

    /// Nobody waits long for the last words of a chatterer.
    fn spare(&mut self, turn: &Turn) {
        match self.care {
            Care::Watched | Care::Ending { .. } | Care::Killed { .. } | Care::GivenUp => {
                self.care = Care::Spared { quiet_by: Some(turn.grace(GIVE_UP_AFTER)) };
            }
            Care::Spared { .. } => {}
        }
    }

    /// Whether nothing is left of it but what left the group, and that is spared.
    fn has_left_group(&self) -> bool {
        self.reach == Reach::Group && self.leader == Leader::Gone && self.in_group == Some(0)
    }

    /// Who of those that outlived the first process is meant.
    fn reached(&self) -> Delivery {
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

    /// A look at what is not born yet, answered late, would say of the born that nothing is left.
    fn look_now(&mut self, turn: &mut Turn) {
        match (self.leader, self.left) {
            (Leader::Unborn, _) | (Leader::Gone, Some(0)) => return,
            (Leader::Alive | Leader::Gone, _) => {}
        }
        turn.push(Effect::Survey { run: self.run });
        self.plan_look(FIRST_PAUSE, turn);
    }

    fn look_soon(&mut self, turn: &mut Turn) {
        if self.look.is_some_and(|look| look.at > turn.now.mono + FIRST_PAUSE) {
            self.look_now(turn);
        }
    }

    fn plan_look(&mut self, pause: Duration, turn: &Turn) {
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
