//! What is said to vt100 as it stands, in long stretches, comes to the same as what is read byte by byte.

use proptest::prelude::*;
use zap::terminal::{Fed, Moment, Terminal};

use crate::look;

/// What may stay as it is.
fn untouched_piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-zé漢😀┌\u{301}]{0,14}".prop_map(String::into_bytes),
        2 => "\x1b\\[[0-9;]{0,6}[@A-HLMPSTKX`dfm]".prop_map(String::into_bytes),
        2 => (1..9_u8, 1..24_u8).prop_map(|(row, col)| format!("\x1b[{row};{col}H").into_bytes()),
        1 => "\x1b\\[(1|44|7|38;5;200|38;2;101;102;103;48;2;201;202;203|0)?m".prop_map(String::into_bytes),
        2 => "(\r\n|\n|\t|\r|\x08)".prop_map(String::into_bytes),
        // Longer than what is copied, and than what is looked at in one piece.
        1 => Just("a漢".repeat(300).into_bytes()),
    ]
}

/// What has to be taken out, answered or said in other words, and modes in which nothing may stay as it is.
fn touched_piece() -> impl Strategy<Value = Vec<u8>> {
    let words: [&[u8]; 36] = [
        b"\x1b[6n",
        b"\x1b[5n",
        b"\x1b]11;?\x07",
        b"\x1b]0;title\x1b\\",
        b"\x1bPq\x1b\\",
        b"\x07",
        b"\x7f",
        b"\x0b",
        b"\xc2\x9b",
        b"caf\xe9 ",
        b"\xe6\xbc",
        "\u{fe0f}".as_bytes(),
        "⚠\u{fe0f}".as_bytes(),
        "\u{fffd}".as_bytes(),
        b"\x1b(0",
        b"\x1b(B",
        b"\x0e",
        b"\x0f",
        b"\x1b[4h",
        b"\x1b[4l",
        b"\x1b[20h",
        b"\x1b[20l",
        b"\x1b[?7l",
        b"\x1b[?7h",
        b"\x1b[3g",
        b"\x1bH",
        b"\x1b[2;3r",
        b"\x1b[r",
        b"\x1b[?6h",
        b"\x1b[2J",
        b"\x1b[3b",
        b"\x1b7",
        b"\x1b8",
        b"\x1b[?1049h",
        b"\x1b[?1049l",
        b"\x1b[4:3m",
    ];
    prop::sample::select(words.to_vec()).prop_map(<[u8]>::to_vec)
}

fn output() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![8 => untouched_piece().boxed(), 1 => touched_piece().boxed()];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn fed(size: (u16, u16), reads: &mut dyn Iterator<Item = &[u8]>) -> (Terminal, Fed) {
    let mut terminal = Terminal::always_painted(size.0, size.1);
    let mut fed = Fed::default();
    for read in reads {
        terminal.feed(read, Moment(1), &mut fed);
    }
    (terminal, fed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    /// No sequence is ever whole in the second one, so that none is passed as it stands.
    #[test]
    fn whole_reads_and_single_bytes_agree(bytes in output(), size in (2..9_u16, 2..24_u16)) {
        let (whole, answers) = fed(size, &mut std::iter::once(bytes.as_slice()));
        let (split, split_answers) = fed(size, &mut bytes.chunks(1));
        let (ours, theirs) = (look::rows(whole.screen()), look::rows(split.screen()));
        prop_assert_eq!(look::plain(&ours), look::plain(&theirs));
        prop_assert_eq!(ours, theirs);
        prop_assert_eq!(whole.screen().cursor_position(), split.screen().cursor_position());
        prop_assert_eq!(look::modes(whole.screen()), look::modes(split.screen()));
        prop_assert_eq!(look::texts(&whole), look::texts(&split));
        prop_assert_eq!(whole.ended_lines(), split.ended_lines());
        prop_assert_eq!(answers.replies, split_answers.replies);
        prop_assert_eq!(whole.contained_panics() + split.contained_panics(), 0);
    }
}

/// The place of an answer in the stream is that of its question, whatever stands around it.
#[test]
fn a_question_within_a_flood_is_answered_in_its_place() {
    let flood = "\x1b[3;4Hsome text\x1b[1m and more\x1b[m".repeat(40);
    let bytes = format!("{flood}\x1b[2;5H\x1b[6n{flood}\x1b[4;7Hx\x1b[6n{flood}");
    let (_, answers) = fed((8, 60), &mut std::iter::once(bytes.as_bytes()));
    assert_eq!(String::from_utf8(answers.replies).unwrap(), "\x1b[2;5R\x1b[4;8R");
}

/// Without the last character of a stretch REP would repeat another one.
#[test]
fn the_last_character_of_a_stretch_is_known() {
    let (terminal, _) = fed((4, 20), &mut std::iter::once("\x1b[Hab\x1b[1mé\x1b[3b\r\n\x1b[2b".as_bytes()));
    assert_eq!(look::texts(&terminal), ["abéééé"]);
}

/// Who went to the top left is still there after rows were moved: what `DL` then deletes is the whole screen.
#[test]
fn the_cursor_stays_home_while_rows_are_moved() {
    for rows_moved in ["\x1b[3T", "\x1b[3S", "\x1b[3L", "\x1b[9P\x1b[B\x1b[9P\x1b[H", "\x1b[9@\x1b[T"] {
        let text = format!("abcdefgh\x1b[H{rows_moved}\x1b[Mé");
        let bytes = text.as_bytes();
        let (whole, _) = fed((2, 2), &mut std::iter::once(bytes));
        let (split, _) = fed((2, 2), &mut bytes.chunks(1));
        assert_eq!(look::texts(&whole), look::texts(&split), "{text:?}");
    }
}
