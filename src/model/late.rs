//! In which order what happened is told: the marks of steps come with the output, behind the news that the run has ended, and are
//! told before that. Not: what is told, and not when anything is decided.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::instance::Instance;
use crate::model::leftover::Terminal;
use crate::model::turn::Turn;
use crate::model::{Effect, InstanceId, Record, RecordKind, Supervisor, Time};

/// So long the end of a run is not told, while its last marks may be on their way. What it left behind may print for ever.
const PATIENCE: Duration = Duration::from_millis(500);

/// The ends of runs with steps that are not told yet, each with what followed from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Late(BTreeMap<InstanceId, Vec<Record>>);

impl Late {
    /// When something is told at the latest.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.0.values().filter_map(|held| until(held)).min()
    }
}

impl Supervisor {
    /// Puts the steps of runs before their ends.
    pub(super) fn put_in_order(&mut self, turn: &mut Turn) {
        let mut late = std::mem::take(&mut self.late);
        for effect in std::mem::take(&mut turn.effects) {
            match effect {
                Effect::Record(record) => turn.effects.extend(self.told_now(record, &mut late)),
                other => turn.effects.push(other),
            }
        }
        late.0.retain(|id, held| {
            let is_due = until(held).is_none_or(|until| turn.is_due(until));
            let waits = !is_due && self.index_of(*id).is_some_and(|at| awaits_marks(&self.instances[at]));
            if !waits {
                turn.effects.extend(held.drain(..).map(Effect::Record));
            }
            waits
        });
        self.late = late;
    }

    /// What may be told at once; the rest is kept.
    fn told_now(&self, mut record: Record, late: &mut Late) -> Option<Effect> {
        let Some(id) = record.instance else { return Some(Effect::Record(record)) };
        let held = late.0.get_mut(&id);
        match (&record.kind, held) {
            (RecordKind::Step { .. }, held) => {
                // It was so before the run ended, though it is known only now.
                if let Some(end) = held.and_then(|held| held.iter().find(|one| one.run == record.run)) {
                    record.at = end.at;
                }
            }
            (_, Some(held)) => {
                held.push(record);
                return None;
            }
            (RecordKind::Exited { .. }, None) if self.has_steps(&record) => {
                late.0.insert(id, vec![record]);
                return None;
            }
            (_, None) => {}
        }
        Some(Effect::Record(record))
    }

    fn has_steps(&self, record: &Record) -> bool {
        let index = record.instance.and_then(|id| self.index_of(id));
        let last = index.and_then(|index| self.instances[index].last.as_ref());
        last.is_some_and(|last| Some(last.id) == record.run && !last.steps.is_empty())
    }
}

fn until(held: &[Record]) -> Option<Time> {
    held.first().map(|end| end.at.mono + PATIENCE)
}

/// Whether more marks of its last run may come.
fn awaits_marks(one: &Instance) -> bool {
    let run = one.last.as_ref().map(|last| last.id);
    one.leftovers.iter().any(|left| Some(left.run) == run && left.terminal == Terminal::Open)
}
