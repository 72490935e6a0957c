//! The script of steps, run by real shells in real terminals. `skipped: no zsh` where a shell is missing.

use std::path::Path;

use zap::config::{Session, Step};
use zap::model::{Delivery, Exit, Nonce, script};

use crate::ward::{Job, ROGUE, launch, start_as, ward};

pub(crate) const NONCE: Nonce = Nonce(0x0123_4567_89ab_cdef);

/// What the terminal will see of a job: text (without carriage returns) and marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    Text(String),
    Mark(String),
}

pub(crate) fn see(bytes: &[u8]) -> Vec<Seen> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let start = format!("\x1b]5379;{:016x};", NONCE.0);
    let mut seen = Vec::new();
    for (at, piece) in text.split(&start).enumerate() {
        let (mark, rest) = if at == 0 { ("", piece) } else { piece.split_once('\x07').unwrap() };
        if !mark.is_empty() {
            seen.push(Seen::Mark(mark.to_owned()));
        }
        if !rest.is_empty() {
            seen.push(Seen::Text(rest.to_owned()));
        }
    }
    seen
}

/// Marks and text in one line each, without the pid of the session: `B0 |text| E0=0`.
pub(crate) fn story(bytes: &[u8]) -> String {
    let told = see(bytes).into_iter().filter_map(|seen| match seen {
        Seen::Text(text) => Some(format!("|{}|", text.trim_end())),
        Seen::Mark(mark) => match mark.split(';').collect::<Vec<_>>()[..] {
            ["S", _] => None,
            ["B", step] => Some(format!("B{step}")),
            ["E", step, code] => Some(format!("E{step}={code}")),
            _ => panic!("{mark:?}"),
        },
    });
    told.collect::<Vec<_>>().join(" ")
}

pub(crate) fn step(run: &str, ok_codes: &[u8]) -> Step {
    Step { name: run.to_owned(), run: run.to_owned(), timeout: None, ok_codes: ok_codes.to_vec() }
}

/// A shell to be tried, and where it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shell(pub(crate) &'static [&'static str]);

pub(crate) const SHELLS: [Shell; 6] = [
    Shell(&["dash", "-c"]),
    Shell(&["bash", "-c"]),
    Shell(&["bash", "--posix", "-c"]),
    Shell(&["busybox", "sh", "-c"]),
    Shell(&["mksh", "-c"]),
    Shell(&["zsh", "-c"]),
];

/// Whether a tool is there; says so if not, and fails if skipping is forbidden.
pub(crate) fn have(tool: &str) -> bool {
    let found = ["/usr/bin", "/bin", "/usr/sbin", "/usr/local/bin"]
        .iter()
        .any(|place| Path::new(place).join(tool).exists());
    if !found {
        println!("skipped: no {tool}");
        assert_ne!(std::env::var("ZAP_TEST_NO_SKIP").as_deref(), Ok("1"), "no {tool}");
    }
    found
}

fn run_in(shell: Shell, steps: &[Step]) -> Job {
    let shell: Vec<String> = shell.0.iter().map(|word| (*word).to_owned()).collect();
    run_argv(&shell, None, steps)
}

pub(crate) fn run_argv(shell: &[String], session: Option<&Session>, steps: &[Step]) -> Job {
    start_as(|run| {
        let mut launch = launch(&[], run);
        launch.argv = script::argv(shell, session, steps, NONCE);
        launch.env.push(("ROGUE".into(), ROGUE.into()));
        launch.env.push(("LC_ALL".into(), "C.UTF-8".into()));
        launch
    })
}

/// Runs steps to their end in every shell and compares story and exit.
#[track_caller]
fn tells(steps: &[&str], story_is: &str, exit: Exit) {
    let steps: Vec<_> = steps.iter().map(|run| step(run, &[0])).collect();
    for shell in shells() {
        told(shell, &steps, story_is, exit);
    }
}

#[track_caller]
fn told(shell: Shell, steps: &[Step], story_is: &str, exit: Exit) {
    let job = run_in(shell, steps);
    let ended = job.exit();
    let told = story(&job.all_output());
    assert_eq!(told, story_is, "{shell:?}");
    assert_eq!(ended, exit, "{shell:?}");
}

/// Dying of a signal, where the shell can: after a trap mksh and zsh end with a code, and some ignore QUIT themselves.
#[track_caller]
fn died(shell: Shell, exit: Exit, signal: i32) {
    let cannot = matches!(shell.0[0], "mksh" | "zsh") || (shell.0[0] != "dash" && signal == libc::SIGQUIT);
    let by_code = cannot && matches!(exit, Exit::Code(1..));
    assert!(by_code || exit == Exit::Signal(signal), "{shell:?} {signal}: {exit:?}");
}

fn shells() -> impl Iterator<Item = Shell> {
    SHELLS.into_iter().filter(|shell| have(shell.0[0]))
}

#[test]
fn steps_run_in_order_and_the_session_tells_its_pid() {
    for shell in shells() {
        let job = run_in(shell, &[step("echo one", &[0]), step("echo two", &[0])]);
        assert_eq!(job.exit(), Exit::Code(0), "{shell:?}");
        let output = job.all_output();
        assert_eq!(see(&output)[0], Seen::Mark(format!("S;{}", job.pid)), "{shell:?}");
        assert_eq!(story(&output), "B0 |one| E0=0 B1 |two| E1=0", "{shell:?}");
    }
}

#[test]
fn what_a_step_sets_lasts() {
    tells(
        &[
            "cd /usr; a='plain var'; export B=exported; f() { echo \"f got $1\"; }; umask 027",
            "pwd; echo \"$a\"; sh -c 'echo $B'; f x; test $(umask) -eq 27",
            // A signal that comes before a dash's child has become its program is lost.
            "sleep 60 & until test \"$(cat /proc/$!/comm)\" = sleep; do :; done; echo started",
            "kill -0 $! && kill $! && echo ended",
        ],
        "B0 E0=0 B1 |/usr\nplain var\nexported\nf got x| E1=0 B2 |started| E2=0 B3 |ended| E3=0",
        Exit::Code(0),
    );
}

#[test]
fn a_failing_step_ends_the_job_with_its_code() {
    tells(&["true", "echo no; (exit 42)", "echo never"], "B0 E0=0 B1 |no| E1=42", Exit::Code(42));
    tells(&["false", "echo never"], "B0 E0=1", Exit::Code(1));
    tells(&["(exit 255)"], "B0 E0=255", Exit::Code(255));
    tells(&["no-such-command-at-all 2>/dev/null", "echo never"], "B0 E0=127", Exit::Code(127));
    tells(&["{ \"$ROGUE\" die 9; } 2>/dev/null", "echo never"], "B0 E0=137", Exit::Code(137));
}

#[test]
fn a_code_that_counts_as_success_lets_the_next_step_start() {
    for shell in shells() {
        let lenient = |run: &str| step(run, &[0, 3, 255]);
        let steps =
            [lenient("(exit 3)"), lenient("echo $?; (exit 255)"), step("echo $?", &[0]), lenient("(exit 3)")];
        told(shell, &steps, "B0 E0=3 B1 |3| E1=255 B2 |255| E2=0 B3 E3=3", Exit::Code(0));
        let only = [step("true", &[7])];
        told(shell, &only, "B0 E0=0", Exit::Code(0));
        let none: [Step; 1] = [step("true", &[])];
        told(shell, &none, "B0 E0=0", Exit::Code(0));
    }
}

#[test]
fn a_step_that_ends_the_shell_is_told() {
    tells(&["echo a; exit 5", "echo never"], "B0 |a| E0=5", Exit::Code(5));
    tells(&["exit 0", "echo never"], "B0 E0=0", Exit::Code(0));
    tells(&["set -e", "false; echo never", "echo never"], "B0 E0=0 B1 E1=1", Exit::Code(1));
    tells(&["set -e; false; echo never"], "B0 E0=1", Exit::Code(1));
}

#[test]
fn a_step_that_replaces_the_shell_is_told_by_its_exit() {
    tells(&["exec \"$ROGUE\" exit 9", "echo never"], "B0", Exit::Code(9));
}

#[test]
fn a_syntax_error_ends_its_step_only() {
    for shell in shells() {
        let job =
            run_in(shell, &[step("echo ok", &[0]), step("if then fi )(", &[0]), step("echo never", &[0])]);
        let Exit::Code(code) = job.exit() else { panic!("{shell:?}") };
        assert_ne!(code, 0);
        let output = job.all_output();
        let marks: Vec<_> = see(&output)
            .into_iter()
            .filter_map(|seen| match seen {
                Seen::Mark(mark) if !mark.starts_with('S') => Some(mark),
                _ => None,
            })
            .collect();
        assert_eq!(marks, ["B;0", "E;0;0", "B;1", &format!("E;1;{code}")], "{shell:?}");
    }
}

#[test]
fn a_trap_of_the_steps_survives() {
    tells(
        &["trap 'echo bye' EXIT", "echo x", "false", "echo never"],
        "B0 E0=0 B1 |x| E1=0 B2 E2=1 |bye|",
        Exit::Code(1),
    );
    tells(&["trap 'echo bye' EXIT", "exit 4"], "B0 E0=0 B1 |bye|", Exit::Code(4));
    tells(
        &["trap 'echo got it; exit 6' TERM", "kill -TERM $$", "echo never"],
        "B0 E0=0 B1 |got it| E1=6",
        Exit::Code(6),
    );
}

#[test]
fn options_of_the_steps_hold_in_later_steps_and_do_not_show_our_lines() {
    tells(
        &["set -u", "echo before; (echo $nothing) 2>/dev/null; echo after"],
        "B0 E0=0 B1 |before\nafter| E1=0",
        Exit::Code(0),
    );
    tells(
        &["set -a", "x=1; sh -c 'echo $x'", "env | grep -c __zap; true"],
        "B0 E0=0 B1 |1| E1=0 B2 |0| E2=0",
        Exit::Code(0),
    );
    for shell in shells() {
        let steps =
            [step("set -eux", &[0]), step("echo hello", &[0]), step("set +x", &[0]), step("echo bye", &[0])];
        let job = run_in(shell, &steps);
        assert_eq!(job.exit(), Exit::Code(0), "{shell:?}");
        let output = String::from_utf8(job.all_output()).unwrap();
        // mksh traces to where its standard error was before.
        assert!(shell.0[0] == "mksh" || !output.contains("zap"), "{shell:?}: {output:?}");
        assert!(output.contains("echo hello") && !output.contains("echo bye"), "{shell:?}: {output:?}");
    }
}

#[test]
fn any_text_arrives_as_it_is() {
    for shell in shells() {
        let awkward = "it's \"50%\" of $HOME !! \\n \\\\ `x` \u{1F980} ü {a,b} * ~ #no ;& \u{7}\u{1}\ttab";
        let quoted = awkward.replace('\'', r"'\''");
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().display();
        let steps = [
            step(&format!("printf '%s\n' '{quoted}' > {path}"), &[0]),
            step("cat <<EOF\nhere $((1+1))\nEOF", &[0]),
            step("echo a \\\n b # comment", &[0]),
            step("# only a comment", &[0]),
            step("", &[0]),
            step("echo end \\", &[0]),
            step("printf '\\377\\0' | od -An -tx1", &[0]),
        ];
        let story_is = "B0 E0=0 B1 |here 2| E1=0 B2 |a b| E2=0 B3 E3=0 B4 E4=0 B5 |end| E5=0 B6 |ff 00| E6=0";
        let job = run_in(shell, &steps);
        assert_eq!(job.exit(), Exit::Code(0), "{shell:?}");
        let told = story(&job.all_output()).replace("| ff 00|", "|ff 00|").replace("|end \\|", "|end|");
        assert_eq!(told, story_is, "{shell:?}");
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), format!("{awkward}\n"), "{shell:?}");
    }
}

#[test]
fn a_step_has_the_terminal_and_no_words() {
    tells(&["test -t 0 && test -t 1 && test -t 2 && echo \"$# $*\""], "B0 |0| E0=0", Exit::Code(0));
}

#[test]
fn a_step_reads_from_the_terminal() {
    for shell in shells() {
        let job = run_in(
            shell,
            &[step("stty -echo; echo ask; read -r line; echo \"got $line\"", &[0]), step("cat", &[0])],
        );
        job.wait_for("ask");
        assert!(job.pty.write(b"an answer\nfor cat\n\x04"));
        assert_eq!(job.exit(), Exit::Code(0));
        assert_eq!(story(&job.all_output()), "B0 |ask\ngot an answer| E0=0 B1 |for cat| E1=0", "{shell:?}");
    }
}

#[test]
fn marks_reach_the_terminal_though_the_output_goes_elsewhere() {
    tells(&["exec >/dev/null 2>&1", "echo lost"], "B0 E0=0 B1 E1=0", Exit::Code(0));
    tells(&["alias printf=false eval=false", ":"], "B0 E0=0 B1 E1=0", Exit::Code(0));
    // mksh and zsh have no `command printf` of their own.
    for shell in &SHELLS[..4] {
        if have(shell.0[0]) {
            told(*shell, &[step("PATH=/nowhere", &[0]), step(":", &[0])], "B0 E0=0 B1 E1=0", Exit::Code(0));
        }
    }
}

#[test]
fn after_a_stop_no_step_starts_and_the_child_has_its_time() {
    for (name, signal) in [("TERM", 15), ("INT", 2), ("HUP", 1), ("QUIT", 3)] {
        for shell in shells() {
            let slow = format!(
                "sh -c 'trap \"sleep 0.2; echo cleaned; exit 0\" {name}; echo ready; while :; do sleep 0.02; done'"
            );
            let job = run_in(shell, &[step(&slow, &[0]), step("echo never", &[0])]);
            job.wait_for("ready");
            job.signal(signal, Delivery::Group);
            died(shell, job.exit(), signal);
            let told = story(&job.all_output());
            assert!(told.starts_with("B0 |ready"), "{shell:?} {name}: {told}");
            assert!(told.contains("cleaned"), "{shell:?} {name}: {told}");
            assert!(!told.contains("B1") && !told.contains("never"), "{shell:?} {name}: {told}");
        }
    }
}

#[test]
fn a_stop_while_only_the_shell_works_ends_it() {
    for shell in shells() {
        let job = run_in(shell, &[step("echo ready; while :; do :; done", &[0]), step("echo never", &[0])]);
        job.wait_for("ready");
        job.signal(libc::SIGTERM, Delivery::Group);
        died(shell, job.exit(), libc::SIGTERM);
        // zsh writes once more what a signal interrupts.
        let told = story(&job.all_output()).replace("ready\nready", "ready");
        assert_eq!(told, "B0 |ready| E0=143", "{shell:?}");
    }
}

#[test]
fn a_stop_also_gives_time_to_those_in_the_background() {
    for shell in shells() {
        let slow = "sh -c 'trap \"sleep 0.2; echo cleaned; exit 0\" TERM; echo ready; while :; do sleep 0.02; done' & wait";
        let job = run_in(shell, &[step(slow, &[0])]);
        job.wait_for("ready");
        job.signal(libc::SIGTERM, Delivery::Group);
        died(shell, job.exit(), libc::SIGTERM);
        let told = story(&job.all_output());
        // Some shells remark that the `sleep` was terminated.
        assert!(told.starts_with("B0 |ready") && told.ends_with("cleaned| E0=143"), "{shell:?}: {told}");
    }
}

/// A signal that comes before bash has begun to wait is heard only when the child has ended.
fn wait_until_asleep(pid: i32) {
    let asleep = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        stat[stat.rfind(')').unwrap()..].starts_with(") S")
    };
    while !(0..5).all(|_| asleep()) {
        nix::poll::poll(&mut [], 1_u16).unwrap();
    }
}

#[test]
fn a_terminal_that_is_hung_up_takes_the_shell_and_its_child_with_it() {
    for shell in shells() {
        let mut job = run_in(shell, &[step("\"$ROGUE\" zombies 0", &[0]), step("echo never", &[0])]);
        job.wait_for("zombies");
        wait_until_asleep(job.pid);
        let (other, _slave) = zap::sys::Pty::open(zap::model::Size::UNSEEN).unwrap();
        drop(std::mem::replace(&mut job.pty, other));
        job.exit();
        ward().survey_until(job.run, &format!("nobody of {shell:?}"), |family, _| {
            family.members.is_empty().then_some(())
        });
    }
}

#[test]
fn the_last_step_is_watched_for_ever() {
    let job = run_in(SHELLS[0], &[step("true", &[0]), step("exec \"$ROGUE\" stay", &[0])]);
    job.wait_for("B;1");
    ward().survey_until(job.run, "the rogue", |family, _| {
        (family.members.iter().any(|kin| kin.pid == job.pid && kin.name == "rogue")).then_some(())
    });
}
