//! `on-change`: what a reload does to a running job whose launch keys changed.

use serde_json::json;

use crate::host::Host;

fn file(command: &str, keys: &str) -> String {
    format!(
        "[defaults]\nstart-secs = 0\n[systems.a.jobs]\none = {{ command = 'echo {command} >> told; exec sleep 1000'{keys} }}\nkeep = 'exec sleep 1000'\n"
    )
}

#[test]
fn a_changed_command_restarts_the_job_and_only_that() {
    let mut host = Host::new(&file("first", ""));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    host.file_until("told", |text| text == "first\n");
    let keep = host.job_pid("keep");
    host.file("systems.toml", &file("second", ""));
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "~ a/one  command: restarts\n1 changed, 1 kept\n");
    let stopping = zap.events.until("a/one", "stopping");
    assert_eq!(
        (&stopping["text"], &stopping["by"]),
        (&json!("told to end: the file has changed"), &json!("reload"))
    );
    let started = zap.events.until("a/one", "started");
    assert_eq!(started["by"], "reload");
    assert_eq!(host.file_until("told", |text| text.lines().count() == 2), "first\nsecond\n");
    assert_eq!((host.job_pid("keep"), &host.job("one")["restarts"]), (keep, &json!(0)));
    host.shut_down(zap);
}

#[test]
fn a_pending_change_waits_for_the_next_start() {
    let pending = ", on-change = 'pending'";
    let mut host = Host::new(&file("first", pending));
    let mut zap = host.served(&[]);
    zap.events.until("a/keep", "up");
    host.file_until("told", |text| text == "first\n");
    let pid = host.job_pid("one");
    host.file("systems.toml", &file("second", pending));
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "~ a/one  command: goes on (pending)\n1 changed, 1 kept\n");
    let one = host.job("one");
    assert_eq!((&one["state"], &one["pending_change"]), (&json!("running"), &json!(true)));
    assert_eq!(host.job_pid("one"), pid);
    // As it was: nothing is pending.
    host.file("systems.toml", &file("first", pending));
    assert_eq!(host.verb(&["reload"]).code, 0);
    assert_eq!(host.job("one")["pending_change"], false);
    host.file("systems.toml", &file("second", pending));
    assert_eq!(host.verb(&["reload"]).code, 0);
    assert_eq!(host.verb(&["restart", "one", "--wait"]).code, 0);
    host.file_until("told", |text| text == "first\nsecond\n");
    assert_eq!(host.job("one")["pending_change"], false);
    host.shut_down(zap);
}

#[test]
fn r_takes_a_pending_change() {
    let pending = ", on-change = 'pending'";
    let mut host = Host::new(&file("first", pending));
    host.zap(&[]).row(&["one", "running"]).row(&["keep", "running"]);
    host.file_until("told", |text| text == "first\n");
    host.file("systems.toml", &file("second", pending));
    host.keys("c").shows("goes on (pending)").keys("y").row(&["one", "✎"]);
    host.keys("r");
    host.file_until("told", |text| text == "first\nsecond\n");
    host.until("nothing is pending", |screen| !screen.contains('✎')).row(&["one", "running"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn live_keys_are_applied_in_place() {
    let mut host = Host::new(&file("first", ", restart = 'never'"));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let pid = host.job_pid("one");
    host.file("systems.toml", &file("first", ", restart = 'always', backoff = '20ms', title = 'The One'"));
    let told = host.verb(&["reload"]);
    assert!(told.out.starts_with("~ a/one  ") && told.out.contains(": goes on\n"), "{told:?}");
    let one = host.job("one");
    assert_eq!((&one["title"], &one["pid"]), (&json!("The One"), &json!(pid)));
    assert_eq!(host.verb(&["signal", "KILL", "one"]).code, 0);
    zap.events.until("a/one", "exited");
    zap.events.until("a/one", "started");
    host.shut_down(zap);
}
