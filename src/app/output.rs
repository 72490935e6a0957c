//! Bytes of jobs: which terminal they belong to, and what must be told of them. `hearing`: who listens; `silence`: when nothing
//! more comes. Not: what they mean.

mod hearing;
mod silence;

use std::collections::HashMap;
use std::time::Duration;

use crate::config::Plan;
use crate::model::{Event, InstanceId, Nonce, Now, RunId, Size, Station, StepMark, Time, Wall};
use crate::terminal::{Fed, Mark, Moment, Terminal, Written};
use crate::ui::Terminals;

use super::archive::Name;
use super::ear::Ear;
use super::ground::Ground;
use super::histories::Histories;
use super::message::Channel;

/// All histories together hold at most so many bytes.
const ALL_HISTORIES: usize = 512 * 1024 * 1024;
/// How much output passes between two looks at the sum of all histories.
const BETWEEN_LOOKS: usize = 4 * 1024 * 1024;

/// The terminals of all instances, and which run writes into which.
#[derive(Default)]
pub(crate) struct Outputs {
    /// The terminals, for the eyes.
    pub(crate) terminals: Terminals,
    sources: HashMap<RunId, Source>,
    /// Who listens to which run; most runs have no listener.
    ears: HashMap<RunId, Ear>,
    /// What of it is kept on the disk; nothing if all stays in memory.
    histories: Option<Histories>,
    fed: Fed,
    /// The colours that jobs are told of.
    ground: Option<Ground>,
    since_look: usize,
}

/// A run that writes.
struct Source {
    instance: InstanceId,
    /// Whether its end is the end of a run; the end of a hook is not.
    part: Part,
    /// When it wrote last.
    last: Time,
    /// Somebody wants to know when it was quiet for [`QUIET`].
    awaited: bool,
}

/// Which part of an instance writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The job itself.
    Job,
    /// A hook of it, into the same terminal.
    Hook,
    /// A hook of it that nobody is shown.
    Silent,
}

impl Outputs {
    /// The terminal of an instance; made when it is first needed.
    fn terminal(&mut self, instance: InstanceId, size: Size) -> &mut Terminal {
        self.terminals.entry(instance).or_insert_with(|| {
            let mut terminal = Terminal::new(size.rows, size.cols);
            if let Some(ground) = self.ground {
                terminal.set_colours(ground.foreground, ground.background);
            }
            terminal
        })
    }

    /// Jobs that ask for the colours of their terminal are told these.
    pub(crate) fn lie_on(&mut self, ground: Ground) {
        if self.ground.replace(ground) != Some(ground) {
            for terminal in self.terminals.values_mut() {
                terminal.set_colours(ground.foreground, ground.background);
            }
        }
    }

    /// From now on output is kept on the disk.
    pub(crate) fn keep_in(&mut self, histories: Histories) {
        self.histories = Some(histories);
    }

    /// Asks for the histories of a plan, if there are histories; whether there are.
    pub(crate) fn open(&self, plan: &Plan) -> bool {
        self.histories.as_ref().map(|histories| histories.open(plan)).is_some()
    }

    /// These histories were found; the number of the last run of each that had one.
    pub(crate) fn opened(&mut self, found: Vec<(Station, Box<Terminal>)>) -> Vec<(Station, u32)> {
        self.histories.as_mut().map_or_else(Vec::new, |histories| histories.opened(found))
    }

    /// Histories that are not open are not waited for any more: all stays in memory.
    pub(crate) fn forsake(&mut self) {
        self.histories.iter_mut().for_each(Histories::forsake);
    }

    /// The terminal of an instance is made of what was found in its history, if that is wanted and was not done. The disk keeps
    /// `limit` bytes of it.
    pub(crate) fn house(
        &mut self,
        instance: InstanceId,
        station: &Station,
        limit: u64,
        wanted: impl Fn(&Terminal) -> bool,
    ) {
        let Some(histories) = &mut self.histories else { return };
        if !self.terminals.contains_key(&instance)
            && let Some(mut terminal) = histories.move_in(instance, station, limit, wanted)
        {
            if let Some(ground) = self.ground {
                terminal.set_colours(ground.foreground, ground.background);
            }
            self.terminals.insert(instance, terminal);
        }
    }

    /// Whether an instance, whose terminal is about to be needed, has no history in this life of zap, and nobody was told of it.
    pub(crate) fn begins_without(&mut self, instance: InstanceId, station: &Station) -> bool {
        let Some(histories) = &mut self.histories else { return false };
        !self.terminals.contains_key(&instance) && histories.begin_without(instance, station)
    }

    /// This plan is in force: what all projects keep together.
    pub(crate) fn bound_all(&self, plan: &Plan) {
        self.histories.iter().for_each(|histories| histories.bound(plan));
    }

    /// The disk keeps so many bytes of this instance.
    pub(crate) fn limit(&mut self, instance: InstanceId, bytes: u64) {
        if let (Some(terminal), Some(histories)) = (self.terminals.get_mut(&instance), &self.histories) {
            terminal.set_history_limit(bytes);
            histories.let_go(instance, terminal);
        }
    }

    /// These lines are on the disk.
    pub(crate) fn written(&mut self, name: &Name, written: &[Written]) {
        if let Some(histories) = &mut self.histories {
            histories.written(name, written, &mut self.terminals);
        }
    }

    /// Of a history the files up to this number are to go.
    pub(crate) fn crowded(&mut self, name: &Name, file: u32) {
        if let Some(histories) = &mut self.histories {
            histories.crowded(name, file, &mut self.terminals);
        }
    }

    /// When [`Self::keep`] is due.
    pub(crate) fn keep_at(&self) -> Option<Time> {
        self.histories.as_ref().and_then(Histories::deadline)
    }

    /// Gives the disk all that is new.
    pub(crate) fn keep(&mut self) {
        if let Some(histories) = &mut self.histories {
            histories.write(self.terminals.iter_mut().map(|(instance, terminal)| (*instance, terminal)));
        }
    }

    /// Gives the disk all that is new, for the last time, and waits for it, but not longer than this.
    pub(crate) fn save(&mut self, patience: Duration) {
        self.keep();
        if let Some(histories) = self.histories.take() {
            histories.finish(patience);
        }
    }

    fn touched(&mut self, now: Now) {
        if let Some(histories) = &mut self.histories {
            histories.touched(now.mono);
        }
    }

    /// A run of an instance begins to write on a fresh screen. Its number among all runs of the instance is returned.
    pub(crate) fn begin(
        &mut self,
        run: RunId,
        instance: InstanceId,
        size: Size,
        nonce: Option<Nonce>,
        now: Now,
    ) -> u32 {
        let terminal = self.terminal(instance, size);
        // It may be there since before this instance, which has a window of its own.
        terminal.resize(size.rows, size.cols);
        let number = terminal.last_run() + 1;
        terminal.begin_run(number, nonce.map(|Nonce(word)| word), moment(now.wall));
        self.touched(now);
        self.attach(run, instance, Part::Job, now);
        number
    }

    /// A run writes into the terminal of an instance.
    pub(crate) fn attach(&mut self, run: RunId, instance: InstanceId, part: Part, now: Now) {
        self.sources.insert(run, Source { instance, part, last: now.mono, awaited: false });
    }

    /// A run will write nothing any more; `exit` tells how it ended.
    pub(crate) fn end(&mut self, run: RunId, exit: &str, now: Now) {
        self.ears.remove(&run);
        let Some(source) = self.sources.remove(&run) else { return };
        if let (Some(terminal), Part::Job) = (self.terminals.get_mut(&source.instance), source.part) {
            terminal.end_run(exit, moment(now.wall));
            if let Some(histories) = &mut self.histories {
                histories.write_all(source.instance, terminal);
            }
        }
    }

    /// A line of zap's own in the output of an instance.
    pub(crate) fn note(&mut self, instance: InstanceId, text: &str, now: Now) {
        self.terminal(instance, Size::UNSEEN).note(text, moment(now.wall));
        self.touched(now);
    }

    /// The window of an instance has another size.
    pub(crate) fn resize(&mut self, instance: InstanceId, size: Size) {
        self.terminal(instance, size).resize(size.rows, size.cols);
    }

    /// Whose output a run writes, if it is shown.
    pub(crate) fn instance(&self, run: RunId) -> Option<InstanceId> {
        self.sources.get(&run).filter(|source| source.part != Part::Silent).map(|source| source.instance)
    }

    /// The instance is gone: forgets what it wrote.
    pub(crate) fn forget(&mut self, instance: InstanceId) {
        if let (Some(terminal), Some(histories)) = (self.terminals.remove(&instance), &mut self.histories) {
            histories.move_out(instance, terminal);
        }
        let gone: Vec<RunId> = self
            .sources
            .iter()
            .filter(|(_, source)| source.instance == instance)
            .map(|(run, _)| *run)
            .collect();
        for run in gone {
            self.sources.remove(&run);
            self.ears.remove(&run);
        }
    }

    /// Takes what a run wrote. Answers to its questions go to `reply`, marks of its steps to `tell`.
    pub(crate) fn feed(
        &mut self,
        run: RunId,
        bytes: &[u8],
        now: Now,
        reply: impl FnOnce(&[u8]),
        mut tell: impl FnMut(Event),
    ) {
        let Some(source) = self.sources.get_mut(&run) else { return };
        source.last = now.mono;
        let (instance, part) = (source.instance, source.part);
        if !self.ears.is_empty() {
            self.hear(run, Channel::Terminal, bytes, now, &mut tell);
        }
        let Some(terminal) = self.terminals.get_mut(&instance).filter(|_| part != Part::Silent) else {
            return;
        };
        terminal.feed(bytes, moment(now.wall), &mut self.fed);
        if let Some(histories) = &mut self.histories {
            histories.touched(now.mono);
            histories.write_block(instance, terminal);
        }
        if !self.fed.replies.is_empty() {
            reply(&self.fed.replies);
            self.fed.replies.clear();
        }
        for mark in self.fed.marks.drain(..) {
            tell(Event::Step { run, mark: step_mark(mark) });
        }
        self.since_look += bytes.len();
        if self.since_look >= BETWEEN_LOOKS {
            self.since_look = 0;
            self.bound();
        }
    }

    /// All histories together stay within their bound: the largest gives first.
    fn bound(&mut self) {
        let mut sum: usize = self.terminals.values().map(Terminal::memory).sum();
        while sum > ALL_HISTORIES {
            let Some(largest) = self.terminals.values_mut().max_by_key(|terminal| terminal.memory()) else {
                return;
            };
            let before = largest.memory();
            largest.drop_oldest((sum - ALL_HISTORIES).min(before / 4 + 1));
            let given = before.saturating_sub(largest.memory());
            if given == 0 {
                return;
            }
            sum -= given;
        }
    }
}

/// The wall clock as the terminal counts it.
pub(crate) fn moment(wall: Wall) -> Moment {
    Moment(wall.0)
}

fn step_mark(mark: Mark) -> StepMark {
    match mark {
        Mark::Session { pid } => StepMark::Session { pid },
        Mark::Begin { step } => StepMark::Begin { step },
        Mark::End { step, code } => StepMark::End { step, code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Meaning, Pattern};

    #[test]
    fn who_listens_before_a_run_begins_hears_its_first_byte_and_goes_with_it() {
        let (run, now) = (RunId(1), Now::default());
        let ready = Pattern { regex: "ready".to_owned(), meaning: Meaning::Ready };
        let mut outputs = Outputs::default();
        assert!(outputs.listen(run, vec![ready]).is_ok_and(|listened| listened));
        outputs.begin(run, InstanceId(0), Size { rows: 4, cols: 20 }, None, now);
        assert!(outputs.is_heard(run));
        // It could not be started.
        outputs.end(run, "not started", now);
        assert!(!outputs.is_heard(run));
    }

    #[test]
    fn a_run_begins_in_a_window_of_its_own_size() {
        let (now, job) = (Now::default(), InstanceId(0));
        let mut outputs = Outputs::default();
        outputs.begin(RunId(1), job, Size { rows: 20, cols: 78 }, None, now);
        outputs.end(RunId(1), "exit 0", now);
        // Whoever was taken out of the file and came back has a window that nobody has looked at.
        outputs.begin(RunId(2), job, Size::UNSEEN, None, now);
        assert_eq!(outputs.terminals[&job].size(), (Size::UNSEEN.rows, Size::UNSEEN.cols));
    }
}
