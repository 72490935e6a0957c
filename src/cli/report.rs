//! The answers of a zap that runs, as lines for a person. Not: the table of all jobs (`status`).

use crate::model::{Change, ChangeKind};
use crate::wire::{Did, Entry, Leaving, Link, Reloaded};

/// What was done to an instance: `dev/web: starting`.
pub(super) fn did(did: &Did) -> String {
    let Did { verb, address, state, changed, why } = did;
    match (verb.as_str(), changed) {
        ("signal", true) => format!("{address}: signalled\n"),
        ("signal", false) => format!("{address}: no process, {}\n", clean(why)),
        (_, true) => format!("{address}: {}\n", with_reason(&state.to_string(), why)),
        (_, false) => format!("{address}: nothing to do, {}\n", with_reason(&state.to_string(), why)),
    }
}

/// A link of the chain of reasons, further to the right with each link.
pub(super) fn why(link: &Link) -> String {
    let indent = "  ".repeat(link.depth as usize);
    format!("{indent}{}: {}\n", link.address, with_reason(&link.state.to_string(), &link.why))
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
    let count = |kind| forecast.changes.iter().filter(|change| change.kind == kind).count();
    let counts = [
        (count(ChangeKind::Added), "added"),
        (count(ChangeKind::Removed), "removed"),
        (count(ChangeKind::Changed), "changed"),
        (count(ChangeKind::Affected), "affected"),
        (forecast.kept as usize, "kept"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let told = told.collect::<Vec<_>>().join(", ");
    let nothing = if reloaded.applied { "" } else { " (nothing was done)" };
    format!("{told}{nothing}\n")
}

/// Many reasons begin with the state already.
pub(super) fn with_reason(state: &str, why: &str) -> String {
    let why = clean(why);
    if why.starts_with(state) || why.is_empty() {
        return if why.is_empty() { state.to_owned() } else { why };
    }
    format!("{state}, {why}")
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
