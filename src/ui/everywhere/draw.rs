//! Draws the list of a search in all jobs, over everything but the two last lines. Not: what is found.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::model::Wall;
use crate::terminal::Line;
use crate::ui::Terminals;
use crate::ui::brush::Brush;
use crate::ui::everywhere::List;
use crate::ui::everywhere::list::{Row, Sum};
use crate::ui::pager::plain;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, count, prefix, shorten, width};

/// Columns before a hit.
const INDENT: u16 = 3;
/// Narrower than this, the time gives way to the text.
const TIMES: u16 = 48;

/// Where the rows of the list stand on a terminal of this size.
pub(super) fn page(size: (u16, u16)) -> Rect {
    let below = if size.1 >= 5 { 2 } else { u16::from(size.1 >= 3) };
    let above = u16::from(size.1 >= 2);
    Rect::new(0, above, size.0, size.1 - below - above)
}

/// Draws the list.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    size: (u16, u16),
    list: &List,
    terminals: &Terminals,
    paint: &Paint<'_>,
) {
    let page = page(size);
    brush.clear(Rect::new(0, 0, size.0, page.bottom()));
    let sum = list.sum(terminals);
    if page.top() > 0 {
        draw_title(brush, size.0, list, &sum, paint);
    }
    if sum.all() == 0 {
        let told = match sum.searching {
            Some(_) => "nothing found yet".to_owned(),
            None => format!("no line of any job of {} matches", list.system),
        };
        let told = clip(&told, usize::from(page.width.saturating_sub(INDENT)), paint.signs.cut);
        brush.put(INDENT, page.y, page.right(), &told, paint.of(Role::Dim));
        return;
    }
    let selected = sum.row_of(list.index(&sum, terminals));
    let top = sum.top(selected, list.offset, page.height);
    for (row, y) in (top..).zip(page.top()..page.bottom()) {
        let Some(what) = sum.row(row) else { break };
        let at = Rect { y, height: 1, ..page };
        // The job stays in sight above its hits.
        match what {
            Row::Hit(part, _) if y == page.top() && page.height > 1 => {
                draw_job(brush, at, list, part, &sum, paint);
            }
            Row::Job(part) => draw_job(brush, at, list, part, &sum, paint),
            Row::Hit(part, nth) => {
                if let Some(line) = list.line(part, nth, terminals) {
                    let terminal = terminals.get(&list.parts[part].id);
                    let line = terminal.and_then(|terminal| terminal.line(line));
                    draw_hit(brush, at, list, line.as_ref(), row == selected, paint);
                }
            }
        }
    }
}

/// `/ slow  57 hits in 3 of 8 jobs of dev · searching dev/web`.
fn draw_title(brush: &mut Brush<'_>, right: u16, list: &List, sum: &Sum, paint: &Paint<'_>) {
    let jobs = count(list.parts.len() as u64, "job", "jobs");
    let hits = count(sum.all(), "hit", "hits");
    let told = format!("{hits} in {} of {jobs} of {}", sum.jobs(), list.system);
    let doing = sum
        .searching
        .map_or(String::new(), |part| format!(" {} searching {}", paint.signs.dot, list.parts[part].address));
    let room = usize::from(right.saturating_sub(2));
    let sought = format!("/ {}", list.text);
    let sought = clip(&sought, room.saturating_sub(hits.len() + 2).max(room / 3), paint.signs.cut);
    let x = brush.put(1, 0, right, &sought, paint.of(Role::Prompt)) + 2;
    let rest = usize::from(right.saturating_sub(x + 1));
    let shown = [format!("{told}{doing}"), told, hits].into_iter().find(|text| width(text) <= rest);
    brush.put(x, 0, right, &shown.unwrap_or_default(), paint.of(Role::Dim));
}

/// `dev/api  57 hits`.
fn draw_job(brush: &mut Brush<'_>, at: Rect, list: &List, part: usize, sum: &Sum, paint: &Paint<'_>) {
    let hits = count(sum.found[part], "hit", "hits");
    let room = usize::from(at.width).saturating_sub(hits.len() + 4);
    let address = shorten(&list.parts[part].address, room, paint.signs.cut);
    let x = brush.put(1, at.y, at.right(), &address, paint.of(Role::System)) + 2;
    let more = if sum.searching == Some(part) { "+" } else { "" };
    brush.put(x, at.y, at.right(), &hits, paint.of(Role::Dim));
    brush.put(x + width(&hits) as u16, at.y, at.right(), more, paint.of(Role::Dim));
}

/// `   12:04:31  text`, with the hit in it. A hit that stands too far right is brought into sight.
fn draw_hit(
    brush: &mut Brush<'_>,
    at: Rect,
    list: &List,
    line: Option<&Line>,
    selected: bool,
    paint: &Paint<'_>,
) {
    let Some(line) = line else { return };
    let right = at.right().saturating_sub(1);
    let mut x = INDENT;
    if at.width >= TIMES {
        x = brush.put(x, at.y, right, &paint.clock(Wall(line.at.0)), paint.of(Role::Dim)) + 2;
    }
    let text = plain(line);
    let text = text.trim_end();
    let hits = list.pattern.matches_in(text);
    let room = usize::from(right.saturating_sub(x));
    let mut from = first_seen(text, hits.first().cloned(), room);
    if from > 0 {
        x = brush.put(x, at.y, right, paint.signs.cut, paint.of(Role::Dim));
    }
    for hit in hits {
        if hit.end <= from {
            continue;
        }
        let start = hit.start.max(from);
        x = brush.put(x, at.y, right, &text[from..start], ratatui::style::Style::new());
        x = brush.put(x, at.y, right, &text[start..hit.end], paint.of(Role::Hit));
        from = hit.end;
    }
    let end = brush.put(x, at.y, right, &text[from..], ratatui::style::Style::new());
    if end >= right && width(&text[from..]) > usize::from(right.saturating_sub(x)) {
        brush.put(right, at.y, at.right(), paint.signs.beyond, paint.of(Role::Dim));
    }
    if selected {
        brush.put(at.left(), at.y, at.right(), paint.signs.bar, paint.of(Role::Key));
        brush.shade(Rect { x: at.x + 1, width: at.width.saturating_sub(1), ..at }, paint.of(Role::Selected));
    }
}

/// The byte with which the text of a row begins, so that the first hit is seen.
fn first_seen(text: &str, hit: Option<std::ops::Range<usize>>, room: usize) -> usize {
    let Some(hit) = hit else { return 0 };
    if width(&text[..hit.end]) <= room {
        return 0;
    }
    let before = width(&text[..hit.start]);
    prefix(text, before.saturating_sub(room / 3)).len()
}
