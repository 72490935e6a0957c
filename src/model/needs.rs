//! Who needs whom, job by job, and whether a need is met. Recomputed, never cached. Not: what follows from it (`reconcile`), nor
//! the commands that are asked (`inquiry`).

use std::collections::BTreeMap;
use std::ops::Range;

use crate::config::{self, OnLoss, Until};
use crate::model::instance::Instance;
use crate::model::phase::Phase;

/// The needs between jobs. Its nodes are jobs, since all instances of a job need the same, and who needs one of them needs all.
/// Never changes while a plan is in force and nobody leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    node_of: Vec<usize>,
    order: Vec<usize>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    members: Range<usize>,
    needs: Vec<Need>,
    dependants: Vec<usize>,
}

/// A need on a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Which of the job's needs it is.
    pub(super) entry: usize,
    /// The job that is needed.
    pub(super) on: usize,
    /// What it must have come to.
    pub(super) until: Until,
    /// What follows when it is lost.
    pub(super) on_loss: OnLoss,
}

/// What the instances of a job have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// All of them.
    all: Reached,
    /// All but those that a reload asked for beside them and that have not come to it yet: nobody who is up counted on these.
    known: Reached,
}

/// What can be asked of a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Reached {
    running: bool,
    ready: bool,
    done: bool,
}

impl Graph {
    /// Reads the needs of instances, of which those of one job stand side by side. What does not exist is left out: `config`
    /// refuses it, and of what leaves nothing more is needed.
    pub(super) fn of(instances: &[Instance]) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut node_of = Vec::with_capacity(instances.len());
        let mut index: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (position, instance) in instances.iter().enumerate() {
            let node = *index.entry((&instance.system, &instance.job.name)).or_insert_with(|| {
                nodes.push(Node { members: position..position, needs: Vec::new(), dependants: Vec::new() });
                nodes.len() - 1
            });
            nodes[node].members.end = position + 1;
            node_of.push(node);
        }
        for node in 0..nodes.len() {
            let job = &instances[nodes[node].members.start].job;
            let found = |(entry, need): (usize, &config::Need)| match need {
                config::Need::Job { system, job, until, on_loss } => {
                    let on = *index.get(&(system.as_str(), job.as_str()))?;
                    Some(Need { entry, on, until: *until, on_loss: *on_loss })
                }
                config::Need::Command { .. } => None,
            };
            nodes[node].needs = job.needs.iter().enumerate().filter_map(found).collect();
            for position in 0..nodes[node].needs.len() {
                let on = nodes[node].needs[position].on;
                nodes[on].dependants.push(node);
            }
        }
        let order = needed_first(&nodes);
        Self { nodes, node_of, order }
    }

    /// The job of an instance.
    pub(super) fn node(&self, index: usize) -> usize {
        self.node_of[index]
    }

    /// The instances of a job.
    pub(super) fn members(&self, node: usize) -> Range<usize> {
        self.nodes[node].members.clone()
    }

    /// The needs of a job.
    pub(super) fn needs(&self, node: usize) -> &[Need] {
        &self.nodes[node].needs
    }

    /// The jobs that need a job.
    pub(super) fn dependants(&self, node: usize) -> &[usize] {
        &self.nodes[node].dependants
    }

    /// All jobs, the needed before those that need them.
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The first need of a job that is not met.
    pub(super) fn unmet(&self, node: usize, standings: &[Standing]) -> Option<Need> {
        self.nodes[node].needs.iter().copied().find(|need| !standings[need.on].meets(need.until))
    }

    /// What all jobs have come to.
    pub(super) fn standings(&self, instances: &[Instance]) -> Vec<Standing> {
        (0..self.nodes.len()).map(|node| self.standing(node, instances)).collect()
    }

    /// What a job has come to.
    pub(super) fn standing(&self, node: usize, instances: &[Instance]) -> Standing {
        let staying = || instances[self.members(node)].iter().filter(|one| one.leaving.is_none());
        let all = |until| staying().count() > 0 && staying().all(|one| one.meets(until));
        let known = |until| {
            let mut known = staying().filter(|one| !one.unproven.contains(&until)).peekable();
            known.peek().is_some() && known.all(|one| one.meets(until))
        };
        Standing { all: Reached::of(all), known: Reached::of(known) }
    }
}

impl Standing {
    /// Whether this is enough for who starts.
    pub(super) fn meets(self, until: Until) -> bool {
        self.all.holds(until)
    }

    /// Whether this is enough for who is up: what was met is not lost because there shall be more of it.
    pub(super) fn keeps(self, until: Until) -> bool {
        self.known.holds(until)
    }
}

impl Reached {
    fn of(is_so: impl Fn(Until) -> bool) -> Self {
        Self { running: is_so(Until::Running), ready: is_so(Until::Ready), done: is_so(Until::Done) }
    }

    fn holds(self, until: Until) -> bool {
        match until {
            Until::Running => self.running,
            Until::Ready => self.ready,
            Until::Done => self.done,
        }
    }
}

impl Instance {
    /// Whether it has come to what is asked of it.
    pub(super) fn meets(&self, until: Until) -> bool {
        match until {
            Until::Running => self.counts_as_up(),
            Until::Ready => self.is_ready(),
            Until::Done => self.achieved,
        }
    }

    /// A reload asks for it beside others that are there: who needs them is up without it.
    pub(super) fn joins_others(&mut self) {
        self.unproven = vec![Until::Running, Until::Ready, Until::Done];
    }

    /// What it has come to is counted on from now on.
    pub(super) fn prove(&mut self) {
        let mut unproven = std::mem::take(&mut self.unproven);
        unproven.retain(|until| !self.meets(*until));
        self.unproven = unproven;
    }

    /// Who needs a one-shot job to run is content if it has run: it is meant to end.
    fn counts_as_up(&self) -> bool {
        match self.phase {
            Phase::Running { .. } => true,
            Phase::Done { .. } => self.job.one_shot,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Failed { .. } => false,
        }
    }
}

/// Kahn's order, stable by index. `config` refuses circles; were there one, its members would come last.
fn needed_first(nodes: &[Node]) -> Vec<usize> {
    let mut open: Vec<usize> = nodes.iter().map(|node| node.needs.len()).collect();
    let mut order: Vec<usize> = (0..nodes.len()).filter(|&node| open[node] == 0).collect();
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        for &dependant in &nodes[node].dependants {
            open[dependant] -= 1;
            if open[dependant] == 0 {
                order.push(dependant);
            }
        }
    }
    order.extend((0..nodes.len()).filter(|&node| open[node] > 0));
    order
}
