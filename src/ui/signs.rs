//! The signs on the screen, each one cell wide, and their stand-ins where the locale is not UTF-8.

use crate::model::{State, StepState};

/// One set of signs.
#[derive(Debug)]
pub(super) struct Signs {
    states: [&'static str; 10],
    steps: [&'static str; 5],
    /// Beside the selected row.
    pub(super) bar: &'static str,
    /// Before a marked row.
    pub(super) mark: &'static str,
    /// Output that this eye has not seen.
    pub(super) unseen: &'static str,
    /// Behind the number of errors among it.
    pub(super) error: &'static str,
    /// Behind a number that is the least it can be.
    pub(super) more: &'static str,
    /// What runs is not what the file says.
    pub(super) pending: &'static str,
    /// A health check finds it unwell.
    pub(super) unwell: &'static str,
    /// A system whose jobs are shown, and one whose jobs are hidden.
    pub(super) open: &'static str,
    /// See `open`.
    pub(super) folded: &'static str,
    /// The rule between the panes.
    pub(super) rule: &'static str,
    /// The part of the rule beside the rows that are seen of a long tree.
    pub(super) thumb: &'static str,
    /// Stands for the middle of a name that was cut.
    pub(super) cut: &'static str,
    /// Between two facts in a line.
    pub(super) dot: &'static str,
    /// What run separators are drawn with.
    pub(super) dash: &'static str,
    /// So many lines on both sides.
    pub(super) around: &'static str,
    /// More stands below.
    pub(super) below: &'static str,
    /// A chopped line goes on to this side.
    pub(super) beyond: &'static str,
    /// In the overview beside the output: an error, a hit, a mark, the end of a run.
    pub(super) overview: [&'static str; 4],
    /// The part of the output that is seen.
    pub(super) slider: &'static str,
    /// The corners of a dialog, clockwise from the upper left.
    pub(super) corners: [&'static str; 4],
    /// The keys that are shown as signs.
    pub(super) enter: &'static str,
    /// See `enter`.
    pub(super) arrows: [&'static str; 4],
}

static UTF8: Signs = Signs {
    states: ["○", "◷", "…", "◐", "●", "◑", "↻", "‖", "✓", "✗"],
    steps: ["·", "◐", "✓", "✗", "○"],
    bar: "▌",
    mark: "+",
    unseen: "•",
    error: "!",
    more: "+",
    pending: "✎",
    unwell: "!",
    open: "▾",
    folded: "▸",
    rule: "│",
    thumb: "┃",
    cut: "…",
    dot: "·",
    dash: "─",
    around: "±",
    below: "⤓",
    beyond: "›",
    overview: ["✗", "━", "◆", "─"],
    slider: "▐",
    corners: ["┌", "┐", "┘", "└"],
    enter: "⏎",
    arrows: ["↑", "↓", "←", "→"],
};

static ASCII: Signs = Signs {
    states: ["-", "@", ".", ">", "*", "<", "~", "=", "+", "x"],
    steps: [".", ">", "+", "x", "-"],
    bar: "|",
    mark: "+",
    unseen: "o",
    error: "!",
    more: "+",
    pending: "%",
    unwell: "!",
    open: "v",
    folded: ">",
    rule: "|",
    thumb: "#",
    cut: "~",
    dot: "-",
    dash: "-",
    around: "~",
    below: "v",
    beyond: ">",
    overview: ["x", "=", "*", "-"],
    slider: "#",
    corners: ["+", "+", "+", "+"],
    enter: "Enter",
    arrows: ["Up ", "Down", "Left ", "Right"],
};

impl Signs {
    /// The set for a terminal that does or does not show more than ASCII.
    pub(super) fn of(utf8: bool) -> &'static Self {
        if utf8 { &UTF8 } else { &ASCII }
    }

    /// The sign of a state.
    pub(super) fn state(&self, state: State) -> &'static str {
        self.states[state as usize]
    }

    /// The sign of a step.
    pub(super) fn step(&self, state: StepState) -> &'static str {
        self.steps[match state {
            StepState::Pending => 0,
            StepState::Running => 1,
            StepState::Done(_) => 2,
            StepState::Failed(_) => 3,
            StepState::Cut => 4,
        }]
    }
}

/// The word that stands beside the sign of a state.
pub(super) fn word(state: State) -> &'static str {
    match state {
        State::Stopped => "stopped",
        State::Scheduled => "scheduled",
        State::Waiting => "waiting",
        State::Starting => "starting",
        State::Running => "running",
        State::Stopping => "stopping",
        State::Backoff => "retry",
        State::Held => "held",
        State::Done => "done",
        State::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_sign_takes_one_cell() {
        for signs in [&UTF8, &ASCII] {
            let all =
                signs.states.iter().chain(&signs.steps).chain(&signs.corners).chain(&signs.overview).chain([
                    &signs.slider,
                    &signs.bar,
                    &signs.mark,
                    &signs.unseen,
                    &signs.error,
                    &signs.more,
                    &signs.pending,
                    &signs.unwell,
                    &signs.open,
                    &signs.folded,
                    &signs.rule,
                    &signs.thumb,
                    &signs.cut,
                    &signs.dot,
                    &signs.dash,
                    &signs.below,
                    &signs.beyond,
                ]);
            for sign in all {
                assert_eq!(sign.width(), 1, "{sign}");
            }
        }
    }

    #[test]
    fn the_stand_ins_are_ascii_and_differ() {
        let mut states = ASCII.states.to_vec();
        states.sort_unstable();
        states.dedup();
        assert_eq!(states.len(), ASCII.states.len());
        assert!(states.iter().all(|sign| sign.is_ascii()));
    }
}
