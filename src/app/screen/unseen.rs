//! What this eye has not seen, for those who ask, and when the errors in it are counted: soon after jobs have printed, and not while
//! they flood. Not: counting them (`ui`).

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
/// More output in that time is a flood: to tell the level of each of its lines would take more time than to keep them.
const FLOOD: usize = 512 * 1024;

/// What has come since it was counted last.
#[derive(Debug, Default)]
pub(super) struct Aside {
    bytes: usize,
    due: Option<Time>,
}

impl Aside {
    /// Somebody has printed this at whom nobody looks.
    pub(super) fn printed(&mut self, bytes: usize, now: Time) {
        self.bytes += bytes;
        self.due.get_or_insert(now + PATIENCE);
    }

    /// Not all was counted: the rest is, as soon as nothing else is to be done.
    pub(super) fn go_on(&mut self) {
        self.due = Some(Time::default());
    }

    /// When [`Self::take`] is to be asked.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.due
    }

    /// Whether it is to be counted now.
    pub(super) fn take(&mut self, now: Time) -> bool {
        if self.due.is_none_or(|due| now < due) {
            return false;
        }
        let floods = std::mem::take(&mut self.bytes) > FLOOD;
        self.due = floods.then(|| now + PATIENCE);
        !floods
    }
}

impl Screen {
    /// Counts the errors among what nobody has seen.
    pub(super) fn recount(&mut self, engine: &mut Engine) {
        let (view, outputs) = engine.scene();
        let recounted = self.ui.recount(view, &outputs.terminals);
        if recounted.changed {
            self.due = self.due.max(Due::Soon);
        }
        if recounted.rest {
            self.aside.go_on();
        }
        self.hand_out(engine);
    }

    /// What this eye has not seen of an output. What it looks at it sees, with the next frame at the latest.
    pub(in crate::app) fn unseen(&mut self, instance: InstanceId, terminals: &Terminals) -> Unseen {
        let looks = self.hands.is_some() && self.holder == Holder::Us;
        if looks && self.visible.contains(&instance) {
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
        aside.printed(10, at(100));
        aside.printed(10, at(400));
        assert_eq!(aside.deadline(), Some(at(600)));
        assert!(!aside.take(at(599)) && aside.take(at(600)));
        assert_eq!(aside.deadline(), None, "nobody is woken for nothing");
        aside.printed(FLOOD + 1, at(700));
        assert!(!aside.take(at(1200)), "it floods");
        assert!(aside.take(at(1700)), "and no more");
        aside.go_on();
        assert!(aside.take(at(1701)), "the rest of it");
    }
}
