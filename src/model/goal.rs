//! What somebody waits for an instance to come to, and whether it still can: read off the picture. Not: making it happen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{InstanceId, InstanceView, State, View};

/// What an instance may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Goal {
    /// It is up.
    Running,
    /// Dependants may count on it.
    Ready,
    /// It ended as expected.
    Done,
    /// Nothing of it runs, and nothing will by itself.
    Stopped,
    /// What a start is for: it is ready, or it is done if it is meant to end.
    Started,
}

/// Whether an instance comes to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prospect {
    /// It has.
    Reached,
    /// It may.
    Open,
    /// Not without a person: why not.
    Never(String),
}

impl Goal {
    /// Whether this instance comes to it.
    pub fn prospect(self, job: &InstanceView, roots: &Roots<'_>) -> Prospect {
        if self.is_reached(job) {
            return Prospect::Reached;
        }
        // Who waits comes to nothing before whom it waits for; but a wait can always be ended.
        let decisive = if self == Self::Stopped { job } else { roots.of(job) };
        // Who starts something and waits for it is told that it takes too long; it goes on all the same.
        let too_long = self == Self::Started && decisive.overdue;
        if too_long || is_over(decisive) { Prospect::Never(job.why.clone()) } else { Prospect::Open }
    }

    /// What is waited for, as a fragment: `to be ready`.
    pub fn in_words(self, job: &InstanceView) -> &'static str {
        match self {
            Self::Running => "to be up",
            Self::Started if job.one_shot => "to be done",
            Self::Ready | Self::Started => "to be ready",
            Self::Done => "to be done",
            Self::Stopped => "to end",
        }
    }

    fn is_reached(self, job: &InstanceView) -> bool {
        match self {
            Self::Running => job.state == State::Running,
            Self::Ready => job.ready,
            Self::Done => job.state == State::Done,
            // What is meant to end has not come about while it runs: it may still fail.
            Self::Started => (job.ready && !job.one_shot) || job.state == State::Done,
            Self::Stopped => match job.state {
                State::Stopped | State::Done | State::Failed => true,
                State::Scheduled
                | State::Waiting
                | State::Starting
                | State::Running
                | State::Stopping
                | State::Backoff
                | State::Held => false,
            },
        }
    }
}

/// Whether only a person can bring it out of its state.
fn is_over(job: &InstanceView) -> bool {
    match job.state {
        State::Stopped => !job.wanted,
        State::Failed | State::Done | State::Held => job.next.is_none(),
        State::Waiting
        | State::Scheduled
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Backoff => false,
    }
}

/// Whom everybody waits for in the end. Looked up once for all: a thousand may wait in one chain.
#[derive(Debug)]
pub struct Roots<'v> {
    known: BTreeMap<InstanceId, Known<'v>>,
}

#[derive(Debug, Clone, Copy)]
struct Known<'v> {
    view: &'v InstanceView,
    root: Option<&'v InstanceView>,
}

impl<'v> Roots<'v> {
    /// Reads a picture.
    pub fn of_all(view: &'v View) -> Self {
        let known = view.instances().map(|view| (view.id, Known { view, root: None })).collect();
        let mut roots = Self { known };
        for job in view.instances() {
            roots.follow(job);
        }
        roots
    }

    /// An instance by its id.
    pub fn instance(&self, id: InstanceId) -> Option<&'v InstanceView> {
        self.known.get(&id).map(|known| known.view)
    }

    /// Whom it waits for in the end, through all others that wait; itself if that is nobody.
    fn of<'a>(&self, job: &'a InstanceView) -> &'a InstanceView
    where
        'v: 'a,
    {
        self.known.get(&job.id).and_then(|known| known.root).unwrap_or(job)
    }

    /// Finds the end of a chain, for all that stand in it and are not known yet.
    fn follow(&mut self, job: &'v InstanceView) {
        let (mut chain, mut last) = (Vec::new(), job);
        // `config` refuses circles; were there one, nobody would run in it for ever.
        while chain.len() <= self.known.len() {
            let Some(known) = self.known.get(&last.id) else { break };
            if let Some(root) = known.root {
                last = root;
                break;
            }
            chain.push(last.id);
            let Some(next) = last.blocked_by.and_then(|id| self.instance(id)) else { break };
            last = next;
        }
        for id in chain {
            if let Some(known) = self.known.get_mut(&id) {
                known.root = Some(last);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Now, SystemView};

    fn look(job: InstanceView) -> View {
        let (name, title) = ("dev".to_owned(), "dev".to_owned());
        let systems = vec![SystemView { name, title, description: None, jobs: vec![job] }];
        View { systems, quitting: None, problem: None }
    }

    fn job(state: State) -> InstanceView {
        InstanceView {
            id: InstanceId(0),
            address: "dev/web".to_owned(),
            name: "web".to_owned(),
            label: "web".to_owned(),
            number: 1,
            labels: Vec::new(),
            title: "web".to_owned(),
            description: None,
            state,
            ready: state == State::Running,
            wanted: true,
            interactive: false,
            one_shot: false,
            since: Now::default(),
            run: None,
            exit: None,
            restarts: 0,
            next: None,
            abroad: false,
            why: "because".to_owned(),
            blocked_by: None,
            pending_change: false,
            unwell: false,
            overdue: false,
            note: String::new(),
            lingering: 0,
            steps: Vec::new(),
        }
    }

    fn prospect(goal: Goal, job: InstanceView) -> Prospect {
        let view = look(job);
        goal.prospect(view.instances().next().expect("there is one"), &Roots::of_all(&view))
    }

    #[test]
    fn a_start_of_what_is_meant_to_end_has_come_about_when_it_is_done() {
        let one_shot = |state| InstanceView { one_shot: true, ..job(state) };
        assert_eq!(prospect(Goal::Started, one_shot(State::Running)), Prospect::Open);
        assert_eq!(prospect(Goal::Started, one_shot(State::Done)), Prospect::Reached);
        assert_eq!(prospect(Goal::Started, one_shot(State::Failed)), Prospect::Never("because".to_owned()));
        assert_eq!(prospect(Goal::Started, job(State::Running)), Prospect::Reached);
        assert_eq!(prospect(Goal::Ready, one_shot(State::Running)), Prospect::Reached);
    }

    #[test]
    fn a_start_is_waited_for_until_the_time_for_being_ready_is_over() {
        let unready = InstanceView { ready: false, ..job(State::Running) };
        assert_eq!(prospect(Goal::Started, unready.clone()), Prospect::Open);
        let overdue = InstanceView { overdue: true, ..unready };
        assert_eq!(prospect(Goal::Started, overdue.clone()), Prospect::Never("because".to_owned()));
        assert_eq!(prospect(Goal::Ready, overdue.clone()), Prospect::Open, "it may still come");
        assert_eq!(prospect(Goal::Stopped, overdue), Prospect::Open);
    }
}
