//! The file, read again: by the verb and by HUP; the event log that the file names.

use nix::sys::signal::Signal;

use crate::host::Host;

const BEFORE: &str = r#"
[systems.dev.jobs]
same = "exec sleep 1000"
other = "exec sleep 1001"
gone = "exec sleep 1002"
"#;

const AFTER: &str = r#"
[systems.dev.jobs]
same = "exec sleep 1000"
other = "exec sleep 2001"
new = "exec sleep 2002"
"#;

const BROKEN: &str = "[systems.dev.jobs]\nsame = { comand = \"true\" }\n";

/// The pid of a job.
fn pid(host: &Host, address: &str) -> i64 {
    let status = host.verb(&["status", address, "--json"]).json();
    status["systems"][0]["jobs"][0]["pid"].as_i64().unwrap_or_default()
}

#[test]
fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let mut host = Host::new(BEFORE);
    let mut zap = host.served(&[]);
    zap.events.until("dev/gone", "up");
    let before = host.verb(&["status", "--json"]).json()["systems"].clone();
    host.file("systems.toml", AFTER);
    let told = host.verb(&["reload", "--dry-run"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("+ dev/new") && told.out.contains("- dev/gone"), "{told:?}");
    assert!(told.out.contains("~ dev/other"), "{told:?}");
    assert!(told.out.ends_with("1 added, 1 removed, 1 changed, 1 kept (nothing was done)\n"), "{told:?}");
    let forecast = host.verb(&["reload", "--dry-run", "--json"]).json();
    assert_eq!((&forecast["applied"], &forecast["kept"]), (&false.into(), &1.into()));
    assert_eq!(host.verb(&["status", "--json"]).json()["systems"], before);
    host.file("systems.toml", BROKEN);
    let told = host.verb(&["reload", "--dry-run"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.err.contains("systems.toml:2:10") && told.err.contains("`command`"), "{told:?}");
    assert!(host.verb(&["status", "--json"]).json()["zap"]["problem"].is_null(), "nobody wished it");
}

#[test]
fn a_reload_does_what_the_dry_run_has_told_and_touches_nothing_else() {
    let mut host = Host::new(BEFORE);
    let mut zap = host.served(&[]);
    zap.events.until("dev/gone", "up");
    let same = pid(&host, "same");
    host.file("systems.toml", AFTER);
    let told = host.verb(&["reload"]);
    assert!(told.code == 0 && told.out.ends_with("1 added, 1 removed, 1 changed, 1 kept\n"), "{told:?}");
    zap.events.find("a reload", |event| event["kind"] == "reload");
    assert_eq!(host.verb(&["wait", "dev", "--until", "ready", "--timeout", "20s"]).code, 0);
    host.alive_until("the new commands run, and only those", |alive| {
        let runs = |words: &str| alive.iter().any(|line| line.ends_with(words));
        runs("sleep 1000") && runs("sleep 2001") && runs("sleep 2002") && !runs("1001") && !runs("1002")
    });
    assert_eq!(pid(&host, "same"), same);
    assert_eq!(host.verb(&["status", "gone"]).code, 2);
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_broken_file_changes_nothing_and_is_told_until_it_is_repaired() {
    let mut host = Host::new(BEFORE);
    let mut zap = host.served(&[]);
    zap.events.until("dev/gone", "up");
    let same = pid(&host, "same");
    host.file("systems.toml", BROKEN);
    let told = host.verb(&["reload"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.err.contains("systems.toml:2:10") && !told.err.contains('\x1b'), "{told:?}");
    let status = host.verb(&["status"]);
    assert!(status.code == 0 && status.err.contains("systems.toml:2:10"), "{status:?}");
    let problem = &host.verb(&["status", "--json"]).json()["zap"]["problem"];
    assert_eq!(problem["place"], "systems.toml:2:10");
    assert_eq!(pid(&host, "same"), same);
    std::fs::remove_file(host.folder().join("systems.toml")).expect("it is there");
    let file = host.folder().join("systems.toml").display().to_string();
    let told = host.verb(&["-f", &file, "reload"]);
    assert!(told.code == 2 && told.err.contains("no such file"), "{told:?}");
    host.file("systems.toml", BEFORE);
    let told = host.verb(&["reload"]);
    assert_eq!((told.code, told.out.as_str()), (0, "nothing has changed, 3 kept\n"), "{told:?}");
    assert!(host.verb(&["status", "--json"]).json()["zap"]["problem"].is_null());
    assert_eq!(pid(&host, "same"), same);
}

#[test]
fn hup_reads_the_file_again_as_long_as_the_terminal_is_there() {
    let mut host = Host::new(BEFORE);
    host.zap(&[]).row(&["same", "running"]);
    let mut events = host.listen();
    host.file("systems.toml", AFTER);
    host.signal(Signal::SIGHUP);
    events.find("a reload", |event| event["kind"] == "reload");
    host.row(&["new", "running"]).shows_no("gone");
    drop(events);
    host.hang_up();
    host.leaves_nothing_behind();
}

#[test]
fn hup_reads_the_file_again_without_a_screen_and_without_a_terminal() {
    let mut host = Host::new(BEFORE);
    let mut zap = host.served(&[]);
    zap.events.until("dev/gone", "up");
    host.file("systems.toml", BROKEN);
    zap.signal(Signal::SIGHUP);
    zap.events.find("a reload", |event| event["kind"] == "reload");
    host.file("systems.toml", AFTER);
    zap.signal(Signal::SIGHUP);
    zap.events.until("dev/new", "up");
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);

    host.file("systems.toml", BEFORE);
    host.run(&["setsid", "--wait", env!("CARGO_BIN_EXE_zap"), "--no-tui"]);
    let mut events = host.listen();
    events.until("dev/gone", "up");
    let pid = host.verb(&["status", "--json"]).json()["zap"]["pid"].as_i64().expect("a pid");
    host.file("systems.toml", AFTER);
    let pid = nix::unistd::Pid::from_raw(pid.try_into().expect("a pid fits"));
    nix::sys::signal::kill(pid, Signal::SIGHUP).expect("zap is there");
    events.until("dev/new", "up");
    host.verb(&["shutdown"]);
    assert_eq!(host.ends().0, 0);
}

#[test]
fn lines_end_with_their_terminal() {
    let mut host = Host::new(BEFORE);
    host.zap(&["--no-tui"]);
    // From here on nothing is printed that could fail.
    host.row(&["same", "up"]).row(&["other", "up"]).row(&["gone", "up"]);
    host.hang_up();
    host.leaves_nothing_behind();
}

#[test]
fn the_event_log_has_a_line_for_each_event_and_follows_the_file() {
    let mut host =
        Host::new("[zap]\nevent-log = \"events.log\"\n[systems.a.jobs]\none = \"exec sleep 1000\"\n");
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let text = host.file_until("events.log", |text| text.contains(": up\n"));
    let first = text.lines().find(|line| line.contains("started, pid")).expect("a start");
    assert!(first.contains("+00:00 a/one run 1: started, pid "), "{text}");
    std::fs::rename(host.folder().join("events.log"), host.folder().join("events.log.1"))
        .expect("it is there");
    host.verb(&["restart", "one", "--wait"]);
    host.file_until("events.log", |text| text.contains("started, pid"));
    host.file(
        "systems.toml",
        "[zap]\nevent-log = \"later.log\"\n[systems.a.jobs]\none = \"exec sleep 1000\"\n",
    );
    assert_eq!(host.verb(&["reload"]).code, 0);
    host.verb(&["restart", "one", "--wait"]);
    host.file_until("later.log", |text| text.contains("started, pid"));
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn a_watched_file_is_applied_however_it_is_written() {
    let watched = |text: &str| format!("[zap]\nwatch-config = true\n{text}");
    let mut host = Host::new(&watched(BEFORE));
    let mut zap = host.served(&[]);
    zap.events.until("dev/gone", "up");
    let same = pid(&host, "same");
    // By rename, as most editors write.
    let fresh = host.file("systems.toml.new", &watched(AFTER));
    std::fs::rename(fresh, host.folder().join("systems.toml")).expect("it can be renamed");
    zap.events.until("dev/new", "up");
    // A file that is broken, or half written, changes nothing.
    host.file("systems.toml", &watched(BROKEN));
    zap.events.find("a reload by the file", |event| event["kind"] == "reload" && event["by"] == "reload");
    host.file("systems.toml", &watched(BEFORE));
    zap.events.until("dev/gone", "up");
    assert_eq!(pid(&host, "same"), same);
    // No longer watched: nothing is read by itself.
    host.file("systems.toml", BEFORE);
    zap.events.find("the last reload", |event| event["kind"] == "reload");
    host.file("systems.toml", AFTER);
    let told = host.verb(&["reload", "--dry-run"]);
    assert!(told.out.contains("+ dev/new"), "{told:?}");
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn a_file_of_variables_is_watched_too() {
    let config = "[zap]\nwatch-config = true\n[systems.a.jobs]\none = { command = 'echo \"$WHO\" >> who; exec sleep 1000', env-file = \".env\" }\n";
    let mut host = Host::new(config);
    host.file(".env", "WHO=first\n");
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    host.file(".env", "WHO=second\n");
    host.file_until("who", |text| text == "first\nsecond\n");
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn a_key_asks_before_the_file_is_applied() {
    let mut host = Host::new(BEFORE);
    host.zap(&[]).row(&["same", "running"]).row(&["gone", "running"]);
    host.keys("c").shows("the file says what it said before");
    host.file("systems.toml", AFTER);
    host.keys("c").shows("dev/new").keys("n").shows_no("dev/new").row(&["gone", "running"]);
    host.keys("c").shows("dev/new").keys("y").row(&["new", "running"]);
    host.alive_until("what is gone has ended", |alive| !alive.iter().any(|line| line.contains("1002")));
    host.file("systems.toml", BROKEN);
    host.keys("c").shows("systems.toml:2:10");
    host.file("systems.toml", AFTER);
    host.keys("c").shows_no("systems.toml:2:10");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn instances_are_added_and_taken_away_by_the_difference() {
    let config = |count: u32| {
        format!("[systems.a.jobs]\none = {{ command = \"exec sleep 1000\", numprocs = {count} }}\n")
    };
    let mut host = Host::new(&config(2));
    let mut zap = host.served(&[]);
    zap.events.until("a/one#2", "up");
    assert_eq!(host.verb(&["stop", "one:2", "--wait"]).code, 0);
    assert_eq!(host.verb(&["start", "one#2", "--wait"]).code, 0);
    let first = pid(&host, "one#1");
    host.file("systems.toml", &config(3));
    assert_eq!(host.verb(&["reload"]).code, 0);
    zap.events.until("a/one#3", "up");
    host.file("systems.toml", &config(1));
    assert_eq!(host.verb(&["reload"]).code, 0);
    host.alive_until("one is left", |alive| {
        alive.iter().filter(|line| line.ends_with("sleep 1000")).count() == 1
    });
    assert_eq!(pid(&host, "one"), first);
    let told = host.verb(&["stop", "one#2"]);
    assert!(told.code == 2 && told.err.contains("one instance only"), "{told:?}");
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn of_two_hundred_jobs_only_the_one_that_changed_is_touched() {
    let config = |last: u32| {
        let same: Vec<String> = (1..200).map(|n| format!("job{n} = \"exec sleep 1000\"\n")).collect();
        let same = same.concat();
        format!("[systems.a.jobs]\n{same}last = \"exec sleep {last}\"\n")
    };
    let pids = |host: &Host| -> Vec<i64> {
        let status = host.verb(&["status", "--json"]).json();
        let jobs = status["systems"][0]["jobs"].as_array().expect("jobs");
        jobs.iter().map(|job| job["pid"].as_i64().unwrap_or_default()).collect()
    };
    let mut host = Host::new(&config(1000));
    let mut zap = host.served(&[]);
    assert_eq!(host.verb(&["wait", "a", "--until", "ready", "--timeout", "25s"]).code, 0);
    let before = pids(&host);
    host.file("systems.toml", &config(1001));
    let told = host.verb(&["reload"]);
    assert!(told.out.starts_with("~ a/last") && told.out.ends_with("1 changed, 199 kept\n"), "{told:?}");
    zap.events.find("the new run", |event| event["address"] == "a/last" && event["run"] == 2);
    let after = pids(&host);
    assert_eq!(before[..199], after[..199]);
    assert!(before[..199].iter().all(|pid| *pid > 0) && before[199] != after[199]);
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
    host.leaves_nothing_behind();
}
