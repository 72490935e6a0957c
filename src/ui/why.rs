//! Why the selected row is as it is: the sentence, and below it the chain of those it waits for. Read from the view anew with
//! each frame. Not: finding reasons (`model/why.rs`).

use std::collections::{HashMap, HashSet};

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{InstanceId, InstanceView, State, SystemView, View};
use crate::ui::brush::Brush;
use crate::ui::eye::{Over, World, instance};
use crate::ui::paint::Paint;
use crate::ui::signs::word;
use crate::ui::sum::{Sum, role};
use crate::ui::text::{clip, shorten, width, wrapped};
use crate::ui::tree::{Place, Row};
use crate::ui::{Action, Ui, ahead, because, dialog, ring, table, walk};

/// What the panel is about, and where one stands in it.
#[derive(Debug)]
pub(super) struct Why {
    /// The row.
    pub(super) of: Place,
    /// The selected link; nothing: the one that explains most.
    pub(super) link: Option<InstanceId>,
}

/// The most columns of the panel.
const WIDE: u16 = 88;
/// The most columns of an address.
const NAME: usize = 24;

impl Why {
    /// Who stands behind it: for a job the chain of those it waits for, for a system those that are not well, the worst first.
    pub(super) fn links<'v>(&self, view: &'v View) -> Vec<&'v InstanceView> {
        match &self.of {
            Place::System(name) => {
                let system = view.systems.iter().find(|system| system.name == *name);
                system.map_or_else(Vec::new, worst)
            }
            Place::Job(id) | Place::Step(id, _) => chain(*id, view),
        }
    }

    /// The index of the link that is the cause of all others: the deepest of a chain.
    fn cause(&self, links: &[&InstanceView]) -> Option<usize> {
        match self.of {
            Place::System(_) => None,
            Place::Job(_) | Place::Step(..) => links.len().checked_sub(1),
        }
    }

    /// The index of the selected link: of a chain the deepest cause, unless a person went elsewhere.
    fn selected(&self, links: &[&InstanceView]) -> usize {
        let chosen = self.link.and_then(|id| links.iter().position(|job| job.id == id));
        chosen.or_else(|| self.cause(links)).unwrap_or(0)
    }
}

/// Opens the panel for the selected row.
pub(super) fn open(ui: &mut Ui, view: &View) {
    if let Some(row) = ui.row(view) {
        ui.over = Over::Why(Why { of: row.place(), link: None });
    }
}

/// Does what a key means in the panel.
pub(super) fn act(ui: &mut Ui, action: Action, world: World<'_>) {
    let Over::Why(why) = &mut ui.over else { return };
    let links = why.links(world.view);
    let at = why.selected(&links);
    if let Some(to) = ring::step(action, at, links.len()) {
        why.link = links.get(to).map(|job| job.id);
        return;
    }
    let target = links.get(at).map(|job| job.id).filter(|_| action == Action::Open);
    ui.over = Over::Nothing;
    if let Some(id) = target {
        walk::bring(ui, id, world.view);
    }
}

/// A click on a link goes there.
pub(super) fn press(ui: &mut Ui, at: Position, screen: Rect, world: World<'_>) {
    let Over::Why(why) = &ui.over else { return };
    let paint = ui.paint(ui.now);
    let panel = Panel::new(screen, why, world.view, &paint);
    let row = panel.list.contains(at).then(|| panel.top + usize::from(at.y - panel.list.y));
    let link = row.and_then(|row| panel.below.get(row)).map(|row| panel.links[row.link].id);
    if let Some(id) = link {
        ui.over = Over::Nothing;
        walk::bring(ui, id, world.view);
    }
}

/// Draws the panel.
pub(super) fn draw(brush: &mut Brush<'_>, screen: Rect, why: &Why, view: &View, paint: &Paint<'_>) {
    let panel = Panel::new(screen, why, view, paint);
    let inner = dialog::open(brush, screen, &panel.title, panel.high, panel.wide, paint);
    for ((text, look), y) in panel.above.iter().zip(inner.top()..inner.bottom()) {
        brush.put(inner.left() + 1, y, inner.right(), text, *look);
    }
    draw_links(brush, &panel, paint);
}

/// What stands in the panel, and where.
struct Panel<'v> {
    title: String,
    high: u16,
    wide: u16,
    above: Vec<(String, Style)>,
    links: Vec<&'v InstanceView>,
    below: Vec<LinkRow>,
    /// Columns of the addresses.
    names: usize,
    /// The rows of the links.
    list: Rect,
    /// The first of them that is seen.
    top: usize,
    selected: usize,
}

impl<'v> Panel<'v> {
    fn new(screen: Rect, why: &Why, view: &'v View, paint: &Paint<'_>) -> Self {
        let wide = WIDE.min(screen.width.saturating_sub(dialog::FRAME));
        let room = usize::from(wide.saturating_sub(2)).max(1);
        let (title, above) = about(why, view, room, paint);
        let links = why.links(view);
        let selected = why.selected(&links);
        let names = links.iter().map(|job| width(&job.address)).max().unwrap_or(0).min(NAME).min(room / 2);
        let below = link_rows(&links, why.cause(&links), room.saturating_sub(names + 4), paint);
        let gap = u16::from(!below.is_empty());
        let high = above.len() as u16 + gap + below.len() as u16;
        let inner = dialog::inside(screen, high, wide);
        let first = (inner.top() + above.len() as u16 + gap).min(inner.bottom());
        let list = Rect { y: first, height: inner.bottom() - first, ..inner };
        let ends = |row: &LinkRow| row.link == selected;
        let last = below.iter().rposition(ends).unwrap_or(0);
        let top = (last + 1).saturating_sub(usize::from(list.height));
        let top = top.min(below.iter().position(ends).unwrap_or(0));
        Self { title, high, wide, above, links, below, names, list, top, selected }
    }
}

/// A row of a link: which one, whether it is its first, and its part of the sentence.
struct LinkRow {
    link: usize,
    first: bool,
    text: String,
}

/// The rows of the links: one for each, and as many as it takes for the cause of all.
fn link_rows(links: &[&InstanceView], cause: Option<usize>, room: usize, paint: &Paint<'_>) -> Vec<LinkRow> {
    let mut rows = Vec::new();
    for (link, job) in links.iter().enumerate() {
        let told = beside(job);
        if cause == Some(link) {
            let parts = wrapped(&told, room.max(2)).into_iter().map(str::to_owned);
            rows.extend(parts.enumerate().map(|(part, text)| LinkRow { link, first: part == 0, text }));
        } else {
            rows.push(LinkRow { link, first: true, text: clip(&told, room, paint.signs.cut).into_owned() });
        }
    }
    rows
}

fn draw_links(brush: &mut Brush<'_>, panel: &Panel<'_>, paint: &Paint<'_>) {
    let area = panel.list;
    for (row, y) in panel.below.iter().skip(panel.top).zip(area.top()..area.bottom()) {
        let job = panel.links[row.link];
        let (x, right) = (area.left() + 1, area.right());
        if row.first {
            let x = brush.put(x, y, right, paint.signs.state(job.state), paint.of(role(job.state))) + 1;
            let name = shorten(&job.address, panel.names, paint.signs.cut);
            brush.put(x, y, right, &name, Style::new());
        }
        brush.put(x + panel.names as u16 + 4, y, right, &row.text, paint.of(Role::Dim));
        if row.link == panel.selected {
            brush.highlight(Rect { y, height: 1, ..area }, paint.of(Role::Selected));
            brush.put(area.left(), y, right, paint.signs.bar, paint.of(Role::Key));
        }
    }
}

/// The title and what stands above the links.
fn about(why: &Why, view: &View, room: usize, paint: &Paint<'_>) -> (String, Vec<(String, Style)>) {
    let mut above = Vec::new();
    let mut add = |text: &str, look: Style| {
        above.extend(wrapped(text, room.max(2)).into_iter().map(|row| (row.to_owned(), look)));
    };
    match &why.of {
        Place::System(name) => {
            let system = view.systems.iter().find(|system| system.name == *name);
            if let Some(system) = system {
                add(&of_system(system), Style::new());
            }
            (format!("why {name}"), above)
        }
        Place::Job(id) | Place::Step(id, _) => {
            let Some(job) = instance(view, *id) else { return ("why".to_owned(), above) };
            if table::tells_next(job.state) {
                let told = because::with_next(&of_job(job, paint), job, "; ", paint);
                add(&told, paint.of(sentence_role(job)));
            } else {
                add(&of_job(job, paint), paint.of(sentence_role(job)));
                if let Some(next) = ahead::told(job, paint.now, paint.zone) {
                    add(&next, paint.of(Role::Dim));
                }
            }
            if job.state == State::Held && job.next.is_none() {
                add("it waits until a person starts it", paint.of(Role::Dim));
            }
            if job.pending_change {
                add(&pending(paint), paint.of(Role::Waiting));
            }
            (format!("why {}", job.address), above)
        }
    }
}

/// What a sentence about a job looks like: in its state's colour where something is wrong.
fn sentence_role(job: &InstanceView) -> Role {
    match job.state {
        State::Running if job.unwell => Role::Failed,
        State::Failed => Role::Failed,
        State::Held => Role::Held,
        State::Backoff => Role::Backoff,
        State::Stopped
        | State::Scheduled
        | State::Waiting
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Done => Role::Dialog,
    }
}

/// The sentence; a job that simply runs or is done says so.
pub(super) fn of_job(job: &InstanceView, paint: &Paint<'_>) -> String {
    match job.state {
        State::Running if job.ready && !job.unwell => {
            let since = paint.clock(job.since.wall);
            match job.why.as_str() {
                "" | "up" => format!("it simply runs: up since {since}"),
                why => format!("it simply runs: {why}, since {since}"),
            }
        }
        State::Done => match job.why.strip_prefix("done: ") {
            Some(how) => format!("it is done, as it should be: {how}"),
            None => format!("it is done, as it should be: {}", job.why),
        },
        State::Running
        | State::Stopped
        | State::Scheduled
        | State::Waiting
        | State::Starting
        | State::Stopping
        | State::Backoff
        | State::Held
        | State::Failed => job.why.clone(),
    }
}

/// What it means that a change is pending.
pub(super) fn pending(paint: &Paint<'_>) -> String {
    format!("{} the file says something else by now: the next restart takes it up", paint.signs.pending)
}

fn of_system(system: &SystemView) -> String {
    let sum = Sum::of(&system.jobs);
    let told: Vec<String> = sum.told().into_iter().map(|(text, _)| text).collect();
    match told.as_slice() {
        [] => "it has no jobs".to_owned(),
        parts if worst(system).is_empty() => format!("nothing is wrong: {}", parts.join(", ")),
        parts => parts.join(", "),
    }
}

/// Its state and why, the state's word only once.
fn beside(job: &InstanceView) -> String {
    let word = word(job.state);
    match because::beside(job) {
        "" => word.to_owned(),
        _ if job.why.starts_with(word) => job.why.clone(),
        why => format!("{word}: {why}"),
    }
}

/// Those a job waits for, one behind the other; a circle ends where it closes.
fn chain(of: InstanceId, view: &View) -> Vec<&InstanceView> {
    let jobs: HashMap<InstanceId, &InstanceView> =
        view.systems.iter().flat_map(|system| &system.jobs).map(|job| (job.id, job)).collect();
    let mut met = HashSet::from([of]);
    let next = |job: &&InstanceView| jobs.get(&job.blocked_by?).copied();
    std::iter::successors(jobs.get(&of).copied(), next).skip(1).take_while(|job| met.insert(job.id)).collect()
}

/// The jobs of a system that are not as they should be, the worst first.
fn worst(system: &SystemView) -> Vec<&InstanceView> {
    let mut jobs: Vec<_> = system.jobs.iter().filter_map(|job| Some((badness(job)?, job))).collect();
    jobs.sort_by_key(|(badness, _)| *badness);
    jobs.into_iter().map(|(_, job)| job).collect()
}

/// How much of its system's trouble a job is, the worst first; `None` for what is well or at rest.
fn badness(job: &InstanceView) -> Option<u8> {
    match job.state {
        State::Failed => Some(0),
        State::Held => Some(1),
        State::Backoff => Some(2),
        State::Running if job.unwell => Some(3),
        State::Running if !job.ready => Some(4),
        State::Waiting => Some(5),
        State::Starting => Some(6),
        State::Stopping => Some(7),
        State::Stopped | State::Scheduled | State::Running | State::Done => None,
    }
}

/// Whether there is more to say about a row than that it runs, is done or rests.
pub(super) fn has_reason(row: Row<'_>) -> bool {
    match row {
        Row::System(system) => !worst(system).is_empty(),
        Row::Job(_, job) | Row::Step(job, _) => badness(job).is_some() || job.state == State::Scheduled,
    }
}
