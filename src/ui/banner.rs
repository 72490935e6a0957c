//! What is wrong with the file: one line while it lasts, and all of it on request. Not: finding problems.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::model::{FileProblem, State};
use crate::ui::brush::Brush;
use crate::ui::eye::Over;
use crate::ui::keymap::Mode;
use crate::ui::page::Page;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, count, prefix, width};
use crate::ui::{Action, Request, Ui};

/// Where one stands in the text of the problems.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    /// How far down.
    pub(super) page: Page,
    /// How far to the right: a caret must stay below its word, so that long lines are not wrapped.
    shift: usize,
}

/// Narrower than this, the problem needs the whole line.
const WAY: u16 = 70;

/// `✗ systems.toml:14:15: no job named `dba` · 2 more     c reads it again  p shows all`.
pub(super) fn draw(brush: &mut Brush<'_>, area: Rect, problem: &FileProblem, mode: Mode, paint: &Paint<'_>) {
    let look = paint.of(Role::Banner);
    brush.shade(area, look);
    let end = area.right().saturating_sub(1);
    let way = match mode {
        Mode::Tree | Mode::Pager if area.width >= WAY => "{reload} reads it again  {problems} shows all",
        Mode::Tree | Mode::Pager => "{problems}",
        _ => "",
    };
    let way = &paint.keys.say(mode, way);
    let end = if way.is_empty() {
        end
    } else {
        brush.put_right(area.left(), end, area.y, way, look).saturating_sub(2)
    };
    let x = brush.put(area.left() + 1, area.y, end, paint.signs.state(State::Failed), look) + 1;
    let told = told(problem, usize::from(end.saturating_sub(x)), paint);
    brush.put(x, area.y, end, &told, look);
}

/// The first problem with its place and how many more there are; where it is narrow the place is only the line.
fn told(problem: &FileProblem, room: usize, paint: &Paint<'_>) -> String {
    let FileProblem { first, place, more, .. } = problem;
    let (more, few) = match more {
        0 => (String::new(), String::new()),
        more => (format!(" {} {more} more", paint.signs.dot), format!(" +{more}")),
    };
    let at = |place: &str| if place.is_empty() { first.clone() } else { format!("{place}: {first}") };
    let whole = at(place) + &more;
    if width(&whole) <= room {
        return whole;
    }
    let line = place.split_once(':').map_or(place.as_str(), |(_, line)| line);
    clip(&at(line), room.saturating_sub(width(&few)), paint.signs.cut).into_owned() + &few
}

/// Shows the whole text, if something is wrong.
pub(super) fn open(ui: &mut Ui, problem: Option<&FileProblem>) {
    match problem {
        Some(_) => ui.over = Over::Problem(Reading::default()),
        None => ui.note("nothing is wrong with the file"),
    }
}

/// Does what a key means while the whole text is shown.
pub(super) fn act(ui: &mut Ui, action: Action, problem: Option<&FileProblem>) -> Vec<Request> {
    let size = ui.size;
    let (Over::Problem(reading), Some(problem)) = (&mut ui.over, problem) else { return Vec::new() };
    let half = usize::from(size.0).div_ceil(2);
    match action {
        Action::Reload => return vec![Request::Reload],
        Action::Close => ui.over = Over::Nothing,
        Action::Left => reading.shift = reading.shift.saturating_sub(half),
        Action::Right => {
            let widest = problem.text.lines().map(width).max().unwrap_or(0);
            let most = (widest + 2).saturating_sub(usize::from(size.0));
            reading.shift = (reading.shift + half).min(most);
        }
        action => {
            let (rows, height) = measure(problem, size);
            reading.page.scroll(action, rows, height);
        }
    }
    Vec::new()
}

/// How many rows the text has, and how many of them are seen.
pub(super) fn measure(problem: &FileProblem, size: (u16, u16)) -> (usize, u16) {
    (problem.text.lines().count(), area(size).height)
}

/// Draws the whole text over everything but the last line.
pub(super) fn draw_text(
    brush: &mut Brush<'_>,
    size: (u16, u16),
    problem: &FileProblem,
    reading: Reading,
    paint: &Paint<'_>,
) {
    let area = area(size);
    brush.clear(Rect::new(0, 0, size.0, area.bottom()));
    let (rows, height) = measure(problem, size);
    let top = reading.page.top(rows, height);
    let number = count(u64::from(problem.more) + 1, "problem", "problems");
    let told = format!("{number}: what ran goes on as it was");
    if size.1 >= 2 {
        let beyond = reading.page.beyond(rows, height);
        let left = brush.put_right(1, size.0.saturating_sub(1), 0, beyond, paint.of(Role::Key));
        let told = clip(&told, usize::from(left.saturating_sub(3)), paint.signs.cut);
        brush.put(1, 0, left, &told, paint.of(Role::Head));
    }
    let right = area.right().saturating_sub(1);
    for (line, y) in problem.text.lines().skip(top).zip(area.top()..area.bottom()) {
        let line = line.replace('\t', "    ");
        let shown = &line[prefix(&line, reading.shift).len()..];
        let style = line_role(&line).map_or_else(ratatui::style::Style::new, |role| paint.of(role));
        brush.put(area.left() + 1, y, right, shown, style);
        if width(shown) > usize::from(right.saturating_sub(area.left() + 1)) {
            brush.put(right, y, area.right(), paint.signs.beyond, paint.of(Role::Dim));
        }
    }
}

/// The sentence of a problem stands out from the piece of the file below it.
fn line_role(line: &str) -> Option<Role> {
    if line.starts_with("error") {
        Some(Role::Failed)
    } else if line.starts_with("warning") {
        Some(Role::Waiting)
    } else if line.trim_start().starts_with("-->") {
        Some(Role::Dim)
    } else {
        None
    }
}

fn area(size: (u16, u16)) -> Rect {
    let below = u16::from(size.1 >= 3);
    let above = u16::from(size.1 >= 2);
    Rect::new(0, above, size.0, size.1 - below - above)
}
