//! Restarting and stopping by key, ends from outside, backoff, and never two live runs.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::Host;

#[test]
fn r_restarts_the_selected_job() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo $$ >> pids; exec sleep 1000\"\n");
    host.zap(&[]).row(&["one", "running"]);
    host.file_until("pids", |text| text.lines().count() == 1);
    host.keys("r");
    host.file_until("pids", |text| text.lines().count() == 2);
    host.keys("x").row(&["one", "stopped"]).keys("s");
    host.file_until("pids", |text| text.lines().count() == 3);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn an_end_from_outside_is_seen_and_told() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo $$ > pid; exec sleep 1000\"\n");
    host.zap(&[]).row(&["one", "running"]);
    let pid: i32 = host.file_until("pid", |text| text.ends_with('\n')).trim().parse().expect("a pid");
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("it is there");
    host.row(&["one", "failed", "KILL"]);
    host.keys("R").row(&["one", "running"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn a_job_that_fails_to_start_is_tried_again_and_given_up() {
    let config = r#"
[systems.a.jobs]
flaky = { command = "echo try >> tries; exit 3", restart = "unexpected", start-retries = 2, backoff = "100ms" }
"#;
    let mut host = Host::new(config);
    host.zap(&[]).row(&["flaky", "failed", "exit 3"]);
    assert_eq!(host.file_until("tries", |_| true).lines().count(), 3);
    host.keys("q");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn what_cannot_be_run_says_why() {
    let config = r#"
[systems.a.jobs]
nothing = "./nothing --port 1"
script = "./script"
folder = { command = "true", work-dir = "gone" }
"#;
    let mut host = Host::new(config);
    host.executable("script", "#!/no/such/interpreter\n");
    host.zap(&[]).row(&["nothing", "failed"]).shows("no such file: ./nothing");
    host.keys("j").shows("interpreter /no/such/interpreter not found");
    host.keys("j").shows("gone does not exist");
    host.keys("q");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn there_are_never_two_live_runs_however_fast_the_keys_come() {
    // Each run takes a lock that only one can have at a time, and tells on a second one.
    let config = r#"
[systems.a.jobs]
one = { command = "exec flock --nonblock --conflict-exit-code 9 lock sh -c 'echo up >> ups; trap \"sleep 0.1; exit 0\" TERM; while :; do sleep 0.05; done' || echo two >> twice", stop = { timeout = "5s" } }
"#;
    let mut host = Host::new(&config.replace("exec flock", "flock"));
    host.zap(&[]).row(&["one", "running"]);
    for keys in ["rrrr", "xs", "sxsx", "rxr", "Xs", "xrsr", "rrrrrrrrrr"] {
        host.keys(keys);
    }
    host.row(&["one", "running"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    assert!(!host.folder().join("twice").exists(), "two runs were alive at once");
    host.leaves_nothing_behind();
}

#[test]
fn what_needs_another_waits_and_comes_back() {
    let config = r#"
[systems.a.jobs]
db = "exec sleep 1000"
web = { command = "exec sleep 1000", depends-on = ["db"] }
"#;
    let mut host = Host::new(config);
    host.zap(&[]).row(&["db", "running"]).row(&["web", "running"]);
    host.keys("x").row(&["web", "waiting", "db"]).row(&["db", "stopped"]);
    host.keys("s").row(&["db", "running"]).row(&["web", "running"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}
