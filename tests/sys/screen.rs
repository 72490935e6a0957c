//! Our own terminal: a small program that uses it (`rogue screen`), looked at from the other side.

use zap::model::{Exit, Size};

use crate::ward::{Job, ROGUE, rogue, start, ward};

const ENTERED: &str = "\x1b[?1049h";
const LEFT: &str = "\x1b[?1049l";

fn screen() -> Job {
    let job = rogue(&["screen", "/dev/null"]);
    job.wait_for("<size 40 120>");
    job
}

#[test]
fn keys_pastes_clicks_and_focus_are_told() {
    let job = screen();
    for (typed, told) in [
        ("a", "<key Char('a')>"),
        ("ü", "<key Char('ü')>"),
        ("\x1b[A", "<key Up>"),
        ("\x1b", "<key Esc>"),
        ("\r", "<key Enter>"),
        ("\x1b[200~two\rlines\x1b[201~", "<pasted 9>"),
        ("\x1b[I", "<FocusGained>"),
        ("\x1b[<0;3;4M", "Down(Left), column: 2, row: 3"),
    ] {
        assert!(job.pty.write(typed.as_bytes()));
        job.wait_for(told);
    }
    job.pty.write(b"q");
    assert_eq!(job.exit(), Exit::Code(0));
}

#[test]
fn a_paste_longer_than_one_read_needs_no_further_key() {
    let job = screen();
    for len in [1000, 1012, 1013, 5000, 200_000] {
        let paste = format!("\x1b[200~{}\x1b[201~", "x".repeat(len));
        assert!(job.pty.write(paste.as_bytes()));
        job.wait_for(&format!("<pasted {len}>"));
    }
    let keys = "k".repeat(3000);
    assert!(job.pty.write(keys.as_bytes()));
    ward().wait("3000 keys", |board| {
        let told = String::from_utf8_lossy(&board.output[&job.run]).matches("<key Char('k')>").count();
        (told == 3000).then_some(())
    });
}

/// A shell that shows the modes of the terminal before and after.
fn between_modes(words: &str) -> Job {
    start(&[
        "sh",
        "-c",
        &format!("stty -g; {ROGUE} screen /dev/null {words}; echo code $?; stty -g; sleep 0"),
    ])
}

fn modes_are_the_same(output: &str) -> bool {
    let first = output.lines().next().unwrap();
    output.lines().filter(|line| *line == first).count() == 2
}

#[test]
fn the_terminal_is_given_back_as_it_was() {
    for (key, code) in [("q", "code 0"), ("p", "code 101")] {
        let job = between_modes("");
        job.wait_for("<size");
        job.pty.write(key.as_bytes());
        job.exit();
        let text = job.text();
        assert!(text.contains(ENTERED) && text.contains(LEFT) && text.contains(code), "{text:?}");
        assert!(modes_are_the_same(&text), "{text:?}");
        let (before, after) = text.split_at(text.rfind(LEFT).unwrap());
        assert!(
            before.contains("\x1b[?2004l") && before.contains("\x1b[?25h") && !after.contains('<'),
            "{text:?}"
        );
        // What a panic says stands on the ordinary screen.
        assert_eq!(after.contains("as wished"), key == "p", "{text:?}");
    }
}

#[test]
fn a_slow_terminal_loses_frames_and_is_told_when_it_is_free() {
    let job = screen();
    job.hold(true);
    job.pty.write(b"f");
    job.wait_until_held();
    job.pty.write(b"x");
    job.hold(false);
    job.wait_for("<free true>");
    job.wait_for("<key Char('x')>");
}

#[test]
fn a_stopped_screen_gives_the_terminal_back_and_enters_again() {
    let script = format!(
        "set -m; {ROGUE} screen /dev/null; echo stopped $?; stty -g >/dev/null; fg >/dev/null; echo code $?"
    );
    let job = start(&["bash", "-c", &script]);
    job.wait_for("<size");
    job.pty.write(b"z");
    job.wait_for("<Continued>");
    job.pty.write(b"a");
    job.wait_for("<key Char('a')>");
    job.pty.write(b"q");
    assert_eq!(job.exit(), Exit::Code(0));
    let text = job.text();
    let order: Vec<_> =
        [ENTERED, LEFT, "stopped 148", "<Continued>", "code 0"].iter().map(|part| text.find(part)).collect();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{order:?} {text:?}");
}

#[test]
fn a_screen_in_the_background_waits_for_the_foreground() {
    let script =
        format!("set -m; {ROGUE} screen /dev/null & wait $!; echo waits $?; fg >/dev/null; echo code $?");
    let job = start(&["bash", "-c", &script]);
    job.wait_for("<size");
    job.pty.write(b"q");
    assert_eq!(job.exit(), Exit::Code(0));
    let text = job.text();
    assert!(text.find("waits 150").is_some_and(|waits| waits < text.find(ENTERED).unwrap()), "{text:?}");
}

#[test]
fn a_screen_that_nobody_could_continue_does_not_stop() {
    let job = screen();
    job.pty.write(b"z");
    job.wait_for("<NobodyCouldContinue>");
    job.pty.write(b"a");
    job.wait_for("<key Char('a')>");
}

#[test]
fn a_terminal_that_is_gone_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = "trap '' HUP; exec \"$0\" screen \"$1\"";
    let mut job = start(&["sh", "-c", script, ROGUE, file.path().to_str().unwrap()]);
    job.wait_for("<size");
    let (other, _slave) = zap::sys::Pty::open(Size::UNSEEN).unwrap();
    drop(std::mem::replace(&mut job.pty, other));
    assert_eq!(job.exit(), Exit::Code(3));
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "hung up");
}

#[test]
fn a_command_runs_in_our_foreground_and_we_take_the_terminal_back() {
    let job = screen();
    job.pty.write(b"g");
    job.wait_for("asks");
    job.pty.write(b"an answer\n");
    job.wait_for("got an answer");
    job.wait_for("Code(4)");
    job.wait_for("<entered again>");
    job.pty.write(b"a");
    job.wait_for("<key Char('a')>");
    job.pty.write(b"q");
    assert_eq!(job.exit(), Exit::Code(0));
}
