//! The merged output of a system, and the same instant in other jobs.

use crossterm::event::Event;
use zap::model::{InstanceId, State};
use zap::terminal::{Fed, Moment, Terminal};
use zap::ui::Terminals;

use crate::build::{Eye, job, now, sketch, system};

fn at(millis_ago: i64) -> Moment {
    Moment(now().wall.0 - millis_ago)
}

fn print(terminal: &mut Terminal, millis_ago: i64, text: &str) {
    terminal.feed(text.as_bytes(), at(millis_ago), &mut Fed::default());
}

fn began(number: u32, millis_ago: i64) -> Terminal {
    let mut terminal = Terminal::new(20, 78);
    terminal.begin_run(number, None, at(millis_ago));
    terminal
}

/// A day in the life of the system of the sketches.
fn day() -> Terminals {
    let mut db = began(1, 60_000);
    print(&mut db, 59_000, "listening on 5432\r\n");
    print(
        &mut db,
        40_012,
        "slow query: \x1b[33mselect * from orders where the customer is very old and has a long name, and so on\x1b[0m\r\n",
    );
    print(&mut db, 9_000, "checkpoint\r\n");
    let mut api = began(3, 58_000);
    print(&mut api, 57_000, "Compiling api v0.1.0\r\n");
    print(&mut api, 40_000, "GET /orders 200 312ms\r\n");
    print(&mut api, 9_000, "GET /health 200 1ms\r\n");
    let mut worker = began(2, 50_000);
    print(&mut worker, 45_000, "starting\r\n");
    worker.note("fixup port-in-use: kill 4711", at(44_000));
    worker.end_run("exit 101", at(40_000));
    let mut web = began(1, 30_000);
    print(&mut web, 20_000, "building 10%\rbuilding 60%\rbuilding 90%");
    [(1, db), (3, api), (5, worker), (4, web)].map(|(id, terminal)| (InstanceId(id), terminal)).into()
}

fn merged(cols: u16, rows: u16) -> Eye {
    let mut eye = Eye::new(cols, rows, sketch(), day());
    eye.press("g a");
    eye
}

/// Two jobs with many lines that take turns.
fn busy(lines: i64) -> Eye {
    let mut one = began(1, 3_000_000);
    let mut two = began(1, 3_000_000);
    for n in 0..lines {
        let terminal = if n % 3 == 0 { &mut two } else { &mut one };
        print(terminal, 2_000_000 - n, &format!("line {n}\r\n"));
    }
    let mut view = sketch();
    view.systems.truncate(1);
    view.systems[0].jobs.truncate(2);
    let terminals = [(1, one), (2, two)].map(|(id, terminal)| (InstanceId(id), terminal)).into();
    let mut eye = Eye::new(80, 24, view, terminals);
    eye.press("g a Enter");
    eye
}

/// Does what is to be done in the background.
fn settle(eye: &mut Eye) {
    while eye.ui.is_busy(&eye.view, &eye.terminals) {
        eye.ui.work(&eye.view, &eye.terminals);
    }
}

/// Back into the merged output.
fn merged_view(eye: &mut Eye) -> String {
    eye.press("' '");
    eye.frame()
}

/// The texts behind the names.
fn texts(eye: &mut Eye) -> Vec<String> {
    let frame = eye.frame();
    let rows = frame.lines().skip(1).filter_map(|row| row.rsplit_once("│ "));
    rows.map(|(_, text)| text.to_owned()).collect()
}

#[test]
fn the_lines_of_all_jobs_stand_in_order_of_time() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = merged(cols, rows);
        insta::assert_snapshot!(format!("merged_{cols}x{rows}"), eye.frame());
        if cols >= 80 {
            eye.press("Enter");
        }
        eye.press("g");
        insta::assert_snapshot!(format!("merged_in_full_{cols}x{rows}"), eye.frame());
        eye.press("# t");
        insta::assert_snapshot!(format!("merged_margin_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn names_have_the_colours_that_they_have_without_a_screen() {
    use ratatui::style::Color;
    use zap::config::{Hue, Look, Role, Theme};
    let look = |fg| Look { fg: Some(Hue::Indexed(fg)), ..Look::default() };
    let names = [Role::Name1, Role::Name2, Role::Name3, Role::Name4, Role::Name5, Role::Name6];
    let looks = names.into_iter().zip([6, 3, 2, 5, 4, 1].map(look)).collect();
    let theme = Theme { looks, ..Theme::default() };
    let options = zap::ui::Options { theme, ..crate::build::options() };
    let mut eye = Eye::with(options, 120, 24, sketch(), day());
    eye.press("g a");
    let buffer = eye.buffer();
    let row = |name: &str| {
        (2..20).find(|y| {
            (0..name.len() as u16).all(|x| buffer[(42 + x, *y)].symbol() == &name[x as usize..=x as usize])
        })
    };
    for (name, colour) in [("db", 6), ("api", 2), ("worker", 4), ("web", 5)] {
        let row = row(name).unwrap_or_else(|| panic!("{name} is there"));
        assert_eq!(buffer[(42, row)].fg, Color::Indexed(colour), "{name}");
    }
}

#[test]
fn it_follows_pauses_and_goes_on() {
    let mut eye = busy(1_000);
    assert!(eye.frame().contains("following · 1,000 lines"), "{}", eye.frame());
    assert_eq!(texts(&mut eye).last().map(String::as_str), Some("line 999"));
    eye.press("k k");
    assert_eq!(texts(&mut eye).last().map(String::as_str), Some("line 997"));
    print(eye.terminals.get_mut(&InstanceId(1)).unwrap(), 5, "new\r\n");
    assert!(eye.frame().contains("paused, 1 new"), "{}", eye.frame());
    assert_eq!(texts(&mut eye).last().map(String::as_str), Some("line 997"), "it stays put");
    eye.press("F");
    assert_eq!(texts(&mut eye).last().map(String::as_str), Some("new"));
}

#[test]
fn down_and_up_again_leads_to_the_same_lines() {
    let mut eye = busy(1_000);
    eye.press("g");
    assert_eq!(texts(&mut eye)[..3], ["line 0", "line 1", "line 2"]);
    eye.press("5 0 %");
    assert_eq!(texts(&mut eye)[0], "line 500");
    let before = texts(&mut eye);
    eye.press("f d j 7 j 7 k k u b");
    assert_eq!(texts(&mut eye), before);
    eye.press("1 2 3 g");
    assert_eq!(texts(&mut eye)[0], "line 122");
    eye.press("' '");
    assert_eq!(texts(&mut eye), before);
}

#[test]
fn a_search_finds_the_next_line_of_any_job() {
    let mut eye = busy(9_000);
    eye.press("g /");
    eye.write("line 7777");
    eye.press("Enter");
    settle(&mut eye);
    assert!(texts(&mut eye).contains(&"line 7777".to_owned()), "{}", eye.frame());
    insta::assert_snapshot!("merged_search", eye.frame());
    eye.press("Esc g /");
    eye.write("line (100|2000|3001)$");
    eye.press("Enter");
    // The one it stands on is the one that a mark names.
    let stands = |eye: &mut Eye, line: &str| {
        settle(eye);
        eye.press("m x");
        assert!(eye.line(&format!("│ {line}")).starts_with("x "), "{}", eye.frame());
    };
    stands(&mut eye, "line 100");
    eye.press("n");
    stands(&mut eye, "line 2000");
    eye.press("n");
    stands(&mut eye, "line 3001");
    eye.press("N");
    stands(&mut eye, "line 2000");
    eye.press("n n");
    settle(&mut eye);
    assert!(eye.frame().contains("no further hit: on from the beginning"), "{}", eye.frame());
    stands(&mut eye, "line 100");
    eye.press("/");
    eye.write("nowhere at all");
    eye.press("Enter");
    settle(&mut eye);
    assert!(eye.frame().contains("no hit"), "{}", eye.frame());
}

#[test]
fn hits_are_counted_while_it_follows() {
    let mut eye = busy(1_000);
    eye.press("/");
    eye.write("line 99");
    settle(&mut eye);
    assert!(eye.frame().contains("/ line 99  11 hits · following"), "{}", eye.frame());
    eye.press("Enter");
    settle(&mut eye);
    assert!(eye.frame().contains("/ line 99  11 hits · following"), "{}", eye.frame());
    print(eye.terminals.get_mut(&InstanceId(1)).unwrap(), 5, "line 99 again\r\n");
    settle(&mut eye);
    assert!(eye.frame().contains("12 hits · following"), "{}", eye.frame());
}

#[test]
fn who_wants_to_filter_types_a_search_and_no_keys() {
    let mut eye = busy(1_000);
    eye.press("&");
    assert!(eye.frame().contains("this searches: filters are for one job"), "{}", eye.frame());
    for key in ["9", "9", "x", "r"] {
        assert_eq!(eye.press(key), [], "{key} is typed");
    }
    assert!(eye.frame().contains("/99xr"), "{}", eye.frame());
    assert_eq!(eye.press("Esc Esc"), []);
}

#[test]
fn a_far_hit_is_found_in_the_background() {
    let mut eye = busy(60_000);
    eye.press("g /");
    eye.write("line 59000");
    eye.press("Enter");
    settle(&mut eye);
    assert!(texts(&mut eye).contains(&"line 59000".to_owned()), "{}", eye.frame());
}

#[test]
fn hits_are_counted_and_sought_elsewhere() {
    let mut eye = busy(60_000);
    eye.alone = true;
    eye.press("g /");
    eye.write("0000$");
    eye.press("Enter");
    // Nobody counts, and nothing is read here meanwhile.
    eye.press("5 n");
    assert!(!eye.ui.is_busy(&eye.view, &eye.terminals));
    assert!(eye.frame_as_is().contains("/ 0000$  seeking · "), "{}", eye.frame_as_is());
    eye.press("Ctrl-c");
    assert!(eye.frame_as_is().contains("the search was stopped"), "{}", eye.frame_as_is());
    assert!(
        eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty(),
        "nothing runs any more"
    );
    eye.alone = false;
    eye.press("G g n");
    assert!(eye.frame().contains("/ 0000$  1/5 · "), "{}", eye.frame());
    eye.press("3 n");
    assert!(eye.frame().contains("/ 0000$  4/5 · "), "{}", eye.frame());
    assert!(texts(&mut eye).contains(&"line 40000".to_owned()), "{}", eye.frame());
    eye.press("N");
    assert!(eye.frame().contains("/ 0000$  3/5 · "), "{}", eye.frame());
    eye.press("9 n");
    assert!(
        eye.frame().contains("/ 0000$  2/5 · ") && eye.frame().contains("on from the beginning"),
        "{}",
        eye.frame()
    );
    print(eye.terminals.get_mut(&InstanceId(2)).unwrap(), 5, "line 60000\r\n");
    assert!(eye.frame().contains("/ 0000$  2/6 · "), "{}", eye.frame());
}

#[test]
fn a_search_does_not_wait_for_a_job_that_has_gone() {
    for gone in [InstanceId(1), InstanceId(2)] {
        let mut eye = busy(60_000);
        eye.alone = true;
        eye.press("g /");
        eye.write("line 59000");
        eye.press("Enter");
        assert!(eye.frame_as_is().contains("seeking"), "{}", eye.frame_as_is());
        for system in &mut eye.view.systems {
            system.jobs.retain(|job| job.id != gone);
        }
        eye.alone = false;
        eye.frame();
        settle(&mut eye);
        assert!(!eye.frame().contains("seeking"), "{}", eye.frame());
    }
}

#[test]
fn enter_goes_to_the_line_in_its_own_output_and_back() {
    let mut eye = merged(80, 24);
    eye.press("Enter g /");
    eye.write("compiling");
    eye.press("Enter Enter");
    assert!(eye.frame().starts_with(" dev/api"), "{}", eye.frame());
    assert!(eye.frame().contains("\nCompiling api v0.1.0\n"), "{}", eye.frame());
    let before = merged_view(&mut eye);
    assert!(before.starts_with(" dev  merged"), "{before}");
    // Nothing else was gone to, so the same key leads to the same place.
    eye.press("Enter");
    assert!(eye.frame().starts_with(" dev/api"), "{}", eye.frame());
}

#[test]
fn it_toggles_with_the_sum_of_the_jobs_and_is_remembered() {
    let mut eye = merged(120, 24);
    assert!(eye.frame().contains("dev  merged"), "{}", eye.frame());
    eye.press("j k");
    assert!(eye.frame().contains("dev  merged"), "it is remembered: {}", eye.frame());
    eye.press("a");
    assert!(!eye.frame().contains("dev  merged"), "{}", eye.frame());
    eye.press("3 a");
    assert!(eye.frame().contains("dev  merged"), "of a job its system: {}", eye.frame());
    eye.press("q");
    assert!(eye.frame().contains("dev/api"), "back to the job: {}", eye.frame());
    eye.press("k k k g");
    assert!(!eye.frame().contains("dev  merged"), "the system shows what it showed: {}", eye.frame());
    eye.press("3 Enter a Esc");
    assert!(eye.frame().starts_with(" dev/api"), "into the pager again: {}", eye.frame());
}

#[test]
fn marks_are_those_of_the_jobs() {
    let mut eye = merged(80, 24);
    eye.press("Enter g /");
    eye.write("compiling");
    eye.press("Enter m x G");
    assert!(eye.line("Compiling").starts_with("x api"), "{}", eye.frame());
    eye.press("Esc ' x Enter");
    assert!(eye.frame().contains("\nx Compiling"), "its own output has the mark too: {}", eye.frame());
    assert!(eye.frame().starts_with(" dev/api"), "and it was the line that was gone to: {}", eye.frame());
}

#[test]
fn what_needs_the_output_of_one_job_says_so() {
    let mut eye = merged(80, 24);
    eye.press("Enter");
    for key in ["v", "V", "Ctrl-v", "s", "|", "o", "O", "E", "Alt-W", "i", "["] {
        assert_eq!(eye.press(key), [], "{key}");
        assert!(eye.frame().contains(": Enter goes "), "{key}: {}", eye.frame());
    }
    eye.press("g /");
    eye.write("compiling");
    eye.press("Enter");
    assert_eq!(eye.press("y"), [zap::ui::Request::Copy("Compiling api v0.1.0".to_owned())]);
}

#[test]
fn it_can_be_cleared() {
    let mut eye = busy(1_000);
    eye.press("L");
    assert!(texts(&mut eye).is_empty(), "{}", eye.frame());
    assert!(eye.frame().contains("following, cleared"), "{}", eye.frame());
    assert!(eye.frame().contains("cleared: Up shows what was before"), "{}", eye.frame());
    print(eye.terminals.get_mut(&InstanceId(2)).unwrap(), 5, "new\r\n");
    assert_eq!(texts(&mut eye), ["new"]);
    eye.press("k");
    assert_eq!(texts(&mut eye), ["line 999", "new"], "row by row");
    eye.press("u");
    assert_eq!(texts(&mut eye).last().map(String::as_str), Some("new"));
    assert!(texts(&mut eye).len() > 10, "the old is there again: {}", eye.frame());
}

#[test]
fn output_of_any_of_its_jobs_is_looked_at() {
    let mut eye = merged(120, 24);
    let mut overheard = eye.ui.overheard(&eye.view);
    overheard.sort();
    assert_eq!(overheard, (1..=8).map(InstanceId).collect::<Vec<_>>());
    assert!(eye.ui.visible(&eye.view).is_empty(), "nobody gets the size of its pane");
}

#[test]
fn a_system_without_output_says_so() {
    let view = zap::model::View {
        systems: vec![system("dev", vec![job(1, "dev", "db", State::Stopped, 9)])],
        quitting: None,
        problem: None,
    };
    let mut eye = Eye::new(80, 24, view, Terminals::new());
    eye.press("g a");
    assert!(eye.frame().contains("no output yet"), "{}", eye.frame());
    eye.press("Enter g G 5 0 % n k j Enter = m a L ' '");
    assert!(eye.frame().contains("no output yet"), "{}", eye.frame());
}

#[test]
fn a_clock_that_was_set_back_hides_nothing() {
    let mut eye = merged(80, 24);
    let terminal = eye.terminals.get_mut(&InstanceId(1)).unwrap();
    terminal.feed(b"an hour earlier\r\n", at(3_600_000), &mut Fed::default());
    eye.press("Enter g");
    let down = texts(&mut eye);
    assert!(down.contains(&"an hour earlier".to_owned()), "{down:?}");
    eye.press("G");
    eye.input(Event::Resize(80, 10));
    let mut up = Vec::new();
    for _ in 0..12 {
        up = texts(&mut eye);
        eye.press("k");
    }
    assert_eq!(up[0], down[0]);
}

#[test]
fn the_same_instant_in_other_jobs() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = Eye::new(cols, rows, sketch(), day());
        // Before line 2 of api nothing but the end of the worker and the slow query happened.
        eye.press("3 Enter 2 g /");
        eye.write("orders");
        eye.press("Enter =");
        insta::assert_snapshot!(format!("instant_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn an_instant_leads_to_the_other_job_and_back() {
    let mut eye = Eye::new(80, 24, sketch(), day());
    eye.press("3 Enter = g Enter");
    assert!(eye.frame().starts_with(" dev/db"), "{}", eye.frame());
    assert!(eye.frame().contains("\ncheckpoint"), "{}", eye.frame());
    eye.press("' '");
    assert!(eye.frame().starts_with(" dev/api"), "{}", eye.frame());
    eye.press("= Esc");
    assert!(eye.frame().starts_with(" dev/api"), "{}", eye.frame());
    assert!(!eye.frame().contains("┌"), "{}", eye.frame());
    eye.press("a = Enter");
    assert!(!eye.frame().contains("merged ·"), "from the merged output too: {}", eye.frame());
    eye.press("' '");
    assert!(eye.frame().starts_with(" dev  merged"), "{}", eye.frame());
}

#[test]
fn who_printed_nothing_before_it_says_so() {
    let mut eye = Eye::new(80, 24, sketch(), day());
    eye.press("1 Enter g = G");
    assert!(eye.line("report").contains("nothing before it"), "{}", eye.frame());
    eye.press("Enter");
    assert!(eye.frame().contains("report printed nothing before it"), "{}", eye.frame());
}

#[test]
fn what_was_printed_at_an_instant_is_sought_once() {
    let mut eye = Eye::new(80, 24, sketch(), day());
    eye.press("3 Enter =");
    let before = eye.frame();
    assert!(before.contains("checkpoint"), "{before}");
    // Whoever looked again would find nothing.
    eye.terminals.insert(InstanceId(1), began(9, 1_000));
    assert_eq!(eye.frame(), before);
    eye.press("G g Enter");
    assert!(eye.frame().contains("that line of db is gone"), "{}", eye.frame());
}

/// 20 jobs with a million lines each on the disk: to be run with `--release`.
#[test]
#[ignore = "measures"]
#[expect(clippy::disallowed_methods, reason = "it measures")]
fn much_on_the_disk_is_walked_quickly() {
    use std::time::{Duration, Instant};
    use zap::terminal::{Files, Past};
    const JOBS: u32 = 20;
    let folder = tempfile::tempdir().unwrap();
    let mut terminals = Terminals::new();
    let jobs: Vec<_> = (1..=JOBS).map(|id| job(id, "dev", &format!("job{id}"), State::Running, 9)).collect();
    for id in 1..=JOBS {
        let (past, mut scribe) = Past::open(&folder.path().join(id.to_string()));
        let mut terminal = Terminal::new(20, 78);
        let mut disk = Files::default();
        terminal.recall(past, 1_000_000_000);
        terminal.begin_run(1, None, Moment(0));
        for n in 0..1_000_000_i64 {
            let text = format!("job {id} says for the {n}th time that it goes on\r\n");
            // Some steadily, some in bursts, some ever less.
            let at = match id % 3 {
                0 => n * 10 + i64::from(id),
                1 => n / 5_000 * 50_000 + n % 5_000,
                _ => n * n / 100_000,
            };
            terminal.feed(text.as_bytes(), Moment(at), &mut Fed::default());
            if n % 10_000 == 0 {
                for package in terminal.packages() {
                    let written = scribe.write(&package, &mut disk).unwrap();
                    terminal.written(written.as_slice());
                }
            }
        }
        terminals.insert(InstanceId(id), terminal);
    }
    let view = zap::model::View { systems: vec![system("dev", jobs)], quitting: None, problem: None };
    let mut eye = Eye::new(120, 50, view, terminals);
    eye.press("g a Enter");
    eye.frame();
    for keys in ["5 0 %", "j", "k", "f", "b", "9 0 %", "3 %", "m x", "=", "Esc", "1 2 3 4 5 6 7 g", "G", "k"]
    {
        let began = Instant::now();
        eye.press(keys);
        let pressed = began.elapsed();
        let began = Instant::now();
        eye.frame();
        eprintln!("{keys}: {pressed:?}, its frame {:?}", began.elapsed());
        assert!(pressed + began.elapsed() < Duration::from_millis(200), "{keys}");
    }
}
