//! What was printed can be read back, whole, in little memory.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;

use zap::terminal::{Direction, Fed, Leaf, Line, LineKind, Moment, Page, Terminal};

use crate::look::{feed, texts};

fn log_line(number: u64) -> String {
    format!(
        "2026-11-20T08:{:02}:{:02}.{:03}Z INFO api::server request {number} GET /items/{} 200 {}ms",
        number / 60_000 % 60,
        number / 1000 % 60,
        number % 1000,
        number * 7919 % 10_007,
        number % 97
    )
}

#[test]
fn a_million_lines_are_read_back_equal() {
    let mut terminal = Terminal::new(40, 120);
    let mut fed = Fed::default();
    let mut written = DefaultHasher::new();
    let mut chunk = Vec::new();
    for number in 0..1_000_000_u64 {
        let line = log_line(number);
        line.hash(&mut written);
        chunk.extend_from_slice(line.as_bytes());
        chunk.extend_from_slice(b"\r\n");
        if chunk.len() > 4000 {
            terminal.feed(&chunk, Moment(number as i64), &mut fed);
            chunk.clear();
        }
    }
    terminal.feed(&chunk, Moment(1_000_000), &mut fed);
    assert!(!terminal.has_parser(), "nobody looked, so there is no parser");
    assert_eq!(terminal.lines(), 0..1_000_000);
    assert_eq!(terminal.ended_lines(), 1_000_000);
    assert!(terminal.memory() < 40_000_000, "{} bytes for a million lines", terminal.memory());
    let mut read = DefaultHasher::new();
    let flow = terminal.visit_text(0..1_000_000, Direction::Forward, &mut |_, text| {
        text.to_owned().hash(&mut read);
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    assert_eq!(read.finish(), written.finish());
    for number in [0, 1, 999_999, 500_000, 500_001] {
        assert_eq!(terminal.line(number).unwrap().text(), log_line(number));
    }
}

#[test]
fn runs_are_kept_apart() {
    let mut terminal = Terminal::new(5, 40);
    terminal.begin_run(1, None, Moment(1000));
    feed(&mut terminal, b"one\r\n\x1b[31mtwo");
    assert!(terminal.live());
    terminal.end_run("exit 1", Moment(3000));
    assert!(!terminal.live());
    terminal.begin_run(2, None, Moment(4000));
    feed(&mut terminal, b"three\r\n\x1b[?25l\x1b[2;1Hfour");
    feed(&mut terminal, b" late");
    terminal.end_run("KILL", Moment(5000));
    assert_eq!(texts(&terminal), ["one", "two", "", "three", "four late", ""]);
    let end = terminal.line(2).unwrap();
    let LineKind::RunEnd(end) = end.kind else { panic!("{end:?}") };
    assert_eq!(
        (end.number, end.exit.as_str(), end.began, end.ended),
        (1, "exit 1", Moment(1000), Moment(3000))
    );
    assert_eq!(terminal.line(1).unwrap().bytes, b"\x1b[31mtwo\x1b[m");
    feed(&mut terminal, b"after the end\r\nand more");
    assert_eq!(texts(&terminal)[6..], ["after the end", "and more"]);
}

#[test]
fn what_is_cleared_is_not_lost() {
    for clear in ["\x1b[H\x1b[2J", "\x1b[2J", "\x1b[H\x1b[J", "\x1bc", "\x1b[?3h"] {
        let mut terminal = Terminal::new(5, 40);
        terminal.begin_run(1, None, Moment(0));
        feed(&mut terminal, format!("one\r\ntwo\r\nthree{clear}four\r\n").as_bytes());
        terminal.end_run("exit 0", Moment(0));
        let texts: Vec<String> = texts(&terminal).iter().map(|text| text.trim().to_owned()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        assert_eq!(texts, ["one", "two", "three", "four"], "{clear:?}");
    }
}

#[test]
fn the_alternate_screen_leaves_the_history_alone() {
    let mut terminal = Terminal::new(5, 40);
    terminal.begin_run(1, None, Moment(0));
    feed(&mut terminal, b"before\r\n\x1b[?1049h\x1b[2Jvim\r\n\n\n\n\n\n\nscrolls");
    assert_eq!(texts(&terminal), ["before"]);
    feed(&mut terminal, b"\x1b[?1049lafter\r\n");
    assert_eq!(texts(&terminal), ["before", "after"]);
    feed(&mut terminal, b"\x1b[?1049hkilled in vim");
    terminal.end_run("KILL", Moment(0));
    assert_eq!(texts(&terminal), ["before", "after", ""]);
}

#[test]
fn the_main_screen_survives_a_resize_under_the_alternate_one() {
    let mut terminal = Terminal::new(6, 40);
    feed(&mut terminal, b"a line that is rather long for a narrow screen\r\n$ vim\r\n\x1b[?1049h\x1b[2Jvim");
    terminal.resize(6, 10);
    terminal.resize(6, 40);
    feed(&mut terminal, b"\x1b[?1049ldone\r\n");
    assert_eq!(texts(&terminal), ["a line that is rather long for a narrow screen", "$ vim", "done"]);
}

#[test]
fn a_long_line_is_cut_in_marked_pieces() {
    let mut terminal = Terminal::new(5, 100);
    terminal.begin_run(1, None, Moment(0));
    let long: String = (0..200_000_u32).map(|n| char::from(b'a' + (n % 26) as u8)).collect();
    for piece in long.as_bytes().chunks(4095) {
        feed(&mut terminal, piece);
    }
    feed(&mut terminal, b"\r\nnext\r\n");
    terminal.end_run("exit 0", Moment(0));
    let lines: Vec<_> = terminal.lines().filter_map(|number| terminal.line(number)).collect();
    let pieces: Vec<_> = lines.iter().filter(|line| line.kind == LineKind::Piece).collect();
    assert!(pieces.len() >= 3 && pieces.iter().all(|piece| piece.bytes.len() <= 66_000));
    let output = lines.iter().filter(|line| !matches!(line.kind, LineKind::RunEnd(_)));
    let joined: String = output.map(Line::text).collect();
    assert_eq!(joined, long + "next");
}

#[test]
fn dropped_lines_are_said_to_be() {
    let mut terminal = Terminal::new(5, 100);
    for number in 0..50_000 {
        feed(&mut terminal, format!("{}\r\n", log_line(number)).as_bytes());
    }
    let before = terminal.memory();
    terminal.drop_oldest(before / 2);
    assert!(terminal.memory() <= before / 2 + 1000, "{} of {before}", terminal.memory());
    let first = terminal.lines().start;
    let note = terminal.line(first).unwrap();
    assert_eq!((note.text(), note.kind), (format!("{} older lines dropped", first + 1), LineKind::Note));
    assert_eq!(terminal.line(first + 1).unwrap().text(), log_line(first + 1));
    terminal.drop_oldest(usize::MAX);
    terminal.refresh();
    assert!(terminal.screen().contents().contains(&log_line(49_999)), "what stands on the screen stays");
}

#[test]
fn lines_keep_the_time_at_which_they_came() {
    let mut terminal = Terminal::new(3, 40);
    let mut fed = Fed::default();
    for number in 0..10 {
        terminal.feed(format!("line {number}\r\n").as_bytes(), Moment(number * 1000), &mut fed);
    }
    // The screen is painted on from now on; the lines on it keep their times.
    terminal.feed(b"\x1b[?25l", Moment(60_000), &mut fed);
    terminal.feed(b"x\r\ny\r\nz\r\n", Moment(70_000), &mut fed);
    let at: Vec<i64> =
        terminal.lines().filter_map(|number| terminal.line(number)).map(|line| line.at.0).collect();
    assert_eq!(at, [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 70_000, 70_000, 70_000]);
}

#[test]
fn another_thread_reads_closed_blocks_while_the_terminal_goes_on() {
    let mut terminal = Terminal::new(40, 120);
    let mut fed = Fed::default();
    for number in 0..50_000_u64 {
        terminal.feed(format!("{}\r\n", log_line(number)).as_bytes(), Moment(0), &mut fed);
    }
    let leaves: Vec<Leaf> = terminal.leaves(&(0..u64::MAX)).collect();
    let last = leaves.last().map_or(0, |leaf| leaf.lines().end);
    assert!(last > 45_000 && last <= terminal.screen_start());
    assert_eq!(terminal.leaves(&(last..u64::MAX)).count(), 0);
    let reader = std::thread::spawn(move || {
        let mut page = Page::default();
        let mut next = 0;
        for leaf in &leaves {
            let flow = leaf.visit_lines(&mut page, &mut |number, line| {
                let text = line.text();
                assert_eq!((number, text), (next, log_line(next)));
                next += 1;
                ControlFlow::Continue(())
            });
            assert!(flow.is_continue());
        }
        next
    });
    // What is dropped meanwhile is still there for who holds it.
    terminal.drop_oldest(usize::MAX);
    assert_eq!(reader.join().unwrap(), last);
}
