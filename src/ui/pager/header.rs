//! The line above the output: who it is, how it is, and on the right where the pager stands.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::model::{InstanceView, NextKind};
use crate::terminal::Terminal;
use crate::ui::age;
use crate::ui::brush::Brush;
use crate::ui::pager::{At, Pager};
use crate::ui::paint::Paint;
use crate::ui::signs::word;
use crate::ui::sum::role;
use crate::ui::text::{count, shorten, width};

/// Columns that the age takes, which matters more than the number of lines.
const AGE: usize = 4;

/// Draws the line. What finds no room is left out, the least important first.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    area: Rect,
    job: &InstanceView,
    pager: &Pager,
    terminal: Option<&Terminal>,
    paint: &Paint<'_>,
) {
    let (y, end) = (area.top(), area.right().saturating_sub(1));
    let room = usize::from(area.width.saturating_sub(2));
    let address = shorten(&job.address, room, paint.signs.cut);
    let who = width(&address) + 2 + word(job.state).len();
    let spare = room.saturating_sub(who + 2);
    let parts = terminal.map_or_else(Vec::new, |terminal| stand(pager, terminal, paint));
    let right = fitting(&parts, spare.saturating_sub(AGE));
    let left = end.saturating_sub(width(&right) as u16);
    brush.put(left, y, end, &right, paint.of(Role::Dim));

    let x = brush.put(area.left() + 1, y, end, &address, paint.of(Role::Head));
    let x = brush.put(x + 2, y, left, word(job.state), paint.of(role(job.state)));
    let spare = usize::from(left.saturating_sub(x + 2));
    brush.put(x, y, left, &fitting(&facts(job, paint), spare), paint.of(Role::Dim));
}

/// Joins as many parts as there is room for, from the first on.
fn fitting(parts: &[String], room: usize) -> String {
    let mut told = String::new();
    for part in parts {
        if width(&told) + width(part) > room {
            break;
        }
        told.push_str(part);
    }
    told
}

/// ` 3m`, ` · pid 4712`, ` · run 3`.
fn facts(job: &InstanceView, paint: &Paint<'_>) -> Vec<String> {
    let dot = paint.signs.dot;
    let mut facts = vec![format!(" {}", age::age(paint.now.mono.since(job.since.mono)))];
    if !job.note.is_empty() {
        facts.push(format!(" {dot} {}", job.note));
    }
    if let Some(next) = job.next {
        let what = match next.kind {
            NextKind::Up => "up",
            NextKind::Retry => "retry",
            NextKind::Kill => "KILL",
        };
        facts.push(format!(" {dot} {what} in {}s", age::seconds_left(next.at, paint.now.mono)));
    }
    if job.lingering > 0 {
        let processes = count(u64::from(job.lingering), "process", "processes");
        facts.push(format!(" {dot} {processes} still writing"));
    }
    if let Some(run) = job.run {
        facts.extend(run.pid.filter(|_| run.ended.is_none()).map(|pid| format!(" {dot} pid {pid}")));
        facts.push(format!(" {dot} run {}", run.number));
    }
    facts
}

/// `/ slow  3/57`, ` · paused, 214 new ⤓`, ` · 12,402 lines`.
fn stand(pager: &Pager, terminal: &Terminal, paint: &Paint<'_>) -> Vec<String> {
    let dot = paint.signs.dot;
    let mut parts = Vec::new();
    if let Some(search) = &pager.search {
        let told = search.told(terminal);
        parts.push(format!("{} {}  {told} {dot} ", search.direction.sign(), search.text));
    }
    parts.push(match pager.news(terminal) {
        _ if pager.follows() => "following".to_owned(),
        0 => "paused".to_owned(),
        news => format!("paused, {} new {}", crate::ui::text::thousands(news), paint.signs.below),
    });
    let lines = terminal.lines();
    if !lines.is_empty() {
        let all = lines.end - lines.start;
        let portion = match pager.at {
            At::Follow => String::new(),
            At::Paused { top, .. } => {
                format!("{}% of ", top.line.saturating_sub(lines.start).min(all) * 100 / all)
            }
        };
        parts.push(format!(" {dot} {portion}{}", count(all, "line", "lines")));
    }
    parts
}
