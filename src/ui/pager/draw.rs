//! Draws the output: the live screen with what stands above it while it follows, else lines from a position on. Not: the
//! header.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::terminal::{Line, LineKind, Terminal};
use crate::ui::brush::{Brush, append};
use crate::ui::pager::line::{Decoded, decode};
use crate::ui::pager::wrap::{Reach, breaks};
use crate::ui::pager::{Beside, Pager, Position, Seen, Stage, screen, stage, up};
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
    (pager, reach): (&Pager, Reach),
    terminal: &Terminal,
    paint: &Paint<'_>,
) -> Shown {
    if area.is_empty() {
        return Shown::Lines;
    }
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
            let beside = Beside { mark, number, at: line.at, since: margin.since(self.terminal, number) };
            margin.draw(brush, (area.left(), area.top()), &beside, self.paint);
        }
        let aside = self.seen.is_aside(number);
        let search = self.pager.search.as_ref().filter(|_| !aside);
        let hits = |text: &str| search.map_or_else(Vec::new, |search| search.hits(text));
        let lay = Lay {
            hits: &hits,
            stands: search.is_some_and(|search| search.stands_on(number)),
            over: if aside { self.paint.of(Role::Dim) } else { Style::new() },
        };
        let text = Rect { x: area.right() - self.reach.cols.min(area.width), width: self.reach.cols, ..area };
        let end = draw_line(brush, text, line, skip, (self.reach, self.pager.shift), &lay, self.paint);
        if self.pager.spot == Some(number) {
            let rows = Rect { height: end - area.y, ..area };
            brush.highlight(rows, self.paint.of(Role::Selected));
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
}

/// A row above a line that is none of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    /// Lines are left out here.
    Parting,
    /// The view was cleared here.
    Border,
}

/// What lies over the text of a line.
pub(in crate::ui) struct Lay<'h> {
    /// Where a search found something in a text.
    pub(in crate::ui) hits: &'h dyn Fn(&str) -> Vec<Range<usize>>,
    /// Whether the search stands on the line.
    pub(in crate::ui) stands: bool,
    /// What lies over all of it.
    pub(in crate::ui) over: Style,
}

/// Draws the rows of a line from the row `skip` on, as many as there is room for; returns the row after the last one drawn.
pub(in crate::ui) fn draw_line(
    brush: &mut Brush<'_>,
    area: Rect,
    line: &Line,
    skip: usize,
    (reach, shift): (Reach, u16),
    lay: &Lay<'_>,
    paint: &Paint<'_>,
) -> u16 {
    let decoded = decode(line, area.width, paint);
    let looks = Looks::new(&decoded, lay, paint);
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
    /// What lies over all of it.
    over: Style,
}

impl<'d> Looks<'d> {
    fn new(decoded: &'d Decoded, lay: &Lay<'_>, paint: &Paint<'_>) -> Self {
        let look = paint.of(if lay.stands { Role::CurrentHit } else { Role::Hit });
        let hits = (lay.hits)(&decoded.text).into_iter().map(|hit| (hit, look)).collect();
        Self { styles: &decoded.styles, hits, over: lay.over }
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
