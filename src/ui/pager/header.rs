//! The line above the output: who it is, how it is, and on the right where the pager stands.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::model::{InstanceView, State};
use crate::terminal::{LineKind, Terminal};
use crate::ui::brush::Brush;
use crate::ui::pager::{Pager, Reach, is_cleared, run_of, sign};
use crate::ui::paint::Paint;
use crate::ui::signs::word;
use crate::ui::sum::role;
use crate::ui::text::{clip, count, shorten, width};
use crate::ui::{age, ahead};

/// Columns that an age takes, which matters more than the number of lines.
const AGE: usize = 4;

/// Draws the line. What finds no room is left out, the least important first.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    area: Rect,
    job: &InstanceView,
    (pager, reach): (&Pager, Reach),
    terminal: Option<&Terminal>,
    paint: &Paint<'_>,
) {
    let (y, end) = (area.top(), area.right().saturating_sub(1));
    let room = usize::from(area.width.saturating_sub(2));
    let address = shorten(&job.address, room, paint.signs.cut);
    let who = width(&address) + 2 + word(job.state).len();
    let spare = room.saturating_sub(who + 2);
    let facts = facts(job, paint);
    let least = facts.iter().min_by_key(|fact| fact.rank).map_or(0, |fact| width(&fact.text));
    let parts = terminal.map_or_else(Vec::new, |terminal| stand(pager, terminal, reach, paint));
    let right = fitting(&parts, spare.saturating_sub(least.max(AGE)));
    let left = end.saturating_sub(width(&right) as u16);
    brush.put(left, y, end, &right, paint.of(Role::Dim));

    let x = brush.put(area.left() + 1, y, end, &address, paint.of(Role::Head));
    let x = brush.put(x + 2, y, left, word(job.state), paint.of(role(job.state)));
    let gap = if right.is_empty() { 0 } else { 2 };
    let spare = usize::from(left.saturating_sub(x + gap));
    brush.put(x, y, left, &told(&facts, spare, paint), paint.of(Role::Dim));
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

/// Something about a job.
struct Fact {
    rank: Rank,
    text: String,
}

/// How much a fact matters, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Why it is as it is.
    Reason,
    /// That it is not as it should be.
    Flag,
    /// When that changes.
    Next,
    /// Since when it is so.
    Since,
    /// What it left behind.
    Lingering,
    /// Its process.
    Pid,
    /// The number of its run.
    Run,
}

/// The facts that there is room for: those that matter most find it first, and all stand in their order. A reason that is too
/// long is cut.
fn told(facts: &[Fact], room: usize, paint: &Paint<'_>) -> String {
    let mut ranked: Vec<&Fact> = facts.iter().collect();
    ranked.sort_by_key(|fact| fact.rank);
    if let Some(reason) = ranked.first().filter(|fact| fact.rank == Rank::Reason)
        && width(&reason.text) > room
    {
        return clip(&reason.text, room, paint.signs.cut).into_owned();
    }
    let mut used = 0;
    let fitting = ranked.into_iter().take_while(|fact| {
        used += width(&fact.text);
        used <= room
    });
    let last = fitting.last().map(|fact| fact.rank);
    facts.iter().filter(|fact| Some(fact.rank) <= last).map(|fact| fact.text.as_str()).collect()
}

/// ` 3m`, ` · exit 1`, ` · pid 4712`, ` · run 3`, in the order in which they stand.
fn facts(job: &InstanceView, paint: &Paint<'_>) -> Vec<Fact> {
    let dot = paint.signs.dot;
    let mut facts = Vec::new();
    let mut add = |rank, text| facts.push(Fact { rank, text });
    if let Some(since) = since(job, paint) {
        add(Rank::Since, since);
    }
    if !job.note.is_empty() {
        add(Rank::Reason, format!(" {dot} {}", job.note));
    }
    if let Some(next) = ahead::told(job, paint.now, paint.zone) {
        add(Rank::Next, format!(" {dot} {next}"));
    }
    for (is, said) in [
        (job.unwell, "unwell"),
        (job.state == State::Running && !job.ready, "not ready"),
        (job.pending_change, "change pending"),
    ] {
        // The note of a job may say it already.
        if is && job.note != said {
            add(Rank::Flag, format!(" {dot} {said}"));
        }
    }
    if job.lingering > 0 {
        let processes = count(u64::from(job.lingering), "process", "processes");
        add(Rank::Lingering, format!(" {dot} {processes} still writing"));
    }
    if let Some(run) = job.run {
        if let Some(pid) = run.pid.filter(|_| run.ended.is_none()) {
            add(Rank::Pid, format!(" {dot} pid {pid}"));
        }
        add(Rank::Run, format!(" {dot} run {}", run.number));
    }
    facts
}

/// ` 3m`; of what has ended ` at 12:04:31`, which says more than an age and stands still. What never ran did not stop.
fn since(job: &InstanceView, paint: &Paint<'_>) -> Option<String> {
    match job.state {
        State::Stopped if job.run.is_none() => None,
        State::Stopped | State::Done | State::Failed => Some(format!(" at {}", paint.clock(job.since.wall))),
        State::Waiting
        | State::Scheduled
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Backoff
        | State::Held => Some(format!(" {}", age::age(paint.now.mono.since(job.since.mono)))),
    }
}

/// `/ slow  3/57`, ` · paused, 214 new ⤓`, ` · 12,402 lines`; with filters `& slow  57 of 12,402 lines` before that.
fn stand(pager: &Pager, terminal: &Terminal, reach: Reach, paint: &Paint<'_>) -> Vec<String> {
    let dot = paint.signs.dot;
    let mut parts = Vec::new();
    if let Some(search) = &pager.search {
        let told = search.told(terminal);
        parts.push(format!("{} {}  {told} {dot} ", sign(search.direction), search.text));
    }
    let lines = terminal.lines();
    let all = lines.end - lines.start;
    let told = count(lines_of(terminal), "line", "lines");
    if let Some(filtered) = pager.filtered() {
        parts.push(format!("{} of {told} {dot} ", filtered.told(terminal, paint.signs.around)));
    }
    parts.push(match pager.news(terminal, reach) {
        _ if pager.follows() && is_cleared(&pager.seen(terminal), reach) => "following, cleared".to_owned(),
        _ if pager.follows() => "following".to_owned(),
        0 => "paused".to_owned(),
        news => format!("paused, {} new {}", crate::ui::text::thousands(news), paint.signs.below),
    });
    let run = run_read(pager, terminal, reach);
    let told_run = run.map(|(read, last)| format!(" {dot} in run {read} of {last}"));
    // Of the last run the header tells anyhow.
    let is_last = run.is_some_and(|(read, last)| read == last);
    parts.extend(told_run.clone().filter(|_| !is_last));
    if all > 0 && pager.filtered().is_none() {
        let portion = if pager.follows() {
            String::new()
        } else {
            let read = pager.last_seen(terminal, reach) + 1 - lines.start;
            format!("{}% of ", read.min(all) * 100 / all)
        };
        parts.push(format!(" {dot} {portion}{told}"));
    }
    parts.extend(told_run.filter(|_| is_last));
    parts
}

/// Which run is read, and the number of the last one, where there are several.
fn run_read(pager: &Pager, terminal: &Terminal, reach: Reach) -> Option<(u32, u32)> {
    let first = *terminal.run_ends().first()?;
    if pager.follows() || first + 1 >= terminal.lines().end {
        return None;
    }
    let end = run_of(terminal, spoken_of(pager, terminal, reach)).end;
    let last = terminal.last_run();
    let read = match terminal.line(end).map(|line| line.kind) {
        Some(LineKind::RunEnd(end)) => end.number,
        Some(LineKind::Output | LineKind::Piece | LineKind::Note) | None => last,
    };
    Some((read, last))
}

/// The line of which the run is told: that of the cursor, or that which was gone to, while it is in sight; else the top one. Where
/// all fits, or at the end, what was gone to cannot stand on top.
fn spoken_of(pager: &Pager, terminal: &Terminal, reach: Reach) -> u64 {
    let top = pager.position(terminal, reach).line;
    let seen = top..=pager.last_seen(terminal, reach);
    let cursor = pager.selection.as_ref().map(|selection| selection.cursor.line);
    cursor.or(pager.gone_to).filter(|line| seen.contains(line)).unwrap_or(top)
}

/// How many lines there are. What zap writes between two runs is none of them.
pub(in crate::ui) fn lines_of(terminal: &Terminal) -> u64 {
    let lines = terminal.lines();
    (lines.end - lines.start).saturating_sub(terminal.run_ends().len() as u64)
}
