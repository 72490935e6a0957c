//! Containers (`container-id`): their tool is asked for the pid and the exit code, and sends the signals. Not: the search for a
//! process in general (`subject`).
//!
//! A launcher (`podman run -d …`) prints the id of the container as its last line and ends. All questions are hooks.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{Aim, Reach, Subject};
use crate::model::fault::Fault;
use crate::model::hook::{Errand, Outcome, Purpose, QUESTION_GRACE};
use crate::model::instance::Instance;
use crate::model::phase::Live;
use crate::model::subject::Stage;
use crate::model::turn::Turn;
use crate::model::{Delivery, Effect, Exit, PidSource, RunId, signal};

/// How long a container tool may take for an answer.
const TOOL_PATIENCE: Duration = Duration::from_secs(10);

impl Instance {
    /// The last line of its launcher.
    pub(super) fn launcher_said(&mut self, run: RunId, line: String, turn: &mut Turn) {
        let is_left = self.leftover_mut(run).is_some();
        let Some(search) = self.search_of(run) else { return };
        search.said = Some(line);
        if is_left {
            self.kill_late_container(turn);
        } else {
            self.container_named(run, turn);
        }
    }

    /// Its launcher has ended as it should: its last line, which may still be on its way, names the container.
    pub(super) fn container_launched(&mut self, run: RunId, turn: &mut Turn) {
        if self.tool().is_none() {
            return;
        }
        let is_drained = self.run_mut(run).is_some_and(|last| last.drained);
        if is_drained {
            self.container_named(run, turn);
            self.launcher_silent(run, turn);
        } else {
            turn.push(Effect::AwaitQuiet { run });
            self.container_named(run, turn);
        }
    }

    /// The terminal of its launcher has nothing more to say.
    pub(super) fn launcher_silent(&mut self, run: RunId, turn: &mut Turn) {
        let waits = self.tool().is_some() && self.leaderless() == Some(Exit::Code(0));
        let Some(search) = self.search_of(run) else { return };
        if waits && search.stage == Stage::Awaiting && search.said.is_none() {
            self.not_found(Fault::NoPid, "its command printed no id of a container".to_owned(), turn);
        }
    }

    /// The container tool has told the pid, or not.
    pub(super) fn pid_told(&mut self, run: RunId, outcome: &Outcome, turn: &mut Turn) {
        let Some(search) = self.search_of(run).filter(|search| search.is_open()) else { return };
        let id = search.container.clone().unwrap_or_default();
        match outcome {
            Outcome::Ended { exit: Exit::Code(0), said: Some(line) } => match line.trim().parse() {
                Ok(0) => self.not_found(Fault::NoPid, format!("container {id} does not run"), turn),
                Ok(pid) if pid > 1 => self.ask_for_pid(run, PidSource::Number(pid), turn),
                Ok(_) | Err(_) => {
                    self.not_found(Fault::NoPid, format!("container {id} has no pid: {line}"), turn);
                }
            },
            Outcome::Ended { said: Some(line), .. } => {
                self.not_found(Fault::NoPid, format!("container {id}: {line}"), turn);
            }
            Outcome::Ended { said: None, .. } | Outcome::Overtime(_) | Outcome::NotStarted(_) => {
                let why = format!("container {id}: the question for its pid {}", outcome.in_words());
                self.not_found(Fault::NoPid, why, turn);
            }
        }
    }

    /// The first process of its container has ended, and the kernel does not say how: its tool is asked. Tells whether it is.
    pub(super) fn ask_exit_code(&mut self, live: Live, exit: Exit, turn: &mut Turn) -> bool {
        let is_wanted = exit == Exit::Unknown && self.phase.at_work().is_some();
        let Some(id) = self.container().filter(|_| is_wanted) else { return false };
        self.abort_hooks(turn);
        self.silence(turn);
        let words = ["inspect", "--format", "{{.State.ExitCode}}", &id];
        if !self.run_tool(Purpose::ExitCode(live.run), &words, turn) {
            return false;
        }
        if let Some(last) = self.run_mut(live.run) {
            last.pid = None;
            last.life.search.leaderless = Some(exit);
        }
        self.phase.set_up_at(None);
        true
    }

    /// The container tool has told the exit code, or not.
    pub(super) fn exit_code_told(&mut self, run: RunId, outcome: &Outcome, turn: &mut Turn) {
        let Some(live) = self.phase.live().filter(|live| live.run == run) else { return };
        let Some(search) = self.search_of(run).filter(|search| search.leaderless.is_some()) else { return };
        search.leaderless = None;
        let code = match outcome {
            Outcome::Ended { exit: Exit::Code(0), said: Some(line) } => line.trim().parse().ok(),
            Outcome::Ended { .. } | Outcome::Overtime(_) | Outcome::NotStarted(_) => None,
        };
        self.run_ended(live, code.map_or(Exit::Unknown, Exit::Code), turn);
    }

    /// Sends a signal to what it is supervised by: by the container tool, if that is a container, else as `stop` says.
    pub(super) fn signal_subject(&mut self, run: RunId, signal: i32, turn: &mut Turn) {
        if !self.signal_container(signal, turn) {
            self.signal_directly(run, signal, turn);
        }
    }

    /// KILL for what it is supervised by, and for all that belongs to it; spared is what `stop.reach` spares.
    pub(super) fn kill_subject(&mut self, run: RunId, turn: &mut Turn) {
        self.signal_container(signal::KILL, turn);
        match self.job.stop.reach {
            Reach::All => turn.kill(run),
            Reach::Group => turn.signal(run, signal::KILL, Delivery::Group),
        }
    }

    /// The container tool could not send it: perhaps we may.
    pub(super) fn signal_told(&mut self, run: RunId, signal: i32, outcome: &Outcome, turn: &mut Turn) {
        let live = self.phase.live().filter(|live| live.run == run && live.birth.is_some());
        if !outcome.is_success() && live.is_some() && self.leaderless().is_none() {
            self.signal_directly(run, signal, turn);
        }
    }

    /// Sends a signal by the container tool; tells whether it is a container that is supervised.
    pub(super) fn signal_container(&mut self, signal: i32, turn: &mut Turn) -> bool {
        let Some(id) = self.container() else { return false };
        let Some(run) = self.last.as_ref().map(|last| last.id) else { return false };
        let name = signal::name(signal);
        self.run_tool(Purpose::Signal { run, signal }, &["kill", "--signal", &name, &id], turn)
    }

    /// A container that was launched and is supervised by nobody must not stay.
    pub(super) fn kill_stray_container(&mut self, turn: &mut Turn) {
        let Some((id, run)) = self.stray() else { return };
        if let Some(search) = self.search_of(run) {
            search.container = None;
            search.said = None;
        }
        let purpose = Purpose::Signal { run, signal: signal::KILL };
        self.run_tool(purpose, &["kill", "--signal", "KILL", &id], turn);
    }

    /// What is stopped is at rest: it runs no tool because of a line that comes too late. Nor does a zap that ends.
    fn kill_late_container(&mut self, turn: &mut Turn) {
        let no_time = turn.limit.is_some_and(|limit| turn.is_due(limit));
        if !self.phase.is_stopped() && !no_time {
            self.kill_stray_container(turn);
        }
    }

    /// Its launcher has ended and said what it had to say.
    fn container_named(&mut self, run: RunId, turn: &mut Turn) {
        let is_over = self.leaderless() == Some(Exit::Code(0));
        let Some(search) = self.search_of(run).filter(|search| is_over && search.stage == Stage::Awaiting)
        else {
            return;
        };
        let Some(said) = search.said.clone().filter(|_| search.container.is_none()) else { return };
        let Some(id) = container_id(&said) else {
            let why = format!("its command printed no id of a container, but `{said}`");
            self.not_found(Fault::NoPid, why, turn);
            return;
        };
        search.container = Some(id.clone());
        self.run_tool(Purpose::Pid(run), &["inspect", "--format", "{{.State.Pid}}", &id], turn);
    }

    fn signal_directly(&self, run: RunId, signal: i32, turn: &mut Turn) {
        let delivery = match self.job.stop.aim {
            Aim::Group => Delivery::Group,
            Aim::Leader => Delivery::Leader,
        };
        turn.signal(run, signal, delivery);
    }

    /// The container that its run is supervised by.
    fn container(&self) -> Option<String> {
        let search = &self.last.as_ref()?.life.search;
        search.container.clone().filter(|_| search.stage == Stage::Found)
    }

    /// A container that its run has launched, and is not supervised by.
    fn stray(&self) -> Option<(String, RunId)> {
        let last = self.last.as_ref()?;
        let search = &last.life.search;
        let said = || search.said.as_ref().map(|said| said.trim()).filter(|said| is_full_id(said));
        let named = search.container.clone().or_else(|| said().map(str::to_owned));
        self.tool()?;
        named.filter(|_| search.stage != Stage::Found).map(|id| (id, last.id))
    }

    fn tool(&self) -> Option<&'static str> {
        match self.last.as_ref()?.launch.subject {
            Subject::Own | Subject::PidFile(_) => None,
            Subject::Container(tool) => Some(tool.name()),
        }
    }

    /// Runs the container tool; tells whether there is one.
    fn run_tool(&mut self, purpose: Purpose, words: &[&str], turn: &mut Turn) -> bool {
        let Some(tool) = self.tool() else { return false };
        let Some(launch) = self.last.as_ref().map(|last| Arc::clone(&last.launch)) else { return false };
        let command: Vec<String> =
            std::iter::once(tool).chain(words.iter().copied()).map(str::to_owned).collect();
        let errand = Errand {
            command: &command,
            line: command.join(" "),
            term_at: turn.grace(TOOL_PATIENCE),
            kill_at: turn.grace(TOOL_PATIENCE + QUESTION_GRACE),
            timeout: TOOL_PATIENCE,
        };
        self.run_hook(purpose, errand, &launch, turn);
        true
    }
}

/// The id or the name of a container, if a line is nothing else.
fn container_id(line: &str) -> Option<String> {
    let line = line.trim();
    let is_name = line.starts_with(|first: char| first.is_ascii_alphanumeric())
        && line.chars().all(|char| char.is_ascii_alphanumeric() || "_.-".contains(char));
    is_name.then(|| line.to_owned())
}

/// Whether a word cannot be anything but an id: what a launcher that did not end well printed is not taken for a name.
fn is_full_id(word: &str) -> bool {
    word.len() >= 12 && word.chars().all(|char| char.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{container_id, is_full_id};

    #[test]
    fn a_word_of_an_error_is_no_id() {
        assert!(is_full_id("3f2a9c0d1e2f") && !is_full_id("failed") && !is_full_id("decade"));
    }

    #[test]
    fn an_id_is_one_word_and_no_option() {
        assert_eq!(container_id(" 3f2a9c \n"), Some("3f2a9c".to_owned()));
        assert_eq!(container_id("web_1.x-y"), Some("web_1.x-y".to_owned()));
        for line in ["", "--help", "Error: no such image", "a b", "$(x)"] {
            assert_eq!(container_id(line), None, "{line}");
        }
    }
}
