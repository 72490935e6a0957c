//! What the screen looks like, as text.

use std::fmt::Write as _;

use crossterm::event::Event;
use zap::model::{InstanceId, State, View};
use zap::terminal::RunEnd;
use zap::ui::{Depth, Options, Terminals};

use crate::build::{Eye, feed, job, moment, options, outputs, running, sketch, system};

/// A run that ended, and a second one with many lines.
fn long_output() -> zap::terminal::Terminal {
    let mut terminal = zap::terminal::Terminal::new(20, 78);
    terminal.begin_run(2, None, moment(300));
    feed(&mut terminal, "one\r\ntwo\r\n");
    terminal.end_run("exit 1", moment(259));
    terminal.note("fixup port-in-use: kill 4711", moment(259));
    terminal.begin_run(3, None, moment(180));
    for number in 1..=200 {
        let extra = if number % 40 == 0 {
            "a slow query that took so long that its line has to be wrapped at the edge of the pane, twice even, on a narrow one"
        } else {
            ""
        };
        feed(&mut terminal, &format!("line {number} \x1b[32mok\x1b[0m {extra}\r\n"));
    }
    terminal
}

fn reading(cols: u16, rows: u16) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), long_output());
    let mut eye = Eye::new(cols, rows, sketch(), terminals);
    eye.press("3");
    eye
}

#[test]
fn the_tree_in_focus() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12), (250, 80), (200, 50)] {
        let mut eye = Eye::sketch(cols, rows);
        eye.press("3");
        insta::assert_snapshot!(format!("tree_{cols}x{rows}"), eye.frame());
    }
}

/// Nobody knows when it ended, and nothing is said of that.
#[test]
fn a_run_that_was_cut_off_tells_its_last_output_and_no_end() {
    let mut terminal = zap::terminal::Terminal::new(20, 78);
    for (number, text) in [(1, "one\r\n"), (2, "")] {
        terminal.begin_run(number, None, moment(300));
        feed(&mut terminal, text);
        let ended = if text.is_empty() { 300 } else { 259 };
        terminal.end_run(RunEnd::CUT_OFF, moment(ended));
    }
    terminal.end_run("exit 0", moment(200));
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), terminal);
    let mut eye = Eye::new(120, 24, sketch(), terminals);
    eye.press("3");
    let frame = eye.frame();
    assert!(frame.contains("── run 1 · zap ended · last output 23:09:01 ──"), "{frame}");
    assert!(frame.contains("── run 2 · zap ended · began 23:08:20 ──"), "{frame}");
    assert!(!frame.contains("lasted"), "{frame}");
}

/// A full disk is told as long as it is full, whatever is typed; jobs in trouble are counted beside it.
#[test]
fn what_is_wrong_with_zap_stands_until_it_is_over() {
    let why = "no space left on device: the history of dev.api.1 cannot be written; output is kept in memory until it can be";
    let mut eye = Eye::sketch(120, 24);
    eye.ui.warn(why);
    for keys in ["3", "j", "m", "Enter", "q"] {
        eye.press(keys);
        assert!(eye.line("cannot be written").contains("no space left"), "after {keys}");
    }
    insta::assert_snapshot!("a_full_disk_120x24", eye.frame());
    eye.press("1");
    eye.ui.note("a word");
    assert!(!eye.frame().contains("cannot be written"), "a message for once comes first");
    eye.press("2");
    assert!(eye.frame().contains("cannot be written"));
    eye.ui.calm("all histories are on the disk again");
    assert!(eye.frame().contains("all histories are on the disk again"));
    assert!(!eye.frame().contains("cannot be written"));
    eye.press("1");
    assert!(!eye.frame().contains("on the disk"), "{}", eye.frame());
    let mut narrow = Eye::sketch(40, 12);
    narrow.ui.warn(why);
    insta::assert_snapshot!("a_full_disk_40x12", narrow.frame());
}

#[test]
fn the_start() {
    insta::assert_snapshot!(Eye::sketch(120, 24).frame());
}

#[test]
fn without_utf8() {
    let options = Options { utf8: false, ..options() };
    let mut eye = Eye::with(options, 120, 24, sketch(), outputs());
    eye.press("3");
    insta::assert_snapshot!(eye.frame());
}

#[test]
fn each_state_has_its_look() {
    use ratatui::style::{Color, Modifier};
    use zap::config::{Hue, Look, Role, Theme};
    let look = |fg| Look { fg: Some(Hue::Indexed(fg)), ..Look::default() };
    let looks = [
        (Role::Running, look(2)),
        (Role::Failed, look(1)),
        (Role::Selected, Look { reverse: true, ..Look::default() }),
    ];
    let theme = Theme { looks: looks.into(), ..Theme::default() };
    let mut eye = Eye::with(Options { theme, ..options() }, 120, 24, sketch(), outputs());
    let buffer = eye.buffer();
    assert_eq!(buffer[(3, 4)].fg, Color::Indexed(2), "the sign of api");
    assert_eq!(buffer[(20, 9)].fg, Color::Indexed(1), "the word of worker");
    assert_eq!(buffer[(5, 9)].fg, Color::Reset, "a name is the terminal's own");
    assert!(buffer[(3, 2)].modifier.contains(Modifier::REVERSED), "the selected row");
    assert_eq!(buffer[(3, 2)].fg, Color::Reset, "one even bar");
    eye.press("Tab");
    assert!(!eye.buffer()[(3, 2)].modifier.contains(Modifier::REVERSED), "the focus is elsewhere");
}

#[test]
fn colours_of_a_job_are_fitted_to_the_terminal() {
    use ratatui::style::Color;
    let with = |colours| {
        let mut terminals = outputs();
        terminals.insert(InstanceId(3), running("\x1b[38;2;255;135;0mx\x1b[0m\r\n"));
        let mut eye = Eye::with(Options { colours, ..options() }, 120, 24, sketch(), terminals);
        eye.press("3");
        let live = eye.buffer()[(42, 2)].fg;
        eye.press("Tab k");
        assert_eq!(eye.buffer()[(42, 2)].fg, live, "the screen and the lines agree");
        live
    };
    assert_eq!(with(Depth::True), Color::Rgb(255, 135, 0));
    assert_eq!(with(Depth::Indexed), Color::Indexed(208));
    assert_eq!(with(Depth::None), Color::Reset);
}

#[test]
fn the_page_of_a_system() {
    insta::assert_snapshot!({
        let mut eye = Eye::sketch(120, 24);
        eye.press("g");
        eye.frame()
    });
}

#[test]
fn the_pager_in_full() {
    let mut eye = reading(120, 24);
    eye.press("Enter");
    insta::assert_snapshot!("pager_following", eye.frame());
    eye.press("u u k");
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), "new\r\nnewer\r\n");
    insta::assert_snapshot!("pager_paused", eye.frame());
    eye.press("g");
    insta::assert_snapshot!("pager_top", eye.frame());
    eye.press("S");
    eye.press("4 2 g");
    insta::assert_snapshot!("pager_chopped", eye.frame());
}

#[test]
fn the_pager_searching() {
    let mut eye = reading(120, 24);
    eye.press("Enter /");
    eye.write("slow");
    insta::assert_snapshot!("search_typing", eye.frame());
    eye.press("Enter");
    while eye.ui.is_busy(&eye.view, &eye.terminals) {
        eye.ui.work(&eye.view, &eye.terminals);
    }
    eye.press("N");
    insta::assert_snapshot!("search_hit", eye.frame());
    eye.press("/");
    eye.write("(");
    insta::assert_snapshot!("search_problem", eye.frame());
}

#[test]
fn interactive() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3 Enter i");
    insta::assert_snapshot!(eye.frame());
}

#[test]
fn the_help() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("?");
    insta::assert_snapshot!("help_120x24", eye.frame());
    eye.press("G");
    insta::assert_snapshot!("help_120x24_end", eye.frame());
    let mut eye = Eye::sketch(80, 24);
    eye.press("F1");
    insta::assert_snapshot!("help_80x24", eye.frame());
    let mut eye = Eye::sketch(40, 24);
    eye.press("?");
    insta::assert_snapshot!("help_40x24", eye.frame());
}

#[test]
fn the_filter() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("/");
    eye.write("oe");
    insta::assert_snapshot!("filter_typing", eye.frame());
    eye.press("Enter");
    insta::assert_snapshot!("filter_taken", eye.frame());
    eye.press("/");
    eye.write("qqq");
    insta::assert_snapshot!("filter_nothing", eye.frame());
}

#[test]
fn marks() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("Space j j Space j");
    insta::assert_snapshot!(eye.frame());
}

#[test]
fn empty_states() {
    let mut eye = Eye::sketch(120, 24);
    let mut told = String::new();
    for key in ["1", "2", "8", "G", "k"] {
        eye.press(key);
        let frame = eye.frame();
        let line = frame.lines().nth(2).unwrap().to_owned();
        let _ = writeln!(told, "{}", line.split('│').nth(1).unwrap());
    }
    insta::assert_snapshot!(told);
}

#[test]
fn leaving() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("q");
    insta::assert_snapshot!("quit_question", eye.frame());
    eye.view.quitting = Some(crate::build::leaving());
    insta::assert_snapshot!("stopping_120x24", eye.frame());
    eye.input(crossterm::event::Event::Resize(40, 12));
    insta::assert_snapshot!("stopping_40x12", eye.frame());
}

#[test]
fn a_reason_is_cut_at_its_end_and_uses_the_room() {
    let with = |cols, note: &str| {
        let mut eye = Eye::sketch(cols, 24);
        eye.terminals.insert(InstanceId(5), running("starting\r\n"));
        eye.job_mut("dev/worker").note = note.to_owned();
        eye.line(" worker").split(['│', '•']).next().unwrap().trim_end().to_owned()
    };
    assert!(with(80, "exit 3").ends_with("failed exit 3"));
    assert!(with(80, "exit 101").ends_with("✗ worker     exit 101"), "{}", with(80, "exit 101"));
    assert!(with(80, "folder does not exist").ends_with("failed folde…"));
    assert!(with(200, "folder does not exist").ends_with("failed  folder does not exist"));
}

#[test]
fn the_reason_matters_more_in_the_header_than_pid_and_run() {
    let header = |cols, note: &str| {
        let mut eye = Eye::sketch(cols, 12);
        eye.job_mut("dev/worker").note = note.to_owned();
        eye.press("5 Enter");
        eye.frame().lines().next().unwrap().to_owned()
    };
    assert_eq!(
        header(120, "exit 101"),
        format!("{:<100}following · 2 lines", " dev/worker  failed at 23:12:40 · exit 101 · run 3")
    );
    assert!(
        header(40, "exit 101").starts_with(" dev/worker  failed · exit 101"),
        "{}",
        header(40, "exit 101")
    );
    assert_eq!(header(40, "folder does not exist"), " dev/worker  failed · folder does not…");
}

#[test]
fn a_reason_where_output_would_stand_is_wrapped() {
    let mut eye = Eye::sketch(40, 12);
    eye.job_mut("dev/report").why = "waiting for dev/db to be ready, which waits for tools/shell".to_owned();
    eye.press("8 Enter");
    let frame = eye.frame();
    let rows: Vec<_> = frame.lines().skip(1).take(2).collect();
    assert_eq!(rows, [" waiting for dev/db to be ready, which", " waits for tools/shell"]);
}

#[test]
fn a_survivor_tells_one_number_of_processes() {
    let mut eye = Eye::sketch(120, 24);
    let mut leaving = crate::build::leaving();
    leaving.alive[0].doing = "ends 2 processes of run 1".to_owned();
    leaving.alive[0].processes = Some(3);
    eye.view.quitting = Some(leaving);
    assert!(!eye.line("ends 2").contains('3'));
}

#[test]
fn a_run_that_never_started_did_not_last() {
    let mut terminal = zap::terminal::Terminal::new(20, 78);
    terminal.begin_run(1, None, moment(40));
    terminal.end_run(zap::terminal::RunEnd::NOT_STARTED, moment(40));
    let mut terminals = outputs();
    terminals.insert(InstanceId(5), terminal);
    let mut eye = Eye::new(120, 24, sketch(), terminals);
    eye.press("5");
    assert!(!eye.line("not started").contains("lasted"));
}

#[test]
fn the_page_of_a_system_says_nothing_twice() {
    let mut eye = Eye::sketch(120, 24);
    eye.job_mut("dev/api").why = "up".to_owned();
    eye.job_mut("dev/worker").why = "failed: exit 101 after 3s".to_owned();
    eye.press("g");
    assert!(eye.line("● api      running").ends_with("running    3m"));
    assert!(eye.frame().contains("now  exit 101 after 3s"));
}

#[test]
fn many_jobs_scroll() {
    let jobs = (1..=100).map(|n| job(n, "all", &format!("job{n}"), State::Running, 60)).collect();
    let view = View { systems: vec![system("all", jobs)], quitting: None, problem: None };
    let mut eye = Eye::new(80, 24, view, Terminals::new());
    (0..30).for_each(|_| drop(eye.press("j")));
    insta::assert_snapshot!(eye.frame());
}

#[test]
fn rows_come_back_when_there_is_room_again() {
    let jobs = (1..=60).map(|n| job(n, "all", &format!("job{n}"), State::Running, 60)).collect();
    let view = View { systems: vec![system("all", jobs)], quitting: None, problem: None };
    let mut eye = Eye::new(200, 70, view, Terminals::new());
    eye.press("G");
    for (cols, rows) in [(40, 12), (12, 4)] {
        eye.input(Event::Resize(cols, rows));
        assert!(!eye.frame().contains("job30"));
        eye.input(Event::Resize(200, 70));
        assert!(eye.line("● job1 ").starts_with(' '), "nothing is hidden above");
    }
    eye.input(Event::Resize(200, 50));
    // Where there is no room for all of them, no row stays empty: 47 rows, and the header of the pager.
    assert_eq!(eye.frame().matches("running").count(), 48);
}

#[test]
fn odd_names_keep_the_columns() {
    let names = ["漢字の名前がとても長いサービス", "e\u{301}te\u{301}", "\u{202e}txt", "😀-emoji", ""];
    let jobs = names.iter().zip(1..).map(|(name, id)| job(id, "odd", name, State::Running, 60));
    let view = View { systems: vec![system("odd", jobs.collect())], quitting: None, problem: None };
    let mut eye = Eye::new(80, 24, view, Terminals::new());
    insta::assert_snapshot!(eye.frame());
}

#[test]
fn one_pane_at_a_time_on_a_narrow_terminal() {
    let mut eye = reading(40, 12);
    eye.press("Enter");
    insta::assert_snapshot!("narrow_pager", eye.frame());
    eye.press("k");
    insta::assert_snapshot!("narrow_pager_paused", eye.frame());
}

#[test]
fn a_job_that_lingers_or_is_not_ready_says_so() {
    let mut eye = Eye::sketch(120, 24);
    eye.job_mut("dev/api").ready = false;
    assert!(eye.line("● api").contains("running not ready"));
    assert!(eye.line("a-very-").contains("1 writing"));
}

#[test]
fn a_cut_name_keeps_both_ends() {
    assert!(Eye::sketch(120, 24).line("a-very").contains("a-very-…ervice"));
}

#[test]
fn a_wide_character_at_the_edge_is_not_torn() {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), running(&format!("{}\r\n", "漢".repeat(60))));
    let mut eye = Eye::new(121, 24, sketch(), terminals);
    eye.press("3 Tab k");
    assert!(eye.frame().contains(&"漢".repeat(38)));
}
