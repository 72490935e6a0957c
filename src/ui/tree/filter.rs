//! The fuzzy filter of the tree. Not: the line in which it is typed.

use std::cell::RefCell;
use std::fmt;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::model::InstanceView;

/// Which names are shown.
#[derive(Default)]
pub(in crate::ui) struct Filter {
    text: String,
    fuzzy: Option<RefCell<Fuzzy>>,
}

struct Fuzzy {
    pattern: Pattern,
    matcher: Matcher,
    letters: Vec<char>,
}

/// How well a name fits, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ui) enum Fit {
    /// The letters are in it, in this order; more is better.
    Letters(u32),
    /// It begins with the text.
    Prefix(u32),
    /// It is the text.
    Exact,
}

impl Filter {
    /// The names that contain these letters in this order. A `/` in it looks at whole addresses.
    pub(in crate::ui) fn new(text: &str) -> Self {
        let fuzzy = (!text.is_empty()).then(|| {
            RefCell::new(Fuzzy {
                pattern: Pattern::parse(text, CaseMatching::Smart, Normalization::Smart),
                matcher: Matcher::new(Config::DEFAULT),
                letters: Vec::new(),
            })
        });
        Self { text: text.to_owned(), fuzzy }
    }

    /// What was typed.
    pub(in crate::ui) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it shows all.
    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.fuzzy.is_none()
    }

    /// Whether it shows a job.
    pub(in crate::ui) fn shows(&self, job: &InstanceView) -> bool {
        self.is_empty() || self.fit(job).is_some()
    }

    /// How well a job fits; `None` if it does not, or if there is no filter.
    pub(in crate::ui) fn fit(&self, job: &InstanceView) -> Option<Fit> {
        let Fuzzy { pattern, matcher, letters } = &mut *self.fuzzy.as_ref()?.borrow_mut();
        let name = if self.text.contains('/') { &job.address } else { &job.label };
        let score = pattern.score(Utf32Str::new(name, letters), matcher)?;
        Some(match name.strip_prefix(self.text.as_str()) {
            Some("") => Fit::Exact,
            Some(_) => Fit::Prefix(score),
            None => Fit::Letters(score),
        })
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.text).finish()
    }
}
