//! A terminal for the real binary: an outer PTY whose screen can be waited on, and whose leftovers are counted and ended.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, RawFd};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::EventFd;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize};
use tempfile::TempDir;

/// The longest that any wait may take before the test fails. Generous: it is never reached by a test that passes.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// What a zap without a screen says on stderr, in the folder of its host.
const SAID: &str = "zap.stderr";

/// The variable by which a test knows its own processes.
const MARKER: &str = "ZAP_TEST_RUN";

/// Makes each host's marker its own.
static HOSTS: AtomicU32 = AtomicU32::new(0);

/// The real binary in a real PTY, in a folder of its own.
pub(crate) struct Host {
    folder: TempDir,
    marker: String,
    rows: u16,
    cols: u16,
    outer: Option<Outer>,
}

/// The PTY, while there is one.
struct Outer {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// Told when the terminal is to be closed under the program.
    closed: Arc<EventFd>,
    reading: JoinHandle<()>,
}

/// All that came out of the outer PTY.
struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

impl Host {
    /// A folder with this `systems.toml`, and nothing running yet. The terminal is 120x40.
    pub(crate) fn new(config: &str) -> Self {
        become_subreaper();
        // A file that everybody may write is none that zap uses, wherever the tests run.
        nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
        let folder = tempfile::Builder::new().prefix("zap-e2e-").tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("systems.toml"), config).expect("the config can be written");
        let marker = format!("{}-{}", std::process::id(), HOSTS.fetch_add(1, Ordering::Relaxed));
        Self { folder, marker, rows: 40, cols: 120, outer: None }
    }

    /// With a terminal of this size.
    pub(crate) fn size(mut self, rows: u16, cols: u16) -> Self {
        (self.rows, self.cols) = (rows, cols);
        self
    }

    /// The folder that holds `systems.toml`.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder and returns its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder can be made");
        }
        std::fs::write(&path, text).expect("a file can be written");
        path
    }

    /// Starts `zap` with these arguments in the terminal.
    pub(crate) fn zap(&mut self, args: &[&str]) -> &mut Self {
        let mut words = vec![env!("CARGO_BIN_EXE_zap")];
        words.extend_from_slice(args);
        self.run(&words)
    }

    /// Starts any program in the terminal, with the environment of a test.
    pub(crate) fn run(&mut self, words: &[&str]) -> &mut Self {
        assert!(self.outer.is_none(), "one program at a time");
        let size = PtySize { rows: self.rows, cols: self.cols, pixel_width: 0, pixel_height: 0 };
        let pair = portable_pty::native_pty_system().openpty(size).expect("a PTY");
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command.cwd(self.folder());
        let child = pair.slave.spawn_command(command).expect("zap can be started");
        drop(pair.slave);
        let parser = vt100::Parser::new(side(self.rows), side(self.cols), 0);
        let seen = Arc::new((Mutex::new(Seen { parser, bytes: Vec::new(), ended: false }), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let descriptor = pair.master.as_raw_fd().expect("a master has a descriptor");
        let filled = Arc::clone(&seen);
        let closed = Arc::new(EventFd::new().expect("an eventfd"));
        let closing = Arc::clone(&closed);
        let reading = std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            loop {
                let read =
                    if readable(descriptor, &closing) { reader.read(&mut buffer).unwrap_or(0) } else { 0 };
                let mut seen = filled.0.lock().expect("no reader panics");
                seen.bytes.extend_from_slice(&buffer[..read]);
                seen.parser.process(&buffer[..read]);
                seen.ended = read == 0;
                filled.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        self.outer = Some(Outer { master: pair.master, writer, child, seen, closed, reading });
        self
    }

    /// Starts `zap --no-tui` with these arguments, without a terminal, and listens to its events.
    pub(crate) fn served(&mut self, args: &[&str]) -> Served {
        let said = std::fs::File::create(self.folder().join(SAID)).expect("a file can be made");
        let mut command = self.command(env!("CARGO_BIN_EXE_zap"));
        command.arg("--no-tui").args(args);
        let child = command.stdout(Stdio::null()).stderr(said).spawn().expect("zap can be started");
        let mut served = Served { child: Some(child), events: Events::default() };
        served.events = self.listen();
        served
    }

    /// Listens to the events of the zap that runs for `systems.toml`, from the first one that it remembers. It may be about to
    /// start.
    #[track_caller]
    pub(crate) fn listen(&self) -> Events {
        let end = Instant::now() + LIMIT;
        while !self.verb(&["status"]).answered() {
            let said = || std::fs::read_to_string(self.folder().join(SAID)).unwrap_or_default();
            assert!(Instant::now() < end, "waited {LIMIT:?} in vain until zap answers; it said {:?}", said());
            pause();
        }
        let mut command = self.command(env!("CARGO_BIN_EXE_zap"));
        let spawned =
            command.args(["events", "-f", "--json"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.expect("zap can be started");
        let out = child.stdout.take().expect("a pipe");
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Events { child: Some(child), lines: Some(lines), seen: Vec::new(), next: 0 }
    }

    /// What a verb says: the real binary, run to its end.
    #[track_caller]
    pub(crate) fn verb(&self, args: &[&str]) -> Told {
        let output = self.command(env!("CARGO_BIN_EXE_zap")).args(args).output().expect("zap can be started");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Told {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// The one instance with this address, as `zap status --json` tells it.
    #[track_caller]
    pub(crate) fn job(&self, address: &str) -> serde_json::Value {
        let told = self.verb(&["status", address, "--json"]);
        let status = told.json();
        let job = &status["systems"][0]["jobs"][0];
        assert!(job.is_object() && status["systems"][0]["jobs"][1].is_null(), "{told:?}");
        job.clone()
    }

    /// Waits until an instance is as wished, as `zap status --json` tells it.
    #[track_caller]
    pub(crate) fn job_until(
        &self,
        address: &str,
        what: &str,
        wished: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        let end = Instant::now() + LIMIT;
        loop {
            let job = self.job(address);
            if wished(&job) {
                return job;
            }
            assert!(Instant::now() < end, "waited {LIMIT:?} in vain until {address} {what}; it is {job:#}");
            pause();
        }
    }

    /// Waits until `zap why` says this about an instance, and returns all that it says.
    #[track_caller]
    pub(crate) fn why_until(&self, address: &str, words: &str) -> String {
        let end = Instant::now() + LIMIT;
        loop {
            let told = self.verb(&["why", address]);
            if told.out.contains(words) {
                return told.out;
            }
            assert!(
                Instant::now() < end,
                "waited {LIMIT:?} in vain until {address} says {words:?}; {told:?}"
            );
            pause();
        }
    }

    /// Waits for what `rogue probe FILE` saw.
    #[track_caller]
    pub(crate) fn probed(&self, file: &str) -> serde_json::Value {
        let text = self.file_until(file, |text| serde_json::from_str::<serde_json::Value>(text).is_ok());
        serde_json::from_str(&text).expect("JSON")
    }

    /// Waits for the pid in a file.
    #[track_caller]
    pub(crate) fn pid_in(&self, file: &str) -> i32 {
        self.file_until(file, |text| text.ends_with('\n')).trim().parse().expect("a pid")
    }

    /// Writes a program into `bin/`, which is first in the `PATH` of a test.
    pub(crate) fn program(&self, name: &str, text: &str) {
        self.executable(&format!("bin/{name}"), text);
    }

    /// Writes what can be run at once. By a process of its own: what we have open for writing ourselves, a child that another test
    /// is just making has open too, and as long as anybody has, the kernel does not run it.
    pub(crate) fn executable(&self, name: &str, text: &str) {
        let draft = self.file(&format!("{name}.draft"), text);
        let copied = self.command("cp").arg(&draft).arg(self.folder().join(name)).status();
        assert!(copied.expect("cp can be run").success());
        std::fs::remove_file(draft).expect("it is ours");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(self.folder().join(name), mode).expect("it is ours");
    }

    /// Ends what was served, and looks whether anything stays.
    #[track_caller]
    pub(crate) fn shuts_down(&self, served: &mut Served) {
        let told = self.verb(&["shutdown"]);
        assert_eq!(told.code, 0, "{told:?}");
        assert_eq!(served.ends(), 0);
        self.leaves_nothing_behind();
    }

    /// The folder of the socket.
    pub(crate) fn runtime(&self) -> PathBuf {
        let file = self.folder().join("systems.toml").canonicalize().expect("the file is there");
        self.folder().join("state").join(zap::sys::project_id(&file))
    }

    /// A command with the environment of a test, for what needs no terminal.
    pub(crate) fn command(&self, program: &str) -> std::process::Command {
        let mut command = std::process::Command::new(program);
        command.env_clear().envs(self.environment()).current_dir(self.folder());
        command
    }

    fn environment(&self) -> Vec<(String, String)> {
        let rogue = Path::new(env!("CARGO_BIN_EXE_rogue")).parent().expect("a folder").display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let home = self.folder().display().to_string();
        [
            ("PATH", format!("{home}/bin:{rogue}:{path}")),
            ("HOME", home.clone()),
            ("ZAP_STATE_DIR", format!("{home}/state")),
            ("TERM", "xterm-256color".to_owned()),
            ("COLORTERM", "truecolor".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("SHELL", "/bin/sh".to_owned()),
            (MARKER, self.marker.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Types.
    pub(crate) fn keys(&mut self, text: &str) -> &mut Self {
        let outer = self.outer.as_mut().expect("a program runs");
        outer.writer.write_all(text.as_bytes()).expect("the terminal takes keys");
        outer.writer.flush().expect("the terminal takes keys");
        self
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, rows: u16, cols: u16) -> &mut Self {
        let outer = self.outer.as_ref().expect("a program runs");
        outer.seen.0.lock().expect("no reader panics").parser.set_size(side(rows), side(cols));
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        outer.master.resize(size).expect("a PTY can be resized");
        self
    }

    /// Waits until the screen shows this text.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) -> &mut Self {
        self.until(&format!("the screen shows {text:?}"), |screen| screen.contains(text))
    }

    /// Waits until the screen no longer shows this text.
    #[track_caller]
    pub(crate) fn shows_no(&mut self, text: &str) -> &mut Self {
        self.until(&format!("the screen no longer shows {text:?}"), |screen| !screen.contains(text))
    }

    /// Waits until this line stands in the pager alone on its row, whatever the overview shows beside it.
    #[track_caller]
    pub(crate) fn line(&mut self, text: &str) -> &mut Self {
        self.until(&format!("the line {text:?}"), |screen| {
            screen.lines().any(|row| beside_overview(row) == text)
        })
    }

    /// Waits until one row of the screen holds all of these words.
    #[track_caller]
    pub(crate) fn row(&mut self, words: &[&str]) -> &mut Self {
        self.until(&format!("a row holds {words:?}"), |screen| {
            screen.lines().any(|line| words.iter().all(|word| line.contains(word)))
        })
    }

    /// Waits until the text of the screen is as wished.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, wished: impl Fn(&str) -> bool) -> &mut Self {
        let outer = self.outer.as_ref().expect("a program runs");
        let end = Instant::now() + LIMIT;
        let mut seen = outer.seen.0.lock().expect("no reader panics");
        while !wished(&text(&seen.parser)) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited {LIMIT:?} in vain until {what}; the screen:\n{}",
                picture(&seen.parser)
            );
            assert!(!seen.ended, "the program ended before {what}; the screen:\n{}", picture(&seen.parser));
            seen = outer.seen.1.wait_timeout(seen, left).expect("no reader panics").0;
        }
        drop(seen);
        self
    }

    /// The text of the screen as it stands.
    pub(crate) fn screen(&self) -> String {
        let outer = self.outer.as_ref().expect("a program runs");
        outer.seen.0.lock().map(|seen| text(&seen.parser)).expect("no reader panics")
    }

    /// How many bytes came out so far.
    pub(crate) fn written(&self) -> usize {
        let outer = self.outer.as_ref().expect("a program runs");
        outer.seen.0.lock().expect("no reader panics").bytes.len()
    }

    /// Waits until more bytes than so many came out.
    #[track_caller]
    pub(crate) fn writes_beyond(&mut self, written: usize) -> &mut Self {
        let end = Instant::now() + LIMIT;
        while self.written() <= written {
            assert!(Instant::now() < end, "waited {LIMIT:?} in vain until more is drawn");
            pause();
        }
        self
    }

    /// The pid of the program in the terminal.
    pub(crate) fn pid(&self) -> i32 {
        let outer = self.outer.as_ref().expect("a program runs");
        outer.child.process_id().expect("it has a pid").try_into().expect("a pid fits")
    }

    /// Sends a signal to the program in the terminal.
    pub(crate) fn signal(&mut self, signal: nix::sys::signal::Signal) -> &mut Self {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(self.pid()), signal).expect("the program is there");
        self
    }

    /// Waits until the program has ended, and returns its exit code (128 + n for a signal) with all that it wrote.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> (i32, Vec<u8>) {
        let end = Instant::now() + LIMIT;
        let pid = nix::unistd::Pid::from_raw(self.pid());
        let outer = self.outer.as_ref().expect("a program runs");
        let code = loop {
            use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
            match waitpid(pid, Some(WaitPidFlag::WNOHANG)).expect("it is our child") {
                WaitStatus::Exited(_, code) => break code,
                WaitStatus::Signaled(_, signal, _) => break 128 + signal as i32,
                _ => {}
            }
            let seen = outer.seen.0.lock().expect("no reader panics");
            assert!(Instant::now() < end, "the program does not end; the screen:\n{}", picture(&seen.parser));
            // The end of the terminal wakes this up; an end without it is looked for now and then.
            drop(outer.seen.1.wait_timeout(seen, Duration::from_millis(20)).expect("no reader panics"));
        };
        let mut seen = outer.seen.0.lock().expect("no reader panics");
        while !seen.ended && Instant::now() < end {
            let (again, late) =
                outer.seen.1.wait_timeout(seen, Duration::from_millis(200)).expect("no reader panics");
            seen = again;
            if late.timed_out() {
                break;
            }
        }
        let bytes = seen.bytes.clone();
        drop(seen);
        self.outer = None;
        (code, bytes)
    }

    /// Closes the terminal, as a window manager does.
    pub(crate) fn hang_up(&mut self) {
        let mut outer = self.outer.take().expect("a program runs");
        outer.closed.write(1).expect("an eventfd takes a one");
        outer.reading.join().expect("no reader panics");
        drop(outer.writer);
        drop(outer.master);
        // Reaped when it ends; what it leaves is looked for by the caller.
        std::thread::spawn(move || outer.child.wait());
    }

    /// The processes of this test that are alive now, as "pid command line", the program in the terminal not counted.
    pub(crate) fn alive(&self) -> Vec<String> {
        let own = self.outer.as_ref().map(|_| self.pid());
        self.marked()
            .into_iter()
            .filter(|(pid, _)| Some(*pid) != own)
            .map(|(pid, line)| format!("{pid} {line}"))
            .collect()
    }

    /// Waits until no process of this test is alive.
    #[track_caller]
    pub(crate) fn leaves_nothing_behind(&self) {
        self.alive_until("nothing is left behind", Vec::is_empty);
    }

    /// Waits until the processes of this test are as wished.
    #[track_caller]
    pub(crate) fn alive_until(&self, what: &str, wished: impl Fn(&Vec<String>) -> bool) {
        let end = Instant::now() + LIMIT;
        loop {
            let alive = self.alive();
            if wished(&alive) {
                return;
            }
            assert!(
                Instant::now() < end,
                "waited {LIMIT:?} in vain until {what}; alive:\n{}",
                alive.join("\n")
            );
            reap_strangers();
            pause();
        }
    }

    /// Waits until there is a `rogue deaf`, and it is deaf.
    #[track_caller]
    pub(crate) fn deaf_until(&self) {
        // The set is written in hexadecimal digits; TERM is the fifteenth signal.
        let ignored = |pid: &str| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
            line.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or_default()
        };
        let deaf = |line: &String| {
            let pid = line.split(' ').next().unwrap_or_default();
            line.ends_with("rogue deaf") && ignored(pid) & 1 << 14 != 0
        };
        self.alive_until("somebody is deaf", |alive| alive.iter().any(deaf));
    }

    /// Waits until a process is in a state, as `/proc/PID/stat` tells it: `T` is stopped.
    #[track_caller]
    pub(crate) fn state_until(pid: i32, wished: char) {
        let end = Instant::now() + LIMIT;
        loop {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
            if state == Some(wished) {
                return;
            }
            assert!(Instant::now() < end, "waited {LIMIT:?} in vain until {pid} is {wished}: {state:?}");
            pause();
        }
    }

    /// Waits until a file exists and its text is as wished; returns the text.
    #[track_caller]
    pub(crate) fn file_until(&self, name: &str, wished: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + LIMIT;
        loop {
            let text = std::fs::read_to_string(self.folder().join(name)).unwrap_or_default();
            if wished(&text) {
                return text;
            }
            assert!(Instant::now() < end, "waited {LIMIT:?} in vain for the file {name}; it holds {text:?}");
            pause();
        }
    }

    fn marked(&self) -> Vec<(i32, String)> {
        let needle = format!("{MARKER}={}\0", self.marker);
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").expect("/proc can be read").flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
                continue;
            };
            let Ok(environ) = std::fs::read(entry.path().join("environ")) else { continue };
            if memchr::memmem::find(&environ, needle.as_bytes()).is_none() {
                continue;
            }
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let words =
                line.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
            found.push((pid, words.trim().to_owned()));
        }
        found
    }
}

/// What a verb has said.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    /// Whether a zap was there to answer.
    fn answered(&self) -> bool {
        self.code != 4
    }

    /// Its JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A zap without a screen, with its events.
pub(crate) struct Served {
    child: Option<std::process::Child>,
    pub(crate) events: Events,
}

impl Served {
    /// The pid of zap.
    pub(crate) fn pid(&self) -> i32 {
        self.child.as_ref().map_or(0, |child| child.id() as i32)
    }

    /// Sends a signal to zap.
    pub(crate) fn signal(&self, signal: nix::sys::signal::Signal) {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(self.pid()), signal).expect("zap is there");
    }

    /// Waits until zap has ended, and returns its exit code (128 + n for a signal).
    #[track_caller]
    pub(crate) fn ends(&mut self) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        let end = Instant::now() + LIMIT;
        let child = self.child.as_mut().expect("zap has not ended");
        loop {
            if let Some(status) = child.try_wait().expect("it is our child") {
                self.child = None;
                return status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(-1);
            }
            assert!(Instant::now() < end, "waited {LIMIT:?} in vain until zap ends");
            pause();
        }
    }
}

/// The events of a zap that runs, in their order.
#[derive(Default)]
pub(crate) struct Events {
    child: Option<std::process::Child>,
    lines: Option<std::sync::mpsc::Receiver<String>>,
    seen: Vec<serde_json::Value>,
    /// Those before were waited for already.
    next: usize,
}

impl Events {
    /// Waits for the next event of this kind about this address, after the one that was waited for last, and returns it.
    #[track_caller]
    pub(crate) fn until(&mut self, address: &str, kind: &str) -> serde_json::Value {
        self.find(&format!("{address} {kind}"), |event| event["address"] == address && event["kind"] == kind)
    }

    /// Waits for the next event that is as wished, after the one that was waited for last, and returns it.
    #[track_caller]
    pub(crate) fn find(
        &mut self,
        what: &str,
        wished: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        let end = Instant::now() + LIMIT;
        loop {
            while let Some(event) = self.seen.get(self.next) {
                self.next += 1;
                if wished(event) {
                    return event.clone();
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            let lines = self.lines.as_ref().expect("somebody listens");
            match lines.recv_timeout(left) {
                Ok(line) => self.seen.push(serde_json::from_str(&line).expect("an event is JSON")),
                Err(error) => panic!("no event {what} ({error}); there were:\n{}", self.told()),
            }
        }
    }

    fn told(&self) -> String {
        self.seen.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // What a failed test left is ended, so that nothing outlives it.
        for _ in 0..100 {
            let marked = self.marked();
            for (pid, _) in &marked {
                let _ = nix::sys::signal::kill(
                    nix::unistd::Pid::from_raw(*pid),
                    nix::sys::signal::Signal::SIGKILL,
                );
            }
            reap_strangers();
            if let Some(outer) = &mut self.outer {
                let _ = outer.child.try_wait();
            }
            if marked.is_empty() {
                break;
            }
            pause();
        }
    }
}

/// Waits until there is something to read, or until the terminal is to be closed.
#[expect(unsafe_code, reason = "portable-pty tells its descriptor as a number only")]
fn readable(descriptor: RawFd, closed: &EventFd) -> bool {
    // SAFETY: the reader of the same terminal lives in the caller.
    let master = unsafe { BorrowedFd::borrow_raw(descriptor) };
    let mut both = [PollFd::new(master, PollFlags::POLLIN), PollFd::new(closed.as_fd(), PollFlags::POLLIN)];
    while poll(&mut both, PollTimeout::NONE) == Err(nix::errno::Errno::EINTR) {}
    both[1].any() != Some(true)
}

/// The rows of the screen, each without the blanks at its end.
fn text(parser: &vt100::Parser) -> String {
    let contents = parser.screen().contents();
    contents.lines().flat_map(|row| [row.trim_end(), "\n"]).collect()
}

/// The screen with its frame, for a failed wait.
fn picture(parser: &vt100::Parser) -> String {
    let mut picture = String::new();
    for row in text(parser).trim_end().lines() {
        let _ = writeln!(picture, "|{row}");
    }
    picture
}

fn side(cells: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(cells.max(1)).expect("at least 1")
}

/// Orphans of zap come to us, so that they can be counted.
fn become_subreaper() {
    nix::sys::prctl::set_child_subreaper(true).expect("Linux 3.4");
}

/// Orphans that ended are reaped, but never a child that some test waits for: such a child is in our session, or leads its own.
fn reap_strangers() {
    let own = std::process::id();
    let ours = nix::unistd::getsid(None).expect("we have a session").to_string();
    for entry in std::fs::read_dir("/proc").expect("/proc can be read").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((_, rest)) = stat.rsplit_once(") ") else { continue };
        let fields: Vec<&str> = rest.split(' ').collect();
        let (zombie, parent, session) = (fields[0] == "Z", fields[1], fields[3]);
        if zombie && parent == own.to_string() && session != pid.to_string() && session != ours {
            let flag = Some(nix::sys::wait::WaitPidFlag::WNOHANG);
            let _ = nix::sys::wait::waitpid(nix::unistd::Pid::from_raw(pid), flag);
        }
    }
}

/// A short rest between two looks at /proc or at a file, neither of which can be waited on.
fn pause() {
    pause_for(Duration::from_millis(10));
}

/// A row of the pager without the overview.
pub(crate) fn beside_overview(row: &str) -> &str {
    row.trim_end_matches(['▐', '✗', '━', '◆', '─', ' '])
}

/// Lets time pass, for what is watched over time.
pub(crate) fn pause_for(time: Duration) {
    let (lock, never) = (Mutex::new(()), Condvar::new());
    drop(never.wait_timeout(lock.lock().expect("fresh"), time));
}

/// Says that a test cannot be made here, or fails where nothing may be skipped.
pub(crate) fn skip(what: &str) {
    assert!(std::env::var_os("ZAP_TEST_NO_SKIP").is_none(), "skipped: {what}");
    println!("skipped: {what}");
}

/// Whether there is such a process, and it has not ended.
pub(crate) fn lives(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
