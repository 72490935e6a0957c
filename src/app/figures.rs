//! What runs use of the machine, as it was told last, and when whoever goes on looking asks again. Not: measuring it (`sys`).

use std::collections::HashMap;
use std::time::Duration;

use crate::model::{RunId, Time, Usage};

use super::engine::Engine;

/// Who looks all the time asks so often.
const AGAIN: Duration = Duration::from_secs(1);
/// A share of a processor is known when it was looked twice: so long after the first look.
pub(super) const SECOND_LOOK: Duration = Duration::from_millis(250);

/// What is known of the runs that somebody asked about.
#[derive(Default)]
pub(super) struct Figures(HashMap<RunId, Figure>);

#[derive(Default)]
struct Figure {
    last: Option<(Usage, Time)>,
    /// The answer is on its way.
    asked: bool,
}

impl Figures {
    /// Somebody asks about a run; the answer will come.
    pub(super) fn ask(&mut self, run: RunId) {
        self.0.entry(run).or_default().asked = true;
    }

    /// The answer.
    pub(super) fn take(&mut self, measured: Vec<(RunId, Usage)>, now: Time) {
        for (run, usage) in measured {
            // Of a run that was closed meanwhile nobody wants to know.
            if let Some(figure) = self.0.get_mut(&run) {
                *figure = Figure { last: Some((usage, now)), asked: false };
            }
        }
    }

    /// The run is over.
    pub(super) fn forget(&mut self, run: RunId) {
        self.0.remove(&run);
    }

    /// What a run uses, if it was measured and has any process.
    pub(super) fn of(&self, run: RunId) -> Option<Usage> {
        self.0.get(&run)?.last.map(|(usage, _)| usage).filter(|usage| usage.processes > 0)
    }

    /// Whether nothing is awaited that was asked about a run at this moment or before.
    pub(super) fn is_told_since(&self, run: RunId, asked: Time) -> bool {
        let told = |figure: &Figure| figure.last.is_some_and(|(_, at)| at >= asked);
        self.0.get(&run).is_none_or(told)
    }

    /// When whoever goes on looking is to ask again; `None` while the answer is on its way.
    pub(super) fn ask_at(&self, run: RunId) -> Option<Time> {
        match self.0.get(&run) {
            None => Some(Time::default()),
            Some(figure) if figure.asked => None,
            Some(figure) => Some(figure.last.map_or_else(Time::default, |(usage, at)| {
                at + if usage.cpu.is_some() { AGAIN } else { SECOND_LOOK }
            })),
        }
    }
}

impl Engine {
    /// Asks what these runs use; the answer comes as news.
    pub(super) fn measure(&mut self, runs: &[RunId]) {
        if runs.is_empty() {
            return;
        }
        for run in runs {
            self.figures.ask(*run);
        }
        self.nursery.measure(runs.to_vec());
    }

    /// What a run uses, for who goes on looking at it: asks if that is due. With it comes when it is due again; `None` while the
    /// answer is on its way.
    pub(super) fn watch(&mut self, run: RunId) -> (Option<Usage>, Option<Time>) {
        let now = self.now().mono;
        if self.is_open(run) && self.figures.ask_at(run).is_some_and(|at| at <= now) {
            self.measure(&[run]);
        }
        let next = self.figures.ask_at(run).filter(|_| self.is_open(run));
        (self.figures.of(run), next)
    }

    /// Whether there may be processes of a run.
    pub(super) fn is_open(&self, run: RunId) -> bool {
        self.ptys.contains_key(&run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_on_looking_asks_once_a_second_and_sooner_for_the_second_look() {
        let (run, at) = (RunId(1), |ms| Time(Duration::from_millis(ms)));
        let mut figures = Figures::default();
        assert_eq!(figures.ask_at(run), Some(at(0)));
        figures.ask(run);
        assert_eq!((figures.ask_at(run), figures.of(run)), (None, None));
        let usage = Usage { cpu: None, memory: 1, processes: 1 };
        figures.take(vec![(run, usage)], at(100));
        assert_eq!((figures.ask_at(run), figures.of(run)), (Some(at(350)), Some(usage)));
        figures.ask(run);
        assert!(!figures.is_told_since(run, at(350)));
        figures.take(vec![(run, Usage { cpu: Some(7), ..usage })], at(360));
        assert_eq!(figures.ask_at(run), Some(at(1360)));
        assert!(figures.is_told_since(run, at(350)));
        // All have ended: nothing is used any more.
        figures.take(vec![(run, Usage::default())], at(1400));
        assert_eq!(figures.of(run), None);
        figures.forget(run);
        figures.take(vec![(run, usage)], at(1500));
        assert_eq!(figures.of(run), None);
    }
}
