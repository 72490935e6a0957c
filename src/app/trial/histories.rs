//! An engine that goes on where an earlier life of zap has stopped.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::stage::{JOB, LIMIT, Trial, plan, trial};
use crate::app::engine::Trouble;
use crate::app::histories::Histories;
use crate::app::message::Control;
use crate::config::Plan;
use crate::model::{By, Command, Target};
use crate::sys::FolderLock;
use crate::terminal::{Fed, Files, Moment, Past, Terminal, stored};

/// Histories in the folder of the trial, as after a life of zap in which the job has run so often and has printed so many lines.
fn remembered(trial: &Trial, runs: u32, lines: u32) -> Histories {
    remembered_until(trial, runs, lines).0
}

/// The same, and what hears by losing its sender that the thread has ended.
fn remembered_until(trial: &Trial, runs: u32, lines: u32) -> (Histories, Receiver<()>) {
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
    let (alive, ended) = channel();
    let tell = move |told| {
        let _ = &alive;
        post.control(Control::Archived(told));
    };
    let histories = Histories::start(trial.folder.path(), trial.file("systems.toml"), tell).unwrap();
    (histories, ended)
}

impl Trial {
    /// Turns until a person is told that something is wrong; what.
    #[track_caller]
    fn until_trouble(&mut self) -> String {
        let end = self.engine.now().mono + LIMIT;
        loop {
            if let Some(Trouble::Lasts(why)) = self.engine.take_trouble() {
                return why;
            }
            assert!(self.engine.now().mono < end, "nobody is told anything\n{}", self.told());
            self.turn();
        }
    }

    /// Turns until the run of the job has this number, for the model and in its output.
    #[track_caller]
    fn until_run(&mut self, number: u32) {
        let end = self.engine.now().mono + LIMIT;
        loop {
            let job =
                self.engine.view().instances().next().map(|job| (job.id, job.run.map(|run| run.number)));
            if let Some((id, Some(run))) = job
                && run == number
            {
                assert_eq!(self.engine.outputs.terminals[&id].last_run(), number);
                return;
            }
            assert!(self.engine.now().mono < end, "{job:?} is not run {number}\n{}", self.told());
            self.turn();
        }
    }

    /// Turns until the history of the job has fewer files than so many.
    #[track_caller]
    fn until_fewer_files(&mut self, count: usize) {
        let end = self.engine.now().mono + LIMIT;
        while stored(&self.file("history/dev.job.1")).len() >= count {
            assert!(self.engine.now().mono < end, "{count} files are there still");
            self.turn();
        }
    }
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
    let before = trial.engine.now().mono;
    trial.engine.outputs.save(LIMIT);
    assert!(trial.engine.now().mono < before + LIMIT, "nothing was to be written");
    drop(claim);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_disk_that_hangs_is_not_waited_for_for_ever_and_what_comes_late_is_not_mixed_in() {
    let mut trial = trial();
    let claim = FolderLock::wait(&trial.file("history")).unwrap();
    let (histories, ended) = remembered_until(&trial, 7, 3);
    let opener = histories.opener();
    trial.engine.outputs.keep_in(histories);
    trial.engine.recall();
    trial.engine.command(Command::Start(vec![Target::System("dev".to_owned())]));
    let due = trial.engine.deadline().unwrap();
    assert!(due.since(trial.engine.now().mono) <= Duration::from_millis(500));
    let told = trial.until_trouble();
    assert!(told.ends_with("nothing starts before they are there") && trial.engine.is_recalling(), "{told}");
    let due = trial.engine.deadline().unwrap();
    assert!(due.since(trial.engine.now().mono) <= Duration::from_secs(15));
    // The time it takes passes at once.
    let now = trial.engine.now().mono;
    trial.engine.waiting.iter_mut().for_each(|waiting| waiting.until = now);
    let told = trial.until_trouble();
    assert!(told.starts_with("output is kept in memory only"), "{told}");
    assert!(told.contains("another zap has them"), "not the disk is to blame: {told}");
    trial.until("Drained");
    trial.until("Exited");
    assert_eq!(trial.engine.outputs.terminals[&JOB].last_run(), 1, "in memory only");
    assert!(trial.told().contains(&told));
    // A reload does not wait for them either.
    let before = trial.engine.now().mono;
    assert!(!opener.open(&plan(trial.folder.path()), LIMIT));
    assert!(trial.engine.now().mono < before + LIMIT);
    drop(claim);
    let before = trial.told();
    // The thread has opened it by then, and has told so.
    assert_eq!(ended.recv_timeout(LIMIT), Err(RecvTimeoutError::Disconnected));
    trial.turn();
    assert!(!trial.told().contains("Recalled"), "{before}");
    assert_eq!(trial.engine.outputs.terminals[&JOB].last_run(), 1);
    assert!(trial.engine.take_trouble().is_none(), "it is told once");
}

/// A reload does not wait for histories for ever either. Whoever begins before his is there has none in this life of zap.
#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_history_that_comes_late_is_not_mixed_in_and_counts_no_runs() {
    let mut trial = trial();
    let claim = FolderLock::wait(&trial.file("history")).unwrap();
    let histories = remembered(&trial, 7, 3);
    let opener = histories.opener();
    trial.engine.outputs.keep_in(histories);
    // As after a reload that has not waited any longer for it.
    let system = || vec![Target::System("dev".to_owned())];
    trial.engine.command(Command::Start(system()));
    let told = trial.until_trouble();
    assert_eq!(told, "output of dev/job#1 is kept in memory only: its history was not open in time");
    trial.until("Exited");
    drop(claim);
    assert!(opener.open(&plan(trial.folder.path()), LIMIT));
    trial.turn();
    assert!(!trial.told().contains("Recalled"), "{}", trial.told());
    trial.until_run(1);
    trial.engine.command(Command::Restart(system()));
    trial.until_run(2);
    // What the file loses and finds again goes on counting.
    trial.engine.take_over(Plan { systems: Vec::new(), ..plan(trial.folder.path()) }, By::User);
    let end = trial.engine.now().mono + LIMIT;
    while !trial.engine.outputs.terminals.is_empty() {
        assert!(trial.engine.now().mono < end, "{}", trial.told());
        trial.turn();
    }
    trial.engine.take_over(plan(trial.folder.path()), By::User);
    trial.engine.command(Command::Start(system()));
    trial.until_run(3);
    assert_eq!(trial.told().matches(&format!("Warn {told}")).count(), 1, "{}", trial.told());
}

/// A reload while histories are waited for: what it says of them holds as soon as they are there.
#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_reload_bounds_histories_that_are_not_open_yet() {
    let mut trial = trial();
    let claim = FolderLock::wait(&trial.file("history")).unwrap();
    let histories = remembered(&trial, 3, 60_000);
    trial.engine.outputs.keep_in(histories);
    trial.engine.recall();
    let mut plan = plan(trial.folder.path());
    plan.settings.history = 200_000;
    trial.engine.take_over(plan, By::User);
    let before = stored(&trial.file("history/dev.job.1")).len();
    assert!(trial.engine.is_recalling() && before > 4, "{before}");
    drop(claim);
    trial.until_fewer_files(before);
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
    let before = stored(&trial.file("history/dev.job.1")).len();
    assert!(before > 4, "{before}");
    let mut plan = plan(trial.folder.path());
    plan.settings.history = 200_000;
    trial.engine.take_over(plan, By::User);
    trial.until_fewer_files(before);
    let shown = trial.shown();
    assert!(shown.lines().next().is_some_and(|line| line.ends_with("older lines dropped")));
}
