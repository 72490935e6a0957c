//! The clipboard of the outer terminal: how a text is told to it (OSC 52), also through what stands between. Not: which text.
//!
//! tmux with its settings as they come takes no OSC 52 from a program (`set-clipboard external`) and passes nothing through
//! (`allow-passthrough off`); `tmux load-buffer -w` works with all settings, and gives the text to the terminal outside too.

use std::ffi::OsStr;

/// Who stands between zap and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Nobody.
    Nobody,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

/// screen takes pieces of a sequence that are no longer.
const PIECE: usize = 512;

impl Between {
    /// By the variables that tmux and screen set.
    pub(super) fn of<'a>(variable: impl Fn(&str) -> Option<&'a OsStr>) -> Self {
        let set = |name| variable(name).is_some_and(|value| !value.is_empty());
        match (set("TMUX"), set("STY")) {
            (true, _) => Self::Tmux,
            (false, true) => Self::Screen,
            (false, false) => Self::Nobody,
        }
    }
}

/// What is written to the terminal. To tmux both ways in which it may take it, for when it cannot be asked.
pub(super) fn sequence(text: &str, between: Between) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", base64(text.as_bytes()));
    match between {
        Between::Nobody => plain.into_bytes(),
        Between::Tmux => {
            let through = plain.replace('\x1b', "\x1b\x1b");
            format!("{plain}\x1bPtmux;{through}\x1b\\").into_bytes()
        }
        Between::Screen => {
            let pieces = plain.as_bytes().chunks(PIECE);
            pieces.flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect()
        }
    }
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            out.push(if digit <= three.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        let told = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(told, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }

    #[test]
    fn each_gets_what_it_understands() {
        let told = |between| String::from_utf8(sequence("hé", between)).unwrap();
        assert_eq!(told(Between::Nobody), "\x1b]52;c;aMOp\x07");
        assert_eq!(told(Between::Tmux), "\x1b]52;c;aMOp\x07\x1bPtmux;\x1b\x1b]52;c;aMOp\x07\x1b\\");
        assert_eq!(told(Between::Screen), "\x1bP\x1b]52;c;aMOp\x07\x1b\\");
        let long = sequence(&"x".repeat(3_000), Between::Screen);
        assert!(long.split(|byte| *byte == b'\\').all(|piece| piece.len() <= PIECE + 3));
        assert_eq!(Between::of(|_| None), Between::Nobody);
    }
}
