//! The page of a system: the sum of its jobs as a table with why each is as it is.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{InstanceView, State, SystemView};
use crate::ui::brush::Brush;
use crate::ui::page::Page;
use crate::ui::paint::Paint;
use crate::ui::signs::word;
use crate::ui::sum::{Sum, role};
use crate::ui::text::{clip, shorten, width};
use crate::ui::{age, because};

/// Rows above the first job.
const ABOVE: usize = 2;
/// The most columns a name takes.
const NAME: usize = 24;

/// How many rows the page has.
pub(super) fn rows(system: &SystemView) -> usize {
    system.jobs.len() + ABOVE
}

/// The jobs that are seen in an area of `height` rows.
pub(super) fn seen(system: &SystemView, page: Page, height: u16) -> &[InstanceView] {
    let top = page.top(rows(system), height);
    let end = (top + usize::from(height)).saturating_sub(ABOVE).min(system.jobs.len());
    &system.jobs[top.saturating_sub(ABOVE).min(end)..end]
}

/// Draws the line above the page.
pub(super) fn draw_header(brush: &mut Brush<'_>, area: Rect, system: &SystemView, paint: &Paint<'_>) {
    let (y, end) = (area.top(), area.right().saturating_sub(1));
    let sum = Sum::of(&system.jobs);
    let up = format!("{} of {} up or done", sum.good(), sum.all());
    let room = usize::from(area.width.saturating_sub(2));
    let name = shorten(&system.name, room, paint.signs.cut);
    let x = brush.put(area.left() + 1, y, end, &name, paint.of(Role::Head));
    let x = brush.put(x + 2, y, end, &up, Style::new());
    if system.title != system.name {
        brush.put_right(x + 2, end, y, &system.title, paint.of(Role::Dim));
    }
}

/// Draws the rows that are seen.
pub(super) fn draw(brush: &mut Brush<'_>, area: Rect, system: &SystemView, page: Page, paint: &Paint<'_>) {
    let top = page.top(rows(system), area.height);
    let names = system.jobs.iter().map(|job| width(&job.label)).max().unwrap_or(0).min(NAME);
    for (row, y) in (top..rows(system)).zip(area.top()..area.bottom()) {
        match row.checked_sub(ABOVE) {
            Some(job) => draw_job(brush, area, y, &system.jobs[job], names as u16, paint),
            None if row == 0 => draw_about(brush, area, y, system, paint),
            None => {}
        }
    }
}

fn draw_about(brush: &mut Brush<'_>, area: Rect, y: u16, system: &SystemView, paint: &Paint<'_>) {
    let mut x = area.left() + 1;
    for (text, part) in Sum::of(&system.jobs).told() {
        x = brush.put(x, y, area.right(), &text, paint.of(part.role())) + 2;
    }
    if let Some(about) = &system.description {
        brush.put(x + 1, y, area.right(), about, paint.of(Role::Dim));
    }
}

fn draw_job(brush: &mut Brush<'_>, area: Rect, y: u16, job: &InstanceView, names: u16, paint: &Paint<'_>) {
    let right = area.right();
    let look = paint.of(role(job.state));
    let x = area.left() + 1;
    brush.put(x, y, right, paint.signs.state(job.state), look);
    let name = shorten(&job.label, usize::from(names), paint.signs.cut);
    brush.put(x + 2, y, right, &name, Style::new());
    let x = x + 2 + names + 2;
    brush.put(x, y, right, word(job.state), look);
    let age = age::age(paint.now.mono.since(job.since.mono));
    brush.put_right(x + 9, right.min(x + 13), y, &age, paint.of(Role::Dim));
    let room = usize::from(right.saturating_sub(x + 15));
    let look = paint.of(if job.unwell { Role::Failed } else { Role::Dim });
    brush.put(x + 15, y, right, &clip(&told(job, paint), room, paint.signs.cut), look);
}

/// Why it is as it is, when it goes on, and whether a change is pending.
fn told(job: &InstanceView, paint: &Paint<'_>) -> String {
    let pending = job.pending_change.then(|| format!("{} change pending", paint.signs.pending));
    let dot = format!(" {} ", paint.signs.dot);
    let why = because::beside(job);
    let why = if tells_next(job.state) { because::with_next(why, job, &dot, paint) } else { why.to_owned() };
    let parts: Vec<String> = pending.into_iter().chain(Some(why).filter(|why| !why.is_empty())).collect();
    parts.join(&dot)
}

/// Whether when it goes on belongs to why it is as it is.
pub(super) fn tells_next(state: State) -> bool {
    match state {
        State::Scheduled | State::Backoff | State::Held => true,
        State::Stopped
        | State::Waiting
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Done
        | State::Failed => false,
    }
}
