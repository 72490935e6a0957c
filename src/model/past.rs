//! What an instance remembers of how its runs ended. Not: what follows from an end (`end`, `policy`).

use std::collections::VecDeque;

use crate::model::instance::Instance;
use crate::model::phase::{Live, Phase, Reason};
use crate::model::turn::Turn;
use crate::model::{Exit, Past, span, why};

/// So many ends are remembered.
const KEPT: usize = 20;

/// The last ends, the newest first.
pub(super) type Ends = VecDeque<Past>;

impl Instance {
    /// It was told to end, and did.
    pub(super) fn remember_told(&mut self, reason: Reason, exit: Exit, live: Live, turn: &Turn) {
        let lived = live.birth.map(|birth| turn.now.mono.since(birth.at)).unwrap_or_default();
        let why = why::told(reason, self);
        self.remember(format!("{} after {}: {why}", why::exit(exit), span::in_words(lived)), turn);
    }

    /// It ended in a way that was judged: what its phase is now tells what follows.
    pub(super) fn remember_judged(&mut self, turn: &Turn) {
        let text = match &self.phase {
            Phase::Backoff { until, end, .. } => {
                let pause = until.since(turn.now.mono);
                let again =
                    if pause.is_zero() { String::new() } else { format!(" in {}", span::in_words(pause)) };
                format!("{}, started again{again}", why::ended(end))
            }
            Phase::Held { until: Some(_), end } => {
                format!("{}, held since that is too often", why::ended(end))
            }
            Phase::Held { until: None, end } => format!("{}, held until a person starts it", why::ended(end)),
            Phase::Done { end } => format!("{}, as expected", why::ended(end)),
            Phase::Failed { end, .. } => format!("{}, not tried again", why::ended(end)),
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Stopping { .. } => return,
        };
        self.remember(text, turn);
    }

    fn remember(&mut self, text: String, turn: &Turn) {
        self.past.truncate(KEPT - 1);
        self.past.push_front(Past { at: turn.now.wall, run: self.number, text });
    }
}
