//! A place in the merged output, by rows: moved up and down as in a pager. Not: which line comes next (`lanes`).

use std::collections::BTreeMap;

use crate::model::InstanceId;
use crate::ui::merged::lanes::{Gap, LaneLine, Lanes};
use crate::ui::pager::{Reach, Seen, height};

/// What stands in the first row: the line behind a gap, and a row inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) gap: Gap,
    pub(super) row: usize,
}

/// A place as it is kept while jobs come and go and lines are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Kept {
    lines: BTreeMap<InstanceId, u64>,
    row: usize,
}

/// Beyond as many rows a move counts lines.
const FAR: usize = 1_000;

impl Place {
    /// The place before a gap.
    pub(super) fn at(gap: Gap) -> Self {
        Self { gap, row: 0 }
    }

    /// The place from which a pane shows the end in its last row.
    pub(super) fn bottom(lanes: &Lanes<'_>, reach: Reach) -> Self {
        Self::at(lanes.end()).up(lanes, reach, usize::from(reach.rows))
    }

    /// So many rows further up, at most to the beginning.
    pub(super) fn up(mut self, lanes: &Lanes<'_>, reach: Reach, rows: usize) -> Self {
        if rows > FAR {
            return Self::at(lanes.at_rank(lanes.rank(&self.gap).saturating_sub(rows as u64)));
        }
        let mut left = rows;
        while left > self.row {
            left -= self.row;
            self.row = match lanes.up(&mut self.gap) {
                Some(spot) => rows_of(lanes, spot, reach),
                None => return Self { row: 0, ..self },
            };
        }
        self.row -= left;
        self
    }

    /// So many rows further down, at most to the bottom.
    pub(super) fn down(mut self, lanes: &Lanes<'_>, reach: Reach, rows: usize) -> Self {
        let bottom = Self::bottom(lanes, reach);
        if rows > FAR {
            let far = lanes.rank(&self.gap).saturating_add(rows as u64);
            return Self::at(lanes.at_rank(far)).highest(bottom, lanes);
        }
        let mut left = rows;
        while left > 0 {
            let Some((index, line)) = lanes.head(&self.gap) else { break };
            let below = rows_of(lanes, (index, line), reach).saturating_sub(self.row).max(1);
            if below > left {
                self.row += left;
                left = 0;
            } else {
                self = Self { row: 0, ..self };
                self.gap[index] = line + 1;
                left -= below;
            }
        }
        self.highest(bottom, lanes)
    }

    /// The one of two that is further up.
    pub(super) fn highest(self, other: Self, lanes: &Lanes<'_>) -> Self {
        if self.key(lanes) <= other.key(lanes) { self } else { other }
    }

    /// The number of lines before it, and the row: what is further down is greater.
    pub(super) fn key(&self, lanes: &Lanes<'_>) -> (u64, usize) {
        (lanes.rank(&self.gap), self.row)
    }

    /// To be kept.
    pub(super) fn keep(&self, lanes: &Lanes<'_>) -> Kept {
        Kept { lines: lanes.keep(&self.gap), row: self.row }
    }

    /// As it was kept.
    pub(super) fn restore(kept: &Kept, lanes: &Lanes<'_>, reach: Reach) -> Self {
        let gap = lanes.restore(&kept.lines);
        let rows = lanes.head(&gap).map_or(1, |spot| rows_of(lanes, spot, reach));
        Self { gap, row: kept.row.min(rows - 1) }
    }
}

/// How many rows a line takes.
pub(super) fn rows_of(lanes: &Lanes<'_>, (index, line): LaneLine, reach: Reach) -> usize {
    height(&Seen::new(lanes.lanes[index].terminal, None), line, reach)
}
