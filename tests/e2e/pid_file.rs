//! `pid-file`: a daemon that leaves its command is supervised as if it had stayed; and whatever else can stand in such a file.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::host::{Host, lives};

/// A world with these jobs and one that keeps zap up.
fn world(jobs: &str) -> Host {
    Host::new(&format!("[systems.a.jobs]\nidle = \"exec sleep 1000\"\n{jobs}"))
}

/// Where zap wants the pid of `a/one`.
fn own_file(host: &Host) -> String {
    host.runtime().join("pids/a.one.1.pid").display().to_string()
}

#[test]
fn a_daemon_is_supervised_like_any_other_job() {
    let mut host = world(
        "one = { command = 'rogue probe one.json; rogue daemon \"$ZAP_PID_FILE\" 60000 0', pid-file = true }\n",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let file = own_file(&host);
    let daemon = host.pid_in(&file);
    let env = host.probed("one.json")["env"].clone();
    assert_eq!((&env["ZAP_PID_FILE"], &env["PROCMAN_PID_FILE"]), (&json!(file), &json!(file)));
    assert_eq!(host.job("one")["pid"], daemon);
    kill(Pid::from_raw(daemon), Signal::SIGKILL).expect("it is there");
    let exited = zap.events.until("a/one", "exited");
    assert_eq!(exited["exit"], json!({ "signal": "KILL" }));
    assert!(host.why_until("one", "failed").starts_with("a/one: failed: signal KILL after "));
    assert_eq!(host.verb(&["start", "one"]).code, 0);
    zap.events.until("a/one", "up");
    let next = host.pid_in(&file);
    assert_ne!(next, daemon);
    assert_eq!(host.verb(&["stop", "one", "--wait"]).code, 0);
    assert!(!lives(next));
    host.shuts_down(&mut zap);
}

#[test]
fn each_instance_has_a_file_and_an_old_one_is_not_believed() {
    let mut host = world(
        "one = { command = 'rogue daemon-late \"$ZAP_PID_FILE\" 300 60000 0', pid-file = 'run/$ZAP_INSTANCE.pid', numprocs = 2 }\n",
    );
    host.file("run/1.pid", &format!("{}\n", std::process::id()));
    let mut zap = host.served(&[]);
    assert_eq!(host.verb(&["wait", "one", "--until", "ready"]).code, 0);
    for number in 1..=2 {
        let daemon = host.pid_in(&format!("run/{number}.pid"));
        assert_eq!(host.job(&format!("one#{number}"))["pid"], daemon);
    }
    host.shuts_down(&mut zap);
}

#[test]
fn garbage_is_waited_out_and_then_it_is_a_failed_start() {
    let liar = "command = 'rogue liar \"$ZAP_PID_FILE\" nonsense'";
    let mut host = world(&format!(
        "one = {{ {liar}, pid-file = {{ timeout = '1s' }} }}\npatient = {{ {liar}, pid-file = {{ timeout = '1h' }} }}\n"
    ));
    let mut zap = host.served(&[]);
    let said = |job: &str| {
        let file = host.runtime().join(format!("pids/a.{job}.1.pid"));
        // It may be looked for before it is written.
        [
            format!("{} holds no pid: `nonsense`\n", file.display()),
            format!("{} is not there yet\n", file.display()),
        ]
    };
    let why = host.why_until("patient", "nonsense");
    assert_eq!(why, format!("a/patient: starting, its pid is awaited: {}", said("patient")[0]));
    let why = host.why_until("one", "failed");
    let wanted = said("one").map(|said| format!("a/one: failed: its pid is not known after 1s: {said}"));
    assert!(wanted.contains(&why), "{why}");
    host.shuts_down(&mut zap);
}

#[test]
fn a_stranger_is_refused_at_once_and_lives_on() {
    let mut host = world(
        "one = { command = 'rogue liar \"$ZAP_PID_FILE\" \"$(cat stranger)\"', pid-file = true, restart = 'always', start-retries = 1, backoff = '50ms' }\n",
    );
    let mut stranger = host.command("rogue").arg("stay").spawn().expect("a stranger");
    host.file("stranger", &stranger.id().to_string());
    let mut zap = host.served(&[]);
    let why = host.why_until("one", "failed: ");
    let pid = stranger.id();
    let stranger_told =
        format!("its pid file cannot be followed: process {pid} (rogue) is older than the run: a stranger");
    assert_eq!(why, format!("a/one: failed: {stranger_told}, the last of 2 failed starts\n"));
    host.verb(&["stop", "one", "--wait"]);
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(zap.ends(), 0);
    assert!(lives(pid.try_into().expect("a pid fits")), "a stranger is never signalled");
    stranger.kill().expect("it is ours");
    stranger.wait().expect("it is ours");
    host.leaves_nothing_behind();
}

#[test]
fn a_pid_that_has_ended_before_it_is_read_is_a_failed_start_at_once() {
    let mut host = world(
        "one = { command = 'rogue exit 0 & pid=$!; wait $pid; rogue liar \"$ZAP_PID_FILE\" $pid; echo', pid-file = { timeout = '1h' } }\n",
    );
    let mut zap = host.served(&[]);
    let why = host.why_until("one", "failed");
    let pid = host.file_until(&own_file(&host), |_| true);
    assert_eq!(
        why,
        format!("a/one: failed: its pid file cannot be followed: process {pid} has already ended\n")
    );
    host.shuts_down(&mut zap);
}

#[test]
fn a_daemon_that_ends_soon_is_a_failed_start_with_its_code() {
    let mut host = world(
        "one = { command = 'echo >> starts; rogue daemon \"$ZAP_PID_FILE\" end$(wc -l < starts) 7', pid-file = true, start-secs = '1h', restart = 'unexpected', start-retries = 1, backoff = '50ms' }\n",
    );
    let mut zap = host.served(&[]);
    let file = own_file(&host);
    for number in 1..=2 {
        zap.events.until("a/one", "started");
        host.job_until("one", "has its daemon", |job| {
            let daemon = std::fs::read_to_string(&file).unwrap_or_default();
            job["pid"].to_string() == daemon.trim()
        });
        host.file(&format!("end{number}"), "");
        let exited = zap.events.until("a/one", "exited");
        assert_eq!(exited["exit"], json!({ "code": 7 }));
    }
    let why = host.why_until("one", "failed");
    assert!(why.starts_with("a/one: failed: exit 7 after "), "{why}");
    assert!(why.ends_with(", the last of 2 failed starts\n"), "{why}");
    host.shuts_down(&mut zap);
}

#[test]
fn what_comes_too_late_is_waited_for_held_or_a_failed_start() {
    let mut host = world(
        r#"
wait = { command = 'until test -e go; do sleep 0.05; done; rogue daemon "$ZAP_PID_FILE" 60000 0', pid-file = { timeout = "300ms", on-timeout = "wait" } }
hold = { command = 'exec sleep 1000', restart = "always", pid-file = { timeout = "300ms", on-timeout = "hold" } }
fail = { command = 'exec sleep 1000', pid-file = { timeout = "300ms", on-timeout = "fail" } }
"#,
    );
    let mut zap = host.served(&[]);
    let file = |job: &str| host.runtime().join(format!("pids/a.{job}.1.pid")).display().to_string();
    let why = host.why_until("wait", "longer than");
    let wanted = format!(
        "a/wait: starting, its pid is awaited for longer than 300ms: {} is not there yet\n",
        file("wait")
    );
    assert_eq!(why, wanted);
    let why = host.why_until("hold", "held");
    let no_pid = |job: &str| format!("its pid is not known after 300ms: {} is not there yet", file(job));
    assert_eq!(why, format!("a/hold: held until a person starts it: {}\n", no_pid("hold")));
    let why = host.why_until("fail", "failed");
    assert_eq!(why, format!("a/fail: failed: {}\n", no_pid("fail")));
    host.file("go", "");
    zap.events.until("a/wait", "up");
    let daemon = host.pid_in(&file("wait"));
    assert_eq!(host.job("wait")["pid"], daemon);
    assert_eq!(host.verb(&["start", "hold"]).code, 0);
    assert_eq!(zap.events.until("a/hold", "started")["run"], 2);
    host.shuts_down(&mut zap);
}

#[test]
fn a_command_that_fails_before_its_pid_is_known_is_a_failed_start() {
    let mut host = world("one = { command = 'exit 3', pid-file = true }\n");
    let mut zap = host.served(&[]);
    let why = host.why_until("one", "failed");
    assert_eq!(why, "a/one: failed: its command ended, exit 3, before its pid was known\n");
    host.shuts_down(&mut zap);
}
