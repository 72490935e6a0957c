//! A logical line as text with styles: escapes taken out, tabs spread. Not: where it is broken or drawn.

use std::borrow::Cow;

use ansi_to_tui::IntoText;
use memchr::memchr;
use ratatui::style::Style;

use crate::config::Role;
use crate::model::Wall;
use crate::terminal::{Line, LineKind, RunEnd};
use crate::ui::age;
use crate::ui::paint::Paint;

const ESC: u8 = 0x1b;
const TAB: usize = 8;

/// A line as text with styles.
pub(super) struct Decoded {
    /// The text, without escapes and tabs.
    pub(super) text: String,
    /// Up to which byte which style goes, in order; the rest is plain.
    pub(super) styles: Vec<(usize, Style)>,
}

/// A line with its styles.
pub(super) fn decode(line: &Line, cols: u16, paint: &Paint<'_>) -> Decoded {
    match &line.kind {
        LineKind::Output | LineKind::Piece if memchr(ESC, &line.bytes).is_some() => {
            coloured(&line.bytes, paint)
        }
        LineKind::Output | LineKind::Piece => Decoded { text: plain(line).into_owned(), styles: Vec::new() },
        LineKind::Note => separator(plain(line).replace('─', paint.signs.dash), paint),
        LineKind::RunEnd(end) => separator(rule(end, cols, paint), paint),
    }
}

/// The text of a line, without escapes, tabs spread: what is drawn, searched and measured. Empty for the end of a run.
pub(in crate::ui) fn plain(line: &Line) -> Cow<'_, str> {
    match line.kind {
        LineKind::RunEnd(_) => Cow::Borrowed(""),
        LineKind::Note => Cow::Owned(format!("── {}", String::from_utf8_lossy(&line.bytes))),
        LineKind::Output | LineKind::Piece => text(&line.bytes),
    }
}

/// `── run 2 · exit 1 · 12:01:07 · lasted 41s ──────`.
fn rule(end: &RunEnd, cols: u16, paint: &Paint<'_>) -> String {
    let told = run_end(end, paint);
    let rest = usize::from(cols).saturating_sub(crate::ui::text::width(&told) + 1);
    format!("{told} {}", paint.signs.dash.repeat(rest))
}

/// `── run 2 · exit 1 · 12:01:07 · lasted 41s`; of a run whose end nobody saw `── run 2 · zap ended · last output 12:01:07`.
pub(in crate::ui) fn run_end(end: &RunEnd, paint: &Paint<'_>) -> String {
    let signs = paint.signs;
    let lasted = std::time::Duration::from_millis((end.ended.0 - end.began.0).max(0) as u64);
    let dot = signs.dot;
    let at = paint.clock(Wall(end.ended.0));
    let when = match end.exit.as_str() {
        RunEnd::NOT_STARTED => at,
        RunEnd::CUT_OFF if end.ended == end.began => format!("began {at}"),
        RunEnd::CUT_OFF => format!("last output {at}"),
        _ => format!("{at} {dot} lasted {}", age::lasted(lasted)),
    };
    format!("{} run {} {dot} {} {dot} {when}", signs.dash.repeat(2), end.number, end.exit)
}

fn separator(text: String, paint: &Paint<'_>) -> Decoded {
    let styles = vec![(text.len(), paint.of(Role::Separator))];
    Decoded { text, styles }
}

fn coloured(bytes: &[u8], paint: &Paint<'_>) -> Decoded {
    let Ok(parsed) = bytes.to_text() else {
        return Decoded { text: text(bytes).into_owned(), styles: Vec::new() };
    };
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), styles: Vec::new() };
    let mut column = 0;
    for span in parsed.lines.iter().flat_map(|line| &line.spans) {
        spread(&mut decoded.text, &span.content, &mut column);
        decoded.styles.push((decoded.text.len(), paint.palette.fit(span.style)));
    }
    decoded
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    let stripped = strip(bytes);
    if memchr(b'\t', &stripped).is_none() {
        return match stripped {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        };
    }
    let mut out = String::with_capacity(bytes.len() + TAB);
    spread(&mut out, &String::from_utf8_lossy(&stripped), &mut 0);
    Cow::Owned(out)
}

/// Takes SGR sequences out.
fn strip(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(mut escape) = memchr(ESC, bytes) else { return Cow::Borrowed(bytes) };
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        out.extend_from_slice(&rest[..escape]);
        let end = rest[escape..].iter().position(u8::is_ascii_alphabetic).map(|at| escape + at + 1);
        rest = &rest[end.unwrap_or(rest.len())..];
        match memchr(ESC, rest) {
            Some(next) => escape = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Appends text, with blanks up to the next stop instead of a tab.
fn spread(out: &mut String, text: &str, column: &mut usize) {
    if memchr(b'\t', text.as_bytes()).is_none() {
        *column += crate::ui::text::width(text);
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        if c == '\t' {
            let stop = (*column / TAB + 1) * TAB;
            out.extend(std::iter::repeat_n(' ', stop - *column));
            *column = stop;
        } else {
            *column += usize::from(crate::ui::text::cells(c).unwrap_or(0));
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Moment;

    fn line(bytes: &[u8]) -> Line {
        Line { at: Moment(0), kind: LineKind::Output, bytes: bytes.to_vec() }
    }

    #[test]
    fn escapes_go_and_tabs_spread() {
        assert_eq!(plain(&line(b"a\tb")), "a       b");
        assert_eq!(plain(&line(b"\x1b[1;31mred\x1b[0m\tx")), "red     x");
        assert_eq!(plain(&line("漢\tx".as_bytes())), "漢      x");
        assert_eq!(plain(&line(b"half \x1b[3")), "half ");
        assert_eq!(plain(&line(b"\xff")), "\u{fffd}");
    }
}
