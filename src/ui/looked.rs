//! What is looked at, and where it stands: the selected row, its output, the terminals in the panes. Not: the rows themselves
//! (`tree`), and not: drawing.

use ratatui::layout::Rect;

use crate::model::{InstanceId, InstanceView, Size, View};
use crate::terminal::Terminal;
use crate::ui::Ui;
use crate::ui::eye::{Over, World};
use crate::ui::layout::{Layout, Side};
use crate::ui::pager::{Columns, Pager, Reach, overview};
use crate::ui::tree::{Place, Row};

impl Ui {
    /// The terminals that are looked at, with the size of the pane. One that is looked at twice has that of the first pager,
    /// which is never the greater one, so that it does not change while one walks through the tree.
    pub fn visible(&mut self, view: &View) -> Vec<(InstanceId, Size)> {
        let beside = self.beside(|ui| ui.fitted(view)).flatten();
        let here = self.fitted(view);
        match (here, beside) {
            (Some((id, size)), Some((other, also))) if id == other => {
                vec![(id, if self.side() == Some(Side::First) { size } else { also })]
            }
            _ => here.into_iter().chain(beside).collect(),
        }
    }

    /// The terminal in the pane, with the size of that.
    fn fitted(&self, view: &View) -> Option<(InstanceId, Size)> {
        let (area, _) = self.text().filter(|_| self.detailed().is_none())?;
        let size = Size { rows: area.height.max(2), cols: area.width.max(2) };
        self.job(view).map(|job| (job.id, size))
    }

    /// The instances whose lines are looked at without their having a pane: they keep their sizes.
    pub fn overheard(&mut self, view: &View) -> Vec<InstanceId> {
        let beside = self.beside(|ui| ui.overheard_here(view)).unwrap_or_default();
        let mut all = self.overheard_here(view);
        all.extend(beside);
        all
    }

    /// The same in the pager that is looked at.
    pub(super) fn overheard_here(&self, view: &View) -> Vec<InstanceId> {
        let shown = self.layout().output.is_some() && self.detailed().is_none();
        let system = self.merging(view).filter(|_| shown);
        system.map_or_else(Vec::new, |system| system.jobs.iter().map(|job| job.id).collect())
    }

    /// Where things are.
    pub(super) fn layout(&self) -> Layout {
        let tree = (self.tree_columns, self.tree.filter.is_empty());
        let layout = Layout::new(self.size, self.focus, self.zoom, tree, self.broken);
        self.side().map_or(layout, |side| layout.with_two(side))
    }

    /// Where the output of a job stands, and its overview. The columns of that are kept free even while all is in sight, so
    /// that no text moves when it grows; a job that has the keys has every column.
    pub(super) fn text(&self) -> Option<(Rect, Option<Rect>)> {
        let pane = self.layout().output?;
        let typing = matches!(self.over, Over::Interactive(_));
        Some(if typing { (pane, None) } else { overview::part(pane) })
    }

    /// The selected row; while the first of two pagers is looked at, what that stays with.
    pub(super) fn row<'v>(&self, view: &'v View) -> Option<Row<'v>> {
        match self.side() {
            Some(Side::First) => self.pinned(view),
            Some(Side::Second) | None => self.tree.current(view),
        }
    }

    /// The job of that row.
    pub(super) fn job<'v>(&self, view: &'v View) -> Option<&'v InstanceView> {
        self.row(view).and_then(Row::job)
    }

    /// What the pane of the pager can show.
    pub(super) fn reach(&self) -> Reach {
        let area = self.text().map(|(text, _)| text).unwrap_or_default();
        let plain = Reach::plain(area.width.max(1), area.height.max(1), self.wrap);
        // The job that has the keys is seen as it is, with its cursor.
        if matches!(self.over, Over::Interactive(_)) {
            return Reach { wrap: true, ..plain };
        }
        let Some(pager) = self.selected_pager() else { return plain };
        let margin = Columns::new(self.margin, pager.numbered, !pager.marks.is_empty(), area.width);
        Reach { cols: plain.cols - margin.width(), margin, cleared: pager.cleared, ..plain }
    }

    fn selected_pager(&self) -> Option<&Pager> {
        match self.place()? {
            Place::Job(id) | Place::Step(id, _) => self.pagers.get(id),
            Place::System(_) => None,
        }
    }

    /// Takes note of how wide the numbers of lines are.
    pub(super) fn measure(&mut self, world: World<'_>) {
        if let Some((pager, terminal)) = self.pager(world) {
            pager.numbered = terminal.lines().end;
        }
    }

    /// The pager of the selected job with its terminal.
    pub(super) fn pager<'t>(&mut self, world: World<'t>) -> Option<(&mut Pager, &'t Terminal)> {
        let id = self.job(world.view)?.id;
        Some((self.pagers.entry(id).or_default(), world.terminals.get(&id)?))
    }
}
