//! What happened, kept for a while: for those who ask by the socket or by a key, and for the event log. Not: a history that outlives zap.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::local_zone;
use crate::model::{Happening, InstanceId, Record, RecordKind, RunId, State, Wall, signal_name};
use crate::wire::{Ended, Entry, Kind};

use super::event_log::EventLog;
use super::message::{Control, Post};
use super::stamp;

/// So many events are remembered.
const REMEMBERED: usize = 1000;

/// The events.
pub(super) struct Journal {
    remembered: VecDeque<Kept>,
    /// How many there have been, forgotten ones too.
    kept: u64,
    /// Those that nobody has fetched yet; none are gathered unless somebody will.
    news: Vec<Entry>,
    gathers: bool,
    /// The runs that are not closed, each with its number.
    runs: HashMap<RunId, u32>,
    /// The last run of an instance, if it had no process.
    unborn: HashMap<InstanceId, RunId>,
    log: Option<EventLog>,
    /// For what goes wrong with it.
    post: Post,
    zone: TimeZone,
}

/// An event that is remembered.
struct Kept {
    at: Wall,
    instance: Option<InstanceId>,
    /// Whether it says that something is not as it should be.
    bad: bool,
    entry: Entry,
}

impl Journal {
    /// Nothing has happened. The events are also written there.
    pub(super) fn new(event_log: Option<PathBuf>, post: Post) -> Self {
        let mut journal = Self {
            remembered: VecDeque::new(),
            kept: 0,
            news: Vec::new(),
            gathers: false,
            runs: HashMap::new(),
            unborn: HashMap::new(),
            log: None,
            post,
            zone: local_zone(),
        };
        journal.write_to(event_log);
        journal
    }

    /// A run of an instance begins, with its number among the runs of that.
    pub(super) fn begin(&mut self, run: RunId, instance: InstanceId, number: u32) {
        self.forget_unborn(instance);
        self.runs.insert(run, number);
    }

    /// The number of a run that is not closed.
    pub(super) fn number(&self, run: RunId) -> Option<u32> {
        self.runs.get(&run).copied()
    }

    /// An instance is gone.
    pub(super) fn forget(&mut self, instance: InstanceId) {
        self.forget_unborn(instance);
    }

    fn forget_unborn(&mut self, instance: InstanceId) {
        if let Some(run) = self.unborn.remove(&instance) {
            self.runs.remove(&run);
        }
    }

    /// Keeps what happened. What went wrong with the event log is returned.
    pub(super) fn keep(&mut self, record: &Record) -> Option<String> {
        let number = record.run.and_then(|run| self.number(run));
        match (&record.kind, record.run, record.instance) {
            (RecordKind::Closed, Some(run), _) => drop(self.runs.remove(&run)),
            // Nothing closes it, but what follows from it is still told of it.
            (RecordKind::NotStarted { .. }, Some(run), Some(instance)) => {
                self.unborn.insert(instance, run);
            }
            _ => {}
        }
        let entry = entry(record, number);
        if self.remembered.len() == REMEMBERED {
            self.remembered.pop_front();
        }
        let (at, instance, bad) = (record.at.wall, record.instance, record.kind.is_bad());
        self.remembered.push_back(Kept { at, instance, bad, entry: entry.clone() });
        self.kept += 1;
        let wrong = self.log.as_mut().and_then(|log| log.write(line(record, number, &self.zone)));
        if self.gathers {
            self.news.push(entry);
        }
        wrong
    }

    /// What is remembered, the oldest first.
    pub(super) fn remembered(&self) -> impl Iterator<Item = &Entry> {
        self.remembered.iter().map(|kept| &kept.entry)
    }

    /// What is remembered but for the first `heard` that ever were, as a person reads it; and how many there have been.
    pub(super) fn since(&self, heard: u64) -> (Vec<Happening>, u64) {
        let first = self.kept - self.remembered.len() as u64;
        let skip = usize::try_from(heard.saturating_sub(first)).unwrap_or(usize::MAX);
        (self.remembered.iter().skip(skip).map(happening).collect(), self.kept)
    }

    /// From now on there is somebody, or nobody, who fetches what happens.
    pub(super) fn gather(&mut self, wanted: bool) {
        self.gathers = wanted;
        if !wanted {
            self.news.clear();
        }
    }

    /// What happened since this was last asked.
    pub(super) fn take_news(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.news)
    }

    /// From now on the events are written there.
    pub(super) fn write_to(&mut self, path: Option<PathBuf>) {
        if self.log.as_ref().map(EventLog::path) != path.as_ref() {
            self.log = path.and_then(|path| self.open_log(path));
        }
    }

    fn open_log(&self, path: PathBuf) -> Option<EventLog> {
        let post = self.post.clone();
        match EventLog::start(path, move |wrong| post.control(Control::Unkept(wrong))) {
            Ok(log) => Some(log),
            Err(error) => {
                let wrong =
                    format!("cannot start the thread of the event log: {}", crate::sys::reason(&error));
                self.post.control(Control::Unkept(wrong));
                None
            }
        }
    }

    /// Nothing more happens: waits until the event log is written, but not longer than this.
    pub(super) fn finish(&mut self, patience: Duration) {
        if let Some(log) = &mut self.log {
            log.finish(patience);
        }
    }
}

fn happening(kept: &Kept) -> Happening {
    let Kept { at, instance, bad, entry } = kept;
    Happening {
        at: *at,
        instance: *instance,
        address: entry.address.clone(),
        run: entry.run,
        by: entry.by,
        kind: entry.kind.word(),
        bad: *bad,
        text: entry.text.clone(),
    }
}

/// An event as the socket tells it.
fn entry(record: &Record, run: Option<u32>) -> Entry {
    let mut entry = Entry {
        time: stamp::utc(record.at.wall),
        kind: kind(&record.kind),
        address: record.address.clone(),
        run,
        by: record.by,
        text: record.kind.to_string(),
        pid: None,
        exit: None,
        expected: None,
        state: None,
        attempt: None,
        next: None,
    };
    let later = |ms: u64| Some(stamp::utc(Wall(record.at.wall.0.saturating_add_unsigned(ms))));
    match &record.kind {
        RecordKind::Started { pid } => entry.pid = Some(*pid),
        RecordKind::Exited { exit, expected, told: _ } => {
            entry.exit = Some(Ended::of(*exit, signal_name));
            entry.expected = Some(*expected);
        }
        RecordKind::Retry { attempt, in_ms } => {
            entry.attempt = *attempt;
            entry.next = later(*in_ms);
        }
        RecordKind::Held { in_ms, .. } => entry.next = in_ms.and_then(later),
        RecordKind::Stopped => entry.state = Some(State::Stopped),
        RecordKind::Done => entry.state = Some(State::Done),
        RecordKind::Failed { .. } => entry.state = Some(State::Failed),
        RecordKind::Up
        | RecordKind::NotStarted { .. }
        | RecordKind::Stopping { .. }
        | RecordKind::Closed
        | RecordKind::Step { .. }
        | RecordKind::Left { .. }
        | RecordKind::Ready
        | RecordKind::Unready { .. }
        | RecordKind::Hook { .. }
        | RecordKind::Probe { .. }
        | RecordKind::Command { .. }
        | RecordKind::Reload { .. }
        | RecordKind::Zap { .. } => {}
    }
    entry
}

fn kind(kind: &RecordKind) -> Kind {
    match kind {
        RecordKind::Started { .. } => Kind::Started,
        RecordKind::Up => Kind::Up,
        RecordKind::Ready => Kind::Ready,
        RecordKind::Unready { .. } => Kind::Unready,
        RecordKind::Exited { .. } | RecordKind::NotStarted { .. } => Kind::Exited,
        RecordKind::Stopping { .. } => Kind::Stopping,
        RecordKind::Stopped | RecordKind::Done | RecordKind::Failed { .. } => Kind::Stopped,
        RecordKind::Retry { .. } => Kind::Retry,
        RecordKind::Held { .. } => Kind::Held,
        RecordKind::Reload { .. } => Kind::Reload,
        RecordKind::Probe { .. } => Kind::Probe,
        RecordKind::Command { .. } => Kind::Command,
        RecordKind::Step { .. } => Kind::Step,
        RecordKind::Hook { .. } => Kind::Hook,
        RecordKind::Closed | RecordKind::Left { .. } | RecordKind::Zap { .. } => Kind::Zap,
    }
}

/// An event as the event log has it: when, who, what. Its run has the number that the socket tells.
fn line(record: &Record, run: Option<u32>, zone: &TimeZone) -> String {
    let run = run.map_or_else(String::new, |run| format!(" run {run}"));
    let sentence = format!("{}{run}: {}", record.address, record.kind);
    let one_line: String = sentence.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{} {one_line}\n", stamp::local(record.at.wall, zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::inbox;
    use crate::model::{By, Exit, Now, Time};

    fn journal() -> Journal {
        Journal::new(None, inbox::inbox().0)
    }

    fn record(run: u64, kind: RecordKind) -> Record {
        Record {
            at: Now { mono: Time::default(), wall: Wall(1_700_000_000_120) },
            instance: Some(InstanceId(3)),
            address: "dev/web".to_owned(),
            run: Some(RunId(run)),
            by: By::Policy,
            kind,
        }
    }

    #[test]
    fn runs_are_told_by_their_number_among_the_runs_of_their_instance() {
        let mut journal = journal();
        for (number, run) in (4..).zip([7, 9]) {
            journal.begin(RunId(run), InstanceId(3), number);
            journal.keep(&record(run, RecordKind::Up));
            journal.keep(&record(run, RecordKind::Closed));
        }
        journal.keep(&record(8, RecordKind::Up));
        let runs: Vec<Option<u32>> = journal.remembered().map(|entry| entry.run).collect();
        assert_eq!(runs, [Some(4), Some(4), Some(5), Some(5), None]);
    }

    #[test]
    fn a_run_that_is_over_or_had_no_process_is_forgotten() {
        let mut journal = journal();
        let why = || "no such file".to_owned();
        for run in 0..2 {
            journal.begin(RunId(run), InstanceId(3), run as u32 + 1);
            journal.keep(&record(run, RecordKind::NotStarted { why: why() }));
            journal.keep(&record(run, RecordKind::Failed { why: why() }));
        }
        let runs: Vec<Option<u32>> = journal.remembered().map(|entry| entry.run).collect();
        assert_eq!(runs, [Some(1), Some(1), Some(2), Some(2)]);
        journal.begin(RunId(2), InstanceId(3), 3);
        assert_eq!(journal.runs, HashMap::from([(RunId(2), 3)]));
        journal.keep(&record(2, RecordKind::Closed));
        assert_eq!(journal.runs, HashMap::new());
    }

    #[test]
    fn only_the_last_thousand_are_remembered() {
        let mut journal = journal();
        for run in 0..1500 {
            journal.keep(&record(1, RecordKind::Started { pid: run }));
        }
        let pids: Vec<Option<i32>> = journal.remembered().map(|entry| entry.pid).collect();
        assert_eq!((pids.len(), pids[0], pids[999]), (1000, Some(500), Some(1499)));
    }

    #[test]
    fn an_eye_is_told_what_it_has_not_heard_of() {
        let mut journal = journal();
        journal.begin(RunId(1), InstanceId(3), 7);
        let failed = RecordKind::Failed { why: "it broke".to_owned() };
        for kind in [RecordKind::Up, failed] {
            journal.keep(&record(1, kind));
        }
        let (all, kept) = journal.since(0);
        assert_eq!((all.len(), kept), (2, 2));
        let told = (all[1].kind, all[1].run, all[1].bad, all[1].text.as_str(), all[0].bad);
        assert_eq!(told, ("stopped", Some(7), true, "failed: it broke", false));
        assert_eq!(journal.since(1).0, all[1..]);
        assert_eq!(journal.since(2), (Vec::new(), 2));
        for _ in 0..1500 {
            journal.keep(&record(1, RecordKind::Up));
        }
        let (rest, kept) = journal.since(2);
        assert_eq!((rest.len(), kept), (1000, 1502), "the oldest are forgotten, and that can be told");
    }

    #[test]
    fn an_event_has_the_shape_that_is_promised() {
        let exited = entry(
            &record(1, RecordKind::Exited { exit: Exit::Signal(9), expected: false, told: false }),
            Some(2),
        );
        assert_eq!(
            serde_json::to_string(&exited).expect("plain data"),
            r#"{"time":"2023-11-14T22:13:20.120Z","kind":"exited","address":"dev/web","run":2,"by":"policy","text":"ended, signal KILL","exit":{"signal":"KILL"},"expected":false}"#
        );
        let retry = entry(&record(1, RecordKind::Retry { attempt: Some(2), in_ms: 1_500 }), None);
        assert_eq!(retry.next.as_deref(), Some("2023-11-14T22:13:21.620Z"));
    }

    #[test]
    fn a_line_of_the_event_log_is_one_line() {
        let failed = record(1, RecordKind::Failed { why: "no\nsuch\x1b[31m file".to_owned() });
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(
            line(&failed, Some(2), &zone),
            "2023-11-14T23:13:20.120+01:00 dev/web run 2: failed: no such [31m file\n"
        );
    }
}
