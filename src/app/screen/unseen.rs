//! What this eye has not seen, for those who ask, and when the errors in it are counted: soon after jobs have printed, but for those
//! that flood. Not: counting them (`ui`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::app::engine::Engine;
use crate::model::{InstanceId, Time};
use crate::ui::Terminals;
use crate::wire::Unseen;

use super::Screen;
use super::frames::Due;
use super::lend::Holder;

/// So long after the first output it is counted, and then as often at most.
const PATIENCE: Duration = Duration::from_millis(500);
/// More output of one job in that time is a flood.
const FLOOD: usize = 512 * 1024;

/// What has come since it was counted last.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// Of whom, and how much.
    bytes: BTreeMap<InstanceId, usize>,
    /// Those that flooded then. They are not counted before they have abated.
    floods: BTreeSet<InstanceId>,
    due: Option<Time>,
    /// Not all was counted.
    rest: bool,
}

impl Aside {
    /// Somebody has printed this at whom nobody looks.
    pub(super) fn printed(&mut self, instance: InstanceId, bytes: usize, now: Time) {
        *self.bytes.entry(instance).or_default() += bytes;
        self.due.get_or_insert(now + PATIENCE);
    }

    /// Not all was counted: the rest is, as soon as nothing else is to be done.
    pub(super) fn go_on(&mut self) {
        self.rest = true;
        self.due = Some(Time::default());
    }

    /// When [`Self::take`] is to be asked.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.due
    }

    /// Whether it is to be counted now, but for those that flood.
    pub(super) fn take(&mut self, now: Time) -> bool {
        if self.due.is_none_or(|due| now < due) {
            return false;
        }
        if !std::mem::take(&mut self.rest) {
            let bytes = std::mem::take(&mut self.bytes);
            self.floods = bytes.into_iter().filter(|(_, bytes)| *bytes > FLOOD).map(|(id, _)| id).collect();
        }
        let wakes = !self.floods.is_empty() || !self.bytes.is_empty();
        self.due = wakes.then(|| now + PATIENCE);
        true
    }

    /// Whether a job flooded when that was looked at last.
    fn floods(&self, instance: InstanceId) -> bool {
        self.floods.contains(&instance)
    }
}

impl Screen {
    /// Counts the errors among what nobody has seen.
    pub(super) fn recount(&mut self, engine: &mut Engine) {
        let (view, outputs) = engine.scene();
        let aside = &self.aside;
        let recounted = self.ui.recount(view, &outputs.terminals, |id| aside.floods(id));
        if recounted.changed {
            self.due = self.due.max(Due::Soon);
        }
        if recounted.rest {
            self.aside.go_on();
        }
        self.hand_out(engine);
    }

    /// Counts the errors among what nobody has seen of these, as many at a time as a key can wait for; the rest stay in the list.
    pub(in crate::app) fn recount_these(&mut self, ids: &mut Vec<InstanceId>, engine: &mut Engine) {
        ids.retain(|id| !self.sees(*id));
        self.ui.recount_these(ids, &engine.outputs.terminals);
        self.hand_out(engine);
    }

    fn sees(&self, instance: InstanceId) -> bool {
        self.hands.is_some() && self.holder == Holder::Us && self.visible.contains(&instance)
    }

    /// What this eye has not seen of an output, as far as it was counted. What it looks at it sees, with the next frame at the
    /// latest.
    pub(in crate::app) fn unseen(&self, instance: InstanceId, terminals: &Terminals) -> Unseen {
        if self.sees(instance) {
            return Unseen { output: Some(false), errors: Some(0), novel: None };
        }
        let missed = self.ui.missed(instance, terminals);
        let errors = missed.errors.map(|errors| u32::try_from(errors).unwrap_or(u32::MAX));
        Unseen { output: Some(missed.output), errors, novel: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_when_it_has_abated() {
        let at = |ms| Time(Duration::from_millis(ms));
        let mut aside = Aside::default();
        assert_eq!((aside.deadline(), aside.take(at(0))), (None, false));
        let (quiet, loud) = (InstanceId(1), InstanceId(2));
        aside.printed(quiet, 10, at(100));
        aside.printed(quiet, 10, at(400));
        assert_eq!(aside.deadline(), Some(at(600)));
        assert!(!aside.take(at(599)) && aside.take(at(600)));
        assert_eq!(aside.deadline(), None, "nobody is woken for nothing");
        aside.printed(loud, FLOOD + 1, at(700));
        aside.printed(quiet, 10, at(700));
        assert!(aside.take(at(1200)), "a flood hides nothing of the others");
        assert_eq!((aside.floods(loud), aside.floods(quiet)), (true, false));
        aside.printed(quiet, 10, at(1201));
        aside.go_on();
        assert!(aside.take(at(1202)), "the rest of it");
        assert!(aside.floods(loud), "which tells nothing of the flood");
        assert_eq!(aside.deadline(), Some(at(1702)));
        assert!(aside.take(at(1702)) && !aside.floods(loud), "it has abated");
        assert_eq!(aside.deadline(), None);
    }
}
