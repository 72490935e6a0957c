//! When the picture changes by itself: an age reaches its next unit, a countdown its next second.

use crate::model::{InstanceView, Now, State, Time, View};
use crate::ui::tree::{Row, rows};
use crate::ui::{Ui, age};

impl Ui {
    /// When the picture next changes without anything having happened; `None` if never.
    pub fn next_change(&self, view: &View, now: Now) -> Option<Time> {
        let rows = rows(view, &self.tree);
        let layout = self.layout();
        let height = layout.tree.map_or(0, |area| usize::from(area.height));
        let seen = rows.iter().skip(self.tree.top).take(height).filter_map(|row| match row {
            Row::Job(_, job) => Some(*job),
            Row::System(_) | Row::Step(..) => None,
        });
        let table: &[InstanceView] = match self.row(view) {
            Some(Row::System(system)) if layout.output.is_some() => &system.jobs,
            _ => &[],
        };
        let ages = table.iter().chain(self.job(view)).map(|job| age::next_age(job.since.mono, now.mono));
        let jobs = seen.chain(table).chain(self.job(view)).filter_map(|job| job_change(job, now));
        let alert = self.alerts.first().map(|alert| age::next_age(alert.at, now.mono));
        jobs.chain(ages).chain(alert).chain(quitting(view, now)).filter(|at| *at > now.mono).min()
    }
}

/// When a job's row changes.
fn job_change(job: &InstanceView, now: Now) -> Option<Time> {
    let age = match job.state {
        State::Running | State::Starting => Some(age::next_age(job.since.mono, now.mono)),
        State::Stopped | State::Waiting | State::Stopping | State::Backoff | State::Done | State::Failed => {
            None
        }
    };
    // A row shows the countdown to a retry or to KILL; that a job counts as up soon, only its header does.
    let countdown = job.next.and_then(|next| age::next_second(next.at, now.mono));
    age.into_iter().chain(countdown).min()
}

fn quitting(view: &View, now: Now) -> impl Iterator<Item = Time> {
    view.quitting.iter().flat_map(move |quitting| {
        let own = quitting.alive.iter().filter_map(|survivor| survivor.kill_at);
        own.chain([quitting.kill_at]).filter_map(move |at| age::next_second(at, now.mono))
    })
}
