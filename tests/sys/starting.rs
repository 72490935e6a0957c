//! What a process sees when it starts, and why it cannot start.

use serde_json::Value;
use zap::model::{Exit, RunId, Size, SpawnError};
use zap::sys::{Pty, Seat};

use crate::ward::{ROGUE, fresh_run, launch, script, start, start_as, try_start, ward};

fn probe(prepare: impl FnOnce(RunId) -> zap::model::Launch) -> (crate::ward::Job, Value) {
    let job = start_as(prepare);
    assert_eq!(job.exit(), Exit::Code(0));
    let seen = serde_json::from_str(&job.text()).unwrap();
    (job, seen)
}

#[test]
fn a_job_has_a_session_and_a_terminal_of_its_own_and_nothing_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let (job, seen) = probe(|run| {
        let mut launch = launch(&[ROGUE, "probe"], run);
        launch.umask = Some(0o027);
        launch.folder = folder.path().canonicalize().unwrap();
        launch.size = Size { rows: 33, cols: 77 };
        launch.env.push(("NAME".into(), "value with blanks, ü and =".into()));
        launch
    });
    for id in ["pid", "sid", "pgid", "foreground"] {
        assert_eq!(seen[id], job.pid, "{id}");
    }
    assert_eq!(seen["ppid"], std::process::id());
    assert_eq!(seen["descriptors"], serde_json::json!([0, 1, 2]));
    assert!(seen["tty"][0].as_str().unwrap().starts_with("/dev/pts/"));
    assert_eq!(seen["tty"][0], seen["tty"][1]);
    assert_eq!(seen["tty"][0], seen["tty"][2]);
    assert_eq!(seen["controlling"], true);
    assert_eq!(seen["size"], serde_json::json!([77, 33]));
    assert_eq!(seen["umask"], 0o027);
    assert_eq!(seen["folder"], folder.path().canonicalize().unwrap().to_str().unwrap());
    assert_eq!(seen["argv"], serde_json::json!([ROGUE, "probe"]));
    assert_eq!(seen["nofile"], serde_json::json!([ward().limit.soft, ward().limit.hard]));
    let env = seen["env"].as_object().unwrap();
    let mut names: Vec<_> = env.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["NAME", "PATH", "TERM", "ZAP_MARK", "ZAP_SOCKET"]);
    assert_eq!(env["NAME"], "value with blanks, ü and =");
}

#[test]
fn signals_are_neither_ignored_nor_blocked() {
    // Not by the rogue: Rust's own start ignores PIPE.
    let job = start(&["cat", "/proc/self/status"]);
    let text = job.text();
    for field in ["SigBlk", "SigIgn", "SigCgt"] {
        let line = text.lines().find(|line| line.starts_with(field)).unwrap();
        assert!(line.ends_with("0000000000000000"), "{line}");
    }
}

#[test]
fn a_word_without_a_slash_is_looked_for_in_the_path_of_the_launch() {
    let folder = tempfile::tempdir().unwrap();
    script(folder.path(), "only-here", "#!/bin/sh\necho found by $0\n", 0o755);
    let job = start_as(|run| {
        let mut launch = launch(&["only-here"], run);
        launch.env[0].1 = format!("/nowhere:{}", folder.path().display()).into();
        launch
    });
    assert_eq!(job.text(), format!("found by {}/only-here\n", folder.path().display()));
}

#[test]
fn a_relative_path_and_a_relative_place_are_meant_from_the_folder_of_the_job() {
    let folder = tempfile::tempdir().unwrap();
    script(folder.path(), "here", "#!/bin/sh\necho found by $0\n", 0o755);
    for (word, path, shown) in
        [("./here", "/bin", "./here"), ("here", "/bin::/usr/bin", "./here"), ("here", ".", "./here")]
    {
        let job = start_as(|run| {
            let mut launch = launch(&[word], run);
            launch.folder = folder.path().to_owned();
            launch.env[0].1 = path.into();
            launch
        });
        assert_eq!(job.text(), format!("found by {shown}\n"), "{word} in {path:?}");
    }
}

/// Why the launch of these words in this folder fails.
fn refusal(words: &[&str], folder: &std::path::Path) -> String {
    let run = fresh_run();
    let mut launch = launch(words, run);
    folder.clone_into(&mut launch.folder);
    match try_start(run, launch) {
        Err(SpawnError::Command(text)) => text,
        Err(SpawnError::System(text)) => panic!("the system is blamed: {text}"),
        Ok(_) => panic!("{words:?} was started"),
    }
}

#[test]
fn why_a_command_cannot_be_run_is_told_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    script(here, "plain", "#!/bin/sh\n", 0o644);
    script(here, "lost", "#!/no/such/interpreter -x\n", 0o755);
    script(here, "dos", "#!/bin/sh\r\n", 0o755);
    script(here, "bare", "echo no first line\n", 0o755);
    script(here, "empty", "", 0o755);
    script(here, "data", "\0\u{1}\u{2}\u{3}", 0o755);
    script(here, "led-by-data", &format!("#!{}/plain\n", here.display()), 0o755);
    std::fs::create_dir(here.join("sub")).unwrap();
    let interpreter = format!(
        "interpreter {0}/plain is not executable (named in the first line of ./led-by-data)",
        here.display()
    );
    for (words, why) in [
        (&["./api"][..], "no such file: ./api"),
        (&["/no/such/program"], "no such file: /no/such/program"),
        (&["./plain/under"], "no such file: ./plain/under"),
        (&["zap-no-such-command", "x"], "command not found: zap-no-such-command"),
        (&["./plain"], "not executable: ./plain"),
        (&["./sub"], "is a folder: ./sub"),
        (&["/"], "is a folder: /"),
        (&["./lost"], "interpreter /no/such/interpreter not found (named in the first line of ./lost)"),
        (&["./dos"], "interpreter /bin/sh\\r not found (named in the first line of ./dos)"),
        (&["./bare"], "not a program (exec format error): ./bare"),
        (&["./empty"], "not a program (exec format error): ./empty"),
        (&["./data"], "not a program (exec format error): ./data"),
        (&["./led-by-data"], &interpreter),
        (&["a\0b"], "command not found: a\0b"),
        (&["cat", "a\0b"], "a word holds a NUL byte: a\\0b"),
        (&[""], "the command is an empty word"),
        (&[], "no command"),
    ] {
        assert_eq!(refusal(words, here), why, "{words:?}");
    }
    let missing = here.join("missing");
    assert_eq!(refusal(&["cat"], &missing), format!("folder {} does not exist", missing.display()));
    let file = here.join("plain");
    assert_eq!(refusal(&["cat"], &file), format!("folder {} is not a folder", file.display()));
    let long = "x".repeat(200_000);
    assert_eq!(refusal(&["cat", &long], here), "arguments and environment are too long");
}

#[test]
fn a_terminal_that_was_refused_its_job_comes_to_its_end() {
    let run = fresh_run();
    let (pty, slave) = Pty::open(Size::UNSEEN).unwrap();
    pty.read_into(run, ward().lane()).unwrap();
    ward().nursery.spawn(run, Box::new(launch(&["./no-such-file"], run)), Seat::Owner(slave));
    ward().wait("the end of the terminal", |board| board.drained.contains(&run).then_some(()));
}

#[test]
fn who_was_refused_by_exec_is_told_to_nobody_and_nothing_leaks_however_often_something_starts() {
    let folder = tempfile::tempdir().unwrap();
    let lost = script(folder.path(), "lost", "#!/no/such/interpreter\n", 0o755);
    // In a process of its own: other tests have strangers and terminals too.
    let told = start(&[ROGUE, "launcher", lost.to_str().unwrap()]);
    assert_eq!(told.exit(), Exit::Code(0));
    let told: Value = serde_json::from_str(&told.text()).unwrap();
    assert_eq!(told, serde_json::json!({ "refused": 30, "strangers": 0, "terminals": 0 }));
}
