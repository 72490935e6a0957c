//! An engine in a folder of its own, to be told effects and looked at. Not: what is tried (`trial`).

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::config::{LogLevel, Plan, Request, load};
use crate::model::{
    Effect, HookKind, InstanceId, Launch, RunId, Size, Stream, StreamFile, Supervisor, Surroundings,
};
use crate::sys::{Clock, NoFile, Nursery};

use crate::app::background::Background;
use crate::app::engine::Engine;
use crate::app::eye::Eye;
use crate::app::inbox;
use crate::app::journal::Journal;
use crate::app::log::Log;
use crate::app::message::{Control, Letters, OutputLane};
use crate::app::reload::Reload;

/// Nothing that a test waits for takes so long.
pub(super) const LIMIT: Duration = Duration::from_secs(30);
pub(super) const JOB: InstanceId = InstanceId(0);

/// An engine in a folder of its own.
pub(super) struct Trial {
    pub(super) engine: Engine,
    pub(super) letters: Letters,
    pub(super) folder: tempfile::TempDir,
}

pub(super) fn trial() -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let (post, letters) = inbox::inbox();
    let news = post.clone();
    let nursery =
        Nursery::start(NoFile::present().unwrap(), move |told| news.control(Control::News(told))).unwrap();
    let surroundings = Surroundings { seed: 1, socket: folder.path().join("socket") };
    let supervisor = Supervisor::new(plan(folder.path()), surroundings);
    let log = Log::open(folder.path(), LogLevel::Debug);
    let journal = Journal::new(None, post.clone());
    let background = Background::start().unwrap();
    let engine = Engine::new(Clock::start(), supervisor, nursery, OutputLane(post), background, log, journal);
    Trial { engine, letters, folder }
}

pub(super) fn plan(folder: &Path) -> Plan {
    let file = folder.join("systems.toml");
    fs::write(&file, "[systems.dev.jobs]\njob = \"true\"\n").unwrap();
    load(&Request::of_this_process(Some(file), crate::ui::vocabulary()).unwrap()).unwrap().plan
}

impl Trial {
    pub(super) fn perform(&mut self, effect: Effect) {
        let now = self.engine.now();
        self.engine.perform(effect, now);
    }

    pub(super) fn spawn(&mut self, line: &str, change: impl FnOnce(&mut Launch)) -> RunId {
        let run = fresh_run();
        let mut launch = launch(line);
        change(&mut launch);
        self.perform(Effect::Spawn { run, instance: JOB, launch: Box::new(launch) });
        run
    }

    pub(super) fn hook(&mut self, kind: HookKind, line: &str) -> RunId {
        let run = fresh_run();
        self.perform(Effect::SpawnHook { run, instance: JOB, kind, launch: Box::new(launch(line)) });
        run
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the model was told, a line each.
    pub(super) fn told(&self) -> String {
        fs::read_to_string(self.file("zap.log")).unwrap_or_default()
    }

    /// Turns until the model was told this.
    #[track_caller]
    pub(super) fn until(&mut self, text: &str) {
        let end = self.engine.now().mono + LIMIT;
        while !self.told().contains(text) {
            assert!(self.engine.now().mono < end, "not told: {text}\n{}", self.told());
            self.turn();
        }
    }

    /// As the loop does.
    pub(super) fn turn(&mut self) {
        let (mut control, mut output) = (VecDeque::new(), VecDeque::new());
        self.letters.take(&mut control, &mut output, Some(Duration::from_millis(20)));
        for message in control {
            match message {
                Control::News(news) => self.engine.news(news),
                Control::Answered(run, answer) => self.engine.answered(run, answer),
                Control::Unwritten { run, why } => self.engine.unwritten(run, &why),
                Control::Unkept(why) => self.engine.complain(&why),
                Control::Archived(archived) => _ = self.engine.archived(archived),
                Control::Key(_)
                | Control::Signal(_)
                | Control::Asked(_)
                | Control::CallerGone
                | Control::Reread(_)
                | Control::FileChanged
                | Control::ClockSet
                | Control::Painted(_)
                | Control::Saved(_)
                | Control::Found(_)
                | Control::Counted(_)
                | Control::Broken => {}
            }
        }
        for piece in output {
            self.engine.output(piece);
        }
        self.engine.tick();
    }

    /// Takes so many readings of the file.
    pub(super) fn take_readings(&mut self, reload: &mut Reload, eye: &mut Eye, mut count: u32) {
        let (mut control, mut output) = (VecDeque::new(), VecDeque::new());
        let end = self.engine.now().mono + LIMIT;
        while count > 0 {
            assert!(self.engine.now().mono < end, "{count} readings have not ended");
            self.letters.take(&mut control, &mut output, Some(Duration::from_millis(20)));
            for message in control.drain(..) {
                if let Control::Reread(reread) = message {
                    reload.reread(*reread, &mut self.engine, eye);
                    count -= 1;
                }
            }
        }
    }

    #[track_caller]
    pub(super) fn until_drained(&mut self, run: RunId) {
        self.until(&format!("Drained {{ run: {run:?} }}"));
        self.until(&format!("Exited {{ run: {run:?}"));
    }

    /// All that the instance shows.
    pub(super) fn shown(&mut self) -> String {
        let terminal = self.engine.outputs.terminals.get_mut(&JOB).unwrap();
        terminal.refresh();
        terminal.lines().filter_map(|number| terminal.line(number)).map(|line| line.text() + "\n").collect()
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }
}

pub(super) fn fresh_run() -> RunId {
    // The supervisor knows none of them, and does nothing about them.
    static NEXT: AtomicU64 = AtomicU64::new(1_000_000);
    RunId(NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn launch(line: &str) -> Launch {
    Launch {
        argv: ["sh", "-c", line].map(OsString::from).into(),
        env: vec![("PATH".into(), "/usr/bin:/bin".into())],
        folder: "/".into(),
        umask: None,
        size: Size::UNSEEN,
        nonce: None,
        user: None,
        stdout: Stream::Terminal,
        stderr: Stream::Terminal,
        heard: false,
    }
}

pub(super) fn into(file: PathBuf) -> StreamFile {
    StreamFile { file, append: true, tee: false, tty: true, ansi: false, max_size: None, keep: 1 }
}
