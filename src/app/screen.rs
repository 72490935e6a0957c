//! The eye at our own terminal: what it holds, and where keys go. `frames`: when it is drawn; `suspend`: taking the terminal and
//! giving it back; `lend`: our terminal in other hands; `saving`: files and copies; `unseen`: what
//! this eye has not seen. Not: what keys mean and how things look (`ui`).

mod frames;
mod lend;
mod saving;
mod suspend;
mod unseen;

use std::collections::BTreeSet;
use std::io;

use crossterm::event::Event;
use ratatui::Terminal;

use crate::config::{Bindings, Settings, Theme};
use crate::model::{Forecast, InstanceId, Now, Time};
use crate::sys::{Key, Tty};
use crate::ui::{Request, Ui};

use super::canvas::Canvas;
use super::engine::Engine;
use super::eye::FileWish;
use super::finder::Finder;
use super::ground::Ground;
use super::message::{Control, Post, Signal};
use super::outside::{Home, Outside, Scratch};
use super::saver::Saver;
use super::searcher::Searcher;
use frames::{Due, Rush};
use lend::Holder;
use saving::{Output, Writing};
use suspend::Hands;
use unseen::Aside;

/// The eye at our own terminal.
pub(super) struct Screen {
    ui: Ui,
    /// What jobs are told of our colours.
    ground: Ground,
    tty: Tty,
    post: Post,
    /// The threads that read and write the terminal; not there while somebody else has it.
    hands: Option<Hands>,
    /// While somebody else has the terminal: when it is looked whether that is still so.
    again: Option<Time>,
    terminal: Terminal<Canvas>,
    /// A frame that the terminal was too slow for; nothing is drawn before it is taken.
    refused: Option<Vec<u8>>,
    spare: Vec<u8>,
    due: Due,
    drawn: Time,
    rush: Rush,
    /// Whose terminals are looked at.
    visible: Vec<InstanceId>,
    /// Who has output that nobody has looked at: their rows say so, and more of it changes nothing on the screen.
    unseen: BTreeSet<InstanceId>,
    /// When the errors among that are counted.
    aside: Aside,
    /// When the picture changes by itself.
    next_change: Option<Time>,
    /// When an update that a job has not finished is shown as it is.
    update_at: Option<Time>,
    /// The ui has work left to do in the background.
    busy: bool,
    /// Jobs have changed since the ui was told.
    news: bool,
    /// What keys wished about the file.
    wishes: Vec<FileWish>,
    searcher: Searcher,
    /// Who runs beside the jobs because a key asked for it.
    outside: Outside,
    holder: Holder,
    finder: Finder,
    /// Who writes a file, and what for.
    saver: Option<(Saver, Writing)>,
    /// A file for the editor that was done when the person had gone on to something else.
    ready: Option<(Output, Scratch)>,
}

impl Screen {
    /// Takes our terminal.
    pub(super) fn open(tty: Tty, ui: Ui, ground: Ground, post: Post, home: Home) -> io::Result<Self> {
        let size = tty.size();
        let terminal = Terminal::new(Canvas::new(size.rows, size.cols))?;
        tty.enter()?;
        let hands = Some(Hands::start(&tty, &post)?);
        let (searcher, finder) = (Searcher::new(post.clone()), Finder::new(post.clone()));
        let mut screen = Self {
            ui,
            ground,
            tty,
            post,
            hands,
            again: None,
            terminal,
            refused: None,
            spare: Vec::new(),
            due: Due::Now,
            drawn: Time::default(),
            rush: Rush::default(),
            visible: Vec::new(),
            unseen: BTreeSet::new(),
            aside: Aside::default(),
            next_change: None,
            update_at: None,
            busy: false,
            news: true,
            wishes: Vec::new(),
            searcher,
            outside: Outside::new(home),
            holder: Holder::Us,
            finder,
            saver: None,
            ready: None,
        };
        screen.fit(size);
        // The other screen need not be blank: somebody may have left it as it was.
        screen.redraw();
        Ok(screen)
    }

    /// Something that concerns the screen alone.
    pub(super) fn control(&mut self, message: Control, engine: &mut Engine) {
        match message {
            Control::Key(Key::Input(event)) if self.holder == Holder::Reader => self.read_on(&event, engine),
            Control::Key(Key::Input(event)) => self.input(event, engine),
            Control::Saved(saved) => self.saved(saved, engine),
            Control::Found(found) => self.found(found, engine),
            Control::Painted(_) => self.paint_refused(),
            Control::Counted(report) => self.counted(&report, engine),
            Control::Signal(Signal::Resized) => self.resized(engine),
            Control::Signal(Signal::Stop) => self.suspend(engine),
            Control::Signal(Signal::Continued) => self.continued(engine),
            Control::Key(Key::Elsewhere) => self.take(engine),
            Control::Signal(Signal::End(_) | Signal::Hup)
            | Control::Key(Key::HungUp)
            | Control::News(_)
            | Control::Answered(..)
            | Control::Unwritten { .. }
            | Control::Unkept(_)
            | Control::Archived(_)
            | Control::Asked(_)
            | Control::CallerGone
            | Control::Reread(_)
            | Control::FileChanged
            | Control::ClockSet
            | Control::Broken => {}
        }
    }

    /// An instance printed something: a frame is wanted if that can be seen.
    pub(super) fn output(&mut self, instance: InstanceId, bytes: &[u8], now: Now) {
        let looked_at = self.visible.contains(&instance);
        if looked_at {
            self.rush.bytes += bytes.len();
            self.rush.last = now.mono;
        } else {
            self.aside.printed(instance, bytes.len(), now.mono);
        }
        // A row tells of whole lines only.
        if looked_at || (bytes.contains(&b'\n') && self.unseen.insert(instance)) {
            self.due = self.due.max(Due::Soon);
        }
    }

    /// Jobs have changed.
    pub(super) fn changed(&mut self) {
        self.news = true;
        self.due = self.due.max(Due::Soon);
    }

    /// What runs use was measured.
    pub(super) fn measured(&mut self) {
        if self.ui.detailed().is_some() {
            self.due = self.due.max(Due::Soon);
        }
    }

    /// An instance is gone.
    pub(super) fn forget(&mut self, instance: InstanceId) {
        self.unseen.remove(&instance);
    }

    fn input(&mut self, event: Event, engine: &mut Engine) {
        let now = engine.now();
        let (view, outputs) = engine.scene();
        let requests = self.ui.input(event, view, &outputs.terminals, now);
        self.due = Due::Now;
        for request in requests {
            match request {
                Request::Command(command) => {
                    engine.command(command);
                    self.news = true;
                }
                Request::Reload => self.wishes.push(FileWish::Propose),
                Request::Apply => self.wishes.push(FileWish::Apply),
                Request::Discard => self.wishes.push(FileWish::Discard),
                Request::Copy(text) => self.copy(&text, engine),
                Request::Collect(extract) => self.collect(&extract, engine),
                Request::Save(save) => self.save(save, engine),
                Request::StopSaving => self.stop_saving(),
                Request::StopLooking => self.stop_looking(),
                Request::Away(away) => self.go_away(away, engine),
                Request::Suspend => self.suspend(engine),
                Request::Redraw => self.redraw(),
            }
        }
    }

    /// A person has read what a command wrote.
    fn read_on(&mut self, event: &Event, engine: &mut Engine) {
        if let Event::Key(key) = event
            && key.kind != crossterm::event::KeyEventKind::Release
        {
            self.come_back(engine);
        }
    }

    /// From now on these settings hold.
    pub(super) fn change(&mut self, settings: &Settings, theme: Theme, keys: Bindings) {
        self.ground = Ground::of(&theme, std::env::var("COLORFGBG").ok().as_deref());
        self.ui.change(theme, keys, settings.quit, settings.mouse);
        // A terminal that takes nothing is found out by whoever draws.
        let _ = self.tty.set_mouse(settings.mouse);
        self.due = Due::Now;
    }

    /// Asks whether what a reload would do is wished.
    pub(super) fn propose(&mut self, forecast: Forecast) {
        self.ui.propose(forecast);
        self.due = Due::Now;
    }

    /// What was asked about is out of date.
    pub(super) fn withdraw(&mut self) {
        self.ui.withdraw();
        self.due = Due::Now;
    }

    /// Something is wrong with zap itself.
    pub(super) fn note(&mut self, text: &str) {
        self.ui.note(text);
        self.due = Due::Now;
    }

    /// Something is wrong with zap itself, until [`Self::calm`].
    pub(super) fn warn(&mut self, text: &str) {
        self.ui.warn(text);
        self.due = Due::Now;
    }

    /// What was wrong is over.
    pub(super) fn calm(&mut self, text: &str) {
        self.ui.calm(text);
        self.due = Due::Now;
    }

    /// A reload has done this.
    pub(super) fn tell_reload(&mut self, forecast: &Forecast) {
        self.ui.tell_reload(forecast);
        self.due = Due::Now;
    }

    /// What keys wished about the file since this was last asked.
    pub(super) fn take_wishes(&mut self) -> Vec<FileWish> {
        std::mem::take(&mut self.wishes)
    }
}
