//! Work in the background for what one looks at: what is done here in slices, and what others do as errands. Not: what the work
//! is, and not: the threads.

use crate::model::{InstanceId, View};
use crate::terminal::{Errand, Report, Terminal};
use crate::ui::eye::World;
use crate::ui::{Terminals, Ui};

impl Ui {
    /// Whether there is work to do in the background.
    pub fn is_busy(&self, view: &View, terminals: &Terminals) -> bool {
        if let Some(merged) = self.merged(view) {
            return merged.is_busy();
        }
        let Some((id, _)) = self.looked_at(view, terminals) else { return false };
        let search = self.pagers.get(&id).and_then(|pager| pager.search.as_ref());
        search.is_some_and(|search| search.is_busy())
    }

    /// A bounded slice of work in the background. The picture may be another one then.
    pub fn work(&mut self, view: &View, terminals: &Terminals) {
        self.work_on_merged(World { view, terminals });
        if let Some((id, terminal)) = self.looked_at(view, terminals) {
            self.work_on(id, terminal);
        }
    }

    /// What is to be counted elsewhere for what one looks at: each is to be run on whatever thread, and what comes of it told
    /// by [`Self::report`]. Nothing while nobody looks, and while all is under way. To be asked after a frame and after a report.
    #[must_use]
    pub fn errands(&self, view: &View, terminals: &Terminals) -> Vec<Errand> {
        let Some((id, terminal)) = self.looked_at(view, terminals) else { return Vec::new() };
        let Some(pager) = self.pagers.get(&id) else { return Vec::new() };
        let position = pager.position(terminal, self.reach());
        let search = pager.search.as_ref().and_then(|search| search.errand(terminal, position));
        let filtered = pager.filtered().and_then(|filtered| filtered.errand(terminal, position.line));
        filtered.into_iter().chain(search).collect()
    }

    /// What came of an errand. The picture may be another one then.
    pub fn report(&mut self, report: &Report, terminals: &Terminals) {
        let mut taken = None;
        for (id, pager) in &mut self.pagers {
            let Some(terminal) = terminals.get(id) else { continue };
            if let Some(filtered) = pager.filtered() {
                filtered.report(terminal, report);
            }
            if pager.search.as_mut().is_some_and(|search| search.report(terminal, report)) {
                taken = Some((*id, terminal));
            }
        }
        if let Some((id, terminal)) = taken {
            self.work_on(id, terminal);
        }
    }

    fn looked_at<'t>(&self, view: &View, terminals: &'t Terminals) -> Option<(InstanceId, &'t Terminal)> {
        let id = self.job(view)?.id;
        Some((id, terminals.get(&id)?))
    }
}
