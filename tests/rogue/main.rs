//! One misbehaving program for the tests: one bad habit per subcommand. It never outlives its life (60 s, or `ROGUE_LIFE`
//! in seconds), and neither do the children it leaves behind.

#![expect(clippy::disallowed_methods, reason = "a rogue sleeps, waits and exits as it likes")]
#![expect(clippy::zombie_processes, reason = "a rogue leaves its children alone")]
#![expect(clippy::unwrap_used, reason = "a rogue that fails fails its test")]

mod habits;
mod launcher;
mod probe;
mod screen;
mod sudoer;

use std::env;
use std::io::Write;
use std::process::ExitCode;

const HELP: &str = "\
rogue HABIT [ARGUMENT...]   (dies after ROGUE_LIFE seconds, 60 if unset)

ends
  exit CODE                 exits at once
  die SIGNAL                dies of a signal (a number)
  flaky FILE N              exits 1 the first N times (counted in FILE), then stays
  lines N [CODE]            prints N numbered lines, then exits at once
  bytes N [CODE]            prints N bytes in lines of 80, then exits at once
  late MS                   exits at once; a child prints `late` MS later on the same terminal
does not end
  stay                      does nothing
  deaf                      ignores TERM, INT, HUP and QUIT
  stopped                   stops itself by SIGSTOP, then stays
  flood                     prints numbered lines for ever
  trickle MS                prints a numbered line every MS
  raw-mode                  puts its terminal into raw mode and stays
  alt-screen                draws on the alternate screen and stays
  grab-foreground           puts a child into the foreground group and stays
  slow-reader MS            reads one byte of its terminal every MS
  echo-keys                 raw mode; prints each byte it reads as hex in its own line
children
  orphan                    leaves a child with its own session, double-forked, silent; exits 0
  orphan-bare               the same without ZAP_MARK and ZAP_SOCKET in its environment
  child-session             a child with its own session, and stays
  clinger MS                leaves an orphan that keeps the terminal and prints `clinging` every MS; exits 0
  zombies N                 N children that end and are never waited for, and stays
  fork-storm N              a child that forks a child ... N times, each staying; all deaf to TERM
  glutton BYTES             a child that uses a processor all the time, and a grandchild that holds BYTES of memory
  runners K N               K children that each start the next one and end, N times; deaf to HUP
daemons   (WHEN: after so many milliseconds, or when there is a file of this name)
  daemon FILE WHEN CODE     double-forks a daemon that writes its pid into FILE and exits with CODE at WHEN; exits 0 at once
  daemon-late FILE WHEN WHEN CODE  the same, but the daemon writes its pid at the first WHEN
  foster FILE WHEN CODE     the same by a child of its own, which it never waits for; stays
  liar FILE TEXT            writes TEXT into FILE and stays
servers
  silent-server FILE        listens at a free port of 127.0.0.1, which it writes into FILE; accepts and says nothing
output
  huge-line N               one line of N bytes
  garbage N SEED            N random bytes
  half-utf8                 UTF-8 torn between two writes, and broken for good
  escapes-unterminated      an OSC, a DCS and a CSI that never end
  vs16                      U+FE0F in the last column while the screen scrolls
  rep-loop N                N times REP with 65535
  probe [FILE]              what it sees, as JSON
programs of ours
  screen FILE               uses zap's own terminal; see tests/rogue/screen.rs
  sudoer USER               runs and signals as another user by `sudo`; see tests/rogue/sudoer.rs
  launcher SCRIPT           starts much, and SCRIPT, which cannot be run; see tests/rogue/launcher.rs
";

fn main() -> ExitCode {
    let life = env::var("ROGUE_LIFE").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    nix::unistd::alarm::set(life);
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let code = match words[..] {
        ["exit", code] => number(code),
        ["die", signal] => habits::die(number(signal)),
        ["flaky", file, times] => habits::flaky(file, number(times)),
        ["lines", count] => habits::lines(number(count), 0),
        ["lines", count, code] => habits::lines(number(count), number(code)),
        ["bytes", count] => habits::bytes(number(count), 0),
        ["bytes", count, code] => habits::bytes(number(count), number(code)),
        ["late", ms] => habits::leave(&["print-after", ms, "late"]),
        ["stay"] => habits::stay(),
        ["deaf"] => habits::deaf(),
        ["stopped"] => habits::stopped(),
        ["flood"] => habits::flood(),
        ["trickle", ms] => habits::trickle(number(ms)),
        ["raw-mode"] => habits::raw_mode(),
        ["alt-screen"] => habits::alt_screen(),
        ["grab-foreground"] => habits::grab_foreground(),
        ["slow-reader", ms] => habits::slow_reader(number(ms)),
        ["echo-keys"] => habits::echo_keys(),
        ["orphan"] => habits::leave(&["between", "stay-silent"]),
        ["orphan-bare"] => habits::leave_bare(&["between", "stay-silent"]),
        ["child-session"] => habits::child_session(),
        ["clinger", ms] => habits::leave(&["between", "cling", ms]),
        ["daemon", file, end, code] => habits::daemon(file, "0", end, code),
        ["daemon-late", file, begin, end, code] => habits::daemon(file, begin, end, code),
        ["foster", file, end, code] => habits::foster(file, end, code),
        ["liar", file, text] => habits::liar(file, text),
        ["silent-server", file] => habits::silent_server(file),
        ["zombies", count] => habits::zombies(number(count)),
        ["fork-storm", count] => habits::fork_storm(number(count)),
        ["glutton", bytes] => habits::glutton(bytes),
        ["runners", count, times] => habits::runners(number(count), times),
        ["huge-line", bytes] => habits::huge_line(number(bytes)),
        ["garbage", bytes, seed] => habits::garbage(number(bytes), number(seed)),
        ["half-utf8"] => habits::half_utf8(),
        ["escapes-unterminated"] => habits::say(b"\x1b]0;title \x1bP1$q text \x1b[38;5 after\n"),
        ["vs16"] => habits::vs16(),
        ["rep-loop", count] => habits::rep_loop(number(count)),
        ["probe"] => habits::say(format!("{}\n", probe::look()).as_bytes()),
        ["probe", file] => {
            std::fs::write(file, probe::look().to_string()).unwrap();
            0
        }
        ["screen", file] => screen::run(file),
        ["sudoer", user] => sudoer::run(user),
        ["launcher", script] => launcher::run(script),
        // What the children of the habits above do.
        ["between", ..] => habits::between(&words[1..]),
        ["stay-silent"] => habits::stay_silent(),
        ["own-session"] => habits::own_session(),
        ["cling", ms] => habits::cling(number(ms)),
        ["print-after", ms, text] => habits::print_after(number(ms), text),
        ["runner", left] => habits::runner(number(left)),
        ["serve", file, begin, end, code] => habits::serve(file, begin, end, number(code)),
        ["burn", bytes] => habits::burn(bytes),
        ["hold", bytes] => habits::hold(number(bytes)),
        ["foreground"] => habits::foreground(),
        _ => {
            let _ = std::io::stderr().write_all(HELP.as_bytes());
            2
        }
    };
    ExitCode::from(code)
}

fn number<N: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> N {
    text.parse().unwrap()
}
