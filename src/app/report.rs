//! The picture of everything as the socket tells it. Not: what is in the picture (`model`), nor how it is printed (`cli`).

use std::collections::HashMap;

use crate::model::{
    InstanceId, InstanceView, Next, NextKind, Now, State, StepState, StepView, Target, Time, Usage, View,
    Wall, signal_name,
};
use crate::wire::{Ended, JobStatus, Link, Status, StepStatus, SystemStatus, Unseen, ZapStatus};

use super::stamp;

/// What is known of an instance beside the picture.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gathered {
    /// What its run uses.
    pub(super) usage: Option<Usage>,
    /// What nobody has seen of its output.
    pub(super) unseen: Unseen,
}

/// How these are; everybody if nobody is named. `since` is when zap was started.
pub(super) fn status(
    view: &View,
    targets: &[Target],
    gathered: &HashMap<InstanceId, Gathered>,
    file: String,
    since: Wall,
    now: Now,
) -> Status {
    let zap = ZapStatus {
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        file,
        started: stamp::utc(since),
        quitting: view.quitting.is_some(),
        problem: view.problem.clone(),
    };
    let meant: Vec<_> = view.meant(targets).map(|job| job.id).collect();
    let is_meant = |job: &&InstanceView| targets.is_empty() || meant.contains(&job.id);
    let told = |job: &InstanceView| job_status(job, gathered.get(&job.id).copied().unwrap_or_default(), now);
    let systems = view.systems.iter().map(|system| SystemStatus {
        name: system.name.clone(),
        jobs: system.jobs.iter().filter(is_meant).map(told).collect(),
    });
    let systems = systems.filter(|system| targets.is_empty() || !system.jobs.is_empty());
    Status { zap, systems: systems.collect() }
}

fn job_status(job: &InstanceView, gathered: Gathered, now: Now) -> JobStatus {
    JobStatus {
        address: job.address.clone(),
        name: job.name.clone(),
        instance: job.number,
        title: job.title.clone(),
        state: job.state,
        ready: job.ready,
        wanted: job.wanted,
        pid: job.run.and_then(|run| run.pid.filter(|_| run.ended.is_none())),
        run: job.run.map(|run| run.number),
        since: stamp::utc(job.since.wall),
        exit: job.exit.map(|exit| Ended::of(exit, signal_name)),
        restarts: job.restarts,
        next: job.next.map(|next| stamp::utc(moment(next, now))),
        why: job.why.clone(),
        pending_change: job.pending_change,
        unwell: job.unwell,
        unseen: gathered.unseen,
        lingering: job.lingering,
        cpu_percent: gathered.usage.and_then(|usage| usage.cpu).map(|cpu| cpu as f32 / 10.0),
        memory_bytes: gathered.usage.map(|usage| usage.memory),
        steps: job.steps.iter().map(|step| step_status(step, now)).collect(),
        note: job.note.clone(),
    }
}

fn step_status(step: &StepView, now: Now) -> StepStatus {
    let (state, exit) = match step.state {
        StepState::Pending => ("pending", None),
        StepState::Running => ("running", None),
        StepState::Done(code) => ("done", Some(code)),
        StepState::Failed(code) => ("failed", Some(code)),
        StepState::Cut => ("cut", None),
    };
    let took = step.began.map(|began| step.ended.unwrap_or(now.mono).since(began));
    // Milliseconds say enough.
    let seconds = took.map(|took| took.as_millis() as f64 / 1000.0);
    StepStatus { name: step.name.clone(), state: state.to_owned(), exit, seconds }
}

/// The chain of reasons of an instance: itself first, then whom it waits for, and so on.
/// Each tells its own: the next link tells what comes behind it.
pub(super) fn chain<'a>(job: &'a InstanceView, view: &'a View, now: Now) -> impl Iterator<Item = Link> + 'a {
    view.reasons(job).zip(0..).map(move |(job, depth)| Link {
        address: job.address.clone(),
        state: job.state,
        why: job.blocked_by.and_then(|id| view.instance(id)).map_or_else(|| job.why.clone(), waiting_for),
        depth,
        next: job.next.map(|next| stamp::utc(moment(next, now))),
        restarts: job.restarts,
        pending_change: job.pending_change,
    })
}

/// What somebody waits for who waits for this one.
fn waiting_for(other: &InstanceView) -> String {
    let address = &other.address;
    match other.state {
        State::Stopping => format!("waiting for {address} to end"),
        // Who is ready and not enough is to be done.
        State::Running if other.ready => format!("waiting for {address} to be done"),
        State::Running => format!("waiting for {address} to be ready"),
        State::Stopped
        | State::Scheduled
        | State::Waiting
        | State::Starting
        | State::Backoff
        | State::Held
        | State::Done
        | State::Failed => format!("waiting for {address}"),
    }
}

/// When something will happen. The two clocks drift a little apart, and what is planned is planned for whole seconds.
fn moment(next: Next, now: Now) -> Wall {
    let Wall(at) = wall_of(next.at, now);
    match next.kind {
        NextKind::Open | NextKind::Close | NextKind::Version | NextKind::Restart => {
            Wall(at.saturating_add(500).div_euclid(1000) * 1000)
        }
        NextKind::Up | NextKind::Retry | NextKind::Kill | NextKind::Release => Wall(at),
    }
}

/// A moment ahead, by the wall clock as it stands.
fn wall_of(at: Time, now: Now) -> Wall {
    let ahead = at.since(now.mono).as_millis() as i64 - now.mono.since(at).as_millis() as i64;
    Wall(now.wall.0.saturating_add(ahead))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_planned_is_told_to_the_second_whatever_the_clocks_make_of_it() {
        let now = Now { mono: Time(Duration::from_millis(500)), wall: Wall(1_700_000_000_120) };
        let told = |ms, kind| moment(Next { at: Time(Duration::from_millis(ms)), kind }, now).0;
        for ms in [3_378, 3_380, 3_383] {
            assert_eq!(told(ms, NextKind::Open), 1_700_000_003_000);
        }
        assert_eq!(told(3_378, NextKind::Retry), 1_700_000_002_998);
    }
}
