//! What is built once, in the order in which it depends on each other; then the loop. Not: what is to be run.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::config::{Loaded, Plan, Request};
use crate::model::{Command, Supervisor, Surroundings, Target};
use crate::sys::{
    self, Clock, Controller, Lock, LockError, Modes, Nursery, PlaceError, Places, Tty, memory, random, reason,
};
use crate::ui::{self, Ui};
use crate::wire::{self, Backlog, Greeting, PROTOCOL};

use super::background::Background;
use super::claim::Claim;
use super::engine::Engine;
use super::eye::{Eye, Watch};
use super::ground::Ground;
use super::histories::Histories;
use super::inbox;
use super::journal::Journal;
use super::last_resort;
use super::lines::Lines;
use super::log::Log;
use super::message::{Control, OutputLane, Post};
use super::outside::Home;
use super::reload::Reload;
use super::run::{Loop, PANICKED};
use super::screen::Screen;
use super::serve::Desk;
use super::signals;

/// What zap is to do.
pub struct Order {
    /// What the file asks for, and how it was found.
    pub loaded: Loaded,
    /// How it is read again.
    pub request: Request,
    /// What is started.
    pub targets: Vec<Target>,
    /// How it is watched.
    pub watch: Watch,
}

/// Why zap could not begin, or not go on.
#[derive(Debug)]
pub enum RunError {
    /// Another zap has this file.
    Held(LockError),
    /// The folder for the lock cannot be had.
    Place(PlaceError),
    /// The kernel refused something.
    Kernel(&'static str, io::Error),
    /// What the jobs print cannot be printed.
    Unwritable(io::Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(error) => write!(out, "{error}"),
            Self::Place(error) => write!(out, "no place for the lock: {error}"),
            Self::Kernel(what, error) => write!(out, "cannot {what}: {}", reason(error)),
            Self::Unwritable(error) => write!(out, "cannot write to standard output: {}", reason(error)),
        }
    }
}

impl std::error::Error for RunError {}

/// How long slow readers of answers may hold up the end.
const FAREWELL: Duration = Duration::from_millis(300);
/// How long a slow disk may hold up the end: what is not written by then is lost.
const LAST_LINES: Duration = Duration::from_secs(3);

/// Runs zap until everything has ended, and returns its exit code.
pub fn start(order: Order) -> Result<u8, RunError> {
    memory::share_one_arena();
    let clock = Clock::start();
    let places = places(&order.loaded.plan.file, &order.loaded.plan.environment)?;
    places.make().map_err(RunError::Place)?;
    let claim = Claim::new(Lock::take(&places.runtime).map_err(RunError::Held)?);
    let (post, letters) = inbox::inbox();
    let controller = Controller::find();
    let background = Background::start().map_err(kernel("start the thread that waits"))?;
    listen(&order.watch, &background, &post).map_err(kernel("listen to signals"))?;

    let Order { loaded, request, targets, watch } = order;
    let Loaded { plan, theme: _, keys: _, warnings: _, found, files } = loaded;
    let settings = plan.settings.clone();
    let scene = (shown(&plan), home(&plan, &places));
    let histories = open_histories(&places, &plan.file, &claim, post.clone())
        .map_err(kernel("start the thread that keeps histories"))?;
    let mut reload = Reload::new(request, found, post.clone(), Some(histories.opener()));
    let watched = reload.watch(settings.watch_config, files);
    let desk = Desk::new(reload, clock.now().wall);
    let mut engine = engine(clock, plan, background, &places, &post)?;
    engine.outputs.keep_in(histories);
    if let Err(error) = watched {
        engine.complain(&format!("cannot look after the file: {}", reason(&error)));
    }
    let set = post.clone();
    let _clock_set = sys::ClockSet::start(move || set.control(Control::ClockSet))
        .map_err(kernel("start the thread that hears of a clock that is set"))?;
    let eye = open_eye(watch, targets.first(), &settings, scene, &engine, &post)?;
    let door = Door::open(&places.runtime, &engine.background, &post).map_err(kernel("make the socket"))?;
    let turning = Loop::new(engine, eye, desk, controller, letters);
    turn(turning, Command::Start(targets), &door, claim)
}

/// Turns until everything has ended, and leaves all as the next zap needs it.
fn turn(mut turning: Loop, first: Command, door: &Door, claim: Claim) -> Result<u8, RunError> {
    let outcome = catch_unwind(AssertUnwindSafe(|| turning.run(first)));
    let outcome = outcome.unwrap_or_else(|_| {
        last_resort::end_everything(&turning.engine, &turning.letters, &mut turning.control);
        Ok(PANICKED)
    });
    turning.engine.outputs.save(LAST_LINES);
    // Who waits for the end may start the next zap: the lock is free before they are told, by the end of the conversation.
    door.close(FAREWELL);
    claim.give_back(FAREWELL);
    outcome.map_err(RunError::Unwritable)
}

/// The model with its hands, and what it writes down.
fn engine(
    clock: Clock,
    plan: Plan,
    background: Background,
    places: &Places,
    post: &Post,
) -> Result<Engine, RunError> {
    let limit = sys::limits::raise_descriptors().map_err(kernel("read the limit of descriptors"))?;
    let seed = random::seed().map_err(kernel("read random bytes"))?;
    let news = post.clone();
    let nursery = Nursery::start(limit, move |news_of| news.control(Control::News(news_of)))
        .map_err(kernel("start the thread that makes processes"))?;
    let log = Log::open(&places.state, plan.settings.log);
    let journal = Journal::new(plan.settings.event_log.clone(), post.clone());
    let surroundings = Surroundings { seed, socket: places.runtime.join("socket") };
    let supervisor = Supervisor::new(plan, surroundings);
    let lane = OutputLane(post.clone());
    Ok(Engine::new(clock, supervisor, nursery, lane, background, log, journal))
}

/// What those find who run beside the jobs.
fn home(plan: &Plan, places: &Places) -> Home {
    let config = plan.file.parent().unwrap_or(Path::new("/")).to_owned();
    Home {
        env: std::env::vars_os().collect(),
        folder: std::env::current_dir().unwrap_or_else(|_| config.clone()),
        config,
        scratch: places.state.join("tmp"),
    }
}

fn kernel(what: &'static str) -> impl Fn(io::Error) -> RunError {
    move |error| RunError::Kernel(what, error)
}

/// The places of the file, by its real path: whatever name it is given, it is one project. A file that is gone is where its
/// folder is.
pub fn places(file: &Path, environment: &BTreeMap<OsString, OsString>) -> Result<Places, RunError> {
    let variable = |name: &str| environment.get(OsStr::new(name)).map(OsString::as_os_str);
    Places::of(&real(file), variable).map_err(RunError::Place)
}

fn real(file: &Path) -> PathBuf {
    let in_real_folder = || Some(file.parent()?.canonicalize().ok()?.join(file.file_name()?));
    file.canonicalize().ok().or_else(in_real_folder).unwrap_or_else(|| file.to_owned())
}

/// The thread that writes them has a share in the claim: the disk may take longer than anybody waits, and the next zap must not
/// open what is still being written.
fn open_histories(places: &Places, file: &Path, claim: &Claim, post: Post) -> io::Result<Histories> {
    let share = claim.share();
    Histories::start(&places.state, real(file), move |what| {
        let _ = &share;
        post.control(Control::Archived(what));
    })
}

/// The socket, while there is one.
struct Door {
    folder: PathBuf,
    backlog: Arc<Backlog>,
}

impl Door {
    fn open(folder: &Path, background: &Background, post: &Post) -> io::Result<Self> {
        let listener = wire::bind(folder)?;
        let backlog = Arc::new(Backlog::default());
        let (post, left) = (post.clone(), post.clone());
        let service = wire::Service {
            greeting: Greeting {
                protocol: PROTOCOL,
                pid: std::process::id(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            user: nix::unistd::geteuid().as_raw(),
            backlog: Arc::clone(&backlog),
            tell: Box::new(move |asked| post.control(Control::Asked(asked))),
            gone: Box::new(move || left.control(Control::CallerGone)),
        };
        background.spawn(wire::serve(listener, service));
        Ok(Self { folder: folder.to_owned(), backlog })
    }

    /// Lets nobody in any more, and waits until all is said, but not longer than this.
    fn close(&self, patience: Duration) {
        wire::unbind(&self.folder);
        self.backlog.drain(patience);
    }
}

fn listen(watch: &Watch, background: &Background, post: &Post) -> io::Result<()> {
    match watch {
        Watch::Screen { .. } => {
            signals::listen(&[&signals::ENDS[..], &signals::SCREEN].concat(), background, post)
        }
        Watch::Lines { .. } => signals::listen(&signals::ENDS, background, post),
    }
}

fn open_eye(
    watch: Watch,
    first: Option<&Target>,
    settings: &crate::config::Settings,
    (head, home): (String, Home),
    engine: &Engine,
    post: &Post,
) -> Result<Eye, RunError> {
    match watch {
        Watch::Lines { until, ink } => {
            hook_panics(post.clone(), None);
            let lines = Lines::new(until, ink, post.clone());
            Ok(Eye::Lines(lines.map_err(kernel("start the thread that prints"))?))
        }
        Watch::Screen { theme, keys, colours, utf8 } => {
            let tty = Tty::open(Modes { mouse: settings.mouse, focus: false })
                .map_err(kernel("use the terminal"))?;
            hook_panics(post.clone(), Some(tty.rescue()));
            let ground = Ground::of(&theme, std::env::var("COLORFGBG").ok().as_deref());
            let mut ui = Ui::new(ui::Options {
                theme: *theme,
                keys,
                colours,
                utf8,
                quit: settings.quit,
                mouse: settings.mouse,
                head,
                zone: local_zone(),
            });
            if let Some(first) = first {
                ui.select(first, engine.first_view());
            }
            let screen =
                Screen::open(tty, ui, ground, post.clone(), home).map_err(kernel("use the terminal"))?;
            Ok(Eye::Screen(Box::new(screen)))
        }
    }
}

/// A panic that is not contained gives the terminal back before its message is printed, and ends everything.
fn hook_panics(post: Post, rescue: Option<sys::Rescue>) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if crate::terminal::containing() {
            return;
        }
        if let Some(rescue) = &rescue {
            rescue.restore();
        }
        before(panic);
        post.control(Control::Broken);
    }));
}

/// The file as a person reads it: `~` for home.
fn shown(plan: &Plan) -> String {
    let home = plan.environment.get(std::ffi::OsStr::new("HOME")).map(std::path::Path::new);
    match home.filter(|home| home.is_absolute()).and_then(|home| plan.file.strip_prefix(home).ok()) {
        Some(below) => format!("~/{}", below.display()),
        None => plan.file.display().to_string(),
    }
}

/// Seconds east of UTC, by the time zone of this machine.
fn local_zone() -> ui::Zone {
    let zone = crate::config::local_zone();
    Box::new(move |wall| {
        let moment = jiff::Timestamp::from_millisecond(wall.0).unwrap_or_default();
        zone.to_offset(moment).seconds()
    })
}
