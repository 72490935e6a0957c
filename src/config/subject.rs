//! The keys `pid-file` and `container-id`: which process is supervised. Not: finding it.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::paths::{Paths, tells_instances_apart};
use super::plan::{ContainerTool, OnTimeout, PidFile, Subject};
use super::table::Table;
use super::value::Entry;

const TIMEOUT: Duration = Duration::from_secs(10);
const ON_TIMEOUT: &[(&str, OnTimeout)] =
    &[("wait", OnTimeout::Wait), ("hold", OnTimeout::Hold), ("fail", OnTimeout::Fail)];
const TOOLS: &[(&str, ContainerTool)] = &[
    (ContainerTool::Podman.name(), ContainerTool::Podman),
    (ContainerTool::Docker.name(), ContainerTool::Docker),
];

/// Which process is supervised, as the file has it.
#[derive(Debug, Clone)]
pub(super) enum SubjectKeys {
    /// `pid-file = false`: the one that was started, whatever a lower level says.
    Own,
    PidFile(PidFileKeys),
    Container(ContainerTool),
}

#[derive(Debug, Clone)]
pub(super) struct PidFileKeys {
    /// Where the file says so.
    span: Range<usize>,
    path: Option<Spanned<String>>,
    timeout: Duration,
    on_timeout: OnTimeout,
}

impl SubjectKeys {
    /// Reads `pid-file` and `container-id`, of which a table has at most one.
    pub(super) fn read(table: &Table<'_>, gather: &mut Gather) -> Option<Self> {
        let (pid_file, container) = (table.get("pid-file"), table.get("container-id"));
        if let (Some(pid_file), Some(container)) = (&pid_file, &container)
            && ![pid_file, container].iter().any(|entry| is_no(entry))
        {
            let mut both = [pid_file, container];
            both.sort_by_key(|entry| entry.key.start);
            gather.related(
                both[1].key.clone(),
                "a job has either `pid-file` or `container-id`",
                Some("remove one of them".to_owned()),
                vec![(both[0].key.clone(), "the other one".to_owned())],
            );
        }
        let pid_file = pid_file.and_then(|entry| PidFileKeys::read(&entry, gather));
        let container = container.and_then(|entry| container_tool(&entry, gather));
        match (pid_file, container) {
            (Some(Self::Own), Some(container)) => Some(container),
            (Some(pid_file), _) => Some(pid_file),
            (None, container) => container,
        }
    }

    /// Where a pid file is asked for without saying where it is to be: in a folder of zap's own.
    pub(super) fn own_pid_file(&self) -> Option<Range<usize>> {
        match self {
            Self::PidFile(PidFileKeys { path: None, span, .. }) => Some(span.clone()),
            Self::PidFile(PidFileKeys { path: Some(_), .. }) | Self::Own | Self::Container(_) => None,
        }
    }

    /// Which process it is, for a job of so many instances.
    pub(super) fn finish(&self, paths: &Paths<'_>, numprocs: u32, gather: &mut Gather) -> Option<Subject> {
        match self {
            Self::Own => Some(Subject::Own),
            Self::Container(tool) => Some(Subject::Container(*tool)),
            Self::PidFile(keys) => {
                let path = match &keys.path {
                    Some(text) => Some(own_path(text, paths, numprocs, gather)?),
                    None => None,
                };
                Some(Subject::PidFile(PidFile { path, timeout: keys.timeout, on_timeout: keys.on_timeout }))
            }
        }
    }
}

fn is_no(entry: &Entry<'_>) -> bool {
    matches!(entry.value.get_ref(), DeValue::Boolean(false))
}

impl PidFileKeys {
    fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<SubjectKeys> {
        let span = entry.span();
        let usual = Self { span: span.clone(), path: None, timeout: TIMEOUT, on_timeout: OnTimeout::Fail };
        let keys = match entry.value.get_ref() {
            DeValue::Boolean(false) => return Some(SubjectKeys::Own),
            DeValue::Boolean(true) => usual,
            DeValue::String(_) => Self { path: Some(entry.text(gather)?), ..usual },
            DeValue::Table(entries) => {
                let table = Table::open(entries, &keys::PID_FILE, gather);
                let timeout = table.get("timeout").and_then(|entry| entry.lasting(gather));
                let on_timeout = table.get("on-timeout").and_then(|entry| entry.choice(ON_TIMEOUT, gather));
                Self {
                    span,
                    path: table.get("path").and_then(|entry| entry.text(gather)),
                    timeout: timeout.unwrap_or(usual.timeout),
                    on_timeout: on_timeout.unwrap_or(usual.on_timeout),
                }
            }
            _ => return entry.wants("`true`, a path or a table", gather),
        };
        Some(SubjectKeys::PidFile(keys))
    }
}

/// Where the pid is written; a path that instances would share is told.
fn own_path(
    text: &Spanned<String>,
    paths: &Paths<'_>,
    numprocs: u32,
    gather: &mut Gather,
) -> Option<PathBuf> {
    let path = paths.instance_path(text, gather)?;
    if numprocs > 1 && !tells_instances_apart(&path) {
        let message = format!("{numprocs} instances cannot share one pid file");
        gather.hinted(text.span(), message, "put `$ZAP_INSTANCE` into its name");
        return None;
    }
    Some(path)
}

fn container_tool(entry: &Entry<'_>, gather: &mut Gather) -> Option<SubjectKeys> {
    match entry.value.get_ref() {
        DeValue::Boolean(false) => Some(SubjectKeys::Own),
        DeValue::Boolean(true) => {
            let hint = "write `\"podman\"` or `\"docker\"`";
            gather.hinted(entry.span(), "`container-id` names the tool that runs the container", hint);
            None
        }
        _ => entry.choice(TOOLS, gather).map(SubjectKeys::Container),
    }
}
