//! Which live processes belong to which run. Not: when to ask, and what to do about them.
//!
//! A process belongs to the run in whose session it is; else to the run of its parent; else to the run that its environment
//! names (`ZAP_RUN` and `ZAP_SOCKET` both as in the launch, so that a zap inside a zap is not confused with us); else to the
//! run in which it was last seen, it or its session. zap is a child subreaper, so nothing that its jobs start gets lost from
//! its descendants; those that no rule claims are listed apart. What has ended and only waits to be reaped does not count.

use std::collections::{HashMap, HashSet};

use crate::model::RunId;
use crate::sys::proc::{self, Stat};
use crate::sys::reap;
use crate::sys::signal::{Handle, Sent, to_process};

/// The variables of a launch that tell to which run a process belongs.
const MARKS: [&str; 2] = ["ZAP_RUN", "ZAP_SOCKET"];
/// A family that forks faster than it can be looked at for so many rounds is left to the next look.
const ROUNDS: usize = 100;

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
    seen: HashMap<Identity, RunId>,
}

#[derive(Debug)]
struct Root {
    leader: i32,
    reaped: bool,
    marks: Vec<Vec<u8>>,
}

/// A pid is used again; together with the start it is not.
type Identity = (i32, u64);

struct Member {
    stat: Stat,
    run: Option<RunId>,
}

impl Families {
    /// To be called on the thread that makes the processes.
    pub(super) fn new() -> Self {
        let me = nix::unistd::getpid().as_raw();
        let parents = [me, nix::unistd::gettid().as_raw()];
        let session = nix::unistd::getsid(None).map_or(0, nix::unistd::Pid::as_raw);
        Self { me, session, parents, roots: HashMap::new(), sessions: HashMap::new(), seen: HashMap::new() }
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
        self.roots.insert(run, Root { leader, reaped: false, marks });
        self.sessions.insert(leader, run);
    }

    /// A leader was reaped: its number may belong to somebody else from now on. Tells whose leader it was.
    pub(super) fn reaped(&mut self, pid: i32) -> Option<RunId> {
        let (run, root) = self.roots.iter_mut().find(|(_, root)| root.leader == pid && !root.reaped)?;
        root.reaped = true;
        Some(*run)
    }

    /// The run is over: what is still alive of it is nobody's.
    pub(super) fn forget(&mut self, run: RunId) {
        self.roots.remove(&run);
        self.sessions.retain(|_, of| *of != run);
        self.seen.retain(|_, of| *of != run);
    }

    /// The leader of a run, if it may be signalled by its number.
    pub(super) fn leader(&self, run: RunId) -> Option<i32> {
        self.roots.get(&run).filter(|root| !root.reaped).map(|root| root.leader)
    }

    /// Looks once for all runs that are asked for.
    pub(super) fn survey(&mut self, runs: &[RunId]) -> Survey {
        let mut found = self.look();
        let missing =
            |found: &[Member]| runs.iter().any(|run| !found.iter().any(|member| member.run == Some(*run)));
        if !found.is_empty() && missing(&found) {
            // The kernel's list of children may miss one whose sibling ends meanwhile: "nothing is left" is said only twice.
            let before: HashSet<_> = found.iter().map(|member| identity(&member.stat)).collect();
            let again = self.look();
            found.extend(again.into_iter().filter(|member| !before.contains(&identity(&member.stat))));
        }
        let kin = |run: Option<RunId>| -> Vec<Kin> {
            let members = found.iter().filter(|member| member.run == run);
            members.map(|member| Kin { pid: member.stat.pid, name: member.stat.name.clone() }).collect()
        };
        Survey {
            families: runs.iter().map(|run| Family { run: *run, members: kin(Some(*run)) }).collect(),
            unclaimed: kin(None),
        }
    }

    /// Sends each run's signal to all its processes, CONT after it, and KILL until no new one appears.
    pub(super) fn signal(&mut self, wishes: &[(RunId, i32)]) {
        let wish =
            |run: Option<RunId>| wishes.iter().find(|(of, _)| Some(*of) == run).map(|(_, signal)| *signal);
        self.signal_where(|member| wish(member.run));
    }

    /// Sends a signal to the processes of a run that are still in the group of its leader, which was reaped.
    pub(super) fn signal_group(&mut self, run: RunId, signal: i32) {
        let Some(group) = self.roots.get(&run).map(|root| root.leader) else { return };
        self.signal_where(|member| (member.run == Some(run) && member.stat.group == group).then_some(signal));
    }

    /// Sends a signal to all descendants that belong to no run.
    pub(super) fn signal_unclaimed(&mut self, signal: i32) {
        self.signal_where(|member| member.run.is_none().then_some(signal));
    }

    fn signal_where(&mut self, wish: impl Fn(&Member) -> Option<i32>) {
        let mut done = HashSet::new();
        for _ in 0..ROUNDS {
            let mut again = false;
            for member in self.look() {
                let Some(signal) = wish(&member) else { continue };
                if !done.insert(identity(&member.stat)) {
                    continue;
                }
                // Who asks it to end gives it time; only KILL chases those who were born meanwhile.
                again |= send(&member.stat, signal) == Sent::Delivered && signal == libc::SIGKILL;
            }
            if !again {
                return;
            }
        }
    }

    /// All live descendants, parents before their children, each with its run.
    fn look(&mut self) -> Vec<Member> {
        let mut found = Vec::new();
        if reap::any_child() {
            self.walk(&mut found);
        }
        self.remember(&found);
        found
    }

    fn walk(&self, found: &mut Vec<Member>) {
        let mut children = Vec::new();
        for thread in self.parents {
            if proc::children_of_thread(self.me, thread, &mut children).is_err() {
                return self.scan(found);
            }
        }
        let mut open: Vec<(i32, Option<RunId>)> = children.drain(..).map(|pid| (pid, None)).collect();
        let mut known = HashSet::new();
        while let Some((pid, of_parent)) = open.pop() {
            if !known.insert(pid) {
                continue;
            }
            let Some(stat) = proc::stat(pid).filter(proc::Stat::alive) else { continue };
            let run = self.claim(&stat, of_parent);
            found.push(Member { stat, run });
            proc::children(pid, &mut children);
            open.extend(children.drain(..).map(|child| (child, run)));
        }
    }

    /// The same without the kernel's lists of children: by looking at everybody.
    fn scan(&self, found: &mut Vec<Member>) {
        let mut by_parent: HashMap<i32, Vec<Stat>> = HashMap::new();
        for stat in proc::everything() {
            by_parent.entry(stat.parent).or_default().push(stat);
        }
        let mut open = vec![(self.me, None)];
        while let Some((parent, of_parent)) = open.pop() {
            for stat in by_parent.remove(&parent).unwrap_or_default().into_iter().filter(Stat::alive) {
                let run = self.claim(&stat, of_parent);
                open.push((stat.pid, run));
                found.push(Member { stat, run });
            }
        }
    }

    fn claim(&self, stat: &Stat, of_parent: Option<RunId>) -> Option<RunId> {
        let by_session =
            || self.sessions.get(&stat.session).or_else(|| self.sessions.get(&stat.group)).copied();
        let by_memory = || self.seen.get(&identity(stat)).copied();
        by_session().or(of_parent).or_else(by_memory).or_else(|| self.claim_by_environment(stat.pid))
    }

    fn claim_by_environment(&self, pid: i32) -> Option<RunId> {
        let environment = proc::environment(pid);
        let has = |mark: &Vec<u8>| environment.split(|byte| *byte == 0).any(|entry| entry == mark);
        let mut marked =
            self.roots.iter().filter(|(_, root)| !root.marks.is_empty() && root.marks.iter().all(has));
        marked.next().map(|(run, _)| *run)
    }

    /// Keeps who was seen where, and drops those who are gone.
    fn remember(&mut self, found: &[Member]) {
        self.seen.clear();
        self.sessions.clear();
        // The younger run wins a number that was used twice.
        let mut roots: Vec<_> = self.roots.iter().collect();
        roots.sort_unstable_by_key(|(run, _)| **run);
        self.sessions.extend(roots.into_iter().map(|(run, root)| (root.leader, *run)));
        for member in found {
            if let Some(run) = member.run {
                self.seen.insert(identity(&member.stat), run);
                // A command on our own terminal is in our own session, which is no run's.
                if member.stat.session != self.session {
                    self.sessions.entry(member.stat.session).or_insert(run);
                }
            }
        }
    }
}

/// Sends through a handle, and only if the number still means the process that was seen.
fn send(seen: &Stat, signal: i32) -> Sent {
    let handle = Handle::open(seen.pid);
    if proc::stat(seen.pid).is_none_or(|now| identity(&now) != identity(seen)) {
        return Sent::Nobody;
    }
    // Without a descriptor for it, it is meant by the number that was right just now.
    let send = |signal| match &handle {
        Ok(handle) => handle.send(signal),
        Err(_) => to_process(seen.pid, signal),
    };
    let sent = send(signal).unwrap_or(Sent::Nobody);
    if signal != libc::SIGKILL {
        let _ = send(libc::SIGCONT);
    }
    sent
}

fn identity(stat: &Stat) -> Identity {
    (stat.pid, stat.started)
}
