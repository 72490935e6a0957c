//! Filters on lines that come by once, as they leave zap: what is let through is what a pager shows of them. Not: how they are
//! written.

use std::collections::VecDeque;
use std::io;

use crate::terminal::{Filters, Line, LineKind, Matcher, Sought};
use crate::ui::pager::around::{Around, Passing};

/// Filters that some lines must pass, with some lines around each that does.
#[derive(Debug, Clone)]
pub struct Only {
    /// As they were typed.
    pub(super) texts: Vec<String>,
    pub(super) filters: Filters,
    pub(super) context: u64,
    /// The last line before them that passes.
    pub(super) earlier: Option<u64>,
    /// The first line after them that passes.
    pub(super) later: Option<u64>,
}

impl PartialEq for Only {
    fn eq(&self, other: &Self) -> bool {
        let told = |only: &Self| (only.context, only.earlier, only.later);
        self.texts == other.texts && told(self) == told(other)
    }
}

impl Eq for Only {}

/// Lets lines through that come by in order.
pub(super) struct Sieve<'a> {
    only: &'a Only,
    around: Around<'a>,
    came: Came,
    /// Lines of which is not known yet whether they are seen.
    waiting: VecDeque<(u64, Line)>,
}

/// The lines that came by and pass.
struct Came {
    /// The last one that is no later than the first line that waits, and all after it.
    passing: VecDeque<u64>,
    /// Lines from this one on did not come by yet.
    until: u64,
}

impl<'a> Sieve<'a> {
    /// `ends` are the ends of runs among the lines, and the one before them.
    pub(super) fn new(only: &'a Only, ends: &'a [u64]) -> Self {
        let around = Around { context: only.context, lines: 0..u64::MAX, ends };
        let came = Came { passing: only.earlier.into_iter().collect(), until: 0 };
        Self { only, around, came, waiting: VecDeque::new() }
    }

    /// The next line. Those that are known to be seen by now are written. Fails as `write` does.
    pub(super) fn pass(
        &mut self,
        number: u64,
        line: &Line,
        write: &mut dyn FnMut(u64, &Line) -> io::Result<()>,
    ) -> io::Result<()> {
        if !matches!(line.kind, LineKind::RunEnd(_)) && self.only.filters.is_match(&line.text()) {
            self.came.passing.push_back(number);
        }
        self.came.until = number + 1;
        self.write_waiting(write)?;
        // Most lines need not wait, and are not copied.
        match self.is_seen(number).filter(|_| self.waiting.is_empty()) {
            Some(true) => write(number, line)?,
            Some(false) => {}
            None => self.waiting.push_back((number, line.clone())),
        }
        self.came.forget(self.waiting.front().map_or(number, |(number, _)| *number));
        Ok(())
    }

    /// No more lines come. Fails as `write` does.
    pub(super) fn finish(mut self, write: &mut dyn FnMut(u64, &Line) -> io::Result<()>) -> io::Result<()> {
        self.came.passing.extend(self.only.later);
        self.came.until = u64::MAX;
        self.write_waiting(write)
    }

    fn write_waiting(&mut self, write: &mut dyn FnMut(u64, &Line) -> io::Result<()>) -> io::Result<()> {
        while let Some(is_seen) = self.waiting.front().and_then(|(number, _)| self.is_seen(*number))
            && let Some((number, line)) = self.waiting.pop_front()
        {
            if is_seen {
                write(number, &line)?;
            }
        }
        Ok(())
    }

    /// Whether a line that came by is seen, if that is known.
    fn is_seen(&self, number: u64) -> Option<bool> {
        match self.around.ahead(&self.came, number) {
            Sought::Found(found) => Some(found == number),
            Sought::Unknown(from) if from.saturating_sub(number) <= self.only.context => None,
            Sought::Unknown(_) | Sought::Nothing => Some(false),
        }
    }
}

impl Came {
    /// Nobody asks for lines before this one any more: of those that pass up to there the last one is the nearest, and its run may
    /// end later.
    fn forget(&mut self, line: u64) {
        while self.passing.get(1).is_some_and(|second| *second <= line) {
            self.passing.pop_front();
        }
    }
}

impl Passing for Came {
    fn next(&self, line: u64) -> Sought {
        match self.passing.get(self.passing.partition_point(|passing| *passing < line)) {
            Some(passing) => Sought::Found(*passing),
            None if self.until == u64::MAX => Sought::Nothing,
            None => Sought::Unknown(self.until),
        }
    }

    fn previous(&self, line: u64) -> Sought {
        let before = self.passing.partition_point(|passing| *passing < line).checked_sub(1);
        before.map_or(Sought::Nothing, |last| Sought::Found(self.passing[last]))
    }
}

#[cfg(test)]
mod tests {
    use std::iter::successors;
    use std::ops::Range;
    use std::rc::Rc;

    use proptest::prelude::*;

    use crate::model::InstanceId;
    use crate::terminal::{Fed, LineKind, Moment, Terminal};
    use crate::ui::pager::line::plain;
    use crate::ui::pager::{Cut, Dress, Extract, Filtered, Seen};

    /// Longer than a line may be: it is kept as two.
    const LONG: usize = 66_000;

    #[derive(Debug, Clone)]
    enum Deed {
        Print(&'static str),
        PrintLong(&'static str, &'static str),
        Note(&'static str),
        EndRun,
    }

    fn does(terminal: &mut Terminal, run: &mut u32, deed: &Deed) {
        let mut feed =
            |text: &str| terminal.feed(format!("{text}\r\n").as_bytes(), Moment(0), &mut Fed::default());
        match deed {
            Deed::Print(text) => feed(text),
            Deed::PrintLong(begin, end) => feed(&format!("{begin}{}{end}", ".".repeat(LONG))),
            Deed::Note(text) => terminal.note(text, Moment(0)),
            Deed::EndRun => {
                terminal.end_run("exit 1", Moment(0));
                *run += 1;
                terminal.begin_run(*run, None, Moment(0));
            }
        }
    }

    fn terminal(deeds: &[Deed]) -> Terminal {
        let mut terminal = Terminal::new(20, 80);
        let mut run = 1;
        terminal.begin_run(run, None, Moment(0));
        for deed in deeds {
            does(&mut terminal, &mut run, deed);
        }
        terminal
    }

    /// Filters of which all is counted.
    fn filtered(terminal: &Terminal, texts: &[&str], context: u64) -> Rc<Filtered> {
        let stack = texts.iter().fold(None, |below: Option<Filtered>, text| {
            Some(Filtered::new(below.as_ref(), text, Some(context)).expect("a pattern"))
        });
        let filtered = stack.expect("a filter");
        while let Some(errand) = filtered.errand(terminal, 0) {
            filtered.report(terminal, &errand.run());
        }
        Rc::new(filtered)
    }

    /// What is written of some lines, and how many lines that is said to be.
    fn saved(terminal: &Terminal, filtered: &Filtered, lines: Range<u64>) -> (String, u64) {
        let only = Some(filtered.only(terminal, &lines));
        let extract = Extract { instance: InstanceId(1), lines, cut: Cut::Whole, only };
        let outgoing = extract.outgoing(terminal, |end| format!("end {}", end.number));
        let mut bytes = Vec::new();
        let count = outgoing.write(Dress::Plain, &mut bytes, &mut |_| Ok(())).expect("memory takes all");
        (String::from_utf8(bytes).expect("text"), count)
    }

    /// The same of what a pager shows of them.
    fn shown(terminal: &Terminal, filtered: &Rc<Filtered>, lines: Range<u64>) -> (String, u64) {
        let seen = Seen::new(terminal, Some(Rc::clone(filtered)));
        let walked: Vec<u64> = successors(seen.next(lines.start), |line| seen.next(line + 1))
            .take_while(|line| *line < lines.end)
            .collect();
        let mut text = String::new();
        for (index, number) in walked.iter().enumerate() {
            let line = terminal.line(*number).expect("it is seen");
            match &line.kind {
                LineKind::RunEnd(end) => text.extend(["end ", &end.number.to_string()]),
                LineKind::Output | LineKind::Piece | LineKind::Note => text.push_str(&plain(&line)),
            }
            let next = walked.get(index + 1).filter(|next| **next == number + 1);
            let next = next.and_then(|next| Some(terminal.line(*next)?.kind));
            let goes_on = matches!(next, Some(LineKind::Output | LineKind::Piece));
            if line.kind != LineKind::Piece || !goes_on {
                text.push('\n');
            }
        }
        let count = text.lines().count() as u64;
        (text, count)
    }

    fn prints(texts: &[&'static str]) -> Vec<Deed> {
        texts.iter().map(|text| if *text == "END" { Deed::EndRun } else { Deed::Print(text) }).collect()
    }

    #[test]
    fn what_stands_around_is_written_before_the_end_of_its_run() {
        let terminal = terminal(&prints(&["err 5", "x", "y", "END", "err 9"]));
        let written = |context| saved(&terminal, &filtered(&terminal, &["err"], context), 0..5).0;
        assert_eq!(written(1), "err 5\nx\nend 1\nerr 9\n");
        assert_eq!(written(2), "err 5\nx\ny\nend 1\nerr 9\n");
        let terminal = self::terminal(&prints(&["err", "a", "b", "c", "d", "y", "z", "END", "err"]));
        let written = saved(&terminal, &filtered(&terminal, &["err"], 3), 0..9).0;
        assert_eq!(written, "err\na\nb\nc\ny\nz\nend 1\nerr\n");
    }

    #[test]
    fn the_end_of_a_run_is_one_of_the_lines_around() {
        let terminal = terminal(&prints(&["err 5", "END", "plain"]));
        let written = |context| saved(&terminal, &filtered(&terminal, &["err"], context), 0..3).0;
        assert_eq!(written(1), "err 5\nend 1\n");
        assert_eq!(written(2), "err 5\nend 1\nplain\n");
    }

    #[test]
    fn a_line_that_is_seen_for_what_stands_outside_is_written() {
        let terminal = terminal(&prints(&["err", "x", "y", "z", "END", "w", "err"]));
        let written = |context, lines| saved(&terminal, &filtered(&terminal, &["err"], context), lines).0;
        assert_eq!(written(0, 4..5), "end 1\n");
        assert_eq!(written(0, 4..6), "end 1\n");
        assert_eq!(written(1, 1..5), "x\nend 1\n");
        assert_eq!(written(1, 4..6), "end 1\nw\n");
    }

    fn deed() -> impl Strategy<Value = Deed> {
        let word = || prop::sample::select(vec!["hit", "hit not", "miss", "not", ""]);
        prop_oneof![
            24 => word().prop_map(Deed::Print),
            4 => word().prop_map(Deed::Note),
            6 => Just(Deed::EndRun),
            1 => (word(), word()).prop_map(|(begin, end)| Deed::PrintLong(begin, end)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_what_is_shown(
            deeds in prop::collection::vec(deed(), 1..30),
            filters in prop::collection::vec(prop::sample::select(vec!["hit", "!not", "i", "!miss", "^$"]), 1..4),
            context in 0..5_u64,
            ends in (0..40_u64, 0..40_u64),
        ) {
            let terminal = terminal(&deeds);
            let filtered = filtered(&terminal, &filters, context);
            let all = terminal.lines();
            for lines in [ends.0.min(ends.1)..ends.0.max(ends.1) + 1, all] {
                let (want, lines_wanted) = shown(&terminal, &filtered, lines.clone());
                let (got, told) = saved(&terminal, &filtered, lines);
                let short = |text: &str| text.replace('.', "");
                prop_assert!(got == want, "written:\n{}shown:\n{}", short(&got), short(&want));
                prop_assert_eq!(told, lines_wanted);
            }
        }
    }
}
