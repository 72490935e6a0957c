//! The rows of the palette: the actions of a pane that fit what was typed, the best first. Not: how they look.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::ui::eye::World;
use crate::ui::keymap::{Binding, Mode};
use crate::ui::names::action_name;
use crate::ui::palette::Chooser;
use crate::ui::palette::idle::idle;
use crate::ui::{Action, Ui};

/// A row.
#[derive(Debug)]
pub(super) struct Entry {
    /// What it does.
    pub(super) deed: Deed,
    /// Its name.
    pub(super) name: String,
    /// What it does, in words.
    pub(super) words: String,
    /// Its keys.
    pub(super) keys: Vec<String>,
    /// Why it would do nothing now.
    pub(super) idle: Option<String>,
}

impl Entry {
    /// The same with a count before it.
    fn with(self, count: u32) -> Self {
        let deed = match self.deed {
            Deed::Act(action) => Deed::Counted(action, count),
            deed @ (Deed::Counted(..) | Deed::ToJob(_)) => deed,
        };
        Self { deed, ..self }
    }
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// What the keys of the action do.
    Act(Action),
    /// The same with a count.
    Counted(Action, u32),
    /// To the job with this number.
    ToJob(u32),
}

/// How well an action fits what was typed, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The words of the help have these words in them; more is better.
    Words(u32),
    /// The letters are in the name, in this order; more is better.
    Letters(u32),
    /// The name begins with the text.
    Prefix,
    /// The name is the text.
    Exact,
}

/// The rows, as they stand.
pub(super) fn entries(ui: &Ui, chooser: &Chooser, world: World<'_>) -> Vec<Entry> {
    let text = chooser.line.text.trim();
    let mut entries = match number(chooser.mode, text) {
        Some(entry) => vec![entry],
        None if text.is_empty() => recent_first(ui, chooser.mode),
        None => match counted(chooser.mode, text) {
            Some((count, text)) => {
                fitting(ui, chooser.mode, text).into_iter().map(|entry| entry.with(count)).collect()
            }
            None => fitting(ui, chooser.mode, text),
        },
    };
    for entry in &mut entries {
        if let Deed::Act(action) = entry.deed {
            entry.idle = idle(ui, chooser.mode, action, world);
        }
    }
    entries
}

/// `12 down`: a count and what it is for.
fn counted(mode: Mode, text: &str) -> Option<(u32, &str)> {
    let (count, rest) = text.split_once(' ').filter(|_| mode == Mode::Pager)?;
    Some((count.parse().ok().filter(|count| *count > 0)?, rest.trim_start()))
}

/// How many rows there are when nothing is typed.
pub(super) fn all(ui: &Ui, mode: Mode) -> usize {
    actions(ui, mode).len()
}

/// Every action once, in the order of the table, but moves last: who wants one has its key at hand. What needs its key is not among them: digits are typed instead.
fn actions(ui: &Ui, mode: Mode) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let listed = |binding: &Binding| !matches!(binding.action, Action::Digit | Action::Nth | Action::Palette);
    for (binding, keys) in ui.keys.rows(mode).filter(|(binding, _)| listed(binding)) {
        let deed = Deed::Act(binding.action);
        let keys = keys.iter().map(ToString::to_string);
        if let Some(entry) = entries.iter_mut().find(|entry| entry.deed == deed) {
            entry.keys.extend(keys);
            continue;
        }
        let words = ui.keys.say(mode, binding.words).into_owned();
        let name = action_name(mode, binding.action);
        entries.push(Entry { deed, name, words, keys: keys.collect(), idle: None });
    }
    entries.sort_by_key(|entry| moves(entry.deed));
    entries
}

fn moves(deed: Deed) -> bool {
    use Action as A;
    let steps = [
        A::Up,
        A::Down,
        A::HalfUp,
        A::HalfDown,
        A::PageUp,
        A::PageDown,
        A::First,
        A::Last,
        A::Left,
        A::Right,
    ];
    steps.map(Deed::Act).contains(&deed)
}

fn recent_first(ui: &Ui, mode: Mode) -> Vec<Entry> {
    let mut entries = actions(ui, mode);
    let age = |entry: &Entry| {
        let done = ui.recent.iter().position(|(at, action)| *at == mode && entry.deed == Deed::Act(*action));
        done.unwrap_or(usize::MAX)
    };
    entries.sort_by_key(age);
    entries
}

fn fitting(ui: &Ui, mode: Mode, text: &str) -> Vec<Entry> {
    let pattern = |kind| Pattern::new(text, CaseMatching::Ignore, Normalization::Smart, kind);
    let (letters, words) = (pattern(AtomKind::Fuzzy), pattern(AtomKind::Substring));
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut score =
        |pattern: &Pattern, text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
    let begin = text.to_lowercase().replace(' ', "-");
    let fit = |entry: Entry| {
        let fit = match entry.name.strip_prefix(&begin) {
            Some("") => Some(Fit::Exact),
            Some(_) => Some(Fit::Prefix),
            None => score(&letters, &entry.name)
                .map(Fit::Letters)
                .or_else(|| score(&words, &format!("{} {}", entry.name, entry.words)).map(Fit::Words)),
        };
        fit.map(|fit| (fit, entry))
    };
    let mut fitting: Vec<_> = actions(ui, mode).into_iter().filter_map(fit).collect();
    fitting.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    fitting.into_iter().map(|(_, entry)| entry).collect()
}

/// A number goes to a line, or to a job; a percentage to a place in the output.
fn number(mode: Mode, text: &str) -> Option<Entry> {
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let number: u32 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let (deed, words) = match (mode, percent) {
        (Mode::Pager, true) => {
            (Deed::Counted(Action::Percent, number.min(100)), format!("to {number}% of the output"))
        }
        (Mode::Pager, false) => (Deed::Counted(Action::First, number.max(1)), format!("to line {number}")),
        (Mode::Tree, false) => (Deed::ToJob(number), format!("to job {number}")),
        _ => return None,
    };
    Some(Entry { deed, name: text.to_owned(), words, keys: Vec::new(), idle: None })
}
