//! The one table of keys: mode, keys, action, words for the help, place in the last line. The help, the last line and the
//! README are made from it. Not: doing anything.

use std::fmt::Write;

use crate::config::Bindings;
use crate::ui::Action;
use crate::ui::keys::{Keys, runs};
use crate::ui::names::{mode_name, names};

/// What has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// The tree.
    Tree,
    /// The pager.
    Pager,
    /// A selection in the pager.
    Select,
    /// The job.
    Interactive,
    /// A line that is typed: the filter, the search, a file, a command.
    Prompt,
    /// The question whether to quit, or to write over a file.
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
    /// The list of all actions.
    Palette,
    /// What a search in all jobs of a system has found.
    Everywhere,
    /// What other jobs printed at the same instant.
    Instant,
    /// What happened, and who brought it about.
    Events,
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
    /// A search in all jobs has found something.
    Found,
    /// A search in all jobs is under way.
    Searching,
    /// The merged output of a system is shown.
    Merged,
    /// A system is selected.
    System,
    /// There are two pagers.
    Split,
}

use Action as A;
use When as W;

/// The modes in the order of the help, with their headings.
pub const MODES: [(Mode, &str); 16] = [
    (Mode::Tree, "The tree"),
    (Mode::Pager, "The pager"),
    (Mode::Select, "Selecting in the pager"),
    (Mode::Interactive, "Interactive: other keys go to the job"),
    (Mode::Prompt, "Filter, search, file and command, while typing"),
    (Mode::Palette, "The palette"),
    (Mode::Everywhere, "What was found in all jobs"),
    (Mode::Instant, "The same instant in other jobs"),
    (Mode::Events, "Events"),
    (Mode::Why, "Why"),
    (Mode::Details, "Details"),
    (Mode::Reload, "The question whether to take the file as it is now"),
    (Mode::Problem, "What is wrong with the file"),
    (Mode::Ask, "The question whether to quit, or to write over a file"),
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
    row(Mode::Tree, &["Tab"], A::SwitchFocus, "to the next pane"),
    row(Mode::Tree, &["z"], A::Zoom, "this pane alone, or both"),
    row(Mode::Tree, &["|"], A::Split, "a second pager, the first stays").hint(8, W::Split, &["|"], "one pager"),
    row(Mode::Tree, &["r"], A::Restart, "restart job, system or the marked").hint(2, W::Always, &["r"], "restart"),
    row(Mode::Tree, &["s"], A::Start, "start it").hint(3, W::Down, &["s"], "start"),
    row(Mode::Tree, &["x"], A::Stop, "stop it, and keep it down").hint(4, W::Up, &["x"], "stop"),
    row(Mode::Tree, &["X"], A::Kill, "kill it at once"),
    row(Mode::Tree, &["R"], A::RestartFailed, "restart all that has failed"),
    row(Mode::Tree, &["Space"], A::Mark, "mark, for {restart} {start} {stop} {kill} on several").hint(8, W::Marked, &["Esc"], "drop marks"),
    row(Mode::Tree, &["w"], A::Why, "why it is as it is").hint(5, W::Explained, &["w"], "why"),
    row(Mode::Tree, &["e"], A::Events, "what happened to it, and by whom"),
    row(Mode::Tree, &["i"], A::Details, "all there is to know about it").hint(7, W::Job, &["i"], "details"),
    row(Mode::Tree, &["a"], A::Merged, "merged output of its system").hint(7, W::System, &["a"], "merged"),
    row(Mode::Tree, &["c"], A::Reload, "read the file again, and ask"),
    row(Mode::Tree, &["p"], A::Problem, "what is wrong with the file"),
    row(Mode::Tree, &["f"], A::Everywhere, "search in all jobs of the system"),
    row(Mode::Tree, &["/"], A::Filter, "filter by name, fuzzy").hint(6, W::Always, &["/"], "filter"),
    row(Mode::Tree, &["Esc"], A::Close, "drop the filter, then the marks").hint(8, W::Filtered, &["Esc"], "show all"),
    row(Mode::Tree, &[":"], A::Palette, "every action by name; {palette}3 to job 3"),
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
    row(Mode::Pager, &["g", "Home"], A::First, "to the beginning; 9{first}: to line 9"),
    row(Mode::Pager, &["G", "End"], A::Last, "to the end, and follow"),
    row(Mode::Pager, &["%"], A::Percent, "50{percent}: to the middle"),
    row(Mode::Pager, &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], A::Digit, "a count for the next key"),
    row(Mode::Pager, &["Left", "h"], A::Left, "to the left, when chopped").hint(4, W::Chopped, &["Left", "Right"], "sideways"),
    row(Mode::Pager, &["Right", "l"], A::Right, "to the right, when chopped"),
    row(Mode::Pager, &["S"], A::Wrap, "wrap long lines, or chop them"),
    row(Mode::Pager, &["#"], A::Numbers, "line numbers"),
    row(Mode::Pager, &["t"], A::Times, "times of lines, in four forms"),
    row(Mode::Pager, &["m"], A::SetMark, "{set-mark}a: mark it; {set-mark}A: its job too"),
    row(Mode::Pager, &["'"], A::ToMark, "{to-mark}a: to the mark; {to-mark}': back"),
    row(Mode::Pager, &["="], A::Instant, "the same instant in other jobs"),
    row(Mode::Pager, &["a"], A::Merged, "the output of all jobs, merged"),
    row(Mode::Pager, &["L"], A::Clear, "clear the view, not the history"),
    row(Mode::Pager, &["F"], A::Follow, "follow the output").hint(0, W::Paused, &["F"], "follow"),
    row(Mode::Pager, &["/"], A::Search, "search: a regex, smart case").hint(2, W::Job, &["/"], "search"),
    row(Mode::Pager, &["?"], A::SearchBack, "search backwards"),
    row(Mode::Pager, &["n"], A::NextHit, "to the next hit").hint(1, W::Searched, &["n", "N"], "next hit"),
    row(Mode::Pager, &["N"], A::PreviousHit, "to the hit before"),
    row(Mode::Pager, &["&"], A::FilterLines, "only lines that match; {filter-lines}!: that do not; 3{filter-lines}: 3 lines around").hint(2, W::Job, &["&"], "filter"),
    row(Mode::Pager, &["E"], A::NextError, "to the next error; 3{next-error}: three further"),
    row(Mode::Pager, &["Alt-E", "Alt-e"], A::PreviousError, "to the error before"),
    row(Mode::Pager, &["W"], A::NextWarning, "to the next warning"),
    row(Mode::Pager, &["Alt-W", "Alt-w"], A::PreviousWarning, "to the warning before"),
    row(Mode::Pager, &["Ctrl-c"], A::StopSearch, "stop a search"),
    row(Mode::Pager, &["]"], A::NextRun, "to the next run"),
    row(Mode::Pager, &["["], A::PreviousRun, "to the run before"),
    row(Mode::Pager, &["v"], A::Select, "select characters"),
    row(Mode::Pager, &["V"], A::SelectLines, "select whole lines"),
    row(Mode::Pager, &["Ctrl-v"], A::SelectBlock, "select a block of columns"),
    row(Mode::Pager, &["y"], A::Copy, "copy the error or hit, else the first line seen"),
    row(Mode::Pager, &["s"], A::Save, "save the run, or all runs, to a file"),
    row(Mode::Pager, &["|"], A::Pipe, "give the run to a command"),
    row(Mode::Pager, &["o"], A::Page, "open the run in $PAGER"),
    row(Mode::Pager, &["O"], A::Edit, "the mentioned file, else the run, in $EDITOR"),
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
    row(Mode::Pager, &["Tab"], A::SwitchFocus, "to the next pane"),
    row(Mode::Pager, &[":"], A::Palette, "every action by name; {palette}9 to line 9"),
    row(Mode::Pager, &["F1"], A::Help, "all keys").hint(6, W::Always, &["F1"], "help"),
    row(Mode::Pager, &["Ctrl-l"], A::Redraw, "draw the screen anew"),
    row(Mode::Pager, &["Ctrl-z"], A::Suspend, "stop zap itself, not the jobs"),
    row(Mode::Pager, &["Esc"], A::Close, "end the search, the last filter, the pager"),
    row(Mode::Pager, &["q"], A::Back, "back to the tree").hint(7, W::Always, &["q"], "back"),

    row(Mode::Select, &["Left", "h"], A::Left, "a character to the left"),
    row(Mode::Select, &["Right", "l"], A::Right, "a character to the right"),
    row(Mode::Select, &["Up", "k"], A::Up, "a line up"),
    row(Mode::Select, &["Down", "j"], A::Down, "a line down"),
    row(Mode::Select, &["w"], A::NextWord, "to the next word"),
    row(Mode::Select, &["b"], A::PreviousWord, "to the word before"),
    row(Mode::Select, &["e"], A::WordEnd, "to the end of the word"),
    row(Mode::Select, &["^"], A::FirstWord, "to the first word of the line"),
    row(Mode::Select, &["$"], A::LineEnd, "to the end of the line"),
    row(Mode::Select, &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], A::Digit, "a count; 0 alone: to the beginning of the line"),
    row(Mode::Select, &["u", "Ctrl-u"], A::HalfUp, "half a page up"),
    row(Mode::Select, &["d", "Ctrl-d"], A::HalfDown, "half a page down"),
    row(Mode::Select, &["Ctrl-b", "PageUp"], A::PageUp, "a page up"),
    row(Mode::Select, &["f", "Space", "Ctrl-f", "PageDown"], A::PageDown, "a page down"),
    row(Mode::Select, &["g", "Home"], A::First, "to the beginning; 9{first}: to line 9"),
    row(Mode::Select, &["G", "End"], A::Last, "to the end"),
    row(Mode::Select, &["/"], A::Search, "extend by a search"),
    row(Mode::Select, &["?"], A::SearchBack, "extend by a search backwards"),
    row(Mode::Select, &["n"], A::NextHit, "to the next hit"),
    row(Mode::Select, &["N"], A::PreviousHit, "to the hit before"),
    row(Mode::Select, &["o"], A::OtherEnd, "to the other end").hint(4, W::Always, &["o"], "other end"),
    row(Mode::Select, &["v"], A::Select, "select characters, or end it"),
    row(Mode::Select, &["V"], A::SelectLines, "select whole lines, or end it"),
    row(Mode::Select, &["Ctrl-v"], A::SelectBlock, "select a block, or end it"),
    row(Mode::Select, &["S"], A::Wrap, "wrap long lines, or chop them"),
    row(Mode::Select, &["y", "Enter"], A::Copy, "copy it").hint(0, W::Always, &["y"], "copy"),
    row(Mode::Select, &["s"], A::Save, "save it to a file").hint(1, W::Always, &["s"], "save"),
    row(Mode::Select, &["|"], A::Pipe, "give it to a command").hint(2, W::Always, &["|"], "pipe"),
    row(Mode::Select, &["p"], A::Page, "open it in $PAGER").hint(3, W::Always, &["p"], "$PAGER"),
    row(Mode::Select, &["O"], A::Edit, "the mentioned file, else the run, in $EDITOR"),
    row(Mode::Select, &["F1"], A::Help, "all keys"),
    row(Mode::Select, &["Ctrl-l"], A::Redraw, "draw the screen anew"),
    row(Mode::Select, &["Ctrl-z"], A::Suspend, "stop zap itself, not the jobs"),
    row(Mode::Select, &["Esc", "q", "Ctrl-c"], A::Close, "end the selection").hint(5, W::Always, &["Esc"], "leave it"),

    row(Mode::Interactive, &["Ctrl-]"], A::Leave, "back to the pager; twice: sends it").hint(0, W::Always, &["Ctrl-]"], "leaves"),

    row(Mode::Prompt, &["Enter"], A::Accept, "take it").hint(0, W::Always, &["Enter"], "take it"),
    row(Mode::Prompt, &["Esc", "Ctrl-c"], A::Close, "leave it").hint(1, W::Always, &["Esc"], "leave it"),
    row(Mode::Prompt, &["Up"], A::Up, "a row up; what was typed before"),
    row(Mode::Prompt, &["Down"], A::Down, "a row down; what was typed after"),
    row(Mode::Prompt, &["Tab"], A::NextChoice, "save: this run, all runs, the selection"),
    row(Mode::Prompt, &["Ctrl-u"], A::First, "empty the line"),
    row(Mode::Prompt, &["Ctrl-w"], A::Left, "take the last word away"),
    row(Mode::Prompt, &["Backspace", "Ctrl-h"], A::Back, "take the last character away"),

    row(Mode::Palette, &["Enter"], A::Accept, "do it").hint(0, W::Always, &["Enter"], "do it"),
    row(Mode::Palette, &["Up", "Ctrl-p", "Shift-Tab"], A::Up, "to the action above").hint(1, W::Always, &["Up", "Down"], "choose"),
    row(Mode::Palette, &["Down", "Ctrl-n", "Tab"], A::Down, "to the action below"),
    row(Mode::Palette, &["PageUp"], A::PageUp, "a page up"),
    row(Mode::Palette, &["PageDown"], A::PageDown, "a page down"),
    row(Mode::Palette, &["Ctrl-u"], A::First, "empty the line"),
    row(Mode::Palette, &["Ctrl-w"], A::Left, "take the last word away"),
    row(Mode::Palette, &["Backspace", "Ctrl-h"], A::Back, "take the last character away"),
    row(Mode::Palette, &["Esc", "Ctrl-c"], A::Close, "close it").hint(2, W::Always, &["Esc"], "close"),
    row(Mode::Everywhere, &["Up", "k"], A::Up, "to the hit above").hint(0, W::Found, &["Up", "Down"], "move"),
    row(Mode::Everywhere, &["Down", "j"], A::Down, "to the hit below"),
    row(Mode::Everywhere, &["u", "Ctrl-u"], A::HalfUp, "half a page up"),
    row(Mode::Everywhere, &["d", "Ctrl-d"], A::HalfDown, "half a page down"),
    row(Mode::Everywhere, &["PageUp", "b", "Ctrl-b"], A::PageUp, "a page up"),
    row(Mode::Everywhere, &["PageDown", "Space", "f", "Ctrl-f"], A::PageDown, "a page down"),
    row(Mode::Everywhere, &["g", "Home"], A::First, "to the first hit"),
    row(Mode::Everywhere, &["G", "End"], A::Last, "to the last hit"),
    row(Mode::Everywhere, &["Tab", "]"], A::NextJob, "to the hits of the next job").hint(2, W::Found, &["Tab"], "next job"),
    row(Mode::Everywhere, &["["], A::PreviousJob, "to the hits of the job before"),
    row(Mode::Everywhere, &["Enter"], A::Open, "to that line of the job").hint(1, W::Found, &["Enter"], "go there"),
    row(Mode::Everywhere, &["/"], A::Everywhere, "search for something else").hint(3, W::Always, &["/"], "search"),
    row(Mode::Everywhere, &["Ctrl-c"], A::StopSearch, "stop the search").hint(4, W::Searching, &["Ctrl-c"], "stop"),
    row(Mode::Everywhere, &["Esc", "q"], A::Close, "close it").hint(5, W::Always, &["Esc"], "close"),
    row(Mode::Instant, &["Up", "k"], A::Up, "to the job above").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Instant, &["Down", "j"], A::Down, "to the job below"),
    row(Mode::Instant, &["g", "Home"], A::First, "to the first job"),
    row(Mode::Instant, &["G", "End"], A::Last, "to the last job"),
    row(Mode::Instant, &["Enter"], A::Open, "to that line of the job").hint(1, W::Always, &["Enter"], "go there"),
    row(Mode::Instant, &["=", "Esc", "q"], A::Close, "close it").hint(2, W::Always, &["="], "close"),

    row(Mode::Events, &["Up", "k"], A::Up, "to the event above").hint(0, W::Always, &["Up", "Down"], "move"),
    row(Mode::Events, &["Down", "j"], A::Down, "to the event below"),
    row(Mode::Events, &["u", "Ctrl-u"], A::HalfUp, "half a page up"),
    row(Mode::Events, &["d", "Ctrl-d"], A::HalfDown, "half a page down"),
    row(Mode::Events, &["PageUp", "b", "Ctrl-b"], A::PageUp, "a page up"),
    row(Mode::Events, &["PageDown", "Space", "f", "Ctrl-f"], A::PageDown, "a page down"),
    row(Mode::Events, &["g", "Home"], A::First, "to the first event"),
    row(Mode::Events, &["G", "End", "F"], A::Last, "to the newest, and follow"),
    row(Mode::Events, &["Enter"], A::Open, "to its run in the pager").hint(1, W::Always, &["Enter"], "its run"),
    row(Mode::Events, &["/"], A::Search, "search: a regex, smart case").hint(3, W::Always, &["/"], "search"),
    row(Mode::Events, &["n"], A::NextHit, "to the next event that matches"),
    row(Mode::Events, &["N"], A::PreviousHit, "to the one before that matches"),
    row(Mode::Events, &["Tab"], A::NextChoice, "of the job, its system, or all").hint(2, W::Always, &["Tab"], "of whom"),
    row(Mode::Events, &["e", "Esc", "q"], A::Close, "close it").hint(4, W::Always, &["e"], "close"),

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

    row(Mode::Ask, &["y", "Enter"], A::Yes, "yes").hint(0, W::Always, &["y"], "yes"),
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

impl Binding {
    /// What it does, in the words of the help, if the file says nothing about keys.
    pub fn told(&self) -> String {
        Keys::new(&Bindings::default()).say(self.mode, self.words).into_owned()
    }
}

/// The key tables as Markdown, for the README.
pub fn markdown() -> String {
    let keys = Keys::new(&Bindings::default());
    let mut out = String::new();
    for (mode, heading) in MODES {
        let _ = writeln!(out, "| {heading} | | `[keys.{}]` |\n|---|---|---|", mode_name(mode));
        for (binding, row) in keys.rows(mode) {
            let pressed = runs(row).into_iter().map(from_to).collect::<Vec<_>>().join(" ");
            // About digits the file can say nothing.
            let named = if binding.action == A::Digit { String::new() } else { from_to(&names(binding)) };
            let _ = writeln!(out, "| {pressed} | {} | {named} |", keys.say(mode, binding.words));
        }
        out.push('\n');
    }
    out
}

/// One thing, or the first and the last of several, in a table of Markdown.
fn from_to<T: ToString>(several: &[T]) -> String {
    let quoted = |one: &T| format!("`{}`", one.to_string().replace('|', "\\|"));
    match several {
        [] => String::new(),
        [one] => quoted(one),
        [first, .., last] => format!("{}-{}", quoted(first), quoted(last)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::ui::key::Key;

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
            assert!(text.contains(&binding.told()), "{} is missing", binding.words);
        }
        assert!(text.contains("| `Up` `k` | to the row above | `up` |"), "{text}");
    }
}
