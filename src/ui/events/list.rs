//! The events as they were told, about whom they are listed, and which of them is selected. Not: where they are kept (`app`).

use std::collections::VecDeque;

use crate::model::{Happening, InstanceId, View};
use crate::terminal::Pattern;
use crate::ui::Ui;
use crate::ui::eye::{Over, instance};
use crate::ui::page::Page;
use crate::ui::prompt::{Prompt, Purpose};

/// While the list is open no more than these are held: the oldest give way.
const HELD: usize = 10_000;

/// The list.
#[derive(Debug)]
pub(in crate::ui) struct Events {
    /// About whom, one after the other, and which of these now.
    scopes: Vec<Scope>,
    scope: usize,
    told: VecDeque<Happening>,
    /// How many there have been since zap began: the last one told has this number.
    heard: u64,
    /// The number of the selected one; nothing while the newest is selected, whichever that is.
    pub(super) chosen: Option<u64>,
    /// What is sought.
    pub(super) sought: Option<Pattern>,
    /// What was selected and sought before a search was typed.
    pub(super) before: (Option<u64>, Option<Pattern>),
    /// How far the list is scrolled.
    pub(super) page: Page,
}

/// About whom events are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// About a job.
    Job {
        /// Which.
        id: InstanceId,
        /// Its address.
        address: String,
        /// The name of its system.
        system: String,
    },
    /// About a system and its jobs.
    System(String),
    /// About everything.
    All,
}

/// An event with its number.
pub(super) type Numbered<'e> = (u64, &'e Happening);

impl Events {
    /// A list that begins with one of several scopes; nothing has been told to it.
    pub(super) fn new(scopes: Vec<Scope>, scope: usize) -> Self {
        let (told, page) = (VecDeque::new(), Page::default());
        Self { scopes, scope, told, heard: 0, chosen: None, sought: None, before: (None, None), page }
    }

    /// Whether what it is about is still there.
    pub(in crate::ui) fn is_there(&self, view: &View) -> bool {
        self.scopes.iter().all(|scope| match scope {
            Scope::Job { id, .. } => instance(view, *id).is_some(),
            Scope::System(name) => view.systems.iter().any(|system| system.name == *name),
            Scope::All => true,
        })
    }

    /// About whom it is now.
    pub(super) fn scope(&self) -> &Scope {
        &self.scopes[self.scope]
    }

    /// About the next one.
    pub(super) fn widen(&mut self) {
        self.scope = (self.scope + 1) % self.scopes.len();
    }

    /// The events about whom it is, the oldest first.
    pub(super) fn rows(&self) -> Vec<Numbered<'_>> {
        let first = self.heard - self.told.len() as u64;
        let scope = self.scope();
        (first..).zip(&self.told).filter(|(_, event)| scope.covers(event)).collect()
    }

    /// Whether the newest is selected, whichever that is.
    pub(super) fn follows(&self) -> bool {
        self.chosen.is_none()
    }

    /// The row of the selected event; 0 if there is none.
    pub(super) fn index(&self, rows: &[Numbered<'_>]) -> usize {
        let last = rows.len().saturating_sub(1);
        let chosen = self.chosen.map(|chosen| rows.partition_point(|(number, _)| *number < chosen));
        chosen.unwrap_or(last).min(last)
    }

    /// Takes what happened since it was last told; all in all there have been `heard`.
    fn tell(&mut self, news: Vec<Happening>, heard: u64) {
        if self.heard + news.len() as u64 != heard {
            // Some were not kept for it: numbers have no gaps.
            self.told.clear();
        }
        self.told.extend(news);
        self.heard = heard;
        let gone = self.told.len().saturating_sub(HELD);
        self.told.drain(..gone);
    }
}

impl Scope {
    /// What it is called in the title.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Job { address, .. } => address,
            Self::System(name) => name,
            Self::All => "all",
        }
    }

    /// How an address is told beside an event; nothing where all are about the same.
    pub(super) fn who<'e>(&self, event: &'e Happening) -> Option<&'e str> {
        match self {
            Self::Job { .. } => None,
            Self::System(name) => Some(within(&event.address, name).unwrap_or(&event.address)),
            Self::All => Some(&event.address),
        }
    }

    /// Whether an event is about it; a wish is about whom it names.
    fn covers(&self, event: &Happening) -> bool {
        let names = |is: &dyn Fn(&str) -> bool| event.kind == "command" && event.text.split(' ').any(is);
        match self {
            Self::Job { id, address, system } => {
                let job = address.split('#').next().unwrap_or(address);
                event.instance == Some(*id)
                    || event.address == *address
                    || names(&|word| word == address || word == job || word == system)
            }
            Self::System(name) => {
                let is = |address: &str| address == name || within(address, name).is_some();
                is(&event.address) || names(&is)
            }
            Self::All => true,
        }
    }
}

/// The rest of an address behind its system.
fn within<'a>(address: &'a str, system: &str) -> Option<&'a str> {
    address.strip_prefix(system)?.strip_prefix('/')
}

impl Ui {
    /// How many events were told to the list, while one is open: what happened since is to be told before the next frame.
    pub fn events_heard(&self) -> Option<u64> {
        match &self.over {
            Over::Events(events) => Some(events.heard),
            Over::Prompt(Prompt { purpose: Purpose::Events(events), .. }) => Some(events.heard),
            Over::Nothing
            | Over::Help(_)
            | Over::Ask
            | Over::Overwrite(_)
            | Over::Prompt(_)
            | Over::Interactive(_)
            | Over::Why(_)
            | Over::Details(_)
            | Over::Reload(_)
            | Over::Problem(_)
            | Over::Palette(_)
            | Over::Everywhere(_)
            | Over::Instant(_) => None,
        }
    }

    /// Tells what [`events_heard`](Self::events_heard) asks for; `heard` is how many there have been in all.
    pub fn tell_events(&mut self, news: Vec<Happening>, heard: u64) {
        match &mut self.over {
            Over::Events(events) => events.tell(news, heard),
            Over::Prompt(Prompt { purpose: Purpose::Events(events), .. }) => events.tell(news, heard),
            _ => {}
        }
    }
}
