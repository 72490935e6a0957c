//! The transitions of supervisord, as behaviour.md adapts them, in one table: every way a run may go, under every `restart`, one-shot
//! or not, with its end state and the number of its starts. Not: what lies around a run (`life`).
//!
//! The source of the rules: supervisord.org, Subprocesses, Process States (STARTING, BACKOFF, FATAL, EXITED; an exit within
//! startsecs is a failed start whatever its code). Where zap differs, the row says so.

use std::fmt::Write;
use std::time::Duration;

use zap::config::{Backoff, Job, Restart};
use zap::model::{Command, State};

use crate::cases::{look, one, spawns, started};
use crate::plans::{job, ms, one_shot, restarting};
use crate::sim::{Habit, Sim};

use Restart::{Always, Never, Unexpected};

/// How every run of a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It cannot be made.
    Missing,
    /// It ends before it is up, as expected.
    EarlyGood,
    /// It ends before it is up, with another code.
    EarlyBad,
    /// It ends by a signal before it is up.
    EarlyCrash,
    /// It ends after it was up, as expected.
    LateGood,
    /// It ends after it was up, with another code.
    LateBad,
    /// It does not end.
    Serves,
    /// The first one ends before it is up, the next ones serve.
    Recovers,
}

impl Way {
    /// How its runs behave, one after the other; the last habit stays.
    fn habits(self) -> &'static [Habit] {
        match self {
            Way::Missing => &[Habit::Missing],
            Way::EarlyGood => &[Habit::Exits(300, 0)],
            Way::EarlyBad => &[Habit::Exits(300, 1)],
            Way::EarlyCrash => &[Habit::Crashes(300)],
            Way::LateGood => &[Habit::Exits(5_000, 0)],
            Way::LateBad => &[Habit::Exits(5_000, 1)],
            Way::Serves => &[Habit::Good],
            Way::Recovers => &[Habit::Exits(300, 1), Habit::Good],
        }
    }
}

/// Whether it is meant to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    Serve,
    End,
}

/// What a row comes to within ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It rests in this state after so many starts.
    Rests(State, usize),
    /// It never rests: it is started again and again.
    Flaps,
}

use Outcome::{Flaps, Rests};

const SECOND: Duration = Duration::from_secs(1);

/// With `start-secs = 1s` and `start-retries = 2`.
const USUAL: [(Way, Aim, Restart, Outcome); 48] = [
    (Way::Missing, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::Missing, Aim::Serve, Unexpected, Rests(State::Failed, 3)),
    (Way::Missing, Aim::Serve, Always, Rests(State::Failed, 3)),
    // supervisord: BACKOFF, then FATAL; zap asks for no retries where `restart = never`.
    (Way::EarlyGood, Aim::Serve, Never, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::Serve, Unexpected, Rests(State::Failed, 3)),
    (Way::EarlyGood, Aim::Serve, Always, Rests(State::Failed, 3)),
    (Way::EarlyBad, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::EarlyBad, Aim::Serve, Unexpected, Rests(State::Failed, 3)),
    (Way::EarlyBad, Aim::Serve, Always, Rests(State::Failed, 3)),
    (Way::EarlyCrash, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::EarlyCrash, Aim::Serve, Unexpected, Rests(State::Failed, 3)),
    (Way::EarlyCrash, Aim::Serve, Always, Rests(State::Failed, 3)),
    (Way::LateGood, Aim::Serve, Never, Rests(State::Done, 1)),
    (Way::LateGood, Aim::Serve, Unexpected, Rests(State::Done, 1)),
    (Way::LateGood, Aim::Serve, Always, Flaps),
    (Way::LateBad, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::LateBad, Aim::Serve, Unexpected, Flaps),
    (Way::LateBad, Aim::Serve, Always, Flaps),
    (Way::Serves, Aim::Serve, Never, Rests(State::Running, 1)),
    (Way::Serves, Aim::Serve, Unexpected, Rests(State::Running, 1)),
    (Way::Serves, Aim::Serve, Always, Rests(State::Running, 1)),
    (Way::Recovers, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::Recovers, Aim::Serve, Unexpected, Rests(State::Running, 2)),
    (Way::Recovers, Aim::Serve, Always, Rests(State::Running, 2)),
    (Way::Missing, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::Missing, Aim::End, Unexpected, Rests(State::Failed, 3)),
    (Way::Missing, Aim::End, Always, Rests(State::Failed, 3)),
    // What is meant to end may do so quickly.
    (Way::EarlyGood, Aim::End, Never, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::End, Unexpected, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::End, Always, Rests(State::Done, 1)),
    (Way::EarlyBad, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::EarlyBad, Aim::End, Unexpected, Rests(State::Failed, 3)),
    (Way::EarlyBad, Aim::End, Always, Rests(State::Failed, 3)),
    (Way::EarlyCrash, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::EarlyCrash, Aim::End, Unexpected, Rests(State::Failed, 3)),
    (Way::EarlyCrash, Aim::End, Always, Rests(State::Failed, 3)),
    // And is not started again for it, whatever `restart` says.
    (Way::LateGood, Aim::End, Never, Rests(State::Done, 1)),
    (Way::LateGood, Aim::End, Unexpected, Rests(State::Done, 1)),
    (Way::LateGood, Aim::End, Always, Rests(State::Done, 1)),
    // Its aim is an expected end: to be up first is no success.
    (Way::LateBad, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::LateBad, Aim::End, Unexpected, Rests(State::Failed, 3)),
    (Way::LateBad, Aim::End, Always, Rests(State::Failed, 3)),
    (Way::Serves, Aim::End, Never, Rests(State::Running, 1)),
    (Way::Serves, Aim::End, Unexpected, Rests(State::Running, 1)),
    (Way::Serves, Aim::End, Always, Rests(State::Running, 1)),
    (Way::Recovers, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::Recovers, Aim::End, Unexpected, Rests(State::Running, 2)),
    (Way::Recovers, Aim::End, Always, Rests(State::Running, 2)),
];

/// With `start-secs = 0`: it is up at birth, and no end is too early. What cannot be made still is a failed start.
const UP_AT_BIRTH: [(Way, Aim, Restart, Outcome); 18] = [
    (Way::Missing, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::Missing, Aim::Serve, Unexpected, Rests(State::Failed, 3)),
    (Way::Missing, Aim::Serve, Always, Rests(State::Failed, 3)),
    (Way::EarlyGood, Aim::Serve, Never, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::Serve, Unexpected, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::Serve, Always, Flaps),
    (Way::EarlyBad, Aim::Serve, Never, Rests(State::Failed, 1)),
    (Way::EarlyBad, Aim::Serve, Unexpected, Flaps),
    (Way::EarlyBad, Aim::Serve, Always, Flaps),
    (Way::Missing, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::Missing, Aim::End, Unexpected, Rests(State::Failed, 3)),
    (Way::Missing, Aim::End, Always, Rests(State::Failed, 3)),
    (Way::EarlyGood, Aim::End, Never, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::End, Unexpected, Rests(State::Done, 1)),
    (Way::EarlyGood, Aim::End, Always, Rests(State::Done, 1)),
    (Way::EarlyBad, Aim::End, Never, Rests(State::Failed, 1)),
    (Way::EarlyBad, Aim::End, Unexpected, Rests(State::Failed, 3)),
    (Way::EarlyBad, Aim::End, Always, Rests(State::Failed, 3)),
];

/// With `start-retries = 0`: one attempt.
const ONE_ATTEMPT: [(Way, Aim, Restart, Outcome); 12] = [
    (Way::Missing, Aim::Serve, Unexpected, Rests(State::Failed, 1)),
    (Way::Missing, Aim::Serve, Always, Rests(State::Failed, 1)),
    (Way::EarlyGood, Aim::Serve, Unexpected, Rests(State::Failed, 1)),
    (Way::EarlyGood, Aim::Serve, Always, Rests(State::Failed, 1)),
    (Way::EarlyBad, Aim::Serve, Unexpected, Rests(State::Failed, 1)),
    (Way::EarlyBad, Aim::Serve, Always, Rests(State::Failed, 1)),
    (Way::EarlyGood, Aim::End, Unexpected, Rests(State::Done, 1)),
    (Way::EarlyBad, Aim::End, Unexpected, Rests(State::Failed, 1)),
    // An end after up is no failed start, and is not counted as an attempt.
    (Way::LateBad, Aim::Serve, Unexpected, Flaps),
    (Way::LateGood, Aim::Serve, Always, Flaps),
    (Way::LateBad, Aim::End, Unexpected, Rests(State::Failed, 1)),
    (Way::LateGood, Aim::End, Always, Rests(State::Done, 1)),
];

fn play(way: Way, aim: Aim, restart: Restart, start_secs: Duration, start_retries: u32) -> Sim {
    let shape = match aim {
        Aim::Serve => job("web"),
        Aim::End => one_shot("web"),
    };
    let backoff = Backoff { first: ms(100), max: ms(400), factor: 2.0 };
    let mut sim = started(vec![restarting(restart, Job { start_secs, start_retries, backoff, ..shape })]);
    sim.habits(0, way.habits());
    sim.run_for(600_000);
    sim
}

fn outcome(sim: &Sim) -> Outcome {
    match spawns(&sim.effects) {
        starts @ 0..=20 => Rests(sim.state(0), starts),
        _ => Flaps,
    }
}

fn check(table: &[(Way, Aim, Restart, Outcome)], start_secs: Duration, start_retries: u32) {
    let mut wrong = String::new();
    for &(way, aim, restart, expected) in table {
        let sim = play(way, aim, restart, start_secs, start_retries);
        let found = outcome(&sim);
        if found != expected {
            let why = look(&sim, 0).why;
            writeln!(wrong, "{way:?} {aim:?} {restart:?}: {found:?}, not {expected:?} ({why})").unwrap();
        }
    }
    assert!(wrong.is_empty(), "start-secs {start_secs:?}, start-retries {start_retries}:\n{wrong}");
}

#[test]
fn every_way_under_every_restart_comes_to_what_the_table_says() {
    check(&USUAL, SECOND, 2);
}

#[test]
fn what_is_up_at_birth_cannot_end_too_early() {
    check(&UP_AT_BIRTH, Duration::ZERO, 2);
}

#[test]
fn without_retries_there_is_one_attempt() {
    check(&ONE_ATTEMPT, SECOND, 0);
}

#[test]
fn the_tables_know_every_combination_once() {
    for table in [&USUAL[..], &UP_AT_BIRTH, &ONE_ATTEMPT] {
        for (index, (way, aim, restart, _)) in table.iter().enumerate() {
            let same = table.iter().filter(|row| (row.0, row.1, row.2) == (*way, *aim, *restart));
            assert_eq!(same.count(), 1, "row {index}: {way:?} {aim:?} {restart:?}");
        }
    }
    assert_eq!(USUAL.len(), 8 * 2 * 3);
}

/// supervisord: STARTING -> STOPPING, BACKOFF -> STOPPED, RUNNING -> STOPPING, FATAL and EXITED stay; a start leaves all of them.
#[test]
fn a_stop_and_a_start_lead_out_of_every_state() {
    let ways = [
        (Way::EarlyBad, Always, 400, State::Backoff),
        (Way::Serves, Never, 500, State::Starting),
        (Way::Serves, Never, 2_000, State::Running),
        (Way::EarlyBad, Never, 500, State::Failed),
        (Way::LateGood, Never, 6_000, State::Done),
    ];
    for (way, restart, after, state) in ways {
        let scene = || {
            let mut sim = started(vec![restarting(restart, job("web"))]);
            sim.habits(0, way.habits());
            sim.run_for(after);
            assert_eq!(sim.state(0), state);
            sim
        };
        let mut stopped = scene();
        stopped.command(Command::Stop(one(0)));
        stopped.run_for(100);
        assert_eq!((stopped.state(0), look(&stopped, 0).wanted), (State::Stopped, false), "out of {state:?}");
        let mut begun = scene();
        let before = spawns(&begun.effects);
        begun.habits(0, &[Habit::Good]);
        begun.command(Command::Start(one(0)));
        begun.run_for(2_000);
        assert_eq!(begun.state(0), State::Running, "out of {state:?}");
        let again = usize::from(!matches!(state, State::Starting | State::Running));
        assert_eq!(spawns(&begun.effects), before + again, "out of {state:?}");
    }
}
