//! One pair of eyes: what it holds, and its face towards the app. Not: what keys do, and not: how things are drawn.

use std::collections::BTreeMap;

use crossterm::event::{Event, KeyEventKind};

use crate::model::{Details, Forecast, InstanceId, InstanceView, Now, Target, Time, Usage, View};
use crate::ui::alert::Alerts;
use crate::ui::banner::Reading;
use crate::ui::beside::Beside;
use crate::ui::details::Sheet;
use crate::ui::drag::Held;
use crate::ui::events::Events;
use crate::ui::everywhere::List;
use crate::ui::help::Help;
use crate::ui::instant::Instant;
use crate::ui::keymap::Mode;
use crate::ui::keys::Keys;
use crate::ui::marking::Awaited;
use crate::ui::merged::Merged;
use crate::ui::options::Options;
use crate::ui::outward::Save;
use crate::ui::page::Page;
use crate::ui::pager::{Margin, Pager};
use crate::ui::paint::Paint;
use crate::ui::palette::Chooser;
use crate::ui::prompt::Prompt;
use crate::ui::recall::Recall;
use crate::ui::signs::Signs;
use crate::ui::theme::Palette;
use crate::ui::tree::{Tree, rows};
use crate::ui::unseen::Unseen;
use crate::ui::why::Why;
use crate::ui::{Action, Request, Terminals, interactive, mouse, walk};

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
    /// The columns of the tree beside a pager, if somebody chose them.
    pub(super) tree_columns: Option<u16>,
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
    /// What this eye has not seen of the outputs.
    pub(super) unseen: Unseen,
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
    /// Files that were named.
    pub(super) files: Recall,
    /// What the left button of the mouse does while it is held.
    pub(super) held: Held,
    /// The job whose interactive mode the last key left.
    pub(super) left: Option<InstanceId>,
    /// All there is to know about a job, as it was told last.
    pub(super) details: Option<Details>,
    /// What its run uses of the machine.
    pub(super) usage: Option<Usage>,
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
    Help(Help),
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
    /// What happened, and who brought it about.
    Events(Events),
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
            tree_columns: None,
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
            unseen: Unseen::default(),
            alerts: Alerts::default(),
            note: None,
            warning: None,
            saving: None,
            looking: None,
            commands: Recall::default(),
            files: Recall::default(),
            held: Held::default(),
            left: None,
            details: None,
            usage: None,
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
        self.note = Some(self.said(text));
    }

    /// A sentence with the keys that it names. What others have named is put in behind that: it may look like the name of a key.
    pub(super) fn said(&self, text: &str) -> String {
        self.keys.say(self.pane(), text).into_owned()
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
        self.unseen.retain(|id| alerts.knows(id));
        self.tree.marks.retain(|id| alerts.knows(*id));
        self.tree.steps.retain(|id, _| alerts.knows(*id));
    }
}

/// An instance by its id.
pub(super) fn instance(view: &View, id: InstanceId) -> Option<&InstanceView> {
    view.systems.iter().flat_map(|system| &system.jobs).find(|job| job.id == id)
}
