//! What holds for every system, and for every job of one: the levels that a job stands in. Not: what the job says itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::env::Env;
use super::job::JobKeys;
use super::paths::{Owner, Paths};
use super::plan::Zone;
use super::shell::Shell;
use super::world::World;

/// What holds for every system: the top of the file, and where it stands.
#[derive(Debug)]
pub(super) struct Above<'a> {
    /// `[env]`, and over it that of `[defaults]`.
    pub(super) env: &'a Env,
    /// `[defaults]`.
    pub(super) defaults: &'a JobKeys,
    /// `[zap].shell`.
    pub(super) shell: &'a Spanned<Shell>,
    /// `[zap].timezone`.
    pub(super) zone: &'a Zone,
    /// The folder that relative ones are relative to.
    pub(super) folder: &'a Path,
    /// The environment of zap.
    pub(super) environment: &'a BTreeMap<OsString, OsString>,
    /// What may be asked of the world.
    pub(super) world: World<'a>,
}

/// What holds for a job before it says anything.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    pub(super) above: &'a Above<'a>,
    /// The system's own folder.
    pub(super) folder: Option<PathBuf>,
    /// The environment up to the system's defaults.
    pub(super) env: Env,
    /// The name of the system, and of the job once it is known.
    pub(super) owner: Option<Owner<'a>>,
}

impl<'a> Inside<'a> {
    /// The folder that the job's own is relative to.
    pub(super) fn base(&self) -> &Path {
        self.folder.as_deref().unwrap_or(self.above.folder)
    }

    /// Paths relative to `base`, with the variables of `env` over those of zap.
    pub(super) fn paths<'p>(&'p self, base: &'p Path, env: &'p Env) -> Paths<'p>
    where
        'a: 'p,
    {
        Paths { base, env, environment: self.above.environment, owner: self.owner }
    }
}
