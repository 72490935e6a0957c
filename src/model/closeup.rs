//! All there is to know about one instance: makes the `Details`. Not: their types (`details`), nor the picture of all (`picture`).

use crate::config::{Launch, Need, Subject, Work};
use crate::model::instance::Instance;
use crate::model::needs::Standing;
use crate::model::phase::Phase;
use crate::model::rules::{self, Own};
use crate::model::{Details, InstanceId, Link, Supervisor, VersionView, Wall, why};

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
        let own = Own {
            instance: instance.ordinal,
            pid_file: launch.as_deref().and_then(|launch| match &launch.subject {
                Subject::PidFile(file) => Some(self.ground.pid_file(instance.owner(launch), file)),
                Subject::Own | Subject::Container(_) => None,
            }),
        };
        let standings = self.graph.standings(&self.instances);
        Some(Details {
            id,
            command: launch.as_deref().map(|launch| words(&launch.work)).unwrap_or_default(),
            folder: launch.as_deref().map(|launch| launch.work_dir.display().to_string()).unwrap_or_default(),
            env: env.unwrap_or_default(),
            limits: rules::limits(&instance.job, launch.as_deref(), &own),
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
