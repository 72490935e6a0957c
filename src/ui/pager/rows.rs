//! Draws the rows of one line: its styles, hits, what is selected. Not: which lines, and not: what stands beside them.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::config::Role;
use crate::terminal::{Line, LineKind};
use crate::ui::brush::{Brush, append};
use crate::ui::pager::line::{Decoded, decode};
use crate::ui::pager::wrap::{Reach, breaks};
use crate::ui::paint::Paint;
use crate::ui::text::{cells, prefix};

/// What lies over the text of a line.
pub(in crate::ui) struct Lay<'h> {
    /// Where a search found something in a text.
    pub(in crate::ui) hits: &'h dyn Fn(&str) -> Vec<Range<usize>>,
    /// Whether the search stands on the line.
    pub(in crate::ui) stands: bool,
    /// What lies over all of it.
    pub(in crate::ui) over: Style,
    /// What is selected of a text.
    pub(in crate::ui) selected: &'h dyn Fn(&str) -> Option<Selected>,
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
    let reach = Reach { cols: area.width, ..reach };
    let rows = rows(&line.kind, &decoded.text, reach, shift);
    let chopped = !wraps(&line.kind, reach);
    let mut y = area.top();
    for (start, end) in rows.into_iter().skip(skip) {
        if y >= area.bottom() {
            break;
        }
        draw_row(brush.cells(area.left(), y, area.right()), &decoded.text, start..end, &looks);
        if chopped && end < decoded.text.len() {
            brush.put(area.right() - 1, y, area.right(), paint.signs.beyond, paint.of(Role::Dim));
        }
        y += 1;
    }
    y
}

/// Where the rows of a line begin and end, as bytes of its text.
pub(super) fn rows(kind: &LineKind, text: &str, reach: Reach, shift: u16) -> Vec<(usize, usize)> {
    if !wraps(kind, reach) {
        let shift = if matches!(kind, LineKind::RunEnd(_)) { 0 } else { shift };
        let start = prefix(text, usize::from(shift)).len();
        return vec![(start, start + prefix(&text[start..], usize::from(reach.cols)).len())];
    }
    let starts = breaks(text, reach.cols);
    let ends = starts.iter().copied().chain([text.len()]);
    [0].iter().chain(&starts).copied().zip(ends).collect()
}

/// Whether a line goes on in the next row. The end of a run is one row, however much there would be to tell.
fn wraps(kind: &LineKind, reach: Reach) -> bool {
    match kind {
        LineKind::RunEnd(_) => false,
        LineKind::Output | LineKind::Piece | LineKind::Note => reach.wrap,
    }
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
pub(in crate::ui) struct Selected {
    /// The bytes.
    pub(super) span: Range<usize>,
    /// Its end is selected too, because it goes on in the next line.
    pub(super) with_end: bool,
    /// How it looks.
    pub(super) look: Style,
}

impl<'d> Looks<'d> {
    fn new(decoded: &'d Decoded, lay: &Lay<'_>, paint: &Paint<'_>) -> Self {
        let look = paint.of(if lay.stands { Role::CurrentHit } else { Role::Hit });
        let hits = (lay.hits)(&decoded.text).into_iter().map(|hit| (hit, look)).collect();
        Self { styles: &decoded.styles, hits, over: lay.over, selected: (lay.selected)(&decoded.text) }
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
