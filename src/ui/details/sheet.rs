//! Opening the page of details, moving on it, and going where its links lead. Not: what is written on it.

use ratatui::layout::Position;

use crate::model::{Details, InstanceId, View};
use crate::ui::details::Sheet;
use crate::ui::details::rows::{Row, rows};
use crate::ui::eye::{Over, World};
use crate::ui::page::Page;
use crate::ui::{Action, Ui, walk};

impl Ui {
    /// Whose details are looked at; they are to be told before the next frame.
    pub fn detailed(&self) -> Option<InstanceId> {
        match &self.over {
            Over::Details(sheet) => Some(sheet.of),
            Over::Nothing
            | Over::Help(_)
            | Over::Ask
            | Over::Overwrite(_)
            | Over::Prompt(_)
            | Over::Interactive(_)
            | Over::Why(_)
            | Over::Reload(_)
            | Over::Problem(_)
            | Over::Palette(_)
            | Over::Everywhere(_)
            | Over::Instant(_)
            | Over::Events(_) => None,
        }
    }

    /// Tells what [`detailed`](Self::detailed) asks for; nothing if there is no such instance.
    pub fn tell_details(&mut self, details: Option<Details>) {
        self.details = details;
    }
}

/// Opens the page of the selected job.
pub(in crate::ui) fn open(ui: &mut Ui, view: &View) {
    match ui.job(view).map(|job| job.id) {
        Some(id) => ui.over = Over::Details(Sheet::new(id)),
        None => ui.note("only a job has details: a system has the page beside it"),
    }
}

/// Does what a key means on the page.
pub(in crate::ui) fn act(ui: &mut Ui, action: Action, world: World<'_>) {
    match action {
        Action::Close => ui.over = Over::Nothing,
        Action::Open => {
            if let Some(id) = linked(ui, world.view) {
                walk::bring(ui, id, world.view);
                ui.over = Over::Details(Sheet::new(id));
            }
        }
        Action::Unfold => {
            if let Over::Details(sheet) = &mut ui.over {
                sheet.inherited = !sheet.inherited;
            }
        }
        Action::NextLink => next_link(ui, world.view),
        action => scroll(ui, action, world.view),
    }
}

/// A click on a row that leads somewhere goes there.
pub(in crate::ui) fn press(ui: &mut Ui, at: Position, view: &View) {
    let area = ui.layout().sheet().1;
    let rows = written(ui, view);
    let Over::Details(sheet) = &ui.over else { return };
    let top = sheet.page.top(rows.len(), area.height);
    let row = area.contains(at).then(|| top + usize::from(at.y - area.y));
    if let Some(id) = row.and_then(|row| rows.get(row)).and_then(|row| row.link) {
        walk::bring(ui, id, view);
        ui.over = Over::Details(Sheet::new(id));
    }
}

/// Scrolls the page.
pub(in crate::ui) fn scroll(ui: &mut Ui, action: Action, view: &View) {
    let rows = written(ui, view).len();
    let height = height(ui);
    if let Over::Details(sheet) = &mut ui.over {
        sheet.page.scroll(action, rows, height);
    }
}

/// Where the selected link leads.
pub(in crate::ui) fn linked(ui: &Ui, view: &View) -> Option<InstanceId> {
    let Over::Details(sheet) = &ui.over else { return None };
    let rows = written(ui, view);
    rows.get(sheet.selected(&rows, height(ui))?)?.link
}

fn next_link(ui: &mut Ui, view: &View) {
    let rows = written(ui, view);
    let height = height(ui);
    let links: Vec<usize> = links(&rows).collect();
    let Over::Details(sheet) = &mut ui.over else { return };
    let at = sheet.selected(&rows, height).and_then(|row| links.iter().position(|link| *link == row));
    let next = at.map_or(0, |at| (at + 1) % links.len());
    match links.get(next) {
        Some(row) => {
            sheet.link = Some(next);
            sheet.page.reveal(*row, rows.len(), height);
        }
        None => ui.note("it needs nothing, and nothing needs it"),
    }
}

impl Sheet {
    /// The page of an instance, from its beginning.
    pub(super) fn new(of: InstanceId) -> Self {
        Self { of, page: Page::default(), link: None, inherited: false }
    }

    /// The row of the selected link: the one that was selected while it is seen, else the first that is.
    pub(super) fn selected(&self, rows: &[Row], height: u16) -> Option<usize> {
        let top = self.page.top(rows.len(), height);
        let seen = top..top + usize::from(height);
        let chosen = self.link.and_then(|link| links(rows).nth(link));
        chosen.filter(|row| seen.contains(row)).or_else(|| links(rows).find(|row| seen.contains(row)))
    }
}

/// The rows that lead somewhere.
fn links(rows: &[Row]) -> impl Iterator<Item = usize> {
    rows.iter().enumerate().filter(|(_, row)| row.link.is_some()).map(|(index, _)| index)
}

/// The rows of the page as it is.
fn written(ui: &Ui, view: &View) -> Vec<Row> {
    let (Over::Details(sheet), Some(details)) = (&ui.over, &ui.details) else { return Vec::new() };
    if details.id != sheet.of {
        return Vec::new();
    }
    rows(details, view, width(ui), sheet.inherited, &ui.paint(ui.now))
}

/// Columns of a row of the page.
fn width(ui: &Ui) -> u16 {
    ui.layout().sheet().1.width.saturating_sub(super::draw::MARGIN)
}

fn height(ui: &Ui) -> u16 {
    ui.layout().sheet().1.height
}
