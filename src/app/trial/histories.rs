//! An engine that goes on where an earlier life of zap has stopped.

use std::time::Duration;

use super::stage::{JOB, LIMIT, Trial, plan, trial};
use crate::app::histories::Histories;
use crate::app::message::Control;
use crate::model::{By, Command, Target};
use crate::sys::FolderLock;
use crate::terminal::{Fed, Files, Moment, Past, Terminal, stored};

/// Histories in the folder of the trial, as after a life of zap in which the job has run so often and has printed so many lines.
fn remembered(trial: &Trial, runs: u32, lines: u32) -> Histories {
    let folder = trial.file("history/dev.job.1");
    let (past, mut scribe) = Past::open(&folder);
    let mut terminal = Terminal::new(5, 80);
    terminal.recall(past, 500_000);
    for run in 1..=runs {
        terminal.begin_run(run, None, Moment(1));
        for number in 0..lines {
            terminal.feed(format!("line {number} of {run}\r\n").as_bytes(), Moment(2), &mut Fed::default());
        }
        terminal.end_run("exit 0", Moment(3));
    }
    let mut disk = Files::default();
    for package in terminal.packages() {
        scribe.write(&package, &mut disk).unwrap();
    }
    terminal.tail().iter().for_each(|tail| scribe.write_tail(tail, &mut disk).unwrap());
    let post = trial.engine.lane.0.clone();
    let tell = move |told| post.control(Control::Archived(told));
    Histories::start(trial.folder.path(), trial.file("systems.toml"), tell).unwrap()
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn no_run_begins_before_its_history_is_open() {
    let mut trial = trial();
    // As long as somebody has it, nothing can be opened.
    let claim = FolderLock::wait(&trial.file("history")).unwrap();
    let histories = remembered(&trial, 7, 3);
    trial.engine.outputs.keep_in(histories);
    trial.engine.recall();
    trial.engine.command(Command::Start(vec![Target::System("dev".to_owned())]));
    trial.turn();
    assert!(trial.engine.is_recalling() && !trial.told().contains("Debug"), "{}", trial.told());
    drop(claim);
    trial.until("Drained");
    let told = trial.told();
    let (recalled, started) = (told.find("Recalled {"), told.find("Command(Start"));
    assert!(recalled.is_some() && recalled < started, "{told}");
    trial.until("Exited");
    let shown = trial.shown();
    assert!(shown.starts_with("line 0 of 1\n"), "{shown}");
    assert_eq!(trial.engine.outputs.terminals[&JOB].last_run(), 8);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn who_quits_does_not_wait_for_histories() {
    let mut trial = trial();
    let claim = FolderLock::wait(&trial.file("history")).unwrap();
    let histories = remembered(&trial, 7, 3);
    trial.engine.outputs.keep_in(histories);
    trial.engine.recall();
    trial.engine.command(Command::Start(vec![Target::System("dev".to_owned())]));
    trial.engine.command(Command::Quit);
    assert_eq!(trial.engine.finished(), Some(0));
    assert!(!trial.told().contains("Command(Start"), "{}", trial.told());
    drop(claim);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_disk_that_hangs_is_not_waited_for_for_ever_and_what_comes_late_is_not_mixed_in() {
    let mut trial = trial();
    let claim = FolderLock::wait(&trial.file("history")).unwrap();
    let histories = remembered(&trial, 7, 3);
    let opener = histories.opener();
    trial.engine.outputs.keep_in(histories);
    trial.engine.recall();
    trial.engine.command(Command::Start(vec![Target::System("dev".to_owned())]));
    let due = trial.engine.deadline().unwrap();
    assert!(due.since(trial.engine.now().mono) <= Duration::from_secs(15));
    assert!(!trial.engine.tick() && trial.engine.is_recalling());
    // The time it takes passes at once.
    trial.engine.recalled_by = Some(trial.engine.now().mono);
    assert!(trial.engine.tick());
    trial.until("Drained");
    trial.until("Exited");
    assert_eq!(trial.engine.outputs.terminals[&JOB].last_run(), 1, "in memory only");
    assert!(trial.told().contains("their disk hangs"));
    drop(claim);
    let before = trial.told();
    // The thread has opened it when it is done with this, and has told so.
    assert!(opener.open(&plan(trial.folder.path()), LIMIT));
    trial.turn();
    assert!(!trial.told().contains("Recalled"), "{before}");
    assert_eq!(trial.engine.outputs.terminals[&JOB].last_run(), 1);
}

/// What a reload says of how much is kept holds for all that is open, also where nobody has printed in this life.
#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_reload_bounds_histories_that_are_open() {
    let mut trial = trial();
    let histories = remembered(&trial, 3, 60_000);
    trial.engine.outputs.keep_in(histories);
    trial.engine.recall();
    while trial.engine.is_recalling() {
        trial.turn();
    }
    let files = |trial: &Trial| stored(&trial.file("history/dev.job.1")).len();
    let before = files(&trial);
    assert!(before > 4, "{before}");
    let mut plan = plan(trial.folder.path());
    plan.settings.history = 200_000;
    trial.engine.take_over(plan, By::User);
    let end = trial.engine.now().mono + LIMIT;
    while files(&trial) >= before {
        assert!(trial.engine.now().mono < end, "{before} files are there still");
        trial.turn();
    }
    let shown = trial.shown();
    assert!(shown.lines().next().is_some_and(|line| line.ends_with("older lines dropped")));
}
