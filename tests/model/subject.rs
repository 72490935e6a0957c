//! Scripted histories of runs that are supervised by another process than the one that was spawned: pid files and containers; and
//! of what `stop.reach` spares, and signals by hand. Not: what is the same for every run (`cases`).

use std::ffi::OsString;
use std::path::PathBuf;

use zap::config::{
    ContainerTool, Job, OnTimeout, PidFile, Reach, Restart, Stop, Stream, StreamFile, Subject,
};
use zap::model::{
    By, Command, Delivery, Effect, Event, Exit, HookKind, Launch, PidSource, RecordKind, RunId, State, Target,
};

use crate::cases::{look, one, records, signals, spawns, start_all, started, world};
use crate::plans::{command, job, ms, plan, restarting};
use crate::sim::{Child, Daemon, Habit, Life, Sim};

fn pid_file(on_timeout: OnTimeout, mut job: Job) -> Job {
    let file = PidFile { path: None, timeout: ms(10_000), on_timeout };
    job.launch.as_mut().unwrap().subject = Subject::PidFile(file);
    job
}

/// A launcher that forks a daemon and ends.
fn daemonised(daemon: Daemon, job: Job) -> Sim {
    let mut sim = world(vec![job]);
    sim.habits(0, &[Habit::Exits(50, 0)]);
    sim.daemons(0, &[daemon]);
    start_all(&mut sim);
    sim
}

fn spawned(sim: &Sim) -> Launch {
    let launch = |effect: &Effect| match effect {
        Effect::Spawn { launch, .. } => Some((**launch).clone()),
        _ => None,
    };
    sim.effects.iter().find_map(launch).unwrap()
}

fn value(launch: &Launch, name: &str) -> Option<OsString> {
    launch.env.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone())
}

// --- pid-file ---------------------------------------------------------------------------------------------------------

#[test]
fn a_run_with_a_pid_file_is_supervised_by_the_process_in_it() {
    let mut sim = daemonised(Daemon::Comes(300, Life::Good), pid_file(OnTimeout::Fail, job("db")));
    let path = PathBuf::from("/run/pids/dev.db.1.pid");
    for name in ["ZAP_PID_FILE", "PROCMAN_PID_FILE"] {
        assert_eq!(value(&spawned(&sim), name), Some(path.clone().into()));
    }
    sim.run_for(100);
    assert!(sim.effects.contains(&Effect::Adopt { run: RunId(1), from: PidSource::File(path) }));
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Starting, "no pid yet"));
    assert_eq!(view.why, "its pid is awaited: /run/x.pid is not there yet");
    assert_eq!(view.run.unwrap().pid, None, "its launcher has ended, which is no end");
    sim.run_for(300);
    assert_eq!((sim.state(0), look(&sim, 0).run.unwrap().pid), (State::Starting, Some(7_001)));
    sim.run_for(1_000);
    assert_eq!(sim.state(0), State::Running, "up counts from the adoption");
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    assert_eq!(signals(&sim.effects), [(1, 15, Delivery::Group)]);
    sim.run_for(500);
    assert_eq!((sim.state(0), look(&sim, 0).exit), (State::Stopped, Some(Exit::Signal(15))));
}

#[test]
fn the_end_of_the_adopted_process_is_the_end_of_the_run() {
    let job = || pid_file(OnTimeout::Fail, restarting(Restart::Unexpected, job("db")));
    let mut sim = daemonised(Daemon::Comes(10, Life::Exits(5_000, 0)), job());
    sim.run_for(6_000);
    assert_eq!(sim.state(0), State::Done);
    let mut sim = daemonised(Daemon::Comes(10, Life::Exits(5_000, 3)), job());
    sim.run_for(5_050);
    assert_eq!((sim.state(0), look(&sim, 0).exit), (State::Backoff, Some(Exit::Code(3))));
    let mut sim = daemonised(Daemon::Comes(10, Life::Vanishes(5_000)), job());
    sim.run_for(5_050);
    assert_eq!((sim.state(0), look(&sim, 0).exit), (State::Backoff, Some(Exit::Unknown)));
}

#[test]
fn a_launcher_that_stays_is_of_no_interest_once_the_pid_is_known() {
    let mut sim = daemonised(Daemon::Comes(100, Life::Good), pid_file(OnTimeout::Fail, job("db")));
    sim.habits(0, &[Habit::Exits(20_000, 9)]);
    sim.run_for(30_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 1));
}

#[test]
fn a_launcher_that_fails_is_a_failed_start() {
    let failing = pid_file(OnTimeout::Wait, restarting(Restart::Unexpected, job("db")));
    let mut sim = daemonised(Daemon::Never, Job { start_retries: 1, ..failing });
    sim.habits(0, &[Habit::Exits(50, 3)]);
    sim.run_for(60);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str()), (State::Backoff, "1/1"));
    assert!(view.why.starts_with("its command ended, exit 3, before its pid was known"), "{}", view.why);
    sim.run_for(10_000);
    assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (State::Failed, "no pid"));
}

#[test]
fn a_stranger_and_a_dead_pid_are_failed_starts_and_never_signalled() {
    for (daemon, why) in [
        (Daemon::Stranger, "failed: its pid file cannot be followed: process 1 is older than the run"),
        (Daemon::Dead, "failed: its pid file cannot be followed: process 77 has already ended"),
    ] {
        for launcher in [Habit::Exits(0, 0), Habit::Good] {
            let mut sim = world(vec![pid_file(OnTimeout::Wait, job("db"))]);
            sim.habits(0, &[launcher]);
            sim.daemons(0, &[daemon]);
            start_all(&mut sim);
            sim.run_for(1_000);
            assert_eq!((sim.state(0), look(&sim, 0).why.as_str()), (State::Failed, why), "{launcher:?}");
            assert!(sim.runs[&RunId(1)].closed);
        }
    }
}

#[test]
fn a_pid_that_never_comes_is_waited_for_held_or_failed_as_the_file_says() {
    for (on_timeout, state, note) in [
        (OnTimeout::Fail, State::Failed, "no pid"),
        (OnTimeout::Hold, State::Held, "no pid"),
        (OnTimeout::Wait, State::Starting, "no pid yet"),
    ] {
        let mut sim = daemonised(Daemon::Never, pid_file(on_timeout, job("db")));
        sim.run_for(9_900);
        assert_eq!(sim.state(0), State::Starting);
        sim.run_for(600);
        assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (state, note), "{on_timeout:?}");
        sim.run_for(60_000);
        assert_eq!((sim.state(0), spawns(&sim.effects)), (state, 1), "{on_timeout:?}");
    }
    let mut sim = daemonised(Daemon::Never, pid_file(OnTimeout::Wait, job("db")));
    sim.run_for(60_000);
    assert_eq!(look(&sim, 0).why, "its pid is awaited for longer than 10s: /run/x.pid is not there yet");
    let asked = sim.effects.iter().filter(|effect| matches!(effect, Effect::Adopt { .. })).count();
    assert!((140..=160).contains(&asked), "{asked} questions: ten a second, later one");
    sim.command(Command::Stop(one(0)));
    sim.run_for(1_000);
    assert_eq!(sim.state(0), State::Stopped);
}

#[test]
fn what_is_held_for_its_pid_is_started_by_a_person_only() {
    let held = pid_file(OnTimeout::Hold, restarting(Restart::Always, job("db")));
    let mut sim = daemonised(Daemon::Never, held);
    sim.run_for(60_000);
    assert_eq!(
        look(&sim, 0).why,
        "held until a person starts it: its pid is not known after 10s: /run/x.pid is not there yet"
    );
    assert_eq!((look(&sim, 0).next, sim.supervisor.at_rest()), (None, Some(false)));
    assert!(records(&sim).iter().any(|kind| matches!(kind, RecordKind::Held { in_ms: None, .. })));
    sim.daemons(0, &[Daemon::Comes(10, Life::Good)]);
    sim.command(Command::Start(one(0)));
    sim.run_for(3_000);
    assert_eq!(sim.state(0), State::Running);
}

#[test]
fn a_stop_before_the_pid_is_known_ends_launcher_and_daemon() {
    for (launcher, after) in [(Habit::Good, 20), (Habit::Exits(10, 0), 200)] {
        let mut sim = world(vec![pid_file(OnTimeout::Fail, job("db"))]);
        sim.habits(0, &[launcher]);
        sim.daemons(0, &[Daemon::Comes(5_000, Life::Good)]);
        start_all(&mut sim);
        sim.run_for(after);
        sim.command(Command::Stop(one(0)));
        sim.run_for(1_000);
        assert_eq!(sim.state(0), State::Stopped, "{launcher:?}");
        assert!(sim.runs[&RunId(1)].closed);
    }
}

#[test]
fn what_is_adopted_while_it_stops_is_told_to_end_too() {
    let mut sim = world(vec![pid_file(OnTimeout::Fail, job("db"))]);
    sim.habits(0, &[Habit::Slow(300)]);
    sim.daemons(0, &[Daemon::Comes(10, Life::Good)]);
    sim.jitter = 3;
    start_all(&mut sim);
    sim.run_for(5);
    sim.command(Command::Stop(one(0)));
    sim.tell(Event::Adopted { run: RunId(1), pid: 7_001 });
    let sent = signals(&sim.take_effects());
    assert_eq!(
        sent,
        [(1, 15, Delivery::Group), (1, 15, Delivery::Group)],
        "the launcher, and then the other"
    );
}

// --- container-id -----------------------------------------------------------------------------------------------------

fn contained(mut job: Job) -> Job {
    job.launch.as_mut().unwrap().subject = Subject::Container(ContainerTool::Podman);
    job
}

fn launched(daemon: Daemon, job: Job) -> Sim {
    let mut sim = world(vec![job]);
    sim.habits(0, &[Habit::Exits(50, 0)]);
    sim.daemons(0, &[daemon]);
    sim.launcher_says(0, "3f2a9c0d1e2f");
    sim.hook_says(0, HookKind::Inspect, "7001");
    start_all(&mut sim);
    sim
}

fn tools(sim: &Sim) -> Vec<String> {
    let words = |effect: &Effect| match effect {
        Effect::SpawnHook { launch, kind: HookKind::Inspect | HookKind::Signal, .. } => {
            let words: Vec<&str> = launch.argv.iter().map(|word| word.to_str().unwrap()).collect();
            Some(words.join(" "))
        }
        _ => None,
    };
    sim.effects.iter().filter_map(words).collect()
}

#[test]
fn a_launcher_of_a_container_that_does_not_end_is_asked_whether_it_ever_does() {
    let mut sim = world(vec![contained(job("pg"))]);
    start_all(&mut sim);
    sim.run_for(9_900);
    assert_eq!(look(&sim, 0).why, "its pid is awaited: its command has not ended yet");
    sim.run_for(200);
    assert_eq!(look(&sim, 0).why, "its pid is awaited: its command has not ended yet: does it lack `-d`?");
    assert_eq!((sim.state(0), sim.supervisor.deadline()), (State::Starting, None), "it is only said");
}

#[test]
fn a_container_is_supervised_by_its_first_process_and_signalled_by_its_tool() {
    let mut sim = launched(Daemon::Comes(0, Life::Good), contained(job("pg")));
    assert!(spawned(&sim).heard);
    sim.run_for(2_000);
    assert_eq!(sim.state(0), State::Running);
    assert_eq!(tools(&sim), ["podman inspect --format {{.State.Pid}} 3f2a9c0d1e2f"]);
    assert!(sim.effects.contains(&Effect::Adopt { run: RunId(1), from: PidSource::Number(7_001) }));
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    assert_eq!(signals(&sim.effects), [], "the tool does it");
    sim.run_for(1_000);
    assert_eq!(sim.state(0), State::Stopped);
    assert_eq!(tools(&sim), ["podman kill --signal TERM 3f2a9c0d1e2f"]);
}

#[test]
fn a_tool_that_cannot_signal_is_helped_and_a_deaf_container_gets_kill() {
    let mut sim = launched(Daemon::Comes(0, Life::Deaf), contained(job("pg")));
    sim.hook_habits(0, HookKind::Signal, &[Habit::Exits(20, 125), Habit::Exits(20, 0)]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(100);
    assert_eq!(signals(&sim.effects), [(1, 15, Delivery::Group)]);
    sim.run_for(10_500);
    assert_eq!(sim.state(0), State::Stopped);
    assert_eq!(
        tools(&sim),
        ["podman kill --signal TERM 3f2a9c0d1e2f", "podman kill --signal KILL 3f2a9c0d1e2f"]
    );
}

#[test]
fn the_exit_code_of_a_container_is_asked_of_its_tool() {
    let mut sim = launched(
        Daemon::Comes(0, Life::Vanishes(5_000)),
        contained(restarting(Restart::Unexpected, job("pg"))),
    );
    sim.container_ends(0, "3");
    sim.run_for(5_010);
    assert_eq!(sim.state(0), State::Running, "it is asked");
    let asked = "`podman inspect --format {{.State.ExitCode}} 3f2a9c0d1e2f` is asked how";
    assert_eq!(look(&sim, 0).why, format!("its process has ended; {asked}"));
    sim.run_for(100);
    assert_eq!((sim.state(0), look(&sim, 0).exit), (State::Backoff, Some(Exit::Code(3))));
    let mut sim = launched(Daemon::Comes(0, Life::Vanishes(5_000)), contained(job("pg")));
    sim.run_for(2_000);
    sim.hook_habits(0, HookKind::Inspect, &[Habit::Deaf]);
    sim.run_for(4_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(2_000);
    assert_eq!(sim.state(0), State::Stopped, "a stop does not wait for the answer");
}

#[test]
fn a_container_that_cannot_be_found_is_a_failed_start() {
    let start = |change: &dyn Fn(&mut Sim)| {
        let mut sim = world(vec![contained(job("pg"))]);
        sim.habits(0, &[Habit::Exits(50, 0)]);
        sim.daemons(0, &[Daemon::Comes(0, Life::Good)]);
        sim.launcher_says(0, "3f2a9c0d1e2f");
        sim.hook_says(0, HookKind::Inspect, "7001");
        change(&mut sim);
        start_all(&mut sim);
        sim.run_for(30_000);
        assert_eq!(sim.state(0), State::Failed);
        assert!(sim.runs.values().all(|run| run.alive() == 0));
        look(&sim, 0).why
    };
    assert_eq!(
        start(&|sim| sim.launcher_says(0, "Error: no such image")),
        "failed: its command printed no id of a container, but `Error: no such image`"
    );
    assert_eq!(
        start(&|sim| sim.hook_says(0, HookKind::Inspect, "0")),
        "failed: container 3f2a9c0d1e2f does not run"
    );
    assert_eq!(
        start(&|sim| sim.hook_habits(0, HookKind::Inspect, &[Habit::Exits(5, 125)])),
        "failed: container 3f2a9c0d1e2f: 7001"
    );
    assert_eq!(
        start(&|sim| sim.hook_habits(0, HookKind::Inspect, &[Habit::Deaf])),
        "failed: container 3f2a9c0d1e2f: the question for its pid took longer than 10s"
    );
    assert_eq!(
        start(&|sim| sim.habits(0, &[Habit::Exits(50, 125)])),
        "failed: its command ended, exit 125, before its pid was known"
    );
}

#[test]
fn what_keeps_a_container_from_being_supervised_is_told() {
    let mut sim = launched(Daemon::Comes(0, Life::Good), contained(job("pg")));
    sim.hook_habits(0, HookKind::Inspect, &[Habit::Deaf]);
    sim.run_for(20);
    assert_eq!(look(&sim, 0).why, "its pid is awaited: its command has not ended yet");
    sim.run_for(1_000);
    let asked = "`podman inspect --format {{.State.Pid}} 3f2a9c0d1e2f` runs";
    assert_eq!(look(&sim, 0).why, format!("its pid is awaited: {asked}"));
}

#[test]
fn a_stop_while_a_container_is_being_launched_kills_it() {
    let mut sim = launched(Daemon::Comes(0, Life::Good), contained(job("pg")));
    sim.hook_habits(0, HookKind::Inspect, &[Habit::Good]);
    sim.run_for(200);
    sim.command(Command::Stop(one(0)));
    sim.run_for(2_000);
    assert_eq!(sim.state(0), State::Stopped);
    assert_eq!(tools(&sim)[1..], ["podman kill --signal KILL 3f2a9c0d1e2f"]);
    let mut sim = launched(Daemon::Comes(0, Life::Good), contained(job("pg")));
    sim.habits(0, &[Habit::Slow(100)]);
    sim.run_for(20);
    sim.command(Command::Stop(one(0)));
    sim.run_for(2_000);
    assert_eq!(
        (sim.state(0), tools(&sim)),
        (State::Stopped, vec!["podman kill --signal KILL 3f2a9c0d1e2f".to_owned()])
    );
}

// --- stop.reach -------------------------------------------------------------------------------------------------------

fn sparing(job: Job) -> Job {
    Job { stop: Stop { reach: Reach::Group, ..job.stop.clone() }, ..job }
}

#[test]
fn what_left_the_group_is_spared_by_stop_and_by_quit_if_the_file_says_so() {
    let mut sim = started(vec![sparing(job("build"))]);
    sim.habits(0, &[Habit::Guards(Child::Silent)]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(100);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.lingering), (State::Stopped, 1));
    assert_eq!(view.why, "stopped as asked · 1 process still alive");
    sim.command(Command::Start(one(0)));
    sim.run_for(2_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 1), "it starts beside it");
    sim.command(Command::Kill(one(0)));
    sim.run_for(100);
    assert_eq!((sim.state(0), look(&sim, 0).lingering), (State::Stopped, 2));
    sim.command(Command::Quit);
    sim.run_for(10);
    assert!(sim.finished.is_some());
    assert!(signals(&sim.effects).iter().all(|(.., delivery)| *delivery == Delivery::Group));
    assert_eq!(sim.runs.values().map(crate::sim::SimRun::alive).sum::<usize>(), 2);
}

#[test]
fn a_deaf_member_of_the_group_that_outlives_its_leader_gets_kill() {
    let mut sim = started(vec![sparing(job("build"))]);
    sim.habits(0, &[Habit::Guards(Child::Member)]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Stop(one(0)));
    sim.run_for(9_900);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.lingering), (State::Stopping, 1));
    assert_eq!(view.why, "stopped by a person: ending 1 process that outlived it");
    sim.run_for(200);
    assert_eq!(sim.state(0), State::Stopped);
    let mut told = signals(&sim.effects);
    told.dedup();
    assert_eq!(told, [(1, 15, Delivery::Group), (1, 9, Delivery::Group)]);
    assert!(records(&sim).contains(&RecordKind::Closed));
}

#[test]
fn a_start_ends_the_members_of_the_group_that_outlived_the_last_run() {
    let mut sim = started(vec![sparing(job("build"))]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Member), Habit::Good]);
    sim.run_for(5_000);
    assert_eq!(
        (sim.state(0), look(&sim, 0).lingering),
        (State::Done, 1),
        "after an end of its own it may live"
    );
    sim.command(Command::Start(one(0)));
    assert_eq!(look(&sim, 0).why, "waiting for 1 process of run 1 to end");
    sim.run_for(10_100);
    assert_eq!((sim.state(0), look(&sim, 0).lingering), (State::Starting, 0));
}

#[test]
fn a_removed_job_goes_though_something_of_it_is_spared_and_that_lives_on() {
    let mut sim = started(vec![sparing(job("build")), job("web")]);
    sim.habits(0, &[Habit::Guards(Child::Silent)]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.tell(Event::Reloaded { plan: Box::new(plan(vec![job("web")])), by: By::User });
    sim.run_for(3_000);
    assert!(sim.forgotten.contains(&zap::model::InstanceId(0)));
    assert!(sim.effects.contains(&Effect::Spare { run: RunId(1) }));
    assert_eq!(signals(&sim.effects), [(1, 15, Delivery::Group)]);
    assert_eq!(look(&sim, 0).name, "web");
    sim.command(Command::Quit);
    sim.run_for(1_000);
    assert!(sim.finished.is_some());
    assert_eq!(sim.runs[&RunId(1)].alive(), 1);
}

#[test]
fn the_last_words_of_what_is_spared_are_read_before_the_next_run() {
    let mut sim = started(vec![sparing(job("build"))]);
    sim.habits(0, &[Habit::Leaves(2_000, Child::Flooder), Habit::Good]);
    sim.run_for(3_000);
    sim.command(Command::Start(one(0)));
    assert_eq!(sim.state(0), State::Waiting);
    sim.run_for(1_900);
    assert_eq!(sim.state(0), State::Waiting);
    sim.run_for(200);
    assert_eq!(sim.state(0), State::Starting, "but not for ever");
}

#[test]
fn what_is_spared_keeps_no_command_from_being_asked() {
    let needy = Job { needs: vec![command("pg_isready")], ..sparing(job("build")) };
    let mut sim = started(vec![needy]);
    sim.habits(0, &[Habit::Guards(Child::Silent)]);
    sim.run_for(2_000);
    sim.command(Command::Restart(one(0)));
    sim.hook_habits(0, HookKind::Probe, &[Habit::Exits(20, 0), Habit::Exits(20, 1)]);
    sim.run_for(2_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.lingering), (State::Waiting, 1));
    assert_eq!(view.note, "for pg_isready");
    assert!(view.why.starts_with("waiting for `pg_isready` to succeed: exit 1"), "{}", view.why);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Exits(20, 0)]);
    sim.run_for(4_000);
    assert_eq!((sim.state(0), look(&sim, 0).run.unwrap().number), (State::Running, 2));
}

// --- signals by hand --------------------------------------------------------------------------------------------------

#[test]
fn a_signal_by_hand_reaches_what_runs_and_is_recorded() {
    let mut sim = started(vec![job("web"), job("api")]);
    sim.habits(1, &[Habit::Exits(10, 0)]);
    sim.run_for(2_000);
    sim.take_effects();
    sim.command(Command::Signal { targets: vec![Target::System("dev".to_owned())], signal: 1 });
    assert_eq!(signals(&sim.effects), [(1, 1, Delivery::Group)]);
    let record = sim.effects.iter().find_map(|effect| match effect {
        Effect::Record(record) => Some((record.by, record.kind.clone())),
        _ => None,
    });
    assert_eq!(record, Some((By::User, RecordKind::Command { what: "signal HUP".to_owned() })));
}

#[test]
fn a_signal_by_hand_is_no_stop() {
    let mut sim = started(vec![restarting(Restart::Always, job("web"))]);
    sim.run_for(20_000);
    sim.command(Command::Signal { targets: one(0), signal: 15 });
    sim.run_for(3_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 2), "restart says what follows");
}

// --- Files ------------------------------------------------------------------------------------------------------------

#[test]
fn the_files_of_a_job_are_for_its_own_output_and_not_for_that_of_its_hooks() {
    let file = StreamFile {
        file: PathBuf::from("/log/web-$ZAP_INSTANCE.log"),
        append: false,
        tee: false,
        tty: true,
        ansi: false,
        max_size: None,
        keep: 0,
    };
    let mut web = job("web");
    web.launch.as_mut().unwrap().stdout = Stream::File(file);
    web.before =
        Some(zap::config::Hook { command: vec!["x".to_owned()], line: "x".to_owned(), timeout: ms(1_000) });
    let mut sim = started(vec![web]);
    sim.hook_habits(0, HookKind::Before, &[Habit::Exits(0, 0)]);
    sim.run_for(100);
    let Some(Effect::SpawnHook { launch: hook, .. }) = sim.effects.first() else { panic!("no hook") };
    assert_eq!(hook.stdout, Stream::Terminal);
    let Stream::File(file) = spawned(&sim).stdout else { panic!("no file") };
    assert_eq!(file.file, PathBuf::from("/log/web-1.log"));
}
