//! The line above the last: what is typed, else a message, else what is wrong with zap itself, else the most important thing that
//! happened elsewhere.

use ratatui::layout::{Position, Rect};

use crate::config::Role;
use crate::model::{State, View};
use crate::ui::alert::{Alert, Trouble, ended, last_words};
use crate::ui::brush::Brush;
use crate::ui::eye::{Over, instance};
use crate::ui::keymap::Mode;
use crate::ui::paint::Paint;
use crate::ui::prompt::Prompt;
use crate::ui::text::{clip, count, thousands, width};
use crate::ui::{Action, Terminals, Ui, age, because};

/// Narrower than this, what happened needs the whole line.
const WAY: u16 = 60;

/// Draws the line; where the cursor belongs, if something is typed there.
pub(super) fn draw(
    brush: &mut Brush<'_>,
    area: Rect,
    ui: &Ui,
    view: &View,
    terminals: &Terminals,
    paint: &Paint<'_>,
) -> Option<Position> {
    if let Over::Prompt(prompt) = &ui.over {
        return Some(draw_prompt(brush, area, prompt, paint));
    }
    let area = draw_count(brush, area, ui, view, paint);
    if let Some(note) = &ui.note {
        brush.put(area.left() + 1, area.y, area.right(), note, paint.of(Role::KeyHint));
        return None;
    }
    if let Some(told) = background(ui) {
        let told = format!("{told}   {}", ui.keys.say(ui.pane(), "{close} ends it"));
        brush.put(area.left() + 1, area.y, area.right(), &told, paint.of(Role::KeyHint));
        return None;
    }
    if let Some(warning) = &ui.warning {
        draw_warning(brush, area, warning, ui, paint);
        return None;
    }
    let x = draw_marks(brush, area, ui, paint);
    if let (Some(alert), Some(way)) = (ui.alerts.first(), way(ui)) {
        let rest = Rect { x, width: area.right().saturating_sub(x), ..area };
        draw_alert(brush, rest, alert, &way, view, terminals, paint);
    }
    None
}

/// What is wrong with zap itself, and how many jobs are in trouble meanwhile: it may be their trouble too.
fn draw_warning(brush: &mut Brush<'_>, area: Rect, warning: &str, ui: &Ui, paint: &Paint<'_>) {
    let left = match way(ui) {
        Some(way) => draw_way(brush, area, &way, paint).saturating_sub(2),
        None => area.right().saturating_sub(1),
    };
    let x = brush.put(area.left() + 1, area.y, left, paint.signs.unwell, paint.of(Role::Failed)) + 1;
    let told = clip(warning, usize::from(left.saturating_sub(x)), paint.signs.cut);
    brush.put(x, area.y, left, &told, paint.of(Role::Alert));
}

/// What goes on while keys go on working.
fn background(ui: &Ui) -> Option<String> {
    let looks = ui.tells_looking_at().is_some_and(|at| at <= ui.now.mono);
    let saving = || ui.saving.as_ref().map(|(file, percent)| format!("saving {file}: {percent}%"));
    if looks { Some(format!("looking for the file{}", ui.signs.cut)) } else { saving() }
}

/// The count that is typed, at the right end; what is left of the line.
fn draw_count(brush: &mut Brush<'_>, area: Rect, ui: &Ui, view: &View, paint: &Paint<'_>) -> Rect {
    let counts = matches!(ui.mode(view), Mode::Pager | Mode::Select);
    let Some(count) = ui.count.filter(|_| counts) else { return area };
    let (left, right) = (area.left() + 1, area.right().saturating_sub(1));
    let x = brush.put_right(left, right, area.y, &count.to_string(), paint.of(Role::Prompt));
    Rect { width: x.saturating_sub(area.left() + 1), ..area }
}

/// How many jobs are marked, and what that is for unless something is to be told behind it: there that begins.
fn draw_marks(brush: &mut Brush<'_>, area: Rect, ui: &Ui, paint: &Paint<'_>) -> u16 {
    let marked = ui.tree.marks.len() as u64;
    if marked == 0 {
        return area.left();
    }
    let told = if ui.alerts.first().is_some() {
        format!("{} marked", thousands(marked))
    } else {
        let verbs = ui.keys.say(Mode::Tree, "{restart} {start} {stop} {kill}");
        format!("{}: {verbs} act on them", count(marked, "job marked", "jobs marked"))
    };
    brush.put(area.left() + 1, area.y, area.right(), &told, paint.of(Role::KeyHint)) + 1
}

fn draw_prompt(brush: &mut Brush<'_>, area: Rect, prompt: &Prompt, paint: &Paint<'_>) -> Position {
    let line = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let problem = prompt.problem.as_deref().unwrap_or_default();
    prompt.line.draw(brush, line, &prompt.sign(paint.keys), (problem, paint.of(Role::Failed)), paint)
}

/// `✗ dev/worker failed, exit 101, 3m ago: thread 'main' panicked at src/queue.rs:41     ! go there`.
fn draw_alert(
    brush: &mut Brush<'_>,
    area: Rect,
    alert: Alert,
    way: &(String, String),
    view: &View,
    terminals: &Terminals,
    paint: &Paint<'_>,
) {
    let Some(job) = instance(view, alert.id) else { return };
    let y = area.y;
    let left = draw_way(brush, area, way, paint);
    let (sign, look, what) = match alert.trouble {
        Trouble::Failed => {
            (paint.signs.state(State::Failed), Role::Failed, format!("failed, {}", ended(job)))
        }
        Trouble::Held => (paint.signs.state(State::Held), Role::Held, format!("is held, {}", ended(job))),
        Trouble::Unwell => (paint.signs.unwell, Role::Failed, "is unwell".to_owned()),
    };
    let x = brush.put(area.left() + 1, y, left, sign, paint.of(look)) + 1;
    let ago = match age::age(paint.now.mono.since(alert.at)) {
        now if now == "now" => "just now".to_owned(),
        age => format!("{age} ago"),
    };
    let told = format!("{} {}", job.address, what.trim_end_matches([',', ' ']));
    let ago = format!(", {ago}");
    let room = usize::from(left.saturating_sub(x));
    let words = match alert.trouble {
        Trouble::Failed | Trouble::Held => terminals.get(&alert.id).and_then(last_words),
        Trouble::Unwell => {
            let why = because::beside(job);
            Some(why.strip_prefix("unwell: ").unwrap_or(why).to_owned())
        }
    };
    // What it said tells more than since when.
    let for_words = if words.is_some() { SOME_WORDS } else { 0 };
    let told = if width(&told) + width(&ago) + for_words <= room { told + &ago } else { told };
    let x = brush.put(x, y, left, &told, paint.of(Role::Alert));
    if let Some(words) = words.filter(|_| usize::from(left.saturating_sub(x)) >= SOME_WORDS) {
        let x = brush.put(x, y, left, ": ", paint.of(Role::Dim));
        brush.put(x, y, left.saturating_sub(1), &words, paint.of(Role::Dim));
    }
}

/// The beginning of words, with the colon before them, has at least so many columns; fewer tell nothing.
const SOME_WORDS: usize = 10;

/// `+2 more  ! go there`, at the right end.
fn draw_way(brush: &mut Brush<'_>, area: Rect, (more, key): &(String, String), paint: &Paint<'_>) -> u16 {
    let end = area.right().saturating_sub(1);
    if area.width < WAY {
        return end;
    }
    let left = end.saturating_sub(width_of_way(more, key));
    let x = brush.put(left, area.y, end, more, paint.of(Role::Dim));
    let x = brush.put(x, area.y, end, key, paint.of(Role::Key));
    brush.put(x, area.y, end, GO, paint.of(Role::KeyHint));
    left
}

const GO: &str = " go there";

fn width_of_way(more: &str, key: &str) -> u16 {
    (width(more) + width(key) + width(GO)) as u16
}

/// How many are in trouble beside what is told in this line, and the key that leads there; nothing if the line tells something else,
/// or nobody is.
fn way(ui: &Ui) -> Option<(String, String)> {
    let else_told = matches!(ui.over, Over::Prompt(_)) || ui.note.is_some() || background(ui).is_some();
    ui.alerts.first().filter(|_| !else_told)?;
    let more = match ui.alerts.others() + usize::from(ui.warning.is_some()) {
        0 => String::new(),
        others => format!("+{others} more  "),
    };
    Some((more, ui.keys.told(ui.pane(), Action::NextTrouble)))
}

/// Whether the way to what happened stands at a column of the line.
pub(super) fn is_way(column: u16, area: Rect, ui: &Ui) -> bool {
    let Some((more, key)) = way(ui).filter(|_| ui.count.is_none() && area.width >= WAY) else { return false };
    let end = area.right().saturating_sub(1);
    let left = end.saturating_sub(width_of_way(&more, &key));
    (left..end).contains(&column)
}
