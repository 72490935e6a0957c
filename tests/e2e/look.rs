//! What tests of supervision look at: a job as `zap status` tells it, past events, and moments of the wall clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::Value;

use crate::host::{Host, Served};

impl Host {
    /// The pid of a job that has one.
    #[track_caller]
    pub(crate) fn job_pid(&self, address: &str) -> i32 {
        let job = self.job(address);
        job["pid"].as_i64().and_then(|pid| pid.try_into().ok()).unwrap_or_else(|| panic!("no pid: {job}"))
    }

    /// Why a job is as it is.
    #[track_caller]
    pub(crate) fn why(&self, address: &str) -> String {
        self.job(address)["why"].as_str().expect("a sentence").to_owned()
    }

    /// What happened so far to a job, of one kind.
    #[track_caller]
    pub(crate) fn past(&self, address: &str, kind: &str) -> Vec<Value> {
        let told = self.verb(&["events", "--json", "--job", address, "--kind", kind]);
        told.out.lines().map(|line| serde_json::from_str(line).expect("an object on each line")).collect()
    }

    /// Reads a file again that is written for a moment ahead, and returns that moment: soon, but not before zap has read the file,
    /// however slow the machine is.
    #[track_caller]
    pub(crate) fn reload_ahead(&self, zone: &str, file: impl Fn(&Zoned) -> String) -> Zoned {
        for lead in [2, 4, 8, 16] {
            let at = seconds_ahead(zone, lead);
            self.file("systems.toml", &file(&at));
            let told = self.verb(&["reload"]);
            assert_eq!(told.code, 0, "{told:?}");
            if Timestamp::now() < at.timestamp() {
                return at;
            }
        }
        panic!("a reload takes longer than 16 s");
    }

    /// Ends a zap without a screen, which leaves nothing.
    #[track_caller]
    pub(crate) fn shut_down(&self, mut zap: Served) {
        let told = self.verb(&["shutdown"]);
        assert_eq!(told.code, 0, "{told:?}");
        assert_eq!(zap.ends(), 0);
        drop(zap);
        self.leaves_nothing_behind();
    }
}

/// A whole second, so many from now, by the clocks of a zone.
pub(crate) fn seconds_ahead(zone: &str, seconds: i64) -> Zoned {
    let now = Timestamp::now().in_tz(zone).expect("a zone");
    now.checked_add(SignedDuration::from_secs(seconds))
        .and_then(|at| at.round(jiff::Unit::Second))
        .expect("near the present")
}

/// `08:00:00`.
pub(crate) fn clock(at: &Zoned) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// The moment in a field of an event or of a job.
#[track_caller]
pub(crate) fn moment(told: &Value, field: &str) -> Timestamp {
    let text = told[field].as_str().unwrap_or_else(|| panic!("no {field}: {told}"));
    text.parse().expect("RFC 3339")
}

/// How long one moment is after another.
#[track_caller]
pub(crate) fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    later.duration_since(earlier).try_into().unwrap_or_else(|_| panic!("{later} is before {earlier}"))
}

/// Whether two moments are the same but for what is rounded away.
pub(crate) fn is_about(one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() <= SignedDuration::from_millis(5)
}

/// A job without what is measured anew at each look.
pub(crate) fn unmeasured(mut job: Value) -> Value {
    if let Some(job) = job.as_object_mut() {
        job.retain(|name, _| !name.starts_with("cpu") && !name.starts_with("memory"));
    }
    job
}

/// The texts of events.
pub(crate) fn texts(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["text"].as_str()).collect()
}
