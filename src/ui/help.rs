//! All keys that work, from the table of keys, in two columns where there is room.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::ui::brush::Brush;
use crate::ui::keymap::{Binding, KEYMAP, MODES, spoken};
use crate::ui::page::Page;
use crate::ui::paint::Paint;
use crate::ui::text::width;

/// Columns that the keys take.
const KEYS: u16 = 24;
/// From this width on there are two columns.
const WIDE: u16 = 120;

/// Narrower than this, what keys do stands below them.
const NARROW: u16 = 62;

enum Line {
    Heading(&'static str),
    Key(&'static Binding),
    /// What the keys of the line above do.
    Words(&'static Binding),
    Blank,
}

/// How many rows the help has on a terminal of this size, and how many of them are seen.
pub(super) fn measure(size: (u16, u16)) -> (usize, u16) {
    let rows = columns(size.0).iter().map(Vec::len).max().unwrap_or(0);
    (rows, area(size).height)
}

/// Draws it over everything but the last line.
pub(super) fn draw(brush: &mut Brush<'_>, size: (u16, u16), page: Page, paint: &Paint<'_>) {
    let area = area(size);
    brush.clear(Rect::new(0, 0, size.0, area.bottom()));
    let columns = columns(size.0);
    let wide = area.width / columns.len().max(1) as u16;
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let top = page.top(rows, area.height);
    draw_head(brush, size.0, page.beyond(rows, area.height), paint);
    for (column, left) in columns.iter().zip((0..).map(|index| area.left() + index * wide)) {
        for (line, y) in column.iter().skip(top).zip(area.top()..area.bottom()) {
            draw_line(brush, left, y, left + wide, line, size.0 < NARROW, paint);
        }
    }
}

fn draw_head(brush: &mut Brush<'_>, right: u16, beyond: &str, paint: &Paint<'_>) {
    let x = brush.put(1, 0, right, "zap", paint.of(Role::Head));
    let x = brush.put(x + 2, 0, right, "every key that works", paint.of(Role::Dim));
    brush.put_right(x + 2, right.saturating_sub(1), 0, beyond, paint.of(Role::Key));
}

fn area(size: (u16, u16)) -> Rect {
    let below = u16::from(size.1 >= 3);
    let above = u16::from(size.1 >= 2);
    Rect::new(0, above, size.0, size.1 - below - above)
}

fn draw_line(
    brush: &mut Brush<'_>,
    left: u16,
    y: u16,
    right: u16,
    line: &Line,
    narrow: bool,
    paint: &Paint<'_>,
) {
    match line {
        Line::Heading(text) => {
            brush.put(left + 1, y, right, text, paint.of(Role::System));
        }
        Line::Key(binding) => {
            let keys = spoken(binding);
            let x = left + 3;
            brush.put(x, y, right, &keys, paint.of(Role::Key));
            let x = x + KEYS.max(width(&keys) as u16 + 2);
            if !narrow {
                brush.put(x, y, right, binding.words, Style::new());
            }
        }
        Line::Words(binding) => {
            brush.put(left + 5, y, right, binding.words, Style::new());
        }
        Line::Blank => {}
    }
}

/// The lines, in as many columns as there is room for; a table is never torn.
fn columns(width: u16) -> Vec<Vec<Line>> {
    let tables = MODES.iter().map(|(mode, heading)| {
        let bindings = KEYMAP.iter().filter(|binding| binding.mode == *mode);
        let keys = bindings.flat_map(|binding| {
            [Line::Key(binding)].into_iter().chain((width < NARROW).then_some(Line::Words(binding)))
        });
        std::iter::once(Line::Heading(heading)).chain(keys).chain([Line::Blank]).collect::<Vec<_>>()
    });
    let mut columns: Vec<Vec<Line>> = (0..if width < WIDE { 1 } else { 2 }).map(|_| Vec::new()).collect();
    for table in tables {
        if let Some(shortest) = columns.iter_mut().min_by_key(|column| column.len()) {
            shortest.extend(table);
        }
    }
    columns
}
