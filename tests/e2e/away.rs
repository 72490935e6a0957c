//! What leaves zap: copies, files, commands, `$PAGER` and `$EDITOR`, while the jobs go on.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::{Host, pause_for, skip};

/// Prints numbered lines without an end.
const TICKS: &str = "i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.005; done";

/// A terminal program that says it is there, and ends with the line that it reads from the terminal.
const GUEST: &str = "#!/bin/sh\necho $$ > guest.pid\necho \"GUEST IS HERE\" > /dev/tty\nread line < /dev/tty\necho \"$line\" > guest.read\n";

/// The texts that were put into the clipboard.
fn clips(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let coded = text.split("\x1b]52;c;").skip(1).map(|rest| rest.split('\x07').next().unwrap_or_default());
    coded.map(|coded| String::from_utf8(decoded(coded)).expect("text")).collect()
}

fn decoded(base64: &str) -> Vec<u8> {
    let digit = |byte: u8| -> u32 {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        digits.iter().position(|digit| *digit == byte).expect("a digit") as u32
    };
    let mut out = Vec::new();
    for four in base64.as_bytes().chunks(4) {
        let kept: Vec<u32> = four.iter().filter(|byte| **byte != b'=').map(|byte| digit(*byte)).collect();
        let bits = kept.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - kept.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..kept.len()]);
    }
    out
}

/// Every number from 1 on, none twice and none left out.
#[track_caller]
fn are_all_there(text: &str) -> usize {
    let ticks: Vec<&str> = text.lines().filter(|line| line.starts_with("tick ")).collect();
    let want: Vec<String> = (1..=ticks.len()).map(|number| format!("tick {number}")).collect();
    assert_eq!(ticks, want);
    ticks.len()
}

#[test]
fn what_is_copied_is_told_to_the_terminal() {
    let lines = "printf 'one \\033[31mröd\\033[0m\\n\\ntwo 漢字\\nthree\\n'";
    let mut host = Host::new(&format!("[systems.a.jobs]\none = \"{}\"\n", lines.replace('\\', "\\\\")));
    host.zap(&[]).row(&["one", "done"]).keys("\r").shows("three");
    host.keys("gVjjy").shows("copied 3 lines, 15 characters");
    host.keys("gvwy").shows("copied 5 characters");
    host.keys("\x1b[<0;1;2M\x1b[<32;3;2M\x1b[<0;3;2m").shows("copied 3 characters");
    host.keys("qq");
    let (code, bytes) = host.ends();
    assert_eq!(
        (code, clips(&bytes)),
        (0, vec!["one röd\n\ntwo 漢字".to_owned(), "one r".to_owned(), "one".to_owned()])
    );
}

/// tmux of its own for this test, in its folder.
fn tmux(host: &Host, words: &[&str]) -> Output {
    let output = host.command("tmux").args(["-f", "/dev/null", "-S", "tmux.socket"]).args(words).output();
    output.expect("tmux can be run")
}

#[test]
fn under_tmux_its_buffer_is_filled_whatever_its_settings() {
    if std::process::Command::new("tmux").arg("-V").output().is_err() {
        return skip("no tmux");
    }
    let host = Host::new("[systems.a.jobs]\none = \"echo hello tmux; exec sleep 1000\"\n");
    let zap = env!("CARGO_BIN_EXE_zap");
    assert!(tmux(&host, &["new-session", "-d", "-x", "120", "-y", "40", zap]).status.success());
    let until = |what: &str, words: &[&str], wished: &dyn Fn(&str) -> bool| {
        let mut last = String::new();
        for _ in 0..1_000 {
            last = String::from_utf8_lossy(&tmux(&host, words).stdout).into_owned();
            if wished(&last) {
                return;
            }
            pause_for(std::time::Duration::from_millis(20));
        }
        panic!("{what} does not come; there is:\n{last}");
    };
    let shows = |text: &str| until(text, &["capture-pane", "-p"], &|screen| screen.contains(text));
    shows("hello tmux");
    tmux(&host, &["send-keys", "Enter"]);
    shows("following");
    for (settings, keys, want) in [
        // As they come: `external` takes no sequence from a program, and nothing is passed through.
        (["set-clipboard", "external"], "gvey", "hello"),
        (["set-clipboard", "on"], "gvwey", "hello tmux"),
        (["set-clipboard", "off"], "gvy", "h"),
    ] {
        tmux(&host, &["set-option", "-s", settings[0], settings[1]]);
        tmux(&host, &["send-keys", "-l", keys]);
        until(want, &["show-buffer"], &|buffer| buffer == want);
    }
    tmux(&host, &["send-keys", "qqy"]);
    until("the end", &["list-sessions"], &|sessions| sessions.is_empty());
    tmux(&host, &["kill-server"]);
    host.leaves_nothing_behind();
}

#[test]
fn a_command_gets_the_run_and_the_jobs_go_on() {
    let mut host = Host::new(&format!("[systems.a.jobs]\none = \"{TICKS}\"\n"));
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("tick 3");
    host.keys("|head -n 3 | tr a-z A-Z; echo; stty -a < /dev/tty | grep -o -- ' icanon'; read x < /dev/tty; echo got $x\r");
    host.shows("TICK 3").shows("icanon").keys("for the command\r").shows("got for the command");
    host.shows("press Enter to go back to zap").keys("\r").shows("following").shows_no("TICK 3");
    // Nothing of what the job printed meanwhile is lost.
    host.keys("sall.log\x15ticks.log\r").shows("saved ");
    assert!(are_all_there(&host.file_until("ticks.log", |text| !text.is_empty())) > 10);
    // Each command begins on a row of its own, below what the one before left there, and tells which one it is.
    host.keys("|nosuchcmd\r")
        .shows("exit 127, press Enter")
        .row(&["| nosuchcmd"])
        .keys("\r")
        .shows("following");
    host.keys("|exit 7\r").shows("exit 7, press Enter");
    host.until("two rows", |screen| {
        let end = screen.find("exit 127, press Enter to go back to zap");
        end.is_some_and(|at| screen[at..].lines().any(|line| line.trim() == "| exit 7"))
    });
    host.keys("\r").shows("following");
    host.keys("|kill -9 $$\r").shows("KILL, press Enter").keys("q").shows("following");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn the_pager_has_the_terminal_for_itself() {
    let mut host = Host::new(
        &format!("[systems.a.jobs]\none = \"printf 'r\\\\033[31med\\\\033[0m\\n'; {TICKS}\"\n")
            .replace("\\n'", "\\\\n'"),
    );
    // It stops itself on the way, and must be continued.
    host.program("mypager", &GUEST.replace("read line", "cat > paged\nkill -STOP $$\nread line"));
    host.run(&["env", "PAGER=mypager --flag", env!("CARGO_BIN_EXE_zap")]);
    host.row(&["one", "running"]).keys("\r").shows("tick 3");
    host.keys("o").shows("GUEST IS HERE");
    // These are keys of zap's too: nothing of it must reach zap.
    host.resize(30, 100).keys("qqyxX\r");
    host.shows("following").row(&["tick"]);
    assert_eq!(host.file_until("guest.read", |text| text.ends_with('\n')), "qqyxX\n");
    let paged = host.file_until("paged", |text| !text.is_empty());
    assert!(paged.starts_with("r\x1b[31med\x1b[m"), "{paged:?}");
    assert!(are_all_there(&paged) >= 3);
    assert_eq!(host.screen().lines().count(), 30, "{}", host.screen());
    host.keys("sticks.log\x15ticks.log\r").shows("saved ");
    are_all_there(&host.file_until("ticks.log", |text| !text.is_empty()));
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn less_begins_at_the_line_that_is_seen() {
    if std::process::Command::new("less").arg("--version").output().is_err() {
        return skip("no less");
    }
    let mut host = Host::new("[systems.a.jobs]\none = \"rogue lines 5000\"\n").size(24, 80);
    host.zap(&[]).row(&["one", "done"]).keys("\r").shows("line 5000").keys("300g").shows("\nline 300\n");
    // It has no header, so that its first row tells where it is.
    host.keys("o").until("less shows line 300 first", |screen| screen.starts_with("line 300\n"));
    // Behind a shell nobody could continue a less that stops itself.
    host.keys("\x1ag").until("Ctrl-Z stops nobody", |screen| screen.starts_with("line 1\n"));
    host.keys("q").shows("paused").shows("\nline 300\n");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_editor_opens_what_is_mentioned() {
    let config = "[systems.a.jobs]\none = { command = \"echo src/main.rs:2:7: error; echo gone.rs:5: error; echo nothing\", work-dir = \"sub\" }\n";
    let mut host = Host::new(config);
    host.file("sub/src/main.rs", "fn main() {}\n");
    let script = "#!/bin/sh\nfor file; do [ -f \"$file\" ] && { cat \"$file\" > content; stat -c %a \"$file\" > mode; }; done\n\
        for word; do echo \"$word\"; done > edited.part\nmv edited.part edited\n";
    host.program("myed", script);
    host.run(&["env", "EDITOR=myed -x", env!("CARGO_BIN_EXE_zap")]);
    host.row(&["one", "done"]).keys("\r").shows("nothing");
    let real = host.folder().canonicalize().expect("a folder");
    let edited = |host: &mut Host| {
        let text = host.file_until("edited", |text| !text.is_empty());
        host.shows("paused");
        let content = host.file_until("content", |_| true);
        let mode = host.file_until("mode", |_| true);
        for name in ["edited", "content", "mode"] {
            std::fs::remove_file(host.folder().join(name)).expect("the editor wrote it");
        }
        (text, content, mode)
    };
    host.keys("gO");
    assert_eq!(edited(&mut host).0, format!("-x\n+2\n{}\n", real.join("sub/src/main.rs").display()));
    host.keys("vjO").shows("gone.rs is not there, neither in");
    // Where nothing is mentioned the output itself is opened, in a file that nobody else can read and that goes away.
    host.keys("jO");
    let (words, content, mode) = edited(&mut host);
    host.shows("no file is mentioned here: the whole run is opened");
    let (line, file) = words.trim_start_matches("-x\n").trim().split_once('\n').expect("two words");
    assert_eq!(line, "+3");
    assert!(
        file.contains("/tmp/output-")
            && !file.starts_with(&host.runtime().join("output-").display().to_string()),
        "{file}"
    );
    assert_eq!(mode, "600\n");
    assert_eq!(content, "src/main.rs:2:7: error\ngone.rs:5: error\nnothing\n");
    host.keys("\x1b").shows_no("copy").keys("qq");
    assert_eq!(host.ends().0, 0);
    assert!(!std::path::Path::new(file).exists(), "it was taken away");
}

#[test]
fn an_editor_that_is_killed_or_missing_leaves_a_whole_screen() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo nothing here; exec sleep 1000\"\n");
    // It leaves the terminal as nobody should.
    host.program("myed", &GUEST.replace("read line", "stty raw -echo < /dev/tty\nread line"));
    host.run(&["env", "EDITOR=myed", env!("CARGO_BIN_EXE_zap")]);
    host.row(&["one", "running"]).keys("\r").shows("following").keys("O").shows("GUEST IS HERE");
    let pid: i32 = host.file_until("guest.pid", |text| text.ends_with('\n')).trim().parse().expect("a pid");
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("it is there");
    host.shows("following").shows_no("GUEST").shows("nothing here");
    host.keys("|stty -a < /dev/tty | grep -o -- ' icanon' | tr a-z A-Z\r")
        .shows("ICANON")
        .keys("\r")
        .shows("following");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn who_names_no_pager_is_told_which_variable_names_another() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo here; exec sleep 1000\"\n");
    let zap = env!("CARGO_BIN_EXE_zap");
    host.run(&["env", "PAGER=nosuchpager -R", "VISUAL=./systems.toml", zap]);
    host.row(&["one", "running"]).keys("\r").shows("following");
    host.keys("o").shows("nosuchpager cannot be run (exit 127): set PAGER to a program that can");
    host.keys("O").shows("systems.toml cannot be run (exit 126): set VISUAL to a program that can");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
}

/// Runs zap where `dead` is a mount whose server never answers.
const ON_A_DEAD_MOUNT: &str = "exec 3<>/dev/fuse && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 dead dead && exec \"$0\"";

#[test]
fn a_file_on_a_dead_mount_that_a_job_mentions_freezes_nothing() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo see dead/a.rs:1; rogue trickle 20\"\n");
    std::fs::create_dir(host.folder().join("dead")).expect("a folder");
    let mounts =
        "exec 3<>/dev/fuse && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 dead dead";
    let tried = host.command("unshare").args(["-rm", "sh", "-c", mounts]).output();
    if !tried.is_ok_and(|output| output.status.success()) {
        return skip("no mount of FUSE in a namespace");
    }
    host.program("myed", "#!/bin/sh\necho \"$@\" > edited\n");
    let zap = env!("CARGO_BIN_EXE_zap");
    host.run(&["env", "EDITOR=myed", "unshare", "-rm", "sh", "-c", ON_A_DEAD_MOUNT, zap]);
    host.row(&["one", "running"]).keys("\r").shows("line 3").keys("ggO");
    host.shows("looking for the file…   Esc ends it").keys("F").shows("following").shows("line 60");
    host.keys("\x1b").shows("the file is not looked for any more").shows_no("looking for");
    // What nobody waits for any more is in nobody's way.
    host.keys("|echo fine\r").shows("press Enter").keys("\r").shows("following");
    host.keys("ggO").shows("looking for the file…").keys("\x1b").shows("not looked for any more").keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn zap_that_is_ended_meanwhile_ends_its_guest_and_the_jobs() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let mut host = Host::new("[systems.a.jobs]\none = \"echo here; exec sleep 1000\"\n");
        host.program("mypager", &GUEST.replace("read line", "trap '' TERM INT\nread line"));
        host.run(&["env", "PAGER=mypager", env!("CARGO_BIN_EXE_zap")]);
        host.row(&["one", "running"]).keys("\r").shows("following").keys("o").shows("GUEST IS HERE");
        host.signal(signal);
        assert_eq!(host.ends().0, 128 + signal as i32);
        host.leaves_nothing_behind();
    }
}

#[test]
fn files_are_written_by_their_names() {
    let mut host = Host::new("[systems.a.jobs]\none = \"printf 'a \\\\033[31mred\\\\033[0m\\\\n'\"\n");
    let kept = host.file("one-run1.log", "old\n");
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o640)).expect("it is ours");
    host.zap(&[]).row(&["one", "done"]).keys("\r").shows("a red");
    host.keys("s").shows("save run 1 (.ansi keeps colours) to: one-run1.log").keys("\r");
    host.shows("one-run1.log is there already. Write over it?").keys("n").shows_no("Write over");
    assert_eq!(host.file_until("one-run1.log", |_| true), "old\n");
    host.keys("s\r").shows("Write over it?").keys("y").shows("saved 1 line, 6 bytes, to one-run1.log");
    assert_eq!(host.file_until("one-run1.log", |_| true), "a red\n");
    assert_eq!(kept.metadata().expect("it is there").permissions().mode() & 0o777, 0o640);
    host.keys("s\x15~/x.ansi\r").shows("to ~/x.ansi").shows("saved 1 line");
    assert_eq!(host.file_until("x.ansi", |_| true), "a \x1b[31mred\x1b[m\n");
    host.keys("s\x15no/such/folder\r").shows("cannot save to no/such/folder: no such file or directory");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}
