//! A run of ten million lines, a gigabyte, in the real binary: memory, jumps, the first hit of a search, the full count, and keys
//! meanwhile. Then twenty jobs of a million lines each. Prints figures; only ratios within one run mean anything.
//!
//! `cargo bench --bench vast [-- ROW...]` with rows out of one, twenty. `ZAP_VAST_LINES` sets another number of lines.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and runs programs itself")]

#[path = "../tests/e2e/host.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod host;

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use host::Host;

const LINES: u64 = 10_000_000;
/// Every so many lines one is slow.
const SLOW: u64 = 1_000;
/// Every so many lines one holds a needle.
const NEEDLES: u64 = 1_000_000;
/// Every so many lines one is an error.
const ERRORS: u64 = 10_000;
const JUMPS: u64 = 40;
/// Longer nobody waits for a count.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let rows: [(&str, fn()); 2] = [("one", one), ("twenty", twenty)];
    for (name, measure) in rows {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            measure();
        }
    }
}

fn lines() -> u64 {
    std::env::var("ZAP_VAST_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(LINES)
}

/// One job prints all lines; then its pager is used.
fn one() {
    let count = lines();
    let (_folder, file) = log_file(count);
    let config = format!(
        "[zap]\nquit = \"stop\"\nhistory = \"2GB\"\n[systems.a.jobs]\none = \"cat {}; echo the end; exec sleep 1000\"\n",
        file.display()
    );
    let mut host = Host::new(&config).size(50, 200);
    let begin = Instant::now();
    host.zap(&[]).row(&["one", "running"]).keys("\r");
    settles(&mut host, "the end");
    let took = begin.elapsed().as_secs_f64();
    println!("printed   {count} lines in {took:.1} s · {:.1} MB resident", resident(host.pid()));

    let mut jumps = Vec::new();
    for jump in 0..JUMPS {
        let line = (jump * 7_919 + 13) * (count / JUMPS) % count + 1;
        jumps.push(timed(&mut host, &format!("{line}g"), &number(line - 1)));
    }
    jumps.push(timed(&mut host, "g", &number(0)));
    jumps.push(timed(&mut host, "G", "the end"));
    told("a jump to a line", &mut jumps);
    println!("jumps     {:.1} MB resident", resident(host.pid()));

    errors(&mut host, count);
    search(&mut host, count);
    filter(&mut host, count);
    println!(
        "memory    {:.1} MB resident at the end, {:.1} MB at most",
        resident(host.pid()),
        peak(host.pid())
    );
    host.keys("qq");
    host.ends();
}

/// Errors are counted in the background as soon as the job is looked at and its flood is over.
fn errors(host: &mut Host, count: u64) {
    let all = format!(" of {}", thousands(count / ERRORS));
    let begin = Instant::now();
    let mut keys = Vec::new();
    host.keys("G").shows("the end");
    while !host.screen().lines().any(|row| row.split(&all).nth(1).is_some_and(|rest| !rest.starts_with('+')))
        && begin.elapsed() < PATIENCE
    {
        keys.push(changed(host, "E"));
        host::pause_for(Duration::from_millis(20));
    }
    told("E         a key while errors are counted", &mut keys);
    println!(
        "E         all{all} errors after {:.2} s · {:.1} MB resident",
        begin.elapsed().as_secs_f64(),
        resident(host.pid())
    );
}

fn search(host: &mut Host, count: u64) {
    host.keys("g").shows(&number(0));
    let first = timed(host, "/needle\r", &format!("needle {}", number(NEEDLES / 2)));
    println!("search    the first hit after {first:.1} ms (half a million lines away)");
    counted(host, "a word", count.div_ceil(NEEDLES));
    host.keys("\x1b");
    host::pause_for(Duration::from_millis(200));
    host.keys("g").shows(&number(0));
    host.keys("/GET.*slow\r");
    counted(host, "a regex", count / SLOW);
    host.keys("\x1b");
    host::pause_for(Duration::from_millis(200));
    println!("search    {:.1} MB resident", resident(host.pid()));
}

/// All hits of a search are counted, while one moves about.
fn counted(host: &mut Host, what: &str, all: u64) {
    let (begin, all) = (Instant::now(), format!("/{} ", thousands(all)));
    let mut keys = Vec::new();
    while !host.screen().contains(&all) && begin.elapsed() < PATIENCE {
        keys.push(changed(host, "j"));
        host::pause_for(Duration::from_millis(20));
    }
    println!(
        "search    all hits of {what} ({}) counted after {:.2} s",
        all.trim(),
        begin.elapsed().as_secs_f64()
    );
    if !keys.is_empty() {
        told("          a key meanwhile", &mut keys);
    }
}

/// One rare line in a million, and one in a thousand.
fn filter(host: &mut Host, count: u64) {
    host.keys("g").shows(&number(0));
    let begin = Instant::now();
    let first = timed(host, "&needle\r", &format!("needle {}", number(NEEDLES / 2)));
    let whole = format!("& needle  {} of ", thousands(count.div_ceil(NEEDLES)));
    host.shows(&whole);
    println!(
        "filter    the first line after {first:.1} ms, all counted after {:.2} s",
        begin.elapsed().as_secs_f64()
    );
    let mut keys = vec![changed(host, "\x1b"), changed(host, "&slow\r")];
    host.shows(&format!("& slow  {} of ", thousands(count / SLOW)));
    keys.clear();
    for key in ["f"; 10].into_iter().chain(["b"; 5]).chain(["G", "g", "50%", "b", "b", "G", "b", "b"]) {
        keys.push(changed(host, key));
    }
    told("filter    a page of `slow`", &mut keys);
    host.keys("\x1b");
    host::pause_for(Duration::from_millis(200));
}

/// Twenty jobs print a tenth of the lines each.
fn twenty() {
    let count = lines() / 10;
    let (folder, file) = log_file(count);
    let mut config = "[zap]\nquit = \"stop\"\n[systems.a.jobs]\n".to_owned();
    let ends: Vec<PathBuf> = (0..20).map(|job| folder.path().join(format!("end{job}"))).collect();
    for (job, end) in ends.iter().enumerate() {
        let (file, end) = (file.display(), end.display());
        let _ = writeln!(config, "j{job} = \"cat {file}; echo the end; touch {end}; exec sleep 1000\"");
    }
    let mut host = Host::new(&config).size(50, 200);
    let begin = Instant::now();
    host.zap(&[]).row(&["j19", "running"]);
    while !ends.iter().all(|end| end.exists()) {
        assert!(begin.elapsed() < Duration::from_secs(300), "not all have ended");
        host::pause_for(Duration::from_millis(50));
    }
    settles(&mut host, "the end");
    println!(
        "twenty    {count} lines each in {:.1} s · {:.1} MB resident",
        begin.elapsed().as_secs_f64(),
        resident(host.pid())
    );
    merged(&mut host);
    host.keys("qqq");
    host.ends();
}

/// The merged output of all of them.
fn merged(host: &mut Host) {
    host.keys("\r").shows("the end");
    println!("merged    opened after {:.1} ms", timed(host, "a", " of 20 up"));
    let go = |host: &mut Host, key: &str, text: &str| {
        println!("merged    `{key}` {:.1} ms", timed(host, key, text));
    };
    for _ in 0..2 {
        go(host, "g", &number(0));
        go(host, "50%", " 50% of");
        let mut pages: Vec<f64> =
            ["b"; 10].into_iter().chain(["f"; 10]).map(|key| changed(host, key)).collect();
        told("merged    a page", &mut pages);
        let mut jumps: Vec<f64> = (1..10).map(|tenth| changed(host, &format!("{tenth}3%"))).collect();
        told("merged    a jump to a part", &mut jumps);
        go(host, "G", "the end");
        let mut pages: Vec<f64> = ["b"; 10].map(|key| changed(host, key)).into();
        told("merged    a page near the end", &mut pages);
    }
    println!("merged    {:.1} MB resident, {:.1} MB at most", resident(host.pid()), peak(host.pid()));
}

/// Waits long for a text on the screen.
fn settles(host: &mut Host, text: &str) {
    let begin = Instant::now();
    while !host.screen().contains(text) {
        assert!(begin.elapsed() < Duration::from_secs(300), "no {text} on\n{}", host.screen());
        host::pause_for(Duration::from_millis(50));
    }
}

/// Milliseconds from keys to a text on the screen.
fn timed(host: &mut Host, keys: &str, text: &str) -> f64 {
    let begin = Instant::now();
    host.keys(keys).shows(text);
    begin.elapsed().as_secs_f64() * 1e3
}

/// Milliseconds from a key that moves to another picture of the output.
fn changed(host: &mut Host, keys: &str) -> f64 {
    let rows = |screen: &str| -> Vec<String> {
        let rows = screen.lines().count();
        screen.lines().skip(1).take(rows.saturating_sub(3)).map(str::to_owned).collect()
    };
    let before = rows(&host.screen());
    let begin = Instant::now();
    host.keys(keys).until("another picture", |screen| rows(screen) != before);
    begin.elapsed().as_secs_f64() * 1e3
}

fn told(what: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let worst = times.last().copied().unwrap_or_default();
    println!("{what}: median {:.1} ms, worst {worst:.1} ms of {}", times[times.len() / 2], times.len());
}

/// How a line tells its number.
fn number(line: u64) -> String {
    format!("request {line:08}")
}

/// A log of about a hundred bytes a line.
fn log_file(count: u64) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    write_log(&path, count).expect("the log");
    (folder, path)
}

fn write_log(path: &Path, count: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    for line in 0..count {
        let word = match line {
            _ if line % NEEDLES == NEEDLES / 2 => "needle",
            _ if line % SLOW == 1 => "slow",
            _ => "fine",
        };
        let level = if line % ERRORS == ERRORS / 3 { "ERROR" } else { "INFO" };
        writeln!(
            out,
            "2026-11-20T08:{:02}:{:02}.{:03}Z {level} api::server GET /items/{:05} 200 {:3}ms {word} {} ok",
            line / 60_000 % 60,
            line / 1000 % 60,
            line % 1000,
            line * 7919 % 100_003,
            line % 97,
            number(line)
        )?;
    }
    out.flush()
}

/// `12,402`, as zap tells numbers.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|three| std::str::from_utf8(three).ok()).collect();
    groups.join(",")
}

/// Megabytes of memory of a process.
fn resident(pid: i32) -> f64 {
    memory(pid, "VmRSS:")
}

/// Megabytes that a process ever had.
fn peak(pid: i32) -> f64 {
    memory(pid, "VmHWM:")
}

fn memory(pid: i32, what: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1e3
}
