//! Under which name the output of an instance is kept, and what is remembered of its runs in earlier lives of zap. Not: where that
//! is kept, nor what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::Plan;
use crate::model::{InstanceId, Supervisor};

/// An instance by names that are the same in every life of zap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Station {
    /// The name of its system.
    pub system: String,
    /// The name of its job.
    pub job: String,
    /// Its number among the instances of its job, from 1.
    pub number: u32,
}

/// How many runs of instances there were before, by their stations: in earlier lives of zap, or before the file lost and found them.
pub(super) type Recalled = BTreeMap<Station, u32>;

impl Station {
    /// The stations of a plan, and how many bytes of output are kept of each.
    pub fn all(plan: &Plan) -> impl Iterator<Item = (Self, u64)> + use<'_> {
        plan.systems.iter().flat_map(move |system| {
            system.jobs.iter().flat_map(move |job| {
                let of = |number| Self { system: system.name.clone(), job: job.name.clone(), number };
                let bytes = job.history.unwrap_or(plan.settings.history);
                (1..=job.numprocs).map(move |number| (of(number), bytes))
            })
        })
    }
}

impl Supervisor {
    /// The station of every instance, and how many bytes of its output are kept.
    pub fn stations(&self) -> impl Iterator<Item = (InstanceId, Station, u64)> + use<'_> {
        self.instances.iter().map(|one| (one.id, one.station(), self.history_of(one.job.history)))
    }

    /// The station of this instance, and how many bytes of its output are kept.
    pub fn station(&self, id: InstanceId) -> Option<(Station, u64)> {
        let one = &self.instances[self.index_of(id)?];
        Some((one.station(), self.history_of(one.job.history)))
    }

    fn history_of(&self, own: Option<u64>) -> u64 {
        own.unwrap_or(self.plan.settings.history)
    }

    /// So many runs of these are remembered: the next one has the number that follows.
    pub(super) fn recall(&mut self, recalled: Vec<(Station, u32)>) {
        self.recalled.extend(recalled);
        for one in &mut self.instances {
            if let Some(runs) = self.recalled.get(&one.station()) {
                one.number = one.number.max(*runs);
            }
        }
    }
}
