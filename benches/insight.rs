//! How many lines a second are given their level. Prints the figure for each kind of line.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use zap::insight::{Blocks, Level};

const LINES: usize = 2_000_000;

fn main() {
    kind("no level, plain", &|n| {
        format!("line {n} of a program that prints plain words, a number and a path /var/lib/{n}")
    });
    kind("no level, access log", &|n| {
        format!("127.0.0.1 - - [20/Nov/2026:12:04:31 +0000] \"GET /api/items/{n} HTTP/1.1\" 200 {n}")
    });
    kind("tracing, info", &|n| {
        format!("2026-11-20T12:04:31.{n:06}Z  INFO app::server: GET /api/items/{n} 200 3ms")
    });
    kind("time, then words", &|n| {
        format!("12:04:31 GET /api/items/{n}?page=3 200 {n}ms and some more of it")
    });
    kind("logfmt", &|n| {
        format!("time=2026-11-20T12:04:31Z level=info msg=\"request\" path=/api/items/{n} status=200")
    });
    kind("json, pino", &|n| {
        format!("{{\"level\":30,\"time\":1,\"pid\":4711,\"hostname\":\"h\",\"msg\":\"request {n}\"}}")
    });
    kind("errors", &|n| format!("2026-11-20 12:04:31,123 - app.db - ERROR - connection {n} lost"));
}

fn kind(name: &str, line: &dyn Fn(usize) -> String) {
    let lines: Vec<String> = (0..1000).map(line).collect();
    let bytes: usize = lines.iter().map(String::len).sum();
    let mut blocks = Blocks::default();
    let start = Instant::now();
    let mut told = 0_u64;
    for _ in 0..LINES / lines.len() {
        told += lines.iter().filter(|line| blocks.hear(line) == Some(Level::Error)).count() as u64;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{name:24} {:6.1} M lines/s  {:6.0} MB/s  ({told} errors)",
        LINES as f64 / seconds / 1e6,
        (bytes * LINES / lines.len()) as f64 / seconds / 1e6
    );
}
