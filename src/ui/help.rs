//! All keys that work, from the table of keys, in two columns where there is room.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::View;
use crate::ui::brush::Brush;
use crate::ui::eye::{Focus, Over};
use crate::ui::keymap::{Binding, MODES, Mode};
use crate::ui::keys::{Keys, spoken};
use crate::ui::page::Page;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, width};
use crate::ui::{Action, Ui, merged};

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

/// The help that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Help {
    /// Whose keys come first: those that are in force where it was opened.
    of: Of,
    /// How far it is scrolled.
    page: Page,
}

/// Where the help was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Where the keys of a mode are in force.
    Mode(Mode),
    /// In the merged output: of the keys of a pager some mean nothing there.
    Merged,
}

/// Opens it where one is.
pub(super) fn open(ui: &mut Ui, view: &View) {
    let of = if ui.focus == Focus::Pager && ui.merging(view).is_some() {
        Of::Merged
    } else {
        Of::Mode(ui.mode(view))
    };
    ui.over = Over::Help(Help { of, page: Page::default() });
}

/// A key that scrolls or closes it.
pub(super) fn scroll(ui: &mut Ui, action: Action) {
    let Over::Help(help) = &mut ui.over else { return };
    if action == Action::Close {
        ui.over = Over::Nothing;
        return;
    }
    let (rows, height) = measure(ui.size, help.of, &ui.keys);
    help.page.scroll(action, rows, height);
}

/// How many rows the help has on a terminal of this size, and how many of them are seen.
fn measure(size: (u16, u16), of: Of, keys: &Keys) -> (usize, u16) {
    let rows = columns(size.0, of, keys).iter().map(Vec::len).max().unwrap_or(0);
    (rows, area(size).height)
}

/// Draws it over everything but the last line.
pub(super) fn draw(brush: &mut Brush<'_>, size: (u16, u16), help: Help, paint: &Paint<'_>) {
    let page = help.page;
    let area = area(size);
    brush.clear(Rect::new(0, 0, size.0, area.bottom()));
    let columns = columns(size.0, help.of, paint.keys);
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
    let words = clip(words, usize::from(right.saturating_sub(x)), paint.signs.cut);
    brush.put(x, y, right, &words, Style::new());
}

/// The lines, in as many columns as there is room for; a table is never torn. An action without a key is not among them.
fn columns(width: u16, of: Of, keys: &Keys) -> Vec<Vec<Line>> {
    let mut columns: Vec<Vec<Line>> = (0..if width < WIDE { 1 } else { 2 }).map(|_| Vec::new()).collect();
    for table in tables(width, of, keys) {
        if let Some(shortest) = columns.iter_mut().min_by_key(|column| column.len()) {
            shortest.extend(table);
        }
    }
    columns
}

/// The tables, what is in force first.
fn tables(width: u16, of: Of, keys: &Keys) -> Vec<Vec<Line>> {
    let mut tables = Vec::new();
    if of == Of::Merged {
        tables.push(table(width, MERGED, Mode::Pager, keys, merged::words));
    }
    let (first, rest): (Vec<_>, Vec<_>) = MODES.iter().partition(|(mode, _)| of == Of::Mode(*mode));
    let modes = first.into_iter().chain(rest);
    tables.extend(
        modes.map(|(mode, heading)| table(width, heading, mode, keys, |binding| Some(binding.words))),
    );
    tables
}

const MERGED: &str = "The merged output: these of the pager's keys";

fn table(
    width: u16,
    heading: &'static str,
    mode: Mode,
    keys: &Keys,
    words: impl Fn(&Binding) -> Option<&'static str>,
) -> Vec<Line> {
    let rows = keys.rows(mode).filter(|(_, keys)| !keys.is_empty());
    let rows = rows.filter_map(|(binding, row)| Some((row, words(binding)?)));
    let rows = rows.flat_map(|(row, words)| {
        let words = keys.say(mode, words).into_owned();
        if width < NARROW {
            vec![Line::Key(spoken(row), None), Line::Words(words)]
        } else {
            vec![Line::Key(spoken(row), Some(words))]
        }
    });
    std::iter::once(Line::Heading(heading)).chain(rows).chain([Line::Blank]).collect()
}
