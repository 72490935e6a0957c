//! `zap --no-tui`: lines for scripts and CI.

use crate::host::Host;

fn run(config: &str, args: &[&str]) -> (i32, String, String) {
    let host = Host::new(config);
    let output = host.command(env!("CARGO_BIN_EXE_zap")).args(args).output().expect("zap runs");
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
