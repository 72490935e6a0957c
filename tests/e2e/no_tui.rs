//! `zap --no-tui`: lines for scripts and CI.

use std::fs::OpenOptions;
use std::process::{Child, Command, Stdio};

use crate::host::Host;

fn run(config: &str, args: &[&str]) -> (i32, String, String) {
    run_with(config, args, |_| {})
}

fn run_with(config: &str, args: &[&str], change: impl FnOnce(&mut Command)) -> (i32, String, String) {
    let host = Host::new(config);
    let mut command = host.command(env!("CARGO_BIN_EXE_zap"));
    change(command.args(args).stdout(Stdio::piped()));
    let output = command.stderr(Stdio::piped()).spawn().and_then(Child::wait_with_output).expect("zap runs");
    host.leaves_nothing_behind();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn lines_carry_the_name_of_their_job() {
    let (code, out, err) =
        run("[systems.a.jobs]\napi = \"echo one; echo two\"\nworker = \"echo three\"\n", &["--no-tui"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(
        out.contains("api    | one\n") && out.contains("api    | two\n") && out.contains("worker | three\n"),
        "{out}"
    );
}

#[test]
fn a_failure_is_told_by_the_exit_code() {
    let (code, out, _) = run("[systems.a.jobs]\nbad = \"echo oh; exit 7\"\ngood = \"true\"\n", &["--no-tui"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("exit 7"), "{out}");
}

#[test]
fn until_ends_with_the_code_of_that_job() {
    let config = "[systems.a.jobs]\nserver = \"exec sleep 1000\"\ntest = \"echo testing; exit 5\"\n";
    let (code, out, _) = run(config, &["--no-tui", "--until", "test"]);
    assert_eq!(code, 5, "{out}");
}

#[test]
fn a_carriage_return_prints_the_last_state_and_escapes_stay_out() {
    let config = r"
[systems.a.jobs]
one = { command = '''printf 'ten\rtwenty\n'; printf '\033]0;title\007\033[2Jplain\n' ''' }
";
    let (code, out, _) = run(config, &["--no-tui"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("one | twenty\n") && !out.contains("ten\r") && out.contains("one | plain\n"),
        "{out:?}"
    );
}

#[test]
fn a_terminal_that_cannot_place_a_cursor_gets_lines() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo hello\"\n");
    let (code, bytes) = host.run(&["env", "TERM=dumb", env!("CARGO_BIN_EXE_zap"), "--color", "never"]).ends();
    let text = String::from_utf8_lossy(&bytes);
    assert!(code == 0 && text.contains("one | hello") && !text.contains('\x1b'), "{code} {text:?}");
}

#[test]
fn without_a_terminal_there_is_no_screen() {
    let (code, out, _) = run("[systems.a.jobs]\none = \"echo hello\"\n", &[]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("one | hello\n") && !out.contains("\x1b[?1049h"), "{out:?}");
}

#[test]
fn an_end_is_told_behind_the_last_line() {
    for _ in 0..10 {
        let config = "[systems.a.jobs]\nbuild = { command = \"seq 20000; printf last\", one-shot = true }\n";
        for args in [&["--no-tui"][..], &["--until", "build"]] {
            let (code, out, _) = run(config, args);
            assert_eq!(code, 0, "{out}");
            assert!(out.ends_with("build | last\nbuild ── done\n"), "{}", &out[out.len() - 200..]);
        }
    }
}

#[test]
fn the_step_that_failed_is_always_named() {
    let config = "[systems.a.jobs.one]\nsteps = [\"true\", { name = \"boom\", run = \"exit 1\" }]\nrestart = \"never\"\n";
    for _ in 0..10 {
        let (code, out, _) = run(config, &["--no-tui"]);
        assert_eq!(code, 1, "{out}");
        assert!(out.contains("── failed: exit 1 after") && out.contains(", in step boom\n"), "{out}");
    }
}

#[test]
fn names_are_as_wide_as_the_longest_that_is_wanted() {
    let config = "[systems.a.jobs]\nneeded = \"sleep 1000\"\none = { command = \"echo hi\", one-shot = true, depends-on = [\"needed\"] }\nanother-long-name = \"true\"\n";
    let (code, out, err) = run(config, &["--no-tui", "--until", "one"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("\none               | hi\n"), "a system wants all of its jobs: {out}");
    let (code, out, err) = run(config, &["--no-tui", "one", "--until", "one"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("\none    | hi\n"), "a job wants what it needs: {out}");
}

#[test]
fn a_locale_without_utf8_gets_ascii() {
    let config = "[systems.a.jobs]\none = { command = \"true\", one-shot = true }\n";
    let (_, out, _) = run_with(config, &["--no-tui"], |command| _ = command.env("LC_ALL", "C"));
    assert_eq!(out, "one -- done\n");
}

#[test]
fn who_waits_in_vain_is_told_for_what() {
    let config = "[systems.ci.jobs]\ntest = { command = \"exit 3\", one-shot = true, restart = \"never\" }\nlint = { command = \"true\", one-shot = true, depends-on = [\"test\"] }\n";
    let (code, out, _) = run(config, &["--no-tui"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("lint ── waiting for ci/test, which failed: exit 3"), "{out}");
    assert!(!out.contains("never started"), "{out}");
}

#[test]
fn a_full_disk_is_told() {
    let full = OpenOptions::new().write(true).open("/dev/full").expect("there is a full disk");
    let config = "[systems.a.jobs]\nbig = \"seq 100000; exec sleep 1000\"\n";
    let (code, _, err) = run_with(config, &["--no-tui"], |command| _ = command.stdout(full));
    assert_eq!(code, 1);
    assert_eq!(err, "error: cannot write to standard output: no space left on device\n");
}

#[test]
fn whose_end_decides_and_is_gone_from_the_file_has_not_ended_well() {
    let file = |jobs: &str| format!("[systems.a.jobs]\nserver = 'exec sleep 1000'\n{jobs}");
    let host = Host::new(&file("test = 'exec sleep 1001'\n"));
    let mut command = host.command(env!("CARGO_BIN_EXE_zap"));
    let zap = command.args(["--no-tui", "--until", "test"]).stdout(Stdio::piped()).spawn().expect("zap runs");
    let mut events = host.listen();
    events.until("a/test", "up");
    host.file("systems.toml", &file(""));
    assert_eq!(host.verb(&["reload"]).code, 0);
    let output = zap.wait_with_output().expect("zap ends");
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("test   ── it is gone from the file\n"), "{out}");
    host.leaves_nothing_behind();
}

#[test]
fn until_opens_no_screen() {
    let mut host = Host::new("[systems.a.jobs]\none = \"true\"\n");
    host.zap(&["--until", "one"]).shows("say --no-tui too");
    assert_eq!(host.ends().0, 2);
}

#[test]
fn nothing_to_start_is_no_reason_to_wait() {
    let (code, out, err) =
        run("[systems.a]\nautostart = false\n[systems.a.jobs]\none = \"true\"\n", &["--no-tui"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_reader_that_takes_nothing_does_not_hold_up_the_end() {
    let host = Host::new("[systems.a.jobs]\nflood = \"rogue flood\"\n");
    let mut zap = host.command(env!("CARGO_BIN_EXE_zap"));
    let mut child = zap.stdout(std::process::Stdio::piped()).spawn().expect("zap runs");
    host.alive_until("the flood runs", |alive| alive.iter().any(|line| line.contains("rogue flood")));
    crate::host::pause_for(std::time::Duration::from_millis(300));
    let pid = nix::unistd::Pid::from_raw(child.id() as i32);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("zap is there");
    assert_eq!(child.wait().expect("zap ends").code(), Some(130));
    host.leaves_nothing_behind();
}
