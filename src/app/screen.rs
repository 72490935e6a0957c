//! The eye at our own terminal: keys in, frames out, Ctrl-Z. `lend`: our terminal in other hands. Not: what keys mean and how things
//! look (`ui`).

mod lend;

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use crossterm::event::Event;
use ratatui::Terminal;

use crate::config::{Bindings, Settings, Theme};
use crate::model::{Command, Forecast, InstanceId, Now, Size, Time};
use crate::sys::{Key, Keys, Painter, Submitted, Suspended, Tty};
use crate::terminal::Report;
use crate::ui::{Pace, Request, Save, Ui, Wishes};

use super::canvas::Canvas;
use super::engine::Engine;
use super::eye::FileWish;
use super::finder::Finder;
use super::ground::Ground;
use super::message::{Control, Post, Signal};
use super::output::moment;
use super::outside::{Home, Outside, Scratch};
use super::saver::Saver;
use super::searcher::Searcher;
use lend::Holder;

/// Between two frames that output asks for: 60 a second. A key is answered at once.
const FRAME: Duration = Duration::from_millis(16);
/// While a job floods, nobody can read what rushes by: 25 frames a second are enough, and half of the painting is saved.
const FLOOD_FRAME: Duration = Duration::from_millis(40);
/// More than so many bytes on the screen since the last frame are a flood: a dozen screens full.
const FLOOD: usize = 128 * 1024;
/// Who looks at a flood and waits for nothing gets nothing counted before it has abated for so long: the thread that counts
/// took a quarter of all the time there was, and the errors of what is dropped or rushes by are asked for by nobody.
const ABATED: Duration = Duration::from_millis(200);
/// A flood that pauses for so long is over, and its last line is shown.
const PAUSE: Duration = Duration::from_millis(4);

/// A job that is in the middle of an update (mode 2026) for so long has perhaps died of it: what there is of it is shown.
const LONGEST_UPDATE: Duration = Duration::from_millis(200);

/// Who is woken in the background looks so much later whether it is still there, and stops again: a signal that came with the
/// one that woke it is heard first.
const SOON: Duration = Duration::from_millis(100);
/// Who cannot be stopped, or is about to end, looks so often.
const LATER: Duration = Duration::from_secs(1);

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

/// Which output is in a file: whose, and from which line on.
type Output = (InstanceId, u64);

/// What a file is written for.
enum Writing {
    /// A person named it.
    Save(Save),
    /// The editor is to open it at this line.
    Edit { file: Scratch, line: u32, what: Output },
    /// It is to be copied.
    Copy,
}

struct Hands {
    _keys: Keys,
    painter: Painter,
}

/// What came of the jobs that are looked at since the last frame.
#[derive(Default)]
struct Rush {
    bytes: usize,
    /// When the last of it came.
    last: Time,
    /// How much had come when the last frame was drawn.
    pace: Pace,
}

/// When the next frame is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// Nothing has changed.
    Never,
    /// Output came: with the next frame.
    Soon,
    /// A person waits.
    Now,
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

    /// An instance is gone.
    pub(super) fn forget(&mut self, instance: InstanceId) {
        self.unseen.remove(&instance);
    }

    /// When the next frame is due.
    pub(super) fn deadline(&self) -> Option<Time> {
        if self.again.is_some() {
            return self.again;
        }
        if self.refused.is_some() || self.hands.is_none() || self.holder != Holder::Us {
            return None;
        }
        match self.due {
            _ if self.busy => Some(Time::default()),
            Due::Now => Some(Time::default()),
            Due::Soon => Some(self.frame_at()),
            Due::Never => self.next_change,
        }
    }

    /// When the next frame that output asked for is drawn.
    fn frame_at(&self) -> Time {
        if self.rush.bytes < FLOOD {
            return self.drawn + FRAME;
        }
        (self.drawn + FLOOD_FRAME).min(self.rush.last + PAUSE).max(self.drawn + FRAME)
    }

    /// Draws if a frame is due.
    pub(super) fn show(&mut self, engine: &mut Engine) {
        let now = engine.now();
        if self.holder == Holder::Guest && engine.view().quitting.is_some() {
            self.dismiss_guest(engine);
        } else if self.holder == Holder::Reader && engine.view().quitting.is_some() {
            self.come_back(engine);
        }
        if self.again.is_some_and(|at| at <= now.mono) {
            self.ask_for_it(engine);
        }
        if self.refused.is_some() || self.hands.is_none() || self.holder != Holder::Us {
            return;
        }
        if std::mem::take(&mut self.news) {
            self.ui.observe(engine.view(), now);
        }
        if self.busy {
            let (view, outputs) = engine.scene();
            self.ui.work(view, &outputs.terminals);
            self.busy = self.ui.is_busy(view, &outputs.terminals);
            self.due = self.due.max(Due::Soon);
        }
        let wanted = match self.due {
            Due::Now => true,
            Due::Soon => now.mono >= self.frame_at(),
            Due::Never => self.next_change.is_some_and(|at| at <= now.mono),
        };
        if wanted && !self.tty.in_foreground() {
            // We were stopped, and go on behind the back of the shell; nobody has told us yet.
            self.take(engine);
        } else if wanted {
            self.look(engine);
            self.draw(engine);
        }
    }

    /// The jobs that are looked at get the size of their pane.
    fn look(&mut self, engine: &mut Engine) {
        let before = std::mem::take(&mut self.visible);
        self.update_at = None;
        engine.outputs.lie_on(self.ground);
        let now = engine.now();
        for (instance, size) in self.ui.visible(engine.view()) {
            self.visible.push(instance);
            self.unseen.remove(&instance);
            let fits = engine.outputs.terminals.get(&instance).map(crate::terminal::Terminal::size);
            if fits != Some((size.rows, size.cols)) {
                engine.command(Command::Resize { instance, size });
            }
            if let Some(terminal) = engine.outputs.terminals.get_mut(&instance) {
                terminal.refresh();
                let due = update_due(terminal, now);
                self.update_at = self.update_at.into_iter().chain(due).min();
            }
        }
        for instance in self.ui.overheard(engine.view()) {
            self.visible.push(instance);
            self.unseen.remove(&instance);
        }
        for instance in before.iter().filter(|instance| !self.visible.contains(instance)) {
            // Nobody looks any more.
            engine.outputs.terminals.get_mut(instance).into_iter().for_each(crate::terminal::Terminal::rest);
        }
    }

    fn draw(&mut self, engine: &mut Engine) {
        let now = engine.now();
        let details = self.ui.detailed().and_then(|id| engine.supervisor.details(id));
        self.ui.tell_details(details);
        let (view, outputs) = engine.scene();
        let ui = &mut self.ui;
        let drawn = self.terminal.draw(|frame| ui.draw(frame, view, &outputs.terminals, now));
        drawn.expect("a canvas in memory takes everything");
        self.grant(self.ui.wishes(&outputs.terminals));
        self.drawn = now.mono;
        let flooded = std::mem::take(&mut self.rush.bytes) >= FLOOD;
        self.rush.pace = if flooded { Pace::Flood } else { Pace::Calm };
        self.due = Due::Never;
        let abated = flooded.then(|| now.mono + ABATED);
        self.next_change =
            self.ui.next_change(view, now).into_iter().chain(self.update_at).chain(abated).min();
        self.busy = self.ui.is_busy(view, &outputs.terminals);
        let frame = self.terminal.backend_mut().take(std::mem::take(&mut self.spare));
        self.submit(frame);
        self.hand_out(engine);
    }

    /// Lines were counted elsewhere: what is told of them is shown with the next frame.
    fn counted(&mut self, report: &Report, engine: &mut Engine) {
        let (view, outputs) = engine.scene();
        self.ui.report(report, view, &outputs.terminals);
        self.due = self.due.max(Due::Soon);
        self.hand_out(engine);
    }

    /// Lets others count what the ui wants to know.
    fn hand_out(&mut self, engine: &mut Engine) {
        let (view, outputs) = engine.scene();
        for errand in self.ui.errands(view, &outputs.terminals, self.rush.pace) {
            if let Err(error) = self.searcher.run(errand) {
                self.ui.note(format!("nothing can be counted: {error}"));
            }
        }
    }

    /// What the job that has the keys wants of our terminal. What nobody moves or clicks in is not asked for.
    fn grant(&mut self, wishes: Wishes) {
        let wishes = Wishes { moves: wishes.moves && self.tty.tells_mouse(), ..wishes };
        if wishes.cursor != vt100::CursorStyle::Default {
            self.tty.reshapes_cursor();
        }
        self.terminal.backend_mut().grant(wishes, self.tty.tells_mouse());
    }

    fn submit(&mut self, frame: Vec<u8>) {
        let Some(hands) = &self.hands else { return };
        if frame.is_empty() {
            self.spare = frame;
            return;
        }
        match hands.painter.submit(frame) {
            Submitted::Taken(spare) => self.spare = spare,
            Submitted::Busy(frame) => self.refused = Some(frame),
        }
    }

    /// The terminal has caught up.
    fn paint_refused(&mut self) {
        if let Some(frame) = self.refused.take() {
            self.submit(frame);
        }
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

    fn resized(&mut self, engine: &mut Engine) {
        let size = self.tty.size();
        self.fit(size);
        self.input(Event::Resize(size.cols, size.rows), engine);
    }

    fn fit(&mut self, size: Size) {
        self.terminal.backend_mut().resize(size.rows, size.cols);
    }

    /// Draws every cell anew: something else may have written to the terminal.
    fn redraw(&mut self) {
        self.terminal.backend_mut().forget();
        self.terminal.clear().expect("a canvas in memory takes everything");
        self.due = Due::Now;
    }

    /// Stops zap, not the jobs, and goes on when the shell says so. Deadlines stand still meanwhile.
    fn suspend(&mut self, engine: &mut Engine) {
        self.hands = None;
        if self.stop(engine, Tty::suspend) == Some(Suspended::NobodyCouldContinue) {
            self.ui.note("nobody could continue zap here: Ctrl-Z does nothing");
        }
        self.take(engine);
    }

    /// Asks the shell for the terminal, which is its own way to stop; or looks again whether we have it.
    fn ask_for_it(&mut self, engine: &mut Engine) {
        let ends = engine.view().quitting.is_some();
        if ends || self.tty.in_foreground() {
            return self.take(engine);
        }
        let outcome = self.stop(engine, Tty::ask_for_it);
        self.take(engine);
        if outcome != Some(Suspended::Continued) && self.again.is_some() {
            self.again = Some(engine.now().mono + LATER);
        }
    }

    /// Stops zap in one way or another; deadlines stand still meanwhile.
    fn stop(
        &mut self,
        engine: &mut Engine,
        how: impl Fn(&Tty) -> io::Result<Suspended>,
    ) -> Option<Suspended> {
        let before = engine.now().mono;
        let outcome = how(&self.tty);
        engine.skip(engine.now().mono.since(before));
        outcome.inspect_err(|error| self.ui.note(format!("zap cannot be stopped: {error}"))).ok()
    }

    /// Somebody stopped zap and let it go on; what the shell did with the terminal meanwhile is its own affair.
    fn continued(&mut self, engine: &mut Engine) {
        if self.holder == Holder::Guest {
            return self.keep_away();
        }
        if self.hands.is_some() && self.tty.is_kept() {
            self.redraw();
        } else {
            self.take(engine);
        }
    }

    /// Takes the terminal, whoever had it before; in the background we stay away from it until it is ours.
    fn take(&mut self, engine: &mut Engine) {
        // What a thread told before it ended may come late.
        if self.holder == Holder::Guest {
            return;
        }
        self.holder = Holder::Us;
        self.hands = None;
        self.refused = None;
        if !self.tty.is_kept() {
            self.tty.forgo();
        }
        if !self.tty.in_foreground() {
            let patience = if engine.view().quitting.is_some() { LATER } else { SOON };
            self.again = Some(engine.now().mono + patience);
            return;
        }
        self.again = None;
        match self.tty.enter().and_then(|()| Hands::start(&self.tty, &self.post)) {
            Ok(hands) => {
                self.hands = Some(hands);
                self.terminal.backend_mut().taken_anew();
            }
            // A screen that can neither be read nor written is as good as gone.
            Err(error) => self.post.control(Control::Painted(Err(error))),
        }
        self.resized(engine);
        self.redraw();
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

    /// Gives the terminal back at once, whatever was still to be drawn.
    pub(super) fn close(&mut self) {
        self.hands = None;
        self.give_back();
    }

    /// Shows the last frame and gives the terminal back.
    pub(super) fn farewell(&mut self, patience: Duration) {
        if let Some(hands) = self.hands.take() {
            hands.painter.drain(patience);
        }
        self.give_back();
    }

    /// Also from a guest, who was killed.
    fn give_back(&self) {
        if self.holder != Holder::Us {
            // It is as it was before zap, as far as that can be done.
            let _ = self.tty.regain();
        }
        self.tty.leave();
    }
}

/// Shows an update that takes too long as it is; else tells when it will have taken too long.
fn update_due(terminal: &mut crate::terminal::Terminal, now: Now) -> Option<Time> {
    let taken = moment(now.wall).0 - terminal.held_since()?.0;
    let limit = LONGEST_UPDATE.as_millis() as i64;
    // A clock that was set back is no reason to wait.
    if (0..limit).contains(&taken) {
        return Some(now.mono + Duration::from_millis((limit - taken) as u64));
    }
    terminal.show_update();
    None
}

impl Hands {
    fn start(tty: &Tty, post: &Post) -> io::Result<Self> {
        let (typed, painted) = (post.clone(), post.clone());
        let keys = Keys::start(tty, move |key| typed.control(Control::Key(key)))?;
        let painter = Painter::start(tty, move |result| painted.control(Control::Painted(result)))?;
        Ok(Self { _keys: keys, painter })
    }
}
