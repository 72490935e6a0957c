//! What follows when a job ends, or runs for too long: `restart`, `exit-codes`, `start-secs`, `start-retries`, `backoff`,
//! `restart-delay`, `max-runs`, `restart-every`, `restart-at`, `timeout`, `one-shot`.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::host::Host;
use crate::look::{between, clock, is_about, moment, texts};

const MS: Duration = Duration::from_millis(1);

/// A file with these jobs, and one that keeps zap busy.
fn jobs(lines: &str) -> String {
    format!("[systems.a.jobs]\n{lines}\nkeep = 'exec sleep 1000'\n")
}

#[test]
fn without_restart_an_end_is_done_or_failed_at_once() {
    let mut host = Host::new(&jobs(
        "ok = { command = 'exit 0', restart = 'never' }\nbad = { command = 'exit 3', restart = 'never' }\nusual = 'exit 0'",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    assert_eq!(host.verb(&["wait", "a/ok", "a/usual", "--until", "done"]).code, 0);
    assert_eq!(host.verb(&["wait", "a/bad", "--until", "stopped"]).code, 0);
    let (ok, bad) = (host.job("ok"), host.job("bad"));
    assert_eq!(
        (&ok["state"], &ok["exit"], &ok["restarts"]),
        (&json!("done"), &json!({ "code": 0 }), &json!(0))
    );
    assert_eq!(
        (&bad["state"], &bad["exit"], &bad["run"]),
        (&json!("failed"), &json!({ "code": 3 }), &json!(1))
    );
    assert!(bad["why"].as_str().is_some_and(|why| why.starts_with("failed: exit 3 after ")), "{bad}");
    assert!(host.past("bad", "retry").is_empty() && host.past("ok", "retry").is_empty());
    host.shut_down(zap);
}

#[test]
fn what_ends_unexpectedly_is_restarted_until_it_ends_as_expected() {
    let mut host = Host::new(&jobs(
        "one = { command = 'echo >> runs; test $(wc -l < runs) -lt 3 && exit 7; exit 0', restart = 'unexpected', start-secs = 0, backoff = '20ms' }",
    ));
    let mut zap = host.served(&[]);
    let rest = zap.events.until("a/one", "stopped");
    assert_eq!((&rest["state"], &rest["by"]), (&json!("done"), &json!("zap")));
    let exits = host.past("one", "exited");
    let told: Vec<_> = exits.iter().map(|exit| (&exit["exit"], &exit["expected"])).collect();
    let (seven, zero) = (json!({ "code": 7 }), json!({ "code": 0 }));
    assert_eq!(told, [(&seven, &json!(false)), (&seven, &json!(false)), (&zero, &json!(true))]);
    assert_eq!(host.job("one")["restarts"], 2);
    host.shut_down(zap);
}

#[test]
fn what_is_always_restarted_is_restarted_after_a_good_end_too() {
    let mut host = Host::new(&jobs(
        "one = { command = 'echo >> runs; test $(wc -l < runs) -lt 3 && exit 0; exec sleep 1000', restart = 'always', start-secs = 0, backoff = '20ms' }",
    ));
    let mut zap = host.served(&[]);
    zap.events.find("the third start", |event| {
        event["address"] == "a/one" && event["kind"] == "started" && event["run"] == 3
    });
    zap.events.until("a/one", "up");
    let one = host.job("one");
    assert_eq!((&one["state"], &one["restarts"], &one["run"]), (&json!("running"), &json!(2), &json!(3)));
    host.shut_down(zap);
}

#[test]
fn a_kill_from_outside_is_seen_and_made_good() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exec sleep 1000', restart = 'unexpected', start-secs = 0, backoff = '20ms' }",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let pid = host.job_pid("one");
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("it is there");
    let exited = zap.events.until("a/one", "exited");
    assert_eq!((&exited["exit"], &exited["expected"]), (&json!({ "signal": "KILL" }), &json!(false)));
    zap.events.until("a/one", "retry");
    let again = zap.events.until("a/one", "started");
    assert!(again["pid"] != pid && again["by"] == "policy" && again["run"] == 2, "{again}");
    host.shut_down(zap);
}

#[test]
fn exit_codes_and_signals_may_be_expected() {
    let mut host = Host::new(&format!(
        "[defaults]\nexit-codes = [0, 3, 'USR1', 'SIGUSR2']\n{}",
        jobs(
            "code = 'exit 3'\nsignal = 'kill -USR1 $$'\nother = 'kill -USR2 $$'\nbad = 'exit 4'\ndead = 'kill -HUP $$'\nown = { command = 'exit 0', exit-codes = [9] }"
        )
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    for (address, state) in [
        ("code", "done"),
        ("signal", "done"),
        ("other", "done"),
        ("bad", "failed"),
        ("dead", "failed"),
        ("own", "failed"),
    ] {
        assert_eq!(host.verb(&["wait", address, "--until", "stopped"]).code, 0);
        let job = host.job(address);
        assert_eq!(job["state"], state, "{job}");
        assert_eq!(host.past(address, "exited")[0]["expected"], state == "done", "{job}");
    }
    assert!(host.why("dead").starts_with("failed: signal HUP after "), "{}", host.why("dead"));
    host.shut_down(zap);
}

#[test]
fn a_job_is_up_when_it_has_lived_for_start_secs() {
    let mut host = Host::new(&jobs(
        "slow = { command = 'exec sleep 1000', start-secs = '700ms' }\nlater = { command = 'exec sleep 1000', start-secs = '1h' }\nearly = { command = 'exit 0', restart = 'unexpected', start-retries = 0 }",
    ));
    let mut zap = host.served(&[]);
    let started = zap.events.until("a/slow", "started");
    let up = zap.events.until("a/slow", "up");
    let took = between(moment(&started, "time"), moment(&up, "time"));
    assert!(took >= 700 * MS && took < 20_000 * MS, "{took:?}");
    let later = host.job("later");
    assert_eq!((&later["state"], &later["ready"]), (&json!("starting"), &json!(false)));
    assert_eq!(later["why"], "alive; up after 1h");
    let left = between(moment(&started, "time"), moment(&later, "next"));
    assert!(left > 3590 * 1000 * MS && left < 3610 * 1000 * MS, "{left:?}");
    // As with supervisord, an end before it was up is a failed start whatever its code.
    assert_eq!(host.verb(&["wait", "early", "--until", "stopped"]).code, 0);
    assert_eq!(host.job("early")["state"], "failed");
    host.shut_down(zap);
}

#[test]
fn a_failed_start_is_tried_again_with_growing_pauses_and_given_up() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exit 3', restart = 'unexpected', start-retries = 4, backoff = { first = '50ms', factor = 3, max = '300ms' } }",
    ));
    let mut zap = host.served(&[]);
    let failed = zap.events.until("a/one", "stopped");
    assert_eq!(failed["state"], "failed");
    let retries = host.past("one", "retry");
    let pauses: Vec<_> =
        retries.iter().map(|retry| between(moment(retry, "time"), moment(retry, "next"))).collect();
    assert_eq!(pauses, [50 * MS, 150 * MS, 300 * MS, 300 * MS]);
    let attempts: Vec<_> = retries.iter().map(|retry| &retry["attempt"]).collect();
    assert_eq!(attempts, [1, 2, 3, 4]);
    for (retry, start) in retries.iter().zip(&host.past("one", "started")[1..]) {
        assert!(moment(retry, "next") <= moment(start, "time"), "{retry} {start}");
    }
    let why = host.why("one");
    assert!(
        why.starts_with("failed: exit 3 after ") && why.ends_with(", the last of 5 failed starts"),
        "{why}"
    );
    host.shut_down(zap);
}

#[test]
fn what_waits_for_its_next_try_says_so_and_a_start_is_at_once() {
    let mut host = Host::new(&jobs(
        // However long its end takes: it is not up before its init has succeeded.
        "one = { command = 'test -e good && exec sleep 1000; exit 3', init = 'until test -e good; do sleep 0.02; done', restart = 'unexpected', backoff = '1h', start-secs = 0 }",
    ));
    let mut zap = host.served(&[]);
    let retry = zap.events.until("a/one", "retry");
    let one = host.job("one");
    assert_eq!(one["state"], "backoff");
    assert!(is_about(moment(&one, "next"), moment(&retry, "next")), "{one} {retry}");
    let why = one["why"].as_str().expect("a sentence");
    assert!(why.starts_with("exit 3 after ") && why.ends_with(", before it was up; retry 1 of 3"), "{why}");
    host.file("good", "");
    assert_eq!(host.verb(&["start", "one", "--wait"]).code, 0);
    assert_eq!(host.job("one")["restarts"], 0, "a person's start zeroes the counters");
    host.shut_down(zap);
}

#[test]
fn an_ordinary_end_is_followed_by_restart_delay_and_the_backoff() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exit 0', restart = 'always', start-secs = 0, backoff = '100ms', restart-delay = '300ms' }",
    ));
    let mut zap = host.served(&[]);
    let retry = zap.events.until("a/one", "retry");
    assert_eq!(between(moment(&retry, "time"), moment(&retry, "next")), 400 * MS);
    let again = zap.events.until("a/one", "started");
    assert!(moment(&retry, "next") <= moment(&again, "time"));
    host.shut_down(zap);
}

#[test]
fn too_many_automatic_starts_are_held_until_a_person_starts_it() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exit 0', restart = 'always', start-secs = 0, backoff = { first = '10ms', factor = 1 }, max-runs = { count = 2, within = '1h' } }",
    ));
    let mut zap = host.served(&[]);
    let held = zap.events.until("a/one", "held");
    let one = host.job("one");
    assert_eq!((&one["state"], &one["run"]), (&json!("held"), &json!(3)), "the first start does not count");
    assert!(is_about(moment(&one, "next"), moment(&held, "next")), "{one} {held}");
    let release = between(moment(&held, "time"), moment(&held, "next"));
    assert!(release > 3500 * 1000 * MS && release <= 3600 * 1000 * MS, "{release:?}");
    let why = one["why"].as_str().expect("a sentence");
    assert!(why.starts_with("held, since it started 2 times by itself within 1h: exit 0 after "), "{why}");
    assert_eq!(host.verb(&["start", "one"]).code, 0);
    let again = zap.events.until("a/one", "started");
    assert_eq!((&again["by"], &again["run"]), (&json!("user"), &json!(4)));
    zap.events.until("a/one", "held");
    assert_eq!(host.job("one")["run"], 6, "its start has zeroed the count");
    host.shut_down(zap);
}

#[test]
fn what_is_held_is_released_when_the_window_slides() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exit 0', restart = 'always', start-secs = 0, backoff = { first = '10ms', factor = 1 }, max-runs = { count = 1, within = '1s' } }",
    ));
    let mut zap = host.served(&[]);
    let held = zap.events.until("a/one", "held");
    let again = zap.events.until("a/one", "started");
    assert!(moment(&held, "next") <= moment(&again, "time"), "{held} {again}");
    assert_eq!((&again["by"], &again["run"]), (&json!("policy"), &json!(3)));
    host.shut_down(zap);
}

#[test]
fn a_job_is_restarted_every_so_often_and_that_is_no_failure() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exec sleep 1000', restart-every = '500ms', start-secs = 0, max-runs = { count = 1, within = '1h' } }",
    ));
    let mut zap = host.served(&[]);
    let first = zap.events.until("a/one", "up");
    let stopping = zap.events.until("a/one", "stopping");
    assert!(between(moment(&first, "time"), moment(&stopping, "time")) >= 400 * MS);
    assert_eq!(stopping["text"], "told to end: restarted every 500ms");
    assert_eq!(stopping["by"], "policy");
    for run in [2, 3] {
        let again = zap.events.until("a/one", "started");
        assert_eq!((&again["by"], &again["run"]), (&json!("policy"), &json!(run)));
    }
    assert!(host.past("one", "retry").is_empty() && host.past("one", "held").is_empty());
    host.shut_down(zap);
}

#[test]
fn a_job_is_restarted_at_a_time_of_the_day_in_the_zone_of_the_file() {
    let file = |keys: &str| {
        format!(
            "[zap]\ntimezone = 'Asia/Tokyo'\n{}",
            jobs(&format!("one = {{ command = 'exec sleep 1000', start-secs = 0{keys} }}"))
        )
    };
    let mut host = Host::new(&file(""));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let pid = host.job_pid("one");
    let at = host.reload_ahead("Asia/Tokyo", |at| file(&format!(", restart-at = ['{}']", clock(at))));
    let stopping = zap.events.until("a/one", "stopping");
    assert_eq!(
        (&stopping["text"], &stopping["by"]),
        (&json!("told to end: restarted daily at this time (restart-at)"), &json!("schedule"))
    );
    let late = between(at.timestamp(), moment(&stopping, "time"));
    assert!(late < Duration::from_secs(20), "{late:?}");
    let again = zap.events.until("a/one", "started");
    assert_ne!(again["pid"], pid);
    zap.events.until("a/one", "up");
    let next = between(at.timestamp(), moment(&host.job("one"), "next"));
    assert_eq!(next, Duration::from_secs(24 * 3600), "tomorrow again");
    host.shut_down(zap);
}

#[test]
fn what_takes_longer_than_its_timeout_is_stopped_and_judged() {
    let mut host = Host::new(&jobs(
        "shot = { command = 'exec sleep 1000', one-shot = true, timeout = '300ms' }\nserver = { command = 'exec sleep 1000', timeout = '300ms', restart = 'unexpected', start-secs = 0, backoff = '20ms' }",
    ));
    let mut zap = host.served(&[]);
    let stopping = zap.events.until("a/shot", "stopping");
    assert_eq!(stopping["text"], "told to end: ran longer than 300ms");
    let failed = zap.events.until("a/shot", "stopped");
    assert_eq!(failed["state"], "failed");
    assert_eq!(host.why("shot"), "failed: ran longer than 300ms");
    assert_eq!(host.job("shot")["exit"], json!({ "signal": "TERM" }));
    zap.events.find("another run", |event| {
        event["address"] == "a/server" && event["kind"] == "started" && event["run"] == 2
    });
    host.shut_down(zap);
}

#[test]
fn a_one_shot_job_is_done_by_a_good_end_and_tried_again_after_a_bad_one() {
    let mut host = Host::new(&jobs(
        "migrate = { command = 'echo >> tries; test $(wc -l < tries) -lt 3 && exit 5; exit 0', one-shot = true, restart = 'unexpected', backoff = '20ms' }\nalways = { command = 'exit 0', one-shot = true, restart = 'always' }",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    assert_eq!(host.verb(&["wait", "migrate", "always", "--until", "done"]).code, 0);
    let retries = host.past("migrate", "retry");
    assert_eq!(retries.len(), 2, "{:?}", texts(&retries));
    assert_eq!((&host.job("migrate")["run"], &host.job("always")["run"]), (&json!(3), &json!(1)));
    assert_eq!(host.verb(&["status", "migrate", "always"]).code, 0, "done is well");
    host.shut_down(zap);
}
