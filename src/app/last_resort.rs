//! What happens to the jobs when zap itself is broken: they are ended without asking the model. Not: leaving well.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use crate::model::{Delivery, RunId};
use crate::sys::News;

use super::engine::Engine;
use super::message::{Control, Letters};

/// How long jobs have between TERM and KILL when zap is broken.
const GRACE: Duration = Duration::from_secs(5);

/// Ends every process that zap has started: TERM, and after a grace KILL.
pub(super) fn end_everything(engine: &Engine, letters: &Letters, told: &mut VecDeque<Control>) {
    let runs: HashSet<RunId> = engine.live_runs().into_iter().map(|(run, _)| run).collect();
    for run in &runs {
        engine.nursery.signal(*run, libc::SIGTERM, Delivery::Family);
    }
    wait_for(&runs, engine, letters, told);
    for run in &runs {
        engine.nursery.signal(*run, libc::SIGKILL, Delivery::Family);
    }
    engine.nursery.signal_unclaimed(libc::SIGKILL);
}

/// Waits until the leaders of these runs have ended, at most [`GRACE`]. What they still print is thrown away.
///
/// `control` holds what the loop had taken in before it broke.
fn wait_for(runs: &HashSet<RunId>, engine: &Engine, letters: &Letters, control: &mut VecDeque<Control>) {
    let mut left: HashSet<RunId> =
        runs.iter().filter(|run| !engine.exits.contains_key(run)).copied().collect();
    let end = engine.now().mono + GRACE;
    let mut output = VecDeque::new();
    loop {
        for message in control.drain(..) {
            match message {
                Control::News(News::Exited { run, .. } | News::NotSpawned { run, .. }) => {
                    _ = left.remove(&run);
                }
                Control::News(_)
                | Control::Key(_)
                | Control::Signal(_)
                | Control::Answered(..)
                | Control::Unwritten { .. }
                | Control::Painted(_)
                | Control::Counted(_)
                | Control::Unkept(_)
                | Control::Saved(_)
                | Control::Found(_)
                | Control::Archived(_)
                | Control::Asked(_)
                | Control::CallerGone
                | Control::Reread(_)
                | Control::FileChanged
                | Control::ClockSet
                | Control::Broken => {}
            }
        }
        let patience = end.since(engine.now().mono);
        if left.is_empty() || patience.is_zero() {
            return;
        }
        letters.take(control, &mut output, Some(patience));
        output.clear();
    }
}
