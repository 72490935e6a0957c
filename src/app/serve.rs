//! Questions from outside, answered: by the model, its picture and the journal. Not: how they travel (`wire`), and not: what
//! becomes of jobs.

mod deeds;

use std::time::Duration;

use crate::model::{Target, Time, View, Wall};
use crate::wire::{Answer, Ask, Asked, Caller, NoTarget};

use super::address::{Meant, meant};
use super::engine::Engine;
use super::enquiries::Enquiries;
use super::eye::{Eye, FileWish};
use super::listeners::{Listener, Listeners};
use super::reload::{Purpose, Reload, Reread};
use super::report;
use super::waits::{Farewell, Wait};

use deeds::{Patience, command, send};

/// Where questions from outside are answered.
pub(super) struct Desk {
    reload: Reload,
    enquiries: Enquiries,
    waits: Vec<Wait>,
    listeners: Listeners,
    farewells: Vec<Farewell>,
    /// What came before the model was told anything: all answers would be of a zap that has not begun.
    early: Vec<Asked>,
    /// When zap was started.
    since: Wall,
    /// How many events the model had been told when this was last looked after.
    seen: u64,
}

/// Why a question has no answer.
enum No {
    Target(Box<NoTarget>),
    Refused(u8, String),
}

impl From<Box<NoTarget>> for No {
    fn from(word: Box<NoTarget>) -> Self {
        Self::Target(word)
    }
}

/// Whether all is said, or the end comes later.
enum Said {
    All,
    Later,
}

impl Desk {
    /// Nobody has asked.
    pub(super) fn new(reload: Reload, since: Wall) -> Self {
        let (waits, listeners, farewells) = (Vec::new(), Listeners::default(), Vec::new());
        let early = Vec::new();
        Self { reload, enquiries: Enquiries::default(), waits, listeners, farewells, early, since, seen: 0 }
    }

    /// Takes a question.
    pub(super) fn take(&mut self, asked: Asked, engine: &mut Engine) {
        if engine.is_recalling() && !matches!(asked.ask, Ask::Shutdown {}) {
            // Histories may take longer to be opened than anybody waits for a zap that does not say a word.
            asked.caller.answer(Answer::Heard {});
            self.early.push(asked);
            return;
        }
        let Asked { ask, caller } = asked;
        if ask.is_wish() && caller.is_gone() {
            // Who was told that zap is stopped or busy must not see it done after all, at some later time.
            return;
        }
        let last = match self.answer(ask, &caller, engine) {
            Ok(Said::All) => Answer::End { code: 0, text: None },
            Ok(Said::Later) => return,
            Err(No::Target(word)) => Answer::NoTarget(*word),
            Err(No::Refused(code, text)) => Answer::Refused { code, text },
        };
        caller.answer(last);
    }

    /// Answers what came too early, once it can be.
    pub(super) fn take_early(&mut self, engine: &mut Engine) {
        if !engine.is_recalling() {
            for asked in std::mem::take(&mut self.early) {
                self.take(asked, engine);
            }
        }
    }

    /// Somebody who asked is gone: nothing is kept for him any more, not even his place among those who are connected.
    pub(super) fn dismiss(&mut self, engine: &mut Engine) {
        self.waits.retain(|wait| !wait.caller.is_gone());
        self.farewells.retain(|one| !one.is_gone());
        self.reload.dismiss();
        self.listeners.dismiss(engine);
    }

    /// The file was read again.
    pub(super) fn reread(&mut self, reread: Reread, engine: &mut Engine, eye: &mut Eye) {
        self.reload.reread(reread, engine, eye);
    }

    /// A key wished something about the file.
    pub(super) fn wish(&mut self, wish: FileWish, engine: &mut Engine, eye: &mut Eye) {
        match wish {
            FileWish::Propose => self.reload.read(Purpose::Propose, engine.now().mono),
            FileWish::Apply => self.reload.apply_proposed(engine, eye),
            FileWish::Discard => self.reload.discard(),
        }
    }

    /// The file is to be read again.
    pub(super) fn reload(&mut self, purpose: Purpose, engine: &Engine) {
        self.reload.read(purpose, engine.now().mono);
    }

    fn answer(&mut self, ask: Ask, caller: &Caller, engine: &mut Engine) -> Result<Said, No> {
        match ask {
            Ask::Status { targets } => self.status(&targets, caller, engine),
            Ask::Do { deed, targets, wait, timeout_ms } => {
                let targets = understand(&targets, caller, engine)?;
                let patience = Patience::of(wait, timeout_ms);
                self.carry_out(command(deed, &targets), deed, &targets, patience, caller, engine)
            }
            Ask::RestartFailed { wait, timeout_ms } => {
                self.restart_failed(Patience::of(wait, timeout_ms), caller, engine)
            }
            Ask::Signal { signal, targets } => {
                let targets = understand(&targets, caller, engine)?;
                send(signal, targets, caller, engine)
            }
            Ask::Reload { dry_run } => Ok(self.read_file(dry_run, caller, engine)),
            Ask::Shutdown {} => Ok(self.shut_down(caller, engine)),
            Ask::Wait { targets, until, timeout_ms } => {
                let targets = understand(&targets, caller, engine)?;
                self.wait_for(&targets, until, timeout_ms.map(Duration::from_millis), caller, engine)
            }
            Ask::Why { targets } => explain(&targets, caller, engine),
            Ask::Events { follow, targets, kinds } => {
                let targets = understand(&targets, caller, engine)?;
                let listener = Listener { caller: caller.clone(), targets, kinds };
                Ok(self.listen(listener, follow, engine))
            }
        }
    }

    fn status(&mut self, words: &[String], caller: &Caller, engine: &mut Engine) -> Result<Said, No> {
        let targets = understand(words, caller, engine)?;
        self.enquiries.add(caller.clone(), targets, engine);
        Ok(Said::Later)
    }

    fn read_file(&mut self, dry_run: bool, caller: &Caller, engine: &Engine) -> Said {
        caller.answer(Answer::Heard {});
        let caller = caller.clone();
        let purpose = if dry_run { Purpose::Foretell(caller) } else { Purpose::Verb(caller) };
        self.reload(purpose, engine);
        Said::Later
    }

    fn listen(&mut self, listener: Listener, follow: bool, engine: &mut Engine) -> Said {
        listener.caller.answer(Answer::Heard {});
        let view = engine.view().clone();
        engine.journal.remembered().for_each(|entry| listener.hear(entry, &view));
        if !follow {
            return Said::All;
        }
        self.listeners.add(listener, engine);
        Said::Later
    }

    /// When somebody who waits gives up, or a reading of the file is given up.
    pub(super) fn deadline(&self) -> Option<Time> {
        let waits = self.waits.iter().filter_map(Wait::gives_up_at);
        waits.chain(self.reload.deadline()).chain(self.enquiries.deadline()).min()
    }

    /// Tells those who ask, wait and listen what is known and what has happened.
    pub(super) fn attend(&mut self, engine: &mut Engine, eye: &mut Eye) {
        self.take_early(engine);
        self.enquiries.attend(engine, eye, self.since, false);
        let now = engine.now().mono;
        self.reload.give_up(now);
        let news = std::mem::replace(&mut self.seen, engine.told) != engine.told;
        if !news && self.deadline().is_none_or(|at| at > now) {
            return;
        }
        self.listeners.tell(engine);
        if !self.waits.is_empty() {
            self.judge(engine.view(), now, false);
        }
        self.farewells.retain(|one| !one.is_gone());
        for farewell in &mut self.farewells {
            farewell.tell(engine.view());
        }
    }

    /// Everything has ended: whoever still waits is told so.
    pub(super) fn close(&mut self, engine: &mut Engine, eye: &mut Eye) {
        self.enquiries.attend(engine, eye, self.since, true);
        self.listeners.tell(engine);
        let now = engine.now().mono;
        self.judge(engine.view(), now, true);
        self.listeners.close();
        let code = u8::from(engine.finished().is_none_or(|code| code != 0));
        for farewell in self.farewells.drain(..) {
            farewell.end(code);
        }
    }

    fn judge(&mut self, view: &View, now: Time, over: bool) {
        self.waits.retain(|wait| match wait.verdict(view, now, over) {
            Some(last) => {
                wait.caller.answer(last);
                false
            }
            None => !wait.caller.is_gone(),
        });
    }
}

/// What these words mean; what should be said of that is said.
fn understand(words: &[String], caller: &Caller, engine: &mut Engine) -> Result<Vec<Target>, No> {
    let Meant { targets, notes } = meant(words, engine)?;
    for text in notes {
        caller.answer(Answer::Note { text });
    }
    Ok(targets)
}

fn explain(words: &[String], caller: &Caller, engine: &mut Engine) -> Result<Said, No> {
    let targets = understand(words, caller, engine)?;
    let now = engine.now();
    let view = engine.view();
    for link in view.meant(&targets).flat_map(|job| report::chain(job, view, now)) {
        caller.answer(Answer::Why(link));
    }
    Ok(Said::All)
}
