//! A theme as plain data: how each part of the screen looks. Not: how it is drawn, and not: how it is read.

use std::collections::BTreeMap;

/// How each part of the screen looks. A role that is missing looks like plain text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme {
    /// What it is for.
    pub description: String,
    /// The look of each role.
    pub looks: BTreeMap<Role, Look>,
}

/// The look of one part of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an attribute that a terminal can switch by itself"
)]
pub struct Look {
    /// The colour of the text; `None`: as it is.
    pub fg: Option<Hue>,
    /// The colour behind it; `None`: as it is.
    pub bg: Option<Hue>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Reverse video.
    pub reverse: bool,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    /// The terminal's own.
    Default,
    /// One of the terminal's 16 colours (0..=15), or of the 256.
    Indexed(u8),
    /// Exactly this one.
    Rgb(u8, u8, u8),
}

/// A part of the screen that can have a look of its own. In a theme file the names are in kebab-case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A sign and word of a state.
    Stopped,
    /// Wanted later.
    Scheduled,
    /// A sign and word of a state.
    Waiting,
    /// A sign and word of a state.
    Starting,
    /// A sign and word of a state.
    Running,
    /// A sign and word of a state.
    Stopping,
    /// A sign and word of a state.
    Backoff,
    /// Too many automatic runs.
    Held,
    /// A sign and word of a state.
    Done,
    /// A sign and word of a state.
    Failed,
    /// The selected row in the pane that has the focus.
    Selected,
    /// The selected row in the other pane.
    SelectedElsewhere,
    /// The rule between the panes, and frames of dialogs.
    Rule,
    /// The head line.
    Head,
    /// Names of systems.
    System,
    /// What is of less importance: ages, counts, steps that rest.
    Dim,
    /// Unseen output.
    Unseen,
    /// Run separators and zap's own lines in the output.
    Separator,
    /// What search found.
    Hit,
    /// The hit that the pager stands on.
    CurrentHit,
    /// The name of a job before its lines, where those of several are merged: six by turns.
    Name1,
    /// See `Name1`.
    Name2,
    /// See `Name1`.
    Name3,
    /// See `Name1`.
    Name4,
    /// See `Name1`.
    Name5,
    /// See `Name1`.
    Name6,
    /// The alert line.
    Alert,
    /// The banner of a problem.
    Banner,
    /// A key in the last line and in the help.
    Key,
    /// What the key does.
    KeyHint,
    /// A prompt: search, filter.
    Prompt,
    /// The text of dialogs.
    Dialog,
    /// Interactive mode is shown all the while.
    Interactive,
    /// An error, in the overview beside the output.
    OverviewError,
    /// What search found, there.
    OverviewHit,
    /// A mark that a person has set, there.
    OverviewMark,
    /// The part of the output that is seen, beside it.
    Scrollbar,
}
