//! What supervision brings to the screen: its states on rows, why, details, the question of a reload, the banner.

use std::time::Duration;

use crossterm::event::Event;
use zap::model::{Exit, Forecast, InstanceId, Next, NextKind, State, Target};
use zap::ui::{Options, Request, Terminals};

use crate::build::{Eye, forecast, now, options, problem, running, supervised};

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 24), (200, 50)];

fn eye(cols: u16, rows: u16) -> Eye {
    let mut terminals = Terminals::new();
    terminals.insert(InstanceId(3), running("listening on 127.0.0.1:8080\r\n"));
    Eye::new(cols, rows, supervised(), terminals)
}

fn selected(eye: &mut Eye) -> String {
    let frame = eye.frame();
    let row = frame.lines().find(|line| line.starts_with('▌')).expect("a row is selected").to_owned();
    row.chars().skip(3).take(17).collect::<String>().trim().to_owned()
}

#[test]
fn rows_of_all_states() {
    for (cols, rows) in SIZES {
        insta::assert_snapshot!(format!("rows_{cols}x{rows}"), eye(cols, rows).frame());
    }
    let options = Options { utf8: false, ..options() };
    let mut eye = Eye::with(options, 120, 24, supervised(), Terminals::new());
    eye.press("2");
    insta::assert_snapshot!("rows_ascii", eye.frame());
}

#[test]
fn the_page_of_a_supervised_system() {
    for (cols, rows) in [(120, 24), (200, 50)] {
        let mut eye = eye(cols, rows);
        eye.press("g");
        insta::assert_snapshot!(format!("system_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn why_a_job_waits() {
    for (cols, rows) in SIZES {
        let mut eye = eye(cols, rows);
        eye.press("7 w");
        insta::assert_snapshot!(format!("why_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn why_a_system_is_not_well() {
    for (cols, rows) in [(40, 12), (120, 24)] {
        let mut eye = eye(cols, rows);
        eye.press("g w");
        insta::assert_snapshot!(format!("why_system_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn why_is_held_runs_or_is_done() {
    let mut eye = eye(80, 24);
    let mut told = |keys: &str| {
        eye.press(keys);
        let frame = eye.frame();
        let rows = frame
            .lines()
            .skip_while(|line| !line.contains("┌ why"))
            .take_while(|line| line.contains(['│', '┌', '└']));
        let inside: Vec<_> =
            rows.filter(|line| line.contains('┌') || line.matches('│').count() > 1).map(str::trim).collect();
        inside.join("\n")
    };
    let all = ["8 w", "w 9 w", "w 2 w", "w 4 w", "w g G w", "w g k k w"].map(&mut told).join("\n\n");
    insta::assert_snapshot!(all);
    eye.press("w");
    eye.job_mut("dev/api").state = State::Done;
    eye.job_mut("dev/api").why = "done: exit 0 after 3s".to_owned();
    eye.press("2 w");
    assert!(eye.frame().contains("it is done, as it should be: exit 0 after 3s"));
}

#[test]
fn when_it_goes_on_is_said_once() {
    let mut eye = eye(160, 24);
    let next = |seconds, kind| Some(Next { at: now().mono + Duration::from_secs(seconds), kind });
    let mut says = |seconds, kind, state, why: &str, expected: &str| {
        let job = eye.job_mut("dev/report");
        (job.state, job.why, job.next, job.blocked_by) = (state, why.to_owned(), next(seconds, kind), None);
        eye.press("g 7");
        assert!(eye.frame().contains(&format!("{expected}\n")), "where output would be: {}", eye.frame());
        eye.press("w");
        assert!(eye.line(&format!(" {expected} ")).ends_with('│'), "the panel: {}", eye.frame());
        eye.press("Esc g");
        assert!(eye.frame().contains(expected), "the page of the system: {}", eye.frame());
    };
    let later = 17_200 + 5 * 86_400;
    let opens =
        |says: &mut dyn FnMut(u64, NextKind, State, &str, &str), seconds, why: &str, expected: &str| {
            says(seconds, NextKind::Open, State::Scheduled, why, expected);
        };
    opens(&mut says, later, "its window opens mon 04:00", "its window opens mon 04:00");
    opens(&mut says, 42, "its window opens tue 23:14", "its window opens tue 23:14: in 42s");
    let abroad = "its window opens mon 05:00 (Europe/Kyiv)";
    opens(&mut says, later, abroad, "its window opens mon 05:00 (Europe/Kyiv), mon 04:00 here");
    let mut retry = |why: &str, expected: &str| says(21, NextKind::Retry, State::Backoff, why, expected);
    retry("exit 1 after 2s; will be started again", "exit 1 after 2s; will be started again in 21s");
    retry("exit 1, before it was up; retry 2 of 3", "exit 1, before it was up; retry 2 of 3 in 21s");
}

#[test]
fn why_is_read_anew_with_each_frame() {
    let mut eye = eye(120, 24);
    eye.press("7 w");
    eye.job_mut("dev/db").why = "up, but not ready: status 503".to_owned();
    assert!(eye.frame().contains("running: not ready: status 503"));
    eye.job_mut("dev/report").blocked_by = None;
    eye.job_mut("dev/report").why = "waiting for a place: 4 others are starting".to_owned();
    let frame = eye.frame();
    assert!(frame.contains("waiting for a place: 4 others are starting") && !frame.contains("│ ● dev/db"));
    eye.press("w");
    assert!(!eye.frame().contains("┌ why"));
}

#[test]
fn why_leads_to_the_cause_or_to_the_selected_link() {
    let mut eye = eye(120, 24);
    eye.press("7 w Enter");
    assert_eq!(selected(&mut eye), "● db");
    eye.press("7 w k Enter");
    assert_eq!(selected(&mut eye), "… migrate");
    eye.press("g w Enter");
    assert_eq!(selected(&mut eye), "‖ flaky");
    eye.press("2 w Enter");
    assert_eq!(selected(&mut eye), "● api", "nothing stands behind it");
    assert!(!eye.frame().contains("┌ why"));
}

#[test]
fn a_circle_of_reasons_ends() {
    let mut eye = eye(120, 24);
    eye.job_mut("dev/db").blocked_by = Some(InstanceId(8));
    eye.press("7 w");
    assert!(!eye.frame().contains("… dev/report"), "{}", eye.frame());
    eye.press("Enter");
    assert_eq!(selected(&mut eye), "● db");
}

#[test]
fn a_long_chain_shows_its_cause() {
    let mut view = supervised();
    let jobs = (0..1_000).map(|n| zap::model::InstanceView {
        blocked_by: (n > 0).then(|| InstanceId(99 + n)),
        why: format!("reason {n}"),
        ..crate::build::job(100 + n, "dev", &format!("link{n}"), State::Waiting, 9)
    });
    view.systems[0].jobs = jobs.collect();
    let mut eye = Eye::new(80, 24, view, Terminals::new());
    eye.ui.select(&Target::Instance(InstanceId(1_099)), &eye.view);
    eye.press("w");
    let frame = eye.frame();
    assert!(frame.contains("waiting: reason 0") && frame.contains("waiting: reason 5"), "{frame}");
    assert!(
        frame.lines().last().is_some_and(|line| line.contains("w close")),
        "the last line is free: {frame}"
    );
    eye.press("g Enter");
    assert!(selected(&mut eye).contains("link998"));
}

#[test]
fn details_of_a_job() {
    for (cols, rows) in SIZES {
        let mut eye = eye(cols, rows);
        eye.press("2 i");
        insta::assert_snapshot!(format!("details_{cols}x{rows}"), eye.frame());
    }
    let mut eye = eye(120, 24);
    eye.press("2 i f");
    insta::assert_snapshot!("details_120x24_middle", eye.frame());
    eye.press("e G");
    insta::assert_snapshot!("details_120x24_end", eye.frame());
    let mut eye = self::eye(40, 12);
    eye.press("2 i f");
    insta::assert_snapshot!("details_40x12_middle", eye.frame());
}

#[test]
fn a_title_that_was_made_of_a_command_is_not_told_beside_it() {
    let mut eye = eye(120, 24);
    let mut shows = |title: &str, shown: bool| {
        eye.job_mut("dev/api").title = title.to_owned();
        eye.press("g j j i");
        let second = eye.frame().lines().nth(2).unwrap_or_default().contains(title);
        assert_eq!(second, shown, "{title}: {}", eye.frame());
        eye.press("Esc");
    };
    shows("The interface", true);
    // Of the command that another version has replaced, and of one that is too long.
    shows("api-1", false);
    shows("cargo run --release -- --list…", false);
}

#[test]
fn details_scroll_and_close() {
    let mut eye = eye(80, 24);
    eye.press("2 i");
    assert!(eye.frame().contains("more below"));
    assert!(eye.ui.visible(&eye.view).is_empty(), "its output is covered");
    let before = eye.frame();
    for (there, back) in [("j", "k"), ("f", "b"), ("PageDown", "PageUp"), ("d", "u"), ("G", "g")] {
        eye.press(there);
        assert_ne!(eye.frame(), before, "{there}");
        eye.press(back);
        assert_eq!(eye.frame(), before, "{back}");
    }
    assert!(!eye.frame().contains("INHERITED_0"));
    eye.press("e G");
    assert!(eye.frame().contains("INHERITED_47") && eye.frame().contains("the end"));
    eye.press("i");
    assert!(eye.frame().contains("listening on"));
    eye.press("i Esc");
    assert!(eye.frame().contains("listening on"));
    assert_eq!(eye.ui.detailed(), None);
}

#[test]
fn details_that_find_no_room_say_so() {
    let mut eye = eye(40, 12);
    let details = eye.details.get_mut(&InstanceId(3)).unwrap();
    details.needs[0].text = "dev/a-database-with-a-name-longer-than-any-other ready".to_owned();
    eye.press("2 i f");
    assert!(eye.line("a-database").trim_end().ends_with("…"), "{}", eye.frame());
}

#[test]
fn details_lead_to_needs_and_to_who_needs_it() {
    let mut eye = eye(120, 40);
    let link = |eye: &mut Eye| eye.line("│▌").split("│▌").nth(1).unwrap_or_default().trim().to_owned();
    eye.press("2 i");
    assert_eq!(link(&mut eye), "● dev/db ready");
    eye.press("Tab");
    assert_eq!(link(&mut eye), "… dev/migrate done  not met");
    eye.press("Tab");
    assert_eq!(link(&mut eye), "● dev/web", "a command is no place to go");
    eye.press("Tab");
    assert_eq!(link(&mut eye), "● dev/db ready");
    eye.press("Tab Enter");
    assert_eq!(eye.ui.detailed(), Some(InstanceId(6)));
    assert!(eye.line("waiting now").contains("dev/migrate"), "{}", eye.frame());
    eye.press("i");
    assert_eq!(selected(&mut eye), "… migrate");
}

#[test]
fn details_are_of_a_job() {
    let mut eye = eye(120, 24);
    eye.press("g i");
    assert_eq!(eye.ui.detailed(), None);
    assert!(eye.frame().contains("only a job has details"));
}

#[test]
fn in_the_pager_i_types_into_the_job() {
    let mut eye = eye(120, 24);
    eye.press("2 Tab i");
    assert!(eye.frame().contains("keys go to dev/api"));
}

#[test]
fn a_reload_is_asked_about() {
    for (cols, rows) in SIZES {
        let mut eye = eye(cols, rows);
        assert_eq!(eye.press("c"), vec![Request::Reload]);
        eye.ui.propose(forecast(0));
        insta::assert_snapshot!(format!("reload_{cols}x{rows}"), eye.frame());
    }
    let mut eye = eye(80, 24);
    eye.ui.propose(forecast(60));
    insta::assert_snapshot!("reload_long", eye.frame());
    eye.press("G");
    assert!(eye.frame().contains("tools/docs") && !eye.frame().contains("more below"), "{}", eye.frame());
}

#[test]
fn the_question_keeps_its_columns_and_cuts_no_key() {
    let long = |mut forecast: Forecast| {
        forecast.changes[0].keys = ["command", "env", "work-dir", "start-secs", "exit-codes", "stop.signal"]
            .map(str::to_owned)
            .to_vec();
        forecast.changes[2].deed = "goes on (pending), 2 fewer instances".to_owned();
        forecast.settings.extend(["start-stagger", "watch-config", "event-log"].map(str::to_owned));
        forecast
    };
    for (cols, rows) in [(40, 24), (80, 24), (120, 24)] {
        let mut eye = eye(cols, rows);
        eye.ui.propose(long(forecast(0)));
        insta::assert_snapshot!(format!("reload_keys_{cols}x{rows}"), eye.frame());
    }
    let mut eye = eye(80, 24);
    eye.ui.propose(forecast(60));
    assert!(eye.line("do it  n leave it").contains("↑↓ move"), "there is more below");
    eye.input(Event::Resize(200, 100));
    assert!(!eye.line("do it  n leave it").contains("↑↓ move"), "there is no more");
}

#[test]
fn a_reload_that_nobody_was_asked_about_is_told() {
    let mut eye = eye(120, 24);
    eye.ui.tell_reload(&forecast(0));
    let told = " reloaded: 1 added, 1 removed, 3 changed, theme, max-starting changed, 197 jobs kept\n";
    assert!(eye.frame().contains(told), "{}", eye.frame());
    eye.press("j");
    assert!(!eye.frame().contains("reloaded"), "until the next key");
    eye.ui.tell_reload(&Forecast { kept: 3, ..Forecast::default() });
    assert!(eye.frame().contains(" reloaded: nothing changes for the jobs\n"));
}

#[test]
fn for_whom_one_waits_and_when_one_is_killed_is_seen_where_it_is_narrow() {
    let mut eye = eye(100, 24);
    let kill = Next { at: now().mono + Duration::from_secs(7), kind: NextKind::Kill };
    eye.job_mut("dev/web#2").state = State::Stopping;
    eye.job_mut("dev/web#2").next = Some(kill);
    eye.job_mut("dev/worker").note = "for backend".to_owned();
    eye.job_mut("dev/report").note = "for a-very-long-backend".to_owned();
    assert!(eye.line("web#2 ").contains("◑ web#2       KILL 7s "), "{}", eye.frame());
    assert!(eye.line("worker ").contains("… worker      for backend "), "{}", eye.frame());
    assert!(eye.line("report ").contains("… report      for a-very-l… "), "{}", eye.frame());
    assert!(eye.line("migrate ").contains("… migrate     waiting db "), "{}", eye.frame());
}

#[test]
fn how_many_are_marked_is_told_beside_what_happened_elsewhere() {
    let mut eye = eye(120, 24);
    eye.press("j Space Space");
    assert!(eye.line("go there").starts_with(" 2 marked  ‖ dev/mail is held"), "{}", eye.frame());
}

#[test]
fn a_time_that_the_file_means_elsewhere_is_told_as_it_is_here() {
    let mut eye = eye(160, 24);
    let at = now().mono + Duration::from_secs(17_200 + 5 * 86_400);
    eye.job_mut("dev/api").next = Some(Next { at, kind: NextKind::Restart });
    eye.press("g j j");
    assert!(eye.line("dev/api").contains("· restarts mon 04:00 ·"), "{}", eye.frame());
    eye.job_mut("dev/api").abroad = true;
    assert!(eye.line("dev/api").contains("· restarts mon 04:00 here ·"), "{}", eye.frame());
}

#[test]
fn what_zap_ended_is_told_with_its_reason_and_not_with_its_signal() {
    let says = |exit, note: &str, why: &str, expected: &str| {
        let mut eye = eye(160, 24);
        let job = eye.job_mut("dev/worker");
        (job.state, job.exit, job.since) = (State::Failed, Some(exit), now());
        (job.note, job.why) = (note.to_owned(), why.to_owned());
        assert!(eye.line("go there").contains(&format!("dev/worker failed, {expected}, just now")));
    };
    says(Exit::Signal(15), "too slow", "failed: ran longer than 5s", "ran longer than 5s");
    says(Exit::Code(0), "step too slow", "failed: step a took longer than 5s", "step a took longer than 5s");
    says(Exit::Signal(9), "KILL", "failed: signal KILL after 3s", "signal KILL");
    says(Exit::Code(7), "exit 7, step build", "failed: exit 7 after 3s, in step build", "exit 7");
}

#[test]
fn a_reload_tells_of_systems_and_of_those_that_are_only_affected() {
    let mut eye = eye(80, 24);
    let affected = zap::model::Change {
        address: "dev/web".to_owned(),
        kind: zap::model::ChangeKind::Affected,
        keys: Vec::new(),
        deed: "stops until dev/db is back".to_owned(),
    };
    let systems = vec!["dev: title".to_owned()];
    eye.ui.propose(Forecast { systems, changes: vec![affected], kept: 3, ..Forecast::default() });
    let frame = eye.frame();
    for told in ["1 affected  3 kept", "* dev/web  stops until dev/db is back", "~ system dev: title"] {
        assert!(frame.contains(told), "{told}: {frame}");
    }
    eye.press("n");
    eye.ui.propose(Forecast { systems: vec!["systems in another order".to_owned()], ..Forecast::default() });
    assert!(eye.frame().contains("┌ reload"), "{}", eye.frame());
}

#[test]
fn a_reload_is_done_or_left() {
    for (key, answer) in [
        ("y", Request::Apply),
        ("Enter", Request::Apply),
        ("n", Request::Discard),
        ("Esc", Request::Discard),
        ("q", Request::Discard),
    ] {
        let mut eye = eye(80, 24);
        eye.ui.propose(forecast(0));
        assert!(eye.frame().contains("┌ reload"));
        assert_eq!(eye.press("j x"), vec![], "other keys do nothing");
        assert_eq!(eye.press(key), vec![answer]);
        assert!(!eye.frame().contains("┌ reload"));
    }
}

#[test]
fn a_reload_that_changes_nothing_says_so() {
    let mut eye = eye(80, 24);
    eye.press("c");
    eye.ui.propose(Forecast { kept: 12, ..Forecast::default() });
    assert!(eye.frame().contains("nothing changes for the jobs"));
    assert_eq!(eye.press("y"), vec![]);
}

#[test]
fn a_question_about_a_file_that_broke_meanwhile_is_withdrawn() {
    let mut eye = eye(80, 24);
    eye.ui.propose(forecast(0));
    eye.ui.withdraw();
    assert!(!eye.frame().contains("┌ reload") && eye.frame().contains("out of date"), "{}", eye.frame());
    assert_eq!(eye.press("y"), vec![]);
    eye.press("?");
    eye.ui.propose(forecast(0));
    eye.ui.withdraw();
    eye.press("Esc");
    assert!(!eye.frame().contains("┌ reload"), "also one that waits for the keys");
}

#[test]
fn the_question_waits_until_nothing_else_has_the_keys() {
    let mut eye = eye(80, 24);
    eye.press("2 Tab i");
    eye.ui.propose(forecast(0));
    assert!(!eye.frame().contains("┌ reload"));
    assert_ne!(eye.press("y"), vec![Request::Apply], "it goes to the job");
    eye.press("Ctrl-]");
    assert!(eye.frame().contains("┌ reload"));
    assert_eq!(eye.press("y"), vec![Request::Apply]);
}

#[test]
fn a_broken_file_is_told_in_a_banner() {
    for (cols, rows) in SIZES {
        let mut eye = eye(cols, rows);
        let before = eye.frame();
        eye.view.problem = Some(problem());
        let frame = eye.frame();
        let moved =
            before.lines().zip(frame.lines()).take(usize::from(rows) - 3).any(|(one, other)| one != other);
        assert!(!moved, "nothing above moves");
        assert_eq!(before.lines().last(), frame.lines().last(), "the last line stays");
        insta::assert_snapshot!(format!("banner_{cols}x{rows}"), frame);
        eye.press("p");
        insta::assert_snapshot!(format!("problem_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn the_banner_is_there_in_the_pager_too() {
    let mut eye = eye(120, 24);
    eye.view.problem = Some(problem());
    eye.press("2 Enter");
    assert!(eye.line("c reads it again").contains("✗ systems.toml:14:43: no job named `dba`"));
    assert!(eye.line("c reads it again").contains("2 more"));
    assert_eq!(eye.press("c"), vec![Request::Reload]);
    eye.view.problem = None;
    assert!(!eye.frame().contains("systems.toml:14"));
}

#[test]
fn the_whole_problem_closes_by_itself_when_it_is_mended() {
    let mut eye = eye(80, 24);
    eye.press("p");
    assert!(eye.frame().contains("nothing is wrong with the file"));
    eye.view.problem = Some(problem());
    eye.press("p");
    assert!(eye.frame().contains("error: no job named `wbe`"));
    assert_eq!(eye.press("c"), vec![Request::Reload]);
    eye.view.problem = None;
    assert!(eye.frame().contains("● api"));
    eye.view.problem = Some(problem());
    eye.press("p c");
    eye.ui.propose(forecast(0));
    assert!(eye.frame().contains("┌ reload"), "what was asked for there is told at once");
}

#[test]
fn trouble_is_what_is_held_or_unwell_and_not_what_is_pending() {
    let mut eye = eye(120, 24);
    eye.press("1");
    let mut met = Vec::new();
    for _ in 0..6 {
        eye.press("!");
        met.push(selected(&mut eye));
    }
    met.sort();
    met.dedup();
    assert_eq!(met, ["‖ flaky", "‖ mail", "● web#1"]);
}

#[test]
fn what_comes_into_trouble_elsewhere_is_told() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("! 1");
    eye.job_mut("dev/flaky").state = State::Held;
    eye.job_mut("dev/flaky").exit = Some(Exit::Unknown);
    eye.job_mut("dev/flaky").note = "exit unknown".to_owned();
    assert!(eye.line("! go there").contains("‖ dev/flaky is held, exit unknown, just now"));
    eye.job_mut("dev/flaky").state = State::Running;
    eye.job_mut("dev/api").unwell = true;
    eye.job_mut("dev/api").why = "up, but unwell: status 503, 3 times in a row".to_owned();
    assert!(eye.line("! go there").contains("! dev/api is unwell, just now: status 503, 3 times in a row"));
    eye.press("!");
    assert_eq!(selected(&mut eye), "● api");
}

#[test]
fn an_end_that_nobody_saw_is_shown_as_one() {
    let mut eye = Eye::sketch(120, 24);
    eye.job_mut("dev/worker").exit = Some(Exit::Unknown);
    eye.job_mut("dev/worker").note = "exit unknown".to_owned();
    eye.press("1");
    assert!(eye.line("✗ worker").contains("exit unknown"), "{}", eye.frame());
    assert!(eye.line("! go there").contains("dev/worker failed, exit unknown, just now: thread"));
    eye.press("5");
    assert!(eye.line("dev/worker  failed at").contains("· exit unknown"));
}

#[test]
fn what_is_to_come_changes_when_it_says_so() {
    let mut eye = eye(120, 24);
    let wait = |eye: &mut Eye| eye.ui.next_change(&eye.view, now()).unwrap().since(now().mono).as_secs();
    assert_eq!(wait(&mut eye), 1, "billing is counted down");
    eye.view.systems[1].jobs.pop();
    assert!(wait(&mut eye) > 1);
    eye.job_mut("dev/flaky").next =
        Some(Next { at: now().mono + std::time::Duration::from_secs(99), kind: NextKind::Release });
    assert!(eye.line("‖ flaky").contains("99s left"));
    assert_eq!(wait(&mut eye), 1);
}

#[test]
fn what_is_wrong_has_its_colour() {
    use ratatui::style::Color;
    use zap::config::{Hue, Look, Role, Theme};
    let look = |fg| Look { fg: Some(Hue::Indexed(fg)), ..Look::default() };
    let looks =
        [(Role::Running, look(2)), (Role::Failed, look(1)), (Role::Waiting, look(3)), (Role::Held, look(5))];
    let banner = (Role::Banner, Look { bg: Some(Hue::Indexed(1)), ..Look::default() });
    let theme = Theme { looks: looks.into_iter().chain([banner]).collect(), ..Theme::default() };
    let mut view = supervised();
    view.problem = Some(problem());
    let mut eye = Eye::with(Options { theme, ..options() }, 120, 24, view, Terminals::new());
    eye.press("G");
    let buffer = eye.buffer();
    let colour = |x, y| buffer[(x, y)].fg;
    assert_eq!(
        (colour(3, 4), colour(20, 4), colour(28, 4)),
        (Color::Indexed(2), Color::Indexed(2), Color::Indexed(1)),
        "unwell"
    );
    assert_eq!((colour(20, 2), colour(28, 2)), (Color::Indexed(2), Color::Indexed(3)), "not ready");
    assert_eq!((colour(3, 9), colour(20, 9)), (Color::Indexed(5), Color::Indexed(5)), "held");
    assert_eq!(colour(36, 3), Color::Indexed(3), "a change is pending");
    assert_eq!(buffer[(119, 21)].bg, Color::Indexed(1), "the banner goes from edge to edge");
}

#[test]
fn a_hook_that_runs_is_named_and_nothing_is_said_twice() {
    let row = |cols, note: &str| {
        let mut eye = Eye::sketch(cols, 24);
        let web = eye.job_mut("dev/web");
        (web.note, web.steps) = (note.to_owned(), Vec::new());
        eye.line(" web ").split('│').next().unwrap_or_default().trim_end().to_owned()
    };
    assert!(row(120, "before").ends_with("starting before"), "{}", row(120, "before"));
    assert!(row(80, "init").ends_with("starting init"), "{}", row(80, "init"));
    assert!(row(80, "before").ends_with("◐ web        before"), "{}", row(80, "before"));
    let mut eye = eye(120, 24);
    eye.press("1");
    assert_eq!(eye.line("dev/db  running").matches("not ready").count(), 1, "{}", eye.frame());
}

#[test]
fn restarting_what_failed_says_what_is_held() {
    let mut eye = eye(120, 24);
    assert_eq!(eye.press("R"), vec![]);
    assert!(eye.frame().contains("nothing has failed; what is held is started by s"));
}

#[test]
fn the_last_line_says_what_explains_the_row() {
    let mut eye = eye(120, 24);
    let mut hints = |keys: &str| {
        eye.press(keys);
        eye.frame().lines().last().unwrap_or_default().to_owned()
    };
    assert!(hints("7").contains("w why"));
    assert!(hints("8").contains("s start"));
    assert!(hints("4").contains("x stop") && !hints("4").contains("w why"));
    assert!(hints("g k k").contains("w why"), "what is scheduled");
}

#[test]
fn a_dialog_gives_way_to_leaving() {
    let mut eye = eye(120, 24);
    eye.press("7 w");
    eye.ui.propose(forecast(0));
    eye.view.quitting = Some(crate::build::leaving());
    let frame = eye.frame();
    assert!(frame.contains("┌ stopping") && !frame.contains("┌ why") && !frame.contains("┌ reload"));
    eye.view.quitting = None;
    assert!(!eye.frame().contains("┌ reload"));
}

#[test]
fn nothing_opens_or_tears_on_a_tiny_terminal() {
    for keys in ["7 w", "2 i", "p", "g w"] {
        for (cols, rows) in [(1, 1), (2, 2), (3, 3), (10, 4), (20, 5), (300, 3)] {
            let mut eye = eye(80, 24);
            eye.view.problem = Some(problem());
            eye.press(keys);
            eye.input(Event::Resize(cols, rows));
            eye.press("j Tab G g l");
            eye.frame();
        }
    }
}
