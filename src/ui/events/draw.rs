//! Draws the list of events, over everything but the two last lines. Not: which events there are.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::Happening;
use crate::terminal::Pattern;
use crate::ui::ahead::past;
use crate::ui::brush::Brush;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, count, harmless, shorten, width};

use super::list::{Events, Numbered, Scope};

/// Columns of a kind and of who brought something about: as wide as the longest word.
const WORD: u16 = 8;
/// Columns of a time of day.
const CLOCK: u16 = 8;
/// Columns of a number of a run: `run 123`.
const RUN: u16 = 7;
/// Between two columns.
const GAP: u16 = 2;
/// The most columns that an address takes, and the most of a terminal: one part in so many.
const WHO: (usize, usize) = (24, 4);
/// Narrower than this, about one job and about several, run and by whom are told of the selected event only, below the list.
const ROOMY: (u16, u16) = (72, 100);
/// Narrower than this, the same goes for the kind and the day.
const NARROW: u16 = 60;
/// Rows that this takes, and the least rows that the list keeps.
const BELOW: (u16, u16) = (2, 3);

/// Where the rows of the list stand on a terminal of this size.
pub(super) fn page(size: (u16, u16), scope: &Scope) -> Rect {
    let whole = whole(size);
    let below = match Room::of(size.0, scope) {
        Room::Narrow | Room::Middle if whole.height >= BELOW.0 + BELOW.1 => BELOW.0,
        Room::Narrow | Room::Middle | Room::Wide => 0,
    };
    Rect { height: whole.height - below, ..whole }
}

/// What there is room for beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// For the time of day.
    Narrow,
    /// Also for the day and the kind.
    Middle,
    /// For everything.
    Wide,
}

impl Room {
    fn of(cols: u16, scope: &Scope) -> Self {
        let wide = match scope {
            Scope::Job { .. } => ROOMY.0,
            Scope::System(_) | Scope::All => ROOMY.1,
        };
        match cols {
            ..NARROW => Self::Narrow,
            cols if cols < wide => Self::Middle,
            _ => Self::Wide,
        }
    }
}

/// Draws the list.
pub(in crate::ui) fn draw(brush: &mut Brush<'_>, size: (u16, u16), events: &Events, paint: &Paint<'_>) {
    let whole = whole(size);
    let page = page(size, events.scope());
    brush.clear(Rect::new(0, 0, size.0, whole.bottom()));
    let rows = events.rows();
    if whole.top() > 0 {
        draw_title(brush, size.0, events, rows.len(), paint);
    }
    if rows.is_empty() {
        brush.put(1, page.y, page.right(), "nothing has happened yet", paint.of(Role::Dim));
        return;
    }
    let selected = events.index(&rows);
    let mut seen = events.page;
    seen.reveal(selected, rows.len(), page.height);
    let top = seen.top(rows.len(), page.height);
    let shown = &rows[top..rows.len().min(top + usize::from(page.height))];
    let columns = Columns::new(shown, events, page.width, paint);
    for ((row, (_, event)), y) in (top..).zip(shown).zip(page.top()..page.bottom()) {
        columns.draw(brush, Rect { y, height: 1, ..page }, event, row == selected, paint);
    }
    if page.height < whole.height {
        draw_below(brush, page, (rows[selected].1, columns.room), paint);
    }
}

/// All rows of the list, with those below it.
fn whole(size: (u16, u16)) -> Rect {
    let below = if size.1 >= 5 { 2 } else { u16::from(size.1 >= 3) };
    let above = u16::from(size.1 >= 2);
    Rect::new(0, above, size.0, size.1 - below - above)
}

/// ` events of dev/web                                      following · 37 events`.
fn draw_title(brush: &mut Brush<'_>, right: u16, events: &Events, all: usize, paint: &Paint<'_>) {
    let end = right.saturating_sub(1);
    let stands = if events.follows() { "following" } else { "paused" };
    let all = count(all as u64, "event", "events");
    let title = format!("events of {}", events.scope().name());
    let title = shorten(&title, usize::from(right.saturating_sub(2)), paint.signs.cut);
    let x = brush.put(1, 0, end, &title, paint.of(Role::Head));
    let room = usize::from(end.saturating_sub(x + GAP));
    let told = [format!("{stands} {} {all}", paint.signs.dot), all];
    if let Some(told) = told.iter().find(|told| width(told) <= room) {
        brush.put_right(x + GAP, end, 0, told, paint.of(Role::Dim));
    }
}

/// Whom and what the selected event is about, and what happened, in full.
fn draw_below(brush: &mut Brush<'_>, page: Rect, (event, told): (&Happening, Room), paint: &Paint<'_>) {
    let (y, room) = (page.bottom(), usize::from(page.width.saturating_sub(2)));
    let mut rest = vec![String::new()];
    rest.extend(event.run.map(|run| format!("run {run}")));
    rest.push(format!("by {}", event.by.word()));
    if told == Room::Narrow {
        rest.push(event.kind.to_owned());
        rest.extend(time(event, paint).rsplit_once(' ').map(|(day, _)| day.to_owned()));
    }
    let rest = rest.join(&format!(" {} ", paint.signs.dot));
    let who = shorten(&event.address, room.saturating_sub(width(&rest)), paint.signs.cut);
    let x = brush.put(1, y, page.right(), &who, paint.of(Role::Head));
    brush.put(x, y, page.right(), &rest, paint.of(Role::Dim));
    let text = harmless(&event.text);
    brush.put(1, y + 1, page.right(), &clip(&text, room, paint.signs.cut), Style::new());
}

/// How wide what stands beside the text is.
struct Columns<'s> {
    time: u16,
    scope: &'s Scope,
    sought: Option<&'s Pattern>,
    /// None: all are about the same.
    who: u16,
    room: Room,
}

impl<'s> Columns<'s> {
    fn new(shown: &[Numbered<'_>], events: &'s Events, cols: u16, paint: &Paint<'_>) -> Self {
        let (scope, sought) = (events.scope(), events.sought.as_ref());
        let widest = |one: &dyn Fn(&Happening) -> usize| {
            shown.iter().map(|(_, event)| one(event)).max().unwrap_or(0) as u16
        };
        let most = WHO.0.min(usize::from(cols) / WHO.1) as u16;
        let who = widest(&|event| scope.who(event).map_or(0, width)).min(most);
        match Room::of(cols, scope) {
            Room::Narrow => Self { time: CLOCK, scope, sought, who, room: Room::Narrow },
            room => Self { time: widest(&|event| width(&time(event, paint))), scope, sought, who, room },
        }
    }

    /// `▌12:04:31  api  run 3  exited    policy    ended, exit 101`.
    fn draw(&self, brush: &mut Brush<'_>, at: Rect, event: &Happening, selected: bool, paint: &Paint<'_>) {
        let (y, right) = (at.y, at.right().saturating_sub(1));
        let dim = paint.of(Role::Dim);
        let mut x = at.left() + 1;
        let at_time = if self.room == Room::Narrow { paint.clock(event.at) } else { time(event, paint) };
        brush.put_right(x, x + self.time, y, &at_time, dim);
        x += self.time + GAP;
        if let Some(who) = self.scope.who(event) {
            let who = shorten(who, usize::from(self.who), paint.signs.cut);
            brush.put(x, y, right, &who, paint.of(Role::System));
            x += self.who + GAP;
        }
        if self.room == Room::Wide {
            let run = event.run.map_or_else(String::new, |run| format!("run {run}"));
            brush.put(x, y, right, &run, dim);
            x += RUN + GAP;
        }
        let look = if event.bad { paint.of(Role::Failed) } else { Style::new() };
        if self.room != Room::Narrow {
            brush.put(x, y, right, event.kind, look);
            x += WORD + GAP;
        }
        if self.room == Room::Wide {
            brush.put(x, y, right, event.by.word(), dim);
            x += WORD + GAP;
        }
        let room = usize::from(right.saturating_sub(x));
        let text = harmless(&event.text);
        let text = clip(&text, room, paint.signs.cut);
        let look = if self.room == Room::Narrow { look } else { Style::new() };
        draw_text(brush, (x, y, right), &text, look, self.sought, paint);
        if selected {
            let inner = Rect { x: at.x + 1, width: at.width.saturating_sub(1), ..at };
            brush.highlight(inner, paint.of(Role::Selected));
            brush.put(at.left(), y, at.right(), paint.signs.bar, paint.of(Role::Key));
        }
    }
}

/// The text of an event, with the hits in it.
fn draw_text(
    brush: &mut Brush<'_>,
    (mut x, y, right): (u16, u16, u16),
    text: &str,
    look: Style,
    sought: Option<&Pattern>,
    paint: &Paint<'_>,
) {
    let mut from = 0;
    for hit in sought.map(|pattern| pattern.matches_in(text)).unwrap_or_default() {
        x = brush.put(x, y, right, &text[from..hit.start], look);
        x = brush.put(x, y, right, &text[hit.clone()], paint.of(Role::Hit));
        from = hit.end;
    }
    brush.put(x, y, right, &text[from..], look);
}

fn time(event: &Happening, paint: &Paint<'_>) -> String {
    past(event.at, paint.now.wall, paint.zone)
}
