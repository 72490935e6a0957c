//! Views and eyes for the tests: a view is made by a few words, an eye is pressed by keys as people write them.

use std::collections::BTreeMap;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal as Screen;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use zap::config::Theme;
use zap::config::{Bindings, Quit};
use zap::model::{
    By, Change, ChangeKind, Details, Exit, FileProblem, Forecast, Happening, InstanceId, InstanceView, Limit,
    Link, Next, NextKind, Now, Origin, Past, ProbeView, Quitting, RunId, RunView, State, StepState, StepView,
    Survivor, SystemView, Time, Usage, Variable, VersionView, View, Wall,
};
use zap::problem::Paint::Plain;
use zap::terminal::{Fed, Moment, Terminal};
use zap::ui::{Depth, Options, Request, Terminals, Ui};

/// Noon, more or less: what the present is in all tests.
pub(crate) fn now() -> Now {
    Now { mono: Time(Duration::from_secs(100_000)), wall: Wall(1_700_000_000_000) }
}

/// A moment so many seconds before the present.
pub(crate) fn ago(seconds: u64) -> Now {
    let now = now();
    Now { mono: now.mono - Duration::from_secs(seconds), wall: Wall(now.wall.0 - seconds as i64 * 1000) }
}

pub(crate) fn moment(seconds_ago: u64) -> Moment {
    Moment(ago(seconds_ago).wall.0)
}

pub(crate) fn job(id: u32, system: &str, name: &str, state: State, seconds: u64) -> InstanceView {
    let up = matches!(state, State::Starting | State::Running | State::Stopping);
    let ran = up || matches!(state, State::Done | State::Failed | State::Backoff);
    let run = RunView {
        id: RunId(u64::from(id) + 10),
        number: 3,
        pid: up.then_some(4700 + id as i32),
        started: ago(seconds),
        ended: (!up).then(|| ago(seconds)),
        complete: !up,
    };
    InstanceView {
        id: InstanceId(id),
        address: format!("{system}/{name}"),
        name: name.to_owned(),
        label: name.to_owned(),
        number: 1,
        labels: Vec::new(),
        title: name.to_owned(),
        description: None,
        state,
        ready: state == State::Running,
        wanted: state != State::Stopped,
        interactive: false,
        one_shot: state == State::Done,
        since: ago(seconds),
        run: ran.then_some(run),
        exit: None,
        restarts: 0,
        next: None,
        abroad: false,
        why: format!("{name} is {state:?}").to_lowercase(),
        blocked_by: None,
        pending_change: false,
        unwell: false,
        overdue: false,
        note: String::new(),
        lingering: 0,
        steps: Vec::new(),
    }
}

pub(crate) fn step(name: &str, state: StepState, from: u64, to: Option<u64>) -> StepView {
    StepView { name: name.to_owned(), state, began: Some(ago(from).mono), ended: to.map(|to| ago(to).mono) }
}

pub(crate) fn system(name: &str, jobs: Vec<InstanceView>) -> SystemView {
    SystemView { name: name.to_owned(), title: name.to_owned(), description: None, jobs }
}

/// The view of the sketches.
pub(crate) fn sketch() -> View {
    let dev = vec![
        job(1, "dev", "db", State::Running, 720),
        job(2, "dev", "migrate", State::Done, 700),
        job(3, "dev", "api", State::Running, 180),
        InstanceView {
            steps: vec![
                step("cd src/app", StepState::Done(0), 30, Some(30)),
                step("npm ci", StepState::Done(0), 30, Some(16)),
                step("npm run dev", StepState::Running, 16, None),
            ],
            ..job(4, "dev", "web", State::Starting, 30)
        },
        InstanceView {
            note: "exit 101".to_owned(),
            exit: Some(Exit::Code(101)),
            ..job(5, "dev", "worker", State::Failed, 40)
        },
        InstanceView {
            note: "retry 2/3".to_owned(),
            next: Some(Next { at: now().mono + Duration::from_millis(3_500), kind: NextKind::Retry }),
            ..job(6, "dev", "flaky", State::Backoff, 2)
        },
        job(7, "dev", "mail", State::Running, 3_700),
        InstanceView {
            note: "for db".to_owned(),
            why: "waiting for db to be ready".to_owned(),
            ..job(8, "dev", "report", State::Waiting, 100)
        },
    ];
    let tools = vec![
        job(9, "tools", "shell", State::Running, 3_700),
        job(10, "tools", "docs", State::Stopped, 10_000),
        InstanceView { lingering: 1, ..job(11, "tools", "a-very-long-name-of-a-service", State::Done, 60) },
    ];
    View { systems: vec![system("dev", dev), system("tools", tools)], quitting: None, problem: None }
}

/// Everything is being stopped, and two are still alive.
pub(crate) fn leaving() -> Quitting {
    let survivor = |id, address: &str, doing: &str, processes, kill| Survivor {
        id: InstanceId(id),
        address: address.to_owned(),
        doing: doing.to_owned(),
        kill_at: kill,
        processes,
    };
    let later = now().mono + Duration::from_secs(7);
    Quitting {
        since: ago(3),
        kill_at: now().mono + Duration::from_secs(57),
        ended: 9,
        alive: vec![
            survivor(1, "dev/db", "TERM sent", Some(2), Some(later)),
            survivor(5, "dev/worker", "its stop command runs", None, None),
        ],
    }
}

/// A view with all that supervision brings: windows, held jobs, probes, several instances, a chain of those that wait.
pub(crate) fn supervised() -> View {
    let numbered = |id, number, state, seconds| InstanceView {
        label: format!("web#{number}"),
        address: format!("dev/web#{number}"),
        number,
        ..job(id, "dev", "web", state, seconds)
    };
    let blocked = |id, name, note: &str, why: &str, by| InstanceView {
        note: note.to_owned(),
        why: why.to_owned(),
        blocked_by: Some(InstanceId(by)),
        ..job(id, "dev", name, State::Waiting, 7)
    };
    let dev = vec![
        InstanceView {
            ready: false,
            note: "not ready".to_owned(),
            why: "up, but not ready: its probe tcp 127.0.0.1:5432 was refused 14 times in 7s".to_owned(),
            ..job(1, "dev", "db", State::Running, 7)
        },
        InstanceView {
            pending_change: true,
            why: "up".to_owned(),
            ..job(3, "dev", "api", State::Running, 180)
        },
        InstanceView {
            unwell: true,
            note: "unwell".to_owned(),
            why: "up, but unwell: status 503 from http://127.0.0.1:8080/health, 3 times in a row".to_owned(),
            ..numbered(4, 1, State::Running, 180)
        },
        InstanceView { why: "up".to_owned(), ..numbered(5, 2, State::Running, 180) },
        blocked(6, "migrate", "for db", "waiting for dev/db to be ready", 1),
        blocked(7, "worker", "for migrate", "waiting for dev/migrate, which waits for dev/db to be ready", 6),
        blocked(8, "report", "for worker", "waiting for dev/worker, which waits for dev/db to be ready", 7),
        InstanceView {
            note: "exit 1".to_owned(),
            exit: Some(Exit::Code(1)),
            why: "held: exit 1 after 2s, 5 starts in 10m".to_owned(),
            next: Some(Next { at: now().mono + Duration::from_secs(540), kind: NextKind::Release }),
            ..job(9, "dev", "flaky", State::Held, 60)
        },
        InstanceView {
            note: "exit unknown".to_owned(),
            exit: Some(Exit::Unknown),
            why: "held: its pid file /run/mail.pid is not there yet".to_owned(),
            ..job(10, "dev", "mail", State::Held, 60)
        },
    ];
    let at = |seconds, kind| Some(Next { at: now().mono + Duration::from_secs(seconds), kind });
    let night = vec![
        InstanceView {
            why: "not in its window".to_owned(),
            next: at(2_200, NextKind::Open),
            ..job(20, "night", "backup", State::Scheduled, 3_700)
        },
        InstanceView {
            why: "not in its window".to_owned(),
            next: at(17_200 + 5 * 86_400, NextKind::Open),
            ..job(21, "night", "vacuum", State::Scheduled, 3_700)
        },
        InstanceView {
            why: "its first version is not due yet".to_owned(),
            next: at(42, NextKind::Version),
            ..job(22, "night", "billing", State::Scheduled, 3_700)
        },
    ];
    View { systems: vec![system("dev", dev), system("night", night)], quitting: None, problem: None }
}

/// All there is to know about `dev/api` of both views.
pub(crate) fn details() -> Details {
    let variable =
        |name: &str, value: &str, origin| Variable { name: name.to_owned(), value: value.to_owned(), origin };
    let limit = |key: &str, says: &str| Limit { key: key.to_owned(), says: says.to_owned() };
    let link = |id, text: &str, met| Link { id, text: text.to_owned(), met };
    let version = |apply_on: Option<&str>, command: &str, fake, in_force| VersionView {
        apply_on: apply_on.map(str::to_owned),
        at: None,
        command: command.to_owned(),
        fake,
        in_force,
    };
    let probe = |key: &str, what: &str, last: Option<&str>, good, times| ProbeView {
        key: key.to_owned(),
        what: what.to_owned(),
        last: last.map(str::to_owned),
        good,
        at: last.map(|_| ago(20).wall),
        times,
    };
    let past = |seconds, run, text: &str| Past { at: ago(seconds).wall, run, text: text.to_owned() };
    let mut env = vec![
        variable("API_TOKEN", "***", Origin::File),
        variable(
            "DATABASE_URL",
            "postgres://letz@127.0.0.1:5432/letz?sslmode=disable&application_name=api",
            Origin::File,
        ),
        variable("ZAP_RUN", "13", Origin::Zap),
    ];
    env.extend((0..48).map(|n| variable(&format!("INHERITED_{n}"), &n.to_string(), Origin::Inherited)));
    Details {
        id: InstanceId(3),
        command: ["sh", "-c", "cargo run --release -- --listen 127.0.0.1:8080"].map(str::to_owned).to_vec(),
        folder: "~/src/letz/api".to_owned(),
        env,
        limits: vec![
            limit("restart", "unexpected, after 1s, 2s, 4s, … 1m"),
            limit("max-runs", "5 in 10m"),
            limit("stop", "TERM, KILL after 10s"),
        ],
        needs: vec![
            link(Some(InstanceId(1)), "dev/db ready", true),
            link(Some(InstanceId(6)), "dev/migrate done", false),
            link(None, "pg_isready", true),
        ],
        needed_by: vec![link(Some(InstanceId(4)), "dev/web", true)],
        versions: vec![
            version(None, "./api-1", false, false),
            version(Some("2023-11-01 08:00"), "./api-2 --listen 127.0.0.1:8080", false, true),
            version(Some("2023-12-01 08:00"), "./api-3", true, false),
        ],
        probes: vec![
            probe("ready", "tcp 127.0.0.1:8080", Some("yes"), Some(true), 1),
            probe("health-check", "http http://127.0.0.1:8080/health", Some("status 503"), Some(false), 3),
            probe("health-check", "folder spool/new", None, None, 0),
        ],
        past: vec![
            past(190, 2, "exit 1 after 41s, tried again"),
            past(100_000, 1, "signal KILL after 3h 2m, restarted by a person"),
        ],
    }
}

/// Something that happened so many seconds ago to a job of `dev`, or, without an id, to zap.
pub(crate) fn event(
    seconds: u64,
    job: Option<(u32, &str, u32)>,
    by: By,
    what: (&'static str, &str),
) -> Happening {
    Happening {
        at: ago(seconds).wall,
        instance: job.map(|(id, ..)| InstanceId(id)),
        address: job.map_or_else(|| "zap".to_owned(), |(_, name, _)| format!("dev/{name}")),
        run: job.map(|(.., run)| run).filter(|run| *run > 0),
        by,
        kind: what.0,
        bad: what.1.starts_with("ended, ") || what.1.starts_with("failed"),
        text: what.1.to_owned(),
    }
}

/// What happened to the jobs of the sketches.
pub(crate) fn happened() -> Vec<Happening> {
    let (db, api, worker) = (|run| Some((1, "db", run)), |run| Some((3, "api", run)), Some((5, "worker", 3)));
    let began = [
        event(90_000, None, By::Reload, ("reload", "1 added, 2 changed, 8 kept")),
        event(89_000, api(2), By::Need, ("started", "started, pid 4611")),
    ];
    let probes = (0..40).map(|n| {
        event(4_000 - n * 60, db(3), By::Policy, ("probe", "tcp 127.0.0.1:5432: connection refused"))
    });
    let since = [
        event(182, None, By::User, ("command", "restart dev/api")),
        event(182, api(2), By::User, ("stopping", "told to end: restarted by a person")),
        event(181, api(2), By::User, ("exited", "ended by zap, signal TERM")),
        event(181, api(2), By::Zap, ("zap", "closed, nothing of it is left")),
        event(180, api(3), By::User, ("started", "started, pid 4703")),
        event(179, api(3), By::Zap, ("up", "up")),
        event(100, worker, By::Policy, ("started", "started, pid 4705")),
        event(40, worker, By::Zap, ("exited", "ended, exit 101")),
        event(40, worker, By::Policy, ("stopped", "failed: exit 101 in run 3, and `restart = \"never\"`")),
    ];
    began.into_iter().chain(probes).chain(since).collect()
}

/// What a reload would do, with so many jobs changed besides the usual.
pub(crate) fn forecast(more: u32) -> Forecast {
    let change = |address: &str, kind, keys: &[&str], deed: &str| Change {
        address: address.to_owned(),
        kind,
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        deed: deed.to_owned(),
    };
    let mut changes = vec![
        change("dev/api", ChangeKind::Changed, &["command", "env"], "restarts"),
        change("dev/web", ChangeKind::Changed, &["numprocs"], "2 more instances"),
        change("dev/db", ChangeKind::Changed, &["work-dir"], "goes on (pending)"),
        change("dev/cache", ChangeKind::Added, &[], "starts"),
    ];
    changes.extend(
        (0..more).map(|n| change(&format!("all/job-{n}"), ChangeKind::Changed, &["env"], "restarts")),
    );
    changes.push(change("tools/docs", ChangeKind::Removed, &[], "stops"));
    let settings = vec!["theme".to_owned(), "max-starting".to_owned()];
    Forecast { settings, systems: Vec::new(), changes, kept: 197 }
}

/// A file with three problems.
pub(crate) fn problem() -> FileProblem {
    let one = |line: u32, name: &str, meant: &str| {
        format!(
            "error: no job named `{name}`\n  --> systems.toml:{line}:43\n   |\n{line:2} | api = {{ command = \"cargo run\", \
             depends-on = [\"{name}\"] }}\n   |                                              ^^^^^ did you mean `{meant}`?\n"
        )
    };
    FileProblem {
        first: "no job named `dba` (did you mean `db`?)".to_owned(),
        place: "systems.toml:14:43".to_owned(),
        more: 2,
        text: [one(14, "dba", "db"), one(20, "wbe", "web"), one(31, "mial", "mail")].join("\n"),
    }
}

/// Terminals for the view of the sketches.
pub(crate) fn outputs() -> Terminals {
    let api = "   Compiling api v0.1.0\r\n    \x1b[1;32mFinished\x1b[0m `dev` profile in 2.31s\r\n\
        12:04:31 \x1b[32mINFO\x1b[0m  listening on 127.0.0.1:8080\r\n12:04:33 \x1b[32mINFO\x1b[0m  GET / 200 3ms\r\n\
        12:04:40 \x1b[33mWARN\x1b[0m  slow query 312ms\r\n";
    let mut terminals = Terminals::new();
    terminals.insert(InstanceId(3), running(api));
    terminals.insert(InstanceId(7), running("a mail\r\n"));
    terminals.insert(InstanceId(1), running(""));
    let mut worker = running("starting\r\nthread 'main' panicked at src/queue.rs:41\r\n");
    worker.end_run("exit 101", moment(40));
    terminals.insert(InstanceId(5), worker);
    terminals
}

/// A terminal in which a run has printed something.
pub(crate) fn running(text: &str) -> Terminal {
    let mut terminal = Terminal::new(20, 78);
    terminal.begin_run(3, None, moment(180));
    feed(&mut terminal, text);
    terminal
}

pub(crate) fn feed(terminal: &mut Terminal, text: &str) {
    terminal.feed(text.as_bytes(), moment(1), &mut Fed::default());
}

/// So many lines, each made from its number.
pub(crate) fn lines(number: usize, line: impl Fn(usize) -> String) -> String {
    (0..number).map(|number| line(number) + "\r\n").collect()
}

/// An eye with the world it looks at.
pub(crate) struct Eye {
    pub(crate) ui: Ui,
    pub(crate) view: View,
    pub(crate) terminals: Terminals,
    /// What the app would tell about these instances.
    pub(crate) details: BTreeMap<InstanceId, Details>,
    pub(crate) usage: Option<Usage>,
    /// What has happened since zap began.
    pub(crate) happened: Vec<Happening>,
    /// Nobody runs errands, as while the searcher is slow.
    pub(crate) alone: bool,
    size: (u16, u16),
}

pub(crate) fn options() -> Options {
    Options {
        theme: Theme::default(),
        keys: Bindings::default(),
        colours: Depth::True,
        utf8: true,
        quit: Quit::Ask,
        mouse: true,
        head: "~/src/letz/systems.toml".to_owned(),
        zone: Box::new(|_| 3600),
    }
}

/// What a file says that has only this about keys.
pub(crate) fn bindings(text: &str) -> Bindings {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("systems.toml");
    std::fs::write(&file, format!("[systems.a.jobs]\nb = \"true\"\n{text}")).expect("a file");
    let request =
        zap::config::Request::of_this_process(Some(file), zap::ui::vocabulary()).expect("a request");
    let loaded = zap::config::load(&request).unwrap_or_else(|error| panic!("{}", error.draw(Plain)));
    loaded.keys
}

impl Eye {
    pub(crate) fn new(cols: u16, rows: u16, view: View, terminals: Terminals) -> Self {
        Self::with(options(), cols, rows, view, terminals)
    }

    pub(crate) fn with(options: Options, cols: u16, rows: u16, view: View, terminals: Terminals) -> Self {
        let mut eye = Self {
            ui: Ui::new(options),
            view,
            terminals,
            details: BTreeMap::from([(InstanceId(3), details())]),
            usage: Some(Usage { cpu: Some(34), memory: 48_300_000, processes: 4 }),
            happened: happened(),
            alone: false,
            size: (cols, rows),
        };
        eye.input(Event::Resize(cols, rows));
        eye
    }

    pub(crate) fn sketch(cols: u16, rows: u16) -> Self {
        Self::new(cols, rows, sketch(), outputs())
    }

    pub(crate) fn input(&mut self, event: Event) -> Vec<Request> {
        if let Event::Resize(cols, rows) = event {
            self.size = (cols, rows);
        }
        let requests = self.ui.input(event, &self.view, &self.terminals, now());
        self.fit();
        self.work();
        requests
    }

    /// All that is done in the background, as the app and its searcher do it.
    pub(crate) fn work(&mut self) {
        loop {
            while self.ui.is_busy(&self.view, &self.terminals) {
                self.ui.work(&self.view, &self.terminals);
            }
            if self.alone {
                return;
            }
            while self.ui.recount(&self.view, &self.terminals, |_| false).rest {}
            let errands = self.ui.errands(&self.view, &self.terminals, zap::ui::Pace::Calm);
            if errands.is_empty() {
                return;
            }
            for errand in errands {
                self.ui.report(&errand.run(), &self.view, &self.terminals);
            }
        }
    }

    /// What is looked at gets the size of its pane, and its screen is brought up to date, as the app does it.
    fn fit(&mut self) {
        let details = self.ui.detailed().and_then(|id| self.details.get(&id).cloned());
        self.ui.tell_details(details);
        self.ui.tell_usage(self.usage);
        if let Some(heard) = self.ui.events_heard() {
            let news = self.happened.iter().skip(heard as usize).cloned().collect();
            self.ui.tell_events(news, self.happened.len() as u64);
        }
        for (id, size) in self.ui.visible(&self.view) {
            if let Some(terminal) = self.terminals.get_mut(&id) {
                if terminal.size() != (size.rows, size.cols) {
                    terminal.resize(size.rows, size.cols);
                }
                terminal.refresh();
            }
        }
    }

    /// Presses keys, separated by blanks, as people write them.
    pub(crate) fn press(&mut self, keys: &str) -> Vec<Request> {
        keys.split(' ').flat_map(|key| self.input(Event::Key(key_event(key)))).collect()
    }

    /// Types each character of a text.
    pub(crate) fn write(&mut self, text: &str) {
        for c in text.chars() {
            self.input(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    pub(crate) fn job_mut(&mut self, address: &str) -> &mut InstanceView {
        let mut jobs = self.view.systems.iter_mut().flat_map(|system| &mut system.jobs);
        jobs.find(|job| job.address == address).expect("a job of the view")
    }

    /// The frame.
    pub(crate) fn buffer(&mut self) -> Buffer {
        self.fit();
        self.work();
        self.draw()
    }

    fn draw(&mut self) -> Buffer {
        let (cols, rows) = self.size;
        let mut screen = Screen::new(TestBackend::new(cols, rows)).expect("a test backend cannot fail");
        let drawn = screen.draw(|frame| self.ui.draw(frame, &self.view, &self.terminals, now()));
        drawn.expect("a test backend cannot fail");
        screen.backend().buffer().clone()
    }

    /// The frame as text, with blanks at the ends of lines taken off.
    pub(crate) fn frame(&mut self) -> String {
        let buffer = self.buffer();
        self.text(&buffer)
    }

    /// The frame as it is before anything is done in the background.
    pub(crate) fn frame_as_is(&mut self) -> String {
        let buffer = self.draw();
        self.text(&buffer)
    }

    fn text(&self, buffer: &Buffer) -> String {
        let (cols, _) = self.size;
        let lines = buffer.content.chunks(usize::from(cols).max(1)).map(|line| {
            let mut skip = 0;
            let mut text = String::new();
            for cell in line {
                if skip == 0 {
                    text.push_str(cell.symbol());
                    skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
                }
                skip -= 1;
            }
            text.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The line of the frame that contains a text.
    pub(crate) fn line(&mut self, text: &str) -> String {
        let frame = self.frame();
        let line = frame.lines().find(|line| line.contains(text));
        line.unwrap_or_else(|| panic!("`{text}` is not in\n{frame}")).to_owned()
    }
}

pub(crate) fn key_event(key: &str) -> KeyEvent {
    let (mut modifiers, mut name) = (KeyModifiers::NONE, key);
    for (word, modifier) in
        [("Ctrl-", KeyModifiers::CONTROL), ("Alt-", KeyModifiers::ALT), ("Shift-", KeyModifiers::SHIFT)]
    {
        if let Some(rest) = name.strip_prefix(word) {
            (modifiers, name) = (modifiers | modifier, rest);
        }
    }
    let code = match name {
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Backspace" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        "Insert" => KeyCode::Insert,
        "Delete" => KeyCode::Delete,
        name if name.len() > 1 && name.starts_with('F') => KeyCode::F(name[1..].parse().expect("a number")),
        name => KeyCode::Char(name.chars().next().expect("a key has a name")),
    };
    KeyEvent::new(code, modifiers)
}
