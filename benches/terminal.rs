//! How fast a terminal takes in output, how small its history is, how fast it is searched: figures, not a gate.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "figures are for people")]

use std::hint::black_box;
use std::num::NonZeroU16;
use std::time::Instant;

use zap::terminal::{Fed, LineSplitter, Moment, Search, Terminal};

/// What one read of a PTY gives.
const READ: usize = 4095;
const ROWS: NonZeroU16 = NonZeroU16::new(50).expect("not 0");
const COLS: NonZeroU16 = NonZeroU16::new(200).expect("not 0");

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
    let flood = repeat(|n| {
        format!(
            "\x1b[{};{}H\x1b[3{}m{:06}\x1b[m \x1b[{};1H\x1b[Krow {n} of a table\x1b[20Cend",
            n % 49 + 1,
            n % 150 + 1,
            n % 8,
            n,
            n % 47 + 1
        )
    });
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
    let alone = rate(&flood, || {
        let mut parser = vt100::Parser::new(ROWS, COLS, 0);
        for read in flood.chunks(READ) {
            parser.process(read);
        }
        black_box(parser.screen().cursor_position());
    });
    let ours = rate(&flood, || {
        black_box(fed(&flood));
    });
    println!("full-screen flood {ours:8.0} MB/s  {:.2} of vt100 alone ({alone:.0} MB/s)", ours / alone);
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
            let mut search = Search::new(pattern).expect("a good pattern");
            while !search.count_some(&terminal, 10_000).complete {}
            black_box(search.matches(&terminal));
        });
        println!("search {pattern:18} {speed:8.0} MB/s");
    }
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
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min);
    bytes.len() as f64 / best / 1e6
}
