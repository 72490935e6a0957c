//! Keys in, requests and frames out.

use zap::config::Quit;
use zap::model::{Command, InstanceId, State, Target};
use zap::ui::keymap::{KEYMAP, Mode};
use zap::ui::{Options, Request};

use crate::build::{Eye, feed, job, lines, options, outputs, running, sketch};

fn command(command: Command) -> Vec<Request> {
    vec![Request::Command(command)]
}

fn instance(id: u32) -> Vec<Target> {
    vec![Target::Instance(InstanceId(id))]
}

fn selected(eye: &mut Eye) -> String {
    let frame = eye.frame();
    let row = frame.lines().find(|line| line.starts_with('▌')).expect("a row is selected").to_owned();
    row.chars().skip(3).take(17).collect::<String>().trim().to_owned()
}

#[test]
fn at_the_start_the_first_job_is_selected_and_looked_at() {
    let mut eye = Eye::sketch(120, 24);
    assert_eq!(selected(&mut eye), "● db");
    assert_eq!(eye.ui.visible(&eye.view).first().map(|(id, _)| *id), Some(InstanceId(1)));
}

#[test]
fn moving_wraps_and_shows_the_output_of_the_selected_job() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("j j");
    assert_eq!(selected(&mut eye), "● api");
    assert!(eye.frame().contains("listening on 127.0.0.1:8080"));
    eye.press("g k");
    assert!(selected(&mut eye).contains("a-very"));
    eye.press("j");
    assert_eq!(selected(&mut eye), "dev");
}

#[test]
fn systems_and_steps_fold() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("4 h");
    assert!(!eye.frame().contains("npm ci"));
    eye.press("l");
    assert!(eye.frame().contains("npm ci"));
    eye.press("h h");
    assert_eq!(selected(&mut eye), "dev");
    eye.press("h j");
    assert_eq!(selected(&mut eye), "tools");
    eye.press("k l j");
    assert_eq!(selected(&mut eye), "● db");
}

#[test]
fn verbs_are_about_the_selected_job_the_system_or_the_marked() {
    let mut eye = Eye::sketch(120, 24);
    assert_eq!(eye.press("r"), command(Command::Restart(instance(1))));
    assert_eq!(eye.press("5 s"), command(Command::Start(instance(5))));
    eye.press("1");
    assert_eq!(eye.press("x"), command(Command::Stop(instance(1))));
    assert_eq!(eye.press("X"), command(Command::Kill(instance(1))));
    assert_eq!(eye.press("R"), command(Command::RestartFailed));
    assert_eq!(eye.press("g x"), command(Command::Stop(vec![Target::System("dev".to_owned())])));
    let both = vec![Target::Instance(InstanceId(1)), Target::Instance(InstanceId(3))];
    assert_eq!(eye.press("3 Space 1 Space 5 r"), command(Command::Restart(both)));
    eye.press("Esc");
    assert_eq!(eye.press("r"), command(Command::Restart(instance(5))));
}

#[test]
fn restarting_all_that_failed_says_when_there_is_nothing() {
    let mut eye = Eye::sketch(120, 24);
    eye.job_mut("dev/worker").state = State::Running;
    assert_eq!(eye.press("R"), vec![]);
    assert!(eye.frame().contains("nothing has failed"));
    eye.press("j");
    assert!(!eye.frame().contains("nothing has failed"));
}

#[test]
fn the_filter_shows_what_matches_and_keeps_it() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("/");
    eye.write("er");
    assert_eq!(selected(&mut eye), "✗ worker");
    eye.press("Down Down Down");
    assert!(selected(&mut eye).contains("a-very"));
    eye.press("Enter");
    assert!(!eye.frame().contains("mail"));
    eye.press("Esc");
    assert!(eye.frame().contains("mail"));
    assert!(selected(&mut eye).contains("a-very"));
}

#[test]
fn the_filter_selects_what_matches_best() {
    let named = |names: &[&str], typed: &str| {
        let jobs = names.iter().zip(1..).map(|(name, id)| job(id, "dev", name, State::Running, 60)).collect();
        let view = zap::model::View {
            systems: vec![crate::build::system("dev", jobs)],
            quitting: None,
            problem: None,
        };
        let mut eye = Eye::new(120, 24, view, outputs());
        eye.press("/");
        eye.write(typed);
        selected(&mut eye)
    };
    assert_eq!(named(&["webapi", "api-docs", "api"], "api"), "● api");
    assert_eq!(named(&["webapi", "api-docs", "a-p-i"], "api"), "● api-docs");
    assert_eq!(named(&["naXpXi", "webapi"], "api"), "● webapi");
}

#[test]
fn a_filter_that_is_given_up_leaves_the_selection_where_it_was() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("7 / w o Esc");
    assert_eq!(selected(&mut eye), "● mail");
}

#[test]
fn a_filter_that_hides_every_job_is_not_taken() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("/");
    eye.write("qqq");
    eye.press("Enter Enter");
    assert!(eye.line("filter: qqq").contains("no job has such a name"));
    eye.press("Backspace Backspace Backspace");
    assert!(!eye.frame().contains("no job has such a name"));
    eye.press("Enter");
    assert!(!eye.frame().contains("filter:"));
}

#[test]
fn a_bad_regex_is_not_taken_and_the_search_before_stays() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 Tab / i n f o Enter /");
    eye.write("(");
    let problem = eye.line("/(");
    eye.press("Enter");
    assert_eq!(eye.line("/("), problem);
    eye.press("Esc n");
    assert!(eye.frame().contains("2/2 · paused"), "{}", eye.frame());
}

#[test]
fn marks_go_downwards_and_are_dropped_by_name() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("Space Space");
    assert_eq!(selected(&mut eye), "● api");
    assert!(eye.frame().contains("Esc drop marks"));
    eye.press("G Space");
    assert!(selected(&mut eye).contains("a-very"), "not round");
}

#[test]
fn verbs_that_would_change_nothing_say_so() {
    let mut eye = Eye::sketch(120, 24);
    assert_eq!(eye.press("3 s"), vec![]);
    assert!(eye.frame().contains("dev/api is running already"));
    eye.press("G k");
    assert_eq!(eye.press("x"), vec![]);
    assert!(eye.frame().contains("tools/docs is stopped already"));
    assert_eq!(eye.press("X"), vec![]);
    eye.job_mut("dev/api").wanted = false;
    assert_eq!(eye.press("3 s"), command(Command::Start(instance(3))), "it runs for another one only");
}

#[test]
fn a_job_that_waits_says_why_it_takes_no_keys() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("8 Tab i");
    assert!(eye.frame().contains("dev/report does not run: waiting for db to be ready"));
}

#[test]
fn the_first_job_that_was_asked_for_is_selected() {
    let mut eye = Eye::sketch(120, 24);
    eye.ui.select(&Target::Instance(InstanceId(7)), &eye.view);
    assert_eq!(selected(&mut eye), "● mail");
    eye.ui.select(&Target::System("tools".to_owned()), &eye.view);
    assert_eq!(selected(&mut eye), "● shell");
}

#[test]
fn a_hundred_quiet_jobs_wake_nobody_up_often() {
    use std::time::Duration;
    use zap::model::{Now, Time, View};
    let jobs =
        (0..100).map(|n| crate::build::job(n, "all", &format!("j{n}"), State::Running, u64::from(n) * 7));
    let view =
        View { systems: vec![crate::build::system("all", jobs.collect())], quitting: None, problem: None };
    let mut eye = Eye::new(120, 60, view, outputs());
    let mut now = crate::build::now();
    let mut woken = 0;
    while let Some(at) =
        eye.ui.next_change(&eye.view, now).filter(|at| *at < Time(Duration::from_secs(100_600)))
    {
        now = Now { mono: at, ..now };
        woken += 1;
    }
    assert!((10..=60).contains(&woken), "{woken} times in ten minutes");
}

#[test]
fn the_row_of_a_step_acts_on_its_job() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("4 j j");
    assert!(selected(&mut eye).contains("npm ci"));
    assert_eq!(eye.press("x"), command(Command::Stop(instance(4))));
}

#[test]
fn trouble_is_one_key_away() {
    let mut eye = Eye::sketch(120, 24);
    assert!(eye.line("! go there").contains("dev/worker failed, exit 101, just now: thread 'main' panicked"));
    eye.press("!");
    assert_eq!(selected(&mut eye), "✗ worker");
    assert!(!eye.frame().contains("! go there"));
    eye.press("!");
    assert_eq!(selected(&mut eye), "↻ flaky");
    eye.press("!");
    assert_eq!(selected(&mut eye), "✗ worker");
}

#[test]
fn trouble_is_found_where_it_is_folded_away_or_filtered_out() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("g h !");
    assert_eq!(selected(&mut eye), "✗ worker");
    eye.press("/");
    eye.write("shell");
    eye.press("Enter !");
    assert_eq!(selected(&mut eye), "✗ worker");
}

#[test]
fn a_job_that_fails_again_between_two_views_is_told_again() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("! 1");
    assert!(!eye.frame().contains("go there"));
    eye.job_mut("dev/worker").since = crate::build::ago(1);
    assert!(eye.frame().contains("go there"));
}

#[test]
fn a_job_that_fails_elsewhere_is_told() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("! 1");
    assert!(!eye.frame().contains("go there"));
    eye.job_mut("tools/shell").state = State::Failed;
    assert!(eye.line("go there").contains("tools/shell failed"));
    eye.job_mut("tools/shell").state = State::Running;
    assert!(!eye.frame().contains("go there"));
}

#[test]
fn quitting_asks_when_something_runs() {
    let mut eye = Eye::sketch(120, 24);
    assert_eq!(eye.press("q"), vec![]);
    assert!(eye.frame().contains("Stop 6 running jobs and leave zap?"));
    assert_eq!(eye.press("n q Esc Ctrl-c"), vec![]);
    assert_eq!(eye.press("y"), command(Command::Quit));
}

#[test]
fn quitting_does_not_ask_when_nothing_runs_or_when_told_so() {
    let mut view = sketch();
    view.systems[0].jobs.truncate(0);
    view.systems[1].jobs.truncate(2);
    view.systems[1].jobs.remove(0);
    assert_eq!(Eye::new(80, 24, view, outputs()).press("q"), command(Command::Quit));
    let options = Options { quit: Quit::Stop, ..options() };
    assert_eq!(Eye::with(options, 80, 24, sketch(), outputs()).press("q"), command(Command::Quit));
}

#[test]
fn ctrl_z_and_ctrl_l_are_for_the_app() {
    let mut eye = Eye::sketch(120, 24);
    assert_eq!(eye.press("Ctrl-z"), vec![Request::Suspend]);
    assert_eq!(eye.press("Ctrl-l"), vec![Request::Redraw]);
}

#[test]
fn any_move_up_pauses_and_new_lines_are_counted() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 Tab");
    assert!(eye.frame().contains("following"));
    eye.press("k");
    assert!(eye.frame().contains("paused"));
    let feed = |eye: &mut Eye, text| feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), text);
    feed(&mut eye, "a\r\nb\r\n");
    assert!(eye.frame().contains("paused · 100% of 7 lines"), "they can be seen");
    feed(&mut eye, &lines(15, |n| n.to_string()));
    assert!(eye.frame().contains("paused, 2 new ⤓ · 90% of 22 lines"), "{}", eye.frame());
    eye.press("G");
    assert!(eye.frame().contains("following"));
}

#[test]
fn a_position_stays_put_when_output_arrives_and_when_the_width_changes() {
    let text = lines(300, |n| format!("line {n} {}", "x".repeat(n % 150)));
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), running(&text));
    let mut eye = Eye::new(120, 24, sketch(), terminals);
    eye.press("3 Enter 1 0 0 g");
    let top = |eye: &mut Eye| eye.frame().lines().nth(1).unwrap().chars().take(9).collect::<String>();
    assert_eq!(top(&mut eye), "line 99 x");
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), &text);
    assert_eq!(top(&mut eye), "line 99 x");
    eye.input(crossterm::event::Event::Resize(60, 24));
    assert_eq!(top(&mut eye), "line 99 x");
    eye.press("5 0 %");
    assert_eq!(top(&mut eye), "line 0");
    eye.press("j k");
    assert_eq!(top(&mut eye), "line 0");
}

#[test]
fn moving_down_undoes_moving_up() {
    let text = lines(300, |n| format!("line {n} {}", "x".repeat(n % 250)));
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), running(&text));
    let mut eye = Eye::new(100, 24, sketch(), terminals);
    eye.press("3 Enter 1 0 0 g");
    let before = eye.frame();
    for (there, back) in [("j", "k"), ("d", "u"), ("f", "b"), ("Space", "PageUp"), ("1 7 j", "1 7 k")] {
        eye.press(there);
        assert_ne!(eye.frame(), before, "{there} moves");
        eye.press(back);
        assert_eq!(eye.frame(), before, "{back} undoes {there}");
    }
}

#[test]
fn a_search_goes_round_and_counts() {
    let text = lines(3000, |n| format!("line {n}"));
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), running(&text));
    let mut eye = Eye::new(120, 24, sketch(), terminals);
    eye.press("3 Enter /");
    eye.write("line 10[05]0");
    assert!(eye.frame().contains("following"));
    eye.press("Enter");
    while eye.ui.is_busy(&eye.view, &eye.terminals) {
        eye.ui.work(&eye.view, &eye.terminals);
    }
    assert!(eye.frame().lines().any(|line| line.trim_end_matches(['━', '▐', ' ']) == "line 1050"));
    assert!(eye.frame().contains("2/2 · paused"), "{}", eye.frame());
    eye.press("n");
    assert!(eye.frame().contains("1/2 · paused"));
    eye.press("N");
    assert!(eye.frame().contains("2/2 · paused"));
    eye.press("Esc");
    assert!(!eye.frame().contains("2/2"));
    eye.press("Esc");
    assert_eq!(selected(&mut eye), "● api");
}

#[test]
fn a_search_that_is_in_sight_goes_on_to_follow() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 Enter /");
    eye.write("info");
    eye.press("Enter");
    assert!(eye.frame().contains("following"));
    assert!(eye.frame().contains("2 hits"));
    eye.press("n");
    assert!(eye.frame().contains("2/2 · paused"));
}

#[test]
fn interactive_mode_sends_keys_and_pastes_to_the_job() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 Enter i");
    let typed = |bytes: &[u8]| command(Command::Type { instance: InstanceId(3), bytes: bytes.to_vec() });
    assert_eq!(eye.press("q"), typed(b"q"));
    assert_eq!(eye.press("Ctrl-c"), typed(b"\x03"));
    assert_eq!(eye.press("Esc"), typed(b"\x1b"));
    assert_eq!(eye.press("Up"), typed(b"\x1b[A"));
    assert_eq!(eye.input(crossterm::event::Event::Paste("a\nb".to_owned())), typed(b"a\rb"));
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), "\x1b[?2004h\x1b[?1h");
    assert_eq!(eye.press("Up"), typed(b"\x1bOA"));
    let paste = eye.input(crossterm::event::Event::Paste("a\u{1b}[201~b".to_owned()));
    assert_eq!(paste, typed(b"\x1b[200~ab\x1b[201~"));
    assert!(eye.frame().contains("keys go to dev/api"));
    assert_eq!(eye.press("Ctrl-]"), vec![]);
    assert!(!eye.frame().contains("keys go to"));
    assert_eq!(eye.press("Ctrl-]"), typed(b"\x1d"));
    assert!(eye.frame().contains("keys go to"));
    assert_eq!(eye.press("Ctrl-] q"), vec![]);
    assert_eq!(selected(&mut eye), "● api");
}

#[test]
fn an_interactive_job_gets_the_keys_with_the_focus_and_loses_them_with_its_end() {
    let mut eye = Eye::sketch(120, 24);
    eye.job_mut("tools/shell").interactive = true;
    eye.press("9 Enter");
    assert!(eye.frame().contains("keys go to tools/shell"));
    eye.job_mut("tools/shell").state = State::Done;
    assert!(!eye.frame().contains("keys go to"));
}

#[test]
fn alt_digits_change_the_job_inside_the_pager() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("Enter Alt-3");
    assert!(eye.frame().starts_with(" dev/api  running"));
}

#[test]
fn unseen_output_is_marked_until_it_is_seen() {
    let mut eye = Eye::sketch(120, 24);
    assert!(eye.line("● mail").contains('•'));
    eye.press("7");
    assert!(!eye.line("● mail").contains('•'));
    eye.press("1");
    assert!(!eye.line("● mail").contains('•'));
    feed(eye.terminals.get_mut(&InstanceId(7)).unwrap(), "another\r\n");
    assert!(eye.line("● mail").contains('•'));
}

#[test]
fn a_vanished_job_hands_the_selection_to_its_neighbour() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    eye.view.systems[0].jobs.remove(2);
    assert_eq!(selected(&mut eye), "◐ web");
    eye.view.systems.clear();
    assert!(eye.frame().contains("no jobs"));
    assert_eq!(eye.press("j k Enter r x i / n ? q"), vec![]);
}

#[test]
fn the_mouse_selects_folds_and_scrolls() {
    use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
    let at =
        |kind, column, row| Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    let press = |column, row| at(MouseEventKind::Down(MouseButton::Left), column, row);
    let mut eye = Eye::sketch(120, 24);
    eye.terminals.insert(InstanceId(3), running(&lines(100, |n| format!("line {n}"))));
    eye.input(press(10, 4));
    assert_eq!(selected(&mut eye), "● api");
    eye.input(at(MouseEventKind::ScrollUp, 90, 10));
    assert!(eye.frame().contains("paused"));
    eye.input(at(MouseEventKind::ScrollDown, 90, 10));
    assert!(eye.frame().contains("following"));
    // Where all fits there is nothing to go back to, and what comes next is to be seen.
    eye.press("7");
    eye.input(at(MouseEventKind::ScrollUp, 90, 10));
    assert!(eye.frame().contains("a mail") && !eye.frame().contains("paused"), "{}", eye.frame());
    eye.input(press(1, 1));
    assert!(eye.frame().contains("▸ dev"));
}

#[test]
fn the_picture_changes_by_itself_when_it_says_so() {
    let mut eye = Eye::sketch(120, 24);
    let next = eye.ui.next_change(&eye.view, crate::build::now()).unwrap();
    let wait = next.since(crate::build::now().mono);
    assert_eq!(wait, std::time::Duration::from_millis(500), "the countdown of flaky");
    eye.view.systems[0].jobs.remove(5);
    let wait = eye.ui.next_change(&eye.view, crate::build::now()).unwrap().since(crate::build::now().mono);
    assert!(wait <= std::time::Duration::from_secs(70) && wait > std::time::Duration::ZERO);
}

#[test]
fn every_binding_is_in_the_help() {
    let mut eye = Eye::sketch(250, 250);
    eye.press("?");
    let frame = eye.frame();
    for binding in KEYMAP {
        assert!(frame.contains(&binding.told()), "`{}` is missing in the help", binding.told());
    }
}

#[test]
fn what_is_typed_is_seen_however_little_room_there_is() {
    for (cols, rows) in [(20, 5), (40, 12), (120, 24)] {
        let mut eye = Eye::sketch(cols, rows);
        eye.press("3 Enter s Ctrl-u");
        eye.write("out.log");
        assert!(eye.frame().contains("out.log"), "{}", eye.frame());
        eye.press("Esc /");
        eye.write("ab(");
        assert!(eye.frame().contains("/ab("), "beside what is wrong with it: {}", eye.frame());
        eye.press("Esc :");
        eye.write("follow the");
        assert!(eye.frame().contains(": follow the"), "{}", eye.frame());
    }
}

#[test]
fn the_help_begins_with_the_keys_that_are_in_force() {
    let first = |way: &str| {
        let mut eye = Eye::sketch(80, 24);
        eye.press(way);
        eye.press("F1");
        eye.frame().lines().nth(1).unwrap_or_default().trim().to_owned()
    };
    assert_eq!(first("3"), "The tree");
    assert_eq!(first("3 Tab"), "The pager");
    assert_eq!(first("3 Tab v"), "Selecting in the pager");
    assert_eq!(first("3 a"), "The merged output: these of the pager's keys");
    let mut eye = Eye::sketch(80, 250);
    eye.press("3 a F1");
    let frame = eye.frame();
    let merged = frame.split("The tree").next().unwrap_or_default();
    assert!(merged.contains("to the line in the output of its own job"), "{frame}");
    assert!(!merged.contains("select characters") && frame.contains("select characters"), "{frame}");
}

#[test]
fn what_is_cut_in_the_help_says_so() {
    for cols in [120, 62, 30] {
        let mut eye = Eye::sketch(cols, 600);
        eye.press("?");
        let frame = eye.frame();
        let words: String = frame.split_whitespace().collect::<Vec<_>>().join(" ");
        for binding in KEYMAP {
            let told = binding.told();
            let cut = || (1..told.len()).any(|at| words.contains(&format!("{}…", told[..at].trim_end())));
            assert!(words.contains(&told) || cut(), "{told} at {cols}: {frame}");
        }
    }
    let mut eye = Eye::sketch(30, 600);
    eye.press("?");
    assert!(eye.frame().contains('…'), "{}", eye.frame());
}

/// Each action is wanted by the dispatch: pressing it in its mode does something, or says why not.
#[test]
fn every_key_does_something() {
    for binding in KEYMAP {
        for key in binding.keys {
            assert!(does_something(binding.mode, key), "{key} does nothing in {:?}", binding.mode);
        }
    }
}

/// Ways into a mode: the same key may change nothing from one place and something from another.
pub(crate) fn ways(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Tree => &["2", "4 j", "6 Space", "4 h"],
        Mode::Interactive => &["3 Tab i"],
        Mode::Prompt => &["/ e", "3 Tab s", "3 Tab / e Enter /"],
        Mode::Ask => &["q"],
        Mode::Leaving => &["!"],
        Mode::Palette => &[":", ": Down", ": s t", ": PageDown PageDown"],
        Mode::Help => &["?", "? j j", "? G"],
        Mode::Why => &["g w", "g w j"],
        Mode::Everywhere => &["f . Enter", "f . Enter j j", "f . Enter G"],
        Mode::Details => &["3 i", "3 i j j", "3 i G"],
        Mode::Instant => &["3 Tab =", "3 Tab = G", "3 Tab = g"],
        Mode::Events => &["3 e", "g e", "3 e g", "g e g j j", "3 e / r Enter"],
        Mode::Reload => &["!", "! j j", "! G"],
        Mode::Problem => &["p", "p j j", "p G", "p l"],
        Mode::Select => &[
            "3 Tab v",
            "3 Tab / e Enter v",
            "3 Tab k g v 2 0 l",
            "3 Tab g v 2",
            "3 Tab g v $ j",
            "3 Tab g v w w j j j j j j j j j j j j",
        ],
        Mode::Pager => {
            &["3 Tab", "3 Tab g", "3 Tab k d d", "3 Tab S", "3 Tab S Right", "3 Tab 5 0 %", "3 Tab g 5"]
        }
    }
}

/// An eye in a mode, by one of its ways.
pub(crate) fn arrived(mode: Mode, way: &str, options: Options) -> Eye {
    let mut eye = ready_with(way, options);
    if mode == Mode::Leaving {
        eye.view.quitting = Some(crate::build::leaving());
    }
    if mode == Mode::Reload {
        eye.ui.propose(crate::build::forecast(60));
        way.split(' ').skip(1).for_each(|key| drop(eye.press(key)));
    }
    eye
}

fn does_something(mode: Mode, key: &str) -> bool {
    ways(mode).iter().any(|way| {
        let mut eye = arrived(mode, way, options());
        let before = (eye.frame(), eye.ui.visible(&eye.view));
        let asked = eye.press(key);
        // Where a selection ends shows by what it copies.
        let then = if mode == Mode::Select { "l y" } else { "j" };
        !asked.is_empty() || (eye.frame(), eye.ui.visible(&eye.view)) != before || {
            // A count shows only with the next key.
            let mut plain = ready(way);
            plain.press(then) != eye.press(then) || eye.frame() != plain.frame()
        }
    })
}

fn ready(way: &str) -> Eye {
    ready_with(way, options())
}

fn ready_with(way: &str, options: Options) -> Eye {
    let text = lines(300, |n| format!("line {n} {}", "xyz ".repeat(50)));
    let mut terminals = outputs();
    let mut two = running(&text);
    two.end_run("exit 1", crate::build::moment(100));
    two.begin_run(4, None, crate::build::moment(90));
    feed(&mut two, &text);
    terminals.insert(InstanceId(3), two);
    let mut view = sketch();
    let long = format!("{}{}", "x".repeat(300), "\na line".repeat(60));
    view.problem = Some(zap::model::FileProblem { text: long, ..crate::build::problem() });
    let mut eye = Eye::with(options, 120, 24, view, terminals);
    eye.press(way);
    eye
}
