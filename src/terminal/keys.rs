//! Keys, pastes and the mouse (`mouse`) as a program in a terminal hears them, in xterm's way and in the modes that its screen
//! asks for. Only makes bytes; who gets them is decided elsewhere.

mod mouse;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use vt100::Screen;

pub use mouse::{mouse, wheel};

/// The bytes for a key; empty if the key says nothing to a program (a modifier alone, a release).
pub fn key(event: &KeyEvent, screen: &Screen) -> Vec<u8> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let held = Held::of(event.modifiers);
    match event.code {
        KeyCode::Char(character) => character_key(character, held),
        KeyCode::Enter => meta(held, b"\r"),
        KeyCode::Tab if held.shift => meta(held, b"\x1b[Z"),
        KeyCode::Tab => meta(held, b"\t"),
        KeyCode::BackTab => meta(held, b"\x1b[Z"),
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

/// The bytes for pasted text. In a bracketed paste nothing in the text can end the bracket. Line ends are Enter, and other
/// controls are left out.
pub fn paste(text: &str, screen: &Screen) -> Vec<u8> {
    // ESC, the 8-bit controls and what else is no text could act instead of being pasted; without them no bracket is left
    // that another one, taken out of its middle, could have put together.
    let cleaned = END_OF_PASTE.iter().fold(text.to_owned(), |text, end| text.replace(end, ""));
    let cleaned = cleaned.replace("\r\n", "\r").replace('\n', "\r");
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

/// The bytes that tell a program, which asked for it, that it gained or lost the focus.
pub fn focus(gained: bool) -> Vec<u8> {
    if gained { b"\x1b[I".to_vec() } else { b"\x1b[O".to_vec() }
}

/// What ends a bracketed paste, in 7 and in 8 bits.
const END_OF_PASTE: [&str; 2] = ["\x1b[201~", "\u{9b}201~"];

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
        assert_eq!(String::from_utf8(pasted).unwrap(), "\x1b[200~arm -rf /\r\x1b[201~");
        let nested = "\x1b[20\x1b[201~1~\x1b\u{9b}201~[201~\x1b\x1b[201~[201~b\x1b[201\x00~";
        let pasted = String::from_utf8(paste(nested, &screen("\x1b[?2004h"))).unwrap();
        assert_eq!(pasted.matches('\x1b').count(), 2, "{pasted:?}");
        assert!(pasted.starts_with("\x1b[200~") && pasted.ends_with("\x1b[201~"));
        assert_eq!(paste("a\r\nb\tc\x03\x1b[A\x7f\u{85}\n", &screen("")), b"a\rb\tc[A\r");
    }

    /// The names of xterm's terminfo, and what `infocmp -x xterm-256color` says of them.
    #[test]
    fn keys_are_those_of_the_terminfo_that_jobs_are_told() {
        use KeyCode as K;
        let keypad = "\x1b[?1h\x1b=";
        for (name, code, said_so) in [
            ("kcuu1", K::Up, "\x1bOA"),
            ("kcud1", K::Down, "\x1bOB"),
            ("kcuf1", K::Right, "\x1bOC"),
            ("kcub1", K::Left, "\x1bOD"),
            ("khome", K::Home, "\x1bOH"),
            ("kend", K::End, "\x1bOF"),
            ("kich1", K::Insert, "\x1b[2~"),
            ("kdch1", K::Delete, "\x1b[3~"),
            ("kpp", K::PageUp, "\x1b[5~"),
            ("knp", K::PageDown, "\x1b[6~"),
            ("kbs", K::Backspace, "\x7f"),
            ("kcbt", K::BackTab, "\x1b[Z"),
            ("kf1", K::F(1), "\x1bOP"),
            ("kf2", K::F(2), "\x1bOQ"),
            ("kf3", K::F(3), "\x1bOR"),
            ("kf4", K::F(4), "\x1bOS"),
            ("kf5", K::F(5), "\x1b[15~"),
            ("kf6", K::F(6), "\x1b[17~"),
            ("kf7", K::F(7), "\x1b[18~"),
            ("kf8", K::F(8), "\x1b[19~"),
            ("kf9", K::F(9), "\x1b[20~"),
            ("kf10", K::F(10), "\x1b[21~"),
            ("kf11", K::F(11), "\x1b[23~"),
            ("kf12", K::F(12), "\x1b[24~"),
        ] {
            assert_eq!(said(code, KeyModifiers::NONE, keypad), said_so, "{name}");
        }
        // kUP3 and the like: the number is 1 + shift + 2 alt + 4 control; shifted F1 to F12 are kf13 to kf24, and so on.
        for bits in 1..8_u8 {
            let modifiers = [KeyModifiers::SHIFT, KeyModifiers::ALT, KeyModifiers::CONTROL];
            let held = (0..3).filter(|bit| bits >> bit & 1 == 1).map(|bit| modifiers[bit]).collect();
            let number = bits + 1;
            for (code, start, end) in [
                (K::Up, "1", "A"),
                (K::Home, "1", "H"),
                (K::Insert, "2", "~"),
                (K::Delete, "3", "~"),
                (K::PageDown, "6", "~"),
                (K::F(1), "1", "P"),
                (K::F(4), "1", "S"),
                (K::F(5), "15", "~"),
                (K::F(12), "24", "~"),
            ] {
                assert_eq!(
                    said(code, held, keypad),
                    format!("\x1b[{start};{number}{end}"),
                    "{code:?} {held:?}"
                );
            }
        }
    }

    /// Each byte below 0x20 comes from crossterm as some key, and goes on as that byte; so does what Alt puts before it.
    #[test]
    fn every_control_byte_can_be_typed() {
        use KeyCode as K;
        for byte in (0..0x20_u8).chain([0x7f]) {
            let (code, held) = match byte {
                0 => (K::Char(' '), KeyModifiers::CONTROL),
                b'\t' => (K::Tab, KeyModifiers::NONE),
                b'\r' => (K::Enter, KeyModifiers::NONE),
                0x1b => (K::Esc, KeyModifiers::NONE),
                0x7f => (K::Backspace, KeyModifiers::NONE),
                0x1c..0x20 => (K::Char(char::from(byte - 0x1c + b'4')), KeyModifiers::CONTROL),
                _ => (K::Char(char::from(byte - 1 + b'a')), KeyModifiers::CONTROL),
            };
            let alone = key(&KeyEvent::new(code, held), &screen(""));
            assert_eq!(alone, [byte]);
            assert_eq!(key(&KeyEvent::new(code, held | KeyModifiers::ALT), &screen("")), [0x1b, byte]);
        }
    }
}
