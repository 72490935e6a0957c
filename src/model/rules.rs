//! The rules that hold for an instance, key by key, in words: what the file says and what holds without it. Not: what follows
//! from them (`policy`, `stop`), nor what else there is to know (`closeup`).

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::config::{
    Backoff, Expected, Job, Launch, MaxRuns, OnChange, OnFail, OnTimeout, PidFile, Restart, Stream,
    StreamFile, Subject,
};
use crate::model::launch::expanded;
use crate::model::window::zone_in_words;
use crate::model::{Limit, signal, span};

/// What is the instance's own and not its job's.
pub(super) struct Own {
    /// Its number, from 1.
    pub(super) instance: u32,
    /// Where its pid has to stand, if it is to stand somewhere.
    pub(super) pid_file: Option<PathBuf>,
}

/// What it may and how it is treated: what always holds first, then what the file says beyond it.
pub(super) fn limits(job: &Job, launch: Option<&Launch>, own: &Own) -> Vec<Limit> {
    let mut limits = vec![
        limit("restart", restart(job)),
        limit("exit-codes", job.exit_codes.iter().copied().map(expected).collect::<Vec<_>>().join(", ")),
        limit("start-secs", span::in_words(job.start_secs)),
        limit("stop", stop(job)),
    ];
    let mut add = |key: &str, says: Option<String>| limits.extend(says.map(|says| limit(key, says)));
    add("restart-delay", restarts_after_an_end(job).then(|| span::in_words(job.restart_delay)));
    add("max-runs", job.max_runs.filter(|_| is_started_by_itself(job)).map(max_runs));
    add("restart-every", job.restart_every.map(span::in_words));
    add("restart-at", (!job.restart_at.is_empty()).then(|| restart_at(job)));
    add("timeout", job.timeout.map(span::in_words));
    add("schedule", (!job.schedule.is_empty()).then(|| schedule(job)));
    add("on-change", (job.on_change == OnChange::Pending).then(|| "left pending".to_owned()));
    for (key, hook) in [("before", &job.before), ("init", &job.init), ("after", &job.after)] {
        add(
            key,
            hook.as_ref().map(|hook| format!("{}, at most {}", hook.line, span::in_words(hook.timeout))),
        );
    }
    add("numprocs", (job.numprocs > 1).then(|| job.numprocs.to_string()));
    add("autostart", (!job.autostart).then(|| "no".to_owned()));
    add("interactive", job.interactive.then(|| "keys go to it as soon as its pager has them".to_owned()));
    add("history", job.history.map(|bytes| format!("{} on disk", size(bytes))));
    add("labels", (!job.labels.is_empty()).then(|| labels(job)));
    if let Some(launch) = launch {
        add("stdout", stream(&launch.stdout, own));
        add("stderr", stream(&launch.stderr, own));
        match &launch.subject {
            Subject::Own => {}
            Subject::PidFile(file) => add("pid-file", Some(pid_file(file, own))),
            Subject::Container(tool) => {
                add("container-id", Some(format!("the id that it prints, of {}", tool.name())));
            }
        }
        add("umask", launch.umask.map(|umask| format!("{umask:03o}")));
        add("user", launch.user.clone());
    }
    limits
}

fn limit(key: &str, says: String) -> Limit {
    Limit { key: key.to_owned(), says }
}

fn restart(job: &Job) -> String {
    let Backoff { first, max, factor } = job.backoff;
    let tried = || {
        let (first, max) = (span::in_words(first), span::in_words(max));
        format!(
            "a failed start {} times more, after {first}, each {factor} times longer, at most {max}",
            job.start_retries
        )
    };
    match job.restart {
        Restart::Never => "never".to_owned(),
        Restart::Unexpected => format!("after an unexpected end; {}", tried()),
        Restart::Always => format!("always; {}", tried()),
    }
}

/// Whether an end as such is followed by a start.
fn restarts_after_an_end(job: &Job) -> bool {
    match job.restart {
        Restart::Never => false,
        Restart::Unexpected | Restart::Always => true,
    }
}

/// Whether it is ever started by itself, so that there is something to count: a health check does it in any case.
fn is_started_by_itself(job: &Job) -> bool {
    restarts_after_an_end(job) || job.health.iter().any(|check| check.on_fail == OnFail::Restart)
}

fn labels(job: &Job) -> String {
    job.labels.iter().map(|label| format!("@{label}")).collect::<Vec<_>>().join(", ")
}

/// Where a stream goes, unless to the terminal of the job, as all do.
fn stream(stream: &Stream, own: &Own) -> Option<String> {
    match stream {
        Stream::Terminal => None,
        Stream::Discard => Some("discarded".to_owned()),
        Stream::File(file) => Some(stream_file(file, own)),
    }
}

/// `/var/log/web.log and its terminal, at most 10MB, 5 older kept`.
fn stream_file(file: &StreamFile, own: &Own) -> String {
    let mut says = expanded(&file.file, own.instance).display().to_string();
    if file.tee {
        says.push_str(" and its terminal");
    }
    if !file.append {
        says.push_str(", anew with each run");
    }
    if !file.tty {
        says.push_str(", through a pipe");
    }
    if file.ansi {
        says.push_str(", with escape sequences");
    }
    if let Some(max) = file.max_size {
        let _ = write!(says, ", at most {}, {} older kept", size(max), file.keep);
    }
    says
}

/// In the largest unit that has no fraction, as the file would have it: `10MB`, `64KiB`, `1500B`.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 7] = [
        (1_000_000_000_000, "TB"),
        (1 << 30, "GiB"),
        (1_000_000_000, "GB"),
        (1 << 20, "MiB"),
        (1_000_000, "MB"),
        (1 << 10, "KiB"),
        (1_000, "KB"),
    ];
    let whole = UNITS.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{bytes}B"), |(unit, name)| format!("{}{name}", bytes / unit))
}

fn pid_file(file: &PidFile, own: &Own) -> String {
    let place = own.pid_file.as_ref().map_or_else(String::new, |path| path.display().to_string());
    let late = match file.on_timeout {
        OnTimeout::Wait => "waited for on",
        OnTimeout::Hold => "held",
        OnTimeout::Fail => "a failed start",
    };
    format!("{place}; later than {}: {late}", span::in_words(file.timeout))
}

fn expected(expected: Expected) -> String {
    match expected {
        Expected::Code(code) => code.to_string(),
        Expected::Signal(number) => signal::name(number),
    }
}

fn stop(job: &Job) -> String {
    let first = match (&job.stop.command, &job.stop.keys) {
        (Some(command), _) => format!("`{}`, ", command.join(" ")),
        (None, Some(_)) => "keys, ".to_owned(),
        (None, None) => String::new(),
    };
    format!("{first}{}, KILL after {}", signal::name(job.stop.signal), span::in_words(job.stop.timeout))
}

fn max_runs(limit: MaxRuns) -> String {
    format!("{} in {}", limit.count, span::in_words(limit.within))
}

fn restart_at(job: &Job) -> String {
    let times: Vec<String> = job.restart_at.iter().map(|time| time.0.to_string()).collect();
    format!("{}{}", times.join(", "), zone_in_words(&job.zone))
}

fn schedule(job: &Job) -> String {
    let windows = job.schedule.iter().map(|window| {
        let bound = |time: Option<crate::config::TimeOfDay>, without: &str| {
            time.map_or_else(|| without.to_owned(), |time| time.0.strftime("%H:%M").to_string())
        };
        let (start, stop) = (bound(window.start, "00:00"), bound(window.stop, "24:00"));
        format!("{}{start}-{stop}{}", days(window.days), zone_in_words(&window.zone))
    });
    windows.collect::<Vec<_>>().join(", ")
}

fn days(days: crate::config::WeekDays) -> String {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    if days == crate::config::WeekDays::ALL {
        return String::new();
    }
    let named = NAMES.iter().enumerate().filter(|(index, _)| days.bits & (1 << index) != 0);
    format!("{} ", named.map(|(_, name)| *name).collect::<Vec<_>>().join(" "))
}
