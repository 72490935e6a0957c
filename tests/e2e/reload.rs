//! The file, read again: by the verb and by HUP; the event log that the file names.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::host::{Host, pause_for};
use crate::look::unmeasured;

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
    assert_eq!(host.verb(&["wait", "dev", "--until", "ready"]).code, 0);
    let jobs = |host: &Host| ["same", "other", "gone"].map(|name| unmeasured(host.job(name)));
    let before = jobs(&host);
    host.file("systems.toml", AFTER);
    let told = host.verb(&["reload", "--dry-run"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("+ dev/new") && told.out.contains("- dev/gone"), "{told:?}");
    assert!(told.out.contains("~ dev/other"), "{told:?}");
    assert!(told.out.ends_with("1 added, 1 removed, 1 changed, 1 kept (nothing was done)\n"), "{told:?}");
    let forecast = host.verb(&["reload", "--dry-run", "--json"]).json();
    assert_eq!((&forecast["applied"], &forecast["kept"]), (&false.into(), &1.into()));
    assert_eq!(jobs(&host), before);
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
fn a_slow_reload_is_waited_for_and_one_that_was_given_up_is_not_done() {
    let mut host = Host::new(BEFORE);
    let mut zap = host.served(&[]);
    zap.events.until("dev/gone", "up");
    let file = host.folder().join("systems.toml");
    let reload = || {
        // A pipe of its own: what is written shall come to this reading and to none before.
        fs::remove_file(&file).expect("it is ours");
        nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).expect("a pipe with a name");
        let mut command = host.command(env!("CARGO_BIN_EXE_zap"));
        let child = command.arg("reload").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        // Opened when zap has opened it to read.
        (child.expect("zap can be started"), OpenOptions::new().write(true).open(&file).expect("a pipe"))
    };
    let (mut given_up, mut pipe) = reload();
    given_up.kill().expect("it is ours");
    given_up.wait().expect("it was started");
    assert_eq!(host.verb(&["status"]).code, 0);
    pipe.write_all(b"[systems.dev.jobs]\nsame = 'exec sleep 3000'\n").expect("zap reads");
    drop(pipe);
    let (waiting, mut pipe) = reload();
    // A verb gets its first answer within 2 s, and may take its time after it.
    pause_for(Duration::from_millis(2_300));
    pipe.write_all(AFTER.as_bytes()).expect("zap reads");
    drop(pipe);
    let told = waiting.wait_with_output().expect("it was started");
    let out = String::from_utf8_lossy(&told.stdout);
    assert!(told.status.success() && out.ends_with("1 added, 1 removed, 1 changed, 1 kept\n"), "{told:?}");
    host.shut_down(zap);
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
fn under_nohup_the_loss_of_the_terminal_is_no_matter() {
    let mut host = Host::new(BEFORE);
    host.run(&["sh", "-c", "trap '' HUP; exec \"$0\" --no-tui > out 2>&1", env!("CARGO_BIN_EXE_zap")]);
    let mut events = host.listen();
    events.until("dev/gone", "up");
    let pid = host.verb(&["status", "--json"]).json()["zap"]["pid"].as_i64().expect("a pid");
    let pid = nix::unistd::Pid::from_raw(pid.try_into().expect("a pid fits"));
    host.file("systems.toml", AFTER);
    host.hang_up();
    nix::sys::signal::kill(pid, Signal::SIGHUP).expect("zap is there");
    // Had it been heard, zap would end, or the file would have been read before.
    let told = host.verb(&["reload"]);
    assert!(told.code == 0 && told.out.ends_with("1 added, 1 removed, 1 changed, 1 kept\n"), "{told:?}");
    assert_eq!(host.verb(&["shutdown"]).code, 0);
    drop(events);
    host.leaves_nothing_behind();
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
    let mut host = Host::new(
        "[zap]\nevent-log = \"events.log\"\n[systems.a.jobs]\nother = \"exec sleep 1000\"\none = \"exec sleep 1000\"\n",
    );
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let text = host.file_until("events.log", |text| text.contains("a/one run 1: up\n"));
    let first = text.lines().find(|line| line.contains(" a/one run 1: started, pid ")).expect("a start");
    assert!(first.contains("+00:00 a/one run 1: started, pid "), "{text}");
    std::fs::rename(host.folder().join("events.log"), host.folder().join("events.log.1"))
        .expect("it is there");
    host.verb(&["restart", "one", "--wait"]);
    host.verb(&["restart", "one", "--wait"]);
    // As everywhere, runs are counted by job.
    host.file_until("events.log", |text| text.contains(" a/one run 3: started, pid "));
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
    host.file_until("who", |text| text == "first\n");
    host.file(".env", "WHO=second\n");
    host.file_until("who", |text| text == "first\nsecond\n");
    host.verb(&["shutdown"]);
    assert_eq!(zap.ends(), 0);
}

#[test]
fn a_key_asks_before_the_file_is_applied() {
    let mut host = Host::new(BEFORE);
    host.zap(&[]).row(&["same", "running"]).row(&["gone", "running"]);
    host.keys("c").shows("nothing changes for the jobs");
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
fn what_did_not_change_keeps_its_process_its_counters_and_its_output() {
    let file = |other: &str| {
        format!(
            "[systems.a.jobs]\nsame = {{ command = 'echo >> runs; echo run $(wc -l < runs); test $(wc -l < runs) -ge 3 && exec sleep 1000; exit 1', restart = 'always', start-secs = '300ms', backoff = '20ms' }}\nother = 'exec sleep {other}'\n"
        )
    };
    let mut host = Host::new(&file("1001"));
    host.zap(&[]).row(&["same", "running"]).row(&["other", "running"]).shows("run 3");
    let before = host.job_until("same", "is up for good", |job| job["state"] == "running" && job["run"] == 3);
    assert_eq!((&before["restarts"], &before["run"]), (&2.into(), &3.into()), "{before}");
    host.file("systems.toml", &file("2001"));
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "~ a/other  command: restarts\n1 changed, 1 kept\n");
    host.alive_until("the other is a new one", |alive| {
        alive.iter().any(|line| line.ends_with("sleep 2001"))
            && !alive.iter().any(|line| line.ends_with("1001"))
    });
    assert_eq!(unmeasured(host.job("same")), unmeasured(before));
    host.shows("run 3").shows("run 1");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn what_was_printed_before_a_change_can_still_be_read() {
    let file = |word: &str| format!("[systems.a.jobs]\none = 'echo from the {word}; exec sleep 1000'\n");
    let mut host = Host::new(&file("first"));
    host.zap(&[]).shows("from the first");
    host.file("systems.toml", &file("second"));
    assert_eq!(host.verb(&["reload"]).code, 0);
    host.shows("from the second").shows("from the first");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn a_job_that_moves_to_another_system_stops_there_and_starts_here() {
    let mut host = Host::new(
        "[systems.a.jobs]\nstays = 'exec sleep 1000'\nmoves = 'exec sleep 1001'\n[systems.b.jobs]\nlast = 'exec sleep 1000'\n",
    );
    let mut zap = host.served(&[]);
    zap.events.until("b/last", "up");
    let (stays, moves) = (host.job_pid("a/stays"), host.job_pid("a/moves"));
    host.file(
        "systems.toml",
        "[systems.a.jobs]\nstays = 'exec sleep 1000'\n[systems.b.jobs]\nlast = 'exec sleep 1000'\nmoves = 'exec sleep 1001'\n",
    );
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "+ b/moves  starts\n- a/moves  stops\n1 added, 1 removed, 2 kept\n");
    zap.events.until("b/moves", "up");
    assert_ne!(host.job_pid("b/moves"), moves);
    assert_eq!(host.job_pid("a/stays"), stays);
    host.alive_until("one of them is left", |alive| {
        alive.iter().filter(|line| line.ends_with("sleep 1001")).count() == 1
    });
    host.shut_down(zap);
}

#[test]
fn a_system_that_is_gone_stops_and_a_new_one_starts_if_it_starts_by_itself() {
    let mut host =
        Host::new("[systems.a.jobs]\none = 'exec sleep 1000'\n[systems.b.jobs]\ntwo = 'exec sleep 1001'\n");
    let mut zap = host.served(&[]);
    zap.events.until("b/two", "up");
    host.file(
        "systems.toml",
        "[systems.a.jobs]\none = 'exec sleep 1000'\n[systems.c.jobs]\nthree = 'exec sleep 1002'\n[systems.d]\nautostart = false\n[systems.d.jobs]\nfour = 'exec sleep 1003'\n",
    );
    let told = host.verb(&["reload"]);
    assert!(told.out.ends_with("2 added, 1 removed, 1 kept\n"), "{told:?}");
    assert!(told.out.contains("+ d/four   is not started\n"), "{told:?}");
    zap.events.until("c/three", "up");
    host.alive_until("what is gone has ended", |alive| !alive.iter().any(|line| line.ends_with("1001")));
    host.alive_until("it is gone from the picture too", |_| host.verb(&["status", "b"]).code == 2);
    assert_eq!(host.job("d/four")["state"], "stopped");
    host.shut_down(zap);
}

#[test]
fn a_changed_environment_restarts_only_whom_it_concerns() {
    let file = |value: &str| {
        format!(
            "[env]\nWHO = '{value}'\n[systems.a.jobs]\nuses = 'echo $WHO >> who; exec sleep 1000'\nown = {{ command = 'exec sleep 1000', env = {{ WHO = 'me' }} }}\nremoves = {{ command = 'exec sleep 1000', env = {{ WHO = false }} }}\n"
        )
    };
    let mut host = Host::new(&file("first"));
    let mut zap = host.served(&[]);
    zap.events.until("a/removes", "up");
    host.file_until("who", |text| text == "first\n");
    let (own, removes) = (host.job_pid("own"), host.job_pid("removes"));
    host.file("systems.toml", &file("second"));
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "~ a/uses  env: restarts\n1 changed, 2 kept\n");
    host.file_until("who", |text| text == "first\nsecond\n");
    assert_eq!((host.job_pid("own"), host.job_pid("removes")), (own, removes));
    host.shut_down(zap);
}

#[test]
fn changed_defaults_reach_those_that_say_nothing_of_their_own() {
    let file = |defaults: &str| {
        format!(
            "[defaults]\n{defaults}\n[systems.a.jobs]\none = 'exec sleep 1000'\nown = {{ command = 'exec sleep 1000', stop.timeout = '3s', umask = '027' }}\n"
        )
    };
    let mut host = Host::new(&file(""));
    let mut zap = host.served(&[]);
    zap.events.until("a/own", "up");
    let (one, own) = (host.job_pid("one"), host.job_pid("own"));
    host.file("systems.toml", &file("stop.timeout = '4s'"));
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "~ a/one  stop: goes on\n1 changed, 1 kept\n");
    assert_eq!((host.job_pid("one"), host.job_pid("own")), (one, own), "a live key is applied in place");
    host.file("systems.toml", &file("stop.timeout = '4s'\numask = '077'"));
    let told = host.verb(&["reload"]);
    assert_eq!(told.out, "~ a/one  umask: restarts\n1 changed, 1 kept\n");
    zap.events.until("a/one", "exited");
    zap.events.until("a/one", "up");
    assert!(host.job_pid("one") != one && host.job_pid("own") == own);
    host.shut_down(zap);
}

#[test]
fn one_instance_becomes_three_and_then_two() {
    let config = |count: u32| {
        format!(
            "[systems.a.jobs]\none = {{ command = \"echo $ZAP_INSTANCE >> told; exec sleep 1000\", numprocs = {count} }}\n"
        )
    };
    let mut host = Host::new(&config(1));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let first = host.job_pid("one");
    host.file("systems.toml", &config(3));
    assert_eq!(host.verb(&["reload"]).out, "~ a/one  numprocs: goes on, 2 more instances\n1 changed\n");
    assert_eq!(host.verb(&["wait", "one", "--until", "ready"]).code, 0);
    let second = host.job_pid("one#2");
    assert_eq!(host.job_pid("one#1"), first);
    host.file_until("told", |text| text.lines().count() == 3);
    host.file("systems.toml", &config(2));
    assert_eq!(host.verb(&["reload"]).out, "~ a/one  numprocs: goes on, 1 fewer instance\n1 changed\n");
    host.alive_until("two are left", |alive| {
        alive.iter().filter(|line| line.ends_with("sleep 1000")).count() == 2
    });
    assert_eq!((host.job_pid("one#1"), host.job_pid("one#2")), (first, second));
    let mut told: Vec<String> = host.file_until("told", |_| true).lines().map(str::to_owned).collect();
    told.sort();
    assert_eq!(told, ["1", "2", "3"]);
    host.shut_down(zap);
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

#[test]
fn a_reload_by_a_signal_is_told_on_the_screen() {
    let file = |jobs: &str| format!("[systems.a.jobs]\none = 'exec sleep 1000'\n{jobs}");
    let mut host = Host::new(&file(""));
    host.zap(&[]).row(&["one", "running"]);
    host.file("systems.toml", &file("two = 'exec sleep 1000'\n"));
    host.signal(nix::sys::signal::Signal::SIGHUP)
        .shows("reloaded: 1 added, 1 job kept")
        .row(&["two", "running"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
