//! The lazy screen and the full one agree, whatever comes and however it is split.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use zap::terminal::Terminal;

use crate::look::{self, Seen, feed};

/// What happens to a terminal.
#[derive(Clone)]
enum Deed {
    Write(Vec<u8>),
    Resize(u16, u16),
    Look,
    Note,
}

impl std::fmt::Debug for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Write(bytes) => write!(f, "Write({:?})", String::from_utf8_lossy(bytes)),
            Self::Resize(rows, cols) => write!(f, "Resize({rows}, {cols})"),
            Self::Look => write!(f, "Look"),
            Self::Note => write!(f, "Note"),
        }
    }
}

/// Output that a log could have, in narrow characters.
fn narrow_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-zé ]{1,14}",
        8 => Just("\r\n".to_owned()),
        1 => Just("\r\r\n".to_owned()),
        1 => Just("\t".to_owned()),
        2 => Just("\x1b[1;31m".to_owned()),
        1 => Just("\x1b[44m".to_owned()),
        1 => Just("\x1b[7m".to_owned()),
        1 => Just("\x1b[38;5;200m".to_owned()),
        4 => Just("\x1b[m".to_owned()),
        // Not over a coloured background: vt100 writes erased cells as it writes untouched ones.
        1 => Just("\x1b[49m\x1b[K".to_owned()),
        1 => Just("\x1b(B".to_owned()),
        1 => Just("\x1b]0;title\x07".to_owned()),
        1 => Just("\u{fe0f}".to_owned()),
        1 => Just("x\x1b[5b".to_owned()),
    ]
}

/// Output that a log could have.
fn plain_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        24 => narrow_piece(),
        3 => "[a-z]{0,5}[漢字😀é]{1,3}[a-z]{0,3}",
        1 => Just("e\u{301}".to_owned()),
        1 => Just("\u{301}".to_owned()),
    ]
}

/// What a program writes that paints.
fn paint_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\x08".to_owned()),
        (1..4_u8).prop_map(|n| format!("\x1b[{n}A")),
        Just("\x1b[49m\x1b[2A\r\x1b[Kagain\r\n\x1b[K".to_owned()),
        Just("\x1b[49m\x1b[J".to_owned()),
        Just("\x1b[H".to_owned()),
        Just("\x1b[49m\x1b[2J".to_owned()),
        Just("\x1b7".to_owned()),
        Just("\x1b8".to_owned()),
        Just("\x1b[?25l".to_owned()),
        Just("\x1b[?2004h".to_owned()),
        Just("\x1b[?1049h".to_owned()),
        Just("\x1b[?1049l".to_owned()),
        Just("\x1b[2;3r".to_owned()),
        Just("\x1b[r".to_owned()),
        (1..6_u8, 1..12_u8).prop_map(|(row, col)| format!("\x1b[{row};{col}H")),
        Just("\x1b[2C".to_owned()),
        Just("\x1bM".to_owned()),
        Just("\x1bc".to_owned()),
        Just("\x1b[2L".to_owned()),
        Just("\x1b[2P".to_owned()),
        Just("\x1b[S".to_owned()),
        Just("\x1b[4h".to_owned()),
        Just("\x1b[4l".to_owned()),
    ]
}

fn wild_piece() -> impl Strategy<Value = String> {
    prop_oneof![plain_piece(), paint_piece()]
}

/// A log in which something is painted now and then, and taken back.
fn mixed_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        250 => plain_piece(),
        1 => Just("\rback\r\n".to_owned()),
        1 => Just("\x1b[49m\x1b[2A\r\x1b[Kagain\x1b[2B\r\n".to_owned()),
        1 => Just("\x1b[?25l\x1b7".to_owned()),
        1 => Just("\x1b[?1049hfull\x1b[2;2Hscreen\x1b[?1049l".to_owned()),
        1 => Just("\x1b[49m\x1b[H\x1b[2J".to_owned()),
        1 => paint_piece(),
    ]
}

fn deeds(piece: impl Strategy<Value = String> + 'static, resizes: bool) -> impl Strategy<Value = Vec<Deed>> {
    let writes = prop::collection::vec(piece, 1..40)
        .prop_flat_map(|pieces| {
            let bytes = pieces.concat().into_bytes();
            let length = bytes.len().max(1);
            (Just(bytes), prop::collection::vec(0..length, 0..6))
        })
        .prop_map(|(bytes, mut cuts)| {
            cuts.sort_unstable();
            let mut from = 0;
            let mut writes = Vec::new();
            for cut in cuts.into_iter().chain([bytes.len()]) {
                writes.push(Deed::Write(bytes[from..cut.max(from)].to_vec()));
                from = cut.max(from);
            }
            writes
        });
    let other = if resizes {
        prop_oneof![
            (2..9_u16, 2..20_u16).prop_map(|(rows, cols)| vec![Deed::Resize(rows, cols)]),
            Just(vec![Deed::Look]),
            Just(vec![Deed::Note]),
        ]
        .boxed()
    } else {
        Just(vec![Deed::Look]).boxed()
    };
    prop::collection::vec(prop_oneof![3 => writes, 1 => other], 1..7).prop_map(|deeds| deeds.concat())
}

fn perform(terminal: &mut Terminal, deed: &Deed) {
    match deed {
        Deed::Write(bytes) => feed(terminal, bytes),
        Deed::Resize(rows, cols) => terminal.resize(*rows, *cols),
        Deed::Look => terminal.refresh(),
        Deed::Note => terminal.note("a note", zap::terminal::Moment(1)),
    }
}

/// Blanks without their colours: vt100 hands over an erased cell as it hands over an untouched one, so that the history of a
/// painted screen cannot know which of them had a background.
fn without_blanks(mut rows: Vec<Vec<Seen>>) -> Vec<Vec<Seen>> {
    for row in &mut rows {
        for cell in row.iter_mut().filter(|cell| cell.text == " ") {
            cell.foreground = vt100::Color::Default;
            cell.background = vt100::Color::Default;
            cell.flags.clear();
        }
        while row.last().is_some_and(|cell| cell.text == " ") {
            row.pop();
        }
    }
    rows
}

/// The first cell that differs: its row and column, ours and theirs.
fn first_difference(ours: &[Vec<Seen>], theirs: &[Vec<Seen>]) -> Option<String> {
    let row = ours.iter().zip(theirs).position(|(ours, theirs)| ours != theirs)?;
    let col = ours[row].iter().zip(&theirs[row]).position(|(ours, theirs)| ours != theirs);
    let cells = col.map(|col| (&ours[row][col], &theirs[row][col]));
    Some(format!("row {row} column {col:?}: {cells:?}"))
}

/// Both terminals look the same now. The lazy one is looked at in a copy of its history, so that looking changes nothing.
fn agree(deeds: &[Deed], size: (u16, u16), look_always: bool) -> Result<(u64, u64), TestCaseError> {
    let mut lazy = Terminal::new(size.0, size.1);
    let mut full = Terminal::always_painted(size.0, size.1);
    for (index, deed) in deeds.iter().enumerate() {
        perform(&mut lazy, deed);
        perform(&mut full, deed);
        if !look_always && index + 1 < deeds.len() {
            continue;
        }
        lazy.refresh();
        full.refresh();
        let (ours, theirs) = (look::rows(lazy.screen()), look::rows(full.screen()));
        prop_assert_eq!(look::plain(&ours), look::plain(&theirs), "rows after deed {}", index);
        prop_assert_eq!(first_difference(&ours, &theirs), None, "rows after deed {}", index);
        let cursors = (lazy.screen().cursor_position(), full.screen().cursor_position());
        prop_assert_eq!(cursors.0, cursors.1, "cursor after deed {}", index);
        prop_assert_eq!(look::modes(lazy.screen()), look::modes(full.screen()), "modes after deed {}", index);
        let cols = lazy.size().1;
        let (ours, theirs) =
            (without_blanks(look::painted(&lazy, cols)), without_blanks(look::painted(&full, cols)));
        prop_assert_eq!(look::plain(&ours), look::plain(&theirs), "history after deed {}", index);
        prop_assert_eq!(first_difference(&ours, &theirs), None, "history after deed {}", index);
        prop_assert_eq!(lazy.ended_lines(), full.ended_lines());
    }
    prop_assert_eq!(lazy.contained_panics() + full.contained_panics(), 0);
    Ok(lazy.taken())
}

fn run(strategy: &BoxedStrategy<Vec<Deed>>, cases: u32, least_lazy: f64) {
    let (total, mostly_lazy) = (AtomicU64::new(0), AtomicU64::new(0));
    // More of them by hand: `ZAP_TEST_TIMES=20 cargo test --release --test terminal lazy`.
    let times = std::env::var("ZAP_TEST_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let cases = cases * times;
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let given = (strategy, (2..9_u16, 2..24_u16), any::<bool>());
    let outcome = runner.run(&given, |(deeds, size, look_always)| {
        let (lazy, painted) = agree(&deeds, size, look_always)?;
        total.fetch_add(1, Ordering::Relaxed);
        mostly_lazy.fetch_add(u64::from(lazy >= painted && lazy > 0), Ordering::Relaxed);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let share = mostly_lazy.into_inner() as f64 / total.into_inner() as f64;
    println!("{share:.2} of the cases took at least half of their tokens lazily");
    assert!(share >= least_lazy, "only {share:.2} of the cases took at least half of their tokens lazily");
}

#[test]
fn lazy_and_full_agree_on_logs() {
    run(&deeds(plain_piece(), false).boxed(), 600, 0.5);
}

#[test]
fn lazy_and_full_agree_on_logs_with_some_painting() {
    run(&deeds(mixed_piece(), false).boxed(), 800, 0.5);
}

/// Hardly ever lazy: what is tested is the way there and back.
#[test]
fn lazy_and_full_agree_on_anything() {
    run(&deeds(wild_piece(), false).boxed(), 600, 0.0);
}

/// In narrow characters: vt100 does not mark a row as wrapped if a wide character did not fit, so that a full screen takes
/// it for two lines, where the lazy one knows better.
#[test]
fn lazy_and_full_agree_when_resized() {
    run(&deeds(narrow_piece(), true).boxed(), 800, 0.5);
}

/// A log looks at its new size as if it had always been printed at that size.
#[test]
fn a_resized_log_looks_as_if_printed_at_its_new_size() {
    let piece = "[a-z漢字😀 ]{0,40}\r\n";
    let given = (prop::collection::vec(piece, 1..30), prop::collection::vec((2..12_u16, 4..24_u16), 1..4));
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&given, |(pieces, sizes)| {
        let output = pieces.concat();
        let mut resized = Terminal::new(5, 80);
        feed(&mut resized, output.as_bytes());
        for (rows, cols) in sizes {
            resized.refresh();
            resized.resize(rows, cols);
            resized.refresh();
            let mut fresh = Terminal::new(rows, cols);
            feed(&mut fresh, output.as_bytes());
            fresh.refresh();
            let (ours, theirs) = (look::rows(resized.screen()), look::rows(fresh.screen()));
            prop_assert_eq!(look::plain(&ours), look::plain(&theirs));
            prop_assert_eq!(resized.screen().cursor_position(), fresh.screen().cursor_position());
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Found by the fuzzer: a space with U+034F at the margin was taken for the mark of a wide character that did not fit.
#[test]
fn a_joiner_that_nobody_sees_takes_no_space_with_it() {
    for mut terminal in [Terminal::new(5, 16), Terminal::always_painted(5, 16)] {
        feed(&mut terminal, "\t\t \u{34f}Hello".as_bytes());
        assert_eq!(terminal.line(0).map(|line| line.text()), Some(format!("{}Hello", " ".repeat(16))));
    }
}
