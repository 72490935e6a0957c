//! Why a file could not be loaded, said to a person. Not: what is wrong inside it (see `problem`).

use std::fmt;
use std::path::PathBuf;

use crate::problem::{Paint, Problem, draw_all};

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq)]
pub enum LoadError {
    /// No file was found.
    NotFound {
        /// The folder in which, and above which, it was looked for.
        folder: PathBuf,
        /// The user's own file, which is not there either.
        home: Option<PathBuf>,
    },
    /// The file cannot be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why, as a fragment.
        why: String,
    },
    /// The file was found by itself and may have been put there by somebody else.
    NotTrusted {
        /// The file.
        file: PathBuf,
        /// Why, as a fragment.
        why: String,
    },
    /// The file says something that cannot be; at least one of these is an error.
    Problems(Vec<Problem>),
}

/// A file that could not be loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct Unloaded {
    /// Why.
    pub error: LoadError,
    /// The files that were looked at for it, whether they are there or not: a change of one of them may repair it.
    pub files: Vec<PathBuf>,
}

impl LoadError {
    /// The text for stderr, with a line break at its end.
    pub fn draw(&self, paint: Paint) -> String {
        match self {
            Self::Problems(problems) => draw_all(problems, paint),
            Self::NotFound { .. } | Self::Unreadable { .. } | Self::NotTrusted { .. } => {
                format!("error: {self}\n")
            }
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { folder, home } => {
                writeln!(out, "no systems.toml found")?;
                writeln!(out, "looked in {} and every folder above it", folder.display())?;
                if let Some(home) = home {
                    writeln!(out, "and for {}", home.display())?;
                }
                write!(out, "`zap init` writes one here; `-f FILE` names another")
            }
            Self::Unreadable { file, why } => write!(out, "cannot read {}: {why}", file.display()),
            Self::NotTrusted { file, why } => {
                writeln!(out, "{} is not used: {why}", file.display())?;
                write!(out, "if it is what you want, name it: `zap -f {}`", file.display())
            }
            Self::Problems(problems) => match problems.split_first() {
                Some((first, [])) => write!(out, "{}", first.one_line()),
                Some((first, rest)) => write!(out, "{}, and {} more", first.one_line(), rest.len()),
                None => write!(out, "no problems"),
            },
        }
    }
}

impl std::error::Error for LoadError {}
