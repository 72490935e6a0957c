//! The mouse as a program hears it, if it asked for it; the wheel also where it did not. Not: what else a mouse does in zap.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use vt100::{MouseProtocolEncoding, MouseProtocolMode, Screen};

use super::{Held, key};

/// The bytes for a notch of the wheel where the program did not ask for the mouse: arrow keys on the alternate screen, where there
/// is nothing to scroll back to (xterm's mode 1007); empty elsewhere.
pub fn wheel(event: &MouseEvent, screen: &Screen) -> Vec<u8> {
    let code = match event.kind {
        MouseEventKind::ScrollUp => KeyCode::Up,
        MouseEventKind::ScrollDown => KeyCode::Down,
        MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight
        | MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved => return Vec::new(),
    };
    if !screen.alternate_screen() || screen.mouse_protocol_mode() != MouseProtocolMode::None {
        return Vec::new();
    }
    key(&KeyEvent::new(code, KeyModifiers::NONE), screen).repeat(NOTCH)
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

/// Rows that one notch of the wheel moves.
const NOTCH: usize = 3;

/// No button, in the numbers of the protocol.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(words: &str) -> Screen {
        let mut parser = vt100::Parser::default();
        parser.process(words.as_bytes());
        parser.screen().clone()
    }

    #[test]
    fn the_wheel_is_arrow_keys_where_nothing_scrolls() {
        let notch = |kind| MouseEvent { kind, column: 0, row: 0, modifiers: KeyModifiers::NONE };
        let up = notch(MouseEventKind::ScrollUp);
        assert_eq!(wheel(&up, &screen("")), b"");
        assert_eq!(wheel(&up, &screen("\x1b[?1049h")), b"\x1b[A\x1b[A\x1b[A");
        assert_eq!(wheel(&up, &screen("\x1b[?1049h\x1b[?1h")), b"\x1bOA\x1bOA\x1bOA");
        assert_eq!(wheel(&up, &screen("\x1b[?1049h\x1b[?1000h")), b"");
        assert_eq!(wheel(&notch(MouseEventKind::Moved), &screen("\x1b[?1049h")), b"");
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
        assert_eq!(mouse(&down, 0, 300, &screen("\x1b[?1000h\x1b[?1005h")), "\x1b[M \u{14d}!".as_bytes());
        assert_eq!(mouse(&down, 0, 0, &screen("\x1b[?9h")), b"\x1b[M !!");
        assert_eq!(mouse(&up, 0, 0, &screen("\x1b[?9h")), b"", "mode 9 tells presses only");
        let drag = MouseEvent {
            modifiers: KeyModifiers::CONTROL,
            ..event(MouseEventKind::Drag(MouseButton::Right))
        };
        assert_eq!(mouse(&drag, 0, 0, &sgr), b"");
        assert_eq!(mouse(&drag, 0, 0, &screen("\x1b[?1002h\x1b[?1006h")), b"\x1b[<50;1;1M");
    }
}
