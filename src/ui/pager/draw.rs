//! Draws the output: the live screen with what stands above it while it follows, else lines from a position on. Not: the
//! header.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::terminal::{Line, LineKind, Moment, Terminal};
use crate::ui::brush::{Brush, append};
use crate::ui::pager::line::{Decoded, decode};
use crate::ui::pager::wrap::{Reach, breaks};
use crate::ui::pager::{Beside, Pager, Position, Stage, screen, stage, up};
use crate::ui::paint::Paint;
use crate::ui::text::{cells, prefix};

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Shown {
    /// Nothing: there is no output.
    Nothing,
    /// The live screen, its first row at this row of the terminal.
    Screen(u16),
    /// Lines.
    Lines,
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
        return Shown::Lines;
    }
    let sheet = Sheet { pager, terminal, reach, paint };
    match stage(pager, terminal, reach) {
        Stage::Lines if terminal.lines().is_empty() => Shown::Nothing,
        Stage::Lines => {
            let top = pager.position(terminal, reach);
            sheet.draw_lines(brush, area, top, terminal.lines().end);
            Shown::Lines
        }
        Stage::Screen => sheet.draw_screen(brush, area),
        Stage::Joined(joint) => {
            let above = Rect { height: area.height - joint.rows, ..area };
            let end = Position { line: joint.line, row: 0 };
            let top = up(terminal, reach, end, usize::from(above.height));
            let y = sheet.draw_lines(brush, above, top, joint.line);
            sheet.draw_screen(brush, Rect { y, height: joint.rows, ..area })
        }
    }
}

/// What is drawn.
struct Sheet<'a> {
    pager: &'a Pager,
    terminal: &'a Terminal,
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
        let beside = self.reach.margin;
        let text = Rect { x: area.right() - self.reach.cols.min(area.width), width: self.reach.cols, ..area };
        let mut y = area.top();
        let mut skip = top.row;
        for number in top.line..end {
            let Some(line) = self.terminal.line(number) else { break };
            if skip < self.reach.above(number) {
                y = self.draw_border(brush, area, y);
            }
            skip = skip.saturating_sub(self.reach.above(number));
            if skip == 0 && y < area.bottom() && !beside.is_empty() {
                beside.draw(brush, (area.left(), y), &self.beside(number, line.at), self.paint);
            }
            let left = Rect { y, height: area.bottom() - y, ..text };
            let hits =
                |text: &str| self.pager.search.as_ref().map_or_else(Vec::new, |search| search.hits(text));
            let stands = self.pager.search.as_ref().is_some_and(|search| search.stands_on(number));
            y = draw_line(
                brush,
                left,
                &line,
                skip,
                (self.reach, self.pager.shift),
                (&hits, stands),
                self.paint,
            );
            if self.pager.spot == Some(number) {
                let rows = Rect { y: left.y, height: y - left.y, ..area };
                brush.highlight(rows, self.paint.of(Role::Selected));
            }
            if y >= area.bottom() {
                return y;
            }
            skip = 0;
        }
        if self.reach.cleared.is_some_and(|line| line >= end) { self.draw_border(brush, area, y) } else { y }
    }

    /// Says that the view was cleared here; returns the row after it.
    fn draw_border(&self, brush: &mut Brush<'_>, area: Rect, y: u16) -> u16 {
        if y >= area.bottom() {
            return y;
        }
        let dash = self.paint.signs.dash;
        let told = format!("{} cleared here ", dash.repeat(2));
        let rest = usize::from(area.width).saturating_sub(told.chars().count());
        let look = self.paint.of(Role::Separator);
        brush.put(area.left(), y, area.right(), &(told + &dash.repeat(rest)), look);
        y + 1
    }

    fn beside(&self, number: u64, at: Moment) -> Beside {
        let since = self.reach.margin.since(self.terminal, number);
        Beside { mark: self.pager.marks.letter(number), number, at, since }
    }
}

/// Where a search found something in a text.
pub(in crate::ui) type Hits<'h> = &'h dyn Fn(&str) -> Vec<Range<usize>>;

/// Draws the rows of a line from the row `skip` on, as many as there is room for; returns the row after the last one drawn.
/// `hits` are what a search found in a text, and whether it stands on this line.
pub(in crate::ui) fn draw_line(
    brush: &mut Brush<'_>,
    area: Rect,
    line: &Line,
    skip: usize,
    (reach, shift): (Reach, u16),
    hits: (Hits<'_>, bool),
    paint: &Paint<'_>,
) -> u16 {
    let decoded = decode(line, area.width, paint);
    let looks = Looks::new(&decoded, hits, paint);
    // The end of a run is one row, however much there would be to tell.
    let (wrap, shift) = match line.kind {
        LineKind::RunEnd(_) => (false, 0),
        LineKind::Output | LineKind::Piece | LineKind::Note => (reach.wrap, shift),
    };
    let rows = rows(&decoded.text, area.width, wrap, shift);
    let mut y = area.top();
    for (start, end) in rows.into_iter().skip(skip) {
        if y >= area.bottom() {
            break;
        }
        draw_row(brush.cells(area.left(), y, area.right()), &decoded.text, start..end, &looks);
        if !wrap && end < decoded.text.len() {
            brush.put(area.right() - 1, y, area.right(), paint.signs.beyond, paint.of(Role::Dim));
        }
        y += 1;
    }
    y
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
}

impl<'d> Looks<'d> {
    fn new(decoded: &'d Decoded, (hits, stands): (Hits<'_>, bool), paint: &Paint<'_>) -> Self {
        let look = paint.of(if stands { Role::CurrentHit } else { Role::Hit });
        let hits = hits(&decoded.text).into_iter().map(|hit| (hit, look)).collect();
        Self { styles: &decoded.styles, hits }
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
            if let Some((_, style)) = hits.peek().filter(|(hit, _)| hit.contains(&byte)) {
                cell.set_style(*style);
            }
        }
        column += wide;
    }
}
