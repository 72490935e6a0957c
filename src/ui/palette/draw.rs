//! How the palette looks: a line that is typed, and below it the actions with their keys at the right. Not: which there are.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::config::Role;
use crate::ui::Ui;
use crate::ui::brush::Brush;
use crate::ui::dialog::{FRAME, open};
use crate::ui::eye::World;
use crate::ui::key::shown;
use crate::ui::paint::Paint;
use crate::ui::palette::Chooser;
use crate::ui::palette::entries::{Entry, all, entries};
use crate::ui::text::{clip, width};

/// The most columns inside the box.
const WIDE: u16 = 76;
/// Narrower than this, what the selected action does stands below the list.
const NARROW: u16 = 60;
/// On a screen of fewer rows the box takes what there is.
const LOW: u16 = 18;
/// The most columns of keys.
const KEYS: usize = 18;
/// The sign before what is typed.
const SIGN: &str = ": ";

/// How many rows of the list are seen. They do not change with what is typed.
pub(super) fn list_height(ui: &Ui, chooser: &Chooser) -> u16 {
    let (cols, rows) = ui.size;
    let around = FRAME + 1 + u16::from(narrow(cols)) + u16::from(rows >= 3);
    let room = rows.saturating_sub(around);
    let most = if rows < LOW { room } else { room * 2 / 3 };
    most.min(all(ui, chooser.mode) as u16).max(1)
}

/// Draws it; where the cursor belongs.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    screen: Rect,
    ui: &Ui,
    chooser: &Chooser,
    world: World<'_>,
    paint: &Paint<'_>,
) -> Position {
    let above = Rect { height: screen.height.saturating_sub(u16::from(screen.height >= 3)), ..screen };
    let height = list_height(ui, chooser);
    let narrow = narrow(screen.width);
    let inner = open(brush, above, "palette", 1 + height + u16::from(narrow), WIDE, paint);
    let rows = entries(ui, chooser, world);
    let index = chooser.index.min(rows.len().saturating_sub(1));
    let line = Rect { width: inner.width.saturating_sub(1), ..inner };
    let cursor = chooser.line.draw(brush, line, SIGN, (&counted(&rows, index), paint.of(Role::Dim)), paint);
    let list = Rect { y: inner.y + 1, height: height.min(inner.height.saturating_sub(1)), ..inner };
    if rows.is_empty() {
        brush.put(list.x + 2, list.y, list.right(), "no action is called so", paint.of(Role::Dim));
    }
    let names = rows.iter().map(|entry| width(&entry.name)).max().unwrap_or(0);
    let top = chooser.page.top(rows.len(), list.height);
    for ((at, entry), y) in rows.iter().enumerate().skip(top).zip(list.top()..list.bottom()) {
        draw_entry(brush, Rect { y, height: 1, ..list }, entry, names, narrow, paint);
        if at == index {
            brush.highlight(Rect { y, height: 1, ..list }, paint.of(Role::Selected));
            brush.put(list.x, y, list.right(), paint.signs.bar, paint.of(Role::Selected));
        }
    }
    if let Some(entry) = rows.get(index).filter(|_| narrow && list.bottom() < inner.bottom()) {
        let told = clip(told(entry), usize::from(inner.width.saturating_sub(3)), paint.signs.cut);
        brush.put(inner.x + 2, list.bottom(), inner.right(), &told, paint.of(Role::Dim));
    }
    cursor
}

fn narrow(cols: u16) -> bool {
    cols < NARROW
}

fn counted(rows: &[Entry], index: usize) -> String {
    if rows.is_empty() { String::new() } else { format!("{}/{}", index + 1, rows.len()) }
}

/// What an action does, or why it would do nothing.
fn told(entry: &Entry) -> &str {
    entry.idle.as_ref().unwrap_or(&entry.words)
}

fn draw_entry(
    brush: &mut Brush<'_>,
    row: Rect,
    entry: &Entry,
    names: usize,
    narrow: bool,
    paint: &Paint<'_>,
) {
    let (name, words, key) = match entry.idle {
        Some(_) => [Role::Dim; 3].map(|role| paint.of(role)).into(),
        None => (Style::new(), Style::new(), paint.of(Role::Key)),
    };
    let right = row.right().saturating_sub(1);
    let keys = keys(&entry.keys, if narrow { 1 } else { usize::MAX }, paint);
    let left = brush.put_right(row.x, right, row.y, &keys, key);
    brush.put(row.x + 2, row.y, left, &entry.name, name);
    let x = row.x + 2 + names as u16 + 2;
    if !narrow {
        let room = usize::from(left.saturating_sub(x + 1));
        brush.put(x, row.y, left, &clip(told(entry), room, paint.signs.cut), words);
    }
}

/// The first keys of an action, as many as there is room for.
fn keys(keys: &[String], most: usize, paint: &Paint<'_>) -> String {
    let mut told = String::new();
    for key in keys.iter().take(most) {
        let key = shown(key, paint.signs);
        if !told.is_empty() && width(&told) + width(key) + 1 > KEYS {
            break;
        }
        told += if told.is_empty() { "" } else { " " };
        told += key;
    }
    told
}
