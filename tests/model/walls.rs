//! Scripted histories of windows, versions and times of the day, in real zones: named as sentences. Not: reloads alone (`reload`).

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use zap::config::{Job, Moment, OnLoss, Restart, TimeOfDay, Until, Version, WeekDays, Window, Zone};
use zap::model::{By, Command, Event, InstanceId, NextKind, RecordKind, RunId, State};

use crate::cases::{look, one, records, start_all, world};
use crate::plans::{job, launch, ms, need, one_shot, plan, restarting};
use crate::sim::{Habit, Sim};

/// A moment, in milliseconds since 1970.
pub(crate) fn at(moment: &str) -> i64 {
    moment.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn zone(name: &str) -> Zone {
    Zone { name: name.to_owned(), rules: TimeZone::get(name).unwrap() }
}

pub(crate) fn clock(text: &str) -> TimeOfDay {
    TimeOfDay(text.parse().unwrap())
}

/// A window on every day, in UTC.
pub(crate) fn window(start: &str, stop: &str) -> Window {
    let bound = |text: &str| (!text.is_empty()).then(|| clock(text));
    Window { start: bound(start), stop: bound(stop), days: WeekDays::ALL, zone: Zone::utc() }
}

fn in_berlin(mut window: Window) -> Window {
    window.zone = zone("Europe/Berlin");
    window
}

fn on(days: &[Weekday], window: Window) -> Window {
    let bits = days.iter().map(|day| 1 << day.to_monday_zero_offset()).sum();
    Window { days: WeekDays { bits }, ..window }
}

fn scheduled(windows: &[Window], job: Job) -> Job {
    Job { schedule: windows.to_vec(), ..job }
}

/// Everything wanted, at this moment.
fn started_at(moment: &str, jobs: Vec<Job>) -> Sim {
    let mut sim = world(jobs);
    sim.set_wall(at(moment));
    start_all(&mut sim);
    sim
}

/// The moments at which an instance is in this state and was not before, until a moment.
fn moments(sim: &mut Sim, state: State, until: &str) -> Vec<String> {
    let until = at(until) - sim.wall_ahead;
    let mut moments = Vec::new();
    let mut before = sim.state(0);
    while sim.happen(until as u64) {
        let present = sim.state(0);
        if present == state && before != state {
            let moment = jiff::Timestamp::from_millisecond(sim.wall()).unwrap();
            moments.push(moment.strftime("%m-%d %H:%M").to_string());
        }
        before = present;
    }
    sim.now = sim.now.max(until as u64);
    moments
}

fn zap_records(sim: &Sim) -> Vec<String> {
    let what = |kind| if let RecordKind::Zap { what } = kind { Some(what) } else { None };
    records(sim).into_iter().filter_map(what).collect()
}

// --- Windows ----------------------------------------------------------------------------------------------------------

#[test]
fn a_job_runs_in_its_window_and_is_scheduled_outside_of_it() {
    let mut sim =
        started_at("2027-02-01T07:00:00Z", vec![scheduled(&[window("08:00", "18:00")], job("web"))]);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.wanted), (State::Scheduled, true));
    assert_eq!(view.why, "its window opens mon 08:00 (UTC)");
    assert_eq!(view.next.map(|next| (next.at.0, next.kind)), Some((ms(sim.now + 3_600_000), NextKind::Open)));
    assert_eq!(sim.supervisor.deadline().map(|at| at.0), Some(ms(sim.now + 3_600_000)));
    sim.run_until(at("2027-02-01T08:00:05Z"));
    let view = look(&sim, 0);
    assert_eq!((view.state, view.next.map(|next| next.kind)), (State::Running, Some(NextKind::Close)));
    sim.habits(0, &[Habit::Slow(500)]);
    sim.run_until(at("2027-02-01T17:59:59Z"));
    assert_eq!(sim.state(0), State::Running);
    sim.run_until(at("2027-02-01T18:00:00Z"));
    assert_eq!(
        (sim.state(0), look(&sim, 0).why.as_str()),
        (State::Stopping, "its window has closed: TERM sent")
    );
    sim.run_until(at("2027-02-01T18:00:02Z"));
    assert_eq!(
        (sim.state(0), look(&sim, 0).why.as_str()),
        (State::Scheduled, "its window opens tue 08:00 (UTC)")
    );
    sim.run_until(at("2027-02-02T09:00:00Z"));
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
}

#[test]
fn a_start_outside_of_the_window_stays_scheduled_and_a_stop_is_a_stop() {
    let mut sim = started_at("2027-02-01T07:00:00Z", vec![scheduled(&[window("08:00", "")], job("web"))]);
    sim.command(Command::Start(one(0)));
    sim.command(Command::Restart(one(0)));
    assert_eq!((sim.state(0), look(&sim, 0).since.mono.0), (State::Scheduled, ms(1_000)));
    sim.command(Command::Stop(one(0)));
    sim.run_until(at("2027-02-01T12:00:00Z"));
    assert_eq!((sim.state(0), sim.runs.len()), (State::Stopped, 0));
    assert_eq!(sim.supervisor.deadline(), None, "nobody is woken for what is not wanted");
}

#[test]
fn a_window_may_wrap_midnight_and_belongs_to_the_day_on_which_it_opens() {
    let windows = [on(&[Weekday::Friday], window("22:00", "06:00"))];
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, job("web"))]);
    assert_eq!(moments(&mut sim, State::Starting, "2027-02-15T00:00:00Z"), ["02-05 22:00", "02-12 22:00"]);
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, job("web"))]);
    assert_eq!(moments(&mut sim, State::Scheduled, "2027-02-15T00:00:00Z"), ["02-06 06:00", "02-13 06:00"]);
    let sim = started_at("2027-02-06T05:00:00Z", vec![scheduled(&windows, job("web"))]);
    assert_eq!(sim.state(0), State::Starting, "the window of the day before is still open");
}

#[test]
fn either_bound_of_a_window_may_be_left_out() {
    let from = scheduled(&[on(&[Weekday::Tuesday], window("20:00", ""))], job("web"));
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![from]);
    assert_eq!(moments(&mut sim, State::Starting, "2027-02-04T00:00:00Z"), ["02-02 20:00"]);
    assert_eq!(sim.state(0), State::Scheduled);
    let until = scheduled(&[on(&[Weekday::Tuesday], window("", "03:00"))], job("web"));
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![until]);
    assert_eq!(moments(&mut sim, State::Starting, "2027-02-04T00:00:00Z"), ["02-02 00:00"]);
    let whole = scheduled(&[on(&[Weekday::Tuesday, Weekday::Wednesday], window("", ""))], job("web"));
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![whole]);
    assert_eq!(moments(&mut sim, State::Scheduled, "2027-02-05T00:00:00Z"), ["02-04 00:00"]);
    assert_eq!(sim.runs.len(), 1, "days that adjoin are one window");
}

#[test]
fn a_window_on_week_days_rests_at_the_week_end() {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let days = [Monday, Tuesday, Wednesday, Thursday, Friday];
    let windows = [on(&days, window("08:00", "18:00"))];
    // A Thursday.
    let mut sim = started_at("2027-02-04T00:00:00Z", vec![scheduled(&windows, job("web"))]);
    let expected = ["02-04 08:00", "02-05 08:00", "02-08 08:00", "02-09 08:00"];
    assert_eq!(moments(&mut sim, State::Starting, "2027-02-09T12:00:00Z"), expected);
}

#[test]
fn a_job_may_have_windows_in_several_zones() {
    let tokyo = Window { zone: zone("Asia/Tokyo"), ..window("09:00", "10:00") };
    let windows = [in_berlin(window("09:00", "10:00")), tokyo];
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, job("web"))]);
    assert_eq!(sim.state(0), State::Starting, "it is 09:00 in Tokyo already");
    assert_eq!(
        moments(&mut sim, State::Starting, "2027-02-02T12:00:00Z"),
        ["02-01 08:00", "02-02 00:00", "02-02 08:00"]
    );
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, job("web"))]);
    sim.run_until(at("2027-02-01T12:00:00Z"));
    assert_eq!(look(&sim, 0).why, "its window opens tue 09:00 (Asia/Tokyo)");
}

#[test]
fn when_clocks_are_put_forward_a_window_opens_at_the_first_moment_after_the_gap() {
    let windows = [in_berlin(window("02:30", "05:00"))];
    let mut sim = started_at("2027-03-26T12:00:00Z", vec![scheduled(&windows, job("web"))]);
    let expected = ["03-27 01:30", "03-28 01:00", "03-29 00:30"];
    assert_eq!(moments(&mut sim, State::Starting, "2027-03-29T12:00:00Z"), expected);
    let told = "02:30:00 on 2027-03-28 does not exist: sun 03:00 (Europe/Berlin) instead";
    assert_eq!(zap_records(&sim), [told]);
    let mut sim = started_at("2027-03-26T12:00:00Z", vec![scheduled(&windows, job("web"))]);
    let expected = ["03-27 04:00", "03-28 03:00", "03-29 03:00"];
    assert_eq!(moments(&mut sim, State::Scheduled, "2027-03-29T12:00:00Z"), expected);
}

#[test]
fn a_window_that_lies_in_the_gap_does_not_open_that_day() {
    let windows = [in_berlin(window("02:15", "02:45"))];
    let batch = scheduled(&windows, one_shot("batch"));
    let mut sim = started_at("2027-03-26T12:00:00Z", vec![batch]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    let expected = ["03-27 01:15", "03-29 00:15"];
    assert_eq!(moments(&mut sim, State::Starting, "2027-03-29T12:00:00Z"), expected);
}

#[test]
fn when_clocks_are_put_back_a_repeated_time_counts_once_the_first() {
    let windows = [in_berlin(window("02:30", "02:45"))];
    let batch = scheduled(&windows, one_shot("batch"));
    let mut sim = started_at("2027-10-30T12:00:00Z", vec![batch]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    assert_eq!(moments(&mut sim, State::Starting, "2027-11-01T12:00:00Z"), ["10-31 00:30", "11-01 01:30"]);
    let windows = [in_berlin(window("01:00", "02:30"))];
    let mut sim = started_at("2027-10-30T12:00:00Z", vec![scheduled(&windows, job("web"))]);
    assert_eq!(moments(&mut sim, State::Scheduled, "2027-11-01T12:00:00Z"), ["10-31 00:30", "11-01 01:30"]);
}

#[test]
fn a_day_of_a_zone_is_a_day_however_many_hours_it_has() {
    let windows = [in_berlin(on(&[Weekday::Sunday], window("", "")))];
    for (friday, opens, closes) in [
        ("2027-03-26T12:00:00Z", "03-27 23:00", "03-28 22:00"),
        ("2027-10-29T12:00:00Z", "10-30 22:00", "10-31 23:00"),
    ] {
        let until = friday.replace("26T", "29T").replace("10-29T", "11-01T");
        let mut sim = started_at(friday, vec![scheduled(&windows, job("web"))]);
        assert_eq!(moments(&mut sim, State::Starting, &until), [opens]);
        let mut sim = started_at(friday, vec![scheduled(&windows, job("web"))]);
        assert_eq!(moments(&mut sim, State::Scheduled, &until), [closes]);
    }
}

#[test]
fn a_one_shot_job_runs_once_in_each_window() {
    let windows = [window("01:00", "02:00"), window("02:00", "03:00")];
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, one_shot("batch"))]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    let expected = ["02-01 01:00", "02-01 02:00", "02-02 01:00", "02-02 02:00"];
    assert_eq!(moments(&mut sim, State::Starting, "2027-02-02T12:00:00Z"), expected);
    let view = look(&sim, 0);
    assert_eq!((view.state, view.next.map(|next| next.kind)), (State::Done, Some(NextKind::Open)));
    assert_eq!(sim.supervisor.at_rest(), None, "the next window comes without a person");
    assert!(sim.supervisor.ended(InstanceId(0)).is_some());
}

#[test]
fn windows_that_adjoin_are_one_for_what_serves() {
    let windows = [window("01:00", "02:00"), window("02:00", "03:00"), window("02:30", "04:00")];
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, job("web"))]);
    assert_eq!(moments(&mut sim, State::Scheduled, "2027-02-02T00:00:00Z"), ["02-01 04:00"]);
    assert_eq!(sim.runs.len(), 1);
}

#[test]
fn a_person_may_run_a_one_shot_job_again_in_its_window() {
    let windows = [window("01:00", "02:00")];
    let mut sim = started_at("2027-02-01T01:10:00Z", vec![scheduled(&windows, one_shot("batch"))]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Done, 1));
    sim.command(Command::Start(one(0)));
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Done, 2));
    sim.run_until(at("2027-02-01T03:00:00Z"));
    sim.command(Command::Start(one(0)));
    assert_eq!(sim.state(0), State::Scheduled);
}

#[test]
fn what_failed_in_one_window_gets_another_chance_in_the_next() {
    let windows = [window("01:00", "02:00")];
    let batch = scheduled(&windows, one_shot("batch"));
    let mut sim = started_at("2027-02-01T01:10:00Z", vec![batch]);
    sim.habits(0, &[Habit::Exits(1_000, 1), Habit::Exits(1_000, 0)]);
    sim.run_until(at("2027-02-01T12:00:00Z"));
    assert_eq!(sim.state(0), State::Failed);
    sim.run_until(at("2027-02-02T12:00:00Z"));
    assert_eq!(sim.state(0), State::Done);
}

#[test]
fn a_retry_does_not_outlive_its_window() {
    let windows = [window("01:00", "02:00")];
    let flaky = scheduled(&windows, restarting(Restart::Always, job("web")));
    let mut sim = started_at("2027-02-01T01:59:59Z", vec![flaky]);
    sim.habits(0, &[Habit::Exits(500, 1)]);
    sim.run_for(600);
    assert_eq!(sim.state(0), State::Backoff);
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Scheduled, 1));
}

#[test]
fn a_clock_that_is_put_forward_runs_a_missed_window_at_most_once() {
    let windows = [window("01:00", "02:00")];
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![scheduled(&windows, one_shot("batch"))]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    sim.set_wall(at("2027-02-05T12:00:00Z"));
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Scheduled, 0), "a window that is over is over");
    sim.set_wall(at("2027-02-08T01:30:00Z"));
    sim.run_for(60_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Done, 1));
}

#[test]
fn a_clock_that_is_put_back_repeats_no_window_of_a_one_shot_job() {
    let windows = [window("01:00", "02:00")];
    let mut sim = started_at("2027-02-05T00:59:00Z", vec![scheduled(&windows, one_shot("batch"))]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    sim.run_for(120_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Done, 1));
    sim.set_wall(at("2027-02-05T00:30:00Z"));
    sim.run_until(at("2027-02-05T12:00:00Z"));
    sim.set_wall(at("2027-02-03T00:00:00Z"));
    sim.run_until(at("2027-02-05T12:00:00Z"));
    assert_eq!((sim.state(0), sim.runs.len()), (State::Done, 1));
    sim.run_until(at("2027-02-06T12:00:00Z"));
    assert_eq!(sim.runs.len(), 2);
}

#[test]
fn a_clock_that_is_put_back_does_not_cut_short_what_is_meant_to_end() {
    let windows = [window("01:00", "02:00")];
    let mut sim = started_at("2027-02-05T01:10:00Z", vec![scheduled(&windows, one_shot("batch"))]);
    sim.run_for(60_000);
    sim.set_wall(at("2027-02-05T00:30:00Z"));
    assert_eq!(sim.state(0), State::Running);
    sim.run_until(at("2027-02-05T02:01:00Z"));
    assert_eq!((sim.state(0), sim.runs.len()), (State::Scheduled, 1));
}

#[test]
fn what_serves_follows_the_clock_in_both_directions() {
    let mut sim =
        started_at("2027-02-05T00:00:00Z", vec![scheduled(&[window("01:00", "02:00")], job("web"))]);
    let state_at = |sim: &mut Sim, moment: &str| {
        sim.set_wall(at(moment));
        sim.run_for(2_000);
        sim.state(0)
    };
    assert_eq!(state_at(&mut sim, "2027-02-05T01:30:00Z"), State::Running);
    assert_eq!(state_at(&mut sim, "2027-02-05T00:30:00Z"), State::Scheduled);
    assert_eq!(state_at(&mut sim, "2027-02-05T01:30:00Z"), State::Running);
    assert_eq!(state_at(&mut sim, "2028-02-05T03:30:00Z"), State::Scheduled);
    assert_eq!(state_at(&mut sim, "2026-02-05T01:30:00Z"), State::Running);
}

#[test]
fn who_needs_a_scheduled_job_is_told_when_its_window_opens() {
    let needed = scheduled(&[window("08:00", "18:00")], job("db"));
    let web = Job { needs: vec![need("db", Until::Running, OnLoss::Stop)], ..job("web") };
    let mut sim = started_at("2027-02-01T07:00:00Z", vec![needed, web]);
    let view = look(&sim, 1);
    assert_eq!(view.why, "waiting for dev/db: its window opens mon 08:00 (UTC)");
    assert_eq!(view.blocked_by, Some(InstanceId(0)));
    assert_eq!(sim.supervisor.at_rest(), None);
    sim.run_until(at("2027-02-01T09:00:00Z"));
    assert_eq!(sim.states(), [State::Running; 2]);
    sim.run_until(at("2027-02-01T18:30:00Z"));
    assert_eq!(sim.states(), [State::Scheduled, State::Waiting]);
}

// --- Times of the day -------------------------------------------------------------------------------------------------

fn restarted_at(times: &[&str], job: Job) -> Job {
    Job { restart_at: times.iter().map(|time| clock(time)).collect(), zone: zone("Europe/Berlin"), ..job }
}

#[test]
fn a_running_job_is_restarted_at_times_of_the_day() {
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![restarted_at(&["04:00", "16:00"], job("web"))]);
    sim.run_for(5_000);
    assert_eq!(look(&sim, 0).next.map(|next| next.kind), Some(NextKind::Restart));
    assert!(look(&sim, 0).abroad, "the file means Berlin");
    let expected = ["02-01 03:00", "02-01 15:00", "02-02 03:00"];
    assert_eq!(moments(&mut sim, State::Starting, "2027-02-02T12:00:00Z"), expected);
    assert_eq!(look(&sim, 0).restarts, 0, "nobody's failure");
}

#[test]
fn what_does_not_run_is_not_restarted_at_a_time_of_the_day() {
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![restarted_at(&["04:00"], job("web"))]);
    sim.habits(0, &[Habit::Exits(5_000, 0)]);
    sim.run_until(at("2027-02-03T00:00:00Z"));
    assert_eq!((sim.state(0), sim.runs.len()), (State::Done, 1));
}

#[test]
fn a_time_of_the_day_that_does_not_exist_is_taken_after_the_gap_and_a_repeated_one_once() {
    let mut sim = started_at("2027-03-27T12:00:00Z", vec![restarted_at(&["02:30"], job("web"))]);
    assert_eq!(moments(&mut sim, State::Starting, "2027-03-29T12:00:00Z"), ["03-28 01:00", "03-29 00:30"]);
    let told = "02:30:00 on 2027-03-28 does not exist: sun 03:00 (Europe/Berlin) instead";
    assert_eq!(zap_records(&sim), [told]);
    let mut sim = started_at("2027-10-30T12:00:00Z", vec![restarted_at(&["02:30"], job("web"))]);
    assert_eq!(moments(&mut sim, State::Starting, "2027-11-01T12:00:00Z"), ["10-31 00:30", "11-01 01:30"]);
}

#[test]
fn a_time_of_the_day_that_was_jumped_over_is_made_up_for_once_and_never_repeated() {
    let mut sim = started_at("2027-02-01T00:00:00Z", vec![restarted_at(&["04:00"], job("web"))]);
    sim.run_for(5_000);
    sim.set_wall(at("2027-02-06T12:00:00Z"));
    sim.run_for(5_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
    sim.set_wall(at("2027-02-06T02:30:00Z"));
    sim.run_until(at("2027-02-06T23:00:00Z"));
    assert_eq!((sim.state(0), sim.runs.len()), (State::Running, 2));
    sim.run_until(at("2027-02-07T04:00:00Z"));
    assert_eq!(sim.runs.len(), 3);
}

#[test]
fn a_clock_that_was_wrong_for_a_while_does_not_put_off_the_next_restart() {
    let mut sim = started_at("2027-02-01T12:00:00Z", vec![restarted_at(&["04:00"], job("web"))]);
    sim.set_wall(at("2030-02-01T00:00:00Z"));
    sim.run_for(5_000);
    let runs = sim.runs.len();
    sim.set_wall(at("2027-02-01T12:00:00Z"));
    sim.run_for(5_000);
    assert_eq!(look(&sim, 0).next.map(|next| next.at.0), Some(ms(sim.now + 15 * 3_600_000 - 5_000)));
    assert_eq!(sim.runs.len(), runs);
}

// --- Versions ---------------------------------------------------------------------------------------------------------

pub(crate) fn version(apply_on: &str, program: &str) -> Version {
    let apply_on = Moment { text: apply_on.to_owned(), unix_ms: at(&format!("{apply_on}Z")) };
    Version { apply_on, fake: false, launch: launch(program) }
}

fn versioned(versions: Vec<Version>, job: Job) -> Job {
    Job { versions, ..job }
}

fn program(sim: &Sim) -> String {
    let effects = sim.history.iter().flat_map(|(_, _, effects)| effects);
    let mut program = effects.filter_map(|effect| match effect {
        zap::model::Effect::Spawn { launch, .. } => launch.argv[0].clone().into_string().ok(),
        _ => None,
    });
    program.next_back().unwrap_or_default()
}

#[test]
fn a_version_that_comes_into_force_replaces_the_one_that_runs_once_that_has_surely_ended() {
    let versions = vec![version("2027-04-01T08:00:00", "v1")];
    let mut sim = started_at("2027-04-01T07:00:00Z", vec![versioned(versions, job("web"))]);
    sim.habits(0, &[Habit::Slow(3_000), Habit::Good]);
    sim.run_for(5_000);
    assert_eq!(program(&sim), "web");
    assert_eq!(look(&sim, 0).next.map(|next| next.kind), Some(NextKind::Version));
    sim.run_until(at("2027-04-01T08:00:02Z"));
    assert_eq!(look(&sim, 0).why, "another version has come into force: TERM sent");
    assert_eq!(sim.runs.len(), 1, "nothing is started beside the old one");
    sim.run_until(at("2027-04-01T08:00:10Z"));
    assert_eq!((sim.state(0), program(&sim), look(&sim, 0).restarts), (State::Running, "v1".to_owned(), 0));
}

#[test]
fn a_version_that_nothing_can_end_is_not_replaced() {
    let versions = vec![version("2027-04-01T08:00:00", "v1")];
    let mut sim = started_at("2027-04-01T07:59:00Z", vec![versioned(versions, job("web"))]);
    sim.habits(0, &[Habit::Undying]);
    sim.run_for(600_000);
    assert_eq!((sim.state(0), sim.runs.len()), (State::Waiting, 1));
}

#[test]
fn the_newest_version_that_is_due_and_not_fake_is_in_force() {
    let fake = Version { fake: true, ..version("2027-04-03T00:00:00", "v3") };
    let versions = vec![version("2027-04-01T00:00:00", "v1"), version("2027-04-02T00:00:00", "v2"), fake];
    for (moment, expected) in [
        ("2027-03-31T12:00:00Z", "web"),
        ("2027-04-01T12:00:00Z", "v1"),
        ("2027-04-02T00:00:00Z", "v2"),
        ("2027-04-04T00:00:00Z", "v2"),
    ] {
        let sim = started_at(moment, vec![versioned(versions.clone(), job("web"))]);
        assert_eq!(program(&sim), expected, "{moment}");
    }
}

#[test]
fn several_versions_that_a_clock_jumps_over_cost_one_change() {
    let versions = vec![version("2027-04-01T00:00:00", "v1"), version("2027-04-02T00:00:00", "v2")];
    let mut sim = started_at("2027-03-31T00:00:00Z", vec![versioned(versions, job("web"))]);
    sim.run_for(5_000);
    sim.set_wall(at("2027-05-01T00:00:00Z"));
    sim.run_for(5_000);
    assert_eq!((program(&sim), sim.runs.len()), ("v2".to_owned(), 2));
    sim.set_wall(at("2027-03-01T00:00:00Z"));
    sim.run_for(5_000);
    assert_eq!((program(&sim), sim.runs.len()), ("v2".to_owned(), 2), "none goes out of force again");
}

fn reload(sim: &mut Sim, jobs: Vec<Job>) {
    sim.tell(Event::Reloaded { plan: Box::new(plan(jobs)), by: By::User });
    sim.run_for(5_000);
}

#[test]
fn fake_on_the_newest_version_is_a_rollback_whatever_on_change_says() {
    let versions = |fake| {
        let newest = Version { fake, ..version("2027-04-02T00:00:00", "v2") };
        let on_change = zap::config::OnChange::Pending;
        let versions = vec![version("2027-04-01T00:00:00", "v1"), newest];
        vec![versioned(versions, Job { on_change, ..job("web") })]
    };
    let mut sim = started_at("2027-04-02T12:00:00Z", versions(false));
    sim.run_for(5_000);
    assert_eq!(program(&sim), "v2");
    reload(&mut sim, versions(true));
    assert_eq!((program(&sim), sim.state(0)), ("v1".to_owned(), State::Running));
    reload(&mut sim, versions(false));
    assert_eq!((program(&sim), sim.state(0)), ("v2".to_owned(), State::Running));
}

#[test]
fn a_reload_that_adds_or_removes_a_due_version_changes_over() {
    let mut sim = started_at("2027-04-02T12:00:00Z", vec![job("web")]);
    sim.run_for(5_000);
    let due = version("2027-04-01T00:00:00", "v1");
    reload(&mut sim, vec![versioned(vec![due], job("web"))]);
    assert_eq!((program(&sim), sim.state(0)), ("v1".to_owned(), State::Running));
    reload(&mut sim, vec![job("web")]);
    assert_eq!((program(&sim), sim.state(0)), ("web".to_owned(), State::Running));
    let later = version("2027-05-01T00:00:00", "v2");
    reload(&mut sim, vec![versioned(vec![later], job("web"))]);
    assert_eq!((sim.runs.len(), sim.state(0)), (3, State::Running), "what is not due changes nothing yet");
}

#[test]
fn a_version_of_the_same_words_changes_nothing() {
    let same = Version { launch: launch("web"), ..version("2027-04-01T08:00:00", "web") };
    let mut sim = started_at("2027-04-01T07:00:00Z", vec![versioned(vec![same], job("web"))]);
    sim.run_until(at("2027-04-01T09:00:00Z"));
    assert_eq!((sim.runs.len(), sim.state(0)), (1, State::Running));
}

#[test]
fn a_job_without_work_is_scheduled_until_its_first_version() {
    let versions = vec![version("2027-04-01T08:00:00", "v1")];
    let empty = Job { launch: None, ..job("web") };
    let mut sim = started_at("2027-04-01T07:00:00Z", vec![versioned(versions, empty.clone())]);
    let view = look(&sim, 0);
    assert_eq!(view.state, State::Scheduled);
    assert_eq!(view.why, "its first version comes into force on 2027-04-01T08:00:00");
    assert_eq!(view.next.map(|next| next.kind), Some(NextKind::Version));
    assert_eq!(sim.supervisor.at_rest(), None);
    sim.run_until(at("2027-04-01T08:00:10Z"));
    assert_eq!((sim.state(0), program(&sim)), (State::Running, "v1".to_owned()));
    let fake = Version { fake: true, ..version("2027-04-01T08:00:00", "v1") };
    let sim = started_at("2027-04-01T07:00:00Z", vec![versioned(vec![fake], empty)]);
    assert_eq!((sim.state(0), sim.supervisor.at_rest()), (State::Scheduled, Some(false)));
}

#[test]
fn a_version_runs_anew_what_is_done_but_not_twice_in_a_window() {
    let versions = vec![version("2027-04-01T08:00:00", "v1")];
    let done = versioned(versions, one_shot("migrate"));
    let windowed = scheduled(&[window("07:00", "12:00")], done.clone());
    let mut sim = started_at("2027-04-01T07:30:00Z", vec![done]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    sim.run_until(at("2027-04-01T09:00:00Z"));
    assert_eq!((sim.state(0), program(&sim), sim.runs.len()), (State::Done, "v1".to_owned(), 2));
    let mut sim = started_at("2027-04-01T07:30:00Z", vec![windowed]);
    sim.habits(0, &[Habit::Exits(1_000, 0)]);
    sim.run_until(at("2027-04-01T13:00:00Z"));
    assert_eq!((program(&sim), sim.runs.len()), ("migrate".to_owned(), 1));
    sim.run_until(at("2027-04-02T08:00:00Z"));
    assert_eq!((program(&sim), sim.runs.len()), ("v1".to_owned(), 2));
}

#[test]
fn what_is_edited_in_a_version_that_is_in_force_waits_if_on_change_says_so() {
    let on_change = zap::config::OnChange::Pending;
    let versions = |program| vec![version("2027-04-01T00:00:00", program)];
    let with = |program| vec![versioned(versions(program), Job { on_change, ..job("web") })];
    let mut sim = started_at("2027-04-02T12:00:00Z", with("v1"));
    sim.run_for(5_000);
    reload(&mut sim, with("other"));
    assert_eq!((program(&sim), look(&sim, 0).pending_change), ("v1".to_owned(), true));
    assert_eq!(look(&sim, 0).run.map(|run| run.id), Some(RunId(1)));
}
