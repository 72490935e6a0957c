//! Raw output into tokens: text that is safe to print, the few controls that matter, and parsed sequences. Takes out what must
//! never reach a screen (strings of OSC, DCS, APC, PM and SOS, BEL, C1, bidi controls, U+FE0F), translates the
//! line-drawing character set, and survives any bytes split anywhere. Does not know what a screen is.

use super::attrs::all_count;
use super::charset::Charsets;
use super::sgr;

const ESC: u8 = 0x1b;
/// A string (title, clipboard, colour) longer than this is not kept, only skipped.
const STRING_KEPT: usize = 1024;
/// A string longer than this was never meant as one: what follows is output again.
const STRING_SKIPPED: usize = 1024 * 1024;
/// So much of a DCS string tells what it asks.
const DCS_KEPT: usize = 4;
/// Text is looked at in pieces of this size, so that broken bytes do not make all that follows be looked at once more for each.
const LONGEST_TEXT: usize = 256;
/// What stands for bytes that are no characters. vt100 would swallow U+FFFD.
const REPLACEMENT: &[u8] = b"?";

/// One piece of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Printable text, at least one character.
    Text(&'a str),
    /// `\n`, VT or FF.
    Feed,
    Return,
    Back,
    Tab,
    /// The parameters of an SGR sequence: digits and semicolons, only what vt100 knows how to read.
    Sgr(&'a [u8]),
    /// Any other control sequence.
    Csi(Csi),
    /// `ESC` and one byte.
    Esc(u8),
    /// `ESC # 8`: the screen is filled with E.
    Align,
    /// The contents of an OSC string, and the bytes that ended it.
    Osc(&'a [u8], &'static [u8]),
    /// How a DCS string began. Nobody wants the rest of it.
    Dcs(&'a [u8]),
}

/// A control sequence: `ESC [ private params intermediate last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Csi {
    /// `?`, `>`, `=`, `<`, or 0.
    pub(super) private: u8,
    /// `$`, `!`, space, or 0.
    pub(super) intermediate: u8,
    /// The byte that says what it does.
    pub(super) last: u8,
    numbers: [u16; 10],
    count: u8,
}

impl Csi {
    /// The parameters as given; 0 where one was left out.
    pub(super) fn params(&self) -> &[u16] {
        &self.numbers[..usize::from(self.count)]
    }

    /// One parameter, 0 if it is not there.
    pub(super) fn param(&self, index: usize) -> u16 {
        self.params().get(index).copied().unwrap_or(0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Ground,
    /// After `ESC`, with the intermediate byte if there was one.
    Escape(u8),
    /// Within `ESC [`, what came so far in `held`.
    Csi,
    /// Within `ESC ]`, what came so far in `held`.
    Osc,
    /// `ESC` within an OSC string: its end, if `\` follows.
    OscEscape,
    /// Within DCS, APC, PM or SOS; the beginning of a DCS string is in `held`.
    Skip,
    SkipEscape,
}

/// The filter's memory between two reads.
#[derive(Default)]
pub(super) struct Filter {
    state: State,
    /// The sequence or string under way.
    held: Vec<u8>,
    skipped: usize,
    /// The first bytes of a character whose rest has not come yet.
    half: Vec<u8>,
    /// Where text or parameters are put that do not stand in the input as they are needed.
    scratch: String,
    params: Vec<u8>,
    charsets: Charsets,
    saved: Charsets,
}

impl Filter {
    /// Whether nothing is under way, so that plain bytes mean what they say.
    pub(super) fn is_plain(&self) -> bool {
        self.state == State::Ground && self.half.is_empty() && self.charsets.is_plain()
    }

    /// Forgets everything: a new run begins.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// The next token of `input` from `at` on, or nothing once all is taken in.
    pub(super) fn next<'a>(&'a mut self, input: &'a [u8], at: &mut usize) -> Option<Token<'a>> {
        // What a token borrows keeps the loop from continuing with it, so the loop finds out first what comes.
        loop {
            let &byte = input.get(*at)?;
            match self.state {
                State::Ground if !self.half.is_empty() => {
                    if self.complete_half(input, at) {
                        return Some(Token::Text(&self.scratch));
                    }
                }
                State::Ground if byte == ESC => {
                    *at += 1;
                    self.state = State::Escape(0);
                }
                State::Ground if byte < 0x20 || byte == 0x7f => {
                    *at += 1;
                    if let Some(token) = self.control(byte) {
                        return Some(token);
                    }
                }
                State::Ground => {
                    let run = self.text(input, at);
                    match run {
                        Run::Input(from, to) => return Some(Token::Text(known_valid(&input[from..to]))),
                        Run::Scratch => return Some(Token::Text(&self.scratch)),
                        Run::Nothing => {}
                    }
                }
                State::Escape(intermediate) => {
                    let rest = &input[*at + 1..];
                    let whole = if (intermediate, byte) == (0, b'[') { whole_csi(rest) } else { None };
                    if let Some(end) = whole {
                        *at += end + 2;
                        self.state = State::Ground;
                        if let Some(sequence) = csi(&rest[..end], rest[end], &mut self.params) {
                            return Some(self.settle(sequence, &rest[..end]));
                        }
                    } else {
                        *at += 1;
                        if let Some(token) = self.escape(byte, intermediate) {
                            return Some(token);
                        }
                    }
                }
                State::Csi => {
                    *at += 1;
                    match self.csi_byte(byte, at) {
                        Step::Sequence(sequence) => return Some(self.settle(sequence, &self.held)),
                        Step::Token(token) => return Some(token),
                        Step::Nothing => {}
                    }
                }
                State::Osc | State::OscEscape => {
                    if let Some(end) = self.osc(input, at) {
                        return Some(Token::Osc(&self.held, end));
                    }
                }
                State::Skip | State::SkipEscape => {
                    if self.skip(input, at) {
                        return Some(Token::Dcs(&self.held));
                    }
                }
            }
        }
    }

    /// One byte of a sequence that did not come whole.
    fn csi_byte(&mut self, byte: u8, at: &mut usize) -> Step {
        match byte {
            0x20..=0x3f => {
                if self.held.len() < STRING_KEPT {
                    self.held.push(byte);
                }
            }
            0x40..=0x7e => {
                self.state = State::Ground;
                if let Some(sequence) = csi(&self.held, byte, &mut self.params) {
                    return Step::Sequence(sequence);
                }
            }
            ESC => self.state = State::Escape(0),
            0x18 | 0x1a => self.state = State::Ground,
            // A control within a sequence does its work at once, as on a VT100.
            0x00..=0x1f => return self.control(byte).map_or(Step::Nothing, Step::Token),
            0x7f => {}
            // Text cannot stand in a sequence: it was none.
            0x80..=0xff => {
                *at -= 1;
                self.state = State::Ground;
            }
        }
        Step::Nothing
    }

    /// Goes on with an OSC string. Returns what ended it, if it ended and is worth a look.
    fn osc(&mut self, input: &[u8], at: &mut usize) -> Option<&'static [u8]> {
        let rest = &input[*at..];
        if self.state == State::OscEscape {
            if rest.first() != Some(&b'\\') {
                self.state = State::Escape(0);
                return None;
            }
            *at += 1;
            self.state = State::Ground;
            return (self.held.len() < STRING_KEPT).then_some(b"\x1b\\");
        }
        let end = rest.iter().position(|byte| *byte < 0x20);
        let taken = end.unwrap_or(rest.len());
        self.hold(&rest[..taken]);
        *at += taken;
        let ended = rest[end?];
        *at += 1;
        match ended {
            0x07 => {
                self.state = State::Ground;
                return (self.held.len() < STRING_KEPT).then_some(b"\x07");
            }
            ESC => self.state = State::OscEscape,
            0x18 | 0x1a => self.state = State::Ground,
            // No string goes over a line: it was left open.
            b'\n' => {
                self.state = State::Ground;
                *at -= 1;
            }
            _ => {}
        }
        None
    }

    /// Goes on with a string that nobody wants. Returns whether it ended and was a question perhaps.
    fn skip(&mut self, input: &[u8], at: &mut usize) -> bool {
        let rest = &input[*at..];
        if self.state == State::SkipEscape {
            if rest.first() == Some(&b'\\') {
                *at += 1;
                self.state = State::Ground;
                return !self.held.is_empty();
            }
            self.state = State::Escape(0);
            return false;
        }
        let end = memchr::memchr3(ESC, 0x18, 0x1a, rest);
        let taken = end.unwrap_or(rest.len());
        if !self.held.is_empty() {
            let room = DCS_KEPT.saturating_sub(self.held.len());
            self.held.extend_from_slice(&rest[..taken.min(room)]);
        }
        self.skipped += taken;
        *at += end.map_or(rest.len(), |end| end + 1);
        match end.map(|end| rest[end]) {
            Some(ESC) => self.state = State::SkipEscape,
            Some(_) => self.state = State::Ground,
            None if self.skipped > STRING_SKIPPED => self.state = State::Ground,
            None => {}
        }
        false
    }

    #[inline]
    fn settle<'a>(&'a self, sequence: Sequence, given: &'a [u8]) -> Token<'a> {
        match sequence {
            Sequence::AsGiven => Token::Sgr(given),
            Sequence::Rewritten => Token::Sgr(&self.params),
            Sequence::Csi(csi) => Token::Csi(csi),
        }
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = STRING_KEPT - self.held.len().min(STRING_KEPT);
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.skipped += bytes.len();
        if self.skipped > STRING_SKIPPED {
            self.state = State::Ground;
        }
    }

    /// The byte after `ESC` (and an intermediate byte).
    fn escape(&mut self, byte: u8, intermediate: u8) -> Option<Token<'static>> {
        self.state = State::Ground;
        match (intermediate, byte) {
            (_, ESC) => self.state = State::Escape(0),
            (_, 0x18 | 0x1a) => {}
            (_, 0x00..=0x1f) => {
                self.state = State::Escape(intermediate);
                return self.control(byte);
            }
            (_, 0x20..=0x2f) => self.state = State::Escape(byte),
            (0, b'[') => {
                self.held.clear();
                self.state = State::Csi;
            }
            (0, b']') => {
                self.held.clear();
                self.skipped = 0;
                self.state = State::Osc;
            }
            (0, b'P' | b'X' | b'^' | b'_') => {
                self.skipped = 0;
                self.held.clear();
                if byte == b'P' {
                    self.held.push(byte);
                }
                self.state = State::Skip;
            }
            (b'('..=b'+', _) => self.charsets.designate(intermediate, byte),
            (0, b'n' | b'o') => self.charsets.shift(byte - b'n' + 2),
            (0, b'N' | b'O') => self.charsets.shift_once(byte - b'N' + 2),
            (b'#', b'8') => return Some(Token::Align),
            (0, b'7') => {
                self.saved = self.charsets;
                return Some(Token::Esc(byte));
            }
            (0, b'8') => {
                self.charsets = self.saved;
                return Some(Token::Esc(byte));
            }
            (0, b'c') => {
                self.charsets = Charsets::default();
                self.saved = Charsets::default();
                return Some(Token::Esc(byte));
            }
            (0, b'=' | b'>' | b'D' | b'E' | b'H' | b'M' | b'Z') => return Some(Token::Esc(byte)),
            _ => {}
        }
        None
    }

    fn control(&mut self, byte: u8) -> Option<Token<'static>> {
        match byte {
            b'\n' | 0x0b | 0x0c => Some(Token::Feed),
            b'\r' => Some(Token::Return),
            0x08 => Some(Token::Back),
            b'\t' => Some(Token::Tab),
            0x0e | 0x0f => {
                self.charsets.shift(u8::from(byte == 0x0e));
                None
            }
            _ => None,
        }
    }

    /// A run of text from `at` on, which stands on a byte that is not a control.
    #[inline]
    fn text(&mut self, input: &[u8], at: &mut usize) -> Run {
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
    fn complete_half(&mut self, input: &[u8], at: &mut usize) -> bool {
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

/// What comes out of the filter, for tests: each token as a text, text that is not interrupted as one.
#[doc(hidden)]
pub fn tokens(reads: &mut dyn Iterator<Item = &[u8]>) -> Vec<String> {
    let mut filter = Filter::default();
    let mut tokens: Vec<String> = Vec::new();
    for read in reads {
        let mut at = 0;
        while let Some(token) = filter.next(read, &mut at) {
            match (token, tokens.last_mut()) {
                (Token::Text(text), Some(last)) if last.starts_with("text ") => last.push_str(text),
                (Token::Text(text), _) => tokens.push(format!("text {text}")),
                (Token::Sgr(params), _) => {
                    tokens.push(format!("colours {}", String::from_utf8_lossy(params)));
                }
                (other, _) => tokens.push(format!("{other:?}")),
            }
        }
    }
    tokens
}

/// Where a run of text is.
enum Run {
    Input(usize, usize),
    Scratch,
    Nothing,
}

/// What a byte of a sequence led to.
enum Step {
    Sequence(Sequence),
    Token(Token<'static>),
    Nothing,
}

/// What a control sequence turned out to be.
#[derive(Clone, Copy)]
enum Sequence {
    /// SGR, in the input's own words.
    AsGiven,
    /// SGR, rewritten in `params`.
    Rewritten,
    Csi(Csi),
}

/// As much of the input as is looked at in one piece.
pub(super) fn near(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LONGEST_TEXT)]
}

/// Where the first control byte stands.
#[inline]
pub(super) fn text_end(bytes: &[u8]) -> usize {
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
pub(super) fn has_control(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |found, byte| found | u8::from(is_control(*byte))) != 0
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f
}

/// The first character of valid text that must not be printed: where, and how long.
pub(super) fn unwanted(text: &[u8]) -> Option<(usize, usize)> {
    let suspicious = |byte: &u8| matches!(byte, 0xc2 | 0xd8 | 0xe2 | 0xef | 0xf3);
    let candidates = text.iter().enumerate().filter(|(_, byte)| suspicious(byte));
    candidates.map(|(at, _)| at).find_map(|at| match text[at..] {
        // C1 controls; a mark of right-to-left text.
        [0xc2, 0x80..=0x9f, ..] | [0xd8, 0x9c, ..] => Some((at, 2)),
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

/// The length of the parameters if the whole sequence is here and there is nothing odd in it.
#[inline]
fn whole_csi(rest: &[u8]) -> Option<usize> {
    let end = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte))?;
    matches!(rest[end], 0x40..=0x7e).then_some(end)
}

#[inline]
fn csi(given: &[u8], last: u8, params: &mut Vec<u8>) -> Option<Sequence> {
    if last == b'm' {
        if given.iter().all(|byte| byte.is_ascii_digit() || *byte == b';') && all_count(given) {
            return Some(Sequence::AsGiven);
        }
        params.clear();
        return sgr::normalise(given, params).then_some(Sequence::Rewritten);
    }
    let mut csi = Csi { last, ..Csi::default() };
    let mut numbers = given;
    if let [private @ b'<'..=b'?', rest @ ..] = given {
        csi.private = *private;
        numbers = rest;
    }
    let mut begun = false;
    for &byte in numbers {
        match byte {
            b'0'..=b'9' => {
                if let Some(number) = csi.numbers.get_mut(usize::from(csi.count)) {
                    *number = number.saturating_mul(10).saturating_add(u16::from(byte - b'0'));
                }
                begun = true;
            }
            b';' => {
                csi.count = (csi.count + 1).min(csi.numbers.len() as u8);
                begun = true;
            }
            0x20..=0x2f => csi.intermediate = byte,
            // Parts of parameters, or a private mark in the wrong place.
            _ => return None,
        }
    }
    if begun {
        csi.count = (csi.count + 1).min(csi.numbers.len() as u8);
    }
    Some(Sequence::Csi(csi))
}

/// The text of a run that was found valid.
#[inline]
fn known_valid(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
