//! Keys and pastes as a program in a terminal expects them. To be replaced by the terminal's own encoding (`terminal::keys`),
//! which also knows the modes that this one does not ask for.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::model::{Command, InstanceId, InstanceView, State};
use crate::ui::{Request, Terminals};

/// Whether there is a process that could take keys.
pub(super) fn takes_keys(job: &InstanceView) -> bool {
    let up = match job.state {
        State::Starting | State::Running | State::Stopping => true,
        State::Stopped | State::Waiting | State::Backoff | State::Done | State::Failed => false,
    };
    up || job.lingering > 0
}

/// Types a key into a job.
pub(super) fn send(id: InstanceId, key: &KeyEvent, terminals: &Terminals) -> Vec<Request> {
    let application = terminals.get(&id).is_some_and(|terminal| terminal.screen().application_cursor());
    typed(id, encode(key, application))
}

/// Types a paste into a job, in brackets if the job asked for them. Text cannot break out of the brackets.
pub(super) fn paste(id: InstanceId, text: &str, terminals: &Terminals) -> Vec<Request> {
    let bracketed = terminals.get(&id).is_some_and(|terminal| terminal.screen().bracketed_paste());
    let text = text.replace("\r\n", "\r").replace('\n', "\r");
    if !bracketed {
        return typed(id, text.into_bytes());
    }
    let inner: String = text.chars().filter(|c| !matches!(c, '\u{1b}' | '\u{9b}')).collect();
    typed(id, format!("\u{1b}[200~{inner}\u{1b}[201~").into_bytes())
}

fn typed(instance: InstanceId, bytes: Vec<u8>) -> Vec<Request> {
    if bytes.is_empty() { Vec::new() } else { vec![Request::Command(Command::Type { instance, bytes })] }
}

/// A key as xterm sends it.
fn encode(key: &KeyEvent, application: bool) -> Vec<u8> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    let modifier = modifier(key.modifiers);
    let mut bytes = match key.code {
        KeyCode::Char(c) if ctrl => control(c),
        KeyCode::Char(c) => c.to_string().into_bytes(),
        KeyCode::Enter => b"\r".to_vec(),
        KeyCode::Tab => b"\t".to_vec(),
        KeyCode::Backspace if ctrl => vec![8],
        KeyCode::Backspace => vec![0x7f],
        KeyCode::Esc => vec![0x1b],
        KeyCode::BackTab => return b"\x1b[Z".to_vec(),
        KeyCode::Up => return letter(b'A', modifier, application),
        KeyCode::Down => return letter(b'B', modifier, application),
        KeyCode::Right => return letter(b'C', modifier, application),
        KeyCode::Left => return letter(b'D', modifier, application),
        KeyCode::Home => return letter(b'H', modifier, application),
        KeyCode::End => return letter(b'F', modifier, application),
        KeyCode::Insert => return tilde(2, modifier),
        KeyCode::Delete => return tilde(3, modifier),
        KeyCode::PageUp => return tilde(5, modifier),
        KeyCode::PageDown => return tilde(6, modifier),
        KeyCode::F(number) => return function(number, modifier),
        _ => return Vec::new(),
    };
    if alt {
        bytes.insert(0, 0x1b);
    }
    bytes
}

/// xterm's number for what is held down: 1 and 1 for shift, 2 for alt, 4 for control.
fn modifier(held: KeyModifiers) -> u8 {
    1 + u8::from(held.contains(KeyModifiers::SHIFT))
        + 2 * u8::from(held.contains(KeyModifiers::ALT))
        + 4 * u8::from(held.contains(KeyModifiers::CONTROL))
}

fn control(c: char) -> Vec<u8> {
    match c.to_ascii_lowercase() {
        c @ 'a'..='z' => vec![c as u8 - b'a' + 1],
        ' ' | '@' | '2' => vec![0],
        '[' | '3' => vec![0x1b],
        '\\' | '4' => vec![0x1c],
        ']' | '5' => vec![0x1d],
        '^' | '6' => vec![0x1e],
        '_' | '/' | '7' => vec![0x1f],
        '?' | '8' => vec![0x7f],
        c => c.to_string().into_bytes(),
    }
}

fn letter(letter: u8, modifier: u8, application: bool) -> Vec<u8> {
    match (modifier, application) {
        (1, true) => vec![0x1b, b'O', letter],
        (1, false) => vec![0x1b, b'[', letter],
        (modifier, _) => format!("\x1b[1;{modifier}{}", char::from(letter)).into_bytes(),
    }
}

fn tilde(number: u8, modifier: u8) -> Vec<u8> {
    if modifier == 1 {
        return format!("\x1b[{number}~").into_bytes();
    }
    format!("\x1b[{number};{modifier}~").into_bytes()
}

fn function(number: u8, modifier: u8) -> Vec<u8> {
    match number {
        1..=4 => letter(b'P' + number - 1, modifier, true),
        5 => tilde(15, modifier),
        6..=10 => tilde(number + 11, modifier),
        11..=12 => tilde(number + 12, modifier),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(code: KeyCode, modifiers: KeyModifiers, application: bool) -> Vec<u8> {
        encode(&KeyEvent::new(code, modifiers), application)
    }

    #[test]
    fn keys_are_sent_as_xterm_sends_them() {
        assert_eq!(sent(KeyCode::Char('c'), KeyModifiers::CONTROL, false), b"\x03");
        assert_eq!(sent(KeyCode::Char('x'), KeyModifiers::ALT, false), b"\x1bx");
        assert_eq!(sent(KeyCode::Up, KeyModifiers::NONE, false), b"\x1b[A");
        assert_eq!(sent(KeyCode::Up, KeyModifiers::NONE, true), b"\x1bOA");
        assert_eq!(sent(KeyCode::Up, KeyModifiers::CONTROL, true), b"\x1b[1;5A");
        assert_eq!(sent(KeyCode::F(1), KeyModifiers::NONE, false), b"\x1bOP");
        assert_eq!(sent(KeyCode::F(5), KeyModifiers::NONE, false), b"\x1b[15~");
        assert_eq!(sent(KeyCode::F(12), KeyModifiers::SHIFT, false), b"\x1b[24;2~");
        assert_eq!(sent(KeyCode::Enter, KeyModifiers::NONE, false), b"\r");
    }
}
