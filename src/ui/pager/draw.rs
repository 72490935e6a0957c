//! Draws the output: the live screen with what stands above it while it follows, else lines from a position on. Not: the
//! header.

use ratatui::layout::{Position as Place, Rect};
use ratatui::style::Style;

use crate::config::Role;
use crate::model::InstanceId;
use crate::terminal::{Line, LineKind, Terminal};
use crate::ui::brush::Brush;
use crate::ui::pager::cursor::settled;
use crate::ui::pager::extract::{Cut, Extract};
use crate::ui::pager::hit::place_of;
use crate::ui::pager::line::plain;
use crate::ui::pager::rows::{Lay, Selected, draw_line, rows};
use crate::ui::pager::wrap::{Reach, height, rows_above};
use crate::ui::pager::{Pager, Position, Remark, Seen, Stage, screen, stage, up};
use crate::ui::paint::Paint;
use crate::ui::text::width;

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Shown {
    /// Nothing: there is no output.
    Nothing,
    /// Nothing: no line passes the filters, as far as known.
    NoMatch,
    /// The live screen, its first row at this row of the terminal.
    Screen(u16),
    /// Lines, and where the cursor of a selection stands among them.
    Lines(Option<Place>),
}

/// Draws the output of a job into an area.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    area: Rect,
    (pager, reach): (&Pager, Reach),
    terminal: &Terminal,
    paint: &Paint<'_>,
) -> Shown {
    if area.is_empty() {
        return Shown::Lines(None);
    }
    let selected = pager.selection.as_ref().map(|selection| selection.extract(NOBODY, terminal));
    let canvas = Canvas { pager, terminal, seen: pager.seen(terminal), reach, paint, selected };
    match stage(pager, terminal, reach) {
        Stage::Lines if terminal.lines().is_empty() => Shown::Nothing,
        Stage::Lines => {
            let top = pager.position(terminal, reach);
            let y = canvas.draw_lines(brush, area, top, terminal.lines().end);
            let rest = Rect { y, height: area.bottom() - y, ..area };
            canvas.draw_rest(brush, rest, area.y).unwrap_or_else(|| Shown::Lines(canvas.cursor(area, top)))
        }
        Stage::Screen => canvas.draw_screen(brush, area),
        Stage::Joined(joint) => {
            let above = Rect { height: area.height - joint.rows, ..area };
            let end = Position { line: joint.line, row: 0 };
            let top = up(&canvas.seen, reach, end, usize::from(above.height));
            let y = canvas.draw_lines(brush, above, top, joint.line);
            canvas.draw_screen(brush, Rect { y, height: joint.rows, ..area })
        }
    }
}

/// What is selected is looked at, and goes nowhere.
const NOBODY: InstanceId = InstanceId(0);

/// What is drawn.
struct Canvas<'a> {
    pager: &'a Pager,
    terminal: &'a Terminal,
    seen: Seen<'a>,
    reach: Reach,
    paint: &'a Paint<'a>,
    selected: Option<Extract>,
}

impl Canvas<'_> {
    fn draw_screen(&self, brush: &mut Brush<'_>, area: Rect) -> Shown {
        let anything = screen::draw(brush, area, self.terminal.screen(), self.paint);
        if let Some(search) = &self.pager.search {
            screen::mark(brush, area, search, self.paint);
        }
        if anything || !self.terminal.lines().is_empty() { Shown::Screen(area.y) } else { Shown::Nothing }
    }

    /// Draws lines from a position up to but not including `end`; returns the row after the last one drawn.
    fn draw_lines(&self, brush: &mut Brush<'_>, area: Rect, top: Position, end: u64) -> u16 {
        let mut y = area.top();
        let mut skip = top.row;
        let mut next = self.seen.next(top.line);
        while let Some(number) = next.filter(|number| *number < end) {
            let Some(line) = self.terminal.line(number) else { break };
            let border = self.reach.is_border(number).then_some(Above::Border);
            let parting = self.seen.is_parted(number).then_some(Above::Parting);
            for above in border.into_iter().chain(parting) {
                match skip.checked_sub(1) {
                    Some(left) => skip = left,
                    None => y = self.draw_above(brush, area, y, above),
                }
            }
            y = self.draw_text(brush, Rect { y, height: area.bottom() - y, ..area }, number, &line, skip);
            if y >= area.bottom() {
                return y;
            }
            skip = 0;
            next = self.seen.next(number + 1);
        }
        let cleared = self.reach.cleared.is_some_and(|line| line >= end);
        if cleared { self.draw_above(brush, area, y, Above::Border) } else { y }
    }

    /// Draws the rows of a line from the row `skip` on; returns the row after the last one drawn.
    fn draw_text(&self, brush: &mut Brush<'_>, area: Rect, number: u64, line: &Line, skip: usize) -> u16 {
        let margin = self.reach.margin;
        if skip == 0 && !area.is_empty() && !margin.is_empty() {
            let mark = self.pager.marks.letter(number);
            let before = || Some(self.terminal.line(number.checked_sub(1)?)?.at);
            let since = margin.since(self.terminal, number, before);
            let remark = Remark { mark, number, at: line.at, since };
            margin.draw(brush, (area.left(), area.top()), &remark, self.paint);
        }
        let aside = self.seen.is_aside(number);
        let search = self.pager.search.as_ref().filter(|_| !aside);
        let hits = |text: &str| search.map_or_else(Vec::new, |search| search.hits(text));
        let lay = Lay {
            hits: &hits,
            stands: search.is_some_and(|search| search.stands_on(number)),
            over: if aside { self.paint.of(Role::Dim) } else { Style::new() },
            selected: &|text| self.selected_in(number, &line.kind, text),
        };
        let text = Rect { x: area.right() - self.reach.cols.min(area.width), width: self.reach.cols, ..area };
        let end = draw_line(brush, text, line, skip, (self.reach, self.pager.shift), &lay, self.paint);
        let rows = Rect { height: end - area.y, ..area };
        if self.pager.gone_to == Some(number) {
            brush.highlight(rows, self.paint.of(Role::Selected));
        }
        if self.pager.graves.stands_on(number) {
            brush.shade(rows, self.paint.of(Role::CurrentHit));
        }
        end
    }

    /// Draws a row above a line, if there is room; returns the row after it.
    fn draw_above(&self, brush: &mut Brush<'_>, area: Rect, y: u16, above: Above) -> u16 {
        if y >= area.bottom() {
            return y;
        }
        let dash = self.paint.signs.dash;
        let (told, role) = match above {
            Above::Parting => (dash.repeat(2), Role::Dim),
            Above::Border => {
                let told = format!("{} cleared here ", dash.repeat(2));
                let rest = usize::from(area.width).saturating_sub(told.chars().count());
                (told + &dash.repeat(rest), Role::Separator)
            }
        };
        brush.put(area.left(), y, area.right(), &told, self.paint.of(role));
        y + 1
    }

    /// Which bytes of a line are selected; what zap says between the lines is so as a whole.
    fn selected_in(&self, number: u64, kind: &LineKind, text: &str) -> Option<Selected> {
        let extract = self.selected.as_ref()?;
        let span = extract.span(number, text)?;
        let span = match kind {
            LineKind::Output | LineKind::Piece => span,
            LineKind::Note | LineKind::RunEnd(_) => 0..text.len(),
        };
        let goes_on = number + 1 < extract.lines.end || text.is_empty();
        let with_end = goes_on && !matches!(extract.cut, Cut::Block { .. });
        Some(Selected { span, with_end, look: self.paint.of(Role::Selected) })
    }

    /// Where the end of the selection stands that moves.
    fn cursor(&self, area: Rect, top: Position) -> Option<Place> {
        let spot = self.pager.selection.as_ref()?.cursor;
        let at = Some(place_of(&self.seen, self.reach, spot)).filter(|at| *at >= top)?;
        let mut y = 0_usize;
        let mut next = self.seen.next(top.line);
        while let Some(line) = next.filter(|line| *line < at.line) {
            y += height(&self.seen, line, self.reach);
            if y > usize::from(area.height) + top.row {
                return None;
            }
            next = self.seen.next(line + 1);
        }
        let y = (y + at.row).checked_sub(top.row).and_then(|y| u16::try_from(y).ok())?;
        let line = self.terminal.line(spot.line)?;
        let text = plain(&line);
        let row = at.row - rows_above(&self.seen, spot.line, self.reach);
        let start = rows(&line.kind, &text, self.reach, self.pager.shift).get(row)?.0;
        let x = match line.kind {
            LineKind::Output | LineKind::Piece => width(text.get(start..settled(&text, spot.byte))?),
            LineKind::Note | LineKind::RunEnd(_) => 0,
        };
        let x = x.min(usize::from(self.reach.cols) - 1);
        let beside = self.reach.margin.width();
        let place = Place::new(area.x + beside + x as u16, area.y.saturating_add(y));
        area.contains(place).then_some(place)
    }

    /// Below the last line: whether there may be more, and whether there is no line at all. The first row of all is `top`.
    fn draw_rest(&self, brush: &mut Brush<'_>, rest: Rect, top: u16) -> Option<Shown> {
        if rest.y == top && self.pager.filtered().is_some() {
            return Some(Shown::NoMatch);
        }
        if !rest.is_empty() && !self.seen.is_known() {
            brush.put(rest.x, rest.y, rest.right(), self.paint.signs.cut, self.paint.of(Role::Dim));
        }
        None
    }
}

/// A row above a line that is none of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    /// Lines are left out here.
    Parting,
    /// The view was cleared here.
    Border,
}
