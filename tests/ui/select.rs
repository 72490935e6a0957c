//! Selecting and copying: what is copied is what was printed.

use std::time::Duration;

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use ratatui::style::Modifier;
use zap::model::{InstanceId, State};
use zap::terminal::Terminal;
use zap::ui::{Away, Clip, Cut, Dress, Overwrite, Request, Save};

use crate::build::{Eye, feed, job, lines, moment, now, outputs, running, sketch, system};

/// The pager of `dev/api` in full, with this output.
fn reading(cols: u16, rows: u16, terminal: Terminal) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), terminal);
    let mut eye = Eye::with(plain(), cols, rows, sketch(), terminals);
    eye.press("3 Enter");
    eye
}

/// Without colours what is selected is reversed, and nothing else is.
fn plain() -> zap::ui::Options {
    zap::ui::Options { colours: zap::ui::Depth::None, ..crate::build::options() }
}

/// What the last of these keys copies.
#[track_caller]
fn copied(eye: &mut Eye, keys: &str) -> String {
    clip(&eye.press(keys))
}

#[track_caller]
fn clip(asked: &[Request]) -> String {
    match asked {
        [Request::Copy(text)] => text.clone(),
        other => panic!("nothing is copied: {other:?}"),
    }
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Event {
    Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

fn press(eye: &mut Eye, x: u16, y: u16) -> Vec<Request> {
    eye.input(mouse(MouseEventKind::Down(MouseButton::Left), x, y))
}

fn drag(eye: &mut Eye, x: u16, y: u16) -> Vec<Request> {
    eye.input(mouse(MouseEventKind::Drag(MouseButton::Left), x, y))
}

fn release(eye: &mut Eye) -> Vec<Request> {
    eye.input(mouse(MouseEventKind::Up(MouseButton::Left), 0, 0))
}

/// The selected cells of a frame, row by row.
fn highlighted(eye: &mut Eye) -> Vec<String> {
    let buffer = eye.buffer();
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width).map(|row| {
        let cells = row.iter().filter(|cell| cell.modifier.contains(Modifier::REVERSED));
        cells.map(ratatui::buffer::Cell::symbol).collect::<String>()
    });
    rows.filter(|row| !row.is_empty()).collect()
}

#[test]
fn characters_lines_and_blocks_are_copied() {
    let mut eye = reading(80, 24, running("alpha beta\r\ngamma delta\r\nepsilon\r\n"));
    assert_eq!(copied(&mut eye, "g v w l y"), "alpha be");
    assert!(eye.frame().contains("copied 8 characters"));
    assert_eq!(copied(&mut eye, "g v j e y"), "alpha beta\ngamma");
    assert!(eye.frame().contains("copied 2 lines, 16 characters"));
    assert_eq!(copied(&mut eye, "g V j y"), "alpha beta\ngamma delta");
    assert_eq!(copied(&mut eye, "g Ctrl-v j j l l y"), "alp\ngam\neps");
    assert_eq!(copied(&mut eye, "g v w v Ctrl-v j l y"), "al\nga", "a selection that was left is forgotten");
    assert_eq!(copied(&mut eye, "g v w o w o Ctrl-v j $ y"), "beta\n delta".replace(' ', ""));
}

#[test]
fn the_other_end_moves_too_and_escape_leaves_it() {
    let mut eye = reading(80, 24, running("alpha beta\r\ngamma delta\r\n"));
    assert_eq!(copied(&mut eye, "g v w j o b y"), "alpha beta\ngamma d");
    assert_eq!(copied(&mut eye, "g v j w o y"), "alpha beta\ngamma d");
    eye.press("g v w Esc");
    assert!(highlighted(&mut eye).is_empty());
    assert!(eye.frame().contains("dev/api"), "the pager is still there");
    eye.press("v v");
    assert!(highlighted(&mut eye).is_empty());
}

#[test]
fn a_wrapped_line_is_one_line_and_has_no_blanks_of_the_screen() {
    let long = "x".repeat(100);
    let mut eye = reading(40, 12, running(&format!("{long} end  \r\nnext\r\n")));
    assert_eq!(copied(&mut eye, "g V j y"), format!("{long} end  \nnext"));
    // Blanks that only a cursor went over are no text.
    let mut eye = reading(40, 12, running("a\x1b[10Gb\x1b[30G\r\n"));
    assert_eq!(copied(&mut eye, "g V y"), "a        b");
}

#[test]
fn wide_characters_and_what_stands_on_them_stay_whole() {
    let mut eye = reading(80, 24, running("a漢字e\u{301}b\r\n"));
    assert_eq!(copied(&mut eye, "g v l y"), "a漢");
    assert_eq!(copied(&mut eye, "g v l l l y"), "a漢字e\u{301}");
    assert_eq!(copied(&mut eye, "g v $ y"), "a漢字e\u{301}b");
}

#[test]
fn the_selection_stays_on_its_text_while_the_job_prints_and_when_the_width_changes() {
    let mut eye = reading(80, 12, running(&lines(30, |n| format!("line {n}"))));
    eye.press("v k");
    let before = highlighted(&mut eye);
    assert!(eye.frame().contains("paused"));
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), &lines(50, |n| format!("more {n}")));
    assert_eq!(highlighted(&mut eye), before);
    eye.input(Event::Resize(60, 14));
    assert_eq!(copied(&mut eye, "y"), "line 28\nl");
}

#[test]
fn it_goes_over_the_place_where_history_and_screen_meet() {
    let mut eye = reading(80, 12, running(&lines(100, |n| format!("line {n}"))));
    let want: Vec<String> = (0..100).map(|n| format!("line {n}")).collect();
    assert_eq!(copied(&mut eye, "g V 1 0 0 G y"), want.join("\n"));
    // What a job paints stands among the lines as well.
    let painted = format!("{}\x1b[2A\x1b[Kpainted\x1b[2B", lines(40, |n| format!("line {n}")));
    let mut eye = reading(80, 12, running(&painted));
    assert_eq!(copied(&mut eye, "v 3 7 g V o 3 9 g y"), "line 36\nline 37\npainted");
}

#[test]
fn ends_of_runs_are_copied_as_their_text_and_alone() {
    let mut terminal = running("one\r\n");
    terminal.end_run("exit 1", moment(100));
    terminal.begin_run(4, None, moment(90));
    feed(&mut terminal, "two\r\n");
    let mut eye = reading(80, 24, terminal);
    let text = copied(&mut eye, "g V j j y");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!((rows[0], rows[2]), ("one", "two"));
    assert!(rows[1].starts_with("── run 3 · exit 1 · ") && !rows[1].ends_with('─'), "{rows:?}");
}

#[test]
fn a_search_extends_it_also_within_a_line() {
    let mut eye = reading(80, 24, running("a foo b foo c\r\nd\r\ne foo f\r\n"));
    eye.press("g v / f o o Enter");
    assert_eq!(copied(&mut eye, "y"), "a f");
    eye.press("v o g 0 o g 0 n n n");
    assert_eq!(copied(&mut eye, "y"), "a foo b foo c\nd\ne f");
    eye.press("v g 0 o g 0 / e Esc");
    assert_eq!(copied(&mut eye, "y"), "a", "a search that is given up moves nothing");
}

#[test]
fn without_a_selection_the_hit_or_the_first_line_or_the_last_is_copied() {
    let mut eye = reading(80, 12, running(&lines(40, |n| format!("line {n}"))));
    assert_eq!(copied(&mut eye, "y"), "line 39", "who follows means what came last");
    assert_eq!(copied(&mut eye, "g y"), "line 0");
    eye.press("/ e Space 4 $ Enter");
    assert_eq!(copied(&mut eye, "y"), "line 4");
}

#[test]
fn a_huge_selection_is_cut_and_says_so() {
    let mut eye = reading(100, 12, running(&lines(20_000, |n| format!("{n} {}", "漢".repeat(30)))));
    let text = copied(&mut eye, "g V G y");
    assert!(text.len() <= 750_000 && text.len() > 749_000, "{}", text.len());
    assert!(eye.frame().contains("bytes: terminals take no more; s saves all of it"));
}

#[test]
fn a_drag_selects_copies_and_goes_on_to_follow() {
    let mut eye = reading(80, 24, running("alpha beta\r\ngamma delta\r\n"));
    press(&mut eye, 6, 1);
    drag(&mut eye, 4, 2);
    assert_eq!(highlighted(&mut eye), ["beta ", "gamma"]);
    assert_eq!(clip(&release(&mut eye)), "beta\ngamma");
    assert!(eye.frame().contains("copied 2 lines, 10 characters"));
    assert!(eye.frame().contains("following") && highlighted(&mut eye).is_empty());
    press(&mut eye, 6, 1);
    assert_eq!(release(&mut eye), [], "a click alone copies nothing");
}

#[test]
fn escape_after_a_drag_means_what_was_selected() {
    let mut eye = reading(80, 24, running("alpha beta\r\ngamma delta\r\n"));
    let drawn = |eye: &mut Eye| {
        press(eye, 6, 1);
        drag(eye, 4, 2);
        assert_eq!(clip(&release(eye)), "beta\ngamma");
    };
    drawn(&mut eye);
    eye.press("Esc");
    assert!(!eye.frame().contains("copied") && eye.frame().contains("q back"), "{}", eye.frame());
    eye.press("Esc");
    assert!(eye.frame().contains("q quit"), "the next one leaves the pager: {}", eye.frame());
    eye.press("Enter");
    drawn(&mut eye);
    eye.press("k Esc");
    assert!(eye.frame().contains("q quit"), "any other key has ended that: {}", eye.frame());
}

#[test]
fn a_count_is_left_before_the_selection() {
    let mut eye = reading(80, 24, running("alpha beta\r\n"));
    eye.press("g v 1 2 Esc");
    assert_eq!(highlighted(&mut eye), ["a"]);
    assert_eq!(copied(&mut eye, "l y"), "al");
    eye.press("v 1 2 Esc Esc");
    assert!(highlighted(&mut eye).is_empty() && eye.frame().contains("q back"), "{}", eye.frame());
}

#[test]
fn two_clicks_take_a_word_and_three_a_line() {
    let mut eye = reading(80, 24, running("at src/main.rs:41, then\r\n"));
    press(&mut eye, 6, 1);
    assert_eq!(release(&mut eye), []);
    press(&mut eye, 6, 1);
    assert_eq!(clip(&release(&mut eye)), "src/main.rs:41");
    press(&mut eye, 6, 1);
    assert_eq!(clip(&release(&mut eye)), "at src/main.rs:41, then");
}

#[test]
fn a_drag_beyond_the_edge_scrolls() {
    let mut eye = reading(80, 12, running(&lines(40, |n| format!("line {n}"))));
    eye.press("2 0 g");
    press(&mut eye, 0, 5);
    (0..4).for_each(|_| drop(drag(&mut eye, 3, 0)));
    assert!(eye.ui.next_change(&eye.view, crate::build::now()).is_some(), "it goes on by itself");
    let text = clip(&release(&mut eye));
    assert_eq!((text.lines().next(), text.lines().last()), (Some("e 15"), Some("l")), "{text}");
    assert!(eye.frame().contains("paused"));
}

#[test]
fn a_drag_hits_what_is_seen_on_a_screen_that_was_cleared() {
    let text = format!("{}\x1b[2J\x1b[Hfirst\r\nsecond\r\n", lines(40, |n| format!("line {n}")));
    let mut eye = reading(80, 24, running(&text));
    assert!(eye.line("first").starts_with("first"));
    press(&mut eye, 0, 1);
    drag(&mut eye, 2, 2);
    assert_eq!(highlighted(&mut eye), ["first ", "sec"]);
    assert_eq!(clip(&release(&mut eye)), "first\nsec");
}

#[test]
fn what_zap_says_takes_as_many_rows_for_the_mouse_as_on_the_screen() {
    for wrapped in [true, false] {
        let mut terminal = running("");
        terminal.note(&format!("before: sh -c '{}'", "word ".repeat(15)), moment(1));
        feed(&mut terminal, "alpha\r\nbeta\r\ngamma\r\ndelta\r\n");
        terminal.end_run("exit 1", moment(1));
        let mut eye = reading(40, 16, terminal);
        if !wrapped {
            eye.press("S");
        }
        let frame = eye.frame();
        let row = |text: &str| frame.lines().position(|line| line.starts_with(text)).expect("a row") as u16;
        assert_eq!(row("alpha"), if wrapped { 4 } else { 2 }, "{frame}");
        for word in ["alpha", "beta", "delta"] {
            press(&mut eye, 0, row(word));
            drag(&mut eye, 9, row(word));
            assert_eq!(clip(&release(&mut eye)), word, "{frame}");
        }
        // Any row of the note is the note, which is taken as a whole.
        press(&mut eye, 5, row("alpha") - 1);
        drag(&mut eye, 1, row("alpha"));
        let copied = clip(&release(&mut eye));
        assert!(copied.starts_with("── before: sh") && copied.ends_with("word '\nal"), "{copied}");
    }
}

#[test]
fn the_alternate_screen_is_no_text() {
    let mut eye = reading(120, 24, running("before\r\n\x1b[?1049hfull screen"));
    assert_eq!(eye.press("v"), []);
    assert!(eye.frame().contains("Shift+drag selects there"));
}

#[test]
fn the_mouse_can_be_turned_off() {
    let options = zap::ui::Options { mouse: false, ..plain() };
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), running("alpha\r\n"));
    let mut eye = Eye::with(options, 80, 24, sketch(), terminals);
    eye.press("3 Enter");
    press(&mut eye, 0, 1);
    drag(&mut eye, 3, 1);
    assert_eq!(release(&mut eye), []);
}

#[test]
fn links_are_clicked() {
    let mut eye = Eye::new(120, 30, crate::build::supervised(), outputs());
    let link = |eye: &mut Eye, before: &str, name: &str| {
        let frame = eye.frame();
        let rows = frame.lines().enumerate().skip_while(|(_, row)| !row.contains(before)).skip(1);
        let mut rows = rows;
        let found = rows.find_map(|(y, row)| Some((row[..row.rfind(name)?].chars().count(), y)));
        let (x, y) = found.unwrap_or_else(|| panic!("{name} is not in\n{frame}"));
        press(eye, x as u16 + 1, y as u16);
    };
    eye.press("7 w");
    link(&mut eye, "why dev/report", "dev/migrate  ");
    let row = eye.line("▌");
    assert!(row.contains("migrate"), "{row}");
    eye.press("2 i");
    link(&mut eye, "needs", "dev/db");
    assert!(eye.line("▌").contains("db"));
}

#[test]
fn a_file_is_named_and_written_over_only_when_asked() {
    let mut terminal = running("one\r\n");
    terminal.end_run("exit 1", moment(100));
    terminal.begin_run(4, None, moment(90));
    feed(&mut terminal, "two\r\nthree\r\n");
    let mut eye = reading(120, 24, terminal);
    eye.press("s");
    let prompt = eye.line("save run");
    assert_eq!(prompt.trim(), "save run 3 (Tab: all runs; .ansi keeps colours) to: api-run3.log");
    let asked = eye.press("Enter");
    let [Request::Save(save)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((save.file.as_str(), save.over), ("api-run3.log", Overwrite::Ask));
    assert_eq!(save.extract.lines.start, 2);
    eye.ui.ask_to_overwrite(save.clone());
    assert!(eye.frame().contains("api-run3.log is there already. Write over it?"));
    assert_eq!(eye.press("y"), [Request::Save(Save { over: Overwrite::Yes, ..save.clone() })]);
    eye.press("s Tab");
    assert!(eye.frame().contains("to: api.log"));
    // What was refused need not be typed again.
    eye.press("Up");
    assert!(eye.frame().contains("to: api-run3.log"));
    // A folder gets the name that was offered.
    eye.press("Ctrl-u");
    eye.write("out/");
    let asked = eye.press("Enter");
    let [Request::Save(save)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(save.file, "out/api.log");
    eye.press("v s");
    assert!(eye.frame().contains("save the selection (Tab: run 3;"), "{}", eye.frame());
    eye.press("Esc Esc");
    eye.ui.saving(Some(("big.log".to_owned(), 34)));
    assert!(eye.frame().contains("saving big.log: 34%   Esc ends it"), "{}", eye.frame());
    assert_eq!(eye.press("Esc"), [Request::StopSaving]);
}

#[test]
fn commands_get_the_selection_or_the_run() {
    let mut eye = reading(80, 24, running("one\r\ntwo"));
    eye.press("|");
    eye.write("wc -l");
    let asked = eye.press("Enter");
    let [Request::Away(Away::Pipe { extract, command })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((command.as_str(), extract.lines.clone(), extract.cut), ("wc -l", 0..2, Cut::Whole));
    assert_eq!(text(&eye, extract), "one\ntwo\n");
    eye.press("g v l | Up");
    let asked = eye.press("Enter");
    let [Request::Away(Away::Pipe { extract, command })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((command.as_str(), text(&eye, extract)), ("wc -l", "on\n".to_owned()));
}

#[test]
fn a_long_selection_under_a_filter_is_collected_elsewhere() {
    let printed = lines(30_000, |n| format!("line {n} {}", if n % 10_000 == 7 { "rare" } else { "one" }));
    let mut eye = reading(120, 24, running(&printed));
    eye.press("& r a r e Enter");
    let asked = eye.press("g V G y");
    let [Request::Collect(extract)] = asked.as_slice() else { panic!("{asked:?}") };
    let outgoing = eye.ui.outgoing(extract, &eye.terminals).expect("its job is there");
    // Whoever stops it need not wait until a line passes.
    let mut asked = 0;
    let stopped = Clip::of(&outgoing, &mut |_| {
        asked += 1;
        Err(std::io::ErrorKind::Interrupted.into())
    });
    assert!(stopped.is_err() && asked == 1, "{stopped:?}");
    let clip = Clip::of(&outgoing, &mut |_| Ok(())).expect("nobody stops it");
    let text = eye.ui.collected(clip);
    assert_eq!(text.as_deref(), Some("line 7 rare\nline 10007 rare\nline 20007 rare"));
    assert!(eye.frame().contains("copied 3 lines, 43 characters"), "{}", eye.frame());
}

#[test]
fn what_filters_hide_is_neither_selected_nor_saved() {
    let mut terminal =
        running(&lines(100, |n| format!("line {n} {}", if n % 10 == 0 { "ten" } else { "one" })));
    terminal.end_run("exit 1", moment(100));
    let mut eye = reading(120, 24, terminal);
    eye.press("& t e n Enter");
    assert_eq!(copied(&mut eye, "g V 3 j y"), "line 0 ten\nline 10 ten\nline 20 ten\nline 30 ten");
    assert_eq!(copied(&mut eye, "g v $ w w w w y"), "line 0 ten\nline 10 ten\nl");
    eye.press("s");
    assert!(eye.frame().contains("save what the filter shows (Tab: run 3;"), "{}", eye.frame());
    let asked = eye.press("Enter");
    let [Request::Save(save)] = asked.as_slice() else { panic!("{asked:?}") };
    let saved = text(&eye, &save.extract);
    let outgoing = eye.ui.outgoing(&save.extract, &eye.terminals).expect("it is there");
    let told = outgoing.write(Dress::Plain, &mut Vec::new(), &mut |_| Ok(()));
    assert_eq!(told.expect("memory takes everything"), saved.lines().count() as u64);
    let (tens, end) = saved.trim_end().rsplit_once('\n').expect("lines");
    assert_eq!((tens.lines().count(), tens.lines().all(|line| line.ends_with("ten"))), (10, true));
    assert!(end.starts_with("── run 3 · exit 1"), "{saved}");
    // With lines around each.
    eye.press("1 & Enter");
    assert_eq!(copied(&mut eye, "g V 4 j y"), "line 0 ten\nline 1 one\nline 9 one\nline 10 ten\nline 11 one");
}

#[test]
fn of_a_thousand_places_few_are_looked_for_and_of_none_it_is_told() {
    let many = (0..1_000).map(|n| format!("f{n}.rs:{n}")).collect::<Vec<_>>().join(" ");
    let mut eye = reading(80, 24, running(&format!("{many}\r\n")));
    let asked = eye.press("O");
    let [Request::Away(Away::Edit { mentions, .. })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(mentions.len(), 50);
    let asked = eye.press("g V O");
    let [Request::Away(Away::Edit { mentions, .. })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(mentions.len(), 50);
    let mut eye = reading(80, 24, running("nothing here\r\n"));
    eye.press("O");
    assert!(eye.frame().contains("no file is mentioned here: the whole run is opened"), "{}", eye.frame());
}

#[test]
fn a_file_that_is_long_looked_for_is_told_and_esc_ends_that_wherever_one_is() {
    let millis = |ms: u64| Some(now().mono - Duration::from_millis(ms));
    let mut eye = reading(80, 24, running("a.rs:1\r\nb.rs:2\r\n"));
    eye.ui.looking(millis(199));
    assert!(!eye.frame().contains("looking for"), "{}", eye.frame());
    let due = eye.ui.next_change(&eye.view, now()).expect("the line comes");
    assert!(due <= now().mono + Duration::from_millis(1), "{due:?}");
    assert_eq!(eye.press("Esc"), [Request::StopLooking], "also before it is told");
    eye.ui.looking(millis(200));
    assert!(eye.frame().contains("looking for the file…   Esc ends it"), "{}", eye.frame());
    eye.press("v j");
    assert!(eye.frame().contains("looking for the file…"), "keys go on working: {}", eye.frame());
    assert_eq!(eye.press("Esc"), [Request::StopLooking], "before it ends the selection");
    eye.ui.looking(None);
    assert_eq!(eye.press("Esc"), []);
    assert!(!eye.frame().contains("looking for"), "{}", eye.frame());
    eye.ui.tell_found("/src/a.rs");
    assert!(eye.frame().contains("/src/a.rs is there: O at its job opens it"), "{}", eye.frame());
    eye.ui.tell_found("/src/{edit}.rs");
    assert!(eye.frame().contains("/src/{edit}.rs is there: O at its job opens it"), "{}", eye.frame());
}

#[test]
fn the_line_that_is_typed_has_room_on_a_small_screen() {
    for (cols, rows) in [(20, 5), (40, 12)] {
        let mut terminals = outputs();
        terminals.insert(InstanceId(3), running("x\r\n"));
        let mut eye = Eye::new(cols, rows, sketch(), terminals);
        eye.press("3 Enter s Ctrl-u");
        eye.write("my.log");
        assert!(eye.frame().contains("my.log"), "{}", eye.frame());
    }
}

/// The error that `E` went to is what is spoken of, until one goes elsewhere.
#[test]
fn the_error_that_was_gone_to_is_copied_marked_and_opened() {
    let python = [
        "Traceback (most recent call last):",
        "  File \"jobs.py\", line 7, in <module>",
        "    main()",
        "  File \"jobs.py\", line 5, in main",
        "    raise ValueError",
        "ValueError: no",
    ];
    let output = format!("x.rs:1: begin\r\n{}\r\nother.rs:9: the end\r\n", python.join("\r\n"));
    let mut eye = reading(80, 24, running(&output));
    assert_eq!(copied(&mut eye, "g E y"), python[0]);
    let asked = eye.press("O");
    let [Request::Away(Away::Edit { mentions, .. })] = asked.as_slice() else { panic!("{asked:?}") };
    let places: Vec<String> = mentions.iter().map(|at| format!("{}:{}", at.file, at.line)).collect();
    assert_eq!(
        places,
        ["jobs.py:5", "jobs.py:7", "other.rs:9"],
        "the call in which it went wrong comes first"
    );
    eye.press("m x");
    assert!(eye.line("Traceback").contains("x "), "{}", eye.frame());
    eye.press("/");
    eye.write("the end");
    assert_eq!(copied(&mut eye, "Enter y"), "other.rs:9: the end");
    // To have gone to an error is nothing that Esc closes.
    eye.press("E Esc");
    assert!(!eye.frame().contains("/ the end"), "{}", eye.frame());
}

#[test]
fn places_in_files_are_found_where_one_looks() {
    let output = "a.rs:1: warning\r\nsee b.rs:2 and c.rs:3:4\r\nnothing here\r\n";
    let mut eye = reading(80, 24, running(output));
    let files = |asked: &[Request]| match asked {
        [Request::Away(Away::Edit { mentions, .. })] => {
            mentions.iter().map(|mention| mention.file.clone()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        files(&eye.press("O")),
        ["b.rs", "c.rs", "a.rs"],
        "the last one in sight while it is followed"
    );
    assert_eq!(files(&eye.press("g O")), ["a.rs", "b.rs", "c.rs"], "else the first one");
    assert_eq!(files(&eye.press("v j 1 4 l O")), ["c.rs", "b.rs"], "the first one from the cursor on");
    assert_eq!(files(&eye.press("j O")), [""; 0], "the output itself is opened");
}

#[test]
fn a_click_in_the_tree_ends_it() {
    let jobs = vec![job(1, "dev", "db", State::Running, 9), job(3, "dev", "api", State::Running, 9)];
    let view = zap::model::View { systems: vec![system("dev", jobs)], quitting: None, problem: None };
    let mut eye = Eye::new(120, 24, view, outputs());
    eye.press("2 Tab v l");
    press(&mut eye, 10, 2);
    eye.press("2 Tab");
    assert_eq!(copied(&mut eye, "g y"), "   Compiling api v0.1.0", "the whole line, not what was selected");
}

fn text(eye: &Eye, extract: &zap::ui::Extract) -> String {
    let outgoing = eye.ui.outgoing(extract, &eye.terminals).expect("there is output");
    let mut bytes = Vec::new();
    outgoing.write(Dress::Plain, &mut bytes, &mut |_| Ok(())).expect("memory takes everything");
    String::from_utf8(bytes).expect("text")
}

/// A character of a line, counted as a person does, and where it begins and ends in bytes.
fn place(text: &str, column: usize) -> (usize, usize, usize) {
    let mut stops: Vec<usize> =
        text.char_indices().filter(|(_, c)| *c != '\u{301}').map(|(at, _)| at).collect();
    let column = column.min(stops.len().saturating_sub(1));
    stops.push(text.len());
    (column, stops[column.min(stops.len() - 1)], stops[(column + 1).min(stops.len() - 1)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// From any character to any other that is copied which was printed, whatever the width, and whatever it becomes.
    #[test]
    fn what_is_copied_is_what_was_printed(
        printed in proptest::collection::vec("([a-z0-9 .:/漢字é😀]|e\u{301}){0,90}[a-z漢]?", 1..60),
        cols in 20_u16..120,
        rows in 6_u16..30,
        ends in (0_usize..60, 0_usize..90, 0_usize..60, 0_usize..90),
        coloured in any::<bool>(),
        later in 20_u16..120,
    ) {
        let printed: Vec<&str> = printed.iter().map(|line| line.trim_end()).collect();
        let (before, after) = if coloured { ("\x1b[31m", "\x1b[0m") } else { ("", "") };
        let output = printed.iter().map(|line| format!("{before}{line}{after}\r\n"));
        let mut eye = reading(cols, rows, running(&output.collect::<String>()));
        let spot = |line: usize, column: usize| (line % printed.len(), place(printed[line % printed.len()], column));
        let (from, to) = (spot(ends.0, ends.1), spot(ends.2, ends.3));
        let go = |eye: &mut Eye, (line, (column, ..)): (usize, (usize, usize, usize))| {
            eye.write(&format!("{}g0", line + 1));
            if column > 0 {
                eye.write(&format!("{column}l"));
            }
        };
        eye.press("v");
        for (spot, end) in [(from, "o"), (to, "o")] {
            go(&mut eye, spot);
            eye.press(end);
        }
        eye.input(Event::Resize(later, rows));
        let (first, last) = if (from.0, from.1.1) <= (to.0, to.1.1) { (from, to) } else { (to, from) };
        let want: Vec<&str> = (first.0..=last.0).map(|number| {
            let text = printed[number];
            let start = if number == first.0 { first.1.1 } else { 0 };
            &text[start..if number == last.0 { last.1.2 } else { text.len() }]
        }).collect();
        let want = want.join("\n");
        let asked = eye.press("y");
        let copied = if want.is_empty() { Vec::new() } else { vec![Request::Copy(want)] };
        prop_assert_eq!(asked, copied);
    }
}

#[test]
fn who_went_on_to_something_else_is_not_at_the_job_any_more() {
    let mut eye = reading(60, 12, running("one\r\ntwo\r\n"));
    let at = |eye: &Eye| eye.ui.is_at(InstanceId(3), &eye.view);
    assert!(at(&eye));
    for (away, back) in [("q q", "Esc"), ("?", "Esc"), ("/", "Esc"), ("Esc j", "k")] {
        eye.press(away);
        assert!(!at(&eye), "after {away}");
        eye.press(back);
        assert!(at(&eye), "after {away} {back}");
    }
}

#[test]
fn lines_that_could_not_be_saved_are_told() {
    let mut eye = reading(120, 12, running("one\r\ntwo\r\n"));
    eye.ui.tell_saved("x.log", 100, 4000, 0);
    let frame = eye.frame();
    assert!(frame.contains("saved 100 lines, 4,000 bytes, to x.log\n"), "{frame}");
    eye.ui.tell_saved("x.log", 10_000, 4000, 4096);
    assert!(eye.frame().contains("to x.log, but 4,096 of them could not be read any more"));
}
