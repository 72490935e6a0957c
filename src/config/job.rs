//! A job as tables have it, key by key and level by level, and the checked job that comes out. Not: what it needs
//! (see `needs`).

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::backoff::BackoffKeys;
use super::env::{self, Env};
use super::gather::Gather;
use super::keys;
use super::plan::{Expected, Restart};
use super::shell::Shell;
use super::signal;
use super::stop::StopKeys;
use super::table::Table;
use super::value::Entry;
use super::work::{Command, WorkKeys};

/// How long a job must live to count as started.
pub(super) const START_SECS: Duration = Duration::from_secs(1);
/// How often a failed start is tried again.
pub(super) const START_RETRIES: u32 = 3;
const MOST_RETRIES: i64 = 1_000_000;

/// What one table says about a job: `[defaults]`, a system's `defaults`, or the job itself. Every key may be missing.
#[derive(Debug, Clone, Default)]
pub(super) struct JobKeys {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) work: Option<WorkKeys>,
    pub(super) shell: Option<Spanned<Shell>>,
    pub(super) work_dir: Option<Spanned<String>>,
    pub(super) env: Env,
    pub(super) umask: Option<u32>,
    pub(super) autostart: Option<bool>,
    pub(super) restart: Option<Restart>,
    pub(super) exit_codes: Option<Vec<Expected>>,
    pub(super) start_secs: Option<Duration>,
    pub(super) start_retries: Option<u32>,
    pub(super) backoff: BackoffKeys,
    pub(super) restart_delay: Option<Duration>,
    pub(super) stop: StopKeys,
    pub(super) depends_on: Option<Vec<Spanned<String>>>,
    pub(super) one_shot: Option<bool>,
    pub(super) interactive: Option<bool>,
}

impl JobKeys {
    /// Reads a job in its short form, a string, or its long one, a table.
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Self {
        match entry.value.get_ref() {
            DeValue::String(_) => {
                let entry = Entry { name: "command", ..entry.clone() };
                let command = Command::read(&entry, gather).map_or(WorkKeys::Broken, WorkKeys::Command);
                Self { work: Some(command), ..Self::default() }
            }
            DeValue::Table(_) => Self::read_table(entry, gather),
            DeValue::Array(_) => {
                let hint = format!("write `{} = {{ command = […] }}` or `{{ steps = […] }}`", entry.name);
                gather.hinted(entry.span(), "a job is a string or a table, not an array", hint);
                Self { work: Some(WorkKeys::Broken), ..Self::default() }
            }
            _ => {
                let _: Option<()> = entry.wants("a command or a table", gather);
                Self { work: Some(WorkKeys::Broken), ..Self::default() }
            }
        }
    }

    /// Reads a table of job keys; nothing if it is none.
    pub(super) fn read_table(entry: &Entry<'_>, gather: &mut Gather) -> Self {
        let Some(entries) = entry.table(gather) else { return Self::default() };
        let table = Table::open(entries, &keys::JOB, gather);
        let text = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.string(gather));
        let yes = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.boolean(gather));
        let time = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.duration(gather));
        Self {
            title: text("title", gather).map(Spanned::into_inner),
            description: text("description", gather).map(Spanned::into_inner),
            work: WorkKeys::read(&table, gather),
            shell: table.get("shell").and_then(|entry| Shell::read(&entry, gather)),
            work_dir: text("work-dir", gather),
            env: table.get("env").and_then(|entry| env::read(&entry, gather)).unwrap_or_default(),
            umask: table.get("umask").and_then(|entry| umask(&entry, gather)),
            autostart: yes("autostart", gather),
            restart: table.get("restart").and_then(|entry| restart(&entry, gather)),
            exit_codes: table.get("exit-codes").and_then(|entry| exit_codes(&entry, gather)),
            start_secs: time("start-secs", gather),
            start_retries: table
                .get("start-retries")
                .and_then(|entry| entry.integer(0..=MOST_RETRIES, gather))
                .map(|retries| retries as u32),
            backoff: table
                .get("backoff")
                .map_or_else(BackoffKeys::default, |entry| BackoffKeys::read(&entry, gather)),
            restart_delay: time("restart-delay", gather),
            stop: table.get("stop").map_or_else(StopKeys::default, |entry| StopKeys::read(&entry, gather)),
            depends_on: table.get("depends-on").and_then(|entry| depends_on(&entry, gather)),
            one_shot: yes("one-shot", gather),
            interactive: yes("interactive", gather),
        }
    }

    /// What this says, and where it says nothing what `lower` says. Tables (`env`, `stop`, `backoff`) are merged key by
    /// key, everything else is replaced.
    pub(super) fn over(self, lower: Self) -> Self {
        let mut env = lower.env;
        env.extend(self.env);
        Self {
            title: self.title.or(lower.title),
            description: self.description.or(lower.description),
            work: self.work.or(lower.work),
            shell: self.shell.or(lower.shell),
            work_dir: self.work_dir.or(lower.work_dir),
            env,
            umask: self.umask.or(lower.umask),
            autostart: self.autostart.or(lower.autostart),
            restart: self.restart.or(lower.restart),
            exit_codes: self.exit_codes.or(lower.exit_codes),
            start_secs: self.start_secs.or(lower.start_secs),
            start_retries: self.start_retries.or(lower.start_retries),
            backoff: self.backoff.over(lower.backoff),
            restart_delay: self.restart_delay.or(lower.restart_delay),
            stop: self.stop.over(lower.stop),
            depends_on: self.depends_on.or(lower.depends_on),
            one_shot: self.one_shot.or(lower.one_shot),
            interactive: self.interactive.or(lower.interactive),
        }
    }
}

/// `umask = "022"`: octal digits in a string, since TOML has no such number.
fn umask(entry: &Entry<'_>, gather: &mut Gather) -> Option<u32> {
    match entry.value.get_ref() {
        DeValue::String(text) => {
            let digits = text.strip_prefix("0o").unwrap_or(text);
            let octal = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
            let value =
                octal.then(|| u32::from_str_radix(digits, 8).ok()).flatten().filter(|mask| *mask <= 0o777);
            if value.is_none() {
                gather.hinted(
                    entry.span(),
                    format!("`{text}` is not a umask"),
                    "octal digits, for example `\"022\"`",
                );
            }
            value
        }
        DeValue::Integer(number) => {
            let digits = number.as_str();
            let octal =
                digits.bytes().all(|b| (b'0'..=b'7').contains(&b)) && matches!(number.radix(), 8 | 10);
            let example = if octal { format!("{digits:0>3}") } else { "022".to_owned() };
            gather.hinted(
                entry.span(),
                "`umask` takes a string of octal digits, not a number",
                format!("write `\"{example}\"`"),
            );
            None
        }
        _ => entry.wants("a string of octal digits, for example `\"022\"`", gather),
    }
}

const RESTART: &[(&str, Restart)] =
    &[("never", Restart::Never), ("unexpected", Restart::Unexpected), ("always", Restart::Always)];
/// The words of docker compose, systemd, supervisord and process-compose.
const THEIR_RESTART: &[(&str, &str)] = &[
    ("no", "never"),
    ("off", "never"),
    ("false", "never"),
    ("on-failure", "unexpected"),
    ("on_failure", "unexpected"),
    ("on-abnormal", "unexpected"),
    ("exit_on_failure", "unexpected"),
    ("failure", "unexpected"),
    ("unless-stopped", "always"),
    ("yes", "always"),
    ("on", "always"),
    ("true", "always"),
];

fn restart(entry: &Entry<'_>, gather: &mut Gather) -> Option<Restart> {
    let word = match entry.value.get_ref() {
        DeValue::String(word) => word.as_ref(),
        DeValue::Boolean(true) => "true",
        DeValue::Boolean(false) => "false",
        _ => "",
    };
    if let Some((_, ours)) = THEIR_RESTART.iter().find(|(theirs, _)| *theirs == word) {
        gather.hinted(
            entry.span(),
            format!("`restart` cannot be `{word}`"),
            format!("did you mean `\"{ours}\"`?"),
        );
        return None;
    }
    entry.choice(RESTART, gather)
}

fn exit_codes(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<Expected>> {
    let items = entry.items(gather)?;
    Some(items.iter().filter_map(|item| expected(item, gather)).collect())
}

fn expected(item: &Entry<'_>, gather: &mut Gather) -> Option<Expected> {
    match item.value.get_ref() {
        DeValue::Integer(_) => item.integer(0..=255, gather).map(|code| Expected::Code(code as u8)),
        DeValue::String(_) => signal::read(item, gather).map(Expected::Signal),
        _ => item.wants("a code from 0 to 255 or the name of a signal", gather),
    }
}

fn depends_on(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<Spanned<String>>> {
    let items = entry.items(gather)?;
    let mut addresses = Vec::new();
    for item in &items {
        match item.value.get_ref() {
            DeValue::Table(table) => {
                let key = ["command", "until", "on-loss"].into_iter().find(|key| table.contains_key(*key));
                let what = key.map_or_else(|| "a table".to_owned(), |key| format!("`{key}`"));
                let hint = "for now only addresses: `\"db\"` or `\"dev/db\"`";
                gather.hinted(item.span(), format!("{what} in `depends-on` is not built yet"), hint);
            }
            _ => addresses.extend(item.string(gather)),
        }
    }
    Some(addresses)
}
