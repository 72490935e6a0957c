//! The one nursery of the test process, and what it told. Every job that a test starts dies with its guard.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use zap::model::{Delivery, Exit, Launch, RunId, Size, SpawnError, Stream};
use zap::sys::{Buffer, Family, Lane, News, NoFile, Nursery, Outlets, Pty, Seat, Slave, Survey, limits};

/// Nothing that a test waits for takes so long.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);
pub(crate) const ROGUE: &str = env!("CARGO_BIN_EXE_rogue");

#[derive(Default)]
pub(crate) struct Board {
    pub(crate) news: Vec<News>,
    pub(crate) output: HashMap<RunId, Vec<u8>>,
    pub(crate) drained: HashSet<RunId>,
    /// Runs whose buffers are kept, and so their credit.
    hold: HashSet<RunId>,
    held: Vec<(RunId, Buffer)>,
}

pub(crate) struct Ward {
    pub(crate) nursery: Nursery,
    pub(crate) limit: NoFile,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told {
    board: Mutex<Board>,
    changed: Condvar,
}

impl Told {
    /// Also after a test has failed with the board in its hands.
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.clear_poison();
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane for Told {
    fn chunk(&self, run: RunId, bytes: Buffer) {
        let mut board = self.board();
        board.output.entry(run).or_default().extend_from_slice(&bytes);
        if board.hold.contains(&run) {
            board.held.push((run, bytes));
        }
        self.changed.notify_all();
    }
    fn end(&self, run: RunId) {
        self.board().drained.insert(run);
        self.changed.notify_all();
    }
}

pub(crate) fn ward() -> &'static Ward {
    static WARD: OnceLock<Ward> = OnceLock::new();
    WARD.get_or_init(|| {
        let told = Arc::new(Told::default());
        // Something to be given back, and something that must not be handed on.
        let NoFile { soft, hard } = NoFile::present().unwrap();
        let low = soft.min(1024);
        nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE, low, hard).unwrap();
        std::mem::forget(nix::unistd::dup(std::io::stdin()).unwrap());
        let limit = limits::raise_descriptors().unwrap();
        assert_eq!(limit, NoFile { soft: low, hard });
        assert_eq!(NoFile::present().unwrap().soft, hard);
        let board = Arc::clone(&told);
        let nursery = Nursery::start(limit, move |news| {
            board.board().news.push(news);
            board.changed.notify_all();
        });
        Ward { nursery: nursery.unwrap(), limit, told }
    })
}

impl Ward {
    pub(crate) fn lane(&self) -> Arc<impl Lane> {
        Arc::clone(&self.told)
    }

    /// Waits until something is on the board.
    #[track_caller]
    pub(crate) fn wait<T>(&self, what: &str, mut look: impl FnMut(&mut Board) -> Option<T>) -> T {
        let mut found = None;
        let mut board = self.told.board();
        loop {
            let waited = self.told.changed.wait_timeout_while(board, LIMIT, |board| {
                found = look(board);
                found.is_none()
            });
            match waited {
                Ok((_, waited)) if !waited.timed_out() => break,
                Ok((board, _)) => {
                    let news = format!("{:?}", board.news);
                    drop(board);
                    panic!("waited in vain for {what}; board: {news}");
                }
                // Another test has failed meanwhile.
                Err(_) => board = self.told.board(),
            }
        }
        found.unwrap()
    }

    /// Asks until the answer is right.
    #[track_caller]
    pub(crate) fn survey_until<T>(
        &self,
        run: RunId,
        what: &str,
        mut right: impl FnMut(&Family, &Survey) -> Option<T>,
    ) -> T {
        for _ in 0..3000 {
            let before = self.told.board().news.len();
            self.nursery.survey(run);
            let (survey, family) = self.wait("a survey", |board| {
                board.news[before..].iter().find_map(|news| match news {
                    News::Surveyed(survey) => {
                        let family = survey.families.iter().find(|family| family.run == run)?;
                        Some((survey.clone(), family.clone()))
                    }
                    _ => None,
                })
            });
            if let Some(found) = right(&family, &survey) {
                return found;
            }
            // A fact of the kernel that nobody tells; the wait for it is bounded above.
            nix::poll::poll(&mut [], 10_u16).unwrap();
        }
        panic!("waited in vain for {what}");
    }
}

/// Looks until something is there that nobody tells.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..3000 {
        if let Some(found) = look() {
            return found;
        }
        nix::poll::poll(&mut [], 10_u16).unwrap();
    }
    panic!("waited in vain for {what}");
}

/// This machine lacks what a test needs.
#[track_caller]
pub(crate) fn skip(what: &str) {
    assert!(std::env::var_os("ZAP_TEST_NO_SKIP").is_none(), "skipped: {what}");
    println!("skipped: {what}");
}

/// A job of a test. All of its processes die with it.
pub(crate) struct Job {
    pub(crate) run: RunId,
    pub(crate) pid: i32,
    pub(crate) pty: Pty,
}

pub(crate) fn fresh_run() -> RunId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    RunId(NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn launch(words: &[&str], run: RunId) -> Launch {
    let mut env: Vec<(OsString, OsString)> = [
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TERM", "xterm-256color"),
        ("ZAP_SOCKET", "/nowhere/of/the/tests"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into();
    env.push(("ZAP_MARK".into(), run.0.to_string().into()));
    Launch {
        user: None,
        stdout: Stream::Terminal,
        stderr: Stream::Terminal,
        heard: false,
        argv: words.iter().map(OsString::from).collect(),
        env,
        folder: PathBuf::from("/"),
        umask: None,
        size: Size::UNSEEN,
        nonce: None,
    }
}

/// Starts something that is expected to start.
#[track_caller]
pub(crate) fn start(words: &[&str]) -> Job {
    start_as(|run| launch(words, run))
}

#[track_caller]
pub(crate) fn rogue(words: &[&str]) -> Job {
    start(&[&[ROGUE], words].concat())
}

#[track_caller]
pub(crate) fn start_as(launch: impl FnOnce(RunId) -> Launch) -> Job {
    let run = fresh_run();
    match try_start(run, launch(run)) {
        Ok(job) => job,
        Err(error) => panic!("not spawned: {error:?}"),
    }
}

pub(crate) fn try_start(run: RunId, launch: Launch) -> Result<Job, SpawnError> {
    try_start_at(run, launch, Seat::Owner)
}

pub(crate) fn try_start_at(
    run: RunId,
    launch: Launch,
    seat: impl FnOnce(Slave) -> Seat,
) -> Result<Job, SpawnError> {
    try_start_into(run, launch, seat, Outlets::default())
}

pub(crate) fn try_start_into(
    run: RunId,
    launch: Launch,
    seat: impl FnOnce(Slave) -> Seat,
    outlets: Outlets,
) -> Result<Job, SpawnError> {
    let ward = ward();
    let (pty, slave) = Pty::open(launch.size).unwrap();
    pty.read_into(run, Arc::clone(&ward.told)).unwrap();
    ward.nursery.spawn_into(run, Box::new(launch), seat(slave), outlets);
    let answer = ward.wait("an answer to a spawn", |board| {
        board.news.iter().find_map(|news| match news {
            News::Spawned { run: of, pid } if *of == run => Some(Ok(*pid)),
            News::NotSpawned { run: of, error } if *of == run => Some(Err(error.clone())),
            _ => None,
        })
    });
    answer.map(|pid| Job { run, pid, pty })
}

/// All that was written into a stream apart, once nobody holds it any more. Its lines end as they were written.
#[track_caller]
pub(crate) fn all_of(stream: RunId) -> String {
    let bytes = ward().wait("the end of a stream", |board| {
        board.drained.contains(&stream).then(|| board.output.get(&stream).cloned().unwrap_or_default())
    });
    String::from_utf8(bytes).unwrap()
}

impl Job {
    #[track_caller]
    pub(crate) fn exit(&self) -> Exit {
        ward().wait("an exit", |board| {
            board.news.iter().find_map(|news| match news {
                News::Exited { run, exit } if *run == self.run => Some(*exit),
                _ => None,
            })
        })
    }

    /// All that was written, once nobody holds the terminal any more.
    #[track_caller]
    pub(crate) fn all_output(&self) -> Vec<u8> {
        ward().wait("the end of a terminal", |board| {
            board
                .drained
                .contains(&self.run)
                .then(|| board.output.get(&self.run).cloned().unwrap_or_default())
        })
    }

    #[track_caller]
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.all_output()).unwrap().replace("\r\n", "\n")
    }

    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        ward().wait(&format!("the text {text:?}"), |board| {
            let output = board.output.get(&self.run)?;
            memchr::memmem::find(output, text.as_bytes()).map(|_| ())
        });
    }

    pub(crate) fn signal(&self, signal: i32, delivery: Delivery) {
        ward().nursery.signal(self.run, signal, delivery);
    }

    pub(crate) fn output_len(&self) -> usize {
        ward().told.board().output.get(&self.run).map_or(0, Vec::len)
    }

    /// From now on no buffer is given back, or all are.
    pub(crate) fn hold(&self, hold: bool) {
        let freed: Vec<_> = {
            let mut board = ward().told.board();
            if hold {
                board.hold.insert(self.run);
            } else {
                board.hold.remove(&self.run);
            }
            let (ours, others) =
                std::mem::take(&mut board.held).into_iter().partition(|(run, _)| *run == self.run);
            board.held = others;
            ours
        };
        drop::<Vec<(RunId, Buffer)>>(freed);
    }

    /// Waits until both buffers are with us.
    #[track_caller]
    pub(crate) fn wait_until_held(&self) {
        ward().wait("both buffers", |board| {
            (board.held.iter().filter(|(run, _)| *run == self.run).count() == 2).then_some(())
        });
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let ward = ward();
        self.hold(false);
        ward.nursery.signal(self.run, libc::SIGKILL, Delivery::Family);
        if !std::thread::panicking() {
            ward.survey_until(self.run, "the end of a family", |family, _| {
                family.members.is_empty().then_some(())
            });
        }
        ward.nursery.forget(self.run);
    }
}

/// Writes what can be run at once.
pub(crate) fn script(folder: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let draft = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&draft, text).unwrap();
    let file = folder.join(name);
    copy(draft.path(), &file);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    file
}

/// Copies what can be run at once. By a process of its own: what we have open for writing ourselves, a child that another test is
/// just making has open too, and as long as anybody has, the kernel does not run it.
pub(crate) fn copy(from: &Path, to: &Path) {
    let job = start(&["cp", from.to_str().unwrap(), to.to_str().unwrap()]);
    assert_eq!(job.exit(), Exit::Code(0), "{}", job.text());
}

/// Held by who has a process that belongs to no run, and by who ends all of them.
pub(crate) fn unclaimed() -> MutexGuard<'static, ()> {
    static UNCLAIMED: Mutex<()> = Mutex::new(());
    UNCLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}
