//! A key with what is held down beside it, as a person writes it: `j`, `Ctrl-e`, `Shift-Tab`, `F5`. Not: what it does, and not:
//! the events of a terminal.

use std::fmt;

use super::suggest::nearest;

/// A key with what is held down beside it. Two that a terminal cannot tell apart are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    code: Code,
    held: Held,
}

/// A key by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The key that types this character. Shift is part of the character.
    Char(char),
    /// `F1` and so on.
    F(u8),
    /// A key with one of these [`NAMES`].
    Named(&'static str),
}

/// What is held down beside a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Held {
    /// Ctrl.
    pub ctrl: bool,
    /// Alt.
    pub alt: bool,
    /// Shift, where it is not part of a character.
    pub shift: bool,
}

/// What is wrong with a key that was written, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddKey {
    /// What is wrong.
    pub message: String,
    /// What helps.
    pub hint: Option<String>,
}

/// The keys that have names. Space types a character and has a name all the same.
pub const NAMES: [&str; 21] = [
    "Up",
    "Down",
    "Left",
    "Right",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Insert",
    "Delete",
    "Enter",
    "Esc",
    "Tab",
    "Backspace",
    "Menu",
    "Pause",
    "PrintScreen",
    "ScrollLock",
    "CapsLock",
    "NumLock",
    "KeypadBegin",
];

/// The last of the function keys.
const LAST_F: u8 = 24;

/// What other programs call keys.
const FOREIGN: [(&str, &str); 21] = [
    ("\t", "Tab"),
    ("\n", "Enter"),
    ("\u{1b}", "Esc"),
    ("escape", "Esc"),
    ("return", "Enter"),
    ("ret", "Enter"),
    ("cr", "Enter"),
    ("newline", "Enter"),
    ("pgup", "PageUp"),
    ("page-up", "PageUp"),
    ("prior", "PageUp"),
    ("pgdn", "PageDown"),
    ("pgdown", "PageDown"),
    ("page-down", "PageDown"),
    ("next", "PageDown"),
    ("del", "Delete"),
    ("ins", "Insert"),
    ("bs", "Backspace"),
    ("spc", "Space"),
    ("minus", "-"),
    ("plus", "+"),
];

impl Chord {
    /// A key with what is held down beside it, as a terminal sends both: to it Ctrl-i is Tab, and Ctrl-4 is Ctrl-\.
    pub fn new(code: Code, held: Held) -> Self {
        let plain = |code| Self { code, held: Held { ctrl: false, ..held } };
        match code {
            Code::Char(c) if held.ctrl => {
                let held = Held { shift: false, ..held };
                let plain = |name| Self { code: Code::Named(name), held: Held { ctrl: false, ..held } };
                let c = match c.to_ascii_lowercase() {
                    'i' => return plain("Tab"),
                    'm' => return plain("Enter"),
                    '[' | '3' => return plain("Esc"),
                    '?' | '8' => return plain("Backspace"),
                    '@' | '2' => ' ',
                    '4' => '\\',
                    '5' => ']',
                    '6' => '^',
                    '7' | '/' => '_',
                    c => c,
                };
                Self { code: Code::Char(c), held }
            }
            Code::Char(_) => Self { code, held: Held { shift: false, ..held } },
            // Of these there is one code, whatever is held down beside them; only Tab knows Shift.
            Code::Named("Enter" | "Esc" | "Backspace") => {
                Self { code, held: Held { shift: false, ..plain(code).held } }
            }
            Code::Named("Tab") => plain(code),
            Code::F(_) | Code::Named(_) => Self { code, held },
        }
    }

    /// Reads a key as people write it: `Ctrl-`, `Alt-` and `Shift-` before a character or a name.
    pub fn parse(text: &str) -> Result<Self, OddKey> {
        let (held, rest) = held(text);
        let Some((code, shift)) = code(rest) else { return Err(unknown(text)) };
        let held = Held { shift: held.shift || shift, ..held };
        let chord = Self::new(code, held);
        match odd(code, held, chord) {
            None => Ok(chord),
            Some((why, hint)) => Err(OddKey { message: format!("`{text}`: {why}"), hint: Some(hint) }),
        }
    }

    /// The key by itself.
    pub fn code(self) -> Code {
        self.code
    }

    /// What is held down beside it.
    pub fn held(self) -> Held {
        self.held
    }

    /// The character that it types, if it types any.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if self.held == Held::default() => Some(c),
            Code::Char(_) | Code::F(_) | Code::Named(_) => None,
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Held { ctrl, alt, shift } = self.held;
        for (held, name) in [(ctrl, "Ctrl-"), (alt, "Alt-"), (shift, "Shift-")] {
            out.write_str(if held { name } else { "" })?;
        }
        match self.code {
            Code::Char(' ') => out.write_str("Space"),
            Code::Char(c) => write!(out, "{c}"),
            Code::F(number) => write!(out, "F{number}"),
            Code::Named(name) => out.write_str(name),
        }
    }
}

/// What is held down, and the rest of the text.
fn held(text: &str) -> (Held, &str) {
    let (mut held, mut rest) = (Held::default(), text);
    loop {
        let place = match rest.split_once('-') {
            Some((word, after)) if !after.is_empty() => match word.to_ascii_lowercase().as_str() {
                "ctrl" => &mut held.ctrl,
                "alt" => &mut held.alt,
                "shift" => &mut held.shift,
                _ => return (held, rest),
            },
            Some(_) | None => return (held, rest),
        };
        *place = true;
        rest = &rest[rest.find('-').map_or(0, |at| at + 1)..];
    }
}

/// The key of this name, and whether the name says that Shift is held.
fn code(name: &str) -> Option<(Code, bool)> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control()).then_some((Code::Char(c), false));
    }
    if name.eq_ignore_ascii_case("space") {
        return Some((Code::Char(' '), false));
    }
    if name.eq_ignore_ascii_case("backtab") {
        return Some((Code::Named("Tab"), true));
    }
    let number = name.strip_prefix(['F', 'f']).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    if let Some(number) = number.and_then(|digits| digits.parse().ok()) {
        return (1..=LAST_F).contains(&number).then_some((Code::F(number), false));
    }
    let known = NAMES.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map(|known| (Code::Named(known), false))
}

/// Why a terminal does not send this as it was written, and what helps.
fn odd(code: Code, held: Held, chord: Chord) -> Option<(String, String)> {
    let simpler = || format!("write `{chord}`");
    match code {
        Code::Char(c) if held.ctrl && !(c.is_ascii_alphabetic() || " @[\\]^_?/2345678".contains(c)) => {
            let hint = "Ctrl goes with letters, Space and `@ [ \\ ] ^ _`".to_owned();
            Some(("a terminal has no code for Ctrl with this character".to_owned(), hint))
        }
        Code::Char(_) if held.ctrl && held.shift => {
            Some(("a terminal does not tell Shift beside Ctrl and a character".to_owned(), simpler()))
        }
        Code::Char(c) if held.shift && c.is_lowercase() => {
            let upper = c.to_uppercase().to_string();
            Some((
                "Shift makes it another character".to_owned(),
                format!("write `{}`", if held.alt { format!("Alt-{upper}") } else { upper }),
            ))
        }
        Code::Char(_) if held.shift => Some(("Shift is part of the character".to_owned(), simpler())),
        Code::Named(name) if chord.held != held => {
            let why = format!("a terminal has one code for {name}, whatever is held down beside it");
            Some((why, simpler()))
        }
        Code::Char(_) | Code::F(_) | Code::Named(_) => None,
    }
}

fn unknown(text: &str) -> OddKey {
    if text.is_empty() {
        let hint = "`false` takes all keys away".to_owned();
        return OddKey { message: "a key cannot be empty".to_owned(), hint: Some(hint) };
    }
    let hint = suggestion(text);
    let hint = hint.unwrap_or_else(|| "for example `x`, `Ctrl-x`, `Alt-1`, `F5`, `PageDown`".to_owned());
    let written =
        if text.contains(char::is_control) { text.escape_debug().to_string() } else { text.to_owned() };
    OddKey { message: format!("no key is written `{written}`"), hint: Some(hint) }
}

/// The key that was meant, from what other programs call keys, or by letters.
fn suggestion(text: &str) -> Option<String> {
    let bare = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
    let bare = match bare.strip_prefix('^') {
        Some(rest) => format!("Ctrl-{}", rest.to_lowercase()),
        None => bare.to_owned(),
    };
    let mut parts: Vec<&str> = bare.split(['-', '+', ' ']).collect();
    // The key itself may be a hyphen or a plus.
    let last = match parts.pop()? {
        "" => bare.get(bare.len() - 1..)?,
        last => last,
    };
    let mut meant = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        meant += match part.to_ascii_lowercase().as_str() {
            "c" | "ctrl" | "control" | "ctl" => "Ctrl-",
            "m" | "a" | "alt" | "meta" | "option" | "opt" => "Alt-",
            "s" | "shift" => "Shift-",
            "cmd" | "command" | "super" | "win" | "d" => {
                return Some("a terminal never passes this key on".to_owned());
            }
            _ => return named(&bare),
        };
    }
    let meant = match code(last) {
        Some(_) => meant + last,
        None => meant + named_key(last)?,
    };
    match Chord::parse(&meant) {
        Ok(chord) if meant != text => Some(format!("did you mean `{chord}`?")),
        Ok(_) => None,
        Err(odd) => odd.hint,
    }
}

fn named(text: &str) -> Option<String> {
    named_key(text).map(|name| format!("did you mean `{name}`?"))
}

fn named_key(text: &str) -> Option<&'static str> {
    let folded = text.to_ascii_lowercase().replace('_', "-");
    let foreign = FOREIGN.iter().find(|(name, _)| *name == folded).map(|(_, ours)| *ours);
    foreign.or_else(|| nearest(text, NAMES.into_iter().chain(["Space"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Chord::parse(text) {
            Ok(chord) => chord.to_string(),
            Err(odd) => odd.message,
        }
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in [
            "j",
            "G",
            "\\",
            "|",
            "-",
            "+",
            "ö",
            "Space",
            "Ctrl-x",
            "Ctrl-Space",
            "Ctrl-\\",
            "Ctrl-]",
            "Alt-1",
            "Alt--",
            "Alt-A",
            "F1",
            "F12",
            "Shift-F3",
            "Shift-Tab",
            "Insert",
            "Delete",
            "Ctrl-Up",
            "Shift-Left",
            "Ctrl-Alt-Shift-PageDown",
            "Ctrl-Alt-x",
            "Enter",
            "Esc",
            "Alt-Enter",
            "Backspace",
        ] {
            assert_eq!(read(text), text);
        }
    }

    #[test]
    fn equal_keys_are_equal_however_they_are_written() {
        for (one, other) in [
            ("Ctrl-I", "Tab"),
            ("Ctrl-m", "Enter"),
            ("Ctrl-[", "Esc"),
            ("Ctrl-5", "Ctrl-]"),
            ("Ctrl-@", "Ctrl-Space"),
            ("Ctrl-/", "Ctrl-_"),
            ("BackTab", "Shift-Tab"),
            ("ctrl-X", "Ctrl-x"),
            ("alt-ctrl-x", "Ctrl-Alt-x"),
            ("pagedown", "PageDown"),
            (" ", "Space"),
            ("f5", "F5"),
        ] {
            assert_eq!(read(one), other);
        }
    }
}
