//! What `zap status --json` promises, held against a zap with a job in each state; what jobs use of the machine; what nobody has
//! seen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::host::Host;

/// A job in each state that can be had: `lost` comes with jobs that outlive zap.
const STATES: &str = r"
[zap]
timezone = 'UTC'
[defaults]
start-secs = 0
restart = 'never'
[systems.all.jobs]
running = { title = 'The one', steps = ['cd /', { name = 'stay', run = 'exec sleep 1000' }] }
starting = { command = 'exec sleep 1000', start-secs = '1h' }
waiting = { command = 'exec sleep 1000', depends-on = ['starting'] }
scheduled = { command = 'exec sleep 1000', schedule = { start-time = 'START', stop-time = 'STOP' } }
stopping = { command = 'rogue deaf', stop.timeout = '1h' }
backoff = { command = 'exit 1', restart = 'always', start-secs = 1, start-retries = 9, backoff = '1h' }
held = { command = 'exit 0', restart = 'always', backoff = { first = '10ms', factor = 1 }, max-runs = { count = 1, within = '1h' } }
done = 'exit 0'
failed = { command = 'kill -KILL $$' }
[systems.none]
autostart = false
[systems.none.jobs]
stopped = { command = 'exec sleep 1000', numprocs = 2 }
";

/// With a window that lies hours ahead.
fn states() -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let hour = |ahead: i8| format!("{:02}:00", (now.hour() + ahead) % 24);
    STATES.replace("START", &hour(6)).replace("STOP", &hour(8))
}

/// A zap with a job in each state, and what it tells of each: by the name of the job.
fn in_each_state(host: &mut Host) -> (crate::host::Served, Value, BTreeMap<String, Value>) {
    let zap = host.served(&["all"]);
    host.job_until("all/stopping", "runs", |job| job["state"] == "running");
    assert_eq!(host.verb(&["stop", "all/stopping"]).code, 0);
    for state in
        ["running", "starting", "waiting", "scheduled", "stopping", "backoff", "held", "done", "failed"]
    {
        host.job_until(&format!("all/{state}"), "is in its state", |job| job["state"] == state);
    }
    let status = host.verb(&["status", "--json"]).json();
    let systems = status["systems"].as_array().expect("systems");
    let jobs = systems.iter().flat_map(|system| system["jobs"].as_array().expect("jobs"));
    let jobs = jobs.map(|job| (job["name"].as_str().expect("a name").to_owned(), job.clone())).collect();
    (zap, status, jobs)
}

fn kill_the_deaf(host: &Host) {
    assert_eq!(host.verb(&["kill", "all/stopping", "--wait"]).code, 0);
}

/// The fields of an object.
fn fields(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[track_caller]
fn has(value: &Value, wanted: &[&str]) {
    let missing: Vec<_> = wanted.iter().filter(|field| !fields(value).contains(*field)).collect();
    assert!(missing.is_empty(), "{missing:?} is not in {value:#}");
}

#[track_caller]
fn is_moment(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no text"));
    assert!(text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(), "{text}");
}

#[test]
fn status_has_every_field_that_is_promised_in_each_state() {
    let mut host = Host::new(&states());
    let (mut zap, status, jobs) = in_each_state(&mut host);
    has(&status, &["zap", "systems"]);
    has(&status["zap"], &["pid", "version", "file", "started"]);
    assert_eq!(status["zap"]["pid"], zap.pid());
    assert_eq!(status["zap"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(status["zap"]["file"].as_str().is_some_and(|file| file.ends_with("/systems.toml")), "{status}");
    is_moment(&status["zap"]["started"]);
    for system in status["systems"].as_array().expect("systems") {
        has(system, &["name", "jobs"]);
    }
    assert_eq!(jobs.len(), 10);
    for (state, job) in &jobs {
        let promised = [
            "address",
            "name",
            "instance",
            "title",
            "state",
            "ready",
            "wanted",
            "pid",
            "run",
            "since",
            "exit",
            "restarts",
            "next",
            "why",
            "pending_change",
            "unseen",
            "lingering",
            "cpu_percent",
            "memory_bytes",
            "steps",
        ];
        has(job, &promised);
        assert_eq!(job["state"], **state, "{job:#}");
        is_moment(&job["since"]);
        assert!(job["why"].as_str().is_some_and(|why| !why.is_empty()), "{job:#}");
        assert!(job["ready"].is_boolean() && job["wanted"].is_boolean(), "{job:#}");
        assert_eq!((&job["pending_change"], &job["lingering"]), (&json!(false), &json!(0)), "{job:#}");
        // All that comes is printed, and nothing tells what is new.
        assert_eq!(job["unseen"], json!({ "output": false, "errors": 0, "novel": null }), "{job:#}");
        let lives = matches!(state.as_str(), "running" | "starting" | "stopping");
        assert_eq!(job["pid"].is_i64(), lives, "{job:#}");
        assert_eq!(job["memory_bytes"].is_u64(), lives, "{job:#}");
        assert!(job["memory_bytes"].as_u64().is_none_or(|bytes| bytes > 100_000), "{job:#}");
        assert!(lives || job["cpu_percent"].is_null(), "{job:#}");
        let told_ahead = matches!(state.as_str(), "starting" | "scheduled" | "stopping" | "backoff" | "held");
        assert!(told_ahead || job["next"].is_null(), "{job:#}");
        if told_ahead {
            is_moment(&job["next"]);
        }
    }
    kill_the_deaf(&host);
    host.shuts_down(&mut zap);
}

#[test]
fn status_tells_how_runs_ended_and_how_far_steps_are() {
    let mut host = Host::new(&states());
    let (mut zap, status, jobs) = in_each_state(&mut host);
    for (state, exit, run) in [
        ("done", json!({ "code": 0 }), json!(1)),
        ("failed", json!({ "signal": "KILL" }), json!(1)),
        ("backoff", json!({ "code": 1 }), json!(1)),
        ("held", json!({ "code": 0 }), json!(2)),
        ("running", json!(null), json!(1)),
        ("waiting", json!(null), json!(null)),
        ("stopped", json!(null), json!(null)),
    ] {
        assert_eq!((&jobs[state]["exit"], &jobs[state]["run"]), (&exit, &run), "{:#}", jobs[state]);
    }
    for (state, wanted) in [("stopped", false), ("stopping", false), ("held", true), ("waiting", true)] {
        assert_eq!(jobs[state]["wanted"], wanted, "{:#}", jobs[state]);
    }
    let running = &jobs["running"];
    assert_eq!((&running["title"], &running["ready"]), (&json!("The one"), &json!(true)));
    let steps = running["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 2);
    for step in steps {
        has(step, &["name", "state", "exit", "seconds"]);
        assert!(step["seconds"].is_f64(), "{step}");
    }
    assert_eq!(
        (&steps[0]["name"], &steps[0]["state"], &steps[0]["exit"]),
        (&json!("cd /"), &json!("done"), &json!(0))
    );
    assert_eq!((&steps[1]["state"], &steps[1]["exit"]), (&json!("running"), &json!(null)));
    let both = status["systems"][1]["jobs"].as_array().expect("jobs");
    let told: Vec<_> = both.iter().map(|job| (&job["address"], &job["instance"])).collect();
    assert_eq!(told, [(&json!("none/stopped#1"), &json!(1)), (&json!("none/stopped#2"), &json!(2))]);
    kill_the_deaf(&host);
    host.shuts_down(&mut zap);
}

#[test]
fn status_tells_what_the_whole_family_of_a_job_uses() {
    let mut host = Host::new("[systems.a.jobs]\none = 'rogue glutton 50000000'\nidle = 'exec sleep 1000'\n");
    let mut zap = host.served(&[]);
    let one = host.job_until("one", "uses much", |job| {
        job["memory_bytes"].as_u64().is_some_and(|bytes| bytes > 50_000_000)
            && job["cpu_percent"].as_f64().is_some_and(|percent| percent > 2.0)
    });
    assert!(one["memory_bytes"].as_u64().is_some_and(|bytes| bytes < 120_000_000), "{one:#}");
    let idle = host.job_until("idle", "is measured", |job| job["cpu_percent"].is_f64());
    assert!(idle["cpu_percent"].as_f64().is_some_and(|percent| percent < 50.0), "{idle:#}");
    let lines = host.verb(&["status"]).out;
    assert!(lines.lines().all(|line| line.contains(" %  ")), "{lines}");
    assert!(lines.lines().next().is_some_and(|line| line.contains(" MB")), "{lines}");
    // Who has nothing left uses nothing.
    assert_eq!(host.verb(&["stop", "one", "--wait"]).code, 0);
    let one = host.job("one");
    assert_eq!((&one["cpu_percent"], &one["memory_bytes"]), (&json!(null), &json!(null)));
    host.shuts_down(&mut zap);
}

#[test]
fn the_details_tell_what_a_job_uses_and_go_on_doing_so() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = 'until test -e go; do sleep 0.02; done; exec rogue glutton 50000000'\n",
    );
    host.zap(&[]).row(&["one", "running"]).keys("i").row(&["% CPU", "MB", "process"]);
    host.file("go", "");
    // Nobody presses a key.
    host.row(&["% CPU", "3 processes"]);
    host.until("it holds so much", |screen| {
        let memory = screen
            .lines()
            .find(|line| line.contains("3 processes"))
            .and_then(|line| line.split_once(" CPU · ")?.1.split_once(" MB")?.0.parse::<f64>().ok());
        memory.is_some_and(|memory| memory > 50.0)
    });
    host.keys("q").keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn what_nobody_has_seen_is_told_until_somebody_looks() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = 'exec sleep 1000'\ntwo = 'until test -e go; do sleep 0.02; done; echo INFO fine; echo ERROR broken; exec sleep 1000'\n",
    );
    host.zap(&[]).row(&["two", "running"]);
    let unseen = |host: &Host| host.job("two")["unseen"].clone();
    assert_eq!(unseen(&host), json!({ "output": false, "errors": 0, "novel": null }));
    host.file("go", "");
    host.row(&["two", "running", "1!"]);
    assert_eq!(unseen(&host), json!({ "output": true, "errors": 1, "novel": null }));
    host.keys("2").shows("│ ERROR broken");
    assert_eq!(unseen(&host), json!({ "output": false, "errors": 0, "novel": null }));
    host.keys("1").until("the number is gone", |screen| !screen.contains("1!"));
    assert_eq!(unseen(&host)["errors"], 0);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}
