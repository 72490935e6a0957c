//! The file, read again: by a verb, a signal, a key or because it changed. Not: what a change means for jobs (`model`).
//!
//! It is read beside the loop: a file on a disk that hangs holds up nothing.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::{Found, LoadError, Loaded, Plan, Request, Unloaded, load_found};
use crate::model::{By, Event, FileProblem, Forecast, Time};
use crate::problem::{Paint, Problem, Severity, draw_all};
use crate::sys::Watch;
use crate::wire::{Answer, Caller, Reloaded};

use super::engine::Engine;
use super::eye::Eye;
use super::histories::Opener;
use super::message::{Control, Post};

/// A file that was not read within so long stands on a disk that hangs. Far beyond what a slow one takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Histories that are not open within so long are on a disk that hangs; the file need not wait for that.
const HISTORIES: Duration = Duration::from_secs(10);
/// A reading that hangs keeps its thread. With so many of them no further one is begun.
const HANGING: usize = 4;

/// Reads the file again, one reading at a time.
pub(super) struct Reload {
    request: Request,
    found: Found,
    post: Post,
    /// Opens the histories of jobs that come.
    opener: Option<Opener>,
    /// Why it is read, the present reading first.
    waiting: VecDeque<Purpose>,
    /// The number of the present reading, or of the last one.
    number: u64,
    /// When the present reading is given up.
    until: Option<Time>,
    /// How many readings were given up and have not ended.
    hanging: usize,
    /// What somebody is being asked about.
    proposed: Option<Loaded>,
    /// Looks after these files, if that is wished.
    watch: Option<(Watch, Vec<PathBuf>)>,
}

/// Why the file is read again.
pub(super) enum Purpose {
    /// Somebody asked for it by a verb.
    Verb(Caller),
    /// Somebody wants to know what would happen.
    Foretell(Caller),
    /// A signal.
    Signal,
    /// It has changed.
    Changed,
    /// A key: somebody is asked first.
    Propose,
    /// Somebody was asked and agreed, but what he agreed to is out of date.
    Agreed,
    /// Who asked for it has left.
    Nobody,
}

/// The file, read again.
pub(crate) struct Reread {
    /// By which reading.
    number: u64,
    read: Result<Loaded, Unloaded>,
}

impl Reload {
    /// The file was found in this way. The histories of what it asks for are opened while it is read, if there are histories.
    pub(super) fn new(request: Request, found: Found, post: Post, opener: Option<Opener>) -> Self {
        let (waiting, proposed, watch) = (VecDeque::new(), None, None);
        Self { request, found, post, opener, waiting, number: 0, until: None, hanging: 0, proposed, watch }
    }

    /// Looks after these files from now on, if that is wished.
    pub(super) fn watch(&mut self, wished: bool, files: Vec<PathBuf>) -> io::Result<()> {
        if !wished {
            self.watch = None;
        } else if self.watch.as_ref().is_none_or(|(_, watched)| *watched != files) {
            let post = self.post.clone();
            let watch = Watch::start(&files, move || post.control(Control::FileChanged))?;
            self.watch = Some((watch, files));
        }
        Ok(())
    }

    /// Somebody who asked is gone: what he wished is not done any more.
    pub(super) fn dismiss(&mut self) {
        for purpose in &mut self.waiting {
            if let Purpose::Verb(caller) | Purpose::Foretell(caller) = purpose
                && caller.is_gone()
            {
                *purpose = Purpose::Nobody;
            }
        }
    }

    /// The file is to be read. What comes of it is told to the loop.
    pub(super) fn read(&mut self, purpose: Purpose, now: Time) {
        self.waiting.push_back(purpose);
        if self.waiting.len() == 1 {
            self.begin(now);
        }
    }

    /// Reads in a thread of its own, which lives as long as it reads.
    fn begin(&mut self, now: Time) {
        self.number += 1;
        self.until = Some(now + PATIENCE);
        if self.hanging >= HANGING {
            self.fail("earlier readings of it hang still".to_owned());
            return;
        }
        let (request, found, post) = (self.request.clone(), self.found.clone(), self.post.clone());
        let (number, opener) = (self.number, self.opener.clone());
        let read = move || {
            let read = load_found(&found, &request);
            if let (Ok(loaded), Some(opener)) = (&read, opener) {
                // Whoever begins before his is open is kept in memory, and that is told.
                let _ = opener.open(&loaded.plan, HISTORIES);
            }
            post.control(Control::Reread(Box::new(Reread { number, read })));
        };
        if let Err(error) = std::thread::Builder::new().name("zap-reload".to_owned()).spawn(read) {
            self.fail(crate::sys::reason(&error));
        }
    }

    /// The present reading comes to nothing.
    fn fail(&self, why: String) {
        let error = LoadError::Unreadable { file: self.found.file.clone(), why };
        let read = Err(Unloaded { error, files: Vec::new() });
        self.post.control(Control::Reread(Box::new(Reread { number: self.number, read })));
    }

    /// When the present reading is given up.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.until
    }

    /// Gives the present reading up if it has taken too long. Whatever it comes to is not wanted any more: nobody shall be
    /// surprised by it at some later time, and the next one need not wait for it.
    pub(super) fn give_up(&mut self, now: Time) {
        if self.until.take_if(|until| *until <= now).is_some() {
            self.hanging += 1;
            self.fail(format!("nothing came of it within {}", humantime::format_duration(PATIENCE)));
        }
    }

    /// The file was read: what it is for is done, and the next reading begins, of what may be another text by now.
    pub(super) fn reread(&mut self, reread: Reread, engine: &mut Engine, eye: &mut Eye) {
        let Reread { number, read } = reread;
        let purpose = if number == self.number { self.waiting.pop_front() } else { None };
        let Some(purpose) = purpose else {
            // It was given up, and has ended after all.
            self.hanging = self.hanging.saturating_sub(1);
            return;
        };
        self.until = None;
        if !self.waiting.is_empty() {
            self.begin(engine.now().mono);
        }
        if engine.view().quitting.is_some() {
            if let Purpose::Verb(caller) | Purpose::Foretell(caller) = purpose {
                let text = "zap is about to end: nothing is changed any more".to_owned();
                caller.answer(Answer::Refused { code: 1, text });
            }
            return;
        }
        match (purpose, read) {
            (Purpose::Verb(caller), Ok(loaded)) => tell(&caller, self.apply(loaded, By::User, engine, eye)),
            (Purpose::Foretell(caller), Ok(loaded)) => tell(&caller, foretold(&loaded, engine)),
            (Purpose::Nobody, Ok(_) | Err(_)) => {}
            (Purpose::Signal | Purpose::Agreed, Ok(loaded)) => {
                self.apply(loaded, By::User, engine, eye);
            }
            (Purpose::Changed, Ok(loaded)) => {
                self.apply(loaded, By::Reload, engine, eye);
            }
            (Purpose::Propose, Ok(loaded)) => self.propose(loaded, engine, eye),
            (Purpose::Verb(caller), Err(unloaded)) => {
                refuse(&caller, self.broken(unloaded, By::User, engine, eye));
            }
            (Purpose::Foretell(caller), Err(unloaded)) => refuse(&caller, unloaded.error.draw(Paint::Plain)),
            (Purpose::Signal | Purpose::Propose | Purpose::Agreed, Err(unloaded)) => {
                self.broken(unloaded, By::User, engine, eye);
            }
            (Purpose::Changed, Err(unloaded)) => {
                self.broken(unloaded, By::Reload, engine, eye);
            }
        }
    }

    /// Asks whether this is wished. Nobody is asked about nothing; but a file that was broken no longer is, and its theme may be
    /// another one.
    fn propose(&mut self, loaded: Loaded, engine: &mut Engine, eye: &mut Eye) {
        let forecast = forecast(engine, &loaded.plan);
        if forecast.is_empty() {
            self.apply(loaded, By::User, engine, eye);
        } else {
            self.proposed = Some(loaded);
        }
        eye.propose(forecast);
    }

    /// Does what was proposed; if that is out of date, what the file says now.
    pub(super) fn apply_proposed(&mut self, engine: &mut Engine, eye: &mut Eye) {
        match self.proposed.take() {
            Some(loaded) => {
                self.apply(loaded, By::User, engine, eye);
            }
            None => self.read(Purpose::Agreed, engine.now().mono),
        }
    }

    /// Forgets what was proposed.
    pub(super) fn discard(&mut self) {
        self.proposed = None;
    }

    /// What the file says is in force from now on. What came of it.
    fn apply(&mut self, loaded: Loaded, by: By, engine: &mut Engine, eye: &mut Eye) -> Reloaded {
        let told = Reloaded { applied: true, ..foretold(&loaded, engine) };
        let Loaded { plan, theme, keys, warnings: _, found: _, files } = loaded;
        let settings = plan.settings.clone();
        engine.take_over(plan, by);
        engine.log.set_level(settings.log);
        engine.journal.write_to(settings.event_log.clone());
        if let Err(error) = self.watch(settings.watch_config, files) {
            engine.complain(&format!("cannot look after the file: {}", crate::sys::reason(&error)));
        }
        eye.change(&settings, theme, keys);
        eye.tell_reload(&told.forecast);
        self.proposed = None;
        told
    }

    /// The old plan goes on, and everybody is told; nobody is asked any more about a file that was. What is wrong, as it is drawn
    /// for a person.
    fn broken(&mut self, unloaded: Unloaded, by: By, engine: &mut Engine, eye: &mut Eye) -> String {
        let problem = file_problem(&unloaded.error);
        let text = problem.text.clone();
        engine.tell(Event::FileBroken { problem, by });
        if self.proposed.take().is_some() {
            eye.withdraw();
        }
        self.watch_too(unloaded.files, engine);
        text
    }

    /// Looks after these files besides: the fault may be in one that the plan in force does not name.
    fn watch_too(&mut self, more: Vec<PathBuf>, engine: &mut Engine) {
        let Some((_, watched)) = &self.watch else { return };
        let mut files = watched.clone();
        files.extend(more.into_iter().filter(|file| !watched.contains(file)));
        if let Err(error) = self.watch(true, files) {
            engine.complain(&format!("cannot look after the file: {}", crate::sys::reason(&error)));
        }
    }
}

fn tell(caller: &Caller, reloaded: Reloaded) {
    caller.answer(Answer::Reload(Box::new(reloaded)));
    caller.answer(Answer::End { code: 0, text: None });
}

/// A bad file is wrong usage (`interface.md`).
fn refuse(caller: &Caller, text: String) {
    caller.answer(Answer::Refused { code: 2, text });
}

/// What it would do.
fn foretold(loaded: &Loaded, engine: &Engine) -> Reloaded {
    let warnings = draw_all(&loaded.warnings, Paint::Plain);
    Reloaded { applied: false, forecast: forecast(engine, &loaded.plan), warnings }
}

/// What this plan would change.
fn forecast(engine: &Engine, plan: &Plan) -> Forecast {
    engine.supervisor.forecast(engine.now(), plan)
}

fn file_problem(error: &LoadError) -> FileProblem {
    let text = error.draw(Paint::Plain);
    match error {
        LoadError::Problems(problems) => {
            let is_error = |problem: &&Problem| problem.severity == Severity::Error;
            let first = problems.iter().find(is_error).or(problems.first());
            let more = problems.iter().filter(is_error).count().saturating_sub(1) as u32;
            let (first, place) = first.map_or_else(Default::default, |problem| {
                let place = problem.place();
                let at = format!("{}:{}:{}", problem.source.name, place.line, place.column);
                (problem.without_place(), at)
            });
            FileProblem { first, place, more, text }
        }
        LoadError::Unreadable { file, why } | LoadError::NotTrusted { file, why } => {
            FileProblem { first: why.clone(), place: file.display().to_string(), more: 0, text }
        }
        LoadError::NotFound { folder, .. } => FileProblem {
            first: "no systems.toml".to_owned(),
            place: folder.display().to_string(),
            more: 0,
            text,
        },
    }
}
