//! A path as a job means it: relative to its folder, with the variables it will see. Not: whether anything is there.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::duration::Fault;
use super::env::Env;
use super::gather::Gather;
use super::load::expand;

/// The variable that only an instance knows.
const INSTANCE: &str = "ZAP_INSTANCE";

/// What the paths of one table are relative to, and what is known there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paths<'a> {
    /// The folder that relative ones are relative to; absolute.
    pub(super) base: &'a Path,
    /// Variables over those of zap.
    pub(super) env: &'a Env,
    /// The environment of zap.
    pub(super) environment: &'a BTreeMap<OsString, OsString>,
    /// The job they belong to, if it is one.
    pub(super) owner: Option<Owner<'a>>,
}

/// The names of a job, which its paths may use as `$ZAP_SYSTEM` and `$ZAP_JOB`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) system: &'a str,
    pub(super) job: &'a str,
}

impl Paths<'_> {
    /// A path that is the same for all instances.
    pub(super) fn path(&self, text: &Spanned<String>, gather: &mut Gather) -> Option<PathBuf> {
        let asked = Cell::new(false);
        let lookup = |name: &str| {
            asked.set(asked.get() || name == INSTANCE);
            self.variable(name)
        };
        let expanded = expand::path(text.get_ref(), &lookup);
        if asked.get() {
            let hint = "it is known in `stdout`, `stderr` and `pid-file`";
            gather.hinted(text.span(), "`$ZAP_INSTANCE` is not known here", hint);
            return None;
        }
        self.based(expanded, text, gather)
    }

    /// A path in which `$ZAP_INSTANCE` stays, however it was written, for each instance to put its number in.
    pub(super) fn instance_path(&self, text: &Spanned<String>, gather: &mut Gather) -> Option<PathBuf> {
        let lookup = |name: &str| {
            if name == INSTANCE { Some(OsString::from("$ZAP_INSTANCE")) } else { self.variable(name) }
        };
        self.based(expand::path(text.get_ref(), &lookup), text, gather)
    }

    fn based(
        &self,
        expanded: Result<PathBuf, Fault>,
        text: &Spanned<String>,
        gather: &mut Gather,
    ) -> Option<PathBuf> {
        match expanded {
            Ok(path) => Some(self.base.join(path).components().collect()),
            Err(fault) => {
                gather.maybe_hinted(text.span(), fault.message, fault.hint);
                None
            }
        }
    }

    /// A variable as the job will see it. What zap itself was started with as an instance of another zap is not meant.
    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        match (name, self.owner) {
            (INSTANCE, _) => None,
            ("ZAP_SYSTEM", Some(owner)) => Some(owner.system.into()),
            ("ZAP_JOB", Some(owner)) => Some(owner.job.into()),
            (_, _) => match self.env.get(name) {
                Some(value) => value.as_ref().map(OsString::from),
                None => self.environment.get(OsStr::new(name)).cloned(),
            },
        }
    }
}

/// Whether each instance has a path of its own.
pub(super) fn tells_instances_apart(path: &Path) -> bool {
    path.to_string_lossy().contains("$ZAP_INSTANCE")
}
