//! The words for why an instance waits, and for whom.

use crate::model::instance::Instance;
use crate::model::queue::Queued;
use crate::model::sight::Sight;
use crate::model::{Supervisor, span};

use super::rests::{obstacles, rests};

impl Supervisor {
    pub(super) fn why_waiting(&self, index: usize, sight: &Sight) -> String {
        let Some(block) = sight.block(index) else {
            return format!("waiting {}", self.obstacle(&self.instances[index]));
        };
        let need = &self.instances[block.on];
        let root = sight.root(index);
        if root == block.on {
            format!("waiting for {}", self.trouble(need, block.until))
        } else {
            let until = sight.root_until(index).unwrap_or(block.until);
            format!(
                "waiting for {}, which waits for {}",
                need.address,
                self.trouble(&self.instances[root], until)
            )
        }
    }

    pub(super) fn note_waiting(&self, index: usize, sight: &Sight) -> String {
        let instance = &self.instances[index];
        let Some(block) = sight.block(index) else {
            let leaver = self.leaver(instance).map(|leaver| format!("for {}", leaver.address));
            return leaver.unwrap_or_else(|| obstacle_note(instance));
        };
        let need = &self.instances[block.on];
        if need.system == instance.system {
            format!("for {}", need.label)
        } else {
            format!("for {}", need.address)
        }
    }

    /// What else than a job is in the way of one that waits.
    pub(super) fn obstacle(&self, instance: &Instance) -> String {
        if obstacles(instance).next().is_some() {
            return format!("for {} to end", rests(instance));
        }
        if let Some(leaver) = self.leaver(instance) {
            let address = &leaver.address;
            return format!("for {address} to end, which the file no longer has");
        }
        if let Some((_, line)) = instance.command_asked() {
            let refusal = instance.inquiry.refusal().map_or_else(String::new, |no| match no.times {
                1 => format!(": {}", no.why),
                times => {
                    format!(": {}, {times} times in {}", no.why, span::in_words(no.last.since(no.since)))
                }
            });
            return format!("for `{line}` to succeed{refusal}");
        }
        let settings = &self.plan.settings;
        match instance.queued {
            Some(Queued::Places) => {
                let max = settings.max_starting;
                format!("for others to be up: {max} may be starting at a time (max-starting)")
            }
            Some(Queued::Stagger) => {
                let stagger = span::in_words(settings.start_stagger);
                format!("for its turn: {stagger} between two starts (start-stagger)")
            }
            Some(Queued::Leaver(_)) | None => format!("for {} to end", rests(instance)),
        }
    }

    /// Who has to end before this one may start.
    pub(in crate::model) fn leaver(&self, instance: &Instance) -> Option<&Instance> {
        match instance.queued {
            Some(Queued::Leaver(id)) => self.index_of(id).map(|index| &self.instances[index]),
            Some(Queued::Places | Queued::Stagger) | None => None,
        }
    }

    pub(super) fn held_by(&self, index: usize) -> String {
        let dependants = self.graph.dependants(self.graph.node(index)).iter();
        let holding: Vec<&str> = dependants
            .flat_map(|&dependant| self.graph.members(dependant))
            .filter(|&dependant| self.holds(dependant))
            .map(|dependant| self.instances[dependant].address.as_str())
            .collect();
        match holding.as_slice() {
            [] => "is about to be told".to_owned(),
            [one] => format!("waits for {one} to end"),
            [one, others @ ..] => format!("waits for {one} and {} more to end", others.len()),
        }
    }
}

fn obstacle_note(instance: &Instance) -> String {
    if obstacles(instance).next().is_some() {
        return format!("for {}", rests(instance));
    }
    if let Some((_, line)) = instance.command_asked() {
        return format!("for {line}");
    }
    match instance.queued {
        Some(Queued::Places) => "for others to be up".to_owned(),
        Some(Queued::Stagger) => "for its turn".to_owned(),
        Some(Queued::Leaver(_)) | None => format!("for {}", rests(instance)),
    }
}
