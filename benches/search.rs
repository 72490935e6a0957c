//! How quickly lines are found and counted in 10,000,000 lines (1 GB), and how long the loop is held up by it. Prints figures;
//! none fails. Times are those of the processor, so that they mean the same on a busy machine. The lines are kept in ten terminals of a million, because one keeps no more in memory.

#![expect(clippy::print_stdout, reason = "figures are for people")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use zap::terminal::{
    Direction, Errand, Fed, Filter, Filters, Matcher, Moment, Near, Pattern, Sought, Tally, Terminal,
};

/// Terminals, and lines in each.
const TERMINALS: u64 = 10;
const LINES: u64 = 1_000_000;

fn main() {
    let plain: Vec<Terminal> = (0..TERMINALS).map(|nth| filled(nth * LINES, "", "")).collect();
    let bytes: u64 = (0..LINES * TERMINALS).step_by(1000).map(|n| line(n, "", "").len() as u64 * 1000).sum();
    let kept: u64 = plain.iter().map(|terminal| terminal.lines().end - terminal.lines().start).sum();
    let memory: usize = plain.iter().map(Terminal::memory).sum();
    println!("{} MB, {kept} lines kept in {} MB", bytes / 1_000_000, memory / 1_000_000);
    for (name, text) in [
        ("no hit, a literal", "No such words"),
        ("no hit, no case", "no such words"),
        ("no hit, a regex without literals", r"\d{13}|[xyz]{4}"),
        ("few hits, a literal", "request 12345"),
        ("few hits, a regex", r"GET /items/1234\b.* 9\dms"),
        ("a tenth, a regex", r"[5]\dms$"),
        ("a third, no case", "warn|error"),
        ("all, a literal", "INFO|request"),
        ("all, a class", r"\s"),
        ("all, an empty match", "^"),
    ] {
        count(name, &plain, &pattern(text));
    }
    let filter = |text, out| Filter { pattern: Arc::new(Pattern::new(text).expect("it is one")), out };
    let filters = Filters(vec![filter("items/1", false), filter("WARN", true), filter("7ms$", false)]);
    count("three filters", &plain, &(Arc::new(filters) as Arc<dyn Matcher>));
    for (name, text) in
        [("near", "request 499001 "), ("half a million away", "request 1 "), ("none", "Nobody")]
    {
        first(&format!("first hit backwards, {name}"), &plain[0], &pattern(text), Direction::Backward);
    }
    for (name, text) in [("near", "request 500999 "), ("half a million away", "request 999998 ")] {
        first(&format!("first hit forwards, {name}"), &plain[0], &pattern(text), Direction::Forward);
    }
    held(&plain[0]);
    drop(plain);
    let coloured = [filled(0, "\x1b[32m", "\x1b[m")];
    count("a million coloured lines, few hits", &coloured, &pattern("request 12345"));
    count("a million coloured lines, no hit, a regex", &coloured, &pattern(r"\d{13}|[xyz]{4}"));
}

fn line(number: u64, colour: &str, end: &str) -> String {
    let level = ["INFO", "INFO", "INFO", "WARN", "INFO", "error"][(number % 6) as usize];
    format!(
        "2026-11-20T08:{:02}:{:02}.{:03}Z {colour}{level}{end} api::server request {number} GET /items/{} -> 200 in {}ms\r\n",
        number / 60_000 % 60,
        number / 1000 % 60,
        number % 1000,
        number * 7919 % 10_007,
        number % 97
    )
}

fn filled(first: u64, colour: &str, end: &str) -> Terminal {
    let mut terminal = Terminal::new(50, 200);
    terminal.begin_run(1, None, Moment(0));
    let mut fed = Fed::default();
    let mut chunk = String::new();
    for number in first..first + LINES {
        chunk += &line(number, colour, end);
        if chunk.len() > 60_000 {
            terminal.feed(chunk.as_bytes(), Moment(number as i64), &mut fed);
            chunk.clear();
        }
    }
    terminal.feed(chunk.as_bytes(), Moment(0), &mut fed);
    terminal
}

fn pattern(text: &str) -> Arc<dyn Matcher> {
    Arc::new(Pattern::new(text).expect("it is a pattern"))
}

fn near(line: u64, direction: Direction) -> Near {
    Near { line, direction }
}

/// Everything is counted; the slowest errand, and how long the loop needs at most to give out one and to take its report.
fn count(name: &str, terminals: &[Terminal], matcher: &Arc<dyn Matcher>) {
    let (mut whole, mut errands, mut held) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut found = 0;
    for terminal in terminals {
        let tally = Tally::new(Arc::clone(matcher));
        let start = spent();
        loop {
            let (errand, gave) = timed(|| tally.errand(terminal, near(0, Direction::Forward)));
            held = held.max(gave);
            let Some(errand) = errand else { break };
            let (report, ran) = timed(|| Errand::run(errand));
            errands = errands.max(ran);
            held = held.max(timed(|| tally.take(terminal, &report)).1);
        }
        whole += spent().saturating_sub(start);
        found += tally.count(terminal).lines;
    }
    println!(
        "{name:<45} {:>7.0} ms, {found:>8} lines, errands ≤ {:.1} ms, the loop held ≤ {:.2} ms",
        ms(whole),
        ms(errands),
        ms(held)
    );
}

/// From a key in the middle to the hit.
fn first(name: &str, terminal: &Terminal, matcher: &Arc<dyn Matcher>, direction: Direction) {
    let start = spent();
    let tally = Tally::new(Arc::clone(matcher));
    let lines = terminal.lines();
    let mut at = lines.start.midpoint(lines.end);
    let found = loop {
        let sought = match direction {
            Direction::Forward => tally.next(terminal, at),
            Direction::Backward => tally.previous(terminal, at),
        };
        match sought {
            Sought::Unknown(from) => {
                at = from;
                let errand = tally.errand(terminal, near(at, direction)).expect("none is under way");
                tally.take(terminal, &errand.run());
            }
            Sought::Found(line) => break Some(line),
            Sought::Nothing => break None,
        }
    };
    println!("{name:<45} {:>7.1} ms, {found:?}", ms(spent().saturating_sub(start)));
}

/// What the loop does when a key is pressed or a frame is drawn, once all is counted.
fn held(terminal: &Terminal) {
    for (name, text) in [("all lines", "^"), ("a sixth", "error"), ("one in ten thousand", "/items/77 ")] {
        let tally = Tally::new(pattern(text));
        while let Some(errand) = tally.errand(terminal, near(0, Direction::Forward)) {
            tally.take(terminal, &errand.run());
        }
        let lines = terminal.lines();
        let places = || (0..200_u64).map(|nth| (nth * 7919 + 3) * 1_000_003 % LINES);
        let worst =
            |deed: &dyn Fn(u64)| places().map(|place| timed(|| deed(place)).1).max().unwrap_or_default();
        println!(
            "held by {name:<37} next ≤ {:.2} ms, rank ≤ {:.2}, number n ≤ {:.2}, 50 rows ≤ {:.2}, overview ≤ {:.2}; {} KB",
            ms(worst(&|place| _ = black_box(tally.next(terminal, place)))),
            ms(worst(&|place| _ = black_box(tally.rank(terminal, place)))),
            ms(worst(&|place| _ = black_box(tally.nth(terminal, place / 10_000)))),
            ms(worst(&|place| {
                let mut at = place;
                for _ in 0..50 {
                    let Sought::Found(line) = tally.next(terminal, at) else { break };
                    at = line + 1;
                }
            })),
            ms(timed(|| tally.spread(terminal, &lines, 50)).1),
            tally.memory() / 1000,
        );
    }
}

fn timed<T>(deed: impl FnOnce() -> T) -> (T, Duration) {
    let start = spent();
    let result = black_box(deed());
    (result, spent().saturating_sub(start))
}

/// What this thread has taken of the processor so far.
fn spent() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("Linux has this clock").into()
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
