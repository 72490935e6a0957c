//! Those who are told what happens, while it happens. Not: what is remembered of it (`journal`).

use crate::model::{Target, View};
use crate::wire::{Answer, Caller, Entry, Kind};

use super::address::covers;
use super::engine::Engine;

/// All who listen; the journal gathers news for as long as somebody does.
#[derive(Default)]
pub(super) struct Listeners(Vec<Listener>);

/// Somebody who is told what happens.
pub(super) struct Listener {
    pub(super) caller: Caller,
    /// Of whom; all if there are none.
    pub(super) targets: Vec<Target>,
    /// Which kinds; all if there are none.
    pub(super) kinds: Vec<Kind>,
}

impl Listeners {
    /// One more, who knows by now what is remembered.
    pub(super) fn add(&mut self, listener: Listener, engine: &mut Engine) {
        // What the others have not been told yet is among what was remembered.
        self.tell(engine);
        self.0.push(listener);
        engine.journal.gather(true);
    }

    /// Tells them what is new.
    pub(super) fn tell(&mut self, engine: &mut Engine) {
        if self.0.is_empty() {
            return;
        }
        let news = engine.journal.take_news();
        let view = engine.view();
        for entry in &news {
            self.0.iter().for_each(|listener| listener.hear(entry, view));
        }
        self.dismiss(engine);
    }

    /// Forgets those who are gone.
    pub(super) fn dismiss(&mut self, engine: &mut Engine) {
        self.0.retain(|listener| !listener.caller.is_gone());
        if self.0.is_empty() {
            engine.journal.gather(false);
        }
    }

    /// Nothing will happen any more.
    pub(super) fn close(&mut self) {
        for listener in self.0.drain(..) {
            listener.caller.answer(Answer::End { code: 0, text: None });
        }
    }
}

impl Listener {
    /// Is told of this, if it is of what he asked for.
    pub(super) fn hear(&self, entry: &Entry, view: &View) {
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&entry.kind);
        if is_kind && covers(&self.targets, &entry.address, view) {
            self.caller.answer(Answer::Event(Box::new(entry.clone())));
        }
    }
}
