//! All there is to know about one instance: makes the `Details`. Not: their types (`details`), nor the picture of all (`picture`).

use crate::config::{Backoff, Expected, Job, Launch, MaxRuns, Need, OnChange, Restart, Work};
use crate::model::instance::Instance;
use crate::model::needs::Standing;
use crate::model::phase::Phase;
use crate::model::window::zone_in_words;
use crate::model::{Details, InstanceId, Limit, Link, Supervisor, VersionView, Wall, signal, span, why};

impl Supervisor {
    /// All there is to know about an instance; nothing if there is none of this name.
    pub fn details(&self, id: InstanceId) -> Option<Details> {
        let index = self.index_of(id)?;
        let instance = &self.instances[index];
        let launch = launch_of(instance);
        let env = launch.as_deref().map(|launch| {
            let run = instance.last.as_ref().map_or(crate::model::RunId(0), |last| last.id);
            self.ground.variables(instance.owner(launch), run)
        });
        let standings = self.graph.standings(&self.instances);
        Some(Details {
            id,
            command: launch.as_deref().map(|launch| words(&launch.work)).unwrap_or_default(),
            folder: launch.as_deref().map(|launch| launch.work_dir.display().to_string()).unwrap_or_default(),
            env: env.unwrap_or_default(),
            limits: limits(&instance.job, launch.as_deref()),
            needs: self.needs_of(index, &standings),
            needed_by: self.needed_by(index),
            versions: versions(instance),
            probes: instance.probe_views(),
            past: instance.past.iter().cloned().collect(),
        })
    }

    fn needs_of(&self, index: usize, standings: &[Standing]) -> Vec<Link> {
        let instance = &self.instances[index];
        let node = self.graph.node(index);
        let link = |(entry, need): (usize, &Need)| match need {
            Need::Job { system, job, until, .. } => {
                let known = self.graph.needs(node).iter().find(|need| need.entry == entry);
                let first = known.and_then(|need| self.graph.members(need.on).next());
                Link {
                    id: first.map(|first| self.instances[first].id),
                    text: format!("{system}/{job} {}", why::aim(*until)),
                    met: known.is_some_and(|need| standings[need.on].meets(need.until)),
                }
            }
            Need::Command { line, .. } => {
                Link { id: None, text: line.clone(), met: instance.has_passed(entry) }
            }
        };
        instance.job.needs.iter().enumerate().map(link).collect()
    }

    fn needed_by(&self, index: usize) -> Vec<Link> {
        let node = self.graph.node(index);
        let link = |&dependant: &usize| {
            let need = self.graph.needs(dependant).iter().find(|need| need.on == node)?;
            let first = &self.instances[self.graph.members(dependant).next()?];
            Some(Link {
                id: Some(first.id),
                text: format!("{}/{} needs it {}", first.system, first.job.name, why::aim(need.until)),
                met: self.instances[index].meets(need.until),
            })
        };
        self.graph.dependants(node).iter().filter_map(link).collect()
    }
}

impl Instance {
    /// Whether a command that it needs has succeeded: before its start in this wait, else before what runs.
    fn has_passed(&self, entry: usize) -> bool {
        match self.phase {
            Phase::Preparing { .. } | Phase::Starting { .. } | Phase::Running { .. } => true,
            Phase::Waiting => self.has_passed_by_now(entry),
            Phase::Stopped(_)
            | Phase::Scheduled
            | Phase::Held { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => false,
        }
    }
}

/// What it runs, or would run; else what it ran last.
fn launch_of(instance: &Instance) -> Option<std::sync::Arc<Launch>> {
    let present = instance.last.as_ref().map(|last| &last.launch);
    let live = present.filter(|_| instance.phase.live().is_some()).cloned();
    live.or_else(|| instance.calendar.offer().map(|offer| offer.launch)).or_else(|| present.cloned())
}

fn words(work: &Work) -> Vec<String> {
    match work {
        Work::Exec(argv) => argv.clone(),
        Work::Shell { shell, line } => shell.iter().chain([line]).cloned().collect(),
        Work::Steps { shell, session, steps } => {
            let opener = session.as_ref().map_or(shell, |session| &session.argv);
            let steps: Vec<&str> = steps.iter().map(|step| step.run.as_str()).collect();
            opener.iter().cloned().chain((!steps.is_empty()).then(|| steps.join(" && "))).collect()
        }
    }
}

/// In one line.
fn line(work: &Work) -> String {
    match work {
        Work::Exec(argv) => argv.join(" "),
        Work::Shell { line, .. } => line.clone(),
        Work::Steps { session, steps, .. } => {
            let session = session.iter().map(|session| session.line.as_str());
            session.chain(steps.iter().map(|step| step.run.as_str())).collect::<Vec<_>>().join(" && ")
        }
    }
}

fn versions(instance: &Instance) -> Vec<VersionView> {
    let job = &instance.job;
    if job.versions.is_empty() {
        return Vec::new();
    }
    let offer = instance.calendar.offer();
    let since = offer.as_ref().map(|offer| offer.since);
    let own = VersionView {
        apply_on: None,
        at: None,
        command: job.launch.as_ref().map(|launch| line(&launch.work)).unwrap_or_default(),
        fake: false,
        in_force: since == Some(None),
    };
    let listed = job.versions.iter().map(|version| {
        let at = Wall(version.apply_on.unix_ms);
        VersionView {
            apply_on: Some(version.apply_on.text.clone()),
            at: Some(at),
            command: line(&version.launch.work),
            fake: version.fake,
            in_force: since == Some(Some(at)),
        }
    });
    std::iter::once(own).chain(listed).collect()
}

/// What it may and how it is treated: what always holds first, then what the file says beyond it.
fn limits(job: &Job, launch: Option<&Launch>) -> Vec<Limit> {
    let mut limits = vec![
        limit("restart", restart(job)),
        limit("exit-codes", job.exit_codes.iter().copied().map(expected).collect::<Vec<_>>().join(", ")),
        limit("start-secs", span::in_words(job.start_secs)),
        limit("stop", stop(job)),
    ];
    let mut add = |key: &str, says: Option<String>| limits.extend(says.map(|says| limit(key, says)));
    add("max-runs", job.max_runs.map(max_runs));
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
    if let Some(launch) = launch {
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
