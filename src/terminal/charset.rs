//! Character sets: which of the four that a terminal holds is in use, and what a byte means in it. Knows nothing of sequences.

/// A set that a program can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Set {
    #[default]
    Ascii,
    /// DEC's lines and signs.
    Lines,
    /// ASCII, but for the pound sign.
    British,
}

/// The four sets, and which is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Charsets {
    sets: [Set; 4],
    used: u8,
    /// For the next character only.
    once: Option<u8>,
}

impl Charsets {
    /// Whether bytes are what they seem, and stay so after `ESC ( B`.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        self.is_ascii() && self.sets[0] == Set::Ascii
    }

    /// Whether the next byte is what it seems.
    #[inline]
    pub(super) fn is_ascii(self) -> bool {
        self.once.is_none() && self.sets[usize::from(self.used)] == Set::Ascii
    }

    /// Puts a set in one of the four places: `ESC (`, `)`, `*`, `+`, and the byte that names the set.
    pub(super) fn designate(&mut self, place: u8, name: u8) {
        let set = match name {
            b'0' => Set::Lines,
            b'A' => Set::British,
            _ => Set::Ascii,
        };
        if let Some(slot) = self.sets.get_mut(usize::from(place.wrapping_sub(b'('))) {
            *slot = set;
        }
    }

    /// Uses the set at a place from now on.
    pub(super) fn shift(&mut self, place: u8) {
        self.used = place;
    }

    /// Uses the set at a place for the next character.
    pub(super) fn shift_once(&mut self, place: u8) {
        self.once = Some(place);
    }

    /// What a byte below 0x80 means now.
    pub(super) fn read(&mut self, byte: u8) -> char {
        let place = self.once.take().unwrap_or(self.used);
        match self.sets[usize::from(place)] {
            Set::Lines => line_drawing(byte),
            Set::British if byte == b'#' => '£',
            Set::Ascii | Set::British => char::from(byte),
        }
    }

    /// A character beyond ASCII came, which is what it is in any set.
    pub(super) fn pass(&mut self) {
        self.once = None;
    }
}

fn line_drawing(byte: u8) -> char {
    match byte {
        b'_' => ' ',
        b'`' => '◆',
        b'a' => '▒',
        b'b' => '␉',
        b'c' => '␌',
        b'd' => '␍',
        b'e' => '␊',
        b'f' => '°',
        b'g' => '±',
        b'h' => '␤',
        b'i' => '␋',
        b'j' => '┘',
        b'k' => '┐',
        b'l' => '┌',
        b'm' => '└',
        b'n' => '┼',
        b'o' => '⎺',
        b'p' => '⎻',
        b'q' => '─',
        b'r' => '⎼',
        b's' => '⎽',
        b't' => '├',
        b'u' => '┤',
        b'v' => '┴',
        b'w' => '┬',
        b'x' => '│',
        b'y' => '≤',
        b'z' => '≥',
        b'{' => 'π',
        b'|' => '≠',
        b'}' => '£',
        b'~' => '·',
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_places_hold_sets() {
        let mut sets = Charsets::default();
        assert!(sets.is_plain());
        sets.designate(b')', b'0');
        sets.designate(b'*', b'A');
        assert_eq!(sets.read(b'q'), 'q');
        sets.shift(1);
        assert!(!sets.is_ascii());
        assert_eq!((sets.read(b'q'), sets.read(b'#')), ('─', '#'));
        sets.shift_once(2);
        assert_eq!((sets.read(b'#'), sets.read(b'q')), ('£', '─'));
        sets.shift(0);
        assert!(sets.is_plain());
        sets.designate(b'(', b'0');
        assert!(!sets.is_plain());
    }
}
