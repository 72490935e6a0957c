//! The errors and the warnings of one output. Not: what makes a line one (`insight`).

use std::sync::Arc;

use crate::insight::{Blocks, Level, level};
use crate::terminal::{Direction, Errand, Filters, Matcher, Report, Terminal};
use crate::ui::pager::{Progress, Trail};

/// The errors and the warnings of one output.
#[derive(Debug)]
pub(in crate::ui) struct Graves {
    errors: Trail,
    warnings: Trail,
    /// Somebody asked for warnings: from then on they are counted too.
    wants_warnings: bool,
}

/// What is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Grave {
    /// Errors.
    Error,
    /// Warnings.
    Warning,
}

impl Grave {
    /// `error`, `warning`.
    pub(in crate::ui) fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Default for Graves {
    fn default() -> Self {
        let trail = |level| Trail::new(exactly(level, &Filters::default()));
        Self { errors: trail(Level::Error), warnings: trail(Level::Warning), wants_warnings: false }
    }
}

impl Graves {
    /// From now on they are sought among the lines that pass these filters.
    pub(super) fn among(&mut self, filters: &Filters) {
        self.errors.mean(exactly(Level::Error, filters));
        self.warnings.mean(exactly(Level::Warning, filters));
    }

    /// The errors.
    pub(in crate::ui) fn errors(&self) -> &Trail {
        &self.errors
    }

    /// The lines of a kind, to be sought.
    pub(in crate::ui) fn seek(&mut self, grave: Grave) -> &mut Trail {
        match grave {
            Grave::Error => {
                self.warnings.lift();
                &mut self.errors
            }
            Grave::Warning => {
                self.errors.lift();
                self.wants_warnings = true;
                &mut self.warnings
            }
        }
    }

    /// Whether a person went to this line last.
    pub(in crate::ui) fn stands_on(&self, line: u64) -> bool {
        self.current() == Some(line)
    }

    /// The line that a person went to last.
    pub(in crate::ui) fn current(&self) -> Option<u64> {
        self.errors.current().or_else(|| self.warnings.current())
    }

    /// Forgets where a person went, and what is sought; whether there was any.
    pub(in crate::ui) fn lift(&mut self) -> bool {
        let any = self.current().is_some() || self.is_seeking();
        self.errors.lift();
        self.warnings.lift();
        any
    }

    /// Whether a person waits for it.
    pub(in crate::ui) fn is_seeking(&self) -> bool {
        self.errors.is_seeking() || self.warnings.is_seeking()
    }

    /// Whether there is work to do here.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        self.errors.is_busy() || self.warnings.is_busy()
    }

    /// A slice of work; where it came to, if it came anywhere.
    pub(in crate::ui) fn work(&mut self, terminal: &Terminal) -> Option<(Grave, Progress)> {
        let error = self.errors.work(terminal).map(|progress| (Grave::Error, progress));
        error.or_else(|| self.warnings.work(terminal).map(|progress| (Grave::Warning, progress)))
    }

    /// What somebody else is to count, for who looks at a line: what a person waits for first.
    pub(in crate::ui) fn errand(&self, terminal: &Terminal, at: u64) -> Option<Errand> {
        if self.warnings.is_seeking() {
            return self.warnings.errand(terminal, at, Direction::Backward);
        }
        let errors = self.errors.errand(terminal, at, Direction::Backward);
        let complete = || self.errors.tally().count(terminal).complete;
        if errors.is_none() && self.wants_warnings && complete() {
            return self.warnings.errand(terminal, at, Direction::Backward);
        }
        errors
    }

    /// Takes what somebody else has counted; whether it was counted for this.
    pub(in crate::ui) fn report(&mut self, terminal: &Terminal, report: &Report) -> bool {
        self.errors.report(terminal, report) || self.warnings.report(terminal, report)
    }
}

/// Lines of exactly this level, of a block the first, among those that pass some filters.
struct Exactly {
    level: Level,
    among: Filters,
}

fn exactly(level: Level, among: &Filters) -> Arc<dyn Matcher> {
    Arc::new(Exactly { level, among: among.clone() })
}

impl Matcher for Exactly {
    fn is_match(&self, text: &str) -> bool {
        level(text) == Some(self.level) && self.among.is_match(text)
    }

    fn reader(&self) -> Box<dyn FnMut(&str) -> bool + '_> {
        let mut blocks = Blocks::default();
        Box::new(move |text| blocks.hear(text) == Some(self.level) && self.among.is_match(text))
    }

    fn context(&self) -> u64 {
        // A traceback is seldom longer.
        200
    }
}
