//! Tables of environment variables, and the files beside them. Not: the environment zap itself has; not the syntax of
//! those files (see `env_file`).

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::env_file;
use super::gather::Gather;
use super::load::LoadError;
use super::paths::Paths;
use super::table::{Table, entries};
use super::value::Entry;
use super::world::World;
use crate::problem::{Problem, Shows};

/// Variables to set (`Some`) or to remove (`None`).
pub(super) type Env = BTreeMap<String, Option<String>>;

/// What one table says about the environment: its files, and its variables over them.
#[derive(Debug, Clone, Default)]
pub(super) struct EnvKeys {
    files: Vec<Spanned<String>>,
    pub(super) own: Env,
}

impl EnvKeys {
    /// Reads `env` and `env-file`.
    pub(super) fn read(table: &Table<'_>, gather: &mut Gather) -> Self {
        let files = table.get("env-file").and_then(|entry| match entry.value.get_ref() {
            DeValue::Array(_) => entry.strings(gather),
            DeValue::String(_) => entry.string(gather).map(|file| vec![file]),
            _ => entry.wants("a path or an array of paths", gather),
        });
        let own = table.get("env").and_then(|entry| read(&entry, gather));
        Self { files: files.unwrap_or_default(), own: own.unwrap_or_default() }
    }

    /// The variables of this level over those below it, which `paths` knows.
    pub(super) fn over(&self, paths: &Paths<'_>, world: &World<'_>, gather: &mut Gather) -> Env {
        let mut env = paths.env.clone();
        for file in &self.files {
            let Some(path) = paths.path(file, gather) else { continue };
            let source = match (world.text)(&path) {
                Ok(source) => source,
                Err(LoadError::Problems(problems)) => {
                    let discreet = |problem| Problem { shows: Shows::Names, ..problem };
                    gather.elsewhere(problems.into_iter().map(discreet).collect());
                    continue;
                }
                Err(error) => {
                    gather.error(file.span(), error.to_string());
                    continue;
                }
            };
            let (found, problems) = {
                let known = Paths { env: &env, ..*paths };
                env_file::read(&source, &|name| known.variable(name)?.into_string().ok())
            };
            gather.elsewhere(problems);
            env.extend(found.into_iter().map(|(name, value)| (name, Some(value))));
        }
        env.extend(self.own.clone());
        env
    }
}

/// Reads `env`: strings set, `false` removes.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Env> {
    let table = entry.table(gather)?;
    let mut env = Env::new();
    for variable in entries(table) {
        if !is_name(&variable, gather) {
            continue;
        }
        let value = match variable.value.get_ref() {
            DeValue::Boolean(false) => Some(None),
            DeValue::Boolean(true) | DeValue::Integer(_) | DeValue::Float(_) => {
                let written = gather.text().get(variable.span()).unwrap_or_default().to_owned();
                let message = format!("the value of `{}` takes a string, not `{written}`", variable.name);
                gather.hinted(
                    variable.span(),
                    message,
                    format!("write `\"{written}\"`; `false` alone removes it"),
                );
                None
            }
            _ => variable.string(gather).map(|value| Some(value.into_inner())),
        };
        if let Some(value) = value {
            env.insert(variable.name.to_owned(), value);
        }
    }
    Some(env)
}

fn is_name(variable: &Entry<'_>, gather: &mut Gather) -> bool {
    let name = variable.name;
    let fault = if name.is_empty() {
        "the name of a variable cannot be empty"
    } else if name.contains('=') {
        "the name of a variable cannot hold `=`"
    } else if name.contains('\0') {
        "the name of a variable cannot hold a NUL character"
    } else {
        return true;
    };
    gather.error(variable.key.clone(), fault);
    false
}
