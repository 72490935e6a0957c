//! The thread that opens and writes histories: what waits for the disk, and when it is tried again. Not: what of it is dropped when
//! that becomes too much (`histories`), nor what other projects keep (`total`).

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::total::Total;
use super::{Archived, Name, Task, name_of};
use crate::model::{Size, Station, Time};
use crate::sys::{Clock, reason};
use crate::terminal::{Disk, Package, Past, Scribe, Tail, Terminal, Written};

/// After a failure it is tried again so much later, as long as there is something to write.
const AGAIN: Duration = Duration::from_secs(5);

/// The thread's side.
pub(super) struct Writer<D, T> {
    /// The folder with a folder for each history.
    folder: PathBuf,
    disk: D,
    total: Total,
    tell: T,
    desks: HashMap<Name, Desk>,
    /// The last attempt failed, and that was told.
    failed: bool,
    /// When the next one is due.
    pub(super) again: Option<Time>,
}

/// A history and what of it is not written yet, the oldest first.
struct Desk {
    scribe: Box<Scribe>,
    waiting: VecDeque<Piece>,
    /// Its oldest piece could not be written: the others wait for the next attempt.
    stuck: bool,
}

enum Piece {
    Block(Package),
    Tail(Tail),
}

impl<D: Disk, T: Fn(Archived)> Writer<D, T> {
    pub(super) fn new(folder: PathBuf, disk: D, total: Total, tell: T) -> Self {
        Self { folder, disk, total, tell, desks: HashMap::new(), failed: false, again: None }
    }

    /// Writes what it is told until nobody tells anything any more.
    pub(super) fn run(&mut self, tasks: &Receiver<Task>) {
        let clock = Clock::start();
        self.total.begin(|held| (self.tell)(Archived::Held(held)));
        loop {
            let first = match self.again {
                Some(at) => match tasks.recv_timeout(at.since(clock.now().mono)) {
                    Ok(task) => Some(task),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
                None => match tasks.recv() {
                    Ok(task) => Some(task),
                    Err(_) => return,
                },
            };
            self.attend(first.into_iter().chain(tasks.try_iter()), clock.now().mono);
        }
    }

    /// Takes what is told, and writes what can be written. What failed is tried again when it is due, whatever else comes.
    pub(super) fn attend(&mut self, tasks: impl Iterator<Item = Task>, now: Time) {
        let due = self.again.take_if(|at| *at <= now).is_some();
        let mut done = Vec::new();
        for task in tasks {
            self.take(task, &mut done);
        }
        if due || !done.is_empty() {
            self.unstick();
        }
        self.write();
        self.again = self.failed.then(|| self.again.unwrap_or(now + AGAIN));
        let ends = !done.is_empty();
        for done in done {
            // Who asked may wait no longer.
            let _ = done.send(());
        }
        if !ends && self.total.is_due(now) {
            self.make_room(now);
        }
    }

    pub(super) fn take(&mut self, task: Task, done: &mut Vec<Sender<()>>) {
        match task {
            Task::Open(stations, asked) => {
                self.open(stations);
                drop(asked);
            }
            Task::Block(name, package) => self.add(&name, Piece::Block(package)),
            Task::Tail(name, tail) => {
                if tail.is_fresh()
                    && let Some(desk) = self.desks.get_mut(&name)
                {
                    desk.waiting.retain(|piece| matches!(piece, Piece::Block(_)));
                }
                self.add(&name, Piece::Tail(tail));
            }
            Task::Discard(name, file) => {
                if let Some(desk) = self.desks.get_mut(&name) {
                    // What cannot be removed is in nobody's way: the next life of zap finds it and drops it again.
                    let _ = desk.scribe.discard(file, &mut self.disk);
                }
                // There is room now.
                self.unstick();
            }
            Task::Bound(bytes, wanted) => self.total.bound(bytes, wanted),
            Task::Finish(answer) => done.push(answer),
        }
    }

    fn open(&mut self, stations: Vec<Station>) {
        let mut found = Vec::new();
        for station in stations {
            let name = name_of(&station);
            if !self.desks.contains_key(&name) {
                let (past, scribe) = Past::open(&self.folder.join(&*name));
                let desk = Desk { scribe: Box::new(scribe), waiting: VecDeque::new(), stuck: false };
                self.desks.insert(name, desk);
                // How much it may keep is known when somebody moves in.
                let mut terminal = Terminal::new(Size::UNSEEN.rows, Size::UNSEEN.cols);
                terminal.recall(past, u64::MAX);
                found.push((station, Box::new(terminal)));
            }
        }
        (self.tell)(Archived::Opened(found));
    }

    fn add(&mut self, name: &Name, piece: Piece) {
        if let Some(desk) = self.desks.get_mut(name) {
            desk.waiting.push_back(piece);
        }
    }

    pub(super) fn unstick(&mut self) {
        self.desks.values_mut().for_each(|desk| desk.stuck = false);
    }

    /// Writes all that waits and can be written.
    pub(super) fn write(&mut self) {
        let mut failure = None;
        for (name, desk) in self.desks.iter_mut().filter(|(_, desk)| !desk.waiting.is_empty() && !desk.stuck)
        {
            let (written, outcome) = match self.total.claim() {
                Ok(()) => desk.write(&mut self.disk),
                Err(error) => (Vec::new(), Err(error)),
            };
            if !written.is_empty() {
                self.total.written(&written);
                (self.tell)(Archived::Written(Arc::clone(name), written));
            }
            if let Err(error) = outcome {
                desk.stuck = true;
                failure.get_or_insert_with(|| {
                    format!("{}: the history of {name} cannot be written", reason(&error))
                });
            }
        }
        match failure {
            Some(why) if !self.failed => {
                self.failed = true;
                let why = format!("{why}; output is kept in memory until it can be");
                (self.tell)(Archived::Failed(why));
            }
            None if self.failed && self.desks.values().all(|desk| desk.waiting.is_empty()) => {
                self.failed = false;
                (self.tell)(Archived::Recovered);
            }
            Some(_) | None => {}
        }
    }

    /// All projects together may keep too much.
    fn make_room(&mut self, now: Time) {
        let open: HashSet<Name> = self.desks.keys().cloned().collect();
        for (name, file) in self.total.make_room(&open, now) {
            (self.tell)(Archived::Crowded(name, file));
        }
    }
}

impl Desk {
    /// Writes what waits, as far as it can be.
    fn write(&mut self, disk: &mut dyn Disk) -> (Vec<Written>, io::Result<()>) {
        let mut written = Vec::new();
        while let Some(piece) = self.waiting.front() {
            let outcome = match piece {
                Piece::Block(package) => self.scribe.write(package, disk).map(|block| written.extend(block)),
                Piece::Tail(tail) => self.scribe.write_tail(tail, disk),
            };
            if outcome.is_err() {
                return (written, outcome);
            }
            self.waiting.pop_front();
        }
        (written, Ok(()))
    }
}
