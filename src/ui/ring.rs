//! Moving in a short list that one goes round in. Not: lists that scroll (`page`).

use crate::ui::Action;

/// Which of `count` rows an action leads to from one of them; `None` if it is no move.
pub(super) fn step(action: Action, at: usize, count: usize) -> Option<usize> {
    let last = count.saturating_sub(1);
    match action {
        Action::Up => Some(at.checked_sub(1).unwrap_or(last)),
        Action::Down if at == last => Some(0),
        Action::Down => Some(at + 1),
        Action::First => Some(0),
        Action::Last => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_round() {
        assert_eq!(step(Action::Up, 0, 3), Some(2));
        assert_eq!(step(Action::Down, 2, 3), Some(0));
        assert_eq!(step(Action::Down, 0, 3), Some(1));
        assert_eq!(step(Action::Last, 0, 3), Some(2));
        assert_eq!(step(Action::Up, 0, 0), Some(0));
        assert_eq!(step(Action::Open, 0, 3), None);
    }
}
