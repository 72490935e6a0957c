//! What stands left of the lines: numbers, times, marks; and the view that was cleared.

use zap::model::InstanceId;
use zap::terminal::{Fed, Moment, Terminal};

use crate::build::{Eye, feed, lines, moment, now, outputs, running, sketch};

/// Prints a line so many milliseconds before the present.
fn print(terminal: &mut Terminal, millis_ago: i64, text: &str) {
    terminal.feed(text.as_bytes(), Moment(now().wall.0 - millis_ago), &mut Fed::default());
}

/// A run that ended and one that goes on, with pauses of all lengths between their lines.
fn timed() -> Terminal {
    let mut terminal = Terminal::new(20, 78);
    terminal.begin_run(2, None, Moment(now().wall.0 - 3_700_000));
    print(&mut terminal, 3_699_988, "one\r\n");
    print(&mut terminal, 100_000, "an hour later\r\n");
    terminal.end_run("exit 1", Moment(now().wall.0 - 99_000));
    terminal.begin_run(3, None, Moment(now().wall.0 - 41_200));
    print(&mut terminal, 41_188, "Compiling api v0.1.0\r\n");
    print(&mut terminal, 41_188, "at the same moment\r\n");
    print(&mut terminal, 877, &format!("\x1b[32mlong\x1b[0m {}end\r\n", "x".repeat(150)));
    print(&mut terminal, 700, "almost now\r\n");
    terminal
}

fn reading(terminal: Terminal, cols: u16, rows: u16) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), terminal);
    let mut eye = Eye::new(cols, rows, sketch(), terminals);
    eye.press("3 Enter");
    eye
}

fn output(eye: &mut Eye) -> Vec<String> {
    let cols = usize::from(eye.buffer().area.width);
    // Without the overview.
    let text = |row: &str| row.chars().take(cols - 2).collect::<String>().trim_end().to_owned();
    let mut rows: Vec<String> = eye.frame().lines().skip(1).take(21).map(text).collect();
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    rows
}

fn api(eye: &mut Eye) -> &mut Terminal {
    eye.terminals.get_mut(&InstanceId(3)).expect("the terminal of api")
}

/// A terminal with a finished run of numbered lines.
fn ended(count: usize) -> Terminal {
    let mut terminal = running(&lines(count, |n| format!("line {}", n + 1)));
    terminal.end_run("exit 0", moment(1));
    terminal
}

#[test]
fn numbers_and_times_stand_before_the_lines() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = reading(timed(), cols, rows);
        eye.press("#");
        insta::assert_snapshot!(format!("numbers_{cols}x{rows}"), eye.frame());
        for form in ["clock", "run", "line"] {
            eye.press("t");
            insta::assert_snapshot!(format!("times_{form}_{cols}x{rows}"), eye.frame());
        }
        eye.press("t #");
        assert!(output(&mut eye).contains(&"almost now".to_owned()), "{}", eye.frame());
    }
}

#[test]
fn times_are_those_of_the_zone() {
    let mut eye = reading(timed(), 80, 24);
    eye.press("t");
    // 2023-11-14 22:13:20 UTC is the present, and the zone lies an hour east of it.
    assert!(output(&mut eye)[0].starts_with(" 22:11:40.012 one"), "{:?}", output(&mut eye));
    let mut west = Eye::with(
        zap::ui::Options { zone: Box::new(|_| -5 * 3600 - 1800), ..crate::build::options() },
        80,
        24,
        sketch(),
        [(InstanceId(3), timed())].into(),
    );
    west.press("3 Enter t");
    assert!(output(&mut west)[0].starts_with(" 15:41:40.012 one"), "{:?}", output(&mut west));
}

#[test]
fn a_pause_is_told_aloud_and_a_tiny_one_dim() {
    use ratatui::style::Modifier;
    use zap::config::{Look, Role, Theme};
    let dim = Look { dim: true, ..Look::default() };
    let theme = Theme { looks: [(Role::Dim, dim)].into(), ..Theme::default() };
    let options = zap::ui::Options { theme, ..crate::build::options() };
    let mut eye = Eye::with(options, 80, 24, sketch(), [(InstanceId(3), timed())].into());
    eye.press("3 Enter t t t");
    let rows = output(&mut eye);
    let row = |text: &str| 1 + rows.iter().position(|row| row.contains(text)).unwrap() as u16;
    let buffer = eye.buffer();
    let is_dim = |row: u16| (1..8).any(|x| buffer[(x, row)].modifier.contains(Modifier::DIM));
    assert!(is_dim(row("at the same moment")), "{rows:?}");
    assert!(!is_dim(row("long")), "{rows:?}");
}

#[test]
fn a_wrapped_line_has_one_number_and_the_text_what_is_left() {
    let mut eye = reading(timed(), 80, 24);
    eye.press("#");
    let rows = output(&mut eye);
    let long = rows.iter().position(|row| row.contains("long")).unwrap();
    assert!(rows[long].starts_with("     6 long x"), "{rows:?}");
    assert_eq!(rows[long].len(), 78);
    assert_eq!(rows[long + 1], format!("       {}", "x".repeat(71)));
    assert_eq!(rows[long + 2], format!("       {}end", "x".repeat(13)));
    assert!(rows[long + 3].starts_with("     7 almost"), "{rows:?}");
}

#[test]
fn a_margin_leaves_the_job_its_size_and_a_painted_screen_alone() {
    let mut eye = reading(timed(), 80, 24);
    let before = eye.ui.visible(&eye.view);
    eye.press("# t");
    assert_eq!(eye.ui.visible(&eye.view), before);
    feed(api(&mut eye), "\x1b[?1049h\x1b[Ha whole screen");
    assert_eq!(output(&mut eye), ["a whole screen"]);
    feed(api(&mut eye), "\x1b[?1049l");
    assert!(output(&mut eye)[0].contains("22:11:40.012 one"), "{:?}", output(&mut eye));
}

#[test]
fn who_cleared_its_screen_and_writes_on_has_lines() {
    let mut eye = reading(running("old 1\r\nold 2\r\n\x1b[2J\x1b[Hfresh 1\r\nfresh 2\r\n"), 80, 24);
    assert_eq!(output(&mut eye), ["fresh 1", "fresh 2"]);
    eye.press("#");
    assert_eq!(output(&mut eye), ["     3 fresh 1", "     4 fresh 2"]);
    feed(api(&mut eye), &lines(30, |n| format!("more {n}")));
    assert_eq!(output(&mut eye).last().map(String::as_str), Some("    34 more 29"));
}

#[test]
fn who_types_into_a_job_sees_it_as_it_is() {
    let mut eye = reading(timed(), 80, 24);
    eye.press("# i");
    assert!(eye.frame().contains("\nalmost now\n"), "{}", eye.frame());
    eye.press("Ctrl-]");
    assert!(eye.frame().contains("     7 almost now"), "{}", eye.frame());
}

#[test]
fn what_is_paused_stays_where_it_is_while_the_margin_changes() {
    let mut eye = reading(ended(200), 80, 24);
    eye.press("5 0 g");
    for key in ["#", "t", "t", "t", "t", "#"] {
        eye.press(key);
        assert!(output(&mut eye)[0].ends_with("line 50"), "{:?}", output(&mut eye)[0]);
    }
}

#[test]
fn a_mark_is_shown_and_gone_to() {
    let mut eye = reading(ended(200), 80, 24);
    eye.press("5 0 g m a");
    assert!(eye.frame().contains("mark a is set"), "{}", eye.frame());
    assert_eq!(output(&mut eye)[0], "a line 50");
    eye.press("G ' a");
    assert_eq!(output(&mut eye)[0], "a line 50");
    eye.press("#");
    assert_eq!(output(&mut eye)[0], "a   50 line 50");
    eye.press("' b");
    assert!(eye.frame().contains("mark b is not set"), "{}", eye.frame());
    eye.press("m 1");
    assert!(eye.frame().contains("only letters name marks"), "{}", eye.frame());
    eye.press("k");
    assert_eq!(output(&mut eye)[0], "    49 line 49", "the letter was taken, not moved by");
}

#[test]
fn marks_survive_the_end_of_the_run() {
    let mut eye = reading(running(&lines(100, |n| format!("line {}", n + 1))), 80, 24);
    eye.press("3 0 g m x F");
    api(&mut eye).end_run("exit 1", moment(1));
    api(&mut eye).begin_run(4, None, moment(1));
    feed(api(&mut eye), &lines(100, |n| format!("new {n}")));
    eye.press("' x");
    assert_eq!(output(&mut eye)[0], "x line 30");
}

#[test]
fn the_way_back_leads_to_where_one_was_before_a_jump() {
    for jump in ["g", "1 5 0 g", "5 0 %", "/ 1 9 9 Enter", "[", "' a"] {
        let mut eye = reading(ended(200), 80, 24);
        eye.press("2 g m a 7 0 g");
        eye.press(jump);
        assert!(!output(&mut eye)[0].ends_with("line 70"), "{jump}");
        let there = output(&mut eye)[0].clone();
        eye.press("' '");
        assert_eq!(output(&mut eye)[0], "  line 70", "{jump}");
        eye.press("' '");
        assert_eq!(output(&mut eye)[0], there, "{jump}");
    }
    let mut eye = reading(ended(200), 80, 24);
    eye.press("' '");
    assert!(eye.frame().contains("there was no jump yet"), "{}", eye.frame());
    eye.press("7 0 g j ' '");
    assert!(eye.line("dev/api").contains("following"), "from the end: {}", eye.frame());
}

#[test]
fn a_great_letter_names_the_job_too() {
    let mut eye = reading(ended(200), 80, 24);
    eye.terminals.insert(InstanceId(7), ended(50));
    eye.press("5 0 g m A m b q 7 Enter ' b");
    assert!(eye.frame().contains("mark b is not set"), "{}", eye.frame());
    eye.press("' A");
    assert_eq!(output(&mut eye)[0], "b line 50", "{}", eye.frame());
    eye.press("' '");
    assert!(eye.frame().contains("dev/mail"), "{}", eye.frame());
    eye.press("m A ' '");
    assert!(eye.frame().contains("dev/api"), "{}", eye.frame());
    eye.press("' A");
    assert!(eye.frame().contains("dev/mail"), "there is one A: {}", eye.frame());
}

#[test]
fn a_cleared_view_shows_what_comes_and_scrolls_back() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = reading(running(&lines(100, |n| format!("line {}", n + 1))), cols, rows);
        eye.press("L");
        assert!(eye.frame().contains("cleared here"), "{}", eye.frame());
        assert!(!eye.frame().contains("line 100"), "{}", eye.frame());
        assert!(eye.frame().contains("cleared: Up shows what was before"), "{}", eye.frame());
        eye.press("Up");
        assert!(eye.frame().contains("line 100"), "{}", eye.frame());
        eye.press("L");
        feed(api(&mut eye), "new 1\r\nnew 2\r\n");
        insta::assert_snapshot!(format!("cleared_{cols}x{rows}"), eye.frame());
        eye.press("k k");
        insta::assert_snapshot!(format!("cleared_scrolled_{cols}x{rows}"), eye.frame());
        eye.press("F");
        assert!(!eye.frame().contains("line 100"), "{}", eye.frame());
        feed(api(&mut eye), &lines(100, |n| format!("later {n}")));
        assert!(eye.frame().contains("later 99"), "{}", eye.frame());
        assert!(!eye.frame().contains("cleared"), "it has scrolled out: {}", eye.frame());
    }
}

#[test]
fn a_cleared_view_stays_so_when_the_run_ends() {
    let mut eye = reading(running(&lines(100, |n| format!("line {}", n + 1))), 80, 24);
    eye.press("L");
    feed(api(&mut eye), "bye\r\n");
    api(&mut eye).end_run("exit 1", moment(1));
    let rows = output(&mut eye);
    assert!(rows[0].starts_with("── cleared here ───"), "{rows:?}");
    assert_eq!(rows[1], "bye");
    assert!(rows[2].starts_with("── run 3 · exit 1"), "{rows:?}");
}

#[test]
fn a_painted_screen_cannot_be_cleared_by_us() {
    let mut eye = reading(running("\x1b[2J\x1b[Hpainted"), 80, 24);
    eye.press("L");
    assert_eq!(output(&mut eye), ["painted"]);
    assert!(eye.frame().contains("only it can clear it"), "{}", eye.frame());
}
