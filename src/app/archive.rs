//! One thread beside the loop that writes histories to the disk. A disk that is full, slow or broken holds up nothing: what cannot
//! be written waits here, and is dropped by the loop when it becomes too much. Not: what is written and when (`histories`).

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::model::Time;
use crate::sys::{Clock, reason};
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
    /// When the next one is due.
    again: Option<Time>,
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
        Self { disk, tell, desks: HashMap::new(), failed: false, again: None }
    }

    /// Writes what it is told until nobody tells anything any more.
    fn run(&mut self, tasks: &Receiver<Task>) {
        let clock = Clock::start();
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
    fn attend(&mut self, tasks: impl Iterator<Item = Task>, now: Time) {
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
        for done in done {
            // Who asked may wait no longer.
            let _ = done.send(());
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::path::Path;
    use std::rc::Rc;

    use super::*;
    use crate::terminal::{Fed, Moment, Past, Terminal};

    /// A disk of so many bytes, of which a file that is removed gives none back.
    struct Small {
        files: Files,
        room: Rc<RefCell<usize>>,
    }

    impl Small {
        fn take(&self, bytes: &[u8]) -> io::Result<()> {
            let mut room = self.room.borrow_mut();
            *room = room.checked_sub(bytes.len()).ok_or(io::Error::from_raw_os_error(libc::ENOSPC))?;
            Ok(())
        }
    }

    impl Disk for Small {
        fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
            self.files.make_folder(folder)
        }

        fn write(&mut self, file: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
            if let Err(full) = self.take(bytes) {
                // What fits is written, as by the kernel.
                self.files.write(file, at, &bytes[..bytes.len() / 2])?;
                return Err(full);
            }
            self.files.write(file, at, bytes)
        }

        fn cut(&mut self, file: &Path, len: u64) -> io::Result<()> {
            self.files.cut(file, len)
        }

        fn replace(&mut self, file: &Path, bytes: &[u8]) -> io::Result<()> {
            self.take(bytes)?;
            self.files.replace(file, bytes)
        }

        fn remove(&mut self, file: &Path) -> io::Result<()> {
            self.files.remove(file)
        }
    }

    /// A job that prints, the writer of its history without a thread, and what that told.
    struct Trial<T> {
        terminal: Terminal,
        writer: Writer<Small, T>,
        name: Name,
        room: Rc<RefCell<usize>>,
        told: Rc<RefCell<Vec<Archived>>>,
        folder: tempfile::TempDir,
        failures: usize,
        recoveries: usize,
        noise: Vec<String>,
    }

    /// So many lines are different; together they are more than a block.
    const NOISE: usize = 500;

    fn noise(line: u64) -> String {
        let word = |index: u64| (line * 100 + index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let words: Vec<String> =
            (0..18).map(|index| format!("{:016x}", word(index).wrapping_mul(word(index) | 1))).collect();
        words.concat()
    }

    fn trial() -> Trial<impl Fn(Archived)> {
        let folder = tempfile::tempdir().unwrap();
        let (room, told) = (Rc::new(RefCell::new(0)), Rc::new(RefCell::new(Vec::new())));
        let heard = Rc::clone(&told);
        let disk = Small { files: Files::default(), room: Rc::clone(&room) };
        let mut writer = Writer::new(disk, move |what| heard.borrow_mut().push(what));
        let (past, scribe) = Past::open(folder.path());
        let mut terminal = Terminal::new(10, 80);
        terminal.recall(past, 1_000_000_000);
        let name = Name::from("a.job.1");
        writer.take(Task::Open(Name::clone(&name), Box::new(scribe)), &mut Vec::new());
        terminal.begin_run(1, None, Moment(1));
        let noise = (0..NOISE as u64).map(noise).collect();
        Trial { terminal, writer, name, room, told, folder, failures: 0, recoveries: 0, noise }
    }

    impl<T: Fn(Archived)> Trial<T> {
        /// Prints lines that do not compress well.
        fn feed(&mut self, from: u64, to: u64) {
            let line = |number: u64| format!("{number} {}\r\n", self.noise[number as usize % NOISE]);
            let text: String = (from..to).map(line).collect();
            self.terminal.feed(text.as_bytes(), Moment(2), &mut Fed::default());
        }

        /// Prints such lines and gives all to the writer, as the loop does.
        fn print(&mut self, from: u64, to: u64) {
            self.feed(from, to);
            for package in self.terminal.packages() {
                self.writer.take(Task::Block(Name::clone(&self.name), package), &mut Vec::new());
            }
            for file in self.terminal.discarded() {
                self.writer.take(Task::Discard(Name::clone(&self.name), file), &mut Vec::new());
            }
            if let Some(tail) = self.terminal.tail() {
                self.writer.take(Task::Tail(Name::clone(&self.name), tail), &mut Vec::new());
            }
        }

        fn write(&mut self) {
            self.writer.unstick();
            self.writer.write();
            self.hear();
        }

        fn hear(&mut self) {
            for told in self.told.take() {
                match told {
                    Archived::Written(_, written) => self.terminal.written(&written),
                    Archived::Failed(why) => {
                        assert!(why.contains("a.job.1 cannot be written: no space left on device"), "{why}");
                        self.failures += 1;
                    }
                    Archived::Recovered => self.recoveries += 1,
                }
            }
        }

        fn opened(&self) -> Terminal {
            let mut terminal = Terminal::new(10, 80);
            terminal.recall(Past::open(self.folder.path()).0, 1_000_000_000);
            terminal
        }
    }

    #[test]
    fn a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_room_again() {
        let mut trial = trial();
        *trial.room.borrow_mut() = 700_000;
        for part in 0..20 {
            trial.print(part * 250, part * 250 + 250);
            trial.write();
        }
        assert_eq!((trial.failures, trial.recoveries), (1, 0));
        assert!(trial.terminal.memory() > 400_000, "{} bytes wait in memory", trial.terminal.memory());
        // What was written before is there.
        let line = trial.opened().line(300).map(|line| line.text());
        assert!(
            line.as_ref().is_some_and(|text| text.starts_with("300 ")),
            "{line:?} {:?}",
            trial.opened().lines()
        );
        *trial.room.borrow_mut() = usize::MAX;
        trial.write();
        assert_eq!((trial.failures, trial.recoveries), (1, 1));
        let opened = trial.opened();
        for number in 0..5_000 {
            let line = opened.line(number).unwrap();
            assert!(line.text().starts_with(&format!("{number} ")), "{number}: {}", line.text());
        }
        *trial.room.borrow_mut() = 0;
        trial.print(5_000, 6_000);
        trial.write();
        assert_eq!(trial.failures, 2, "the next failure is news again");
    }

    #[test]
    fn a_full_disk_is_tried_again_while_a_job_goes_on_printing() {
        let mut trial = trial();
        let second = |number: u64| Time(Duration::from_secs(number));
        trial.print(0, 500);
        trial.writer.attend(std::iter::empty(), second(0));
        trial.hear();
        assert_eq!((trial.failures, trial.recoveries), (1, 0));
        *trial.room.borrow_mut() = usize::MAX;
        for number in 1..=6 {
            trial.feed(500 + number, 501 + number);
            let tail = trial.terminal.tail().map(|tail| Task::Tail(Name::clone(&trial.name), tail));
            assert!(tail.is_some());
            trial.writer.attend(tail.into_iter(), second(number));
            trial.hear();
            assert_eq!(trial.recoveries, usize::from(number >= 5), "after {number} s");
        }
        assert_eq!(trial.writer.again, None);
        assert!(trial.opened().line(505).unwrap().text().starts_with("506 "));
    }

    #[test]
    fn what_cannot_be_written_is_bounded_in_memory_and_the_oldest_is_dropped() {
        let mut trial = trial();
        *trial.room.borrow_mut() = 200_000;
        for part in 0..30 {
            trial.print(part * 5_000, part * 5_000 + 5_000);
            trial.write();
        }
        assert!(trial.terminal.memory() < 40_000_000, "{} bytes", trial.terminal.memory());
        let lines = trial.terminal.lines();
        assert!(trial.terminal.line(lines.start).unwrap().text().ends_with("older lines dropped"));
        assert!(trial.terminal.line(lines.end - 1).unwrap().text().starts_with("149999 "));
        *trial.room.borrow_mut() = usize::MAX;
        trial.write();
        trial.print(150_000, 150_001);
        trial.write();
        assert!(trial.terminal.memory() < 2_000_000, "{} bytes", trial.terminal.memory());
        let opened = trial.opened();
        let first = opened.lines().start + 1;
        let line = opened.line(first).unwrap().text();
        assert!(line.starts_with(&format!("{first} ")), "{first} of {:?}: {line}", opened.lines());
        assert!(opened.line(150_000).unwrap().text().starts_with("150000 "));
    }
}
