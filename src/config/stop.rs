//! The key `stop`: a command, or a table. Not: the stopping.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::keystrokes;
use super::plan::{Aim, Reach, Stop};
use super::shell::Shell;
use super::signal;
use super::table::Table;
use super::value::Entry;
use super::work::{Command, argv_of};

const TIMEOUT: Duration = Duration::from_secs(10);
const REACH: &[(&str, Reach)] = &[("all", Reach::All), ("group", Reach::Group)];

/// What one table says about stopping.
#[derive(Debug, Clone, Default)]
pub(super) struct StopKeys {
    command: Option<Spanned<Command>>,
    keys: Option<Vec<u8>>,
    signal: Option<i32>,
    timeout: Option<Duration>,
    aim: Option<Aim>,
    reach: Option<Reach>,
}

impl StopKeys {
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Self {
        let entries = match entry.value.get_ref() {
            DeValue::Table(entries) => entries,
            DeValue::String(text) if signal::number(text).is_some() => {
                let hint = format!("write `stop = {{ signal = \"{text}\" }}`");
                gather.hinted(
                    entry.span(),
                    format!("`stop` as a string is a command, and `{text}` is a signal"),
                    hint,
                );
                return Self::default();
            }
            DeValue::String(_) => return Self { command: Command::read(entry, gather), ..Self::default() },
            DeValue::Integer(_) | DeValue::Float(_) => {
                let hint = "for a timeout write `stop = { timeout = \"10s\" }`";
                gather.hinted(entry.span(), "`stop` takes a command or a table, not a number", hint);
                return Self::default();
            }
            _ => return entry.wants("a command or a table", gather).unwrap_or_default(),
        };
        let table = Table::open(entries, &keys::STOP, gather);
        Self {
            command: table.get("command").and_then(|entry| Command::read(&entry, gather)),
            keys: table.get("keys").and_then(|entry| typed(&entry, gather)),
            signal: table.get("signal").and_then(|entry| signal::read(&entry, gather)),
            timeout: table.get("timeout").and_then(|entry| entry.duration(gather)),
            aim: table.get("group").and_then(|entry| entry.boolean(gather)).map(aim),
            reach: table.get("reach").and_then(|entry| entry.choice(REACH, gather)),
        }
    }

    /// What this says, and where it says nothing what `lower` says.
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            command: self.command.or(lower.command),
            keys: self.keys.or(lower.keys),
            signal: self.signal.or(lower.signal),
            timeout: self.timeout.or(lower.timeout),
            aim: self.aim.or(lower.aim),
            reach: self.reach.or(lower.reach),
        }
    }

    pub(super) fn finish(self, shell: &Spanned<Shell>, gather: &mut Gather) -> Stop {
        Stop {
            command: self.command.and_then(|command| argv_of(command, shell, gather)),
            keys: self.keys,
            signal: self.signal.unwrap_or(libc::SIGTERM),
            timeout: self.timeout.unwrap_or(TIMEOUT),
            aim: self.aim.unwrap_or(Aim::Group),
            reach: self.reach.unwrap_or(Reach::All),
        }
    }
}

fn aim(group: bool) -> Aim {
    if group { Aim::Group } else { Aim::Leader }
}

fn typed(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<u8>> {
    // A NUL is a key (Ctrl-@), so this is not read as other strings are.
    let DeValue::String(text) = entry.value.get_ref() else {
        return entry.wants("a string, for example `\"^C\"`", gather);
    };
    match keystrokes::bytes(text) {
        Ok(bytes) if bytes.is_empty() => {
            gather.error(entry.span(), "`keys` is empty");
            None
        }
        Ok(bytes) => Some(bytes),
        Err(fault) => {
            gather.error(entry.span(), fault);
            None
        }
    }
}
