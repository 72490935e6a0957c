//! What leaves zap by a key: copies, files, commands, `$PAGER`, `$EDITOR`. Here it is found out what is meant; the app does it. Not:
//! the text itself (`pager/extract`).

use std::time::Duration;

use crate::model::{InstanceId, InstanceView, Time, View};
use crate::terminal::{LineKind, Terminal};
use crate::ui::eye::{Over, World};
use crate::ui::mention::{Mention, mentions};
use crate::ui::pager::{
    Cut, Extract, Outgoing, Pager, Reach, Spot, first_row, last_seen, run_end, run_of, text,
};
use crate::ui::prompt::{Choice, Prompt, Purpose};
use crate::ui::selecting::point;
use crate::ui::text::{count, thousands};
use crate::ui::{Action, Request, Terminals, Ui, clip};

/// So many places are looked for in the file system: a line may mention ten thousand.
const MENTIONS: usize = 50;
/// A file that is found sooner was never looked for, to a person.
const AT_ONCE: Duration = Duration::from_millis(200);

/// What is to be written into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// What.
    pub extract: Extract,
    /// The file as it was typed.
    pub file: String,
    /// Whether a file that is there is written over.
    pub over: Overwrite,
}

/// Whether a file that is there is written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// First it is asked, by [`Ui::ask_to_overwrite`].
    Ask,
    /// A person said so.
    Yes,
}

/// What is done by somebody else on our terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Away {
    /// A command gets a text.
    Pipe {
        /// The text.
        extract: Extract,
        /// The command, for a shell.
        command: String,
    },
    /// `$PAGER` shows a text.
    Page {
        /// The text.
        extract: Extract,
        /// From this of its lines on, counted from 1.
        line: u64,
    },
    /// `$EDITOR` opens the first of these places that there is; if none is mentioned, the text itself.
    Edit {
        /// The places, the best first.
        mentions: Vec<Mention>,
        /// The text.
        extract: Extract,
        /// This of its lines, counted from 1.
        line: u64,
    },
}

impl Ui {
    /// The text of an extract, if there is still something of it.
    pub fn outgoing(&self, extract: &Extract, terminals: &Terminals) -> Option<Outgoing> {
        let paint = self.paint(self.now);
        Some(extract.outgoing(terminals.get(&extract.instance)?, |end| run_end(end, &paint)))
    }

    /// The file is there already: asks whether it is written over.
    pub fn ask_to_overwrite(&mut self, save: Save) {
        match self.over {
            Over::Nothing => self.over = Over::Overwrite(save),
            _ => self.note(format!("{} is there already, and was left as it is", save.file)),
        }
    }

    /// Something was saved; `lost` of its lines could not be read.
    pub fn tell_saved(&mut self, file: &str, lines: u64, bytes: u64, lost: u64) {
        let told = format!("saved {}, {} bytes, to {file}", count(lines, "line", "lines"), thousands(bytes));
        self.note(match lost {
            0 => told,
            lost => format!("{told}, but {} of them could not be read any more", thousands(lost)),
        });
    }

    /// Whether this job is still what a person looks at, with nothing open and no keys going elsewhere.
    pub fn is_at(&self, instance: InstanceId, view: &View) -> bool {
        matches!(self.over, Over::Nothing) && self.job(view).is_some_and(|job| job.id == instance)
    }

    /// The file for the editor is there, but the person went on to something else.
    pub fn tell_ready(&mut self) {
        self.tell("the file for the editor is ready: {edit} at its job opens it");
    }

    /// Something is being saved: into which file, and how many percent are written. `None`: no more.
    pub fn saving(&mut self, saving: Option<(String, u64)>) {
        self.saving = saving;
    }

    /// A file that a job mentions is looked for, since then. `None`: no more.
    pub fn looking(&mut self, since: Option<Time>) {
        self.looking = since;
    }

    /// The file was found, but the person went on to something else.
    pub fn tell_found(&mut self, file: &str) {
        self.note(format!("{file} {}", self.said("is there: {edit} at its job opens it")));
    }

    /// From when on it is told that a file is looked for.
    pub(super) fn tells_looking_at(&self) -> Option<Time> {
        self.looking.map(|since| since + AT_ONCE)
    }
}

/// What is going on in the background ends: what a person waits for first.
pub(super) fn end(ui: &Ui) -> Option<Request> {
    match (ui.looking, &ui.saving) {
        (Some(_), _) => Some(Request::StopLooking),
        (None, Some(_)) => Some(Request::StopSaving),
        (None, None) => None,
    }
}

/// Does what a key wishes that something leaves zap.
pub(super) fn act(ui: &mut Ui, action: Action, world: World<'_>) -> Vec<Request> {
    match action {
        Action::Copy => clip::copy_selected(ui, world),
        Action::Save => {
            begin_save(ui, world);
            Vec::new()
        }
        Action::Pipe => {
            if let Some(choice) = choices(ui, world).into_iter().next() {
                ui.over = Over::Prompt(Prompt::new(Purpose::Pipe(choice)));
            } else {
                ui.note(NOTHING);
            }
            Vec::new()
        }
        Action::Page => page(ui, world),
        _ => edit(ui, world),
    }
}

pub(super) const NOTHING: &str = "there is no output yet";

/// What can leave zap, what is most likely meant first: the selection, the run that is seen, all runs.
fn choices(ui: &mut Ui, world: World<'_>) -> Vec<Choice> {
    let reach = ui.reach();
    let Some(job) = ui.job(world.view) else { return Vec::new() };
    let Some((pager, terminal)) = ui.pager(world) else { return Vec::new() };
    let lines = terminal.lines();
    if lines.is_empty() {
        return Vec::new();
    }
    let name = file_name(&job.label);
    let mut choices = Vec::new();
    if let Some(extract) = pager.extract(job.id, terminal) {
        choices.push(Choice {
            extract,
            words: "the selection".to_owned(),
            file: format!("{name}-selection.log"),
        });
    }
    let run = run_of(terminal, seen(pager, terminal, reach));
    let number = run_number(job, terminal, run.end);
    let all = Extract { instance: job.id, lines: lines.clone(), cut: Cut::Whole, only: None };
    let more = run.start > lines.start || run.end + 1 < lines.end;
    let only = pager.only(terminal, &lines);
    if only.is_some() {
        choices.push(Choice {
            extract: Extract { only, ..all.clone() },
            words: "what the filter shows".to_owned(),
            file: format!("{name}-filtered.log"),
        });
    }
    choices.push(Choice {
        extract: Extract { lines: run, ..all.clone() },
        words: number.map_or("this run".to_owned(), |number| format!("run {number}")),
        file: number.map_or(format!("{name}.log"), |number| format!("{name}-run{number}.log")),
    });
    if more {
        choices.push(Choice { extract: all, words: "all runs".to_owned(), file: format!("{name}.log") });
    }
    choices
}

/// The line that tells which run is looked at.
fn seen(pager: &Pager, terminal: &Terminal, reach: Reach) -> u64 {
    if pager.follows() {
        return terminal.lines().end.saturating_sub(1);
    }
    match &pager.selection {
        Some(selection) => selection.cursor.line,
        None => pager.position(terminal, reach).line,
    }
}

fn run_number(job: &InstanceView, terminal: &Terminal, end: u64) -> Option<u32> {
    match terminal.line(end).map(|line| line.kind) {
        Some(LineKind::RunEnd(end)) => Some(end.number),
        Some(LineKind::Output | LineKind::Piece | LineKind::Note) | None => job.run.map(|run| run.number),
    }
}

/// A name that is fit for a file.
fn file_name(label: &str) -> String {
    label.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' }).collect()
}

fn begin_save(ui: &mut Ui, world: World<'_>) {
    let choices = choices(ui, world);
    match choices.first().map(|choice| choice.file.clone()) {
        _ if ui.saving.is_some() => ui.tell("something is being saved: {close} ends that"),
        Some(file) => {
            ui.over = Over::Prompt(Prompt::filled(Purpose::Save { choices, chosen: 0 }, file));
        }
        None => ui.note(NOTHING),
    }
}

/// A key in a line that names a file or a command. `None`: it edits the line as every other.
pub(super) fn prompt(ui: &mut Ui, action: Action) -> Option<Vec<Request>> {
    let Over::Prompt(prompt) = &mut ui.over else { return None };
    let text = prompt.line.text.trim().to_owned();
    match (&mut prompt.purpose, action) {
        (Purpose::Save { choices, chosen }, Action::NextChoice) => {
            let before = choices[*chosen].file.clone();
            *chosen = (*chosen + 1) % choices.len();
            if prompt.line.text == before {
                prompt.line.text.clone_from(&choices[*chosen].file);
            }
            return Some(Vec::new());
        }
        (Purpose::Save { .. } | Purpose::Pipe(_), Action::Accept) if text.is_empty() => {
            prompt.problem = Some("nothing is named".to_owned());
            return Some(Vec::new());
        }
        (Purpose::Save { .. } | Purpose::Pipe(_), Action::Accept) => {}
        _ => return None,
    }
    let Over::Prompt(prompt) = std::mem::replace(&mut ui.over, Over::Nothing) else { return None };
    match prompt.purpose {
        Purpose::Save { mut choices, chosen } => {
            let Choice { extract, file, .. } = choices.swap_remove(chosen);
            // A folder: it gets the name that was offered.
            let file = if text.ends_with('/') { text + &file } else { text };
            ui.files.keep(&file);
            Some(vec![Request::Save(Save { extract, file, over: Overwrite::Ask })])
        }
        Purpose::Pipe(choice) => {
            ui.commands.keep(&text);
            Some(vec![Request::Away(Away::Pipe { extract: choice.extract, command: text })])
        }
        Purpose::Filter { .. }
        | Purpose::Lines { .. }
        | Purpose::Search { .. }
        | Purpose::SearchMerged { .. }
        | Purpose::Everywhere { .. }
        | Purpose::Events(_) => None,
    }
}

/// The selection, or the run at the present line.
fn page(ui: &mut Ui, world: World<'_>) -> Vec<Request> {
    let reach = ui.reach();
    let Some(choice) = choices(ui, world).into_iter().next() else {
        ui.note(NOTHING);
        return Vec::new();
    };
    let Some((pager, terminal)) = ui.pager(world) else { return Vec::new() };
    let present = if pager.selection.is_some() { None } else { point(pager, terminal, reach) };
    // Where lines are left out nobody knows which one it is there.
    let present = present.filter(|_| choice.extract.only.is_none());
    let line = present.map_or(0, |at| at.line.saturating_sub(choice.extract.lines.start)) + 1;
    vec![Request::Away(Away::Page { extract: choice.extract, line })]
}

/// The places that are mentioned: under or after the cursor of the selection, in the line of the hit, or in the error that was gone
/// to; else those in sight, the nearest to where new output comes first while it is followed.
fn edit(ui: &mut Ui, world: World<'_>) -> Vec<Request> {
    let reach = ui.reach();
    let choice = choices(ui, world).into_iter().find(|choice| choice.extract.cut == Cut::Whole);
    let Some(choice) = choice else {
        ui.note(NOTHING);
        return Vec::new();
    };
    let Some((pager, terminal)) = ui.pager(world) else { return Vec::new() };
    let selected = pager.selection.as_ref().map(|selection| selection.cursor);
    let Some(at) = selected.or_else(|| point(pager, terminal, reach)) else { return Vec::new() };
    let hit = pager.search.as_ref().is_some_and(|search| search.line() == Some(at.line));
    let error = pager.graves.current() == Some(at.line);
    let mentions = if selected.is_some() || hit {
        from_cursor(terminal, at)
    } else if error {
        from_error(pager, terminal, reach, at.line)
    } else {
        in_sight(pager, terminal, reach)
    };
    let extract = Extract { lines: run_of(terminal, at.line), only: None, ..choice.extract };
    let line = at.line.saturating_sub(extract.lines.start) + 1;
    if mentions.is_empty() {
        ui.note("no file is mentioned here: the whole run is opened");
    }
    vec![Request::Away(Away::Edit { mentions, extract, line })]
}

fn from_cursor(terminal: &Terminal, at: Spot) -> Vec<Mention> {
    let found = mentions(&text(terminal, at.line));
    let (before, mut from): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|mention| mention.at.end <= at.byte);
    from.extend(before);
    from.truncate(MENTIONS);
    from
}

/// Python tells the call last in which it went wrong; all others tell it first.
const LAST_CALL_LAST: &str = "Traceback (most recent call last)";

/// What an error mentions that is seen, and what is seen below it.
fn from_error(pager: &Pager, terminal: &Terminal, reach: Reach, line: u64) -> Vec<Mention> {
    let last = pager.last_seen(terminal, reach);
    let seen = pager.seen(terminal);
    let lines: Vec<u64> = std::iter::successors(Some(line), |line| seen.next(line + 1))
        .take_while(|line| *line <= last)
        .collect();
    let calls = if text(terminal, line).contains(LAST_CALL_LAST) {
        lines.iter().skip(1).take_while(|line| text(terminal, **line).starts_with(' ')).count()
    } else {
        0
    };
    let (calls, rest) = lines.split_at((calls + 1).min(lines.len()));
    let nearest_first = calls.iter().rev().chain(rest);
    nearest_first.flat_map(|line| mentions(&text(terminal, *line))).take(MENTIONS).collect()
}

fn in_sight(pager: &Pager, terminal: &Terminal, reach: Reach) -> Vec<Mention> {
    let Some(first) = first_row(pager, terminal, reach) else { return Vec::new() };
    let seen = pager.seen(terminal);
    let last = last_seen(&seen, reach, first);
    let lines = std::iter::successors(seen.next(first.line), |line| seen.next(line + 1));
    let mut lines: Vec<u64> = lines.take_while(|line| *line <= last).collect();
    if pager.follows() {
        lines.reverse();
    }
    lines.into_iter().flat_map(|line| mentions(&text(terminal, line))).take(MENTIONS).collect()
}
