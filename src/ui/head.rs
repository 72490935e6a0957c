//! The head line: zap, its file, and the sum of all jobs.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::model::View;
use crate::ui::brush::Brush;
use crate::ui::paint::Paint;
use crate::ui::sum::Sum;
use crate::ui::text::{shorten, width};

/// Draws it. Where it is narrow the file goes first, then what is well.
pub(super) fn draw(brush: &mut Brush<'_>, area: Rect, file: &str, view: &View, paint: &Paint<'_>) {
    let end = area.right().saturating_sub(1);
    let x = brush.put(area.left() + 1, area.top(), end, "zap", paint.of(Role::Head));
    let left = draw_sum(brush, x + 2, end, area.top(), view, paint);
    let room = usize::from(left.saturating_sub(x + 4));
    if room >= 8 {
        brush.put(x + 2, area.top(), left, &shorten(file, room, paint.signs.cut), paint.of(Role::Dim));
    }
}

fn draw_sum(brush: &mut Brush<'_>, left: u16, end: u16, y: u16, view: &View, paint: &Paint<'_>) -> u16 {
    let room = usize::from(end.saturating_sub(left));
    let told = Sum::of(view.systems.iter().flat_map(|system| &system.jobs)).told_in(room, 3);
    let between = format!(" {} ", paint.signs.dot);
    let wide = told.iter().map(|(text, _)| width(text) + 3).sum::<usize>().saturating_sub(3);
    let start = end.saturating_sub(wide as u16).max(left);
    let mut x = start;
    for (index, (text, part)) in told.iter().enumerate() {
        if index > 0 {
            x = brush.put(x, y, end, &between, paint.of(Role::Dim));
        }
        x = brush.put(x, y, end, text, paint.of(part.role()));
    }
    start
}
