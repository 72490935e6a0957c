//! Whatever comes: no panic, bounded memory, quick.

use proptest::prelude::*;
use zap::terminal::{Fed, LineSplitter, Moment, Terminal};

use crate::look::{feed, texts};

fn bytes_and_escapes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..20),
        "\x1b\\[[0-9;:?>]{0,8}[@-~]".prop_map(String::into_bytes),
        "\x1b[()#%*][0-9A-B]".prop_map(String::into_bytes),
        "\x1b[\\]PX^_][a-z;]{0,9}(\x07|\x1b\\\\)?".prop_map(String::into_bytes),
        "(\r\n|\n|\t|\r|\x08|\x0e|\x0f)".prop_map(String::into_bytes),
        "[a-z漢字⚠\u{fe0f}\u{301}\u{200d}]{0,30}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_taken(
        chunks in prop::collection::vec((bytes_and_escapes(), 0..12_u16, 0..30_u16), 1..6),
    ) {
        let mut terminal = Terminal::new(4, 12);
        let mut splitter = LineSplitter::default();
        let mut fed = Fed::default();
        terminal.begin_run(1, Some(7), Moment(0));
        for (bytes, rows, cols) in chunks {
            terminal.feed(&bytes, Moment(1), &mut fed);
            splitter.feed(&bytes, &mut |_| {});
            if rows > 0 && cols > 0 {
                terminal.resize(rows, cols);
            }
            terminal.refresh();
            let _ = terminal.screen().contents_formatted();
            prop_assert_eq!(texts(&terminal).len() as u64, terminal.lines().end - terminal.lines().start);
            prop_assert!(terminal.finished() <= terminal.lines().end);
        }
        terminal.end_run("exit 0", Moment(2));
        prop_assert_eq!(terminal.contained_panics(), 0);
        for number in terminal.lines() {
            let line = terminal.line(number).unwrap();
            let text = String::from_utf8(line.bytes.clone()).expect("lines are text");
            prop_assert!(!text.contains(['\t', '\r', '\n', '\u{7}']), "only text and colours: {text:?}");
        }
    }
}

#[test]
fn the_known_panic_of_vt100_does_not_come() {
    let mut terminal = Terminal::new(24, 80);
    for number in 0..30 {
        feed(&mut terminal, format!("line {number}\r\n").as_bytes());
    }
    feed(&mut terminal, format!("{}\u{26a0}\u{fe0f} warning", "x".repeat(79)).as_bytes());
    feed(&mut terminal, b"\x1b[2A\r\x1b[Kagain\r\n");
    terminal.refresh();
    assert_eq!(terminal.contained_panics(), 0);
}

#[test]
fn half_a_character_per_write() {
    for text in ["漢字é😀", "a\u{fe0f}b", "x\u{fffd}y"] {
        let mut whole = Terminal::new(4, 20);
        feed(&mut whole, text.as_bytes());
        let mut halves = Terminal::new(4, 20);
        for byte in text.as_bytes() {
            feed(&mut halves, &[*byte]);
        }
        assert_eq!(texts(&halves), texts(&whole));
    }
    let mut drawn = Terminal::new(4, 20);
    feed(&mut drawn, b"\x1b(0\xe6\xbcq\r\n");
    assert_eq!(texts(&drawn), ["?─"]);
    let mut broken = Terminal::new(4, 20);
    feed(&mut broken, b"caf\xe9 \xe6\xbc\r\nnext \xff\xfe end");
    assert_eq!(texts(&broken), ["caf? ?", "next ?? end"]);
}

#[test]
fn a_line_without_end_is_bounded() {
    let mut terminal = Terminal::new(40, 120);
    let chunk = vec![b'x'; 64 * 1024];
    for _ in 0..160 {
        feed(&mut terminal, &chunk);
    }
    assert!(terminal.memory() < 1_000_000, "{} bytes", terminal.memory());
    terminal.refresh();
    assert_eq!(terminal.screen().cursor_position().0, 39);
}

#[test]
fn unterminated_strings_are_bounded_and_end_with_the_line_or_at_last() {
    for opening in ["\x1b]0;", "\x1b]5379;"] {
        let mut terminal = Terminal::new(4, 20);
        feed(&mut terminal, opening.as_bytes());
        feed(&mut terminal, &vec![b'x'; 100_000]);
        feed(&mut terminal, b"\nback\r\n");
        assert_eq!(texts(&terminal).last().map(String::as_str), Some("back"), "{opening:?}");
    }
    for opening in ["\x1bP", "\x1b_", "\x1b^", "\x1bX"] {
        let mut terminal = Terminal::new(4, 20);
        feed(&mut terminal, opening.as_bytes());
        feed(&mut terminal, &vec![b'x'; 2_000_000]);
        feed(&mut terminal, b"\r\nback\r\n");
        assert_eq!(texts(&terminal).last().map(String::as_str), Some("back"), "{opening:?}");
    }
}

/// 2,000 huge counts of each kind; a tenth of a millisecond each would already be seen here.
#[test]
fn huge_counts_are_cheap() {
    for last in ['b', 'S', 'T', 'L', 'M', '@', 'P', 'X', 'I', 'Z', 'A', 'B', 'C', 'D'] {
        let mut terminal = Terminal::new(24, 80);
        feed(&mut terminal, b"x");
        let words = format!("\x1b[65535{last}").repeat(2000);
        feed(&mut terminal, words.as_bytes());
        terminal.refresh();
        assert!(terminal.memory() < 4_000_000);
    }
}

/// Each broken byte is looked at by itself; if all that follows it were too, this would take minutes.
#[test]
fn broken_bytes_without_end_are_cheap() {
    for opening in ["", "\x1b[H", "\x1b(0"] {
        let mut terminal = Terminal::new(24, 80);
        feed(&mut terminal, opening.as_bytes());
        feed(&mut terminal, &vec![0xff; 128 * 1024]);
        terminal.refresh();
        assert!(terminal.memory() < 4_000_000);
    }
}

#[test]
fn a_panic_is_contained_and_nothing_is_lost() {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !zap::terminal::containing() {
            quiet(panic);
        }
    }));
    let mut terminal = Terminal::new(4, 20);
    terminal.begin_run(1, None, Moment(0));
    feed(&mut terminal, b"one\r\ntwo\r\n");
    terminal.plant_panic();
    feed(&mut terminal, b"three\r\nfour\r\nfive\r\n");
    feed(&mut terminal, b"six\r\n");
    terminal.refresh();
    terminal.end_run("exit 0", Moment(0));
    assert_eq!(terminal.contained_panics(), 1);
    assert!(!zap::terminal::containing());
    let texts = texts(&terminal);
    for wanted in ["one", "two", "screen was reset", "six"] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted} in {texts:?}");
    }
}
