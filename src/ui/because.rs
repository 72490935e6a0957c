//! Why a job is as it is together with when it goes on, each said once. Not: finding reasons (`model/why.rs`), nor when things
//! come (`ahead`).

use crate::model::{InstanceView, State};
use crate::ui::ahead;
use crate::ui::paint::Paint;
use crate::ui::signs::word;

/// What the moment completes: these ends of a sentence ask for it, and its own verb would say them again.
const OPEN_ENDS: [&str; 2] = ["will be started again", "starts again"];

/// A sentence about a job and when it goes on: `exit 1; retry 2 of 3 in 4s`, `its window opens sat 08:00`.
pub(super) fn with_next(why: &str, job: &InstanceView, between: &str, paint: &Paint<'_>) -> String {
    let Some(next) = job.next else { return why.to_owned() };
    let at = ahead::at(next, paint.now, paint.zone);
    let verb = ahead::verb(next.kind);
    if why.is_empty() {
        return format!("{verb} {at}");
    }
    let is_open = OPEN_ENDS.iter().any(|end| why.ends_with(end));
    if is_open || tells_number_of(why, verb) {
        return format!("{why} {at}");
    }
    match (job.state, ahead::is_date(next, paint.now)) {
        (State::Scheduled, true) if tells_zone(why) => format!("{why}, {at} here"),
        (State::Scheduled, true) if tells_moment(why) => why.to_owned(),
        (State::Scheduled, false) if tells_moment(why) => format!("{why}: {at}"),
        _ => format!("{why}{between}{verb} {at}"),
    }
}

/// `its window opens sat 08:00`.
fn tells_moment(why: &str) -> bool {
    why.contains(|c: char| c.is_ascii_digit())
}

/// `its window opens sat 08:00 (Europe/Berlin)`: a moment as it is called elsewhere.
fn tells_zone(why: &str) -> bool {
    tells_moment(why) && why.ends_with(')')
}

/// Whether it ends with `retry 2 of 3`.
fn tells_number_of(why: &str, verb: &str) -> bool {
    let Some((_, rest)) = why.rsplit_once(verb) else { return false };
    rest.trim().split(" of ").all(|number| number.parse::<u32>().is_ok())
}

/// Why it is as it is, without the word of its state, which stands beside it.
pub(super) fn beside(job: &InstanceView) -> &str {
    let said = if job.state == State::Running { "up" } else { word(job.state) };
    if job.why == "being started" {
        return "";
    }
    match job.why.strip_prefix(said) {
        Some(rest) if !rest.starts_with(char::is_alphanumeric) => {
            let rest = rest.trim_start_matches([':', ',', ' ']);
            rest.strip_prefix("but ").unwrap_or(rest)
        }
        Some(_) | None => &job.why,
    }
}
