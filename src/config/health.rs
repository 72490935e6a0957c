//! The key `health-check`: how one sees that a job is still well. Not: asking.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::paths::Paths;
use super::plan::{HealthCheck, OnFail};
use super::probe::{self, ProbeKeys};
use super::shell::Shell;
use super::table::Table;
use super::value::Entry;

const INTERVAL: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(5);
const START_PERIOD: Duration = Duration::from_secs(10);
const MAX_FAILED: u32 = 3;
const MOST_FAILED: i64 = 1_000_000;
const SIGNS: &[&str] = &["command", "http", "tcp", "folder"];
const ON_FAIL: &[(&str, OnFail)] = &[("restart", OnFail::Restart), ("alert", OnFail::Alert)];

/// One check as the file has it.
#[derive(Debug, Clone)]
pub(super) struct HealthKeys {
    probe: ProbeKeys,
    interval: Duration,
    timeout: Duration,
    start_period: Duration,
    max_failed: u32,
    on_fail: OnFail,
}

/// Reads one table or an array of them; the good ones, when some are not.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Vec<HealthKeys> {
    entry.one_or_many(gather).iter().filter_map(|item| HealthKeys::read(item, gather)).collect()
}

impl HealthKeys {
    fn read(item: &Entry<'_>, gather: &mut Gather) -> Option<Self> {
        let entries = match item.value.get_ref() {
            DeValue::Table(entries) => entries,
            DeValue::String(text) => {
                let key = if text.starts_with("http") { "http" } else { "command" };
                let hint = format!("write `{{ {key} = \"{text}\" }}`");
                gather.hinted(item.span(), "`health-check` takes a table, not a string", hint);
                return None;
            }
            _ => return item.wants("a table", gather),
        };
        let table = Table::open(entries, &keys::HEALTH, gather);
        probe::belongs_to("status", "http", &table, gather);
        probe::belongs_to("inactive-time", "folder", &table, gather);
        let time = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.lasting(gather));
        let interval = time("interval", gather).unwrap_or(INTERVAL);
        let timeout = time("timeout", gather).unwrap_or(TIMEOUT);
        let start_period = table.get("start-period").and_then(|entry| entry.duration(gather));
        let max_failed = table.get("max-failed").and_then(|entry| entry.integer(1..=MOST_FAILED, gather));
        let on_fail = table.get("on-fail").and_then(|entry| entry.choice(ON_FAIL, gather));
        let Some(sign) = probe::the_only(SIGNS, &table, gather) else {
            if !SIGNS.iter().any(|sign| table.was_meant(sign)) && !entries.contains_key("file") {
                let hint = "one of `command`, `http`, `tcp`, `folder`".to_owned();
                gather.missing(item.span(), "this check does not say what to ask", Some(hint));
            }
            return None;
        };
        Some(Self {
            probe: ProbeKeys::read(&sign, &table, gather)?,
            interval,
            timeout,
            start_period: start_period.unwrap_or(START_PERIOD),
            max_failed: max_failed.map_or(MAX_FAILED, |most| most as u32),
            on_fail: on_fail.unwrap_or(OnFail::Restart),
        })
    }

    pub(super) fn finish(
        self,
        shell: &Spanned<Shell>,
        paths: &Paths<'_>,
        gather: &mut Gather,
    ) -> Option<HealthCheck> {
        Some(HealthCheck {
            probe: self.probe.finish(shell, paths, gather)?,
            interval: self.interval,
            timeout: self.timeout,
            start_period: self.start_period,
            max_failed: self.max_failed,
            on_fail: self.on_fail,
        })
    }
}
