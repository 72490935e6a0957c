//! How somebody beside the jobs is called: the words, what it reads, and what happens when it has ended. Not: who is called, and
//! where (`outside`).

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use crate::app::editor::{self, Comes};
use crate::sys::Feed;
use crate::ui::{Dress, Outgoing};

use super::Scratch;
use super::home::Home;

/// What happens when a guest has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum After {
    /// What it wrote stays until a person has read it.
    Hold,
    /// zap is back at once.
    Return,
}

/// A program that the environment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Tool {
    /// The command, for a shell.
    command: String,
    /// The program that it begins with.
    pub(super) name: String,
    /// The variable that names another one.
    pub(super) variable: &'static str,
}

/// How a guest is called.
pub(in crate::app) struct Call {
    pub(super) argv: Vec<OsString>,
    pub(super) after: After,
    /// Unless a person typed the command.
    pub(super) tool: Option<Tool>,
    pub(super) feed: Option<(Feed, OwnedFd)>,
    pub(super) file: Option<(Scratch, Comes)>,
}

impl Tool {
    /// `$VISUAL`, `$EDITOR`, or vi.
    pub(in crate::app) fn editor(home: &Home) -> Self {
        Self::of(home, &["VISUAL", "EDITOR"], "vi")
    }

    /// `$PAGER`, or less.
    fn pager(home: &Home) -> Self {
        Self::of(home, &["PAGER"], "less -R")
    }

    /// What the first of these variables that is set says; the last one is for who sets none.
    fn of(home: &Home, variables: &[&'static str], fallback: &str) -> Self {
        let set = variables.iter().find_map(|variable| Some((*variable, home.variable(variable)?)));
        let command =
            set.map_or_else(|| fallback.to_owned(), |(_, command)| command.to_string_lossy().into_owned());
        let variable = set.map(|(variable, _)| variable).or(variables.last().copied()).unwrap_or_default();
        Self { name: editor::name(&command), command, variable }
    }
}

impl Call {
    /// A command that gets a text.
    pub(in crate::app) fn pipe(command: &str, outgoing: Outgoing) -> io::Result<Self> {
        let feed = Some(feed(outgoing, Dress::Plain)?);
        Ok(Self { argv: shell(command), after: After::Hold, tool: None, feed, file: None })
    }

    /// `$PAGER`, from a line on if it is less.
    pub(in crate::app) fn page(home: &Home, outgoing: Outgoing, line: u64) -> io::Result<Self> {
        let tool = Tool::pager(home);
        let plain = matches!(tool.name.as_str(), "vi" | "vim" | "nvim" | "view" | "emacs" | "nano");
        let feed = Some(feed(outgoing, if plain { Dress::Plain } else { Dress::Coloured })?);
        let words = if tool.name == "less" && line > 1 { vec![format!("+{line}")] } else { Vec::new() };
        let argv = tool_words(&tool.command, &words);
        Ok(Self { argv, after: After::Return, tool: Some(tool), feed, file: None })
    }

    /// The editor, at a place of a file.
    pub(in crate::app) fn edit(tool: Tool, file: &Path, line: u32, column: Option<u32>) -> Self {
        let words = editor::words(&tool.command, &file.to_string_lossy(), line, column);
        let argv = tool_words(&tool.command, &words);
        Self { argv, after: After::Return, tool: Some(tool), feed: None, file: None }
    }

    /// The editor, at a line of a file of ours.
    pub(in crate::app) fn edit_scratch(tool: Tool, file: Scratch, line: u32) -> Self {
        let comes = editor::comes(&tool.command);
        let call = Self::edit(tool, &file.0, line, None);
        Self { file: Some((file, comes)), ..call }
    }

    /// What stands above the output of a command: which one it is, on a row of its own, wherever the one before stopped.
    pub(in crate::app) fn heading(&self) -> Option<String> {
        match (self.after, self.argv.last()) {
            (After::Hold, Some(command)) => {
                Some(format!("\r\n\x1b[7m | {} \x1b[0m\r\n", command.to_string_lossy()))
            }
            (After::Hold | After::Return, _) => None,
        }
    }
}

/// A command by a shell.
fn shell(line: &str) -> Vec<OsString> {
    ["sh", "-c", line].map(OsString::from).to_vec()
}

/// A command of the environment by a shell, as git calls editors and pagers: it may have words of its own. A single one takes the
/// place of the shell, so that it is the one whose end and whose stops are told.
fn tool_words(command: &str, words: &[String]) -> Vec<OsString> {
    let first = command.split_whitespace().next().unwrap_or_default();
    let single = !command.contains(['|', '&', ';', '(', ')', '<', '>', '\n', '`'])
        && first.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_'))
        && !first.contains('=');
    let line = format!("{}{command} \"$@\"", if single { "exec " } else { "" });
    shell(&line)
        .into_iter()
        .chain([OsString::from(command)])
        .chain(words.iter().map(OsString::from))
        .collect()
}

fn feed(outgoing: Outgoing, dress: Dress) -> io::Result<(Feed, OwnedFd)> {
    Feed::start(move |out| {
        // Who has read enough is no failure.
        let _ = outgoing.write(dress, out, &mut |_| Ok(()));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_command_takes_the_place_of_the_shell() {
        let line = |command: &str| tool_words(command, &["+3".to_owned()])[2].to_string_lossy().into_owned();
        assert_eq!(line("less -R"), "exec less -R \"$@\"");
        assert_eq!(line("LESS=R less"), "LESS=R less \"$@\"");
        assert_eq!(line("tee x | less"), "tee x | less \"$@\"");
        assert_eq!(tool_words("less", &["+3".to_owned()])[3..], ["less", "+3"]);
    }
}
