//! Keys, pastes and the mouse as a program in a terminal hears them, in xterm's way and in the modes that its screen asks
//! for. Only makes bytes; who gets them is decided elsewhere.

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use vt100::{MouseProtocolEncoding, MouseProtocolMode, Screen};

/// The bytes for a key; empty if the key says nothing to a program (a modifier alone, a release).
pub fn key(event: &KeyEvent, screen: &Screen) -> Vec<u8> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let held = Held::of(event.modifiers);
    match event.code {
        KeyCode::Char(character) => character_key(character, held),
        KeyCode::Enter => meta(held, if held.control { b"\n" } else { b"\r" }),
        KeyCode::Tab if held.shift => b"\x1b[Z".to_vec(),
        KeyCode::Tab => meta(held, b"\t"),
        KeyCode::BackTab => b"\x1b[Z".to_vec(),
        KeyCode::Backspace => meta(held, if held.control { b"\x08" } else { b"\x7f" }),
        KeyCode::Esc => meta(held, b"\x1b"),
        KeyCode::Null => b"\0".to_vec(),
        KeyCode::Up => letter_key(b'A', held, screen),
        KeyCode::Down => letter_key(b'B', held, screen),
        KeyCode::Right => letter_key(b'C', held, screen),
        KeyCode::Left => letter_key(b'D', held, screen),
        KeyCode::KeypadBegin => letter_key(b'E', held, screen),
        KeyCode::Home => letter_key(b'H', held, screen),
        KeyCode::End => letter_key(b'F', held, screen),
        KeyCode::Insert => number_key(2, held),
        KeyCode::Delete => number_key(3, held),
        KeyCode::PageUp => number_key(5, held),
        KeyCode::PageDown => number_key(6, held),
        KeyCode::F(number) => function_key(number, held),
        KeyCode::Menu => number_key(29, held),
        KeyCode::Media(_)
        | KeyCode::Modifier(_)
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause => Vec::new(),
    }
}

/// The bytes for pasted text. In a bracketed paste nothing in the text can end the bracket; without brackets line ends are
/// Enter and other controls are left out.
pub fn paste(text: &str, screen: &Screen) -> Vec<u8> {
    // ESC, the 8-bit controls and what else is no text could act instead of being pasted.
    let cleaned = text.replace("\r\n", "\r").replace('\n', "\r");
    let cleaned: String = cleaned
        .chars()
        .filter(|character| matches!(character, '\t' | '\r') || !character.is_control())
        .collect();
    if screen.bracketed_paste() {
        format!("\x1b[200~{cleaned}\x1b[201~").into_bytes()
    } else {
        cleaned.into_bytes()
    }
}

/// The bytes for a deed of the mouse at `row` and `column` of the program's own screen, from 0; empty if the program did not ask
/// for such.
pub fn mouse(event: &MouseEvent, row: u16, column: u16, screen: &Screen) -> Vec<u8> {
    let mode = screen.mouse_protocol_mode();
    let deed = MouseDeed::of(event.kind);
    let wanted = match mode {
        MouseProtocolMode::None => false,
        MouseProtocolMode::Press => deed.is_press(),
        MouseProtocolMode::PressRelease => !deed.moved,
        MouseProtocolMode::ButtonMotion => !deed.moved || deed.code != NO_BUTTON,
        MouseProtocolMode::AnyMotion => true,
    };
    if !wanted {
        return Vec::new();
    }
    let mut code = deed.code;
    if deed.moved {
        code += 32;
    }
    if mode != MouseProtocolMode::Press {
        let held = Held::of(event.modifiers);
        code +=
            if held.shift { 4 } else { 0 } + if held.alt { 8 } else { 0 } + if held.control { 16 } else { 0 };
    }
    encode_mouse(code, deed.released, row, column, screen.mouse_protocol_encoding())
}

const NO_BUTTON: u16 = 3;

/// What the mouse did, in the numbers of the protocol.
struct MouseDeed {
    code: u16,
    moved: bool,
    released: bool,
}

impl MouseDeed {
    fn of(kind: MouseEventKind) -> Self {
        let (code, moved, released) = match kind {
            MouseEventKind::Down(button) => (button_code(button), false, false),
            MouseEventKind::Up(button) => (button_code(button), false, true),
            MouseEventKind::Drag(button) => (button_code(button), true, false),
            MouseEventKind::Moved => (NO_BUTTON, true, false),
            MouseEventKind::ScrollUp => (64, false, false),
            MouseEventKind::ScrollDown => (65, false, false),
            MouseEventKind::ScrollLeft => (66, false, false),
            MouseEventKind::ScrollRight => (67, false, false),
        };
        Self { code, moved, released }
    }

    fn is_press(&self) -> bool {
        !self.moved && !self.released
    }
}

fn button_code(button: MouseButton) -> u16 {
    match button {
        MouseButton::Left => 0,
        MouseButton::Middle => 1,
        MouseButton::Right => 2,
    }
}

fn encode_mouse(
    code: u16,
    released: bool,
    row: u16,
    column: u16,
    encoding: MouseProtocolEncoding,
) -> Vec<u8> {
    let (x, y) = (column.saturating_add(1), row.saturating_add(1));
    if encoding == MouseProtocolEncoding::Sgr {
        let last = if released { 'm' } else { 'M' };
        return format!("\x1b[<{code};{x};{y}{last}").into_bytes();
    }
    let code = if released { (code & !3) | NO_BUTTON } else { code };
    let mut bytes = b"\x1b[M".to_vec();
    for number in [code, x, y] {
        match encoding {
            MouseProtocolEncoding::Utf8 => {
                let character = char::from_u32(u32::from(number.min(2015)) + 32).unwrap_or(' ');
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            // What lies beyond column 223 cannot be said.
            MouseProtocolEncoding::Default | MouseProtocolEncoding::Sgr => {
                let Ok(byte) = u8::try_from(number + 32) else { return Vec::new() };
                bytes.push(byte);
            }
        }
    }
    bytes
}

/// The modifiers held down.
#[derive(Clone, Copy)]
struct Held {
    shift: bool,
    alt: bool,
    control: bool,
}

impl Held {
    fn of(modifiers: KeyModifiers) -> Self {
        Self {
            shift: modifiers.contains(KeyModifiers::SHIFT),
            alt: modifiers.intersects(KeyModifiers::ALT | KeyModifiers::META),
            control: modifiers.contains(KeyModifiers::CONTROL),
        }
    }

    /// The parameter that xterm adds; 1 for none.
    fn parameter(self) -> u8 {
        1 + u8::from(self.shift) + 2 * u8::from(self.alt) + 4 * u8::from(self.control)
    }
}

fn meta(held: Held, bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len() + 1);
    if held.alt {
        all.push(0x1b);
    }
    all.extend_from_slice(bytes);
    all
}

fn character_key(character: char, held: Held) -> Vec<u8> {
    if held.control
        && let Some(byte) = control_byte(character)
    {
        return meta(held, &[byte]);
    }
    meta(held, character.encode_utf8(&mut [0; 4]).as_bytes())
}

/// The control character on a key, as on a VT220.
fn control_byte(character: char) -> Option<u8> {
    Some(match character {
        'a'..='z' | 'A'..='Z' | '[' | '\\' | ']' | '^' | '_' | '@' => character as u8 & 0x1f,
        ' ' | '2' | '`' => 0,
        '3' => 0x1b,
        '4' => 0x1c,
        '5' => 0x1d,
        '6' | '~' => 0x1e,
        '7' | '/' | '-' => 0x1f,
        '8' | '?' => 0x7f,
        _ => return None,
    })
}

/// Arrows, Home and End: the modes of the cursor keys matter only without modifiers.
fn letter_key(letter: u8, held: Held, screen: &Screen) -> Vec<u8> {
    match held.parameter() {
        1 if screen.application_cursor() => vec![0x1b, b'O', letter],
        1 => vec![0x1b, b'[', letter],
        parameter => format!("\x1b[1;{parameter}{}", char::from(letter)).into_bytes(),
    }
}

fn number_key(number: u8, held: Held) -> Vec<u8> {
    match held.parameter() {
        1 => format!("\x1b[{number}~").into_bytes(),
        parameter => format!("\x1b[{number};{parameter}~").into_bytes(),
    }
}

fn function_key(number: u8, held: Held) -> Vec<u8> {
    match number {
        1..=4 => {
            let letter = char::from(b'P' + number - 1);
            match held.parameter() {
                1 => format!("\x1bO{letter}").into_bytes(),
                parameter => format!("\x1b[1;{parameter}{letter}").into_bytes(),
            }
        }
        5 => number_key(15, held),
        6..=10 => number_key(number + 11, held),
        11..=14 => number_key(number + 12, held),
        15 | 16 => number_key(number + 13, held),
        17..=20 => number_key(number + 14, held),
        // xterm: F13 to F24 are F1 to F12 with shift; terminals that have the keys themselves send them so.
        21..=24 => function_key(number - 12, Held { shift: true, ..held }),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(words: &str) -> Screen {
        let mut parser = vt100::Parser::default();
        parser.process(words.as_bytes());
        parser.screen().clone()
    }

    fn said(code: KeyCode, modifiers: KeyModifiers, words: &str) -> String {
        String::from_utf8(key(&KeyEvent::new(code, modifiers), &screen(words))).unwrap()
    }

    #[test]
    fn keys_speak_as_in_xterm() {
        let (none, shift, alt, control) =
            (KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::ALT, KeyModifiers::CONTROL);
        for (code, modifiers, words, expected) in [
            (KeyCode::Char('a'), none, "", "a"),
            (KeyCode::Char('c'), control, "", "\x03"),
            (KeyCode::Char('x'), alt, "", "\x1bx"),
            (KeyCode::Char('x'), alt | control, "", "\x1b\x18"),
            (KeyCode::Char(' '), control, "", "\0"),
            (KeyCode::Char('é'), none, "", "é"),
            (KeyCode::Up, none, "", "\x1b[A"),
            (KeyCode::Up, none, "\x1b[?1h", "\x1bOA"),
            (KeyCode::Up, control, "\x1b[?1h", "\x1b[1;5A"),
            (KeyCode::Home, shift, "", "\x1b[1;2H"),
            (KeyCode::Delete, none, "", "\x1b[3~"),
            (KeyCode::PageUp, control | shift, "", "\x1b[5;6~"),
            (KeyCode::F(1), none, "", "\x1bOP"),
            (KeyCode::F(4), alt, "", "\x1b[1;3S"),
            (KeyCode::F(5), none, "", "\x1b[15~"),
            (KeyCode::F(6), none, "", "\x1b[17~"),
            (KeyCode::F(10), none, "", "\x1b[21~"),
            (KeyCode::F(11), none, "", "\x1b[23~"),
            (KeyCode::F(12), shift, "", "\x1b[24;2~"),
            (KeyCode::F(20), none, "", "\x1b[34~"),
            (KeyCode::BackTab, shift, "", "\x1b[Z"),
            (KeyCode::Enter, none, "", "\r"),
            (KeyCode::Backspace, alt, "", "\x1b\x7f"),
            (KeyCode::CapsLock, none, "", ""),
        ] {
            assert_eq!(said(code, modifiers, words), expected, "{code:?} {modifiers:?}");
        }
    }

    #[test]
    fn a_paste_cannot_break_out() {
        let pasted = paste("a\x1b[201~rm -rf /\n\u{9b}201~", &screen("\x1b[?2004h"));
        assert_eq!(String::from_utf8(pasted).unwrap(), "\x1b[200~a[201~rm -rf /\r201~\x1b[201~");
        assert_eq!(paste("a\r\nb\tc\x03", &screen("")), b"a\rb\tc");
    }

    #[test]
    fn the_mouse_speaks_only_when_asked() {
        let event = |kind| MouseEvent { kind, column: 0, row: 0, modifiers: KeyModifiers::NONE };
        let down = event(MouseEventKind::Down(MouseButton::Left));
        let up = event(MouseEventKind::Up(MouseButton::Left));
        let moved = event(MouseEventKind::Moved);
        assert_eq!(mouse(&down, 1, 2, &screen("")), b"");
        assert_eq!(mouse(&down, 1, 2, &screen("\x1b[?1000h")), b"\x1b[M #\"");
        assert_eq!(mouse(&up, 1, 2, &screen("\x1b[?1000h")), b"\x1b[M##\"");
        let sgr = screen("\x1b[?1000h\x1b[?1006h");
        assert_eq!(mouse(&up, 1, 2, &sgr), b"\x1b[<0;3;2m");
        assert_eq!(mouse(&moved, 1, 2, &sgr), b"");
        assert_eq!(mouse(&moved, 1, 2, &screen("\x1b[?1003h\x1b[?1006h")), b"\x1b[<35;3;2M");
        assert_eq!(mouse(&event(MouseEventKind::ScrollUp), 0, 0, &sgr), b"\x1b[<64;1;1M");
        assert_eq!(mouse(&down, 0, 300, &screen("\x1b[?1000h")), b"");
    }
}
