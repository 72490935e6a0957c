//! Scripted histories of the life of one instance: hooks, spans, `max-runs`, records. Not: what lies between instances (`cases`).

use std::time::Duration;

use zap::config::{Hook, MaxRuns, Restart};
use zap::model::{
    By, Command, Delivery, Effect, Event, Exit, HookKind, InstanceId, Record, RecordKind, RunId, State,
    Station, Target,
};

use crate::cases::{look, one, records, signals, spawns, start_all, started, world};
use crate::plans::{job, ms, one_shot, restarting};
use crate::sim::{Child, Habit, Sim};
use zap::config::Job;

fn hook(line: &str, timeout: u64) -> Hook {
    Hook { command: vec![line.to_owned()], line: line.to_owned(), timeout: ms(timeout) }
}

fn with_before(job: Job) -> Job {
    Job { before: Some(hook("prepare", 5_000)), ..job }
}

fn with_init(job: Job) -> Job {
    Job { init: Some(hook("seed", 5_000)), ..job }
}

fn with_after(job: Job) -> Job {
    Job { after: Some(hook("sweep", 5_000)), ..job }
}

/// The hooks of a kind that were run.
fn hooks(sim: &Sim, kind: HookKind) -> usize {
    sim.runs.values().filter(|run| run.hook == Some(kind)).count()
}

fn authored(sim: &Sim) -> Vec<Record> {
    let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
    let record = |effect: &Effect| match effect {
        Effect::Record(record) => Some(record.clone()),
        _ => None,
    };
    effects.filter_map(record).collect()
}

fn says_of(sim: &Sim, kind: HookKind) -> Vec<String> {
    let what = |record: RecordKind| match record {
        RecordKind::Hook { kind: of, what } if of == kind => Some(what),
        _ => None,
    };
    records(sim).into_iter().filter_map(what).collect()
}

/// What `ZAP_RUN` and `ZAP_MARK` are for each that was begun: the job itself and its hooks.
fn told_runs(sim: &Sim) -> Vec<(Option<HookKind>, String, String)> {
    let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
    let begun = effects.filter_map(|effect| match effect {
        Effect::Spawn { launch, .. } => Some((None, launch)),
        Effect::SpawnHook { kind, launch, .. } => Some((Some(*kind), launch)),
        _ => None,
    });
    let told = begun.map(|(kind, launch)| {
        let value = |name: &str| {
            let found = launch.env.iter().find(|(variable, _)| variable == name);
            found.unwrap().1.to_str().unwrap().to_owned()
        };
        (kind, value("ZAP_RUN"), value("ZAP_MARK"))
    });
    told.collect()
}

#[test]
fn a_job_and_its_hooks_are_told_the_number_of_the_run_that_counts_through_restarts_of_zap() {
    let mut sim = world(vec![with_after(with_init(with_before(job("web"))))]);
    let seat = Station { system: "dev".to_owned(), job: "web".to_owned(), number: 1 };
    sim.tell(Event::Recalled { runs: vec![(seat, 6)] });
    let shown = |sim: &Sim| {
        let env = sim.supervisor.details(InstanceId(0)).unwrap().env;
        env.into_iter().find(|variable| variable.name == "ZAP_RUN").unwrap().value
    };
    assert_eq!(shown(&sim), "7", "the one to come");
    start_all(&mut sim);
    sim.run_for(5_000);
    assert_eq!(look(&sim, 0).run.map(|run| run.number), Some(7));
    assert_eq!(shown(&sim), "7");
    sim.command(Command::Restart(one(0)));
    sim.run_for(20_000);
    let told = told_runs(&sim);
    let runs: Vec<_> = told.iter().map(|(kind, run, _)| (*kind, run.as_str())).collect();
    let of = |run| [(Some(HookKind::Before), run), (None, run), (Some(HookKind::Init), run)];
    assert_eq!(runs, [&of("7")[..], &[(Some(HookKind::After), "7")], &of("8")].concat());
    let marks: std::collections::BTreeSet<_> = told.iter().map(|(_, _, mark)| mark).collect();
    assert_eq!(marks.len(), told.len(), "the processes of each are known apart");
}

// --- before -----------------------------------------------------------------------------------------------------------

#[test]
fn before_must_succeed_before_the_process_is_made() {
    let mut sim = started(vec![with_before(job("web"))]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Exits(300, 0)]);
    sim.run_for(15);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Starting, "before"));
    assert_eq!(view.why, "its before command `prepare` runs");
    assert_eq!(spawns(&sim.take_effects()), 0);
    sim.run_for(2_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 1));
    assert_eq!(says_of(&sim, HookKind::Before), ["ended, exit 0"]);
}

#[test]
fn a_before_that_fails_is_a_failed_start_that_is_tried_again() {
    let mut sim = world(vec![with_before(restarting(Restart::Unexpected, job("web")))]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Exits(10, 3), Habit::Missing, Habit::Exits(10, 0)]);
    start_all(&mut sim);
    sim.run_for(20);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Backoff, "1/3"));
    assert_eq!(view.why, "its before command `prepare` ended, exit 3, before it was up; retry 1 of 3");
    sim.run_for(1_100);
    assert_eq!(sim.state(0), State::Backoff);
    assert!(
        look(&sim, 0).why.starts_with("its before command `prepare` could not be run: no such file: ./api")
    );
    sim.run_for(5_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 1));
}

#[test]
fn a_before_that_fails_where_nothing_is_retried_has_failed() {
    let mut sim = world(vec![with_before(job("web"))]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Exits(10, 3)]);
    start_all(&mut sim);
    sim.run_for(100);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Failed, "before failed"));
    assert_eq!((view.run, view.why.as_str()), (None, "failed: its before command `prepare` ended, exit 3"));
}

#[test]
fn a_before_that_never_ends_is_ended_at_its_timeout_and_is_a_failed_start() {
    let mut sim = world(vec![with_before(restarting(Restart::Unexpected, job("web")))]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Deaf, Habit::Exits(10, 0)]);
    start_all(&mut sim);
    sim.run_for(4_999);
    assert_eq!((sim.state(0), signals(&sim.take_effects())), (State::Starting, vec![]));
    sim.run_for(10);
    assert_eq!(
        (sim.state(0), signals(&sim.take_effects())),
        (State::Backoff, vec![(1, 15, Delivery::Group)])
    );
    assert!(look(&sim, 0).why.starts_with("its before command `prepare` took longer than 5s"));
    sim.run_for(9_900);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Waiting, 1), "the next one waits for its end");
    assert_eq!(look(&sim, 0).why, "waiting for its before command to end");
    sim.run_for(3_000);
    assert_eq!(sim.state(0), State::Running);
    assert!(sim.runs[&RunId(1)].closed);
}

#[test]
fn a_stop_a_kill_and_quit_end_a_before_that_runs() {
    for (command, signal) in [(Command::Stop(one(0)), 15), (Command::Kill(one(0)), 9), (Command::Quit, 15)] {
        let mut sim = world(vec![with_before(job("web"))]);
        sim.hook_habits(0, HookKind::Before, &[Habit::Good]);
        start_all(&mut sim);
        sim.run_for(100);
        sim.take_effects();
        sim.command(command.clone());
        assert_eq!(sim.state(0), State::Stopping, "{command:?}");
        sim.run_for(500);
        assert_eq!((sim.state(0), sim.runs.len()), (State::Stopped, 1), "{command:?}");
        assert_eq!(signals(&sim.effects)[0], (1, signal, Delivery::Group), "{command:?}");
        assert!(sim.runs[&RunId(1)].closed);
    }
}

#[test]
fn a_restart_while_before_runs_changes_nothing_since_it_is_new_enough() {
    let mut sim = world(vec![with_before(job("web"))]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Exits(500, 0)]);
    start_all(&mut sim);
    sim.run_for(100);
    sim.command(Command::Restart(one(0)));
    sim.run_for(3_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
}

#[test]
fn what_a_before_leaves_behind_lives_as_long_as_the_job() {
    let mut sim = world(vec![with_before(job("web"))]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Leaves(10, Child::Silent)]);
    start_all(&mut sim);
    sim.run_for(60_000);
    assert_eq!((sim.state(0), look(&sim, 0).lingering), (State::Running, 1));
    sim.command(Command::Stop(one(0)));
    sim.run_for(500);
    assert_eq!((sim.state(0), look(&sim, 0).lingering), (State::Stopped, 0));
    assert!(sim.runs.values().all(|run| run.closed));
}

// --- init -------------------------------------------------------------------------------------------------------------

#[test]
fn init_begins_after_start_secs_and_makes_it_up() {
    let mut sim = world(vec![with_init(job("web"))]);
    sim.hook_habits(0, HookKind::Init, &[Habit::Exits(700, 0)]);
    start_all(&mut sim);
    sim.run_for(999);
    assert_eq!(hooks(&sim, HookKind::Init), 0);
    sim.run_for(2);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.ready, view.note.as_str()), (State::Starting, false, "init"));
    assert_eq!(view.why, "its init command `seed` runs");
    sim.run_for(700);
    assert_eq!((sim.state(0), look(&sim, 0).ready), (State::Running, true));
    sim.run_for(100);
    assert_eq!(sim.supervisor.deadline(), None, "nothing of it is left");
}

#[test]
fn an_init_that_fails_or_takes_too_long_stops_the_run_and_is_a_failed_start() {
    for (habit, what) in [
        (Habit::Exits(10, 1), "ended, exit 1"),
        (Habit::Missing, "could not be run: no such file: ./api"),
        (Habit::Deaf, "took longer than 5s"),
    ] {
        let mut sim = world(vec![with_init(restarting(Restart::Unexpected, job("web")))]);
        sim.hook_habits(0, HookKind::Init, &[habit]);
        start_all(&mut sim);
        sim.run_for(6_100);
        let view = look(&sim, 0);
        assert_eq!(view.why.split(", before").next().unwrap(), format!("its init command `seed` {what}"));
        sim.run_for(200_000);
        assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Failed, 4), "{what}");
        assert_eq!(look(&sim, 0).note, "init failed");
        assert!(sim.runs.values().all(|run| run.alive() == 0));
    }
}

#[test]
fn a_run_that_ends_while_its_init_runs_is_a_failed_start_and_ends_the_init() {
    let mut sim = world(vec![with_init(restarting(Restart::Unexpected, job("web")))]);
    sim.habits(0, &[Habit::Exits(1_500, 0), Habit::Good]);
    sim.hook_habits(0, HookKind::Init, &[Habit::Good, Habit::Exits(10, 0)]);
    start_all(&mut sim);
    sim.run_for(1_600);
    assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (State::Backoff, "1/3"));
    sim.run_for(4_000);
    assert_eq!((sim.state(0), hooks(&sim, HookKind::Init)), (State::Running, 2));
}

#[test]
fn a_stop_while_init_runs_ends_both() {
    let mut sim = world(vec![with_init(job("web"))]);
    sim.hook_habits(0, HookKind::Init, &[Habit::Good]);
    start_all(&mut sim);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(500);
    assert_eq!(sim.state(0), State::Stopped);
    let mut sent = signals(&sim.effects);
    sent.sort_by_key(|sent| sent.0);
    assert_eq!(sent, [(1, 15, Delivery::Group), (2, 15, Delivery::Group)]);
}

#[test]
fn what_is_up_at_birth_is_up_after_its_init() {
    let mut sim = world(vec![with_init(one_shot("seed"))]);
    sim.habits(0, &[Habit::Exits(5_000, 0)]);
    sim.hook_habits(0, HookKind::Init, &[Habit::Exits(100, 0)]);
    start_all(&mut sim);
    sim.run_for(50);
    assert_eq!(sim.state(0), State::Starting);
    sim.run_for(60);
    assert_eq!(sim.state(0), State::Running);
    sim.run_for(5_000);
    assert_eq!(sim.state(0), State::Done);
}

// --- after ------------------------------------------------------------------------------------------------------------

#[test]
fn after_runs_after_every_end_and_the_next_start_waits_for_it() {
    let mut sim = world(vec![with_after(restarting(Restart::Always, job("web")))]);
    sim.habits(0, &[Habit::Exits(20_000, 0), Habit::Good]);
    sim.hook_habits(0, HookKind::After, &[Habit::Exits(2_000, 7)]);
    start_all(&mut sim);
    sim.run_for(20_500);
    assert_eq!((sim.state(0), hooks(&sim, HookKind::After)), (State::Waiting, 1));
    assert_eq!(look(&sim, 0).why, "waiting for its after command to end");
    sim.run_for(3_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 2), "its failure changes nothing");
    assert_eq!(says_of(&sim, HookKind::After), ["ended, exit 7"]);
}

#[test]
fn stopped_waits_for_after_and_no_longer_than_its_timeout_and_the_grace() {
    let mut sim = world(vec![with_after(job("web"))]);
    sim.hook_habits(0, HookKind::After, &[Habit::Deaf]);
    start_all(&mut sim);
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(4_000);
    let why = look(&sim, 0).why;
    assert!(why.starts_with("stopped by a person: its after command `") && why.ends_with("` runs"), "{why}");
    sim.run_for(10_900);
    assert_eq!(sim.state(0), State::Stopping);
    assert_eq!(look(&sim, 0).why, "stopped by a person: ending its after command");
    sim.run_for(300);
    assert_eq!(sim.state(0), State::Stopped);
    assert_eq!(says_of(&sim, HookKind::After), ["took longer than 5s"]);
}

#[test]
fn after_runs_when_zap_quits_but_not_beyond_its_limit() {
    let mut sim = world(vec![with_after(job("web"))]);
    sim.hook_habits(0, HookKind::After, &[Habit::Exits(3_000, 0)]);
    start_all(&mut sim);
    sim.run_for(2_000);
    sim.command(Command::Quit);
    sim.run_for(3_200);
    assert!(sim.finished.is_some());
    assert_eq!(says_of(&sim, HookKind::After), ["ended, exit 0"]);
    let mut sim = world(vec![with_after(job("web"))]);
    sim.habits(0, &[Habit::Deaf]);
    start_all(&mut sim);
    sim.run_for(2_000);
    sim.command(Command::Quit);
    sim.command(Command::Quit);
    sim.run_for(100);
    assert!(sim.finished.is_some());
    assert_eq!(says_of(&sim, HookKind::After), ["was not run, since zap ends"]);
}

#[test]
fn a_run_that_was_never_born_has_nothing_after_it() {
    let mut sim = world(vec![with_after(job("web"))]);
    sim.habits(0, &[Habit::Missing]);
    start_all(&mut sim);
    sim.run_for(1_000);
    assert_eq!((sim.state(0), hooks(&sim, HookKind::After)), (State::Failed, 0));
}

// --- max-runs ---------------------------------------------------------------------------------------------------------

fn guarded(count: u32, within: u64, job: Job) -> Job {
    Job { max_runs: Some(MaxRuns { count, within: ms(within) }), ..job }
}

#[test]
fn too_many_automatic_starts_are_held_until_the_window_slides() {
    let flapping = Job { backoff: job("x").backoff, ..restarting(Restart::Always, job("web")) };
    let mut sim = world(vec![guarded(2, 60_000, flapping)]);
    sim.habits(0, &[Habit::Exits(11_000, 1)]);
    start_all(&mut sim);
    sim.run_for(33_010);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Held, "exit 1"));
    assert_eq!(view.why, "held, since it started 2 times by itself within 1m: exit 1 after 11s");
    assert_eq!(view.next.unwrap().at.0, ms(1_000 + 11_000 + 60_000), "the first one is out of the window");
    assert_eq!(sim.supervisor.at_rest(), None, "it will go on by itself");
    sim.run_for(40_100);
    assert_eq!((sim.state(0), look(&sim, 0).restarts), (State::Running, 3));
}

#[test]
fn an_end_long_after_up_counts_for_nothing() {
    let mut sim = world(vec![guarded(1, 600_000, restarting(Restart::Always, job("web")))]);
    sim.habits(0, &[Habit::Exits(62_000, 1)]);
    start_all(&mut sim);
    sim.run_for(400_000);
    assert!(spawns(&sim.effects) >= 6, "{}", spawns(&sim.effects));
}

#[test]
fn a_persons_start_releases_what_is_held_and_zeroes_the_count() {
    let mut sim = world(vec![guarded(1, 600_000, restarting(Restart::Always, job("web")))]);
    sim.habits(0, &[Habit::Exits(11_000, 1)]);
    start_all(&mut sim);
    sim.run_for(30_000);
    assert_eq!(sim.state(0), State::Held);
    sim.command(Command::Start(one(0)));
    assert_eq!(sim.state(0), State::Starting);
    sim.run_for(15_000);
    assert_eq!(sim.state(0), State::Running, "one automatic start is free again");
    sim.run_for(15_000);
    assert_eq!(sim.state(0), State::Held);
    sim.command(Command::Stop(one(0)));
    assert_eq!(sim.state(0), State::Stopped);
}

#[test]
fn restarts_by_people_are_never_held() {
    let mut sim = world(vec![guarded(1, 600_000, restarting(Restart::Always, job("web")))]);
    start_all(&mut sim);
    for _ in 0..10 {
        sim.run_for(2_000);
        sim.command(Command::Restart(one(0)));
    }
    sim.run_for(2_000);
    assert_eq!(sim.state(0), State::Running);
}

// --- restart-every, timeout -------------------------------------------------------------------------------------------

#[test]
fn restart_every_restarts_what_runs_and_is_neither_failure_nor_retry() {
    let every = Job { restart_every: Some(ms(10_000)), ..restarting(Restart::Unexpected, job("web")) };
    let mut sim = started(vec![guarded(1, 600_000, every)]);
    sim.run_for(5_000);
    assert_eq!(look(&sim, 0).next.unwrap().at.0, ms(1_000 + 1_000 + 10_000));
    sim.run_for(30_500);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.restarts), (State::Running, 3));
    let stopping = RecordKind::Stopping { why: "restarted every 10s".to_owned() };
    assert_eq!(records(&sim).iter().filter(|kind| **kind == stopping).count(), 3);
    sim.habits(0, &[Habit::Good]);
}

#[test]
fn a_run_that_takes_longer_than_its_timeout_is_stopped_and_has_failed() {
    for (restart, state, starts) in [
        (Restart::Never, State::Failed, 1),
        (Restart::Unexpected, State::Failed, 4),
        (Restart::Always, State::Failed, 4),
    ] {
        let slow = Job { timeout: Some(ms(3_000)), ..restarting(restart, one_shot("report")) };
        let mut sim = started(vec![slow]);
        sim.run_for(100_000);
        let view = look(&sim, 0);
        assert_eq!((view.state, spawns(&sim.effects)), (state, starts), "{restart:?}");
        assert_eq!(view.note, "too slow");
        assert!(view.why.starts_with("failed: ran longer than 3s"), "{}", view.why);
    }
}

#[test]
fn a_timeout_before_it_is_up_is_a_failed_start_and_one_after_it_is_an_unexpected_end() {
    let early = Job { timeout: Some(ms(500)), ..restarting(Restart::Unexpected, job("web")) };
    let late = Job { timeout: Some(ms(5_000)), ..restarting(Restart::Unexpected, job("api")) };
    let mut sim = started(vec![early, late]);
    sim.run_for(510);
    assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (State::Backoff, "1/3"));
    sim.run_for(4_500);
    assert_eq!((sim.state(1), look(&sim, 1).why.as_str()), (State::Backoff, "ran longer than 5s"));
}

#[test]
fn no_span_of_nothing_makes_zap_spin() {
    let hasty = Job {
        timeout: Some(Duration::ZERO),
        restart_every: Some(Duration::ZERO),
        before: Some(hook("b", 0)),
        init: Some(hook("i", 0)),
        after: Some(hook("a", 0)),
        start_secs: Duration::ZERO,
        backoff: zap::config::Backoff { first: Duration::ZERO, max: Duration::ZERO, factor: 1.0 },
        stop: zap::config::Stop { timeout: Duration::ZERO, ..job("x").stop },
        ..restarting(Restart::Always, guarded(3, 0, job("web")))
    };
    let mut sim = started(vec![
        hasty.clone(),
        Job { before: None, ..hasty.clone() },
        Job { before: None, init: None, timeout: None, ..hasty },
    ]);
    sim.jitter = 4;
    let until = sim.now + 2_000;
    while sim.happen(until) {
        let now = sim.history.last().unwrap().0.mono;
        assert!(sim.supervisor.deadline().is_none_or(|deadline| deadline > now), "the deadline has passed");
    }
    assert_ne!(sim.state(2), State::Failed);
}

// --- records ----------------------------------------------------------------------------------------------------------

#[test]
fn a_record_says_who_brought_it_about() {
    let mut sim = world(vec![restarting(Restart::Always, job("web"))]);
    sim.habits(0, &[Habit::Exits(2_000, 1), Habit::Good]);
    start_all(&mut sim);
    sim.run_for(10_000);
    sim.command(Command::Stop(vec![Target::System("dev".to_owned())]));
    sim.run_for(100);
    let told: Vec<(By, RecordKind)> =
        authored(&sim).into_iter().map(|record| (record.by, record.kind)).collect();
    let expected = [
        (By::User, RecordKind::Started { pid: 1_001 }),
        (By::Zap, RecordKind::Up),
        (By::Zap, RecordKind::Exited { exit: Exit::Code(1), expected: false, told: false }),
        (By::Policy, RecordKind::Retry { attempt: None, in_ms: 1_000 }),
        (By::Zap, RecordKind::Closed),
        (By::Policy, RecordKind::Started { pid: 1_002 }),
        (By::Zap, RecordKind::Up),
        (By::User, RecordKind::Stopping { why: "stopped by a person".to_owned() }),
        (By::User, RecordKind::Exited { exit: Exit::Signal(15), expected: true, told: true }),
        (By::Zap, RecordKind::Closed),
        (By::User, RecordKind::Stopped),
    ];
    assert_eq!(told, expected);
}
