//! Text that is safe to print: valid, without characters that harm a screen, out of whatever character set. Not: controls.

use super::Filter;

/// Text is looked at in pieces of this size, so that broken bytes do not make all that follows be looked at once more for each.
const LONGEST_TEXT: usize = 256;

/// What stands for bytes that are no characters. vt100 would swallow U+FFFD.
const REPLACEMENT: &[u8] = b"?";

/// Where a run of text is.
pub(super) enum Run {
    Input(usize, usize),
    Scratch,
    Nothing,
}

impl Filter {
    /// A run of text from `at` on, which stands on a byte that is not a control.
    #[inline]
    pub(super) fn text(&mut self, input: &[u8], at: &mut usize) -> Run {
        let start = *at;
        let rest = near(&input[start..]);
        let end = text_end(rest);
        let run = &rest[..end];
        if !self.charsets.is_ascii() {
            return self.translate(run, at);
        }
        if run.is_ascii() {
            *at += end;
            return Run::Input(start, start + end);
        }
        let (valid, fault) = match std::str::from_utf8(run) {
            Ok(_) => (end, None),
            Err(error) => (error.valid_up_to(), Some(error.error_len())),
        };
        if let Some((harmless, length)) = unwanted(&run[..valid]) {
            if harmless > 0 {
                *at += harmless;
                return Run::Input(start, start + harmless);
            }
            *at += length;
            return self.stand_in(&run[..length]);
        }
        if valid > 0 {
            *at += valid;
            return Run::Input(start, start + valid);
        }
        match fault {
            Some(None) if end == rest.len() => {
                self.half.extend_from_slice(run);
                *at += end;
                Run::Nothing
            }
            Some(None) => {
                *at += end;
                self.stand_in(&[])
            }
            Some(Some(length)) => {
                *at += length;
                self.stand_in(&[])
            }
            None => Run::Nothing,
        }
    }

    /// Puts what stands for an unwanted character into `scratch`: nothing, or a sign that something was there.
    fn stand_in(&mut self, character: &[u8]) -> Run {
        if !character.is_empty() && character != "\u{fffd}".as_bytes() {
            return Run::Nothing;
        }
        self.scratch.clear();
        self.scratch.push_str(known_valid(REPLACEMENT));
        Run::Scratch
    }

    /// Adds bytes to a character that was split. Returns whether there is text in `scratch` now.
    pub(super) fn complete_half(&mut self, input: &[u8], at: &mut usize) -> bool {
        let Some(&byte) = input.get(*at) else { return false };
        let held = self.half.len();
        self.half.push(byte);
        let half = std::mem::take(&mut self.half);
        match std::str::from_utf8(&half) {
            Ok(text) => {
                *at += 1;
                if unwanted(&half).is_some() {
                    return matches!(self.stand_in(&half), Run::Scratch);
                }
                self.scratch.clear();
                self.scratch.push_str(text);
                true
            }
            Err(error) if error.error_len().is_none() => {
                *at += 1;
                self.half = half;
                false
            }
            // The byte belongs to what comes next.
            Err(_) => {
                debug_assert!(held > 0, "a half character has begun");
                matches!(self.stand_in(&[]), Run::Scratch)
            }
        }
    }

    /// Text in another character set.
    fn translate(&mut self, run: &[u8], at: &mut usize) -> Run {
        self.scratch.clear();
        for &byte in run {
            if byte >= 0x80 {
                break;
            }
            *at += 1;
            self.scratch.push(self.charsets.read(byte));
        }
        if !self.scratch.is_empty() {
            return Run::Scratch;
        }
        self.charsets.pass();
        let length = run.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count().min(3) + 1;
        let mut character = &run[..length];
        // What follows it may be broken.
        if let Err(error) = std::str::from_utf8(character)
            && error.valid_up_to() > 0
        {
            character = &character[..error.valid_up_to()];
        }
        let length = character.len();
        match std::str::from_utf8(character) {
            Ok(text) => {
                *at += length;
                if unwanted(character).is_some() {
                    return self.stand_in(character);
                }
                self.scratch.push_str(text);
                Run::Scratch
            }
            Err(error) if error.error_len().is_none() && length == run.len() => {
                self.half.extend_from_slice(character);
                *at += length;
                Run::Nothing
            }
            Err(error) => {
                *at += error.error_len().unwrap_or(length);
                self.stand_in(&[])
            }
        }
    }
}

/// As much of the input as is looked at in one piece.
pub(in crate::terminal) fn near(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LONGEST_TEXT)]
}

/// Where the first control byte stands.
#[inline]
pub(in crate::terminal) fn text_end(bytes: &[u8]) -> usize {
    let mut end = 0;
    // Most runs on a painted screen are short.
    if let Some(end) = bytes.iter().take(16).position(|byte| is_control(*byte)) {
        return end;
    }
    for chunk in bytes.chunks(16) {
        if has_control(chunk) {
            return end + chunk.iter().position(|byte| is_control(*byte)).unwrap_or(chunk.len());
        }
        end += chunk.len();
    }
    end
}

/// Whether there is a control byte. All bytes are looked at: that is quicker than to stop.
#[inline]
pub(in crate::terminal) fn has_control(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |found, byte| found | u8::from(is_control(*byte))) != 0
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f
}

/// The first character of valid text that must not be printed: where, and how long.
pub(in crate::terminal) fn unwanted(text: &[u8]) -> Option<(usize, usize)> {
    let suspicious = |byte: &u8| matches!(byte, 0xc2 | 0xcd | 0xd8 | 0xe2 | 0xef | 0xf3);
    let candidates = text.iter().enumerate().filter(|(_, byte)| suspicious(byte));
    candidates.map(|(at, _)| at).find_map(|at| match text[at..] {
        // C1 controls; U+034F, which nobody sees and which stands for something else on our screens (see `MARGIN`); a mark of
        // right-to-left text.
        [0xc2, 0x80..=0x9f, ..] | [0xcd, 0x8f, ..] | [0xd8, 0x9c, ..] => Some((at, 2)),
        // Marks and embeddings of right-to-left text; line and paragraph separators; U+FE0F, on which vt100 can panic;
        // U+FFFD, which it would not show.
        [0xe2, 0x80, 0x8e | 0x8f | 0xa8..=0xae, ..]
        | [0xe2, 0x81, 0xa6..=0xa9, ..]
        | [0xef, 0xb8, 0x8f, ..]
        | [0xef, 0xbf, 0xbd, ..] => Some((at, 3)),
        // Tags: a text that nobody sees.
        [0xf3, 0xa0, _, _, ..] => Some((at, 4)),
        _ => None,
    })
}

/// The text of a run that was found valid.
#[inline]
pub(super) fn known_valid(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
