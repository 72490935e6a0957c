//! How long a frame and a key take, at 200x50. Prints the median and the worst of many.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal as Screen;
use ratatui::backend::TestBackend;
use zap::config::Theme;
use zap::config::{Bindings, Quit};
use zap::model::{InstanceId, InstanceView, Now, RunId, RunView, State, SystemView, Time, View, Wall};
use zap::terminal::{Fed, Moment, Terminal};
use zap::ui::{Depth, Options, Terminals, Ui};

const SIZE: (u16, u16) = (200, 50);
const ROUNDS: usize = 400;

fn main() {
    println!("at {}x{}, {ROUNDS} rounds: median and worst", SIZE.0, SIZE.1);
    let plain = |number| {
        format!("12:04:{number:02} GET /api/items/{number}?page=3 200 {number}ms {}\r\n", "x".repeat(140))
    };
    let coloured = |number| {
        let words = "\x1b[32mINFO\x1b[0m request \x1b[1;36mGET\x1b[0m /items \x1b[33m312ms\x1b[0m ".repeat(8);
        format!("12:04:{number:02} {words}\r\n")
    };
    frames("live screen, plain, both panes", 20, &plain, "");
    frames("live screen, coloured, both panes", 20, &coloured, "");
    frames("live screen, coloured, pager in full", 20, &coloured, "\n");
    frames("lines, plain, pager in full", 20, &plain, "\nk");
    frames("lines, coloured, pager in full", 20, &coloured, "\nk");
    frames("lines, coloured, searching", 20, &coloured, "\n/get\nk");
    frames("1,000 jobs, live screen, coloured", 1000, &coloured, "");
    frames("1,000 jobs, filtered", 1000, &plain, "/j5\n");
    keys("key j among 100 jobs", 100, 'j');
    keys("key j among 1,000 jobs", 1000, 'j');
    through(1000);
    deep();
    merged(20, 1_000_000);
}

/// Reading the merged output of many jobs that have printed a lot.
fn merged(jobs: u32, lines: i64) {
    let (mut ui, view, mut terminals) = world(jobs, &|_| String::new(), 0);
    for (id, terminal) in (0..).zip(terminals.values_mut()) {
        for number in 0..lines {
            let line = format!("line {number} of job {id}: GET /api/items?page={} 200\r\n", number % 97);
            terminal.feed(line.as_bytes(), Moment(1_000 + number * 7 + id), &mut Fed::default());
        }
    }
    println!("{jobs} jobs with {lines} lines each");
    let mut screen = Screen::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a test backend cannot fail");
    press(&mut ui, &view, &terminals, "ga\n");
    for keys in ["k", "b", "f", "g", "50%", "99%", "12345678g"] {
        let rounds = if keys.len() == 1 { ROUNDS } else { 20 };
        let times = (0..rounds).map(|_| {
            let start = Instant::now();
            press(&mut ui, &view, &terminals, keys);
            frame(&mut screen, &mut ui, &view, &terminals);
            start.elapsed()
        });
        report(&format!("keys {keys} in the merged output, with a frame"), times.collect());
    }
}

fn frames(name: &str, jobs: u32, line: &dyn Fn(u32) -> String, keys: &str) {
    let (mut ui, view, terminals) = world(jobs, line, 500);
    press(&mut ui, &view, &terminals, keys);
    while ui.is_busy(&view, &terminals) {
        ui.work(&view, &terminals);
    }
    let mut screen = Screen::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a test backend cannot fail");
    let times = (0..ROUNDS).map(|_| frame(&mut screen, &mut ui, &view, &terminals));
    report(name, times.collect());
}

fn frame(screen: &mut Screen<TestBackend>, ui: &mut Ui, view: &View, terminals: &Terminals) -> Duration {
    let mut took = Duration::ZERO;
    let drawn = screen.draw(|frame| {
        let start = Instant::now();
        ui.draw(frame, view, terminals, now());
        took = start.elapsed();
    });
    drawn.expect("a test backend cannot fail");
    took
}

fn keys(name: &str, jobs: u32, key: char) {
    let (mut ui, view, terminals) = world(jobs, &|number| format!("line {number}\r\n"), 50);
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        press(&mut ui, &view, &terminals, &key.to_string());
        start.elapsed()
    });
    report(name, times.collect());
}

/// Down through all jobs, with a frame after each key.
fn through(jobs: u32) {
    let (mut ui, view, terminals) = world(jobs, &|number| format!("line {number}\r\n"), 50);
    let mut screen = Screen::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a test backend cannot fail");
    let times = (0..jobs).map(|_| {
        let start = Instant::now();
        press(&mut ui, &view, &terminals, "j");
        let key = start.elapsed();
        key + frame(&mut screen, &mut ui, &view, &terminals)
    });
    report("key j and its frame, through 1,000 jobs", times.collect());
}

/// Moving and searching in a long history.
fn deep() {
    let (mut ui, view, terminals) =
        world(1, &|number| format!("line {number} {}\r\n", "x".repeat(90)), 100_000);
    press(&mut ui, &view, &terminals, "\n");
    let one = |ui: &mut Ui, keys: &str| {
        let start = Instant::now();
        press(ui, &view, &terminals, keys);
        start.elapsed()
    };
    let pages = (0..ROUNDS).map(|_| one(&mut ui, "b")).collect();
    report("key b in 100,000 lines", pages);
    report("keys 50%", (0..ROUNDS).map(|_| one(&mut ui, "50%")).collect());
    press(&mut ui, &view, &terminals, "/line 9.*9 \n");
    let mut slices = Vec::new();
    loop {
        let start = Instant::now();
        ui.work(&view, &terminals);
        let more = ui.is_busy(&view, &terminals);
        slices.push(start.elapsed());
        if !more {
            break;
        }
    }
    report(&format!("a slice of counting, of {}", slices.len()), slices);
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!("{name:<45} {:>8.1} µs {:>8.1} µs", micros(median), micros(worst));
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn press(ui: &mut Ui, view: &View, terminals: &Terminals, keys: &str) {
    for key in keys.chars() {
        let code = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
        drop(ui.input(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), view, terminals, now()));
    }
}

fn world(jobs: u32, line: &dyn Fn(u32) -> String, lines: u32) -> (Ui, View, Terminals) {
    let view = View { systems: vec![system(jobs)], quitting: None, problem: None };
    let mut terminals = Terminals::new();
    let text = (0..lines).fold(String::new(), |mut text, number| {
        let _ = write!(text, "{}", line(number));
        text
    });
    for id in 0..jobs {
        let mut terminal = Terminal::new(SIZE.1 - 3, SIZE.0);
        terminal.begin_run(1, None, Moment(0));
        let bytes = if id == 0 { text.as_bytes() } else { b"hello\r\n" };
        terminal.feed(bytes, Moment(0), &mut Fed::default());
        terminal.refresh();
        terminals.insert(InstanceId(id), terminal);
    }
    let mut ui = Ui::new(options());
    drop(ui.input(Event::Resize(SIZE.0, SIZE.1), &view, &terminals, now()));
    (ui, view, terminals)
}

fn options() -> Options {
    Options {
        theme: Theme::default(),
        keys: Bindings::default(),
        colours: Depth::True,
        utf8: true,
        quit: Quit::Ask,
        mouse: true,
        head: "systems.toml".to_owned(),
        zone: Box::new(|_| 0),
    }
}

fn now() -> Now {
    Now { mono: Time(Duration::from_secs(1000)), wall: Wall(1_700_000_000_000) }
}

fn system(jobs: u32) -> SystemView {
    let jobs = (0..jobs).map(job).collect();
    SystemView { name: "dev".to_owned(), title: "dev".to_owned(), description: None, jobs }
}

fn job(id: u32) -> InstanceView {
    InstanceView {
        id: InstanceId(id),
        address: format!("dev/job{id}"),
        name: format!("job{id}"),
        label: format!("job{id}"),
        number: 1,
        labels: Vec::new(),
        title: format!("job{id}"),
        description: None,
        state: State::Running,
        ready: true,
        wanted: true,
        interactive: false,
        one_shot: false,
        since: Now::default(),
        run: Some(RunView {
            id: RunId(1),
            number: 1,
            pid: Some(1),
            started: Now::default(),
            ended: None,
            complete: false,
        }),
        exit: None,
        restarts: 0,
        next: None,
        abroad: false,
        why: "running for 3 minutes".to_owned(),
        blocked_by: None,
        pending_change: false,
        unwell: false,
        overdue: false,
        note: String::new(),
        lingering: 0,
        steps: Vec::new(),
    }
}
