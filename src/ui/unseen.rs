//! What an eye has not seen of the outputs: whether there is anything, and how many errors are in it. Not: what makes a line an
//! error (`insight`), and not: how a row tells it.
//!
//! Errors are counted when somebody asks for it, and then only what is new: the last lines at once, the rest as an errand. Of
//! what a flood has left behind the newest few megabytes are counted, and the number is told as the least it can be.

use std::collections::BTreeMap;

use crate::model::{InstanceId, View};
use crate::terminal::{Count, Errand, Report, Tally, Terminal};
use crate::ui::{Terminals, Ui, pager};

/// So many closed blocks of a history are counted, the newest: about 4 MB.
const MOST: usize = 64;
/// The last lines of so many outputs are counted at once: a key waits at most a few milliseconds.
const AT_ONCE: usize = 8;

/// What an eye has not seen of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// Whether there is any line.
    pub output: bool,
    /// How many of its lines are errors; where not all were counted, so many at least, and nothing if none was found.
    pub errors: Option<u64>,
}

/// What came of counting errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recounted {
    /// The picture is another one.
    pub changed: bool,
    /// Not all outputs were looked at.
    pub rest: bool,
}

/// What one pair of eyes has seen of each output.
#[derive(Debug, Default)]
pub(super) struct Unseen(BTreeMap<InstanceId, Mark>);

/// How far an output was seen.
#[derive(Debug)]
struct Mark {
    /// How many lines had been ended.
    ended: u64,
    /// The first line that was not there.
    from: u64,
    /// The errors since, once somebody has asked for them.
    errors: Option<Errors>,
}

#[derive(Debug)]
struct Errors {
    tally: Tally,
    /// The revision of the terminal that was counted last.
    counted: u64,
    count: Count,
    rest: Rest,
}

/// What becomes of lines that cannot be counted at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Nothing.
    Left,
    /// Those from this line on are to be counted by an errand.
    Wanted(u64),
    /// The errand is under way.
    UnderWay,
}

impl Unseen {
    /// All of an output is seen.
    pub(super) fn see(&mut self, id: InstanceId, terminal: &Terminal) {
        let (ended, from) = (terminal.ended_lines(), terminal.lines().end);
        self.0.insert(id, Mark { ended, from, errors: None });
    }

    /// Forgets those who are gone.
    pub(super) fn retain(&mut self, knows: impl Fn(InstanceId) -> bool) {
        self.0.retain(|id, _| knows(*id));
    }

    /// Whether there is a line that was not seen.
    pub(super) fn is_any(&self, id: InstanceId, terminal: &Terminal) -> bool {
        terminal.ended_lines() > self.0.get(&id).map_or(0, |mark| mark.ended)
    }

    /// The errors that were not seen, as far as they were counted; nothing if there are none.
    pub(super) fn errors(&self, id: InstanceId) -> Option<Count> {
        let errors = self.0.get(&id)?.errors.as_ref()?;
        Some(errors.count).filter(|count| count.lines > 0)
    }

    /// Counts what is new of the errors, if anything is; whether that changes their number.
    fn count(&mut self, id: InstanceId, terminal: &Terminal) -> Option<bool> {
        if !self.is_any(id, terminal) {
            return None;
        }
        // What is from an earlier life of zap is old.
        let unseen = || Mark { ended: 0, from: terminal.fresh_start(), errors: None };
        let mark = self.0.entry(id).or_insert_with(unseen);
        let errors = mark.errors.get_or_insert_with(Errors::new);
        if errors.counted == terminal.revision() {
            return None;
        }
        let changed = errors.renew(terminal, mark.from);
        if !errors.count.complete && errors.rest == Rest::Left {
            errors.rest = Rest::Wanted(newest(terminal, mark.from));
        }
        Some(changed)
    }

    /// What is to be counted elsewhere; one at a time.
    fn errand(&mut self, terminals: &Terminals) -> Option<Errand> {
        let mut all = self.0.iter_mut().filter_map(|(id, mark)| Some((id, mark.errors.as_mut()?)));
        if all.any(|(_, errors)| errors.rest == Rest::UnderWay) {
            return None;
        }
        for (id, mark) in &mut self.0 {
            let Some(errors) = &mut mark.errors else { continue };
            if let (Rest::Wanted(from), Some(terminal)) = (errors.rest, terminals.get(id)) {
                let errand = errors.tally.errand_from(terminal, from);
                errors.rest = if errand.is_some() { Rest::UnderWay } else { Rest::Left };
                if errand.is_some() {
                    return errand;
                }
            }
        }
        None
    }

    /// Takes what came of an errand; whether it was counted for this.
    fn report(&mut self, report: &Report, terminals: &Terminals) -> bool {
        for (id, mark) in &mut self.0 {
            let Some(errors) = mark.errors.as_mut().filter(|errors| errors.tally.awaits(report)) else {
                continue;
            };
            errors.rest = Rest::Left;
            if let Some(terminal) = terminals.get(id) {
                errors.tally.take(terminal, report);
                errors.renew(terminal, mark.from);
            }
            return true;
        }
        false
    }
}

impl Errors {
    fn new() -> Self {
        let count = Count { lines: 0, complete: false };
        Self { tally: Tally::new(pager::errors()), counted: 0, count, rest: Rest::Left }
    }

    fn renew(&mut self, terminal: &Terminal, from: u64) -> bool {
        let before = std::mem::replace(&mut self.count, self.tally.count_from(terminal, from));
        self.counted = terminal.revision();
        before != self.count
    }
}

/// The line from which on so much is left to be counted as may be.
fn newest(terminal: &Terminal, from: u64) -> u64 {
    let lines = from..terminal.lines().end.max(from);
    let oldest = terminal.leaves(&lines).rev().take(MOST).last();
    oldest.map_or(from, |leaf| leaf.lines().start.max(from))
}

impl Ui {
    /// Counts the errors among what nobody looks at, of a few outputs at a time. What cannot be counted at once is among the
    /// errands then.
    /// Those that flood are left out for now: to tell the level of each of their lines would take more time than to keep them.
    pub fn recount(
        &mut self,
        view: &View,
        terminals: &Terminals,
        floods: impl Fn(InstanceId) -> bool,
    ) -> Recounted {
        let Self { unseen, .. } = self;
        let mut count = view
            .instances()
            .filter(|job| !floods(job.id))
            .filter_map(|job| unseen.count(job.id, terminals.get(&job.id)?))
            .take(AT_ONCE);
        let (counted, changed) =
            count.by_ref().fold((0, false), |(counted, any), changed| (counted + 1, any | changed));
        Recounted { changed, rest: counted == AT_ONCE }
    }

    /// The same for these outputs, because somebody asks for them; those that are left stay in the list.
    pub fn recount_these(&mut self, ids: &mut Vec<InstanceId>, terminals: &Terminals) {
        let mut counted = 0;
        while counted < AT_ONCE {
            let Some(id) = ids.pop() else { return };
            let terminal = terminals.get(&id);
            counted += usize::from(terminal.is_some_and(|it| self.unseen.count(id, it).is_some()));
        }
    }

    /// What this eye has not seen of an output, as far as it was counted.
    pub fn missed(&self, id: InstanceId, terminals: &Terminals) -> Missed {
        if !terminals.get(&id).is_some_and(|terminal| self.unseen.is_any(id, terminal)) {
            return Missed { output: false, errors: Some(0) };
        }
        let count = self.unseen.0.get(&id).and_then(|mark| mark.errors.as_ref()).map(|errors| errors.count);
        let known = count.filter(|count| count.complete || count.lines > 0);
        Missed { output: true, errors: known.map(|count| count.lines) }
    }

    /// The next part of what [`Self::recount`] could not count at once.
    pub(super) fn unseen_errand(&mut self, terminals: &Terminals) -> Option<Errand> {
        self.unseen.errand(terminals)
    }

    /// Takes what came of an errand; whether it was this one.
    pub(super) fn unseen_report(&mut self, report: &Report, terminals: &Terminals) -> bool {
        self.unseen.report(report, terminals)
    }
}
