//! Draws the visible rows of the tree. Columns have fixed places, whatever stands in them.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{InstanceView, State, StepState, StepView, SystemView};
use crate::ui::brush::Brush;
use crate::ui::paint::Paint;
use crate::ui::sum::{Sum, role};
use crate::ui::text::{clip, shorten, width};
use crate::ui::tree::status::{Places, status};
use crate::ui::tree::{Row, Tree};
use crate::ui::unseen::Unseen;
use crate::ui::{Focus, Terminals, age};

/// What the tree needs to know besides its own state.
pub(in crate::ui) struct Scene<'a> {
    /// What the terminals hold, for unseen output.
    pub(in crate::ui) terminals: &'a Terminals,
    /// What of it this eye has not seen.
    pub(in crate::ui) unseen: &'a Unseen,
    /// Who has the keys.
    pub(in crate::ui) focus: Focus,
}

/// Draws the rows from the tree's first one on.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    area: Rect,
    rows: &[Row<'_>],
    tree: &Tree,
    scene: &Scene<'_>,
    paint: &Paint<'_>,
) {
    let columns = Columns::new(area);
    let visible = rows.iter().enumerate().skip(tree.top).take(usize::from(area.height));
    for ((index, row), y) in visible.zip(area.top()..) {
        match row {
            Row::System(system) => draw_system(brush, &columns, y, system, tree, paint),
            Row::Job(_, job) => draw_job(brush, &columns, y, job, tree, scene, paint),
            Row::Step(job, step) => draw_step(brush, &columns, y, &job.steps[usize::from(*step)], paint),
        }
        if index == tree.index {
            draw_selected(brush, Rect { y, height: 1, ..area }, scene.focus, paint);
        }
    }
    if rows.is_empty() && area.height > 0 {
        let text = if tree.filter.is_empty() { "no jobs" } else { "the filter hides every job" };
        brush.put(columns.sign, area.top(), columns.end, text, paint.of(Role::Dim));
    }
}

/// Where things stand in a row.
struct Columns {
    fold: u16,
    mark: u16,
    sign: u16,
    name: u16,
    status: u16,
    flag: u16,
    end: u16,
}

/// `failed  exit 101` and `retry   2/3 in 4s` fit.
const STATUS: u16 = 18;
/// A tree that is wider than this has room for every name, and gives the rest to what is said beside it.
const NAMED: u16 = 48;
/// The longest word of a state.
const WORD: u16 = 8;
/// A row tells no higher number of errors: it would move what stands beside it.
const MOST_ERRORS: u64 = 99;
/// `now`, `59m`, right-aligned.
const AGE: u16 = 4;

impl Columns {
    fn new(area: Rect) -> Self {
        let end = area.right();
        let status = STATUS.min(area.width.saturating_sub(4) / 2) + area.width.saturating_sub(NAMED);
        Self {
            fold: area.left() + 1,
            mark: area.left() + 2,
            sign: area.left() + 3,
            name: area.left() + 5,
            status: end.saturating_sub(2 + status),
            flag: end.saturating_sub(2),
            end,
        }
    }

    fn name_room(&self, from: u16) -> usize {
        usize::from(self.status.saturating_sub(from + 1))
    }
}

fn draw_system(
    brush: &mut Brush<'_>,
    columns: &Columns,
    y: u16,
    system: &SystemView,
    tree: &Tree,
    paint: &Paint<'_>,
) {
    let signs = paint.signs;
    let open = !tree.folded.contains(&system.name) || !tree.filter.is_empty();
    brush.put(
        columns.fold,
        y,
        columns.end,
        if open { signs.open } else { signs.folded },
        paint.of(Role::Dim),
    );
    let sum = Sum::of(&system.jobs);
    let counts = format!("{}/{}", sum.good(), sum.all());
    let right = columns.flag.saturating_sub(2);
    let left = brush.put_right(columns.sign, right, y, &counts, paint.of(Role::Dim));
    let room = usize::from(left.saturating_sub(columns.sign + 1));
    brush.put(columns.sign, y, left, &shorten(&system.name, room, signs.cut), paint.of(Role::System));
    if let Some(worst) = sum.worst() {
        brush.put(columns.flag, y, columns.end, worst.sign(signs), paint.of(worst.role()));
    }
}

fn draw_job(
    brush: &mut Brush<'_>,
    columns: &Columns,
    y: u16,
    job: &InstanceView,
    tree: &Tree,
    scene: &Scene<'_>,
    paint: &Paint<'_>,
) {
    let signs = paint.signs;
    let look = paint.of(role(job.state));
    if tree.marks.contains(&job.id) {
        brush.put(columns.mark, y, columns.end, signs.mark, paint.of(Role::Key));
    }
    brush.put(columns.sign, y, columns.end, signs.state(job.state), look);
    let name = shorten(&job.label, columns.name_room(columns.name), signs.cut);
    brush.put(columns.name, y, columns.status, &name, Style::new());
    let flag = flag(job, scene, paint);
    // One cell is the flag's own.
    let wide = flag.as_ref().map_or(0, |(text, _)| width(text).saturating_sub(1)) as u16;
    draw_status(
        brush,
        &Columns { flag: columns.flag - wide.min(columns.flag), ..*columns },
        y,
        job,
        look,
        paint,
    );
    if let Some((text, role)) = flag {
        brush.put_right(columns.name, columns.flag + 1, y, &text, paint.of(role));
    }
}

/// What the row says of output that was not seen: `2!` are two errors, `2+` at least so many.
fn flag(job: &InstanceView, scene: &Scene<'_>, paint: &Paint<'_>) -> Option<(String, Role)> {
    let terminal = scene.terminals.get(&job.id)?;
    if !scene.unseen.is_any(job.id, terminal) {
        return None;
    }
    let signs = paint.signs;
    Some(match scene.unseen.errors(job.id) {
        None => (signs.unseen.to_owned(), Role::Unseen),
        Some(errors) if errors.complete && errors.lines <= MOST_ERRORS => {
            (format!("{}{}", errors.lines, signs.error), Role::Failed)
        }
        Some(errors) => (format!("{}{}", errors.lines.min(MOST_ERRORS), signs.more), Role::Failed),
    })
}

fn draw_status(
    brush: &mut Brush<'_>,
    columns: &Columns,
    y: u16,
    job: &InstanceView,
    look: Style,
    paint: &Paint<'_>,
) {
    // The sign of a change stands where the status ends, so that nothing else has to move for it.
    let right = columns.flag.saturating_sub(if job.pending_change { 3 } else { 1 });
    if job.pending_change {
        let at = columns.flag.saturating_sub(2);
        brush.put(at, y, columns.end, paint.signs.pending, paint.of(Role::Waiting));
    }
    let said = status(job, paint);
    let word = columns.status + said.word.len() as u16 + 1;
    let column = (columns.status + WORD).max(word);
    let age = (columns.status + WORD + AGE).min(right);
    let beside = match job.state {
        _ if said.age.is_some() => vec![age + 1],
        // The word `retry` is short, and its note long.
        State::Backoff => vec![word],
        // Why it failed says more than that it did, which the sign says too; so does what is wrong with what runs, and what
        // a start is at.
        State::Failed | State::Running | State::Starting => vec![column, word, columns.status],
        // The sign is a clock, and the time says the rest.
        State::Scheduled => vec![word, columns.status],
        State::Held | State::Stopped | State::Waiting | State::Stopping | State::Done => vec![column, word],
    };
    // For whom it waits, and how long until it is killed, matters more than the word, which the sign stands for.
    let instead = matches!(job.state, State::Waiting | State::Stopping).then_some(columns.status);
    let places = Places { beside, instead };
    let (at, note) = said.place_note(&places, right).unwrap_or((word, ""));
    if at > columns.status {
        brush.put(columns.status, y, right, said.word, look);
    }
    brush.put_right(word, age, y, said.age.as_deref().unwrap_or_default(), paint.of(Role::Dim));
    let room = usize::from(right.saturating_sub(at));
    brush.put(at, y, right, &clip(note, room, paint.signs.cut), paint.of(said.look));
}

fn draw_step(brush: &mut Brush<'_>, columns: &Columns, y: u16, step: &StepView, paint: &Paint<'_>) {
    let indent = 3;
    let look = paint.of(step_role(step.state));
    brush.put(columns.sign + indent, y, columns.end, paint.signs.step(step.state), look);
    let note = match step.state {
        StepState::Failed(code) => format!("exit {code}"),
        StepState::Done(0) | StepState::Cut => step_took(step),
        StepState::Done(code) => format!("exit {code} {}", step_took(step)),
        StepState::Pending | StepState::Running => String::new(),
    };
    let end = (columns.status + WORD + AGE).min(columns.flag.saturating_sub(1));
    let left = brush.put_right(columns.name + indent, end, y, &note, paint.of(Role::Dim));
    let room = usize::from(left.saturating_sub(columns.name + indent + 1));
    let name = shorten(&step.name, room, paint.signs.cut);
    brush.put(columns.name + indent, y, left, &name, paint.of(Role::Dim));
}

fn step_took(step: &StepView) -> String {
    match (step.began, step.ended) {
        (Some(began), Some(ended)) => age::took(ended.since(began)),
        _ => String::new(),
    }
}

fn step_role(state: StepState) -> Role {
    match state {
        StepState::Pending | StepState::Cut => Role::Stopped,
        StepState::Running => Role::Starting,
        StepState::Done(_) => Role::Done,
        StepState::Failed(_) => Role::Failed,
    }
}

fn draw_selected(brush: &mut Brush<'_>, row: Rect, focus: Focus, paint: &Paint<'_>) {
    let here = match focus {
        Focus::Tree => paint.of(Role::Selected),
        Focus::Pager => paint.of(Role::SelectedElsewhere),
    };
    let inner = Rect { x: row.x + 1.min(row.width), width: row.width.saturating_sub(1), ..row };
    brush.highlight(inner, here);
    brush.put(row.left(), row.y, row.left() + 1, paint.signs.bar, paint.of(Role::Key));
}
