//! From error to error and from warning to warning in the output. Not: what makes a line one, and not: counting them.

use crate::model::InstanceId;
use crate::terminal::{Direction, Terminal};
use crate::ui::eye::World;
use crate::ui::pager::{Grave, Pager, Position, Progress, Reach, round_told};
use crate::ui::text::thousands;
use crate::ui::{Action, Ui};

impl Ui {
    /// To the next error or warning, or the one before.
    pub(super) fn next_grave(&mut self, action: Action, times: u32, world: World<'_>) {
        let reach = self.reach();
        let Some(id) = self.job(world.view).map(|job| job.id) else { return };
        let Some((pager, terminal)) = self.pager(world) else { return };
        let (grave, direction) = match action {
            Action::NextError => (Grave::Error, Direction::Forward),
            Action::PreviousError => (Grave::Error, Direction::Backward),
            Action::NextWarning => (Grave::Warning, Direction::Forward),
            _ => (Grave::Warning, Direction::Backward),
        };
        let (from, direction) = start(pager, terminal, reach, direction);
        let progress = pager.graves.seek(grave).go(terminal, from, direction, times);
        self.arrived_at(id, terminal, grave, progress);
    }

    /// A slice of what is sought in the output of a job.
    pub(super) fn work_on_graves(&mut self, id: InstanceId, terminal: &Terminal) {
        let Some(pager) = self.pagers.get_mut(&id) else { return };
        if let Some((grave, progress)) = pager.graves.work(terminal) {
            self.arrived_at(id, terminal, grave, progress);
        }
    }

    fn arrived_at(&mut self, id: InstanceId, terminal: &Terminal, grave: Grave, progress: Progress) {
        let reach = self.reach();
        let Some(pager) = self.pagers.get_mut(&id) else { return };
        let word = grave.word();
        let told = match progress {
            Progress::At { line, round } => {
                let to = pager.showing(terminal, reach, Position { line, row: 0 });
                pager.pause(terminal, reach, to);
                let trail = pager.graves.seek(grave);
                let count = trail.tally().count(terminal);
                let more = if count.complete { "" } else { "+" };
                let round = round.map_or_else(String::new, |round| round_told(word, round) + ", ");
                match trail.place(terminal, line) {
                    Some(place) => {
                        format!("{round}{word} {} of {}{more}", thousands(place), thousands(count.lines))
                    }
                    None => format!("{round}{word}, {}{more} of them", thousands(count.lines)),
                }
            }
            Progress::Seeking => format!("seeking the {word}"),
            Progress::Nowhere => format!("no {word}"),
        };
        self.note(told);
    }
}

/// From which line on, and which way. Below the end there is nothing: from there the nearest lies above, whatever the direction.
fn start(pager: &Pager, terminal: &Terminal, reach: Reach, direction: Direction) -> (u64, Direction) {
    if pager.follows() {
        return (terminal.lines().end, Direction::Backward);
    }
    let top = pager.position(terminal, reach);
    let sight = top.line..=pager.last_seen(terminal, reach);
    let current = pager.graves.current().filter(|line| sight.contains(line));
    match (current, direction) {
        (Some(line), Direction::Forward) => (line + 1, direction),
        (Some(line), Direction::Backward) => (line, direction),
        (None, Direction::Forward | Direction::Backward) => (top.line, direction),
    }
}
