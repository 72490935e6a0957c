//! The one table of keys: mode, keys, action, words for the help, place in the last line. The help, the last line and the
//! README are made from it. Not: doing anything.

use std::collections::HashMap;
use std::fmt::Write;

use crate::ui::Action;
use crate::ui::key::Key;

/// What has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// The tree.
    Tree,
    /// The pager.
    Pager,
    /// The job.
    Interactive,
    /// A line that is typed: the filter, the search.
    Prompt,
    /// The question whether to quit.
    Ask,
    /// The box that shows who is still alive.
    Leaving,
    /// The help.
    Help,
    /// Why the selected row is as it is.
    Why,
    /// All there is to know about a job.
    Details,
    /// The question whether to do what a reload would do.
    Reload,
    /// All that is wrong with the file.
    Problem,
    /// What other jobs printed at the same instant.
    Instant,
}

/// A row of the table.
#[derive(Debug)]
pub struct Binding {
    /// Where it is valid.
    pub mode: Mode,
    /// The keys, as a person writes them.
    pub keys: &'static [&'static str],
    /// What they do.
    pub action: Action,
    /// What they do, in the words of the help.
    pub words: &'static str,
    /// Its place in the last line, if it has one.
    pub hint: Option<Hint>,
}

/// A place in the last line.
#[derive(Debug)]
pub struct Hint {
    /// Smaller stands further left and is left out later.
    pub place: u8,
    /// When it makes sense.
    pub when: When,
    /// The keys as shown there; arrows and Enter become signs.
    pub keys: &'static [&'static str],
    /// A word or two.
    pub words: &'static str,
}

/// When a hint makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// The question is longer than what is seen of it.
    Longer,
    /// A job, a system or marked jobs are selected that can be started.
    Down,
    /// The same, and something of it can be stopped.
    Up,
    /// The output is not followed.
    Paused,
    /// A search has been made.
    Searched,
    /// Lines are chopped.
    Chopped,
    /// The selected row is one of a job.
    Job,
    /// The selected row is one of a job that has a process.
    Alive,
    /// A filter hides rows.
    Filtered,
    /// Rows are marked, and no filter is in the way.
    Marked,
    /// There is more to say about the selected row than that it runs, is done or rests.
    Explained,
    /// A link is selected that leads somewhere.
    Linked,
    /// The merged output of a system is shown.
    Merged,
    /// A system is selected.
    System,
}

use Action as A;
use When as W;

/// The modes in the order of the help, with their headings.
pub const MODES: [(Mode, &str); 12] = [
    (Mode::Tree, "The tree"),
    (Mode::Pager, "The pager"),
    (Mode::Interactive, "Interactive: other keys go to the job"),
    (Mode::Prompt, "Filter and search, while typing"),
    (Mode::Instant, "The same instant in other jobs"),
    (Mode::Why, "Why"),
    (Mode::Details, "Details"),
    (Mode::Reload, "The question whether to take the file as it is now"),
    (Mode::Problem, "What is wrong with the file"),
    (Mode::Ask, "The question whether to quit"),
    (Mode::Leaving, "While zap stops everything"),
    (Mode::Help, "This help"),
];

/// Every key that works.
#[rustfmt::skip]
pub static KEYMAP: &[Binding] = &[
    row(Mode::Tree, &["Up", "k"], A::Up, "to the row above").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Tree, &["Down", "j"], A::Down, "to the row below"),
    row(Mode::Tree, &["g", "Home"], A::First, "to the first row"),
    row(Mode::Tree, &["G", "End"], A::Last, "to the last row"),
    row(Mode::Tree, &["PageUp", "Ctrl-u"], A::PageUp, "a page up"),
    row(Mode::Tree, &["PageDown", "Ctrl-d"], A::PageDown, "a page down"),
    row(Mode::Tree, &["Left", "h"], A::Left, "fold, or to the row above it"),
    row(Mode::Tree, &["Right", "l"], A::Right, "unfold"),
    row(Mode::Tree, &["1", "2", "3", "4", "5", "6", "7", "8", "9"], A::Nth, "to the nth job"),
    row(Mode::Tree, &["Alt-1", "Alt-2", "Alt-3", "Alt-4", "Alt-5", "Alt-6", "Alt-7", "Alt-8", "Alt-9"], A::Nth, "to the nth job"),
    row(Mode::Tree, &["!"], A::NextTrouble, "to the next row in trouble"),
    row(Mode::Tree, &["Enter"], A::Open, "its output in full, or the step's").hint(1, W::Always, &["Enter"], "open"),
    row(Mode::Tree, &["Tab"], A::SwitchFocus, "to the pager, and back"),
    row(Mode::Tree, &["z"], A::Zoom, "this pane alone, or both"),
    row(Mode::Tree, &["r"], A::Restart, "restart job, system or the marked").hint(2, W::Always, &["r"], "restart"),
    row(Mode::Tree, &["s"], A::Start, "start it").hint(3, W::Down, &["s"], "start"),
    row(Mode::Tree, &["x"], A::Stop, "stop it, and keep it down").hint(4, W::Up, &["x"], "stop"),
    row(Mode::Tree, &["X"], A::Kill, "kill it at once"),
    row(Mode::Tree, &["R"], A::RestartFailed, "restart all that has failed"),
    row(Mode::Tree, &["Space"], A::Mark, "mark, for r s x X on several").hint(8, W::Marked, &["Esc"], "drop marks"),
    row(Mode::Tree, &["w"], A::Why, "why it is as it is").hint(5, W::Explained, &["w"], "why"),
    row(Mode::Tree, &["i"], A::Details, "all there is to know about it").hint(7, W::Job, &["i"], "details"),
    row(Mode::Tree, &["a"], A::Merged, "merged output of its system").hint(7, W::System, &["a"], "merged"),
    row(Mode::Tree, &["c"], A::Reload, "read the file again, and ask"),
    row(Mode::Tree, &["p"], A::Problem, "what is wrong with the file"),
    row(Mode::Tree, &["/"], A::Filter, "filter by name, fuzzy").hint(6, W::Always, &["/"], "filter"),
    row(Mode::Tree, &["Esc"], A::Close, "drop the filter, then the marks").hint(8, W::Filtered, &["Esc"], "show all"),
    row(Mode::Tree, &["?", "F1"], A::Help, "all keys").hint(9, W::Always, &["?"], "help"),
    row(Mode::Tree, &["Ctrl-l"], A::Redraw, "draw the screen anew"),
    row(Mode::Tree, &["Ctrl-z"], A::Suspend, "stop zap itself, not the jobs"),
    row(Mode::Tree, &["q", "Ctrl-c"], A::Quit, "quit").hint(10, W::Always, &["q"], "quit"),

    row(Mode::Pager, &["Up", "k", "Ctrl-y"], A::Up, "a row up"),
    row(Mode::Pager, &["Down", "j", "Ctrl-e"], A::Down, "a row down"),
    row(Mode::Pager, &["u", "Ctrl-u"], A::HalfUp, "half a page up"),
    row(Mode::Pager, &["d", "Ctrl-d"], A::HalfDown, "half a page down"),
    row(Mode::Pager, &["b", "Ctrl-b", "PageUp"], A::PageUp, "a page up"),
    row(Mode::Pager, &["f", "Space", "Ctrl-f", "PageDown"], A::PageDown, "a page down"),
    row(Mode::Pager, &["g", "Home"], A::First, "to the beginning; 9g: to line 9"),
    row(Mode::Pager, &["G", "End"], A::Last, "to the end, and follow"),
    row(Mode::Pager, &["%"], A::Percent, "50%: to the middle"),
    row(Mode::Pager, &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], A::Digit, "a count for the next key"),
    row(Mode::Pager, &["Left", "h"], A::Left, "to the left, when chopped").hint(4, W::Chopped, &["Left", "Right"], "sideways"),
    row(Mode::Pager, &["Right", "l"], A::Right, "to the right, when chopped"),
    row(Mode::Pager, &["S"], A::Wrap, "wrap long lines, or chop them"),
    row(Mode::Pager, &["#"], A::Numbers, "line numbers"),
    row(Mode::Pager, &["t"], A::Times, "times of lines, in four forms"),
    row(Mode::Pager, &["m"], A::SetMark, "ma: mark it; mA: its job too"),
    row(Mode::Pager, &["'"], A::ToMark, "'a: to the mark; '': back"),
    row(Mode::Pager, &["="], A::Instant, "the same instant in other jobs"),
    row(Mode::Pager, &["a"], A::Merged, "the output of all jobs, merged"),
    row(Mode::Pager, &["L"], A::Clear, "clear the view, not the history"),
    row(Mode::Pager, &["F"], A::Follow, "follow the output").hint(0, W::Paused, &["F"], "follow"),
    row(Mode::Pager, &["/"], A::Search, "search: a regex, smart case").hint(2, W::Job, &["/"], "search"),
    row(Mode::Pager, &["?"], A::SearchBack, "search backwards"),
    row(Mode::Pager, &["n"], A::NextHit, "to the next hit").hint(1, W::Searched, &["n", "N"], "next hit"),
    row(Mode::Pager, &["N"], A::PreviousHit, "to the hit before"),
    row(Mode::Pager, &["&"], A::FilterLines, "only lines that match; &!: that do not; 3&: 3 lines around").hint(2, W::Job, &["&"], "filter"),
    row(Mode::Pager, &["Ctrl-c"], A::StopSearch, "stop a search"),
    row(Mode::Pager, &["]"], A::NextRun, "to the next run"),
    row(Mode::Pager, &["["], A::PreviousRun, "to the run before"),
    row(Mode::Pager, &["i"], A::Interact, "interactive: keys go to the job").hint(3, W::Alive, &["i"], "type into it"),
    row(Mode::Pager, &["Enter"], A::Enter, "the same if the job is interactive").hint(3, W::Merged, &["Enter"], "its own output"),
    row(Mode::Pager, &["r"], A::Restart, "restart the job").hint(5, W::Job, &["r"], "restart"),
    row(Mode::Pager, &["x"], A::Stop, "stop it, and keep it down"),
    row(Mode::Pager, &["X"], A::Kill, "kill it at once"),
    row(Mode::Pager, &["Alt-1", "Alt-2", "Alt-3", "Alt-4", "Alt-5", "Alt-6", "Alt-7", "Alt-8", "Alt-9"], A::Nth, "to the nth job"),
    row(Mode::Pager, &["!"], A::NextTrouble, "to the next job in trouble"),
    row(Mode::Pager, &["w"], A::Why, "why it is as it is"),
    row(Mode::Pager, &["c"], A::Reload, "read the file again, and ask"),
    row(Mode::Pager, &["p"], A::Problem, "what is wrong with the file"),
    row(Mode::Pager, &["z"], A::Zoom, "this pane alone, or both"),
    row(Mode::Pager, &["Tab"], A::SwitchFocus, "to the tree"),
    row(Mode::Pager, &["F1"], A::Help, "all keys").hint(6, W::Always, &["F1"], "help"),
    row(Mode::Pager, &["Ctrl-l"], A::Redraw, "draw the screen anew"),
    row(Mode::Pager, &["Ctrl-z"], A::Suspend, "stop zap itself, not the jobs"),
    row(Mode::Pager, &["Esc"], A::Close, "end the search, the last filter, the pager"),
    row(Mode::Pager, &["q"], A::Back, "back to the tree").hint(7, W::Always, &["q"], "back"),

    row(Mode::Interactive, &["Ctrl-]"], A::Leave, "back to the pager; twice: sends it").hint(0, W::Always, &["Ctrl-]"], "leaves"),

    row(Mode::Prompt, &["Enter"], A::Accept, "take it").hint(0, W::Always, &["Enter"], "take it"),
    row(Mode::Prompt, &["Esc", "Ctrl-c"], A::Close, "leave it").hint(1, W::Always, &["Esc"], "leave it"),
    row(Mode::Prompt, &["Up"], A::Up, "a row up; what was typed before"),
    row(Mode::Prompt, &["Down"], A::Down, "a row down; what was typed after"),
    row(Mode::Prompt, &["Ctrl-u"], A::First, "empty the line"),
    row(Mode::Prompt, &["Ctrl-w"], A::Left, "take the last word away"),
    row(Mode::Prompt, &["Backspace", "Ctrl-h"], A::Back, "take the last character away"),

    row(Mode::Instant, &["Up", "k"], A::Up, "to the job above").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Instant, &["Down", "j"], A::Down, "to the job below"),
    row(Mode::Instant, &["g", "Home"], A::First, "to the first job"),
    row(Mode::Instant, &["G", "End"], A::Last, "to the last job"),
    row(Mode::Instant, &["Enter"], A::Open, "to that line of the job").hint(1, W::Always, &["Enter"], "go there"),
    row(Mode::Instant, &["=", "Esc", "q"], A::Close, "close it").hint(2, W::Always, &["="], "close"),

    row(Mode::Why, &["Up", "k"], A::Up, "to the link above").hint(0, W::Linked, &["Up", "Down"], "move"),
    row(Mode::Why, &["Down", "j"], A::Down, "to the link below"),
    row(Mode::Why, &["g", "Home"], A::First, "to the first link"),
    row(Mode::Why, &["G", "End"], A::Last, "to the last link, the cause"),
    row(Mode::Why, &["Enter"], A::Open, "go to the selected job").hint(1, W::Linked, &["Enter"], "go there"),
    row(Mode::Why, &["w", "Esc", "q"], A::Close, "close it").hint(2, W::Always, &["w"], "close"),

    row(Mode::Details, &["Up", "k"], A::Up, "a row up").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Details, &["Down", "j"], A::Down, "a row down"),
    row(Mode::Details, &["u", "Ctrl-u"], A::HalfUp, "half a page up"),
    row(Mode::Details, &["d", "Ctrl-d"], A::HalfDown, "half a page down"),
    row(Mode::Details, &["PageUp", "b"], A::PageUp, "a page up"),
    row(Mode::Details, &["PageDown", "Space", "f"], A::PageDown, "a page down"),
    row(Mode::Details, &["g", "Home"], A::First, "to the beginning"),
    row(Mode::Details, &["G", "End"], A::Last, "to the end"),
    row(Mode::Details, &["Tab"], A::NextLink, "to the next need").hint(1, W::Linked, &["Tab"], "next need"),
    row(Mode::Details, &["Enter"], A::Open, "the details of that job").hint(2, W::Linked, &["Enter"], "go there"),
    row(Mode::Details, &["e"], A::Unfold, "the inherited environment too").hint(3, W::Always, &["e"], "environment"),
    row(Mode::Details, &["i", "Esc", "q"], A::Close, "close it").hint(4, W::Always, &["i"], "close"),

    row(Mode::Reload, &["y", "Enter"], A::Yes, "yes, do it").hint(1, W::Always, &["y"], "do it"),
    row(Mode::Reload, &["n", "Esc", "q"], A::No, "no, leave all as it is").hint(2, W::Always, &["n"], "leave it"),
    row(Mode::Reload, &["Up", "k"], A::Up, "a row up").hint(0, W::Longer, &["Up", "Down"], "move"),
    row(Mode::Reload, &["Down", "j"], A::Down, "a row down"),
    row(Mode::Reload, &["PageUp", "b"], A::PageUp, "a page up"),
    row(Mode::Reload, &["PageDown", "Space", "f"], A::PageDown, "a page down"),
    row(Mode::Reload, &["g", "Home"], A::First, "to the beginning"),
    row(Mode::Reload, &["G", "End"], A::Last, "to the end"),

    row(Mode::Problem, &["Up", "k"], A::Up, "a row up").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Problem, &["Down", "j"], A::Down, "a row down"),
    row(Mode::Problem, &["PageUp", "b", "u"], A::PageUp, "a page up"),
    row(Mode::Problem, &["PageDown", "Space", "f", "d"], A::PageDown, "a page down"),
    row(Mode::Problem, &["g", "Home"], A::First, "to the beginning"),
    row(Mode::Problem, &["G", "End"], A::Last, "to the end"),
    row(Mode::Problem, &["Left", "h"], A::Left, "to the left"),
    row(Mode::Problem, &["Right", "l"], A::Right, "to the right"),
    row(Mode::Problem, &["c"], A::Reload, "read the file again").hint(1, W::Always, &["c"], "read it again"),
    row(Mode::Problem, &["p", "Esc", "q"], A::Close, "close it").hint(2, W::Always, &["p"], "close"),

    row(Mode::Ask, &["y", "Enter"], A::Yes, "yes, stop everything and quit").hint(0, W::Always, &["y"], "yes"),
    row(Mode::Ask, &["n", "Esc", "q"], A::No, "no").hint(1, W::Always, &["n"], "no"),

    row(Mode::Leaving, &["q", "Ctrl-c"], A::Quit, "kill everything now").hint(0, W::Always, &["q"], "kill all now"),
    row(Mode::Leaving, &["x", "X"], A::Kill, "kill the selected one").hint(1, W::Always, &["x"], "kill the selected"),
    row(Mode::Leaving, &["Up", "k"], A::Up, "to the row above"),
    row(Mode::Leaving, &["Down", "j"], A::Down, "to the row below"),

    row(Mode::Help, &["Up", "k"], A::Up, "a row up").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Help, &["Down", "j"], A::Down, "a row down"),
    row(Mode::Help, &["PageUp", "b", "u"], A::PageUp, "a page up"),
    row(Mode::Help, &["PageDown", "Space", "f", "d"], A::PageDown, "a page down"),
    row(Mode::Help, &["g", "Home"], A::First, "to the beginning"),
    row(Mode::Help, &["G", "End"], A::Last, "to the end"),
    row(Mode::Help, &["q", "Esc", "?", "F1"], A::Close, "close it").hint(1, W::Always, &["q"], "close"),
];

const fn row(mode: Mode, keys: &'static [&'static str], action: Action, words: &'static str) -> Binding {
    Binding { mode, keys, action, words, hint: None }
}

impl Binding {
    const fn hint(self, place: u8, when: When, keys: &'static [&'static str], words: &'static str) -> Self {
        Self { hint: Some(Hint { place, when, keys, words }), ..self }
    }
}

/// The table, ready to be asked.
#[derive(Debug)]
pub(super) struct Keys {
    actions: HashMap<(Mode, Key), Action>,
}

impl Keys {
    /// The keys as zap brings them.
    pub(super) fn new() -> Self {
        let actions = KEYMAP.iter().flat_map(|binding| {
            let keys = binding.keys.iter().filter_map(|key| Key::parse(key));
            keys.map(|key| ((binding.mode, key), binding.action))
        });
        Self { actions: actions.collect() }
    }

    /// What a key means in a mode.
    pub(super) fn action(&self, mode: Mode, key: Key) -> Option<Action> {
        self.actions.get(&(mode, key)).copied()
    }
}

/// The keys of a binding for the help: `1-9` rather than nine keys.
pub(super) fn spoken(binding: &Binding) -> String {
    match binding.keys {
        [first, .., last] if binding.keys.len() > 5 => format!("{first}-{}", &last[last.len() - 1..]),
        keys => keys.join(" "),
    }
}

/// The key tables as Markdown, for the README.
pub fn markdown() -> String {
    let mut out = String::new();
    for (mode, heading) in MODES {
        let _ = writeln!(out, "| {heading} | |\n|---|---|");
        for binding in KEYMAP.iter().filter(|binding| binding.mode == mode) {
            let keys: Vec<String> = match binding.keys {
                [first, .., last] if binding.keys.len() > 5 => vec![format!("`{first}`-`{last}`")],
                keys => keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect(),
            };
            let _ = writeln!(out, "| {} | {} |", keys.join(" "), binding.words);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_can_be_read_and_means_one_thing() {
        let mut seen = HashMap::new();
        for binding in KEYMAP {
            for key in binding.keys {
                let read = Key::parse(key);
                assert!(read.is_some(), "{key} cannot be read");
                let before = seen.insert((binding.mode, read), binding.action);
                assert!(before.is_none(), "{key} means two things in {:?}", binding.mode);
            }
        }
    }

    #[test]
    fn the_last_line_shows_keys_of_its_own_table() {
        for binding in KEYMAP {
            for key in binding.hint.iter().flat_map(|hint| hint.keys) {
                let bound = KEYMAP.iter().any(|other| other.mode == binding.mode && other.keys.contains(key));
                assert!(bound, "{key} is hinted at in {:?} and not bound", binding.mode);
            }
        }
    }

    #[test]
    fn markdown_has_every_binding() {
        let text = markdown();
        for binding in KEYMAP {
            assert!(text.contains(binding.words), "{} is missing", binding.words);
        }
        assert!(text.contains("| `Up` `k` | to the row above |"), "{text}");
    }
}
