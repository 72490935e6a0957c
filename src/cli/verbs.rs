//! The verbs for a zap that runs: each is one question, and its answers are printed as they come. Not: what they do.

use std::io::{self, IsTerminal, Write, stdout};
use std::time::Duration;

use serde::Serialize;

use crate::config::Request;
use crate::model::Goal;
use crate::wire::{Answer, Ask, Deed, Kind};

use super::args::{DoArgs, EventsArgs, GlobalArgs, RestartArgs, Until, Verb, WaitArgs};
use super::call::{Call, note_broken};
use super::main::Failure;
use super::{outlook, report, status};

/// zap has said farewell; the last of it takes no longer than this.
const FAREWELL: Duration = Duration::from_secs(5);

/// Asks what the verb asks and prints the answers. Returns the exit code.
pub(super) fn ask(verb: Verb, global: &GlobalArgs) -> Result<u8, Failure> {
    match verb {
        Verb::Status(args) => tell_status(args.targets, args.json, global),
        Verb::Start(args) => tell_deed(Deed::Start, args, global),
        Verb::Stop(args) => tell_deed(Deed::Stop, args, global),
        Verb::Kill(args) => tell_deed(Deed::Kill, args, global),
        Verb::Restart(RestartArgs { targets, failed, wait, timeout, json }) => {
            let (deed, timeout_ms) = (Deed::Restart, timeout.map(in_ms));
            let ask = if failed {
                Ask::RestartFailed { wait, timeout_ms }
            } else {
                Ask::Do { deed, targets, wait, timeout_ms }
            };
            tell(ask, json, global)
        }
        Verb::Signal { signal, ask } => tell(Ask::Signal { signal, targets: ask.targets }, ask.json, global),
        Verb::Reload { dry_run, json } => tell(Ask::Reload { dry_run }, json, global),
        Verb::Shutdown { json } => shut_down(json, global),
        Verb::Wait(args) => tell(wait(args), false, global),
        Verb::Why(args) => tell(Ask::Why { targets: args.targets }, args.json, global),
        Verb::Events(args) => {
            let json = args.json;
            tell(events(args), json, global)
        }
        Verb::Run(_) | Verb::Check { .. } | Verb::Init => unreachable!("these need no zap that runs"),
    }
}

fn tell_deed(deed: Deed, args: DoArgs, global: &GlobalArgs) -> Result<u8, Failure> {
    let DoArgs { some, wait, timeout } = args;
    let timeout_ms = timeout.map(in_ms);
    tell(Ask::Do { deed, targets: some.targets, wait, timeout_ms }, some.json, global)
}

fn wait(args: WaitArgs) -> Ask {
    let until = match args.until {
        Until::Running => Goal::Running,
        Until::Ready => Goal::Ready,
        Until::Done => Goal::Done,
        Until::Stopped => Goal::Stopped,
    };
    Ask::Wait { targets: args.targets, until, timeout_ms: args.timeout.map(in_ms) }
}

fn in_ms(patience: Duration) -> u64 {
    u64::try_from(patience.as_millis()).unwrap_or(u64::MAX)
}

fn events(args: EventsArgs) -> Ask {
    let kinds = Kind::ALL.into_iter().filter(|(_, word)| args.kinds.iter().any(|wanted| wanted == word));
    Ask::Events { follow: args.follow, targets: args.jobs, kinds: kinds.map(|(kind, _)| kind).collect() }
}

/// Asks and prints every answer.
fn tell(ask: Ask, json: bool, global: &GlobalArgs) -> Result<u8, Failure> {
    Call::open(global, ask)?.hear(|answer| print(&answer, json))
}

/// Zap has ended when it has hung up: then the next one can be started.
fn shut_down(json: bool, global: &GlobalArgs) -> Result<u8, Failure> {
    let mut call = Call::open(global, Ask::Shutdown {})?;
    let code = call.hear(|answer| print(&answer, json))?;
    call.until_it_hangs_up(FAREWELL);
    Ok(code)
}

fn tell_status(targets: Vec<String>, json: bool, global: &GlobalArgs) -> Result<u8, Failure> {
    let mut code = 0;
    let ink = ink(global)?;
    Call::open(global, Ask::Status { targets })?.hear(|answer| {
        let Answer::Status(told) = answer else { return Ok(()) };
        code = status::code(&told);
        if let Some(problem) = &told.zap.problem {
            note_broken(&told.zap.file, problem);
        }
        if json {
            let text = serde_json::to_string_pretty(&told).expect("a status is plain data");
            return write(&format!("{text}\n"));
        }
        write(&status::table(&told, ink))
    })?;
    Ok(code)
}

/// What standard output can show.
fn ink(global: &GlobalArgs) -> Result<status::Ink, Failure> {
    let request =
        Request::of_this_process(None, crate::ui::vocabulary()).map_err(|error| Failure::work(&error))?;
    let is_terminal = stdout().is_terminal();
    Ok(status::Ink {
        colour: outlook::colour(global.color, &stdout(), &request.environment),
        utf8: outlook::utf8(&request.environment),
        width: is_terminal.then(|| crossterm::terminal::size().map_or(80, |(cols, _)| cols)),
        now: crate::sys::Clock::start().now().wall,
    })
}

fn print(answer: &Answer, json: bool) -> Result<(), Failure> {
    match answer {
        Answer::Did(did) => write(&told(did, json, || report::did(did))),
        Answer::Why(link) => {
            write(&told(link, json, || report::why(link, crate::sys::Clock::start().now().wall)))
        }
        Answer::Event(entry) => write(&told(entry, json, || report::event(entry))),
        Answer::Leaving(one) => write(&told(one, json, || report::leaving(one))),
        Answer::Reload(reloaded) => {
            if !reloaded.warnings.is_empty() {
                // Nobody is left to tell if stderr is gone.
                let _ = io::stderr().write_all(reloaded.warnings.as_bytes());
            }
            write(&told(reloaded, json, || report::reload(reloaded)))
        }
        Answer::Heard {}
        | Answer::Status(_)
        | Answer::Note { .. }
        | Answer::NoTarget(_)
        | Answer::Refused { .. }
        | Answer::End { .. } => Ok(()),
    }
}

/// One object on a line, or the text for a person.
fn told(answer: &impl Serialize, json: bool, text: impl FnOnce() -> String) -> String {
    if json {
        let object = serde_json::to_string(answer).expect("answers are plain data");
        return object + "\n";
    }
    text()
}

/// Prints whole lines at once, so that whoever reads them need not wait.
fn write(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        // As if the signal had ended us: nobody reads, and nobody needs to be told.
        io::ErrorKind::BrokenPipe => Failure { text: String::new(), code: 128 + libc::SIGPIPE as u8 },
        _ => Failure::work(&format!("cannot write to standard output: {}", crate::sys::reason(&error))),
    })
}
