//! Keys, pastes and the mouse for a job, as its terminal encodes them, and what the job wants of our terminal meanwhile. Not: what
//! zap does with keys.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Position;

use crate::model::{Command, InstanceId, InstanceView, State};
use crate::terminal::{Terminal, keys};
use crate::ui::eye::{Over, World};
use crate::ui::pager::screen_row;
use crate::ui::{Request, Terminals, Ui};

/// What the job that has the keys wants of our terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// How the cursor looks.
    pub cursor: vt100::CursorStyle,
    /// The mouse is told of also while no button is held.
    pub moves: bool,
    /// Gaining and losing the focus is told.
    pub focus: bool,
}

/// Whether there is a process that could take keys.
pub(super) fn takes_keys(job: &InstanceView) -> bool {
    let up = match job.state {
        State::Starting | State::Running | State::Stopping => true,
        State::Stopped
        | State::Waiting
        | State::Scheduled
        | State::Backoff
        | State::Held
        | State::Done
        | State::Failed => false,
    };
    up || job.lingering > 0
}

/// Types a key into a job.
pub(super) fn send(id: InstanceId, key: &KeyEvent, terminals: &Terminals) -> Vec<Request> {
    let screen = terminals.get(&id).map(Terminal::screen);
    typed(id, screen.map_or_else(Vec::new, |screen| keys::key(key, screen)))
}

/// Types a paste into a job, in brackets if the job asked for them. Text cannot break out of the brackets.
pub(super) fn paste(id: InstanceId, text: &str, terminals: &Terminals) -> Vec<Request> {
    let screen = terminals.get(&id).map(Terminal::screen);
    typed(id, screen.map_or_else(Vec::new, |screen| keys::paste(text, screen)))
}

/// Tells the job that has the keys of a deed of the mouse on its screen; `None` if that is not the job's but ours. The wheel is
/// arrow keys for a full-screen program that did not ask for the mouse.
pub(super) fn mouse(ui: &Ui, deed: MouseEvent, world: World<'_>) -> Option<Vec<Request>> {
    let Over::Interactive(id) = ui.over else { return None };
    let terminal = world.terminals.get(&id).filter(|terminal| terminal.live())?;
    let area = ui.layout().output?;
    let top = area.y + screen_row(ui.pagers.get(&id)?, terminal, ui.reach())?;
    let within = area.contains(Position::new(deed.column, deed.row)) && deed.row >= top;
    let screen = terminal.screen();
    if screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None {
        let arrows =
            if within && !terminal.asked().still_wheel { keys::wheel(&deed, screen) } else { Vec::new() };
        return Some(typed(id, arrows)).filter(|typed| !typed.is_empty());
    }
    within.then(|| typed(id, keys::mouse(&deed, deed.row - top, deed.column - area.x, screen)))
}

/// Tells jobs that want to know it who has the keys now, and who had them before.
pub(super) fn refocused(
    before: Option<InstanceId>,
    now: Option<InstanceId>,
    terminals: &Terminals,
) -> Vec<Request> {
    if before == now {
        return Vec::new();
    }
    let lost = before.map(|id| focus(id, false, terminals));
    let gained = now.map(|id| focus(id, true, terminals));
    lost.into_iter().chain(gained).flatten().collect()
}

/// Tells a job that its terminal gained or lost the focus, if it wants to know.
pub(super) fn focus(id: InstanceId, gained: bool, terminals: &Terminals) -> Vec<Request> {
    let asked = terminals.get(&id).is_some_and(|terminal| terminal.asked().focus);
    typed(id, if asked { keys::focus(gained) } else { Vec::new() })
}

impl Ui {
    /// The job that has the keys.
    pub(super) fn typing_into(&self) -> Option<InstanceId> {
        match self.over {
            Over::Interactive(id) => Some(id),
            Over::Nothing
            | Over::Help(_)
            | Over::Ask
            | Over::Overwrite(_)
            | Over::Prompt(_)
            | Over::Why(_)
            | Over::Details(_)
            | Over::Reload(_)
            | Over::Palette(_)
            | Over::Everywhere(_)
            | Over::Instant(_)
            | Over::Events(_)
            | Over::Problem(_) => None,
        }
    }

    /// What is wanted of our terminal now.
    pub fn wishes(&self, terminals: &Terminals) -> Wishes {
        let Some(terminal) = self.typing_into().and_then(|id| terminals.get(&id)) else {
            return Wishes::default();
        };
        let screen = terminal.screen();
        Wishes {
            cursor: screen.cursor_style(),
            moves: screen.mouse_protocol_mode() == vt100::MouseProtocolMode::AnyMotion,
            focus: terminal.asked().focus,
        }
    }
}

fn typed(instance: InstanceId, bytes: Vec<u8>) -> Vec<Request> {
    if bytes.is_empty() { Vec::new() } else { vec![Request::Command(Command::Type { instance, bytes })] }
}
