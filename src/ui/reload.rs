//! What a reload would do, as a question: what is added, removed and changed, and what follows from it. Not: reading the file,
//! and not: doing it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::{Change, ChangeKind, Forecast};
use crate::ui::brush::Brush;
use crate::ui::eye::Over;
use crate::ui::keymap::Mode;
use crate::ui::page::Page;
use crate::ui::paint::Paint;
use crate::ui::text::{clip, count, shorten, thousands, width, wrapped};
use crate::ui::{Action, Request, Ui, dialog};

/// The most columns of the box.
const WIDE: u16 = 88;
/// Narrower than this, the keys of a change stand below it.
const NARROW: usize = 56;
/// The most columns of an address.
const NAME: usize = 28;
/// The least columns of keys beside what follows; where there are fewer, they stand below it.
const KEYS: usize = 16;
/// Columns before keys that stand below.
const INDENT: usize = 4;
/// Rows around the list: the sum and a blank one above; below, what is hidden and the keys.
const AROUND: u16 = 4;

impl Ui {
    /// Asks whether what a reload would do is wished; if it would do nothing, it says so. While something else has the keys,
    /// the question waits for them: an answer must not be typed by mistake.
    pub fn propose(&mut self, forecast: Forecast) {
        if forecast.is_empty() {
            self.forecast = None;
            self.note("nothing changes for the jobs");
            return;
        }
        self.forecast = Some(forecast);
        // From the page of the problems one asks for it too, and that page is out of date now.
        if matches!(self.over, Over::Reload(_) | Over::Problem(_)) {
            self.over = Over::Nothing;
        }
        self.ask_about_reload();
    }

    /// What was asked about is out of date: the file cannot be used any more.
    pub fn withdraw(&mut self) {
        self.forecast = None;
        if matches!(self.over, Over::Reload(_)) {
            self.over = Over::Nothing;
        }
        self.note("the file was changed again: what was asked is out of date");
    }

    /// Says what a reload has done that nobody was asked about, or agreed to.
    pub fn tell_reload(&mut self, forecast: &Forecast) {
        self.note(if forecast.is_empty() {
            "reloaded: nothing changes for the jobs".to_owned()
        } else {
            format!("reloaded: {forecast}")
        });
    }

    /// Opens the question if there is one and nothing else has the keys.
    pub(super) fn ask_about_reload(&mut self) {
        if self.forecast.is_some() && matches!(self.over, Over::Nothing) {
            self.over = Over::Reload(Page::default());
        }
    }
}

/// Does what a key means while the question stands.
pub(super) fn act(ui: &mut Ui, action: Action) -> Vec<Request> {
    let measured = measure(ui);
    let (Over::Reload(page), Some((rows, height))) = (&mut ui.over, measured) else { return Vec::new() };
    let answer = match action {
        Action::Yes => Request::Apply,
        Action::No => Request::Discard,
        action => {
            page.scroll(action, rows, height);
            return Vec::new();
        }
    };
    ui.over = Over::Nothing;
    ui.forecast = None;
    vec![answer]
}

/// How many rows the list has, and how many of them are seen.
pub(super) fn measure(ui: &Ui) -> Option<(usize, u16)> {
    let (wide, height) = reach(Rect::new(0, 0, ui.size.0, ui.size.1.saturating_sub(1)));
    let rows = ui.forecast.as_ref().map(|forecast| rows(forecast, wide).len())?;
    Some((rows, height))
}

/// Draws the question.
pub(super) fn draw(brush: &mut Brush<'_>, screen: Rect, forecast: &Forecast, page: Page, paint: &Paint<'_>) {
    let (room, height) = reach(screen);
    let rows = rows(forecast, room);
    let shown = (rows.len() as u16).min(height);
    let wide = room as u16 + 2;
    let inner = dialog::open(brush, screen, "reload", shown + AROUND, wide, paint);
    draw_sum(brush, inner, forecast, paint);
    let top = page.top(rows.len(), height);
    let columns = Columns::of(forecast, room);
    let list = inner.top() + 2..(inner.top() + 2 + shown).min(inner.bottom());
    for (row, y) in rows.iter().skip(top).zip(list) {
        let at = Rect { x: inner.x + 1, y, width: inner.width.saturating_sub(2), height: 1 };
        row.draw(brush, at, columns, paint);
    }
    let y = inner.bottom().saturating_sub(1);
    let acts = [(Action::Yes, "do it"), (Action::No, "leave all as it is")];
    dialog::draw_keys(brush, inner, y, &paint.keys.labelled(Mode::Reload, &acts), paint);
    let hidden = rows.len().saturating_sub(top + usize::from(shown));
    if hidden > 0 {
        let more = format!("{} {hidden} more below", paint.signs.cut);
        brush.put(inner.left() + 1, y.saturating_sub(1), inner.right(), &more, paint.of(Role::Dim));
    }
}

/// How wide the columns of the list are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    names: usize,
    /// Where the keys begin.
    keys: usize,
    /// Whether keys stand beside what follows from them.
    beside: bool,
}

impl Columns {
    fn of(forecast: &Forecast, room: usize) -> Self {
        let widest = |text: fn(&Change) -> &str| {
            forecast.changes.iter().map(|change| width(text(change))).max().unwrap_or(0)
        };
        let names = widest(|change| &change.address).min(NAME).min(room / 2);
        let keys = 2 + names + 2 + widest(|change| &change.deed) + 2;
        let beside = room >= NARROW && keys + KEYS <= room;
        Self { names, keys: if beside { keys } else { INDENT }, beside }
    }
}

/// Columns of a row and rows of the list on a screen.
fn reach(screen: Rect) -> (usize, u16) {
    let wide = WIDE.min(screen.width.saturating_sub(dialog::FRAME)).saturating_sub(2);
    let height = screen.height.saturating_sub(dialog::FRAME + AROUND).max(1);
    (usize::from(wide), height)
}

/// `2 changed  1 added  1 removed  197 kept`, each in the colour of what it does; by signs where it is narrow.
fn draw_sum(brush: &mut Brush<'_>, inner: Rect, forecast: &Forecast, paint: &Paint<'_>) {
    let of = |kind| forecast.changes.iter().filter(|change| change.kind == kind).count();
    let kinds = [
        (ChangeKind::Changed, "changed"),
        (ChangeKind::Added, "added"),
        (ChangeKind::Removed, "removed"),
        (ChangeKind::Affected, "affected"),
    ];
    let kept = format!("{} kept", thousands(u64::from(forecast.kept)));
    let told = |short: bool| -> Vec<(String, Role)> {
        let some = kinds.iter().filter(|(kind, _)| of(*kind) > 0);
        let each = some.map(|(kind, what)| {
            let number = thousands(of(*kind) as u64);
            let text = if short { format!("{}{number}", sign(*kind)) } else { format!("{number} {what}") };
            (text, role(*kind))
        });
        each.chain([(kept.clone(), Role::Dim)]).collect()
    };
    let wide: usize = told(false).iter().map(|(text, _)| width(text) + 2).sum();
    let mut x = inner.left() + 1;
    for (text, role) in told(wide > usize::from(inner.width)) {
        x = brush.put(x, inner.top(), inner.right(), &text, paint.of(role)) + 2;
    }
}

/// A row of the list.
enum Row<'f> {
    /// A change, with the first of its keys if these stand beside it.
    Change(&'f Change, String),
    /// Keys of the change above.
    Keys(String),
    /// What else differs: settings, or a system.
    Line(String),
    /// The rest of the line above.
    More(String),
}

/// Keys are broken between two of them, and none is cut.
fn rows(forecast: &Forecast, room: usize) -> Vec<Row<'_>> {
    let columns = Columns::of(forecast, room);
    let mut rows = Vec::new();
    for change in &forecast.changes {
        let keys = change.keys.join(", ");
        let broken = wrapped(&keys, room.saturating_sub(columns.keys).max(2));
        let mut broken = broken.into_iter().map(str::to_owned).filter(|keys| !keys.is_empty());
        let beside = if columns.beside { broken.next().unwrap_or_default() } else { String::new() };
        rows.push(Row::Change(change, beside));
        rows.extend(broken.map(Row::Keys));
    }
    let mut line = |told: &str| {
        let mut broken = wrapped(told, room.saturating_sub(2).max(2)).into_iter().map(str::to_owned);
        rows.extend(broken.next().map(Row::Line));
        rows.extend(broken.map(Row::More));
    };
    forecast.systems.iter().for_each(|system| line(&format!("system {system}")));
    if !forecast.settings.is_empty() {
        let what = count(forecast.settings.len() as u64, "setting of zap", "settings of zap");
        line(&format!("{what}: {}", forecast.settings.join(", ")));
    }
    rows
}

impl Row<'_> {
    fn draw(&self, brush: &mut Brush<'_>, at: Rect, columns: Columns, paint: &Paint<'_>) {
        let right = at.right();
        match self {
            Row::Change(change, keys) => draw_change(brush, at, change, keys, columns, paint),
            Row::Keys(keys) => {
                brush.put(at.x + columns.keys as u16, at.y, right, keys, paint.of(Role::Dim));
            }
            Row::Line(told) => {
                brush.put(at.x, at.y, right, sign(ChangeKind::Changed), paint.of(Role::Waiting));
                brush.put(at.x + 2, at.y, right, told, Style::new());
            }
            Row::More(told) => {
                brush.put(at.x + 2, at.y, right, told, Style::new());
            }
        }
    }
}

fn draw_change(
    brush: &mut Brush<'_>,
    at: Rect,
    change: &Change,
    keys: &str,
    columns: Columns,
    paint: &Paint<'_>,
) {
    let (cut, right) = (paint.signs.cut, at.right());
    let look = paint.of(role(change.kind));
    brush.put(at.x, at.y, right, sign(change.kind), look);
    brush.put(at.x + 2, at.y, right, &shorten(&change.address, columns.names, cut), Style::new());
    let x = at.x + 2 + columns.names as u16 + 2;
    let deed = clip(&change.deed, usize::from(right.saturating_sub(x)), cut);
    brush.put(x, at.y, right, &deed, look);
    brush.put(at.x + columns.keys as u16, at.y, right, keys, paint.of(Role::Dim));
}

fn sign(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "-",
        ChangeKind::Changed => "~",
        ChangeKind::Affected => "*",
    }
}

fn role(kind: ChangeKind) -> Role {
    match kind {
        ChangeKind::Added => Role::Running,
        ChangeKind::Removed => Role::Failed,
        ChangeKind::Changed | ChangeKind::Affected => Role::Waiting,
    }
}
