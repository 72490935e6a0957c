//! Scripted reloads, named as sentences. Not: what must hold after every reload, which `random` tries.

use zap::config::{Hook, Job, OnChange, OnLoss, Plan, Ready, Restart, Sign, Until};
use zap::model::{
    By, ChangeKind, Command, Effect, Event, FileProblem, HookKind, InstanceId, InstanceView, NotFound,
    Notice, Now, RecordKind, State, Target, Time, Wall, resolve_shown,
};

use crate::cases::{chain, look, one, records, signals, spawns, start_all, started};
use crate::plans::{job, launch, ms, need, needing, one_shot, plan, restarting, shared, supervisor};
use crate::sim::{Habit, Sim};
use crate::walls::{at, window};

pub(crate) fn reload(sim: &mut Sim, plan: Plan) {
    sim.tell(Event::Reloaded { plan: Box::new(plan), by: By::Reload });
}

fn running(jobs: Vec<Job>) -> Sim {
    let mut sim = started(jobs);
    sim.run_for(5_000);
    sim.take_effects();
    sim
}

/// The same job, running another program.
pub(crate) fn anew(job: Job) -> Job {
    Job { launch: Some(launch("another")), ..job }
}

fn named(sim: &Sim, address: &str) -> Option<InstanceView> {
    sim.view().systems.iter().flat_map(|system| &system.jobs).find(|job| job.address == address).cloned()
}

fn deeds(sim: &Sim, plan: &Plan) -> Vec<(String, ChangeKind, String)> {
    let now = Now { mono: Time(ms(sim.now)), wall: Wall(sim.wall()) };
    let forecast = sim.supervisor.forecast(now, plan);
    forecast.changes.into_iter().map(|change| (change.address, change.kind, change.deed)).collect()
}

#[test]
fn what_did_not_change_is_not_touched() {
    let mut sim = running(vec![job("a"), restarting(Restart::Always, job("b")), job("c")]);
    let before = sim.view();
    reload(&mut sim, plan(vec![job("a"), restarting(Restart::Always, job("b")), job("c")]));
    let told: Vec<Effect> = sim.take_effects();
    let told: Vec<&Effect> = told.iter().filter(|effect| !matches!(effect, Effect::Record(_))).collect();
    assert_eq!((told, sim.view()), (vec![], before));
    assert!(records(&sim).contains(&RecordKind::Reload { what: "reload: 3 jobs kept".to_owned() }));
}

#[test]
fn a_changed_launch_key_restarts_one_job_and_touches_no_other() {
    let mut sim = running(vec![job("a"), job("b")]);
    let before = look(&sim, 0);
    reload(&mut sim, plan(vec![job("a"), anew(job("b"))]));
    assert_eq!(look(&sim, 1).why, "the file has changed: TERM sent");
    sim.run_for(5_000);
    assert_eq!(look(&sim, 0), before);
    let view = look(&sim, 1);
    assert_eq!((view.id, view.state, view.run.unwrap().number), (InstanceId(1), State::Running, 2));
    let argv = sim.effects.iter().find_map(|effect| match effect {
        Effect::Spawn { launch, .. } => Some(launch.argv.clone()),
        _ => None,
    });
    assert_eq!(argv, Some(vec!["another".into()]));
}

#[test]
fn a_job_that_is_left_pending_goes_on_and_its_next_start_is_the_new_one() {
    let mut sim = running(vec![Job { on_change: OnChange::Pending, ..job("a") }]);
    let run = look(&sim, 0).run;
    let changed = Job { on_change: OnChange::Pending, ..anew(job("a")) };
    let told = vec![("dev/a".to_owned(), ChangeKind::Changed, "goes on (pending)".to_owned())];
    assert_eq!(deeds(&sim, &plan(vec![changed.clone()])), told);
    reload(&mut sim, plan(vec![changed]));
    sim.run_for(5_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.run, view.pending_change), (State::Running, run, true));
    sim.command(Command::Restart(one(0)));
    sim.run_for(5_000);
    assert_eq!((sim.state(0), look(&sim, 0).pending_change, sim.runs.len()), (State::Running, false, 2));
}

#[test]
fn live_keys_are_applied_in_place() {
    let mut sim = running(vec![job("a")]);
    let mut changed = Job { title: "new".to_owned(), restart: Restart::Always, ..job("a") };
    changed.stop.timeout = ms(100);
    let told = vec![("dev/a".to_owned(), ChangeKind::Changed, "goes on".to_owned())];
    assert_eq!(deeds(&sim, &plan(vec![changed.clone()])), told);
    reload(&mut sim, plan(vec![changed]));
    sim.habits(0, &[Habit::Deaf]);
    let view = look(&sim, 0);
    assert_eq!((view.title.as_str(), view.state, view.run.unwrap().number), ("new", State::Running, 1));
    sim.command(Command::Stop(one(0)));
    assert_eq!(look(&sim, 0).next.unwrap().at.0, ms(sim.now + 100));
}

#[test]
fn an_added_job_starts_and_a_removed_one_stops_and_goes() {
    let mut sim = running(vec![job("a"), job("b")]);
    let next = plan(vec![job("a"), job("c"), Job { autostart: false, ..job("d") }]);
    let told = |address: &str, kind, deed: &str| (address.to_owned(), kind, deed.to_owned());
    let expected = [
        told("dev/c", ChangeKind::Added, "starts"),
        told("dev/d", ChangeKind::Added, "is not started"),
        told("dev/b", ChangeKind::Removed, "stops"),
    ];
    assert_eq!(deeds(&sim, &next), expected);
    sim.habits(1, &[Habit::Slow(300)]);
    reload(&mut sim, next);
    assert_eq!(named(&sim, "dev/b").unwrap().why, "the file no longer has it: TERM sent");
    sim.run_for(5_000);
    assert_eq!(named(&sim, "dev/b"), None);
    assert!(sim.forgotten.contains(&InstanceId(1)));
    let added = named(&sim, "dev/c").unwrap();
    assert_eq!((added.id, added.state, added.wanted), (InstanceId(2), State::Running, true));
    assert_eq!(named(&sim, "dev/d").unwrap().state, State::Stopped);
    reload(&mut sim, plan(vec![job("a"), job("b")]));
    sim.run_for(5_000);
    assert_eq!(named(&sim, "dev/b").unwrap().id, InstanceId(4), "an id is never used again");
}

#[test]
fn a_system_that_is_gone_is_shown_until_it_has_ended() {
    let both = |names: &[&str]| {
        let mut both = plan(vec![job("a")]);
        for name in names {
            let mut other = both.systems[0].clone();
            (other.name, other.jobs) = ((*name).to_owned(), shared(vec![job("x")]));
            both.systems.push(other);
        }
        both
    };
    let mut sim = Sim::new(supervisor(both(&["tools"])), 1);
    sim.command(Command::Start(vec![Target::System("dev".to_owned()), Target::System("tools".to_owned())]));
    sim.habits(1, &[Habit::Slow(500)]);
    sim.run_for(2_000);
    reload(&mut sim, both(&["more"]));
    let systems = |sim: &Sim| sim.view().systems.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(systems(&sim), ["dev", "more", "tools"]);
    sim.run_for(2_000);
    assert_eq!(systems(&sim), ["dev", "more"]);
    assert_eq!(named(&sim, "more/x").unwrap().state, State::Running);
}

#[test]
fn what_comes_back_while_it_leaves_is_taken_back() {
    let mut sim = running(vec![job("a"), job("b")]);
    sim.habits(1, &[Habit::Slow(500)]);
    sim.command(Command::Restart(one(1)));
    sim.run_for(3_000);
    reload(&mut sim, plan(vec![job("a")]));
    sim.run_for(100);
    assert_eq!(named(&sim, "dev/b").unwrap().state, State::Stopping);
    reload(&mut sim, plan(vec![job("a"), job("b")]));
    sim.run_for(5_000);
    let view = named(&sim, "dev/b").unwrap();
    assert_eq!((view.id, view.state, view.run.unwrap().number), (InstanceId(1), State::Running, 3));
    assert!(sim.forgotten.is_empty());
}

#[test]
fn what_leaves_and_was_put_down_meanwhile_stays_down_when_it_comes_back() {
    let mut sim = running(vec![job("a"), job("b")]);
    sim.habits(1, &[Habit::Slow(500)]);
    sim.command(Command::Restart(one(1)));
    sim.run_for(3_000);
    reload(&mut sim, plan(vec![job("a")]));
    sim.command(Command::Stop(one(1)));
    sim.command(Command::Start(one(1)));
    assert!(!named(&sim, "dev/b").unwrap().wanted, "what leaves is not started");
    reload(&mut sim, plan(vec![job("a"), job("b")]));
    sim.run_for(5_000);
    assert_eq!(named(&sim, "dev/b").unwrap().state, State::Stopped);
}

/// So many workers, and who needs them.
fn workers(numprocs: u32, worker: &Job, until: Until, on_loss: OnLoss) -> Plan {
    let web = Job { needs: vec![need("worker", until, on_loss)], ..job("web") };
    plan(vec![Job { numprocs, ..worker.clone() }, web])
}

/// One worker, and who needs it: both are up.
fn beside_one(worker: &Job, until: Until, on_loss: OnLoss, habits: &[Habit]) -> Sim {
    let mut sim = Sim::new(supervisor(workers(1, worker, until, on_loss)), 1);
    sim.habits(0, habits);
    start_all(&mut sim);
    sim.run_for(5_000);
    sim
}

fn web(sim: &Sim) -> (State, u32) {
    let web = named(sim, "dev/web").unwrap();
    (web.state, web.run.unwrap().number)
}

#[test]
fn one_more_instance_of_what_is_needed_stops_nobody_and_counts_once_it_was_there() {
    for until in [Until::Running, Until::Ready] {
        for (on_loss, without) in
            [(OnLoss::Stop, (State::Waiting, 1)), (OnLoss::Restart, (State::Running, 1))]
        {
            let mut sim = beside_one(&job("worker"), until, on_loss, &[]);
            sim.habits(2, &[Habit::Crashes(20_000), Habit::Good]);
            reload(&mut sim, workers(2, &job("worker"), until, on_loss));
            for state in [State::Starting, State::Running] {
                assert_eq!(named(&sim, "dev/worker#2").unwrap().state, state);
                assert_eq!(web(&sim), (State::Running, 1), "{until:?} {on_loss:?} {state:?}");
                sim.run_for(5_000);
            }
            sim.run_for(15_000);
            assert_eq!(named(&sim, "dev/worker#2").unwrap().state, State::Failed);
            assert_eq!(web(&sim), without, "{until:?} {on_loss:?}");
            sim.command(Command::Start(one(2)));
            sim.run_for(15_000);
            assert_eq!(web(&sim), (State::Running, 2), "{until:?} {on_loss:?}");
        }
    }
}

#[test]
fn one_more_instance_that_never_comes_up_stops_nobody_but_who_starts_waits_for_it() {
    let mut sim = beside_one(&job("worker"), Until::Running, OnLoss::Stop, &[]);
    sim.habits(2, &[Habit::Crashes(100)]);
    reload(&mut sim, workers(2, &job("worker"), Until::Running, OnLoss::Stop));
    sim.run_for(60_000);
    assert_eq!(named(&sim, "dev/worker#2").unwrap().state, State::Failed);
    assert_eq!(web(&sim), (State::Running, 1));
    sim.command(Command::Restart(one(1)));
    sim.run_for(5_000);
    assert_eq!(web(&sim), (State::Waiting, 1));
}

#[test]
fn the_one_that_was_there_is_lost_as_ever_while_another_comes() {
    let mut sim = beside_one(&job("worker"), Until::Running, OnLoss::Stop, &[Habit::Crashes(6_000)]);
    sim.habits(2, &[Habit::Crashes(100)]);
    reload(&mut sim, workers(2, &job("worker"), Until::Running, OnLoss::Stop));
    assert_eq!(web(&sim), (State::Running, 1));
    sim.run_for(3_000);
    assert_eq!(web(&sim), (State::Waiting, 1));
}

#[test]
fn one_more_instance_of_what_is_needed_to_be_done_stops_nobody_while_it_is_not() {
    let ends = [Habit::Exits(1_500, 0)];
    let mut sim = beside_one(&one_shot("worker"), Until::Done, OnLoss::Stop, &ends);
    sim.habits(2, &ends);
    reload(&mut sim, workers(2, &one_shot("worker"), Until::Done, OnLoss::Stop));
    for state in [State::Starting, State::Done] {
        assert_eq!(named(&sim, "dev/worker#2").unwrap().state, state);
        assert_eq!(web(&sim), (State::Running, 1), "{state:?}");
        sim.run_for(5_000);
    }
}

#[test]
fn an_instance_that_is_asked_for_again_while_it_ends_stops_nobody() {
    let plan = |numprocs| workers(numprocs, &job("worker"), Until::Running, OnLoss::Stop);
    let mut sim = beside_one(&job("worker"), Until::Running, OnLoss::Stop, &[]);
    sim.habits(2, &[Habit::Slow(3_000), Habit::Good]);
    reload(&mut sim, plan(2));
    sim.run_for(5_000);
    reload(&mut sim, plan(1));
    sim.run_for(1_000);
    assert_eq!(named(&sim, "dev/worker#2").unwrap().state, State::Stopping);
    reload(&mut sim, plan(2));
    assert_eq!(web(&sim), (State::Running, 1));
    sim.run_for(10_000);
    assert_eq!(named(&sim, "dev/worker#2").unwrap().run.unwrap().number, 2);
    assert_eq!(web(&sim), (State::Running, 1));
}

#[test]
fn numprocs_starts_or_stops_only_the_difference_the_highest_numbers_first() {
    let many = |numprocs| plan(vec![Job { numprocs, ..job("web") }]);
    let mut sim = Sim::new(supervisor(many(1)), 1);
    start_all(&mut sim);
    sim.run_for(2_000);
    let run = look(&sim, 0).run;
    assert_eq!(look(&sim, 0).address, "dev/web");
    assert_eq!(deeds(&sim, &many(4))[0].2, "goes on, 3 more instances");
    reload(&mut sim, many(4));
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Running; 4]);
    let addresses: Vec<String> = sim.view().systems[0].jobs.iter().map(|job| job.address.clone()).collect();
    assert_eq!(addresses, ["dev/web#1", "dev/web#2", "dev/web#3", "dev/web#4"]);
    assert_eq!((look(&sim, 0).id, look(&sim, 0).run), (InstanceId(0), run));
    let instances: Vec<String> = sim
        .take_effects()
        .iter()
        .filter_map(|effect| match effect {
            Effect::Spawn { launch, .. } => {
                launch.env.iter().find(|(name, _)| name == "ZAP_INSTANCE").cloned()
            }
            _ => None,
        })
        .map(|(_, value)| value.into_string().unwrap())
        .collect();
    assert_eq!(instances, ["1", "2", "3", "4"]);
    assert_eq!(deeds(&sim, &many(2))[0].2, "goes on, 2 fewer instances");
    reload(&mut sim, many(2));
    let told: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
    assert_eq!(told, [4, 3]);
    sim.run_for(2_000);
    assert_eq!((sim.states(), look(&sim, 0).run), (vec![State::Running; 2], run));
    reload(&mut sim, many(1));
    sim.run_for(2_000);
    assert_eq!((look(&sim, 0).address.as_str(), look(&sim, 0).run), ("dev/web", run));
}

#[test]
fn new_instances_of_a_job_that_is_down_stay_down() {
    let mut sim = running(vec![job("web")]);
    sim.command(Command::Stop(one(0)));
    sim.run_for(1_000);
    reload(&mut sim, plan(vec![Job { numprocs: 3, ..job("web") }]));
    assert_eq!(sim.states(), [State::Stopped; 3]);
}

#[test]
fn a_changed_file_skips_the_backoff_and_zeroes_the_counters() {
    let mut sim = started(vec![restarting(Restart::Always, job("web")), job("failed")]);
    sim.habits(0, &[Habit::Exits(100, 1)]);
    sim.habits(1, &[Habit::Exits(100, 1), Habit::Good]);
    sim.run_for(3_000);
    assert_eq!((look(&sim, 0).note.as_str(), sim.state(1)), ("2/3", State::Failed));
    let next = plan(vec![anew(restarting(Restart::Always, job("web"))), anew(job("failed"))]);
    assert_eq!(
        deeds(&sim, &next).iter().map(|deed| deed.2.as_str()).collect::<Vec<_>>(),
        ["starts", "starts"]
    );
    reload(&mut sim, next);
    assert_eq!(sim.states(), [State::Starting; 2]);
    sim.run_for(150);
    assert_eq!((look(&sim, 0).note.as_str(), look(&sim, 0).restarts), ("1/3", 0));
}

#[test]
fn a_done_need_whose_launch_keys_change_runs_again_and_its_dependants_come_back_after_it() {
    let jobs = |migrate: Job| {
        vec![migrate, Job { needs: vec![need("migrate", Until::Done, OnLoss::Stop)], ..job("api") }]
    };
    let mut sim = started(jobs(one_shot("migrate")));
    sim.habits(0, &[Habit::Exits(500, 0)]);
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Done, State::Running]);
    reload(&mut sim, plan(jobs(anew(one_shot("migrate")))));
    sim.run_for(100);
    assert_eq!(sim.states(), [State::Running, State::Waiting]);
    sim.run_for(3_000);
    assert_eq!(sim.states(), [State::Done, State::Running]);
}

#[test]
fn removed_jobs_end_dependants_first() {
    let mut sim = running(chain());
    reload(&mut sim, plan(Vec::new()));
    sim.run_for(2_000);
    let order: Vec<u64> = signals(&sim.take_effects()).into_iter().map(|(run, ..)| run).collect();
    assert_eq!(order, [3, 2, 1]);
    assert_eq!(sim.view().systems[0].jobs, []);
}

#[test]
fn an_added_job_starts_what_nobody_ever_started_but_not_what_a_person_put_down() {
    let by_hand = |name: &str| Job { autostart: false, ..job(name) };
    let mut sim = running(vec![job("a"), by_hand("db"), job("cache")]);
    sim.command(Command::Stop(one(2)));
    sim.run_for(1_000);
    reload(
        &mut sim,
        plan(vec![job("a"), by_hand("db"), job("cache"), needing(&["db", "cache"], job("web"))]),
    );
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Running, State::Running, State::Stopped, State::Waiting]);
    assert_eq!(look(&sim, 3).why, "waiting for dev/cache, which is stopped");
}

#[test]
fn a_broken_file_changes_nothing_and_is_shown_until_it_is_mended() {
    let mut sim = running(vec![job("a")]);
    let problem = FileProblem {
        first: "no job named `dba`".to_owned(),
        place: "systems.toml:14:15".to_owned(),
        more: 1,
        text: "error".to_owned(),
    };
    let before = sim.view().systems;
    sim.tell(Event::FileBroken { problem: problem.clone(), by: By::Reload });
    assert_eq!((sim.view().problem, sim.view().systems), (Some(problem), before));
    reload(&mut sim, plan(vec![job("a")]));
    assert_eq!(sim.view().problem, None);
}

#[test]
fn nothing_is_reloaded_once_zap_quits() {
    let mut sim = running(vec![job("a")]);
    sim.habits(0, &[Habit::Slow(500)]);
    sim.command(Command::Quit);
    sim.take_effects();
    reload(&mut sim, plan(vec![job("a"), job("b")]));
    assert_eq!((spawns(&sim.take_effects()), sim.view().systems[0].jobs.len()), (0, 1));
    sim.run_for(2_000);
    assert!(sim.finished.is_some());
}

#[test]
fn what_does_not_run_takes_its_new_command_at_its_next_start() {
    let mut sim = running(vec![job("a"), job("b")]);
    sim.command(Command::Stop(one(0)));
    sim.command(Command::Stop(one(1)));
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Stopped, State::Stopped]);
    let labelled = Job { labels: vec!["x".to_owned()], ..job("b") };
    let told = deeds(&sim, &plan(vec![anew(job("a")), labelled]));
    let told: Vec<_> = told.iter().map(|deed| deed.2.as_str()).collect();
    assert_eq!(told, ["takes effect at its next start", "stays as it is"]);
}

#[test]
fn a_forecast_names_the_keys_and_changes_nothing() {
    let mut sim = running(vec![job("a"), job("b")]);
    sim.tell(Event::Tick);
    let before = sim.supervisor.clone();
    let mut next =
        plan(vec![Job { start_secs: ms(7), labels: vec!["x".to_owned()], ..anew(job("a")) }, job("b")]);
    next.settings.max_starting = 3;
    let now = Now { mono: Time(ms(sim.now)), wall: Wall(sim.wall()) };
    let forecast = sim.supervisor.forecast(now, &next);
    assert_eq!((forecast.settings.as_slice(), forecast.kept), (&["max-starting".to_owned()][..], 1));
    assert_eq!(forecast.changes[0].keys, ["command", "labels", "start-secs"]);
    assert_eq!(forecast.changes[0].deed, "restarts");
    assert_eq!(forecast.to_string(), "1 changed, max-starting changed, 1 job kept");
    assert_eq!(sim.supervisor, before);
}

#[test]
fn new_probes_take_the_place_of_old_ones_and_what_was_ready_stays_so() {
    let ready = |regex: &str| Ready {
        sign: Some(Sign::Log(regex.to_owned())),
        fail_log: None,
        timeout: ms(60_000),
        interval: ms(500),
    };
    let with = |regex| Job { ready: Some(ready(regex)), ..job("web") };
    let mut sim = running(vec![with("listening"), Job { name: "late".to_owned(), ..with("listening") }]);
    let run = look(&sim, 0).run.unwrap().id;
    sim.tell(Event::Noticed { run, notice: Notice::Ready });
    assert_eq!((look(&sim, 0).ready, look(&sim, 1).ready), (true, false));
    sim.take_effects();
    reload(&mut sim, plan(vec![with("ready"), Job { name: "late".to_owned(), ..with("ready") }]));
    let listens = sim.effects.iter().filter(|effect| match effect {
        Effect::Listen { patterns, .. } => patterns[0].regex == "ready",
        _ => false,
    });
    assert_eq!((listens.count(), look(&sim, 0).ready, look(&sim, 1).ready), (2, true, false));
    assert_eq!(look(&sim, 0).run.unwrap().number, 1);
    let run = look(&sim, 1).run.unwrap().id;
    sim.tell(Event::Noticed { run, notice: Notice::Ready });
    assert!(look(&sim, 1).ready);
}

#[test]
fn a_sign_that_was_seen_while_it_starts_is_not_forgotten_when_only_its_patience_changes() {
    let with = |timeout: u64, interval: u64| Job {
        ready: Some(Ready {
            sign: Some(Sign::Log("listening".to_owned())),
            fail_log: None,
            timeout: ms(timeout),
            interval: ms(interval),
        }),
        start_secs: ms(5_000),
        ..job("web")
    };
    let mut sim = started(vec![with(1_000, 500)]);
    sim.run_for(2_000);
    let run = look(&sim, 0).run.unwrap().id;
    sim.tell(Event::Noticed { run, notice: Notice::Ready });
    reload(&mut sim, plan(vec![with(9_000, 700)]));
    sim.run_for(5_000);
    assert_eq!((sim.state(0), look(&sim, 0).ready), (State::Running, true));
}

#[test]
fn a_longer_patience_with_a_sign_begins_anew() {
    let with = |timeout: u64| Job {
        ready: Some(Ready {
            sign: Some(Sign::Log("listening".to_owned())),
            fail_log: None,
            timeout: ms(timeout),
            interval: ms(500),
        }),
        ..job("web")
    };
    let mut sim = started(vec![with(2_000)]);
    sim.run_for(3_000);
    assert!(look(&sim, 0).why.ends_with("its ready.timeout of 2s has passed"), "{}", look(&sim, 0).why);
    reload(&mut sim, plan(vec![with(6_000)]));
    assert!(look(&sim, 0).why.ends_with("yet"), "{}", look(&sim, 0).why);
    sim.run_for(4_000);
    assert!(look(&sim, 0).why.ends_with("its ready.timeout of 6s has passed"), "{}", look(&sim, 0).why);
}

#[test]
fn a_need_that_is_new_and_not_met_stops_nobody_until_it_was_met() {
    let db = || Job { start_secs: ms(3_000), ..job("db") };
    let mut sim = running(vec![job("web")]);
    let run = look(&sim, 0).run;
    reload(&mut sim, plan(vec![job("web"), needing(&["db"], job("late")), db()]));
    reload(&mut sim, plan(vec![needing(&["db"], job("web")), needing(&["db"], job("late")), db()]));
    assert_eq!(sim.states(), [State::Running, State::Waiting, State::Starting]);
    sim.run_for(5_000);
    assert_eq!((sim.states(), look(&sim, 0).run), (vec![State::Running; 3], run));
    sim.command(Command::Stop(vec![Target::Job { system: "dev".to_owned(), job: "db".to_owned() }]));
    assert_eq!(look(&sim, 0).why, "dev/db is no longer up: TERM sent; comes back with it");
}

#[test]
fn a_need_that_is_lost_is_named_rightly_when_it_has_another_place_in_the_file() {
    let mut sim = running(vec![job("db"), job("cache"), needing(&["cache", "db"], job("web"))]);
    sim.habits(2, &[Habit::Slow(900)]);
    sim.command(Command::Restart(one(2)));
    sim.run_for(3_000);
    sim.command(Command::Stop(one(0)));
    assert_eq!(look(&sim, 2).why, "dev/db is no longer up: TERM sent; comes back with it");
    reload(&mut sim, plan(vec![job("db"), job("cache"), needing(&["db"], job("web"))]));
    assert_eq!(look(&sim, 2).why, "dev/db is no longer up: TERM sent; comes back with it");
    reload(&mut sim, plan(vec![job("db"), job("cache"), job("web")]));
    assert_eq!(look(&sim, 2).why, "the file has changed: TERM sent");
    sim.run_for(5_000);
    assert_eq!(sim.state(2), State::Running);
}

#[test]
fn a_forecast_names_those_that_stop_since_what_they_need_does() {
    let needing = |on_loss, job: Job| Job { needs: vec![need("db", Until::Running, on_loss)], ..job };
    let jobs = |db: Job| {
        vec![
            db,
            needing(OnLoss::Stop, job("api")),
            Job { needs: vec![need("api", Until::Running, OnLoss::Stop)], ..job("web") },
            needing(OnLoss::Restart, job("worker")),
            needing(OnLoss::Ignore, job("mail")),
        ]
    };
    let mut sim = running(jobs(job("db")));
    let next = plan(jobs(anew(job("db"))));
    let told = |address: &str, kind, deed: &str| (address.to_owned(), kind, deed.to_owned());
    let expected = [
        told("dev/db", ChangeKind::Changed, "restarts"),
        told("dev/api", ChangeKind::Affected, "stops until dev/db is back"),
        told("dev/web", ChangeKind::Affected, "stops until dev/api is back"),
        told("dev/worker", ChangeKind::Affected, "restarts when dev/db is back"),
    ];
    assert_eq!(deeds(&sim, &next), expected);
    let runs: Vec<_> = (0..5).map(|index| look(&sim, index).run.unwrap().id).collect();
    reload(&mut sim, next);
    assert!(
        records(&sim)
            .contains(&RecordKind::Reload { what: "reload: 1 changed, 3 affected, 1 job kept".to_owned() })
    );
    sim.run_for(10_000);
    assert_eq!(sim.states(), [State::Running; 5]);
    let kept: Vec<bool> = (0..5).map(|index| look(&sim, index).run.unwrap().id == runs[index]).collect();
    assert_eq!(kept, [false, false, false, false, true]);
}

#[test]
fn titles_and_order_are_a_change_of_the_file_too() {
    let sim = running(vec![job("a"), job("b")]);
    let forecast = |plan: &Plan| {
        let now = Now { mono: Time(ms(sim.now)), wall: Wall(sim.wall()) };
        sim.supervisor.forecast(now, plan)
    };
    assert!(forecast(&plan(vec![job("a"), job("b")])).is_empty());
    let mut other = plan(vec![job("b"), job("a")]);
    other.systems[0].title = "Development".to_owned();
    let told = forecast(&other);
    assert_eq!(
        (told.systems.as_slice(), told.is_empty()),
        (&["dev: title, jobs in another order".to_owned()][..], false)
    );
    assert_eq!(told.to_string(), "[dev: title, jobs in another order], 2 jobs kept");
}

#[test]
fn a_job_that_shall_start_with_its_system_by_now_does_unless_a_person_put_it_down() {
    let by_hand = |name: &str| Job { autostart: false, ..job(name) };
    let mut sim = running(vec![job("a"), by_hand("b"), by_hand("c")]);
    sim.command(Command::Start(one(2)));
    sim.command(Command::Stop(one(2)));
    sim.run_for(1_000);
    assert_eq!(sim.states(), [State::Running, State::Stopped, State::Stopped]);
    let next = plan(vec![job("a"), job("b"), job("c")]);
    assert_eq!(
        deeds(&sim, &next).iter().map(|deed| deed.2.as_str()).collect::<Vec<_>>(),
        ["starts", "stays as it is"]
    );
    reload(&mut sim, next);
    sim.run_for(2_000);
    assert_eq!(sim.states(), [State::Running, State::Running, State::Stopped]);
    reload(&mut sim, plan(vec![job("a"), by_hand("b"), job("c")]));
    sim.run_for(2_000);
    assert_eq!(sim.state(1), State::Running, "the other way round nothing is stopped");
}

#[test]
fn what_prepares_keeps_its_place_when_fewer_may_be_starting() {
    let hook = Hook { command: vec!["x".to_owned()], line: "x".to_owned(), timeout: ms(5_000) };
    let many = |max_starting| {
        let mut many = plan(vec![Job { numprocs: 3, before: Some(hook.clone()), ..job("web") }]);
        many.settings.max_starting = max_starting;
        many
    };
    let mut sim = Sim::new(supervisor(many(0)), 1);
    for instance in 0..3 {
        sim.hook_habits(instance, HookKind::Before, &[Habit::Exits(500, 0)]);
    }
    start_all(&mut sim);
    reload(&mut sim, many(1));
    sim.run_for(600);
    assert_eq!((sim.states(), spawns(&sim.effects)), (vec![State::Starting; 3], 3));
    sim.command(Command::Restart(one(0)));
    sim.run_for(100);
    assert_eq!(sim.state(0), State::Waiting, "who starts anew has to wait");
}

#[test]
fn a_restart_by_a_changed_file_is_said_to_be_the_files() {
    let mut sim = running(vec![job("a"), needing(&["a"], job("b"))]);
    reload(&mut sim, plan(vec![anew(job("a")), needing(&["a"], job("b"))]));
    sim.run_for(5_000);
    let by = |id: u32, wanted: fn(&RecordKind) -> bool| {
        let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
        let records = effects.filter_map(|effect| match effect {
            Effect::Record(record) => Some(record),
            _ => None,
        });
        let of = records.filter(|record| record.instance == Some(InstanceId(id)) && wanted(&record.kind));
        of.map(|record| record.by).collect::<Vec<_>>()
    };
    let is_start = |kind: &RecordKind| matches!(kind, RecordKind::Started { .. });
    let is_stop = |kind: &RecordKind| matches!(kind, RecordKind::Stopping { .. });
    assert_eq!((by(0, is_start), by(0, is_stop)), (vec![By::User, By::Reload], vec![By::Reload]));
    assert_eq!((by(1, is_start), by(1, is_stop)), (vec![By::User, By::Need], vec![By::Need]));
}

#[test]
fn what_a_reload_adds_waits_for_the_end_of_what_it_removes() {
    let mut sim = running(vec![job("old"), job("a")]);
    sim.habits(0, &[Habit::Slow(300)]);
    sim.command(Command::Restart(one(0)));
    sim.run_for(5_000);
    sim.take_effects();
    let db = Job { needs: vec![crate::plans::command("pg_isready")], ..job("db") };
    reload(&mut sim, plan(vec![job("a"), job("new"), db, needing(&["new"], job("web"))]));
    let waits = named(&sim, "dev/new").unwrap();
    assert_eq!(
        (waits.state, waits.why.as_str(), waits.note.as_str(), waits.blocked_by),
        (
            State::Waiting,
            "waiting for dev/old to end, which the file no longer has",
            "for dev/old",
            Some(InstanceId(0))
        )
    );
    assert_eq!(
        named(&sim, "dev/web").unwrap().why,
        "waiting for dev/new, which waits for dev/old to end, which the file no longer has"
    );
    let effects = sim.take_effects();
    let asks = effects.iter().any(|effect| matches!(effect, Effect::SpawnHook { .. }));
    assert!(!asks, "what is about to end would answer: {effects:?}");
    sim.run_for(200);
    assert_eq!((spawns(&sim.take_effects()), named(&sim, "dev/old").unwrap().state), (0, State::Stopping));
    sim.run_for(5_000);
    assert_eq!((named(&sim, "dev/old"), named(&sim, "dev/new").unwrap().state), (None, State::Running));
    assert_eq!(named(&sim, "dev/web").unwrap().state, State::Running);
}

#[test]
fn what_comes_back_and_what_another_reload_removes_is_waited_for_by_nobody() {
    let mut sim = running(vec![job("slow"), job("a")]);
    sim.habits(0, &[Habit::Slow(3_000)]);
    sim.command(Command::Restart(one(0)));
    sim.run_for(5_000);
    reload(&mut sim, plan(vec![job("a")]));
    reload(&mut sim, plan(vec![job("a"), job("late")]));
    sim.run_for(1_500);
    assert_eq!(named(&sim, "dev/slow").unwrap().state, State::Stopping);
    assert_eq!(named(&sim, "dev/late").unwrap().state, State::Running);
    let mut sim = running(vec![job("slow"), job("a")]);
    sim.habits(0, &[Habit::Slow(3_000)]);
    sim.command(Command::Restart(one(0)));
    sim.run_for(5_000);
    reload(&mut sim, plan(vec![job("a"), job("new")]));
    assert_eq!(named(&sim, "dev/new").unwrap().state, State::Waiting);
    reload(&mut sim, plan(vec![job("slow"), job("a"), job("new")]));
    assert_eq!(named(&sim, "dev/new").unwrap().state, State::Starting);
}

#[test]
fn what_leaves_is_found_by_its_name_until_it_has_ended() {
    let mut sim = running(vec![job("a"), Job { numprocs: 2, labels: vec!["x".to_owned()], ..job("old") }]);
    sim.habits(1, &[Habit::Slow(300)]);
    sim.habits(2, &[Habit::Slow(300)]);
    sim.command(Command::Restart(vec![Target::Instance(InstanceId(1)), Target::Instance(InstanceId(2))]));
    sim.run_for(5_000);
    reload(&mut sim, plan(vec![job("a")]));
    let found = |sim: &Sim, word: &str| {
        let found = resolve_shown(sim.supervisor.plan(), &sim.view(), word);
        found.map(|found| sim.view().meant(&found.targets).map(|one| one.id.0).collect::<Vec<_>>())
    };
    for word in ["dev/old", "old", "@x"] {
        assert_eq!(found(&sim, word), Ok(vec![1, 2]), "{word}");
    }
    for word in ["dev/old#2", "old#2", "old:2"] {
        assert_eq!(found(&sim, word), Ok(vec![2]), "{word}");
    }
    assert!(found(&sim, "old#3").is_err());
    sim.run_for(5_000);
    assert_eq!(found(&sim, "old"), Err(NotFound::Unknown { near: Vec::new() }));
    assert_eq!(found(&sim, "*"), Err(NotFound::Unknown { near: Vec::new() }), "`a` is nothing like it");
}

#[test]
fn what_was_done_with_other_launch_keys_is_not_done_until_its_next_window() {
    let backup = || Job { schedule: vec![window("00:00", "12:00")], ..one_shot("backup") };
    let report = || Job {
        needs: vec![need("backup", Until::Done, OnLoss::Ignore)],
        ..restarting(Restart::Always, job("report"))
    };
    let mut sim = Sim::new(supervisor(plan(vec![backup(), report()])), 1);
    sim.habits(0, &[Habit::Exits(20, 0)]);
    sim.habits(1, &[Habit::Exits(8_000, 0), Habit::Good]);
    sim.set_wall(at("2027-04-01T08:00:00Z"));
    start_all(&mut sim);
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Done, State::Running]);
    reload(&mut sim, plan(vec![anew(backup()), report()]));
    assert_eq!(sim.states(), [State::Done, State::Running], "on-loss is ignore");
    sim.run_for(20_000);
    assert_eq!(sim.states(), [State::Done, State::Waiting], "it has ended, and may not start again");
    sim.set_wall(at("2027-04-02T00:00:00Z"));
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Done, State::Running]);
}
