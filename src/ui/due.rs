//! When the picture changes by itself: an age reaches its next unit, a countdown its next second.

use std::time::Duration;

use crate::model::{InstanceView, Now, State, Time, View};
use crate::ui::options::Zone;
use crate::ui::tree::{Row, rows};
use crate::ui::{Ui, age, ahead, table};

/// Ages change at multiples of this.
const TOGETHER: Duration = Duration::from_secs(10);

impl Ui {
    /// When the picture next changes without anything having happened; `None` if never.
    pub fn next_change(&mut self, view: &View, now: Now) -> Option<Time> {
        let beside = self.beside(|ui| ui.pager_change(view, now)).flatten();
        let zone = &self.options.zone;
        let rows = rows(view, &self.tree);
        let layout = self.layout();
        let height = layout.tree.map_or(0, |area| usize::from(area.height));
        let seen = rows.iter().skip(self.tree.top).take(height).filter_map(|row| match row {
            Row::Job(_, job) => row_change(job, now, zone),
            Row::System(_) | Row::Step(..) => None,
        });
        let alert = self.alerts.first().map(|alert| next_age(alert.at, now));
        let by_hand = self.held.drifts_at().into_iter().chain(self.tells_looking_at());
        let pagers = self.pager_change(view, now).into_iter().chain(beside);
        let all = seen.chain(by_hand).chain(pagers).chain(alert).chain(quitting(view, now));
        all.filter(|at| *at > now.mono).min()
    }

    /// When something about the pager that is looked at changes: what its header tells, or the page of a system.
    fn pager_change(&self, view: &View, now: Now) -> Option<Time> {
        let zone = &self.options.zone;
        let layout = self.layout();
        let table = match (self.row(view), layout.output) {
            (Some(Row::System(system)), Some(area)) => table::seen(system, self.table, area.height),
            _ => &[],
        };
        let header = self.job(view).filter(|job| !has_ended(job.state));
        let ages = table.iter().chain(header).map(|job| next_age(job.since.mono, now));
        let countdowns = table.iter().filter(|job| table::tells_next(job.state)).chain(self.job(view));
        let countdowns = countdowns.filter_map(|job| ahead::changes(job.next?, now, zone));
        ages.chain(countdowns).filter(|at| *at > now.mono).min()
    }
}

/// Of what has ended the header tells the time of day, which stands still.
fn has_ended(state: State) -> bool {
    match state {
        State::Stopped | State::Done | State::Failed => true,
        State::Waiting
        | State::Scheduled
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Backoff
        | State::Held => false,
    }
}

/// When an age changes, a little late: all ages change together, so that a hundred quiet jobs wake nobody up a hundred
/// times a minute.
fn next_age(since: Time, now: Now) -> Time {
    let exact = age::next_age(since, now.mono).0.as_secs_f64();
    Time(TOGETHER.mul_f64((exact / TOGETHER.as_secs_f64()).ceil()))
}

/// When a job's row changes: an age, or what is told of the time to come. The countdown until it counts as up stands in its
/// header only.
fn row_change(job: &InstanceView, now: Now, zone: &Zone) -> Option<Time> {
    match job.state {
        State::Running | State::Starting => Some(next_age(job.since.mono, now)),
        State::Scheduled | State::Stopping | State::Backoff | State::Held => {
            ahead::changes(job.next?, now, zone)
        }
        State::Stopped | State::Waiting | State::Done | State::Failed => None,
    }
}

fn quitting(view: &View, now: Now) -> impl Iterator<Item = Time> {
    view.quitting.iter().flat_map(move |quitting| {
        let own = quitting.alive.iter().filter_map(|survivor| survivor.kill_at);
        own.chain([quitting.kill_at]).filter_map(move |at| age::next_second(at, now.mono))
    })
}
