//! The way from a request to a plan, all steps of it. Not: the steps.

use std::path::PathBuf;
use std::sync::Arc;

use super::find::{By, Found, find};
use super::named_files::NamedFiles;
use super::text::{self, Trust};
use super::{LoadError, Request, Unloaded, folders, theme, users, zones};
use crate::config::bindings::Bindings;
use crate::config::file::{self, Surroundings};
use crate::config::plan::Plan;
use crate::config::theme::Theme;
use crate::config::world::World;
use crate::problem::{self, Problem, Severity};

/// A file that was loaded and can be used.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it asks for.
    pub plan: Plan,
    /// The theme it names.
    pub theme: Theme,
    /// What it says about keys.
    pub keys: Bindings,
    /// What should be told all the same; none is an error.
    pub warnings: Vec<Problem>,
    /// How it was found; a reload reads it again by [`load_found`].
    pub found: Found,
    /// The files that were read for it: the file itself, those it names, its theme if that is a file.
    pub files: Vec<PathBuf>,
}

/// Finds the file, reads it, checks it.
pub fn load(request: &Request) -> Result<Loaded, LoadError> {
    load_found(&find(request)?, request).map_err(|unloaded| unloaded.error)
}

/// Reads and checks a file that was found before.
pub fn load_found(found: &Found, request: &Request) -> Result<Loaded, Unloaded> {
    let trust = match found.by {
        By::Name | By::Home => Trust::All,
        By::WalkingUp => Trust::Own { user: request.user },
    };
    let alone = |error| Unloaded { error, files: vec![found.file.clone()] };
    let source = text::read(&found.file, request.shown(&found.file), trust).map_err(alone)?;
    let files = NamedFiles::new(request);
    let world =
        World { text: &|path| files.text(path), zone: &|name| zones::named(name, &request.environment) };
    let around = Surroundings {
        file: &found.file,
        folder: &found.folder,
        environment: &request.environment,
        world,
        vocabulary: &request.vocabulary,
    };
    let reading = file::read(&source, &around);
    let mut problems = reading.problems;
    problems.extend(folders::warnings(&source, &reading.noted.folders));
    problems.extend(users::warnings(&source, &reading.noted.users));
    problems.extend(users::shut_out(&source, &reading.noted.writers, request.user));
    let name = &reading.plan.settings.theme;
    let theme = theme::load(name, reading.theme.as_ref(), &source, found, request).unwrap_or_else(|faults| {
        problems.extend(faults);
        Theme::default()
    });
    // The file itself comes first, then those it names.
    problems.sort_by_key(|problem| !Arc::ptr_eq(&problem.source, &source));
    problem::sort(&mut problems);
    let files = std::iter::once(found.file.clone()).chain(files.names());
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        let files = files.chain(theme::places(name, found, request)).collect();
        return Err(Unloaded { error: LoadError::Problems(problems), files });
    }
    let files = files.chain(theme::file(name, found, request)).collect();
    let (plan, keys) = (reading.plan, reading.keys);
    Ok(Loaded { plan, theme, keys, warnings: problems, found: found.clone(), files })
}
