//! What an eye asks the app to do. Not: doing it.

use crate::model::Command;
use crate::ui::outward::{Away, Save};
use crate::ui::pager::Extract;

/// What the app is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Something about jobs.
    Command(Command),
    /// Read the file again and tell by [`Ui::propose`] what that would change.
    Reload,
    /// Do what was proposed.
    Apply,
    /// Forget what was proposed.
    Discard,
    /// Put this text into the clipboard.
    Copy(String),
    /// Collect this on a thread, then ask [`Ui::collected`] what of it is to be copied.
    Collect(Extract),
    /// Write something into a file.
    Save(Save),
    /// Write no more of it.
    StopSaving,
    /// Wait no longer for the file that was to be opened.
    StopLooking,
    /// Give our terminal to somebody for a while.
    Away(Away),
    /// Stop zap itself, as the shell's Ctrl-Z does.
    Suspend,
    /// Draw every cell anew: something else has written to the terminal.
    Redraw,
}
