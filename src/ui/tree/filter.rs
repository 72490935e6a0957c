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
        let Some(fuzzy) = &self.fuzzy else { return true };
        let Fuzzy { pattern, matcher, letters } = &mut *fuzzy.borrow_mut();
        let name = if self.text.contains('/') { &job.address } else { &job.name };
        pattern.score(Utf32Str::new(name, letters), matcher).is_some()
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.text).finish()
    }
}
