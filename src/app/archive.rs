//! One thread beside the loop that writes histories to the disk. A disk that is full, slow or broken holds up nothing: what cannot
//! be written waits here, and is dropped by the loop when it becomes too much. Not: what is written and when (`histories`).

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::sys::reason;
use crate::terminal::{Discarded, Disk, Files, Package, Scribe, Tail, Written};

/// After a failure it is tried again so much later, as long as there is something to write.
const AGAIN: Duration = Duration::from_secs(5);
/// Writing is no deep call; the blocks are not on the stack.
const STACK: usize = 128 * 1024;

/// What a history is known by: the name of its folder.
pub(super) type Name = Arc<str>;

/// What the thread is told.
pub(super) enum Task {
    /// There is another history.
    Open(Name, Box<Scribe>),
    /// These lines are to be written.
    Block(Name, Package),
    /// These newest lines are to be written.
    Tail(Name, Tail),
    /// This file is not wanted any more.
    Discard(Name, Discarded),
    /// All that was told before is to be written now, or it is too late; the answer tells that it was tried.
    Finish(Sender<()>),
}

/// What the thread tells.
pub(crate) enum Archived {
    /// These lines of a history are on the disk.
    Written(Name, Vec<Written>),
    /// A history cannot be written: what, and why. Told once until all can be written again.
    Failed(String),
    /// All histories are on the disk again.
    Recovered,
}

/// The way to the thread, which ends when this is dropped.
pub(super) struct Archive {
    tasks: Sender<Task>,
}

impl Archive {
    /// Starts the thread.
    pub(super) fn start(tell: impl Fn(Archived) + Send + 'static) -> io::Result<Self> {
        let (tasks, queue) = channel();
        let mut writer = Writer::new(Files::default(), tell);
        let thread = std::thread::Builder::new().name("zap-archive".to_owned()).stack_size(STACK);
        thread.spawn(move || writer.run(&queue))?;
        Ok(Self { tasks })
    }

    /// Tells the thread something. Never waits.
    pub(super) fn tell(&self, task: Task) {
        // A thread that is gone has panicked, and zap ends.
        let _ = self.tasks.send(task);
    }

    /// Waits until all was tried to be written, but not longer than this.
    pub(super) fn finish(&self, patience: Duration) {
        let (done, answer) = channel();
        self.tell(Task::Finish(done));
        // Either all is written, or it has taken too long.
        let _ = answer.recv_timeout(patience);
    }
}

/// The thread's side.
struct Writer<D, T> {
    disk: D,
    tell: T,
    desks: HashMap<Name, Desk>,
    /// The last attempt failed, and that was told.
    failed: bool,
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
    fn new(disk: D, tell: T) -> Self {
        Self { disk, tell, desks: HashMap::new(), failed: false }
    }

    /// Writes what it is told until nobody tells anything any more.
    fn run(&mut self, tasks: &Receiver<Task>) {
        loop {
            let first = if self.failed {
                match tasks.recv_timeout(AGAIN) {
                    Ok(task) => Some(task),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            } else {
                match tasks.recv() {
                    Ok(task) => Some(task),
                    Err(_) => return,
                }
            };
            if first.is_none() {
                self.unstick();
            }
            let mut done = Vec::new();
            for task in first.into_iter().chain(tasks.try_iter()) {
                self.take(task, &mut done);
            }
            if !done.is_empty() {
                self.unstick();
            }
            self.write();
            for done in done {
                // Who asked may wait no longer.
                let _ = done.send(());
            }
        }
    }

    fn take(&mut self, task: Task, done: &mut Vec<Sender<()>>) {
        match task {
            Task::Open(name, scribe) => {
                self.desks.insert(name, Desk { scribe, waiting: VecDeque::new(), stuck: false });
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
            Task::Finish(answer) => done.push(answer),
        }
    }

    fn add(&mut self, name: &Name, piece: Piece) {
        if let Some(desk) = self.desks.get_mut(name) {
            desk.waiting.push_back(piece);
        }
    }

    fn unstick(&mut self) {
        self.desks.values_mut().for_each(|desk| desk.stuck = false);
    }

    /// Writes all that waits and can be written.
    fn write(&mut self) {
        let mut failure = None;
        for (name, desk) in self.desks.iter_mut().filter(|(_, desk)| !desk.waiting.is_empty() && !desk.stuck)
        {
            let (written, outcome) = desk.write(&mut self.disk);
            if !written.is_empty() {
                (self.tell)(Archived::Written(Arc::clone(name), written));
            }
            if let Err(error) = outcome {
                desk.stuck = true;
                failure.get_or_insert_with(|| {
                    format!("the history of {name} cannot be written: {}", reason(&error))
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
