//! The head of a line: times, names and brackets, and among them or right after them the level. What is said after the first
//! word of a sentence is no head. Not: pairs and what stands in the middle (`pair`, `inline`).

use super::Level;
use super::bracket;
use super::inline::is_code;
use super::pair::pair;
use super::phrase::phrase;
use super::thrown::thrown;
use super::word::{letter, letters, tells_none, word};

/// A head has no more parts than this.
const PARTS: usize = 12;

/// The level that the head of a line says.
pub(super) fn level(line: &[u8]) -> Option<Level> {
    let mut head = Head { line, at: 0, time: false, month: false, numbers: 0, names: 0, make: false };
    for _ in 0..PARTS {
        head.skip_blanks();
        match head.part()? {
            Part::Says(level) => return Some(level),
            Part::Passes => {}
        }
    }
    None
}

/// How far a head was read.
struct Head<'l> {
    line: &'l [u8],
    at: usize,
    /// A time or a date was passed.
    time: bool,
    /// The name of a month or of a day was passed: a host may follow the time.
    month: bool,
    /// How many plain numbers were passed.
    numbers: u8,
    /// How many words were passed that can be the name of a host or of a module.
    names: u8,
    /// The name that was passed last is the one of make.
    make: bool,
}

/// What a part of a head is.
enum Part {
    /// It says the level.
    Says(Level),
    /// It may stand in a head, and was passed.
    Passes,
}

impl<'l> Head<'l> {
    fn rest(&self) -> &'l [u8] {
        &self.line[self.at..]
    }

    fn skip_blanks(&mut self) {
        let blanks = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'|')).count();
        self.at += blanks;
    }

    /// The next part; `None` where the head ends.
    fn part(&mut self) -> Option<Part> {
        match self.rest().first()? {
            b'[' | b'(' | b'<' => self.bracket(),
            _ => self.token(),
        }
    }

    fn bracket(&mut self) -> Option<Part> {
        let rest = self.rest();
        let Some(end) = bracket::end(rest) else {
            return bracket::printed(&rest[1..]).map(Part::Says);
        };
        let inside = &rest[1..end - 1];
        let after = &rest[end..];
        let says = match rest[0] {
            b'[' => bracket::square(inside),
            b'<' if self.at == 0 && bracket::priority(inside).is_some() => bracket::priority(inside),
            // A tag of XML has its text right behind it, or nothing.
            _ if after.first() == Some(&b' ') => bracket::whole(inside),
            _ => None,
        };
        self.at += end;
        self.time |= memchr::memchr_iter(b':', inside).count() >= 2;
        // `[12]:` after a name.
        self.at += usize::from(after.first() == Some(&b':'));
        Some(says.map_or(Part::Passes, Part::Says))
    }

    fn token(&mut self) -> Option<Part> {
        let rest = self.rest();
        if let Some(level) = phrase(rest) {
            return Some(Part::Says(level));
        }
        let end = rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'|')).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        if let Some(level) = self.said(token, after).or_else(|| self.lettered(token, after)) {
            return Some(Part::Says(level));
        }
        if let Some(level) = thrown(token, after) {
            return Some(Part::Says(level));
        }
        if let Some(equals) = memchr::memchr(b'=', token)
            && let Some(level) = pair(&token[..equals], &rest[equals + 1..])
        {
            return Some(Part::Says(level));
        }
        if let Some(level) = self.complaint(token, after) {
            return Some(Part::Says(level));
        }
        if !self.passes(token, after) {
            return None;
        }
        self.at += end;
        Some(Part::Passes)
    }

    /// A word that names a level, standing as it must to mean it.
    fn said(&self, token: &[u8], after: &[u8]) -> Option<Level> {
        let stars = token.iter().take_while(|byte| **byte == b'*').count();
        // Laravel: `production.ERROR:`.
        let module =
            token.iter().rposition(|byte| *byte == b'.').filter(|at| token[at + 1..].ends_with(b":"));
        let bare = &token[module.map_or(stars, |at| at + 1)..];
        let (said, tail) = bare.split_at(letters(bare));
        let level = word(said)?;
        let stands = if said.iter().all(u8::is_ascii_uppercase) {
            self.stands_in_capitals(tail)
        } else {
            module.is_none() && self.stands(said, tail, after)
        };
        let rest = if tail.starts_with(b":") { after } else { b"" };
        (stands && !(tail == b":" && tells_none(rest))).then_some(level)
    }

    fn stands_in_capitals(&self, tail: &[u8]) -> bool {
        // `3 ERROR` counts, `2026-11-20 12:04:31 4711 ERROR` does not.
        let counts = self.numbers > 0 && !self.time;
        let ends = match tail {
            [] | [b':' | b'[' | b',' | b']' | b')' | b'*' | b'!' | b'>', ..] => true,
            [_, ..] => false,
        };
        ends && !counts
    }

    /// In small letters a level is a word as any other, unless something sets it apart.
    fn stands(&self, said: &[u8], tail: &[u8], after: &[u8]) -> bool {
        match tail {
            // `error:`, but not `error://` and `error::Kind`.
            [b':', next, ..] => !matches!(next, b':' | b'/' | b'0'..=b'9'),
            // `error[E0308]:`, `warning[W1]`.
            [b':'] | [b'[', .., b']' | b':'] => true,
            [b'!'] => said[0].is_ascii_uppercase(),
            [] => self.stands_bare(said, after),
            [_, ..] => false,
        }
    }

    /// `error TS2322: ..`; in columns of a table `3:5  error  ..`; yarn's `error Command failed`.
    fn stands_bare(&self, said: &[u8], after: &[u8]) -> bool {
        let next = after.trim_ascii_start();
        let end = next.iter().position(|byte| matches!(byte, b' ' | b':')).unwrap_or(next.len());
        let coded = is_code(&next[..end]) && next.get(end) == Some(&b':');
        let apart = self.time && (after.starts_with(b"  ") || after.starts_with(b"\t"));
        let small = said.iter().all(u8::is_ascii_lowercase);
        let yarn = self.at == 0
            && small
            && after.starts_with(b" ")
            && next.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'"');
        coded || apart || yarn
    }

    /// A single letter that names a level, where only that can stand.
    fn lettered(&self, token: &[u8], after: &[u8]) -> Option<Level> {
        match token {
            // apt: `E: Unable to locate package`. Ruby: `E, [2026-11-20T12:04:31 #12] ERROR`.
            [one @ (b'E' | b'W'), b':'] if self.at == 0 && after.starts_with(b" ") => letter(*one),
            [one, b','] if self.at == 0 && after.starts_with(b" [") => letter(*one),
            // logcat: time, two numbers, the letter.
            [one] if self.time && self.numbers >= 2 => letter(*one),
            // logcat, brief: `E/Tag(123): ..`.
            [one, b'/', .., b':'] if self.at == 0 => letter(*one),
            [one, b'/', ..]
                if self.at == 0 && after.trim_ascii_start().first().is_some_and(u8::is_ascii_digit) =>
            {
                letter(*one).filter(|_| memchr::memchr(b'(', token).is_some())
            }
            // glog: `E1120 12:04:31.123456 ..`.
            [one, a, b, c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
                let clock = after.trim_ascii_start();
                letter(*one)
                    .filter(|_| self.at == 0 && clock.get(2) == Some(&b':') && clock.get(5) == Some(&b':'))
            }
            _ => None,
        }
    }

    /// What tools say without a level: make's `***`, systemd's `Failed to start`, a test's `... FAILED`.
    fn complaint(&self, token: &[u8], after: &[u8]) -> Option<Level> {
        let is = match token {
            b"***" => self.make && after.trim_ascii().len() > 1,
            b"---" => after.starts_with(b" FAIL:"),
            b"test" => self.at == 0 && after.ends_with(b" ... FAILED"),
            _ if token.starts_with(b"systemd[") => {
                after.starts_with(b" Failed to ")
                    || after.windows(b": Failed with".len()).any(|part| part == b": Failed with")
            }
            _ => after.ends_with(b"(core dumped)"),
        };
        is.then_some(Level::Error)
    }

    /// Whether a token may stand in a head before the level.
    fn passes(&mut self, token: &[u8], after: &[u8]) -> bool {
        let [first, .., last] = token else {
            return self.passes_alone(token[0], after);
        };
        if first.is_ascii_digit() || (matches!(first, b'+' | b'-' | b'#') && last.is_ascii_digit()) {
            return self.passes_number(token);
        }
        if is_calendar(token) {
            self.month = true;
            self.time = true;
            return true;
        }
        if self.time && is_zone(token) {
            return true;
        }
        self.passes_name(token, after)
    }

    fn passes_alone(&mut self, one: u8, after: &[u8]) -> bool {
        if one.is_ascii_digit() {
            self.numbers += 1;
            return true;
        }
        !one.is_ascii_alphabetic() || before_rule(after)
    }

    fn passes_number(&mut self, token: &[u8]) -> bool {
        let letters = token.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        let strange = token.iter().any(|byte| {
            !byte.is_ascii_alphanumeric()
                && !matches!(byte, b':' | b'.' | b',' | b'/' | b'+' | b'-' | b'#' | b'_')
        });
        if letters > 3 || strange {
            // `2k8s.example:` is a name.
            return token.ends_with(b":") || self.module(token);
        }
        let plain = token.iter().all(u8::is_ascii_digit);
        self.numbers += u8::from(plain);
        self.time |= !plain;
        true
    }

    fn passes_name(&mut self, token: &[u8], after: &[u8]) -> bool {
        if !token.iter().any(u8::is_ascii_alphanumeric) {
            // Signs: `✘`, `--`, `│`.
            return token.len() <= 4 || !token.is_ascii();
        }
        if token.ends_with(b":") {
            self.make = token.starts_with(b"make") || token.starts_with(b"gmake");
            self.names += 1;
            return self.names < 4 || self.time;
        }
        if before_rule(after) {
            return true;
        }
        if self.month && self.time && self.names == 0 {
            // The host, as syslog has it.
            self.names += 1;
            return true;
        }
        memchr::memchr(b'=', token).is_some() || self.module(token)
    }

    /// A word with dots or colons in it, once, after a time: the name of a module.
    fn module(&mut self, token: &[u8]) -> bool {
        let named = token.iter().any(|byte| matches!(byte, b'.' | b':' | b'_' | b'@' | b'/' | b'[' | b'-'));
        let module = self.time && self.names == 0 && named && !token.ends_with(b".");
        self.names += u8::from(module);
        module
    }
}

/// Whether `-` or `|` follows, as between the columns of a log, or a blank and a bracket of a name.
fn before_rule(after: &[u8]) -> bool {
    let next = after.trim_ascii_start();
    next.first() == Some(&b'|')
        || (after.starts_with(b" ")
            && (next.starts_with(b"- ") || next.starts_with(b"-- ") || next.starts_with(b":: ")))
}

/// Months and days as dates have them: `Nov`, `Fri,`.
fn is_calendar(token: &[u8]) -> bool {
    let name = token.strip_suffix(b",").unwrap_or(token);
    name.len() == 3
        && matches!(
            name,
            b"Jan"
                | b"Feb"
                | b"Mar"
                | b"Apr"
                | b"May"
                | b"Jun"
                | b"Jul"
                | b"Aug"
                | b"Sep"
                | b"Oct"
                | b"Nov"
                | b"Dec"
                | b"Mon"
                | b"Tue"
                | b"Wed"
                | b"Thu"
                | b"Fri"
                | b"Sat"
                | b"Sun"
        )
}

fn is_zone(token: &[u8]) -> bool {
    matches!(
        token,
        b"AM"
            | b"PM"
            | b"UTC"
            | b"GMT"
            | b"CET"
            | b"CEST"
            | b"EST"
            | b"EDT"
            | b"CST"
            | b"CDT"
            | b"PST"
            | b"PDT"
            | b"MSK"
            | b"JST"
            | b"IST"
            | b"BST"
            | b"EET"
            | b"EEST"
            | b"WET"
            | b"WEST"
    )
}
