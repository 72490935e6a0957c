//! Listens to the output of one run: for lines that mean something, and for its last line. Not: what the lines mean (`insight`).

use std::time::Duration;

use crate::insight::Patterns;
use crate::model::{Event, Meaning, Notice, Pattern, RunId, Time};
use crate::terminal::{LineSplitter, plain};

use super::message::Channel;

/// A line that has no end but nothing was added to for so long counts as one: prompts, and programs that print `ready` only.
const PAUSE: Duration = Duration::from_millis(200);
/// Of a line that is told, so many characters.
const TOLD: usize = 200;

/// Who listens to a run.
#[derive(Default)]
pub(super) struct Ear {
    patterns: Option<Patterns<Meaning>>,
    /// The last line that was not blank, if somebody wants to know it.
    last: Option<String>,
    /// Each stream has lines of its own.
    lines: Vec<(Channel, LineSplitter)>,
    /// When the unfinished lines were last added to, unless they were looked at since.
    partial: Option<Time>,
}

impl Ear {
    /// The last line is told when all is said.
    pub(super) fn hear_last_line(&mut self) {
        self.last = Some(String::new());
    }

    /// Listens for these lines from now on, and no longer for others.
    pub(super) fn listen(&mut self, patterns: Vec<Pattern>) -> Result<(), crate::insight::BadPattern> {
        let wanted = patterns.into_iter().map(|pattern| (pattern.regex, pattern.meaning));
        self.patterns = None;
        self.patterns = Some(Patterns::new(wanted)?).filter(|patterns| !patterns.is_empty());
        Ok(())
    }

    /// Whether nobody wants to know anything.
    pub(super) fn is_idle(&self) -> bool {
        self.patterns.is_none() && self.last.is_none()
    }

    /// Takes what the run wrote.
    pub(super) fn feed(
        &mut self,
        run: RunId,
        channel: Channel,
        bytes: &[u8],
        now: Time,
        mut tell: impl FnMut(Event),
    ) {
        let Self { patterns, last, lines, partial } = self;
        let at = lines.iter().position(|(of, _)| *of == channel).unwrap_or_else(|| {
            lines.push((channel, LineSplitter::default()));
            lines.len() - 1
        });
        lines[at].1.feed(bytes, &mut |line| hear(patterns, last, run, line, &mut tell));
        *partial = Some(now);
    }

    /// When an unfinished line is looked at.
    pub(super) fn pause_at(&self) -> Option<Time> {
        self.partial.filter(|_| self.patterns.is_some()).map(|at| at + PAUSE)
    }

    /// Looks at the unfinished lines. They may still go on.
    pub(super) fn pause(&mut self, run: RunId, mut tell: impl FnMut(Event)) {
        self.partial = None;
        for (_, splitter) in &self.lines {
            if let Some(line) = splitter.partial() {
                hear(&mut self.patterns, &mut None, run, &line, &mut tell);
            }
        }
    }

    /// Nothing more is written: what has no end is a line too. Tells the last line, once.
    pub(super) fn finish(&mut self, run: RunId, mut tell: impl FnMut(Event)) {
        self.partial = None;
        for (_, splitter) in &mut self.lines {
            if let Some(line) = splitter.take_partial() {
                hear(&mut self.patterns, &mut self.last, run, &line, &mut tell);
            }
        }
        if let Some(line) = self.last.take().filter(|line| !line.is_empty()) {
            tell(Event::Said { run, line });
        }
    }
}

fn hear(
    patterns: &mut Option<Patterns<Meaning>>,
    last: &mut Option<String>,
    run: RunId,
    line: &[u8],
    tell: &mut impl FnMut(Event),
) {
    let line = plain(line);
    if let Some(last) = last.as_mut().filter(|_| !line.trim().is_empty()) {
        *last = told(&line);
    }
    for meaning in patterns.as_mut().map(|patterns| patterns.hear(&line)).unwrap_or_default() {
        let notice = match meaning {
            Meaning::Ready => Notice::Ready,
            Meaning::Fail => Notice::Fail { line: told(&line) },
        };
        tell(Event::Noticed { run, notice });
    }
    if patterns.as_ref().is_some_and(Patterns::is_empty) {
        *patterns = None;
    }
}

fn told(line: &str) -> String {
    line.trim().chars().take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: RunId = RunId(7);

    fn ear(wanted: &[(&str, Meaning)]) -> Ear {
        let mut ear = Ear::default();
        let pattern =
            |(regex, meaning): &(&str, Meaning)| Pattern { regex: (*regex).to_owned(), meaning: *meaning };
        ear.listen(wanted.iter().map(pattern).collect()).unwrap();
        ear
    }

    fn feed(ear: &mut Ear, bytes: &[u8]) -> Vec<Event> {
        let mut told = Vec::new();
        ear.feed(RUN, Channel::Terminal, bytes, Time::default(), |event| told.push(event));
        told
    }

    fn ready() -> Event {
        Event::Noticed { run: RUN, notice: Notice::Ready }
    }

    #[test]
    fn a_line_is_heard_without_its_colours_however_it_is_cut() {
        for cut in 0..28 {
            let mut ear = ear(&[("^listening on 80$", Meaning::Ready)]);
            let bytes = b"\x1b[32mlistening\x1b[0m on 80\r\nmore";
            let mut told = feed(&mut ear, &bytes[..cut]);
            told.extend(feed(&mut ear, &bytes[cut..]));
            assert_eq!(told, [ready()], "cut at {cut}");
            assert!(ear.is_idle());
        }
    }

    #[test]
    fn only_the_last_state_of_a_line_counts() {
        let mut ear = ear(&[("50%", Meaning::Fail), ("100%", Meaning::Ready)]);
        assert_eq!(feed(&mut ear, b" 50%\r100%\r\n"), [ready()]);
    }

    #[test]
    fn an_unfinished_line_counts_when_it_pauses_and_when_all_is_over() {
        let mut ear = ear(&[("ready", Meaning::Ready), ("gone", Meaning::Fail)]);
        assert_eq!(feed(&mut ear, b"ready> "), []);
        assert_eq!(ear.pause_at(), Some(Time::default() + PAUSE));
        let mut told = Vec::new();
        ear.pause(RUN, |event| told.push(event));
        assert_eq!((told, ear.pause_at()), (vec![ready()], None));
        assert_eq!(feed(&mut ear, b"and gone"), []);
        let mut told = Vec::new();
        ear.finish(RUN, |event| told.push(event));
        let line = "ready> and gone".to_owned();
        assert_eq!(told, [Event::Noticed { run: RUN, notice: Notice::Fail { line } }]);
    }

    #[test]
    fn a_line_that_never_ends_is_bounded() {
        let mut ear = ear(&[("^end", Meaning::Ready)]);
        for _ in 0..100 {
            feed(&mut ear, &[b'x'; 4096]);
        }
        let held = ear.lines[0].1.partial().map_or(0, |line| line.len());
        assert!(held <= 64 * 1024, "{held}");
    }

    #[test]
    fn the_last_line_is_told_once_without_blanks_and_escapes() {
        let mut ear = Ear::default();
        ear.hear_last_line();
        feed(&mut ear, b"pulling\r\n\x1b[1mabc123\x1b[0m \r\n   \r\n");
        let mut told = Vec::new();
        ear.finish(RUN, |event| told.push(event));
        ear.finish(RUN, |event| told.push(event));
        assert_eq!(told, [Event::Said { run: RUN, line: "abc123".to_owned() }]);
        let mut silent = Ear::default();
        silent.hear_last_line();
        silent.finish(RUN, |event| panic!("{event:?}"));
    }

    #[test]
    fn what_is_listened_for_is_replaced() {
        let mut ear = ear(&[("a", Meaning::Ready)]);
        ear.listen(vec![Pattern { regex: "b".to_owned(), meaning: Meaning::Ready }]).unwrap();
        assert_eq!(feed(&mut ear, b"a\n"), []);
        assert_eq!(feed(&mut ear, b"b\n"), [ready()]);
        ear.listen(Vec::new()).unwrap();
        assert!(ear.is_idle());
    }
}
