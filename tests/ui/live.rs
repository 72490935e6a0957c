//! What a pager shows of a live run: its screen, and what was printed before above it.

use crossterm::event::Event;
use ratatui::Terminal as Screen;
use ratatui::backend::TestBackend;
use zap::model::InstanceId;
use zap::terminal::Terminal;

use crate::build::{Eye, feed, lines, moment, now, outputs, running, sketch};

/// A run that ended after some lines, and one that has begun.
fn restarted(before: usize) -> Terminal {
    let mut terminal = running(&lines(before, |n| format!("old {n}")));
    terminal.end_run("exit 1", moment(40));
    terminal.note("fixup: kill 4711", moment(40));
    terminal.begin_run(4, None, moment(30));
    terminal
}

fn following(terminal: Terminal) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), terminal);
    let mut eye = Eye::new(80, 24, sketch(), terminals);
    eye.press("3 Enter");
    eye
}

fn api(eye: &mut Eye) -> &mut Terminal {
    eye.terminals.get_mut(&InstanceId(3)).expect("the terminal of api")
}

/// The rows of the output without the overview beside it, and without blank ones at the end.
fn output(eye: &mut Eye) -> Vec<String> {
    let text = |line: &str| line.chars().take(78).collect::<String>().trim_end().to_owned();
    let mut rows: Vec<String> = eye.frame().lines().skip(1).take(21).map(text).collect();
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    rows
}

#[test]
fn what_was_printed_before_a_new_run_stands_above_it() {
    let mut eye = following(restarted(2));
    let rows = output(&mut eye);
    assert_eq!(rows[..2], ["old 0", "old 1"]);
    assert!(rows[2].starts_with("── run 3 · exit 1"), "{rows:?}");
    assert_eq!(rows[3..], ["── fixup: kill 4711"]);
    feed(api(&mut eye), "new\r\n");
    assert_eq!(output(&mut eye)[4..], ["new"]);
}

#[test]
fn the_rows_above_give_way_as_the_screen_fills() {
    let mut eye = following(restarted(100));
    assert_eq!(output(&mut eye)[0], "old 82", "18 lines, the separator, the note, the row of the cursor");
    feed(api(&mut eye), "new 0\r\nnew 1\r\n");
    let rows = output(&mut eye);
    assert_eq!((rows[0].as_str(), rows.last().map(String::as_str)), ("old 84", Some("new 1")));
    feed(api(&mut eye), &lines(30, |n| format!("more {n}")));
    let rows = output(&mut eye);
    assert_eq!((rows[0].as_str(), rows.len()), ("more 10", 20), "the screen as it is");
}

#[test]
fn a_long_line_above_is_wrapped() {
    let mut terminal = running(&format!("{}end\r\n", "x".repeat(90)));
    terminal.end_run("exit 1", moment(40));
    terminal.begin_run(4, None, moment(30));
    let rows = output(&mut following(terminal));
    assert_eq!((rows[0].len(), rows[1].as_str()), (78, "xxxxxxxxxxxxend"));
}

#[test]
fn a_screen_that_was_cleared_stands_alone() {
    for clear in ["\x1b[2J\x1b[H", "\x1bc", "\x1b[3J\x1b[H", "x\x1b[H\x1b[J", "\x1b[?1049h\x1b[H"] {
        let mut eye = following(restarted(2));
        feed(api(&mut eye), &format!("{clear}fresh"));
        assert_eq!(output(&mut eye), ["fresh"], "{clear:?}");
    }
}

#[test]
fn a_shell_that_erases_a_blank_screen_has_cleared_nothing() {
    let mut eye = following(restarted(2));
    feed(api(&mut eye), "\r\x1b[J$ ");
    let rows = output(&mut eye);
    assert_eq!((rows[0].as_str(), rows[4].as_str()), ("old 0", "$"));
}

#[test]
fn the_next_run_begins_below_what_was_cleared() {
    let mut eye = following(restarted(2));
    feed(api(&mut eye), "\x1b[2J\x1b[Hfresh");
    api(&mut eye).end_run("exit 1", moment(20));
    api(&mut eye).begin_run(5, None, moment(10));
    assert_eq!(output(&mut eye)[4], "fresh");
}

#[test]
fn the_cursor_stands_where_the_screen_stands() {
    let mut eye = following(restarted(2));
    eye.press("i");
    feed(api(&mut eye), "one\r\ntwo> ");
    eye.frame();
    let mut screen = Screen::new(TestBackend::new(80, 24)).expect("a test backend cannot fail");
    screen.draw(|frame| eye.ui.draw(frame, &eye.view, &eye.terminals, now())).expect("it cannot fail");
    screen.backend_mut().assert_cursor_position((5, 6));
}

#[test]
fn nothing_is_no_output_only_where_there_are_no_lines() {
    assert_eq!(output(&mut following(running(""))), [" no output yet"]);
    let rows = output(&mut following(restarted(2)));
    assert!(!rows.iter().any(|row| row.contains("no output")), "{rows:?}");
}

#[test]
fn chopped_lines_are_followed_and_go_sideways() {
    let mut eye = following(running(&format!("{}end\r\nshort\r\n", "x".repeat(90))));
    assert_eq!(output(&mut eye).len(), 3);
    eye.press("S");
    let rows = output(&mut eye);
    assert_eq!((rows.len(), rows[1].as_str()), (2, "short"));
    assert!(rows[0].ends_with('›'));
    assert!(eye.frame().contains("sideways") && eye.frame().contains("following"));
    eye.press("l");
    assert!(output(&mut eye)[0].ends_with("xxend"));
    feed(api(&mut eye), "\r\n123456789012345678901234567890123456789more\r\n");
    assert!(output(&mut eye).contains(&"more".to_owned()));
}

#[test]
fn a_program_that_paints_is_not_chopped() {
    let mut eye = following(running("\x1b[2J\x1b[Hpainted"));
    eye.press("S");
    assert_eq!(output(&mut eye), ["painted"]);
    assert!(!eye.frame().contains("sideways"));
    eye.press("l");
    assert!(eye.frame().contains("the job paints this screen"));
}

#[test]
fn the_job_that_has_the_keys_is_not_chopped() {
    let mut eye = following(running(&"x".repeat(90)));
    eye.press("S i");
    assert_eq!(output(&mut eye).len(), 2);
}

#[test]
fn characters_without_width_do_not_reach_the_terminal() {
    use unicode_width::UnicodeWidthStr;
    let odd = "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} \u{202e}abc\u{2069} \u{e0041} e\u{301}\u{200b}.\r\n";
    let mut eye = following(running(odd));
    for keys in ["F", "k"] {
        eye.press(keys);
        let buffer = eye.buffer();
        let row = &buffer.content[80..160];
        let mut shown = String::new();
        let mut column = 0;
        while column < row.len() {
            shown.push_str(row[column].symbol());
            column += row[column].symbol().width().max(1);
        }
        assert_eq!(shown.trim_end(), "👩👩👧 ❤ abc  e\u{301}.", "after {keys}");
    }
}

#[test]
fn the_selected_row_stays_in_sight_when_the_window_shrinks() {
    let mut eye = Eye::sketch(120, 40);
    eye.press("G");
    eye.input(Event::Resize(120, 8));
    assert!(eye.frame().lines().any(|line| line.starts_with('▌')), "{}", eye.frame());
}
