//! The writer on a disk that is too small: what is told, what waits, what is lost.

use std::cell::RefCell;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use super::total::Total;
use super::writer::Writer;
use super::{Archived, Name, Task, name_of};
use crate::model::{Station, Time};
use crate::sys::FolderLock;
use crate::terminal::{Disk, Fed, Files, Moment, Past, Terminal, stored};

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
    let total = Total::new(folder.path(), "systems.toml".into());
    let mut writer =
        Writer::new(folder.path().to_owned(), disk, total, move |what| heard.borrow_mut().push(what));
    let station = Station { system: "a".into(), job: "job".into(), number: 1 };
    let name = name_of(&station);
    writer.take(Task::Open(vec![station], None), &mut Vec::new());
    let Some(Archived::Opened(mut found)) = told.borrow_mut().pop() else { panic!("it is opened") };
    let mut terminal = *found.remove(0).1;
    terminal.resize(10, 80);
    terminal.set_history_limit(1_000_000_000);
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
                    assert!(
                        why.contains("no space left on device: the history of a.job.1 cannot be written"),
                        "{why}"
                    );
                    self.failures += 1;
                }
                Archived::Recovered => self.recoveries += 1,
                Archived::Held(_) | Archived::Opened(_) | Archived::Crowded(..) => {
                    panic!("nobody asked for it")
                }
            }
        }
    }

    fn opened(&self) -> Terminal {
        let mut terminal = Terminal::new(10, 80);
        terminal.recall(Past::open(&self.folder.path().join(&*self.name)).0, 1_000_000_000);
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
fn nothing_is_written_before_others_know_that_we_are_here() {
    let mut trial = trial();
    *trial.room.borrow_mut() = usize::MAX;
    let history = trial.folder.path().join("history");
    let other = FolderLock::wait(&history).unwrap();
    trial.print(0, 500);
    trial.writer.write();
    let told = trial.told.take();
    let why = "another zap has its folder: the history of a.job.1 cannot be written";
    assert!(matches!(&told[..], [Archived::Failed(told)] if told.starts_with(why)));
    assert!(stored(&trial.folder.path().join(&*trial.name)).is_empty());
    drop(other);
    trial.write();
    assert_eq!((trial.failures, trial.recoveries), (0, 1));
    assert!(FolderLock::attempt(&history).unwrap().is_none(), "who makes room finds that it is taken");
    assert!(trial.opened().line(499).unwrap().text().starts_with("499 "));
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
