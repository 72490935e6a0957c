//! What somebody wishes, as a record: who did what is part of what happened. Not: carrying it out (`model`).

use crate::model::{By, Command, Now, Record, RecordKind, Target, View, signal_name};

/// The record of a wish; nothing for what is typed into a job and for the sizes of panes.
pub(super) fn record(command: &Command, view: &View, now: Now) -> Option<Record> {
    let said = |verb: &str, targets: &[Target]| {
        let names: Vec<String> = targets.iter().map(|target| name(target, view)).collect();
        let by_user = |what| (By::User, RecordKind::Command { what });
        (!names.is_empty()).then(|| by_user(format!("{verb} {}", names.join(" "))))
    };
    let (by, kind) = match command {
        Command::Start(targets) => said("start", targets)?,
        Command::Stop(targets) => said("stop", targets)?,
        Command::Restart(targets) => said("restart", targets)?,
        Command::Kill(targets) => said("kill", targets)?,
        Command::RestartFailed => (By::User, RecordKind::Command { what: "restart what failed".to_owned() }),
        Command::Signal { targets, signal } => said(&format!("signal {}", signal_name(*signal)), targets)?,
        // Nobody need have wished it: a script ends by itself.
        Command::Quit if view.quitting.is_none() => {
            (By::Zap, RecordKind::Zap { what: "everything is stopped, to end".to_owned() })
        }
        Command::Quit => (By::Zap, RecordKind::Zap { what: "everything is killed, to end".to_owned() }),
        Command::Type { .. } | Command::Resize { .. } => return None,
    };
    Some(Record { at: now, instance: None, address: "zap".to_owned(), run: None, by, kind })
}

fn name(target: &Target, view: &View) -> String {
    match target {
        Target::System(name) => name.clone(),
        Target::Job { system, job } => format!("{system}/{job}"),
        Target::Numbered { system, job, number } => format!("{system}/{job}#{number}"),
        Target::Instance(id) => {
            view.instance(*id).map_or_else(|| "what is gone".to_owned(), |job| job.address.clone())
        }
    }
}
