//! What a job runs, as the file has it: a command or steps; and what that is once the shell is known. Not: running it.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::command::{direct, reason};
use super::gather::Gather;
use super::keys;
use super::plan::{Step, Work};
use super::session;
use super::shell::{Shell, is_transparent, speaks_posix};
use super::table::Table;
use super::value::Entry;
use super::words::{Lookup, Why};

/// A command as the file has it.
#[derive(Debug, Clone)]
pub(super) enum Command {
    /// An array: executed as it stands.
    Argv(Vec<String>),
    /// A string: for the shell.
    Line(String),
}

/// `command` or `steps` as the file has it.
#[derive(Debug, Clone)]
pub(super) enum WorkKeys {
    Command(Spanned<Command>),
    Steps(Vec<StepKeys>),
    /// There is one, and what is wrong with it was told.
    Broken,
}

/// One entry of `steps`.
#[derive(Debug, Clone)]
pub(super) struct StepKeys {
    span: Range<usize>,
    run: String,
    name: Option<String>,
    timeout: Option<Duration>,
    ok_codes: Vec<u8>,
}

impl Command {
    /// Reads a string or an array of strings.
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Spanned<Self>> {
        let command = match entry.value.get_ref() {
            DeValue::String(_) => {
                let line = entry.string(gather)?.into_inner();
                (!line.trim().is_empty()).then_some(Self::Line(line))
            }
            DeValue::Array(items) => {
                let words = entry.strings(gather)?;
                if words.len() < items.len() {
                    return None;
                }
                let argv: Vec<String> = words.into_iter().map(Spanned::into_inner).collect();
                argv.first().is_some_and(|program| !program.is_empty()).then_some(Self::Argv(argv))
            }
            _ => return entry.wants("a string or an array of strings", gather),
        };
        if command.is_none() {
            gather.error(entry.span(), format!("`{}` is empty", entry.name));
        }
        Some(Spanned::new(entry.span(), command?))
    }

    /// As a person would type it.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Line(line) => line.trim().to_owned(),
            Self::Argv(argv) => argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
        }
    }
}

/// A word as a shell would have to read it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The argument vector that runs a command, with the shell where it needs one.
pub(super) fn argv_of(
    command: Spanned<Command>,
    shell: &Spanned<Shell>,
    gather: &mut Gather,
) -> Option<Vec<String>> {
    match work_of(command, shell, gather)? {
        Work::Exec(argv) => Some(argv),
        Work::Shell { mut shell, line } => {
            shell.push(line);
            Some(shell)
        }
        Work::Steps { .. } => None,
    }
}

fn work_of(command: Spanned<Command>, shell: &Spanned<Shell>, gather: &mut Gather) -> Option<Work> {
    let span = command.span();
    let line = match command.into_inner() {
        Command::Argv(argv) => return Some(Work::Exec(argv)),
        Command::Line(line) => line,
    };
    match (shell.get_ref(), direct(&line)) {
        (Shell::With(shell), Err(why @ Why::OpenQuote(_))) if speaks_posix(shell) => {
            gather.error(span, reason(&why));
            None
        }
        (Shell::With(shell), Ok(argv)) if is_transparent(shell) => Some(Work::Exec(argv)),
        (Shell::With(shell), _) => Some(Work::Shell { shell: shell.clone(), line }),
        (Shell::Never, Ok(argv)) => Some(Work::Exec(argv)),
        (Shell::Never, Err(why)) => {
            let remark = "no shell, because of this".to_owned();
            gather.related(span, reason(&why), None, vec![(shell.span(), remark)]);
            None
        }
    }
}

impl WorkKeys {
    /// Reads `command` and `steps`, of which a table has at most one.
    pub(super) fn read(table: &Table<'_>, gather: &mut Gather) -> Option<Self> {
        match (table.get("command"), table.get("steps")) {
            (None, None)
                if table.was_meant("command") || table.was_meant("steps") || table.was_meant("template") =>
            {
                Some(Self::Broken)
            }
            (None, None) => None,
            (Some(command), None) => {
                Some(Command::read(&command, gather).map_or(Self::Broken, Self::Command))
            }
            (None, Some(steps)) => Some(read_steps(&steps, gather).map_or(Self::Broken, Self::Steps)),
            (Some(command), Some(steps)) => {
                let (first, second) =
                    if command.key.start < steps.key.start { (&command, &steps) } else { (&steps, &command) };
                gather.related(
                    second.key.clone(),
                    "a job has either `command` or `steps`",
                    Some("remove one of them".to_owned()),
                    vec![(first.key.clone(), "the other one".to_owned())],
                );
                Some(Self::Broken)
            }
        }
    }

    /// What it is once the shell and the environment are known.
    pub(super) fn finish(
        self,
        shell: &Spanned<Shell>,
        lookup: Lookup<'_>,
        gather: &mut Gather,
    ) -> Option<Work> {
        match self {
            Self::Broken => None,
            Self::Command(command) => work_of(command, shell, gather),
            Self::Steps(steps) => finish_steps(steps, shell, lookup, gather),
        }
    }
}

fn read_steps(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<StepKeys>> {
    let items = entry.items(gather)?;
    if items.is_empty() {
        gather.error(entry.span(), "`steps` is empty");
        return None;
    }
    let steps: Vec<StepKeys> = items.iter().filter_map(|item| read_step(item, gather)).collect();
    (steps.len() == items.len()).then_some(steps)
}

fn read_step(item: &Entry<'_>, gather: &mut Gather) -> Option<StepKeys> {
    let span = item.span();
    let (run, name, timeout, ok_codes) = match item.value.get_ref() {
        DeValue::String(_) => (item.string(gather)?, None, None, None),
        DeValue::Table(entries) => {
            let table = Table::open(entries, &keys::STEP, gather);
            let name = table.get("name").and_then(|entry| entry.string(gather));
            let timeout = table.get("timeout").and_then(|entry| entry.duration(gather));
            let ok_codes = table.get("ok-codes").and_then(|entry| read_codes(&entry, gather));
            let Some(run) = table.get("run") else {
                if !table.was_meant("run") {
                    gather.missing(span, "this step has no `run`", None);
                }
                return None;
            };
            (run.string(gather)?, name, timeout, ok_codes)
        }
        _ => return item.wants("a string or a table with `run`", gather),
    };
    if run.get_ref().trim().is_empty() {
        gather.error(run.span(), "this step is empty");
        return None;
    }
    Some(StepKeys {
        span,
        run: run.into_inner(),
        name: name.map(Spanned::into_inner),
        timeout,
        ok_codes: ok_codes.unwrap_or_else(|| vec![0]),
    })
}

fn read_codes(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<u8>> {
    let items = entry.items(gather)?;
    if items.is_empty() {
        gather.hinted(entry.span(), "`ok-codes` is empty", "no step could succeed; the usual is `[0]`");
    }
    let code = |item: &Entry<'_>, gather: &mut Gather| item.integer(0..=255, gather).map(|code| code as u8);
    Some(items.iter().filter_map(|item| code(item, gather)).collect())
}

fn finish_steps(
    steps: Vec<StepKeys>,
    shell: &Spanned<Shell>,
    lookup: Lookup<'_>,
    gather: &mut Gather,
) -> Option<Work> {
    let span = steps.first().map_or(shell.span(), |step| step.span.clone());
    let session = steps.first().and_then(|step| session::opened(&step.run, lookup));
    let Shell::With(shell_words) = shell.get_ref() else {
        gather.hinted(shell.span(), "steps need a shell", "leave it out, or use `command`");
        return None;
    };
    if session.is_none() && !speaks_posix(shell_words) {
        let program = shell_words.first().map_or("", String::as_str);
        gather.related(
            span,
            format!("steps run in a POSIX shell, and `{program}` is none"),
            Some("give this job `shell = \"sh\"`".to_owned()),
            vec![(shell.span(), "the shell of this job".to_owned())],
        );
        return None;
    }
    let opened = usize::from(session.is_some());
    let steps = steps.into_iter().skip(opened).map(StepKeys::finish).collect();
    Some(Work::Steps { shell: shell_words.clone(), session, steps })
}

impl StepKeys {
    fn finish(self) -> Step {
        let name = self.name.unwrap_or_else(|| self.run.trim().to_owned());
        Step { name, run: self.run, timeout: self.timeout, ok_codes: self.ok_codes }
    }
}
