//! What is written on the page of details, row by row, for a width. Not: scrolling, and not: cells.

use crate::config::Role;
use crate::model::{
    Details, InstanceId, InstanceView, Link, Now, Origin, State, Usage, Variable, View, Wall, in_bytes,
    in_percent,
};
use crate::ui::eye::instance;
use crate::ui::keymap::Mode;
use crate::ui::paint::Paint;
use crate::ui::sum::role;
use crate::ui::text::{count, width, wrapped};
use crate::ui::{Action, why};

/// A row of the page.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Texts with the columns where they begin.
    pub(super) parts: Vec<(u16, String, Option<Role>)>,
    /// Where the row leads.
    pub(super) link: Option<InstanceId>,
}

/// Columns before what stands below a heading.
const INDENT: u16 = 2;
/// Columns between a key and what it says.
const GAP: u16 = 2;
/// The most columns of a key.
const KEY: usize = 22;

/// All rows of the page.
pub(super) fn rows(
    details: &Details,
    usage: Option<Usage>,
    view: &View,
    room: u16,
    inherited: bool,
    paint: &Paint<'_>,
) -> Vec<Row> {
    let mut page = Sections { rows: Vec::new(), room: room.max(8), paint };
    if let Some(job) = instance(view, details.id) {
        page.about(job, details, usage);
    }
    page.command(details);
    page.links("needs", &details.needs, view);
    page.links("needed by", &details.needed_by, view);
    page.probes(details);
    page.past(details);
    page.versions(details);
    page.limits(details);
    page.environment(details, inherited);
    page.rows
}

struct Sections<'p> {
    rows: Vec<Row>,
    room: u16,
    paint: &'p Paint<'p>,
}

impl Sections<'_> {
    fn about(&mut self, job: &InstanceView, details: &Details, usage: Option<Usage>) {
        if job.title != job.name && !is_of_command(&job.title, details) {
            self.text(0, &job.title, None);
        }
        if let Some(about) = &job.description {
            self.text(0, about, Some(Role::Dim));
        }
        let trouble = job.unwell || matches!(job.state, State::Failed | State::Held);
        self.text(0, &why::of_job(job, self.paint), trouble.then_some(Role::Failed));
        if job.pending_change {
            self.text(0, &why::pending(self.paint), Some(Role::Waiting));
        }
        match usage {
            Some(usage) => self.usage(usage),
            // Its row is there from the beginning, so that nothing moves when it is known.
            None if job.run.is_some_and(|run| run.pid.is_some() && run.ended.is_none()) => {
                self.text(0, "what it uses is being measured", Some(Role::Dim));
            }
            None => {}
        }
    }

    /// `3 % CPU · 12 MB · 4 processes`.
    fn usage(&mut self, usage: Usage) {
        let cpu = usage.cpu.map(|cpu| format!("{} CPU", in_percent(cpu)));
        let processes = count(u64::from(usage.processes), "process", "processes");
        let told = self.joined(cpu.into_iter().chain([in_bytes(usage.memory), processes]));
        self.text(0, &told, Some(Role::Dim));
    }

    fn command(&mut self, details: &Details) {
        self.heading("command");
        for line in spoken(&details.command).lines() {
            self.text(INDENT, line, None);
        }
        self.text(INDENT, &format!("in {}", details.folder), Some(Role::Dim));
    }

    fn links(&mut self, heading: &str, links: &[Link], view: &View) {
        if links.is_empty() {
            return;
        }
        self.heading(heading);
        for link in links {
            let state = link.id.and_then(|id| instance(view, id)).map(|job| job.state);
            let met = if link.met { State::Done } else { State::Waiting };
            let state = state.unwrap_or(met);
            let mut row = Row { parts: Vec::new(), link: link.id };
            row.parts.push((INDENT, self.paint.signs.state(state).to_owned(), Some(role(state))));
            row.parts.push((INDENT + 2, link.text.clone(), None));
            if !link.met {
                let at = INDENT + 4 + width(&link.text) as u16;
                row.parts.push((at, "not met".to_owned(), Some(Role::Waiting)));
            }
            self.rows.push(row);
        }
    }

    fn probes(&mut self, details: &Details) {
        if details.probes.is_empty() {
            return;
        }
        self.heading("probes");
        let keys = self.keys(details.probes.iter().map(|probe| probe.key.as_str()));
        for probe in &details.probes {
            self.pair(keys, &probe.key, &probe.what, None);
            let said = probe.last.clone().unwrap_or_else(|| "no answer yet".to_owned());
            let times = (probe.times > 1).then(|| count(u64::from(probe.times), "time", "times"));
            let at = probe.at.map(|at| when(at, self.paint));
            let told = self.joined([said].into_iter().chain(times).chain(at));
            let look = match probe.good {
                Some(true) => Role::Running,
                Some(false) => Role::Failed,
                None => Role::Dim,
            };
            self.text(INDENT + keys + GAP, &told, Some(look));
        }
    }

    fn past(&mut self, details: &Details) {
        if details.past.is_empty() {
            return;
        }
        self.heading("how it ended");
        let told: Vec<String> = details
            .past
            .iter()
            .map(|past| format!("{}  run {}", when(past.at, self.paint), past.run))
            .collect();
        let keys = self.keys(told.iter().map(String::as_str));
        for (key, past) in told.iter().zip(&details.past) {
            self.pair(keys, key, &past.text, None);
        }
    }

    fn versions(&mut self, details: &Details) {
        if details.versions.is_empty() {
            return;
        }
        self.heading("versions");
        let from = |apply_on: &Option<String>| apply_on.clone().unwrap_or_else(|| "at first".to_owned());
        let told: Vec<String> = details.versions.iter().map(|version| from(&version.apply_on)).collect();
        let keys = self.keys(told.iter().map(String::as_str));
        for (key, version) in told.iter().zip(&details.versions) {
            let what = if version.command.is_empty() { "nothing to run" } else { &version.command };
            let notes = [(version.in_force, "in force"), (version.fake, "fake")];
            let notes = notes.into_iter().filter(|(is, _)| *is).map(|(_, note)| note);
            let what = self.joined([what].into_iter().chain(notes).map(str::to_owned));
            self.pair(keys, key, &what, (!version.in_force).then_some(Role::Dim));
        }
    }

    fn limits(&mut self, details: &Details) {
        if details.limits.is_empty() {
            return;
        }
        self.heading("limits");
        let keys = self.keys(details.limits.iter().map(|limit| limit.key.as_str()));
        for limit in &details.limits {
            self.pair(keys, &limit.key, &limit.says, None);
        }
    }

    fn environment(&mut self, details: &Details, inherited: bool) {
        let of = |origin| details.env.iter().filter(move |variable| variable.origin == origin);
        for (heading, origin) in
            [("environment, by the file", Origin::File), ("environment, by zap", Origin::Zap)]
        {
            self.variables(heading, &of(origin).collect::<Vec<_>>());
        }
        let all: Vec<_> = of(Origin::Inherited).collect();
        if inherited {
            self.variables("environment, inherited", &all);
        } else if !all.is_empty() {
            self.blank();
            let key = self.paint.keys.told(Mode::Details, Action::Unfold);
            let told = format!("{} {} inherited: press {key}", self.paint.signs.cut, all.len());
            self.text(0, &told, Some(Role::Dim));
        }
    }

    fn variables(&mut self, heading: &str, variables: &[&Variable]) {
        if variables.is_empty() {
            return;
        }
        self.heading(heading);
        let keys = self.keys(variables.iter().map(|variable| variable.name.as_str()));
        for variable in variables {
            self.pair(keys, &variable.name, &variable.value, None);
        }
    }

    /// `status 503 · 3 times`.
    fn joined(&self, parts: impl Iterator<Item = String>) -> String {
        parts.collect::<Vec<_>>().join(&format!(" {} ", self.paint.signs.dot))
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.rows.push(Row { parts: vec![(0, text.to_owned(), Some(Role::System))], link: None });
    }

    fn blank(&mut self) {
        if !self.rows.is_empty() {
            self.rows.push(Row::default());
        }
    }

    /// Text from a column on, in as many rows as it takes.
    fn text(&mut self, column: u16, text: &str, look: Option<Role>) {
        let room = usize::from(self.room.saturating_sub(column)).max(4);
        for line in text.lines() {
            for row in wrapped(line, room) {
                self.rows.push(Row { parts: vec![(column, row.to_owned(), look)], link: None });
            }
        }
    }

    /// A key, and beside it what it says; below it where the key is too long.
    fn pair(&mut self, keys: u16, key: &str, says: &str, look: Option<Role>) {
        let at = self.rows.len();
        let column = INDENT + keys + GAP;
        self.text(column, says, look);
        let beside = width(key) <= usize::from(keys) && self.rows.len() > at;
        let part = (INDENT, key.to_owned(), Some(Role::Dim));
        if beside {
            self.rows[at].parts.insert(0, part);
        } else {
            self.rows.insert(at, Row { parts: vec![part], link: None });
        }
    }

    /// The columns of the keys of a section.
    fn keys<'k>(&self, keys: impl Iterator<Item = &'k str>) -> u16 {
        let most = KEY.min(usize::from(self.room) / 2);
        keys.map(width).filter(|wide| *wide <= most).max().unwrap_or(0) as u16
    }
}

/// Whether a title was made of a command, which stands below; perhaps of one that another version has replaced.
fn is_of_command(title: &str, details: &Details) -> bool {
    let own = details.command.join(" ");
    let mut commands = std::iter::once(&own).chain(details.versions.iter().map(|version| &version.command));
    match title.strip_suffix('…') {
        Some(beginning) => commands.any(|command| command.contains(beginning)),
        None => commands.any(|command| command.ends_with(title)),
    }
}

/// `12:04:31` today, `18 nov 12:04:31` before.
fn when(at: Wall, paint: &Paint<'_>) -> String {
    let Now { wall, .. } = paint.now;
    crate::ui::ahead::past(at, wall, paint.zone)
}

/// The words of a command as a person would type them: a word that needs it is quoted.
fn spoken(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,~^#{}[]*?".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_as_it_would_be_typed() {
        let told = |words: &[&str]| spoken(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(told(&["./api", "--port", "8080"]), "./api --port 8080");
        assert_eq!(told(&["sh", "-c", "echo 'a b'", ""]), r"sh -c 'echo '\''a b'\''' ''");
    }
}
