//! What a key can mean. Not: which key, and not: how it is done.

/// What a key means in a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// To the row above; in the pager one row up.
    Up,
    /// To the row below; in the pager one row down.
    Down,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning, or to the line whose number was typed before.
    First,
    /// To the end; in the pager follow from there on, or to the line whose number was typed before.
    Last,
    /// Fold, or to the row that this one belongs to; in the pager to the left.
    Left,
    /// Unfold; in the pager to the right.
    Right,
    /// To the nth job.
    Nth,
    /// Into the pager of the selected row, in full.
    Open,
    /// The focus to the other pane.
    SwitchFocus,
    /// The focused pane alone, or both.
    Zoom,
    /// A second pager beside the first, or one again.
    Split,
    /// Back to the tree.
    Back,
    /// Close the innermost thing.
    Close,
    /// Restart.
    Restart,
    /// Start.
    Start,
    /// Stop.
    Stop,
    /// Kill.
    Kill,
    /// Restart all that has failed.
    RestartFailed,
    /// Mark the selected job, or take the mark away.
    Mark,
    /// Filter the tree by name.
    Filter,
    /// To the next row in trouble.
    NextTrouble,
    /// Why the selected row is as it is.
    Why,
    /// What happened to the selected row, and who brought it about.
    Events,
    /// All there is to know about the selected job.
    Details,
    /// Read the file again.
    Reload,
    /// All that is wrong with the file.
    Problem,
    /// To the next link of a page.
    NextLink,
    /// Unfold what a page has folded, or fold it again.
    Unfold,
    /// Every action by its name.
    Palette,
    /// All keys.
    Help,
    /// Leave zap.
    Quit,
    /// Stop zap itself, not the jobs, as the shell's Ctrl-Z does.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// A digit of a count.
    Digit,
    /// To the percentage that was typed before.
    Percent,
    /// Search towards the end.
    Search,
    /// Search towards the beginning.
    SearchBack,
    /// Show only the lines that match, or that do not.
    FilterLines,
    /// To the next hit, in the direction of the search.
    NextHit,
    /// To the next hit, against the direction of the search.
    PreviousHit,
    /// To the next error.
    NextError,
    /// To the error before.
    PreviousError,
    /// To the next warning.
    NextWarning,
    /// To the warning before.
    PreviousWarning,
    /// Search in all jobs of a system.
    Everywhere,
    /// To the first hit of the next job in a list of hits.
    NextJob,
    /// To the first hit of the job before.
    PreviousJob,
    /// Stop a search that still runs.
    StopSearch,
    /// Follow the output.
    Follow,
    /// Select characters; while selecting: be done with it, or take characters again.
    Select,
    /// Select whole lines.
    SelectLines,
    /// Select a block of columns.
    SelectBlock,
    /// To the other end of the selection.
    OtherEnd,
    /// To the next word.
    NextWord,
    /// To the word before.
    PreviousWord,
    /// To the end of the word.
    WordEnd,
    /// To the first character of the line that is no blank.
    FirstWord,
    /// To the end of the line.
    LineEnd,
    /// Copy to the clipboard.
    Copy,
    /// Save to a file.
    Save,
    /// Give it to a command.
    Pipe,
    /// Open it in `$PAGER`.
    Page,
    /// Open the file that is mentioned in `$EDITOR`.
    Edit,
    /// To the next of what can be chosen.
    NextChoice,
    /// Wrap long lines, or chop them.
    Wrap,
    /// The numbers of lines beside them, or not.
    Numbers,
    /// The times of lines beside them, in the next form.
    Times,
    /// Mark the line with the letter that comes next.
    SetMark,
    /// To the line that the letter stands for that comes next.
    ToMark,
    /// Hide what has been printed so far, until somebody scrolls up.
    Clear,
    /// The merged output of all jobs of the system, or back.
    Merged,
    /// What other jobs printed at the same instant.
    Instant,
    /// To the end of the next run.
    NextRun,
    /// To the end of the run before.
    PreviousRun,
    /// Keys go to the job.
    Interact,
    /// Keys go to the job if it is interactive; else one row down.
    Enter,
    /// Out of interactive mode; twice sends the key itself.
    Leave,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Take what was typed.
    Accept,
}
