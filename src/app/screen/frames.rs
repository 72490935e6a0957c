//! When a frame is drawn, and how it comes to the terminal: at once for a key, at a steady pace for output, less often in a flood.
//! Not: what is in it (`ui`), and the cells that changed (`canvas`).

use std::time::Duration;

use crossterm::event::Event;

use crate::app::engine::Engine;
use crate::app::output::moment;
use crate::app::resting::rest_others;
use crate::model::{Command, Now, Size, Time};
use crate::sys::Submitted;
use crate::terminal::{Report, Terminal};
use crate::ui::{Pace, Wishes};

use super::Screen;
use super::lend::Holder;

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

/// What came of the jobs that are looked at since the last frame.
#[derive(Default)]
pub(super) struct Rush {
    pub(super) bytes: usize,
    /// When the last of it came.
    pub(super) last: Time,
    /// How much had come when the last frame was drawn.
    pub(super) pace: Pace,
}

/// When the next frame is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// Nothing has changed.
    Never,
    /// Output came: with the next frame.
    Soon,
    /// A person waits.
    Now,
}

impl Screen {
    /// When the next frame is due.
    pub(in crate::app) fn deadline(&self) -> Option<Time> {
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

    /// Draws if a frame is due.
    pub(in crate::app) fn show(&mut self, engine: &mut Engine) {
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

    /// When the next frame that output asked for is drawn.
    fn frame_at(&self) -> Time {
        if self.rush.bytes < FLOOD {
            return self.drawn + FRAME;
        }
        (self.drawn + FLOOD_FRAME).min(self.rush.last + PAUSE).max(self.drawn + FRAME)
    }

    /// The jobs that are looked at get the size of their pane.
    pub(super) fn look(&mut self, engine: &mut Engine) {
        let before = std::mem::take(&mut self.visible);
        self.update_at = None;
        engine.outputs.lie_on(self.ground);
        let now = engine.now();
        for (instance, size) in self.ui.visible(engine.view()) {
            self.visible.push(instance);
            self.unseen.remove(&instance);
            let fits = engine.outputs.terminals.get(&instance).map(Terminal::size);
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
        rest_others(&mut engine.outputs.terminals, &before, &self.visible);
    }

    fn draw(&mut self, engine: &mut Engine) {
        let now = engine.now();
        let details = self.ui.detailed().and_then(|id| engine.supervisor.details(id));
        self.ui.tell_details(details);
        if let Some(heard) = self.ui.events_heard() {
            let (news, heard) = engine.journal.since(heard);
            self.ui.tell_events(news, heard);
        }
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
    pub(super) fn counted(&mut self, report: &Report, engine: &mut Engine) {
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
    pub(super) fn paint_refused(&mut self) {
        if let Some(frame) = self.refused.take() {
            self.submit(frame);
        }
    }

    pub(super) fn resized(&mut self, engine: &mut Engine) {
        let size = self.tty.size();
        self.fit(size);
        self.input(Event::Resize(size.cols, size.rows), engine);
    }

    pub(super) fn fit(&mut self, size: Size) {
        self.terminal.backend_mut().resize(size.rows, size.cols);
    }

    /// Draws every cell anew: something else may have written to the terminal.
    pub(super) fn redraw(&mut self) {
        self.terminal.backend_mut().forget();
        self.terminal.clear().expect("a canvas in memory takes everything");
        self.due = Due::Now;
    }
}

/// Shows an update that takes too long as it is; else tells when it will have taken too long.
fn update_due(terminal: &mut Terminal, now: Now) -> Option<Time> {
    let taken = moment(now.wall).0 - terminal.held_since()?.0;
    let limit = LONGEST_UPDATE.as_millis() as i64;
    // A clock that was set back is no reason to wait.
    if (0..limit).contains(&taken) {
        return Some(now.mono + Duration::from_millis((limit - taken) as u64));
    }
    terminal.show_update();
    None
}
