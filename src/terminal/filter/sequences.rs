//! Control sequences: what stands after `ESC` and after `ESC [`, read into parameters. Not: what they do to a screen.

use super::{ESC, Filter, STRING_KEPT, State, Token};
use crate::terminal::attrs::all_count;
use crate::terminal::charset::Charsets;
use crate::terminal::sgr;

/// A control sequence: `ESC [ private params intermediate last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::terminal) struct Csi {
    /// `?`, `>`, `=`, `<`, or 0.
    pub(in crate::terminal) private: u8,
    /// `$`, `!`, space, or 0.
    pub(in crate::terminal) intermediate: u8,
    /// The byte that says what it does.
    pub(in crate::terminal) last: u8,
    numbers: [u16; 10],
    count: u8,
}

impl Csi {
    /// The parameters as given; 0 where one was left out.
    pub(in crate::terminal) fn params(&self) -> &[u16] {
        &self.numbers[..usize::from(self.count)]
    }

    /// One parameter, 0 if it is not there.
    pub(in crate::terminal) fn param(&self, index: usize) -> u16 {
        self.params().get(index).copied().unwrap_or(0)
    }
}

/// What a byte of a sequence led to.
pub(super) enum Step {
    /// A sequence that came whole, and where its parameters stand in the input.
    Given(Sequence, usize, usize),
    /// A sequence whose parameters were held.
    Held(Sequence),
    Token(Token<'static>),
    Nothing,
}

/// What a control sequence turned out to be.
#[derive(Clone, Copy)]
pub(super) enum Sequence {
    /// SGR, in the input's own words.
    AsGiven,
    /// SGR, rewritten in `params`.
    Rewritten,
    Csi(Csi),
}

impl Filter {
    /// Goes on with what an `ESC` began.
    #[inline]
    pub(super) fn sequence(&mut self, byte: u8, input: &[u8], at: &mut usize) -> Step {
        *at += 1;
        let State::Escape(intermediate) = self.state else { return self.csi_byte(byte, at) };
        if (intermediate, byte) == (0, b'[')
            && let Some(len) = whole_csi(&input[*at..])
        {
            let (from, to) = (*at, *at + len);
            *at = to + 1;
            self.state = State::Ground;
            let sequence = csi(&input[from..to], input[to], &mut self.params);
            return sequence.map_or(Step::Nothing, |sequence| Step::Given(sequence, from, to));
        }
        self.escape(byte, intermediate).map_or(Step::Nothing, Step::Token)
    }

    /// What a sequence is to the terminal, with its parameters as given.
    #[inline]
    pub(super) fn settle<'a>(&'a self, sequence: Sequence, given: &'a [u8]) -> Token<'a> {
        match sequence {
            Sequence::AsGiven => Token::Sgr(given),
            Sequence::Rewritten => Token::Sgr(&self.params),
            Sequence::Csi(csi) => Token::Csi(csi),
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
                    return Step::Held(sequence);
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

    pub(super) fn control(&mut self, byte: u8) -> Option<Token<'static>> {
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
