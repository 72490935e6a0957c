//! The eye in a script: every line of every job, prefixed with its name. Not: a screen.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use crate::model::{Command, Exit, InstanceId, InstanceView, Now, State, Time, View};
use crate::terminal::{LineSplitter, plain};

use super::engine::Engine;
use super::message::{Control, Post};

/// A line that is not finished is printed all the same when nothing followed for so long.
const PARTIAL: Duration = Duration::from_millis(200);
/// More than so many bytes that nobody takes, and the jobs are held back.
const UNDER_WAY: usize = 1024 * 1024;
/// The colours of the names, by turns: those that are read well on dark and on light ground.
const COLOURS: [u8; 6] = [36, 33, 32, 35, 34, 31];

/// The eye in a script.
pub(super) struct Lines {
    printer: Printer,
    columns: HashMap<InstanceId, Column>,
    colour: bool,
    until: Option<InstanceId>,
    changed: bool,
    verdict: Option<u8>,
}

/// What is printed of one instance.
struct Column {
    /// Its name, padded to the longest, with its colour.
    name: String,
    splitter: LineSplitter,
    /// When its unfinished line was last added to.
    partial: Option<Time>,
    /// What was last told of it.
    told: Option<(State, u32)>,
}

impl Lines {
    /// Begins to print what these instances do.
    pub(super) fn new(view: &View, until: Option<InstanceId>, colour: bool, post: Post) -> io::Result<Self> {
        let jobs: Vec<&InstanceView> = view.systems.iter().flat_map(|system| &system.jobs).collect();
        let names = short_names(&jobs);
        let width = names.values().map(String::len).max().unwrap_or_default();
        let column = |(index, job): (usize, &&InstanceView)| {
            let padded = format!("{:width$}", names[&job.id]);
            let name = if colour { paint(COLOURS[index % COLOURS.len()], &padded) } else { padded };
            (job.id, Column { name, splitter: LineSplitter::default(), partial: None, told: None })
        };
        let columns = jobs.iter().enumerate().map(column).collect();
        let printer = Printer::start(post)?;
        Ok(Self { printer, columns, colour, until, changed: false, verdict: None })
    }

    /// An instance printed this.
    pub(super) fn output(&mut self, instance: InstanceId, bytes: &[u8], now: Now) {
        // Only while zap ends does more come than is taken: it must not fill the memory.
        let Some(column) = self.columns.get_mut(&instance).filter(|_| self.printer.accepts()) else { return };
        let (name, colour) = (&column.name, self.colour);
        let mut text = String::new();
        column.splitter.feed(bytes, &mut |line| push_line(&mut text, name, line, colour));
        column.partial = column.splitter.partial().map(|_| now.mono);
        self.printer.print(text);
    }

    /// Jobs have changed.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// Whether more output can be taken.
    pub(super) fn accepts(&self) -> bool {
        self.printer.accepts()
    }

    /// When an unfinished line is printed all the same.
    pub(super) fn deadline(&self) -> Option<Time> {
        if self.changed {
            return Some(Time::default());
        }
        self.columns.values().filter_map(|column| column.partial).min().map(|at| at + PARTIAL)
    }

    /// Prints what is due, and ends zap when nothing is left to do.
    pub(super) fn show(&mut self, engine: &mut Engine) {
        let now = engine.now();
        self.print_partials(now);
        if std::mem::take(&mut self.changed) {
            self.tell(engine.view());
            self.judge(engine);
        }
    }

    fn print_partials(&mut self, now: Now) {
        for column in self.columns.values_mut() {
            if column.partial.is_some_and(|at| now.mono >= at + PARTIAL) {
                self.printer.print(column.rest(self.colour));
            }
        }
    }

    /// Tells what became of the jobs.
    fn tell(&mut self, view: &View) {
        for job in view.systems.iter().flat_map(|system| &system.jobs) {
            let Some(column) = self.columns.get_mut(&job.id) else { continue };
            let present = (job.state, job.restarts);
            let before = column.told.replace(present);
            if before == Some(present) || (before.is_none() && job.state == State::Stopped) {
                continue;
            }
            let ended = matches!(job.state, State::Done | State::Failed | State::Stopped | State::Backoff);
            let mut text = if ended { column.rest(self.colour) } else { String::new() };
            if let Some(news) = news(job) {
                let _ = writeln!(text, "{} ── {news}", column.name);
            }
            self.printer.print(text);
        }
    }

    /// Whether there is anything left to do, and how it went.
    fn judge(&mut self, engine: &mut Engine) {
        if self.verdict.is_some() || engine.view().quitting.is_some() {
            return;
        }
        let verdict = match self.until {
            Some(id) => engine.supervisor.ended(id).map(|exit| exit.map_or(1, exit_code)),
            None => engine.supervisor.at_rest().map(|good| u8::from(!good)),
        };
        if verdict.is_some() {
            self.verdict = verdict;
            engine.command(Command::Quit);
        }
    }

    /// The code that tells how it went.
    pub(super) fn verdict(&self) -> Option<u8> {
        self.verdict
    }

    /// Prints what is left.
    pub(super) fn farewell(&mut self, patience: Duration) {
        let rest: BTreeMap<_, _> =
            self.columns.iter_mut().map(|(id, column)| (*id, column.rest(self.colour))).collect();
        for text in rest.into_values() {
            self.printer.print(text);
        }
        self.printer.finish(patience);
    }
}

impl Column {
    /// The unfinished line, finished.
    fn rest(&mut self, colour: bool) -> String {
        let mut text = String::new();
        let name = &self.name;
        if let Some(line) = self.splitter.take_partial() {
            push_line(&mut text, name, &line, colour);
        }
        self.partial = None;
        text
    }
}

/// What is worth telling of a job that has come into a state.
fn news(job: &InstanceView) -> Option<String> {
    match job.state {
        State::Starting => None,
        State::Running if job.one_shot => None,
        State::Done if job.exit == Some(Exit::Code(0)) => Some("done".to_owned()),
        State::Running
        | State::Waiting
        | State::Stopping
        | State::Backoff
        | State::Done
        | State::Failed
        | State::Stopped => Some(job.why.clone()),
    }
}

fn push_line(text: &mut String, name: &str, line: &[u8], colour: bool) {
    text.push_str(name);
    text.push_str(" | ");
    if colour {
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
        *count.entry(&job.name).or_default() += 1;
    }
    jobs.iter()
        .map(|job| (job.id, if count[job.name.as_str()] == 1 { &job.name } else { &job.address }.clone()))
        .collect()
}

fn paint(colour: u8, text: &str) -> String {
    format!("\x1b[{colour}m{text}\x1b[0m")
}

fn exit_code(exit: Exit) -> u8 {
    match exit {
        Exit::Code(code) => code,
        Exit::Signal(number) => 128_u8.saturating_add(number as u8),
    }
}

/// The thread that writes to standard output: whoever reads there slowly holds back the jobs, never the loop.
struct Printer {
    texts: Option<Sender<String>>,
    under_way: Arc<AtomicUsize>,
    ended: std::sync::mpsc::Receiver<()>,
}

impl Printer {
    fn start(post: Post) -> io::Result<Self> {
        let (texts, queue) = channel::<String>();
        let (alive, ended) = channel();
        let under_way = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&under_way);
        std::thread::Builder::new().name("zap-print".to_owned()).spawn(move || {
            let mut out = io::stdout().lock();
            for text in queue {
                let result = out.write_all(text.as_bytes()).and_then(|()| out.flush());
                let before = counted.fetch_sub(text.len(), Ordering::Relaxed);
                let broken = result.is_err();
                if broken || before >= UNDER_WAY {
                    post.control(Control::Painted(result));
                }
                if broken {
                    // What still waits will never be written, and holds nobody back.
                    counted.store(0, Ordering::Relaxed);
                    break;
                }
            }
            drop(alive);
        })?;
        Ok(Self { texts: Some(texts), under_way, ended })
    }

    fn accepts(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) < UNDER_WAY
    }

    fn print(&self, text: String) {
        if text.is_empty() {
            return;
        }
        let length = text.len();
        self.under_way.fetch_add(length, Ordering::Relaxed);
        if self.texts.as_ref().is_none_or(|texts| texts.send(text).is_err()) {
            self.under_way.fetch_sub(length, Ordering::Relaxed);
        }
    }

    /// Waits until all is written, as long as the reader takes something.
    fn finish(&mut self, patience: Duration) {
        self.texts = None;
        let mut before = self.under_way.load(Ordering::Relaxed);
        while self.ended.recv_timeout(patience) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let left = self.under_way.load(Ordering::Relaxed);
            if left == before {
                return;
            }
            before = left;
        }
    }
}
