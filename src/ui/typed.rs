//! A line that is typed: what goes in at its end and is taken away from there, and how it looks. Not: what it is for (`prompt`,
//! `palette`).

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::config::Role;
use crate::ui::Action;
use crate::ui::brush::Brush;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, prefix, shorten, width};

/// So many columns are left for what is typed, where half of the line is less.
const ROOM: u16 = 20;

/// A line that is typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) text: String,
}

impl Typed {
    /// A key or a paste at its end: the first line of it.
    pub(super) fn push(&mut self, text: &str) {
        let line = text.lines().next().unwrap_or_default();
        self.text.extend(line.chars().filter(|c| !c.is_control()));
    }

    /// Takes something away, if the action is one that does: all, the last word with the blanks after it, the last character.
    pub(super) fn erase(&mut self, action: Action) {
        match action {
            Action::First => self.text.clear(),
            Action::Left => {
                let kept = self.text.trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len();
                self.text.truncate(kept);
            }
            Action::Back => drop(self.text.pop()),
            _ => {}
        }
    }

    /// Draws it behind a sign, with something said at the right end; where the cursor belongs. What is typed always finds room,
    /// so the other two are cut first.
    pub(super) fn draw(
        &self,
        brush: &mut Brush<'_>,
        area: Rect,
        sign: &str,
        (said, look): (&str, Style),
        paint: &Paint<'_>,
    ) -> Position {
        let (y, right) = (area.y, area.right());
        let typed = paint.of(Role::Prompt);
        let sign = shorten(sign, usize::from(half(area.width)), paint.signs.cut);
        let x = brush.put(area.x, y, right, &sign, typed);
        let said = clip(said, usize::from(half(right.saturating_sub(x + 1))), paint.signs.cut);
        let left = brush.put_right(x, right, y, &said, look);
        // The end of a long line is what one types.
        let skipped = width(&self.text).saturating_sub(usize::from(left.saturating_sub(x + 1)));
        let x = brush.put(x, y, left, &self.text[prefix(&self.text, skipped).len()..], typed);
        Position::new(x.min(right), y)
    }
}

/// What is left of so many columns for something else than what is typed.
fn half(columns: u16) -> u16 {
    columns.saturating_sub(ROOM).max(columns / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_one_line_without_controls() {
        let mut line = Typed::default();
        line.push("cargo te\x1bst --test\nrm -rf /");
        assert_eq!(line.text, "cargo test --test");
        line.erase(Action::Left);
        assert_eq!(line.text, "cargo test ");
        line.erase(Action::Back);
        line.erase(Action::Back);
        assert_eq!(line.text, "cargo tes");
        line.erase(Action::First);
        line.erase(Action::Back);
        assert_eq!(line.text, "");
    }
}
