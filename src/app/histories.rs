//! Which history belongs to which instance, and when it is written: what is finished at once, the newest lines once a second, and
//! nothing while nothing comes. Not: writing itself (`archive`).

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::{InstanceId, Size, Station, Time};
use crate::terminal::{Past, Terminal, Written};
use crate::ui::Terminals;

use super::archive::{Archive, Archived, Name, Task};

/// A `kill -9` of zap loses at most so much of what was printed last.
const BETWEEN_TAILS: Duration = Duration::from_secs(1);

/// The histories on the disk.
pub(crate) struct Histories {
    /// The folder with a folder for each.
    folder: PathBuf,
    archive: Archive,
    names: HashMap<InstanceId, Name>,
    /// Which history belongs to an instance that is there; the terminal itself if none is.
    homes: HashMap<Name, Home>,
    /// When the newest lines are next written, if something came since.
    due: Option<Time>,
}

enum Home {
    /// The terminal is with the others.
    Of(InstanceId),
    /// Nobody lives there: not yet, or not any more.
    Empty(Box<Terminal>),
}

impl Histories {
    /// Histories below this folder. `tell` hears from another thread what became of writing.
    pub(crate) fn start(folder: PathBuf, tell: impl Fn(Archived) + Send + 'static) -> io::Result<Self> {
        let archive = Archive::start(tell)?;
        Ok(Self { folder, archive, names: HashMap::new(), homes: HashMap::new(), due: None })
    }

    /// Opens the history of a station, if it is not open; `limit` is how many bytes the disk keeps of it. One that is open keeps
    /// its limit until `Outputs::limit`. The number of the last run.
    pub(super) fn open(&mut self, station: &Station, limit: u64) -> Option<u32> {
        let name = name_of(station);
        if self.homes.contains_key(&name) {
            return None;
        }
        let (past, scribe) = Past::open(&self.folder.join(&*name));
        let runs = past.runs();
        let mut terminal = Terminal::new(Size::UNSEEN.rows, Size::UNSEEN.cols);
        terminal.recall(past, limit);
        self.archive.tell(Task::Open(Name::clone(&name), Box::new(scribe)));
        self.homes.insert(name, Home::Empty(Box::new(terminal)));
        Some(runs)
    }

    /// The terminal of an instance whose history was opened, once.
    pub(super) fn move_in(
        &mut self,
        instance: InstanceId,
        station: &Station,
        wanted: impl Fn(&Terminal) -> bool,
    ) -> Option<Terminal> {
        let name = name_of(station);
        match self.homes.get(&name) {
            Some(Home::Empty(terminal)) if wanted(terminal) => {}
            Some(Home::Empty(_) | Home::Of(_)) | None => return None,
        }
        self.names.insert(instance, Name::clone(&name));
        match self.homes.insert(name, Home::Of(instance)) {
            Some(Home::Empty(terminal)) => Some(*terminal),
            Some(Home::Of(_)) | None => None,
        }
    }

    /// The instance is gone; its history stays, in case it comes again.
    pub(super) fn move_out(&mut self, instance: InstanceId, mut terminal: Terminal) {
        let Some(name) = self.names.remove(&instance) else { return };
        self.write_finished(&name, &mut terminal);
        self.write_newest(&name, &mut terminal);
        terminal.rest();
        self.homes.insert(name, Home::Empty(Box::new(terminal)));
    }

    /// Something came.
    pub(super) fn touched(&mut self, now: Time) {
        self.due.get_or_insert(now + BETWEEN_TAILS);
    }

    /// When [`Self::write`] is due.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.due
    }

    /// Writes what is finished of one terminal.
    #[inline]
    pub(super) fn write_block(&self, instance: InstanceId, terminal: &mut Terminal) {
        if terminal.has_packages()
            && let Some(name) = self.names.get(&instance)
        {
            self.write_finished(name, terminal);
        }
    }

    /// Writes all that is new of one terminal.
    pub(super) fn write_all(&self, instance: InstanceId, terminal: &mut Terminal) {
        if let Some(name) = self.names.get(&instance) {
            self.write_finished(name, terminal);
            self.write_newest(name, terminal);
        }
    }

    /// Writes all that is new.
    pub(super) fn write<'t>(&mut self, terminals: impl Iterator<Item = (InstanceId, &'t mut Terminal)>) {
        self.due = None;
        for (instance, terminal) in terminals {
            let Some(name) = self.names.get(&instance) else { continue };
            self.write_finished(name, terminal);
            self.write_newest(name, terminal);
        }
    }

    fn write_finished(&self, name: &Name, terminal: &mut Terminal) {
        hand_over(&self.archive, name, terminal);
    }

    fn write_newest(&self, name: &Name, terminal: &mut Terminal) {
        if let Some(tail) = terminal.tail() {
            self.archive.tell(Task::Tail(Name::clone(name), tail));
        }
    }

    /// These lines of a history are on the disk.
    pub(super) fn written(&mut self, name: &Name, written: &[Written], terminals: &mut Terminals) {
        let terminal = match self.homes.get_mut(name) {
            Some(Home::Of(instance)) => terminals.get_mut(instance),
            Some(Home::Empty(terminal)) => Some(&mut **terminal),
            None => None,
        };
        if let Some(terminal) = terminal {
            terminal.written(written);
            hand_over(&self.archive, name, terminal);
        }
    }

    /// Waits until all is written, but not longer than this.
    pub(super) fn finish(&self, patience: Duration) {
        self.archive.finish(patience);
    }
}

/// What is finished of a history goes to the archive, and what it drops from there.
fn hand_over(archive: &Archive, name: &Name, terminal: &mut Terminal) {
    for package in terminal.packages() {
        archive.tell(Task::Block(Name::clone(name), package));
    }
    for file in terminal.discarded() {
        archive.tell(Task::Discard(Name::clone(name), file));
    }
}

/// The folder of a station: `system.job.1`. A dot of a name is written as `~`, which no name has, so that no two are the same.
fn name_of(station: &Station) -> Name {
    let plain = |name: &str| name.replace('.', "~");
    Name::from(format!("{}.{}.{}", plain(&station.system), plain(&station.job), station.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_stations_have_one_folder() {
        let station = |system: &str, job: &str| Station { system: system.into(), job: job.into(), number: 1 };
        assert_eq!(&*name_of(&station("dev", "web")), "dev.web.1");
        assert_ne!(name_of(&station("a.b", "c")), name_of(&station("a", "b.c")));
        assert_eq!(&*name_of(&station("..", "..")), "~~.~~.1");
    }
}
