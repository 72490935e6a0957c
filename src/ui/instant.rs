//! The same instant in other jobs: for a line of one job, what each other job of its system printed last before it, and how
//! long before. Not: the merged output.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{InstanceId, InstanceView, SystemView, View};
use crate::terminal::{Line, LineKind, Moment};
use crate::ui::brush::Brush;
use crate::ui::eye::{Over, World, instance};
use crate::ui::merged::Lane;
use crate::ui::pager::{At, Before, plain, since_line};
use crate::ui::paint::Paint;
use crate::ui::text::{clip, harmless, shorten, width};
use crate::ui::{Action, Ui, dialog, marking, ring};

/// An instant, what was printed before it, and the job that is selected for it.
#[derive(Debug)]
pub(super) struct Instant {
    of: InstanceId,
    at: Moment,
    /// What each other job of the system printed, as it was found when the list was opened: an instant in the past does not
    /// change, and to find it blocks are read.
    found: Vec<(InstanceId, Option<Nearest>)>,
    selected: Option<InstanceId>,
}

/// What a job printed nearest before an instant.
#[derive(Debug)]
struct Nearest {
    /// The number of the line.
    line: u64,
    /// How long after the instant it came, in milliseconds; mostly it came before.
    distance: i64,
    text: String,
}

/// A row of the list: a job, and what it printed, if it had printed anything.
type Other<'v, 'i> = (&'v InstanceView, Option<&'i Nearest>);

/// The most columns of the box and of a name.
const WIDE: (u16, usize) = (100, 20);
/// Columns of a distance.
const DISTANCE: u16 = 8;
/// So many blank lines are passed over to find one that says something.
const BLANK: u64 = 20;

impl Instant {
    /// Whether its job is still there.
    pub(super) fn is_there(&self, view: &View) -> bool {
        instance(view, self.of).is_some()
    }

    /// The jobs that are still there, with what they printed.
    fn others<'v, 'i>(&'i self, view: &'v View) -> Vec<Other<'v, 'i>> {
        let found = self.found.iter();
        found.filter_map(|(id, nearest)| Some((instance(view, *id)?, nearest.as_ref()))).collect()
    }

    /// The row of the selected job: unless a person chose one, of that which printed nearest to the instant.
    fn index(&self, others: &[Other<'_, '_>]) -> usize {
        let chosen = self.selected.and_then(|id| others.iter().position(|(job, _)| job.id == id));
        let told = others.iter().enumerate().filter_map(|(index, (_, nearest))| Some((index, (*nearest)?)));
        let nearest = || told.min_by_key(|(_, nearest)| nearest.distance.saturating_abs());
        chosen.or_else(|| nearest().map(|(index, _)| index)).unwrap_or(0)
    }
}

/// Opens the list for the line that is spoken of.
pub(super) fn open(ui: &mut Ui, world: World<'_>) {
    let Some((of, number)) = marking::current(ui, world) else {
        ui.note("no line yet that has an instant");
        return;
    };
    let Some(line) = world.terminals.get(&of).and_then(|terminal| terminal.line(number)) else { return };
    let jobs = system(of, world.view).map_or(&[][..], |system| &system.jobs);
    let others = jobs.iter().filter(|job| job.id != of);
    let found: Vec<_> = others.map(|job| (job.id, nearest(job.id, line.at, world))).collect();
    if found.is_empty() {
        ui.note("its system has no other job");
        return;
    }
    ui.over = Over::Instant(Instant { of, at: line.at, found, selected: None });
}

/// Does what a key means in the list.
pub(super) fn act(ui: &mut Ui, action: Action, world: World<'_>) {
    let Over::Instant(instant) = &ui.over else { return };
    let others = instant.others(world.view);
    let at = instant.index(&others);
    if action == Action::Open {
        let chosen = others.get(at).map(|(job, nearest)| (*job, nearest.map(|nearest| nearest.line)));
        return go(ui, chosen, world);
    }
    let to = ring::step(action, at, others.len());
    let selected = to.and_then(|to| others.get(to)).map(|(job, _)| job.id);
    match &mut ui.over {
        Over::Instant(instant) if to.is_some() => instant.selected = selected,
        over => *over = Over::Nothing,
    }
}

/// Draws the list.
pub(super) fn draw(brush: &mut Brush<'_>, screen: Rect, instant: &Instant, view: &View, paint: &Paint<'_>) {
    let others = instant.others(view);
    let Some(of) = instance(view, instant.of) else { return };
    let wide = WIDE.0.min(screen.width.saturating_sub(2));
    let clock = paint.clock(crate::model::Wall(instant.at.0));
    let millis = instant.at.0.rem_euclid(1000);
    let title = format!("at {clock}.{millis:03} of {}", of.label);
    let title = shorten(&title, usize::from(wide.saturating_sub(4)), paint.signs.cut).into_owned();
    let inner = dialog::open(brush, screen, &title, others.len() as u16, wide, paint);
    let names = others.iter().map(|(job, _)| width(&job.label)).max().unwrap_or(0);
    let names = names.min(WIDE.1).min(usize::from(inner.width) / 3);
    let selected = instant.index(&others);
    let top = (selected + 1).saturating_sub(usize::from(inner.height));
    for ((index, other), y) in others.iter().enumerate().skip(top).zip(inner.top()..inner.bottom()) {
        draw_row(brush, Rect { y, height: 1, ..inner }, *other, names, paint);
        if index == selected {
            brush.put(inner.left(), y, inner.right(), paint.signs.bar, paint.of(Role::Key));
            brush.highlight(Rect { y, height: 1, ..inner }, paint.of(Role::Selected));
        }
    }
}

fn draw_row(brush: &mut Brush<'_>, at: Rect, (job, nearest): Other<'_, '_>, names: usize, paint: &Paint<'_>) {
    let x = at.left() + 1;
    brush.put(x, at.y, at.right(), &shorten(&job.label, names, paint.signs.cut), Style::new());
    let x = x + names as u16 + 1;
    let Some(Nearest { distance, text, .. }) = nearest else {
        brush.put(x + DISTANCE + 1, at.y, at.right(), "nothing before it", paint.of(Role::Dim));
        return;
    };
    brush.put_right(x, x + DISTANCE, at.y, &told(*distance), paint.of(Role::Dim));
    let x = x + DISTANCE + 1;
    let room = usize::from(at.right().saturating_sub(x + 1));
    brush.put(x, at.y, at.right(), &clip(text, room, paint.signs.cut), Style::new());
}

/// `-12ms`: how long before the instant.
fn told(distance: i64) -> String {
    if distance == 0 { "same".to_owned() } else { since_line(distance) }
}

fn go(ui: &mut Ui, chosen: Option<(&InstanceView, Option<u64>)>, world: World<'_>) {
    let Some((job, line)) = chosen else { return };
    let Some(line) = line else {
        ui.note = Some(format!("{} printed nothing before it", job.label));
        return;
    };
    if world.terminals.get(&job.id).is_none_or(|terminal| !terminal.lines().contains(&line)) {
        ui.note = Some(format!("that line of {} is gone", job.label));
        return;
    }
    ui.over = Over::Nothing;
    let before = match (ui.merging(world.view), ui.job(world.view)) {
        (Some(system), _) => Before::System(system.name.clone()),
        (None, Some(job)) => Before::Job(job.id),
        (None, None) => Before::Here(At::Follow),
    };
    marking::visit(ui, job.id, line, before, world);
}

fn system(of: InstanceId, view: &View) -> Option<&SystemView> {
    view.systems.iter().find(|system| system.jobs.iter().any(|job| job.id == of))
}

fn nearest(id: InstanceId, at: Moment, world: World<'_>) -> Option<Nearest> {
    let terminal = world.terminals.get(&id)?;
    let lane = Lane::new(id, terminal);
    let end = lane.since(lane.lines.clone(), at.0.saturating_add(1));
    let before = lane.lines.start.max(end.saturating_sub(BLANK))..end;
    let lines = || before.clone().rev().filter_map(|number| Some((number, terminal.line(number)?)));
    let mut saying = lines().map(|(number, line)| (number, line.at, text(&line)));
    let (line, printed, text) = saying.find(|(.., text)| !text.is_empty())?;
    Some(Nearest { line, distance: printed.0.saturating_sub(at.0), text })
}

/// What a line says, without its indent.
fn text(line: &Line) -> String {
    match &line.kind {
        LineKind::RunEnd(end) => format!("run {} ended: {}", end.number, end.exit),
        LineKind::Output | LineKind::Piece | LineKind::Note => harmless(plain(line).trim()).into_owned(),
    }
}
