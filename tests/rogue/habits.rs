//! The habits, one function each. A function that returns gives the exit code.

use std::env;
use std::fs;
use std::io::{Read, Write, stdin, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::{SigHandler, Signal, raise, signal};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::{getpid, setpgid, setsid, tcsetpgrp};

pub(crate) fn die(number: i32) -> u8 {
    #[expect(unsafe_code, reason = "nix knows no real-time signals")]
    // SAFETY: kill touches no memory.
    unsafe {
        libc::signal(number, libc::SIG_DFL);
        libc::kill(libc::getpid(), number);
    }
    stay()
}

pub(crate) fn flaky(file: &str, times: u32) -> u8 {
    let before: u32 = fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    fs::write(file, (before + 1).to_string()).unwrap();
    if before < times {
        say(b"flaky: not this time\n");
        return 1;
    }
    say(b"flaky: steady now\n");
    stay()
}

pub(crate) fn lines(count: u64, code: u8) -> u8 {
    let mut out = stdout().lock();
    for line in 1..=count {
        writeln!(out, "line {line}").unwrap();
    }
    code
}

pub(crate) fn bytes(count: usize, code: u8) -> u8 {
    let line = [&[b'x'; 79][..], b"\n"].concat();
    let all: Vec<u8> = line.iter().copied().cycle().take(count).collect();
    say(&all);
    code
}

pub(crate) fn stay() -> u8 {
    loop {
        sleep(Duration::from_secs(1000));
    }
}

pub(crate) fn stay_silent() -> u8 {
    stay()
}

pub(crate) fn deaf() -> u8 {
    ignore(&[Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGQUIT]);
    say(b"deaf\n");
    stay()
}

pub(crate) fn stopped() -> u8 {
    say(b"stopping\n");
    raise(Signal::SIGSTOP).unwrap();
    say(b"continued\n");
    stay()
}

pub(crate) fn flood() -> u8 {
    lines(u64::MAX, 0)
}

pub(crate) fn trickle(ms: u64) -> u8 {
    for line in 1.. {
        say(format!("line {line}\n").as_bytes());
        sleep(Duration::from_millis(ms));
    }
    0
}

pub(crate) fn raw_mode() -> u8 {
    raw();
    say(b"raw\r\n");
    stay()
}

pub(crate) fn alt_screen() -> u8 {
    say(b"\x1b[?1049h\x1b[2J\x1b[1;1Hon the other screen\x1b[5;10Hhere");
    stay()
}

pub(crate) fn grab_foreground() -> u8 {
    ignore(&[Signal::SIGTTOU]);
    spawn(&["foreground"]);
    stay()
}

pub(crate) fn foreground() -> u8 {
    ignore(&[Signal::SIGTTOU]);
    setpgid(getpid(), getpid()).unwrap();
    tcsetpgrp(stdin(), getpid()).unwrap();
    say(b"in the foreground\n");
    stay()
}

pub(crate) fn slow_reader(ms: u64) -> u8 {
    raw();
    say(b"ready\r\n");
    let mut byte = [0];
    while stdin().lock().read(&mut byte).is_ok_and(|read| read == 1) {
        sleep(Duration::from_millis(ms));
    }
    0
}

pub(crate) fn echo_keys() -> u8 {
    raw();
    say(b"ready\r\n");
    for byte in stdin().lock().bytes() {
        say(format!("{:02x}\r\n", byte.unwrap()).as_bytes());
    }
    0
}

/// Leaves a child behind and exits. The terminal hangs up then, and the child must not hear it.
pub(crate) fn leave(child: &[&str]) -> u8 {
    leave_command(rogue(child), child)
}

pub(crate) fn leave_bare(child: &[&str]) -> u8 {
    let mut command = rogue(child);
    command.env_remove("ZAP_MARK").env_remove("ZAP_SOCKET");
    leave_command(command, child)
}

fn leave_command(mut command: Command, child: &[&str]) -> u8 {
    ignore(&[Signal::SIGHUP]);
    let mut child_process = command.spawn().unwrap();
    if child[0] == "between" {
        child_process.wait().unwrap();
    }
    0
}

/// The middle of a double fork: a session of its own, a child, and gone.
pub(crate) fn between(child: &[&str]) -> u8 {
    setsid().unwrap();
    let silent = matches!(child[0], "stay-silent" | "serve");
    let mut command = rogue(child);
    if silent {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    }
    command.spawn().unwrap();
    0
}

/// What holds the terminal is told its end: a daemon does not.
pub(crate) fn daemon(file: &str, begin: &str, end: &str, code: &str) -> u8 {
    rogue(&["between", "serve", file, begin, end, code]).spawn().unwrap().wait().unwrap();
    0
}

pub(crate) fn foster(file: &str, end: &str, code: &str) -> u8 {
    spawn(&["serve", file, "0", end, code]);
    stay()
}

pub(crate) fn serve(file: &str, begin: &str, end: &str, code: u8) -> u8 {
    ignore(&[Signal::SIGHUP]);
    wait_for(begin);
    write_whole(file, &format!("{}\n", getpid()));
    wait_for(end);
    code
}

/// So many milliseconds, or until there is a file of this name.
fn wait_for(when: &str) {
    match when.parse() {
        Ok(ms) => sleep(Duration::from_millis(ms)),
        Err(_) => {
            while !Path::new(when).exists() {
                sleep(Duration::from_millis(5));
            }
        }
    }
}

pub(crate) fn liar(file: &str, text: &str) -> u8 {
    write_whole(file, text);
    stay()
}

/// In one piece: by another name first.
fn write_whole(file: &str, text: &str) {
    let half = format!("{file}.half");
    fs::write(&half, text).unwrap();
    fs::rename(half, file).unwrap();
}

pub(crate) fn silent_server(file: &str) -> u8 {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    write_whole(file, &format!("{}\n", server.local_addr().unwrap().port()));
    let mut guests = Vec::new();
    for guest in server.incoming() {
        guests.push(guest);
    }
    0
}

pub(crate) fn child_session() -> u8 {
    spawn(&["own-session"]);
    stay()
}

pub(crate) fn own_session() -> u8 {
    setsid().unwrap();
    say(b"own session\n");
    stay()
}

pub(crate) fn cling(ms: u64) -> u8 {
    ignore(&[Signal::SIGHUP]);
    loop {
        sleep(Duration::from_millis(ms));
        if stdout().write_all(b"clinging\n").is_err() {
            return 0;
        }
    }
}

pub(crate) fn print_after(ms: u64, text: &str) -> u8 {
    ignore(&[Signal::SIGHUP]);
    sleep(Duration::from_millis(ms));
    say(format!("{text}\n").as_bytes());
    0
}

pub(crate) fn zombies(count: u32) -> u8 {
    for _ in 0..count {
        spawn(&["exit", "0"]);
    }
    say(b"zombies\n");
    stay()
}

pub(crate) fn fork_storm(count: u32) -> u8 {
    ignore(&[Signal::SIGTERM, Signal::SIGHUP]);
    if count > 0 {
        spawn(&["fork-storm", &(count - 1).to_string()]);
    } else {
        say(b"storm\n");
    }
    stay()
}

pub(crate) fn glutton(bytes: &str) -> u8 {
    spawn(&["burn", bytes]);
    stay()
}

pub(crate) fn burn(bytes: &str) -> u8 {
    spawn(&["hold", bytes]);
    loop {
        std::hint::black_box(());
    }
}

pub(crate) fn hold(bytes: usize) -> u8 {
    // Memory is there only where it was written to.
    let held = std::hint::black_box(vec![1_u8; bytes]);
    say(format!("holding {}\n", held.len()).as_bytes());
    stay()
}

pub(crate) fn runners(count: u32, times: &str) -> u8 {
    ignore(&[Signal::SIGHUP]);
    for _ in 0..count {
        spawn(&["runner", times]);
    }
    say(b"running\n");
    stay()
}

pub(crate) fn runner(left: u32) -> u8 {
    if left == 0 {
        return say(b"at the end\n");
    }
    spawn(&["runner", &(left - 1).to_string()]);
    0
}

pub(crate) fn huge_line(count: usize) -> u8 {
    say(&vec![b'x'; count]);
    say(b"\n")
}

pub(crate) fn garbage(count: usize, seed: u64) -> u8 {
    let mut state = seed | 1;
    let all: Vec<u8> = (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        })
        .collect();
    say(&all)
}

pub(crate) fn half_utf8() -> u8 {
    for piece in [&b"caf\xc3"[..], b"\xa9 \xe2\x82", b"\xac broken \xe2\x82 \xff end\n"] {
        say(piece);
        sleep(Duration::from_millis(20));
    }
    0
}

pub(crate) fn vs16() -> u8 {
    for line in 1..=30 {
        say(format!("line {line}\n").as_bytes());
    }
    say("y".repeat(79).as_bytes());
    say("\u{26a0}\u{fe0f} warning".as_bytes());
    say(b"\x1b[2A\rredrawn\x1b[2B\n")
}

pub(crate) fn rep_loop(count: u32) -> u8 {
    for _ in 0..count {
        say(b"a\x1b[65535b");
    }
    say(b"\n")
}

/// Writes all of it, in one go if the kernel takes it.
pub(crate) fn say(bytes: &[u8]) -> u8 {
    let mut out = stdout().lock();
    out.write_all(bytes).unwrap();
    out.flush().unwrap();
    0
}

fn raw() {
    let mut modes = tcgetattr(stdin()).unwrap();
    cfmakeraw(&mut modes);
    tcsetattr(stdin(), SetArg::TCSANOW, &modes).unwrap();
}

fn rogue(words: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(words);
    command
}

fn spawn(words: &[&str]) {
    rogue(words).spawn().unwrap();
}

fn ignore(signals: &[Signal]) {
    for number in signals {
        #[expect(unsafe_code, reason = "signal is unsafe because of handlers; none is installed here")]
        // SAFETY: SIG_IGN is no handler.
        unsafe {
            signal(*number, SigHandler::SigIgn).unwrap();
        }
    }
}
