//! Views and eyes for the tests: a view is made by a few words, an eye is pressed by keys as people write them.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal as Screen;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use zap::config::Quit;
use zap::config::Theme;
use zap::model::{
    Exit, InstanceId, InstanceView, Next, NextKind, Now, Quitting, RunId, RunView, State, StepState,
    StepView, Survivor, SystemView, Time, View, Wall,
};
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
        why: format!("{name} is {state:?}").to_lowercase(),
        blocked_by: None,
        pending_change: false,
        unwell: false,
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
    size: (u16, u16),
}

pub(crate) fn options() -> Options {
    Options {
        theme: Theme::default(),
        colours: Depth::True,
        utf8: true,
        quit: Quit::Ask,
        mouse: true,
        head: "~/src/letz/systems.toml".to_owned(),
        zone: Box::new(|_| 3600),
    }
}

impl Eye {
    pub(crate) fn new(cols: u16, rows: u16, view: View, terminals: Terminals) -> Self {
        Self::with(options(), cols, rows, view, terminals)
    }

    pub(crate) fn with(options: Options, cols: u16, rows: u16, view: View, terminals: Terminals) -> Self {
        let mut eye = Self { ui: Ui::new(options), view, terminals, size: (cols, rows) };
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
        requests
    }

    /// What is looked at gets the size of its pane, and its screen is brought up to date, as the app does it.
    fn fit(&mut self) {
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
        let (cols, rows) = self.size;
        self.fit();
        let mut screen = Screen::new(TestBackend::new(cols, rows)).expect("a test backend cannot fail");
        let drawn = screen.draw(|frame| self.ui.draw(frame, &self.view, &self.terminals, now()));
        drawn.expect("a test backend cannot fail");
        screen.backend().buffer().clone()
    }

    /// The frame as text, with blanks at the ends of lines taken off.
    pub(crate) fn frame(&mut self) -> String {
        let buffer = self.buffer();
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
    let (modifiers, name) = match key {
        key if key.starts_with("Ctrl-") => (KeyModifiers::CONTROL, &key[5..]),
        key if key.starts_with("Alt-") => (KeyModifiers::ALT, &key[4..]),
        key => (KeyModifiers::NONE, key),
    };
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
        "Tab" => KeyCode::Tab,
        "Backspace" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        "F1" => KeyCode::F(1),
        name => KeyCode::Char(name.chars().next().expect("a key has a name")),
    };
    KeyEvent::new(code, modifiers)
}
