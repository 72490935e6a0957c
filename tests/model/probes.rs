//! Scripted histories of readiness and health: probes that answer, answer late or wrong, or never. Not: hooks (`life`).

use std::path::PathBuf;
use std::time::Duration;

use zap::config::{HealthCheck, Job, OnFail, Probe, Ready, Restart, Sign};
use zap::model::{
    Answer, Command, Effect, Event, Exit, HookKind, Meaning, Pattern, Question, RecordKind, RunId, State,
};

use crate::cases::{look, one, records, signals, spawns, start_all, started, world};
use crate::plans::{self, job, ms, plan, restarting};
use crate::reload::reload;
use crate::sim::{Child, Habit, Reply, Sim};

fn tcp() -> Probe {
    Probe::Tcp { host: "127.0.0.1".to_owned(), port: 5432 }
}

fn command(line: &str) -> Probe {
    Probe::Command { command: vec![line.to_owned()], line: line.to_owned() }
}

fn ready(sign: Sign) -> Ready {
    Ready { sign: Some(sign), fail_log: None, timeout: ms(30_000), interval: ms(500) }
}

fn probed(probe: Probe) -> Job {
    Job { ready: Some(ready(Sign::Probe(probe))), ..job("db") }
}

pub(crate) fn check(probe: Probe, on_fail: OnFail) -> HealthCheck {
    HealthCheck {
        probe,
        interval: ms(10_000),
        timeout: ms(5_000),
        start_period: ms(10_000),
        max_failed: 3,
        on_fail,
    }
}

fn checked(check: HealthCheck) -> Job {
    Job { health: vec![check], ..job("web") }
}

fn told(sim: &Sim) -> Vec<String> {
    let what = |kind| if let RecordKind::Probe { what } = kind { Some(what) } else { None };
    records(sim).into_iter().filter_map(what).collect()
}

// --- ready ------------------------------------------------------------------------------------------------------------

#[test]
fn a_job_with_a_probe_is_up_and_not_ready_until_it_answers() {
    let mut sim = world(vec![probed(tcp())]);
    sim.replies(0, &[Reply::No(1)]);
    start_all(&mut sim);
    sim.run_for(8_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.ready, view.note.as_str()), (State::Running, false, "not ready"));
    assert_eq!(
        view.why,
        "up, but not ready: its probe tcp 127.0.0.1:5432: connection refused, 16 times in 7s"
    );
    sim.replies(0, &[Reply::Yes(1)]);
    sim.run_for(600);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.ready, view.why.as_str()), (State::Running, true, "up"));
    assert_eq!(told(&sim), ["tcp 127.0.0.1:5432: connection refused", "tcp 127.0.0.1:5432: yes"]);
    assert_eq!(records(&sim).iter().filter(|kind| **kind == RecordKind::Ready).count(), 1);
    let asked = sim.asked.len();
    sim.run_for(60_000);
    assert_eq!(
        (sim.asked.len(), sim.supervisor.deadline()),
        (asked, None),
        "what is ready is not asked again"
    );
}

#[test]
fn what_answers_before_it_is_up_is_ready_when_it_is_up() {
    let mut sim = world(vec![probed(tcp())]);
    start_all(&mut sim);
    sim.run_for(999);
    assert_eq!((sim.state(0), look(&sim, 0).ready), (State::Starting, false));
    assert!(!records(&sim).contains(&RecordKind::Ready));
    sim.run_for(1);
    assert_eq!((sim.state(0), look(&sim, 0).ready), (State::Running, true));
    assert_eq!(records(&sim)[2..], [RecordKind::Up, RecordKind::Ready]);
}

#[test]
fn a_probe_that_accepts_and_never_answers_is_dismissed_and_asked_again() {
    let mut sim = world(vec![probed(tcp())]);
    sim.replies(0, &[Reply::Never]);
    start_all(&mut sim);
    sim.run_for(1_200);
    assert!(sim.effects.contains(&Effect::Dismiss { run: RunId(2) }));
    assert_eq!(look(&sim, 0).why, "up, but not ready: its probe tcp 127.0.0.1:5432: no answer within 1s");
    sim.run_for(10_000);
    assert_eq!((sim.questions.len(), sim.asked.len()), (1, 8), "one at a time");
    sim.run_for(20_000);
    let why = look(&sim, 0).why;
    assert!(
        why.ends_with("no answer within 1s, 21 times in 30s; its ready.timeout of 30s has passed"),
        "{why}"
    );
    assert_eq!(sim.state(0), State::Running, "the timeout says so, and does nothing else");
}

#[test]
fn an_answer_that_comes_too_late_changes_nothing() {
    let mut sim = world(vec![probed(tcp())]);
    sim.replies(0, &[Reply::Yes(1_200), Reply::Never]);
    start_all(&mut sim);
    sim.run_for(3_000);
    assert!(!look(&sim, 0).ready);
    let before = sim.supervisor.clone();
    sim.tell(Event::Answered { run: RunId(2), answer: Answer::Yes });
    assert_eq!(sim.supervisor, before);
}

#[test]
fn a_line_of_output_can_be_the_sign_and_another_one_the_end() {
    let sign = |regex: &str| Ready {
        sign: Some(Sign::Log(regex.to_owned())),
        fail_log: Some("^error".to_owned()),
        ..ready(Sign::Log(String::new()))
    };
    let job = || Job { ready: Some(sign("listening")), ..restarting(Restart::Unexpected, job("web")) };
    let mut sim = world(vec![job()]);
    sim.prints(0, 2_000, true);
    start_all(&mut sim);
    let pattern = |regex: &str, meaning| Pattern { regex: regex.to_owned(), meaning };
    let patterns = vec![pattern("listening", Meaning::Ready), pattern("^error", Meaning::Fail)];
    assert_eq!(sim.effects[0], Effect::Listen { run: RunId(1), patterns }, "before its first byte");
    sim.run_for(1_500);
    assert_eq!(look(&sim, 0).why, "up, but not ready: no line matches `listening` yet");
    sim.run_for(1_000);
    assert!(look(&sim, 0).ready);
    let mut sim = world(vec![job()]);
    sim.prints(0, 1_500, false);
    start_all(&mut sim);
    sim.run_for(1_600);
    let view = look(&sim, 0);
    assert_eq!(
        (view.state, view.note.as_str()),
        (State::Backoff, "1/3"),
        "up, but not ready: a failed start"
    );
    assert_eq!(view.why, "printed `error: no database` before it was ready, before it was up; retry 1 of 3");
    sim.run_for(60_000);
    assert_eq!((sim.state(0), look(&sim, 0).note.as_str()), (State::Failed, "fail-log"));
}

#[test]
fn a_line_of_failure_after_it_is_ready_is_a_line_like_others() {
    let mut sim = world(vec![Job {
        ready: Some(Ready {
            sign: None,
            fail_log: Some("^error".to_owned()),
            ..ready(Sign::Log(String::new()))
        }),
        ..job("web")
    }]);
    sim.prints(0, 1_500, false);
    start_all(&mut sim);
    sim.run_for(2_000);
    assert_eq!((sim.state(0), look(&sim, 0).ready), (State::Running, true));
}

#[test]
fn a_command_is_asked_as_a_hook_and_its_last_line_is_the_reason() {
    let mut sim = world(vec![probed(command("pg_isready"))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Exits(20, 2)]);
    sim.hook_says(0, HookKind::Probe, "no response");
    start_all(&mut sim);
    sim.run_for(1_100);
    assert_eq!(look(&sim, 0).why, "up, but not ready: its probe `pg_isready`: no response, 3 times in 1s");
    sim.hook_habits(0, HookKind::Probe, &[Habit::Missing]);
    sim.run_for(500);
    assert_eq!(look(&sim, 0).why, "up, but not ready: its probe `pg_isready`: no such file: ./api");
    sim.hook_habits(0, HookKind::Probe, &[Habit::Exits(20, 0)]);
    sim.run_for(1_000);
    assert!(look(&sim, 0).ready);
    assert_eq!(sim.supervisor.deadline(), None, "nothing of it is left");
}

#[test]
fn a_command_that_hangs_is_ended_and_asked_again_only_when_it_is_gone() {
    let mut sim = world(vec![probed(command("hang"))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Deaf]);
    start_all(&mut sim);
    sim.run_for(1_100);
    assert_eq!(look(&sim, 0).why, "up, but not ready: its probe `hang`: no answer within 1s");
    sim.run_for(8_900);
    let hooks = sim.runs.values().filter(|run| run.hook.is_some());
    assert!(hooks.clone().filter(|run| run.alive() > 0).count() <= 1, "one at a time");
    let count = hooks.count();
    assert!((4..=6).contains(&count), "{count}");
    sim.command(Command::Stop(one(0)));
    sim.run_for(2_000);
    assert_eq!(sim.state(0), State::Stopped);
    assert!(sim.runs.values().all(|run| run.closed));
}

#[test]
fn what_a_probe_leaves_behind_is_ended() {
    let mut sim = world(vec![probed(command("spawn"))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Leaves(20, Child::Deaf)]);
    start_all(&mut sim);
    sim.run_for(2_000);
    assert!(look(&sim, 0).ready);
    assert!(sim.runs.values().filter(|run| run.hook.is_some()).all(|run| run.closed));
}

#[test]
fn questions_end_with_their_run() {
    for (command, state) in [(Command::Stop(one(0)), State::Stopped), (Command::Kill(one(0)), State::Stopped)]
    {
        let mut sim = world(vec![probed(tcp())]);
        sim.replies(0, &[Reply::Never]);
        start_all(&mut sim);
        sim.run_for(300);
        assert_eq!(sim.questions.len(), 1);
        sim.command(command);
        assert_eq!(sim.questions.len(), 0);
        sim.run_for(1_000);
        assert_eq!(sim.state(0), state);
    }
    let mut sim = world(vec![probed(tcp())]);
    sim.replies(0, &[Reply::Never]);
    sim.habits(0, &[Habit::Exits(300, 1)]);
    start_all(&mut sim);
    sim.run_for(400);
    assert_eq!((sim.state(0), sim.questions.len()), (State::Failed, 0));
}

#[test]
fn every_run_becomes_ready_anew() {
    let mut sim = world(vec![probed(Probe::File(PathBuf::from("/run/db.ready")))]);
    start_all(&mut sim);
    sim.run_for(2_000);
    assert!(look(&sim, 0).ready);
    sim.replies(0, &[Reply::Never]);
    sim.command(Command::Restart(one(0)));
    sim.run_for(2_000);
    assert_eq!((sim.state(0), look(&sim, 0).ready), (State::Running, false));
    assert_eq!(sim.asked.last().unwrap().1, Question::File(PathBuf::from("/run/db.ready")));
}

// --- health -----------------------------------------------------------------------------------------------------------

#[test]
fn three_bad_answers_in_a_row_restart_it_whatever_restart_says() {
    let mut sim = world(vec![checked(check(tcp(), OnFail::Restart))]);
    sim.replies(
        0,
        &[Reply::No(1), Reply::No(1), Reply::Yes(1), Reply::No(1), Reply::No(1), Reply::No(1), Reply::Yes(1)],
    );
    start_all(&mut sim);
    sim.run_for(1_000 + 9_999);
    assert_eq!(sim.asked.len(), 0, "nothing is asked in the start period");
    sim.run_for(50_020);
    assert_eq!(look(&sim, 0).restarts, 1);
    let why = "its health check tcp 127.0.0.1:5432: connection refused, 3 times in 20s".to_owned();
    assert!(records(&sim).contains(&RecordKind::Stopping { why }));
    sim.run_for(60_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 2));
}

#[test]
fn a_restart_for_health_counts_among_the_automatic_starts() {
    let guard = zap::config::MaxRuns { count: 1, within: ms(600_000) };
    let quick = HealthCheck {
        interval: ms(1_000),
        start_period: ms(0),
        max_failed: 1,
        ..check(tcp(), OnFail::Restart)
    };
    let mut sim = world(vec![Job { max_runs: Some(guard), ..checked(quick) }]);
    sim.replies(0, &[Reply::No(1)]);
    start_all(&mut sim);
    sim.run_for(30_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.note.as_str(), spawns(&sim.effects)), (State::Held, "unhealthy", 2));
}

#[test]
fn an_alert_is_told_once_and_taken_back_when_it_is_well_again() {
    let mut sim = world(vec![checked(check(tcp(), OnFail::Alert))]);
    sim.replies(0, &[Reply::No(1), Reply::Never, Reply::No(1), Reply::No(1), Reply::Yes(1)]);
    start_all(&mut sim);
    sim.run_for(11_000 + 40_000);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.ready, view.unwell), (State::Running, true, true));
    assert_eq!(view.note, "unwell");
    assert_eq!(
        view.why,
        "up, but unwell: its health check tcp 127.0.0.1:5432: connection refused, 2 times in 10s"
    );
    sim.run_for(20_000);
    let view = look(&sim, 0);
    assert_eq!((view.unwell, view.why.as_str()), (false, "up"));
    let changes: Vec<RecordKind> = records(&sim)
        .into_iter()
        .filter(|kind| matches!(kind, RecordKind::Ready | RecordKind::Unready { .. }))
        .collect();
    let why = "its health check tcp 127.0.0.1:5432: connection refused".to_owned();
    assert_eq!(changes, [RecordKind::Unready { why }, RecordKind::Ready]);
}

#[test]
fn a_question_that_nothing_can_end_is_no_answer_each_time_it_is_due() {
    let quick = HealthCheck { timeout: ms(1_000), ..check(command("df"), OnFail::Alert) };
    let mut sim = started(vec![checked(quick)]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Undying]);
    sim.run_for(1_000 + 10_000 + 1_000 + 10_000 + 9_900);
    assert!(!look(&sim, 0).unwell);
    sim.run_for(200);
    let why = "up, but unwell: its health check `df`: no answer within 1s, 3 times in 20s";
    assert_eq!((look(&sim, 0).unwell, look(&sim, 0).why.as_str()), (true, why));
    let asked = sim.runs.values().filter(|run| run.hook.is_some()).count();
    assert_eq!(asked, 1, "no other one is asked beside it");
}

/// Its first question is one that nothing can end, and no other one is.
fn stuck(line: &str) -> (Job, Sim) {
    let quick = HealthCheck { timeout: ms(1_000), ..check(command(line), OnFail::Alert) };
    let job = checked(quick);
    let mut sim = started(vec![job.clone()]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Undying, Habit::Exits(10, 0)]);
    (job, sim)
}

fn questions(sim: &Sim) -> Vec<RunId> {
    sim.runs.iter().filter(|(_, run)| run.hook == Some(HookKind::Probe)).map(|(id, _)| *id).collect()
}

#[test]
fn a_question_that_nothing_can_end_does_not_hold_up_the_next_run_and_is_not_asked_twice() {
    for given_up in [true, false] {
        let (_, mut sim) = stuck("df");
        sim.run_for(if given_up { 20_000 } else { 11_500 });
        sim.command(Command::Restart(one(0)));
        sim.run_for(5_000);
        assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 2), "{}", look(&sim, 0).why);
        assert_eq!(look(&sim, 0).lingering, 1, "it is told of");
        sim.run_for(30_000);
        let why = "up, but unwell: its health check `df`: no answer within 1s, 3 times in ";
        assert!(look(&sim, 0).why.starts_with(why), "{}", look(&sim, 0).why);
        assert_eq!(questions(&sim).len(), 1);
        // When it ends after all, it is asked again.
        sim.wakes(questions(&sim)[0]);
        sim.run_for(30_000);
        assert_eq!((look(&sim, 0).why.as_str(), look(&sim, 0).lingering), ("up", 0));
        assert!(questions(&sim).len() > 1);
    }
}

#[test]
fn another_question_is_asked_beside_one_that_nothing_can_end() {
    let (job, mut sim) = stuck("df");
    sim.run_for(20_000);
    let other = HealthCheck { probe: command("true"), ..job.health[0].clone() };
    reload(&mut sim, plan(vec![Job { health: vec![other], ..job }]));
    sim.command(Command::Restart(one(0)));
    sim.run_for(30_000);
    assert_eq!((look(&sim, 0).why.as_str(), look(&sim, 0).lingering), ("up", 1));
    assert!(questions(&sim).len() > 1);
    sim.command(Command::Stop(one(0)));
    sim.run_for(5_000);
    assert_eq!(sim.state(0), State::Stopped);
    assert!(sim.forgotten.is_empty());
}

#[test]
fn a_command_that_is_needed_and_that_nothing_can_end_is_not_asked_twice() {
    let needs = vec![plans::command("df")];
    let mut sim = world(vec![Job { needs, ..job("web") }]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Undying, Habit::Exits(10, 0)]);
    start_all(&mut sim);
    sim.run_for(60_000);
    assert_eq!((sim.state(0), questions(&sim).len()), (State::Waiting, 1));
    sim.command(Command::Restart(one(0)));
    sim.run_for(10_000);
    assert_eq!((sim.state(0), questions(&sim).len()), (State::Waiting, 1), "{}", look(&sim, 0).why);
    sim.wakes(questions(&sim)[0]);
    sim.run_for(20_000);
    assert_eq!(sim.state(0), State::Running, "{}", look(&sim, 0).why);
}

#[test]
fn a_folder_that_vanishes_is_a_bad_answer_like_others() {
    let folder = Probe::Folder { folder: PathBuf::from("/var/spool/x"), inactive: ms(60_000) };
    let mut sim = world(vec![checked(check(folder, OnFail::Restart))]);
    sim.replies(0, &[Reply::Never]);
    start_all(&mut sim);
    for _ in 0..3 {
        sim.run_for(14_000);
        let (run, (_, question)) = sim.questions.pop_first().unwrap();
        assert!(matches!(question, Question::Folder { .. }));
        sim.tell(Event::Answered { run, answer: Answer::No("it does not exist".to_owned()) });
    }
    assert_eq!(sim.state(0), State::Stopping);
    assert!(
        look(&sim, 0).why.starts_with("its health check folder /var/spool/x: it does not exist, 3 times in ")
    );
    sim.replies(0, &[Reply::Yes(1)]);
    sim.run_for(5_000);
    assert_eq!((sim.state(0), spawns(&sim.effects)), (State::Running, 2));
}

#[test]
fn a_health_check_that_never_answers_is_a_bad_answer_after_its_timeout() {
    let mut sim = world(vec![checked(check(command("curl"), OnFail::Restart))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Good]);
    start_all(&mut sim);
    sim.run_for(11_000 + 5_100 + 10_000 + 5_000);
    assert_eq!(spawns(&sim.take_effects()), 1);
    sim.run_for(20_000);
    let why = "its health check `curl`: no answer within 5s, 3 times in 30s".to_owned();
    assert!(records(&sim).contains(&RecordKind::Stopping { why }), "{:?}", records(&sim));
}

#[test]
fn no_interval_of_nothing_makes_zap_spin() {
    let hasty = |probe| HealthCheck {
        interval: Duration::ZERO,
        timeout: Duration::ZERO,
        start_period: Duration::ZERO,
        ..check(probe, OnFail::Alert)
    };
    let hasty = Job {
        health: vec![hasty(Probe::File(PathBuf::from("/x"))), hasty(command("x"))],
        ready: Some(Ready { timeout: Duration::ZERO, interval: Duration::ZERO, ..ready(Sign::Probe(tcp())) }),
        ..job("web")
    };
    for reply in [Reply::Never, Reply::No(0), Reply::Yes(0)] {
        let mut sim = world(vec![hasty.clone()]);
        sim.replies(0, &[reply]);
        start_all(&mut sim);
        let until = sim.now + 3_000;
        while sim.happen(until) {
            let now = sim.history.last().unwrap().0.mono;
            assert!(sim.supervisor.deadline().is_none_or(|deadline| deadline > now));
        }
        assert!(sim.asked.len() < 80, "{} questions in 3 s", sim.asked.len());
    }
}

#[test]
fn a_probe_is_no_signal_to_the_job() {
    let mut sim = started(vec![probed(command("x"))]);
    sim.hook_habits(0, HookKind::Probe, &[Habit::Exits(10, 1)]);
    sim.run_for(10_000);
    assert_eq!(signals(&sim.effects), []);
    sim.runs.get_mut(&RunId(1)).unwrap().reaped = true;
    sim.tell(Event::Exited { run: RunId(1), exit: Exit::Code(0) });
    assert_eq!(sim.state(0), State::Done);
}

#[test]
fn bad_answers_that_do_not_count_yet_are_told() {
    let three = HealthCheck { max_failed: 3, ..check(tcp(), OnFail::Alert) };
    let mut sim = world(vec![checked(three)]);
    sim.replies(0, &[Reply::Yes(1), Reply::No(1), Reply::No(1), Reply::Yes(1)]);
    start_all(&mut sim);
    while !look(&sim, 0).why.contains("bad answers") && sim.happen(120_000) {}
    let why = look(&sim, 0).why;
    assert_eq!(why, "up; its health check tcp 127.0.0.1:5432: connection refused, 1 of 3 bad answers");
    while look(&sim, 0).why != "up" && sim.happen(120_000) {}
    assert_eq!((look(&sim, 0).why.as_str(), look(&sim, 0).unwell), ("up", false));
}
