//! Leaving: the question whether to, and the box that shows who is still alive. Not: stopping anything.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{Command, Now, Quitting, Survivor, Target, View};
use crate::ui::brush::Brush;
use crate::ui::dialog::{draw_keys, open};
use crate::ui::keymap::Mode;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, count, shorten, width};
use crate::ui::{Action, Request, Ui, age, verbs};

/// The most columns of a box.
const WIDE: u16 = 66;

/// From this width on a row says everything.
const ROOMY: u16 = 50;

/// The most columns of a name.
const NAME: usize = 18;

/// Does what a key means while everything is being stopped.
pub(super) fn act(ui: &mut Ui, action: Action, view: &View) -> Vec<Request> {
    let Some(quitting) = &view.quitting else { return Vec::new() };
    let last = quitting.alive.len().saturating_sub(1);
    let at = ui.survivor.min(last);
    match action {
        Action::Up => ui.survivor = at.checked_sub(1).unwrap_or(last),
        Action::Down => ui.survivor = if at == last { 0 } else { at + 1 },
        Action::Quit => return vec![Request::Command(Command::Quit)],
        Action::Kill => {
            let target = quitting.alive.get(at).map(|survivor| Target::Instance(survivor.id));
            return target.map(|target| Request::Command(Command::Kill(vec![target]))).into_iter().collect();
        }
        _ => {}
    }
    Vec::new()
}

/// Draws the question.
pub(super) fn draw_question(brush: &mut Brush<'_>, screen: Rect, view: &View, paint: &Paint<'_>) {
    let jobs = count(u64::from(verbs::alive(view)), "running job", "running jobs");
    draw_yes_or_no(brush, screen, "quit", &format!("Stop {jobs} and leave zap?"), paint);
}

/// Draws a question that has two answers.
pub(super) fn draw_yes_or_no(
    brush: &mut Brush<'_>,
    screen: Rect,
    title: &str,
    question: &str,
    paint: &Paint<'_>,
) {
    let inner = open(brush, screen, title, 3, width(question).max(24) as u16 + 4, paint);
    let look = paint.of(Role::Dialog);
    brush.put(inner.left() + 1, inner.top(), inner.right(), question, look);
    let keys = paint.keys.labelled(Mode::Ask, &[(Action::Yes, "yes"), (Action::No, "no")]);
    draw_keys(brush, inner, inner.top() + 2, &keys, paint);
}

/// Draws who is still alive.
pub(super) fn draw_stopping(
    brush: &mut Brush<'_>,
    screen: Rect,
    quitting: &Quitting,
    selected: usize,
    paint: &Paint<'_>,
) {
    let room = usize::from(screen.height.saturating_sub(6)).max(1);
    let shown = quitting.alive.len().min(room);
    let selected = selected.min(quitting.alive.len().saturating_sub(1));
    let top = (selected + 1).saturating_sub(shown);
    let inner = open(brush, screen, "stopping", shown as u16 + 2, WIDE, paint);
    let visible = quitting.alive.iter().enumerate().skip(top).take(shown);
    for ((index, survivor), y) in visible.zip(inner.top()..inner.bottom()) {
        draw_survivor(brush, Rect { y, height: 1, ..inner }, survivor, index == selected, quitting, paint);
    }
    let y = inner.top() + shown as u16;
    draw_sum(brush, inner, y, quitting, quitting.alive.len() - shown, paint);
    let acts = [(Action::Quit, "kill all now"), (Action::Kill, "kill the selected")];
    draw_keys(brush, inner, y + 1, &paint.keys.labelled(Mode::Leaving, &acts), paint);
}

fn draw_sum(
    brush: &mut Brush<'_>,
    inner: Rect,
    y: u16,
    quitting: &Quitting,
    hidden: usize,
    paint: &Paint<'_>,
) {
    let more = if hidden > 0 { format!("{hidden} more below, ") } else { String::new() };
    let ended = match quitting.ended {
        1 => "1 other has ended".to_owned(),
        ended => format!("{ended} others have ended"),
    };
    brush.put(inner.left() + 1, y, inner.right(), &format!("{more}{ended}"), paint.of(Role::Dim));
}

fn draw_survivor(
    brush: &mut Brush<'_>,
    row: Rect,
    survivor: &Survivor,
    selected: bool,
    quitting: &Quitting,
    paint: &Paint<'_>,
) {
    let (x, y, right) = (row.left(), row.y, row.right());
    let look = paint.of(Role::Stopping);
    let x = brush.put(x + 1, y, right, paint.signs.state(crate::model::State::Stopping), look) + 1;
    let (doing, beside) = words(survivor, quitting, row.width > ROOMY, paint.now);
    let left = brush.put_right(x, right.saturating_sub(1), y, &beside, paint.of(Role::Dim));
    let names = quitting.alive.iter().map(|survivor| width(&survivor.address)).max().unwrap_or(0).min(NAME);
    let name = shorten(&survivor.address, names.min(usize::from(left.saturating_sub(x))), paint.signs.cut);
    brush.put(x, y, left, &name, Style::new());
    let x = x + names as u16 + 2;
    let doing = clip(&doing, usize::from(left.saturating_sub(x + 1)), paint.signs.cut);
    brush.put(x, y, left.saturating_sub(1), &doing, look);
    if selected {
        brush.highlight(row, paint.of(Role::Selected));
        brush.put(row.left(), y, right, paint.signs.bar, paint.of(Role::Key));
    }
}

/// What is being done to it, and at the right end how many processes it has: one number, also where both tell one. The
/// countdown to KILL stands with the one, or, where that may be cut, with the other.
fn words(survivor: &Survivor, quitting: &Quitting, roomy: bool, now: Now) -> (String, String) {
    let counted = survivor.doing.contains(" process");
    let processes = survivor.processes.filter(|_| !counted).map(u64::from);
    let kill = kill_in(survivor, quitting, now);
    if roomy {
        let doing =
            [survivor.doing.as_str()].into_iter().chain(kill.as_deref()).collect::<Vec<_>>().join(", ");
        return (doing, processes.map_or_else(String::new, |n| count(n, "process", "processes")));
    }
    let kill = kill.map(|kill| kill.replace(" in ", " "));
    let beside: Vec<String> = processes.map(|n| format!("{n} proc")).into_iter().chain(kill).collect();
    (survivor.doing.clone(), beside.join(", "))
}

/// `KILL in 7s`: its own deadline, or the one of all.
fn kill_in(survivor: &Survivor, quitting: &Quitting, now: Now) -> Option<String> {
    let at = survivor.kill_at.unwrap_or(quitting.kill_at);
    let left = age::seconds_left(at, now.mono);
    (left > 0).then(|| format!("KILL in {left}s"))
}
