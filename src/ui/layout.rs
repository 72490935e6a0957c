//! Where things are on the screen: a head line, the tree, a rule, the pager, two lines below. Not: what stands there.

use ratatui::layout::Rect;

use crate::ui::Focus;

/// Which of two pagers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that was there: on the left, or above.
    First,
    /// The one that came beside it.
    Second,
}

/// Where things are; what finds no room is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Layout {
    /// The head line.
    pub(super) head: Option<Rect>,
    /// The rows of the tree.
    pub(super) tree: Option<Rect>,
    /// The line below the rows that tells the filter.
    pub(super) filter: Option<Rect>,
    /// The rule between the panes.
    pub(super) rule: Option<Rect>,
    /// The line above the output.
    pub(super) header: Option<Rect>,
    /// The output.
    pub(super) output: Option<Rect>,
    /// The rule between two pagers, while both are on the screen: upright where they stand beside each other.
    pub(super) between: Option<Rect>,
    /// The line that tells what is wrong with the file.
    pub(super) banner: Option<Rect>,
    /// The line for what happened elsewhere.
    pub(super) status: Option<Rect>,
    /// The last line.
    pub(super) hint: Option<Rect>,
}

/// Narrower than this, one pane is shown at a time.
const BOTH: u16 = 80;
/// The least columns of each of two pagers beside each other; where there are fewer they stand one above the other.
const BESIDE: u16 = 40;
/// The least rows of each of two pagers, with its header.
const ABOVE: u16 = 5;
/// The least and the most columns of the tree beside a pager.
const TREE: (u16, u16) = (32, 48);
/// The least columns that somebody can choose for the tree, and that he leaves for a pager.
const LEAST: (u16, u16) = (12, 30);
/// From this width on the pager has all it needs, and the tree may say more about each job.
const ROOMY: u16 = 200;
/// The most columns of the tree there.
const TREE_IN_A_ROOMY: u16 = 72;

impl Layout {
    /// Where things are on a terminal of so many columns and rows. The tree takes as many columns as somebody chose for it, as
    /// far as there is room.
    pub(super) fn new(
        size: (u16, u16),
        focus: Focus,
        zoom: bool,
        (columns, unfiltered): (Option<u16>, bool),
        broken: bool,
    ) -> Self {
        let mut rest = Rect::new(0, 0, size.0, size.1);
        let mut layout = Self::default();
        let one = zoom || size.0 < BOTH;
        if rest.height >= 3 {
            layout.hint = Some(take_bottom(&mut rest));
        }
        if rest.height >= 4 {
            layout.status = Some(take_bottom(&mut rest));
        }
        if broken && rest.height >= 4 {
            layout.banner = Some(take_bottom(&mut rest));
        }
        // The pager in full has a header of its own, and the job gets the row.
        if rest.height >= 3 && !(one && focus == Focus::Pager) {
            layout.head = Some(take_top(&mut rest));
        }
        if !one {
            let (tree, rule, pager) = halves(rest, columns);
            layout.rule = Some(rule);
            layout.set_tree(tree, unfiltered);
            layout.set_pager(pager, 1);
        } else if focus == Focus::Tree {
            layout.set_tree(rest, unfiltered);
        } else {
            layout.set_pager(rest, 0);
        }
        layout
    }

    /// The same with a second pager beside the first, where both are to be seen and have room; `header` and `output` are those
    /// of the one that is looked at.
    pub(super) fn with_two(mut self, looked_at: Side) -> Self {
        let (Some(rule), Some(output)) = (self.rule, self.output) else { return self };
        let all = Rect { x: rule.right(), width: output.right() - rule.right(), ..rule };
        if let Some((first, between, second)) = parts(all) {
            self.between = Some(between);
            self.set_pager(if looked_at == Side::First { first } else { second }, 1);
        }
        self
    }

    /// Where a page about the selected job stands, with the line above it: in place of its output, or of everything.
    pub(super) fn sheet(&self) -> (Option<Rect>, Rect) {
        if let Some(output) = self.output {
            // It keeps to the rule as the output does not: it has a margin of its own.
            let indent = self.header.map_or(0, |header| output.x.saturating_sub(header.x));
            return (self.header, Rect { x: output.x - indent, width: output.width + indent, ..output });
        }
        let tree = self.tree.unwrap_or_default();
        (self.head, Rect { height: tree.height + self.filter.map_or(0, |filter| filter.height), ..tree })
    }

    fn set_tree(&mut self, mut area: Rect, unfiltered: bool) {
        if !unfiltered && area.height >= 2 {
            self.filter = Some(take_bottom(&mut area));
        }
        self.tree = Some(area);
    }

    fn set_pager(&mut self, mut area: Rect, indent: u16) {
        if area.height >= 2 {
            self.header = Some(take_top(&mut area));
        }
        let indent = indent.min(area.width);
        self.output = Some(Rect { x: area.x + indent, width: area.width - indent, ..area });
    }
}

/// The least columns and rows of a screen in which two pagers have room. A `broken` file takes one row.
pub(super) fn room_for_two(broken: bool) -> (u16, u16) {
    // The head, the line of what happened and the hints, and the rule between the two.
    (BOTH, 2 * ABOVE + 3 + 1 + u16::from(broken))
}

/// Two pagers and the rule between them. The second is never the smaller one.
fn parts(area: Rect) -> Option<(Rect, Rect, Rect)> {
    let (cols, rows) = (area.width.saturating_sub(1) / 2, area.height.saturating_sub(1) / 2);
    if cols >= BESIDE {
        let first = Rect { width: cols, ..area };
        let between = Rect { x: first.right(), width: 1, ..area };
        return Some((
            first,
            between,
            Rect { x: between.right(), width: area.right() - between.right(), ..area },
        ));
    }
    let first = Rect { height: rows, ..area };
    let between = Rect { y: first.bottom(), height: 1, ..area };
    let second = Rect { y: between.bottom(), height: area.bottom() - between.bottom(), ..area };
    (rows >= ABOVE).then_some((first, between, second))
}

impl Side {
    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

fn halves(area: Rect, columns: Option<u16>) -> (Rect, Rect, Rect) {
    let most = if area.width < ROOMY { TREE.1 } else { TREE_IN_A_ROOMY };
    let usual = (area.width / 3).clamp(TREE.0, most);
    let wide = columns.map_or(usual, |columns| columns.clamp(LEAST.0, area.width - 1 - LEAST.1));
    let tree = Rect { width: wide, ..area };
    let rule = Rect { x: area.x + wide, width: 1, ..area };
    let pager = Rect { x: area.x + wide + 1, width: area.width - wide - 1, ..area };
    (tree, rule, pager)
}

fn take_top(area: &mut Rect) -> Rect {
    let line = Rect { height: 1, ..*area };
    *area = Rect { y: area.y + 1, height: area.height - 1, ..*area };
    line
}

fn take_bottom(area: &mut Rect) -> Rect {
    *area = Rect { height: area.height - 1, ..*area };
    Rect { y: area.bottom(), height: 1, ..*area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_120_by_24_both_panes_are_shown() {
        let layout = Layout::new((120, 24), Focus::Tree, false, (None, true), false);
        assert_eq!(layout.tree, Some(Rect::new(0, 1, 40, 21)));
        assert_eq!(layout.output, Some(Rect::new(42, 2, 78, 20)));
        assert_eq!(layout.hint, Some(Rect::new(0, 23, 120, 1)));
    }

    #[test]
    fn the_pager_in_full_has_every_column() {
        let layout = Layout::new((80, 24), Focus::Pager, true, (None, true), false);
        assert_eq!(layout.output, Some(Rect::new(0, 1, 80, 21)));
        assert_eq!(layout.tree, None);
    }

    #[test]
    fn a_banner_takes_one_row_and_moves_none() {
        let with = |broken| Layout::new((120, 24), Focus::Tree, false, (None, true), broken);
        let (calm, broken) = (with(false), with(true));
        assert_eq!((calm.hint, calm.status, calm.head), (broken.hint, broken.status, broken.head));
        assert_eq!(broken.tree, Some(Rect::new(0, 1, 40, 20)));
        assert_eq!(broken.banner, Some(Rect::new(0, 21, 120, 1)));
    }

    #[test]
    fn two_pagers_share_what_one_has_and_the_second_is_never_the_smaller() {
        let mut both = 0;
        for (cols, rows) in (1..260).step_by(3).flat_map(|cols| (1..60).map(move |rows| (cols, rows))) {
            let one = Layout::new((cols, rows), Focus::Tree, false, (None, true), false);
            let [first, second] = [Side::First, Side::Second].map(|side| one.with_two(side));
            let Some(between) = first.between else {
                assert_eq!((first, second), (one, one), "{cols}x{rows}");
                continue;
            };
            both += 1;
            let [(above, a), (below, b)] = [first, second]
                .map(|layout| (layout.header.unwrap_or_default(), layout.output.unwrap_or_default()));
            assert!(!a.intersects(b) && !a.intersects(between) && !b.intersects(between), "{cols}x{rows}");
            assert!(!above.intersects(b) && !below.intersects(a), "{cols}x{rows}");
            assert!(a.width <= b.width && a.height <= b.height, "{cols}x{rows}");
            let enough = if between.width == 1 { a.width >= BESIDE - 1 } else { a.height >= ABOVE - 1 };
            assert!(enough, "{cols}x{rows}");
            assert_eq!(b.right().max(a.right()), cols, "{cols}x{rows}");
        }
        assert!(both > 0);
    }

    #[test]
    fn the_least_room_for_two_is_told_as_it_is() {
        for broken in [false, true] {
            let two = |cols, rows| {
                let layout = Layout::new((cols, rows), Focus::Tree, false, (None, true), broken);
                layout.with_two(Side::First).between.is_some()
            };
            let (cols, rows) = room_for_two(broken);
            assert_eq!((two(cols, rows), two(cols - 1, rows), two(cols, rows - 1)), (true, false, false));
        }
    }

    #[test]
    fn there_is_always_a_pane() {
        for cols in 1..130 {
            for rows in 1..10 {
                for (focus, broken) in
                    [(Focus::Tree, false), (Focus::Pager, false), (Focus::Tree, true), (Focus::Pager, true)]
                {
                    let layout = Layout::new((cols, rows), focus, false, (None, false), broken);
                    let pane = if focus == Focus::Tree { layout.tree } else { layout.output };
                    assert!(pane.is_some_and(|pane| pane.height > 0), "{cols}x{rows}");
                }
            }
        }
    }
}
