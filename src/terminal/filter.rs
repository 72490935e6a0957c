//! Raw output into tokens: text that is safe to print, the few controls that matter, and parsed sequences. Takes out what must
//! never reach a screen (strings of OSC, DCS, APC, PM and SOS, BEL, C1, bidi controls, U+FE0F), translates the
//! line-drawing character set, and survives any bytes split anywhere. Does not know what a screen is.

mod letters;
mod sequences;
mod strings;

use super::charset::Charsets;

use letters::{Run, known_valid};
pub(super) use letters::{has_control, near, text_end, unwanted};
pub(super) use sequences::Csi;
use sequences::Step;

const ESC: u8 = 0x1b;
/// A string (title, clipboard, colour) longer than this is not kept, only skipped.
const STRING_KEPT: usize = 1024;

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
                State::Ground => match self.text(input, at) {
                    Run::Input(from, to) => return Some(Token::Text(known_valid(&input[from..to]))),
                    Run::Scratch => return Some(Token::Text(&self.scratch)),
                    Run::Nothing => {}
                },
                State::Escape(_) | State::Csi => match self.sequence(byte, input, at) {
                    Step::Given(sequence, from, to) => return Some(self.settle(sequence, &input[from..to])),
                    Step::Held(sequence) => return Some(self.settle(sequence, &self.held)),
                    Step::Token(token) => return Some(token),
                    Step::Nothing => {}
                },
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
