//! Windows: `schedule` with its bounds, days and zones, seen by the clock of this machine.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::json;

use crate::host::Host;
use crate::look::{between, clock, moment, seconds_ahead};

const ZONE: &str = "Asia/Tokyo";

/// A file with one job beside another that keeps zap busy.
fn file(keys: &str) -> String {
    format!(
        "[zap]\ntimezone = '{ZONE}'\n[defaults]\nstart-secs = 0\n[systems.a.jobs]\none = {{ command = 'exec sleep 1000'{keys} }}\nkeep = 'exec sleep 1000'\n"
    )
}

fn later(at: &Zoned, seconds: i64) -> Zoned {
    at.checked_add(SignedDuration::from_secs(seconds)).expect("near the present")
}

/// `mon`.
fn day(at: &Zoned) -> String {
    at.strftime("%a").to_string().to_lowercase()
}

#[test]
fn inside_its_window_a_job_runs_and_tells_when_it_closes() {
    let now = seconds_ahead(ZONE, 0);
    let (start, stop) = (later(&now, -3600), later(&now, 3600));
    let mut host = Host::new(&file(&format!(
        ", schedule = {{ start-time = '{}', stop-time = '{}' }}",
        clock(&start),
        clock(&stop)
    )));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let one = host.job("one");
    assert_eq!(one["state"], "running");
    assert_eq!(moment(&one, "next"), stop.timestamp());
    host.shut_down(zap);
}

#[test]
fn outside_its_window_a_job_is_scheduled_also_when_a_person_starts_it() {
    let now = seconds_ahead(ZONE, 0);
    let (start, stop) = (later(&now, 3600), later(&now, 7200));
    let mut host = Host::new(&file(&format!(
        ", schedule = {{ start-time = '{}', stop-time = '{}' }}",
        clock(&start),
        clock(&stop)
    )));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    let scheduled = |host: &Host| {
        let one = host.job("one");
        assert_eq!(
            (&one["state"], &one["wanted"], &one["run"]),
            (&json!("scheduled"), &json!(true), &json!(null))
        );
        assert_eq!(moment(&one, "next"), start.timestamp());
        let why = one["why"].as_str().expect("a sentence").to_owned();
        assert!(why.starts_with(&format!("its window opens {} ", day(&start))), "{why}");
        assert!(why.ends_with(&format!(" ({ZONE})")), "{why}");
    };
    scheduled(&host);
    let told = host.verb(&["start", "one"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.starts_with("a/one: nothing to do, scheduled, its window opens "), "{told:?}");
    scheduled(&host);
    assert_eq!(host.verb(&["status"]).code, 0, "nothing is wrong with it");
    host.shut_down(zap);
}

#[test]
fn a_window_that_closes_stops_the_job_and_one_that_opens_starts_it() {
    let mut host = Host::new(&file(""));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let window = |from: &Zoned, to: &Zoned| {
        file(&format!(", schedule = {{ start-time = '{}', stop-time = '{}' }}", clock(from), clock(to)))
    };
    let closes = host.reload_ahead(ZONE, |at| window(&later(at, -3600), at));
    let stopping = zap.events.until("a/one", "stopping");
    assert_eq!(
        (&stopping["text"], &stopping["by"]),
        (&json!("told to end: its window has closed"), &json!("schedule"))
    );
    assert!(between(closes.timestamp(), moment(&stopping, "time")) < Duration::from_secs(20), "{stopping}");
    zap.events.until("a/one", "exited");
    let opens_again = later(&closes, 23 * 3600);
    host.alive_until("it is scheduled", |_| host.job("one")["state"] == "scheduled");
    assert_eq!(moment(&host.job("one"), "next"), opens_again.timestamp());

    let opens = host.reload_ahead(ZONE, |at| window(at, &later(at, 3600)));
    let started = zap.events.until("a/one", "started");
    assert_eq!(started["by"], "schedule");
    assert!(between(opens.timestamp(), moment(&started, "time")) < Duration::from_secs(20), "{started}");
    host.shut_down(zap);
}

#[test]
fn only_the_named_days_have_a_window() {
    let now = Timestamp::now().in_tz(ZONE).expect("a zone");
    // Far from midnight, whatever the time is.
    let (today, tomorrow, yesterday) = (day(&now), day(&later(&now, 86_400)), day(&later(&now, -86_400)));
    let mut host =
        Host::new(&file(&format!(", schedule = {{ week-days = ['{yesterday}', '{today}', '{tomorrow}'] }}")));
    let rest = later(&now, 3 * 86_400);
    let other = format!(", schedule = {{ week-days = '{}' }}", day(&rest));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file("systems.toml", &file(&other));
    let told = host.verb(&["reload", "--dry-run"]);
    assert!(told.out.contains("~ a/one  schedule: stops until its window opens\n"), "{told:?}");
    assert_eq!(host.verb(&["reload"]).code, 0);
    zap.events.until("a/one", "exited");
    host.alive_until("it is scheduled", |_| host.job("one")["state"] == "scheduled");
    let opens = rest.start_of_day().expect("a day");
    assert_eq!(moment(&host.job("one"), "next"), opens.timestamp());
    host.shut_down(zap);
}

#[test]
fn a_one_shot_job_runs_once_in_its_window() {
    let now = seconds_ahead(ZONE, 0);
    let (start, stop) = (later(&now, -3600), later(&now, 3600));
    let mut host = Host::new(&format!(
        "[zap]\ntimezone = '{ZONE}'\n[systems.a.jobs]\none = {{ command = 'exit 0', one-shot = true, schedule = {{ start-time = '{}', stop-time = '{}' }} }}\nkeep = 'exec sleep 1000'\n",
        clock(&start),
        clock(&stop)
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "stopped");
    let one = host.job("one");
    assert_eq!((&one["state"], &one["run"]), (&json!("done"), &json!(1)));
    assert_eq!(moment(&one, "next"), later(&start, 86_400).timestamp());
    host.shut_down(zap);
}

#[test]
fn the_zone_of_the_file_decides_and_a_window_may_have_its_own() {
    // The same wall time is long gone, or far ahead, in another zone: Kiritimati is 26 hours before Baker Island.
    let now = seconds_ahead("Etc/UTC", 0);
    let (start, stop) = (later(&now, -1800), later(&now, 1800));
    let times = format!("start-time = '{}', stop-time = '{}'", clock(&start), clock(&stop));
    let mut host = Host::new(&format!(
        "[zap]\ntimezone = 'Asia/Tokyo'\n[defaults]\nstart-secs = 0\n[systems.a.jobs]\ntokyo = {{ command = 'exec sleep 1000', schedule = {{ {times} }} }}\nutc = {{ command = 'exec sleep 1000', schedule = {{ {times}, timezone = 'UTC' }} }}\nboth = {{ command = 'exec sleep 1000', schedule = [{{ {times} }}, {{ {times}, timezone = 'UTC' }}] }}\n"
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/both", "up");
    assert_eq!(host.verb(&["wait", "utc", "--until", "running"]).code, 0);
    let tokyo = host.job("tokyo");
    assert_eq!(tokyo["state"], "scheduled");
    assert_eq!(moment(&tokyo, "next"), later(&start, 15 * 3600).timestamp());
    host.shut_down(zap);
}
