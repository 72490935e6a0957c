//! How far a key moves over lines, whatever these are the lines of. Not: where that leads.

use crate::ui::Action;

/// A way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Way {
    /// So many rows up.
    Up(usize),
    /// So many rows down.
    Down(usize),
    /// To a line, counted from 0.
    Line(u64),
    /// To so many hundredths of all lines.
    Portion(u32),
    /// To the end, and along with it.
    End,
}

impl Way {
    /// The way that an action goes in a pane of so many rows, if it is a move. A count is how often, or which line or part.
    pub(in crate::ui) fn of(action: Action, count: Option<u32>, rows: u16) -> Option<Self> {
        let (page, half) = (usize::from(rows), usize::from(rows.div_ceil(2)));
        let times = |rows: usize| (count.unwrap_or(1) as usize).saturating_mul(rows);
        let line = Self::Line(u64::from(count.unwrap_or(1).saturating_sub(1)));
        Some(match action {
            Action::Up => Self::Up(times(1)),
            Action::HalfUp => Self::Up(times(half)),
            Action::PageUp => Self::Up(times(page)),
            Action::Down | Action::Enter => Self::Down(times(1)),
            Action::HalfDown => Self::Down(times(half)),
            Action::PageDown => Self::Down(times(page)),
            Action::Last if count.is_some() => line,
            Action::First => line,
            Action::Percent => Self::Portion(count.unwrap_or(0)),
            Action::Follow | Action::Last => Self::End,
            _ => return None,
        })
    }

    /// Whether it goes far, so that one may want to come back.
    pub(in crate::ui) fn is_jump(self) -> bool {
        match self {
            Self::Up(_) | Self::Down(_) => false,
            Self::Line(_) | Self::Portion(_) | Self::End => true,
        }
    }
}
