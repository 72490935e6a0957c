//! A search in all jobs of a system.

use crossterm::event::Event;
use zap::model::{InstanceId, State, View};
use zap::ui::Terminals;

use crate::build::{Eye, feed, job, lines, running, system};

/// Three jobs that say `slow` now and then, and one that never does; `other` belongs elsewhere.
fn world() -> (View, Terminals) {
    let dev = [(1, "db"), (2, "api"), (3, "web"), (4, "mail")];
    let jobs = dev.iter().map(|(id, name)| job(*id, "dev", name, State::Running, 60)).collect();
    let tools = vec![job(5, "tools", "shell", State::Running, 60)];
    let view =
        View { systems: vec![system("dev", jobs), system("tools", tools)], quitting: None, problem: None };
    let said = |name: &'static str, every: usize, number: usize| {
        running(&lines(number, move |n| {
            if n % every == every - 1 {
                format!("{name} {n}: a Slow query, 312ms")
            } else {
                format!("{name} {n}")
            }
        }))
    };
    let mut terminals = Terminals::new();
    terminals.insert(InstanceId(1), said("db", 40, 100));
    terminals.insert(InstanceId(2), said("api", 100, 1500));
    terminals.insert(InstanceId(3), running("nothing here\r\n"));
    terminals.insert(InstanceId(4), said("mail", 2, 5));
    terminals.insert(InstanceId(5), said("shell", 2, 5));
    (view, terminals)
}

fn searching(cols: u16, rows: u16, text: &str) -> Eye {
    let (view, terminals) = world();
    let mut eye = Eye::new(cols, rows, view, terminals);
    eye.press("2 f");
    eye.write(text);
    eye.press("Enter");
    eye
}

#[test]
fn the_list() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = searching(cols, rows, "slow q");
        insta::assert_snapshot!(format!("everywhere_{cols}x{rows}"), eye.frame());
        eye.press("j j j j j G k");
        insta::assert_snapshot!(format!("everywhere_end_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn the_line_that_is_typed() {
    let (view, terminals) = world();
    let mut eye = Eye::new(80, 24, view, terminals);
    eye.press("f");
    eye.write("slow(");
    let frame = eye.frame();
    assert!(frame.contains("search all jobs of dev: slow("), "{frame}");
    assert!(frame.contains("unclosed group"), "{frame}");
    eye.press("Enter");
    assert!(eye.frame().contains("search all jobs of dev: slow("), "a bad pattern is not taken");
    eye.press("Esc");
    assert!(!eye.frame().contains("search all jobs of"));
}

#[test]
fn what_is_not_found_is_told() {
    let mut eye = searching(80, 24, "nowhere at all");
    assert!(eye.frame().contains("0 hits in 0 of 4 jobs of dev"), "{}", eye.frame());
    assert!(eye.frame().contains("no line of any job of dev matches"), "{}", eye.frame());
    eye.press("Enter j G g Tab [");
    eye.press("q");
    assert!(eye.frame().contains("dev/api"), "{}", eye.frame());
}

#[test]
fn a_system_searches_its_own_jobs_only() {
    let mut eye = searching(80, 24, "slow");
    assert!(eye.frame().contains("19 hits in 3 of 4 jobs of dev"), "{}", eye.frame());
    eye.press("Esc 5 f");
    eye.write("slow");
    eye.press("Enter");
    assert!(eye.frame().contains("2 hits in 1 of 1 job of tools"), "{}", eye.frame());
}

#[test]
fn what_another_system_has_found_is_not_shown_again() {
    let mut eye = searching(80, 24, "slow");
    eye.press("Esc 5 f Enter");
    let frame = eye.frame();
    assert!(frame.contains("nothing was searched for") && !frame.contains("jobs of dev"), "{frame}");
    eye.press("2 f Enter");
    assert!(eye.frame().contains("19 hits in 3 of 4 jobs of dev"), "{}", eye.frame());
}

#[test]
fn enter_goes_to_the_line_with_the_search_set() {
    let mut eye = searching(80, 24, "slow");
    eye.press("Tab j j Enter");
    let frame = eye.frame();
    assert!(frame.contains("dev/api") && frame.contains("api 299: a Slow query"), "{frame}");
    assert!(frame.contains("/ slow  3/15"), "{frame}");
    eye.press("n");
    assert!(eye.frame().contains("4/15"), "{}", eye.frame());
    // The list is kept, and with it the place in it.
    eye.press("q f Enter");
    let frame = eye.frame();
    assert!(frame.lines().any(|line| line.starts_with('▌') && line.contains("api 299")), "{frame}");
}

#[test]
fn capitals_matter_only_if_there_are_any() {
    assert!(searching(80, 24, "SLOW").frame().contains("0 hits"));
    assert!(searching(80, 24, "Slow").frame().contains("19 hits"));
}

#[test]
fn keys_move_through_all_hits_and_stay_inside() {
    let mut eye = searching(80, 12, "slow");
    let selected = |eye: &mut Eye| {
        let frame = eye.frame();
        let row = frame.lines().find(|line| line.starts_with('▌')).map(str::to_owned);
        row.unwrap_or_else(|| panic!("nothing is selected:\n{frame}"))
    };
    assert!(selected(&mut eye).contains("db 39"));
    eye.press("k");
    assert!(selected(&mut eye).contains("db 39"));
    eye.press("G");
    assert!(selected(&mut eye).contains("mail 3:"));
    eye.press("j PageDown");
    assert!(selected(&mut eye).contains("mail 3:"));
    eye.press("[ [");
    assert!(selected(&mut eye).contains("api 99:"));
    eye.press("PageDown");
    assert!(selected(&mut eye).contains("api 999:"));
    eye.press("g d u ]");
    assert!(selected(&mut eye).contains("api 99:"));
    for _ in 0..40 {
        eye.press("j");
        selected(&mut eye);
    }
    for _ in 0..40 {
        eye.press("k");
        selected(&mut eye);
    }
    assert!(selected(&mut eye).contains("db 39"));
}

#[test]
fn the_selected_hit_stays_where_it_is_while_more_is_found() {
    let mut eye = searching(80, 24, "slow");
    eye.press("] ] j");
    let row = |eye: &mut Eye| {
        let frame = eye.frame();
        frame
            .lines()
            .enumerate()
            .find(|(_, line)| line.starts_with('▌'))
            .map(|(y, line)| (y, line.to_owned()))
    };
    let before = row(&mut eye);
    assert!(before.as_ref().is_some_and(|(_, line)| line.contains("mail 3:")), "{before:?}");
    feed(eye.terminals.get_mut(&InstanceId(1)).unwrap(), &lines(3, |n| format!("another slow one {n}")));
    assert!(eye.frame().contains("22 hits"), "{}", eye.frame());
    assert_eq!(row(&mut eye).map(|(_, line)| line), before.map(|(_, line)| line));
}

#[test]
fn a_search_can_be_stopped_and_is_found_as_far_as_it_came() {
    let (view, mut terminals) = world();
    terminals.insert(
        InstanceId(2),
        running(&lines(150_000, |n| format!("api {n} is slow, as it is in each of these lines"))),
    );
    let mut eye = Eye::new(80, 24, view, terminals);
    eye.press("2 f");
    eye.write("slow");
    // Nobody runs the errands: the search stands still.
    let key = |code| Event::Key(crossterm::event::KeyEvent::new(code, crossterm::event::KeyModifiers::NONE));
    let input = |eye: &mut Eye, code| {
        eye.ui.input(key(code), &eye.view, &eye.terminals, crate::build::now());
    };
    input(&mut eye, crossterm::event::KeyCode::Enter);
    let frame = eye.frame_as_is();
    assert!(frame.contains("searching dev/api"), "{frame}");
    assert!(frame.contains("Ctrl-c stop"), "{frame}");
    let errand = eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).remove(0);
    eye.ui.report(&errand.run(), &eye.view, &eye.terminals);
    let part = eye.frame_as_is();
    assert!(part.contains("dev/api") && part.contains("searching dev/api"), "{part}");
    eye.ui.input(
        Event::Key(crossterm::event::KeyEvent::new(
            crossterm::event::KeyCode::Char('c'),
            crossterm::event::KeyModifiers::CONTROL,
        )),
        &eye.view,
        &eye.terminals,
        crate::build::now(),
    );
    assert!(
        eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty(),
        "nothing runs any more"
    );
    let frame = eye.frame_as_is();
    assert!(!frame.contains("searching") && frame.contains("the search was stopped"), "{frame}");
    input(&mut eye, crossterm::event::KeyCode::Char('G'));
    assert!(eye.frame_as_is().lines().any(|line| line.starts_with('▌')));
}

#[test]
fn any_size_is_drawn() {
    for (cols, rows) in [(1, 1), (2, 3), (5, 4), (12, 5), (24, 6), (300, 90)] {
        let mut eye = searching(80, 24, "slow|query");
        eye.input(Event::Resize(cols, rows));
        for key in ["G", "g", "PageDown", "Tab", "k"] {
            eye.press(key);
            eye.frame();
        }
    }
}
