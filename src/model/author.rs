//! Who brings something about: what a record says of it. Not: what happens.

use crate::model::instance::{Cause, Instance};
use crate::model::phase::Reason;
use crate::model::{By, RecordKind};

impl Instance {
    /// Who brought this about.
    pub(super) fn by(&self, kind: &RecordKind) -> By {
        let told = || self.last.as_ref().is_some_and(|last| last.cause == Cause::Told);
        match kind {
            RecordKind::Started { .. }
            | RecordKind::NotStarted { .. }
            | RecordKind::Stopping { .. }
            | RecordKind::Stopped => self.author,
            RecordKind::Exited { .. } if told() => self.author,
            RecordKind::Retry { .. }
            | RecordKind::Failed { .. }
            | RecordKind::Held { .. }
            | RecordKind::Ready
            | RecordKind::Unready { .. }
            | RecordKind::Probe { .. } => By::Policy,
            RecordKind::Command { .. } => By::User,
            RecordKind::Reload { .. } => By::Reload,
            RecordKind::Up
            | RecordKind::Exited { .. }
            | RecordKind::Closed
            | RecordKind::Done
            | RecordKind::Step { .. }
            | RecordKind::Left { .. }
            | RecordKind::Hook { .. }
            | RecordKind::Zap { .. } => By::Zap,
        }
    }
}

/// Who tells a run to end.
pub(super) fn of_reason(reason: Reason) -> By {
    match reason {
        Reason::Stop | Reason::Kill | Reason::Restart => By::User,
        Reason::Need(_) | Reason::Again(_) => By::Need,
        Reason::Changed | Reason::Removed => By::Reload,
        Reason::Closed | Reason::Version | Reason::Daily => By::Schedule,
        Reason::Overtime(_) | Reason::Every | Reason::Fault(_) => By::Policy,
        Reason::Quit => By::Zap,
    }
}
