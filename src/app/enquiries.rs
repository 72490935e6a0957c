//! Those who ask how jobs are. They are answered when it was measured what these use and counted what nobody has seen, which the
//! loop does not wait for. Not: what the answer says (`report`).

use std::collections::HashMap;
use std::time::Duration;

use crate::model::{InstanceId, InstanceView, RunId, RunView, Target, Time, View, Wall};
use crate::wire::{Answer, Caller};

use super::engine::Engine;
use super::eye::Eye;
use super::figures::SECOND_LOOK;
use super::report::{self, Gathered};

/// Whatever is not measured by then is told as not known: a verb has its answer within two seconds.
const PATIENCE: Duration = Duration::from_secs(1);
/// Of a run that is so young no share of a processor need be known.
const YOUNG: Duration = Duration::from_secs(1);

/// All who ask. Also who has hung up is answered: it may still read, and it does not take long.
#[derive(Default)]
pub(super) struct Enquiries(Vec<Enquiry>);

struct Enquiry {
    caller: Caller,
    targets: Vec<Target>,
    asked: Time,
    /// What these use is awaited: what was measured since.
    runs: Vec<RunId>,
    since: Time,
    /// When it is measured a second time.
    again: Option<Time>,
    /// Those whose errors are still to be counted, of a few at a time.
    uncounted: Vec<InstanceId>,
}

impl Enquiries {
    /// One more asks how these are; everybody if nobody is named.
    pub(super) fn add(&mut self, caller: Caller, targets: Vec<Target>, engine: &mut Engine) {
        let now = engine.now().mono;
        let runs = runs(&targets, engine);
        engine.measure(&runs);
        let uncounted = of(&targets, engine.view()).map(|job| job.id).collect();
        self.0.push(Enquiry { caller, targets, asked: now, runs, since: now, again: None, uncounted });
    }

    /// When somebody is to be answered, or it is to be measured a second time.
    pub(super) fn deadline(&self) -> Option<Time> {
        let deadline = |one: &Enquiry| match one.again {
            _ if !one.uncounted.is_empty() => Time::default(),
            again => again.unwrap_or(one.asked + PATIENCE),
        };
        self.0.iter().map(deadline).min()
    }

    /// Answers those for whom all is known. `begun` is when zap was started; `over`: nothing more will be known.
    pub(super) fn attend(&mut self, engine: &mut Engine, eye: &mut Eye, begun: Wall, over: bool) {
        let now = engine.now().mono;
        // One turn for all of them: a key waits no longer because many ask.
        if let Some(one) = self.0.iter_mut().find(|one| !over && !one.uncounted.is_empty()) {
            eye.recount_these(&mut one.uncounted, engine);
        }
        self.0.retain_mut(|one| {
            let waits = !over && now < one.asked + PATIENCE && one.waits(now, engine);
            if !waits {
                one.answer(engine, eye, begun);
            }
            waits
        });
    }
}

impl Enquiry {
    /// Whether something is still to be measured.
    fn waits(&mut self, now: Time, engine: &mut Engine) -> bool {
        if let Some(at) = self.again {
            if at <= now {
                (self.again, self.since) = (None, now);
                // What is closed meanwhile is measured by nobody.
                self.runs.retain(|run| engine.is_open(*run));
                engine.measure(&self.runs);
            }
            return true;
        }
        if !self.runs.iter().all(|run| engine.figures.is_told_since(*run, self.since)) {
            return true;
        }
        if self.wants_second_look(now, engine) {
            self.again = Some(now + SECOND_LOOK);
        }
        self.again.is_some() || !self.uncounted.is_empty()
    }

    /// Whether the share of a processor is not known of a run that nobody has measured for long.
    fn wants_second_look(&self, now: Time, engine: &mut Engine) -> bool {
        let of_old = |run: RunView| now.since(run.started.mono) >= YOUNG;
        let old: Vec<RunId> = engine
            .view()
            .instances()
            .filter_map(|job| job.run.filter(|run| of_old(*run)))
            .map(|run| run.id)
            .collect();
        let lacks = |run: &RunId| engine.figures.of(*run).is_some_and(|usage| usage.cpu.is_none());
        self.runs.iter().any(|run| old.contains(run) && lacks(run))
    }

    fn answer(&self, engine: &mut Engine, eye: &Eye, begun: Wall) {
        let file = engine.supervisor.plan().file.display().to_string();
        let now = engine.now();
        let gathered = self.gathered(engine, eye);
        let status = report::status(engine.view(), &self.targets, &gathered, file, begun, now);
        self.caller.answer(Answer::Status(Box::new(status)));
        self.caller.answer(Answer::End { code: 0, text: None });
    }

    /// What is known beside the picture of these. What was to be counted and was not is not known.
    fn gathered(&self, engine: &mut Engine, eye: &Eye) -> HashMap<InstanceId, Gathered> {
        let jobs: Vec<_> = of(&self.targets, engine.view()).map(|job| (job.id, job.run)).collect();
        let gathered = |(id, run): (InstanceId, Option<RunView>)| {
            let usage = run.and_then(|run| engine.figures.of(run.id));
            let mut unseen = eye.unseen(id, &engine.outputs.terminals);
            if unseen.output == Some(true) && self.uncounted.contains(&id) {
                unseen.errors = None;
            }
            (id, Gathered { usage, unseen })
        };
        jobs.into_iter().map(gathered).collect()
    }
}

/// The runs of these that are not over.
fn runs(targets: &[Target], engine: &mut Engine) -> Vec<RunId> {
    let runs: Vec<RunId> = of(targets, engine.view()).filter_map(|job| Some(job.run?.id)).collect();
    runs.into_iter().filter(|run| engine.is_open(*run)).collect()
}

fn of<'a>(targets: &'a [Target], view: &'a View) -> Box<dyn Iterator<Item = &'a InstanceView> + 'a> {
    if targets.is_empty() { Box::new(view.instances()) } else { Box::new(view.meant(targets)) }
}
