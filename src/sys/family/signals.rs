//! Signals for the processes of a run: each by itself, however fast they fork, or their group. Not: which signal, and when.

use std::collections::HashSet;
use std::io;

use crate::model::RunId;
use crate::sys::proc::{self, Stat};
use crate::sys::signal;
use crate::sys::signal::{Handle, Sent, to_process};

use super::Families;
use super::look::{Member, QUIET_ROUNDS, Scope, identity};

/// A family that forks faster than it can be looked at for so many rounds is left to the next look.
const ROUNDS: usize = 100;
/// Who was killed needs a moment to die; in milliseconds.
const PAUSE: u16 = 1;

impl Families {
    /// Sends a signal to the leader alone, and CONT after it.
    pub(in crate::sys) fn signal_leader(&mut self, run: RunId, signal: i32) {
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

    /// Sends each run's signal to all its processes, CONT after it, and KILL until no new one appears.
    pub(in crate::sys) fn signal(&mut self, wishes: &[(RunId, i32)]) {
        let wish =
            |run: Option<RunId>| wishes.iter().find(|(of, _)| Some(*of) == run).map(|(_, signal)| *signal);
        let runs: Vec<RunId> = wishes.iter().map(|(run, _)| *run).collect();
        self.signal_where(Scope::Of(&runs), |member| wish(member.run));
    }

    /// Sends a signal to the group of a leader, and CONT after it. Where the number of the group may no longer mean it, because
    /// its leader was reaped or never was ours, each of the run's processes in it is meant by itself.
    pub(in crate::sys) fn signal_group(&mut self, run: RunId, signal: i32) {
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
    pub(in crate::sys) fn signal_unclaimed(&mut self, signal: i32) {
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
}

/// KILL to a whole group; never to our own.
fn kill_group(group: i32) {
    if group > 1 && group != nix::unistd::getpgrp().as_raw() {
        let _ = signal::to_group(group, libc::SIGKILL);
    }
}

/// Sends through a handle, and only if the number still means the process that was seen.
pub(super) fn send(seen: &Stat, signal: i32) -> io::Result<Sent> {
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
