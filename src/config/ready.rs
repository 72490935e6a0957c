//! The key `ready`: what tells that a job is ready. Not: asking.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::paths::Paths;
use super::pattern;
use super::plan::{Ready, Sign};
use super::probe::{self, ProbeKeys};
use super::shell::Shell;
use super::table::Table;
use super::value::Entry;

const TIMEOUT: Duration = Duration::from_secs(60);
const INTERVAL: Duration = Duration::from_millis(500);
const SIGNS: &[&str] = &["log", "tcp", "http", "command", "file"];

/// `ready` as the file has it.
#[derive(Debug, Clone)]
pub(super) struct ReadyKeys {
    pub(super) span: Range<usize>,
    sign: Option<SignKeys>,
    fail_log: Option<String>,
    timeout: Duration,
    interval: Duration,
}

#[derive(Debug, Clone)]
enum SignKeys {
    Log(String),
    Probe(ProbeKeys),
    /// What is wrong with it was told.
    Broken,
}

impl ReadyKeys {
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Self> {
        let entries = match entry.value.get_ref() {
            DeValue::Table(entries) => entries,
            DeValue::String(text) => {
                let hint = format!("a line of its output? write `{{ log = '{text}' }}`");
                gather.hinted(entry.span(), "`ready` takes a table, not a string", hint);
                return None;
            }
            DeValue::Integer(port) => {
                let hint = format!("a port? write `{{ tcp = {} }}`", port.as_str());
                gather.hinted(entry.span(), "`ready` takes a table, not a number", hint);
                return None;
            }
            _ => return entry.wants("a table", gather),
        };
        let table = Table::open(entries, &keys::READY, gather);
        probe::belongs_to("status", "http", &table, gather);
        let told = gather.count();
        let sign = probe::the_only(SIGNS, &table, gather).map(|sign| {
            let read = match sign.name {
                "log" => pattern::read(&sign, gather).map(SignKeys::Log),
                _ => ProbeKeys::read(&sign, &table, gather).map(SignKeys::Probe),
            };
            read.unwrap_or(SignKeys::Broken)
        });
        let fail_log = table.get("fail-log").and_then(|entry| pattern::read(&entry, gather));
        let meant = SIGNS.iter().chain(&["fail-log"]).any(|key| table.was_meant(key));
        if sign.is_none() && fail_log.is_none() && gather.count() == told && !meant {
            let hint = "one of `log`, `tcp`, `http`, `command`, `file`, or `fail-log`".to_owned();
            gather.missing(entry.key.clone(), "`ready` does not say what to look for", Some(hint));
        }
        Some(Self {
            span: entry.key.clone(),
            sign,
            fail_log,
            timeout: table.get("timeout").and_then(|entry| entry.lasting(gather)).unwrap_or(TIMEOUT),
            interval: table.get("interval").and_then(|entry| entry.lasting(gather)).unwrap_or(INTERVAL),
        })
    }

    /// Whether somebody is asked, or a line is waited for.
    pub(super) fn has_sign(&self) -> bool {
        self.sign.is_some()
    }

    pub(super) fn finish(self, shell: &Spanned<Shell>, paths: &Paths<'_>, gather: &mut Gather) -> Ready {
        let sign = match self.sign {
            Some(SignKeys::Log(pattern)) => Some(Sign::Log(pattern)),
            Some(SignKeys::Probe(probe)) => probe.finish(shell, paths, gather).map(Sign::Probe),
            Some(SignKeys::Broken) | None => None,
        };
        Ready { sign, fail_log: self.fail_log, timeout: self.timeout, interval: self.interval }
    }
}
