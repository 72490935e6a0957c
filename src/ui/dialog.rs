//! A box in the middle of the screen: its frame, its title, the keys at its bottom. Not: what stands in it.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::ui::brush::Brush;
use crate::ui::paint::Paint;

/// Rows and columns that the frame takes.
pub(super) const FRAME: u16 = 2;

/// Opens a box for so many rows and columns in the middle of the screen; what is inside is returned.
pub(super) fn open(
    brush: &mut Brush<'_>,
    screen: Rect,
    title: &str,
    rows: u16,
    wide: u16,
    paint: &Paint<'_>,
) -> Rect {
    let frame = frame(screen, rows, wide);
    brush.clear(frame);
    brush.shade(frame, paint.of(Role::Dialog));
    draw_frame(brush, frame, title, paint);
    inside(screen, rows, wide)
}

/// What is inside of such a box.
pub(super) fn inside(screen: Rect, rows: u16, wide: u16) -> Rect {
    let frame = frame(screen, rows, wide);
    Rect {
        x: frame.x + 1.min(frame.width),
        y: frame.y + 1.min(frame.height),
        width: frame.width.saturating_sub(FRAME),
        height: frame.height.saturating_sub(FRAME),
    }
}

/// Draws keys with what they do into a row of a box.
pub(super) fn draw_keys(
    brush: &mut Brush<'_>,
    inner: Rect,
    y: u16,
    keys: &[(String, &str)],
    paint: &Paint<'_>,
) {
    let mut x = inner.left() + 1;
    for (key, words) in keys {
        x = brush.put(x, y, inner.right(), key, paint.of(Role::Key));
        x = brush.put(x + 1, y, inner.right(), words, paint.of(Role::KeyHint)) + 3;
    }
}

fn frame(screen: Rect, rows: u16, wide: u16) -> Rect {
    let wide = wide.saturating_add(FRAME).min(screen.width);
    let high = rows.saturating_add(FRAME).min(screen.height);
    Rect {
        x: screen.x + (screen.width - wide) / 2,
        y: screen.y + (screen.height - high) / 3,
        width: wide,
        height: high,
    }
}

fn draw_frame(brush: &mut Brush<'_>, frame: Rect, title: &str, paint: &Paint<'_>) {
    let [upper_left, upper_right, lower_right, lower_left] = paint.signs.corners;
    let look = paint.of(Role::Rule);
    let line = paint.signs.dash.repeat(usize::from(frame.width.saturating_sub(2)));
    let right = frame.right();
    for (y, left_corner, right_corner) in
        [(frame.top(), upper_left, upper_right), (frame.bottom().saturating_sub(1), lower_left, lower_right)]
    {
        brush.put(frame.left(), y, right, &format!("{left_corner}{line}{right_corner}"), look);
    }
    for y in frame.top() + 1..frame.bottom().saturating_sub(1) {
        brush.put(frame.left(), y, right, paint.signs.rule, look);
        brush.put(right.saturating_sub(1), y, right, paint.signs.rule, look);
    }
    brush.put(
        frame.left() + 1,
        frame.top(),
        right.saturating_sub(1),
        &format!(" {title} "),
        paint.of(Role::Head),
    );
}
