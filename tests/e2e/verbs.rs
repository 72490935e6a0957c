//! The verbs for a zap that runs: what they do, say and return.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::host::{Host, LIMIT};

const STACK: &str = r#"
[systems.dev.jobs]
db = "exec sleep 1000"
web = { command = "exec sleep 1000", depends-on = ["db"] }
[systems.tools]
autostart = false
[systems.tools.jobs]
docs = "exec sleep 1000"
"#;

#[test]
fn status_tells_every_job_and_its_code_whether_all_is_well() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    let told = host.verb(&["status"]);
    assert_eq!(told.code, 0, "{told:?}");
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 3, "{told:?}");
    assert!(lines[0].starts_with("dev/db      running  "), "{told:?}");
    assert!(lines[2].starts_with("tools/docs  stopped"), "{told:?}");
    let status = host.verb(&["status", "--json"]).json();
    assert_eq!(status["zap"]["pid"], zap.pid());
    let web = &status["systems"][0]["jobs"][1];
    assert_eq!((&web["address"], &web["state"]), (&"dev/web".into(), &"running".into()));
    assert_eq!((&web["ready"], &web["wanted"], &web["run"]), (&true.into(), &true.into(), &1.into()));
    assert!(web["pid"].is_i64() && web["cpu_percent"].is_null() && web["exit"].is_null(), "{web}");
    assert!(web["since"].as_str().is_some_and(|since| since.len() == 24 && since.ends_with('Z')), "{web}");
    let one = host.verb(&["status", "db", "--json"]).json();
    assert_eq!(one["systems"].as_array().map(Vec::len), Some(1));
    assert_eq!(one["systems"][0]["jobs"].as_array().map(Vec::len), Some(1));
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
    host.leaves_nothing_behind();
}

#[test]
fn what_should_be_up_and_is_not_is_told_by_the_code() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = { command = \"exit 3\", restart = \"never\" }\ntwo = 'exec sleep 1000'\n",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "stopped");
    let told = host.verb(&["status"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.out.contains("failed") && told.out.contains("exit 3"), "{told:?}");
    let status = host.verb(&["status", "--json", "a/one"]);
    assert_eq!(status.code, 3);
    assert_eq!(status.json()["systems"][0]["jobs"][0]["exit"], serde_json::json!({ "code": 3 }));
}

#[test]
fn without_a_zap_every_verb_says_so() {
    let host = Host::new(STACK);
    for args in [
        &["status"][..],
        &["start", "dev"],
        &["stop", "dev"],
        &["restart", "dev"],
        &["restart", "--failed"],
        &["kill", "dev"],
        &["signal", "HUP", "dev"],
        &["reload"],
        &["shutdown"],
        &["wait", "dev", "--until", "ready"],
        &["why", "dev"],
        &["events"],
    ] {
        let told = host.verb(args);
        let file = host.folder().join("systems.toml");
        let wanted = format!("error: no zap is running for {}: start it with `zap`\n", file.display());
        assert_eq!((told.code, told.err), (4, wanted), "{args:?}");
    }
}

#[test]
fn jobs_are_started_stopped_and_restarted_from_outside() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    let told = host.verb(&["start", "docs", "--wait"]);
    assert_eq!((told.code, told.out.as_str()), (0, "tools/docs: starting\n"), "{told:?}");
    let told = host.verb(&["start", "docs"]);
    assert_eq!((told.code, told.out.as_str()), (0, "tools/docs: nothing to do, running\n"), "{told:?}");
    let told = host.verb(&["stop", "dev/db", "--wait"]);
    assert_eq!(told.code, 0, "{told:?}");
    let status = host.verb(&["status", "--json"]).json();
    assert_eq!(status["systems"][0]["jobs"][0]["state"], "stopped");
    assert!(status["systems"][0]["jobs"][0]["pid"].is_null());
    assert_eq!(status["systems"][0]["jobs"][1]["state"], "waiting", "it needs the other");
    let told = host.verb(&["restart", "dev", "--wait", "--json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let deeds: Vec<serde_json::Value> =
        told.out.lines().map(|line| serde_json::from_str(line).expect("an object on each line")).collect();
    assert_eq!((&deeds[0]["verb"], &deeds[0]["address"]), (&"restart".into(), &"dev/db".into()));
    let told = host.verb(&["kill", "docs", "--wait"]);
    assert_eq!(told.code, 0, "{told:?}");
    let status = host.verb(&["status", "docs", "--json"]).json();
    assert_eq!(status["systems"][0]["jobs"][0]["exit"], serde_json::json!({ "signal": "KILL" }));
}

#[test]
fn what_failed_is_restarted() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = { command = \"test -e good && exec sleep 1000\", restart = \"never\" }\nidle = 'exec sleep 1000'\n",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "stopped");
    host.file("good", "");
    let told = host.verb(&["restart", "--failed", "--wait"]);
    assert_eq!((told.code, told.out.lines().count()), (0, 1), "{told:?}");
    assert_eq!(host.verb(&["status"]).code, 0);
    let told = host.verb(&["restart", "--failed"]);
    assert_eq!((told.code, told.err.as_str()), (0, "note: nothing has failed\n"), "{told:?}");
}

#[test]
fn unknown_words_are_wrong_usage_with_a_suggestion() {
    let mut host = Host::new(STACK);
    let zap = host.served(&[]);
    for verb in [&["start", "dev/wbe"][..], &["status", "wbe"], &["events", "--job", "wbe"], &["why", "wbe"]]
    {
        let told = host.verb(verb);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(told.err.contains("did you mean `") && told.err.contains("web`"), "{told:?}");
    }
    assert_eq!(host.verb(&["signal", "TREM", "web"]).code, 2);
    assert_eq!(host.verb(&["wait", "web", "--until", "redy"]).code, 2);
    assert_eq!(host.verb(&["events", "--kind", "upp"]).code, 2);
    drop(zap);
}

#[test]
fn waiting_ends_with_the_fact_the_time_or_when_it_can_no_longer_come() {
    let config = r#"
[systems.a.jobs]
idle = { command = "exec sleep 1000", autostart = false }
slow = { command = "while ! test -e go; do sleep 0.05; done", one-shot = true }
bad = { command = "exit 3", restart = "never" }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/bad", "stopped");
    let told = host.verb(&["wait", "bad", "--until", "ready"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.starts_with("error: a/bad: failed: exit 3"), "{told:?}");
    assert_eq!(host.verb(&["wait", "bad", "--until", "stopped"]).code, 0);
    let told = host.verb(&["wait", "slow", "--until", "done", "--timeout", "100ms"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.starts_with("error: waited 100ms in vain for a/slow to be done: it is "), "{told:?}");
    let mut waiting = host.command(env!("CARGO_BIN_EXE_zap"));
    let mut waiting = waiting.args(["wait", "slow", "--until", "done"]).spawn().expect("zap can be started");
    let told = host.verb(&["wait", "idle", "--until", "running"]);
    assert!(told.code == 1 && told.err.starts_with("error: a/idle: never started"), "{told:?}");
    host.file("go", "");
    assert_eq!(waiting.wait().expect("it ends").code(), Some(0));
}

#[test]
fn why_tells_the_reason() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = { command = \"exit 3\", restart = \"never\" }\ntwo = 'exec sleep 1000'\n",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "stopped");
    let told = host.verb(&["why", "one"]);
    assert_eq!(told.code, 0);
    assert!(told.out.starts_with("a/one: failed: exit 3 after "), "{told:?}");
    let link = host.verb(&["why", "one", "--json"]).json();
    assert_eq!((&link["state"], &link["depth"]), (&"failed".into(), &0.into()));
}

#[test]
fn events_are_remembered_and_filtered() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    let started = zap.events.until("dev/db", "started");
    assert!(started["pid"].is_i64(), "{started}");
    assert_eq!(started["run"], 1);
    zap.events.until("dev/web", "up");
    let told = host.verb(&["events", "--json", "--job", "dev/web", "--kind", "up", "--kind", "started"]);
    let kinds: Vec<String> = told
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["kind"].to_string())
        .collect();
    assert_eq!((told.code, kinds), (0, vec!["\"started\"".to_owned(), "\"up\"".to_owned()]));
    let wishes = host.verb(&["events", "--kind", "command"]).out;
    assert!(wishes.ends_with(" zap: start dev\n"), "{wishes}");
    let text = host.verb(&["events", "--job", "dev/web", "--kind", "started"]).out;
    assert!(text.contains(" dev/web run 1: started, pid "), "{text}");
}

#[test]
fn shutdown_stops_everything_and_returns_when_zap_has_ended() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    let told = host.verb(&["shutdown"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.ends_with("dev/db: ended\n"), "{told:?}");
    assert!(!host.runtime().join("socket").exists());
    assert_eq!(host.verb(&["status"]).code, 4);
    assert_eq!(zap.ends(), 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_screen_is_served_as_well() {
    let mut host = Host::new(STACK);
    host.zap(&[]).row(&["web", "running"]);
    assert_eq!(host.verb(&["stop", "web"]).code, 0);
    host.row(&["web", "stopped"]);
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_file_that_is_broken_keeps_nobody_from_talking() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    host.file("systems.toml", "this is no [ toml");
    assert_eq!(host.verb(&["status"]).code, 0);
    let link = host.file("other/systems.toml", "");
    std::fs::remove_file(&link).expect("it is there");
    std::os::unix::fs::symlink(host.folder().join("systems.toml"), &link).expect("a link can be made");
    assert_eq!(host.verb(&["-f", "other/systems.toml", "status"]).code, 0, "it is the same file");
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn a_zap_that_is_stopped_or_busy_is_named_within_two_seconds() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    zap.signal(Signal::SIGSTOP);
    let began = Instant::now();
    let told = host.verb(&["status"]);
    let took = began.elapsed();
    assert_eq!(host.verb(&["stop", "web"]).code, 1);
    zap.signal(Signal::SIGCONT);
    assert_eq!((told.code, told.err), (1, format!("error: zap {} is stopped or busy\n", zap.pid())));
    assert!(took > Duration::from_millis(1900) && took < LIMIT, "{took:?}");
    assert_eq!(host.verb(&["status"]).code, 0);
    let wishes = host.verb(&["events", "--kind", "command"]).out;
    assert!(!wishes.contains("stop"), "what was told to be in vain is not done later: {wishes}");
}

#[test]
fn a_folder_that_others_can_enter_is_not_trusted() {
    let mut host = Host::new(STACK);
    let _zap = host.served(&[]);
    let modes = |mode| std::fs::set_permissions(host.runtime(), std::fs::Permissions::from_mode(mode));
    modes(0o755).expect("the folder is ours");
    let told = host.verb(&["status"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("is open to others (mode 755)"), "{told:?}");
    modes(0o700).expect("the folder is ours");
    assert_eq!(host.verb(&["status"]).code & !3, 0);
}

#[test]
fn garbage_silence_and_crowds_hold_up_nobody() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    let socket = host.runtime().join("socket");
    assert_eq!(std::fs::metadata(&socket).expect("it is there").permissions().mode() & 0o777, 0o600);
    let silent: Vec<UnixStream> =
        (0..20).map(|_| UnixStream::connect(&socket).expect("zap lets us in")).collect();
    for garbage in [
        &b"\n"[..],
        b"GET / HTTP/1.1\r\n\r\n",
        b"{\"protocol\":1}\n",
        b"{\"protocol\":99,\"ask\":{\"shutdown\":{}}}\n",
        b"\xff\xfe\0\n",
    ] {
        let mut stream = UnixStream::connect(&socket).expect("zap lets us in");
        stream.write_all(garbage).expect("zap reads");
        let mut lines = BufReader::new(stream).lines();
        assert!(lines.next().expect("a greeting").expect("a line").contains("\"protocol\":1"));
        let refused = lines.next().expect("an answer").expect("a line");
        assert!(refused.contains("\"refused\""), "{refused}");
        assert!(lines.next().is_none(), "the conversation is over");
    }
    let mut stream = UnixStream::connect(&socket).expect("zap lets us in");
    // Whether all of it is taken before zap hangs up is no matter.
    let _ = stream.write_all(&vec![b'x'; 2 * 1024 * 1024]);
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    assert!(text.contains("too long"), "{text}");
    let newer = "{\"protocol\":1,\"later\":true,\"ask\":{\"status\":{\"targets\":[\"db\"],\"later\":[1]}}}\n";
    let mut stream = UnixStream::connect(&socket).expect("zap lets us in");
    stream.write_all(newer.as_bytes()).expect("zap reads");
    stream.shutdown(std::net::Shutdown::Write).expect("it is ours");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("zap answers");
    assert!(text.contains("dev/db") && text.contains("\"end\""), "unknown fields are ignored: {text}");

    let crowd: Vec<_> = (0..50)
        .map(|_| {
            host.command(env!("CARGO_BIN_EXE_zap"))
                .args(["status", "--json"])
                .stdout(std::process::Stdio::null())
                .spawn()
        })
        .collect();
    for child in crowd {
        assert_eq!(child.expect("it started").wait().expect("it ends").code(), Some(0));
    }
    drop(silent);
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn who_gives_up_waiting_gives_up_his_place() {
    let mut host = Host::new("[systems.a.jobs]\none = \"exec sleep 1000\"\n");
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let asks = [
        "{\"protocol\":1,\"ask\":{\"wait\":{\"targets\":[\"one\"],\"until\":\"stopped\"}}}\n",
        "{\"protocol\":1,\"ask\":{\"events\":{\"follow\":true}}}\n",
    ];
    let mut crowd = Vec::new();
    let refused = loop {
        let mut stream = UnixStream::connect(host.runtime().join("socket")).expect("zap lets us in");
        let _ = stream.write_all(asks[crowd.len() % 2].as_bytes());
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next().expect("a greeting").expect("a line");
        if first.contains("refused") {
            break first;
        }
        let heard = lines.next().expect("an answer").expect("a line");
        assert!(heard.contains("heard"), "{heard}");
        crowd.push(lines);
    };
    assert!(crowd.len() > 100 && refused.contains("others talk to this zap already"), "{refused}");
    drop(crowd);
    // Nothing happens meanwhile that would make zap look at them.
    let limit = Instant::now() + Duration::from_secs(20);
    let mut told = host.verb(&["status"]);
    while told.code != 0 && Instant::now() < limit {
        told = host.verb(&["status"]);
    }
    assert_eq!(told.code, 0, "{told:?}");
    host.shut_down(zap);
}

#[test]
fn who_asks_and_does_not_read_is_cut_off() {
    let mut host = Host::new("[systems.a.jobs]\none = \"exec sleep 1000\"\n");
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let mut deaf = UnixStream::connect(host.runtime().join("socket")).expect("zap lets us in");
    let question = b"{\"protocol\":1,\"ask\":{\"status\":{}}}\n";
    deaf.write_all(&question.repeat(4000)).expect("zap reads all the same");
    assert_eq!(host.verb(&["status"]).code, 0, "the others are answered");
    let mut text = String::new();
    deaf.set_read_timeout(Some(Duration::from_secs(30))).expect("a stream has a limit");
    deaf.read_to_string(&mut text).expect("zap hangs up");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.last().is_some_and(|line| line.contains("were not read")), "{:?}", lines.last());
    assert!(lines.len() > 2048 && lines.len() < 8000, "{}", lines.len());
}

#[test]
fn a_dead_zap_leaves_a_socket_that_is_replaced() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    zap.signal(Signal::SIGKILL);
    assert_eq!(zap.ends(), 137);
    assert!(host.runtime().join("socket").exists());
    assert_eq!(host.verb(&["status"]).code, 4);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn a_place_with_a_long_name_has_a_socket_too() {
    let mut host = Host::new(STACK);
    let deep = format!("state/{}", "long-name/".repeat(12));
    let state = host.folder().join(&deep);
    let zap = env!("CARGO_BIN_EXE_zap");
    let variable = format!("ZAP_STATE_DIR={}", state.display());
    host.run(&["env", &variable, zap]).row(&["web", "running"]);
    let mut status = host.command(zap);
    let output = status.env("ZAP_STATE_DIR", &state).arg("status").output().expect("zap can be started");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_chain_of_reasons_is_told_and_whoever_waits_in_vain_is_told_so() {
    let config = r#"
[systems.dev.jobs]
db = { command = "exit 3", restart = "never", labels = ["data"] }
api = { command = "exec sleep 1000", depends-on = ["db"] }
web = { command = "exec sleep 1000", depends-on = ["api"] }
other = "exec sleep 1000"
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("dev/db", "stopped");
    let told = host.verb(&["why", "web"]);
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 3, "{told:?}");
    assert!(lines[0].starts_with("dev/web: waiting for dev/api"), "{told:?}");
    assert_eq!(lines[..2], ["dev/web: waiting for dev/api", "  dev/api: waiting for dev/db"], "each its own");
    assert!(lines[2].starts_with("    dev/db: failed: exit 3"), "{told:?}");
    let told = host.verb(&["wait", "web", "--until", "ready"]);
    assert!(told.code == 1 && told.err.contains("dev/web: waiting for"), "{told:?}");
    let told = host.verb(&["status", "@data"]);
    assert!(told.code == 3 && told.out.starts_with("dev/db"), "{told:?}");
}

#[test]
fn a_signal_reaches_the_group() {
    let config = "[systems.a.jobs]\nidle = \"exec sleep 1000\"\none = { command = \"trap 'echo hup >> got' HUP; echo set; while :; do sleep 0.05; done\", ready.log = '^set$' }\n";
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "ready");
    let told = host.verb(&["signal", "SIGHUP", "one"]);
    assert_eq!((told.code, told.out.as_str()), (0, "a/one: signalled\n"), "{told:?}");
    host.file_until("got", |text| text.contains("hup"));
    host.verb(&["stop", "one", "--wait"]);
    let told = host.verb(&["signal", "TERM", "one"]);
    assert!(told.code == 1 && told.err.contains("nothing of it runs"), "{told:?}");
    assert_eq!(host.verb(&["signal", "99", "one"]).code, 2);
}

#[test]
fn a_start_of_what_is_meant_to_end_waits_for_its_end() {
    let config = "[systems.a.jobs]\n\
        idle = 'exec sleep 1000'\n\
        migrate = { command = \"while ! test -s go; do sleep 0.05; done; exit $(cat go)\", one-shot = true, autostart = false, restart = \"never\" }\n";
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/idle", "up");
    let mut start = host.command(env!("CARGO_BIN_EXE_zap"));
    let mut start = start.args(["start", "migrate", "--wait"]).spawn().expect("zap can be started");
    zap.events.until("a/migrate", "up");
    assert_eq!(host.verb(&["status"]).code, 0, "zap has had its turn");
    assert!(start.try_wait().expect("it is ours").is_none(), "it runs, and may still fail");
    host.file("go", "3");
    assert_eq!(start.wait().expect("it ends").code(), Some(1));
    host.file("go", "0");
    assert_eq!(host.verb(&["restart", "migrate", "--wait"]).code, 0);
}

#[test]
fn a_start_is_waited_for_no_longer_than_is_said_here_or_in_the_file() {
    let config = "[systems.a.jobs]\n\
        idle = 'exec sleep 1000'\n\
        web = { command = \"exec sleep 1000\", start-secs = 0, ready = { log = \"never\", timeout = \"1s\" } }\n\
        api = { command = \"exec sleep 1000\", depends-on = [\"web\"] }\n\
        late = { command = \"exec sleep 1000\", start-secs = 0, ready = { log = \"never\", timeout = \"1h\" } }\n";
    let mut host = Host::new(config);
    let mut zap = host.served(&["a/idle"]);
    zap.events.until("a/idle", "up");
    for name in ["web", "api"] {
        let told = host.verb(&["start", name, "--wait"]);
        assert_eq!(told.code, 1, "{told:?}");
        // Who asks when the time is over already is told so at once.
        let waits = told.err.starts_with(&format!("note: waiting for a/{name} to be ready\n"));
        assert_eq!(waits, name == "web", "{told:?}");
        assert!(
            told.err.contains("no line matches `never` yet; its ready.timeout of 1s has passed"),
            "{told:?}"
        );
    }
    let told = host.verb(&["restart", "late", "--wait", "--timeout", "1s"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(
        told.err.contains("error: waited 1s in vain for a/late to be ready: it is running, but not"),
        "{told:?}"
    );
    let told = host.verb(&["start", "late", "--wait", "--timeout", "soon"]);
    assert!(told.code == 2 && told.err.contains("for example 500ms, 30s or 1h30m"), "{told:?}");
}

#[test]
fn a_start_that_starts_a_need_says_so() {
    let config = "[systems.a.jobs]\n\
        idle = 'exec sleep 1000'\n\
        web = { command = \"exec sleep 1000\", ready = { log = \"never\" } }\n\
        web2 = { command = \"exec sleep 1000\", depends-on = [\"web\"] }\n";
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/web", "up");
    assert_eq!(host.verb(&["stop", "web", "--wait"]).code, 0);
    let told = host.verb(&["start", "web2"]);
    assert_eq!(told.out, "a/web2: waiting for a/web, which was started\n", "{told:?}");
    let told = host.verb(&["start", "web2"]);
    assert!(told.out.starts_with("a/web2: nothing to do, waiting for a/web"), "{told:?}");
}

#[test]
fn a_zap_whose_file_is_gone_is_found_from_its_folder() {
    let mut host = Host::new(STACK);
    let mut zap = host.served(&[]);
    zap.events.until("dev/web", "up");
    std::fs::remove_file(host.folder().join("systems.toml")).expect("it is there");
    let told = host.verb(&["status", "db"]);
    assert!(told.code == 0 && told.out.starts_with("dev/db  running"), "{told:?}");
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    assert_eq!(zap.ends(), 0);
    let told = host.verb(&["status"]);
    assert!(told.code == 2 && told.err.contains("no systems.toml found"), "{told:?}");
}

#[test]
fn an_event_log_that_cannot_be_written_is_told() {
    let config = "[zap]\nevent-log = \"missing/events\"\n[systems.a.jobs]\none = 'exec sleep 1000'\n";
    let mut host = Host::new(config);
    let told = host.verb(&["check"]);
    assert!(told.code == 0 && told.err.contains("warning: the event-log"), "{told:?}");
    assert!(told.err.contains("missing does not exist"), "{told:?}");
    let mut zap = host.served(&[]);
    zap.events.find("the complaint", |event| event["kind"] == "zap");
    zap.events.until("a/one", "up");
    let told = host.verb(&["events", "--kind", "zap"]);
    assert!(told.out.contains("zap: cannot write the event log"), "{told:?}");
    assert_eq!(told.out.matches("cannot write").count(), 1, "once: {told:?}");
}
