//! Real full-screen programs, driven by keys and the mouse through zap: they look and act as in any other terminal.

use crate::host::{Host, skip};

/// Whether a program is installed; says that the test is skipped if not.
fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        skip(&format!("no {program}"));
    }
    found
}

/// A zap with one interactive job, which has the keys and runs in a pane of 80x24. The program begins when the pane has its size:
/// some lose a key that comes together with a new size.
fn typing_into(command: &str) -> Host {
    typing_into_pane(80, command)
}

fn typing_into_pane(cols: u16, command: &str) -> Host {
    let job = serde_json::json!(format!("read go; {command}"));
    let mut host = Host::new(&format!("[systems.a.jobs]\none = {{ command = {job}, interactive = true }}\n"))
        .size(27, cols);
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("Ctrl-]").keys("\r");
    host
}

/// The program has ended by itself; zap goes too.
fn ended(host: &mut Host) {
    host.shows("── run 1").shows_no("Ctrl-]").keys("qq");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

const LINES: &str = "i=1; while [ $i -le 300 ]; do echo line $i of 300; i=$((i+1)); done > text";

#[test]
fn vim() {
    if !has("vim") {
        return;
    }
    let mut host = typing_into("printf 'first\\nsecond\\n' > text; exec vim -Nu NONE -i NONE -n text");
    host.shows("first").shows("~");
    host.keys("ohello w\u{e4}rld\x1b").shows("\nhello w\u{e4}rld\n");
    host.keys(":split\r").until("two windows", |screen| screen.matches("second").count() == 2);
    host.keys(":set ruler\r\x1b[B\x1b[1;5C").shows("3,6");
    host.keys(":wqa\r");
    assert_eq!(host.file_until("text", |text| text.contains("hello")), "first\nhello w\u{e4}rld\nsecond\n");
    ended(&mut host);
}

#[test]
fn nano() {
    if !has("nano") {
        return;
    }
    let mut host = typing_into("exec nano -I text");
    host.shows("GNU nano").shows("Help");
    host.keys("some text").shows("some text").keys("\x1b[H>> ").shows(">> some text");
    host.keys("\x18").shows("Save modified buffer").keys("y").shows("File Name to Write").keys("\r");
    assert_eq!(host.file_until("text", |text| !text.is_empty()), ">> some text\n");
    ended(&mut host);
}

#[test]
fn less() {
    if !has("less") {
        return;
    }
    let mut host = typing_into(&format!("{LINES}; exec less text"));
    host.shows("line 1 of 300").keys("G").shows("line 300 of 300").shows("(END)");
    host.keys("/17\\d\\b\r").shows("not found").keys("\r");
    host.keys("g/line 17. \r").until("it is found", |screen| screen.contains("\nline 170 of 300"));
    // A notch of the wheel is three arrow keys: this screen has nothing to scroll back to.
    host.keys("\x1b[<65;5;5M").until("three lines down", |screen| screen.contains("\nline 173 of 300"));
    host.keys("\x1b[<64;5;5M").shows("\nline 170 of 300\n").keys("q");
    ended(&mut host);
}

#[test]
fn htop() {
    if !has("htop") {
        return;
    }
    let mut host = typing_into("exec htop -d 20");
    host.shows("F10Quit").shows("Load average");
    host.keys("\x1bOQ").shows("Setup").keys("\x1b[21~").shows("F10Quit");
    // It asked for the mouse, which hits the same button.
    let screen = host.screen();
    let (row, line) =
        screen.lines().enumerate().find(|(_, line)| line.contains("F10Quit")).expect("its keys");
    let column = line[..line.find("F10Quit").expect("found")].chars().count() + 4;
    let (x, y) = (column, row + 1);
    host.keys(&format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"));
    ended(&mut host);
}

#[test]
fn dialog() {
    if !has("dialog") {
        return;
    }
    let question = "dialog --menu Fruit 12 40 3 a Apple b Banana c Cherry 2> answer";
    for charset in ["", "export NCURSES_NO_UTF8_ACS=1; "] {
        let mut host = typing_into(&format!("{charset}{question}"));
        host.shows("Banana").shows("┌──────").shows("│").shows("Cancel");
        host.keys("\x1b[B\x1b[B").keys("\r").file_until("answer", |text| text == "c");
        ended(&mut host);
    }
}

#[test]
fn fzf() {
    if !has("fzf") {
        return;
    }
    let mut host = typing_into("seq 1 500 | sed s/^/item/ | fzf > choice; echo chose $(cat choice)");
    host.shows("500/500").keys("49").shows("> item49").keys("\x1b[A").shows("> item490").keys("\r");
    host.shows("chose item490");
    ended(&mut host);
}

#[test]
fn python() {
    if !has("python3") {
        return;
    }
    let mut host = typing_into("exec python3 -q");
    host.shows(">>>").keys("6 * 7\r").shows("\n42\n");
    host.keys("for i in range(3):\r").shows("...").keys("    print('n', i)\r\r").shows("n 2");
    host.keys("\x1b[A\x1b[A\x1b[A\x01print(\x05)\r").shows("print(6 * 7)\n42");
    // It is heard for sure only while python waits for a key.
    host.keys("1 +").shows(">>> 1 +").keys("\x03").shows("KeyboardInterrupt");
    host.keys("'x' * 100\r").shows(&"x".repeat(70));
    host.keys("\x04");
    ended(&mut host);
}

#[test]
fn node() {
    if !has("node") {
        return;
    }
    let mut host = typing_into("exec node");
    host.shows("\n>\n").keys("6 * 7\r").shows("\n42\n");
    host.keys("Math.ma\t").shows("Math.max").keys("\x15[1, 'a', {b: 2}]\r").shows("[ 1, 'a', { b: 2 } ]");
    host.keys(".exit\r");
    ended(&mut host);
}

#[test]
fn long_lines_in_a_shell() {
    if !has("bash") {
        return;
    }
    let mut host = typing_into("PS1='$ ' exec bash --norc --noprofile");
    host.shows("\n$\n");
    let words = "abcdefghij".repeat(12);
    host.keys(&format!("echo {words}")).shows(&words[..70]);
    // To the beginning, a word in front, to the end, and off with the last letter.
    host.keys("\x1b[H\x1b[1;5C").keys("\x1b[F\x7f").keys("\x01: ; \x05").keys("\r");
    host.until("it was echoed whole", |screen| screen.replace('\n', "").matches(&words[..119]).count() == 2);
    // A paste with line ends and a bracket in it does not run before Enter.
    host.keys("\x1b[200~echo one\x1b[201~").keys("\r").shows("\none\n");
    host.keys("exit\r");
    ended(&mut host);
}

/// A program that prints what it is told to and shows each key that comes, in caret notation.
fn echoing(words: &str) -> Host {
    let mut host = typing_into_pane(160, &format!("stty raw -echo; printf '{words}ready'; exec cat -v"));
    host.shows("ready");
    host
}

fn leave(host: &mut Host) -> String {
    host.keys("\x1d").shows_no("Ctrl-]").keys("qqy");
    let (code, bytes) = host.ends();
    assert_eq!(code, 0);
    host.leaves_nothing_behind();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The pane begins in the second row of the outer terminal: what a program hears counts from there.
#[test]
fn the_mouse_reaches_who_asked_for_it() {
    let mut host = echoing(r"\033[?1049h\033[H\033[?1002h\033[?1006h");
    host.keys("\x1b[<0;7;5M\x1b[<32;8;6M\x1b[<0;8;6m").shows("^[[<0;7;4M^[[<32;8;5M^[[<0;8;5m");
    host.keys("\x1b[<65;3;3M").shows("^[[<65;3;2M");
    leave(&mut host);

    let mut host = echoing(r"\033[?1049h\033[H\033[?1000h");
    host.keys("\x1b[<0;7;5M").shows("^[[M '$").keys("\x1b[<0;8;6m").shows("^[[M#(%");
    // Not in the pane, so not for the job.
    host.keys("\x1b[<0;7;1M\x1b[<0;7;1mx").until("no more", |screen| screen.contains("(%x"));
    leave(&mut host);

    // Moves without a button, which only this mode wants, and the outer terminal tells them only as long.
    let mut host = echoing(r"\033[?1049h\033[H\033[?1003h\033[?1006h");
    host.keys("\x1b[<35;4;4M").shows("^[[<35;4;3M");
    let said = leave(&mut host);
    let (on, off) = (said.find("\x1b[?1003h"), said.find("\x1b[?1003l"));
    assert!(on.is_some() && on < off, "{on:?} {off:?}");

    // Nobody asked: the wheel is ours, but arrow keys where nothing scrolls, unless that is not wanted.
    let mut host = echoing("");
    host.keys("\x1b[<64;7;5My").shows("readyy");
    leave(&mut host);
    let mut host = echoing(r"\033[?1049h\033[H\033[?1h");
    host.keys("\x1b[<64;7;5M").shows("^[OA^[OA^[OA");
    leave(&mut host);
    let mut host = echoing(r"\033[?1049h\033[H\033[?1007l");
    host.keys("\x1b[<64;7;5My").shows("readyy");
    leave(&mut host);
}

#[test]
fn pastes_modifiers_and_focus_are_told_as_in_xterm() {
    let mut host = echoing(r"\033[?1049h\033[H\033[?2004h\033[?1004h");
    host.keys("\x1b[200~a\x1b[31mb\nc\td\x1b[201~").shows("^[[200~a[31mb^Mc").shows("d^[[201~");
    host.keys("\x1b[1;5A\x1b[1;2H\x1b[5;6~\x1b[1;3P").shows("^[[1;5A^[[1;2H^[[5;6~^[[1;3P");
    host.keys("\x08\x7f")
        .shows("^H^?")
        .keys("\x1bx\x1b\x18")
        .shows("^[x^[^X")
        .keys("\x1f\x1c")
        .shows("^_^\\");
    host.keys("\x1b[O\x1b[I").shows("^[[O^[[I").keys("\0z").shows("^@z");
    // Once it leaves, twice it is sent; who wants to know hears that the keys went, and came back.
    host.keys("\x1d").shows("^[[O^[[I^@z^[[O").keys("\x1d").shows("^[[O^]^[[I");
    let said = leave(&mut host);
    assert!(said.contains("\x1b[?1004h") && said.contains("\x1b[?1004l"));

    let mut host = echoing("");
    host.keys("\x1b[200~a\x1b[31mb\nc\td\x01\x1b[201~").shows("readya[31mb^Mc");
    host.keys("\x1b[I\x1b[Ox").shows(" dx");
    leave(&mut host);
}

#[test]
fn the_cursor_has_the_shape_that_the_program_wants() {
    let mut host = echoing(r"\033[5 q");
    host.keys("k").shows("readyk");
    let said = leave(&mut host);
    let (bar, ordinary) = (said.find("\x1b[5 q"), said.find("\x1b[0 q"));
    assert!(bar.is_some() && bar < ordinary, "{bar:?} {ordinary:?}");

    let mut host = echoing("");
    let said = leave(&mut host);
    assert!(!said.contains(" q"), "nobody asked for another one");
}

#[test]
fn an_update_is_shown_whole_and_one_that_never_ends_is_shown_too() {
    let go = "read go; stty -echo";
    let half = r"printf '\033[H\033[2Jbefore\033[?2026h\033[H\033[2Jhalf'; read go";
    let mut host = typing_into(&format!("{go}; {half}; printf '\\033[Hwhole\\033[?2026l'; read go"));
    // The update is stopped in its middle: after a moment it is shown as it is.
    host.keys("\r").shows("half").keys("\r").shows("whole");
    leave(&mut host);

    let fast = r"while :; do printf '\033[?2026h\033[H\033[2Jtorn\rwhole \033[?2026l'; done";
    let mut host = typing_into(&format!("{go}; {fast}"));
    host.keys("\r").shows("whole");
    // Leaving ends it in the middle of an update.
    let before = host.written();
    let said = leave(&mut host);
    let torn = said.find("torn").is_some_and(|at| at < before);
    assert!(!torn, "nothing is shown of a picture that is not whole");
}
