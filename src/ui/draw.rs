//! A frame: each part of the screen is drawn where the layout wants it. Not: how a part looks.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::config::Role;
use crate::model::{InstanceView, Now, State, View};
use crate::ui::brush::Brush;
use crate::ui::eye::{Focus, Over, World};
use crate::ui::keymap::Mode;
use crate::ui::pager::{self, Pager, Shown};
use crate::ui::paint::Paint;
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::text::wrapped;
use crate::ui::tree::{self, Row, rows};
use crate::ui::{
    Action, Terminals, Ui, banner, because, details, events, everywhere, head, help, hint, instant, leave,
    merged, palette, reload, status, table, why,
};

impl Ui {
    /// Draws the frame.
    pub fn draw(&mut self, frame: &mut Frame<'_>, view: &View, terminals: &Terminals, now: Now) {
        let screen = frame.area();
        if self.size != (screen.width, screen.height) {
            self.size = (screen.width, screen.height);
            self.reveal();
        }
        self.observe(view, now);
        self.drift(World { view, terminals });
        self.look(view, terminals);
        self.measure(World { view, terminals });
        let mut brush = Brush::new(frame.buffer_mut());
        self.beside(|ui| {
            ui.look(view, terminals);
            ui.measure(World { view, terminals });
            ui.draw_output(&mut brush, view, terminals, now);
        });
        let cursor = self.draw_parts(&mut brush, screen, view, terminals, now);
        if let Some(cursor) = cursor.filter(|cursor| screen.contains(*cursor)) {
            frame.set_cursor_position(cursor);
        }
    }

    /// What is on the screen has been seen.
    fn look(&mut self, view: &View, terminals: &Terminals) {
        for id in self.overheard_here(view) {
            if let Some(terminal) = terminals.get(&id) {
                self.unseen.see(id, terminal);
            }
        }
        let Some(id) = self.job(view).map(|job| job.id) else { return };
        if let Some(terminal) = terminals.get(&id)
            && self.layout().output.is_some()
            && self.detailed().is_none()
        {
            self.unseen.see(id, terminal);
            // What is looked at is counted, and that needs a place.
            self.pagers.entry(id).or_default();
        }
    }

    fn draw_parts(
        &self,
        brush: &mut Brush<'_>,
        screen: Rect,
        view: &View,
        terminals: &Terminals,
        now: Now,
    ) -> Option<Position> {
        let layout = self.layout();
        let mut cursor = self.draw_panes(brush, view, terminals, now);
        let paint = self.paint(now);
        if let Some(area) = layout.head {
            head::draw(brush, area, &self.options.head, view, &paint);
        }
        if let Some(area) = layout.status {
            cursor = status::draw(brush, area, self, view, terminals, &paint).or(cursor);
        }
        if let (Some(area), Some(problem)) = (layout.banner, &view.problem) {
            banner::draw(brush, area, problem, self.mode(view), &paint);
        }
        self.draw_over(brush, screen, World { view, terminals }, &paint);
        if let Over::Palette(chooser) = &self.over {
            cursor = Some(palette::draw(brush, screen, self, chooser, World { view, terminals }, &paint));
        }
        if let Some(area) = layout.hint {
            hint::draw(brush, area, self, World { view, terminals }, &paint);
        }
        if let Some(quitting) = &view.quitting {
            leave::draw_stopping(brush, screen, quitting, self.survivor, &paint);
        } else if let Over::Ask = self.over {
            leave::draw_question(brush, screen, view, &paint);
        } else if let Over::Overwrite(save) = &self.over {
            let question = format!("{} is there already. Write over it?", save.file);
            leave::draw_yes_or_no(brush, screen, "save", &question, &paint);
        }
        cursor
    }

    /// What lies over the panes, and leaves the last line free.
    fn draw_over(&self, brush: &mut Brush<'_>, screen: Rect, world: World<'_>, paint: &Paint<'_>) {
        let view = world.view;
        let above = above(screen);
        match (&self.over, &self.forecast, &view.problem) {
            (Over::Help(help), ..) => help::draw(brush, self.size, *help, paint),
            (Over::Why(panel), ..) => why::draw(brush, above, panel, view, paint),
            (Over::Details(sheet), ..) => {
                let told = (self.details.as_ref(), self.usage);
                details::draw(brush, self.layout().sheet(), sheet, told, view, paint);
            }
            (Over::Everywhere(list), ..) => {
                everywhere::draw(brush, self.size, list, world.terminals, paint);
            }
            (Over::Events(events), ..) => events::draw(brush, self.size, events, paint),
            (Over::Prompt(Prompt { purpose: Purpose::Events(events), .. }), ..) => {
                events::draw(brush, self.size, events, paint);
            }
            (Over::Instant(instant), ..) => instant::draw(brush, above, instant, world.view, paint),
            (Over::Reload(page), Some(forecast), _) => reload::draw(brush, above, forecast, *page, paint),
            (Over::Problem(reading), _, Some(problem)) => {
                banner::draw_text(brush, self.size, problem, *reading, paint);
            }
            (
                Over::Nothing
                | Over::Ask
                | Over::Overwrite(_)
                | Over::Prompt(_)
                | Over::Interactive(_)
                | Over::Reload(_)
                | Over::Problem(_)
                | Over::Palette(_),
                ..,
            ) => {}
        }
    }

    fn draw_panes(
        &self,
        brush: &mut Brush<'_>,
        view: &View,
        terminals: &Terminals,
        now: Now,
    ) -> Option<Position> {
        let layout = self.layout();
        if layout.tree.is_some() {
            self.draw_tree(brush, view, terminals, now);
        }
        if let Some(rule) = layout.rule {
            self.draw_rule(brush, rule, view, now);
        }
        if let Some(between) = layout.between {
            self.draw_between(brush, between, now);
        }
        let cursor = self.draw_output(brush, view, terminals, now);
        if let (Some(header), Some(_), Focus::Pager) = (layout.header, layout.between, self.focus) {
            self.draw_focus(brush, header, now);
        }
        cursor
    }

    /// Marks the header of the one of two pagers that has the keys, as a selected row is marked.
    fn draw_focus(&self, brush: &mut Brush<'_>, header: Rect, now: Now) {
        let paint = self.paint(now);
        let inner = Rect { x: header.x + 1, width: header.width.saturating_sub(1), ..header };
        brush.highlight(inner, paint.of(Role::Selected));
        brush.put(header.left(), header.y, header.right(), paint.signs.bar, paint.of(Role::Key));
    }

    /// The pager that is looked at.
    fn draw_output(
        &self,
        brush: &mut Brush<'_>,
        view: &View,
        terminals: &Terminals,
        now: Now,
    ) -> Option<Position> {
        let layout = self.layout();
        match self.row(view)? {
            _ if layout.output.is_none() => None,
            Row::System(system) if self.merging(view).is_some() => {
                merged::draw(brush, self, system, World { view, terminals }, &self.paint(now));
                None
            }
            Row::System(system) => {
                let paint = self.paint(now);
                if let Some(area) = layout.header {
                    table::draw_header(brush, area, system, &paint);
                }
                table::draw(brush, layout.output?, system, self.table, &paint);
                None
            }
            Row::Job(_, job) | Row::Step(job, _) => self.draw_job(brush, job, terminals, now),
        }
    }

    /// The rule between two pagers.
    fn draw_between(&self, brush: &mut Brush<'_>, rule: Rect, now: Now) {
        let paint = self.paint(now);
        let sign = if rule.width == 1 { paint.signs.rule } else { paint.signs.dash };
        for cell in rule.positions() {
            brush.put(cell.x, cell.y, rule.right(), sign, paint.of(Role::Rule));
        }
    }

    /// The rule between the panes. Where the tree is longer than the screen, the rule shows which part of it is seen.
    fn draw_rule(&self, brush: &mut Brush<'_>, rule: Rect, view: &View, now: Now) {
        let paint = self.paint(now);
        let height = usize::from(rule.height);
        let all = rows(view, &self.tree).len();
        let hidden = all.saturating_sub(height);
        let long = if hidden == 0 { 0 } else { (height * height / all).max(1) };
        let start = (self.tree.top * (height - long)).checked_div(hidden).unwrap_or(0);
        for (row, y) in (rule.top()..rule.bottom()).enumerate() {
            let seen = (start..start + long).contains(&row);
            let sign = if seen { paint.signs.thumb } else { paint.signs.rule };
            brush.put(rule.x, y, rule.right(), sign, paint.of(Role::Rule));
        }
    }

    fn draw_tree(&self, brush: &mut Brush<'_>, view: &View, terminals: &Terminals, now: Now) {
        let layout = self.layout();
        let paint = self.paint(now);
        let rows = rows(view, &self.tree);
        let scene = tree::Scene { terminals, unseen: &self.unseen, focus: self.focus };
        if let Some(area) = layout.tree {
            tree::draw(brush, area, &rows, &self.tree, &scene, &paint);
        }
        if let Some(area) = layout.filter {
            let all: usize = view.systems.iter().map(|system| system.jobs.len()).sum();
            let told = format!("/ {}  {} of {all}", self.tree.filter.text(), tree::jobs(&rows).count());
            brush.put(area.left() + 1, area.y, area.right(), &told, paint.of(Role::Prompt));
        }
    }

    /// The key that starts the selected job.
    fn start_key(&self) -> String {
        match self.focus {
            Focus::Tree => self.keys.told(Mode::Tree, Action::Start),
            Focus::Pager => self.keys.told(Mode::Pager, Action::Restart),
        }
    }

    fn draw_job(
        &self,
        brush: &mut Brush<'_>,
        job: &InstanceView,
        terminals: &Terminals,
        now: Now,
    ) -> Option<Position> {
        let layout = self.layout();
        let fresh = Pager::default();
        let pager = self.pagers.get(&job.id).unwrap_or(&fresh);
        let paint = self.paint(now);
        let terminal = terminals.get(&job.id);
        if let Some(area) = layout.header {
            pager::draw_header(brush, area, job, (pager, self.reach()), terminal, &paint);
        }
        let (area, aside) = self.text()?;
        let shown =
            terminal.map_or(Shown::Nothing, |t| pager::draw(brush, area, (pager, self.reach()), t, &paint));
        if let (Some(aside), Some(terminal)) = (aside, terminal) {
            pager::overview::draw(brush, aside, (pager, self.reach()), terminal, &paint);
        }
        let pane = layout.output?;
        match shown {
            Shown::Nothing => draw_silence(brush, pane, &silence(job, &self.start_key(), &paint), &paint),
            Shown::NoMatch => {
                let known = terminal.is_some_and(|terminal| pager.seen(terminal).is_known());
                let told = if known { NO_LINE } else { NO_LINE_YET };
                draw_silence(brush, area, &self.keys.say(Mode::Pager, told), &paint);
            }
            Shown::Screen(_) | Shown::Lines(_) => {}
        }
        let typing = matches!(self.over, Over::Interactive(_));
        let top = match shown {
            Shown::Screen(top) => top,
            Shown::Nothing => area.y,
            Shown::Lines(cursor) => return cursor,
            Shown::NoMatch => return None,
        };
        let screen = terminal.filter(|t| typing && t.live() && !t.screen().hide_cursor())?.screen();
        let (row, col) = screen.cursor_position();
        let cursor = Position::new(area.x + col.min(area.width.saturating_sub(1)), top + row);
        area.contains(cursor).then_some(cursor)
    }
}

/// All of a screen but its last line.
pub(super) fn above(screen: Rect) -> Rect {
    Rect { height: screen.height.saturating_sub(u16::from(screen.height >= 3)), ..screen }
}

/// What stands where lines would that filters hide.
const NO_LINE: &str = "no line matches; {close} takes the filter off";
const NO_LINE_YET: &str = "no line matches so far; {close} takes the filter off";

fn draw_silence(brush: &mut Brush<'_>, area: Rect, text: &str, paint: &Paint<'_>) {
    let left = area.left() + u16::from(area.x == 0);
    let room = usize::from(area.right().saturating_sub(left));
    for (row, y) in wrapped(text, room).into_iter().zip(area.top()..area.bottom()) {
        brush.put(left, y, area.right(), row, paint.of(Role::Dim));
    }
}

/// What stands where output would.
fn silence(job: &InstanceView, key: &str, paint: &Paint<'_>) -> String {
    match job.state {
        State::Stopped => format!("stopped: press {key} to start"),
        State::Waiting | State::Scheduled | State::Backoff => because::with_next(&job.why, job, ": ", paint),
        State::Held if job.next.is_some() => {
            format!("{}, or press {key}", because::with_next(&job.why, job, "; ", paint))
        }
        State::Held => format!("{}; press {key} to start", job.why),
        State::Starting | State::Running => "no output yet".to_owned(),
        State::Stopping | State::Done | State::Failed => "no output".to_owned(),
    }
}
