//! The keys of class L: what is started, and in which surroundings; and what that is once all levels are known. Not:
//! starting it.

use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::DeValue;

use super::env::{Env, EnvKeys};
use super::gather::Gather;
use super::levels::Inside;
use super::load::expand;
use super::paths::Paths;
use super::plan::{Launch, Stream, Subject, Work};
use super::shell::Shell;
use super::stream::StreamKeys;
use super::subject::SubjectKeys;
use super::table::Table;
use super::umask;
use super::value::Entry;
use super::work::WorkKeys;

/// What one table says about the launch: `[defaults]`, a system's `defaults`, a job, or a version of it.
#[derive(Debug, Clone, Default)]
pub(super) struct LaunchKeys {
    pub(super) work: Option<WorkKeys>,
    pub(super) shell: Option<Spanned<Shell>>,
    pub(super) work_dir: Option<Spanned<String>>,
    pub(super) env: EnvKeys,
    pub(super) umask: Option<u32>,
    pub(super) user: Option<Spanned<String>>,
    pub(super) stdout: Option<Spanned<StreamKeys>>,
    pub(super) stderr: Option<Spanned<StreamKeys>>,
    pub(super) subject: Option<SubjectKeys>,
}

/// What the other keys of a job, and its versions, stand on.
#[derive(Debug)]
pub(super) struct Ground {
    /// The folder, absolute; where it could not be understood, the one it would be relative to.
    pub(super) work_dir: PathBuf,
    /// All levels of the environment.
    pub(super) env: Env,
    /// The shell of its commands.
    pub(super) shell: Spanned<Shell>,
}

/// Places that somebody looks at who may look at the world.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Folders that should be there.
    pub(super) folders: Vec<Spanned<PathBuf>>,
    /// Users that should be known.
    pub(super) users: Vec<Spanned<String>>,
    /// Users that have to write a pid file into the folder that is zap's own, and where the file asks for that one.
    pub(super) writers: Vec<(Spanned<String>, Range<usize>)>,
}

impl Noted {
    /// The places of another part of the file, too.
    pub(super) fn extend(&mut self, other: Self) {
        let Self { folders, users, writers } = other;
        self.folders.extend(folders);
        self.users.extend(users);
        self.writers.extend(writers);
    }
}

impl LaunchKeys {
    /// Reads the keys of a table that knows them all.
    pub(super) fn read(table: &Table<'_>, gather: &mut Gather) -> Self {
        let stream =
            |key: &str, gather: &mut Gather| table.get(key).map(|entry| StreamKeys::read(&entry, gather));
        Self {
            work: WorkKeys::read(table, gather),
            shell: table.get("shell").and_then(|entry| Shell::read(&entry, gather)),
            work_dir: table.get("work-dir").and_then(|entry| entry.string(gather)),
            env: EnvKeys::read(table, gather),
            umask: table.get("umask").and_then(|entry| umask::read(&entry, gather)),
            user: table.get("user").and_then(|entry| user(&entry, gather)),
            stdout: stream("stdout", gather),
            stderr: stream("stderr", gather),
            subject: SubjectKeys::read(table, gather),
        }
    }

    /// What this says, and where it says nothing what `lower` says. The environment is only this one's: its levels are merged
    /// where their files are read.
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            work: self.work.or(lower.work),
            shell: self.shell.or(lower.shell),
            work_dir: self.work_dir.or(lower.work_dir),
            env: self.env,
            umask: self.umask.or(lower.umask),
            user: self.user.or(lower.user),
            stdout: self.stdout.or(lower.stdout),
            stderr: self.stderr.or(lower.stderr),
            subject: self.subject.or(lower.subject),
        }
    }

    /// The folder, the environment and the shell, over the environment `lower`.
    pub(super) fn ground(
        &self,
        inside: &Inside<'_>,
        lower: &Env,
        noted: &mut Noted,
        gather: &mut Gather,
    ) -> Ground {
        let shell = self.shell.clone().unwrap_or_else(|| inside.above.shell.clone());
        let mut known = lower.clone();
        known.extend(self.env.own.clone());
        let named = self.work_dir.as_ref().and_then(|text| {
            let folder = inside.paths(inside.base(), &known).path(text, gather)?;
            noted.folders.push(Spanned::new(text.span(), folder.clone()));
            Some(folder)
        });
        let work_dir = named.unwrap_or_else(|| inside.base().to_owned());
        let env = self.env.over(&inside.paths(&work_dir, lower), &inside.above.world, gather);
        Ground { work_dir, env, shell }
    }

    /// The launch of a job of so many instances; nothing if there is no work, or if it is broken and that was told.
    pub(super) fn finish(
        self,
        ground: &Ground,
        inside: &Inside<'_>,
        numprocs: u32,
        noted: &mut Noted,
        gather: &mut Gather,
    ) -> Option<Launch> {
        let paths = inside.paths(&ground.work_dir, &ground.env);
        let lookup = |name: &str| -> Option<String> { paths.variable(name)?.into_string().ok() };
        let stream = |keys: &Option<Spanned<StreamKeys>>, gather: &mut Gather| match keys {
            Some(keys) => keys.get_ref().finish(&paths, gather),
            None => Some(Stream::Terminal),
        };
        let (stdout, stderr) = (stream(&self.stdout, gather), stream(&self.stderr, gather));
        let subject = match &self.subject {
            Some(keys) => keys.finish(&paths, numprocs, gather),
            None => Some(Subject::Own),
        };
        let user = self.user.as_ref().map(|name| named_user(name, &paths, noted, gather));
        if let (Some(keys), Some(Some(name)), Some(text)) = (&self.subject, &user, &self.user) {
            let writer = |asked| (Spanned::new(text.span(), name.clone()), asked);
            noted.writers.extend(keys.own_pid_file().map(writer));
        }
        let work = self.work.and_then(|work| work.finish(&ground.shell, &lookup, gather));
        let launch = Launch {
            work: work?,
            work_dir: ground.work_dir.clone(),
            env: ground.env.clone(),
            umask: self.umask,
            user: user.map_or(Some(None), |user| user.map(Some))?,
            stdout: stdout?,
            stderr: stderr?,
            subject: subject?,
        };
        if let Some(keys) = &self.stdout {
            fits(&launch, &keys.span(), gather);
        }
        Some(launch)
    }
}

/// Tells a stream that hides what zap itself has to read in it.
fn fits(launch: &Launch, stdout: &Range<usize>, gather: &mut Gather) {
    let hidden = match &launch.stdout {
        Stream::Terminal => return,
        Stream::Discard => true,
        Stream::File(file) => !file.tee,
    };
    if let (true, Work::Steps { .. }) = (hidden, &launch.work) {
        let hint = "for a file write `{ file = \"…\", tee = true }`";
        gather.hinted(stdout.clone(), "steps need their output: it tells where each begins and ends", hint);
    }
    if let (Stream::Discard, Subject::Container(tool)) = (&launch.stdout, &launch.subject) {
        let hint = "leave it out";
        gather.hinted(stdout.clone(), format!("the id that `{}` prints would be lost", tool.name()), hint);
    }
}

/// The name of a user; numbers and groups are told.
fn user(entry: &Entry<'_>, gather: &mut Gather) -> Option<Spanned<String>> {
    if let DeValue::Integer(_) = entry.value.get_ref() {
        gather.hinted(
            entry.span(),
            "a user is given by its name, not by a number",
            "for example `\"www-data\"`",
        );
        return None;
    }
    entry.text(gather)
}

fn named_user(
    text: &Spanned<String>,
    paths: &Paths<'_>,
    noted: &mut Noted,
    gather: &mut Gather,
) -> Option<String> {
    let lookup = |name: &str| paths.variable(name);
    let name = match text.get_ref().contains('$').then(|| expand::path(text.get_ref(), &lookup)) {
        None => text.get_ref().clone(),
        Some(Ok(name)) => name.to_string_lossy().into_owned(),
        Some(Err(fault)) => {
            gather.maybe_hinted(text.span(), fault.message, fault.hint);
            return None;
        }
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ':' | '/' | ',' | '#');
    if name.contains(odd) || name.starts_with('-') {
        let hint = name.contains(':').then(|| "its group is the group of that user".to_owned());
        gather.maybe_hinted(text.span(), format!("`{name}` is not the name of a user"), hint);
        return None;
    }
    noted.users.push(Spanned::new(text.span(), name.clone()));
    Some(name)
}
