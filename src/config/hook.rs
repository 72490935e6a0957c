//! The keys `before`, `init` and `after`. Not: running them.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::plan::Hook;
use super::shell::Shell;
use super::table::Table;
use super::value::Entry;
use super::work::{Command, argv_of};

const TIMEOUT: Duration = Duration::from_secs(10);

/// A hook as the file has it.
#[derive(Debug, Clone)]
pub(super) struct HookKeys {
    command: Spanned<Command>,
    timeout: Duration,
}

impl HookKeys {
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Self> {
        match entry.value.get_ref() {
            DeValue::String(_) => Some(Self { command: Command::read(entry, gather)?, timeout: TIMEOUT }),
            DeValue::Table(entries) => {
                let table = Table::open(entries, &keys::HOOK, gather);
                let timeout = table.get("timeout").and_then(|entry| entry.lasting(gather));
                let Some(command) = table.get("command") else {
                    if !table.was_meant("command") {
                        gather.missing(entry.span(), format!("`{}` has no `command`", entry.name), None);
                    }
                    return None;
                };
                let command = Command::read(&command, gather)?;
                Some(Self { command, timeout: timeout.unwrap_or(TIMEOUT) })
            }
            DeValue::Array(_) => {
                let hint = match entry.name {
                    "after" | "before" => "`{ command = […] }` for one command; for other jobs: `depends-on`",
                    _ => "write `{ command = […] }`",
                };
                gather.hinted(entry.span(), format!("`{}` takes a command or a table", entry.name), hint);
                None
            }
            _ => entry.wants("a command or a table", gather),
        }
    }

    /// The one word it consists of, with its place: it may be meant as the name of a job.
    pub(super) fn word(&self) -> Option<Spanned<&str>> {
        let Command::Line(line) = self.command.get_ref() else { return None };
        let word = line.trim();
        (!word.contains(char::is_whitespace)).then(|| Spanned::new(self.command.span(), word))
    }

    pub(super) fn finish(self, shell: &Spanned<Shell>, gather: &mut Gather) -> Option<Hook> {
        let line = self.command.get_ref().written();
        Some(Hook { command: argv_of(self.command, shell, gather)?, line, timeout: self.timeout })
    }
}
