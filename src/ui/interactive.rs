//! Keys and pastes for a job, as its terminal encodes them. Not: what zap does with keys.

use crossterm::event::KeyEvent;

use crate::model::{Command, InstanceId, InstanceView, State};
use crate::terminal::keys;
use crate::ui::{Request, Terminals};

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
    let screen = terminals.get(&id).map(crate::terminal::Terminal::screen);
    typed(id, screen.map_or_else(Vec::new, |screen| keys::key(key, screen)))
}

/// Types a paste into a job, in brackets if the job asked for them. Text cannot break out of the brackets.
pub(super) fn paste(id: InstanceId, text: &str, terminals: &Terminals) -> Vec<Request> {
    let screen = terminals.get(&id).map(crate::terminal::Terminal::screen);
    typed(id, screen.map_or_else(Vec::new, |screen| keys::paste(text, screen)))
}

fn typed(instance: InstanceId, bytes: Vec<u8>) -> Vec<Request> {
    if bytes.is_empty() { Vec::new() } else { vec![Request::Command(Command::Type { instance, bytes })] }
}
