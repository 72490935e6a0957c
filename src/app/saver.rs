//! Writes output into a file on a thread of its own, tells how far it is, and can be stopped. Not: which output, and asking whether
//! a file may be written over.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::sys::reason;
use crate::ui::{Clip, Dress, Outgoing};

/// The end of zap waits so long for a file that is only half written to be taken away.
const FAREWELL: Duration = Duration::from_millis(300);
/// So much is written at a time.
const PIECE: usize = 256 * 1024;

/// What is written, and where to.
pub(super) struct Task {
    /// What.
    pub(super) outgoing: Outgoing,
    /// With colours, or without.
    pub(super) dress: Dress,
    /// The file, absolute.
    pub(super) file: PathBuf,
    /// What becomes of a file that is there.
    pub(super) way: Way,
}

/// What becomes of a file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is left alone, and told.
    New,
    /// It is replaced when all is written.
    Replace,
    /// There is none: a file that nobody else may read.
    Private,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saved {
    /// So many percent are written.
    Percent(u64),
    /// All is written.
    Done {
        /// How many lines the file has.
        lines: u64,
        /// How many bytes.
        bytes: u64,
        /// How many of the lines could not be read any more: instead of each there is a line that says so.
        lost: u64,
    },
    /// This is to be copied.
    Collected(Clip),
    /// There is such a file.
    Exists,
    /// It was stopped, and nothing is left of it.
    Stopped,
    /// It cannot be written: why.
    Failed(String),
}

/// The thread. Dropping it stops it.
pub(super) struct Saver {
    stop: Arc<AtomicBool>,
    ended: Receiver<()>,
}

impl Saver {
    /// Starts to write. `tell` is called on the thread.
    pub(super) fn start(task: Task, tell: impl Fn(Saved) + Send + 'static) -> io::Result<Self> {
        Self::run(tell, move |stop, tell| save(&task, stop, tell))
    }

    /// Starts to collect what is to be copied. `tell` is called on the thread.
    pub(super) fn collect(outgoing: Outgoing, tell: impl Fn(Saved) + Send + 'static) -> io::Result<Self> {
        Self::run(tell, move |stop, tell| {
            let clip = Clip::of(&outgoing, &mut percents(outgoing.lines(), stop, &tell));
            clip.map(Saved::Collected)
        })
    }

    fn run<T: Fn(Saved) + Send + 'static>(
        tell: T,
        work: impl FnOnce(&Arc<AtomicBool>, &T) -> io::Result<Saved> + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (alive, ended) = channel();
        let theirs = Arc::clone(&stop);
        thread::Builder::new().name("zap-save".to_owned()).spawn(move || {
            let saved = work(&theirs, &tell);
            tell(match saved {
                Ok(saved) => saved,
                Err(_) if theirs.load(Ordering::Relaxed) => Saved::Stopped,
                Err(error) => Saved::Failed(reason(&error)),
            });
            drop(alive);
        })?;
        Ok(Self { stop, ended })
    }

    /// Lets it end; what it wrote is taken away.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.stop();
        let _ = self.ended.recv_timeout(FAREWELL);
    }
}

fn save(task: &Task, stop: &Arc<AtomicBool>, tell: &impl Fn(Saved)) -> io::Result<Saved> {
    let (file, to) = match task.way {
        Way::New => match create(&task.file, 0o666) {
            Ok(file) => (file, task.file.clone()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return regular(&task.file).map(|_| Saved::Exists);
            }
            // With a slash behind its name the kernel says it otherwise.
            Err(_) if task.file.is_dir() => return regular(&task.file).map(|_| Saved::Exists),
            Err(error) => return Err(error),
        },
        Way::Private => (create(&task.file, 0o600)?, task.file.clone()),
        Way::Replace => return replace(task, stop, tell),
    };
    let written = write(task, file, stop, tell);
    if written.is_err() {
        let _ = fs::remove_file(&to);
    }
    written
}

/// Writes beside the file and puts the new one in its place: who stops it keeps the old one.
fn replace(task: &Task, stop: &Arc<AtomicBool>, tell: &impl Fn(Saved)) -> io::Result<Saved> {
    let real = task.file.canonicalize()?;
    let old = regular(&real)?;
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let beside = real.with_file_name(format!(".{name}.zap-{}", std::process::id()));
    let file = create(&beside, 0o600)?;
    let written = fs::set_permissions(&beside, Permissions::from_mode(old.permissions().mode()))
        .and_then(|()| write(task, file, stop, tell))
        .and_then(|saved| fs::rename(&beside, &real).map(|()| saved));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Fails if something else is there than a file that can be replaced: nobody need be asked about that.
fn regular(file: &Path) -> io::Result<Metadata> {
    match file.metadata()? {
        there if there.is_file() => Ok(there),
        there if there.is_dir() => Err(io::Error::other("it is a folder")),
        _ => Err(io::Error::other("it is no regular file")),
    }
}

fn create(file: &Path, mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(mode).open(file)
}

fn write(task: &Task, file: File, stop: &Arc<AtomicBool>, tell: &impl Fn(Saved)) -> io::Result<Saved> {
    let all = task.outgoing.lines();
    let mut out = io::BufWriter::with_capacity(PIECE, Stoppable { file, stop: Arc::clone(stop), bytes: 0 });
    let lines = task.outgoing.write(task.dress, &mut out, &mut percents(all, stop, tell))?;
    out.flush()?;
    Ok(Saved::Done { lines, bytes: out.get_ref().bytes, lost: task.outgoing.lost() })
}

/// Tells of so many lines how many percent are done; fails once it is stopped.
fn percents(lines: u64, stop: &AtomicBool, tell: &impl Fn(Saved)) -> impl FnMut(u64) -> io::Result<()> {
    let mut told = 0;
    move |done| {
        let percent = done * 100 / lines.max(1);
        if percent > told {
            told = percent;
            tell(Saved::Percent(percent));
        }
        if stop.load(Ordering::Relaxed) { Err(io::Error::other("it was stopped")) } else { Ok(()) }
    }
}

struct Stoppable {
    file: File,
    stop: Arc<AtomicBool>,
    bytes: u64,
}

impl Write for Stoppable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("it was stopped"));
        }
        let taken = self.file.write(bytes)?;
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::config::{Quit, Theme};
    use crate::model::InstanceId;
    use crate::terminal::{Fed, Moment, Terminal};
    use crate::ui::{Cut, Depth, Extract, Options, Terminals, Ui};

    /// So many numbered lines.
    fn outgoing(lines: u64) -> Outgoing {
        let mut terminal = Terminal::new(24, 80);
        terminal.begin_run(1, None, Moment(0));
        for line in 0..lines {
            terminal.feed(format!("line {line}\r\n").as_bytes(), Moment(0), &mut Fed::default());
        }
        let ui = Ui::new(Options {
            theme: Theme::default(),
            colours: Depth::None,
            utf8: true,
            quit: Quit::Ask,
            mouse: false,
            keys: crate::config::Bindings::default(),
            head: String::new(),
            zone: Box::new(|_| 0),
        });
        let terminals = Terminals::from([(InstanceId(1), terminal)]);
        let extract = Extract { instance: InstanceId(1), lines: 0..lines, cut: Cut::Whole, only: None };
        ui.outgoing(&extract, &terminals).unwrap()
    }

    fn saved(task: &Task, stop: bool) -> (io::Result<Saved>, Vec<Saved>) {
        let told = RefCell::new(Vec::new());
        let saved = save(task, &Arc::new(AtomicBool::new(stop)), &|news| told.borrow_mut().push(news));
        (saved, told.into_inner())
    }

    #[test]
    fn it_tells_how_far_it_is_and_writes_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.log");
        let task = Task { outgoing: outgoing(100_000), dress: Dress::Plain, file, way: Way::New };
        let (done, told) = saved(&task, false);
        let text = fs::read_to_string(&task.file).unwrap();
        assert_eq!(done.unwrap(), Saved::Done { lines: 100_000, bytes: text.len() as u64, lost: 0 });
        assert!(text.lines().enumerate().all(|(number, line)| line == format!("line {number}")));
        assert_eq!(told.first(), Some(&Saved::Percent(10)));
        assert_eq!(saved(&task, false).0.unwrap(), Saved::Exists);
    }

    #[test]
    fn what_cannot_be_replaced_is_refused_before_anybody_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().to_owned();
        let slash = format!("{}/", file.display()).into();
        let task = Task { outgoing: outgoing(3), dress: Dress::Plain, file, way: Way::New };
        assert_eq!(saved(&task, false).0.unwrap_err().to_string(), "it is a folder");
        let task = Task { file: slash, ..task };
        assert_eq!(saved(&task, false).0.unwrap_err().to_string(), "it is a folder");
        let task = Task { file: "/dev/null".into(), ..task };
        assert_eq!(saved(&task, false).0.unwrap_err().to_string(), "it is no regular file");
    }

    #[test]
    fn what_is_copied_is_collected_and_can_be_stopped() {
        let (told, news) = channel();
        let saver = Saver::collect(outgoing(3), move |saved| told.send(saved).unwrap()).unwrap();
        let Saved::Collected(clip) = news.recv().unwrap() else { panic!("it is collected") };
        assert_eq!(clip, Clip::of(&outgoing(3), &mut |_| Ok(())).unwrap());
        drop(saver);
        let stopped = AtomicBool::new(true);
        assert!(Clip::of(&outgoing(60_000), &mut percents(60_000, &stopped, &|_| ())).is_err());
    }

    #[test]
    fn who_stops_it_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.log");
        let task = |way| Task { outgoing: outgoing(100_000), dress: Dress::Plain, file: file.clone(), way };
        assert!(saved(&task(Way::New), true).0.is_err());
        assert!(!file.exists());
        fs::write(&file, "old").unwrap();
        assert!(saved(&task(Way::Replace), true).0.is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
