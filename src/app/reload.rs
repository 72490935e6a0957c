//! The file, read again: by a verb, a signal, a key or because it changed. Not: what a change means for jobs (`model`).
//!
//! It is read beside the loop: a file on a disk that hangs holds up nothing.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;

use crate::config::{Found, LoadError, Loaded, Plan, Request, load_found};
use crate::model::{By, Event, FileProblem, Forecast};
use crate::problem::{Paint, Problem, Severity, draw_all};
use crate::sys::Watch;
use crate::wire::{Answer, Caller, Reloaded};

use super::engine::Engine;
use super::eye::Eye;
use super::message::{Control, Post};

/// Reads the file again, one reading at a time.
pub(super) struct Reload {
    request: Request,
    found: Found,
    post: Post,
    /// Why it is read, the present reading first.
    waiting: VecDeque<Purpose>,
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
}

/// The file, read again.
pub(crate) struct Reread(Result<Loaded, LoadError>);

impl Reload {
    /// The file was found in this way.
    pub(super) fn new(request: Request, found: Found, post: Post) -> Self {
        Self { request, found, post, waiting: VecDeque::new(), proposed: None, watch: None }
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

    /// The file is to be read. What comes of it is told to the loop.
    pub(super) fn read(&mut self, purpose: Purpose) {
        self.waiting.push_back(purpose);
        if self.waiting.len() == 1 {
            self.begin();
        }
    }

    /// Reads in a thread of its own, which lives as long as it reads.
    fn begin(&self) {
        let (request, found, post) = (self.request.clone(), self.found.clone(), self.post.clone());
        let path = found.file.clone();
        let read = move || post.control(Control::Reread(Box::new(Reread(load_found(&found, &request)))));
        if let Err(error) = std::thread::Builder::new().name("zap-reload".to_owned()).spawn(read) {
            let error = LoadError::Unreadable { file: path, why: crate::sys::reason(&error) };
            self.post.control(Control::Reread(Box::new(Reread(Err(error)))));
        }
    }

    /// The file was read: what it is for is done, and the next reading begins, of what may be another text by now.
    pub(super) fn reread(&mut self, Reread(read): Reread, engine: &mut Engine, eye: &mut Eye) {
        let Some(purpose) = self.waiting.pop_front() else { return };
        if !self.waiting.is_empty() {
            self.begin();
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
            (Purpose::Signal | Purpose::Agreed, Ok(loaded)) => {
                self.apply(loaded, By::User, engine, eye);
            }
            (Purpose::Changed, Ok(loaded)) => {
                self.apply(loaded, By::Reload, engine, eye);
            }
            (Purpose::Propose, Ok(loaded)) => self.propose(loaded, engine, eye),
            (Purpose::Verb(caller), Err(error)) => refuse(&caller, broken(&error, By::User, engine)),
            (Purpose::Foretell(caller), Err(error)) => refuse(&caller, error.draw(Paint::Plain)),
            (Purpose::Signal | Purpose::Propose | Purpose::Agreed, Err(error)) => {
                broken(&error, By::User, engine);
            }
            (Purpose::Changed, Err(error)) => {
                broken(&error, By::Reload, engine);
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
            None => self.read(Purpose::Agreed),
        }
    }

    /// Forgets what was proposed.
    pub(super) fn discard(&mut self) {
        self.proposed = None;
    }

    /// What the file says is in force from now on. What came of it.
    fn apply(&mut self, loaded: Loaded, by: By, engine: &mut Engine, eye: &mut Eye) -> Reloaded {
        let told = Reloaded { applied: true, ..foretold(&loaded, engine) };
        let Loaded { plan, theme, warnings: _, found: _, files } = loaded;
        let settings = plan.settings.clone();
        engine.tell(Event::Reloaded { plan: Box::new(plan), by });
        engine.log.set_level(settings.log);
        engine.journal.write_to(settings.event_log.clone());
        if let Err(error) = self.watch(settings.watch_config, files) {
            engine.complain(&format!("cannot look after the file: {}", crate::sys::reason(&error)));
        }
        eye.change(&settings, theme);
        self.proposed = None;
        told
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

/// The old plan goes on, and everybody is told. What is wrong, as it is drawn for a person.
fn broken(error: &LoadError, by: By, engine: &mut Engine) -> String {
    let problem = file_problem(error);
    let text = problem.text.clone();
    engine.tell(Event::FileBroken { problem, by });
    text
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
