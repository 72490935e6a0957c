//! Draws the output: the live screen while it follows, else lines from a position on. Not: the header.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::terminal::Terminal;
use crate::ui::brush::{Brush, append};
use crate::ui::pager::line::{Decoded, decode};
use crate::ui::pager::wrap::{Reach, breaks};
use crate::ui::pager::{Pager, Search, screen};
use crate::ui::paint::Paint;
use crate::ui::text::{cells, prefix};

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Shown {
    /// Nothing: there is no output, or the screen is blank.
    Nothing,
    /// The live screen.
    Screen,
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
    if pager.follows() && terminal.live() {
        let anything = screen::draw(brush, area, terminal.screen(), paint);
        if let Some(search) = &pager.search {
            screen::mark(brush, area, search, paint);
        }
        return if anything { Shown::Screen } else { Shown::Nothing };
    }
    if terminal.lines().is_empty() {
        return Shown::Nothing;
    }
    draw_lines(brush, area, pager, wrap, terminal, paint);
    Shown::Lines
}

fn draw_lines(
    brush: &mut Brush<'_>,
    area: Rect,
    pager: &Pager,
    wrap: bool,
    terminal: &Terminal,
    paint: &Paint<'_>,
) {
    let reach = Reach { cols: area.width, rows: area.height, wrap };
    let top = pager.position(terminal, reach);
    let mut y = area.top();
    let mut skip = top.row;
    for number in top.line..terminal.lines().end {
        let Some(line) = terminal.line(number) else { break };
        let decoded = decode(&line, area.width, paint);
        let looks = Looks::new(&decoded, pager.search.as_ref(), number, paint);
        let rows = rows(&decoded.text, area.width, wrap, pager.shift);
        for (start, end) in rows.into_iter().skip(skip) {
            if y >= area.bottom() {
                return;
            }
            draw_row(brush.cells(area.left(), y, area.right()), &decoded.text, start..end, &looks);
            if !wrap && end < decoded.text.len() {
                brush.put(area.right() - 1, y, area.right(), paint.signs.beyond, paint.of(Role::Dim));
            }
            y += 1;
        }
        skip = 0;
    }
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
    fn new(decoded: &'d Decoded, search: Option<&Search>, number: u64, paint: &Paint<'_>) -> Self {
        let hits = search.map_or_else(Vec::new, |search| {
            let look = paint.of(if search.stands_on(number) { Role::CurrentHit } else { Role::Hit });
            search.hits(&decoded.text).into_iter().map(|hit| (hit, look)).collect()
        });
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
