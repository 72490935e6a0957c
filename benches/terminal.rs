//! How fast a terminal takes in output, how small its history is, how fast it is searched: figures, not a gate.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "figures are for people")]

use std::hint::black_box;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Instant;

use zap::terminal::{Fed, Files, LineSplitter, Moment, Past, Pattern, Tally, Terminal};

/// What one read of a PTY gives.
const READ: usize = 4095;
const ROWS: NonZeroU16 = NonZeroU16::new(50).expect("not 0");
const COLS: NonZeroU16 = NonZeroU16::new(200).expect("not 0");
/// An odd number, so that there is a middle one.
const FLOOD_ROUNDS: usize = 11;

fn main() {
    let numbered = repeat(|n| {
        format!(
            "{n:08} the quick brown fox jumps over the lazy dog, request {} took {}ms\r\n",
            n * 7,
            n % 900
        )
    });
    let cargo = repeat(|n| {
        format!(
            "\x1b[1m\x1b[92m   Compiling\x1b[0m crate-{n} v0.{}.{} (/home/dev/src/project/crates/crate-{n})\r\n",
            n % 50,
            n % 7
        )
    });
    let unicode = repeat(|n| format!("12:04:{:02} INFO ✓ größe {n} → «fertig» in {}µs\r\n", n % 60, n % 977));
    println!(
        "memcpy            {:8.0} MB/s",
        rate(&numbered, || {
            let mut kept = Vec::with_capacity(numbered.len());
            for read in numbered.chunks(READ) {
                kept.extend_from_slice(black_box(read));
            }
            black_box(kept);
        })
    );
    for (name, bytes) in
        [("numbered lines", &numbered), ("cargo-like lines", &cargo), ("unicode lines", &unicode)]
    {
        let mut memory = 0;
        let mut lines = 0;
        let speed = rate(bytes, || {
            let terminal = fed(bytes);
            memory = terminal.memory();
            lines = terminal.ended_lines();
            assert!(!terminal.has_parser(), "plain lines need no parser");
        });
        println!("{name:17} {speed:8.0} MB/s  {:5.1} bytes a line", memory as f64 / lines as f64);
    }
    flood("editor-like flood", &repeat(editor_row));
    flood("repainting flood", &repeat(repainted));
    let looked = rate(&numbered, || {
        let mut terminal = Terminal::new(ROWS.get(), COLS.get());
        let mut replies = Fed::default();
        for (index, read) in numbered.chunks(READ).enumerate() {
            terminal.feed(read, Moment(0), &mut replies);
            // At 60 frames a second a program that floods is looked at every few hundred reads.
            if index % 200 == 0 {
                terminal.refresh();
            }
        }
        black_box(terminal.screen().cursor_position());
    });
    println!("looked at         {looked:8.0} MB/s");
    let splitter = rate(&numbered, || {
        let mut splitter = LineSplitter::default();
        let mut count = 0;
        for read in numbered.chunks(READ) {
            splitter.feed(read, &mut |line| count += line.len());
        }
        black_box(count);
    });
    println!("line splitter     {splitter:8.0} MB/s");
    let terminal = fed(&numbered);
    for pattern in ["no such text", "request 77777 ", "took (1|2)3ms", "(?i)no such text", r"\d{9}"] {
        let speed = rate(&numbered, || {
            let tally = Tally::new(Arc::new(Pattern::new(pattern).expect("a good pattern")));
            while let Some(errand) = tally.errand(&terminal, tally.nearest(&terminal, 0)) {
                tally.take(&terminal, &errand.run());
            }
            black_box(tally.count(&terminal));
        });
        println!("search {pattern:18} {speed:8.0} MB/s");
    }
    excerpt(&numbered);
}

/// Prints how long the loop is held up by who takes a whole history of a gigabyte to save it: the first time, when nothing is known of
/// the files, and once more.
fn excerpt(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let (past, mut scribe) = Past::open(folder.path());
    let (mut terminal, mut disk, mut fed) = (Terminal::new(50, 200), Files::default(), Fed::default());
    terminal.recall(past, 4_000_000_000);
    terminal.begin_run(1, None, Moment(0));
    for _ in 0..1_000_000_000 / bytes.len() {
        for read in bytes.chunks(1 << 20) {
            terminal.feed(read, Moment(0), &mut fed);
            for package in terminal.packages() {
                let written = scribe.write(&package, &mut disk).expect("the disk takes it");
                terminal.written(written.as_slice());
            }
        }
    }
    let tail = terminal.tail().expect("there are newest lines");
    scribe.write_tail(&tail, &mut disk).expect("the disk takes it");
    let (past, _) = Past::open(folder.path());
    let mut again = Terminal::new(50, 200);
    again.recall(past, 4_000_000_000);
    let took = |terminal: &Terminal| {
        let start = Instant::now();
        black_box(terminal.excerpt(0..u64::MAX));
        start.elapsed().as_secs_f64() * 1e3
    };
    let (first, second) = (took(&again), took(&again));
    let leaves = again.leaves(&again.lines()).count();
    println!("excerpt of 1 GB   {first:8.2} ms at first, {second:.2} ms again, of {leaves} leaves");
}

/// A row of a screen as vim and htop paint it: a move, colours, text, the rest of the row erased; now and then a status line.
fn editor_row(n: usize) -> String {
    let status = if n % 48 == 47 {
        "\x1b[?25l\x1b[50;1H\x1b[44m-- INSERT --\x1b[m\x1b[K\x1b[9;9H\x1b[?25h"
    } else {
        ""
    };
    format!(
        "\x1b[{};1H\x1b[38;5;130m{n:4} \x1b[m    \x1b[32mlet\x1b[m name_{n} = \x1b[1;36mtable\x1b[0m.row({n});\x1b[K\x1b[20C\x1b[7m{:3}%\x1b[27m{status}",
        n % 48 + 1,
        n % 101
    )
}

/// The whole screen from its first row on, as `watch` and simple programs do.
fn repainted(n: usize) -> String {
    let row = |row| {
        format!("{row:3} {n:08} the quick brown fox jumps over the lazy dog, again and again and again")
    };
    let rows: Vec<String> = (1..=ROWS.get()).map(row).collect();
    format!("\x1b[H{}", rows.join("\r\n"))
}

/// Prints how quickly a full-screen program is taken in, and how that compares to vt100 alone: the median of rounds in which
/// both take turns, since a machine that others use is now quick, now slow.
fn flood(name: &str, bytes: &[u8]) {
    let mut rounds: Vec<(f64, f64, f64)> = (0..FLOOD_ROUNDS)
        .map(|_| {
            let ours = speed(bytes, || {
                black_box(fed(bytes));
            });
            let alone = speed(bytes, || alone(bytes));
            (ours / alone, ours, alone)
        })
        .collect();
    rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, ours, alone) = rounds[FLOOD_ROUNDS / 2];
    let (least, most) = (rounds[0].0, rounds[FLOOD_ROUNDS - 1].0);
    println!(
        "{name:17} {ours:8.0} MB/s  {ratio:.2} of vt100 alone ({alone:.0} MB/s; {least:.2} to {most:.2} in {FLOOD_ROUNDS} rounds)"
    );
}

fn alone(bytes: &[u8]) {
    let mut parser = vt100::Parser::new(ROWS, COLS, 0);
    for read in bytes.chunks(READ) {
        parser.process(read);
    }
    black_box(parser.screen().cursor_position());
}

fn fed(bytes: &[u8]) -> Terminal {
    let mut terminal = Terminal::new(ROWS.get(), COLS.get());
    let mut replies = Fed::default();
    for (index, read) in bytes.chunks(READ).enumerate() {
        terminal.feed(read, Moment(index as i64 / 10), &mut replies);
    }
    terminal
}

/// 32 MB of output.
fn repeat(line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut number = 0;
    while bytes.len() < 32_000_000 {
        bytes.extend_from_slice(line(number).as_bytes());
        number += 1;
    }
    bytes
}

/// The best of five runs, in MB/s.
fn rate(bytes: &[u8], mut run: impl FnMut()) -> f64 {
    (0..5).map(|_| speed(bytes, &mut run)).fold(0.0, f64::max)
}

/// One run, in MB/s.
fn speed(bytes: &[u8], run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    bytes.len() as f64 / start.elapsed().as_secs_f64() / 1e6
}
