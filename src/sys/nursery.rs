//! The one thread that makes, signals, surveys and reaps every process, so that a number is never signalled after it was
//! reaped, and `Spawned` always comes before `Exited`. Not: decisions about jobs.

mod ward;

use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::model::{Delivery, Exit, Hope, Launch, PidSource, RunId, SpawnError};
use crate::sys::family::{Families, Survey};
use crate::sys::limits::NoFile;
use crate::sys::reap::{self, Gate};
use crate::sys::signal;
use crate::sys::spawn::{Outlets, Seat};

use ward::Ward;

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
