//! Draws the page of details. Not: what is written on it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{Details, View};
use crate::ui::brush::Brush;
use crate::ui::details::Sheet;
use crate::ui::details::rows::rows;
use crate::ui::eye::instance;
use crate::ui::pager;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, width};

/// Columns left and right of what is written.
pub(super) const MARGIN: u16 = 2;

/// Draws the page into an area, with a line above it.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    (header, area): (Option<Rect>, Rect),
    sheet: &Sheet,
    details: Option<&Details>,
    view: &View,
    paint: &Paint<'_>,
) {
    brush.clear(area);
    let room = area.width.saturating_sub(MARGIN);
    let details = details.filter(|details| details.id == sheet.of);
    let rows = details.map_or_else(Vec::new, |details| rows(details, view, room, sheet.inherited, paint));
    if let Some(header) = header {
        draw_header(brush, header, sheet, rows.len(), area.height, view, paint);
    }
    let top = sheet.page.top(rows.len(), area.height);
    let selected = sheet.selected(&rows, area.height);
    let left = area.left() + 1;
    for ((index, row), y) in rows.iter().enumerate().skip(top).zip(area.top()..area.bottom()) {
        for (column, text, look) in &row.parts {
            let style = look.map_or_else(Style::new, |role| paint.of(role));
            let right = area.right().saturating_sub(1);
            let text = clip(text, usize::from(right.saturating_sub(left + column)), paint.signs.cut);
            brush.put(left + column, y, right, &text, style);
        }
        if Some(index) == selected {
            brush.highlight(Rect { y, height: 1, ..area }, paint.of(Role::Selected));
            brush.put(area.left(), y, area.right(), paint.signs.bar, paint.of(Role::Key));
        }
    }
    if details.is_none() && area.height > 0 {
        brush.put(left, area.top(), area.right(), "nothing is known about it", paint.of(Role::Dim));
    }
}

fn draw_header(
    brush: &mut Brush<'_>,
    area: Rect,
    sheet: &Sheet,
    rows: usize,
    height: u16,
    view: &View,
    paint: &Paint<'_>,
) {
    brush.clear(area);
    let beyond = sheet.page.beyond(rows, height);
    let right = area.right().saturating_sub(1);
    let room = area.width.saturating_sub(width(beyond) as u16 + 2);
    brush.put_right(area.left(), right, area.y, beyond, paint.of(Role::Key));
    if let Some(job) = instance(view, sheet.of) {
        let fresh = pager::Pager::default();
        let reach = pager::Reach::plain(1, 1, true);
        pager::draw_header(brush, Rect { width: room, ..area }, job, (&fresh, reach), None, paint);
    }
}
