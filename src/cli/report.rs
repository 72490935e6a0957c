//! The answers of a zap that runs, as lines for a person. Not: the table of all jobs (`status`).

use std::time::Duration;

use crate::model::{Change, ChangeKind, State, Wall, in_full};
use crate::wire::{Did, Entry, Leaving, Link, Reloaded};

/// What was done to an instance: `dev/web: starting`.
pub(super) fn did(did: &Did) -> String {
    let Did { verb, address, state, changed, why } = did;
    match (verb.as_str(), changed) {
        ("signal", true) => format!("{address}: signalled\n"),
        ("signal", false) => format!("{address}: no process, {}\n", clean(why)),
        (_, true) => format!("{address}: {}\n", in_full(*state, &clean(why))),
        (_, false) => format!("{address}: nothing to do, {}\n", in_full(*state, &clean(why))),
    }
}

/// A link of the chain of reasons, further to the right with each link.
pub(super) fn why(link: &Link, now: Wall) -> String {
    let indent = "  ".repeat(link.depth as usize);
    let reason = in_full(link.state, &clean(&link.why));
    let more = beside(link.state, link.next.as_deref(), link.restarts, link.pending_change, now);
    let told = std::iter::once(reason).chain(more).collect::<Vec<_>>().join("; ");
    format!("{indent}{}: {told}\n", link.address)
}

/// What stands beside a reason: what happens by itself and when, how often it was started, and whether the file says something else.
pub(super) fn beside(
    state: State,
    next: Option<&str>,
    restarts: u32,
    pending_change: bool,
    now: Wall,
) -> impl Iterator<Item = String> {
    // Of what does not run, the reason tells how often it was tried.
    let restarts = match restarts {
        _ if state != State::Running => None,
        0 => None,
        1 => Some("started again once".to_owned()),
        times => Some(format!("started again {times} times")),
    };
    let pending = pending_change.then(|| "the file says something else by now".to_owned());
    countdown(state, next, now).into_iter().chain(restarts).chain(pending)
}

/// `released in 34s`. What is planned by the clock on the wall stands in the reason.
fn countdown(state: State, next: Option<&str>, now: Wall) -> Option<String> {
    let deed = match state {
        State::Held => "released",
        State::Backoff => "starts again",
        State::Stopping => "KILL",
        State::Stopped
        | State::Scheduled
        | State::Waiting
        | State::Starting
        | State::Running
        | State::Done
        | State::Failed => return None,
    };
    let at = next?.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    let left = u64::try_from(at.saturating_sub(now.0)).unwrap_or(0);
    // A whole second more rather than none.
    let left = humantime::format_duration(Duration::from_secs(left.div_ceil(1000).max(1)));
    Some(format!("{deed} in {left}"))
}

/// An event: when, who, what.
pub(super) fn event(entry: &Entry) -> String {
    let run = entry.run.map_or_else(String::new, |run| format!(" run {run}"));
    format!("{} {}{run}: {}\n", local(&entry.time), entry.address, clean(&entry.text))
}

/// Who is still alive while zap ends.
pub(super) fn leaving(one: &Leaving) -> String {
    match &one.doing {
        Some(doing) => format!("{}: {}\n", one.address, clean(doing)),
        None => format!("{}: ended\n", one.address),
    }
}

/// What a reload does: a line for each change, and the sum.
pub(super) fn reload(reloaded: &Reloaded) -> String {
    let forecast = &reloaded.forecast;
    let width = forecast.changes.iter().map(|change| change.address.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    if !forecast.settings.is_empty() {
        text.extend(["~ [zap] ", &forecast.settings.join(", "), "\n"]);
    }
    for line in &forecast.systems {
        text.extend(["~ [", line, "]\n"]);
    }
    for change in &forecast.changes {
        text.push_str(&change_line(change, width));
    }
    text + &sum(reloaded)
}

fn change_line(change: &Change, width: usize) -> String {
    let Change { address, kind, keys, deed } = change;
    let sign = match kind {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '-',
        ChangeKind::Changed => '~',
        ChangeKind::Affected => '*',
    };
    let keys = if keys.is_empty() { String::new() } else { format!("{}: ", keys.join(", ")) };
    format!("{sign} {address:width$}  {keys}{deed}\n")
}

/// `1 added, 2 changed, 197 kept`.
fn sum(reloaded: &Reloaded) -> String {
    let forecast = &reloaded.forecast;
    if forecast.is_empty() {
        return format!("nothing has changed, {} kept\n", forecast.kept);
    }
    let kept = Some((forecast.kept as usize, "kept")).filter(|(count, _)| *count > 0);
    let told = forecast.counts().chain(kept).map(|(count, word)| format!("{count} {word}"));
    let told = told.collect::<Vec<_>>().join(", ");
    let nothing = if reloaded.applied { "" } else { " (nothing was done)" };
    format!("{told}{nothing}\n")
}

/// What a job has printed may stand in a reason; it must not steer the terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The time as a person here reads it; as it came if it is none.
fn local(time: &str) -> String {
    let zoned = time.parse::<jiff::Timestamp>().map(|at| at.to_zoned(jiff::tz::TimeZone::system()));
    zoned.map_or_else(|_| time.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_tells_what_happens_by_itself_and_what_stands_beside_its_reason() {
        let link = |state, why: &str| Link {
            address: "dev/web".to_owned(),
            state,
            why: why.to_owned(),
            depth: 1,
            next: Some("1970-01-01T00:00:34.500Z".to_owned()),
            restarts: 2,
            pending_change: false,
        };
        let told = |link: &Link| super::why(link, Wall(0));
        assert_eq!(
            told(&link(State::Held, "held, since it started 2 times by itself within 10m: exit 1")),
            "  dev/web: held, since it started 2 times by itself within 10m: exit 1; released in 35s\n"
        );
        assert_eq!(
            told(&Link { restarts: 0, ..link(State::Backoff, "exit 1 after 2s") }),
            "  dev/web: backoff, exit 1 after 2s; starts again in 35s\n"
        );
        let pending = Link { restarts: 1, pending_change: true, ..link(State::Running, "up") };
        assert_eq!(
            told(&pending),
            "  dev/web: running; started again once; the file says something else by now\n"
        );
    }
}
