//! Leaving well: every way out of zap stops the jobs, restores the terminal and tells the right code.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::Host;

const ALL_KINDS: &str = r#"
[systems.a.jobs]
plain = "exec sleep 1000"
tree = "sleep 1000 & sleep 1000 & echo planted; wait"
escaped = "setsid sh -c 'setsid sleep 1000 & exec sleep 1000' & exec sleep 1000"
orphan = "rogue orphan"
stopped = "rogue stopped"
deaf = { command = "rogue deaf", stop = { timeout = "1s" } }
"#;

#[test]
fn q_ends_every_kind_of_process() {
    let mut host = Host::new(ALL_KINDS);
    host.zap(&[]).row(&["deaf", "running"]).row(&["stopped", "running"]);
    host.alive_until("the escaped ones are there", |alive| alive.len() >= 9);
    host.keys("qy");
    let (code, bytes) = host.ends();
    assert_eq!(code, 0);
    host.leaves_nothing_behind();
    assert!(restored(&bytes), "the terminal is as it was");
}

#[test]
fn the_deaf_are_shown_with_a_countdown_and_a_second_q_kills_them() {
    let mut host =
        Host::new("[systems.a.jobs]\ndeaf = { command = \"rogue deaf\", stop = { timeout = \"50s\" } }\n");
    host.zap(&[]).row(&["deaf", "running"]).keys("qy").row(&["deaf", "TERM sent", "KILL in"]);
    host.keys("q");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn quitting_asks_first_and_no_means_no() {
    let mut host = Host::new("[systems.a.jobs]\none = \"exec sleep 1000\"\n");
    host.zap(&[]).row(&["one", "running"]).keys("q").shows("stop").keys("n").row(&["one", "running"]);
    host.keys("\x03").shows("stop").keys("\r");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn signals_stop_the_jobs_and_tell_their_number() {
    for (signal, code) in [(Signal::SIGTERM, 143), (Signal::SIGINT, 130), (Signal::SIGUSR1, 138)] {
        let mut host = Host::new(ALL_KINDS);
        host.zap(&[]).row(&["plain", "running"]);
        host.signal(signal);
        let (ended, bytes) = host.ends();
        assert_eq!(ended, code, "{signal}");
        host.leaves_nothing_behind();
        assert!(restored(&bytes), "the terminal is as it was after {signal}");
    }
}

#[test]
fn a_closed_terminal_ends_zap_and_its_jobs() {
    let mut host = Host::new(ALL_KINDS);
    host.zap(&[]).row(&["plain", "running"]);
    host.hang_up();
    host.leaves_nothing_behind();
}

/// Whether the bytes leave the alternate screen, show the cursor and switch off what zap switched on.
fn restored(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let last = |sequence: &str| text.rfind(sequence);
    last("\x1b[?1049l") > last("\x1b[?1049h")
        && last("\x1b[?25h") > last("\x1b[?25l")
        && last("\x1b[?2004l") > last("\x1b[?2004h")
}

#[test]
fn ctrl_z_stops_zap_and_not_the_jobs_and_nothing_is_lost() {
    let config = r#"
[systems.a.jobs]
one = "echo ready; until test -e go; do sleep 0.02; done; n=0; while [ $n -lt 400 ]; do n=$((n+1)); echo line $n; echo $n > at; done; exec sleep 1000"
"#;
    let mut host = Host::new(config);
    host.run(&["bash", "--norc", "--noprofile", "-i"]);
    host.keys(&format!("PS1='shell> '; {}\r", env!("CARGO_BIN_EXE_zap")));
    host.row(&["one", "running"]).shows("ready").keys("\x1a").shows("Stopped");
    // The terminal of the job takes all of it, though nobody reads.
    host.file("go", "");
    host.file_until("at", |text| text.trim() == "400");
    host.keys("fg\r").row(&["one", "running"]);
    host.keys("\r").shows("401 lines").shows("line 400").keys("151g").shows("line 150").shows("line 170");
    host.keys("qqy").shows("shell> ").keys("exit\r");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn ctrl_z_comes_back_at_once_where_nobody_could_continue_zap() {
    let mut host = Host::new("[systems.a.jobs]\none = \"exec sleep 1000\"\n");
    host.zap(&[]).row(&["one", "running"]).keys("\x1a").shows("nobody could continue");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_stopped_zap_that_goes_on_draws_its_screen_anew() {
    let mut host = Host::new("[systems.a.jobs]\none = \"while :; do echo tick; sleep 0.1; done\"\n");
    host.zap(&[]).row(&["one", "running"]).signal(Signal::SIGSTOP).signal(Signal::SIGCONT);
    host.row(&["one", "running"]).shows("tick");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

/// A shell with job control, and in it zap with one job; the pid of zap.
fn under_a_shell() -> (Host, Pid) {
    let mut host = Host::new("[systems.a.jobs]\none = \"while :; do echo tick; sleep 0.05; done\"\n");
    host.run(&["bash", "--norc", "--noprofile", "-i"]);
    host.keys(&format!("PS1='shell> '; {}\r", env!("CARGO_BIN_EXE_zap")));
    host.row(&["one", "running"]).shows("tick");
    let pid = host.verb(&["status", "--json"]).json()["zap"]["pid"].as_i64().expect("a pid");
    (host, Pid::from_raw(pid as i32))
}

#[test]
fn a_zap_that_was_stopped_by_a_signal_takes_the_terminal_anew_when_the_shell_gives_it() {
    let (mut host, zap) = under_a_shell();
    kill(zap, Signal::SIGSTOP).expect("zap is there");
    host.shows("Stopped").keys("fg\r").shows_no("Stopped").row(&["one", "running"]);
    // A key is taken as it is typed, and not echoed.
    host.keys("?")
        .shows("every key that works")
        .keys("\x1b")
        .shows_no("every key that works")
        .row(&["one", "running"]);
    host.keys("qy").shows("shell> ").keys("stty -a | grep -q ' echo '; exit $?\r");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_zap_that_goes_on_in_the_background_stays_away_from_the_terminal() {
    let (mut host, zap) = under_a_shell();
    kill(zap, Signal::SIGSTOP).expect("zap is there");
    host.shows("Stopped").keys("clear\r").shows_no("Stopped");
    kill(zap, Signal::SIGCONT).expect("zap is there");
    // It asks for the terminal as everybody does, and that is all it does.
    Host::state_until(zap.as_raw(), 'T');
    // The frame that it was writing when it was stopped is not its fault.
    host.keys("clear; echo $((6 * 7))\r").shows("\n42").keys("echo $((6 * 8))\r").shows("\n48").shows("\n42");
    assert!(!host.screen().contains("tick"), "{}", host.screen());
    host.keys("fg\r").row(&["one", "running"]).shows("tick").keys("qy").shows("shell> ").keys("exit\r");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_zap_that_was_put_aside_ends_when_it_is_told_to() {
    let (mut host, _) = under_a_shell();
    host.keys("\x1a").shows("Stopped").keys("kill %1\r");
    host.leaves_nothing_behind();
    host.keys("exit\r");
    host.ends();
    host.leaves_nothing_behind();
}

#[test]
fn the_loss_of_the_terminal_while_zap_ends_takes_no_grace_from_the_jobs() {
    let config = r#"
[systems.a.jobs]
slow = { command = "trap 'sleep 1; echo put away > done; exit 0' TERM; echo ready; while :; do sleep 0.1; done" }
"#;
    let mut host = Host::new(config);
    host.zap(&[]).row(&["slow", "running"]).shows("ready").keys("qy").row(&["slow", "TERM sent"]);
    host.hang_up();
    host.leaves_nothing_behind();
    assert_eq!(host.file_until("done", |_| true), "put away\n");
}

#[test]
fn all_that_a_stop_command_says_is_kept() {
    let config = r#"
[systems.a.jobs]
one = { command = "exec sleep 1000", stop = { command = "seq 1 30000" } }
"#;
    let mut host = Host::new(config);
    host.zap(&[]).row(&["one", "running"]).keys("x").row(&["one", "stopped"]);
    host.keys("\rG").shows("30000");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}
