//! Stretches of a painted stream that vt100 reads as a terminal does: they are said to it as they stand, not word by word. Only
//! what is known to be harmless is among them; whatever is not goes the long way, through `filter` and `painted`.

use super::attrs::{Heard, all_count};
use super::body::Body;
use super::cells::has_wide;
use super::filter::{near, text_end, unwanted};
use super::painted::Came;

const ESC: u8 = 0x1b;
/// A stretch is not longer than this by much, so that a panic of the parser takes no more with it.
const LONGEST_STRETCH: usize = 16 * 1024;

/// A piece of such a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text,
    /// Text that has characters of two columns.
    WideText,
    Feed,
    Return,
    Back,
    Tab,
    /// Colours; the parameters.
    Sgr(&'a [u8]),
    /// Erases what stands right of the cursor, as programs do that only print lines.
    EraseRight,
    /// Erases anything else on the row.
    Erase,
    /// Moves the cursor.
    Move,
    /// Moves what stands on the screen, and not the cursor.
    Shift,
    /// Sends the cursor to the top left.
    Home,
}

impl Body {
    /// Takes from the beginning of `bytes`, where nothing is under way, what the parser may hear as it stands; returns how many
    /// bytes that was.
    pub(super) fn take_verbatim(&mut self, bytes: &[u8]) -> usize {
        if !self.painted.in_vt100s_modes() || self.painted.inner_region().is_some() {
            return 0;
        }
        let mut taken = 0;
        let mut ends_in_text = false;
        while taken < LONGEST_STRETCH
            && let Some((piece, length)) = piece(&bytes[taken..])
            && self.follow(piece)
        {
            taken += length;
            self.taken.1 += 1;
            ends_in_text = matches!(piece, Piece::Text | Piece::WideText);
        }
        if taken > 0 {
            self.last = if ends_in_text { last_character(&bytes[..taken]) } else { None };
        }
        self.pass(&bytes[..taken]);
        taken
    }

    /// Keeps in mind what a piece does that the parser does not tell. Refuses it if it has to be said in other words.
    #[inline]
    fn follow(&mut self, piece: Piece<'_>) -> bool {
        match piece {
            // The newline that may lead back to plain lines.
            Piece::Feed if self.painted.plain_lines + 1 >= u32::from(self.rows) => return false,
            // vt100 would erase in all attributes.
            Piece::EraseRight | Piece::Erase if self.attrs != self.attrs.only_background() => return false,
            // To set them once more in the other words changes nothing.
            Piece::Sgr(params) if self.attrs.follow(params) == Heard::Otherwise => return false,
            // What wraps there has to be said in other words.
            Piece::WideText if self.painted.under.is_none() => return false,
            _ => {}
        }
        if !matches!(piece, Piece::Sgr(_)) {
            self.painted.went_on(matches!(piece, Piece::Feed | Piece::Return));
        }
        match piece {
            Piece::Home => self.painted.came = Came::Home,
            Piece::Sgr(_) | Piece::EraseRight | Piece::Erase | Piece::Shift => {}
            Piece::Text
            | Piece::WideText
            | Piece::Feed
            | Piece::Return
            | Piece::Back
            | Piece::Tab
            | Piece::Move => {
                self.painted.came = Came::Otherwise;
            }
        }
        match piece {
            Piece::Text | Piece::WideText | Piece::Tab | Piece::EraseRight | Piece::Sgr(_) => {}
            Piece::Feed => {
                self.ended += 1;
                self.painted.plain_lines += 1;
            }
            Piece::Return => self.painted.returned = true,
            Piece::Back | Piece::Erase | Piece::Move | Piece::Shift | Piece::Home => {
                self.painted.plain_lines = 0;
            }
        }
        true
    }
}

/// What `bytes` begin with and how long it is, if vt100 may hear it as it stands.
#[inline]
fn piece(bytes: &[u8]) -> Option<(Piece<'_>, usize)> {
    match *bytes.first()? {
        ESC => sequence(bytes),
        b'\n' => Some((Piece::Feed, 1)),
        b'\r' => Some((Piece::Return, 1)),
        b'\t' => Some((Piece::Tab, 1)),
        0x08 => Some((Piece::Back, 1)),
        _ => match harmless(bytes) {
            0 => None,
            length if is_wide(&bytes[..length]) => Some((Piece::WideText, length)),
            length => Some((Piece::Text, length)),
        },
    }
}

/// A control sequence that is here as a whole, with nothing but numbers in it.
#[inline]
fn sequence(bytes: &[u8]) -> Option<(Piece<'_>, usize)> {
    let rest = bytes.strip_prefix(b"\x1b[")?;
    let end = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';'))?;
    let given = &rest[..end];
    let piece = match rest[end] {
        b'm' if all_count(given) => Piece::Sgr(given),
        b'K' if matches!(given, [] | [b'0']) => Piece::EraseRight,
        b'K' | b'X' => Piece::Erase,
        b'H' | b'f' if is_top_left(given) => Piece::Home,
        b'A'..=b'H' | b'`' | b'd' | b'f' => Piece::Move,
        b'@' | b'L' | b'P' | b'S' | b'T' => Piece::Shift,
        _ => return None,
    };
    Some((piece, end + 3))
}

/// Whether all parameters are 0, 1 or left out.
#[inline]
fn is_top_left(given: &[u8]) -> bool {
    given.iter().enumerate().all(|(at, byte)| match byte {
        b'0' | b'1' => !given[..at].ends_with(b"1"),
        _ => *byte == b';',
    })
}

/// How many bytes of text there are before anything that must not be printed.
#[inline]
fn harmless(bytes: &[u8]) -> usize {
    let near = near(bytes);
    let run = &near[..text_end(near)];
    if run.is_ascii() {
        return run.len();
    }
    let valid = std::str::from_utf8(run).map_or_else(|error| error.valid_up_to(), str::len);
    unwanted(&run[..valid]).map_or(valid, |(at, _)| at)
}

/// Whether a valid text has characters of two columns.
#[inline]
fn is_wide(text: &[u8]) -> bool {
    !text.is_ascii() && std::str::from_utf8(text).is_ok_and(has_wide)
}

/// The character that ends a text.
fn last_character(text: &[u8]) -> Option<char> {
    let tails = (1..=text.len().min(4)).map(|length| &text[text.len() - length..]);
    tails.filter_map(|tail| std::str::from_utf8(tail).ok()).find_map(|tail| tail.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much of `bytes` is taken as it stands, piece by piece.
    fn untouched(bytes: &[u8]) -> usize {
        let mut taken = 0;
        while let Some((_, length)) = piece(&bytes[taken..]) {
            taken += length;
        }
        taken
    }

    #[test]
    fn what_vt100_reads_as_we_do_is_untouched() {
        for words in [
            "text, größe 漢字 ┌─┐\r\n\tand\x08more",
            "\x1b[m\x1b[1;31m\x1b[38;5;200mcolours\x1b[48;2;1;2;3m",
            "\x1b[H\x1b[2;3H\x1b[5A\x1b[C\x1b[7d\x1b[K\x1b[1K\x1b[3X\x1b[2L\x1b[P\x1b[@",
        ] {
            assert_eq!(untouched(words.as_bytes()), words.len(), "{words:?}");
        }
    }

    #[test]
    fn what_must_not_reach_a_screen_is_not_untouched() {
        let words: [&[u8]; 35] = [
            b"\x07",
            b"\x00",
            b"\x0b",
            b"\x0e",
            b"\x7f",
            b"\x80",
            b"\xff",
            b"\xe6\xbc",
            b"\xc2\x9b31m",
            "\u{fe0f}".as_bytes(),
            "\u{fffd}".as_bytes(),
            "\u{202e}".as_bytes(),
            "\u{2028}".as_bytes(),
            b"\x1b",
            b"\x1b[",
            b"\x1b[1;3",
            b"\x1b[1\x182J",
            b"\x1b[1\n2H",
            b"\x1b]0;title\x07",
            b"\x1bPq\x1b\\",
            b"\x1b_x\x1b\\",
            b"\x1b(0",
            b"\x1b7",
            b"\x1bc",
            b"\x1b[6n",
            b"\x1b[c",
            b"\x1b[$p",
            b"\x1b[?25l",
            b"\x1b[?1049h",
            b"\x1b[2J",
            b"\x1b[1;2r",
            b"\x1b[9b",
            b"\x1b[8;200;200t",
            b"\x1b[4:3m",
            b"\x1b[1!p",
        ];
        for words in words {
            assert_eq!(untouched(words), 0, "{:?}", String::from_utf8_lossy(words));
            let after_text = [b"text\x1b[1m".as_slice(), words].concat();
            assert_eq!(untouched(&after_text), 8, "{:?}", String::from_utf8_lossy(words));
        }
        let long = format!("\x1b[{}m", "1;".repeat(40));
        assert_eq!(untouched(long.as_bytes()), 0);
    }

    #[test]
    fn a_text_ends_with_its_last_character() {
        for (text, last) in [("ab", 'b'), ("é", 'é'), ("a漢", '漢'), ("x😀", '😀'), ("e\u{301}", '\u{301}')]
        {
            assert_eq!(last_character(text.as_bytes()), Some(last));
        }
    }
}
