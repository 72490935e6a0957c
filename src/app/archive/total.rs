//! What the histories of all projects of this user keep together, and which of it goes first when that is too much: what jobs and
//! projects left that are gone, then what is oldest. Not: the bound of one history (`terminal`).

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Name;
use super::gone::Gone;
use crate::model::Time;
use crate::sys::FolderLock;
use crate::terminal::{Stored, Written, stored};

/// The folder of a project in which its histories are.
pub(super) const HISTORY: &str = "history";
/// The file of a project that tells whose it is: the path of its config file.
const FILE: &str = "file";
/// It is written here first, so that it is there whole or not at all.
const NEW_FILE: &str = "file.new";
/// All is counted again when a file was finished, but no sooner than this after the last time...
const SOON: Duration = Duration::from_secs(5);
/// ... and while there is room only so much later: other projects write too.
const LATER: Duration = Duration::from_secs(60);

/// What all projects keep together.
pub(super) struct Total {
    /// The folder of our own project.
    home: PathBuf,
    /// Its config file.
    file: PathBuf,
    /// Nobody else makes room here.
    claim: Option<FolderLock>,
    gone: Gone,
    /// Bytes; nothing until it is known.
    limit: Option<u64>,
    /// The histories of the jobs that our file has.
    wanted: HashSet<Name>,
    /// How much more fitted when all was counted last.
    room: u64,
    /// How much we have written since.
    written: u64,
    counted: Option<Time>,
    /// Something has changed that may be worth counting.
    stirred: bool,
}

/// Which files go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Of a job or a project that is gone.
    Left,
    /// Of one that is there.
    There,
}

/// How a file can be made to go.
enum Way {
    /// By removing it.
    Remove(PathBuf),
    /// Its history is open here: by dropping what is in it.
    Drop(Name, u32),
    /// Not by us: the zap that writes there will.
    Leave,
}

/// A file that could go.
struct Candidate {
    rank: Rank,
    at: i64,
    bytes: u64,
    way: Way,
}

/// A project and what it keeps.
struct Project {
    folder: PathBuf,
    histories: Vec<(Name, Vec<Stored>)>,
}

impl Total {
    /// Nothing is bounded yet. `home` is the folder of what lasts of our project, whose config file this is.
    pub(super) fn new(home: &Path, file: PathBuf) -> Self {
        Self {
            home: home.to_owned(),
            file,
            claim: None,
            gone: Gone::default(),
            limit: None,
            wanted: HashSet::new(),
            room: 0,
            written: 0,
            counted: None,
            stirred: false,
        }
    }

    /// Tells others that we are here, and whose histories these are. Waits for who makes room there just now, or writes there: if
    /// there is somebody, `held` is told before and after.
    pub(super) fn begin(&mut self, mut held: impl FnMut(bool)) {
        if self.claim().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
            held(true);
            if let Ok(claim) = FolderLock::wait(&self.home.join(HISTORY)) {
                self.settle(claim);
            }
            held(false);
        }
    }

    /// Nobody else makes room here from now on. As long as that cannot be had, nothing is to be written: who finds the folder
    /// free takes the project for one that nobody runs.
    pub(super) fn claim(&mut self) -> io::Result<()> {
        if self.claim.is_some() {
            return Ok(());
        }
        let folder = self.home.join(HISTORY);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        match FolderLock::attempt(&folder) {
            Ok(Some(claim)) => {
                self.settle(claim);
                Ok(())
            }
            Ok(None) => Err(io::Error::new(io::ErrorKind::WouldBlock, "another zap has its folder")),
            // On a disk without locks nobody gets one, so that nobody makes room here.
            Err(error) if matches!(error.raw_os_error(), Some(libc::ENOLCK | libc::EOPNOTSUPP)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn settle(&mut self, claim: FolderLock) {
        self.claim = Some(claim);
        let (file, path) = (self.home.join(FILE), self.file.as_os_str().as_bytes());
        if fs::read(&file).ok().as_deref() != Some(path) {
            let new = self.home.join(NEW_FILE);
            // Who does not tell where its file is counts as there.
            let _ = fs::write(&new, path).and_then(|()| fs::rename(&new, &file));
        }
    }

    /// From now on this is the bound, and these histories are wanted.
    pub(super) fn bound(&mut self, bytes: u64, wanted: HashSet<Name>) {
        if self.limit != Some(bytes) || self.wanted != wanted {
            self.counted = None;
        }
        self.limit = Some(bytes);
        self.wanted = wanted;
        self.stirred = true;
    }

    /// These blocks were written.
    pub(super) fn written(&mut self, written: &[Written]) {
        self.written += written.iter().map(Written::bytes).sum::<u64>();
        self.stirred |= written.iter().any(Written::begins_file);
    }

    /// Whether [`Self::make_room`] is worth its time.
    pub(super) fn is_due(&self, now: Time) -> bool {
        let pause = if self.written >= self.room { SOON } else { LATER };
        self.stirred && self.limit.is_some() && self.counted.is_none_or(|at| at + pause <= now)
    }

    /// Counts what all projects keep, and removes what is too much. Of histories that are `open` here, whoever holds them must drop
    /// what is returned: the files of each up to this number.
    pub(super) fn make_room(&mut self, open: &HashSet<Name>, now: Time) -> Vec<(Name, u32)> {
        (self.counted, self.stirred, self.written) = (Some(now), false, 0);
        let limit = self.limit.unwrap_or(u64::MAX);
        let projects = projects(self.home.parent().unwrap_or(&self.home));
        let files = projects.iter().flat_map(|project| &project.histories).flat_map(|(_, files)| files);
        let sum: u64 = files.map(|file| file.bytes).sum();
        self.room = limit.saturating_sub(sum);
        let Some(over) = sum.checked_sub(limit).filter(|over| *over > 0) else { return Vec::new() };
        let files = projects.iter().filter(|project| project.folder != self.home);
        let gone = self.gone.among(files.filter_map(|project| config_file(&project.folder)).collect());
        // As long as we have them, nobody begins to write there.
        let mut claims = Vec::new();
        let mut candidates = Vec::new();
        for project in projects {
            if project.folder == self.home {
                candidates.extend(self.own(project, open));
            } else {
                let claim = FolderLock::attempt(&project.folder.join(HISTORY)).ok().flatten();
                let is_gone = config_file(&project.folder).is_some_and(|file| gone.contains(&file));
                candidates.extend(foreign(project, claim.is_some(), is_gone));
                claims.extend(claim);
            }
        }
        candidates.sort_by_key(|candidate| (candidate.rank, candidate.at));
        give(candidates, over)
    }

    /// What of our own could go: of what is open here all but the newest file of each, the tail, and what comes after it.
    fn own(&self, project: Project, open: &HashSet<Name>) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (name, files) in project.histories {
            let rank = if self.wanted.contains(&name) { Rank::There } else { Rank::Left };
            let is_open = open.contains(&name);
            let newest = files.iter().filter_map(|file| file.number).max();
            for Stored { path, number, bytes, at } in files {
                let way = match number {
                    _ if !is_open => Way::Remove(path),
                    Some(number) if Some(number) != newest => Way::Drop(Name::clone(&name), number),
                    Some(_) | None => continue,
                };
                candidates.push(Candidate { rank, at, bytes, way });
            }
        }
        candidates
    }
}

/// What of another project could go; if nobody runs it we can do that.
fn foreign(project: Project, idle: bool, is_gone: bool) -> Vec<Candidate> {
    let rank = if idle && is_gone { Rank::Left } else { Rank::There };
    let mut candidates = Vec::new();
    for (_, files) in project.histories {
        let newest = files.iter().filter_map(|file| file.number).max();
        for Stored { path, number, bytes, at } in files {
            let way = match number {
                _ if idle => Way::Remove(path),
                Some(_) if number != newest => Way::Leave,
                Some(_) | None => continue,
            };
            candidates.push(Candidate { rank, at, bytes, way });
        }
    }
    candidates
}

/// So many bytes are to go, in this order. Of histories that are open here: up to which file.
fn give(candidates: Vec<Candidate>, over: u64) -> Vec<(Name, u32)> {
    let mut dropped = Vec::new();
    let mut left = over;
    for Candidate { bytes, way, .. } in candidates {
        if left == 0 {
            break;
        }
        match way {
            Way::Remove(path) => {
                if fs::remove_file(&path).is_err() {
                    continue;
                }
                if let Some(folder) = path.parent() {
                    // It stays if there is more in it.
                    let _ = fs::remove_dir(folder);
                }
            }
            Way::Drop(name, file) => dropped.push((name, file)),
            Way::Leave => {}
        }
        left = left.saturating_sub(bytes);
    }
    dropped
}

/// All projects that keep something.
fn projects(root: &Path) -> Vec<Project> {
    let is_project = |name: &str| name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let projects = folders(root).into_iter().filter(|(name, _)| is_project(name));
    projects
        .map(|(_, folder)| {
            let histories = folders(&folder.join(HISTORY)).into_iter();
            let histories = histories.map(|(name, folder)| (Name::from(name), stored(&folder))).collect();
            Project { folder, histories }
        })
        .collect()
}

/// The folders in a folder, not through links: they could lead elsewhere.
fn folders(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .collect()
}

/// Where the config file of a project is or was, if it tells.
fn config_file(project: &Path) -> Option<PathBuf> {
    let path = fs::read(project.join(FILE)).ok()?;
    // What a full disk has left of it is no path.
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(&path))).filter(|file| file.is_absolute())
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::UNIX_EPOCH;

    use super::*;

    /// A state folder with projects; ours is `OURS`.
    struct Root(tempfile::TempDir);

    const OURS: &str = "aaaaaaaaaaaaaaaa";
    const IDLE: &str = "bbbbbbbbbbbbbbbb";
    const GONE: &str = "cccccccccccccccc";
    const LIVE: &str = "dddddddddddddddd";

    fn time(seconds: u64) -> Time {
        Time(Duration::from_secs(seconds))
    }

    impl Root {
        fn new() -> Self {
            let root = Self(tempfile::tempdir().unwrap());
            for project in [OURS, IDLE, GONE, LIVE] {
                let folder = root.0.path().join(project);
                fs::create_dir_all(folder.join(HISTORY)).unwrap();
                let file = if project == GONE { root.0.path().join("nowhere") } else { "/".into() };
                fs::write(folder.join(FILE), file.as_os_str().as_bytes()).unwrap();
            }
            root
        }

        fn total(&self) -> Total {
            Total::new(&self.0.path().join(OURS), "/".into())
        }

        /// A file of a hundred bytes, whose last line is of this second.
        fn put(&self, project: &str, name: &str, at: u64) -> PathBuf {
            let path = self.0.path().join(project).join(HISTORY).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, [0; 100]).unwrap();
            let file = File::options().write(true).open(&path).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(at)).unwrap();
            path
        }
    }

    fn names(names: &[&str]) -> HashSet<Name> {
        names.iter().map(|name| Name::from(*name)).collect()
    }

    #[test]
    fn what_is_left_of_jobs_and_projects_that_are_gone_goes_first_and_then_the_oldest() {
        let root = Root::new();
        let gone = [root.put(GONE, "a.x.1/00000001.0", 900), root.put(GONE, "a.x.1/tail", 901)];
        let lost = root.put(OURS, "a.lost.1/00000001.0", 800);
        let idle = [1, 2].map(|number| root.put(IDLE, &format!("a.x.1/0000000{number}.0"), 100 * number));
        let ours = [1, 2].map(|number| root.put(OURS, &format!("a.job.1/0000000{number}.0"), 150 * number));
        let (mut total, open) = (root.total(), names(&["a.job.1"]));
        let there = |paths: &[&PathBuf]| paths.iter().filter(|path| path.exists()).count();
        for (limit, left, dropped) in [
            (700, (2, 1, 2), None),
            (600, (2, 0, 2), None),
            (500, (1, 0, 2), None),
            (400, (0, 0, 2), None),
            (300, (0, 0, 1), None),
            // It is open here, and still there: who has it drops it.
            (200, (0, 0, 1), Some(1)),
            (100, (0, 0, 0), Some(1)),
            (1, (0, 0, 0), Some(1)),
        ] {
            total.bound(limit, names(&["a.job.1"]));
            assert!(total.is_due(time(0)), "a new bound is held at once");
            let told = total.make_room(&open, time(0));
            let is = (there(&gone.each_ref()), there(&[&lost]), there(&idle.each_ref()));
            assert_eq!(
                (is, told),
                (left, dropped.map(|file| (Name::from("a.job.1"), file)).into_iter().collect()),
                "{limit}"
            );
        }
        assert_eq!(there(&ours.each_ref()), 2);
        assert!(!gone[0].parent().unwrap().exists(), "the empty folder is gone too");
    }

    #[test]
    fn who_does_not_tell_whose_it_is_counts_as_there() {
        for told in [&b""[..], b"no/path"] {
            let root = Root::new();
            fs::write(root.0.path().join(GONE).join(FILE), told).unwrap();
            let newest = root.put(GONE, "a.x.1/00000001.0", 900);
            let oldest = root.put(IDLE, "a.x.1/00000001.0", 100);
            let mut total = root.total();
            total.bound(100, HashSet::new());
            total.make_room(&HashSet::new(), time(0));
            assert!(newest.exists() && !oldest.exists());
        }
    }

    #[test]
    fn whose_it_is_is_told_whole_and_a_claim_that_could_not_be_had_is_tried_again() {
        let root = Root::new();
        let ours = root.0.path().join(OURS);
        fs::remove_dir(ours.join(HISTORY)).unwrap();
        fs::write(ours.join(HISTORY), "").unwrap();
        fs::write(ours.join(FILE), "").unwrap();
        let mut total = root.total();
        total.begin(|_| panic!("nobody has it"));
        assert!(total.claim().is_err());
        fs::remove_file(ours.join(HISTORY)).unwrap();
        total.claim().unwrap();
        assert!(FolderLock::attempt(&ours.join(HISTORY)).unwrap().is_none(), "it is taken");
        assert_eq!(fs::read(ours.join(FILE)).unwrap(), b"/");
        assert!(!ours.join(NEW_FILE).exists());
    }

    #[test]
    fn who_waits_for_another_says_so_before() {
        let root = Root::new();
        let claim = FolderLock::wait(&root.0.path().join(OURS).join(HISTORY)).unwrap();
        let mut total = root.total();
        assert!(total.claim().is_err_and(|error| error.to_string() == "another zap has its folder"));
        let (mut claim, mut told) = (Some(claim), Vec::new());
        total.begin(|held| {
            claim = None;
            told.push(held);
        });
        assert_eq!(told, [true, false]);
        total.claim().unwrap();
    }

    #[test]
    fn what_a_kill_left_of_newest_lines_counts_and_goes() {
        let root = Root::new();
        let left = root.put(IDLE, "a.x.1/tail.new", 100);
        let mut total = root.total();
        total.bound(1, HashSet::new());
        total.make_room(&HashSet::new(), time(0));
        assert!(!left.parent().unwrap().exists());
    }

    #[test]
    fn files_of_a_zap_that_runs_are_never_touched_by_another() {
        let root = Root::new();
        let live = [1, 2].map(|number| root.put(LIVE, &format!("a.x.1/0000000{number}.0"), 10 * number));
        let tail = root.put(LIVE, "a.x.1/tail", 30);
        let ours = root.put(OURS, "a.old.1/00000001.0", 500);
        let claim = FolderLock::wait(&root.0.path().join(LIVE).join(HISTORY)).unwrap();
        let mut total = root.total();
        // Its oldest file is next, and it is up to it to drop that.
        total.bound(300, names(&["a.old.1"]));
        assert!(total.make_room(&HashSet::new(), time(0)).is_empty());
        assert!(ours.exists());
        total.bound(1, names(&["a.old.1"]));
        assert!(total.make_room(&HashSet::new(), time(0)).is_empty());
        assert!(live.iter().all(|path| path.exists()) && tail.exists());
        assert!(!ours.exists());
        drop(claim);
        total.bound(2, HashSet::new());
        total.make_room(&HashSet::new(), time(0));
        assert!(!live[0].parent().unwrap().exists(), "nobody runs it now");
    }

    #[test]
    fn all_is_counted_when_a_file_was_finished_and_not_all_the_time() {
        let root = Root::new();
        let mut total = root.total();
        assert!(!total.is_due(time(0)), "nobody has told the bound");
        total.bound(1000, HashSet::new());
        assert!(total.is_due(time(0)));
        total.make_room(&HashSet::new(), time(0));
        assert!(!total.is_due(time(1000)), "nothing was finished");
        total.stirred = true;
        assert!(!total.is_due(time(59)) && total.is_due(time(60)), "others may write");
        total.written = 1000;
        assert!(!total.is_due(time(4)) && total.is_due(time(5)), "there is no room any more");
        // The same file once more changes nothing.
        total.bound(1000, HashSet::new());
        assert!(!total.is_due(time(4)));
    }

    #[test]
    fn what_is_no_history_is_left_alone() {
        let root = Root::new();
        let other = root.put(IDLE, "../zap.log", 1);
        let stray = root.put(IDLE, "a.x.1/notes.txt", 1);
        let elsewhere = root.put("no-project", "a.x.1/00000001.0", 1);
        let (place, link) =
            (root.0.path().join("outside"), root.0.path().join(IDLE).join(HISTORY).join("b.x.1"));
        fs::create_dir(&place).unwrap();
        fs::write(place.join("00000001.0"), [0; 100]).unwrap();
        std::os::unix::fs::symlink(&place, &link).unwrap();
        let mut total = root.total();
        total.bound(1, HashSet::new());
        root.put(IDLE, "a.x.1/00000001.0", 1);
        total.make_room(&HashSet::new(), time(0));
        assert!(other.exists() && stray.exists() && elsewhere.exists() && place.join("00000001.0").exists());
        assert!(!stray.with_file_name("00000001.0").exists());
    }
}
