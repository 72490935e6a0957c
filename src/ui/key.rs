//! A key as it comes from the terminal, and as it is shown: `j`, `Ctrl-e`, `Alt-1`, `PageDown`. Not: what it does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::config::{Chord, Code, Held};
use crate::ui::signs::Signs;

/// A key with what is held down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(pub(super) Chord);

impl Key {
    /// The key of an event. Terminals without the kitty protocol send Ctrl-] as Ctrl-5, and so on: these are one key.
    pub(super) fn of(event: &KeyEvent) -> Self {
        let held = Held {
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
            shift: event.modifiers.contains(KeyModifiers::SHIFT) || event.code == KeyCode::BackTab,
        };
        match event.code {
            KeyCode::Char(c) => Self(Chord::new(Code::Char(c), held)),
            KeyCode::F(number) => Self(Chord::new(Code::F(number), held)),
            KeyCode::Null => Self(Chord::new(Code::Char(' '), Held { ctrl: true, ..held })),
            code => Self(Chord::new(Code::Named(name(code)), held)),
        }
    }

    /// The event of a terminal that has such a key.
    pub(super) fn event(self) -> KeyEvent {
        let code = match self.0.code() {
            Code::Char(c) => KeyCode::Char(c),
            Code::F(number) => KeyCode::F(number),
            Code::Named(name) => {
                NAMED.iter().find(|(_, known)| *known == name).map_or(KeyCode::Null, |(code, _)| *code)
            }
        };
        let held = self.0.held();
        let mut modifiers = KeyModifiers::NONE;
        modifiers.set(KeyModifiers::CONTROL, held.ctrl);
        modifiers.set(KeyModifiers::ALT, held.alt);
        modifiers.set(KeyModifiers::SHIFT, held.shift);
        KeyEvent::new(code, modifiers)
    }

    /// Reads a key as the keymap writes it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Chord::parse(text).ok().map(Self)
    }

    /// The same key with Shift let go, if that is another one.
    pub(super) fn unshifted(self) -> Option<Self> {
        let held = self.0.held();
        held.shift.then(|| Self(Chord::new(self.0.code(), Held { shift: false, ..held })))
    }

    /// The digit it types, if it is one.
    pub(super) fn digit(self) -> Option<u32> {
        match self.0.code() {
            Code::Char(c) => c.to_digit(10),
            Code::F(_) | Code::Named(_) => None,
        }
    }

    /// The text it types, if it types any.
    pub(super) fn typed(self) -> Option<char> {
        self.0.typed()
    }
}

/// Keys without a character, and what they are called.
const NAMED: [(KeyCode, &str); 21] = [
    (KeyCode::Up, "Up"),
    (KeyCode::Down, "Down"),
    (KeyCode::Left, "Left"),
    (KeyCode::Right, "Right"),
    (KeyCode::PageUp, "PageUp"),
    (KeyCode::PageDown, "PageDown"),
    (KeyCode::Home, "Home"),
    (KeyCode::End, "End"),
    (KeyCode::Insert, "Insert"),
    (KeyCode::Delete, "Delete"),
    (KeyCode::Enter, "Enter"),
    (KeyCode::Esc, "Esc"),
    (KeyCode::Tab, "Tab"),
    (KeyCode::Backspace, "Backspace"),
    (KeyCode::Menu, "Menu"),
    (KeyCode::Pause, "Pause"),
    (KeyCode::PrintScreen, "PrintScreen"),
    (KeyCode::ScrollLock, "ScrollLock"),
    (KeyCode::CapsLock, "CapsLock"),
    (KeyCode::NumLock, "NumLock"),
    (KeyCode::KeypadBegin, "KeypadBegin"),
];

/// What a key without a character is called; nothing for those that no program is told of without asking.
fn name(code: KeyCode) -> &'static str {
    let code = if code == KeyCode::BackTab { KeyCode::Tab } else { code };
    NAMED.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
}

/// A key of the keymap as it is shown on the screen, with signs for arrows and Enter.
pub(super) fn shown<'a>(key: &'a str, signs: &Signs) -> &'a str
where
    'static: 'a,
{
    let index = ["Up", "Down", "Left", "Right"].iter().position(|name| *name == key);
    match (index, key) {
        (Some(index), _) => signs.arrows[index],
        (None, "Enter") => signs.enter,
        (None, key) => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NAMES;

    fn event(code: KeyCode, modifiers: KeyModifiers) -> Key {
        Key::of(&KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        for (text, code, modifiers) in [
            ("Ctrl-e", KeyCode::Char('e'), KeyModifiers::CONTROL),
            ("Alt-1", KeyCode::Char('1'), KeyModifiers::ALT),
            ("Alt-A", KeyCode::Char('A'), KeyModifiers::ALT | KeyModifiers::SHIFT),
            ("G", KeyCode::Char('G'), KeyModifiers::SHIFT),
            ("|", KeyCode::Char('|'), KeyModifiers::NONE),
            ("\\", KeyCode::Char('\\'), KeyModifiers::NONE),
            ("Space", KeyCode::Char(' '), KeyModifiers::NONE),
            ("Ctrl-Space", KeyCode::Char(' '), KeyModifiers::CONTROL),
            ("F12", KeyCode::F(12), KeyModifiers::NONE),
            ("Shift-Tab", KeyCode::BackTab, KeyModifiers::SHIFT),
            ("BackTab", KeyCode::BackTab, KeyModifiers::NONE),
            ("Ctrl-I", KeyCode::Tab, KeyModifiers::NONE),
            ("Tab", KeyCode::Char('i'), KeyModifiers::CONTROL),
            ("Ctrl-Shift-Up", KeyCode::Up, KeyModifiers::CONTROL | KeyModifiers::SHIFT),
            ("Ctrl-Delete", KeyCode::Delete, KeyModifiers::CONTROL),
        ] {
            assert_eq!(Key::parse(text), Some(event(code, modifiers)), "{text}");
        }
        assert_eq!(Key::parse("nothing"), None);
    }

    #[test]
    fn the_old_way_of_sending_ctrl_bracket_is_understood() {
        assert_eq!(Key::parse("Ctrl-]"), Some(event(KeyCode::Char('5'), KeyModifiers::CONTROL)));
        assert_eq!(Key::parse("Ctrl-]"), Some(event(KeyCode::Char(']'), KeyModifiers::CONTROL)));
    }

    #[test]
    fn every_name_is_the_name_of_a_key() {
        assert_eq!(NAMED.map(|(_, name)| name), NAMES);
    }

    #[test]
    fn a_key_is_the_key_of_its_event() {
        for text in [
            "j",
            "G",
            "Ctrl-]",
            "Alt-E",
            "Space",
            "Ctrl-Space",
            "Tab",
            "Shift-Tab",
            "Enter",
            "F12",
            "Ctrl-Up",
            "漢",
        ] {
            let key = Key::parse(text).unwrap();
            assert_eq!(Key::of(&key.event()), key, "{text}");
        }
    }
}
