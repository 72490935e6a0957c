//! What is looked at of the merged output: its lines, what the pane shows of them, what is held about them; and which of them are
//! seen or spoken of. Changes nothing.

use crate::model::InstanceId;
use crate::terminal::Errand;
use crate::ui::Ui;
use crate::ui::eye::World;
use crate::ui::merged::lanes::{LaneLine, Lanes};
use crate::ui::merged::place::{Place, rows_of};
use crate::ui::merged::seek::Search;
use crate::ui::merged::state::Merged;
use crate::ui::pager::{Columns, Reach};

/// What is looked at: the lines, what the pane shows of them, and what is held about them.
pub(super) struct Sight<'s, 't> {
    pub(super) lanes: Lanes<'t>,
    pub(super) reach: Reach,
    pub(super) merged: &'s mut Merged,
}

pub(super) fn sight<'s, 't>(ui: &'s mut Ui, world: World<'t>) -> Option<Sight<'s, 't>> {
    let system = ui.merging(world.view)?;
    let lanes = Lanes::new(system, world.terminals, &ui.merged.get(&system.name)?.times);
    let (reach, _) = ui.merged_reach(system, &lanes);
    let merged = ui.merged.get_mut(&system.name)?;
    Some(Sight { lanes, reach, merged })
}

/// The line that is spoken of: while it follows the newest, else that which was gone to or the hit, if in sight, else the top
/// one.
pub(in crate::ui) fn current(ui: &mut Ui, world: World<'_>) -> Option<(InstanceId, u64)> {
    let Sight { lanes, reach, merged } = sight(ui, world)?;
    let spot = if merged.follows() {
        lanes.tail(&lanes.end())?
    } else {
        let seen = seen(&lanes, reach, &merged.place(&lanes, reach));
        let hit = merged.search.as_ref().and_then(Search::current);
        let mut told = [merged.gone_to, hit]
            .into_iter()
            .flatten()
            .filter_map(|(id, line)| Some((lanes.index(id)?, line)));
        told.find(|spot| seen.contains(spot)).or_else(|| seen.first().copied())?
    };
    Some((lanes.lanes[spot.0].id, spot.1))
}

impl Ui {
    /// What somebody else is to count for the search in the merged output, if that is looked at.
    pub(in crate::ui) fn merged_errand(&self, world: World<'_>) -> Option<Errand> {
        let system = self.merging(world.view)?;
        let merged = self.merged.get(&system.name)?;
        let search = merged.search.as_ref()?;
        let lanes = Lanes::new(system, world.terminals, &merged.times);
        let (reach, _) = self.merged_reach(system, &lanes);
        search.errand(&lanes, &merged.place(&lanes, reach).gap)
    }
}

/// What stands left of the lines, if they are looked at.
pub(in crate::ui) fn margin(ui: &mut Ui, world: World<'_>) -> Option<Columns> {
    sight(ui, world).map(|it| it.reach.margin)
}

/// The lines that a pane shows any row of, from a place on.
pub(super) fn seen(lanes: &Lanes<'_>, reach: Reach, from: &Place) -> Vec<LaneLine> {
    let mut gap = from.gap.clone();
    let mut rows = 0;
    let mut seen = Vec::new();
    while rows < usize::from(reach.rows) + from.row
        && let Some(spot) = lanes.down(&mut gap)
    {
        rows += rows_of(lanes, spot, reach);
        seen.push(spot);
    }
    seen
}
