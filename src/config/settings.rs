//! The table `[zap]`. Not: the theme's file, of which only the name stands here.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::paths::Paths;
use super::plan::{LogLevel, Quit, Settings};
use super::shell::Shell;
use super::table::Table;
use super::value::Entry;
use super::world::World;
use super::zone;

/// The only format of the file there is so far.
const FORMAT: i64 = 1;
const THEME: &str = "terminal";
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
const HISTORY: u64 = 256_000_000;
const HISTORY_TOTAL: u64 = 2_000_000_000;
const MOST_STARTING: i64 = 1_000_000;

/// `[zap]` with what is needed while the rest is read.
#[derive(Debug)]
pub(super) struct Zap {
    pub(super) settings: Settings,
    /// Where the theme is named, if it is.
    pub(super) theme: Option<Spanned<String>>,
    /// The shell of jobs that name none.
    pub(super) shell: Spanned<Shell>,
}

impl Zap {
    /// Reads the table, or gives the defaults where there is none.
    pub(super) fn read(
        entry: Option<&Entry<'_>>,
        paths: &Paths<'_>,
        world: &World<'_>,
        gather: &mut Gather,
    ) -> Self {
        let entries = entry.and_then(|entry| entry.table(gather));
        let table = entries.map(|entries| Table::open(entries, &keys::ZAP, gather));
        let get = |key: &str| table.as_ref().and_then(|table| table.get(key));
        if let Some(entry) = get("format") {
            check_format(&entry, gather);
        }
        let theme = get("theme").and_then(|entry| entry.string(gather));
        let shell = get("shell").and_then(|entry| shell(&entry, gather));
        let settings = Settings {
            theme: theme.as_ref().map_or_else(|| THEME.to_owned(), |theme| theme.get_ref().clone()),
            quit: get("quit").and_then(|entry| entry.choice(QUIT, gather)).unwrap_or(Quit::Ask),
            stop_timeout: get("stop-timeout")
                .and_then(|entry| entry.duration(gather))
                .unwrap_or(STOP_TIMEOUT),
            mouse: get("mouse").and_then(|entry| entry.boolean(gather)).unwrap_or(true),
            log: get("log").and_then(|entry| entry.choice(LOG, gather)).unwrap_or(LogLevel::Info),
            max_starting: get("max-starting")
                .and_then(|entry| entry.integer(0..=MOST_STARTING, gather))
                .map_or(0, |most| most as u32),
            start_stagger: get("start-stagger").and_then(|entry| entry.duration(gather)).unwrap_or_default(),
            watch_config: get("watch-config").and_then(|entry| entry.boolean(gather)).unwrap_or(false),
            zone: get("timezone")
                .and_then(|entry| entry.text(gather))
                .and_then(|name| zone::named(&name, world, gather))
                .unwrap_or_else(|| zone::local(world)),
            event_log: get("event-log")
                .and_then(|entry| entry.text(gather))
                .and_then(|text| paths.path(&text, gather)),
            history: get("history").and_then(|entry| entry.size(gather)).unwrap_or(HISTORY),
            history_total: get("history-total").and_then(|entry| entry.size(gather)).unwrap_or(HISTORY_TOTAL),
        };
        Self { settings, theme, shell: shell.unwrap_or_else(|| Spanned::new(0..0, Shell::sh())) }
    }
}

const QUIT: &[(&str, Quit)] = &[("ask", Quit::Ask), ("stop", Quit::Stop)];
const LOG: &[(&str, LogLevel)] = &[
    ("off", LogLevel::Off),
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
];

fn check_format(entry: &Entry<'_>, gather: &mut Gather) {
    let DeValue::Integer(format) = entry.value.get_ref() else {
        let _: Option<()> = entry.wants("a whole number", gather);
        return;
    };
    if i64::from_str_radix(format.as_str(), format.radix()) != Ok(FORMAT) {
        gather.hinted(
            entry.span(),
            "this zap does not know this format",
            format!("it reads `format = {FORMAT}`"),
        );
    }
}

/// The program's shell; a job alone can go without one.
fn shell(entry: &Entry<'_>, gather: &mut Gather) -> Option<Spanned<Shell>> {
    if let DeValue::Boolean(false) = entry.value.get_ref() {
        let hint = "put `shell = false` into a job, or into `[defaults]`";
        gather.hinted(entry.span(), "`[zap].shell` cannot be `false`", hint);
        return None;
    }
    Shell::read(entry, gather)
}
