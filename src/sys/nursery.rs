//! The one thread that makes, signals, surveys and reaps every process, so that a number is never signalled after it was
//! reaped, and `Spawned` always comes before `Exited`. Not: decisions about jobs.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::model::{Delivery, Exit, Hope, Launch, PidSource, RunId, SpawnError, Usage};
use crate::sys::family::{Adopted, Families, Survey};
use crate::sys::limits::NoFile;
use crate::sys::pid_file::{self, Written};
use crate::sys::reap::{self, Change, Gate, Left};
use crate::sys::signal;
use crate::sys::spawn::{self, Outlets, Seat};
use crate::sys::stats::Meter;
use crate::sys::vigil::Vigil;
use crate::sys::{proc, reason, user};

/// Making a process takes the child's stack and a few kilobytes; std's own start of a thread some more.
const STACK: usize = 128 * 1024;

/// How long zap's end waits for what it asked for last.
const FAREWELL: Duration = Duration::from_secs(1);

/// What became of processes. Told on the nursery's thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The process exists, and its program runs.
    Spawned {
        /// Which run.
        run: RunId,
        /// Its pid, also the id of its session and process group.
        pid: i32,
    },
    /// The process could not be made.
    NotSpawned {
        /// Which run.
        run: RunId,
        /// Why not.
        error: SpawnError,
    },
    /// The leader of a run was reaped.
    Exited {
        /// Which run.
        run: RunId,
        /// How it ended.
        exit: Exit,
    },
    /// An orphan of some run was reaped: what is left of it may have changed.
    StrangerEnded {
        /// Its pid.
        pid: i32,
    },
    /// The answer to one or more surveys.
    Surveyed(Survey),
    /// The answer to one or more questions what runs use: of each that was asked about.
    Measured(Vec<(RunId, Usage)>),
    /// This process is the leader of the run from now on; `Exited` tells its end.
    Adopted {
        /// Which run.
        run: RunId,
        /// Its pid.
        pid: i32,
    },
    /// There is no process to adopt.
    NotAdopted {
        /// Which run.
        run: RunId,
        /// Why not, as a fragment.
        why: String,
        /// Whether it may still come.
        hope: Hope,
    },
}

/// The handle of the thread. What it is told is done in order, and telling it never waits. The thread itself waits for the kernel
/// alone, but for one thing: a job with a `user` waits for whoever knows the users of this machine (nss(5)), and all behind it.
/// One for each process: it reaps every child.
#[derive(Debug)]
pub struct Nursery {
    requests: Sender<Request>,
    /// Behind a lock only because a handle may be shared.
    ended: Mutex<Receiver<()>>,
}

#[derive(Debug)]
enum Request {
    Spawn {
        run: RunId,
        launch: Box<Launch>,
        seat: Seat,
        outlets: Outlets,
    },
    Adopt {
        run: RunId,
        from: PidSource,
    },
    /// Whom a vigil watched has ended.
    Gone {
        run: RunId,
        pid: i32,
    },
    Signal {
        run: RunId,
        signal: i32,
        delivery: Delivery,
    },
    SignalUnclaimed {
        signal: i32,
    },
    Survey {
        run: RunId,
    },
    Measure {
        runs: Vec<RunId>,
    },
    Spare {
        run: RunId,
    },
    Forget {
        run: RunId,
    },
    SomebodyEnded,
    End,
}

impl Nursery {
    /// Starts the thread and makes zap a child subreaper. Jobs get `limit`. `tell` must not block.
    pub fn start(limit: NoFile, tell: impl FnMut(News) + Send + 'static) -> io::Result<Self> {
        signal::settle()?;
        nix::sys::prctl::set_child_subreaper(true)?;
        let (requests, inbox) = channel();
        let gate = Gate::default();
        let (notices, again) = (requests.clone(), requests.clone());
        let (alive, ended) = channel();
        reap::watch(gate.clone(), move || notices.send(Request::SomebodyEnded).is_ok())?;
        thread::Builder::new().name("zap-nursery".to_owned()).stack_size(STACK).spawn(move || {
            // A child must not run a handler of zap's, in our very memory, before exec: no signal is delivered here.
            let _ = signal::block_all();
            let ward = Ward {
                families: Families::new(),
                meter: Meter::new(),
                limit,
                gate,
                guest: None,
                doubts: HashMap::new(),
                users: HashMap::new(),
                vigils: HashMap::new(),
                again,
                tell,
            };
            ward.run(&inbox);
            drop(alive);
        })?;
        Ok(Self { requests, ended: Mutex::new(ended) })
    }

    /// Makes a process. Answered by `Spawned` or `NotSpawned`, always.
    pub fn spawn(&self, run: RunId, launch: Box<Launch>, seat: Seat) {
        self.spawn_into(run, launch, seat, Outlets::default());
    }

    /// The same with streams that go elsewhere than to the terminal of the seat.
    pub fn spawn_into(&self, run: RunId, launch: Box<Launch>, seat: Seat, outlets: Outlets) {
        self.ask(Request::Spawn { run, launch, seat, outlets });
    }

    /// Makes another process the leader of a run. Answered by `Adopted` or `NotAdopted`, always.
    pub fn adopt(&self, run: RunId, from: PidSource) {
        self.ask(Request::Adopt { run, from });
    }

    /// Sends a signal to a run, and CONT after it unless it is KILL. To the whole family KILL is sent until no new member
    /// appears. Nobody there is no error.
    pub fn signal(&self, run: RunId, signal: i32, delivery: Delivery) {
        self.ask(Request::Signal { run, signal, delivery });
    }

    /// Sends a signal to all descendants of zap that belong to no run.
    pub fn signal_unclaimed(&self, signal: i32) {
        self.ask(Request::SignalUnclaimed { signal });
    }

    /// Looks which processes of a run are alive. Answered by `Surveyed`; surveys asked for at one time share one look.
    pub fn survey(&self, run: RunId) {
        self.ask(Request::Survey { run });
    }

    /// Measures what the processes of these runs use. Answered by `Measured`; questions asked at one time share one look.
    pub fn measure(&self, runs: Vec<RunId>) {
        self.ask(Request::Measure { runs });
    }

    /// What is alive of this run may live for ever: it stays the run's also when that is forgotten.
    pub fn spare(&self, run: RunId) {
        self.ask(Request::Spare { run });
    }

    /// The run is over: forgets its pids. What is still alive of it counts as unclaimed from now on, unless it is spared.
    pub fn forget(&self, run: RunId) {
        self.ask(Request::Forget { run });
    }

    fn ask(&self, request: Request) {
        // It fails only if the thread has panicked; then zap ends already, and whoever asks must not panic too.
        let _ = self.requests.send(request);
    }
}

impl Drop for Nursery {
    fn drop(&mut self) {
        // It fails only if the thread is gone, which is what is wanted. Signals that were asked for are sent first.
        let _ = self.requests.send(Request::End);
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(FAREWELL);
    }
}

struct Ward<F> {
    families: Families,
    meter: Meter,
    limit: NoFile,
    gate: Gate,
    /// Who sits at our own terminal, if somebody does.
    guest: Option<i32>,
    /// What stood in pid files that cannot be right: it counts when it stands there the second time, because somebody may just
    /// be writing it.
    doubts: HashMap<RunId, String>,
    /// As whom runs run, if not as we do.
    users: HashMap<RunId, u32>,
    /// The leaders whose ends no wait tells.
    vigils: HashMap<RunId, Vigil>,
    /// For what its own threads find out.
    again: Sender<Request>,
    tell: F,
}

/// What can be done together for many runs, because it takes a look at all processes.
#[derive(Default)]
struct Together {
    signals: Vec<(RunId, i32)>,
    surveys: Vec<RunId>,
    measures: Vec<RunId>,
}

impl<F: FnMut(News)> Ward<F> {
    fn run(mut self, inbox: &Receiver<Request>) {
        // Children that were there before us (after an exec of ourselves) are watched too.
        self.gate.open();
        while let Ok(first) = inbox.recv() {
            let mut together = Together::default();
            for request in std::iter::once(first).chain(inbox.try_iter()) {
                if matches!(request, Request::End) {
                    self.signal_families(&mut together);
                    return;
                }
                self.serve(request, &mut together);
            }
            self.signal_families(&mut together);
            self.survey(&together.surveys);
            self.measure(together.measures);
        }
    }

    fn serve(&mut self, request: Request, together: &mut Together) {
        let waits = matches!(
            request,
            Request::Survey { .. }
                | Request::Measure { .. }
                | Request::Signal { delivery: Delivery::Family, .. }
        );
        if !waits {
            self.signal_families(together);
        }
        match request {
            Request::Spawn { run, launch, seat, outlets } => self.spawn(run, &launch, seat, outlets),
            Request::Adopt { run, from } => self.adopt(run, &from),
            Request::Gone { run, pid } => self.gone(run, pid),
            Request::Signal { run, signal, delivery: Delivery::Family } => {
                if together.signals.iter().any(|(of, _)| *of == run) {
                    // Two signals to one family stay two.
                    self.signal_families(together);
                }
                together.signals.push((run, signal));
            }
            Request::Signal { run, signal, delivery: Delivery::Leader } => {
                self.families.signal_leader(run, signal);
                self.signal_refused();
            }
            Request::Signal { run, signal, delivery: Delivery::Group } => {
                self.families.signal_group(run, signal);
                self.signal_refused();
            }
            Request::SignalUnclaimed { signal } => {
                self.families.signal_unclaimed(signal);
                self.signal_refused();
            }
            Request::Survey { run } => together.surveys.push(run),
            Request::Measure { runs } => together.measures.extend(runs),
            Request::Spare { run } => self.families.spare(run),
            Request::Forget { run } => {
                self.families.forget(run);
                self.meter.forget(run);
                self.doubts.remove(&run);
                self.users.remove(&run);
                self.vigils.remove(&run);
            }
            Request::SomebodyEnded => self.reap(),
            Request::End => {}
        }
    }

    fn spawn(&mut self, run: RunId, launch: &Launch, seat: Seat, outlets: Outlets) {
        let guest = matches!(seat, Seat::Ours);
        match spawn::spawn(launch, seat, outlets, self.limit) {
            Ok(pid) => {
                if guest {
                    self.guest = Some(pid);
                }
                self.families.add(run, pid, &launch.env);
                self.meter.begin(run);
                self.users.extend(user::id(launch).map(|user| (run, user)));
                (self.tell)(News::Spawned { run, pid });
                self.gate.open();
            }
            Err(error) => (self.tell)(News::NotSpawned { run, error }),
        }
    }

    fn reap(&mut self) {
        let Self { families, tell, guest, .. } = self;
        let left = reap::reap(|pid, change| match change {
            Change::Ended(exit) => {
                guest.take_if(|guest| *guest == pid);
                tell(match families.reaped(pid) {
                    Some(run) => News::Exited { run, exit },
                    None => News::StrangerEnded { pid },
                });
            }
            // At our terminal nobody else could continue it.
            Change::Stopped if *guest == Some(pid) => drop(signal::to_group(pid, libc::SIGCONT)),
            Change::Stopped => {}
        });
        if left == Left::Some {
            self.gate.open();
        }
    }

    fn adopt(&mut self, run: RunId, from: &PidSource) {
        let no = |why, hope| News::NotAdopted { run, why, hope };
        let news = match from {
            PidSource::Number(pid) => match self.adopt_process(run, *pid) {
                Ok(()) => News::Adopted { run, pid: *pid },
                Err(why) => no(why, Hope::Never),
            },
            PidSource::File(file) => match self.read_pid_file(run, file) {
                Err(why) => no(why, Hope::Later),
                Ok(pid) => match self.adopt_process(run, pid.number) {
                    Ok(()) => News::Adopted { run, pid: pid.number },
                    Err(why) if self.doubts.get(&run) == Some(&pid.text) => no(why, Hope::Never),
                    Err(why) => {
                        self.doubts.insert(run, pid.text);
                        no(why, Hope::Later)
                    }
                },
            },
        };
        (self.tell)(news);
    }

    /// What stands in a file that anybody could have written is no word of the job's.
    fn read_pid_file(&self, run: RunId, file: &Path) -> Result<Written, String> {
        let written = pid_file::read(file)?;
        let is_trusted = written.owner == 0
            || written.owner == nix::unistd::geteuid().as_raw()
            || self.users.get(&run) == Some(&written.owner)
            // Whoever names a process of his own does no harm by it.
            || proc::owner(written.number) == Some(written.owner);
        if is_trusted {
            return Ok(written);
        }
        Err(format!("{} belongs to another user (id {})", file.display(), written.owner))
    }

    fn adopt_process(&mut self, run: RunId, pid: i32) -> Result<(), String> {
        match self.families.adopt(run, pid)? {
            Adopted::Child => {}
            Adopted::Foster(handle) => {
                let again = self.again.clone();
                let vigil = Vigil::start(handle, move || drop(again.send(Request::Gone { run, pid })));
                let vigil =
                    vigil.map_err(|error| format!("process {pid} cannot be watched: {}", reason(&error)))?;
                self.vigils.insert(run, vigil);
            }
        }
        Ok(())
    }

    /// Somebody else's child has ended. If that parent ended before it, it became ours, and its exit is known after all.
    fn gone(&mut self, run: RunId, pid: i32) {
        self.reap();
        self.vigils.remove(&run);
        if self.families.leader(run) == Some(pid) && self.families.reaped(pid) == Some(run) {
            (self.tell)(News::Exited { run, exit: Exit::Unknown });
        }
    }

    /// behaviour.md, Stop: what we may not signal is signalled by sudo, if it lets us without a question.
    fn signal_refused(&mut self) {
        let refused = self.families.take_refused();
        for signal in refused.iter().map(|(_, signal)| *signal).collect::<BTreeSet<_>>() {
            let whom = refused.iter().filter(|(_, of)| *of == signal).map(|(who, _)| *who);
            // Who cannot be reached that way either shows in the next survey. Its end is a stranger's.
            if user::kill_by_sudo(signal, whom, self.limit).is_ok() {
                self.gate.open();
            }
        }
    }

    fn signal_families(&mut self, together: &mut Together) {
        if !together.signals.is_empty() {
            self.families.signal(&together.signals);
            together.signals.clear();
            self.signal_refused();
        }
    }

    fn survey(&mut self, runs: &[RunId]) {
        if !runs.is_empty() {
            let survey = self.families.survey(runs);
            (self.tell)(News::Surveyed(survey));
        }
    }

    fn measure(&mut self, mut runs: Vec<RunId>) {
        if runs.is_empty() {
            return;
        }
        runs.sort_unstable();
        runs.dedup();
        let mut measured = Vec::with_capacity(runs.len());
        let meter = &mut self.meter;
        self.families.visit(&runs, |run, processes| measured.push((run, meter.measure(run, processes))));
        (self.tell)(News::Measured(measured));
    }
}
