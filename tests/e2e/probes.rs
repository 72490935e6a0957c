//! `ready` and `health-check`: every kind of probe, its good and its bad ends, and what a person is told meanwhile.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::json;

use crate::host::Host;

/// A web server in this process. It ends when this is dropped.
struct Server {
    place: SocketAddr,
    status: Arc<AtomicU16>,
}

/// The server ends on this.
const OVER: u16 = 0;

/// Accepts, and says nothing.
const SILENT: u16 = 1;

impl Server {
    /// Answers each request with this status.
    fn new(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let place = listener.local_addr().expect("an address");
        let status = Arc::new(AtomicU16::new(status));
        let shared = Arc::clone(&status);
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for mut guest in listener.incoming().flatten() {
                match shared.load(Ordering::Relaxed) {
                    OVER => return,
                    SILENT => silent.push(guest),
                    status => {
                        let _ = guest.read(&mut [0; 4096]);
                        let _ = write!(guest, "HTTP/1.1 {status} As wished\r\nContent-Length: 0\r\n\r\n");
                    }
                }
            }
        });
        Self { place, status }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.answers(OVER);
        let _ = TcpStream::connect(self.place);
    }
}

/// A place where nobody listens: on an address that no other test uses.
fn free_place(last: u8) -> SocketAddr {
    let pid = std::process::id().to_be_bytes();
    let listener = TcpListener::bind((std::net::Ipv4Addr::new(127, 100 + pid[2] % 100, pid[3], last), 0));
    listener.expect("a port").local_addr().expect("an address")
}

/// Everybody who needs `one` waits for it to be ready.
fn with_dependant(one: &str) -> Host {
    let need = "exec sleep 1000";
    Host::new(&format!(
        "[systems.a.jobs]\none = {one}\nweb = {{ command = \"{need}\", depends-on = [\"one\"] }}\n"
    ))
}

#[test]
fn a_line_makes_it_ready() {
    let mut host = with_dependant(
        r#"{ command = "until test -e go; do sleep 0.05; done; echo 'listening on 80'; exec sleep 1000", ready = { log = '^listening on \d+$' } }"#,
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let one = host.job("one");
    assert_eq!((&one["state"], &one["ready"]), (&json!("running"), &json!(false)));
    let why = host.verb(&["why", "one"]).out;
    assert_eq!(why, "a/one: running, but not ready: no line matches `^listening on \\d+$` yet\n");
    let why = host.verb(&["why", "web"]).out;
    let wanted = "a/web: waiting for a/one to be ready\n  a/one: running, but not ready: no line matches `^listening on \\d+$` yet\n";
    assert!(why.starts_with(wanted), "{why}");
    host.file("go", "");
    zap.events.until("a/one", "ready");
    zap.events.until("a/web", "started");
    assert_eq!(host.job("one")["ready"], true);
    host.shuts_down(&mut zap);
}

#[test]
fn a_line_of_failure_before_it_is_ready_is_a_failed_start_and_later_it_is_a_line() {
    let mut host = Host::new(
        r#"
[systems.a.jobs]
bad = { command = "echo 'EADDRINUSE: 80'; exec sleep 1000", ready = { log = "^ready$", fail-log = "EADDRINUSE" } }
late = { command = "echo ready; until test -e go; do sleep 0.05; done; echo EADDRINUSE; touch said; exec sleep 1000", start-secs = 0, ready = { log = "^ready$", fail-log = "EADDRINUSE" } }
"#,
    );
    let mut zap = host.served(&[]);
    let why = host.why_until("bad", "failed");
    assert_eq!(why, "a/bad: failed: printed `EADDRINUSE: 80` before it was ready\n");
    assert_eq!(host.verb(&["wait", "late", "--until", "ready"]).code, 0);
    host.file("go", "");
    host.file_until("said", |_| host.folder().join("said").exists());
    let late = host.job("late");
    assert_eq!((&late["state"], &late["ready"], &late["run"]), (&json!("running"), &json!(true), &json!(1)));
    host.shuts_down(&mut zap);
}

#[test]
fn a_port_makes_it_ready_and_the_refusals_are_counted() {
    let place = free_place(1);
    let mut host = with_dependant(&format!(
        r#"{{ command = "exec sleep 1000", start-secs = 0, ready = {{ tcp = "{place}", interval = "100ms", timeout = "300ms" }} }}"#
    ));
    let mut zap = host.served(&[]);
    let why = host.why_until("web", "times in");
    let wanted = format!(
        "a/web: waiting for a/one to be ready\n  a/one: running, but not ready: its probe tcp {place}: connection refused, "
    );
    assert!(why.starts_with(&wanted), "{why}");
    let told = host.job_until("one", "is not ready in time", |job| {
        let why = job["why"].as_str().unwrap_or_default();
        let wanted = format!("up, but not ready: its probe tcp {place}: connection refused, ");
        why.starts_with(&wanted) && why.ends_with("; its ready.timeout of 300ms has passed")
    });
    assert_eq!(told["state"], "running");
    assert_eq!(host.job("web")["state"], "waiting");
    let listener = TcpListener::bind(place).expect("nobody else is there");
    zap.events.until("a/one", "ready");
    zap.events.until("a/web", "started");
    drop(listener);
    assert_eq!(host.job("one")["ready"], true, "once seen is seen");
    host.shuts_down(&mut zap);
}

#[test]
fn a_web_server_makes_it_ready_by_its_status() {
    let server = Server::new(503);
    let mut host = with_dependant(&format!(
        r#"{{ command = "exec sleep 1000", start-secs = 0, ready = {{ http = "http://{}/health", status = 204, interval = "100ms" }} }}"#,
        server.place
    ));
    let mut zap = host.served(&[]);
    let asked = format!("its probe http://{}/health: ", server.place);
    let why = host.why_until("web", "503");
    assert!(
        why.starts_with(&format!(
            "a/web: waiting for a/one to be ready\n  a/one: running, but not ready: {asked}status 503"
        )),
        "{why}"
    );
    server.answers(200);
    host.why_until("one", &format!("running, but not ready: {asked}status 200"));
    server.answers(204);
    zap.events.until("a/one", "ready");
    zap.events.until("a/web", "started");
    host.shuts_down(&mut zap);
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_not_ready_and_says_so() {
    let server = Server::new(SILENT);
    let mut host = with_dependant(&format!(
        r#"{{ command = "exec sleep 1000", start-secs = 0, ready = {{ http = "http://{}/", interval = "100ms", timeout = "1s" }} }}"#,
        server.place
    ));
    let mut zap = host.served(&[]);
    let why = host.why_until("one", "has passed");
    let wanted =
        format!("a/one: running, but not ready: its probe http://{}/: no answer within 1s", server.place);
    assert!(why.starts_with(&wanted) && why.ends_with("; its ready.timeout of 1s has passed\n"), "{why}");
    let told = host.verb(&["wait", "web", "--until", "running", "--timeout", "100ms"]);
    assert!(told.code == 1 && told.err.contains("no answer within 1s"), "{told:?}");
    server.answers(200);
    zap.events.until("a/web", "started");
    host.shuts_down(&mut zap);
}

#[test]
fn a_command_or_a_file_makes_it_ready() {
    let mut host = Host::new(
        r#"
[systems.a.jobs]
command = { command = "exec sleep 1000", start-secs = 0, ready = { command = "echo not yet; rogue probe asked.json; test -e go", interval = "100ms" }, env = { WHO = "me" } }
file = { command = "exec sleep 1000", start-secs = 0, ready = { file = "run/socket", interval = "100ms" } }
hangs = { command = "exec sleep 1000", start-secs = 0, ready = { command = "exec rogue deaf", interval = "100ms" } }
"#,
    );
    let mut zap = host.served(&[]);
    let why = host.why_until("command", "`: not yet");
    let wanted = "a/command: running, but not ready: its probe `echo not yet; rogue probe asked.json; test -e go`: not yet";
    assert!(why.starts_with(wanted), "{why}");
    assert_eq!(host.probed("asked.json")["env"]["WHO"], "me");
    let missing = host.folder().join("run/socket");
    let why = host.why_until("file", "does not exist");
    let wanted =
        format!("a/file: running, but not ready: its probe file {0}: it does not exist", missing.display());
    assert!(why.starts_with(&wanted), "{why}");
    let why = host.why_until("hangs", "no answer");
    let wanted = "a/hangs: running, but not ready: its probe `exec rogue deaf`: no answer within 1s";
    assert!(why.starts_with(wanted), "{why}");
    host.file("go", "");
    host.file("run/socket", "");
    for job in ["command", "file"] {
        assert_eq!(host.verb(&["wait", job, "--until", "ready"]).code, 0);
    }
    host.shuts_down(&mut zap);
}

#[test]
fn a_job_that_is_not_well_is_restarted() {
    let mut host = Host::new(
        r#"
[systems.a.jobs]
one = { command = "touch well; exec sleep 1000", start-secs = 0, backoff = "50ms", health-check = { command = "test -e well", interval = "100ms", start-period = 0, max-failed = 2 } }
"#,
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file_until("well", |_| host.folder().join("well").exists());
    std::fs::remove_file(host.folder().join("well")).expect("it is there");
    let stopping = zap.events.until("a/one", "stopping");
    let text = stopping["text"].as_str().expect("words");
    assert!(text.contains("its health check `test -e well`: exit 1, 2 times in "), "{text}");
    assert_eq!(stopping["by"], "policy");
    assert_eq!(zap.events.until("a/one", "started")["run"], 2);
    zap.events.until("a/one", "up");
    assert_eq!(host.job("one")["restarts"], 1);
    host.shuts_down(&mut zap);
}

#[test]
fn a_job_that_is_not_well_is_told_and_goes_on() {
    let (server, silent) = (Server::new(200), Server::new(200));
    let place = free_place(2);
    let listener = TcpListener::bind(place).expect("nobody else is there");
    let keys = "interval = \"100ms\", start-period = 0, max-failed = 2, on-fail = \"alert\"";
    let mut host = Host::new(&format!(
        r#"
[systems.a.jobs]
http = {{ command = "exec sleep 1000", start-secs = 0, health-check = {{ http = "http://{}/", {keys} }} }}
tcp = {{ command = "exec sleep 1000", start-secs = 0, health-check = {{ tcp = "{place}", {keys} }} }}
silent = {{ command = "exec sleep 1000", start-secs = 0, health-check = {{ http = "http://{}/", timeout = "200ms", {keys} }} }}
"#,
        server.place, silent.place
    ));
    let mut zap = host.served(&[]);
    assert_eq!(host.verb(&["wait", "a", "--until", "ready"]).code, 0);
    server.answers(500);
    silent.answers(SILENT);
    drop(listener);
    for (job, complaint) in [
        ("http", format!("http://{}/: status 500, ", server.place)),
        ("tcp", format!("tcp {place}: connection refused, ")),
        ("silent", format!("http://{}/: no answer within 200ms, ", silent.place)),
    ] {
        let found = host.job_until(job, "is unwell", |job| job["unwell"] == true);
        let state = (&found["state"], &found["ready"], &found["run"]);
        assert_eq!(state, (&json!("running"), &json!(true), &json!(1)), "{found}");
        let why = found["why"].as_str().expect("words");
        assert!(why.starts_with(&format!("up, but unwell: its health check {complaint}")), "{why}");
    }
    let told = zap.events.until("a/http", "unready");
    assert!(told["text"].as_str().is_some_and(|text| text.contains("status 500")), "{told}");
    server.answers(204);
    zap.events.until("a/http", "ready");
    assert_eq!(host.job("http")["unwell"], false);
    host.shuts_down(&mut zap);
}

#[test]
fn a_folder_in_which_nothing_happens_or_that_vanishes_is_not_well() {
    let keys = "interval = \"100ms\", start-period = 0, max-failed = 1";
    let mut host = Host::new(&format!(
        r#"
[systems.a.jobs]
idle = "exec sleep 1000"
busy = {{ command = "while :; do touch busy/beat; sleep 0.1; done", start-secs = 0, health-check = {{ folder = "busy", inactive-time = "20s", on-fail = "alert", {keys} }} }}
lazy = {{ command = "exec sleep 1000", start-secs = 0, health-check = {{ folder = "lazy", inactive-time = "1s", on-fail = "alert", {keys} }} }}
gone = {{ command = "exec sleep 1000", start-secs = 0, max-runs = {{ count = 1, within = "1h" }}, backoff = "50ms", health-check = {{ folder = "gone", inactive-time = "1h", {keys} }} }}
"#
    ));
    for folder in ["busy", "lazy", "gone"] {
        host.file(&format!("{folder}/beat"), "");
    }
    let mut zap = host.served(&[]);
    zap.events.until("a/gone", "up");
    let folder = |name: &str| host.folder().join(name).display().to_string();
    let why = host.why_until("lazy", "unwell");
    let lazy = folder("lazy");
    let wanted =
        format!("a/lazy: running, but unwell: its health check folder {lazy}: nothing changed within 1s");
    assert!(why.starts_with(&wanted), "{why}");
    assert_eq!(host.job("busy")["unwell"], false);
    std::fs::remove_dir_all(host.folder().join("gone")).expect("it is there");
    let gone = folder("gone");
    let complaint = format!("its health check folder {gone}: it does not exist");
    let why = host.why_until("gone", "held");
    assert!(why.contains(&complaint), "{why}");
    assert_eq!(host.job("gone")["run"], 2, "once again, then it is held");
    host.shuts_down(&mut zap);
}
