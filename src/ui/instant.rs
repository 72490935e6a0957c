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
use crate::ui::{Action, Ui, dialog, marking};

/// An instant, and the job that is selected for it.
#[derive(Debug)]
pub(super) struct Instant {
    of: InstanceId,
    at: Moment,
    selected: Option<InstanceId>,
}

/// What a job printed nearest before an instant.
struct Nearest<'v> {
    job: &'v InstanceView,
    /// The number of the line, how long after the instant it came (mostly before it), and its text; nothing before the first.
    line: Option<(u64, i64, String)>,
}

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

    /// What the other jobs of the system printed.
    fn others<'v>(&self, world: World<'v>) -> Vec<Nearest<'v>> {
        let jobs = system(self.of, world.view).map_or(&[][..], |system| &system.jobs);
        jobs.iter().filter(|job| job.id != self.of).map(|job| nearest(job, self.at, world)).collect()
    }

    /// The row of the selected job: unless a person chose one, of that which printed nearest to the instant.
    fn index(&self, others: &[Nearest<'_>]) -> usize {
        let chosen = self.selected.and_then(|id| others.iter().position(|other| other.job.id == id));
        let told = others.iter().enumerate().filter_map(|(index, other)| Some((index, other.line.as_ref()?)));
        let nearest = || told.min_by_key(|(_, (_, distance, _))| distance.saturating_abs());
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
    let instant = Instant { of, at: line.at, selected: None };
    if instant.others(world).is_empty() {
        ui.note("its system has no other job");
        return;
    }
    ui.over = Over::Instant(instant);
}

/// Does what a key means in the list.
pub(super) fn act(ui: &mut Ui, action: Action, world: World<'_>) {
    let Over::Instant(instant) = &mut ui.over else { return };
    let others = instant.others(world);
    let at = instant.index(&others);
    let last = others.len().saturating_sub(1);
    let to = match action {
        Action::Up => at.checked_sub(1).unwrap_or(last),
        Action::Down if at == last => 0,
        Action::Down => at + 1,
        Action::First => 0,
        Action::Last => last,
        Action::Open => return go(ui, &others, at, world),
        _ => {
            ui.over = Over::Nothing;
            return;
        }
    };
    instant.selected = others.get(to).map(|other| other.job.id);
}

/// Draws the list.
pub(super) fn draw(
    brush: &mut Brush<'_>,
    screen: Rect,
    instant: &Instant,
    world: World<'_>,
    paint: &Paint<'_>,
) {
    let others = instant.others(world);
    let Some(of) = instance(world.view, instant.of) else { return };
    let wide = WIDE.0.min(screen.width.saturating_sub(2));
    let clock = paint.clock(crate::model::Wall(instant.at.0));
    let millis = instant.at.0.rem_euclid(1000);
    let title = format!("at {clock}.{millis:03} of {}", of.label);
    let title = shorten(&title, usize::from(wide.saturating_sub(4)), paint.signs.cut).into_owned();
    let inner = dialog::open(brush, screen, &title, others.len() as u16, wide, paint);
    let names = others.iter().map(|other| width(&other.job.label)).max().unwrap_or(0);
    let names = names.min(WIDE.1).min(usize::from(inner.width) / 3);
    let selected = instant.index(&others);
    let top = (selected + 1).saturating_sub(usize::from(inner.height));
    for ((index, other), y) in others.iter().enumerate().skip(top).zip(inner.top()..inner.bottom()) {
        draw_row(brush, Rect { y, height: 1, ..inner }, other, names, paint);
        if index == selected {
            brush.put(inner.left(), y, inner.right(), paint.signs.bar, paint.of(Role::Key));
            brush.highlight(Rect { y, height: 1, ..inner }, paint.of(Role::Selected));
        }
    }
}

fn draw_row(brush: &mut Brush<'_>, at: Rect, other: &Nearest<'_>, names: usize, paint: &Paint<'_>) {
    let x = at.left() + 1;
    brush.put(x, at.y, at.right(), &shorten(&other.job.label, names, paint.signs.cut), Style::new());
    let x = x + names as u16 + 1;
    let Some((_, distance, text)) = &other.line else {
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

fn go(ui: &mut Ui, others: &[Nearest<'_>], at: usize, world: World<'_>) {
    let Some(other) = others.get(at) else { return };
    let Some((line, ..)) = other.line else {
        ui.note = Some(format!("{} printed nothing before it", other.job.label));
        return;
    };
    ui.over = Over::Nothing;
    let before = match (ui.merging(world.view), ui.job(world.view)) {
        (Some(system), _) => Before::System(system.name.clone()),
        (None, Some(job)) => Before::Job(job.id),
        (None, None) => Before::Here(At::Follow),
    };
    marking::visit(ui, other.job.id, line, before, world);
}

fn system(of: InstanceId, view: &View) -> Option<&SystemView> {
    view.systems.iter().find(|system| system.jobs.iter().any(|job| job.id == of))
}

fn nearest<'v>(job: &'v InstanceView, at: Moment, world: World<'v>) -> Nearest<'v> {
    let Some(terminal) = world.terminals.get(&job.id) else { return Nearest { job, line: None } };
    let lane = Lane::new(job.id, terminal);
    let end = lane.since(lane.lines.clone(), at.0.saturating_add(1));
    let before = lane.lines.start.max(end.saturating_sub(BLANK))..end;
    let lines = || before.clone().rev().filter_map(|number| Some((number, terminal.line(number)?)));
    let saying =
        lines().map(|(number, line)| (number, line.at, text(&line))).find(|(.., text)| !text.is_empty());
    let line = saying.map(|(number, printed, text)| (number, printed.0.saturating_sub(at.0), text));
    Nearest { job, line }
}

/// What a line says, without its indent.
fn text(line: &Line) -> String {
    match &line.kind {
        LineKind::RunEnd(end) => format!("run {} ended: {}", end.number, end.exit),
        LineKind::Output | LineKind::Piece | LineKind::Note => harmless(plain(line).trim()).into_owned(),
    }
}
