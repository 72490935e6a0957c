//! `before`, `init` and `after`: what they must do first, what follows when they do not, and when they never end.

use crate::host::Host;

#[test]
fn before_must_succeed_first_and_sees_what_the_job_sees() {
    let config = r#"
[systems.a.jobs]
one = { command = "echo job >> order; exec sleep 1000", before = "rogue probe before.json && echo before >> order", env = { WHO = "me" }, umask = "027" }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.find("the end of before", |event| event["kind"] == "hook" && event["address"] == "a/one");
    let started = zap.events.until("a/one", "started");
    assert_eq!(host.file_until("order", |text| text.lines().count() == 2), "before\njob\n");
    let seen = host.probed("before.json");
    assert_eq!((&seen["env"]["WHO"], &seen["env"]["ZAP_JOB"]), (&"me".into(), &"one".into()));
    assert_eq!(seen["umask"], 0o027);
    assert_ne!(seen["sid"], started["pid"], "it is no part of the run");
    host.shuts_down(&mut zap);
}

#[test]
fn a_before_that_fails_is_a_failed_start() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
once = { command = "touch once", before = "exit 3" }
again = { command = "touch again", before = "echo try >> tries; exit 4", restart = "unexpected", start-retries = 2, backoff = "50ms" }
unknown = { command = "touch unknown", before = ["no-such-command"] }
"#;
    let config =
        config.replace("before = [\"no-such-command\"]", "before = { command = [\"no-such-command\"] }");
    let mut host = Host::new(&config);
    let mut zap = host.served(&[]);
    let why = host.why_until("once", "failed");
    assert_eq!(why, "a/once: failed: its before command `exit 3` ended, exit 3\n");
    let why = host.why_until("again", "failed: its");
    let wanted = "a/again: failed: its before command `echo try >> tries; exit 4` ended, exit 4, the last of 3 failed starts\n";
    assert_eq!(why, wanted);
    assert_eq!(host.file_until("tries", |_| true).lines().count(), 3);
    let why = host.why_until("unknown", "failed");
    assert_eq!(
        why,
        "a/unknown: failed: its before command `no-such-command` could not be run: command not found: no-such-command\n"
    );
    for file in ["once", "again", "unknown"] {
        assert!(!host.folder().join(file).exists(), "{file} was run");
    }
    host.shuts_down(&mut zap);
}

#[test]
fn a_before_that_never_ends_is_ended_and_explained() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = "touch one", before = { command = "rogue deaf", timeout = "300ms" }, stop = { timeout = "200ms" } }
patient = { command = "true", before = { command = "rogue stay", timeout = "1h" } }
web = { command = "exec sleep 1000", depends-on = ["one"] }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let while_it_runs = host.why_until("patient", "its before");
    assert_eq!(while_it_runs, "a/patient: starting, its before command `rogue stay` runs\n");
    let why = host.why_until("one", "failed");
    assert!(
        why.starts_with("a/one: failed: its before command `rogue deaf` took longer than 300ms"),
        "{why}"
    );
    let why = host.why_until("web", "waiting");
    let wanted =
        "a/web: waiting for a/one\n  a/one: failed: its before command `rogue deaf` took longer than 300ms";
    assert!(why.starts_with(wanted), "{why}");
    host.alive_until("the deaf one is gone", |alive| !alive.iter().any(|line| line.ends_with("rogue deaf")));
    assert!(!host.folder().join("one").exists());
    host.shuts_down(&mut zap);
}

#[test]
fn a_stop_while_before_runs_ends_it_and_nothing_is_started() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = "touch one; exec sleep 1000", before = { command = "rogue deaf", timeout = "1h" }, stop = { timeout = "300ms" } }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    host.why_until("one", "its before");
    host.alive_until("it runs", |alive| alive.iter().any(|line| line.ends_with("rogue deaf")));
    let told = host.verb(&["stop", "one", "--wait"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(host.verb(&["why", "one"]).out, "a/one: stopped as asked\n");
    assert!(
        !host.alive().iter().any(|line| line.ends_with("rogue deaf")),
        "stopped means that nothing is left"
    );
    assert!(!host.folder().join("one").exists());
    host.shuts_down(&mut zap);
}

#[test]
fn what_has_an_init_is_up_when_that_has_succeeded() {
    let config = r#"
[systems.a.jobs]
one = { command = "exec sleep 1000", start-secs = 0.1, init = { command = "touch begun; until test -e go; do sleep 0.05; done", timeout = "1h" } }
web = { command = "exec sleep 1000", depends-on = ["one"] }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    host.file_until("begun", |_| host.folder().join("begun").exists());
    let why = host.why_until("one", "its init");
    assert!(
        why.starts_with("a/one: starting, its init command `touch begun;") && why.ends_with("` runs\n"),
        "{why}"
    );
    assert_eq!(host.job("web")["state"], "waiting");
    host.file("go", "");
    zap.events.find("the end of init", |event| event["kind"] == "hook" && event["address"] == "a/one");
    zap.events.until("a/one", "up");
    zap.events.until("a/web", "started");
    host.shuts_down(&mut zap);
}

#[test]
fn an_init_that_fails_or_never_ends_is_a_failed_start() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
fails = { command = "exec sleep 1000", start-secs = 0, init = "exit 7", restart = "always", start-retries = 1, backoff = "50ms" }
hangs = { command = "exec sleep 1000", start-secs = 0, init = { command = "exec rogue deaf", timeout = "300ms" }, stop = { timeout = "200ms" } }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let why = host.why_until("fails", "failed: its");
    assert_eq!(
        why,
        "a/fails: failed: its init command `exit 7` ended, exit 7, the last of 2 failed starts\n"
    );
    assert_eq!(host.job("fails")["run"], 2);
    let why = host.why_until("hangs", "failed: its");
    assert!(
        why.starts_with("a/hangs: failed: its init command `exec rogue deaf` took longer than 300ms"),
        "{why}"
    );
    assert!(host.job("hangs")["pid"].is_null() && host.job("fails")["pid"].is_null());
    host.alive_until("only the idle one stays", |alive| {
        !alive.iter().any(|line| line.ends_with("rogue deaf"))
            && alive.iter().filter(|line| line.ends_with("sleep 1000")).count() == 1
    });
    host.shuts_down(&mut zap);
}

#[test]
fn after_follows_each_end_and_the_next_start_waits_for_it() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = "echo job >> order; exec sleep 1000", after = "echo after >> order; until test -e go; do sleep 0.05; done; echo over >> order" }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file_until("order", |text| text == "job\n");
    let told = host.verb(&["restart", "one"]);
    assert_eq!(told.code, 0, "{told:?}");
    host.file_until("order", |text| text.ends_with("after\n"));
    let why = host.why_until("one", "its after");
    assert!(
        why.starts_with("a/one: stopping, restarted by a person: its after command `echo after"),
        "{why}"
    );
    assert!(why.contains("` runs; KILL in "), "{why}");
    host.file("go", "");
    zap.events.until("a/one", "up");
    host.file_until("order", |text| text == "job\nafter\nover\njob\n");
    std::fs::remove_file(host.folder().join("go")).expect("it is there");
    host.verb(&["stop", "one"]);
    host.file_until("order", |text| text.ends_with("over\njob\nafter\n"));
    assert_eq!(host.job("one")["state"], "stopping", "stopped means that nothing is left");
    let why = host.verb(&["why", "one"]).out;
    assert!(why.starts_with("a/one: stopping, stopped by a person: its after command `echo after"), "{why}");
    assert!(why.contains("` runs; KILL in "), "{why}");
    host.file("go", "");
    assert_eq!(host.verb(&["wait", "one", "--until", "stopped"]).code, 0);
    assert!(host.file_until("order", |_| true).ends_with("after\nover\n"));
    host.shuts_down(&mut zap);
}

#[test]
fn an_after_that_fails_or_never_ends_is_told_and_changes_nothing_else() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
fails = { command = "true", after = "exit 5", one-shot = true }
hangs = { command = "true", after = { command = "exec rogue deaf", timeout = "300ms" }, stop = { timeout = "200ms" }, one-shot = true }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let mut told = |address: &str| {
        let hook = zap.events.find("a hook", |event| event["kind"] == "hook" && event["address"] == address);
        hook["text"].as_str().expect("words").to_owned()
    };
    assert_eq!(told("a/fails"), "after command ended, exit 5");
    assert_eq!(told("a/hangs"), "after command took longer than 300ms");
    for job in ["fails", "hangs"] {
        assert_eq!(host.job(job)["state"], "done");
        let why = host.verb(&["why", job]).out;
        assert!(why.starts_with(&format!("a/{job}: done: exit 0")), "{why}");
    }
    host.alive_until("the deaf one is gone", |alive| !alive.iter().any(|line| line.ends_with("rogue deaf")));
    host.shuts_down(&mut zap);
}

#[test]
fn quitting_does_not_wait_for_hooks_for_ever() {
    let config = r#"
[zap]
stop-timeout = "1s"
[systems.a.jobs]
one = { command = "exec sleep 1000", after = { command = "exec rogue deaf", timeout = "1h" } }
two = { command = "exec sleep 1000", before = { command = "exec rogue deaf", timeout = "1h" } }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.why_until("two", "its before");
    host.shuts_down(&mut zap);
}
