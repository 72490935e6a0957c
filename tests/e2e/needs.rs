//! Who needs whom: `depends-on` with `until` and `on-loss`, commands that must succeed, the order of starts and stops.

use serde_json::json;

use crate::host::Host;
use crate::look::texts;

/// A file with these jobs, and one that keeps zap busy.
fn jobs(lines: &str) -> String {
    format!("[systems.a.jobs]\n{lines}\nkeep = 'exec sleep 1000'\n")
}

#[test]
fn a_need_may_be_met_by_running_being_ready_or_being_done() {
    let mut host = Host::new(&jobs(
        r"
db = { command = 'until test -e go; do sleep 0.02; done; echo open for business; exec sleep 1000', start-secs = 0, ready = { log = 'open for' } }
migrate = { command = 'until test -e go; do sleep 0.02; done', one-shot = true, start-secs = 0 }
on-running = { command = 'exec sleep 1000', depends-on = [{ job = 'db', until = 'running' }] }
on-ready = { command = 'exec sleep 1000', depends-on = [{ job = 'db', until = 'ready' }] }
on-done = { command = 'exec sleep 1000', depends-on = [{ job = 'migrate', until = 'done' }] }
usual = { command = 'exec sleep 1000', depends-on = ['db', 'migrate'] }
",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/on-running", "started");
    for (address, why) in [
        ("on-ready", "waiting for a/db to be ready"),
        ("on-done", "waiting for a/migrate to be done"),
        ("usual", "waiting for a/db to be ready"),
    ] {
        let job = host.job(address);
        assert_eq!((&job["state"], &job["pid"]), (&json!("waiting"), &json!(null)), "{job}");
        assert!(job["why"].as_str().is_some_and(|told| told.starts_with(why)), "{job}");
        assert!(host.past(address, "started").is_empty());
    }
    let told = host.verb(&["why", "on-ready"]);
    let lines: Vec<&str> = told.out.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with("  a/db: running, "), "{told:?}");
    host.file("go", "");
    assert_eq!(host.verb(&["wait", "on-ready", "on-done", "usual", "--until", "ready"]).code, 0);
    host.shut_down(zap);
}

#[test]
fn the_loss_of_a_need_stops_restarts_or_leaves_alone() {
    let mut host = Host::new(&jobs(
        r"
db = { command = 'exec sleep 1000', start-secs = 0 }
stops = { command = 'exec sleep 1000', start-secs = 0, depends-on = ['db'] }
ignores = { command = 'exec sleep 1000', start-secs = 0, depends-on = [{ job = 'db', on-loss = 'ignore' }] }
restarts = { command = 'exec sleep 1000', start-secs = 0, depends-on = [{ job = 'db', on-loss = 'restart' }] }
",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    assert_eq!(host.verb(&["wait", "a", "--until", "ready"]).code, 0);
    let (ignores, restarts, stops) =
        (host.job_pid("ignores"), host.job_pid("restarts"), host.job_pid("stops"));
    assert_eq!(host.verb(&["stop", "db", "--wait"]).code, 0);
    let stopped = host.job("stops");
    assert_eq!((&stopped["state"], &stopped["wanted"]), (&json!("waiting"), &json!(true)));
    assert_eq!(stopped["why"], "waiting for a/db, which is stopped");
    assert_eq!((host.job_pid("ignores"), host.job_pid("restarts")), (ignores, restarts), "they go on");
    let told = host.past("stops", "stopping");
    assert_eq!(texts(&told), ["told to end: a/db is no longer up"]);
    assert_eq!(told[0]["by"], "need");
    assert_eq!(host.verb(&["start", "db", "--wait"]).code, 0);
    assert_eq!(host.verb(&["wait", "stops", "restarts", "--until", "ready"]).code, 0);
    host.alive_until("the restart is through", |_| host.past("restarts", "started").len() == 2);
    assert_eq!(texts(&host.past("restarts", "stopping")), ["told to end: a/db is back"]);
    assert_ne!(host.verb(&["wait", "restarts", "--until", "ready"]).code, 1);
    assert_eq!(host.job_pid("ignores"), ignores);
    assert!(host.job_pid("restarts") != restarts && host.job_pid("stops") != stops);
    host.shut_down(zap);
}

#[test]
fn a_command_that_must_succeed_is_asked_until_it_does() {
    let mut host = Host::new(&jobs(
        "one = { command = 'exec sleep 1000', start-secs = 0, depends-on = [{ command = 'echo >> asked; test -e there || { echo nobody there; exit 1; }' }] }",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    host.file_until("asked", |text| text.lines().count() >= 2);
    let one = host.job("one");
    assert_eq!((&one["state"], &one["run"]), (&json!("waiting"), &json!(null)));
    let why = one["why"].as_str().expect("a sentence");
    assert!(
        why.starts_with("waiting for `echo >> asked") && why.contains("to succeed: nobody there"),
        "{why}"
    );
    host.file("there", "");
    zap.events.until("a/one", "up");
    let asked = host.file_until("asked", |_| true).lines().count();
    std::fs::remove_file(host.folder().join("there")).expect("it is there");
    host.verb(&["restart", "keep", "--wait"]);
    assert_eq!(host.file_until("asked", |_| true).lines().count(), asked, "what runs asks no more");
    host.shut_down(zap);
}

#[test]
fn what_is_needed_starts_first_and_stops_last() {
    let mut host = Host::new(&jobs(
        r"
web = { command = 'exec sleep 1000', start-secs = 0, depends-on = ['api'] }
api = { command = 'exec sleep 1000', start-secs = 0, depends-on = ['db', 'cache'] }
db = { command = 'exec sleep 1000', start-secs = 0 }
cache = { command = 'exec sleep 1000', start-secs = '300ms' }
",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/cache", "up");
    zap.events.until("a/api", "started");
    zap.events.until("a/api", "up");
    zap.events.until("a/web", "started");
    zap.events.until("a/web", "up");
    // A restart of all of them is in the same order.
    let pids: Vec<i32> = ["web", "api", "db", "cache", "keep"].map(|name| host.job_pid(name)).into();
    assert_eq!(host.verb(&["restart", "a"]).code, 0);
    zap.events.until("a/web", "exited");
    zap.events.until("a/api", "stopping");
    zap.events.until("a/api", "exited");
    zap.events.until("a/cache", "up");
    zap.events.until("a/api", "started");
    zap.events.until("a/web", "started");
    assert_eq!(host.verb(&["wait", "a", "--until", "ready"]).code, 0);
    for (name, pid) in ["web", "api", "db", "cache", "keep"].iter().zip(pids) {
        assert_ne!(host.job_pid(name), pid, "{name}");
    }
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    zap.events.until("a/web", "exited");
    zap.events.until("a/api", "stopping");
    zap.events.until("a/api", "exited");
    zap.events.until("a/db", "stopping");
    assert_eq!(zap.ends(), 0);
    host.leaves_nothing_behind();
}

#[test]
fn independent_jobs_stop_at_the_same_time() {
    let slow =
        "trap \"until test -e go; do sleep 0.02; done; exit 0\" TERM; echo set; while :; do sleep 0.02; done";
    let job = format!("{{ command = '{slow}', ready.log = '^set$', start-secs = 0, stop.timeout = '20s' }}");
    let mut host = Host::new(&jobs(&format!("one = {job}\ntwo = {job}")));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    assert_eq!(host.verb(&["wait", "a", "--until", "ready"]).code, 0);
    assert_eq!(host.verb(&["stop", "one", "two"]).code, 0);
    // Neither can end yet, and both were told.
    zap.events.find("the second of them", |_| {
        host.past("one", "stopping").len() + host.past("two", "stopping").len() == 2
    });
    let states = ["one", "two"].map(|name| host.job(name)["state"].clone());
    assert_eq!(states, [json!("stopping"), json!("stopping")]);
    host.file("go", "");
    assert_eq!(host.verb(&["wait", "one", "two", "--until", "stopped"]).code, 0);
    host.shut_down(zap);
}

#[test]
fn a_need_that_was_done_once_stays_met_and_one_that_failed_is_named() {
    let mut host = Host::new(&jobs(
        r"
migrate = { command = 'test ! -e slow || exec sleep 1000', one-shot = true }
web = { command = 'exec sleep 1000', start-secs = 0, depends-on = ['migrate'] }
broken = { command = 'exit 3', one-shot = true }
never = { command = 'exec sleep 1000', depends-on = ['broken'] }
",
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/web", "up");
    let pid = host.job_pid("web");
    host.file("slow", "");
    assert_eq!(host.verb(&["restart", "migrate"]).code, 0);
    zap.events.until("a/migrate", "started");
    assert_eq!(host.job_pid("web"), pid, "restarting `migrate` does not stop the stack");
    assert_eq!(host.verb(&["wait", "broken", "--until", "stopped"]).code, 0);
    let never = host.job("never");
    assert_eq!(never["state"], "waiting");
    assert!(
        never["why"]
            .as_str()
            .is_some_and(|why| why.starts_with("waiting for a/broken, which failed: exit 3 after ")),
        "{never}"
    );
    let told = host.verb(&["wait", "never", "--until", "running"]);
    assert!(told.code == 1 && told.err.contains("a/broken"), "{told:?}");
    host.shut_down(zap);
}
