//! Draws the output: the live screen with what stands above it while it follows, else lines from a position on. Not: the
//! header.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::{Position as Place, Rect};
use ratatui::style::{Color, Modifier, Style};

use crate::config::Role;
use crate::model::InstanceId;
use crate::terminal::{LineKind, Terminal};
use crate::ui::brush::{Brush, append};
use crate::ui::pager::cursor::{settled, text};
use crate::ui::pager::extract::{Cut, Extract};
use crate::ui::pager::hit::place_of;
use crate::ui::pager::line::{Decoded, decode};
use crate::ui::pager::wrap::{Reach, breaks, height};
use crate::ui::pager::{Pager, Position, Search, Seen, Stage, screen, stage, up};
use crate::ui::paint::Paint;
use crate::ui::text::{cells, prefix, width};

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
    pager: &Pager,
    wrap: bool,
    terminal: &Terminal,
    paint: &Paint<'_>,
) -> Shown {
    if area.is_empty() {
        return Shown::Lines(None);
    }
    let reach = Reach { cols: area.width, rows: area.height, wrap };
    let selected = pager.selection.as_ref().map(|selection| selection.extract(NOBODY, terminal));
    let sheet = Sheet { pager, terminal, seen: pager.seen(terminal), reach, paint, selected };
    match stage(pager, terminal, reach) {
        Stage::Lines if terminal.lines().is_empty() => Shown::Nothing,
        Stage::Lines => {
            let top = pager.position(terminal, reach);
            let y = sheet.draw_lines(brush, area, top, terminal.lines().end);
            let rest = Rect { y, height: area.bottom() - y, ..area };
            sheet.draw_rest(brush, rest, area.y).unwrap_or_else(|| Shown::Lines(sheet.cursor(area, top)))
        }
        Stage::Screen => sheet.draw_screen(brush, area),
        Stage::Joined(joint) => {
            let above = Rect { height: area.height - joint.rows, ..area };
            let end = Position { line: joint.line, row: 0 };
            let top = up(&sheet.seen, reach, end, usize::from(above.height));
            let y = sheet.draw_lines(brush, above, top, joint.line);
            sheet.draw_screen(brush, Rect { y, height: joint.rows, ..area })
        }
    }
}

/// What is selected is looked at, and goes nowhere.
const NOBODY: InstanceId = InstanceId(0);

/// What is drawn.
struct Sheet<'a> {
    pager: &'a Pager,
    terminal: &'a Terminal,
    seen: Seen<'a>,
    reach: Reach,
    paint: &'a Paint<'a>,
    selected: Option<Extract>,
}

impl Sheet<'_> {
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
            let decoded = decode(&line, area.width, self.paint);
            let mut looks = self.looks(&decoded, number);
            looks.selected = self.selected_in(number, &line.kind, &decoded.text);
            let parted = self.seen.is_parted(number).then_some(Row::Parting);
            let rows = rows(&decoded.text, area.width, self.reach.wrap, self.pager.shift);
            for row in parted.into_iter().chain(rows.into_iter().map(Row::Text)).skip(skip) {
                if y >= area.bottom() {
                    return y;
                }
                self.draw_row(brush, Rect { y, height: 1, ..area }, &decoded.text, row, &looks);
                if self.pager.graves.stands_on(number) {
                    brush.shade(Rect { y, height: 1, ..area }, self.paint.of(Role::CurrentHit));
                }
                y += 1;
            }
            skip = 0;
            next = self.seen.next(number + 1);
        }
        y
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
        let text = text(self.terminal, spot.line);
        let row = at.row - usize::from(self.seen.is_parted(spot.line));
        let start = rows(&text, self.reach.cols, self.reach.wrap, self.pager.shift).get(row)?.0;
        let x = width(text.get(start..settled(&text, spot.byte))?).min(usize::from(area.width) - 1);
        let place = Place::new(area.x + x as u16, area.y.saturating_add(y));
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

    fn looks<'d>(&self, decoded: &'d Decoded, number: u64) -> Looks<'d> {
        if self.seen.is_aside(number) {
            let over = self.paint.of(Role::Dim);
            return Looks { styles: &decoded.styles, hits: Vec::new(), over, selected: None };
        }
        Looks::new(decoded, self.pager.search.as_ref(), number, self.paint)
    }

    fn draw_row(&self, brush: &mut Brush<'_>, at: Rect, text: &str, row: Row, looks: &Looks<'_>) {
        let Row::Text((start, end)) = row else {
            let sign = self.paint.signs.dash.repeat(2);
            brush.put(at.left(), at.y, at.right(), &sign, self.paint.of(Role::Dim));
            return;
        };
        draw_row(brush.cells(at.left(), at.y, at.right()), text, start..end, looks);
        if !self.reach.wrap && end < text.len() {
            let sign = self.paint.signs.beyond;
            brush.put(at.right() - 1, at.y, at.right(), sign, self.paint.of(Role::Dim));
        }
    }
}

/// A row of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    /// Lines are left out here.
    Parting,
    /// This part of the text of a line.
    Text((usize, usize)),
}

/// Where the rows of a line begin and end, as bytes of its text.
pub(super) fn rows(text: &str, cols: u16, wrap: bool, shift: u16) -> Vec<(usize, usize)> {
    if !wrap {
        let start = prefix(text, usize::from(shift)).len();
        return vec![(start, start + prefix(&text[start..], usize::from(cols)).len())];
    }
    let starts = breaks(text, cols);
    let ends = starts.iter().copied().chain([text.len()]);
    [0].iter().chain(&starts).copied().zip(ends).collect()
}

/// What each byte of a line looks like.
struct Looks<'d> {
    styles: &'d [(usize, Style)],
    hits: Vec<(Range<usize>, Style)>,
    /// What lies over all of it.
    over: Style,
    selected: Option<Selected>,
}

/// What is selected of a line.
struct Selected {
    span: Range<usize>,
    /// Its end is selected too, because it goes on in the next line.
    with_end: bool,
    look: Style,
}

impl<'d> Looks<'d> {
    fn new(decoded: &'d Decoded, search: Option<&Search>, number: u64, paint: &Paint<'_>) -> Self {
        let hits = search.map_or_else(Vec::new, |search| {
            let look = paint.of(if search.stands_on(number) { Role::CurrentHit } else { Role::Hit });
            search.hits(&decoded.text).into_iter().map(|hit| (hit, look)).collect()
        });
        Self { styles: &decoded.styles, hits, over: Style::new(), selected: None }
    }
}

fn draw_row(to: &mut [Cell], text: &str, row: Range<usize>, looks: &Looks<'_>) {
    let mut styles = looks.styles.iter().peekable();
    let mut hits = looks.hits.iter().peekable();
    let mut column = 0;
    let mut last = None;
    for (offset, c) in text[row.clone()].char_indices() {
        let byte = row.start + offset;
        while styles.next_if(|(end, _)| *end <= byte).is_some() {}
        while hits.next_if(|(hit, _)| hit.end <= byte).is_some() {}
        let wide = match cells(c) {
            None => continue,
            Some(0) => {
                append(last.and_then(|last: usize| to.get_mut(last)), c);
                continue;
            }
            Some(wide) => usize::from(wide),
        };
        if column + wide > to.len() {
            break;
        }
        to[column].set_char(c);
        last = Some(column);
        for cell in &mut to[column..column + wide] {
            if let Some((_, style)) = styles.peek() {
                cell.set_style(*style);
            }
            cell.set_style(looks.over);
            if let Some((_, style)) = hits.peek().filter(|(hit, _)| hit.contains(&byte)) {
                cell.set_style(*style);
            }
            if let Some(selected) = looks.selected.as_ref().filter(|selected| selected.span.contains(&byte)) {
                select(cell, selected.look);
            }
        }
        column += wide;
    }
    if let (Some(selected), Some(cell)) = (&looks.selected, to.get_mut(column))
        && row.end == text.len()
        && selected.with_end
    {
        select(cell, selected.look);
    }
}

/// The colours of the job give way: what is selected shall look so, whatever it is, and on every terminal.
fn select(cell: &mut Cell, style: Style) {
    (cell.fg, cell.bg, cell.modifier) = (Color::Reset, Color::Reset, Modifier::empty());
    cell.set_style(style);
    if cell.bg == Color::Reset && cell.modifier.is_empty() {
        cell.modifier = Modifier::REVERSED;
    }
}
