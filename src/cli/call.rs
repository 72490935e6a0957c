//! A conversation with the zap that runs for the file: found, asked, heard. Not: what is asked, nor how answers are printed.
//!
//! The file is only looked for, not read: a broken one must not stop anybody from talking to the zap that runs.

use std::io::{Write, stderr};
use std::path::PathBuf;
use std::time::Duration;

use crate::app::places;
use crate::config::{Request, find};
use crate::model::{FileProblem, Time};
use crate::problem::Paint;
use crate::sys::{Clock, holder_of};
use crate::wire::{Answer, Ask, Client, ClientError};

use super::args::GlobalArgs;
use super::main::{Failure, NOBODY, USAGE};
use super::targets;

/// A verb gets its first answer within so long, or never (`interface.md`).
const PATIENCE: Duration = Duration::from_secs(2);

/// How a file is named that is found without being named.
const FILE: &str = "systems.toml";

/// A conversation with a zap that runs.
pub(super) struct Call {
    client: Client,
    clock: Clock,
    /// When the first answer is no longer waited for; nothing once it has come.
    first_until: Option<Time>,
    file: PathBuf,
    runtime: PathBuf,
}

impl Call {
    /// Finds the zap that runs and asks it.
    pub(super) fn open(global: &GlobalArgs, ask: Ask) -> Result<Self, Failure> {
        let clock = Clock::start();
        let request = Request::of_this_process(global.file.clone()).map_err(|error| Failure::work(&error))?;
        let file = match find(&request) {
            Ok(found) => found.file,
            Err(error) => {
                lost(&request).ok_or_else(|| Failure { text: error.draw(Paint::Plain), code: USAGE })?
            }
        };
        let places = places(&file, &request.environment).map_err(|error| Failure::work(&error))?;
        let runtime = places.runtime;
        let failed = |error| failure(&error, &file, &runtime);
        let mut client = Client::connect(&runtime, request.user, PATIENCE).map_err(failed)?;
        client.ask(ask, PATIENCE).map_err(failed)?;
        // The clock began when this did.
        let first_until = Some(Time(PATIENCE));
        Ok(Self { client, clock, first_until, file, runtime })
    }

    /// Hears everything up to the last answer, and returns the exit code. `tell` gets what was asked for.
    pub(super) fn hear(
        &mut self,
        mut tell: impl FnMut(Answer) -> Result<(), Failure>,
    ) -> Result<u8, Failure> {
        loop {
            match self.next()? {
                None => return Err(Failure::work(&"zap has ended, and did not answer any more")),
                Some(Answer::Heard {}) => {}
                Some(Answer::Note { text }) => note(&text),
                Some(Answer::NoTarget(word)) => {
                    if let Some(problem) = &word.problem {
                        note_broken(&word.file, problem);
                    }
                    let text = targets::unknown(&word.word, &word.why, &word.file, &word.systems);
                    return Err(Failure::usage(&text));
                }
                Some(Answer::Refused { code, text }) => return Err(refused(code, &text)),
                Some(Answer::End { code, text: Some(text) }) if code != 0 => {
                    return Err(refused(code, &text));
                }
                Some(Answer::End { code, text: _ }) => return Ok(code),
                Some(
                    answer @ (Answer::Status(_)
                    | Answer::Did(_)
                    | Answer::Why(_)
                    | Answer::Event(_)
                    | Answer::Reload(_)
                    | Answer::Leaving(_)),
                ) => tell(answer)?,
            }
        }
    }

    /// Waits until the zap that runs has hung up, but not for ever: then it has ended.
    pub(super) fn until_it_hangs_up(&mut self, patience: Duration) {
        let end = self.clock.now().mono + patience;
        loop {
            let left = end.since(self.clock.now().mono);
            match self.client.hear(Some(left)) {
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn next(&mut self) -> Result<Option<Answer>, Failure> {
        let patience = self.first_until.map(|until| until.since(self.clock.now().mono));
        let answer = self.client.hear(patience);
        self.first_until = None;
        answer.map_err(|error| failure(&error, &self.file, &self.runtime))
    }
}

/// The file of a zap that runs here or above, though the file itself is gone: its place is known by its name.
fn lost(request: &Request) -> Option<PathBuf> {
    let files = request.folder.ancestors().map(|folder| folder.join(FILE));
    let is_served = |file: &PathBuf| {
        let places = places(file, &request.environment);
        places.is_ok_and(|places| places.runtime.join("socket").exists())
    };
    files.into_iter().find(is_served)
}

/// Says what is wrong with the file: the answer goes by the one before.
pub(super) fn note_broken(file: &str, problem: &FileProblem) {
    let FileProblem { place, first, .. } = problem;
    note(&format!(
        "{file} cannot be used since it was changed ({place}: {first}): the plan before it is in force"
    ));
}

/// Says something beside the answer.
fn note(text: &str) {
    // Nobody is left to tell if stderr is gone.
    let _ = writeln!(stderr(), "note: {text}");
}

fn failure(error: &ClientError, file: &std::path::Path, runtime: &std::path::Path) -> Failure {
    match error {
        ClientError::Nobody => {
            let text = format!("no zap is running for {}: start it with `zap`", file.display());
            Failure { text: format!("error: {text}\n"), code: NOBODY }
        }
        ClientError::Silent => {
            let pid = holder_of(runtime).map_or_else(String::new, |pid| format!(" {pid}"));
            Failure::work(&format!("zap{pid} is stopped or busy"))
        }
        ClientError::NotPrivate(_) | ClientError::Strange(_) | ClientError::Io(_) => Failure::work(error),
    }
}

/// What was not done. Problems of a file come as they are drawn, in whole lines.
fn refused(code: u8, text: &str) -> Failure {
    let text = if text.ends_with('\n') { text.to_owned() } else { format!("error: {text}\n") };
    Failure { text, code }
}
