//! `versions`: which one is in force, coming into force while it runs, rollback, no work before the first.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::json;

use crate::host::Host;
use crate::look::{between, moment};

/// Whose clocks never change: an hour that comes twice, or not at all, would be another moment.
const ZONE: &str = "America/Phoenix";

/// A file with one job beside another that keeps zap busy.
fn file(keys: &str) -> String {
    format!(
        "[zap]\ntimezone = '{ZONE}'\n[defaults]\nstart-secs = 0\n[systems.a.jobs]\none = {{ {keys} }}\nkeep = 'exec sleep 1000'\n"
    )
}

/// A command that can be told from others.
fn says(word: &str) -> String {
    format!("command = 'echo {word} $$ >> told; exec sleep 1000'")
}

/// `2027-04-01T08:00:00`, so many seconds from now.
fn local(seconds: i64) -> String {
    let at = Timestamp::now().checked_add(SignedDuration::from_secs(seconds)).expect("near the present");
    written(&at.in_tz(ZONE).expect("a zone"))
}

fn written(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
/// Waits until the job has said this last: it is up before it speaks.
fn says_last(host: &Host, word: &str) {
    host.file_until("told", |text| {
        let last = text.lines().last().and_then(|line| line.split(' ').next());
        text.ends_with('\n') && last == Some(word)
    });
}

#[test]
fn the_newest_due_version_is_in_force() {
    let (past, newer, ahead) = (local(-7200), local(-3600), local(3600));
    let mut host = Host::new(&file(&format!(
        "{}, versions = [{{ apply-on = {newer}, {} }}, {{ apply-on = {past}, {} }}, {{ apply-on = {ahead}, {} }}]",
        says("v0"),
        says("v2"),
        says("v1"),
        says("v3")
    )));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    says_last(&host, "v2");
    let next = moment(&host.job("one"), "next");
    assert!(between(Timestamp::now(), next) > Duration::from_secs(3400), "{next}");
    host.shut_down(zap);
}

#[test]
fn a_version_that_comes_into_force_takes_over_when_the_old_one_has_ended() {
    let versions = |at: &str| {
        let slow = "command = 'trap \"echo end $$ >> told; exit 0\" TERM; echo v0 $$ >> told; while :; do sleep 0.02; done'";
        file(&format!("{slow}, versions = [{{ apply-on = {at}, {} }}]", says("v1")))
    };
    let mut host = Host::new(&versions(&local(3600)));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    says_last(&host, "v0");
    let at = host.reload_ahead(ZONE, |at| versions(&written(at)));
    let stopping = zap.events.until("a/one", "stopping");
    assert_eq!(
        (&stopping["text"], &stopping["by"]),
        (&json!("told to end: another version has come into force"), &json!("schedule"))
    );
    assert!(between(at.timestamp(), moment(&stopping, "time")) < Duration::from_secs(20), "{stopping}");
    zap.events.until("a/one", "exited");
    let started = zap.events.until("a/one", "started");
    assert_eq!(started["by"], "schedule");
    let told = host.file_until("told", |text| text.contains("v1"));
    let words: Vec<&str> = told.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(words, ["v0", "end", "v1"]);
    host.shut_down(zap);
}

#[test]
fn fake_on_the_newest_version_is_a_rollback_by_reload() {
    let (past, newer) = (local(-7200), local(-3600));
    let versions = |fake: bool| {
        file(&format!(
            "{}, versions = [{{ apply-on = {past}, {} }}, {{ apply-on = {newer}, fake = {fake}, {} }}]",
            says("v0"),
            says("v1"),
            says("v2")
        ))
    };
    let mut host = Host::new(&versions(false));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    says_last(&host, "v2");
    host.file("systems.toml", &versions(true));
    let told = host.verb(&["reload"]);
    assert!(told.out.contains("~ a/one  versions: restarts\n"), "{told:?}");
    zap.events.until("a/one", "exited");
    zap.events.until("a/one", "up");
    host.file_until("told", |text| text.contains("v1"));
    host.file("systems.toml", &versions(false));
    assert_eq!(host.verb(&["reload"]).code, 0);
    zap.events.until("a/one", "exited");
    zap.events.until("a/one", "up");
    says_last(&host, "v2");
    host.shut_down(zap);
}

#[test]
fn a_job_without_a_command_waits_for_its_first_version() {
    let ahead = local(3600);
    let mut host = Host::new(&file(&format!("versions = [{{ apply-on = {ahead}, {} }}]", says("v1"))));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    let one = host.job("one");
    assert_eq!((&one["state"], &one["run"]), (&json!("scheduled"), &json!(null)));
    assert_eq!(one["why"], format!("its first version comes into force on {ahead}"));
    let at = host.reload_ahead(ZONE, |at| {
        file(&format!("versions = [{{ apply-on = {}, {} }}]", written(at), says("v1")))
    });
    let started = zap.events.until("a/one", "started");
    assert!(between(at.timestamp(), moment(&started, "time")) < Duration::from_secs(20), "{started}");
    host.file_until("told", |text| text.starts_with("v1 "));
    // What it ran goes out of force: there is nothing that it could run.
    host.file("systems.toml", &file(&format!("versions = [{{ apply-on = {ahead}, {} }}]", says("v2"))));
    assert_eq!(host.verb(&["reload"]).code, 0);
    let stopping = zap.events.until("a/one", "stopping");
    assert_eq!(stopping["text"], "told to end: nothing that it could run is in force");
    host.alive_until("it is scheduled", |_| host.job("one")["state"] == "scheduled");
    host.shut_down(zap);
}
