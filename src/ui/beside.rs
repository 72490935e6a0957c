//! A second pager beside the first: which of the two is looked at, and what the other one holds meanwhile. The first stays with
//! what it shows, the second follows the tree. Not: where they stand (`layout`), and not: how a pager looks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::mem::{replace, swap, take};

use crate::model::{InstanceId, View};
use crate::ui::Ui;
use crate::ui::eye::{Focus, Over};
use crate::ui::layout::{Layout, Side, room_for_two};
use crate::ui::merged::Merged;
use crate::ui::page::Page;
use crate::ui::pager::{Margin, Marks, Pager};
use crate::ui::tree::{Place, Row};

/// Two pagers.
#[derive(Debug)]
pub(super) struct Beside {
    /// What the first one shows, whatever is selected in the tree.
    pinned: Place,
    /// Which of them is looked at: whoever speaks of the pager means this one.
    side: Side,
    /// What the other one holds.
    other: Kept,
}

/// What a pager holds that is not looked at: the same fields as those of the eye, which belong to the one that is.
#[derive(Debug, Default)]
struct Kept {
    pagers: BTreeMap<InstanceId, Pager>,
    merged: BTreeMap<String, Merged>,
    table: Page,
    wrap: bool,
    margin: Margin,
}

/// Opens the second pager, or closes it: then there is one again, with all that the first held.
pub(super) fn toggle(ui: &mut Ui, view: &View) {
    if ui.beside.is_some() {
        if !ui.shows_two() {
            ui.note("the hidden second pager is closed");
        }
        return ui.close_beside();
    }
    let Some(row) = ui.row(view) else { return };
    let both = Layout::new(ui.size, Focus::Tree, false, (ui.tree_columns, true), ui.broken);
    if both.with_two(Side::First).between.is_none() {
        let (columns, rows) = room_for_two(ui.broken);
        return ui.note(format!("two pagers need {columns} columns and {rows} rows"));
    }
    ui.zoom = false;
    ui.open_beside(match row.place() {
        Place::Step(job, _) => Place::Job(job),
        place => place,
    });
    let stays = match row {
        Row::System(system) => &system.name,
        Row::Job(_, job) | Row::Step(job, _) => &job.address,
    };
    let told = ui.said("stays in the first pager, the second follows the tree; {split}: one again");
    ui.note(format!("{stays} {told}"));
}

impl Ui {
    /// Which of two pagers is looked at; `None` while there is one.
    pub(super) fn side(&self) -> Option<Side> {
        self.beside.as_ref().map(|beside| beside.side)
    }

    /// Whether two pagers are on the screen.
    pub(super) fn shows_two(&self) -> bool {
        self.layout().between.is_some()
    }

    /// What the pager shows that is looked at.
    pub(super) fn place(&self) -> Option<&Place> {
        match &self.beside {
            Some(Beside { side: Side::First, pinned, .. }) => Some(pinned),
            Some(Beside { side: Side::Second, .. }) | None => self.tree.selected.as_ref(),
        }
    }

    /// The row that the first pager stays with.
    pub(super) fn pinned<'v>(&self, view: &'v View) -> Option<Row<'v>> {
        row(view, &self.beside.as_ref()?.pinned)
    }

    /// If the first pager is looked at, that stays with something else from now on; whether it is.
    pub(super) fn pin(&mut self, place: Place) -> bool {
        match &mut self.beside {
            Some(Beside { side: Side::First, pinned, .. }) => {
                *pinned = place;
                true
            }
            Some(Beside { side: Side::Second, .. }) | None => false,
        }
    }

    /// From now on this pager is the one that is looked at.
    pub(super) fn turn_to(&mut self, side: Side) {
        if self.side().is_some_and(|now| now != side) {
            self.turn();
        }
    }

    /// Does something for the other pager, as if that were looked at; `None` where it is not on the screen.
    pub(super) fn beside<R>(&mut self, deed: impl FnOnce(&mut Self) -> R) -> Option<R> {
        self.shows_two().then(|| self.turned(deed))
    }

    /// Does something for each pager, on the screen or not.
    pub(super) fn in_each(&mut self, deed: impl Fn(&mut Self)) {
        deed(self);
        if self.beside.is_some() {
            self.turned(deed);
        }
    }

    /// The pagers of the one that is not looked at.
    pub(super) fn pagers_beside(&self) -> impl Iterator<Item = (&InstanceId, &Pager)> {
        self.beside.iter().flat_map(|beside| &beside.other.pagers)
    }

    /// The marks in the output of a job, those of the other pager last.
    pub(super) fn marks_of(&self, id: InstanceId) -> impl Iterator<Item = &Marks> {
        let beside = self.pagers_beside().filter(move |(of, _)| **of == id).map(|(_, pager)| pager);
        self.pagers
            .get(&id)
            .into_iter()
            .chain(beside)
            .map(|pager| &pager.marks)
            .filter(|marks| !marks.is_empty())
    }

    /// Who is in the tree has the second pager beside it; of what has gone no pager is left.
    pub(super) fn settle_beside(&mut self, view: &View) {
        let Some(beside) = &self.beside else { return };
        let gone = row(view, &beside.pinned).is_none();
        if gone || self.focus == Focus::Tree {
            self.turn_to(Side::Second);
        }
        if gone && let Some(Beside { other: first, .. }) = self.beside.take() {
            self.take_in(first);
        }
    }

    /// Opens the second pager. The first keeps all it held; the second has a place of its own, also in the same output.
    fn open_beside(&mut self, pinned: Place) {
        let mut first =
            Kept { table: take(&mut self.table), wrap: self.wrap, margin: self.margin, ..Kept::default() };
        match &pinned {
            Place::System(name) => {
                if let Some(merged) = self.merged.remove(name) {
                    self.merged.insert(name.clone(), merged.another());
                    first.merged.insert(name.clone(), merged);
                }
            }
            Place::Job(id) | Place::Step(id, _) => {
                if let Some(pager) = self.pagers.remove(id) {
                    self.pagers.insert(*id, pager.another());
                    first.pagers.insert(*id, pager);
                }
            }
        }
        self.beside = Some(Beside { pinned, side: Side::Second, other: first });
    }

    /// What the first pager held is kept, and what only the second did.
    fn close_beside(&mut self) {
        self.turn_to(Side::First);
        let Some(Beside { other: mut second, .. }) = self.beside.take() else { return };
        self.table = take(&mut second.table);
        self.take_in(second);
    }

    /// Keeps what a pager that is closed held of outputs; of one that both held the marks.
    fn take_in(&mut self, closed: Kept) {
        for (id, pager) in closed.pagers {
            match self.pagers.entry(id) {
                Entry::Vacant(free) => {
                    free.insert(pager);
                }
                Entry::Occupied(mut held) => held.get_mut().marks.add(&pager.marks),
            }
        }
        for (name, merged) in closed.merged {
            self.merged.entry(name).or_insert(merged);
        }
    }

    fn turn(&mut self) {
        let Some(beside) = &mut self.beside else { return };
        beside.side = beside.side.other();
        swap(&mut self.pagers, &mut beside.other.pagers);
        swap(&mut self.merged, &mut beside.other.merged);
        swap(&mut self.table, &mut beside.other.table);
        swap(&mut self.wrap, &mut beside.other.wrap);
        swap(&mut self.margin, &mut beside.other.margin);
    }

    /// What lies over the pager that is looked at has nothing to do with the other one.
    fn turned<R>(&mut self, deed: impl FnOnce(&mut Self) -> R) -> R {
        let before = (replace(&mut self.focus, Focus::Pager), replace(&mut self.over, Over::Nothing));
        self.turn();
        let done = deed(self);
        self.turn();
        (self.focus, self.over) = before;
        done
    }
}

/// What stands for a place, whether the tree shows it or not.
fn row<'v>(view: &'v View, place: &Place) -> Option<Row<'v>> {
    view.systems.iter().find_map(|system| match place {
        Place::System(name) => (system.name == *name).then_some(Row::System(system)),
        Place::Job(id) | Place::Step(id, _) => {
            system.jobs.iter().find(|job| job.id == *id).map(|job| Row::Job(system, job))
        }
    })
}
