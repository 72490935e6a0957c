//! Draws the merged output of a system: each line behind the name of its job. Not: which lines.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{InstanceId, SystemView, View};
use crate::terminal::Moment;
use crate::ui::Ui;
use crate::ui::brush::Brush;
use crate::ui::eye::World;
use crate::ui::merged::lanes::{LaneLine, Lanes};
use crate::ui::merged::state::{BETWEEN, Merged};
use crate::ui::pager::{Lay, Reach, Remark, draw_line, lines_of, sign};
use crate::ui::paint::Paint;
use crate::ui::sum::Sum;
use crate::ui::text::{count, shorten, thousands, width};

/// The looks of the names, by turns, as they are without a screen.
const NAMES: [Role; 6] = [Role::Name1, Role::Name2, Role::Name3, Role::Name4, Role::Name5, Role::Name6];

/// Draws the header and the lines.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    ui: &Ui,
    system: &SystemView,
    world: World<'_>,
    paint: &Paint<'_>,
) {
    let layout = ui.layout();
    let Some(merged) = ui.merged.get(&system.name) else { return };
    let lanes = Lanes::new(system, world.terminals, &merged.times);
    let (reach, names) = ui.merged_reach(system, &lanes);
    if let Some(area) = layout.header {
        draw_header(brush, area, system, &stand(merged, &lanes, reach, paint), paint);
    }
    let Some(area) = layout.output else { return };
    if lanes.count() == 0 {
        let left = area.left() + u16::from(area.x == 0);
        brush.put(left, area.y, area.right(), "no output yet", paint.of(Role::Dim));
        return;
    }
    let names = names_of(system, world.view, names, paint);
    Canvas { ui, merged, lanes, reach, names, paint }.draw(brush, area);
}

/// What is drawn.
struct Canvas<'a, 't> {
    ui: &'a Ui,
    merged: &'a Merged,
    lanes: Lanes<'t>,
    reach: Reach,
    /// In the order of the lanes.
    names: Vec<(InstanceId, String, Style)>,
    paint: &'a Paint<'a>,
}

impl Canvas<'_, '_> {
    fn draw(&self, brush: &mut Brush<'_>, area: Rect) {
        let place = self.merged.place(&self.lanes, self.reach);
        let mut gap = place.gap;
        let mut skip = place.row;
        let mut y = area.top();
        let mut before = self.lanes.tail(&gap);
        while y < area.bottom()
            && let Some(spot) = self.lanes.down(&mut gap)
        {
            let room = Rect { y, height: area.bottom() - y, ..area };
            y = self.draw_line(brush, room, spot, before, skip);
            before = Some(spot);
            skip = 0;
        }
        if self.merged.follows() && self.merged.is_cleared(&self.lanes, self.reach) {
            let told = "cleared: scroll up for what was before";
            if y < area.bottom() {
                brush.put(area.left(), y, area.right(), told, self.paint.of(Role::Separator));
            }
        }
    }

    fn draw_line(
        &self,
        brush: &mut Brush<'_>,
        area: Rect,
        spot: LaneLine,
        before: Option<LaneLine>,
        skip: usize,
    ) -> u16 {
        let lane = &self.lanes.lanes[spot.0];
        let Some(line) = lane.terminal.line(spot.1) else { return area.top() };
        if skip == 0 {
            let remark = self.remark(spot, before, line.at);
            self.reach.margin.draw(brush, (area.left(), area.top()), &remark, self.paint);
        }
        let search = self.merged.search.as_ref();
        let hits = |text: &str| -> Vec<Range<usize>> { search.map_or_else(Vec::new, |it| it.hits(text)) };
        let stands = search.is_some_and(|search| search.current() == Some((lane.id, spot.1)));
        let text = Rect { x: area.right() - self.reach.cols.min(area.width), width: self.reach.cols, ..area };
        let end = draw_line(
            brush,
            text,
            &line,
            skip,
            (self.reach, self.merged.shift),
            &Lay { hits: &hits, stands, over: Style::new(), selected: &|_| None },
            self.paint,
        );
        let drawn = Rect { height: end - area.top(), ..area };
        self.draw_names(brush, drawn, lane.id, skip == 0);
        if self.merged.gone_to == Some((lane.id, spot.1)) {
            brush.highlight(drawn, self.paint.of(Role::Selected));
        }
        end
    }

    /// The name before the first row of a line, and the rule before all.
    fn draw_names(&self, brush: &mut Brush<'_>, area: Rect, id: InstanceId, first: bool) {
        let text = area.right() - self.reach.cols.min(area.width);
        let x = area.left() + self.reach.margin.width();
        let Some((_, name, look)) = self.names.iter().find(|(of, ..)| *of == id) else { return };
        if first {
            brush.put(x, area.top(), text, name, *look);
        }
        let rule = text.saturating_sub(BETWEEN - 1).max(x);
        for y in area.top()..area.bottom() {
            brush.put(rule, y, text, self.paint.signs.rule, self.paint.of(Role::Rule));
        }
    }

    fn remark(&self, (index, number): LaneLine, before: Option<LaneLine>, at: Moment) -> Remark {
        let lane = &self.lanes.lanes[index];
        let mark = self.ui.marks_of(lane.id).find_map(|marks| marks.letter(number));
        let before = || {
            let (index, line) = before?;
            Some(self.lanes.lanes[index].terminal.line(line)?.at)
        };
        let since = self.reach.margin.since(lane.terminal, number, before);
        Remark { mark, number, at, since }
    }
}

/// The name of each job of a system as it stands before its lines, with its colour.
fn names_of(
    system: &SystemView,
    view: &View,
    room: u16,
    paint: &Paint<'_>,
) -> Vec<(InstanceId, String, Style)> {
    let all = view.systems.iter().flat_map(|system| &system.jobs).zip(NAMES.into_iter().cycle());
    let ours = all.filter(|(job, _)| system.jobs.iter().any(|other| other.id == job.id));
    let named = ours.map(|(job, role)| {
        let name = shorten(&job.label, usize::from(room), paint.signs.cut).into_owned();
        (job.id, name, paint.of(role))
    });
    named.collect()
}

/// `dev  merged · 6 of 8 up or done                  following · 12,402 lines`.
fn draw_header(brush: &mut Brush<'_>, area: Rect, system: &SystemView, parts: &[String], paint: &Paint<'_>) {
    let (y, end) = (area.top(), area.right().saturating_sub(1));
    let name = shorten(&system.name, usize::from(area.width.saturating_sub(2)), paint.signs.cut);
    let x = brush.put(area.left() + 1, y, end, &name, paint.of(Role::Head));
    let x = brush.put(x + 2, y, end, "merged", Style::new());
    let mut right = String::new();
    for part in parts {
        if width(&right) + width(part) + 2 > usize::from(end.saturating_sub(x)) {
            break;
        }
        right.push_str(part);
    }
    let left = end.saturating_sub(width(&right) as u16);
    brush.put(left, y, end, &right, paint.of(Role::Dim));
    let sum = Sum::of(&system.jobs);
    let told = format!(" {} {} of {} up or done", paint.signs.dot, sum.good(), sum.all());
    if width(&told) + 2 <= usize::from(left.saturating_sub(x)) {
        brush.put(x, y, left, &told, paint.of(Role::Dim));
    }
}

/// `/ slow · `, `paused, 214 new ⤓`, ` · 40% of 12,402 lines`.
fn stand(merged: &Merged, lanes: &Lanes<'_>, reach: Reach, paint: &Paint<'_>) -> Vec<String> {
    let dot = paint.signs.dot;
    let mut parts = Vec::new();
    if let Some(search) = &merged.search {
        parts.push(format!("{} {}  {} {dot} ", sign(search.direction), search.text, search.told(lanes)));
    }
    parts.push(match merged.news(lanes) {
        _ if merged.follows() && merged.is_cleared(lanes, reach) => "following, cleared".to_owned(),
        _ if merged.follows() => "following".to_owned(),
        0 => "paused".to_owned(),
        news => format!("paused, {} new {}", thousands(news), paint.signs.below),
    });
    let all = lanes.count();
    let portion = if merged.follows() || all == 0 {
        String::new()
    } else {
        let bottom = merged.place(lanes, reach).down(lanes, reach, usize::from(reach.rows));
        let end = bottom.key(lanes) >= merged.bottom(lanes, reach).key(lanes);
        let read = if end { all } else { lanes.rank(&bottom.gap) };
        format!("{}% of ", read.min(all) * 100 / all)
    };
    let lines = lanes.lanes.iter().map(|lane| lines_of(lane.terminal)).sum();
    parts.push(format!(" {dot} {portion}{}", count(lines, "line", "lines")));
    parts
}
