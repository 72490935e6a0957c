//! Those who wait for jobs to come to something, and those who wait for zap to end. Not: what jobs come to (`model`).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Goal, InstanceId, Prospect, Roots, Target, Time, View, in_full};
use crate::wire::{Answer, Caller, Leaving};

/// Somebody who waits for all of these to come to something.
pub(super) struct Wait {
    pub(super) caller: Caller,
    /// Who, each with its address: it may be gone when it has to be told of.
    pub(super) instances: Vec<(InstanceId, String)>,
    pub(super) until: Goal,
    /// When it is given up, and how long that is.
    pub(super) deadline: Option<(Time, Duration)>,
}

/// Who is waited for when these are to come to something: of a system those that are wanted, and not those that are meant to end
/// when all are to run.
pub(super) fn awaited(targets: &[Target], until: Goal, view: &View) -> Vec<(InstanceId, String)> {
    let mut awaited: Vec<(InstanceId, String)> = Vec::new();
    for target in targets {
        let is_system = matches!(target, Target::System(_));
        for job in view.meant(std::slice::from_ref(target)) {
            let counts = match until {
                Goal::Stopped => true,
                Goal::Running => job.wanted && !job.one_shot,
                Goal::Ready | Goal::Done | Goal::Started => job.wanted,
            };
            if (counts || !is_system) && awaited.iter().all(|(id, _)| *id != job.id) {
                awaited.push((job.id, job.address.clone()));
            }
        }
    }
    awaited
}

/// What is waited for: `waiting for dev/web to be ready`. Nothing if all is decided.
pub(super) fn outlook(instances: &[(InstanceId, String)], until: Goal, view: &View) -> Option<String> {
    let roots = Roots::of_all(view);
    let jobs = instances.iter().filter_map(|(id, _)| roots.instance(*id));
    let open: Vec<_> = jobs.filter(|job| until.prospect(job, &roots) == Prospect::Open).collect();
    let (first, others) = open.split_first()?;
    let others = if others.is_empty() { String::new() } else { format!(", and for {} more", others.len()) };
    Some(format!("waiting for {} {}{others}", first.address, until.in_words(first)))
}

impl Wait {
    /// When it is given up.
    pub(super) fn gives_up_at(&self) -> Option<Time> {
        self.deadline.map(|(at, _)| at)
    }

    /// The last answer, if it can be given by now. `over`: zap has ended, and nothing more will happen.
    pub(super) fn verdict(&self, view: &View, now: Time, over: bool) -> Option<Answer> {
        let mut open = None;
        let roots = Roots::of_all(view);
        for (id, address) in &self.instances {
            match self.prospect(*id, &roots) {
                Prospect::Reached => {}
                Prospect::Never(why) => return Some(in_vain(format!("{address}: {why}"))),
                Prospect::Open => open = open.or(Some((id, address))),
            }
        }
        let Some((id, address)) = open else { return Some(Answer::End { code: 0, text: None }) };
        if over {
            return Some(in_vain(format!("{address}: zap has ended")));
        }
        let (_, patience) = self.deadline.filter(|(at, _)| *at <= now)?;
        let (aim, why) = view
            .instance(*id)
            .map_or(("", String::new()), |job| (self.until.in_words(job), in_full(job.state, &job.why)));
        let patience = humantime::format_duration(patience);
        Some(in_vain(format!("waited {patience} in vain for {address} {aim}: it is {why}")))
    }

    fn prospect(&self, id: InstanceId, roots: &Roots<'_>) -> Prospect {
        match (roots.instance(id), self.until) {
            (Some(job), until) => until.prospect(job, roots),
            (None, Goal::Stopped) => Prospect::Reached,
            // The others are what is waited for now.
            (None, _) if self.instances.len() > 1 => Prospect::Reached,
            (None, Goal::Running | Goal::Ready | Goal::Done | Goal::Started) => {
                Prospect::Never("it is gone from the file".to_owned())
            }
        }
    }
}

fn in_vain(text: String) -> Answer {
    Answer::End { code: 1, text: Some(text) }
}

/// Somebody who waits for zap to end.
pub(super) struct Farewell {
    caller: Caller,
    /// What was told of those still alive.
    told: BTreeMap<String, String>,
}

impl Farewell {
    /// Nothing was told yet.
    pub(super) fn new(caller: Caller) -> Self {
        Self { caller, told: BTreeMap::new() }
    }

    /// Whether nobody waits any more.
    pub(super) fn is_gone(&self) -> bool {
        self.caller.is_gone()
    }

    /// Tells what has changed about those still alive.
    pub(super) fn tell(&mut self, view: &View) {
        let Some(quitting) = &view.quitting else { return };
        let alive: BTreeMap<String, String> =
            quitting.alive.iter().map(|one| (one.address.clone(), one.doing.clone())).collect();
        for (address, doing) in &alive {
            if self.told.get(address) != Some(doing) {
                self.say(address, Some(doing.clone()));
            }
        }
        for address in self.told.keys().filter(|address| !alive.contains_key(*address)) {
            self.say(address, None);
        }
        self.told = alive;
    }

    /// Nobody is alive any more.
    pub(super) fn end(self, code: u8) {
        for address in self.told.keys() {
            self.say(address, None);
        }
        self.caller.answer(Answer::End { code, text: None });
    }

    fn say(&self, address: &str, doing: Option<String>) {
        self.caller.answer(Answer::Leaving(Leaving { address: address.to_owned(), doing }));
    }
}
