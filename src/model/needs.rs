//! Who needs whom, and whether a need is met. Recomputed, never cached. Not: what follows from it (`reconcile`).

use std::collections::BTreeMap;

use crate::config::Plan;
use crate::model::instance::Instance;
use crate::model::phase::Phase;

/// The needs between instances, by their indices. Never changes while a plan is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Graph {
    needs: Vec<Vec<Need>>,
    dependants: Vec<Vec<usize>>,
    order: Vec<usize>,
}

/// A need of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Which of the job's needs it is.
    pub(super) entry: usize,
    /// Who is needed.
    pub(super) on: usize,
}

impl Graph {
    /// Reads the needs of a plan, whose jobs have the indices of its order. What does not exist is left out: `config` refuses it.
    pub(super) fn of(plan: &Plan) -> Self {
        let jobs = || plan.systems.iter().flat_map(|system| system.jobs.iter().map(move |job| (system, job)));
        let index: BTreeMap<(&str, &str), usize> = jobs()
            .enumerate()
            .map(|(index, (system, job))| ((system.name.as_str(), job.name.as_str()), index))
            .collect();
        let needs_of = |(_, job): (_, &crate::config::Job)| {
            let found = |(entry, need): (usize, &crate::config::Need)| {
                let crate::config::Need::Job { system, job, .. } = need else { return None };
                let on = *index.get(&(system.as_str(), job.as_str()))?;
                Some(Need { entry, on })
            };
            job.needs.iter().enumerate().filter_map(found).collect::<Vec<_>>()
        };
        let needs: Vec<Vec<Need>> = jobs().map(needs_of).collect();
        let dependants = turned(&needs);
        let order = needed_first(&needs, &dependants);
        Self { needs, dependants, order }
    }

    /// The needs of an instance.
    pub(super) fn needs(&self, index: usize) -> &[Need] {
        &self.needs[index]
    }

    /// Who needs an instance.
    pub(super) fn dependants(&self, index: usize) -> &[usize] {
        &self.dependants[index]
    }

    /// All instances, the needed before those that need them.
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The first need that is not met.
    pub(super) fn unmet(&self, index: usize, instances: &[Instance]) -> Option<Need> {
        self.needs[index].iter().copied().find(|need| !is_met_by(&instances[need.on]))
    }
}

/// behaviour.md, Needs: a need on a one-shot job means `done`, and once met stays met; else it means up.
pub(super) fn is_met_by(need: &Instance) -> bool {
    if need.job.one_shot { need.achieved } else { is_up(&need.phase) }
}

fn is_up(phase: &Phase) -> bool {
    match phase {
        Phase::Running { .. } => true,
        Phase::Stopped(_)
        | Phase::Waiting
        | Phase::Scheduled
        | Phase::Preparing { .. }
        | Phase::Held { .. }
        | Phase::Starting { .. }
        | Phase::Stopping { .. }
        | Phase::Backoff { .. }
        | Phase::Done { .. }
        | Phase::Failed { .. } => false,
    }
}

fn turned(needs: &[Vec<Need>]) -> Vec<Vec<usize>> {
    let mut dependants = vec![Vec::new(); needs.len()];
    for (index, needs) in needs.iter().enumerate() {
        for need in needs {
            dependants[need.on].push(index);
        }
    }
    dependants
}

/// Kahn's order, stable by index. `config` refuses circles; were there one, its members would come last.
fn needed_first(needs: &[Vec<Need>], dependants: &[Vec<usize>]) -> Vec<usize> {
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..needs.len()).filter(|&index| open[index] == 0).collect();
    let mut next = 0;
    while let Some(&index) = order.get(next) {
        next += 1;
        for &dependant in &dependants[index] {
            open[dependant] -= 1;
            if open[dependant] == 0 {
                order.push(dependant);
            }
        }
    }
    order.extend((0..needs.len()).filter(|&index| open[index] > 0));
    order
}
