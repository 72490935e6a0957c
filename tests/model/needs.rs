//! Scripted histories of needs, and of those who wait for others to start: named as sentences. Not: the chain of plain needs and
//! how it stops (`cases`), nor 1,000 jobs (`many`).

use zap::config::{Job, Need, OnLoss, Plan, Restart, Until};
use zap::model::{Command, Effect, HookKind, InstanceId, NextKind, State, Target};

use crate::cases::{look, one, signals, start_all, started, world};
use crate::plans::{command, job, ms, need, needing, one_shot, plan, restarting, supervisor};
use crate::sim::{Habit, Sim};

fn with(needs: Vec<Need>, job: Job) -> Job {
    Job { needs, ..job }
}

fn asked(sim: &Sim) -> usize {
    let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
    effects.filter(|effect| matches!(effect, Effect::SpawnHook { kind: HookKind::Probe, .. })).count()
}

// --- until × on-loss --------------------------------------------------------------------------------------------------

#[test]
fn a_lost_need_stops_restarts_or_leaves_alone_as_on_loss_says() {
    for until in [Until::Running, Until::Ready] {
        for (on_loss, without, runs) in [
            (OnLoss::Stop, State::Waiting, 2),
            (OnLoss::Ignore, State::Running, 1),
            (OnLoss::Restart, State::Running, 2),
        ] {
            let db = Job { restart_delay: ms(5_000), ..restarting(Restart::Always, job("db")) };
            let mut sim = started(vec![db, with(vec![need("db", until, on_loss)], job("web"))]);
            sim.habits(0, &[Habit::Crashes(20_000), Habit::Good]);
            sim.run_for(1_500);
            let id = look(&sim, 1).run.unwrap().id;
            assert_eq!(sim.states(), [State::Running, State::Starting], "all wait to start, {on_loss:?}");
            sim.run_for(20_000);
            assert_eq!(sim.states(), [State::Backoff, without], "{until:?} {on_loss:?}");
            sim.run_for(20_000);
            let view = look(&sim, 1);
            assert_eq!(
                (view.state, view.run.unwrap().number),
                (State::Running, runs),
                "{until:?} {on_loss:?}"
            );
            assert_eq!((view.run.unwrap().id == id, view.restarts), (runs == 1, 0));
        }
    }
}

#[test]
fn a_need_on_done_is_not_lost_when_the_job_runs_again_whatever_on_loss_says() {
    for on_loss in [OnLoss::Stop, OnLoss::Ignore, OnLoss::Restart] {
        let mut sim =
            started(vec![one_shot("migrate"), with(vec![need("migrate", Until::Done, on_loss)], job("web"))]);
        sim.habits(0, &[Habit::Exits(500, 0), Habit::Exits(500, 1)]);
        sim.run_for(5_000);
        sim.command(Command::Restart(one(0)));
        sim.run_for(5_000);
        assert_eq!(sim.states(), [State::Failed, State::Running]);
        assert_eq!(look(&sim, 1).run.unwrap().number, 1);
    }
}

#[test]
fn a_job_that_serves_can_be_needed_to_be_done() {
    let mut sim =
        started(vec![job("build"), with(vec![need("build", Until::Done, OnLoss::Stop)], job("web"))]);
    sim.habits(0, &[Habit::Exits(5_000, 0)]);
    sim.run_for(4_000);
    assert_eq!(look(&sim, 1).why, "waiting for dev/build to be done");
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Done, State::Running]);
}

#[test]
fn who_needs_a_one_shot_job_to_run_is_content_if_it_has_run() {
    for until in [Until::Running, Until::Ready] {
        let mut sim =
            started(vec![one_shot("seed"), with(vec![need("seed", until, OnLoss::Stop)], job("web"))]);
        sim.habits(0, &[Habit::Exits(500, 0)]);
        sim.run_for(5_000);
        assert_eq!(sim.states(), [State::Done, State::Running]);
    }
}

#[test]
fn a_restart_that_is_owed_is_forgotten_when_it_happens_otherwise() {
    let db = Job { restart_delay: ms(5_000), ..restarting(Restart::Always, job("db")) };
    let mut sim = started(vec![db, with(vec![need("db", Until::Running, OnLoss::Restart)], job("web"))]);
    sim.habits(0, &[Habit::Crashes(20_000), Habit::Good]);
    sim.run_for(21_000);
    assert_eq!(sim.states(), [State::Backoff, State::Running]);
    sim.command(Command::Restart(one(1)));
    sim.run_for(20_000);
    let view = look(&sim, 1);
    assert_eq!((view.state, view.run.unwrap().number), (State::Running, 2));
}

#[test]
fn a_person_who_stops_a_need_stops_first_only_those_who_stop_with_it() {
    let jobs = vec![
        job("db"),
        with(vec![need("db", Until::Running, OnLoss::Stop)], job("stops")),
        with(vec![need("db", Until::Running, OnLoss::Ignore)], job("ignores")),
        with(vec![need("db", Until::Running, OnLoss::Restart)], job("restarts")),
    ];
    let mut sim = started(jobs);
    sim.run_for(5_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(1_000);
    assert_eq!(sim.states(), [State::Stopped, State::Waiting, State::Running, State::Running]);
    let order: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
    assert_eq!(order, [2, 1]);
    sim.command(Command::Start(one(0)));
    sim.run_for(5_000);
    let numbers: Vec<u32> = (0..4).map(|index| look(&sim, index).run.unwrap().number).collect();
    assert_eq!((sim.states(), numbers), (vec![State::Running; 4], vec![2, 2, 1, 2]));
}

#[test]
fn when_zap_ends_dependants_end_first_whatever_on_loss_says() {
    for on_loss in [OnLoss::Stop, OnLoss::Ignore, OnLoss::Restart] {
        let mut sim = started(vec![job("db"), with(vec![need("db", Until::Running, on_loss)], job("web"))]);
        sim.run_for(5_000);
        sim.take_effects();
        sim.command(Command::Quit);
        sim.run_for(1_000);
        let order: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
        assert_eq!(order, [2, 1], "{on_loss:?}");
    }
}

#[test]
fn a_need_is_on_all_instances_of_a_job() {
    let workers = Job { numprocs: 3, ..job("worker") };
    let mut sim = world(vec![workers, needing(&["worker"], job("web"))]);
    sim.habits(2, &[Habit::Tardy(3_000), Habit::Good]);
    start_all(&mut sim);
    sim.run_for(2_000);
    let view = look(&sim, 3);
    assert_eq!((view.state, view.why.as_str()), (State::Waiting, "waiting for dev/worker#3 to be up"));
    assert_eq!((view.note.as_str(), view.blocked_by), ("for worker#3", Some(InstanceId(2))));
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Running; 4]);
    sim.command(Command::Stop(one(1)));
    sim.run_for(1_000);
    assert_eq!(
        (sim.state(3), look(&sim, 3).why.as_str()),
        (State::Waiting, "waiting for dev/worker#2, which is stopped")
    );
    sim.command(Command::Start(one(3)));
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Running; 4]);
    assert_eq!(look(&sim, 0).run.unwrap().number, 1, "what was up is not touched");
}

#[test]
fn a_target_is_a_job_with_all_its_instances_or_one_of_them() {
    let mut sim = world(vec![Job { numprocs: 3, ..job("web") }]);
    let (system, name) = ("dev".to_owned(), "web".to_owned());
    sim.command(Command::Start(vec![Target::Numbered {
        system: system.clone(),
        job: name.clone(),
        number: 2,
    }]));
    assert_eq!(sim.states(), [State::Stopped, State::Starting, State::Stopped]);
    sim.command(Command::Start(vec![Target::Job { system, job: name }]));
    assert_eq!(sim.states(), [State::Starting; 3]);
}

#[test]
fn the_chain_of_reasons_is_told_by_its_links_and_by_its_end() {
    let jobs = vec![
        job("db"),
        needing(&["db"], job("api")),
        needing(&["api"], job("web")),
        needing(&["web"], job("e2e")),
    ];
    let mut sim = world(jobs);
    sim.habits(0, &[Habit::Tardy(10_000)]);
    start_all(&mut sim);
    let links: Vec<Option<InstanceId>> = (0..4).map(|index| look(&sim, index).blocked_by).collect();
    assert_eq!(links, [None, Some(InstanceId(0)), Some(InstanceId(1)), Some(InstanceId(2))]);
    assert_eq!(look(&sim, 3).why, "waiting for dev/web, which waits for dev/db to be up");
}

#[test]
fn a_system_is_restarted_as_a_whole_in_its_order() {
    let mut sim = started(crate::cases::chain());
    sim.run_for(5_000);
    sim.take_effects();
    sim.command(Command::Restart(vec![Target::System("dev".to_owned())]));
    sim.run_for(10_000);
    let order: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
    assert_eq!((order, sim.states()), (vec![3, 2, 1], vec![State::Running; 3]));
    let numbers: Vec<u32> = (0..3).map(|index| look(&sim, index).run.unwrap().number).collect();
    assert_eq!(numbers, [2, 2, 2]);
    let began: Vec<_> = (0..3).map(|index| look(&sim, index).run.unwrap().started.mono).collect();
    assert!(began[0] < began[1] && began[1] < began[2], "{began:?}");
}

// --- Commands ---------------------------------------------------------------------------------------------------------

#[test]
fn a_command_is_asked_each_second_until_it_succeeds() {
    let mut sim = world(vec![with(vec![command("pg_isready")], job("web"))]);
    sim.hook_habits(
        0,
        HookKind::Probe,
        &[Habit::Exits(10, 2), Habit::Exits(10, 2), Habit::Exits(10, 2), Habit::Exits(10, 0)],
    );
    sim.hook_says(0, HookKind::Probe, "no response");
    start_all(&mut sim);
    assert_eq!(look(&sim, 0).why, "waiting for `pg_isready` to succeed");
    sim.run_for(2_500);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Waiting, "for pg_isready"));
    assert_eq!(view.why, "waiting for `pg_isready` to succeed: no response, 3 times in 2s");
    assert_eq!((view.lingering, sim.supervisor.at_rest()), (0, None), "it may succeed without a person");
    sim.run_for(3_000);
    assert_eq!((sim.state(0), asked(&sim)), (State::Running, 4));
    sim.run_for(60_000);
    assert_eq!(asked(&sim), 4, "once started it is met for that run");
    sim.command(Command::Restart(one(0)));
    sim.run_for(5_000);
    assert_eq!((sim.state(0), asked(&sim)), (State::Running, 5), "each start asks anew");
}

#[test]
fn commands_are_asked_one_after_the_other_once_the_jobs_are_as_they_should_be() {
    let needs = vec![command("a"), need("db", Until::Running, OnLoss::Stop), command("b")];
    let mut sim = world(vec![job("db"), with(needs, job("web"))]);
    sim.hook_habits(1, HookKind::Probe, &[Habit::Exits(10, 0), Habit::Exits(10, 1), Habit::Exits(10, 0)]);
    start_all(&mut sim);
    sim.run_for(900);
    assert_eq!((asked(&sim), look(&sim, 1).why.as_str()), (0, "waiting for dev/db to be up"));
    sim.run_for(500);
    assert_eq!(look(&sim, 1).note, "for b");
    sim.run_for(5_000);
    assert_eq!((sim.state(1), asked(&sim)), (State::Running, 3));
}

#[test]
fn a_command_that_hangs_or_is_missing_says_no() {
    let mut sim = world(vec![with(vec![command("hangs")], job("web"))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Deaf, Habit::Missing, Habit::Exits(10, 0)]);
    start_all(&mut sim);
    sim.run_for(10_500);
    assert_eq!(look(&sim, 0).why, "waiting for `hangs` to succeed: no answer within 10s");
    sim.run_for(2_000);
    assert!(sim.runs.values().all(|run| run.alive() == 0), "it got KILL");
    sim.run_for(500);
    assert_eq!(look(&sim, 0).why, "waiting for `hangs` to succeed: no such file: ./api, 2 times in 2s");
    sim.run_for(3_000);
    assert_eq!(sim.state(0), State::Running);
}

#[test]
fn a_stop_ends_the_question_too() {
    let mut sim = world(vec![with(vec![command("hangs")], job("web"))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Deaf]);
    start_all(&mut sim);
    sim.run_for(1_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(2_200);
    assert_eq!(sim.state(0), State::Stopped);
    assert!(sim.runs.values().all(|run| run.alive() == 0));
    sim.command(Command::Start(one(0)));
    sim.run_for(1_000);
    sim.command(Command::Quit);
    sim.run_for(5_000);
    assert!(sim.finished.is_some());
}

// --- max-starting, start-stagger --------------------------------------------------------------------------------------

fn flat(count: usize, change: impl Fn(&mut Plan)) -> Sim {
    let mut plan = plan((0..count).map(|index| job(&format!("j{index}"))).collect());
    change(&mut plan);
    let mut sim = Sim::new(supervisor(plan), 1);
    start_all(&mut sim);
    sim
}

#[test]
fn no_more_are_starting_at_a_time_than_max_starting_says() {
    let mut sim = flat(5, |plan| plan.settings.max_starting = 2);
    assert_eq!(
        sim.states(),
        [State::Starting, State::Starting, State::Waiting, State::Waiting, State::Waiting]
    );
    assert_eq!(look(&sim, 2).why, "waiting for others to be up: 2 may be starting at a time (max-starting)");
    assert_eq!(look(&sim, 2).blocked_by, None);
    let mut most = 0;
    while sim.happen(20_000) {
        most = most.max(sim.states().iter().filter(|state| **state == State::Starting).count());
    }
    assert_eq!((sim.states(), most), (vec![State::Running; 5], 2));
}

#[test]
fn start_stagger_is_the_least_time_between_two_starts() {
    let mut sim = flat(3, |plan| plan.settings.start_stagger = ms(5_000));
    assert_eq!(look(&sim, 1).why, "waiting for its turn: 5s between two starts (start-stagger)");
    assert_eq!((sim.supervisor.at_rest(), look(&sim, 1).next), (None, None));
    sim.run_for(30_000);
    let began: Vec<u64> =
        (0..3).map(|index| look(&sim, index).run.unwrap().started.mono.0.as_millis() as u64).collect();
    assert_eq!(began, [1_000, 6_000, 11_000]);
    assert_eq!(sim.supervisor.deadline(), None);
    sim.command(Command::Restart(one(0)));
    sim.command(Command::Restart(one(1)));
    sim.run_for(3_000);
    let waiting = sim.states().into_iter().filter(|state| *state == State::Waiting).count();
    assert_eq!(waiting, 1, "also between restarts");
    sim.run_for(10_000);
    assert_eq!(sim.states(), [State::Running; 3]);
}

#[test]
fn a_reload_changes_the_limits_for_those_who_wait() {
    let mut sim = flat(3, |plan| plan.settings.start_stagger = ms(600_000));
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Running, State::Waiting, State::Waiting]);
    let jobs = (0..3).map(|index| job(&format!("j{index}"))).collect();
    crate::reload::reload(&mut sim, plan(jobs));
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Running; 3]);
}

#[test]
fn a_retry_has_its_time_in_the_view_while_it_waits_for_nobody() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.run_for(200);
    assert_eq!(look(&sim, 0).next.map(|next| next.kind), Some(NextKind::Retry));
}

#[test]
fn what_a_person_stopped_before_it_ever_ran_was_stopped_as_asked() {
    let mut sim = started(vec![Job { one_shot: true, ..job("db") }, needing(&["db"], job("web"))]);
    sim.habits(0, &[Habit::Missing]);
    sim.command(Command::Stop(one(1)));
    let view = look(&sim, 1);
    assert_eq!(
        (view.state, view.run, view.why.as_str()),
        (State::Stopped, None, "stopped as asked, before it was ever started")
    );
}
