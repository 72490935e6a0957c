//! Errors, warnings, and the column that shows all of a history at once.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use zap::model::{InstanceId, Size};
use zap::terminal::Terminal;

use crate::build::{Eye, feed, lines, moment, options, outputs, running, sketch};

/// Two runs, with an error and a warning now and then.
fn history() -> Terminal {
    let mut terminal = running(&lines(100, |n| {
        if n == 30 { "12:04:31 ERROR it broke".to_owned() } else { format!("12:04:31 INFO line {n}") }
    }));
    terminal.end_run("exit 1", moment(120));
    terminal.begin_run(4, None, moment(100));
    feed(
        &mut terminal,
        &lines(400, |n| match n {
            120 | 300 => format!("12:05:00 ERROR broke again in {n}"),
            200 => "12:05:00 WARN slow query 312ms".to_owned(),
            n if n % 90 == 7 => format!("12:05:00 INFO query {n}"),
            n => format!("12:05:00 INFO line {n}"),
        }),
    );
    terminal
}

fn reading(cols: u16, rows: u16) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), history());
    let mut eye = Eye::new(cols, rows, sketch(), terminals);
    eye.press("3 Enter");
    eye
}

#[test]
fn the_overview() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = reading(cols, rows);
        eye.press("/");
        eye.write("query \\d");
        eye.press("Enter g 2 0 0 g");
        insta::assert_snapshot!(format!("overview_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn the_overview_beside_the_tree() {
    let mut eye = reading(120, 24);
    eye.press("q");
    insta::assert_snapshot!(eye.frame());
}

#[test]
fn the_overview_without_utf8() {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), history());
    let options = zap::ui::Options { utf8: false, ..options() };
    let mut eye = Eye::with(options, 80, 24, sketch(), terminals);
    eye.press("3 Enter g");
    let frame = eye.frame();
    let column: String = frame.lines().map(|line| line.chars().nth(78).unwrap_or(' ')).collect();
    assert!(column.contains('x') && column.contains('-'), "{frame}");
    assert!(frame.is_ascii(), "{frame}");
}

#[test]
fn what_is_all_in_sight_has_no_overview_and_keeps_its_columns() {
    let mut eye = Eye::sketch(80, 24);
    eye.press("3 Enter");
    let visible = |eye: &mut Eye| eye.ui.visible(&eye.view);
    let wide = |cols| vec![(InstanceId(3), Size { rows: 21, cols })];
    assert_eq!(visible(&mut eye), wide(78));
    assert!(!eye.frame().contains('▐'));
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), &lines(50, |n| format!("more {n}")));
    assert!(eye.frame().contains('▐'), "{}", eye.frame());
    assert_eq!(visible(&mut eye), wide(78), "nothing moves when it appears");
    eye.press("i");
    assert_eq!(visible(&mut eye), wide(80), "a job that has the keys has every column");
    assert!(!eye.frame().contains('▐'));
}

#[test]
fn a_click_in_the_overview_goes_there() {
    let mut eye = reading(80, 24);
    let click = |row| {
        Event::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: 79,
            row,
            modifiers: KeyModifiers::NONE,
        })
    };
    eye.input(click(1));
    assert!(eye.frame().contains("INFO line 0"), "{}", eye.frame());
    eye.input(click(11));
    let frame = eye.frame();
    assert!(frame.contains("12:05:00 INFO line 138"), "{frame}");
}

#[test]
fn from_error_to_error() {
    let mut eye = reading(80, 24);
    eye.press("E");
    assert!(
        eye.frame().contains("error 3 of 3") && eye.frame().contains("broke again in 300"),
        "{}",
        eye.frame()
    );
    eye.press("E");
    assert!(eye.frame().contains("no further error: on from the beginning, error 1 of 3"), "{}", eye.frame());
    eye.press("2 E");
    assert!(eye.frame().contains("error 3 of 3"), "{}", eye.frame());
    eye.press("Alt-E");
    assert!(
        eye.frame().contains("error 2 of 3") && eye.frame().contains("broke again in 120"),
        "{}",
        eye.frame()
    );
    eye.press("W");
    assert!(eye.frame().contains("warning 1 of 1") && eye.frame().contains("slow query"), "{}", eye.frame());
    eye.press("Alt-E");
    assert!(eye.frame().contains("error 2 of 3"), "{}", eye.frame());
    eye.press("Esc");
    assert!(eye.frame().contains("line 122"), "the first Esc only takes the mark away: {}", eye.frame());
}

#[test]
fn a_traceback_is_one_error() {
    let block =
        "Traceback (most recent call last):\r\n  File \"a.py\", line 3, in f\r\n    g()\r\nValueError: x\r\n";
    let mut terminals = outputs();
    let text = lines(40, |n| format!("line {n}")) + block + &lines(40, |n| format!("line {n}")) + block;
    terminals.insert(InstanceId(3), running(&text));
    let mut eye = Eye::new(80, 24, sketch(), terminals);
    eye.press("3 Enter g E");
    assert!(eye.frame().contains("error 1 of 2"), "{}", eye.frame());
    eye.press("E");
    assert!(eye.frame().contains("error 2 of 2"), "{}", eye.frame());
}

/// A block of history holds 4096 lines: wherever it ends within a traceback, there is one error.
#[test]
fn a_traceback_across_blocks_of_history_is_one_error() {
    let block =
        "Traceback (most recent call last):\r\n  File \"a.py\", line 3, in f\r\n    g()\r\nValueError: x\r\n";
    for before in 4092..=4096 {
        let mut terminals = outputs();
        terminals.insert(InstanceId(3), running(&(lines(before, |n| format!("line {n}")) + block)));
        let mut eye = Eye::new(80, 24, sketch(), terminals);
        eye.press("3 Enter E");
        assert!(eye.frame().contains("error 1 of 1"), "{before} lines before: {}", eye.frame());
        // The screen is far below, and other blocks follow.
        feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), &lines(10_000, |n| format!("more {n}")));
        eye.press("E");
        assert!(eye.frame().contains("error 1 of 1"), "{before} lines before: {}", eye.frame());
        eye.press("Esc");
        let terminal = eye.terminals.remove(&InstanceId(3)).unwrap();
        let mut terminals = outputs();
        terminals.insert(InstanceId(3), terminal);
        let mut eye = Eye::new(80, 24, sketch(), terminals);
        eye.press("3 Enter E");
        assert!(eye.frame().contains("error 1 of 1"), "{before} lines before: {}", eye.frame());
    }
}

#[test]
fn without_any_it_says_so() {
    let mut eye = Eye::sketch(80, 24);
    eye.press("3 Enter E");
    assert!(eye.frame().contains("no error"), "{}", eye.frame());
    eye.press("W");
    assert!(eye.frame().contains("warning 1 of 1"), "{}", eye.frame());
}

#[test]
fn a_long_history_is_sought_in_the_background() {
    let mut terminals = outputs();
    let text = lines(60_000, |n| {
        if n == 500 {
            "ERROR the only one".to_owned()
        } else {
            format!("INFO line {n} of a long history of this job")
        }
    });
    terminals.insert(InstanceId(3), running(&text));
    let mut eye = Eye::new(80, 24, sketch(), terminals);
    eye.press("3");
    assert!(
        !eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty()
            || eye.frame().contains('✗')
    );
    eye.press("Enter E");
    assert!(eye.frame().contains("error 1 of 1"), "{}", eye.frame());
    assert!(eye.frame().contains("the only one"), "{}", eye.frame());
}

/// What a line of the property says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Error,
    Warning,
}

/// Where a naive reader comes to: the place among those of its kind, from 1, and the line.
fn naive(
    kinds: &[Kind],
    kind: Kind,
    from: Option<usize>,
    back: bool,
    times: usize,
) -> Option<(usize, usize)> {
    let all: Vec<usize> = (0..kinds.len()).filter(|line| kinds[*line] == kind).collect();
    let len = all.len();
    if len == 0 {
        return None;
    }
    let place = if back {
        let before = all.iter().filter(|line| from.is_some_and(|from| **line < from)).count();
        (before + len * times - times) % len
    } else {
        let before = all.iter().filter(|line| from.is_some_and(|from| **line <= from)).count();
        (before + times - 1) % len
    };
    Some((place + 1, all[place]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn keys_come_to_where_a_naive_reader_comes(
        kinds in prop::collection::vec(
            prop_oneof![60 => Just(Kind::Plain), 1 => Just(Kind::Error), 1 => Just(Kind::Warning)],
            1..2500,
        ),
        keys in prop::collection::vec((any::<bool>(), any::<bool>(), 1..4_usize), 1..12),
    ) {
        let mut terminals = outputs();
        let text = lines(kinds.len(), |n| match kinds[n] {
            Kind::Plain => format!("12:04:31 INFO line {n} is as good as any other line"),
            Kind::Error => format!("12:04:31 ERROR line {n} broke"),
            Kind::Warning => format!("12:04:31 WARN line {n} is slow"),
        });
        terminals.insert(InstanceId(3), running(&text));
        let mut eye = Eye::new(80, 24, sketch(), terminals);
        eye.press("3 Enter g");
        let mut at = None;
        for (error, back, times) in keys {
            let (key, kind, word) = if error { ("E", Kind::Error, "error") } else { ("W", Kind::Warning, "warning") };
            let alt = if back { "Alt-" } else { "" };
            eye.press(&format!("{times} {alt}{key}"));
            let frame = eye.frame();
            let Some((place, line)) = naive(&kinds, kind, at, back, times) else {
                prop_assert!(frame.contains(&format!("no {word}")), "{frame}");
                return Ok(());
            };
            prop_assert!(frame.contains(&format!(" {word} {place} of ")), "{place}: {frame}");
            prop_assert!(frame.contains(&format!("line {line} ")), "{line}: {frame}");
            at = Some(line);
        }
    }
}
