//! What becomes history and what does not, when a program does more than print lines. The rule is told in
//! `src/terminal/painted.rs`.

use zap::terminal::{LineKind, Moment, Terminal};

use crate::look::{self, feed, texts};

/// What is left in the history of a run that wrote `words` on a screen of 5 rows, without blanks at the end of lines, and without
/// empty lines.
fn left_by(words: &str) -> Vec<String> {
    let [lazy, full] = [Terminal::new(5, 20), Terminal::always_painted(5, 20)].map(|mut terminal| {
        terminal.begin_run(1, None, Moment(0));
        feed(&mut terminal, words.as_bytes());
        terminal.end_run("exit 0", Moment(0));
        assert_eq!(terminal.contained_panics(), 0);
        let texts = texts(&terminal).iter().map(|text| text.trim_end().to_owned()).collect::<Vec<_>>();
        texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>()
    });
    assert_eq!(lazy, full, "{words:?}");
    lazy
}

#[test]
fn a_screen_that_is_cleared_as_a_whole_is_kept() {
    for clear in [
        "\x1b[H\x1b[2J",
        "\x1b[2J\x1b[H",
        "\x1b[2J\x1b[3J\x1b[H",
        "\x1b[3J\x1b[H\x1b[2J",
        "\x1b[H\x1b[J",
        "\x1b[1;1H\x1b[0J",
        "\x1b[;f\x1b[m\x1b[J",
        "\x1b[H\x1b[?25l\x1b[J",
        "\x1b[5;20H\x1b[1J\x1b[H",
        "\x1b[H\x1b[5M",
        "\x1b[H\x1b[99M",
        "\x1bc",
        "\x1b[!p\x1b[H\x1b[J",
        "\x1b[?3h",
        "\x1b[2;3r\x1b[2J\x1b[H",
        "\x1b[?1049h\x1bc",
    ] {
        assert_eq!(
            left_by(&format!("one\r\ntwo\r\nthree{clear}four\r\n")),
            ["one", "two", "three", "four"],
            "{clear:?}"
        );
    }
    let aligned = left_by("one\r\ntwo\x1b#8\x1b[H\x1b[Jthree");
    assert_eq!(
        (&aligned[..2], aligned.last().map(String::as_str)),
        (&["one".to_owned(), "two".to_owned()][..], Some("three"))
    );
    // Without a number it is one row.
    for delete in ["\x1b[M", "\x1b[0M", "\x1b[1M", "\x1b[2M"] {
        assert_eq!(left_by(&format!("one\x1b[H{delete}two")), ["one", "two"], "{delete:?}");
    }
    // Nothing to keep twice, and nothing that is not there.
    assert_eq!(left_by("one\x1b[2J\x1b[2J\x1b[H\x1b[J\x1bc"), ["one"]);
    assert_eq!(left_by("\x1b[2J\x1b[Hone\r\n\x1b[!ptwo"), ["one", "two"]);
}

#[test]
fn a_line_that_began_above_the_screen_is_kept_whole_when_it_is_cleared() {
    let long = "abcdefghij".repeat(15);
    assert_eq!(left_by(&format!("{long}\x1b[2J\x1b[Hnext")), [long.as_str(), "next"]);
}

#[test]
fn what_is_painted_over_leaves_its_last_state() {
    let steps = |before: &str, after: &str| {
        (0..=100).map(|n| format!("{before}{n}%{after}")).collect::<Vec<String>>().concat()
    };
    for (painting, left) in [
        (steps("\r", ""), vec!["100%"]),
        (steps("\r", "\x1b[K"), vec!["100%"]),
        (steps("\r\x1b[2K", ""), vec!["100%"]),
        // On the first row of the screen this erases all of it, and yet it is no clearing.
        (steps("\r\x1b[J", ""), vec!["100%"]),
        (steps("\x1b[G\x1b[J", ""), vec!["100%"]),
        (steps("one\r\ntwo\x1b[A\r\x1b[J", ""), vec!["100%"]),
        (format!("one\r\ntwo\r\n{}", steps("\x1b[99A\x1b[J", "\r\nb\r\n")), vec!["100%", "b"]),
        (format!("top\r\n{}", steps("a\r\nb\x1b[A\r\x1b[J", "")), vec!["top", "100%"]),
        (format!("top\r\n{}", steps("\x1b[s", "\x1b[u\x1b[J")), vec!["top"]),
        (steps("\x1b7", "\x1b8"), vec!["100%"]),
        (steps("\x1b[1M\r", ""), vec!["100%"]),
        (steps("\x1b[L\r", "\r"), vec!["100%", "99%", "98%", "97%", "96%"]),
        (steps("\x1b[H", "\x1b[K"), vec!["100%"]),
        (steps("\x1b[H\x1bM", ""), vec!["100%", "99%", "98%", "97%", "96%"]),
        (steps("\x1b[H\x1b[T", ""), vec!["100%", "99%", "98%", "97%", "96%"]),
        (steps("\x1b[3;1H", "\x1b[1K"), vec![]),
        (steps("a\r\nb\r\x1b[A", "\x1b[1J"), vec!["b"]),
    ] {
        assert_eq!(left_by(&painting), left, "{:?}", &painting[..20]);
    }
}

#[test]
fn what_leaves_a_scroll_region_at_its_top_is_kept() {
    let log = (0..20).map(|n| format!("{n}\r\n")).collect::<Vec<String>>().concat();
    let numbers = |range: std::ops::Range<u32>| range.map(|n| n.to_string()).collect::<Vec<_>>();
    // As apt does: a bar below, the log above it.
    let apt = left_by(&format!("\x1b[1;4r\x1b[5;1Hbar\x1b[H{log}\x1b[5;1H\x1b[Kbar\x1b[r"));
    assert_eq!(apt, [numbers(0..20), vec!["bar".to_owned()]].concat());
    // A heading above: what is pushed out comes before it.
    let heading = left_by(&format!("head\x1b[2;5r\x1b[2;1H{log}\x1b[r"));
    assert_eq!(heading, [numbers(0..17), vec!["head".to_owned()], numbers(17..20)].concat());
    for scroll in ["\x1b[S", "\x1b[4;1H\n", "\x1b[4;1H\x1bD", "\x1b[4;1H\x1bE", "\x1b[4;20Hxy"] {
        let left = left_by(&format!("a\r\nb\r\nc\r\nd\x1b[2;4r{scroll}"));
        assert_eq!(left[..3], ["b", "a", "c"], "{scroll:?}");
    }
    assert_eq!(left_by("a\r\nb\r\nc\r\nd\x1b[2;4r\x1b[99S"), ["b", "c", "d", "a"]);
    assert_eq!(left_by("a\r\nb\r\nc\r\nd\x1b[S\x1b[2S"), ["a", "b", "c", "d"]);
    // On the alternate screen none of it.
    assert_eq!(left_by("a\x1b[?1049h\x1b[2;4rb\r\nc\r\nd\r\ne\r\nf\x1b[9S\x1b[?1049l"), ["a"]);
}

#[test]
fn the_alternate_screen_leaves_the_history_alone_however_it_is_used() {
    let full = "full\r\n\r\nscreen\r\n\n\n\n\n\n\n\x1b[2J\x1b[Hagain\x1b[3S";
    for (words, left) in [
        (format!("a\r\n\x1b[?1049h{full}\x1b[?1049lb"), vec!["a", "b"]),
        // Entered twice.
        (format!("a\r\n\x1b[?1049h{full}\x1b[?1049h{full}\x1b[?1049lb"), vec!["a", "b"]),
        (format!("a\r\n\x1b[?47h{full}\x1b[?1049h{full}\x1b[?47l\x1b[2;1Hb"), vec!["a", "b"]),
        // Left without entering; left twice.
        ("a\r\n\x1b[?1049lb".to_owned(), vec!["a", "b"]),
        ("a\r\n\x1b[?47l\x1b[?1047lb".to_owned(), vec!["a", "b"]),
        (format!("a\r\n\x1b[?1049h{full}\x1b[?1049l\x1b[?47l\r\nb"), vec!["a", "b"]),
        // Never left.
        (format!("a\r\nb\x1b[?1049h{full}"), vec!["a", "b"]),
        // The main screen is full.
        (
            format!("1\r\n2\r\n3\r\n4\r\n5\r\n6\x1b[?1049h{full}\x1b[?1049l\r\n7"),
            vec!["1", "2", "3", "4", "5", "6", "7"],
        ),
    ] {
        assert_eq!(left_by(&words), left, "{words:?}");
    }
}

#[test]
fn the_alternate_screen_leaves_the_history_alone_when_resized() {
    let long = "abcdefghij".repeat(9);
    let lines = format!("1\r\n2\r\n{long}\r\n漢字漢字漢字漢字漢字漢字\r\n3\r\n");
    let wanted = ["1", "2", &long, "漢字漢字漢字漢字漢字漢字", "3", "$ vim", "after"];
    for (enter, leave) in [
        ("\x1b[?1049h", "\x1b[?1049l"),
        ("\x1b7\x1b[?47h", "\x1b[?47l\x1b8"),
        ("\x1b7\x1b[?1047h", "\x1b[?1047l\x1b8"),
    ] {
        for sizes in [
            &[(3, 9), (9, 70)][..],
            &[(30, 100)],
            &[(2, 2)],
            &[(5, 19), (5, 20)],
            &[(2, 40), (40, 3), (5, 20)],
        ] {
            let mut terminal = Terminal::new(5, 20);
            terminal.begin_run(1, None, Moment(0));
            feed(&mut terminal, format!("{lines}$ vim\r\n{enter}").as_bytes());
            for (rows, cols) in sizes {
                feed(&mut terminal, b"full\r\nscreen\r\n\n\n\n\n\n\x1b[H\x1b[2J");
                terminal.resize(*rows, *cols);
                terminal.refresh();
                assert_eq!(texts(&terminal), wanted[..6], "{enter:?} {sizes:?}");
            }
            feed(&mut terminal, leave.as_bytes());
            assert_eq!(texts(&terminal), wanted[..6], "{enter:?} {sizes:?}");
            feed(&mut terminal, b"after\r\n");
            assert_eq!(texts(&terminal), wanted, "{enter:?} {sizes:?}");
            terminal.end_run("exit 0", Moment(0));
            assert_eq!(texts(&terminal)[..7], wanted, "{enter:?} {sizes:?}");
        }
    }
}

/// vt100 by itself calls such a row ended.
#[test]
fn a_wide_character_that_does_not_fit_does_not_end_the_line() {
    for painting in ["", "\x1b[?25l", "\x1b[1;4r"] {
        for text in ["123456789漢字", "\x1b[44m123456789\x1b[1m漢字123456漢字漢字漢字漢字漢字漢字漢字\x1b[m"]
        {
            let mut terminal = Terminal::new(5, 10);
            feed(&mut terminal, format!("{painting}a\r\n{text}\r\nb\r\n").as_bytes());
            terminal.refresh();
            let plain = zap::terminal::plain(text.as_bytes());
            assert_eq!(texts(&terminal)[..2], ["a", &plain], "{painting:?}");
            assert!(look::plain(&look::rows(terminal.screen())).iter().all(|row| !row.contains('\u{34f}')));
            for cols in [3, 11, 10, 9, 4, 40] {
                terminal.resize(5, cols);
                terminal.refresh();
                feed(&mut terminal, b"\x1b[m");
                assert_eq!(texts(&terminal)[..3], ["a", &plain, "b"], "{painting:?} {cols}");
            }
        }
    }
}

#[test]
fn a_window_that_grows_adds_no_lines_and_one_that_shrinks_loses_none() {
    for painting in ["", "\x1b[?25l"] {
        for count in [0, 1, 3, 23, 24, 25, 60] {
            let mut terminal = Terminal::new(24, 80);
            terminal.begin_run(1, None, Moment(0));
            let lines: Vec<String> = (0..count).map(|n| format!("line {n}")).collect();
            let log = lines.iter().map(|line| format!("{line}\r\n")).collect::<Vec<String>>().concat();
            feed(&mut terminal, format!("{painting}{log}").as_bytes());
            for (rows, cols) in [(40, 80), (5, 80), (24, 80), (2, 40), (80, 200), (24, 80), (3, 3), (24, 80)]
            {
                terminal.resize(rows, cols);
                terminal.refresh();
                assert_eq!(texts(&terminal), lines, "{painting:?} {count} {rows}x{cols}");
            }
            terminal.end_run("exit 0", Moment(0));
            let number = terminal.lines().end - 1;
            assert_eq!(texts(&terminal)[..lines.len()], lines);
            assert_eq!(number, lines.len() as u64, "only the separator follows");
            assert!(matches!(terminal.line(number).unwrap().kind, LineKind::RunEnd(_)));
        }
    }
}
