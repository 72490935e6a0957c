//! What must hold for any input at all: used by the property tests here and by the fuzz targets in `tests/fuzz`.
//!
//! An input is raw output of a program in which the bytes F8 to FF, which no text has, are deeds done to the terminal, each
//! with up to two bytes of arguments: so recordings of real programs are good seeds for a fuzzer.

#![allow(dead_code, reason = "each fuzz target uses one of the functions")]

use std::ops::ControlFlow;

use zap::terminal::{
    Direction, Fed, Files, Line, LineKind, LineSplitter, Moment, Past, Terminal, tokens, width,
};

/// What a terminal may hold beyond its finished lines: line under way, what has left the screen of its first line, sequences.
const HELD_BESIDE: usize = 400 * 1024;

/// What happens to a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed<'a> {
    Write(&'a [u8]),
    Resize(u16, u16),
    Look,
    Rest,
    Note,
    Run,
    Drop,
}

/// Reads an input.
pub(crate) fn deeds(mut data: &[u8]) -> Vec<Deed<'_>> {
    let mut deeds = Vec::new();
    while let Some((&first, rest)) = data.split_first() {
        let argument = |index: usize| u16::from(rest.get(index).copied().unwrap_or(0));
        let (deed, taken) = match first {
            0xf8 => (Deed::Rest, 1),
            0xf9 => (Deed::Drop, 1),
            0xfa => (Deed::Run, 1),
            0xfb => (Deed::Note, 1),
            0xfc => (Deed::Resize(argument(0) % 30, argument(1) % 100), 3),
            0xfd => (Deed::Look, 1),
            // A write of its own begins here.
            0xfe => (Deed::Write(&[]), 1),
            _ => {
                let end = rest.iter().position(|byte| (0xf8..0xff).contains(byte));
                let length = end.map_or(data.len(), |end| end + 1);
                (Deed::Write(&data[..length]), length)
            }
        };
        deeds.push(deed);
        data = &data[taken.min(data.len())..];
    }
    deeds
}

/// Whatever happens: no panic, bounded memory, lines that can all be read and that stay what they are once they have left the screen.
pub(crate) fn of_a_terminal(data: &[u8]) {
    let mut terminal = Terminal::new(5, 16);
    let mut fed = Fed::default();
    let mut written = 0;
    let mut runs = 1;
    let mut settled: Vec<String> = Vec::new();
    terminal.begin_run(runs, Some(7), Moment(0));
    for (at, deed) in deeds(data).into_iter().enumerate() {
        let at = Moment(at as i64);
        match deed {
            Deed::Write(bytes) => {
                terminal.feed(bytes, at, &mut fed);
                written += bytes.len();
                assert!(fed.replies.len() <= 4096, "answers are bounded");
            }
            Deed::Resize(rows, cols) => {
                let ends = terminal.ended_lines();
                terminal.resize(rows, cols);
                assert_eq!(terminal.ended_lines(), ends);
                assert_eq!(terminal.size(), (rows.max(2), cols.max(2)));
            }
            Deed::Look => look(&mut terminal),
            Deed::Rest => terminal.rest(),
            Deed::Note => terminal.note("a note", at),
            Deed::Run => {
                terminal.end_run("exit 0", at);
                runs += 1;
                terminal.begin_run(runs, None, at);
            }
            Deed::Drop => terminal.drop_oldest(1),
        }
        assert_eq!(terminal.contained_panics(), 0, "after {deed:?}");
        holds(&terminal, written);
        stays(&terminal, &mut settled);
    }
    look(&mut terminal);
    terminal.end_run("exit 0", Moment(0));
    assert_eq!(terminal.contained_panics(), 0);
    holds(&terminal, written);
    stays(&terminal, &mut settled);
    assert_eq!(
        terminal.screen_start(),
        terminal.lines().end,
        "nothing stays on the screen of a run that has ended"
    );
}

fn look(terminal: &mut Terminal) {
    terminal.refresh();
    let screen = terminal.screen();
    let (rows, cols) = screen.size();
    assert_eq!((rows.get(), cols.get()), terminal.size());
    let (row, col) = screen.cursor_position();
    assert!(row < rows.get() && col <= cols.get());
    let _ = screen.contents_formatted();
    let joint = terminal.joint();
    assert!(joint.is_none_or(|joint| joint.line <= terminal.lines().end && joint.rows <= rows.get()));
}

/// All lines can be read, in both directions, and are lines; memory is bounded.
fn holds(terminal: &Terminal, written: usize) {
    let lines = terminal.lines();
    assert!(terminal.screen_start() <= lines.end && terminal.finished() <= lines.end);
    assert_eq!(terminal.line(lines.end), None);
    let mut forwards: Vec<(u64, Line)> = Vec::new();
    let _ = terminal.visit(lines.clone(), Direction::Forward, &mut |number, line| {
        forwards.push((number, line));
        ControlFlow::Continue(())
    });
    let mut backwards = Vec::new();
    let _ = terminal.visit(lines.clone(), Direction::Backward, &mut |number, line| {
        backwards.push((number, line));
        ControlFlow::Continue(())
    });
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let mut texts = Vec::new();
    let _ = terminal.visit_text(lines.clone(), Direction::Forward, &mut |number, text| {
        texts.push((number, text.to_owned()));
        ControlFlow::Continue(())
    });
    assert_eq!(texts, forwards.iter().map(|(number, line)| (*number, line.text())).collect::<Vec<_>>());
    let mut visited = forwards.iter().peekable();
    for number in lines.clone() {
        let line = terminal.line(number).unwrap_or_else(|| panic!("line {number} of {lines:?}"));
        match visited.next_if(|(visited, _)| *visited == number) {
            Some((_, visited)) => assert_eq!(*visited, line),
            None => assert_eq!(
                (number, &line.kind),
                (lines.start, &LineKind::Note),
                "only the line of what was dropped"
            ),
        }
        is_a_line(&line.bytes);
    }
    // An empty line costs a few bytes of memory, and a byte that is no text may cost a few columns.
    let most = HELD_BESIDE + written * 40;
    assert!(terminal.memory() <= most, "{} bytes for {written}", terminal.memory());
    assert!(terminal.held() <= HELD_BESIDE, "{} bytes beside the history", terminal.held());
}

/// Lines that have left the screen never change. Those that come back to a screen that grew may.
fn stays(terminal: &Terminal, settled: &mut Vec<String>) {
    // The line before the screen may be cut by its top: then it is not whole yet.
    let end = terminal.screen_start().saturating_sub(1);
    let mut now = Vec::new();
    for number in 0..end {
        let line = terminal
            .line(number)
            .filter(|line| !(line.kind == LineKind::Note && line.text().ends_with("dropped")));
        // What was dropped was seen before.
        let text = line.map(|line| line.text());
        now.push(text.unwrap_or_else(|| settled.get(number as usize).cloned().unwrap_or_default()));
    }
    let both = now.len().min(settled.len());
    assert_eq!(now[..both], settled[..both], "lines above the screen are final");
    *settled = now;
}

/// Only text and colours, beginning and ending with default ones.
pub(crate) fn is_a_line(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("lines are text");
    let mut rest = text;
    let mut coloured = false;
    while let Some(at) = rest.find('\x1b') {
        assert!(!rest[..at].contains(char::is_control), "{text:?}");
        let end = rest[at..].find('m').unwrap_or_else(|| panic!("a sequence that is no SGR: {text:?}"));
        let params = rest[at..].strip_prefix("\x1b[").map(|_| &rest[at + 2..at + end]);
        let params = params.unwrap_or_else(|| panic!("not a sequence: {text:?}"));
        assert!(params.chars().all(|character| character.is_ascii_digit() || character == ';'), "{text:?}");
        coloured = !params.is_empty();
        rest = &rest[at + end + 1..];
    }
    assert!(!rest.contains(char::is_control), "{text:?}");
    assert!(!coloured || rest.is_empty() || !text.ends_with('m'), "ends in colours: {text:?}");
}

/// The lazy screen and the full one agree in rows, cursor, modes and lines.
pub(crate) fn of_lazy_and_full(data: &[u8]) {
    let mut lazy = Terminal::new(5, 16);
    let mut full = Terminal::always_painted(5, 16);
    for deed in deeds(data) {
        for terminal in [&mut lazy, &mut full] {
            match deed {
                Deed::Write(bytes) => terminal.feed(bytes, Moment(0), &mut Fed::default()),
                Deed::Look => terminal.refresh(),
                Deed::Rest => terminal.rest(),
                Deed::Run => terminal.end_run("exit 0", Moment(0)),
                // Where a size or a note falls within a painted line is told elsewhere.
                Deed::Resize(..) | Deed::Note | Deed::Drop => {}
            }
        }
    }
    agree(&mut lazy, &mut full);
}

/// A painted screen is the same however its bytes were cut: whole, they go to the parser in stretches, one by one never. The first
/// byte says how large it is.
pub(crate) fn of_any_cut(data: &[u8]) {
    let Some((&size, output)) = data.split_first() else { return };
    let (rows, cols) = (2 + u16::from(size % 6), 2 + u16::from(size / 6));
    let fed = |reads: &mut dyn Iterator<Item = &[u8]>| {
        let (mut terminal, mut fed) = (Terminal::always_painted(rows, cols), Fed::default());
        reads.for_each(|read| terminal.feed(read, Moment(0), &mut fed));
        (terminal, fed.replies)
    };
    let (mut whole, answers) = fed(&mut std::iter::once(output));
    let (mut single, their_answers) = fed(&mut output.chunks(1));
    agree(&mut whole, &mut single);
    assert_eq!(answers, their_answers);
}

/// Two terminals show and keep the same.
fn agree(one: &mut Terminal, other: &mut Terminal) {
    one.refresh();
    other.refresh();
    let rows = |terminal: &Terminal| terminal.screen().contents();
    assert_eq!(rows(one), rows(other));
    assert_eq!(one.screen().cursor_position(), other.screen().cursor_position());
    assert_eq!(one.screen().input_mode_formatted(), other.screen().input_mode_formatted());
    assert_eq!(one.ended_lines(), other.ended_lines());
    let texts = |terminal: &Terminal| -> Vec<String> {
        let lines = terminal.lines().filter_map(|number| terminal.line(number));
        let mut texts: Vec<String> = lines.map(|line| shown(&line)).collect();
        while texts.last().is_some_and(String::is_empty) {
            texts.pop();
        }
        texts
    };
    assert_eq!(texts(one), texts(other));
    assert_eq!(one.contained_panics() + other.contained_panics(), 0);
}

/// A line without blanks at its end, and without marks: a cell of vt100 has room for a few of them.
fn shown(line: &Line) -> String {
    let text: String = line.text().chars().filter(|character| width(*character) > 0).collect();
    text.trim_end().to_owned()
}

/// The first byte says where the rest is split.
fn cut(data: &[u8]) -> (&[u8], usize) {
    let Some((&first, rest)) = data.split_first() else { return (data, 1) };
    (rest, usize::from(first).max(1))
}

/// Only harmless text comes out, and the same however the input is split.
pub(crate) fn of_the_filter(data: &[u8]) {
    let (bytes, size) = cut(data);
    let whole = tokens(&mut std::iter::once(bytes));
    assert_eq!(tokens(&mut bytes.chunks(size)), whole);
    assert_eq!(tokens(&mut bytes.chunks(1)), whole);
    for text in whole.iter().filter_map(|token| token.strip_prefix("text ")) {
        let harmful = |character: char| {
            character.is_control()
                || matches!(character, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                || matches!(character, '\u{fe0f}' | '\u{fffd}')
        };
        assert!(!text.contains(harmful), "{text:?}");
    }
}

/// Each line is a line, and they are the same however the input is split; memory is bounded.
pub(crate) fn of_the_splitter(data: &[u8]) {
    let (bytes, size) = cut(data);
    let whole = split(&mut std::iter::once(bytes));
    assert_eq!(split(&mut bytes.chunks(size)), whole);
    for line in &whole {
        is_a_line(line);
        assert!(line.len() < 20 * 1024 * 1024);
    }
}

/// The files of a history may hold anything. The first byte says whether they begin as good ones, and how long they are; of
/// what follows, each three bytes change one byte then. Else they hold the bytes as they are, the tail first.
pub(crate) fn of_a_history(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    if first < 0x80 {
        write_history(folder.path(), usize::from(first) * 700);
        for (index, change) in rest.chunks_exact(3).enumerate() {
            let mut files: Vec<_> =
                std::fs::read_dir(folder.path()).expect("it is there").flatten().collect();
            files.sort_by_key(std::fs::DirEntry::file_name);
            let Some(file) = files.get(index % files.len().max(1)).map(std::fs::DirEntry::path) else {
                break;
            };
            let mut bytes = std::fs::read(&file).expect("it is there");
            let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % (bytes.len() + 1);
            match bytes.get_mut(at) {
                Some(byte) if change[1] < 0xf0 => *byte = change[2],
                _ => bytes.truncate(at),
            }
            std::fs::write(&file, bytes).expect("it is ours");
        }
    } else {
        let (tail, blocks) = rest.split_at(rest.len() / 2);
        std::fs::write(folder.path().join("tail"), tail).expect("it is ours");
        std::fs::write(folder.path().join(format!("00000001.{}", first & 3)), blocks).expect("it is ours");
    }
    let (past, _) = Past::open(folder.path());
    let mut terminal = Terminal::new(5, 16);
    terminal.recall(past, 1_000_000);
    let lines = terminal.lines();
    // What the files say may be anything, also that there are more lines than could ever be read.
    let near = lines.start.max(lines.end.saturating_sub(3000))..lines.end;
    let mut count = 0;
    let _ = terminal.visit(near.clone(), Direction::Forward, &mut |_, _| {
        count += 1;
        ControlFlow::Continue(())
    });
    assert!(count <= near.end - near.start);
    let _ = terminal.visit(near.clone(), Direction::Backward, &mut |_, _| ControlFlow::Continue(()));
    for number in near {
        assert!(terminal.line(number).is_some(), "line {number} of {lines:?}");
    }
    assert_eq!(terminal.fresh_start(), lines.end);
    terminal.begin_run(terminal.last_run().saturating_add(1), None, Moment(0));
    terminal.feed(b"it goes on\r\n", Moment(0), &mut Fed::default());
    assert_eq!(terminal.line(lines.end).map(|line| line.text()).as_deref(), Some("it goes on"));
}

fn write_history(folder: &std::path::Path, length: usize) {
    let (past, mut scribe) = Past::open(folder);
    let mut disk = Files::default();
    let mut terminal = Terminal::new(5, 16);
    terminal.recall(past, 1_000_000);
    terminal.begin_run(1, None, Moment(1));
    let lines: String = (0..).map(|number| format!("line {number} of a log\r\n")).take(length / 20).collect();
    terminal.feed(lines.as_bytes(), Moment(2), &mut Fed::default());
    terminal.end_run("exit 0", Moment(3));
    for package in terminal.packages() {
        let written = scribe.write(&package, &mut disk).expect("the disk takes it");
        terminal.written(written.as_slice());
    }
    if let Some(tail) = terminal.tail() {
        scribe.write_tail(&tail, &mut disk).expect("the disk takes it");
    }
}

fn split(reads: &mut dyn Iterator<Item = &[u8]>) -> Vec<Vec<u8>> {
    let mut splitter = LineSplitter::default();
    let mut lines = Vec::new();
    for read in reads {
        splitter.feed(read, &mut |line| lines.push(line.to_vec()));
    }
    lines.extend(splitter.take_partial());
    lines
}
