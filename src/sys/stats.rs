//! How much of the machine the processes of runs use, measured when somebody asks: between two questions nothing is done. Not:
//! which processes these are (`family`), and not: what `/proc` says (`proc`).
//!
//! The time of a child that has ended goes to the parent that waits for it; so a family that starts short-lived children all
//! the time loses nothing of theirs. What the kernel counts ends with the last one of it: who was an orphan takes the time
//! since the last question with him.

use std::collections::HashMap;
use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};

use crate::model::{RunId, Time, Usage};
use crate::sys::Clock;
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

    /// A run begins: so far it has used nothing.
    pub(super) fn begin(&mut self, run: RunId) {
        let at = self.clock.now().mono;
        self.last.insert(run, Look { at, processes: HashMap::new(), cpu: None });
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
        let now = self.clock.now().mono;
        let mut look = Look { at: now, processes: of(processes), cpu: None };
        if let Some(last) = self.last.get(&run) {
            let took = now.since(last.at);
            if took < SHORTEST {
                return last.cpu;
            }
            if took <= LONGEST {
                let most = self.processors * 1000;
                let all = took.as_millis() as u64 * self.ticks;
                let share = last.until(&look) * 1_000_000 / all;
                look.cpu = Some(share.min(most) as u32);
            }
        }
        let cpu = look.cpu;
        self.last.insert(run, look);
        cpu
    }
}

fn of(processes: &[&Stat]) -> HashMap<Identity, Spent> {
    let spent = |stat: &&Stat| ((stat.pid, stat.started), Spent { ticks: stat.spent, parent: stat.parent });
    processes.iter().map(spent).collect()
}

impl Look {
    /// Clock ticks that were used between this look and a later one.
    fn until(&self, later: &Self) -> u64 {
        let before = |who: &Identity| self.processes.get(who).map_or(0, |spent| spent.ticks);
        let used: u64 =
            later.processes.iter().map(|(who, spent)| spent.ticks.saturating_sub(before(who))).sum();
        let gone = self.processes.iter().filter(|(who, _)| !later.processes.contains_key(who));
        // What these had used by then has become their parent's, and was counted then.
        let handed: u64 =
            gone.filter(|(_, spent)| self.is_waited_for(spent, later)).map(|(_, spent)| spent.ticks).sum();
        used.saturating_sub(handed)
    }

    /// Whether somebody of the family is still there to whom the time of this one has come: its parent, or the parent of that.
    fn is_waited_for(&self, spent: &Spent, later: &Self) -> bool {
        let mut parent = spent.parent;
        // A circle cannot be; whoever is looked at at two moments may see one.
        for _ in 0..self.processes.len() {
            let Some((who, above)) = self.processes.iter().find(|((pid, _), _)| *pid == parent) else {
                return false;
            };
            if later.processes.contains_key(who) {
                return true;
            }
            parent = above.parent;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks of processes: pid, parent, ticks. Each starts at the tick of its number.
    fn look(processes: &[(i32, i32, u64)]) -> Look {
        let process = |(pid, parent, ticks): &(i32, i32, u64)| {
            ((*pid, *pid as u64), Spent { ticks: *ticks, parent: *parent })
        };
        Look { at: Time::default(), processes: processes.iter().map(process).collect(), cpu: None }
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
}
