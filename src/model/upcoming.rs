//! What will happen to an instance by itself, when, and the words for it where it is the wall clock that decides. Not: making it
//! happen (`changeover`, `Instance::tick`).

use crate::config::Zone;
use crate::model::instance::{Instance, Wish};
use crate::model::phase::Phase;
use crate::model::picture::kill_at;
use crate::model::{Next, NextKind, Supervisor, Time, Wall, window};

impl Supervisor {
    /// What will happen to it by itself.
    pub(super) fn next(&self, instance: &Instance) -> Option<Next> {
        match &instance.phase {
            Phase::Starting { up_at, .. } => up_at.map(|at| Next { at, kind: NextKind::Up }),
            Phase::Backoff { until, .. } => Some(Next { at: *until, kind: NextKind::Retry }),
            Phase::Held { until, .. } => until.map(|at| Next { at, kind: NextKind::Release }),
            Phase::Waiting | Phase::Stopping { .. } => {
                kill_at(instance).map(|at| Next { at, kind: NextKind::Kill })
            }
            Phase::Running { .. } => {
                let every = instance.restart_at().map(|at| Next { at, kind: NextKind::Restart });
                let clock = self.on_the_clock(instance.calendar.next_while_running());
                every.into_iter().chain(clock).min_by_key(|next| next.at)
            }
            Phase::Scheduled | Phase::Done { .. } | Phase::Failed { .. } => {
                self.on_the_clock(instance.comes_back())
            }
            Phase::Stopped(_) | Phase::Preparing { .. } => None,
        }
    }

    /// Why an instance is to run later.
    pub(super) fn why_later(&self, instance: &Instance) -> String {
        match instance.comes_back() {
            Some((at, NextKind::Open)) => {
                let opening = instance.calendar.opens();
                let zone = opening.and_then(|opening| instance.job.schedule.get(opening.window));
                let zone = zone.map_or(&instance.job.zone, |window| &window.zone);
                format!("its window opens {}", window::in_words(at, self.present(), zone))
            }
            Some((at, _)) => {
                let due = instance.job.versions.iter().find(|version| version.apply_on.unix_ms == at.0);
                let text = due.map_or("", |version| version.apply_on.text.as_str());
                format!("its first version comes into force on {text}")
            }
            None if instance.calendar.offer().is_none() => {
                "nothing that it could run is ever in force".to_owned()
            }
            None => "its window never opens again".to_owned(),
        }
    }

    fn on_the_clock(&self, next: Option<(Wall, NextKind)>) -> Option<Next> {
        next.map(|(at, kind)| Next { at: self.time_of(at), kind })
    }

    /// What the wall clock showed when it was last looked at.
    fn present(&self) -> Wall {
        let Time(mono) = self.last_look;
        Wall(self.wall_at_zero.saturating_add(i64::try_from(mono.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Instance {
    /// Whether the file means the time of this in another zone than the one that zap lives in.
    pub(super) fn is_abroad(&self, kind: NextKind) -> bool {
        let job = &self.job;
        let is_far = |zone: &Zone| zone.name != "local";
        match kind {
            NextKind::Open | NextKind::Close => job.schedule.iter().any(|window| is_far(&window.zone)),
            NextKind::Version => is_far(&job.zone),
            NextKind::Restart => !job.restart_at.is_empty() && is_far(&job.zone),
            NextKind::Up | NextKind::Retry | NextKind::Kill | NextKind::Release => false,
        }
    }

    /// When the wall clock brings it back, if it rests or is to run later.
    pub(super) fn comes_back(&self) -> Option<(Wall, NextKind)> {
        if self.wish == Wish::Down {
            return None;
        }
        let opening = self.calendar.opens().map(|opening| (opening.at, NextKind::Open));
        let version = self.calendar.next_version().map(|at| (at, NextKind::Version));
        let has_work = self.calendar.offer().is_some();
        match (opening, version) {
            // Without anything to run its window means nothing.
            (Some(opening), None) if has_work => Some(opening),
            (Some(opening), Some(version)) => Some(if has_work { opening } else { version }),
            (None, Some(version)) if self.job.schedule.is_empty() || !has_work => Some(version),
            (Some(_) | None, _) => None,
        }
    }
}
