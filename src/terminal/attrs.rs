//! The colours and styles that SGR sequences set: read as terminals read them, written in one canonical way that vt100 knows
//! too. Not the normalising of parameters with parts: the filter does that before.

/// How many parameters of one SGR sequence count. vt100 looks at 32; the filter passes no more than this.
pub(super) const SGR_PARAMS: usize = 32;

/// Whether all parameters of an SGR sequence count, so that it may be said as it was given.
#[inline]
pub(super) fn all_count(given: &[u8]) -> bool {
    given.len() < SGR_PARAMS || memchr::memchr_iter(b';', given).count() < SGR_PARAMS
}

/// A colour as programs name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Color {
    #[default]
    Default,
    Index(u8),
    Rgb(u8, u8, u8),
}

impl From<vt100::Color> for Color {
    fn from(color: vt100::Color) -> Self {
        match color {
            vt100::Color::Default => Self::Default,
            vt100::Color::Idx(index) => Self::Index(index),
            vt100::Color::Rgb(r, g, b) => Self::Rgb(r, g, b),
        }
    }
}

/// How vt100 would read an SGR sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// As a terminal does.
    Alike,
    /// Otherwise: it must be said in other words.
    Otherwise,
}

impl Heard {
    fn unless(odd: bool) -> Self {
        if odd { Self::Otherwise } else { Self::Alike }
    }
}

/// A double underline, which is a line. vt100 does not know it.
const DOUBLE_LINE: u16 = 21;
/// The colour of the underline follows.
const LINE_COLOUR: u16 = 58;

const BOLD: u8 = 1;
const DIM: u8 = 2;
const ITALIC: u8 = 4;
const UNDERLINE: u8 = 8;
const INVERSE: u8 = 16;

/// What the next character will look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Attrs {
    foreground: Color,
    background: Color,
    flags: u8,
}

impl Attrs {
    /// The attributes of a cell.
    pub(super) fn of_cell(cell: &vt100::Cell) -> Self {
        let mut flags = 0;
        for (set, flag) in [
            (cell.bold(), BOLD),
            (cell.dim(), DIM),
            (cell.italic(), ITALIC),
            (cell.underline(), UNDERLINE),
            (cell.inverse(), INVERSE),
        ] {
            flags |= if set { flag } else { 0 };
        }
        Self { foreground: cell.fgcolor().into(), background: cell.bgcolor().into(), flags }
    }

    /// The attributes that a screen would draw with.
    #[cfg(test)]
    pub(super) fn of_screen(screen: &vt100::Screen) -> Self {
        let mut flags = 0;
        for (set, flag) in [
            (screen.bold(), BOLD),
            (screen.dim(), DIM),
            (screen.italic(), ITALIC),
            (screen.underline(), UNDERLINE),
            (screen.inverse(), INVERSE),
        ] {
            flags |= if set { flag } else { 0 };
        }
        Self { foreground: screen.fgcolor().into(), background: screen.bgcolor().into(), flags }
    }

    /// Whether nothing is set.
    pub(super) fn is_default(self) -> bool {
        self == Self::default()
    }

    /// Whether a blank with these attributes looks different from a blank without.
    pub(super) fn shows_on_blank(self) -> bool {
        self.background != Color::Default || self.flags & (UNDERLINE | INVERSE) != 0
    }

    /// Whether the background is the default one.
    pub(super) fn background_is_default(self) -> bool {
        self.background == Color::Default
    }

    /// Only the background: what a real terminal erases with.
    pub(super) fn only_background(self) -> Self {
        Self { background: self.background, ..Self::default() }
    }

    /// Applies the parameters between `ESC [` and `m` (digits and semicolons only).
    #[inline]
    pub(super) fn apply(&mut self, params: &[u8]) {
        let (Heard::Alike | Heard::Otherwise) = self.follow(params);
    }

    /// The same, and tells whether vt100 would come to the same.
    #[inline]
    pub(super) fn follow(&mut self, params: &[u8]) -> Heard {
        match *params {
            [] | [b'0'] => {
                *self = Self::default();
                return Heard::Alike;
            }
            [d] => {
                self.apply_one(u16::from(d.wrapping_sub(b'0')));
                return Heard::Alike;
            }
            [a, b] if a != b';' && b != b';' => {
                let number = u16::from(a.wrapping_sub(b'0')) * 10 + u16::from(b.wrapping_sub(b'0'));
                self.apply_one(number);
                return Heard::unless(number == DOUBLE_LINE || number == LINE_COLOUR);
            }
            _ => {}
        }
        let mut numbers = [0_u16; SGR_PARAMS];
        let mut count = 0;
        for &byte in params {
            if byte == b';' {
                count += 1;
                if count == SGR_PARAMS {
                    break;
                }
            } else {
                let number = &mut numbers[count];
                *number = number.saturating_mul(10).saturating_add(u16::from(byte.wrapping_sub(b'0')));
            }
        }
        self.apply_all(&numbers[..(count + 1).min(SGR_PARAMS)])
    }

    fn apply_all(&mut self, numbers: &[u16]) -> Heard {
        let mut odd = false;
        let mut rest = numbers;
        while let Some((&number, after)) = rest.split_first() {
            rest = after;
            odd |= number == DOUBLE_LINE;
            if number != 38 && number != 48 && number != LINE_COLOUR {
                self.apply_one(number);
                continue;
            }
            odd |= number == LINE_COLOUR;
            // As in vt100: what is cut short or out of range ends the whole sequence.
            let Some((color, after)) = extended(rest) else { break };
            rest = after;
            match number {
                38 => self.foreground = color,
                48 => self.background = color,
                // The colour of the underline, which nobody here holds. vt100 would take its parts for styles.
                _ => {}
            }
        }
        Heard::unless(odd)
    }

    fn apply_one(&mut self, number: u16) {
        match number {
            0 => *self = Self::default(),
            1 => self.flags = self.flags & !DIM | BOLD,
            2 => self.flags = self.flags & !BOLD | DIM,
            3 => self.flags |= ITALIC,
            4 | DOUBLE_LINE => self.flags |= UNDERLINE,
            7 => self.flags |= INVERSE,
            22 => self.flags &= !(BOLD | DIM),
            23 => self.flags &= !ITALIC,
            24 => self.flags &= !UNDERLINE,
            27 => self.flags &= !INVERSE,
            30..=37 => self.foreground = Color::Index(number as u8 - 30),
            39 => self.foreground = Color::Default,
            40..=47 => self.background = Color::Index(number as u8 - 40),
            49 => self.background = Color::Default,
            90..=97 => self.foreground = Color::Index(number as u8 - 82),
            100..=107 => self.background = Color::Index(number as u8 - 92),
            _ => {}
        }
    }

    /// Writes the sequence that leads from the default to these attributes: nothing for the default.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        if self.is_default() {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        let start = out.len();
        for (flag, number) in [(BOLD, b'1'), (DIM, b'2'), (ITALIC, b'3'), (UNDERLINE, b'4'), (INVERSE, b'7')]
        {
            if self.flags & flag != 0 {
                out.extend_from_slice(&[number, b';']);
            }
        }
        write_color(self.foreground, 0, out);
        write_color(self.background, 10, out);
        if out.len() > start {
            out.pop();
        }
        out.push(b'm');
    }

    /// Writes what leads from `from` to these attributes: nothing if they are the same.
    pub(super) fn write_after(self, from: Self, out: &mut Vec<u8>) {
        if self != from {
            if !from.is_default() {
                out.extend_from_slice(b"\x1b[m");
            }
            self.write(out);
        }
    }
}

fn extended(numbers: &[u16]) -> Option<(Color, &[u16])> {
    match *numbers {
        [5, index, ref rest @ ..] => Some((Color::Index(u8::try_from(index).ok()?), rest)),
        [2, r, g, b, ref rest @ ..] => {
            let [Ok(r), Ok(g), Ok(b)] = [r, g, b].map(u8::try_from) else { return None };
            Some((Color::Rgb(r, g, b), rest))
        }
        _ => None,
    }
}

fn write_color(color: Color, shift: u8, out: &mut Vec<u8>) {
    match color {
        Color::Default => {}
        Color::Index(index @ 0..=7) => write_number(u16::from(30 + shift + index), out),
        Color::Index(index @ 8..=15) => write_number(u16::from(82 + shift + index), out),
        Color::Index(index) => {
            for number in [38 + shift, 5, index] {
                write_number(u16::from(number), out);
            }
        }
        Color::Rgb(r, g, b) => {
            for number in [38 + shift, 2, r, g, b] {
                write_number(u16::from(number), out);
            }
        }
    }
}

fn write_number(number: u16, out: &mut Vec<u8>) {
    push_decimal(number, out);
    out.push(b';');
}

/// Appends a number in decimal digits.
#[inline]
pub(super) fn push_decimal(number: u16, out: &mut Vec<u8>) {
    if number < 10 {
        return out.push(b'0' + number as u8);
    }
    let mut digits = [0_u8; 5];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(params: &str) -> Attrs {
        let mut attrs = Attrs::default();
        attrs.apply(params.as_bytes());
        attrs
    }

    #[test]
    fn what_vt100_would_misread_is_told() {
        for (params, same) in [
            ("58;5;3", ""),
            ("58;2;1;2;3;31", "31"),
            ("4;58;2;1;2;3", "4"),
            ("31;58", "31"),
            ("21", "4"),
            ("1;21", "1;4"),
            ("21;24", ""),
        ] {
            let mut attrs = Attrs::default();
            assert_eq!(attrs.follow(params.as_bytes()), Heard::Otherwise, "{params}");
            assert_eq!(attrs, after(same), "{params}");
        }
        for params in ["", "0", "1;31", "38;5;58", "48;2;21;58;21", "22"] {
            assert_eq!(Attrs::default().follow(params.as_bytes()), Heard::Alike, "{params}");
        }
    }

    fn in_vt100(params: &str) -> Attrs {
        let mut parser = vt100::Parser::default();
        parser.process(format!("\x1b[{params}m").as_bytes());
        Attrs::of_screen(parser.screen())
    }

    #[test]
    fn reads_sequences_as_vt100_does() {
        for params in [
            "",
            "0",
            "1",
            "1;31",
            "38;5;200",
            "38;2;1;2;3",
            "48;5;300;1",
            "38;5",
            "38;9;1",
            "1;38",
            "97;101",
            "2;1;4",
            ";1",
            "1;",
            "1;;4",
            "7;27;3",
            "99999;1",
            "48;2;1;2",
            "22",
            "38",
            "48",
            "5",
            "9;1",
            "39;49",
        ] {
            assert_eq!(after(params), in_vt100(params), "{params}");
        }
    }

    #[test]
    fn as_many_parameters_count_as_in_vt100() {
        let both_colours = "38;2;101;102;103;48;2;201;202;203";
        let full = format!("{}4", "1;".repeat(SGR_PARAMS - 1));
        for params in [both_colours, &full] {
            assert!(all_count(params.as_bytes()));
            assert_eq!(after(params), in_vt100(params), "{params}");
        }
        assert!(!all_count(format!("1;{full}").as_bytes()));
    }

    #[test]
    fn writes_what_it_reads() {
        for params in ["1;31", "38;5;200;48;5;9", "38;2;1;2;3;7", "2;3;4;97;100"] {
            let mut out = Vec::new();
            after(params).write(&mut out);
            assert_eq!(after(std::str::from_utf8(&out[2..out.len() - 1]).unwrap()), after(params));
        }
    }
}
