//! A job as tables have it, key by key and level by level. Not: the checked job that comes out (see `checked`).

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::backoff::BackoffKeys;
use super::depends_on::{self, NeedKeys};
use super::gather::Gather;
use super::health::{self, HealthKeys};
use super::hook::HookKeys;
use super::keys;
use super::launch::LaunchKeys;
use super::max_runs::{self, MaxRunsKeys};
use super::plan::{Expected, OnChange, Restart, TimeOfDay};
use super::ready::ReadyKeys;
use super::schedule::{self, WindowKeys};
use super::signal;
use super::stop::StopKeys;
use super::table::Table;
use super::value::Entry;
use super::version::{self, VersionKeys};
use super::work::{Command, WorkKeys};

const MOST_RETRIES: i64 = 1_000_000;
const MOST_INSTANCES: i64 = 1000;

/// What one table says about a job: `[defaults]`, a system's `defaults`, or the job itself. Every key may be missing.
#[derive(Debug, Clone, Default)]
pub(super) struct JobKeys {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) labels: Option<Vec<String>>,
    pub(super) launch: LaunchKeys,
    pub(super) versions: Option<Vec<VersionKeys>>,
    pub(super) on_change: Option<OnChange>,
    pub(super) numprocs: Option<u32>,
    pub(super) autostart: Option<bool>,
    pub(super) restart: Option<Restart>,
    pub(super) exit_codes: Option<Vec<Expected>>,
    pub(super) start_secs: Option<Duration>,
    pub(super) start_retries: Option<u32>,
    pub(super) backoff: BackoffKeys,
    pub(super) restart_delay: Option<Duration>,
    pub(super) stop: StopKeys,
    pub(super) max_runs: MaxRunsKeys,
    pub(super) restart_every: Option<Duration>,
    pub(super) restart_at: Option<Vec<TimeOfDay>>,
    pub(super) timeout: Option<Duration>,
    pub(super) before: Option<HookKeys>,
    pub(super) init: Option<HookKeys>,
    pub(super) after: Option<HookKeys>,
    pub(super) depends_on: Option<Vec<NeedKeys>>,
    pub(super) ready: Option<ReadyKeys>,
    pub(super) health: Option<Vec<HealthKeys>>,
    pub(super) schedule: Option<Vec<WindowKeys>>,
    pub(super) one_shot: Option<bool>,
    pub(super) interactive: Option<bool>,
    pub(super) history: Option<u64>,
}

impl JobKeys {
    /// Reads a job in its short form, a string, or its long one, a table.
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Self {
        match entry.value.get_ref() {
            DeValue::String(_) => {
                let entry = Entry { name: "command", ..entry.clone() };
                Self::of(Command::read(&entry, gather).map_or(WorkKeys::Broken, WorkKeys::Command))
            }
            DeValue::Table(_) => Self::read_table(entry, gather),
            DeValue::Array(_) => {
                let hint = format!("write `{} = {{ command = […] }}` or `{{ steps = […] }}`", entry.name);
                gather.hinted(entry.span(), "a job is a string or a table, not an array", hint);
                Self::of(WorkKeys::Broken)
            }
            _ => {
                let _: Option<()> = entry.wants("a command or a table", gather);
                Self::of(WorkKeys::Broken)
            }
        }
    }

    fn of(work: WorkKeys) -> Self {
        Self { launch: LaunchKeys { work: Some(work), ..LaunchKeys::default() }, ..Self::default() }
    }

    /// Reads a table of job keys; nothing if it is none.
    pub(super) fn read_table(entry: &Entry<'_>, gather: &mut Gather) -> Self {
        let Some(entries) = entry.table(gather) else { return Self::default() };
        let table = Table::open(entries, &keys::JOB, gather);
        let text = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.string(gather));
        let yes = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.boolean(gather));
        let time = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.duration(gather));
        let lasting = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.lasting(gather));
        let hook =
            |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| HookKeys::read(&entry, gather));
        Self {
            title: text("title", gather).map(Spanned::into_inner),
            description: text("description", gather).map(Spanned::into_inner),
            labels: table.get("labels").and_then(|entry| labels(&entry, gather)),
            launch: LaunchKeys::read(&table, gather),
            versions: table.get("versions").and_then(|entry| version::read(&entry, gather)),
            on_change: table.get("on-change").and_then(|entry| entry.choice(ON_CHANGE, gather)),
            numprocs: table
                .get("numprocs")
                .and_then(|entry| entry.integer(1..=MOST_INSTANCES, gather))
                .map(|count| count as u32),
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
            max_runs: table
                .get("max-runs")
                .and_then(|entry| max_runs::read(&entry, gather))
                .unwrap_or_default(),
            restart_every: lasting("restart-every", gather),
            restart_at: table.get("restart-at").map(|entry| schedule::restart_at(&entry, gather)),
            timeout: lasting("timeout", gather),
            before: hook("before", gather),
            init: hook("init", gather),
            after: hook("after", gather),
            depends_on: table.get("depends-on").and_then(|entry| depends_on::read(&entry, gather)),
            ready: table.get("ready").and_then(|entry| ReadyKeys::read(&entry, gather)),
            health: table.get("health-check").map(|entry| health::read(&entry, gather)),
            schedule: table.get("schedule").map(|entry| schedule::read(&entry, gather)),
            one_shot: yes("one-shot", gather),
            interactive: yes("interactive", gather),
            history: table.get("history").and_then(|entry| entry.size(gather)),
        }
    }

    /// What this says, and where it says nothing what `lower` says. Tables (`stop`, `backoff`) are merged key by key,
    /// everything else is replaced; of the environment see [`LaunchKeys::over`].
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            title: self.title.or(lower.title),
            description: self.description.or(lower.description),
            labels: self.labels.or(lower.labels),
            launch: self.launch.over(lower.launch),
            versions: self.versions.or(lower.versions),
            on_change: self.on_change.or(lower.on_change),
            numprocs: self.numprocs.or(lower.numprocs),
            autostart: self.autostart.or(lower.autostart),
            restart: self.restart.or(lower.restart),
            exit_codes: self.exit_codes.or(lower.exit_codes),
            start_secs: self.start_secs.or(lower.start_secs),
            start_retries: self.start_retries.or(lower.start_retries),
            backoff: self.backoff.over(lower.backoff),
            restart_delay: self.restart_delay.or(lower.restart_delay),
            stop: self.stop.over(lower.stop),
            max_runs: self.max_runs.over(lower.max_runs),
            restart_every: self.restart_every.or(lower.restart_every),
            restart_at: self.restart_at.or(lower.restart_at),
            timeout: self.timeout.or(lower.timeout),
            before: self.before.or(lower.before),
            init: self.init.or(lower.init),
            after: self.after.or(lower.after),
            depends_on: self.depends_on.or(lower.depends_on),
            ready: self.ready.or(lower.ready),
            health: self.health.or(lower.health),
            schedule: self.schedule.or(lower.schedule),
            one_shot: self.one_shot.or(lower.one_shot),
            interactive: self.interactive.or(lower.interactive),
            history: self.history.or(lower.history),
        }
    }
}

const ON_CHANGE: &[(&str, OnChange)] = &[("restart", OnChange::Restart), ("pending", OnChange::Pending)];

/// Labels are typed as `@label`, so they are made as names are.
fn labels(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<String>> {
    let mut labels: Vec<String> = Vec::new();
    for label in entry.strings(gather)? {
        let text = label.get_ref();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || !text.chars().all(allowed) {
            let bare = text.strip_prefix('@').filter(|bare| !bare.is_empty() && bare.chars().all(allowed));
            let hint = bare.map_or_else(
                || "labels are made of letters a-z, digits, `-`, `_` and `.`".to_owned(),
                |bare| format!("write `\"{bare}\"`; the `@` is for addresses"),
            );
            let message = if text.is_empty() {
                "an empty label".to_owned()
            } else {
                format!("`{text}` cannot be a label")
            };
            gather.hinted(label.span(), message, hint);
        } else if !labels.contains(text) {
            labels.push(label.into_inner());
        }
    }
    Some(labels)
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
