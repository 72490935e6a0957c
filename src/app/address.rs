//! What the words of those who ask from outside mean in the plan that is in force. Not: how an address is read (`model`).

use crate::model::{Target, View, resolve, resolve_shown};
use crate::wire::NoTarget;

use super::engine::Engine;

/// What words mean.
pub(super) struct Meant {
    /// All of it.
    pub(super) targets: Vec<Target>,
    /// What should be said of it.
    pub(super) notes: Vec<String>,
}

/// What these words mean.
pub(super) fn meant(words: &[String], engine: &mut Engine) -> Result<Meant, Box<NoTarget>> {
    let mut meant = Meant { targets: Vec::new(), notes: Vec::new() };
    for word in words {
        // What the last reload took away is in the picture until it has ended.
        let found = resolve(engine.supervisor.plan(), word).or_else(|_| {
            let view = engine.view().clone();
            resolve_shown(engine.supervisor.plan(), &view, word)
        });
        match found {
            Ok(found) => {
                if !found.shadowed.is_empty() {
                    let others = found.shadowed.join(", ");
                    meant.notes.push(format!("`{word}` is the system; the job of that name is {others}"));
                }
                meant.targets.extend(found.targets);
            }
            Err(why) => {
                let plan = engine.supervisor.plan();
                let file = plan.file.display().to_string();
                let systems = plan.systems.iter().map(|system| system.name.clone()).collect();
                let problem = engine.view().problem.clone();
                return Err(Box::new(NoTarget { word: word.clone(), why, file, systems, problem }));
            }
        }
    }
    Ok(meant)
}

/// Whether something with this address is meant; nothing means everything. Also of what is not there yet or no longer.
pub(super) fn covers(targets: &[Target], address: &str, view: &View) -> bool {
    let is_meant = |target: &Target| match target {
        Target::System(name) => address.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('/')),
        Target::Job { system, job } => {
            let rest = address.strip_prefix(&format!("{system}/{job}"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
        }
        Target::Numbered { system, job, number } => {
            let rest = address.strip_prefix(&format!("{system}/{job}"));
            rest.is_some_and(|rest| rest == format!("#{number}") || (rest.is_empty() && *number == 1))
        }
        Target::Instance(id) => view.instance(*id).is_some_and(|job| job.address == address),
    };
    targets.is_empty() || targets.iter().any(is_meant)
}
