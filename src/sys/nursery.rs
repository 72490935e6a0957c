//! The one thread that makes, signals, surveys and reaps every process, so that a number is never signalled after it was
//! reaped, and `Spawned` always comes before `Exited`. Not: decisions about jobs.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::model::{Delivery, Exit, Launch, RunId, SpawnError};
use crate::sys::family::{Families, Survey};
use crate::sys::limits::NoFile;
use crate::sys::reap::{self, Change, Gate, Left};
use crate::sys::signal;
use crate::sys::spawn::{self, Seat};

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
}

/// The handle of the thread. What it is told is done in order; nothing here waits. One for each process: it reaps every child.
#[derive(Debug)]
pub struct Nursery {
    requests: Sender<Request>,
    /// Behind a lock only because a handle may be shared.
    ended: Mutex<Receiver<()>>,
}

#[derive(Debug)]
enum Request {
    Spawn { run: RunId, launch: Box<Launch>, seat: Seat },
    Signal { run: RunId, signal: i32, delivery: Delivery },
    SignalUnclaimed { signal: i32 },
    Survey { run: RunId },
    Forget { run: RunId },
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
        let notices = requests.clone();
        let (alive, ended) = channel();
        reap::watch(gate.clone(), move || notices.send(Request::SomebodyEnded).is_ok())?;
        thread::Builder::new().name("zap-nursery".to_owned()).stack_size(STACK).spawn(move || {
            // A child must not run a handler of zap's, in our very memory, before exec: no signal is delivered here.
            let _ = signal::block_all();
            Ward { families: Families::new(), limit, gate, guest: None, tell }.run(&inbox);
            drop(alive);
        })?;
        Ok(Self { requests, ended: Mutex::new(ended) })
    }

    /// Makes a process. Answered by `Spawned` or `NotSpawned`, always.
    pub fn spawn(&self, run: RunId, launch: Box<Launch>, seat: Seat) {
        self.ask(Request::Spawn { run, launch, seat });
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

    /// The run is over: forgets its pids. What is still alive of it counts as unclaimed from now on.
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
    limit: NoFile,
    gate: Gate,
    /// Who sits at our own terminal, if somebody does.
    guest: Option<i32>,
    tell: F,
}

/// What can be done together for many runs, because it takes a look at all processes.
#[derive(Default)]
struct Together {
    signals: Vec<(RunId, i32)>,
    surveys: Vec<RunId>,
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
        }
    }

    fn serve(&mut self, request: Request, together: &mut Together) {
        if !matches!(request, Request::Survey { .. } | Request::Signal { delivery: Delivery::Family, .. }) {
            self.signal_families(together);
        }
        match request {
            Request::Spawn { run, launch, seat } => self.spawn(run, &launch, seat),
            Request::Signal { run, signal, delivery: Delivery::Family } => {
                if together.signals.iter().any(|(of, _)| *of == run) {
                    // Two signals to one family stay two.
                    self.signal_families(together);
                }
                together.signals.push((run, signal));
            }
            Request::Signal { run, signal, delivery: Delivery::Leader } => self.signal_leader(run, signal),
            Request::Signal { run, signal, delivery: Delivery::Group } => self.signal_group(run, signal),
            Request::SignalUnclaimed { signal } => self.families.signal_unclaimed(signal),
            Request::Survey { run } => together.surveys.push(run),
            Request::Forget { run } => self.families.forget(run),
            Request::SomebodyEnded => self.reap(),
            Request::End => {}
        }
    }

    fn spawn(&mut self, run: RunId, launch: &Launch, seat: Seat) {
        let guest = matches!(seat, Seat::Ours);
        match spawn::spawn(launch, seat, self.limit) {
            Ok(pid) => {
                if guest {
                    self.guest = Some(pid);
                }
                self.families.add(run, pid, &launch.env);
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

    fn signal_leader(&self, run: RunId, signal: i32) {
        if let Some(pid) = self.families.leader(run) {
            follow(signal, |signal| signal::to_process(pid, signal));
        }
    }

    fn signal_group(&mut self, run: RunId, signal: i32) {
        match self.families.leader(run) {
            Some(pid) => follow(signal, |signal| signal::to_group(pid, signal)),
            None => self.families.signal_group(run, signal),
        }
    }

    fn signal_families(&mut self, together: &mut Together) {
        if !together.signals.is_empty() {
            self.families.signal(&together.signals);
            together.signals.clear();
        }
    }

    fn survey(&mut self, runs: &[RunId]) {
        if !runs.is_empty() {
            let survey = self.families.survey(runs);
            (self.tell)(News::Surveyed(survey));
        }
    }
}

/// Sends a signal and what must follow it. A process that we may not signal shows in the next survey.
fn follow(signal: i32, send: impl Fn(i32) -> io::Result<signal::Sent>) {
    let _ = send(signal);
    if signal != libc::SIGKILL {
        let _ = send(libc::SIGCONT);
    }
}
