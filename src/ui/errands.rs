//! Work in the background for what one looks at: what is done here in slices, and what others do as errands. Not: what the work
//! is, and not: the threads.

use crate::model::{InstanceId, View};
use crate::terminal::{Errand, Report, Terminal};
use crate::ui::eye::Over;
use crate::ui::eye::World;
use crate::ui::pager::Search;
use crate::ui::{Terminals, Ui};

/// How fast output comes to the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// A person can follow.
    #[default]
    Calm,
    /// Nobody can read what rushes by.
    Flood,
}

impl Ui {
    /// Whether there is work to do in the background.
    pub fn is_busy(&mut self, view: &View, terminals: &Terminals) -> bool {
        self.is_busy_here(view, terminals) || self.beside(|ui| ui.is_busy_here(view, terminals)) == Some(true)
    }

    fn is_busy_here(&self, view: &View, terminals: &Terminals) -> bool {
        if let Some(merged) = self.merged(view) {
            return merged.is_busy();
        }
        let Some((id, _)) = self.looked_at(view, terminals) else { return false };
        let Some(pager) = self.pagers.get(&id) else { return false };
        pager.graves.is_busy() || pager.search.as_ref().is_some_and(Search::is_busy)
    }

    /// A bounded slice of work in the background. The picture may be another one then.
    pub fn work(&mut self, view: &View, terminals: &Terminals) {
        self.work_here(view, terminals);
        self.beside(|ui| ui.work_here(view, terminals));
    }

    fn work_here(&mut self, view: &View, terminals: &Terminals) {
        self.work_on_merged(World { view, terminals });
        if let Some((id, terminal)) = self.looked_at(view, terminals) {
            self.work_on(id, terminal);
            self.work_on_graves(id, terminal);
        }
    }

    /// What is to be counted elsewhere for what one looks at: each is to be run on whatever thread, and what comes of it told
    /// by [`Self::report`]. Nothing while nobody looks, and while all is under way. To be asked after a frame and after a report.
    /// In a flood of output only what a person waits for is counted.
    #[must_use]
    pub fn errands(&mut self, view: &View, terminals: &Terminals, pace: Pace) -> Vec<Errand> {
        if let Over::Everywhere(list) = &self.over {
            return list.errand(terminals).into_iter().collect();
        }
        let beside = self.beside(|ui| ui.errands_here(view, terminals, pace)).unwrap_or_default();
        let mut errands = self.errands_here(view, terminals, pace);
        errands.extend(beside);
        errands
    }

    fn errands_here(&self, view: &View, terminals: &Terminals, pace: Pace) -> Vec<Errand> {
        if self.merging(view).is_some() {
            return self.merged_errand(World { view, terminals }).into_iter().collect();
        }
        let Some((id, terminal)) = self.looked_at(view, terminals) else { return Vec::new() };
        let Some(pager) = self.pagers.get(&id) else { return Vec::new() };
        let position = pager.position(terminal, self.reach());
        let search = pager.search.as_ref();
        let filtered = pager.filtered().and_then(|filtered| filtered.errand(terminal, position.line));
        // What a person seeks comes first; errors are counted for the overview, if that is there.
        let rest = search.is_none_or(|search| search.is_stopped() || search.tally().count(terminal).complete)
            && pager.filtered().is_none_or(|filtered| filtered.is_counted(terminal));
        let overview = rest && pace == Pace::Calm && self.text().is_some_and(|(_, aside)| aside.is_some());
        let wanted = pager.graves.is_seeking() || overview;
        let graves = wanted.then(|| pager.graves.errand(terminal, position.line)).flatten();
        let search = search.and_then(|search| search.errand(terminal, position));
        filtered.into_iter().chain(search).chain(graves).collect()
    }

    /// What came of an errand. The picture may be another one then.
    pub fn report(&mut self, report: &Report, view: &View, terminals: &Terminals) {
        if let (Over::Everywhere(list), _) | (_, Some(list)) = (&self.over, &self.found) {
            list.report(report, terminals);
        }
        self.in_each(|ui| ui.report_here(report, view, terminals));
    }

    fn report_here(&mut self, report: &Report, view: &View, terminals: &Terminals) {
        let mut searches = self.merged.values_mut().filter_map(|merged| merged.search.as_mut());
        if searches.any(|search| search.report(report, terminals)) {
            self.work_on_merged(World { view, terminals });
        }
        let mut taken = None;
        for (id, pager) in &mut self.pagers {
            let Some(terminal) = terminals.get(id) else { continue };
            if let Some(filtered) = pager.filtered() {
                filtered.report(terminal, report);
            }
            let search = pager.search.as_mut().is_some_and(|search| search.report(terminal, report));
            if search || pager.graves.report(terminal, report) {
                taken = Some((*id, terminal));
            }
        }
        if let Some((id, terminal)) = taken {
            self.work_on(id, terminal);
            self.work_on_graves(id, terminal);
        }
    }

    fn looked_at<'t>(&self, view: &View, terminals: &'t Terminals) -> Option<(InstanceId, &'t Terminal)> {
        let id = self.job(view)?.id;
        Some((id, terminals.get(&id)?))
    }
}
