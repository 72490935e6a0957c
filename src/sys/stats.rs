//! How much of the machine the processes of runs use, measured when somebody asks: between two questions nothing is done. Not:
//! which processes these are (`family`), and not: what `/proc` says (`proc`).
//!
//! The time of a child that has ended goes to the parent that waits for it; so a family that starts short-lived children all
//! the time loses nothing of theirs. What the kernel counts ends with the last one of it: who was an orphan takes the time
//! since the last question with him. Who joins a family later brings what he has used before, which is not of it.

use std::collections::HashMap;
use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};

use crate::model::{RunId, Time, Usage};
use crate::sys::Clock;
use crate::sys::clock::since_boot;
use crate::sys::proc::Stat;

/// The kernel counts in hundredths of a second: over a shorter time a share says nothing.
const SHORTEST: Duration = Duration::from_millis(200);
/// A share over a longer time says nothing about the present.
const LONGEST: Duration = Duration::from_secs(10);

/// A pid is used again; together with the start it is not.
type Identity = (i32, u64);

/// Remembers of each run what was measured last.
#[derive(Debug)]
pub(super) struct Meter {
    /// Its own: while zap is stopped its jobs go on.
    clock: Clock,
    last: HashMap<RunId, Look>,
    /// Clock ticks in a second.
    ticks: u64,
    /// Bytes of a page.
    page: u64,
    processors: u64,
}

/// What was measured of a run, and when.
#[derive(Debug)]
struct Look {
    at: Time,
    /// The same in ticks since boot, as the starts of processes are counted.
    tick: u64,
    processes: HashMap<Identity, Spent>,
    /// The last share.
    cpu: Option<u32>,
}

#[derive(Debug)]
struct Spent {
    ticks: u64,
    parent: i32,
}

impl Meter {
    /// Nothing is measured yet.
    pub(super) fn new() -> Self {
        let known = |what, usual: u64| match sysconf(what) {
            Ok(Some(number)) if number > 0 => number as u64,
            _ => usual,
        };
        Self {
            clock: Clock::start(),
            last: HashMap::new(),
            ticks: known(SysconfVar::CLK_TCK, 100),
            page: known(SysconfVar::PAGE_SIZE, 4096),
            processors: known(SysconfVar::_NPROCESSORS_ONLN, 1),
        }
    }

    /// A run begins: nobody of it is there yet.
    pub(super) fn begin(&mut self, run: RunId) {
        let look = self.look(&[]);
        self.last.insert(run, look);
    }

    /// The run is over.
    pub(super) fn forget(&mut self, run: RunId) {
        self.last.remove(&run);
    }

    /// What these processes of a run use; those that have ended and wait for their parent are among them.
    pub(super) fn measure(&mut self, run: RunId, processes: &[&Stat]) -> Usage {
        let alive = || processes.iter().filter(|stat| stat.alive());
        Usage {
            cpu: self.share(run, processes),
            memory: alive().map(|stat| stat.resident * self.page).sum(),
            processes: alive().count() as u32,
        }
    }

    /// Thousandths of a processor since the last question, or since the run began.
    fn share(&mut self, run: RunId, processes: &[&Stat]) -> Option<u32> {
        let mut look = self.look(processes);
        // Of a run that is over nobody wants to know.
        let last = self.last.get_mut(&run)?;
        let took = look.at.since(last.at);
        if took < SHORTEST {
            return last.cpu;
        }
        if took <= LONGEST {
            let most = self.processors * 1000;
            let all = took.as_millis() as u64 * self.ticks;
            let share = last.until(&look) * 1_000_000 / all;
            look.cpu = Some(share.min(most) as u32);
        }
        *last = look;
        last.cpu
    }

    fn look(&self, processes: &[&Stat]) -> Look {
        let tick = (since_boot().as_millis() * u128::from(self.ticks) / 1000) as u64;
        Look { at: self.clock.now().mono, tick, processes: of(processes), cpu: None }
    }
}

fn of(processes: &[&Stat]) -> HashMap<Identity, Spent> {
    let spent = |stat: &&Stat| ((stat.pid, stat.started), Spent { ticks: stat.spent, parent: stat.parent });
    processes.iter().map(spent).collect()
}

impl Look {
    /// Clock ticks that were used between this look and a later one.
    fn until(&self, later: &Self) -> u64 {
        // What these had used by then has become their parents', and was counted then.
        let mut handed: HashMap<Identity, (u64, u64)> = HashMap::new();
        for (who, spent) in &self.processes {
            let heir = if later.processes.contains_key(who) { None } else { self.heir(spent, later) };
            if let Some(heir) = heir {
                let (children, ticks) = handed.entry(heir).or_default();
                (*children, *ticks) = (*children + 1, *ticks + spent.ticks);
            }
        }
        let used = |(who, spent): (&Identity, &Spent)| {
            let grown = spent.ticks.saturating_sub(self.before(who, spent));
            match handed.get(who) {
                // Who ignores the ends of his children gets nothing of theirs. Two numbers of each child are rounded.
                Some((children, ticks)) if *ticks <= grown + 2 * children => grown.saturating_sub(*ticks),
                Some(_) | None => grown,
            }
        };
        later.processes.iter().map(used).sum()
    }

    /// What of the ticks of a process was used before this look: all, if it is older and was not of the family yet.
    fn before(&self, who: &Identity, spent: &Spent) -> u64 {
        match self.processes.get(who) {
            Some(before) => before.ticks,
            None if who.1 < self.tick => spent.ticks,
            None => 0,
        }
    }

    /// To whom of the family that is still there the time of this one has come: its parent, or the parent of that.
    fn heir(&self, spent: &Spent, later: &Self) -> Option<Identity> {
        let mut parent = spent.parent;
        // A circle cannot be; whoever is looked at at two moments may see one.
        for _ in 0..self.processes.len() {
            let (who, above) = self.processes.iter().find(|((pid, _), _)| *pid == parent)?;
            if later.processes.contains_key(who) {
                return Some(*who);
            }
            parent = above.parent;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at tick 8 of processes: pid, parent, ticks. Each starts at the tick of its number.
    fn look(processes: &[(i32, i32, u64)]) -> Look {
        let process = |(pid, parent, ticks): &(i32, i32, u64)| {
            ((*pid, *pid as u64), Spent { ticks: *ticks, parent: *parent })
        };
        Look { at: Time::default(), tick: 8, processes: processes.iter().map(process).collect(), cpu: None }
    }

    #[test]
    fn what_a_child_has_used_is_counted_once_whoever_has_it_now() {
        let first = look(&[(7, 1, 10), (8, 7, 500)]);
        assert_eq!(first.until(&look(&[(7, 1, 12), (8, 7, 530)])), 32);
        // It ended 30 ticks later, and its parent waited for it.
        assert_eq!(first.until(&look(&[(7, 1, 542)])), 32);
        // Nobody of the family waited for it: what it used last is not known.
        assert_eq!(look(&[(7, 1, 10), (8, 1, 500)]).until(&look(&[(7, 1, 12)])), 2);
        // Born and gone in between.
        assert_eq!(first.until(&look(&[(7, 1, 52), (8, 7, 500)])), 42);
        // A number that was used twice.
        let mut later = look(&[(7, 1, 10)]);
        later.processes.insert((8, 9), Spent { ticks: 3, parent: 7 });
        assert_eq!(look(&[(7, 1, 10), (8, 1, 500)]).until(&later), 3);
    }

    #[test]
    fn the_time_of_a_grandchild_goes_up_as_far_as_anybody_waits() {
        let first = look(&[(7, 1, 10), (8, 7, 100), (9, 8, 50)]);
        assert_eq!(first.until(&look(&[(7, 1, 165)])), 5);
        assert_eq!(first.until(&look(&[])), 0);
    }

    #[test]
    fn what_somebody_used_before_he_joined_is_not_of_the_family() {
        let first = look(&[(7, 1, 10)]);
        // A daemon that was there before is adopted; somebody else is born.
        assert_eq!(first.until(&look(&[(7, 1, 12), (6, 1, 90_000)])), 2);
        assert_eq!(first.until(&look(&[(7, 1, 12), (9, 7, 30)])), 32);
        assert_eq!(look(&[(7, 1, 12), (6, 1, 90_000)]).until(&look(&[(7, 1, 12), (6, 1, 90_005)])), 5);
    }

    #[test]
    fn a_parent_that_gets_nothing_of_a_child_has_used_what_he_has() {
        let first = look(&[(7, 1, 10), (8, 7, 500), (9, 1, 0)]);
        assert_eq!(first.until(&look(&[(7, 1, 40), (9, 1, 5)])), 35);
    }

    #[test]
    fn nothing_is_kept_of_a_run_that_is_over() {
        let (mut meter, run) = (Meter::new(), RunId(1));
        meter.begin(run);
        meter.measure(run, &[]);
        assert_eq!(meter.last.len(), 1);
        meter.forget(run);
        // It was asked for in the same moment.
        meter.measure(run, &[]);
        assert!(meter.last.is_empty());
    }
}
