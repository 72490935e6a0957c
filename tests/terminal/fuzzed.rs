//! The promises of `promises.rs`, held against random input on every machine. The fuzzer in `tests/fuzz` holds the same ones
//! against more of it; what it found stands here by name.

use proptest::prelude::*;
use zap::terminal::Terminal;

use crate::{look, promises};

/// What a program could write: text, controls, sequences whole and broken.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => "[a-z ]{0,40}".prop_map(String::into_bytes),
        6 => Just(b"\r\n".to_vec()),
        2 => "[\n\r\t\x08\x0b\x0e\x0f\x07\x7f]{1,3}".prop_map(String::into_bytes),
        3 => "[a-z漢字😀é⚠\u{fe0f}\u{301}\u{200d}\u{34f}\u{202e}\u{fffd}]{0,30}".prop_map(String::into_bytes),
        1 => "(\u{301}|\u{200d}){1,300}".prop_map(String::into_bytes),
        1 => "[a-z漢]{100,400}".prop_map(String::into_bytes),
        3 => "\x1b\\[[0-9;:]{0,6}m".prop_map(String::into_bytes),
        6 => "\x1b\\[[0-9;]{0,5}[@A-Za-z`]".prop_map(String::into_bytes),
        1 => "\x1b\\[[0-9;:?>!$ ]{0,8}[@-~]".prop_map(String::into_bytes),
        2 => "\x1b\\[\\?(1|6|7|25|47|1047|1048|1049|2004|3)[hl]".prop_map(String::into_bytes),
        1 => "\x1b[78cDEHM=>]".prop_map(String::into_bytes),
        1 => "\x1b[()#%*][0-9A-B]".prop_map(String::into_bytes),
        1 => "\x1b[\\]PX^_][a-z;]{0,9}(\x07|\x1b\\\\)?".prop_map(String::into_bytes),
        1 => prop::collection::vec(0..0xf8_u8, 0..20),
    ]
}

fn output() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

/// The deeds of `promises::deeds` between pieces of output.
fn story() -> impl Strategy<Value = Vec<u8>> {
    let deed = prop_oneof![
        1 => Just(vec![0xf8]),
        1 => Just(vec![0xf9]),
        1 => Just(vec![0xfa]),
        1 => Just(vec![0xfb]),
        4 => (0..30_u8, 0..100_u8).prop_map(|(rows, cols)| vec![0xfc, rows, cols]),
        2 => Just(vec![0xfd]),
        4 => Just(vec![0xfe]),
    ];
    prop::collection::vec(prop_oneof![5 => piece().boxed(), 1 => deed.boxed()], 0..60)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(look::cases(150))]

    #[test]
    fn a_terminal_keeps_its_promises(story in story()) {
        promises::of_a_terminal(&story);
    }

    #[test]
    fn lazy_and_full_agree_on_any_bytes(story in story()) {
        promises::of_lazy_and_full(&story);
    }

    #[test]
    fn a_painted_screen_is_the_same_however_it_was_cut(size in any::<u8>(), output in output()) {
        promises::of_any_cut(&[vec![size], output].concat());
    }

    #[test]
    fn the_filter_keeps_its_promises(cut in 1..20_u8, output in output()) {
        promises::of_the_filter(&[vec![cut], output].concat());
    }

    /// With checksums, so that most changes make a frame unreadable as a whole; the fuzzer goes on without.
    #[test]
    fn a_history_opens_whatever_its_files_hold(good in any::<bool>(), bytes in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut bytes = bytes;
        bytes[0] = bytes[0] & 0x7f | u8::from(good) << 7;
        promises::of_a_history(&bytes);
    }

    #[test]
    fn the_splitter_keeps_its_promises(cut in 1..20_u8, output in output()) {
        promises::of_the_splitter(&[vec![cut], output].concat());
    }
}

/// What is under way is bounded, whatever it is: a string, a line, a character with marks on it.
#[test]
fn what_never_ends_is_bounded() {
    for flood in [
        "\x1b]0;".to_owned() + &"x".repeat(300_000),
        "\x1b]".to_owned() + &"0;".repeat(150_000),
        "\x1bP".to_owned() + &"x".repeat(300_000),
        "\x1b[".to_owned() + &"1;".repeat(150_000),
        "x".repeat(300_000),
        "漢".repeat(100_000),
        "e".to_owned() + &"\u{301}".repeat(150_000),
        "\u{301}".repeat(150_000),
        "\x1b[1m \x1b[m".repeat(30_000),
        "\x1b[?25l".to_owned() + &"x\x1b[31m".repeat(50_000),
        "\t".repeat(300_000),
        "\r".repeat(300_000),
        "x\r".repeat(150_000),
        "\x1b[?1049h".to_owned() + &"x".repeat(300_000),
        "\x1b[2;4r".to_owned() + &"x".repeat(100_000),
    ] {
        for reads in [flood.len(), 4096] {
            let mut terminal = Terminal::new(5, 16);
            for read in flood.as_bytes().chunks(reads) {
                look::feed(&mut terminal, read);
            }
            let held = (terminal.held(), terminal.memory());
            assert!(held.0 < 400_000 && held.1 < 4_000_000, "{held:?} for {:?}", &flood[..8]);
            assert_eq!(terminal.contained_panics(), 0);
        }
        promises::of_the_splitter(&[b"\xff", &flood.as_bytes()[..flood.len().min(70_000)]].concat());
    }
}

/// Found by the fuzzer: a tail that tells of more bytes than its file has made zap ask for as much memory.
#[test]
fn a_tail_that_boasts_is_not_believed() {
    promises::of_a_history(&[0x7f, 0x01, 0x7f, 0x01, 0x3f, 0x26, 0x26]);
}

/// Found by the fuzzer: among line drawings a character was broken by the broken byte after it, unless they came in two reads.
#[test]
fn a_broken_byte_breaks_no_character_before_it() {
    for character in ["\u{2501}", "\u{212}", "漢", "😀"] {
        let bytes = [b"\x01\x1b(0", character.as_bytes(), b"\x81"].concat();
        promises::of_the_filter(&bytes);
        assert_eq!(zap::terminal::tokens(&mut std::iter::once(&bytes[1..])), [format!("text {character}?")]);
    }
}
