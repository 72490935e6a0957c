//! What keys do about the margin and its marks: a letter is awaited, set, gone to; the way back from a jump; the cleared view.
//! Not: how any of it is drawn.

use crate::model::InstanceId;
use crate::ui::eye::{Focus, World, instance};
use crate::ui::key::Key;
use crate::ui::keymap::Mode;
use crate::ui::pager::{At, Before, Position, Stage, Way, stage};
use crate::ui::{Action, Ui, merged, walk};

/// What the next letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    /// It will stand for the line.
    Set,
    /// The line that it stands for is gone to.
    Go,
}

/// The times of lines in the next form.
pub(super) fn next_times(ui: &mut Ui, world: World<'_>) {
    ui.margin.times = ui.margin.times.next();
    let columns = merged::margin(ui, world).unwrap_or_else(|| ui.reach().margin);
    let fits = columns.times() == ui.margin.times;
    ui.note(if fits { ui.margin.times.told() } else { "there is no room for times here" });
}

/// Waits for the letter of a mark, where there are lines to be marked.
pub(super) fn await_letter(ui: &mut Ui, action: Action, world: World<'_>) {
    if ui.job(world.view).is_none() && ui.merging(world.view).is_none() {
        ui.tell("marks stand in the output of jobs: {merged} shows it merged");
        return;
    }
    let (awaited, told) = match action {
        Action::SetMark => (Awaited::Set, "{set-mark}: a letter that will stand for this line"),
        _ => (Awaited::Go, "{to-mark}: the letter of a mark, or ' for the way back"),
    };
    ui.awaited = Some(awaited);
    ui.tell(told);
}

/// The letter has come.
pub(super) fn letter(ui: &mut Ui, awaited: Awaited, key: Key, world: World<'_>) {
    match (awaited, key.typed()) {
        (Awaited::Set, Some(letter)) if letter.is_ascii_alphabetic() => set(ui, letter, world),
        (Awaited::Go, Some(letter)) if letter.is_ascii_alphabetic() => go(ui, letter, world),
        (Awaited::Go, Some('\'')) => back(ui, world),
        // Who leaves everything by this key leaves this too.
        (Awaited::Set | Awaited::Go, _)
            if ui.keys.meaning(Mode::Pager, key).is_some_and(|meaning| meaning.action == Action::Close) => {}
        (Awaited::Set | Awaited::Go, _) => ui.note("only letters name marks"),
    }
}

/// Reads on as a key says, and remembers from where it jumped.
pub(super) fn read(ui: &mut Ui, action: Action, count: Option<u32>, world: World<'_>) -> bool {
    let at = ui.pager(world).map(|(pager, _)| pager.at);
    let means = ui.read(action, count, world);
    if let Some(at) = at.filter(|_| means && is_jump(action)) {
        jumped(ui, at, world);
    }
    means
}

/// The pager of the selected job stood here before it moved.
pub(super) fn jumped(ui: &mut Ui, from: At, world: World<'_>) {
    if let Some((pager, _)) = ui.pager(world).filter(|(pager, _)| pager.at != from) {
        pager.before = Some(Before::Here(from));
        pager.gone_to = None;
    }
}

/// How what was cleared is seen again.
pub(super) const CLEARED: &str = "cleared: {up} shows what was before";

/// Hides what was printed so far; scrolling up shows it.
pub(super) fn clear(ui: &mut Ui, world: World<'_>) {
    let reach = ui.reach();
    let Some((pager, terminal)) = ui.pager(world) else { return };
    let before = std::mem::replace(&mut pager.at, At::Follow);
    if before != At::Follow {
        pager.before = Some(Before::Here(before));
    }
    if stage(pager, terminal, reach) == Stage::Screen && terminal.joint().is_none() {
        ui.note("the job paints this screen: only it can clear it");
        return;
    }
    pager.cleared = Some(terminal.finished().min(terminal.lines().end));
    ui.tell(CLEARED);
}

/// The line that is spoken of: of the output that follows the newest, else that which was gone to, the error or the hit, if in
/// sight, else the top one.
pub(super) fn current(ui: &mut Ui, world: World<'_>) -> Option<(InstanceId, u64)> {
    if ui.merging(world.view).is_some() {
        return merged::current(ui, world);
    }
    let reach = ui.reach();
    let id = ui.job(world.view)?.id;
    let (pager, terminal) = ui.pager(world)?;
    let lines = terminal.lines();
    if lines.is_empty() {
        return None;
    }
    if pager.follows() {
        return Some((id, lines.end - 1));
    }
    let top = pager.position(terminal, reach).line;
    let mut seen = top..=pager.last_seen(terminal, reach);
    let spot = [pager.gone_to, pager.graves.current()].into_iter().flatten().find(|line| seen.contains(line));
    let hit =
        || seen.find(|line| pager.search.as_ref().is_some_and(|search| search.stands_in(*line..=*line)));
    Some((id, spot.or_else(hit).unwrap_or(top).min(lines.end - 1)))
}

/// Goes to a line of a job, from wherever one is.
pub(super) fn visit(ui: &mut Ui, id: InstanceId, line: u64, before: Before, world: World<'_>) {
    walk::bring(ui, id, world.view);
    ui.focus = Focus::Pager;
    let Some((pager, _)) = ui.pager(world) else { return };
    pager.before = Some(before);
    ui.measure(world);
    let reach = ui.reach();
    if let Some((pager, terminal)) = ui.pager(world) {
        pager.pause(terminal, reach, Position { line, row: 0 });
        pager.gone_to = Some(line);
    }
}

fn set(ui: &mut Ui, letter: char, world: World<'_>) {
    let Some((id, line)) = current(ui, world) else {
        ui.note("no line to be marked yet");
        return;
    };
    if letter.is_ascii_uppercase() {
        // It names the job too, so there is one of it.
        ui.in_each(|ui| ui.pagers.values_mut().for_each(|pager| pager.marks.clear(letter)));
    }
    ui.pagers.entry(id).or_default().marks.set(letter, line);
    ui.note(format!("mark {letter} is set"));
}

fn go(ui: &mut Ui, letter: char, world: World<'_>) {
    let Some((id, line)) = find(ui, letter, world) else {
        ui.note(format!("mark {letter} is not set"));
        return;
    };
    let gone = world.terminals.get(&id).is_none_or(|terminal| !terminal.lines().contains(&line));
    if gone {
        ui.note(format!("the line of mark {letter} is gone"));
    } else if merged::go_to(ui, id, line, world) {
        // It is in sight there.
    } else if let Some(here) = ui.job(world.view).map(|job| job.id) {
        let before = match ui.pager(world) {
            Some((pager, _)) if here == id => Before::Here(pager.at),
            Some(_) | None => Before::Job(here),
        };
        visit(ui, id, line, before, world);
    } else if let Some(system) = ui.merging(world.view).map(|system| system.name.clone()) {
        visit(ui, id, line, Before::System(system), world);
    }
}

/// The line that a letter stands for: here, or, if it names the job too, anywhere.
fn find(ui: &Ui, letter: char, world: World<'_>) -> Option<(InstanceId, u64)> {
    let here: Vec<InstanceId> = match (ui.job(world.view), ui.merging(world.view)) {
        (Some(job), _) => vec![job.id],
        (None, Some(system)) => system.jobs.iter().map(|job| job.id).collect(),
        (None, None) => Vec::new(),
    };
    let marked = |id: &InstanceId| Some((*id, ui.marks_of(*id).find_map(|marks| marks.line(letter))?));
    let anywhere = || {
        let all = ui.pagers.iter().chain(ui.pagers_beside());
        all.map(|(id, _)| id).filter(|id| instance(world.view, **id).is_some()).find_map(marked)
    };
    here.iter().find_map(marked).or_else(|| letter.is_ascii_uppercase().then(anywhere).flatten())
}

/// To where one was before the last jump; the same again leads here.
fn back(ui: &mut Ui, world: World<'_>) {
    if ui.merging(world.view).is_some() {
        return merged::back(ui, world);
    }
    let Some(here) = ui.job(world.view).map(|job| job.id) else { return };
    let Some((pager, _)) = ui.pager(world) else { return };
    match pager.before.clone() {
        Some(Before::Here(at)) => {
            pager.before = Some(Before::Here(pager.at));
            pager.at = at;
        }
        Some(Before::Job(id)) if instance(world.view, id).is_some() => {
            walk::bring(ui, id, world.view);
            ui.pagers.entry(id).or_default().before = Some(Before::Job(here));
        }
        Some(Before::System(name)) if merged::show(ui, &name, world.view) => {}
        Some(Before::Job(_) | Before::System(_)) => ui.note("that is gone"),
        None => ui.note("there was no jump yet"),
    }
}

/// Whether an action goes far, so that one may want to come back.
fn is_jump(action: Action) -> bool {
    Way::of(action, None, 1).is_some_and(Way::is_jump)
        || matches!(
            action,
            Action::NextHit
                | Action::PreviousHit
                | Action::NextError
                | Action::PreviousError
                | Action::NextWarning
                | Action::PreviousWarning
                | Action::NextRun
                | Action::PreviousRun
        )
}
