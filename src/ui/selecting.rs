//! Selecting in the pager: where a selection begins, what keys do to it, and that its moving end stays in sight. Not: what becomes
//! of what is selected (`outward`), and not: the mouse.

use crate::model::View;
use crate::terminal::{Direction, Terminal};
use crate::ui::eye::World;
use crate::ui::key::Key;
use crate::ui::pager::{
    Pager, Position, Reach, Seen, Selection, Shape, Spot, Step, at_column, column_of, first_row, place_of,
    settled, step, text, up,
};
use crate::ui::update::{anywhere, digit};
use crate::ui::{Action, Request, Ui, outward, typing};

/// Lines without text that are passed to find the last one with some.
const BLANK: usize = 1_000;
/// Beyond as many lines those that filters leave are counted, and lines around them are not.
const FAR: u64 = 10_000;

impl Ui {
    /// Whether something is selected in the pager that is looked at.
    pub(super) fn selects(&self, view: &View) -> bool {
        let pager = self.job(view).and_then(|job| self.pagers.get(&job.id));
        pager.is_some_and(|pager| pager.selection.is_some())
    }

    /// Begins to select. The pager stays where it is from now on.
    pub(super) fn begin_selection(&mut self, shape: Shape, world: World<'_>) {
        let reach = self.reach();
        let Some((pager, terminal)) = self.pager(world) else { return };
        match (point(pager, terminal, reach), first_row(pager, terminal, reach)) {
            (Some(at), Some(first)) => begin(pager, terminal, reach, (shape, at), first),
            (_, None) => self.note(ALTERNATE),
            (None, _) => self.note("there is nothing to select yet"),
        }
    }

    /// Nothing is selected any more.
    pub(super) fn end_selection(&mut self, world: World<'_>) {
        if let Some((pager, _)) = self.pager(world) {
            pager.selection = None;
        }
    }
}

/// Why there is nothing that could be selected.
pub(super) const ALTERNATE: &str =
    "the job paints a screen of its own, which is no part of its output: Shift+drag selects there";

/// Begins a selection at a character; `first` is what stands in the first row, and goes on to.
pub(super) fn begin(
    pager: &mut Pager,
    terminal: &Terminal,
    reach: Reach,
    (shape, at): (Shape, Spot),
    first: Position,
) {
    pager.selection = Some(Selection::new(shape, at, first, terminal));
    pager.pause(terminal, reach, first);
    reveal(pager, terminal, reach);
}

/// The character that a person means who has selected nothing: the error or the hit that was gone to, if it is in sight; while the
/// output is followed the last line, else the first one that is seen.
pub(super) fn point(pager: &Pager, terminal: &Terminal, reach: Reach) -> Option<Spot> {
    let lines = terminal.lines();
    if lines.is_empty() {
        return None;
    }
    let first = first_row(pager, terminal, reach)?.line.min(lines.end - 1);
    let sight = first..=first + u64::from(reach.rows);
    if let Some(line) = pager.graves.current().filter(|line| sight.contains(line)) {
        return Some(Spot { line, byte: 0 });
    }
    if let Some(search) = &pager.search
        && let Some(line) = search.line().filter(|line| sight.contains(line))
    {
        let byte = search.hits(&text(terminal, line)).first().map_or(0, |hit| hit.start);
        return Some(Spot { line, byte });
    }
    if !pager.follows() {
        return Some(Spot { line: first, byte: 0 });
    }
    let seen = pager.seen(terminal);
    let last = std::iter::successors(seen.previous(lines.end), |line| seen.previous(*line));
    let written = last.take(BLANK).find(|line| !text(terminal, *line).trim().is_empty());
    Some(Spot { line: written.or(seen.previous(lines.end))?, byte: 0 })
}

/// Does what a key means while something is selected.
pub(super) fn act(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    let count = ui.count.take();
    match action {
        Action::Digit if key.digit() == Some(0) && count.is_none() => {
            travel(ui, Travel::Step(Step::LineStart), 1, world);
        }
        Action::Digit => ui.count = digit(count, key),
        // The count is what it leaves first.
        Action::Close if count.is_some() => {}
        Action::Close => ui.end_selection(world),
        Action::Select => reshape(ui, Shape::Chars, world),
        Action::SelectLines => reshape(ui, Shape::Lines, world),
        Action::SelectBlock => reshape(ui, Shape::Block, world),
        Action::OtherEnd => turn(ui, world),
        Action::Search => typing::begin_search(ui, Direction::Forward, world),
        Action::SearchBack => typing::begin_search(ui, Direction::Backward, world),
        Action::NextHit | Action::PreviousHit => next_hit(ui, action, world),
        Action::Wrap => ui.wrap = !ui.wrap,
        Action::Copy | Action::Save | Action::Pipe | Action::Page | Action::Edit => {
            return outward::act(ui, action, world);
        }
        action => match travel_of(action, count) {
            Some(to) => travel(ui, to, count.unwrap_or(1), world),
            None => return anywhere(ui, action, key, world),
        },
    }
    Vec::new()
}

/// A way to move the cursor.
#[derive(Debug, Clone, Copy)]
enum Travel {
    /// Along the text.
    Step(Step),
    /// So many lines down, or up.
    Lines(i64),
    /// So many half pages.
    HalfPages(i64),
    /// To a line, counted from 1.
    Line(u64),
    /// To the last line.
    Last,
}

fn travel_of(action: Action, count: Option<u32>) -> Option<Travel> {
    let times = i64::from(count.unwrap_or(1));
    Some(match action {
        Action::Left => Travel::Step(Step::Left),
        Action::Right => Travel::Step(Step::Right),
        Action::NextWord => Travel::Step(Step::NextWord),
        Action::PreviousWord => Travel::Step(Step::PreviousWord),
        Action::WordEnd => Travel::Step(Step::WordEnd),
        Action::FirstWord => Travel::Step(Step::FirstWord),
        Action::LineEnd => Travel::Step(Step::LineEnd),
        Action::Up => Travel::Lines(-times),
        Action::Down => Travel::Lines(times),
        Action::HalfUp => Travel::HalfPages(-times),
        Action::HalfDown => Travel::HalfPages(times),
        Action::PageUp => Travel::HalfPages(-2 * times),
        Action::PageDown => Travel::HalfPages(2 * times),
        Action::First => Travel::Line(count.map_or(1, u64::from)),
        Action::Last => count.map_or(Travel::Last, |count| Travel::Line(u64::from(count))),
        _ => return None,
    })
}

fn travel(ui: &mut Ui, to: Travel, times: u32, world: World<'_>) {
    let reach = ui.reach();
    let Some((pager, terminal)) = ui.pager(world) else { return };
    let seen = pager.seen(terminal);
    let Some(selection) = &mut pager.selection else { return };
    if let Some(search) = &mut pager.search {
        search.lift();
    }
    let lines = terminal.lines();
    let last = lines.end.saturating_sub(1).max(lines.start);
    let from = selection.cursor;
    let half = i64::from(reach.rows.div_ceil(2));
    let line = match to {
        Travel::Step(how) => {
            selection.cursor = step(&seen, from, how, times);
            let text = text(terminal, selection.cursor.line);
            let end = how == Step::LineEnd;
            selection.column = if end { usize::MAX } else { column_of(&text, selection.cursor.byte) };
            return reveal(pager, terminal, reach);
        }
        Travel::Lines(lines) => farther(&seen, from.line, lines),
        Travel::HalfPages(pages) => farther(&seen, from.line, pages.saturating_mul(half)),
        Travel::Line(number) => number.saturating_sub(1),
        Travel::Last => last,
    };
    let line = line.clamp(lines.start, last);
    let Some(line) = seen.next(line).or_else(|| seen.previous(lines.end)) else { return };
    selection.cursor = Spot { line, byte: at_column(&text(terminal, line), selection.column) };
    reveal(pager, terminal, reach);
}

/// So many lines further down, or up, of those that are seen.
fn farther(seen: &Seen<'_>, from: u64, lines: i64) -> u64 {
    let count = lines.unsigned_abs();
    let up = lines < 0;
    if count > FAR {
        return if up { seen.above(from, count) } else { seen.below(from, count) };
    }
    let mut at = from;
    for _ in 0..count {
        match if up { seen.previous(at) } else { seen.next(at + 1) } {
            Some(line) => at = line,
            None => break,
        }
    }
    at
}

/// The same key again ends the selection; another one changes its shape.
fn reshape(ui: &mut Ui, shape: Shape, world: World<'_>) {
    let Some((pager, _)) = ui.pager(world) else { return };
    match &mut pager.selection {
        Some(selection) if selection.shape != shape => selection.shape = shape,
        Some(_) | None => pager.selection = None,
    }
}

fn turn(ui: &mut Ui, world: World<'_>) {
    let reach = ui.reach();
    let Some((pager, terminal)) = ui.pager(world) else { return };
    if let Some(selection) = &mut pager.selection {
        selection.turn(terminal);
    }
    reveal(pager, terminal, reach);
}

/// To the next hit in the same line, else to the next line with one.
fn next_hit(ui: &mut Ui, action: Action, world: World<'_>) {
    let reach = ui.reach();
    let Some((pager, terminal)) = ui.pager(world) else { return };
    if let (Some(search), Some(selection)) = (&mut pager.search, &mut pager.selection) {
        let forward = (search.direction == Direction::Forward) == (action == Action::NextHit);
        let at = selection.cursor;
        let mut hits = search.hits(&text(terminal, at.line)).into_iter().map(|hit| hit.start);
        let hit = if forward { hits.find(|hit| *hit > at.byte) } else { hits.rfind(|hit| *hit < at.byte) };
        if let Some(byte) = hit {
            selection.cursor.byte = byte;
            return reveal(pager, terminal, reach);
        }
        search.lift();
    }
    ui.read(action, None, world);
}

/// The search came to a line: there the cursor goes.
pub(super) fn land(pager: &mut Pager, terminal: &Terminal, reach: Reach, line: u64) {
    let (Some(search), Some(selection)) = (&pager.search, &mut pager.selection) else { return };
    let text = text(terminal, line);
    let hits = search.hits(&text);
    let beyond = hits.iter().find(|hit| line != selection.cursor.line || hit.start > selection.cursor.byte);
    let byte = beyond.or(hits.first()).map_or(0, |hit| hit.start);
    selection.cursor = Spot { line, byte };
    selection.column = column_of(&text, byte);
    reveal(pager, terminal, reach);
}

/// Brings the end that moves on the screen.
pub(super) fn reveal(pager: &mut Pager, terminal: &Terminal, reach: Reach) {
    let Some(selection) = &mut pager.selection else { return };
    // What stood on a screen may have changed.
    let text = text(terminal, selection.cursor.line);
    selection.cursor.byte = settled(&text, selection.cursor.byte);
    let column = column_of(&text, selection.cursor.byte);
    let cursor = selection.cursor;
    let seen = pager.seen(terminal);
    let at = place_of(&seen, reach, cursor);
    let from = pager.position(terminal, reach);
    let lowest = up(&seen, reach, at, usize::from(reach.rows) - 1);
    if at < from {
        pager.pause(terminal, reach, at);
    } else if lowest > from {
        pager.pause(terminal, reach, lowest);
    }
    pager.shift = reach.shift_to(pager.shift, column, 0);
}
