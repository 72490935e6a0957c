//! The words for what is left of an instance: what lives on, and what has to end before it goes on.

use crate::model::HookKind;
use crate::model::instance::Instance;
use crate::model::leftover::{Leftover, Origin, Terminal};

use super::runs_hook;

/// behaviour.md, End: "exited 0 · 1 process still writing".
pub(super) fn with_leftovers(sentence: String, instance: &Instance) -> String {
    let lingering = instance.leftovers.iter().filter(|leftover| !leftover.is_given_up());
    let count: u32 = lingering.clone().map(Leftover::lingering).sum();
    let holds = lingering.clone().any(|leftover| leftover.terminal == Terminal::Quiet);
    match (count, holds) {
        (0, _) => sentence,
        (_, true) => format!("{sentence} · {} still writing", processes(count)),
        (_, false) => format!("{sentence} · {} still alive", processes(count)),
    }
}

pub(super) fn given_up(instance: &Instance) -> Option<u32> {
    let given_up = instance.leftovers.iter().filter(|leftover| leftover.is_given_up());
    let count: u32 = given_up.map(Leftover::lingering).sum();
    (count > 0).then_some(count)
}

/// What is left of an instance and has to end before it goes on; a question is told of as such.
pub(super) fn obstacles(instance: &Instance) -> impl Iterator<Item = &Leftover> {
    instance.leftovers.iter().filter(|leftover| {
        let is_harmless = leftover.is_spared() || leftover.is_stuck_question(None);
        !is_harmless && !instance.is_question(leftover.run)
    })
}

/// What is left of an instance and has to end: `2 processes of run 3`, `the last output of run 3`.
pub(super) fn rests(instance: &Instance) -> String {
    let awaited = instance.leftovers.iter().find(|leftover| !leftover.is_spared());
    let Some(leftover) = obstacles(instance).next().or(awaited) else { return "what is left".to_owned() };
    let of = match leftover.origin {
        Origin::Run(number) => format!("run {number}"),
        Origin::Hook(kind) => format!("its {}", kind.name()),
    };
    match (leftover.left, leftover.is_given_up()) {
        (Some(0), _) => format!("the output of {of}"),
        (None, false) => of,
        (left, true) => format!("{} of {of}, which nothing could end,", processes(left.unwrap_or(1).max(1))),
        (Some(left), false) => format!("{} of {of}", processes(left)),
    }
}

/// How what outlived its run is ended, but for what is spared. An `after` in its time is not being ended.
pub(super) fn ending(instance: &Instance) -> String {
    let awaited = instance.leftovers.iter().filter(|leftover| !leftover.is_spared());
    match awaited.map(Leftover::lingering).sum() {
        0 if instance.pending(HookKind::After).is_some() => runs_hook(HookKind::After, instance),
        0 => format!("ending {}", rests(instance)),
        count => format!("ending {} that outlived it", processes(count)),
    }
}

pub(super) fn processes(count: u32) -> String {
    if count == 1 { "1 process".to_owned() } else { format!("{count} processes") }
}
