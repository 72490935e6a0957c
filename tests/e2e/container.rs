//! `container-id`: what is supervised is the first process of a container that somebody else has made. The container tool is a
//! script of ours.

use std::process::{Child, Stdio};

use serde_json::json;

use crate::host::{Host, lives};

/// Asks a service for a container, as podman asks conmon, and answers questions. Each call is noted.
const PODMAN: &str = r#"#!/bin/sh
there=$HOME/containers
echo "$*" >> "$there/calls"
for id; do :; done
case $1 in
run)
    id=$(printf '%064d' $$)
    echo "$id $3" > "$there/wanted"
    until test -s "$there/$id.pid"; do sleep 0.02; done
    echo pulling
    echo "$id" ;;
inspect)
    test -e "$there/hangs" && exec rogue deaf
    if test "$3" = '{{.State.Pid}}'; then cat "$there/$id.pid"
    else until test -s "$there/$id.code"; do sleep 0.02; done; cat "$there/$id.code"; fi ;;
kill)
    kill -s "$3" "$(cat "$there/$id.pid")" ;;
esac
"#;

/// Makes containers: processes in sessions of their own that are no children of zap.
const SERVICE: &str = r#"
there=$HOME/containers
while read -r id what; do (
    case $what in
    good) setsid sh -c 'echo $$ > "$0.new"; mv "$0.new" "$0.pid"; exec sleep 1000' "$there/$id" ;;
    ends) setsid sh -c 'echo $$ > "$0.new"; mv "$0.new" "$0.pid"; until test -e "$HOME/end"; do sleep 0.05; done; exit 5' "$there/$id" ;;
    deaf) setsid sh -c 'trap "" TERM; echo $$ > "$0.new"; mv "$0.new" "$0.pid"; while :; do sleep 0.05; done' "$there/$id" ;;
    dead) echo 0 > "$there/$id.pid" ;;
    esac
    echo $? > "$there/$id.code" ) &
done < "$there/wanted"
"#;

/// A host with the tool, and the service.
fn world(jobs: &str) -> (Host, Service) {
    let host = Host::new(&format!("[systems.a.jobs]\nidle = \"exec sleep 1000\"\n{jobs}"));
    host.program("podman", PODMAN);
    host.file("containers/calls", "");
    let wanted = host.folder().join("containers/wanted");
    nix::unistd::mkfifo(&wanted, nix::sys::stat::Mode::S_IRWXU).expect("a pipe with a name");
    // Open for reading and writing, so that it has no end.
    let service = SERVICE.replace("< \"$there/wanted\"", "<> \"$there/wanted\"");
    let child = host
        .command("sh")
        .args(["-c", &service])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a service");
    (host, Service(child))
}

/// Ends with the test.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The id of the only container, and its pid.
fn container(host: &Host) -> (String, i32) {
    let folder = std::fs::read_dir(host.folder().join("containers")).expect("a folder");
    let names = folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut ids = names.filter_map(|name| Some(name.strip_suffix(".pid")?.to_owned()));
    let id = ids.next().expect("a container");
    assert_eq!(ids.next(), None);
    let pid = host.pid_in(&format!("containers/{id}.pid"));
    (id, pid)
}

const RUN: &str = "command = \"podman run -d";

#[test]
fn the_first_process_of_a_container_is_supervised_and_ended_by_its_tool() {
    let (mut host, service) = world(&format!("one = {{ {RUN} good\", container-id = \"podman\" }}\n"));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let (id, pid) = container(&host);
    assert_eq!(host.job("one")["pid"], pid);
    assert!(!host.alive().iter().any(|line| line.contains("podman run")), "the launcher has ended");
    let told = host.verb(&["stop", "one", "--wait"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(!lives(pid));
    assert_eq!(host.verb(&["why", "one"]).out, "a/one: stopped as asked\n");
    let calls = host.file_until("containers/calls", |_| true);
    let wanted = format!("run -d good\ninspect --format {{{{.State.Pid}}}} {id}\nkill --signal TERM {id}\n");
    assert_eq!(calls, wanted);
    drop(service);
    host.shuts_down(&mut zap);
}

#[test]
fn a_container_that_ends_is_judged_by_the_code_that_its_tool_tells() {
    let (mut host, service) = world(&format!(
        "one = {{ {RUN} ends\", container-id = \"podman\", start-secs = 0, exit-codes = [0, 5] }}\n"
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file("end", "");
    let exited = zap.events.until("a/one", "exited");
    assert_eq!((&exited["exit"], &exited["expected"]), (&json!({ "code": 5 }), &json!(true)));
    let why = host.why_until("one", "done");
    assert!(why.starts_with("a/one: done: exit 5 after "), "{why}");
    drop(service);
    host.shuts_down(&mut zap);
}

#[test]
fn a_container_that_does_not_hear_is_killed_by_its_tool() {
    let (mut host, service) = world(&format!(
        "one = {{ {RUN} deaf\", container-id = \"podman\", stop = {{ timeout = \"500ms\" }} }}\n"
    ));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let (id, pid) = container(&host);
    assert_eq!(host.verb(&["stop", "one", "--wait"]).code, 0);
    assert!(!lives(pid));
    let calls = host.file_until("containers/calls", |text| text.contains("KILL"));
    let kills = format!("kill --signal TERM {id}\nkill --signal KILL {id}\n");
    assert!(calls.ends_with(&kills), "{calls}");
    drop(service);
    host.shuts_down(&mut zap);
}

#[test]
fn a_container_that_is_none_is_a_failed_start() {
    let (mut host, service) = world(&format!(
        r#"
silent = {{ command = "true", container-id = "podman" }}
words = {{ command = "echo Trying to pull it", container-id = "podman" }}
fails = {{ command = "echo no such image >&2; exit 125", container-id = "podman" }}
dead = {{ {RUN} dead", container-id = "podman" }}
"#
    ));
    let mut zap = host.served(&[]);
    for (job, words) in [
        ("silent", "its command printed no id of a container"),
        ("words", "its command printed no id of a container, but `Trying to pull it`"),
        ("fails", "its command ended, exit 125, before its pid was known"),
    ] {
        assert_eq!(host.why_until(job, "failed"), format!("a/{job}: failed: {words}\n"));
    }
    let why = host.why_until("dead", "failed");
    let id = container(&host).0;
    assert_eq!(why, format!("a/dead: failed: container {id} does not run\n"));
    drop(service);
    host.shuts_down(&mut zap);
}

#[test]
fn a_tool_that_hangs_holds_up_nobody_for_ever() {
    let (mut host, service) = world(&format!("one = {{ {RUN} good\", container-id = \"podman\" }}\n"));
    host.file("containers/hangs", "");
    let mut zap = host.served(&[]);
    let asked = |alive: &Vec<String>| alive.iter().any(|line| line.ends_with("rogue deaf"));
    host.alive_until("the tool hangs", asked);
    let (id, pid) = container(&host);
    let wanted = format!(
        "a/one: starting, its pid is awaited: `podman inspect --format {{{{.State.Pid}}}} {id}` runs\n"
    );
    assert_eq!(host.verb(&["why", "one"]).out, wanted);
    let told = host.verb(&["stop", "one", "--wait"]);
    assert_eq!(told.code, 0, "{told:?}");
    host.alive_until("nothing of it is left", |alive| !asked(alive) && !lives(pid));
    drop(service);
    host.shuts_down(&mut zap);
}
