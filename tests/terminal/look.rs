//! What an eye sees of a screen, so that two can be compared.

use zap::terminal::{Fed, Moment, Terminal};

/// A cell: its text (a blank is a space), colours and flags. What cannot be seen on a blank does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) text: String,
    pub(crate) foreground: vt100::Color,
    pub(crate) background: vt100::Color,
    /// Letters of `bdiur`.
    pub(crate) flags: String,
}

pub(crate) fn seen(cell: &vt100::Cell) -> Seen {
    // The last of them stands where a wide character did not fit the row.
    let blank = matches!(cell.contents(), "" | " " | " \u{34f}");
    let mut flags = String::new();
    for (set, letter, on_blank) in [
        (cell.bold(), 'b', false),
        (cell.dim(), 'd', false),
        (cell.italic(), 'i', false),
        (cell.underline(), 'u', true),
        (cell.inverse(), 'r', true),
    ] {
        if set && (on_blank || !blank) {
            flags.push(letter);
        }
    }
    let colour_shows = !blank || cell.inverse() || cell.underline();
    Seen {
        text: if blank { " ".to_owned() } else { cell.contents().to_owned() },
        foreground: if colour_shows { cell.fgcolor() } else { vt100::Color::Default },
        background: cell.bgcolor(),
        flags,
    }
}

/// The rows of a screen, without what cannot be seen at their ends.
pub(crate) fn rows(screen: &vt100::Screen) -> Vec<Vec<Seen>> {
    let (rows, cols) = screen.size();
    (0..rows.get()).map(|row| one_row(screen, row, cols.get())).collect()
}

fn one_row(screen: &vt100::Screen, row: u16, cols: u16) -> Vec<Seen> {
    let cells = (0..cols).filter_map(|col| screen.cell(row, col)).filter(|cell| !cell.is_wide_continuation());
    let mut cells: Vec<Seen> = cells.map(seen).collect();
    while cells.last().is_some_and(|cell| {
        cell.text == " " && cell.flags.is_empty() && cell.background == vt100::Color::Default
    }) {
        cells.pop();
    }
    cells
}

/// The modes that a screen is in and the colours it would draw with.
pub(crate) fn modes(screen: &vt100::Screen) -> String {
    format!(
        "{}{}{}{}",
        screen.input_mode_formatted(),
        screen.hide_cursor(),
        screen.alternate_screen(),
        screen.attributes_formatted()
    )
    .replace('\x1b', "^")
}

/// All lines of a terminal painted on one endless screen of a width.
pub(crate) fn painted(terminal: &Terminal, cols: u16) -> Vec<Vec<Seen>> {
    let mut rows_seen = Vec::new();
    for number in terminal.lines() {
        let line = terminal.line(number).unwrap_or_else(|| panic!("line {number} is not there"));
        let height = zap::terminal::breaks(&line.text(), cols).len() + 1;
        let height = std::num::NonZeroU16::new(u16::try_from(height).unwrap()).unwrap();
        let mut parser = vt100::Parser::new(height, std::num::NonZeroU16::new(cols).unwrap(), 0);
        parser.process(&line.bytes);
        let (row, _) = parser.screen().cursor_position();
        rows_seen.extend(rows(parser.screen()).into_iter().take(usize::from(row) + 1));
    }
    while rows_seen.last().is_some_and(Vec::is_empty) {
        rows_seen.pop();
    }
    rows_seen
}

/// The texts of all lines.
pub(crate) fn texts(terminal: &Terminal) -> Vec<String> {
    terminal.lines().filter_map(|number| terminal.line(number)).map(|line| line.text()).collect()
}

/// Feeds at a fixed time and throws the rest away.
pub(crate) fn feed(terminal: &mut Terminal, bytes: &[u8]) {
    terminal.feed(bytes, Moment(1), &mut Fed::default());
}

/// A text for eyes: rows as strings.
pub(crate) fn plain(rows: &[Vec<Seen>]) -> Vec<String> {
    rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

/// So many cases of a property, or as many as `PROPTEST_CASES` says: `PROPTEST_CASES=4000 cargo test --release --test terminal`.
pub(crate) fn cases(few: u32) -> proptest::test_runner::Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(few);
    proptest::test_runner::Config { cases, failure_persistence: None, ..Default::default() }
}
