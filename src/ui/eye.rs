//! One pair of eyes: what it holds, and its face towards the app. Not: what keys do, and not: how things are drawn.

use std::collections::BTreeMap;

use crossterm::event::{Event, KeyEventKind};
use ratatui::layout::Rect;

use crate::model::{Command, Details, Forecast, InstanceId, InstanceView, Now, Size, Target, Time, View};
use crate::terminal::Terminal;
use crate::ui::alert::Alerts;
use crate::ui::banner::Reading;
use crate::ui::beside::Beside;
use crate::ui::details::Sheet;
use crate::ui::drag::Held;
use crate::ui::everywhere::List;
use crate::ui::instant::Instant;
use crate::ui::key::Key;
use crate::ui::keymap::Mode;
use crate::ui::keys::{Keys, Meaning};
use crate::ui::layout::{Layout, Side};
use crate::ui::marking::{self, Awaited};
use crate::ui::merged::Merged;
use crate::ui::options::Options;
use crate::ui::outward::{Away, Save};
use crate::ui::page::Page;
use crate::ui::pager::{At, Columns, Extract, Margin, Pager, Reach, overview};
use crate::ui::paint::Paint;
use crate::ui::palette::Chooser;
use crate::ui::prompt::Prompt;
use crate::ui::recall::Recall;
use crate::ui::signs::Signs;
use crate::ui::theme::Palette;
use crate::ui::tree::{Place, Row, Tree, rows};
use crate::ui::why::Why;
use crate::ui::{Action, Terminals, interactive, mouse, palette, typing, update, walk};

/// One pair of eyes.
pub struct Ui {
    pub(super) options: Options,
    pub(super) palette: Palette,
    pub(super) signs: &'static Signs,
    pub(super) keys: Keys,
    /// Columns and rows of its terminal.
    pub(super) size: (u16, u16),
    pub(super) focus: Focus,
    /// The focused pane alone.
    pub(super) zoom: bool,
    pub(super) over: Over,
    pub(super) tree: Tree,
    /// A second pager; what is said of a pager here belongs to the one that is looked at.
    pub(super) beside: Option<Beside>,
    pub(super) pagers: BTreeMap<InstanceId, Pager>,
    /// Whether long lines are wrapped.
    pub(super) wrap: bool,
    /// What stands left of the lines.
    pub(super) margin: Margin,
    /// What is held about the merged output of each system.
    pub(super) merged: BTreeMap<String, Merged>,
    /// What the next letter is for.
    pub(super) awaited: Option<Awaited>,
    /// What was searched for.
    pub(super) searches: Recall,
    /// What lines were filtered by.
    pub(super) filters: Recall,
    /// The count that was typed before a key.
    pub(super) count: Option<u32>,
    /// What was done by the palette, the last first.
    pub(super) recent: Vec<(Mode, Action)>,
    /// The page of a system.
    pub(super) table: Page,
    /// Which of those still alive is selected while zap leaves.
    pub(super) survivor: usize,
    /// How many lines of each instance this eye has seen.
    pub(super) seen: BTreeMap<InstanceId, u64>,
    pub(super) alerts: Alerts,
    /// A message for once, until the next key.
    pub(super) note: Option<String>,
    /// What is wrong with zap itself, while it lasts.
    pub(super) warning: Option<String>,
    /// What is being saved, and how many percent of it are written.
    pub(super) saving: Option<(String, u64)>,
    /// Since when a file that a job mentions is looked for.
    pub(super) looking: Option<Time>,
    /// The commands that got a text.
    pub(super) commands: Recall,
    /// What the left button of the mouse does while it is held.
    pub(super) held: Held,
    /// The job whose interactive mode the last key left.
    pub(super) left: Option<InstanceId>,
    /// All there is to know about a job, as it was told last.
    pub(super) details: Option<Details>,
    /// What a reload would do, while that is asked.
    pub(super) forecast: Option<Forecast>,
    /// Something is wrong with the file.
    pub(super) broken: bool,
    /// The job that was selected last, with its address.
    pub(super) shown: Option<(InstanceId, String)>,
    /// The present, as it was told last.
    pub(super) now: Now,
    /// What the last search in all jobs has found, while its list is closed.
    pub(super) found: Option<Box<List>>,
}

/// What the app is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Something about jobs.
    Command(Command),
    /// Read the file again and tell by [`Ui::propose`] what that would change.
    Reload,
    /// Do what was proposed.
    Apply,
    /// Forget what was proposed.
    Discard,
    /// Put this text into the clipboard.
    Copy(String),
    /// Collect this on a thread, then ask [`Ui::collected`] what of it is to be copied.
    Collect(Extract),
    /// Write something into a file.
    Save(Save),
    /// Write no more of it.
    StopSaving,
    /// Wait no longer for the file that was to be opened.
    StopLooking,
    /// Give our terminal to somebody for a while.
    Away(Away),
    /// Stop zap itself, as the shell's Ctrl-Z does.
    Suspend,
    /// Draw every cell anew: something else has written to the terminal.
    Redraw,
}

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// The tree.
    Tree,
    /// The pager.
    Pager,
}

/// What lies over the panes and has the keys.
#[derive(Debug)]
pub(super) enum Over {
    /// Nothing.
    Nothing,
    /// The help.
    Help(Page),
    /// The question whether to quit.
    Ask,
    /// The question whether to write over a file.
    Overwrite(Save),
    /// A line that is typed.
    Prompt(Prompt),
    /// The job.
    Interactive(InstanceId),
    /// Why the selected row is as it is.
    Why(Why),
    /// All there is to know about a job.
    Details(Sheet),
    /// The question whether to do what a reload would do.
    Reload(Page),
    /// All that is wrong with the file.
    Problem(Reading),
    /// The list of all actions.
    Palette(Chooser),
    /// What a search in all jobs of a system has found.
    Everywhere(Box<List>),
    /// What other jobs printed at the same instant.
    Instant(Instant),
}

/// What an eye looks at: the picture of everything, and the terminals.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    pub(super) view: &'a View,
    pub(super) terminals: &'a Terminals,
}

impl Ui {
    /// Opens an eye on a terminal of 80 columns and 24 rows; an `Event::Resize` tells what it is in truth.
    pub fn new(options: Options) -> Self {
        Self {
            palette: Palette::new(&options.theme, options.colours),
            signs: Signs::of(options.utf8),
            keys: Keys::new(&options.keys),
            options,
            size: (80, 24),
            focus: Focus::Tree,
            zoom: false,
            over: Over::Nothing,
            tree: Tree::default(),
            beside: None,
            pagers: BTreeMap::new(),
            wrap: true,
            margin: Margin::default(),
            merged: BTreeMap::new(),
            awaited: None,
            searches: Recall::default(),
            filters: Recall::default(),
            count: None,
            recent: Vec::new(),
            table: Page::default(),
            survivor: 0,
            seen: BTreeMap::new(),
            alerts: Alerts::default(),
            note: None,
            warning: None,
            saving: None,
            looking: None,
            commands: Recall::default(),
            held: Held::default(),
            left: None,
            details: None,
            forecast: None,
            broken: false,
            shown: None,
            now: Now::default(),
            found: None,
        }
    }

    /// A key, a paste, a deed of the mouse or a new size. What must be done is returned.
    pub fn input(&mut self, event: Event, view: &View, terminals: &Terminals, now: Now) -> Vec<Request> {
        let world = World { view, terminals };
        let before = self.typing_into();
        self.observe(view, now);
        self.measure(world);
        let mut requests = match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(&key, world),
            Event::Paste(text) => self.paste(&text, world),
            Event::Mouse(deed) if self.options.mouse => match interactive::mouse(self, deed, world) {
                Some(told) => told,
                None => mouse::mouse(self, deed, world),
            },
            Event::Resize(cols, rows) => {
                self.size = (cols, rows);
                self.reveal();
                Vec::new()
            }
            Event::FocusGained | Event::FocusLost => {
                let told = |id| interactive::focus(id, event == Event::FocusGained, terminals);
                before.map_or_else(Vec::new, told)
            }
            Event::Key(_) | Event::Mouse(_) => Vec::new(),
        };
        self.settle(view);
        self.ask_about_reload();
        requests.extend(interactive::refocused(before, self.typing_into(), terminals));
        requests
    }

    /// Takes notice of what has changed: who is in trouble, who is gone. To be called whenever the view has changed.
    pub fn observe(&mut self, view: &View, now: Now) {
        self.now = now;
        self.broken = view.problem.is_some();
        let beside = self.beside(|ui| ui.job(view).map(|job| job.id)).flatten();
        let looked_at = [self.job(view).map(|job| job.id), beside];
        if self.alerts.observe(view, &looked_at, now) {
            self.in_each(Self::forget);
        }
        let before = self.shown.clone();
        self.settle(view);
        self.close_gone(view);
        self.leave_gone(before, view);
        self.ask_about_reload();
    }

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

    /// Selects a job, or the first one of a system.
    pub fn select(&mut self, target: &Target, view: &View) {
        let job = view.systems.iter().find_map(|system| match target {
            Target::System(name) => system.jobs.first().filter(|_| system.name == *name),
            Target::Job { system: name, job } => {
                system.jobs.iter().find(|one| system.name == *name && one.name == *job)
            }
            Target::Numbered { system: name, job, number } => system
                .jobs
                .iter()
                .find(|one| system.name == *name && one.name == *job && one.number == *number),
            Target::Instance(id) => system.jobs.iter().find(|job| job.id == *id),
        });
        if let Some(job) = job {
            walk::bring(self, job.id, view);
        }
    }

    /// A message for the line above the last, until the next key.
    pub fn note(&mut self, text: impl Into<String>) {
        self.note = Some(text.into());
    }

    /// What is wrong with zap itself stands in the same line, whatever is typed, until it is over.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.warning = Some(text.into());
    }

    /// What was wrong is over, as this message tells.
    pub fn calm(&mut self, text: impl Into<String>) {
        self.warning = None;
        self.note(text);
    }

    /// The same as [`Self::note`], with keys in it: `{restart}` is the key of that action in the pane that has the focus.
    pub fn tell(&mut self, text: &str) {
        self.note = Some(self.keys.say(self.pane(), text).into_owned());
    }

    /// The mode of the pane that has the focus, whatever lies over it.
    pub(super) fn pane(&self) -> Mode {
        match self.focus {
            Focus::Tree => Mode::Tree,
            Focus::Pager => Mode::Pager,
        }
    }

    fn key(&mut self, event: &crossterm::event::KeyEvent, world: World<'_>) -> Vec<Request> {
        self.note = None;
        let copied = self.held.rest();
        let left = self.left.take();
        let key = Key::of(event);
        let mode = self.mode(world.view);
        if let Some(awaited) = self.awaited.take()
            && mode == Mode::Pager
        {
            marking::letter(self, awaited, key, world);
            return Vec::new();
        }
        match (mode, self.keys.meaning(mode, key), left) {
            (Mode::Pager, _, Some(id)) if self.keys.meaning(Mode::Interactive, key).is_some() => {
                self.over = Over::Interactive(id);
                interactive::send(id, event, world.terminals)
            }
            (Mode::Interactive, None, _) => self.send(event, world),
            (Mode::Prompt, None, _) => {
                typing::typed(self, key, world);
                Vec::new()
            }
            (Mode::Palette, None, _) => {
                palette::typed(self, key);
                Vec::new()
            }
            (Mode::Pager, Some(Meaning { action: Action::Close, .. }), _) if copied => Vec::new(),
            (_, Some(meaning), _) => update::update(self, meaning.action, meaning.key, world),
            (_, None, _) => {
                self.count = None;
                Vec::new()
            }
        }
    }

    /// Who types wants to see it: the pager follows again.
    fn send(&mut self, event: &crossterm::event::KeyEvent, world: World<'_>) -> Vec<Request> {
        let Over::Interactive(id) = self.over else { return Vec::new() };
        self.pagers.entry(id).or_default().at = At::Follow;
        interactive::send(id, event, world.terminals)
    }

    fn paste(&mut self, text: &str, world: World<'_>) -> Vec<Request> {
        match self.over {
            Over::Interactive(id) => interactive::paste(id, text, world.terminals),
            Over::Prompt(_) => {
                typing::pasted(self, text, world);
                Vec::new()
            }
            Over::Nothing
            | Over::Help(_)
            | Over::Ask
            | Over::Overwrite(_)
            | Over::Why(_)
            | Over::Details(_)
            | Over::Reload(_)
            | Over::Everywhere(_)
            | Over::Problem(_)
            | Over::Instant(_) => Vec::new(),
            Over::Palette(_) => {
                palette::pasted(self, text);
                Vec::new()
            }
        }
    }

    /// What has the keys.
    pub(super) fn mode(&self, view: &View) -> Mode {
        match (&self.over, self.focus) {
            _ if view.quitting.is_some() => Mode::Leaving,
            (Over::Help(_), _) => Mode::Help,
            (Over::Ask | Over::Overwrite(_), _) => Mode::Ask,
            (Over::Prompt(_), _) => Mode::Prompt,
            (Over::Interactive(_), _) => Mode::Interactive,
            (Over::Why(_), _) => Mode::Why,
            (Over::Details(_), _) => Mode::Details,
            (Over::Reload(_), _) => Mode::Reload,
            (Over::Problem(_), _) => Mode::Problem,
            (Over::Palette(_), _) => Mode::Palette,
            (Over::Everywhere(_), _) => Mode::Everywhere,
            (Over::Instant(_), _) => Mode::Instant,
            (Over::Nothing, Focus::Tree) => Mode::Tree,
            (Over::Nothing, Focus::Pager) if self.selects(view) => Mode::Select,
            (Over::Nothing, Focus::Pager) => Mode::Pager,
        }
    }

    /// Where things are.
    pub(super) fn layout(&self) -> Layout {
        let layout = Layout::new(self.size, self.focus, self.zoom, self.tree.filter.is_empty(), self.broken);
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
        self.pinned(view).unwrap_or_else(|| self.tree.current(view))
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

    /// What everything that draws needs.
    pub(super) fn paint(&self, now: Now) -> Paint<'_> {
        Paint { palette: &self.palette, signs: self.signs, keys: &self.keys, now, zone: &self.options.zone }
    }

    fn settle(&mut self, view: &View) {
        let rows = rows(view, &self.tree);
        let (before, place) = (self.tree.index, self.tree.selected.clone());
        self.tree.settle(&rows);
        if self.tree.index != before {
            // What came or went above a row that is still there moves the rest, and not what one looks at.
            if self.tree.top > 0 && self.tree.selected == place {
                self.tree.top = (self.tree.top + self.tree.index).saturating_sub(before);
            }
            self.reveal();
        }
        // Rows come back where there is room for them.
        self.tree.top = self.tree.top.min(rows.len().saturating_sub(self.tree_height()));
        self.settle_beside(view);
        self.in_each(|ui| ui.leave_merged(view));
        self.shown = self.job(view).map(|job| (job.id, job.address.clone()));
    }

    /// What is no longer looked at of merged output need not be known any more.
    fn leave_merged(&mut self, view: &View) {
        let merging = self.merging(view).map(|system| system.name.clone());
        let left = self.merged.iter_mut().filter(|(name, _)| merging.as_ref() != Some(name));
        left.for_each(|(_, it)| it.leave());
    }

    /// Brings the selected row on the screen.
    pub(super) fn reveal(&mut self) {
        let height = self.tree_height();
        self.tree.reveal(height);
    }

    /// How many rows of the tree are seen; one where it is not on the screen.
    fn tree_height(&self) -> usize {
        self.layout().tree.map_or(1, |area| usize::from(area.height)).max(1)
    }

    /// Forgets what it held about jobs that have gone.
    fn forget(&mut self) {
        let alerts = &self.alerts;
        self.pagers.retain(|id, _| alerts.knows(*id));
        self.merged.values_mut().for_each(|merged| merged.forget(|id| alerts.knows(id)));
        self.seen.retain(|id, _| alerts.knows(*id));
        self.tree.marks.retain(|id| alerts.knows(*id));
        self.tree.steps.retain(|id, _| alerts.knows(*id));
    }
}

/// An instance by its id.
pub(super) fn instance(view: &View, id: InstanceId) -> Option<&InstanceView> {
    view.systems.iter().flat_map(|system| &system.jobs).find(|job| job.id == id)
}
