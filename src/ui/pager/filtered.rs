//! A stack of filters as one pair of eyes holds it: which lines of a terminal it leaves, with lines around them. Not: how a
//! pattern is found in lines.

use std::ops::Range;
use std::sync::Arc;

use crate::terminal::{Errand, Filter, Filters, Pattern, Report, Sought, Tally, Terminal};
use crate::ui::pager::around::{Around, Passing};
use crate::ui::pager::sieve::Only;
use crate::ui::text::thousands;

/// A stack of filters. Lines that pass all of them are seen, some lines around each, and the end of each run of which a line
/// passes.
#[derive(Debug)]
pub(in crate::ui) struct Filtered {
    /// As they were typed, the last one on top.
    texts: Vec<String>,
    filters: Filters,
    /// How many lines were to be seen around each that passes when each was typed: who takes one off takes off what came with
    /// it.
    contexts: Vec<u64>,
    /// How many lines are seen before and after each that passes.
    pub(in crate::ui) context: u64,
    tally: Tally,
}

impl Filtered {
    /// A filter on top of others. One that begins with `!` leaves lines out. Fails with what is wrong, in a few words.
    pub(in crate::ui) fn new(below: Option<&Self>, text: &str, context: Option<u64>) -> Result<Self, String> {
        let (pattern, out) = text.strip_prefix('!').map_or((text, false), |pattern| (pattern, true));
        let filter = Filter { pattern: Arc::new(Pattern::new(pattern)?), out };
        let (mut texts, mut filters, mut contexts) = below.map_or_else(Default::default, |below| {
            (below.texts.clone(), below.filters.clone(), below.contexts.clone())
        });
        let before = contexts.last().copied().unwrap_or(0);
        texts.push(text.to_owned());
        filters.0.push(filter);
        contexts.push(context.unwrap_or(before));
        Ok(Self::of(texts, filters, contexts))
    }

    fn of(texts: Vec<String>, filters: Filters, contexts: Vec<u64>) -> Self {
        let tally = Tally::new(Arc::new(filters.clone()));
        let context = contexts.last().copied().unwrap_or(0);
        Self { texts, filters, contexts, context, tally }
    }

    /// The same with so many lines around each that passes.
    pub(in crate::ui) fn with_context(&self, context: u64) -> Self {
        let mut contexts = self.contexts.clone();
        contexts.pop();
        contexts.push(context);
        Self::of(self.texts.clone(), self.filters.clone(), contexts)
    }

    /// The stack without the one on top; `None` if that was the last.
    pub(in crate::ui) fn without_last(&self) -> Option<Self> {
        let (mut texts, mut filters) = (self.texts.clone(), self.filters.clone());
        let mut contexts = self.contexts.clone();
        texts.pop();
        filters.0.pop();
        contexts.pop();
        (!texts.is_empty()).then(|| Self::of(texts, filters, contexts))
    }

    /// The same for lines that go elsewhere. Those that pass outside of them let some be seen too; who does not know of them yet
    /// does not see these either.
    pub(super) fn only(&self, terminal: &Terminal, lines: &Range<u64>) -> Only {
        let found = |sought| match sought {
            Sought::Found(line) => Some(line),
            Sought::Unknown(_) | Sought::Nothing => None,
        };
        Only {
            texts: self.texts.clone(),
            filters: self.filters.clone(),
            context: self.context,
            earlier: found(self.tally.previous(terminal, lines.start)),
            later: found(self.tally.next(terminal, lines.end)),
        }
    }

    /// The filters.
    pub(in crate::ui) fn filters(&self) -> &Filters {
        &self.filters
    }

    /// Which lines pass.
    pub(in crate::ui) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Whether a line itself passes, and is not only seen because it stands near one.
    pub(super) fn passes(&self, terminal: &Terminal, line: u64) -> bool {
        self.tally.next(terminal, line) == Sought::Found(line)
    }

    /// `& slow  &! health  57`, `& slow ±3  57+` while it counts.
    pub(super) fn told(&self, terminal: &Terminal, plus_minus: &str) -> String {
        let sign = |text: &str| {
            let (sign, pattern) = text.strip_prefix('!').map_or(("&", text), |pattern| ("&!", pattern));
            format!("{sign} {pattern}  ")
        };
        let around = if self.context > 0 { format!("{plus_minus}{}  ", self.context) } else { String::new() };
        let count = self.tally.count(terminal);
        let more = if count.complete { "" } else { "+" };
        let filters: String = self.texts.iter().map(|text| sign(text)).collect();
        format!("{filters}{around}{}{more}", thousands(count.lines))
    }

    /// What somebody else is to count, for who looks at a line.
    pub(in crate::ui) fn errand(&self, terminal: &Terminal, line: u64) -> Option<Errand> {
        self.tally.errand(terminal, self.tally.nearest(terminal, line))
    }

    /// Whether all lines were counted.
    pub(in crate::ui) fn is_counted(&self, terminal: &Terminal) -> bool {
        self.tally.count(terminal).complete
    }

    /// Takes what somebody else has counted, if it was for these filters.
    pub(in crate::ui) fn report(&self, terminal: &Terminal, report: &Report) {
        self.tally.take(terminal, report);
    }

    /// The first line from `line` on that is seen.
    pub(super) fn ahead(&self, terminal: &Terminal, line: u64) -> Sought {
        self.around(terminal).ahead(&Counted { tally: &self.tally, terminal }, line)
    }

    /// The last line before `line` that is seen.
    pub(super) fn behind(&self, terminal: &Terminal, line: u64) -> Sought {
        self.around(terminal).behind(&Counted { tally: &self.tally, terminal }, line)
    }

    fn around<'t>(&self, terminal: &'t Terminal) -> Around<'t> {
        Around { context: self.context, lines: terminal.lines(), ends: terminal.run_ends() }
    }
}

/// The lines of a terminal that pass, as far as they are counted.
struct Counted<'a> {
    tally: &'a Tally,
    terminal: &'a Terminal,
}

impl Passing for Counted<'_> {
    fn next(&self, line: u64) -> Sought {
        self.tally.next(self.terminal, line)
    }

    fn previous(&self, line: u64) -> Sought {
        self.tally.previous(self.terminal, line)
    }
}
