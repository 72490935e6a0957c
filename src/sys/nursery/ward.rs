//! The thread that makes all children and waits for them: it does what it is asked, one request after the other. Not: asking
//! (`Nursery`).

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender};

use crate::model::{Delivery, Exit, Hope, Launch, PidSource, RunId};
use crate::sys::family::{Adopted, Families};
use crate::sys::limits::NoFile;
use crate::sys::pid_file::{self, Written};
use crate::sys::reap::{self, Change, Gate, Left};
use crate::sys::signal;
use crate::sys::spawn::{self, Outlets, Seat};
use crate::sys::stats::Meter;
use crate::sys::vigil::Vigil;
use crate::sys::{proc, reason, user};

use super::{News, Request};

/// What the thread holds.
pub(super) struct Ward<F> {
    pub(super) families: Families,
    pub(super) meter: Meter,
    pub(super) limit: NoFile,
    pub(super) gate: Gate,
    /// Who sits at our own terminal, if somebody does.
    pub(super) guest: Option<i32>,
    /// What stood in pid files that cannot be right: it counts when it stands there the second time, because somebody may just
    /// be writing it.
    pub(super) doubts: HashMap<RunId, String>,
    /// As whom runs run, if not as we do.
    pub(super) users: HashMap<RunId, u32>,
    /// The leaders whose ends no wait tells.
    pub(super) vigils: HashMap<RunId, Vigil>,
    /// For what its own threads find out.
    pub(super) again: Sender<Request>,
    pub(super) tell: F,
}

/// What can be done together for many runs, because it takes a look at all processes.
#[derive(Default)]
struct Together {
    signals: Vec<(RunId, i32)>,
    surveys: Vec<RunId>,
    measures: Vec<RunId>,
}

impl<F: FnMut(News)> Ward<F> {
    pub(super) fn run(mut self, inbox: &Receiver<Request>) {
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
                together.measures.retain(|of| *of != run);
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
        self.meter.begin(run);
        match spawn::spawn(launch, seat, outlets, self.limit) {
            Ok(pid) => {
                if guest {
                    self.guest = Some(pid);
                }
                self.families.add(run, pid, &launch.env);
                self.users.extend(user::id(launch).map(|user| (run, user)));
                (self.tell)(News::Spawned { run, pid });
                self.gate.open();
            }
            Err(error) => {
                self.meter.forget(run);
                (self.tell)(News::NotSpawned { run, error });
            }
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
