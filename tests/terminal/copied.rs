//! What a job printed is what can be copied: the text of all lines, whatever sizes the window had meanwhile.

use proptest::prelude::*;
use zap::terminal::Terminal;

use crate::look::{self, feed, texts};

/// A line as a job writes it, and the text that it comes to.
#[derive(Debug, Clone)]
struct Printed {
    words: String,
    text: String,
}

impl Printed {
    fn as_is(text: String) -> Self {
        Self { words: text.clone() + "\r\n", text }
    }
}

/// A piece of text in colours. Its last character is none that is trimmed.
fn coloured() -> impl Strategy<Value = Printed> {
    let piece = ("(|1;31|38;5;200|44|38;2;1;2;3|7)", "[a-z ]{1,20}", any::<bool>());
    prop::collection::vec(piece, 1..6).prop_map(|pieces| {
        let mut printed = Printed { words: String::new(), text: String::new() };
        for (colour, text, resets) in pieces {
            let reset = if resets { "\x1b[m" } else { "" };
            printed.words.extend(["\x1b[", colour.as_str(), "m", text.as_str(), reset]);
            printed.text += &text;
        }
        printed.words += "\x1b[m\r\n";
        printed
    })
}

/// Words with tabs between them, none behind column 40: a tab does not go over the margin.
fn tabbed() -> impl Strategy<Value = Printed> {
    prop::collection::vec("[a-z]{1,7}", 1..6).prop_map(|words| {
        let mut text = String::new();
        for word in &words {
            while !text.len().is_multiple_of(8) {
                text.push(' ');
            }
            text += word;
        }
        Printed { words: words.join("\t") + "\r\n", text }
    })
}

/// A line that is painted over and over, as progress bars do; it fits on a row.
fn progress() -> impl Strategy<Value = Printed> {
    (prop::collection::vec("[=>]{0,20}", 1..20), any::<bool>()).prop_map(|(bars, erases)| {
        let mut words = String::new();
        let mut text = String::new();
        for (step, bar) in bars.iter().enumerate() {
            text = if erases { format!("{step} {bar}") } else { format!("{step:2} [{bar:20}]") };
            words.extend(["\r", text.as_str(), if erases { "\x1b[K" } else { "" }]);
        }
        Printed { words: words + "\r\n", text }
    })
}

/// A prompt, and a command that is typed in and taken back letter by letter.
fn prompt() -> impl Strategy<Value = Printed> {
    ("[a-z ]{0,30}[a-z]", "[a-z]{0,5}").prop_map(|(command, mistake)| {
        let back = "\x08\x1b[K".repeat(mistake.len());
        Printed {
            words: format!("\x1b[32m$\x1b[m {mistake}{back}{command}\r\n"),
            text: format!("$ {command}"),
        }
    })
}

/// What looks the same at any width.
fn at_any_width() -> impl Strategy<Value = Printed> {
    prop_oneof![
        4 => "[a-z ]{0,60}".prop_map(Printed::as_is),
        3 => coloured(),
        3 => "[a-z漢字😀é]{0,60}".prop_map(Printed::as_is),
        1 => "[a-z漢字]{300,2500}".prop_map(Printed::as_is),
        1 => "[a-z0-9]{300,2500}".prop_map(Printed::as_is),
    ]
}

/// What looks the same at 40 columns and more.
fn at_40_columns() -> impl Strategy<Value = Printed> {
    prop_oneof![
        6 => at_any_width(),
        2 => tabbed(),
        2 => progress(),
        1 => prompt(),
    ]
}

/// What happens between two writes.
#[derive(Debug, Clone, Copy)]
enum Meanwhile {
    Look,
    Rest,
    Resize(u16, u16),
}

fn meanwhile(cols: std::ops::Range<u16>) -> impl Strategy<Value = Meanwhile> {
    prop_oneof![
        1 => Just(Meanwhile::Look),
        1 => Just(Meanwhile::Rest),
        4 => (2..30_u16, cols).prop_map(|(rows, cols)| Meanwhile::Resize(rows, cols)),
    ]
}

fn print(terminal: &mut Terminal, printed: &[Printed], cuts: &[(prop::sample::Index, Meanwhile)]) {
    let words: String = printed.iter().map(|line| line.words.as_str()).collect();
    let mut cuts: Vec<(usize, Meanwhile)> =
        cuts.iter().map(|(at, meanwhile)| (at.index(words.len() + 1), *meanwhile)).collect();
    cuts.sort_by_key(|(at, _)| *at);
    let mut from = 0;
    for (at, meanwhile) in cuts {
        feed(terminal, &words.as_bytes()[from..at]);
        from = at;
        match meanwhile {
            Meanwhile::Look => terminal.refresh(),
            Meanwhile::Rest => terminal.rest(),
            Meanwhile::Resize(rows, cols) => terminal.resize(rows, cols),
        }
    }
    feed(terminal, &words.as_bytes()[from..]);
}

fn copied(mut terminal: Terminal, printed: &[Printed], cuts: &[(prop::sample::Index, Meanwhile)]) {
    print(&mut terminal, printed, cuts);
    let wanted: Vec<&str> = printed.iter().map(|line| line.text.as_str()).collect();
    let got = texts(&terminal);
    if let Some(line) =
        (0..got.len().max(wanted.len())).find(|n| got.get(*n).map(String::as_str) != wanted.get(*n).copied())
    {
        panic!("line {line}: {:?} was printed, {:?} is copied", wanted.get(line), got.get(line));
    }
    assert_eq!(terminal.contained_panics(), 0);
}

proptest! {
    #![proptest_config(look::cases(60))]

    #[test]
    fn what_was_printed_is_copied_whatever_the_size(
        printed in prop::collection::vec(at_40_columns(), 1..40),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), meanwhile(40..200)), 0..20),
        size in (2..30_u16, 40..200_u16),
        painted in any::<bool>(),
    ) {
        let terminal = if painted { Terminal::always_painted } else { Terminal::new };
        copied(terminal(size.0, size.1), &printed, &cuts);
    }

    #[test]
    fn what_was_printed_is_copied_however_narrow(
        printed in prop::collection::vec(at_any_width(), 1..20),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), meanwhile(2..30)), 0..20),
        size in (2..9_u16, 2..30_u16),
        painted in any::<bool>(),
    ) {
        let terminal = if painted { Terminal::always_painted } else { Terminal::new };
        copied(terminal(size.0, size.1), &printed, &cuts);
    }

}

proptest! {
    #![proptest_config(look::cases(12))]

    /// As zooming in and out does while the job goes on.
    #[test]
    fn what_was_printed_is_copied_after_fifty_zooms(
        printed in prop::collection::vec(at_40_columns(), 30..60),
        at in prop::collection::vec(any::<prop::sample::Index>(), 100),
        painted in any::<bool>(),
    ) {
        let terminal = if painted { Terminal::always_painted } else { Terminal::new };
        let sizes = [Meanwhile::Resize(24, 80), Meanwhile::Resize(10, 40)];
        let cuts: Vec<_> = at.into_iter().zip(sizes.into_iter().cycle()).collect();
        // In the order of the cuts the sizes come by chance, and each of them often.
        copied(terminal(24, 80), &printed, &cuts);
    }
}
