//! The rows of the promises about speed, measured on the real binary in a real terminal, with the floor beside them: a
//! program that only reads. Prints figures; machines are noisy, so only ratios within one run mean anything.
//!
//! `cargo bench --bench supervise [-- ROW...]` with rows out of ingest, history, latency, idle, start, quit,
//! exit, reload, thousand.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and runs programs itself")]

#[path = "../tests/e2e/host.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod host;

use std::hash::{DefaultHasher, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use host::{Host, pause_for};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use zap::model::{RunId, Size};
use zap::sys::{Buffer, Lane, Pty};
use zap::terminal::{Direction, Fed, LineKind, Moment, Terminal};

/// How much one job prints.
const MEGABYTES: usize = 100;
/// How often a row is measured; medians are printed.
const ROUNDS: usize = 3;
const JOBS: usize = 100;
/// How often a job is killed from outside.
const KILLS: usize = 50;
/// How many jobs the file has of which one changes.
const RELOADED: usize = 200;
const THOUSAND: usize = 1000;
const MARK: &str = "@@@@@@@@@@@@@@@@@@@@";

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let rows: [(&str, fn()); 9] = [
        ("ingest", ingest),
        ("history", history),
        ("latency", latency),
        ("idle", idle),
        ("start", start),
        ("quit", quit),
        ("exit", exit),
        ("reload", reload),
        ("thousand", thousand),
    ];
    for (name, measure) in rows {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            measure();
        }
    }
}

/// One job prints 100 MB of coloured log: until its last line is painted, beside a program that only reads.
fn ingest() {
    let (_folder, file) = log_file();
    let (mut floors, mut speeds, mut efficiencies) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(MEGABYTES as f64 / read_only(&file).as_secs_f64());
        let config = format!(
            "[zap]\nquit = \"stop\"\n[systems.a.jobs]\none = \"read line; cat {}; echo {MARK}; exec sleep 1000\"\n",
            file.display()
        );
        let mut host = Host::new(&config).size(50, 200);
        host.zap(&[]).row(&["one", "running"]).keys("\ri");
        host.shows("Ctrl-]");
        let (begin, before) = (Instant::now(), cpu(host.pid()));
        host.keys("\r").shows(MARK);
        let took = begin.elapsed().as_secs_f64();
        speeds.push(MEGABYTES as f64 / took);
        efficiencies.push(MEGABYTES as f64 / (cpu(host.pid()) - before).max(0.01));
        host.keys("\x1d").shows_no("Ctrl-]").keys("qq");
        host.ends();
    }
    let (floor, speed, efficiency) = (median(&mut floors), median(&mut speeds), median(&mut efficiencies));
    println!(
        "ingest    reading only {floor:.0} MB/s · zap {speed:.0} MB/s, {:.2} of it · {efficiency:.0} MB per CPU second",
        speed / floor
    );
}

/// The same bytes through a PTY and a reader into a terminal; then every line is read back and compared.
fn history() {
    let (_folder, file) = log_file();
    let (told, chunks) = channel();
    let (pty, slave) = Pty::open(Size { rows: 50, cols: 200 }).expect("a PTY");
    pty.read_into(RunId(1), Arc::new(Sender(Mutex::new(told)))).expect("a reader");
    let mut terminal = Terminal::new(50, 200);
    terminal.begin_run(1, None, Moment(0));
    let mut child =
        std::process::Command::new("cat").arg(&file).stdout(slave.into_stdio()).spawn().expect("cat");
    let (begin, mut fed) = (Instant::now(), Fed::default());
    for chunk in chunks {
        let Some(bytes) = chunk else { break };
        terminal.feed(&bytes, Moment(0), &mut fed);
    }
    let took = begin.elapsed().as_secs_f64();
    child.wait().expect("cat ends");
    terminal.end_run("exit 0", Moment(0));
    let held = terminal.memory();
    let (kept, hash) = hash_of_history(&terminal);
    let text = std::fs::read(&file).expect("the log");
    let (lines, whole) = hash_of_file(&text, kept);
    let verdict = if hash == whole { "equal to what was printed" } else { "NOT what was printed" };
    println!(
        "history   {:.0} MB/s · {lines} lines printed, the last {kept} held in {:.1} MB ({:.1} bytes a line), {verdict}",
        MEGABYTES as f64 / took,
        held as f64 / 1e6,
        held as f64 / kept as f64
    );
}

/// A key until the job it selects is on the screen, quiet and while 1 and 4 jobs flood.
fn latency() {
    let (_folder, file) = log_file();
    for floods in [0, 1, 4] {
        let mut config = "[zap]\nquit = \"stop\"\n[systems.a.jobs]\n".to_owned();
        let flood = |number: usize| format!("f{number} = \"while :; do cat {}; done\"\n", file.display());
        config += &if floods > 0 { flood(0) } else { "quiet = \"echo quiet; exec sleep 1000\"\n".to_owned() };
        config += &["target = \"echo ", MARK, "; exec sleep 1000\"\n"].concat();
        (1..floods).for_each(|number| config += &flood(number));
        let mut host = Host::new(&config).size(50, 200);
        host.zap(&[]).row(&["target", "running"]);
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..30 {
            let begin = Instant::now();
            host.keys("j").shows(MARK);
            times.push(begin.elapsed().as_secs_f64() * 1e3);
            host.keys("k").shows_no(MARK);
            pause_for(Duration::from_millis(60));
        }
        let worst = times.iter().copied().fold(0.0, f64::max);
        println!(
            "latency   {floods} floods: key to repaint {:.2} ms, worst {worst:.1} ms",
            median(&mut times)
        );
        host.keys("q");
        host.ends();
    }
}

/// 100 jobs that sleep: memory, processor time and wake-ups.
fn idle() {
    let mut host = sleepers("exec sleep 1000");
    pause_for(Duration::from_secs(4));
    let (pid, bytes) = (host.pid(), host.written());
    let (before, woken) = (cpu(pid), wakeups(pid));
    pause_for(Duration::from_secs(20));
    println!(
        "idle      {JOBS} jobs: {:.1} MB · {:.2} s of CPU in 20 s · {:.1} wake-ups a second · {} bytes written",
        resident(pid),
        cpu(pid) - before,
        (wakeups(pid) - woken) as f64 / 20.0,
        host.written() - bytes
    );
    host.keys("q");
    host.ends();
}

/// 100 jobs: from exec to the first byte painted, and until all run.
fn start() {
    let (mut paints, mut alls) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let mut host = new_sleepers("echo x > started.$ZAP_JOB; exec sleep 1000");
        host.zap(&[]);
        host.until("a first byte", |screen| !screen.trim().is_empty());
        paints.push(begin.elapsed().as_secs_f64() * 1e3);
        let folder = host.folder().to_owned();
        while started(&folder) < JOBS {
            pause_for(Duration::from_millis(1));
        }
        alls.push(begin.elapsed().as_secs_f64() * 1e3);
        host.keys("q");
        host.ends();
    }
    println!(
        "start     first paint {:.0} ms · {JOBS} jobs run after {:.0} ms",
        median(&mut paints),
        median(&mut alls)
    );
}

/// From the key to the end of zap.
fn quit() {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let mut host = sleepers("exec sleep 1000");
        let begin = Instant::now();
        host.keys("q");
        host.ends();
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        host.leaves_nothing_behind();
    }
    println!("quit      {JOBS} plain jobs {:.0} ms", median(&mut times));
    let mixed = "[zap]\nquit = \"stop\"\n[defaults]\nstop = { timeout = \"1s\" }\n[systems.a.jobs]\n\
                 deaf = \"rogue deaf\"\nescaped = \"setsid sleep 1000 & exec sleep 1000\"\norphan = \"rogue orphan\"\n";
    let mut host = Host::new(mixed).size(50, 200);
    host.zap(&[]).row(&["deaf", "running"]).row(&["escaped", "running"]);
    let begin = Instant::now();
    host.keys("q");
    host.ends();
    let took = begin.elapsed().as_secs_f64() * 1e3;
    println!(
        "quit      deaf, escaped and orphaned, grace 1000 ms: {took:.0} ms, {} left",
        host.alive().len()
    );
    host.leaves_nothing_behind();
}

/// A job killed from outside: until its end is told on the socket, and until it runs again.
fn exit() {
    let config = "[defaults]\nrestart = 'always'\nstart-secs = 0\nmax-runs = false\nbackoff = { first = '1ms', factor = 1 }\n[systems.a.jobs]\none = 'exec sleep 1000'\ntwo = 'exec sleep 1000'\n";
    let host = Host::new(config);
    let zap = Zap::start(&host);
    let mut events = zap.ask(r#"{"events":{"follow":true,"targets":["one"]}}"#);
    let (mut ends, mut returns) = (Vec::new(), Vec::new());
    while ends.len() < KILLS {
        let started = events.event("started");
        events.event("up");
        let pid = started["pid"].as_i64().and_then(|pid| pid.try_into().ok()).expect("a pid");
        let begin = Instant::now();
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL)
            .expect("it is there");
        let exited = events.event("exited");
        ends.push(begin.elapsed().as_secs_f64() * 1e3);
        assert_eq!(exited["exit"]["signal"], "KILL");
        events.event("retry");
        returns.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let worst = ends.iter().copied().fold(0.0, f64::max);
    println!(
        "exit      {KILLS} kills from outside: told after {:.2} ms, worst {worst:.1} ms · judged after {:.2} ms",
        median(&mut ends),
        median(&mut returns)
    );
    drop(events);
    zap.shut_down();
    host.leaves_nothing_behind();
}

/// A file of 200 jobs of which one has changed: from the request to the reply, and who has another process then.
fn reload() {
    let file = |round: usize| {
        let job = |job: usize| {
            let seconds = if job == RELOADED / 2 { 2000 + round } else { 1000 };
            format!("j{job:03} = 'exec sleep {seconds}'\n")
        };
        let jobs: String = (0..RELOADED).map(job).collect();
        format!("[defaults]\nstart-secs = 0\n[systems.a.jobs]\n{jobs}")
    };
    let host = Host::new(&file(0));
    let zap = Zap::start(&host);
    zap.all_are_ready();
    let mut events = zap.ask(r#"{"events":{"follow":true}}"#);
    let (mut replies, mut throughs, mut verbs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=2 * ROUNDS + 1 {
        let before = zap.pids();
        host.file("systems.toml", &file(round));
        let begin = Instant::now();
        let told = zap.ask(r#"{"reload":{}}"#).answer("reload");
        replies.push(begin.elapsed().as_secs_f64() * 1e3);
        assert_eq!((told["kept"].as_u64(), &told["applied"]), (Some(RELOADED as u64 - 1), &true.into()));
        events.event("reload");
        events.event("started");
        throughs.push(begin.elapsed().as_secs_f64() * 1e3);
        zap.all_are_ready();
        let after = zap.pids();
        let changed = before.iter().zip(&after).filter(|(old, new)| old != new).count();
        assert_eq!((before.len(), after.len(), changed), (RELOADED, RELOADED, 1), "one pid changes");
        host.file("systems.toml", &file(round + 100));
        let begin = Instant::now();
        assert_eq!(host.verb(&["reload"]).code, 0);
        verbs.push(begin.elapsed().as_secs_f64() * 1e3);
        events.event("reload");
        events.event("started");
        zap.all_are_ready();
    }
    println!(
        "reload    {RELOADED} jobs, one changed: answered after {:.1} ms, worst {:.1} ms · it runs anew after {:.1} ms · `zap reload` {:.1} ms · 1 pid changed",
        median(&mut replies),
        replies.iter().copied().fold(0.0, f64::max),
        median(&mut throughs),
        median(&mut verbs)
    );
    drop(events);
    zap.shut_down();
    host.leaves_nothing_behind();
}

/// 1,000 real processes, flat and in a chain: start, memory, a reload with one changed, and the end.
fn thousand() {
    for shape in ["flat", "chain"] {
        let file = |seconds: usize| {
            let job = |job: usize| {
                let seconds = if job == THOUSAND - 1 { seconds } else { 1000 };
                let needs = match job.checked_sub(1) {
                    Some(needed) if shape == "chain" => format!(", depends-on = ['j{needed:03}']"),
                    Some(_) | None => String::new(),
                };
                format!("j{job:03} = {{ command = 'exec sleep {seconds}'{needs} }}\n")
            };
            let jobs: String = (0..THOUSAND).map(job).collect();
            format!("[defaults]\nstart-secs = 0\n[systems.a.jobs]\n{jobs}")
        };
        let host = Host::new(&file(1000));
        let begin = Instant::now();
        let zap = Zap::start(&host);
        zap.all_are_ready();
        let start = begin.elapsed();
        let (megabytes, used) = (resident(zap.pid()), cpu(zap.pid()));
        let begin = Instant::now();
        let status = zap.pids();
        let looked = begin.elapsed();
        assert_eq!(status.len(), THOUSAND);
        host.file("systems.toml", &file(2000));
        let begin = Instant::now();
        let told = zap.ask(r#"{"reload":{}}"#).answer("reload");
        let reload = begin.elapsed();
        assert_eq!(told["kept"].as_u64(), Some(THOUSAND as u64 - 1));
        zap.all_are_ready();
        let changed = status.iter().zip(&zap.pids()).filter(|(old, new)| old != new).count();
        assert_eq!(changed, 1, "one pid changes");
        let begin = Instant::now();
        zap.shut_down();
        let end = begin.elapsed();
        println!(
            "thousand  {shape}: all up after {:.2} s ({used:.2} s of CPU) · {megabytes:.0} MB · status {:.1} ms · reload of one {:.1} ms · shut down in {:.2} s",
            start.as_secs_f64(),
            looked.as_secs_f64() * 1e3,
            reload.as_secs_f64() * 1e3,
            end.as_secs_f64()
        );
        host.leaves_nothing_behind();
    }
}

/// A zap without a screen, spoken to by its socket.
struct Zap {
    child: std::process::Child,
    socket: PathBuf,
}

impl Zap {
    fn start(host: &Host) -> Self {
        let mut command = host.command(env!("CARGO_BIN_EXE_zap"));
        command.arg("--no-tui").stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let child = command.spawn().expect("zap can be started");
        let zap = Self { child, socket: host.runtime().join("socket") };
        while UnixStream::connect(&zap.socket).is_err() {
            pause_for(Duration::from_millis(1));
        }
        zap
    }

    fn pid(&self) -> i32 {
        self.child.id().try_into().expect("a pid fits")
    }

    fn ask(&self, ask: &str) -> Answers {
        let mut stream = UnixStream::connect(&self.socket).expect("zap lets us in");
        writeln!(stream, "{{\"protocol\":1,\"ask\":{ask}}}").expect("zap reads");
        Answers { lines: BufReader::new(stream) }
    }

    /// Waits until all of it is up.
    fn all_are_ready(&self) {
        let end = self.ask(r#"{"wait":{"targets":["a"],"until":"ready"}}"#).answer("end");
        assert_eq!(end["code"].as_u64(), Some(0), "{end}");
    }

    fn pids(&self) -> Vec<i64> {
        let status = self.ask(r#"{"status":{}}"#).answer("status");
        let jobs = status["systems"][0]["jobs"].as_array().expect("jobs");
        jobs.iter().filter_map(|job| job["pid"].as_i64()).collect()
    }

    fn shut_down(mut self) {
        self.ask(r#"{"shutdown":{}}"#).answer("end");
        self.child.wait().expect("it is our child");
    }
}

/// What zap answers to one question.
struct Answers {
    lines: BufReader<UnixStream>,
}

impl Answers {
    /// The next answer of this kind.
    fn answer(&mut self, kind: &str) -> serde_json::Value {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.lines.read_line(&mut line).expect("zap answers");
            assert!(read > 0, "the conversation is over before {kind}");
            let mut answer: serde_json::Value = serde_json::from_str(&line).expect("an object on each line");
            assert!(answer.get("refused").is_none(), "{answer}");
            if let Some(found) = answer.get_mut(kind) {
                return found.take();
            }
        }
    }

    /// The next event of this kind.
    fn event(&mut self, kind: &str) -> serde_json::Value {
        loop {
            let event = self.answer("event");
            if event["kind"] == kind {
                return event;
            }
        }
    }
}

fn new_sleepers(command: &str) -> Host {
    let jobs: String =
        (0..JOBS).map(|job| ["j", &format!("{job:03}"), " = '", command, "'\n"].concat()).collect();
    Host::new(&format!("[zap]\nquit = \"stop\"\n[systems.a.jobs]\n{jobs}")).size(50, 200)
}

fn sleepers(command: &str) -> Host {
    let mut host = new_sleepers(command);
    host.zap(&[]).shows(&format!("{JOBS} up"));
    host
}

fn started(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("the folder").flatten();
    files.filter(|file| file.file_name().to_string_lossy().starts_with("started.")).count()
}

/// How long it takes to read the file through a PTY and throw it away.
fn read_only(file: &Path) -> Duration {
    let size = PtySize { rows: 50, cols: 200, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a PTY");
    let mut cat = CommandBuilder::new("cat");
    cat.arg(file);
    let mut child = pair.slave.spawn_command(cat).expect("cat");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let (begin, mut buffer) = (Instant::now(), vec![0; 65536]);
    while reader.read(&mut buffer).is_ok_and(|read| read > 0) {}
    let took = begin.elapsed();
    child.wait().expect("cat ends");
    took
}

/// Passes on what a reader brings.
struct Sender(Mutex<std::sync::mpsc::Sender<Option<Buffer>>>);

impl Lane for Sender {
    fn chunk(&self, _: RunId, bytes: Buffer) {
        let _ = self.0.lock().expect("nobody panics").send(Some(bytes));
    }

    fn end(&self, _: RunId) {
        let _ = self.0.lock().expect("nobody panics").send(None);
    }
}

/// How many lines the history holds, and the hash of their text.
fn hash_of_history(terminal: &Terminal) -> (usize, u64) {
    let (mut hasher, mut lines) = (DefaultHasher::new(), 0);
    let _ = terminal.visit(terminal.lines(), Direction::Forward, &mut |_, line| {
        if line.kind == LineKind::Output {
            hasher.write(line.text().as_bytes());
            hasher.write_u8(b'\n');
            lines += 1;
        }
        std::ops::ControlFlow::Continue(())
    });
    (lines, hasher.finish())
}

/// How many lines the file has, and the hash of the text of the last `kept` of them, without escapes.
fn hash_of_file(text: &[u8], kept: usize) -> (usize, u64) {
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let mut hasher = DefaultHasher::new();
    for line in &lines[lines.len() - kept.min(lines.len())..] {
        hasher.write(zap::terminal::plain(line.strip_suffix(b"\n").unwrap_or(line)).as_bytes());
        hasher.write_u8(b'\n');
    }
    (lines.len(), hasher.finish())
}

/// 100 MB of log as cargo and a server print it.
fn log_file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    let mut text = Vec::with_capacity(MEGABYTES * 1_000_000 + 200);
    let mut number = 0_u32;
    while text.len() < MEGABYTES * 1_000_000 {
        let line = if number.is_multiple_of(4) {
            format!(
                "\x1b[2m2026-11-20T04:20:{:02}.{:03}Z\x1b[0m \x1b[32m INFO\x1b[0m app::server: request {number} served \x1b[3mport\x1b[0m={}\n",
                number / 1000 % 60,
                number % 1000,
                1000 + number % 9000
            )
        } else {
            format!(
                "\x1b[1m\x1b[32m   Compiling\x1b[0m crate-{} v{}.{}.{}\n",
                number % 97,
                number % 3,
                number % 40,
                number % 17
            )
        };
        text.extend_from_slice(line.as_bytes());
        number += 1;
    }
    std::fs::write(&path, text).expect("the log");
    (folder, path)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds of processor time of a process, its own and the kernel's for it.
fn cpu(pid: i32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> =
        stat.rsplit_once(") ").map(|(_, rest)| rest.split(' ').collect()).unwrap_or_default();
    let ticks: f64 = [11, 12].iter().filter_map(|field| fields.get(*field)?.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Megabytes of memory of a process.
fn resident(pid: i32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1e3
}

/// How often the threads of a process went to sleep or were made to.
fn wakeups(pid: i32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("status")).ok())
        .flat_map(|status| {
            let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
            counts.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).collect::<Vec<_>>()
        })
        .sum()
}
