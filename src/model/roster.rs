//! Who is there: ids that are never reused, and where an instance stands. Not: who comes and goes when the file is read anew
//! (`reload`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Plan, System};
use crate::model::instance::Instance;
use crate::model::{InstanceId, Supervisor};

/// The names of instances, and where each stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Roster {
    next: u32,
    positions: BTreeMap<InstanceId, usize>,
}

/// What is shown of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hall {
    /// Its name.
    pub(super) name: String,
    /// Its title.
    pub(super) title: String,
    /// What it is for.
    pub(super) description: Option<String>,
}

impl Roster {
    /// A fresh name.
    pub(super) fn fresh(&mut self) -> InstanceId {
        let id = InstanceId(self.next);
        self.next += 1;
        id
    }

    /// The instances of a plan, all of them new.
    pub(super) fn enlist(&mut self, plan: &Plan) -> Vec<Instance> {
        let of = |system: &System| system.jobs.iter().map(|job| job.numprocs as usize).sum::<usize>();
        let mut instances = Vec::with_capacity(plan.systems.iter().map(of).sum());
        for system in &plan.systems {
            let name: Arc<str> = Arc::from(system.name.as_str());
            for job in &system.jobs {
                let new = |ordinal| Instance::new(self.fresh(), Arc::clone(&name), Arc::clone(job), ordinal);
                instances.extend((1..=job.numprocs).map(new));
            }
        }
        self.order(&instances);
        instances
    }

    /// From now on the instances stand in this order.
    pub(super) fn order(&mut self, instances: &[Instance]) {
        self.positions =
            instances.iter().enumerate().map(|(position, instance)| (instance.id, position)).collect();
    }
}

impl Hall {
    /// What is shown of this system.
    pub(super) fn of(system: &System) -> Self {
        let (name, title) = (system.name.clone(), system.title.clone());
        Self { name, title, description: system.description.clone() }
    }
}

impl Instance {
    /// Whether it is one of this job.
    pub(super) fn is_of(&self, system: &str, job: &str) -> bool {
        *self.system == *system && self.job.name == job
    }
}

impl Supervisor {
    /// Where an instance stands, if there is such a one.
    pub(super) fn index_of(&self, id: InstanceId) -> Option<usize> {
        self.roster.positions.get(&id).copied()
    }
}
