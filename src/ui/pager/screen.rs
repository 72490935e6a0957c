//! A job's screen, cell by cell. Not: its history.

use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use vt100::Screen;

use crate::config::Role;
use crate::ui::brush::Brush;
use crate::ui::pager::Search;
use crate::ui::paint::Paint;
use crate::ui::text::harmless;

/// Draws what fits of a screen; whether anything stands on it.
pub(super) fn draw(brush: &mut Brush<'_>, area: Rect, screen: &Screen, paint: &Paint<'_>) -> bool {
    let (rows, cols) = screen.size();
    let right = area.right().min(area.left().saturating_add(cols.get()));
    let mut anything = false;
    for (row, y) in (0..rows.get()).zip(area.top()..area.bottom()) {
        for (col, to) in (0..).zip(brush.cells(area.left(), y, right)) {
            if let Some(from) = screen.cell(row, col) {
                anything |= draw_cell(from, to, paint);
            }
        }
        whole(brush.cells(area.left(), y, right));
    }
    anything
}

/// Lays the look of hits over a screen.
pub(super) fn mark(brush: &mut Brush<'_>, area: Rect, search: &Search, paint: &Paint<'_>) {
    let look = paint.of(Role::Hit);
    for y in area.top()..area.bottom() {
        let cells = brush.cells(area.left(), y, area.right());
        let mut text = String::with_capacity(cells.len());
        let mut starts = Vec::with_capacity(cells.len());
        for cell in cells.iter() {
            starts.push(text.len());
            text.push_str(cell.symbol());
        }
        for hit in search.hits(&text) {
            let under = starts.iter().zip(cells.iter_mut()).filter(|(start, _)| hit.contains(start));
            under.for_each(|(_, cell)| {
                cell.set_style(look);
            });
        }
    }
}

fn draw_cell(from: &vt100::Cell, to: &mut Cell, paint: &Paint<'_>) -> bool {
    if from.has_contents() {
        let text = harmless(from.contents());
        to.set_symbol(if text.is_empty() { " " } else { &text });
    }
    if from.fgcolor() != vt100::Color::Default {
        to.fg = colour(from.fgcolor(), paint);
    }
    if from.bgcolor() != vt100::Color::Default {
        to.bg = colour(from.bgcolor(), paint);
    }
    if from.bold() {
        to.modifier |= Modifier::BOLD;
    }
    if from.dim() {
        to.modifier |= Modifier::DIM;
    }
    if from.italic() {
        to.modifier |= Modifier::ITALIC;
    }
    if from.underline() {
        to.modifier |= Modifier::UNDERLINED;
    }
    if from.inverse() {
        to.modifier |= Modifier::REVERSED;
    }
    from.has_contents() || from.bgcolor() != vt100::Color::Default || from.inverse()
}

fn colour(colour: vt100::Color, paint: &Paint<'_>) -> Color {
    paint.palette.colour(match colour {
        vt100::Color::Default => Color::Reset,
        vt100::Color::Idx(index) => Color::Indexed(index),
        vt100::Color::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    })
}

/// A wide character whose second half lies beyond the edge would push out what stands there.
fn whole(cells: &mut [Cell]) {
    if let Some(last) = cells.last_mut()
        && crate::ui::text::width(last.symbol()) > 1
    {
        last.set_symbol(" ");
    }
}
