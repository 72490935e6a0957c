//! Deeds that are asked for from outside: carried out, told, and waited for. Not: what becomes of jobs (`model`).

use std::time::Duration;

use crate::app::engine::Engine;
use crate::app::waits::{Farewell, Wait, awaited, outlook};
use crate::config::signal;
use crate::model::{Command, Goal, InstanceId, InstanceView, State, Target, View};
use crate::wire::{Answer, Caller, Deed, Did};

use super::{Desk, No, Said};

/// How long somebody waits for a deed to come about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// Not at all.
    None,
    /// So long.
    For(Duration),
    /// Until it has, or can no longer.
    Endless,
}

impl Patience {
    pub(super) fn of(wait: bool, timeout_ms: Option<u64>) -> Self {
        match (wait, timeout_ms) {
            (false, _) => Self::None,
            (true, Some(ms)) => Self::For(Duration::from_millis(ms)),
            (true, None) => Self::Endless,
        }
    }
}

impl Desk {
    pub(super) fn restart_failed(
        &mut self,
        patience: Patience,
        caller: &Caller,
        engine: &mut Engine,
    ) -> Result<Said, No> {
        let failed = engine.view().instances().filter(|job| is_failed(job));
        let targets: Vec<Target> = failed.map(|job| Target::Instance(job.id)).collect();
        if targets.is_empty() {
            caller.answer(Answer::Note { text: "nothing has failed".to_owned() });
            return Ok(Said::All);
        }
        self.carry_out(Command::RestartFailed, Deed::Restart, &targets, patience, caller, engine)
    }

    /// Carries out a command and tells what came of it at once.
    pub(super) fn carry_out(
        &mut self,
        command: Command,
        deed: Deed,
        targets: &[Target],
        patience: Patience,
        caller: &Caller,
        engine: &mut Engine,
    ) -> Result<Said, No> {
        let (verb, until) = match deed {
            Deed::Start => ("start", Goal::Started),
            Deed::Restart => ("restart", Goal::Started),
            Deed::Stop => ("stop", Goal::Stopped),
            Deed::Kill => ("kill", Goal::Stopped),
        };
        if until == Goal::Started && engine.view().quitting.is_some() {
            return Err(No::Refused(1, "zap is about to end: nothing is started any more".to_owned()));
        }
        let before = engine.view().clone();
        engine.command(command);
        let concerned = tell_outcome(verb, until, targets, &before, engine.view(), caller);
        let limit = match patience {
            Patience::None => return Ok(Said::All),
            Patience::For(limit) => Some(limit),
            Patience::Endless => None,
        };
        if let Some(text) = outlook(&concerned, until, engine.view()) {
            caller.answer(Answer::Note { text });
        }
        self.wait(concerned, until, limit, caller, engine);
        Ok(Said::Later)
    }

    pub(super) fn wait_for(
        &mut self,
        targets: &[Target],
        until: Goal,
        patience: Option<Duration>,
        caller: &Caller,
        engine: &mut Engine,
    ) -> Result<Said, No> {
        let instances = awaited(targets, until, engine.view());
        if instances.is_empty() && until != Goal::Stopped {
            return Err(No::Refused(1, "nothing of it is wanted: start it first".to_owned()));
        }
        self.wait(instances, until, patience, caller, engine);
        Ok(Said::Later)
    }

    pub(super) fn wait(
        &mut self,
        instances: Vec<(InstanceId, String)>,
        until: Goal,
        patience: Option<Duration>,
        caller: &Caller,
        engine: &mut Engine,
    ) {
        let now = engine.now().mono;
        let deadline = patience.map(|patience| (now + patience, patience));
        let wait = Wait { caller: caller.clone(), instances, until, deadline };
        if let Some(last) = wait.verdict(engine.view(), now, false) {
            caller.answer(last);
        } else {
            caller.answer(Answer::Heard {});
            self.waits.push(wait);
        }
    }

    pub(super) fn shut_down(&mut self, caller: &Caller, engine: &mut Engine) -> Said {
        caller.answer(Answer::Heard {});
        // Who asks a second time waits with the first: he may not know of him, and nobody is killed by mistake.
        if engine.view().quitting.is_none() {
            engine.command(Command::Quit);
        }
        self.farewells.push(Farewell::new(caller.clone()));
        Said::Later
    }
}

pub(super) fn command(deed: Deed, targets: &[Target]) -> Command {
    let targets = targets.to_vec();
    match deed {
        Deed::Start => Command::Start(targets),
        Deed::Stop => Command::Stop(targets),
        Deed::Restart => Command::Restart(targets),
        Deed::Kill => Command::Kill(targets),
    }
}

pub(super) fn send(
    number: i32,
    targets: Vec<Target>,
    caller: &Caller,
    engine: &mut Engine,
) -> Result<Said, No> {
    if !signal::is_number(&number) {
        return Err(No::Refused(2, format!("there is no signal {number}")));
    }
    let has_process =
        |job: &&InstanceView| job.run.is_some_and(|run| run.ended.is_none() && run.pid.is_some());
    let mut reached = false;
    for job in engine.view().meant(&targets) {
        let changed = has_process(&job);
        reached |= changed;
        caller.answer(Answer::Did(did("signal", job, changed)));
    }
    if !reached {
        return Err(No::Refused(1, "nothing of it runs that could get a signal".to_owned()));
    }
    engine.command(Command::Signal { targets, signal: number });
    Ok(Said::All)
}

/// Tells of each of them what came of a command at once; who is concerned, each with its address.
fn tell_outcome(
    verb: &str,
    until: Goal,
    targets: &[Target],
    before: &View,
    after: &View,
    caller: &Caller,
) -> Vec<(InstanceId, String)> {
    let is_new = |job: &InstanceView| before.instance(job.id).is_none_or(|old| differ(old, job));
    let mut concerned = Vec::new();
    for job in after.meant(targets) {
        let changed = is_new(job);
        // Of a system only those that start with it.
        if until == Goal::Started && !changed && !job.wanted {
            continue;
        }
        concerned.push((job.id, job.address.clone()));
        let may_wait = until == Goal::Started && !changed;
        let brought = after.reasons(job).skip(1).find(|link| is_new(link)).filter(|_| may_wait);
        let mut did = did(verb, job, changed || brought.is_some());
        if let Some(brought) = brought {
            did.why = format!("waiting for {}, which was started", brought.address);
        }
        caller.answer(Answer::Did(did));
    }
    concerned
}

fn did(verb: &str, job: &InstanceView, changed: bool) -> Did {
    let (verb, address, why) = (verb.to_owned(), job.address.clone(), job.why.clone());
    Did { verb, address, state: job.state, changed, why }
}

/// Whether something has come of a command.
fn differ(old: &InstanceView, new: &InstanceView) -> bool {
    let facts =
        |job: &InstanceView| (job.state, job.since, job.wanted, job.run.map(|run| run.id), job.lingering);
    facts(old) != facts(new) || (old.why != new.why && old.next != new.next)
}

fn is_failed(job: &InstanceView) -> bool {
    job.state == State::Failed
}
