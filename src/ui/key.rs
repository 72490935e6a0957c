//! A key as it is written in the keymap: `j`, `Ctrl-e`, `Alt-1`, `PageDown`. Not: what it does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::signs::Signs;

/// A key with what is held down beside it. Shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

const NAMED: [(&str, KeyCode); 14] = [
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Backspace", KeyCode::Backspace),
    ("Space", KeyCode::Char(' ')),
    ("F1", KeyCode::F(1)),
];

impl Key {
    /// The key of an event. Terminals without the kitty protocol send Ctrl-] as Ctrl-5, and so on.
    pub(super) fn of(event: &KeyEvent) -> Self {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let code = match event.code {
            KeyCode::Char('4') if ctrl => KeyCode::Char('\\'),
            KeyCode::Char('5') if ctrl => KeyCode::Char(']'),
            KeyCode::Char('6') if ctrl => KeyCode::Char('^'),
            KeyCode::Char('7') if ctrl => KeyCode::Char('_'),
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            KeyCode::BackTab => KeyCode::Tab,
            code => code,
        };
        Self { code, ctrl, alt }
    }

    /// Reads a key as the keymap writes it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("Ctrl-") {
            return Some(Self { ctrl: true, ..Self::parse(rest)? });
        }
        if let Some(rest) = text.strip_prefix("Alt-") {
            return Some(Self { alt: true, ..Self::parse(rest)? });
        }
        let named = NAMED.iter().find(|(name, _)| *name == text).map(|(_, code)| *code);
        let mut chars = text.chars();
        let code = named.or_else(|| chars.next().filter(|_| chars.next().is_none()).map(KeyCode::Char))?;
        Some(Self { code, ctrl: false, alt: false })
    }

    /// The digit it types, if it is one.
    pub(super) fn digit(self) -> Option<u32> {
        match self.code {
            KeyCode::Char(c) => c.to_digit(10),
            _ => None,
        }
    }

    /// The text it types, if it types any.
    pub(super) fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
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

    fn event(code: KeyCode, modifiers: KeyModifiers) -> Key {
        Key::of(&KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        assert_eq!(Key::parse("Ctrl-e"), Some(event(KeyCode::Char('e'), KeyModifiers::CONTROL)));
        assert_eq!(Key::parse("Alt-1"), Some(event(KeyCode::Char('1'), KeyModifiers::ALT)));
        assert_eq!(Key::parse("G"), Some(event(KeyCode::Char('G'), KeyModifiers::SHIFT)));
        assert_eq!(Key::parse("PageUp"), Some(event(KeyCode::PageUp, KeyModifiers::NONE)));
        assert_eq!(Key::parse("nothing"), None);
    }

    #[test]
    fn the_old_way_of_sending_ctrl_bracket_is_understood() {
        assert_eq!(Key::parse("Ctrl-]"), Some(event(KeyCode::Char('5'), KeyModifiers::CONTROL)));
        assert_eq!(Key::parse("Ctrl-]"), Some(event(KeyCode::Char(']'), KeyModifiers::CONTROL)));
    }
}
