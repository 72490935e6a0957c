//! How many start, and stop, at a time: `max-starting`, `start-stagger`, `stop-timeout`.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::host::Host;
use crate::look::{between, moment};

#[test]
fn only_so_many_are_starting_at_a_time() {
    let mut host = Host::new(
        r"
[zap]
max-starting = 1
[defaults]
start-secs = 0
[systems.a.jobs]
one = { command = 'exec sleep 1000', init = 'until test -e go; do sleep 0.02; done' }
two = 'exec sleep 1000'
three = 'exec sleep 1000'
",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "started");
    let two = host.job("two");
    assert_eq!((&two["state"], &two["run"]), (&json!("waiting"), &json!(null)));
    assert_eq!(two["why"], "waiting for others to be up: 1 may be starting at a time (max-starting)");
    assert!(host.past("three", "started").is_empty());
    host.file("go", "");
    zap.events.until("a/one", "up");
    zap.events.until("a/two", "started");
    zap.events.until("a/two", "up");
    zap.events.until("a/three", "started");
    zap.events.until("a/three", "up");
    host.shut_down(zap);
}

#[test]
fn between_two_starts_there_is_the_stagger() {
    let mut host = Host::new(
        r"
[zap]
start-stagger = '2s'
[defaults]
start-secs = 0
[systems.a.jobs]
one = 'exec sleep 1000'
two = 'exec sleep 1000'
three = 'exec sleep 1000'
",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/three", "up");
    let started: Vec<Timestamp> =
        ["one", "two", "three"].map(|name| moment(&host.past(name, "started")[0], "time")).into();
    // What is told are births, which come a little after the starts: the first may come late.
    assert!(between(started[0], started[2]) >= Duration::from_millis(1500), "{started:?}");
    assert!(started.is_sorted(), "{started:?}");
    host.file(
        "systems.toml",
        "[zap]\nstart-stagger = '1h'\n[systems.a.jobs]\none = 'exec sleep 1000'\ntwo = 'exec sleep 1000'\nthree = 'exec sleep 1000'\nfour = 'exec sleep 1000'",
    );
    assert_eq!(host.verb(&["reload"]).code, 0);
    assert_eq!(host.why("four"), "waiting for its turn: 1h between two starts (start-stagger)");
    host.shut_down(zap);
}

#[test]
fn everything_together_has_so_long_to_end() {
    let mut host = Host::new(
        r#"
[zap]
stop-timeout = '400ms'
[defaults]
start-secs = 0
stop.timeout = '1h'
[systems.a.jobs]
deaf = { command = 'trap "" TERM; echo > deaf; while :; do sleep 0.05; done', init = 'until test -e deaf; do sleep 0.02; done' }
web = { command = 'exec sleep 1000', depends-on = ['deaf'] }
"#,
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/web", "up");
    let told = host.verb(&["shutdown"]);
    assert_eq!(told.code, 0, "{told:?}");
    let web = zap.events.until("a/web", "exited");
    assert_eq!(web["exit"], json!({ "signal": "TERM" }));
    let deaf = zap.events.until("a/deaf", "exited");
    assert_eq!(deaf["exit"], json!({ "signal": "KILL" }));
    assert_eq!(zap.ends(), 0);
    host.leaves_nothing_behind();
}
