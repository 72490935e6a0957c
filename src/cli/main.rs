//! From the arguments to what is done, and to the exit code. Not: the doing.

use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use super::args::{Args, Verb};
use super::{check, init, run, verbs};

/// Wrong usage, or a bad file.
pub(super) const USAGE: u8 = 2;

/// Something that should be up is not.
pub(super) const DOWN: u8 = 3;

/// No zap is running.
pub(super) const NOBODY: u8 = 4;

/// Why a verb failed: what is printed to stderr, and the exit code.
#[derive(Debug)]
pub(super) struct Failure {
    /// Whole lines, with a line break at the end.
    pub(super) text: String,
    /// The exit code of zap.
    pub(super) code: u8,
}

impl Failure {
    /// It did not work.
    pub(super) fn work(error: &dyn fmt::Display) -> Self {
        Self { text: format!("error: {error}\n"), code: 1 }
    }

    /// Something was typed wrongly, or the file is bad.
    pub(super) fn usage(error: &dyn fmt::Display) -> Self {
        Self { text: format!("error: {error}\n"), code: USAGE }
    }
}

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let Args { run, global, verb } = Args::parse();
    let outcome = match verb {
        None => run::run(&run, &global),
        Some(Verb::Run(run)) => run::run(&run, &global),
        Some(Verb::Check { path }) => check::check(path, &global),
        Some(Verb::Init) => init::init(),
        Some(verb) => verbs::ask(verb, &global),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            // Nobody is left to tell if stderr is gone.
            let _ = std::io::stderr().write_all(failure.text.as_bytes());
            ExitCode::from(failure.code)
        }
    }
}
