//! `stop`: how a job is told to end, what happens when it does not hear, and who else has to go.

use serde_json::json;

use crate::host::{Host, Served, lives};

/// A job with these keys of `stop`, and one that keeps zap up.
fn world(command: &str, stop: &str) -> Host {
    Host::new(&format!(
        "[systems.a.jobs]\nidle = \"exec sleep 1000\"\none = {{ command = '''{command}''', stop = {stop} }}\n"
    ))
}

/// Starts the world, waits until its job has made the file `begun`, and stops it.
fn stopped(host: &mut Host) -> Served {
    stopped_but(host, "")
}

/// The same, where something may stay.
fn stopped_but(host: &mut Host, rest: &str) -> Served {
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file_until("begun", |_| host.folder().join("begun").exists());
    let told = host.verb(&["stop", "one", "--wait"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(host.verb(&["why", "one"]).out, format!("a/one: stopped as asked{rest}\n"));
    zap
}

#[test]
fn the_signal_is_the_one_that_is_named() {
    let mut host = world(
        "trap 'echo INT > got; exit 5' INT; trap 'echo TERM > got' TERM; touch begun; while :; do sleep 0.05; done",
        r#"{ signal = "INT" }"#,
    );
    let mut zap = stopped(&mut host);
    assert_eq!(host.file_until("got", |_| true), "INT\n");
    let exited = zap.events.until("a/one", "exited");
    assert_eq!((&exited["exit"], &exited["expected"]), (&json!({ "code": 5 }), &json!(true)));
    host.shuts_down(&mut zap);
}

#[test]
fn what_does_not_hear_is_killed_after_the_timeout() {
    let mut host = world("touch begun; exec rogue deaf", r#"{ timeout = "400ms" }"#);
    let mut zap = host.served(&[]);
    host.deaf_until();
    zap.events.until("a/one", "up");
    assert_eq!(host.verb(&["stop", "one"]).code, 0);
    let job = host.job_until("one", "is told", |job| job["why"] != "up");
    if job["state"] == "stopping" {
        assert_eq!((&job["why"], job["next"].is_string()), (&json!("stopped by a person: TERM sent"), true));
    }
    let exited = zap.events.until("a/one", "exited");
    assert_eq!(exited["exit"], json!({ "signal": "KILL" }));
    assert_eq!(host.verb(&["wait", "one", "--until", "stopped"]).code, 0);
    host.shuts_down(&mut zap);
}

#[test]
fn a_stop_command_ends_it() {
    let mut host = world(
        "trap 'echo TERM > got' TERM; touch begun; until test -e end; do sleep 0.05; done; exit 6",
        r#"{ command = "rogue probe stop.json; touch end" }"#,
    );
    let mut zap = stopped(&mut host);
    assert_eq!(host.probed("stop.json")["env"]["ZAP_JOB"], "one");
    let exited = zap.events.until("a/one", "exited");
    assert_eq!(exited["exit"], json!({ "code": 6 }));
    assert!(!host.folder().join("got").exists(), "no signal was needed");
    host.shuts_down(&mut zap);
}

#[test]
fn a_stop_command_that_hangs_is_followed_by_the_signal_and_ended_itself() {
    let mut host = world(
        "trap 'echo TERM > got; exit 0' TERM; touch begun; while :; do sleep 0.05; done",
        r#"{ command = "exec rogue deaf", timeout = "1s" }"#,
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file_until("begun", |_| host.folder().join("begun").exists());
    assert_eq!(host.verb(&["stop", "one"]).code, 0);
    host.file_until("got", |text| text == "TERM\n");
    let hook = zap.events.find("the end of the stop command", |event| event["kind"] == "hook");
    assert_eq!(hook["text"], "stop command took longer than 500ms");
    zap.events.until("a/one", "exited");
    assert_eq!(host.verb(&["wait", "one", "--until", "stopped"]).code, 0);
    host.alive_until("it is gone", |alive| !alive.iter().any(|line| line.ends_with("rogue deaf")));
    host.shuts_down(&mut zap);
}

#[test]
fn while_a_stop_command_runs_it_is_told_and_a_kill_does_not_wait_for_it() {
    let mut host =
        world("touch begun; exec sleep 1000", r#"{ command = "exec rogue deaf", timeout = "1h" }"#);
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    assert_eq!(host.verb(&["stop", "one"]).code, 0);
    let why = host.why_until("one", "stop command");
    assert!(
        why.starts_with("a/one: stopping, stopped by a person: its stop command runs; KILL in "),
        "{why}"
    );
    assert_eq!(host.verb(&["kill", "one", "--wait"]).code, 0);
    host.alive_until("it is gone", |alive| !alive.iter().any(|line| line.ends_with("rogue deaf")));
    host.shuts_down(&mut zap);
}

#[test]
fn a_stop_command_that_hangs_does_not_save_a_job_that_is_deaf() {
    let mut host = world("exec rogue deaf", r#"{ command = "exec rogue deaf", timeout = "600ms" }"#);
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.deaf_until();
    assert_eq!(host.verb(&["stop", "one", "--wait"]).code, 0);
    let exited = zap.events.until("a/one", "exited");
    assert_eq!(exited["exit"], json!({ "signal": "KILL" }));
    host.alive_until("both are gone", |alive| !alive.iter().any(|line| line.ends_with("rogue deaf")));
    host.shuts_down(&mut zap);
}

#[test]
fn a_stop_command_that_cannot_be_run_is_told_and_the_signal_follows_at_once() {
    let mut host = world(
        "trap 'echo TERM > got; exit 0' TERM; touch begun; while :; do sleep 0.05; done",
        r#"{ command = ["no-such-command"], timeout = "1h" }"#,
    );
    let mut zap = stopped(&mut host);
    assert_eq!(host.file_until("got", |_| true), "TERM\n");
    let hook = zap.events.find("the stop command", |event| event["kind"] == "hook");
    assert_eq!(hook["text"], "stop command could not be run: command not found: no-such-command");
    host.shuts_down(&mut zap);
}

#[test]
fn a_stop_command_that_works_and_does_not_end_it_is_followed_by_the_signal() {
    let mut host = world(
        "trap 'echo TERM > got; exit 0' TERM; touch begun; while :; do sleep 0.05; done",
        r#"{ command = "touch asked", timeout = "1h" }"#,
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file_until("begun", |_| host.folder().join("begun").exists());
    assert_eq!(host.verb(&["stop", "one"]).code, 0);
    let hook = zap.events.find("the end of the stop command", |event| event["kind"] == "hook");
    assert_eq!(hook["text"], "stop command ended, exit 0");
    zap.events.until("a/one", "exited");
    assert_eq!(host.verb(&["wait", "one", "--until", "stopped"]).code, 0);
    assert_eq!(host.file_until("got", |_| true), "TERM\n");
    host.shuts_down(&mut zap);
}

#[test]
fn keys_end_it() {
    let mut host = world(
        "trap 'echo TERM > got' TERM; touch begun; read -r line; echo \"$line\" > typed",
        r#"{ keys = "quit\r" }"#,
    );
    let mut zap = stopped(&mut host);
    assert_eq!(host.file_until("typed", |_| true), "quit\n");
    assert!(!host.folder().join("got").exists(), "no signal was needed");
    host.shuts_down(&mut zap);
}

/// A leader that hears TERM tells its child by URG, and the child writes which of the two came first. A shell that got both looks
/// at the lower number first.
const PAIR: &str = "sh -c 'trap \"echo TERM >> got; exit\" TERM; trap \"echo URG >> got; exit\" URG; touch armed; while :; do sleep 0.05; done' & \
                    child=$!; trap 'kill -URG $child; wait $child; exit 0' TERM; until test -e armed; do sleep 0.02; done; touch begun; while :; do sleep 0.05; done";

#[test]
fn the_signal_goes_to_the_group_or_to_the_leader_alone() {
    for (stop, first) in [("{ group = false }", "URG\n"), ("{ group = true }", "TERM\n")] {
        let mut host = world(PAIR, stop);
        let mut zap = stopped(&mut host);
        assert!(host.file_until("got", |_| true).starts_with(first), "{stop}");
        host.shuts_down(&mut zap);
    }
}

#[test]
fn what_left_the_group_ends_too_unless_it_shall_be_spared() {
    let escape = "setsid -f sh -c 'echo $$ > escaped; touch begun; exec sleep 1000'; exec sleep 1000";
    let mut host = world(escape, r#"{ reach = "all" }"#);
    let mut zap = stopped(&mut host);
    assert!(!lives(host.pid_in("escaped")));
    host.shuts_down(&mut zap);

    let mut host = world(escape, r#"{ reach = "group" }"#);
    let mut zap = stopped_but(&mut host, " · 1 process still writing");
    let escaped = host.pid_in("escaped");
    assert!(lives(escaped));
    assert_eq!(host.verb(&["start", "one", "--wait"]).code, 0);
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(zap.ends(), 0);
    assert!(lives(escaped), "not even the end of zap ends it");
}
