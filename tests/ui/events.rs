//! The list of what happened, and who brought it about.

use crossterm::event::{Event, KeyModifiers, MouseEvent, MouseEventKind};
use zap::model::{By, InstanceId};

use crate::build::{Eye, event, feed, lines, moment, running};

/// The selected row of the list.
fn selected(eye: &mut Eye) -> String {
    let frame = eye.frame();
    let row =
        frame.lines().find(|line| line.starts_with('▌')).unwrap_or_else(|| panic!("no row in\n{frame}"));
    row.trim_start_matches('▌').to_owned()
}

#[test]
fn the_list() {
    for (cols, rows) in [(40, 12), (80, 24), (120, 24), (200, 50)] {
        let mut eye = Eye::sketch(cols, rows);
        eye.press("3 e");
        insta::assert_snapshot!(format!("events_of_a_job_{cols}x{rows}"), eye.frame());
        eye.press("e g e k k");
        insta::assert_snapshot!(format!("events_of_all_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn it_is_about_the_selected_row_and_tab_widens_it() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 e");
    assert!(eye.line("events of dev/api").ends_with("following · 7 events"), "{}", eye.frame());
    let frame = eye.frame();
    assert!(
        frame.contains("restart dev/api") && !frame.contains("exit 101 in"),
        "a wish is about whom it names"
    );
    eye.press("Tab");
    assert!(eye.line("events of dev").ends_with("50 events"), "{}", eye.frame());
    assert!(selected(&mut eye).contains("worker"), "{}", eye.frame());
    eye.press("Tab");
    assert!(eye.line("events of all").ends_with("51 events"), "{}", eye.frame());
    eye.press("Tab");
    assert!(eye.frame().contains("events of dev/api"));
    eye.press("Esc g e");
    assert!(eye.frame().contains("events of all"), "the topmost row");
    eye.press("e 9 e");
    assert!(eye.line("events of tools/shell").ends_with("0 events"), "{}", eye.frame());
    assert!(eye.frame().contains("nothing has happened yet"));
}

#[test]
fn a_wish_about_a_system_is_one_about_its_jobs() {
    let mut eye = Eye::sketch(120, 24);
    eye.happened.push(event(1, None, By::User, ("command", "stop dev tools/docs")));
    for (keys, is) in [("3 e", true), ("e 9 e", false), ("e 9 Down e", true)] {
        eye.press(keys);
        assert_eq!(eye.frame().contains("stop dev tools/docs"), is, "{keys}: {}", eye.frame());
    }
}

#[test]
fn the_newest_is_followed_until_one_moves_up() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("5 e");
    assert!(selected(&mut eye).contains("failed: exit 101"), "{}", eye.frame());
    eye.happened.push(event(1, Some((5, "worker", 4)), By::User, ("started", "started, pid 9")));
    assert!(selected(&mut eye).contains("started, pid 9"), "{}", eye.frame());
    eye.press("k");
    assert!(eye.frame().contains("paused · 4 events"), "{}", eye.frame());
    eye.happened.push(event(0, Some((5, "worker", 4)), By::Zap, ("up", "up")));
    assert!(selected(&mut eye).contains("failed: exit 101"), "{}", eye.frame());
    eye.press("G");
    eye.happened.push(event(0, Some((5, "worker", 4)), By::Zap, ("ready", "ready")));
    assert!(selected(&mut eye).ends_with("ready"), "{}", eye.frame());
}

#[test]
fn it_scrolls_as_a_pager_does_and_by_the_wheel() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("1 e");
    assert!(eye.line("events of dev/db").ends_with("40 events"));
    let rows = |eye: &mut Eye| eye.frame().lines().filter(|line| line.contains("5432")).count();
    assert_eq!(rows(&mut eye), 21);
    eye.press("g");
    let first = selected(&mut eye);
    eye.press("j");
    assert_ne!(selected(&mut eye), first);
    eye.press("k b");
    assert_eq!(selected(&mut eye), first);
    eye.press("d d d d");
    assert!(eye.frame().contains("following"), "{}", eye.frame());
    let (kind, modifiers) = (MouseEventKind::ScrollUp, KeyModifiers::NONE);
    eye.input(Event::Mouse(MouseEvent { kind, column: 5, row: 5, modifiers }));
    assert!(eye.frame().contains("paused"), "{}", eye.frame());
}

/// Two runs of `dev/api`: the second line of each was printed later than the first.
fn two_runs() -> Eye {
    let mut eye = Eye::sketch(120, 24);
    let mut terminal = zap::terminal::Terminal::new(20, 78);
    terminal.begin_run(2, None, moment(89_000));
    let mut fed = zap::terminal::Fed::default();
    terminal.feed(lines(60, |n| format!("early {n}")).as_bytes(), moment(89_000), &mut fed);
    terminal.feed(b"the last words\r\n", moment(182), &mut fed);
    terminal.end_run("signal TERM", moment(181));
    terminal.begin_run(3, None, moment(180));
    terminal.feed(b"begun again\r\n", moment(180), &mut fed);
    feed(&mut terminal, &lines(100, |n| format!("late {n}")));
    eye.terminals.insert(InstanceId(3), terminal);
    eye
}

#[test]
fn enter_goes_to_the_run_where_it_stood_then() {
    for (up, shown, hidden) in [
        ("k", "begun again", "late 99"),
        ("k k k k", "the last words", "late 99"),
        ("g", "early 0", "the last words"),
    ] {
        let mut eye = two_runs();
        eye.press("3 e");
        eye.press(up);
        eye.press("Enter");
        let frame = eye.frame();
        assert!(frame.starts_with(" dev/api"), "the pager in full: {frame}");
        assert!(frame.contains(shown) && !frame.contains(hidden), "{up}: {frame}");
        assert!(frame.contains("paused"), "{up}: {frame}");
        eye.press("q");
        assert!(eye.frame().contains("▌  ● api"), "{}", eye.frame());
    }
}

#[test]
fn the_header_names_the_run_that_was_gone_to_also_where_it_cannot_stand_on_top() {
    let mut eye = Eye::sketch(120, 24);
    eye.happened.clear();
    let mut terminal = zap::terminal::Terminal::new(20, 78);
    for run in 1..=4 {
        let began = 200 - u64::from(run) * 10;
        terminal.begin_run(run, None, moment(began));
        let mut fed = zap::terminal::Fed::default();
        terminal.feed(format!("words of {run}\r\n").as_bytes(), moment(began), &mut fed);
        terminal.end_run("exit 0", moment(began - 1));
        let ended = event(began - 1, Some((3, "api", run)), By::Zap, ("exited", "ended, exit 0"));
        eye.happened.push(ended);
    }
    eye.terminals.insert(InstanceId(3), terminal);
    for (up, run) in [("g", 1), ("k k", 2), ("k", 3)] {
        eye.press("3 e G");
        eye.press(up);
        eye.press("Enter");
        let frame = eye.frame();
        assert!(frame.contains("words of 1") && frame.contains("words of 4"), "all is in sight: {frame}");
        assert!(frame.contains(&format!("in run {run} of 4")), "{up}: {frame}");
        eye.press("q");
    }
}

#[test]
fn what_belongs_to_no_run_or_to_one_that_is_gone_leads_nowhere_and_says_so() {
    let mut eye = two_runs();
    eye.press("g e g Enter");
    assert!(eye.frame().contains("this belongs to no run"), "{}", eye.frame());
    eye.press("j Enter");
    assert!(eye.frame().starts_with(" dev/api"), "run 2 is kept: {}", eye.frame());
    eye.terminals.insert(InstanceId(3), running(""));
    eye.press("q g e g j Enter");
    assert!(
        eye.frame().contains("run 2 of dev/api has printed nothing, or it is no longer kept"),
        "{}",
        eye.frame()
    );
    eye.happened.push(event(1, Some((77, "old", 1)), By::User, ("started", "started, pid 9")));
    eye.press("G Enter");
    assert!(eye.frame().contains("dev/old is gone"), "{}", eye.frame());
}

#[test]
fn it_closes_with_what_it_is_about() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 e");
    eye.view.systems[0].jobs.retain(|job| job.id != InstanceId(3));
    assert!(!eye.frame().contains("events of"), "{}", eye.frame());
}

#[test]
fn times_of_another_day_have_their_date() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 e");
    assert!(eye.frame().contains(" 13 nov 22:30:00  run 2    started"), "{}", eye.frame());
    assert!(eye.frame().contains("        23:10:18           command"), "{}", eye.frame());
}

#[test]
fn events_that_were_forgotten_meanwhile_leave_no_hole() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("g e");
    eye.ui.tell_events(vec![event(1, None, By::Zap, ("zap", "after a gap"))], 5_000);
    assert!(eye.frame_as_is().contains("following · 1 event"), "{}", eye.frame_as_is());
}

#[test]
fn a_search_selects_the_nearest_and_goes_on() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("g e /");
    eye.write("started,");
    assert!(selected(&mut eye).contains("started, pid 4705"), "from the newest the nearest lies above");
    assert!(eye.frame().lines().any(|line| line.starts_with(" /started,")), "{}", eye.frame());
    eye.press("Enter N");
    assert!(selected(&mut eye).contains("started, pid 4703"), "{}", eye.frame());
    eye.press("N N");
    assert!(selected(&mut eye).contains("started, pid 4705"), "it goes round: {}", eye.frame());
    eye.press("n");
    assert!(selected(&mut eye).contains("started, pid 4611"), "{}", eye.frame());
    // What is found may stand in any column.
    eye.press("/");
    eye.write("reload");
    assert!(selected(&mut eye).contains("1 added, 2 changed"), "{}", eye.frame());
    eye.press("Esc");
    assert!(selected(&mut eye).contains("started, pid 4611"), "given up: {}", eye.frame());
    eye.press("/");
    eye.write("nobody");
    assert!(eye.frame().contains("no event matches"), "{}", eye.frame());
    eye.press("Esc n");
    assert!(selected(&mut eye).contains("started, pid 4703"), "the search before holds: {}", eye.frame());
    eye.press("e");
    assert!(!eye.frame().contains("events of"), "{}", eye.frame());
}

#[test]
fn while_a_search_is_typed_events_go_on() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("5 e /");
    eye.happened.push(event(1, Some((5, "worker", 4)), By::User, ("started", "started, pid 9")));
    assert!(eye.frame().contains("started, pid 9"), "{}", eye.frame());
    eye.view.systems[0].jobs.retain(|job| job.id != InstanceId(5));
    assert!(!eye.frame().contains("events of"), "{}", eye.frame());
}
