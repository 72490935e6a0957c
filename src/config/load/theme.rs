//! The theme that `[zap].theme` names: beside the file, in the user's folder, or compiled in. Not: what its text means.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use super::find::Found;
use super::text::{self, Trust};
use super::{LoadError, Request};
use crate::config::suggest::{listed, nearest};
use crate::config::theme::Theme;
use crate::config::theme_file;
use crate::config::themes::shipped_themes;
use crate::problem::{Problem, Source};

/// The theme of this name, or what is wrong with it; `named` is the place where the file names it.
pub(super) fn load(
    name: &str,
    named: Option<&Spanned<String>>,
    source: &Arc<Source>,
    found: &Found,
    request: &Request,
) -> Result<Theme, Vec<Problem>> {
    let span = named.map_or(0..0, Spanned::span);
    if name.contains(['/', '\0']) || name.starts_with('.') {
        let mut problem = Problem::error(source, span, "a theme is given by its name, not by a path");
        problem.label = Some("themes are found in `themes/` beside this file".to_owned());
        return Err(vec![problem]);
    }
    if let Some(path) = file(name, found, request) {
        return read(&path, &span, source, request);
    }
    let folders = folders(found, request);
    Theme::shipped(name).ok_or_else(|| vec![unknown(name, span, &folders, source)])
}

/// The file of this theme, if there is one.
pub(super) fn file(name: &str, found: &Found, request: &Request) -> Option<PathBuf> {
    places(name, found, request).into_iter().find(|path| path.exists())
}

/// Where the file of this theme is looked for.
pub(super) fn places(name: &str, found: &Found, request: &Request) -> Vec<PathBuf> {
    folders(found, request).into_iter().map(|folder| folder.join(format!("{name}.toml"))).collect()
}

/// Where themes are looked for before those that are compiled in.
fn folders(found: &Found, request: &Request) -> Vec<PathBuf> {
    let beside = found.file.parent().map(|folder| folder.join("themes"));
    let own = request.config_home().map(|home| home.join("themes"));
    beside.into_iter().chain(own).collect()
}

fn read(
    path: &Path,
    span: &std::ops::Range<usize>,
    source: &Arc<Source>,
    request: &Request,
) -> Result<Theme, Vec<Problem>> {
    let text = match text::read(path, request.shown(path), Trust::All) {
        Ok(text) => text,
        Err(LoadError::Problems(problems)) => return Err(problems),
        Err(error) => return Err(vec![Problem::error(source, span.clone(), error.to_string())]),
    };
    let (theme, problems) = theme_file::read(&text);
    if problems.is_empty() { Ok(theme) } else { Err(problems) }
}

fn unknown(name: &str, span: std::ops::Range<usize>, folders: &[PathBuf], source: &Arc<Source>) -> Problem {
    let mut names: Vec<String> = shipped_themes().map(str::to_owned).collect();
    for file in folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten() {
        let path = file.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let Some(stem) = stem.filter(|_| path.extension().is_some_and(|extension| extension == "toml")) {
            names.push(stem.to_owned());
        }
    }
    names[shipped_themes().count()..].sort();
    names.dedup();
    let mut problem = Problem::error(source, span, format!("no theme named `{name}`"));
    problem.label = Some(match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", listed(&names, "and")),
    });
    problem
}
