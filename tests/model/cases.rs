//! Scripted histories, named as sentences. Not: what must hold in every history, which `random` tries.

use std::collections::BTreeMap;
use std::ffi::OsString;

use zap::config::{Aim, Expected, Job, OnLoss, Restart, Stop, Until, Work};
use zap::model::{
    By, Command, Delivery, Effect, Event, Exit, InstanceId, InstanceView, NextKind, NotFound, Now, Record,
    RecordKind, RunId, Size, SpawnError, State, Station, StepMark, StepState, Target, Time, Wall, resolve,
};

use crate::plans::{
    job, job_in, ms, need, needing, one_shot, plan, restarting, shared, stepping, supervisor,
    with_step_timeout,
};
use crate::sim::{Child, Habit, Sim};

pub(crate) fn world(jobs: Vec<Job>) -> Sim {
    Sim::new(supervisor(plan(jobs)), 1)
}

pub(crate) fn started(jobs: Vec<Job>) -> Sim {
    let mut sim = world(jobs);
    start_all(&mut sim);
    sim
}

pub(crate) fn start_all(sim: &mut Sim) {
    sim.command(Command::Start(vec![Target::System("dev".to_owned())]));
}

pub(crate) fn one(instance: u32) -> Vec<Target> {
    vec![Target::Instance(InstanceId(instance))]
}

pub(crate) fn look(sim: &Sim, instance: usize) -> InstanceView {
    sim.view().systems[0].jobs[instance].clone()
}

pub(crate) fn signals(effects: &[Effect]) -> Vec<(u64, i32, Delivery)> {
    let signal = |effect: &Effect| match effect {
        Effect::Signal { run, signal, delivery } => Some((run.0, *signal, *delivery)),
        _ => None,
    };
    effects.iter().filter_map(signal).collect()
}

pub(crate) fn spawns(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Spawn { .. })).count()
}

pub(crate) fn records(sim: &Sim) -> Vec<RecordKind> {
    let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
    let record = |effect: &Effect| match effect {
        Effect::Record(record) => Some(record.kind.clone()),
        _ => None,
    };
    effects.filter_map(record).collect()
}

#[test]
fn runs_are_counted_on_from_earlier_lives_of_zap_also_of_those_who_come_later() {
    let seat = |name: &str, number| Station { system: "dev".to_owned(), job: name.to_owned(), number };
    let mut sim = world(vec![job("one"), job("two")]);
    let runs = vec![(seat("one", 1), 7), (seat("late", 1), 3), (seat("one", 2), 9)];
    sim.tell(Event::Recalled { runs });
    assert_eq!(look(&sim, 0).state, State::Stopped);
    start_all(&mut sim);
    assert_eq!(look(&sim, 0).run.map(|run| run.number), Some(8));
    assert_eq!(look(&sim, 1).run.map(|run| run.number), Some(1));
    let all = plan(vec![job("one"), job("two"), job("late")]);
    sim.tell(Event::Reloaded { plan: Box::new(all), by: By::User });
    assert_eq!(look(&sim, 2).run.map(|run| run.number), Some(4));
    // Who is lost and found goes on where it was.
    sim.tell(Event::Reloaded { plan: Box::new(plan(vec![job("two"), job("late")])), by: By::User });
    sim.run_for(60_000);
    let all = plan(vec![job("two"), job("late"), job("one")]);
    sim.tell(Event::Reloaded { plan: Box::new(all), by: By::User });
    assert_eq!(look(&sim, 2).run.map(|run| run.number), Some(9));
}

// --- States -----------------------------------------------------------------------------------------------------------

#[test]
fn a_job_is_starting_until_it_has_lived_for_start_secs() {
    let mut sim = started(vec![job("web")]);
    sim.run_for(999);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.ready, view.note.as_str()), (State::Starting, false, ""));
    assert_eq!(view.next.map(|next| next.kind), Some(NextKind::Up));
    assert!(view.run.unwrap().pid.is_some());
    sim.run_for(1);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.ready, view.next), (State::Running, true, None));
    assert_eq!(view.since.mono.0, ms(2_000));
    assert_eq!(sim.supervisor.deadline(), None, "a quiet zap is not woken");
}

#[test]
fn everything_is_stopped_until_somebody_starts_it() {
    let mut sim = world(vec![job("web")]);
    sim.tell(Event::Tick);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.wanted, view.why.as_str()), (State::Stopped, false, "never started"));
    assert_eq!(view.run, None);
}

#[test]
fn starting_a_system_starts_its_autostart_jobs() {
    let sim = started(vec![job("a"), Job { autostart: false, ..job("b") }]);
    assert_eq!(sim.states(), [State::Starting, State::Stopped]);
}

#[test]
fn a_job_with_start_secs_of_nothing_is_up_at_birth() {
    let mut sim = started(vec![Job { start_secs: ms(0), ..job("web") }]);
    sim.run_for(0);
    assert_eq!(sim.state(0), State::Running);
}

// --- End, restart -----------------------------------------------------------------------------------------------------

#[test]
fn what_an_end_means_depends_on_policy_moment_and_code() {
    use Restart::{Always, Never, Unexpected};
    use State::{Backoff, Done, Failed};
    let early = [
        (Never, 0, Done),
        (Never, 1, Failed),
        (Unexpected, 0, Backoff),
        (Unexpected, 1, Backoff),
        (Always, 0, Backoff),
        (Always, 1, Backoff),
    ];
    let late = [
        (Never, 0, Done),
        (Never, 1, Failed),
        (Unexpected, 0, Done),
        (Unexpected, 1, Backoff),
        (Always, 0, Backoff),
        (Always, 1, Backoff),
    ];
    let meant_to_end = [
        (Never, 0, Done),
        (Never, 1, Failed),
        (Unexpected, 0, Done),
        (Unexpected, 1, Backoff),
        (Always, 0, Done),
        (Always, 1, Backoff),
    ];
    let table = [(early, false, 500), (late, false, 1_500), (meant_to_end, true, 500)];
    for (rows, is_one_shot, lives) in table {
        for (restart, code, state) in rows {
            let job = if is_one_shot { one_shot("web") } else { job("web") };
            let mut sim = started(vec![restarting(restart, job)]);
            sim.habits(0, &[Habit::Exits(lives, code)]);
            sim.run_for(lives + 1);
            assert_eq!(
                sim.state(0),
                state,
                "{restart:?}, exit {code} after {lives} ms, one-shot {is_one_shot}"
            );
        }
    }
}

#[test]
fn a_one_shot_job_with_start_secs_that_ends_early_as_expected_is_done() {
    let mut sim =
        started(vec![restarting(Restart::Always, Job { start_secs: ms(5_000), ..one_shot("seed") })]);
    sim.habits(0, &[Habit::Exits(10, 0)]);
    sim.run_for(20);
    assert_eq!(sim.state(0), State::Done);
}

#[test]
fn a_one_shot_job_that_ends_unexpectedly_is_tried_as_often_as_start_retries_says() {
    let mut sim = started(vec![restarting(Restart::Unexpected, one_shot("migrate"))]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.run_for(200);
    assert_eq!(look(&sim, 0).why, "exit 1 after 100ms; retry 1 of 3");
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Failed, 4));
}

#[test]
fn a_signal_can_be_an_expected_end() {
    let mut sim = started(vec![Job { exit_codes: vec![Expected::Signal(11)], ..job("web") }]);
    sim.habits(0, &[Habit::Crashes(2_000)]);
    sim.run_for(2_010);
    assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (State::Done, "SEGV"));
}

#[test]
fn a_failed_start_is_tried_again_with_growing_pauses_and_then_fails() {
    let mut sim = started(vec![restarting(Restart::Unexpected, job("web"))]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.run_for(150);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Backoff, "1/3"));
    assert_eq!(view.why, "exit 1 after 100ms, before it was up; retry 1 of 3");
    assert_eq!(view.next.unwrap().kind, NextKind::Retry);
    sim.run_for(20_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str(), view.restarts), (State::Failed, "exit 1", 3));
    assert_eq!(view.why, "failed: exit 1 after 100ms, the last of 4 failed starts");
    assert_eq!(sim.runs.len(), 4);
    let pauses: Vec<u64> = records(&sim)
        .into_iter()
        .filter_map(|kind| if let RecordKind::Retry { in_ms, .. } = kind { Some(in_ms) } else { None })
        .collect();
    assert_eq!(pauses, [1_000, 2_000, 4_000]);
}

#[test]
fn up_zeroes_the_failed_starts_but_the_pause_grows_until_a_run_lives_for_ten_seconds() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    let early = Habit::Exits(100, 1);
    sim.habits(0, &[early, Habit::Exits(2_000, 0), early, Habit::Exits(11_000, 0), early, Habit::Good]);
    sim.run_for(60_000);
    let retries: Vec<(Option<u32>, u64)> = records(&sim)
        .into_iter()
        .filter_map(|kind| {
            if let RecordKind::Retry { attempt, in_ms } = kind { Some((attempt, in_ms)) } else { None }
        })
        .collect();
    assert_eq!(retries, [(Some(1), 1_000), (None, 2_000), (Some(1), 4_000), (None, 0), (Some(1), 1_000)]);
    assert_eq!(sim.state(0), State::Running);
}

#[test]
fn after_an_ordinary_end_the_restart_delay_passes() {
    let mut sim = started(vec![Job { restart_delay: ms(5_000), ..restarting(Restart::Always, job("web")) }]);
    sim.habits(0, &[Habit::Exits(20_000, 0), Habit::Good]);
    sim.run_for(20_010);
    assert_eq!(look(&sim, 0).next.unwrap().at.0, ms(1_000 + 20_000 + 5_000));
    sim.run_for(10_000);
    assert_eq!(sim.state(0), State::Running);
}

#[test]
fn a_command_that_cannot_be_run_is_a_failed_start_with_its_reason() {
    let mut sim = started(vec![job("never"), restarting(Restart::Always, job("always"))]);
    sim.habits(0, &[Habit::Missing]);
    sim.habits(1, &[Habit::Missing, Habit::Good]);
    sim.run_for(10);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.why.as_str()), (State::Failed, "failed: no such file: ./api"));
    assert_eq!(view.note, "no file");
    assert_eq!((sim.state(1), look(&sim, 1).note.as_str()), (State::Backoff, "1/3"));
    sim.run_for(2_000);
    assert_eq!(sim.state(1), State::Running);
}

#[test]
fn the_note_of_a_refusal_is_short() {
    for (why, note) in [
        ("folder /x does not exist", "no folder"),
        ("command not found: npm", "not found"),
        ("not executable: ./api", "not executable"),
        ("interpreter /x not found (named in the first line of ./api)", "no interpreter"),
    ] {
        let mut sim = world(vec![job("web")]);
        sim.habits(0, &[Habit::Tardy(1_000_000)]);
        start_all(&mut sim);
        sim.tell(Event::SpawnFailed { run: RunId(1), error: SpawnError::Command(why.to_owned()) });
        assert_eq!(look(&sim, 0).note, note);
    }
}

#[test]
fn what_zap_lacks_is_said_to_be_zaps() {
    let mut sim = world(vec![job("web")]);
    sim.habits(0, &[Habit::Tardy(1_000_000)]);
    start_all(&mut sim);
    let error = SpawnError::System("too many open files".to_owned());
    sim.tell(Event::SpawnFailed { run: RunId(1), error });
    assert_eq!(look(&sim, 0).why, "failed: zap could not start it: too many open files");
}

#[test]
fn a_person_starts_a_job_in_backoff_at_once_with_counters_zeroed() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.run_for(3_000);
    assert_eq!(look(&sim, 0).note, "2/3");
    sim.command(Command::Start(one(0)));
    sim.run_for(150);
    assert_eq!((look(&sim, 0).note.as_str(), look(&sim, 0).restarts), ("1/3", 0));
}

#[test]
fn restart_failed_starts_what_has_failed_and_nothing_else() {
    let mut sim = started(vec![job("a"), job("b"), Job { autostart: false, ..job("c") }]);
    sim.habits(0, &[Habit::Exits(10, 1), Habit::Good]);
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Failed, State::Running, State::Stopped]);
    sim.command(Command::RestartFailed);
    assert_eq!(sim.states(), [State::Starting, State::Running, State::Stopped]);
}

#[test]
fn news_of_a_run_that_is_over_changes_nothing() {
    let mut sim = started(vec![job("web")]);
    sim.run_for(2_000);
    sim.command(Command::Restart(one(0)));
    sim.run_for(2_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
    sim.tell(Event::Tick);
    let before = sim.supervisor.clone();
    sim.take_effects();
    let run = RunId(1);
    sim.tell(Event::Exited { run, exit: Exit::Code(1) });
    sim.tell(Event::Surveyed { run, left: 4, in_group: 1 });
    sim.tell(Event::Drained { run });
    sim.tell(Event::Spawned { run, pid: 3 });
    assert_eq!((sim.take_effects(), &sim.supervisor), (vec![], &before));
}

#[test]
fn a_life_leaves_its_records() {
    let mut sim = started(vec![job("web")]);
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(100);
    let exit = Exit::Signal(15);
    let expected = [
        RecordKind::Started { pid: 1_001 },
        RecordKind::Up,
        RecordKind::Stopping { why: "stopped by a person".to_owned() },
        RecordKind::Exited { exit, expected: true, told: true },
        RecordKind::Closed,
        RecordKind::Stopped,
    ];
    assert_eq!(records(&sim), expected);
    let run = look(&sim, 0).run.unwrap();
    assert_eq!((run.pid, run.number), (None, 1));
    assert_eq!((run.started.mono.0, run.ended.unwrap().mono.0), (ms(1_000), ms(3_001)));
    assert_eq!(sim.supervisor.owner(run.id), None);
}

#[test]
fn a_life_that_never_began_leaves_its_records_too() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Missing]);
    sim.run_for(100);
    let why = "no such file: ./api".to_owned();
    assert_eq!(records(&sim), [RecordKind::NotStarted { why: why.clone() }, RecordKind::Failed { why }]);
    let run = look(&sim, 0).run.unwrap();
    assert!(run.ended.is_some());
    assert_eq!(sim.supervisor.owner(run.id), None);
}

#[test]
fn a_persons_restart_zeroes_the_count_of_automatic_ones() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.habits(0, &[Habit::Exits(11_000, 0), Habit::Good]);
    sim.run_for(20_000);
    assert_eq!((sim.state(0), look(&sim, 0).restarts), (State::Running, 1));
    sim.command(Command::Restart(one(0)));
    sim.run_for(2_000);
    assert_eq!((sim.state(0), look(&sim, 0).restarts), (State::Running, 0));
}

// --- Two facts for an end ---------------------------------------------------------------------------------------------

#[test]
fn the_state_changes_with_the_exit_and_the_next_run_waits_for_the_terminal() {
    let mut sim = world(vec![Job { restart_delay: ms(0), ..restarting(Restart::Always, job("web")) }]);
    start_all(&mut sim);
    sim.run_for(20_000);
    sim.take_effects();
    let run = RunId(1);
    sim.runs.get_mut(&run).unwrap().reaped = true;
    sim.tell(Event::Exited { run, exit: Exit::Code(0) });
    assert_eq!(sim.state(0), State::Waiting);
    let effects = sim.take_effects();
    assert!(effects.contains(&Effect::AwaitQuiet { run }) && effects.contains(&Effect::Survey { run }));
    assert_eq!(look(&sim, 0).note, "for run 1");
}

#[test]
fn a_terminal_that_ended_before_its_leader_needs_no_quiet() {
    let mut sim = started(vec![job("web")]);
    sim.run_for(2_000);
    sim.tell(Event::Drained { run: RunId(1) });
    assert_eq!(sim.state(0), State::Running, "the end of the terminal alone ends nothing");
    sim.take_effects();
    sim.runs.get_mut(&RunId(1)).unwrap().reaped = true;
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(0) });
    assert!(!sim.effects.contains(&Effect::AwaitQuiet { run: RunId(1) }));
}

#[test]
fn what_holds_the_terminal_after_the_end_lingers_and_does_not_keep_zap_awake() {
    let mut sim = started(vec![job("web"), job("api")]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Clinger)]);
    sim.habits(1, &[Habit::Leaves(2_300, Child::Silent)]);
    sim.run_for(5_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.lingering), (State::Done, 1));
    assert_eq!(view.why, "done: exit 0 after 2s · 1 process still writing");
    assert_eq!(look(&sim, 1).why, "done: exit 0 after 2s · 1 process still alive");
    let before = sim.ticks;
    sim.run_for(600_000);
    assert!(sim.ticks - before <= 60, "{} ticks in ten minutes", sim.ticks - before);
}

#[test]
fn an_orphan_that_ended_is_a_reason_to_look_at_what_lingers_and_at_nothing_else() {
    let mut sim = started(vec![job("web"), job("api"), one_shot("migrate")]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Silent)]);
    sim.run_for(60_000);
    assert_eq!(look(&sim, 0).lingering, 1);
    sim.take_effects();
    sim.tell(Event::OrphanEnded);
    assert_eq!(sim.take_effects(), [Effect::Survey { run: look(&sim, 0).run.unwrap().id }]);
}

#[test]
fn orphans_that_end_one_soon_after_the_other_are_a_reason_for_two_looks() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Silent)]);
    sim.run_for(60_000);
    sim.take_effects();
    for _ in 0..100 {
        sim.tell(Event::OrphanEnded);
    }
    let looks = |sim: &mut Sim| {
        sim.take_effects().iter().filter(|effect| matches!(effect, Effect::Survey { .. })).count()
    };
    assert_eq!(looks(&mut sim), 1);
    sim.run_for(20);
    assert_eq!(looks(&mut sim), 1, "the last of them may have been the last one of all");
    sim.run_for(200);
    assert_eq!(looks(&mut sim), 0);
}

#[test]
fn a_terminal_that_a_stranger_floods_does_not_hold_up_the_next_run_for_ever() {
    let mut sim = world(vec![job("web")]);
    sim.habits(0, &[Habit::Tardy(1_000_000)]);
    start_all(&mut sim);
    let run = RunId(1);
    sim.tell(Event::Spawned { run, pid: 5 });
    sim.runs.get_mut(&run).unwrap().reaped = true;
    sim.tell(Event::Exited { run, exit: Exit::Code(0) });
    sim.tell(Event::Surveyed { run, left: 0, in_group: 0 });
    sim.command(Command::Start(one(0)));
    sim.forget_quiet();
    assert_eq!(look(&sim, 0).why, "waiting for the output of run 1 to end");
    sim.run_for(11_900);
    assert_eq!(sim.state(0), State::Waiting);
    sim.run_for(200);
    assert_eq!(sim.state(0), State::Starting);
}

#[test]
fn a_start_ends_lingerers_first() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Clinger), Habit::Good]);
    sim.run_for(5_000);
    sim.take_effects();
    sim.command(Command::Start(one(0)));
    assert_eq!(
        (sim.state(0), look(&sim, 0).why.as_str()),
        (State::Waiting, "waiting for 1 process of run 1 to end")
    );
    sim.run_for(1_500);
    assert_eq!(sim.state(0), State::Running);
    assert_eq!(signals(&sim.take_effects()), [(1, 15, Delivery::Family)]);
}

#[test]
fn a_lingerer_that_is_deaf_gets_kill_after_the_stop_timeout() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Deaf), Habit::Good]);
    sim.run_for(5_000);
    sim.command(Command::Restart(one(0)));
    sim.run_for(9_999);
    assert_eq!(sim.state(0), State::Waiting);
    assert_eq!(look(&sim, 0).next.unwrap().kind, NextKind::Kill);
    sim.take_effects();
    sim.run_for(50);
    assert_eq!(signals(&sim.effects)[0], (1, 9, Delivery::Family));
    assert_eq!(sim.state(0), State::Starting, "after KILL one looks soon whether it worked");
}

#[test]
fn a_lingerer_that_goes_by_itself_closes_its_run() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Leaves(1_500, Child::Brief(4_000))]);
    sim.run_for(3_000);
    assert_eq!(look(&sim, 0).lingering, 1);
    sim.run_for(17_000);
    assert_eq!((sim.state(0), look(&sim, 0).lingering), (State::Done, 0));
    assert!(records(&sim).contains(&RecordKind::Closed));
}

// --- Stop -------------------------------------------------------------------------------------------------------------

#[test]
fn a_stop_is_the_signal_to_the_group_then_kill_to_everything() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Deaf]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Stopping, "TERM sent"));
    assert_eq!(view.why, "stopped by a person: TERM sent");
    assert_eq!(view.next.unwrap().at.0, ms(13_000));
    sim.run_for(9_999);
    assert_eq!(signals(&sim.take_effects()), [(1, 15, Delivery::Group)]);
    sim.run_for(500);
    assert_eq!(signals(&sim.take_effects()), [(1, 9, Delivery::Group), (1, 9, Delivery::Family)]);
    let view = look(&sim, 0);
    assert_eq!(
        (view.state, view.exit, view.why.as_str()),
        (State::Stopped, Some(Exit::Signal(9)), "stopped as asked")
    );
}

#[test]
fn an_end_by_our_own_signal_is_expected() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Stopped, 1));
    assert!(records(&sim).contains(&RecordKind::Exited {
        exit: Exit::Signal(15),
        expected: true,
        told: true
    }));
}

#[test]
fn the_signal_goes_to_the_leader_alone_if_asked_so() {
    let stop = Stop { signal: 2, aim: Aim::Leader, ..job("web").stop };
    let mut sim = started(vec![Job { stop, ..job("web") }]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    assert_eq!(signals(&sim.effects), [(1, 2, Delivery::Leader)]);
}

#[test]
fn a_stop_in_backoff_cancels_it() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.run_for(700);
    assert_eq!(sim.state(0), State::Backoff);
    sim.command(Command::Stop(one(0)));
    assert_eq!(sim.state(0), State::Stopped);
    sim.run_for(60_000);
    assert_eq!(sim.runs.len(), 1);
}

#[test]
fn what_escaped_from_the_group_is_ended_before_the_job_is_stopped() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Guards(Child::Deaf)]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(5_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.lingering), (State::Stopping, 1));
    assert_eq!(view.why, "stopped by a person: ending 1 process that outlived it");
    sim.run_for(6_000);
    assert_eq!(sim.state(0), State::Stopped);
    let sent = signals(&sim.effects);
    assert_eq!(sent[..3], [(1, 15, Delivery::Group), (1, 15, Delivery::Family), (1, 9, Delivery::Family)]);
}

#[test]
fn what_nothing_can_end_is_named_and_not_waited_for_but_nothing_starts_beside_it() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Undying]);
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(12_100);
    assert_eq!(sim.state(0), State::Stopped);
    assert_eq!(look(&sim, 0).why, "stopped, but 1 process could not be ended");
    assert!(records(&sim).contains(&RecordKind::Left { count: 1 }));
    sim.command(Command::Start(one(0)));
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Waiting, 1));
    assert_eq!(look(&sim, 0).why, "waiting for 1 process of run 1, which nothing could end, to end");
}

#[test]
fn kill_is_at_once_and_stays() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.habits(0, &[Habit::Deaf]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Kill(one(0)));
    assert_eq!(signals(&sim.effects), [(1, 9, Delivery::Group), (1, 9, Delivery::Family)]);
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Stopped, 1));
}

#[test]
fn a_stop_before_the_birth_waits_for_it() {
    let mut sim = world(vec![job("web")]);
    sim.habits(0, &[Habit::Tardy(3_000)]);
    start_all(&mut sim);
    sim.command(Command::Stop(one(0)));
    sim.run_for(2_000);
    assert_eq!((sim.state(0), signals(&sim.effects)), (State::Stopping, vec![]));
    sim.run_for(2_000);
    assert_eq!(sim.state(0), State::Stopped);
    assert_eq!(signals(&sim.effects), [(1, 15, Delivery::Group)]);
}

fn with_stop_command(job: Job) -> Job {
    let stop = Stop { command: Some(vec!["bye".to_owned()]), ..job.stop.clone() };
    Job { stop, ..job }
}

#[test]
fn a_stop_command_that_works_makes_a_signal_needless() {
    let mut sim = started(vec![with_stop_command(job("web"))]);
    sim.habits(0, &[Habit::Deaf]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    assert_eq!(look(&sim, 0).note, "its stop command runs");
    sim.run_for(100);
    assert_eq!((sim.state(0), signals(&sim.effects)), (State::Stopped, vec![]));
}

#[test]
fn a_stop_command_that_fails_is_followed_by_the_signal_at_once() {
    for habit in [Habit::Exits(20, 1), Habit::Missing] {
        let mut sim = started(vec![with_stop_command(job("web"))]);
        sim.stop_habit(0, habit);
        sim.run_for(2_000);
        sim.take_effects();
        sim.command(Command::Stop(one(0)));
        sim.run_for(100);
        assert_eq!((sim.state(0), signals(&sim.effects)), (State::Stopped, vec![(1, 15, Delivery::Group)]));
    }
}

#[test]
fn a_stop_command_that_works_and_does_not_end_it_is_followed_by_the_signal_soon() {
    let mut sim = started(vec![with_stop_command(job("web"))]);
    sim.habits(0, &[Habit::Undying]);
    sim.stop_habit(0, Habit::Exits(20, 0));
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(500);
    assert_eq!(look(&sim, 0).note, "its stop command has ended, TERM is next");
    assert_eq!(signals(&sim.effects), []);
    sim.run_for(1_000);
    assert_eq!(
        (look(&sim, 0).note, signals(&sim.effects)),
        ("TERM sent".to_owned(), vec![(1, 15, Delivery::Group)])
    );
}

/// What was told of hooks, in words.
fn hooks_told(effects: &[Effect]) -> Vec<&str> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Record(record) => Some(&record.kind),
        _ => None,
    });
    told.filter_map(|kind| match kind {
        RecordKind::Hook { what, .. } => Some(what.as_str()),
        _ => None,
    })
    .collect()
}

#[test]
fn a_stop_command_that_hangs_is_ended_too() {
    let mut sim = started(vec![with_stop_command(job("web"))]);
    sim.habits(0, &[Habit::Deaf]);
    sim.stop_habit(0, Habit::Deaf);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(5_001);
    let effects = sim.take_effects();
    assert_eq!(hooks_told(&effects), ["took longer than 5s"]);
    assert_eq!(look(&sim, 0).why, "stopped by a person: TERM sent");
    let mut sent = signals(&effects);
    sent.sort_by_key(|sent| sent.0);
    assert_eq!(sent, [(1, 15, Delivery::Group), (2, 15, Delivery::Group)]);
    sim.run_for(5_100);
    assert_eq!(sim.state(0), State::Stopped);
    assert!(sim.runs.values().all(|run| run.alive() == 0));
}

#[test]
fn keys_are_typed_and_the_signal_follows_at_half_time() {
    let stop = Stop { keys: Some(b"q\n".to_vec()), ..job("web").stop };
    let mut sim = started(vec![Job { stop, ..job("web") }]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    assert!(sim.effects.contains(&Effect::Write { run: RunId(1), bytes: b"q\n".to_vec() }));
    sim.run_for(4_999);
    assert_eq!(signals(&sim.effects), []);
    sim.run_for(10);
    assert_eq!((sim.state(0), signals(&sim.effects)), (State::Stopped, vec![(1, 15, Delivery::Group)]));
}

#[test]
fn kill_does_not_wait_for_a_stop_nor_for_a_birth() {
    let mut sim = started(vec![job("deaf"), job("tardy")]);
    sim.habits(0, &[Habit::Deaf]);
    sim.run_for(2_000);
    sim.habits(1, &[Habit::Good, Habit::Tardy(500)]);
    sim.command(Command::Restart(one(1)));
    sim.run_for(100);
    sim.command(Command::Stop(one(0)));
    sim.run_for(10);
    sim.take_effects();
    sim.command(Command::Kill(vec![Target::System("dev".to_owned())]));
    sim.run_for(2_000);
    let kills = [
        (1, 9, Delivery::Group),
        (1, 9, Delivery::Family),
        (3, 9, Delivery::Group),
        (3, 9, Delivery::Family),
    ];
    assert_eq!(signals(&sim.effects), kills);
    assert_eq!(sim.states(), [State::Stopped; 2]);
}

#[test]
fn how_many_live_on_is_counted_for_the_eye_while_a_stop_takes_long() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Deaf]);
    sim.run_for(2_000);
    sim.command(Command::Quit);
    assert_eq!(sim.view().quitting.unwrap().alive[0].processes, None);
    sim.run_for(600);
    assert_eq!(sim.view().quitting.unwrap().alive[0].processes, Some(1));
}

// --- The later wish wins ----------------------------------------------------------------------------------------------

#[test]
fn restarts_pressed_in_a_row_make_one_new_run() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Slow(300)]);
    sim.run_for(2_000);
    for _ in 0..5 {
        sim.command(Command::Restart(one(0)));
        sim.run_for(30);
    }
    sim.run_for(5_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
}

#[test]
fn a_start_after_a_stop_wins_and_a_stop_after_a_restart_wins() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Slow(300)]);
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(30);
    sim.command(Command::Start(one(0)));
    assert_eq!(look(&sim, 0).why, "stopped by a person: TERM sent; will be started again");
    sim.run_for(3_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
    sim.command(Command::Restart(one(0)));
    sim.run_for(30);
    sim.command(Command::Stop(one(0)));
    sim.run_for(3_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Stopped, 2));
}

#[test]
fn a_restart_starts_what_is_not_running() {
    let mut sim = world(vec![job("web")]);
    sim.command(Command::Restart(one(0)));
    assert_eq!(sim.state(0), State::Starting);
}

#[test]
fn a_restart_of_a_system_is_about_what_starts_with_it_and_what_was_started_by_hand() {
    let by_hand = |name| Job { autostart: false, ..job(name) };
    let mut sim = started(vec![job("a"), by_hand("b"), by_hand("c")]);
    sim.command(Command::Start(one(1)));
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(100);
    sim.command(Command::Restart(vec![Target::System("dev".to_owned())]));
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Running, State::Running, State::Stopped]);
    assert_eq!(sim.runs.len(), 4);
}

// --- Needs ------------------------------------------------------------------------------------------------------------

pub(crate) fn chain() -> Vec<Job> {
    vec![job("db"), needing(&["db"], job("api")), needing(&["api"], job("web"))]
}

#[test]
fn a_start_starts_what_it_needs_and_waits_for_it() {
    let mut sim = world(chain());
    sim.command(Command::Start(one(2)));
    assert_eq!(sim.states(), [State::Starting, State::Waiting, State::Waiting]);
    let view = look(&sim, 1);
    assert_eq!((view.note.as_str(), view.why.as_str()), ("for db", "waiting for dev/db to be up"));
    assert_eq!(look(&sim, 2).why, "waiting for dev/api, which waits for dev/db to be up");
    sim.run_for(3_500);
    assert_eq!(sim.states(), [State::Running; 3]);
}

#[test]
fn when_a_person_stops_a_need_its_dependants_end_first_and_come_back_with_it() {
    let mut sim = started(chain());
    sim.habits(2, &[Habit::Slow(100)]);
    sim.run_for(4_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    assert_eq!(sim.states(), [State::Stopping; 3]);
    assert_eq!(look(&sim, 0).note, "waits for dev/api to end");
    assert_eq!(look(&sim, 1).why, "dev/db is no longer up: waits for dev/web to end; comes back with it");
    sim.run_for(2_000);
    let order: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
    assert_eq!(order, [3, 2, 1]);
    assert_eq!(sim.states(), [State::Stopped, State::Waiting, State::Waiting]);
    assert_eq!(look(&sim, 1).why, "waiting for dev/db, which is stopped");
    sim.command(Command::Start(one(0)));
    sim.run_for(4_000);
    assert_eq!(sim.states(), [State::Running; 3]);
}

#[test]
fn a_need_that_crashes_takes_its_dependants_along_and_brings_them_back() {
    let mut jobs = chain();
    jobs[0].restart = Restart::Unexpected;
    let mut sim = started(jobs);
    sim.habits(0, &[Habit::Crashes(5_000), Habit::Good]);
    sim.run_for(5_010);
    assert_eq!(sim.states(), [State::Backoff, State::Waiting, State::Waiting]);
    sim.run_for(10_000);
    assert_eq!(sim.states(), [State::Running; 3]);
    assert_eq!(look(&sim, 1).restarts, 0, "a need that came back is nobody's failure");
}

#[test]
fn a_need_that_failed_leaves_its_dependants_waiting_with_that_reason() {
    let mut sim = started(chain());
    sim.habits(0, &[Habit::Exits(40_000, 101)]);
    sim.run_for(40_100);
    assert_eq!(sim.states(), [State::Failed, State::Waiting, State::Waiting]);
    assert_eq!(look(&sim, 1).why, "waiting for dev/db, which failed: exit 101 after 40s");
    let root = "waiting for dev/api, which waits for dev/db, which failed: exit 101 after 40s";
    assert_eq!(look(&sim, 2).why, root, "the root of it is named");
}

#[test]
fn a_done_need_once_met_stays_met() {
    let mut sim = started(vec![
        one_shot("migrate"),
        Job { needs: vec![need("migrate", Until::Done, OnLoss::Stop)], ..job("api") },
    ]);
    sim.habits(0, &[Habit::Exits(500, 0), Habit::Exits(5_000, 1)]);
    sim.run_for(100);
    assert_eq!(look(&sim, 1).why, "waiting for dev/migrate to be done");
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Done, State::Running]);
    sim.command(Command::Restart(one(0)));
    sim.run_for(1_000);
    assert_eq!(sim.states(), [State::Running, State::Running]);
    sim.run_for(10_000);
    assert_eq!(sim.states(), [State::Failed, State::Running]);
}

#[test]
fn a_need_that_is_not_met_is_started_again_by_a_start_of_its_dependant() {
    let mut sim = started(vec![job("db"), needing(&["db"], job("web"))]);
    sim.habits(0, &[Habit::Exits(100, 0), Habit::Good]);
    sim.run_for(500);
    assert_eq!(sim.states(), [State::Done, State::Waiting]);
    sim.command(Command::Start(one(1)));
    sim.run_for(3_000);
    assert_eq!(sim.states(), [State::Running; 2]);
}

// --- Steps ------------------------------------------------------------------------------------------------------------

fn mark(sim: &mut Sim, mark: StepMark) {
    sim.tell(Event::Step { run: RunId(1), mark });
}

#[test]
fn steps_go_one_by_one_and_up_counts_from_the_last() {
    let mut sim = world(vec![stepping(Some("ssh gox"), &["cd src", "npm start"], job("web"))]);
    let states = |sim: &Sim| look(sim, 0).steps.iter().map(|step| step.state).collect::<Vec<_>>();
    sim.habits(0, &[Habit::Tardy(1_000_000)]);
    start_all(&mut sim);
    sim.tell(Event::Spawned { run: RunId(1), pid: 5 });
    assert_eq!(states(&sim), [StepState::Running, StepState::Pending, StepState::Pending]);
    assert_eq!(look(&sim, 0).steps[0].name, "ssh gox");
    assert_eq!(look(&sim, 0).note, "step ssh gox");
    mark(&mut sim, StepMark::Session { pid: 77 });
    mark(&mut sim, StepMark::Begin { step: 1 });
    mark(&mut sim, StepMark::End { step: 0, code: 0 });
    mark(&mut sim, StepMark::Begin { step: 9 });
    assert_eq!(states(&sim), [StepState::Done(0), StepState::Pending, StepState::Pending], "out of order");
    mark(&mut sim, StepMark::Begin { step: 0 });
    mark(&mut sim, StepMark::Begin { step: 0 });
    sim.run_for(20_000);
    assert_eq!((sim.state(0), look(&sim, 0).why.as_str()), (State::Starting, "step cd src runs"));
    mark(&mut sim, StepMark::End { step: 0, code: 0 });
    mark(&mut sim, StepMark::Begin { step: 1 });
    assert_eq!(states(&sim), [StepState::Done(0), StepState::Done(0), StepState::Running]);
    sim.run_for(999);
    assert_eq!(sim.state(0), State::Starting);
    sim.run_for(1);
    assert_eq!((sim.state(0), look(&sim, 0).why.as_str()), (State::Running, "up: step npm start runs"));
}

fn in_first_step(session: Option<&str>) -> Sim {
    let mut sim = world(vec![stepping(session, &["make", "serve"], job("web"))]);
    sim.habits(0, &[Habit::Tardy(1_000_000)]);
    start_all(&mut sim);
    sim.tell(Event::Spawned { run: RunId(1), pid: 5 });
    sim.runs.get_mut(&RunId(1)).unwrap().reaped = true;
    mark(&mut sim, StepMark::Begin { step: 0 });
    sim
}

#[test]
fn a_step_that_fails_is_named_even_if_its_mark_comes_after_the_exit() {
    let mut sim = in_first_step(None);
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(3) });
    mark(&mut sim, StepMark::End { step: 0, code: 3 });
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Failed, "exit 3, step make"));
    assert_eq!(view.why, "failed: exit 3 after 0ms, in step make");
    assert_eq!(view.steps[0].state, StepState::Failed(3));
    assert_eq!(view.steps[1].state, StepState::Pending);
}

/// What was told of its run since that began, each with how many milliseconds later.
fn told_of_run(sim: &Sim) -> Vec<String> {
    let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
    let records = effects.filter_map(|effect| match effect {
        Effect::Record(record) if record.run == Some(RunId(1)) => Some(record),
        _ => None,
    });
    let records: Vec<&Record> = records.collect();
    assert!(records.windows(2).all(|two| two[0].at.mono <= two[1].at.mono), "times in order: {records:?}");
    records
        .iter()
        .skip_while(|one| !matches!(one.kind, RecordKind::Exited { .. } | RecordKind::Step { .. }))
        .map(|record| record.kind.to_string())
        .collect()
}

#[test]
fn the_end_of_a_step_is_told_before_the_end_of_its_run_though_its_mark_comes_later() {
    let mut sim = in_first_step(None);
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(3) });
    assert_eq!(sim.state(0), State::Failed, "what follows from it does not wait");
    sim.run_for(20);
    mark(&mut sim, StepMark::End { step: 0, code: 0 });
    mark(&mut sim, StepMark::Begin { step: 1 });
    assert_eq!(told_of_run(&sim).len(), 3, "{:?}", told_of_run(&sim));
    sim.tell(Event::Drained { run: RunId(1) });
    let steps =
        ["step make began", "step make ended, exit 0", "step serve began", "step serve ended, exit 3"];
    let told = told_of_run(&sim);
    assert_eq!((&told[..4], told[4].as_str()), (&steps.map(str::to_owned)[..], "ended, exit 3"));
    assert!(told[5].starts_with("failed: exit 3"), "{told:?}");
    // The marks may be there before the news of the end.
    let mut sim = in_first_step(None);
    sim.tell(Event::Drained { run: RunId(1) });
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(4) });
    assert_eq!(told_of_run(&sim)[..3], ["step make began", "step make ended, exit 4", "ended, exit 4"]);
}

#[test]
fn the_end_of_a_run_is_told_soon_even_if_what_it_left_prints_for_ever() {
    let mut sim = in_first_step(None);
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(3) });
    assert_eq!(told_of_run(&sim), ["step make began"]);
    // Not by what the terminal does, but by the clock.
    let later = Now { mono: Time(ms(sim.now + 500)), wall: Wall(sim.wall() + 500) };
    assert!(sim.supervisor.deadline().is_some_and(|deadline| deadline <= later.mono));
    let effects = sim.supervisor.step(later, Event::Tick);
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Record(record) => Some(record.kind.to_string()),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), ["ended, exit 3", "failed: exit 3 after 0ms"]);
}

#[test]
fn a_step_without_a_mark_of_its_end_ends_with_the_run() {
    let mut sim = in_first_step(Some("ssh gox"));
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(255) });
    sim.tell(Event::Drained { run: RunId(1) });
    assert_eq!(look(&sim, 0).steps[1].state, StepState::Failed(255));
    let mut sim = in_first_step(None);
    sim.tell(Event::Drained { run: RunId(1) });
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(4) });
    assert_eq!(look(&sim, 0).steps[0].state, StepState::Failed(4), "also if the terminal ended first");
    let mut sim = in_first_step(None);
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Signal(9) });
    sim.tell(Event::Drained { run: RunId(1) });
    assert_eq!(look(&sim, 0).steps[0].state, StepState::Cut);
}

#[test]
fn a_step_that_a_stop_cuts_short_has_not_failed() {
    let mut sim = world(vec![stepping(None, &["make", "serve"], job("web"))]);
    sim.habits(0, &[Habit::Slow(50)]);
    start_all(&mut sim);
    sim.run_for(50);
    sim.command(Command::Stop(one(0)));
    mark(&mut sim, StepMark::End { step: 0, code: 143 });
    assert_eq!(look(&sim, 0).steps[0].state, StepState::Cut);
}

#[test]
fn after_a_stop_no_further_step_counts_as_begun() {
    let mut sim = world(vec![stepping(None, &["make", "serve"], job("web"))]);
    sim.habits(0, &[Habit::Slow(50)]);
    start_all(&mut sim);
    sim.run_for(50);
    sim.command(Command::Stop(one(0)));
    mark(&mut sim, StepMark::End { step: 0, code: 0 });
    mark(&mut sim, StepMark::Begin { step: 1 });
    sim.run_for(1_000);
    let states: Vec<StepState> = look(&sim, 0).steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done(0), StepState::Pending]);
}

#[test]
fn a_step_that_takes_too_long_is_ended_and_is_a_failed_start() {
    let slow = stepping(None, &["make", "serve"], restarting(Restart::Unexpected, job("web")));
    let slow = with_step_timeout(0, ms(50), slow);
    let mut sim = started(vec![Job { start_retries: 1, ..slow }]);
    sim.run_for(60);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.steps[0].state), (State::Backoff, StepState::Cut));
    assert_eq!(view.why, "step make took longer than 50ms, before it was up; retry 1 of 1");
    sim.run_for(5_000);
    assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (State::Failed, "step too slow"));
}

#[test]
fn what_outlives_a_run_is_counted_alike_in_words_and_number() {
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Guards(Child::Deaf)]);
    sim.run_for(2_000);
    sim.command(Command::Quit);
    sim.run_for(5_000);
    let survivor = &sim.view().quitting.unwrap().alive[0];
    assert_eq!(survivor.doing, "ending 1 process that outlived it");
    assert_eq!(survivor.processes, Some(1));
}

#[test]
fn a_run_is_complete_when_its_end_and_its_last_words_are_known() {
    let complete = |sim: &Sim| look(sim, 0).run.is_some_and(|run| run.complete);
    let mut sim = in_first_step(None);
    assert!(!complete(&sim), "it runs");
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(0) });
    assert!(!complete(&sim), "its terminal may hold something");
    sim.tell(Event::Drained { run: RunId(1) });
    assert!(complete(&sim));
    let mut sim = in_first_step(None);
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(0) });
    sim.tell(Event::Quiet { run: RunId(1) });
    assert!(complete(&sim), "who still holds its terminal says nothing");
    let mut sim = started(vec![job("web")]);
    sim.habits(0, &[Habit::Missing]);
    sim.run_for(10);
    assert!(complete(&sim), "there was no process");
}

// --- Quit -------------------------------------------------------------------------------------------------------------

#[test]
fn quit_with_nothing_running_finishes_at_once_and_once() {
    let mut sim = world(vec![job("web")]);
    sim.command(Command::Quit);
    assert_eq!(sim.finished, Some(1_000));
    sim.command(Command::Quit);
    start_all(&mut sim);
    assert_eq!((sim.state(0), sim.supervisor.deadline()), (State::Stopped, None));
}

#[test]
fn quit_stops_dependants_before_what_they_need() {
    let mut sim = started(chain());
    sim.run_for(4_000);
    sim.take_effects();
    sim.command(Command::Quit);
    let quitting = sim.view().quitting.unwrap();
    let doing: Vec<&str> = quitting.alive.iter().map(|alive| alive.doing.as_str()).collect();
    assert_eq!(doing, ["waits for dev/api to end", "waits for dev/web to end", "TERM sent"]);
    sim.run_for(1_000);
    let order: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
    assert_eq!(order, [3, 2, 1]);
    assert!(sim.finished.is_some());
    assert_eq!(sim.view().quitting.unwrap().ended, 3);
}

#[test]
fn quit_takes_no_longer_than_its_timeout_in_all() {
    let mut jobs = plan(chain());
    jobs.settings.stop_timeout = ms(15_000);
    let mut sim = Sim::new(supervisor(jobs), 1);
    for instance in 0..3 {
        sim.habits(instance, &[Habit::Deaf]);
    }
    start_all(&mut sim);
    sim.run_for(4_000);
    sim.command(Command::Quit);
    sim.run_for(60_000);
    assert!(sim.finished.unwrap() < 5_000 + 15_100, "{:?}", sim.finished);
}

#[test]
fn the_second_quit_is_kill_at_once() {
    let mut sim = started(chain());
    for instance in 0..3 {
        sim.habits(instance, &[Habit::Deaf]);
    }
    sim.run_for(4_000);
    sim.command(Command::Quit);
    sim.run_for(10);
    sim.command(Command::Quit);
    sim.run_for(100);
    assert!(sim.finished.is_some());
    assert!(sim.runs.values().all(|run| run.alive() == 0));
}

#[test]
fn quit_ends_lingerers_and_gives_up_what_nothing_ends() {
    let mut sim = started(vec![job("a"), job("b")]);
    sim.habits(0, &[Habit::Leaves(100, Child::Silent)]);
    sim.habits(1, &[Habit::Undying]);
    sim.run_for(4_000);
    sim.command(Command::Quit);
    sim.run_for(500);
    assert!(sim.runs[&RunId(1)].closed);
    assert_eq!(sim.finished, None);
    sim.run_for(20_000);
    assert_eq!(sim.finished, Some(5_000 + 10_000 + 2_000));
    assert_eq!(sim.state(0), State::Done, "how it ended is seen to the last");
}

#[test]
fn nothing_is_retried_once_zap_quits() {
    let mut sim = started(vec![restarting(Restart::Always, job("web")), job("deaf")]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.habits(1, &[Habit::Deaf]);
    sim.run_for(500);
    sim.command(Command::Quit);
    assert_eq!(sim.state(0), State::Stopped);
    sim.take_effects();
    sim.run_for(5_000);
    assert_eq!(spawns(&sim.effects), 0);
}

#[test]
fn quit_shortens_a_stop_that_has_begun() {
    let mut plan = plan(vec![job("web")]);
    plan.settings.stop_timeout = ms(1_000);
    let mut sim = Sim::new(supervisor(plan), 1);
    sim.habits(0, &[Habit::Deaf]);
    start_all(&mut sim);
    sim.run_for(2_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(100);
    sim.command(Command::Quit);
    assert_eq!(look(&sim, 0).next.unwrap().at.0, ms(4_100));
    sim.run_for(1_100);
    assert!(sim.finished.is_some());
}

// --- Terminals --------------------------------------------------------------------------------------------------------

#[test]
fn typing_reaches_a_living_run_only() {
    let mut sim = world(vec![job("web")]);
    let typed = || Command::Type { instance: InstanceId(0), bytes: b"y".to_vec() };
    sim.command(typed());
    assert_eq!(sim.take_effects(), []);
    start_all(&mut sim);
    sim.run_for(10);
    sim.take_effects();
    sim.command(typed());
    assert_eq!(sim.take_effects(), [Effect::Write { run: RunId(1), bytes: b"y".to_vec() }]);
}

#[test]
fn a_size_is_told_when_it_changes_and_kept_for_the_next_run() {
    let mut sim = started(vec![job("web")]);
    sim.run_for(10);
    sim.take_effects();
    let size = Size { rows: 50, cols: 200 };
    let resize = || Command::Resize { instance: InstanceId(0), size };
    sim.command(resize());
    sim.command(resize());
    assert_eq!(sim.take_effects(), [Effect::Resize { instance: InstanceId(0), run: Some(RunId(1)), size }]);
    sim.command(Command::Restart(one(0)));
    sim.run_for(100);
    let sizes: Vec<Size> = sim
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Spawn { launch, .. } => Some(launch.size),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [size]);
}

// --- Launch -----------------------------------------------------------------------------------------------------------

#[test]
fn a_launch_is_complete() {
    let mut web = job("web");
    web.launch.as_mut().unwrap().work =
        Work::Shell { shell: vec!["/bin/sh".to_owned(), "-c".to_owned()], line: "cd x && run".to_owned() };
    web.launch.as_mut().unwrap().umask = Some(0o22);
    web.launch.as_mut().unwrap().env = BTreeMap::from([
        ("PATH".to_owned(), None),
        ("A".to_owned(), Some("1".to_owned())),
        ("ZAP_JOB".to_owned(), Some("forged".to_owned())),
    ]);
    let mut sim = started(vec![web]);
    let Some(Effect::Spawn { launch, .. }) = sim.take_effects().into_iter().next() else {
        panic!("no spawn")
    };
    let env: BTreeMap<OsString, OsString> = launch.env.iter().cloned().collect();
    let value = |name: &str| env.get(&OsString::from(name)).and_then(|value| value.to_str());
    assert_eq!((value("PATH"), value("LINES"), value("A")), (None, None, Some("1")));
    assert_eq!(
        (value("ZAP_SYSTEM"), value("ZAP_JOB"), value("ZAP_INSTANCE")),
        (Some("dev"), Some("web"), Some("1"))
    );
    assert_eq!(
        (value("ZAP_RUN"), value("ZAP_SOCKET"), value("ZAP")),
        (Some("1"), Some("/run/zap.sock"), Some("1"))
    );
    assert_eq!((value("TERM"), value("COLORTERM")), (Some("xterm-256color"), Some("truecolor")));
    assert_eq!((launch.umask, launch.size, launch.nonce), (Some(0o22), Size::UNSEEN, None));
    assert!(launch.argv[2].to_str().unwrap().ends_with("; cd x && run"));
}

#[test]
fn every_run_with_steps_has_a_nonce_of_its_own() {
    let mut sim = started(vec![stepping(None, &["a"], job("web")), stepping(None, &["a"], job("api"))]);
    let nonces: Vec<_> = sim
        .take_effects()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Spawn { launch, .. } => launch.nonce,
            _ => None,
        })
        .collect();
    assert_eq!(nonces.len(), 2);
    assert_ne!(nonces[0], nonces[1]);
}

// --- Addresses --------------------------------------------------------------------------------------------------------

#[test]
fn an_address_is_a_system_a_job_or_an_instance() {
    let mut plan = plan(vec![job("web"), job("api"), job("tools")]);
    let mut tools = plan.systems[0].clone();
    tools.name = "tools".to_owned();
    tools.jobs = shared(vec![job("web"), job("docs")]);
    plan.systems.push(tools);
    let [web, docs] = [(0, 0), (1, 1)];
    job_in(&mut plan, web).numprocs = 3;
    job_in(&mut plan, web).labels = vec!["front".to_owned()];
    job_in(&mut plan, docs).labels = vec!["front".to_owned(), "text".to_owned()];
    let target = |word: &str| resolve(&plan, word).map(|found| found.targets);
    let job_of = |system: &str, job: &str| Target::Job { system: system.to_owned(), job: job.to_owned() };
    let numbered = |system: &str, job: &str, number| {
        vec![Target::Numbered { system: system.to_owned(), job: job.to_owned(), number }]
    };
    assert_eq!(target("dev"), Ok(vec![Target::System("dev".to_owned())]));
    assert_eq!(target("api"), Ok(vec![job_of("dev", "api")]));
    assert_eq!(target("docs#1"), Ok(numbered("tools", "docs", 1)));
    assert_eq!(target("tools/web:1"), Ok(numbered("tools", "web", 1)));
    assert_eq!(target("dev/web#3"), Ok(numbered("dev", "web", 3)));
    assert_eq!(target("dev/web#4"), Err(NotFound::NoInstance { job: "dev/web".to_owned(), count: 3 }));
    assert_eq!(target("api#2"), Err(NotFound::NoInstance { job: "dev/api".to_owned(), count: 1 }));
    assert_eq!(target("api#0"), Err(NotFound::NoInstance { job: "dev/api".to_owned(), count: 1 }));
    assert_eq!(target("@front"), Ok(vec![job_of("dev", "web"), job_of("tools", "docs")]));
    assert_eq!(target("@frond"), Err(NotFound::Unknown { near: vec!["@front".to_owned()] }));
    let candidates = vec!["dev/web".to_owned(), "tools/web".to_owned()];
    assert_eq!(target("web"), Err(NotFound::Ambiguous { candidates }));
    assert_eq!(target("dcos"), Err(NotFound::Unknown { near: vec!["docs".to_owned()] }));
    assert_eq!(resolve(&plan, "tools").unwrap().shadowed, ["dev/tools"]);
    let supervisor = supervisor(plan);
    let view = supervisor.view();
    let names = |system: usize| {
        let jobs = view.systems[system].jobs.iter();
        jobs.map(|job| (job.address.as_str(), job.label.as_str(), job.number)).collect::<Vec<_>>()
    };
    assert_eq!(names(1), [("tools/web", "web", 1), ("tools/docs", "docs", 1)]);
    let numbered = [("dev/web#1", "web#1", 1), ("dev/web#2", "web#2", 2), ("dev/web#3", "web#3", 3)];
    assert_eq!(names(0)[..3], numbered);
    let members = supervisor.members(&Target::Job { system: "dev".to_owned(), job: "web".to_owned() });
    assert_eq!(members, [InstanceId(0), InstanceId(1), InstanceId(2)]);
}

#[test]
fn the_same_history_gives_the_same_effects() {
    let mut sim = started(chain());
    sim.run_for(4_000);
    sim.command(Command::Restart(one(0)));
    sim.run_for(4_000);
    sim.assert_replay();
    let now = sim.history.last().unwrap().0;
    let mut copy = sim.supervisor.clone();
    assert_eq!(copy.step(now, Event::Drained { run: RunId(999) }), []);
    assert_eq!(copy, sim.supervisor);
}
