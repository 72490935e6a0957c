//! A look at the processes below zap: to which run each belongs. Not: what is done about them (`signals`).

use std::collections::{HashMap, HashSet};

use crate::model::RunId;
use crate::sys::proc::{self, Stat};
use crate::sys::reap;

use super::{Families, Family, Identity, Kin, Survey};

/// After so many rounds in which nobody new was found, nobody will be.
pub(super) const QUIET_ROUNDS: u32 = 5;

/// A process that was found.
pub(super) struct Member {
    pub(super) stat: Stat,
    pub(super) run: Option<RunId>,
    /// A descendant of zap. Others are there because they were adopted.
    pub(super) ours: bool,
}

/// Whose processes are looked for. What a living leader has started belongs to its run or to nobody's: it is passed over where
/// another run is meant, since with a thousand jobs each end would else cost a look at all of them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
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
pub(super) struct Look {
    pub(super) members: Vec<Member>,
    pub(super) gone: HashSet<i32>,
}

impl Look {
    fn identities(&self) -> HashSet<Identity> {
        self.members.iter().map(|member| identity(&member.stat)).collect()
    }
}

impl Families {
    /// Looks once for all runs that are asked for.
    pub(in crate::sys) fn survey(&mut self, runs: &[RunId]) -> Survey {
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

    pub(super) fn look(&mut self, scope: Scope<'_>, mut visit: impl FnMut(&Member)) -> Look {
        let mut look = Look::default();
        if self.anybody() {
            self.walk(scope, &mut look, &mut visit);
        }
        self.remember(scope, &look.members);
        look
    }

    /// Whether there is anybody to look at.
    pub(super) fn anybody(&self) -> bool {
        reap::any_child() || self.adopted().next().is_some()
    }

    /// The leaders that may be nobody's whom a look at our children finds.
    pub(super) fn adopted(&self) -> impl Iterator<Item = (RunId, Identity)> {
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
            let Some(stat) = proc::stat(pid).filter(Stat::alive) else {
                look.gone.insert(pid);
                continue;
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

pub(super) fn identity(stat: &Stat) -> Identity {
    (stat.pid, stat.started)
}
