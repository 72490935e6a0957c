//! All keys that work, from the table of keys, in two columns where there is room.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::ui::brush::Brush;
use crate::ui::keymap::MODES;
use crate::ui::keys::{Keys, spoken};
use crate::ui::page::Page;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, width};

/// Columns that the keys take.
const KEYS: u16 = 24;
/// From this width on there are two columns.
const WIDE: u16 = 120;

/// Narrower than this, what keys do stands below them.
const NARROW: u16 = 62;

enum Line {
    Heading(&'static str),
    /// Keys, and what they do if there is room beside them.
    Key(String, Option<String>),
    /// What the keys of the line above do.
    Words(String),
    Blank,
}

/// How many rows the help has on a terminal of this size, and how many of them are seen.
pub(super) fn measure(size: (u16, u16), keys: &Keys) -> (usize, u16) {
    let rows = columns(size.0, keys).iter().map(Vec::len).max().unwrap_or(0);
    (rows, area(size).height)
}

/// Draws it over everything but the last line.
pub(super) fn draw(brush: &mut Brush<'_>, size: (u16, u16), page: Page, paint: &Paint<'_>) {
    let area = area(size);
    brush.clear(Rect::new(0, 0, size.0, area.bottom()));
    let columns = columns(size.0, paint.keys);
    let wide = area.width / columns.len().max(1) as u16;
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let top = page.top(rows, area.height);
    draw_head(brush, size.0, page.beyond(rows, area.height), paint);
    for (column, left) in columns.iter().zip((0..).map(|index| area.left() + index * wide)) {
        for (line, y) in column.iter().skip(top).zip(area.top()..area.bottom()) {
            draw_line(brush, left, y, left + wide, line, paint);
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

fn draw_line(brush: &mut Brush<'_>, left: u16, y: u16, right: u16, line: &Line, paint: &Paint<'_>) {
    match line {
        Line::Heading(text) => {
            brush.put(left + 1, y, right, text, paint.of(Role::System));
        }
        Line::Key(keys, words) => {
            let x = left + 3;
            brush.put(x, y, right, keys, paint.of(Role::Key));
            let x = x + KEYS.max(width(keys) as u16 + 2);
            draw_words(brush, (x, y), right, words.as_deref().unwrap_or_default(), paint);
        }
        Line::Words(words) => {
            draw_words(brush, (left + 5, y), right, words, paint);
        }
        Line::Blank => {}
    }
}

/// What keys do, up to the next column: what is cut says so.
fn draw_words(brush: &mut Brush<'_>, (x, y): (u16, u16), right: u16, words: &str, paint: &Paint<'_>) {
    let words = clip(words, usize::from(right.saturating_sub(x + 1)), paint.signs.cut);
    brush.put(x, y, right, &words, Style::new());
}

/// The lines, in as many columns as there is room for; a table is never torn. An action without a key is not among them.
fn columns(width: u16, keys: &Keys) -> Vec<Vec<Line>> {
    let tables = MODES.iter().map(|(mode, heading)| {
        let rows = keys.rows(*mode).filter(|(_, keys)| !keys.is_empty()).flat_map(|(binding, row)| {
            let words = keys.say(*mode, binding.words).into_owned();
            if width < NARROW {
                vec![Line::Key(spoken(row), None), Line::Words(words)]
            } else {
                vec![Line::Key(spoken(row), Some(words))]
            }
        });
        std::iter::once(Line::Heading(heading)).chain(rows).chain([Line::Blank]).collect::<Vec<_>>()
    });
    let mut columns: Vec<Vec<Line>> = (0..if width < WIDE { 1 } else { 2 }).map(|_| Vec::new()).collect();
    for table in tables {
        if let Some(shortest) = columns.iter_mut().min_by_key(|column| column.len()) {
            shortest.extend(table);
        }
    }
    columns
}
