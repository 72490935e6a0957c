//! Which live processes belong to which run. `look`: a look at all of them; `signals`: signals for them. Not: when to ask, and
//! what to do about them.
//!
//! A process belongs to the run in whose session it is; else to the run of its parent; else to the run that its environment
//! names (`ZAP_MARK` and `ZAP_SOCKET` both as in the launch, so that a zap inside a zap is not confused with us); else to the
//! run in which it was last seen, it or its session. zap is a child subreaper, so nothing that its jobs start gets lost from
//! its descendants; those that no rule claims are listed apart. What has ended and only waits to be reaped does not count.

mod look;
mod signals;

use std::collections::HashMap;

use crate::model::RunId;
use crate::sys::proc::{self, Stat};
use crate::sys::reason;
use crate::sys::signal::{Handle, Sent};

use look::{Scope, identity};

/// The variables of a launch that tell to which run a process belongs.
const MARKS: [&str; 2] = ["ZAP_MARK", "ZAP_SOCKET"];

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The runs that were asked for.
    pub families: Vec<Family>,
    /// Descendants of zap that belong to no run.
    pub unclaimed: Vec<Kin>,
}

/// The live processes of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Which run.
    pub run: RunId,
    /// Its processes, the leader among them as long as it lives.
    pub members: Vec<Kin>,
}

/// One process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kin {
    /// Its number.
    pub pid: i32,
    /// Its name as the kernel has it: at most 15 bytes.
    pub name: String,
    /// Whether it is in the process group of the leader of its run, which may have ended.
    pub in_group: bool,
}

/// All that is known of the runs' processes.
#[derive(Debug)]
pub(super) struct Families {
    /// Our pid, and the threads that can have children: the one that makes them, and the first one, which adopts.
    me: i32,
    session: i32,
    parents: [i32; 2],
    roots: HashMap<RunId, Root>,
    /// The run of each session: of the leader's, and of others that were seen.
    sessions: HashMap<i32, RunId>,
    /// The run and the session of those who were seen and still live.
    seen: HashMap<Identity, (RunId, i32)>,
    /// Who could not be signalled because it is another user's, with the signal. Below 0: a group.
    refused: Vec<(i32, i32)>,
}

#[derive(Debug)]
struct Root {
    leader: i32,
    /// The process group of the leader.
    group: i32,
    reaped: bool,
    /// The run is over, and what lives of it may: it is known as long as anybody of it does.
    spared: bool,
    /// The process that was made for the run; it is the leader unless another one was adopted.
    launcher: Identity,
    adopted: Option<Identity>,
    marks: Vec<Vec<u8>>,
}

/// A process that became the leader of a run.
#[derive(Debug)]
pub(super) enum Adopted {
    /// It is a child of zap: its end is told by the kernel.
    Child,
    /// It is somebody else's child: its end must be watched for.
    Foster(Handle),
}

/// A pid is used again; together with the start it is not.
type Identity = (i32, u64);

impl Families {
    /// To be called on the thread that makes the processes.
    pub(super) fn new() -> Self {
        let me = nix::unistd::getpid().as_raw();
        let parents = [me, nix::unistd::gettid().as_raw()];
        let session = nix::unistd::getsid(None).map_or(0, nix::unistd::Pid::as_raw);
        Self {
            me,
            session,
            parents,
            roots: HashMap::new(),
            sessions: HashMap::new(),
            seen: HashMap::new(),
            refused: Vec::new(),
        }
    }

    /// A run has a leader now.
    pub(super) fn add(&mut self, run: RunId, leader: i32, env: &[(std::ffi::OsString, std::ffi::OsString)]) {
        let marks: Vec<_> = MARKS
            .iter()
            .filter_map(|mark| env.iter().rev().find(|(name, _)| name == mark))
            .map(|(name, value)| [name.as_encoded_bytes(), b"=", value.as_encoded_bytes()].concat())
            .collect();
        // One of them alone is no proof.
        let marks = if marks.len() == MARKS.len() { marks } else { Vec::new() };
        // It is there, alive or not, because only we could have reaped it.
        let started = proc::stat(leader).map_or(0, |stat| stat.started);
        let launcher = (leader, started);
        let (reaped, spared, adopted) = (false, false, None);
        self.roots.insert(run, Root { leader, group: leader, reaped, spared, launcher, adopted, marks });
        self.sessions.insert(leader, run);
    }

    /// A leader was reaped: its number may belong to somebody else from now on. Tells whose leader it was.
    pub(super) fn reaped(&mut self, pid: i32) -> Option<RunId> {
        let (run, root) = self.roots.iter_mut().find(|(_, root)| root.leader == pid && !root.reaped)?;
        root.reaped = true;
        Some(*run)
    }

    /// Makes a process the leader of a run; fails, as a fragment, if it cannot be one.
    pub(super) fn adopt(&mut self, run: RunId, pid: i32) -> Result<Adopted, String> {
        let ended = || format!("process {pid} has already ended");
        let root = self.roots.get(&run).ok_or("the run is over")?;
        let (launcher, present) = (root.launcher, (!root.reaped).then_some(root.leader));
        let handle = Handle::open(pid).map_err(|error| match error.raw_os_error() {
            Some(libc::ESRCH) => ended(),
            Some(libc::EINVAL | libc::ENOENT) => format!("{pid} is not the number of a process"),
            _ => format!("process {pid}: {}", reason(&error)),
        })?;
        let stat = proc::stat(pid).filter(Stat::alive).ok_or_else(ended)?;
        // If who we hold is alive now, it is the one that was just looked at.
        if matches!(handle.send(0), Ok(Sent::Nobody)) {
            return Err(ended());
        }
        if present == Some(pid) {
            return Ok(Adopted::Child);
        }
        self.check_stranger(run, &stat, launcher)?;
        let child = stat.parent == self.me;
        self.seen.insert(identity(&stat), (run, stat.session));
        let root = self.roots.get_mut(&run).ok_or("the run is over")?;
        (root.leader, root.group, root.reaped, root.adopted) =
            (pid, stat.group, false, Some(identity(&stat)));
        Ok(if child { Adopted::Child } else { Adopted::Foster(handle) })
    }

    fn check_stranger(&mut self, run: RunId, stat: &Stat, launcher: Identity) -> Result<(), String> {
        let pid = stat.pid;
        if pid == self.me {
            return Err(format!("process {pid} is zap itself"));
        }
        if pid == 1 || stat.kernel {
            return Err(format!("process {pid} ({}) belongs to the machine", stat.name));
        }
        // Starts are counted in ticks; in one tick, numbers are given in order.
        let (launcher, born) = launcher;
        if (stat.started, pid) < (born, launcher) {
            return Err(format!("process {pid} ({}) is older than the run: a stranger", stat.name));
        }
        let look = self.look(Scope::All, |_| ());
        let owner = look.members.iter().find(|member| member.stat.pid == pid).and_then(|member| member.run);
        match owner {
            Some(other) if other != run => {
                Err(format!("process {pid} ({}) belongs to another run", stat.name))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What is alive of a run may live for ever: it is never nobody's.
    pub(super) fn spare(&mut self, run: RunId) {
        if let Some(root) = self.roots.get_mut(&run) {
            root.spared = true;
        }
    }

    /// The run is over: what is still alive of it is nobody's, unless it is spared.
    pub(super) fn forget(&mut self, run: RunId) {
        if self.roots.get(&run).is_some_and(|root| root.spared) {
            return;
        }
        self.roots.remove(&run);
        self.sessions.retain(|_, of| *of != run);
        self.seen.retain(|_, (of, _)| *of != run);
    }

    /// The leader of a run, if it has not ended.
    pub(super) fn leader(&self, run: RunId) -> Option<i32> {
        self.roots.get(&run).filter(|root| !root.reaped).map(|root| root.leader)
    }

    /// Takes those who could not be signalled because they are another user's, with the signal. Below 0: a group.
    pub(super) fn take_refused(&mut self) -> Vec<(i32, i32)> {
        std::mem::take(&mut self.refused)
    }
}
