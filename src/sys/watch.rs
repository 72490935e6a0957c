//! Tells when files change, by their folders: an editor that writes by rename puts another file in the place of the one that it
//! read. Not: what is in the files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, InotifyEvent, WatchDescriptor};

use crate::model::Time;
use crate::sys::clock::Clock;

/// Nothing has happened for so long: what was being written is whole.
const SILENCE: Duration = Duration::from_millis(150);
/// A file that never comes to rest is told of all the same.
const PATIENCE: Duration = Duration::from_secs(1);
/// A folder that is not there is looked for so often.
const RETRY: Duration = Duration::from_secs(1);
/// Each wait needs a buffer for what was told.
const STACK: usize = 128 * 1024;

/// More links lead in a circle.
const MOST_PLACES: usize = 40;

/// What can change a file, or put another one in its place.
const CHANGES: AddWatchFlags = AddWatchFlags::IN_MODIFY
    .union(AddWatchFlags::IN_CLOSE_WRITE)
    .union(AddWatchFlags::IN_ATTRIB)
    .union(AddWatchFlags::IN_CREATE)
    .union(AddWatchFlags::IN_DELETE)
    .union(AddWatchFlags::IN_MOVED_FROM)
    .union(AddWatchFlags::IN_MOVED_TO)
    .union(AddWatchFlags::IN_MOVE_SELF)
    .union(AddWatchFlags::IN_DELETE_SELF)
    .union(AddWatchFlags::IN_ONLYDIR);

/// A thread that watches files. Dropping it ends the thread.
#[derive(Debug)]
pub struct Watch {
    stop: Arc<EventFd>,
}

impl Watch {
    /// Watches these files, whether they are there or not; also where a link leads that one of them is. `tell` is called on the
    /// thread, once for all that happens together: 150 ms after the last change, but not later than 1 s after the first.
    pub fn start(files: &[PathBuf], tell: impl FnMut() + Send + 'static) -> io::Result<Self> {
        let stop = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?);
        let inotify = Inotify::init(InitFlags::IN_CLOEXEC | InitFlags::IN_NONBLOCK)?;
        let mut lookout = Lookout {
            inotify,
            stop: Arc::clone(&stop),
            files: files.to_vec(),
            wanted: BTreeMap::new(),
            watched: Vec::new(),
            clock: Clock::start(),
            tell,
        };
        // Before this returns: a change right after it must not be missed.
        lookout.aim();
        thread::Builder::new().name("zap-files".to_owned()).stack_size(STACK).spawn(move || {
            let _ = super::signal::block_all();
            lookout.run();
        })?;
        Ok(Self { stop })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.stop.write(1);
    }
}

struct Lookout<F> {
    inotify: Inotify,
    stop: Arc<EventFd>,
    files: Vec<PathBuf>,
    /// The names that matter in each folder.
    wanted: BTreeMap<PathBuf, BTreeSet<OsString>>,
    watched: Vec<(WatchDescriptor, PathBuf)>,
    clock: Clock,
    tell: F,
}

/// Changes that were not told yet.
#[derive(Debug, Clone, Copy)]
struct Pending {
    first: Time,
    last: Time,
}

impl Pending {
    fn due(self) -> Time {
        (self.last + SILENCE).min(self.first + PATIENCE)
    }
}

impl<F: FnMut()> Lookout<F> {
    fn run(mut self) {
        let mut pending: Option<Pending> = None;
        loop {
            let now = self.clock.now().mono;
            if pending.is_some_and(|pending| pending.due() <= now) {
                pending = None;
                // Where links lead may have changed with the file.
                self.aim();
                (self.tell)();
            }
            let patience = match pending {
                Some(pending) => Some(pending.due().since(now)),
                None if self.watched.len() < self.wanted.len() => Some(RETRY),
                None => None,
            };
            let changed = match self.wait(patience) {
                Woken::Stop => return,
                Woken::Changes => self.read(),
                Woken::Time => self.look_for_folders(),
            };
            if changed {
                pending = Some(self.noticed(pending));
            }
        }
    }

    /// Whether a folder is there that was not.
    fn look_for_folders(&mut self) -> bool {
        let before = self.watched.len();
        if before == self.wanted.len() {
            return false;
        }
        self.aim();
        self.watched.len() > before
    }

    fn noticed(&self, pending: Option<Pending>) -> Pending {
        let now = self.clock.now().mono;
        Pending { first: pending.map_or(now, |pending| pending.first), last: now }
    }

    fn wait(&self, patience: Option<Duration>) -> Woken {
        // Rounded up: waking too early would only mean waiting again.
        let patience = patience.map(|patience| patience + Duration::from_millis(1));
        let patience =
            patience.map_or(PollTimeout::NONE, |patience| patience.try_into().unwrap_or(PollTimeout::MAX));
        let mut fds = [
            PollFd::new(self.stop.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.inotify.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut fds, patience) {
            Ok(0) | Err(Errno::EINTR) => Woken::Time,
            Ok(_) if fds[0].any() == Some(true) => Woken::Stop,
            Ok(_) => Woken::Changes,
            Err(_) => Woken::Stop,
        }
    }

    /// Takes all that was told. Whether any of it concerns the files.
    fn read(&mut self) -> bool {
        let mut concerned = false;
        while let Ok(events) = self.inotify.read_events() {
            for event in &events {
                concerned |= self.concerns(event);
            }
        }
        concerned
    }

    fn concerns(&mut self, event: &InotifyEvent) -> bool {
        if event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW) {
            return true;
        }
        let gone = AddWatchFlags::IN_IGNORED | AddWatchFlags::IN_MOVE_SELF | AddWatchFlags::IN_DELETE_SELF;
        if event.mask.intersects(gone) {
            let before = self.watched.len();
            self.watched.retain(|(watch, _)| *watch != event.wd);
            // A folder that was moved away is no longer the one that is meant; one that is gone is not watched any more.
            let _ = self.inotify.rm_watch(event.wd);
            return self.watched.len() < before;
        }
        let Some(name) = &event.name else { return false };
        let mut folders =
            self.watched.iter().filter(|(watch, _)| *watch == event.wd).map(|(_, folder)| folder);
        folders.any(|folder| self.wanted.get(folder).is_some_and(|names| names.contains(name)))
    }

    /// Watches the folders of all files, and of what they lead to by links.
    fn aim(&mut self) {
        self.wanted.clear();
        for place in self.files.iter().flat_map(|file| places(file)) {
            if let (Some(folder), Some(name)) = (place.parent(), place.file_name()) {
                self.wanted.entry(folder.to_owned()).or_default().insert(name.to_owned());
            }
        }
        // A folder that is watched already keeps its watch, whatever name it has now: inotify_add_watch(2).
        let watch = |folder: &PathBuf| {
            Some((self.inotify.add_watch(folder.as_path(), CHANGES).ok()?, folder.clone()))
        };
        let watched: Vec<_> = self.wanted.keys().filter_map(watch).collect();
        for (old, _) in std::mem::replace(&mut self.watched, watched) {
            if !self.watched.iter().any(|(watch, _)| *watch == old) {
                let _ = self.inotify.rm_watch(old);
            }
        }
    }
}

/// What the wait ended with.
enum Woken {
    Stop,
    Changes,
    Time,
}

/// A file, and all that must stay as it is so that its path leads to the same file: each link on the way, and where it leads.
fn places(file: &Path) -> Vec<PathBuf> {
    let mut places = vec![file.to_owned()];
    let mut at = 0;
    while at < places.len() && places.len() < MOST_PLACES {
        let place = places[at].clone();
        for above in place.ancestors() {
            let Ok(leads) = fs::read_link(above) else { continue };
            let below = place.strip_prefix(above).unwrap_or(Path::new(""));
            let there = above.parent().unwrap_or(Path::new("/")).join(leads);
            let there = if below.as_os_str().is_empty() { there } else { there.join(below) };
            for place in [above.to_owned(), there] {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        at += 1;
    }
    places
}
