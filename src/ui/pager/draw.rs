//! Draws the output: the live screen with what stands above it while it follows, else lines from a position on. Not: the
//! header.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::terminal::Terminal;
use crate::ui::brush::{Brush, append};
use crate::ui::pager::line::{Decoded, decode};
use crate::ui::pager::wrap::{Reach, breaks};
use crate::ui::pager::{Pager, Position, Search, Seen, Stage, screen, stage, up};
use crate::ui::paint::Paint;
use crate::ui::text::{cells, prefix};

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Shown {
    /// Nothing: there is no output.
    Nothing,
    /// Nothing: no line passes the filters, as far as known.
    NoMatch,
    /// The live screen, its first row at this row of the terminal.
    Screen(u16),
    /// Lines.
    Lines,
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
        return Shown::Lines;
    }
    let reach = Reach { cols: area.width, rows: area.height, wrap };
    let sheet = Sheet { pager, terminal, seen: pager.seen(terminal), reach, paint };
    match stage(pager, terminal, reach) {
        Stage::Lines if terminal.lines().is_empty() => Shown::Nothing,
        Stage::Lines => {
            let top = pager.position(terminal, reach);
            let y = sheet.draw_lines(brush, area, top, terminal.lines().end);
            sheet.draw_rest(brush, Rect { y, height: area.bottom() - y, ..area }, area.y)
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

/// What is drawn.
struct Sheet<'a> {
    pager: &'a Pager,
    terminal: &'a Terminal,
    seen: Seen<'a>,
    reach: Reach,
    paint: &'a Paint<'a>,
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
            let looks = self.looks(&decoded, number);
            let parted = self.seen.is_parted(number).then_some(Row::Parting);
            let rows = rows(&decoded.text, area.width, self.reach.wrap, self.pager.shift);
            for row in parted.into_iter().chain(rows.into_iter().map(Row::Text)).skip(skip) {
                if y >= area.bottom() {
                    return y;
                }
                self.draw_row(brush, Rect { y, height: 1, ..area }, &decoded.text, row, &looks);
                y += 1;
            }
            skip = 0;
            next = self.seen.next(number + 1);
        }
        y
    }

    /// Below the last line: whether there may be more. The first row of all is `top`.
    fn draw_rest(&self, brush: &mut Brush<'_>, rest: Rect, top: u16) -> Shown {
        if rest.y == top && self.pager.filtered().is_some() {
            return Shown::NoMatch;
        }
        if !rest.is_empty() && !self.seen.is_known() {
            brush.put(rest.x, rest.y, rest.right(), self.paint.signs.cut, self.paint.of(Role::Dim));
        }
        Shown::Lines
    }

    fn looks<'d>(&self, decoded: &'d Decoded, number: u64) -> Looks<'d> {
        if self.seen.is_aside(number) {
            return Looks { styles: &decoded.styles, hits: Vec::new(), over: self.paint.of(Role::Dim) };
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
fn rows(text: &str, cols: u16, wrap: bool, shift: u16) -> Vec<(usize, usize)> {
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
}

impl<'d> Looks<'d> {
    fn new(decoded: &'d Decoded, search: Option<&Search>, number: u64, paint: &Paint<'_>) -> Self {
        let hits = search.map_or_else(Vec::new, |search| {
            let look = paint.of(if search.stands_on(number) { Role::CurrentHit } else { Role::Hit });
            search.hits(&decoded.text).into_iter().map(|hit| (hit, look)).collect()
        });
        Self { styles: &decoded.styles, hits, over: Style::new() }
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
        }
        column += wide;
    }
}
