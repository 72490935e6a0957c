//! Which history belongs to which instance, and when it is written: what is finished at once, the newest lines once a second, and
//! nothing while nothing comes. Not: writing itself (`archive`).

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::config::Plan;
use crate::model::{InstanceId, Station, Time};
use crate::terminal::{Terminal, Written};
use crate::ui::Terminals;

use super::archive::{Archive, Archived, Name, Task, name_of};

/// A `kill -9` of zap loses at most so much of what was printed last.
const BETWEEN_TAILS: Duration = Duration::from_secs(1);

/// The histories on the disk.
pub(crate) struct Histories {
    /// Nothing is kept any more without it.
    archive: Option<Arc<Archive>>,
    names: HashMap<InstanceId, Name>,
    /// Which history belongs to an instance that is there; the terminal itself if none is. Histories that are not open yet are not
    /// among them.
    homes: HashMap<Name, Home>,
    /// When the newest lines are next written, if something came since.
    due: Option<Time>,
}

/// Opens histories from another thread, as long as there are any.
#[derive(Clone)]
pub(super) struct Opener(Weak<Archive>);

enum Home {
    /// The terminal is with the others.
    Of(InstanceId),
    /// Nobody lives there: not yet, or not any more.
    Empty(Box<Terminal>),
}

impl Histories {
    /// Histories in the folder of what lasts of a project, whose config file this is. `tell` hears from another thread what becomes of
    /// them.
    pub(crate) fn start(
        state: &Path,
        file: PathBuf,
        tell: impl Fn(Archived) + Send + 'static,
    ) -> io::Result<Self> {
        let archive = Some(Arc::new(Archive::start(state, file, tell)?));
        Ok(Self { archive, names: HashMap::new(), homes: HashMap::new(), due: None })
    }

    /// The way to open histories for other threads.
    pub(super) fn opener(&self) -> Opener {
        Opener(self.archive.as_ref().map_or_else(Weak::new, Arc::downgrade))
    }

    /// Asks for the histories of a plan; what is found is told later, and goes to [`Self::opened`].
    pub(super) fn open(&self, plan: &Plan) {
        self.tell(Task::Open(stations(plan), None));
        self.bound(plan);
    }

    /// From now on the histories of this plan are wanted, and all projects together keep as much as it says.
    pub(super) fn bound(&self, plan: &Plan) {
        let wanted: HashSet<Name> = stations(plan).iter().map(name_of).collect();
        self.tell(Task::Bound(plan.settings.history_total, wanted));
    }

    fn tell(&self, task: Task) {
        if let Some(archive) = &self.archive {
            archive.tell(task);
        }
    }

    /// These were found; the number of the last run of each that had one. What comes too late for a job is as if it were not there.
    pub(super) fn opened(&mut self, found: Vec<(Station, Box<Terminal>)>) -> Vec<(Station, u32)> {
        let mut runs = Vec::new();
        for (station, terminal) in found {
            let (name, number) = (name_of(&station), terminal.last_run());
            if self.archive.is_none() || self.homes.contains_key(&name) {
                continue;
            }
            self.homes.insert(name, Home::Empty(terminal));
            if number > 0 {
                runs.push((station, number));
            }
        }
        runs
    }

    /// Nobody waits for histories any more. What comes now may have begun with other numbers, and is not written. The thread ends as
    /// soon as the disk lets it.
    pub(super) fn forsake(&mut self) {
        self.archive = None;
    }

    /// An instance begins to print. If its history is not open by now, all that it prints in this life of zap stays in memory:
    /// whether that is so, and nobody was told of it.
    pub(super) fn begin_without(&mut self, instance: InstanceId, station: &Station) -> bool {
        let name = name_of(station);
        if self.homes.contains_key(&name) {
            return false;
        }
        self.names.insert(instance, Name::clone(&name));
        self.homes.insert(name, Home::Of(instance));
        self.archive.is_some()
    }

    /// The terminal of an instance whose history was opened, once; the disk keeps `limit` bytes of it from now on.
    pub(super) fn move_in(
        &mut self,
        instance: InstanceId,
        station: &Station,
        limit: u64,
        wanted: impl Fn(&Terminal) -> bool,
    ) -> Option<Terminal> {
        let name = name_of(station);
        match self.homes.get(&name) {
            Some(Home::Empty(terminal)) if wanted(terminal) => {}
            Some(Home::Empty(_) | Home::Of(_)) | None => return None,
        }
        self.names.insert(instance, Name::clone(&name));
        match self.homes.insert(Name::clone(&name), Home::Of(instance)) {
            Some(Home::Empty(mut terminal)) => {
                terminal.set_history_limit(limit);
                self.write_finished(&name, &mut terminal);
                Some(*terminal)
            }
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

    /// What one terminal keeps no longer goes from the disk, though it may be long before it prints again.
    pub(super) fn let_go(&self, instance: InstanceId, terminal: &mut Terminal) {
        if let Some(name) = self.names.get(&instance) {
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
        hand_over(self.archive.as_deref(), name, terminal);
    }

    fn write_newest(&self, name: &Name, terminal: &mut Terminal) {
        if let Some(tail) = terminal.tail() {
            self.tell(Task::Tail(Name::clone(name), tail));
        }
    }

    /// These lines of a history are on the disk.
    pub(super) fn written(&mut self, name: &Name, written: &[Written], terminals: &mut Terminals) {
        self.change(name, terminals, |terminal| terminal.written(written));
    }

    /// Of a history the files up to this number are to go.
    pub(super) fn crowded(&mut self, name: &Name, file: u32, terminals: &mut Terminals) {
        self.change(name, terminals, |terminal| terminal.drop_files_until(file));
    }

    fn change(&mut self, name: &Name, terminals: &mut Terminals, how: impl FnOnce(&mut Terminal)) {
        let terminal = match self.homes.get_mut(name) {
            Some(Home::Of(instance)) => terminals.get_mut(instance),
            Some(Home::Empty(terminal)) => Some(&mut **terminal),
            None => None,
        };
        if let Some(terminal) = terminal {
            how(terminal);
            hand_over(self.archive.as_deref(), name, terminal);
        }
    }

    /// Waits until all is written, but not longer than this; not at all if nothing is.
    pub(super) fn finish(&self, patience: Duration) {
        self.archive.iter().for_each(|archive| archive.finish(patience));
    }
}

impl Opener {
    /// Waits until the histories of a plan are open, but not longer than this. What was found was told to the loop by then.
    pub(super) fn open(&self, plan: &Plan, patience: Duration) -> bool {
        self.0.upgrade().is_some_and(|archive| archive.open(stations(plan), patience))
    }
}

fn stations(plan: &Plan) -> Vec<Station> {
    Station::all(plan).map(|(station, _)| station).collect()
}

/// What is finished of a history goes to the archive, and what it drops from there.
fn hand_over(archive: Option<&Archive>, name: &Name, terminal: &mut Terminal) {
    let Some(archive) = archive else { return };
    for package in terminal.packages() {
        archive.tell(Task::Block(Name::clone(name), package));
    }
    for file in terminal.discarded() {
        archive.tell(Task::Discard(Name::clone(name), file));
    }
}
