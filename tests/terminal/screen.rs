//! Questions and answers, marks, sizes: what a program and the other rooms may count on.

use zap::terminal::{Fed, Joint, LineKind, Mark, Moment, Terminal};

use crate::look::{self, feed, texts};

fn replies(terminal: &mut Terminal, bytes: &str) -> String {
    let mut fed = Fed::default();
    terminal.feed(bytes.as_bytes(), Moment(0), &mut fed);
    String::from_utf8(fed.replies).unwrap()
}

#[test]
fn questions_are_answered() {
    let mut terminal = Terminal::new(10, 40);
    terminal.set_colours((1, 2, 3), (0xff, 0, 0x80));
    for (question, answer) in [
        ("\x1b[c", "\x1b[?62;22c"),
        ("\x1b[0c", "\x1b[?62;22c"),
        ("\x1b[>c", "\x1b[>0;10;1c"),
        ("\x1b[5n", "\x1b[0n"),
        ("ab\x1b[6n\r\ncde\x1b[6n", "\x1b[1;3R\x1b[2;4R"),
        ("\x1b[3;7H\x1b[6n", "\x1b[3;7R"),
        ("\x1b]11;?\x07", "\x1b]11;rgb:ffff/0000/8080\x07"),
        ("\x1b]10;?\x1b\\", "\x1b]10;rgb:0101/0202/0303\x1b\\"),
        (
            "\x1b]10;?;?;?\x07",
            "\x1b]10;rgb:0101/0202/0303\x07\x1b]11;rgb:ffff/0000/8080\x07\x1b]12;rgb:0101/0202/0303\x07",
        ),
        ("\x1b]4;208;?;1;?\x07", "\x1b]4;208;rgb:ffff/8787/0000\x07\x1b]4;1;rgb:cdcd/0000/0000\x07"),
        ("\x1b]4;300;?\x07\x1b]4;1;red\x07\x1b]11;red\x07\x1b]52;c;?\x07", ""),
        ("\x1bZ\x1b[=c", "\x1b[?62;22c\x1bP!|00000000\x1b\\"),
        ("\x1b[>q", concat!("\x1bP>|zap(", env!("CARGO_PKG_VERSION"), ")\x1b\\")),
        ("\x1b[18t\x1b[19t\x1b[11t", "\x1b[8;10;40t\x1b[9;10;40t\x1b[1t"),
        ("\x1b[x\x1b[?26n\x1b[?996n", "\x1b[2;1;1;112;112;1;0x\x1b[?27;1n\x1b[?997;2n"),
        ("\x1b[2;4r\x1b[?6h\x1b[2;3H\x1b[6n\x1b[?6l\x1b[r", "\x1b[2;3R"),
        ("\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1bPq#0\x1b\\", "\x1bP0$r\x1b\\\x1bP0+r\x1b\\"),
        ("\x1b]0;text\x07\x1b[14t\x1b[16t\x1b[20t\x1b[21t\x1b[?u\x1b[>1u\x1b[?4m\x1b[>4;1m\x1b[8;2;2t", ""),
    ] {
        assert_eq!(replies(&mut terminal, question), answer, "{question:?}");
    }
    let text = "text of the job";
    let echoed = replies(
        &mut terminal,
        &format!("\x1b]2;{text}\x07\x1bP$q{text}\x1b\\\x1b]4;{text};?\x07\x1b[21t\x1b[>{text}q"),
    );
    assert!(!echoed.contains("ext of"), "{echoed:?}");
    let flood = replies(&mut terminal, &"\x1b[c".repeat(10_000));
    assert!(flood.len() <= 4096);
}

#[test]
fn modes_are_told_as_they_are() {
    let mut terminal = Terminal::new(10, 40);
    for (mode, at_first) in [
        ("?1", 2),
        ("?6", 2),
        ("?7", 1),
        ("?25", 1),
        ("?66", 2),
        ("?1000", 2),
        ("?1004", 2),
        ("?1006", 2),
        ("?1007", 1),
        ("?1049", 2),
        ("?2004", 2),
        ("?2026", 2),
        ("4", 2),
        ("20", 2),
    ] {
        let ask = |state| format!("\x1b[{mode};{state}$y");
        assert_eq!(replies(&mut terminal, &format!("\x1b[{mode}$p")), ask(at_first), "at first");
        for (last, state) in [('h', 1), ('l', 2)] {
            assert_eq!(replies(&mut terminal, &format!("\x1b[{mode}{last}\x1b[{mode}$p")), ask(state));
        }
        let back = if at_first == 1 { 'h' } else { 'l' };
        assert_eq!(replies(&mut terminal, &format!("\x1b[{mode}{back}")), "");
    }
    assert_eq!(replies(&mut terminal, "\x1b[?31$p\x1b[9$p"), "\x1b[?31;0$y\x1b[9;0$y");
}

#[test]
fn an_update_is_shown_when_it_is_whole() {
    for mut terminal in [Terminal::new(4, 20), Terminal::always_painted(4, 20)] {
        let mut shown = |bytes: &str| {
            feed(&mut terminal, bytes.as_bytes());
            terminal.refresh();
            let told = (terminal.screen().contents(), terminal.held_since().is_some(), terminal.joint());
            assert_eq!(terminal.joint().map(|joint| joint.line), Some(terminal.screen_start()));
            told
        };
        let before = shown("a\r\nb\r\nc");
        assert_eq!(before.0, "a\nb\nc");
        let meanwhile = shown("\x1b[?2026h\x1b[2A\rX\x1b[J\r\n\r\n\r\n\r\n\r\nY");
        assert_eq!(meanwhile, ("a\nb\nc".to_owned(), true, before.2));
        assert_eq!(shown("\x1b[1;1HZ").0, "a\nb\nc", "the next chunk belongs to it too");
        let after = shown("\x1b[?2026l");
        assert_eq!((after.0.as_str(), after.1), ("Z\n\n\nY", false));
        // One that begins where another ended, in one chunk.
        assert!(shown("\x1b[HA\x1b[?2026hB\x1b[?2026l\x1b[?2026hC").1);
        assert!(shown("").0.starts_with('A'));
        assert!(shown("\x1b[?2026l\x1b[?2026h").0.starts_with("ABC"));
        terminal.show_update();
        assert_eq!(replies(&mut terminal, "D\x1b[?2026$p"), "\x1b[?2026;2$y");
        assert!(terminal.held_since().is_none() && terminal.screen().contents().starts_with("ABCD"));
        // Neither a new size nor the end of a run is kept waiting.
        feed(&mut terminal, b"\x1b[?2026hE");
        terminal.resize(5, 20);
        terminal.refresh();
        assert!(terminal.screen().contents().contains("ABCDE"));
        terminal.begin_run(1, None, Moment(0));
        feed(&mut terminal, b"\x1b[?2026hlast words\r\n");
        terminal.end_run("exit 0", Moment(0));
        assert!(terminal.held_since().is_none());
        assert!(texts(&terminal).iter().any(|text| text == "last words"));
    }
}

#[test]
fn a_flood_of_updates_is_cheap() {
    let mut terminal = Terminal::new(50, 200);
    for words in ["\x1b[?2026h\x1b[?2026l", "\x1b[?2026hx\x1b[?2026l", "\x1b[?2026h"] {
        for _ in 0..40 {
            feed(&mut terminal, words.repeat(64 * 1024 / words.len()).as_bytes());
        }
    }
    terminal.refresh();
}

#[test]
fn the_screen_joins_the_lines_above_it_until_it_is_cleared() {
    for mut terminal in [Terminal::new(10, 40), Terminal::always_painted(10, 40)] {
        let mut joint = |bytes: &str| {
            feed(&mut terminal, bytes.as_bytes());
            terminal.refresh();
            terminal.joint()
        };
        assert_eq!(joint(""), Some(Joint { line: 0, rows: 1 }));
        assert_eq!(
            joint("\x1b[H\x1b[5M\x1b[Ja\r\nb\r\n"),
            Some(Joint { line: 0, rows: 3 }),
            "erasing or deleting nothing clears nothing"
        );
        assert_eq!(joint(&"c\r\n".repeat(10)), Some(Joint { line: 3, rows: 10 }));
        assert_eq!(joint("\x1b[?1049h"), None);
        assert_eq!(joint("\x1b[?1049l"), Some(Joint { line: 3, rows: 10 }));
        assert_eq!(joint("\x1b[2J\x1b[H"), None);
        assert_eq!(joint(&"d\r\n".repeat(100)), None, "what is above was cleared away");
        terminal.begin_run(2, None, Moment(0));
        terminal.refresh();
        let line = terminal.lines().end;
        assert_eq!(terminal.joint(), Some(Joint { line, rows: 1 }));
    }
}

#[test]
fn marks_of_the_right_nonce_come_out_in_order() {
    let mut terminal = Terminal::new(10, 40);
    terminal.begin_run(1, Some(0xabc), Moment(0));
    let mark = |rest: &str| format!("\x1b]5379;0000000000000abc;{rest}\x07");
    let forged = "\x1b]5379;0000000000000abd;E;0;0\x07";
    let words = [
        &mark("S;4711"),
        &mark("B;0"),
        "first\r\n",
        forged,
        "more\r\n",
        &mark("E;0;3"),
        &mark("B;1"),
        "\x1b[?25lsecond\r\n",
        &mark("E;1;0"),
        &mark("B;2"),
    ]
    .concat();
    let mut fed = Fed::default();
    for byte in words.as_bytes() {
        terminal.feed(&[*byte], Moment(0), &mut fed);
    }
    assert_eq!(
        fed.marks,
        [
            Mark::Session { pid: 4711 },
            Mark::Begin { step: 0 },
            Mark::End { step: 0, code: 3 },
            Mark::Begin { step: 1 },
            Mark::End { step: 1, code: 0 },
            Mark::Begin { step: 2 },
        ]
    );
    assert_eq!(texts(&terminal), ["first", "more", "second"]);
    assert_eq!([0, 1, 2, 3].map(|step| terminal.step_line(step)), [Some(0), Some(2), Some(3), None]);
    terminal.end_run("exit 0", Moment(0));
    terminal.begin_run(2, None, Moment(0));
    assert_eq!(terminal.step_line(0), None);
}

#[test]
fn nobody_looks_so_there_is_no_parser() {
    let mut terminal = Terminal::new(10, 40);
    terminal.begin_run(1, None, Moment(0));
    feed(&mut terminal, "log \x1b[31mline\x1b[m → ok\r\n".repeat(500).as_bytes());
    terminal.resize(20, 60);
    feed(&mut terminal, b"\tlast\r\n");
    assert!(!terminal.has_parser());
    terminal.refresh();
    assert!(terminal.has_parser());
    assert!(terminal.screen().contents().ends_with("        last"));
    terminal.rest();
    assert!(!terminal.has_parser());
    terminal.refresh();
    assert!(terminal.screen().contents().ends_with("        last"));
}

#[test]
fn growing_brings_lines_back_and_no_blank_rows() {
    for painting in ["", "\x1b[?25l"] {
        let mut terminal = Terminal::new(4, 20);
        let log = (0..30).map(|number| format!("line {number}\r\n")).collect::<Vec<_>>().concat();
        feed(&mut terminal, format!("{painting}{log}{painting}").as_bytes());
        terminal.refresh();
        terminal.resize(8, 20);
        terminal.refresh();
        let rows = look::plain(&look::rows(terminal.screen()));
        let wanted: Vec<String> =
            (23..30).map(|number| format!("line {number}")).chain([String::new()]).collect();
        assert_eq!(rows, wanted);
        assert_eq!(texts(&terminal).len(), 30);
    }
}

#[test]
fn narrowing_and_widening_loses_nothing() {
    let mut terminal = Terminal::new(6, 40);
    feed(&mut terminal, b"\x1b[?2004h\x1b[31mthe quick brown fox jumps over\x1b[m\r\n$ cargo te");
    for cols in [7, 3, 40, 11, 40] {
        terminal.resize(6, cols);
        terminal.refresh();
    }
    assert_eq!(texts(&terminal), ["the quick brown fox jumps over", "$ cargo te"]);
    assert_eq!(terminal.screen().cursor_position(), (1, 10));
    assert!(terminal.screen().bracketed_paste());
    feed(&mut terminal, b"st\r\n");
    assert_eq!(texts(&terminal)[1], "$ cargo test");
}

#[test]
fn a_note_stands_where_it_was_said() {
    for painting in ["", "\x1b[?25l"] {
        let mut terminal = Terminal::new(6, 40);
        terminal.begin_run(1, None, Moment(0));
        feed(&mut terminal, format!("{painting}one\r\ntwo\r\n").as_bytes());
        terminal.note("fixup \x1b[31mpodman", Moment(5));
        feed(&mut terminal, b"three\r\n");
        terminal.refresh();
        assert_eq!(texts(&terminal), ["one", "two", "fixup [31mpodman", "three"]);
        assert_eq!(terminal.line(2).unwrap().kind, LineKind::Note);
        assert_eq!(look::plain(&look::rows(terminal.screen()))[0], "three");
    }
}

#[test]
fn the_revision_changes_with_what_is_shown() {
    let mut terminal = Terminal::new(6, 40);
    let before = terminal.revision();
    feed(&mut terminal, b"x");
    assert_ne!(terminal.revision(), before);
}

#[test]
fn sequences_that_vt100_lacks_are_translated() {
    for (words, wanted) in [
        ("\x1b(0lqk\x1b(B q", "┌─┐ q"),
        ("\x1b)0\x0ex\x0fx", "│x"),
        ("\x1b(A#\x1b(B#\x1b*0\x1bNq\x1bnqx\x0fq\x1b+A\x1bO##\x1b(0\x1b7\x1b(B\x1b8q\x1bcq", "q"),
        ("\x1b(A#\x1b(B#", "£#"),
        ("\x1b*0\x1bNqq\x1bnqx\x0fq", "─q─│q"),
        ("\x1b+A\x1bO##漢", "£#漢"),
        ("\x1b(0q\x1b7\x1b(Bq\r\x1b8q", "──"),
        ("\x1b[3g\x1b[?5W\tx", "        x"),
        ("a\u{61c}b\u{200e}c\u{e0041}d\u{2028}e\u{2069}", "abcde"),
        ("\x1b_Gf=24;AAAA\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\\x1bP1$tz\x1b\\ok", "ok"),
        ("ab\x1bDc", "ab\n  c"),
        ("ab\x1bEc", "ab\nc"),
        ("\x1b[3g\x1b[5G\x1bH\r\tx", "    x"),
        ("\x1b[20G\x1b[Zx", "                x"),
        ("ab\x1b[scd\x1b[uX", "abXd"),
        ("abc\r\x1b[4hX\x1b[4l", "Xabc"),
        ("\x1b[?7labcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH", "abcdefghijklmnopqrstuvwxyz0123456789ABCH"),
        ("main\x1b[?1047halt\x1b[?1047lx", "main   x"),
        ("x\x1b[3by", "xxxxy"),
        ("x\x1b[b\x1b[9b\r\n\x1b[9by\x1b[m\x1b[9b", "xx\ny"),
        ("\x1b[20hab\ncd", "ab\ncd"),
        ("a\x1b[?2026hb\x1b[?2026lc", "abc"),
        ("\u{202e}abc\u{2066}", "abc"),
        ("\u{26a0}\u{fe0f}x", "\u{26a0}x"),
    ] {
        let mut terminal = Terminal::new(6, 40);
        feed(&mut terminal, words.as_bytes());
        terminal.refresh();
        assert_eq!(terminal.screen().contents(), wanted, "{words:?}");
    }
    let mut terminal = Terminal::new(6, 40);
    feed(&mut terminal, b"\x1b[38:2::1:2:3mx\x1b[4:3my\x1b[41m\x1b[1m\x1b[K");
    terminal.refresh();
    let mut styles = Terminal::new(6, 40);
    for painting in ["", "\x1b[H"] {
        let words = "\x1b[9;5;53;58;5;3mp\x1b[58;2;1;3;7mq\x1b[59;58:2::1:2:3;58:5:1mr\x1b[4:0;8;28ms\x1b[21mu\x1b[mv";
        feed(&mut styles, [painting, words, "\r\n"].concat().as_bytes());
        styles.refresh();
        let row = look::rows(styles.screen()).remove(0);
        assert_eq!(look::plain(std::slice::from_ref(&row)), ["pqrsuv"]);
        let flags: Vec<&str> = row.iter().map(|cell| cell.flags.as_str()).collect();
        assert_eq!(flags, ["", "", "", "", "u", ""], "what no cell can hold changes nothing else");
    }
    let cell = |col| terminal.screen().cell(0, col).unwrap();
    assert_eq!(cell(0).fgcolor(), vt100::Color::Rgb(1, 2, 3));
    assert!(cell(1).underline());
    assert!(cell(5).bgcolor() == vt100::Color::Idx(1) && !cell(5).bold(), "erased in the background only");
}

#[test]
fn a_saved_cursor_outlives_new_sizes_and_plain_lines() {
    for log in ["", "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\n"] {
        for size in [(6, 40), (8, 40), (6, 50)] {
            let mut terminal = Terminal::new(6, 40);
            feed(&mut terminal, format!("\x1b[3;9H\x1b[1;35m\x1b7\x1b[m\x1b[H\x1b[2J{log}").as_bytes());
            terminal.refresh();
            terminal.resize(size.0, size.1);
            feed(&mut terminal, b"\x1b8X");
            terminal.refresh();
            assert_eq!(terminal.screen().cursor_position(), (2, 9), "{log:?} {size:?}");
            let cell = terminal.screen().cell(2, 8).unwrap();
            assert!(cell.contents() == "X" && cell.bold() && cell.fgcolor() == vt100::Color::Idx(5));
        }
    }
}
