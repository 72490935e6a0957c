//! Which live processes belong to which run. Not: when to ask, and what to do about them.
//!
//! A process belongs to the run in whose session it is; else to the run of its parent; else to the run that its environment
//! names (`ZAP_RUN` and `ZAP_SOCKET` both as in the launch, so that a zap inside a zap is not confused with us); else to the
//! run in which it was last seen, it or its session. zap is a child subreaper, so nothing that its jobs start gets lost from
//! its descendants; those that no rule claims are listed apart. What has ended and only waits to be reaped does not count.

use std::collections::{HashMap, HashSet};
use std::io;

use crate::model::RunId;
use crate::sys::proc::{self, Stat};
use crate::sys::reap;
use crate::sys::reason;
use crate::sys::signal;
use crate::sys::signal::{Handle, Sent, to_process};

/// The variables of a launch that tell to which run a process belongs.
const MARKS: [&str; 2] = ["ZAP_RUN", "ZAP_SOCKET"];
/// A family that forks faster than it can be looked at for so many rounds is left to the next look.
const ROUNDS: usize = 100;
/// After so many rounds in which nobody new was found, nobody will be.
const QUIET_ROUNDS: u32 = 5;
/// Who was killed needs a moment to die; in milliseconds.
const PAUSE: u16 = 1;

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

struct Member {
    stat: Stat,
    run: Option<RunId>,
    /// A descendant of zap. Others are there because they were adopted.
    ours: bool,
}

/// Whose processes are looked for. What a living leader has started belongs to its run or to nobody's: it is passed over where
/// another run is meant, since with a thousand jobs each end would else cost a look at all of them.
#[derive(Debug, Clone, Copy)]
enum Scope<'a> {
    /// Everybody's.
    All,
    /// Those of these runs, and those of nobody.
    Of(&'a [RunId]),
}

impl Scope<'_> {
    fn has(self, run: RunId) -> bool {
        match self {
            Self::All => true,
            Self::Of(runs) => runs.contains(&run),
        }
    }
}

/// The live descendants that were looked for, parents before their children, and those that had ended when the look came to them.
#[derive(Default)]
struct Look {
    members: Vec<Member>,
    gone: HashSet<i32>,
    /// Of those that had ended the ones whose parent has not waited for them, with their runs.
    ended: Vec<(Stat, RunId)>,
}

impl Look {
    fn identities(&self) -> HashSet<Identity> {
        self.members.iter().map(|member| identity(&member.stat)).collect()
    }
}

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

    /// Sends a signal to the leader alone, and CONT after it.
    pub(super) fn signal_leader(&mut self, run: RunId, signal: i32) {
        let Some(root) = self.roots.get(&run).filter(|root| !root.reaped) else { return };
        let sent = match root.adopted {
            // Its number means it until we have reaped it.
            None => follow(signal, |signal| to_process(root.leader, signal)),
            Some(adopted) => match proc::stat(adopted.0).filter(|stat| identity(stat) == adopted) {
                Some(stat) => send(&stat, signal),
                None => return,
            },
        };
        note_refusal(&mut self.refused, root.leader, signal, sent);
    }

    /// Looks once for all runs that are asked for.
    pub(super) fn survey(&mut self, runs: &[RunId]) -> Survey {
        let found = self.look_for(runs).members;
        let kin = |run: Option<RunId>| -> Vec<Kin> {
            let group = run.and_then(|run| self.roots.get(&run)).map(|root| root.group);
            let members = found.iter().filter(|member| member.run == run);
            let kin = |member: &Member| Kin {
                pid: member.stat.pid,
                name: member.stat.name.clone(),
                in_group: Some(member.stat.group) == group,
            };
            members.map(kin).collect()
        };
        Survey {
            families: runs.iter().map(|run| Family { run: *run, members: kin(Some(*run)) }).collect(),
            unclaimed: kin(None),
        }
    }

    /// Looks once for all runs that are asked for, and shows the processes of each, also those that have ended and wait for their
    /// parent.
    pub(super) fn visit(&mut self, runs: &[RunId], mut show: impl FnMut(RunId, &[&Stat])) {
        let look = self.look(Scope::Of(runs), |_| ());
        for run in runs {
            let alive = look.members.iter().filter(|member| member.run == Some(*run));
            let ended = look.ended.iter().filter(|(_, of)| of == run);
            let all: Vec<&Stat> =
                alive.map(|member| &member.stat).chain(ended.map(|(stat, _)| stat)).collect();
            show(*run, &all);
        }
    }

    /// Sends each run's signal to all its processes, CONT after it, and KILL until no new one appears.
    pub(super) fn signal(&mut self, wishes: &[(RunId, i32)]) {
        let wish =
            |run: Option<RunId>| wishes.iter().find(|(of, _)| Some(*of) == run).map(|(_, signal)| *signal);
        let runs: Vec<RunId> = wishes.iter().map(|(run, _)| *run).collect();
        self.signal_where(Scope::Of(&runs), |member| wish(member.run));
    }

    /// Sends a signal to the group of a leader, and CONT after it. Where the number of the group may no longer mean it, because
    /// its leader was reaped or never was ours, each of the run's processes in it is meant by itself.
    pub(super) fn signal_group(&mut self, run: RunId, signal: i32) {
        let Some(root) = self.roots.get(&run) else { return };
        let group = root.group;
        if !root.reaped && root.adopted.is_none() {
            let sent = follow(signal, |signal| signal::to_group(group, signal));
            return note_refusal(&mut self.refused, -group, signal, sent);
        }
        self.signal_where(Scope::Of(&[run]), |member| {
            (member.run == Some(run) && member.stat.group == group).then_some(signal)
        });
    }

    /// Sends a signal to all descendants that belong to no run.
    pub(super) fn signal_unclaimed(&mut self, signal: i32) {
        self.signal_where(Scope::Of(&[]), |member| member.run.is_none().then_some(signal));
    }

    /// Each is signalled the moment it is seen, before it is looked for its children. Who asks it to end gives it time; only
    /// KILL chases those who are born meanwhile, until two looks find nobody and agree on who has ended. It goes to their groups
    /// too: a process that forks and ends faster than anybody can look is caught by the kernel only, which lets nobody be
    /// born into a group while it is killed.
    fn signal_where(&mut self, scope: Scope<'_>, wish: impl Fn(&Member) -> Option<i32>) {
        let mut done = HashSet::new();
        let mut refused = Vec::new();
        let (mut gone, mut quiet) = (None, 0);
        for _ in 0..ROUNDS {
            let (mut fresh, mut doomed, mut asked) = (false, false, false);
            let mut groups = HashSet::new();
            let look = self.look(scope, |member| {
                let Some(signal) = wish(member) else { return };
                doomed |= signal == libc::SIGKILL;
                // The group of somebody else's child may hold strangers.
                let whole = member.ours || member.stat.group == member.stat.pid;
                if signal == libc::SIGKILL && whole && groups.insert(member.stat.group) {
                    kill_group(member.stat.group);
                }
                asked |= signal != libc::SIGKILL;
                if done.insert(identity(&member.stat)) {
                    fresh = true;
                    note_refusal(&mut refused, member.stat.pid, signal, send(&member.stat, signal));
                }
            });
            self.refused.append(&mut refused);
            let settled = gone.as_ref() == Some(&look.gone);
            if (asked || settled) && !doomed || !self.anybody() {
                return;
            }
            if fresh {
                quiet = 0;
            } else {
                // They are dying. Strangers that come and go all the time must not keep the others waiting.
                quiet += 1;
                if quiet == QUIET_ROUNDS {
                    return;
                }
                let _ = nix::poll::poll(&mut [], PAUSE);
            }
            gone = Some(look.gone);
        }
    }

    /// Looks until every run has somebody, or two looks agree that it has nobody: one look alone may miss a process whose parent
    /// ends meanwhile, because it is then adopted by us, whose children were read before. Where strangers come and go all the
    /// time no two looks agree: then a few that found nobody are enough.
    fn look_for(&mut self, runs: &[RunId]) -> Look {
        let scope = Scope::Of(runs);
        let mut look = self.look(scope, |_| ());
        for _ in 0..QUIET_ROUNDS {
            let has = |run: &RunId| look.members.iter().any(|member| member.run == Some(*run));
            if runs.iter().all(has) || !self.anybody() {
                break;
            }
            let before = std::mem::replace(&mut look, self.look(scope, |_| ()));
            if before.gone == look.gone && before.identities() == look.identities() {
                break;
            }
        }
        look
    }

    fn look(&mut self, scope: Scope<'_>, mut visit: impl FnMut(&Member)) -> Look {
        let mut look = Look::default();
        if self.anybody() {
            self.walk(scope, &mut look, &mut visit);
        }
        self.remember(scope, &look.members);
        look
    }

    /// Whether there is anybody to look at.
    fn anybody(&self) -> bool {
        reap::any_child() || self.adopted().next().is_some()
    }

    /// The leaders that may be nobody's whom a look at our children finds.
    fn adopted(&self) -> impl Iterator<Item = (RunId, Identity)> {
        self.roots
            .iter()
            .filter(|(_, root)| !root.reaped)
            .filter_map(|(run, root)| root.adopted.map(|adopted| (*run, adopted)))
    }

    fn walk(&self, scope: Scope<'_>, look: &mut Look, visit: &mut impl FnMut(&Member)) {
        let mut children = Vec::new();
        for thread in self.parents {
            if proc::children_of_thread(self.me, thread, &mut children).is_err() {
                return self.scan(look, visit);
            }
        }
        // The last ones come first: an adopted process that is a descendant is met as one.
        let mut open: Vec<(i32, Option<RunId>, bool)> = self
            .adopted()
            .filter(|(run, who)| {
                scope.has(*run) && proc::stat(who.0).is_some_and(|stat| identity(&stat) == *who)
            })
            .map(|(run, who)| (who.0, Some(run), false))
            .collect();
        open.extend(children.drain(..).map(|pid| (pid, None, true)));
        let mut known = self.leaders_beyond(scope);
        while let Some((pid, of_parent, ours)) = open.pop() {
            if !known.insert(pid) {
                continue;
            }
            let stat = match proc::stat(pid) {
                Some(stat) if stat.alive() => stat,
                ended => {
                    look.gone.insert(pid);
                    look.ended.extend(ended.and_then(|stat| self.claim_ended(stat, of_parent)));
                    continue;
                }
            };
            let run = self.claim(&stat, of_parent);
            let member = Member { stat, run, ours };
            visit(&member);
            proc::children(&member.stat, &mut children);
            look.members.push(member);
            open.extend(children.drain(..).map(|child| (child, run, ours)));
        }
    }

    /// The living leaders of the other runs: nobody below them is looked for.
    fn leaders_beyond(&self, scope: Scope<'_>) -> HashSet<i32> {
        let living = self.roots.iter().filter(|(_, root)| !root.reaped);
        living.filter(|(run, _)| !scope.has(**run)).map(|(_, root)| root.leader).collect()
    }

    /// The same without the kernel's lists of children: by looking at everybody.
    fn scan(&self, look: &mut Look, visit: &mut impl FnMut(&Member)) {
        let mut by_parent: HashMap<i32, Vec<Stat>> = HashMap::new();
        for stat in proc::everything() {
            by_parent.entry(stat.parent).or_default().push(stat);
        }
        let mut open = vec![(self.me, None, true)];
        let mut adopted: Vec<_> = self.adopted().collect();
        loop {
            while let Some((parent, of_parent, ours)) = open.pop() {
                for stat in by_parent.remove(&parent).unwrap_or_default() {
                    if !stat.alive() {
                        look.gone.insert(stat.pid);
                        look.ended.extend(self.claim_ended(stat, of_parent));
                        continue;
                    }
                    let run = self.claim(&stat, of_parent);
                    open.push((stat.pid, run, ours));
                    let member = Member { stat, run, ours };
                    visit(&member);
                    look.members.push(member);
                }
            }
            let Some((run, who)) = adopted.pop() else { return };
            let is_new = !look.members.iter().any(|member| member.stat.pid == who.0);
            let stat = proc::stat(who.0).filter(|stat| is_new && stat.alive() && identity(stat) == who);
            if let Some(stat) = stat {
                open.push((stat.pid, Some(run), false));
                let member = Member { stat, run: Some(run), ours: false };
                visit(&member);
                look.members.push(member);
            }
        }
    }

    fn claim(&self, stat: &Stat, of_parent: Option<RunId>) -> Option<RunId> {
        let by_session =
            || self.sessions.get(&stat.session).or_else(|| self.sessions.get(&stat.group)).copied();
        let by_memory = || self.seen.get(&identity(stat)).map(|(run, _)| *run);
        by_session().or(of_parent).or_else(by_memory).or_else(|| self.claim_by_environment(stat.pid))
    }

    /// Who has ended has no environment any more.
    fn claim_ended(&self, stat: Stat, of_parent: Option<RunId>) -> Option<(Stat, RunId)> {
        let run = self.sessions.get(&stat.session).copied().or(of_parent)?;
        Some((stat, run))
    }

    fn claim_by_environment(&self, pid: i32) -> Option<RunId> {
        let environment = proc::environment(pid);
        let has = |mark: &Vec<u8>| environment.split(|byte| *byte == 0).any(|entry| entry == mark);
        let mut marked =
            self.roots.iter().filter(|(_, root)| !root.marks.is_empty() && root.marks.iter().all(has));
        marked.next().map(|(run, _)| *run)
    }

    /// Keeps who was seen where, and drops those who are gone of the runs that were looked for.
    fn remember(&mut self, scope: Scope<'_>, members: &[Member]) {
        for member in members {
            if let Some(run) = member.run {
                self.seen.insert(identity(&member.stat), (run, member.stat.session));
            }
        }
        let found: HashSet<_> = members.iter().map(|member| identity(&member.stat)).collect();
        // One look may miss somebody; only who is really gone is forgotten.
        let lives =
            |seen: &Identity| proc::stat(seen.0).is_some_and(|now| identity(&now) == *seen && now.alive());
        let roots = &self.roots;
        let passed_over = |run: &RunId| !scope.has(*run) && roots.get(run).is_some_and(|root| !root.reaped);
        self.seen.retain(|seen, (run, _)| passed_over(run) || found.contains(seen) || lives(seen));
        let lives_on: HashSet<RunId> = self.seen.values().map(|(run, _)| *run).collect();
        self.roots.retain(|run, root| !root.spared || lives_on.contains(run));
        self.sessions.clear();
        // The younger run wins a number that was used twice.
        let mut roots: Vec<_> = self.roots.iter().collect();
        roots.sort_unstable_by_key(|(run, _)| **run);
        self.sessions.extend(roots.into_iter().map(|(run, root)| (root.launcher.0, *run)));
        for (run, session) in self.seen.values() {
            // A command on our own terminal is in our own session, which is no run's.
            if *session != self.session {
                self.sessions.entry(*session).or_insert(*run);
            }
        }
    }
}

/// KILL to a whole group; never to our own.
fn kill_group(group: i32) {
    if group > 1 && group != nix::unistd::getpgrp().as_raw() {
        let _ = signal::to_group(group, libc::SIGKILL);
    }
}

/// Sends through a handle, and only if the number still means the process that was seen.
fn send(seen: &Stat, signal: i32) -> io::Result<Sent> {
    let handle = Handle::open(seen.pid);
    if proc::stat(seen.pid).is_none_or(|now| identity(&now) != identity(seen)) {
        return Ok(Sent::Nobody);
    }
    // Without a descriptor for it, it is meant by the number that was right just now.
    follow(signal, |signal| match &handle {
        Ok(handle) => handle.send(signal),
        Err(_) => to_process(seen.pid, signal),
    })
}

/// Sends a signal and what must follow it.
fn follow(signal: i32, send: impl Fn(i32) -> io::Result<Sent>) -> io::Result<Sent> {
    let sent = send(signal);
    if signal != libc::SIGKILL {
        let _ = send(libc::SIGCONT);
    }
    sent
}

/// Whoever may not be signalled shows in the next survey; another user's process is noted.
fn note_refusal(refused: &mut Vec<(i32, i32)>, who: i32, signal: i32, sent: io::Result<Sent>) {
    if sent.is_err_and(|error| error.raw_os_error() == Some(libc::EPERM)) {
        refused.push((who, signal));
    }
}

fn identity(stat: &Stat) -> Identity {
    (stat.pid, stat.started)
}
