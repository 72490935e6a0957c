//! The eye in a script: every line of every job, prefixed with its name, and what became of the jobs. Not: a screen.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::time::Duration;

use crate::model::{Command, Exit, InstanceId, InstanceView, Now, State, SystemView, Target, Time, View};
use crate::terminal::{LineSplitter, plain};

use super::engine::Engine;
use super::message::Post;
use super::printer::Printer;

/// A line that is not finished is printed all the same when nothing followed for so long.
const PARTIAL: Duration = Duration::from_millis(200);
/// The end of a run is told behind its last words. Who outlived it and writes on and on is listened to for so long.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// The colours of the names, by turns: those that are read well on dark and on light ground.
const COLOURS: [u8; 6] = [36, 33, 32, 35, 34, 31];

/// What standard output can show.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    /// Colours.
    pub colour: bool,
    /// More than ASCII.
    pub utf8: bool,
}

/// The eye in a script.
pub(super) struct Lines {
    printer: Printer,
    columns: HashMap<InstanceId, Column>,
    /// The first wish was carried out: only then it is known who is wanted.
    begun: bool,
    ink: Ink,
    until: Option<Vec<Target>>,
    changed: bool,
    verdict: Option<u8>,
}

/// What is printed of one instance.
struct Column {
    /// Its name, padded to the longest, with its colour.
    name: String,
    ink: Ink,
    splitter: LineSplitter,
    /// When its unfinished line was last added to.
    partial: Option<Time>,
    /// What was last heard of it.
    heard: Option<(State, u32)>,
    /// What was last said of it.
    said: String,
    /// The end of its last run, which is not told yet.
    held: Option<Ending>,
}

/// The end of a run.
struct Ending {
    news: String,
    /// When it is told at the latest; at once if all that the run wrote was printed.
    at: Option<Time>,
}

impl Lines {
    /// Begins to print what jobs do.
    pub(super) fn new(until: Option<Vec<Target>>, ink: Ink, post: Post) -> io::Result<Self> {
        let printer = Printer::start(post)?;
        Ok(Self { printer, columns: HashMap::new(), begun: false, ink, until, changed: false, verdict: None })
    }

    /// An instance printed this.
    pub(super) fn output(&mut self, instance: InstanceId, bytes: &[u8], now: Now) {
        // Only while zap ends does more come than is taken: it must not fill the memory.
        let Some(column) = self.columns.get_mut(&instance).filter(|_| self.printer.accepts()) else { return };
        let (name, ink) = (&column.name, column.ink);
        let mut text = String::new();
        column.splitter.feed(bytes, &mut |line| push_line(&mut text, name, line, ink));
        column.partial = column.splitter.partial().map(|_| now.mono);
        self.printer.print(text);
    }

    /// Jobs have changed.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// An instance is gone from the file, and nothing of it is left.
    pub(super) fn forget(&mut self, instance: InstanceId) {
        if let Some(mut column) = self.columns.remove(&instance) {
            let last = column.rest() + &column.tell_ending();
            self.printer.print(last + &column.say("it is gone from the file".to_owned()));
        }
    }

    /// Whether more output can be taken.
    pub(super) fn accepts(&self) -> bool {
        self.printer.accepts()
    }

    /// When an unfinished line is printed all the same, or an end told that is held back.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.columns.values().filter_map(Column::deadline).min()
    }

    /// Prints what is due, and ends zap when nothing is left to do.
    pub(super) fn show(&mut self, engine: &mut Engine) {
        if engine.is_recalling() {
            // Nothing has begun, and so nothing is at rest.
            return;
        }
        let now = engine.now().mono;
        self.print_partials(now);
        if std::mem::take(&mut self.changed) {
            self.hear(engine.view());
        }
        self.tell_endings(now);
        self.judge(engine);
    }

    fn print_partials(&mut self, now: Time) {
        for column in self.columns.values_mut() {
            if column.partial.is_some_and(|at| now >= at + PARTIAL) {
                self.printer.print(column.rest());
            }
        }
    }

    /// Takes note of what became of the jobs.
    fn hear(&mut self, view: &View) {
        self.begun = true;
        if jobs(view).any(|job| !self.columns.contains_key(&job.id)) {
            for (id, column) in columns(view, self.ink) {
                self.columns.entry(id).or_insert(column);
            }
        }
        for job in jobs(view) {
            if let Some(column) = self.columns.get_mut(&job.id) {
                self.printer.print(column.hear(job));
            }
        }
    }

    /// Tells the ends of runs. While a slow reader holds back the jobs, what they wrote last cannot have come.
    fn tell_endings(&mut self, now: Time) {
        let accepts = self.accepts();
        for ending in self.columns.values_mut().filter_map(|column| column.held.as_mut()) {
            if !accepts {
                ending.at = ending.at.map(|_| now + LAST_WORDS);
            }
        }
        for column in self.columns.values_mut() {
            if column.held.as_ref().is_some_and(|ending| ending.at.is_none_or(|at| at <= now)) {
                self.printer.print(column.tell_ending());
            }
        }
    }

    /// Whether there is anything left to do, and how it went.
    fn judge(&mut self, engine: &mut Engine) {
        let is_over = self.verdict.is_some() || engine.view().quitting.is_some();
        let deciding = self.deciding(engine);
        if is_over || !self.begun || self.is_about_to_tell(deciding.as_deref()) {
            return;
        }
        let rest = engine.supervisor.at_rest();
        self.verdict = match deciding {
            // How that one ends will never be known.
            _ if self.is_without_one(engine) => Some(1),
            Some(ids) => verdict(ids.iter().map(|id| engine.supervisor.ended(*id))),
            None => rest.map(|good| u8::from(!good)),
        };
        if self.verdict.is_some() {
            if rest.is_some() {
                self.tell_who_waits(engine.view());
            }
            engine.command(Command::Quit);
        }
    }

    /// Whose end decides; all together if nobody was named.
    fn deciding(&self, engine: &Engine) -> Option<Vec<InstanceId>> {
        let until = self.until.as_ref()?;
        Some(until.iter().flat_map(|target| engine.supervisor.members(target)).collect())
    }

    /// Whether somebody whose end decides is no longer in the file.
    fn is_without_one(&self, engine: &Engine) -> bool {
        self.until.iter().flatten().any(|target| engine.supervisor.members(target).is_empty())
    }

    /// Whether an end that decides is not told yet.
    fn is_about_to_tell(&self, deciding: Option<&[InstanceId]>) -> bool {
        let decides = |id: &InstanceId| deciding.is_none_or(|ids| ids.contains(id));
        self.columns.iter().any(|(id, column)| decides(id) && column.held.is_some())
    }

    /// Who waits now waits in vain: for what.
    fn tell_who_waits(&mut self, view: &View) {
        for job in jobs(view).filter(|job| job.state == State::Waiting) {
            if let Some(column) = self.columns.get_mut(&job.id).filter(|column| column.said != job.why) {
                self.printer.print(column.say(job.why.clone()));
            }
        }
    }

    /// The code that tells how it went.
    pub(super) fn verdict(&self) -> Option<u8> {
        self.verdict
    }

    /// Prints what is left.
    pub(super) fn farewell(&mut self, patience: Duration) {
        let rest: BTreeMap<_, _> = self
            .columns
            .iter_mut()
            .map(|(id, column)| (*id, column.rest() + &column.tell_ending()))
            .collect();
        for text in rest.into_values() {
            self.printer.print(text);
        }
        self.printer.finish(patience);
    }
}

impl Column {
    fn new(name: String, ink: Ink) -> Self {
        let splitter = LineSplitter::default();
        Self { name, ink, splitter, partial: None, heard: None, said: String::new(), held: None }
    }

    fn deadline(&self) -> Option<Time> {
        let ending = self.held.as_ref().and_then(|ending| ending.at);
        self.partial.map(|at| at + PARTIAL).into_iter().chain(ending).min()
    }

    /// Takes note of what became of its job, and says what can be said at once. The end of a run is held back, and looked at
    /// anew as long as it is: which step failed may be known later than that one did.
    fn hear(&mut self, job: &InstanceView) -> String {
        let present = (job.state, job.restarts);
        let before = self.heard.replace(present);
        let is_new = before != Some(present) && (before.is_some() || job.state != State::Stopped);
        if ends_a_run(job.state) && (is_new || self.held.is_some()) {
            self.held = ending(job);
            String::new()
        } else if is_new {
            let last = self.tell_ending();
            last + &news(job).map_or_else(String::new, |news| self.say(news))
        } else {
            String::new()
        }
    }

    /// The end of its last run, if it is not told yet, behind the last line of it.
    fn tell_ending(&mut self) -> String {
        self.held.take().map_or_else(String::new, |ending| self.rest() + &self.say(ending.news))
    }

    /// A line about it.
    fn say(&mut self, news: String) -> String {
        let name = &self.name;
        let text = if self.ink.utf8 {
            format!("{name} ── {news}\n")
        } else {
            format!("{name} -- {}\n", news.replace('·', "-"))
        };
        self.said = news;
        text
    }

    /// The unfinished line, finished.
    fn rest(&mut self) -> String {
        let mut text = String::new();
        if let Some(line) = self.splitter.take_partial() {
            push_line(&mut text, &self.name, &line, self.ink);
        }
        self.partial = None;
        text
    }
}

fn jobs(view: &View) -> impl Iterator<Item = &InstanceView> {
    view.systems.iter().flat_map(|system: &SystemView| &system.jobs)
}

/// A column for each instance, as wide as the longest name of those that are wanted.
fn columns(view: &View, ink: Ink) -> HashMap<InstanceId, Column> {
    let names = short_names(&jobs(view).collect::<Vec<_>>());
    let wanted = jobs(view).filter(|job| job.wanted);
    let width = wanted.map(|job| names[&job.id].chars().count()).max().unwrap_or_default();
    let column = |(index, job): (usize, &InstanceView)| {
        let padded = format!("{:width$}", names[&job.id]);
        let name = if ink.colour { paint(COLOURS[index % COLOURS.len()], &padded) } else { padded };
        (job.id, Column::new(name, ink))
    };
    jobs(view).enumerate().map(column).collect()
}

/// Whether a job comes into this state by the end of a run.
fn ends_a_run(state: State) -> bool {
    match state {
        State::Done | State::Failed | State::Stopped | State::Backoff | State::Held => true,
        State::Starting | State::Running | State::Waiting | State::Scheduled | State::Stopping => false,
    }
}

/// The end of its last run, unless it never had one.
fn ending(job: &InstanceView) -> Option<Ending> {
    let run = job.run?;
    let at = run.ended.filter(|_| !run.complete).map(|ended| ended.mono + LAST_WORDS);
    Some(Ending { news: news(job)?, at })
}

/// What is worth telling of a job that has come into a state.
fn news(job: &InstanceView) -> Option<String> {
    match job.state {
        State::Starting => None,
        State::Running if job.one_shot => None,
        State::Done if job.exit == Some(Exit::Code(0)) => Some("done".to_owned()),
        State::Running
        | State::Waiting
        | State::Scheduled
        | State::Stopping
        | State::Backoff
        | State::Held
        | State::Done
        | State::Failed
        | State::Stopped => Some(job.why.clone()),
    }
}

fn push_line(text: &mut String, name: &str, line: &[u8], ink: Ink) {
    text.push_str(name);
    text.push_str(" | ");
    if ink.colour {
        text.push_str(&String::from_utf8_lossy(line));
    } else {
        text.push_str(&plain(line));
    }
    text.push('\n');
}

/// The name where it is unique, else the address.
fn short_names(jobs: &[&InstanceView]) -> HashMap<InstanceId, String> {
    let mut count: HashMap<&str, u32> = HashMap::new();
    for job in jobs {
        *count.entry(&job.label).or_default() += 1;
    }
    jobs.iter()
        .map(|job| (job.id, if count[job.label.as_str()] == 1 { &job.label } else { &job.address }.clone()))
        .collect()
}

fn paint(colour: u8, text: &str) -> String {
    format!("\x1b[{colour}m{text}\x1b[0m")
}

/// The first code that is not 0, once all have ended.
fn verdict(ends: impl Iterator<Item = Option<Option<Exit>>>) -> Option<u8> {
    let codes = ends.map(|end| end.map(|exit| exit.map_or(1, exit_code)));
    let codes: Vec<u8> = codes.collect::<Option<_>>()?;
    Some(codes.into_iter().find(|code| *code != 0).unwrap_or(0))
}

fn exit_code(exit: Exit) -> u8 {
    match exit {
        Exit::Code(code) => code,
        Exit::Signal(number) => 128_u8.saturating_add(number as u8),
        Exit::Unknown => 1,
    }
}
