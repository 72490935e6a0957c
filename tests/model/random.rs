//! Random histories over random plans in the simulated world, with the supervisor's promises checked after every step
//! (house.md, Tests). Not: what single rules say, which `cases` tells.
//!
//! `PROPTEST_CASES` sets how many histories are tried.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use zap::config::{
    Aim, Backoff, ContainerTool, Expected, HealthCheck, Hook, Job, Launch, MaxRuns, Need, OnFail, OnLoss,
    OnTimeout, PidFile, Plan, Probe, Reach, Ready, Restart, Sign, Stop, Subject, Until,
};
use zap::model::{
    Answer, Command, Effect, Event, Exit, HookKind, Hope, InstanceId, InstanceView, Next, NextKind, Notice,
    Now, RunId, Size, State, StepMark, Target, Time, Wall,
};

use crate::plans::{job, ms, plan, stepping, supervisor, with_step_timeout};
use crate::sim::{Child, Daemon, Habit, Life, Reply, Sim, SimRun};

/// How late news may come, in milliseconds.
const JITTER: u64 = 4;

/// The signal that people send by hand: USR1, of which a simulated process ends as of TERM.
const BY_HAND: i32 = 10;

/// What a person does, and after how many milliseconds.
#[derive(Debug, Clone)]
enum Deed {
    Start(u32),
    Stop(u32),
    Restart(u32),
    Kill(u32),
    StartSystem,
    StopSystem,
    RestartSystem,
    RestartFailed,
    Type(u32),
    Resize(u32, u16),
    Signal(u32),
    /// News of a run that is closed, or never was.
    Stale(u64, u8),
    Quit,
}

fn deed() -> impl Strategy<Value = (u64, Deed)> {
    let deed = prop_oneof![
        6 => (0..6u32).prop_map(Deed::Start),
        5 => (0..6u32).prop_map(Deed::Stop),
        5 => (0..6u32).prop_map(Deed::Restart),
        1 => (0..6u32).prop_map(Deed::Kill),
        3 => Just(Deed::StartSystem),
        1 => Just(Deed::StopSystem),
        1 => Just(Deed::RestartSystem),
        1 => Just(Deed::RestartFailed),
        1 => (0..6u32).prop_map(Deed::Type),
        1 => (0..6u32, 0..4u16).prop_map(|(instance, size)| Deed::Resize(instance, size)),
        1 => (0..6u32).prop_map(Deed::Signal),
        3 => (0..40u64, 0..11u8).prop_map(|(run, kind)| Deed::Stale(run, kind)),
        1 => Just(Deed::Quit),
    ];
    let pause = prop_oneof![3 => 0..5u64, 3 => 5..200u64, 3 => 200..3_000u64, 1 => 3_000..30_000u64];
    (pause, deed)
}

fn child() -> impl Strategy<Value = Child> {
    prop_oneof![
        Just(Child::Clinger),
        Just(Child::Silent),
        Just(Child::Flooder),
        Just(Child::Deaf),
        Just(Child::Undying),
        (0..3_000u64).prop_map(Child::Brief),
    ]
}

fn habit() -> impl Strategy<Value = Habit> {
    prop_oneof![
        6 => Just(Habit::Good),
        2 => Just(Habit::Deaf),
        2 => (0..2_000u64).prop_map(Habit::Slow),
        3 => (0..3_000u64, 0..3u8).prop_map(|(after, code)| Habit::Exits(after, code)),
        1 => (0..15_000u64).prop_map(Habit::Crashes),
        2 => (0..2_000u64, child()).prop_map(|(after, child)| Habit::Leaves(after, child)),
        2 => child().prop_map(Habit::Guards),
        1 => Just(Habit::Undying),
        1 => Just(Habit::Missing),
        1 => (0..3_000u64).prop_map(Habit::Tardy),
    ]
}

fn stop() -> impl Strategy<Value = Stop> {
    (
        prop_oneof![3 => Just(None), 1 => Just(Some(vec!["stop".to_owned()]))],
        prop_oneof![4 => Just(None), 1 => Just(Some(b"q".to_vec()))],
        prop_oneof![6 => Just(15), 1 => Just(2), 1 => Just(9)],
        prop_oneof![Just(0), Just(200), Just(3_000)],
        any::<bool>(),
        prop_oneof![5 => Just(false), 1 => Just(true)],
    )
        .prop_map(|(command, keys, signal, timeout, group, spares)| Stop {
            command,
            keys,
            signal,
            timeout: ms(timeout),
            aim: if group { Aim::Group } else { Aim::Leader },
            reach: if spares { Reach::Group } else { Reach::All },
        })
}

fn one_job(index: usize) -> impl Strategy<Value = (Job, Vec<Habit>, Habit)> {
    let restart = prop_oneof![Just(Restart::Never), Just(Restart::Unexpected), Just(Restart::Always)];
    let times = (
        prop_oneof![Just(0), Just(100), Just(1_000)],
        0..3u32,
        prop_oneof![Just(0), Just(50), Just(1_000)],
        prop_oneof![3 => Just(0), 1 => Just(300)],
    );
    let needs = proptest::collection::vec(prop_oneof![3 => Just(false), 1 => Just(true)], index);
    let shape = (any::<bool>(), prop_oneof![4 => Just(false), 1 => Just(true)], 0..6usize);
    (restart, times, needs, shape, stop(), proptest::collection::vec(habit(), 1..4), habit()).prop_map(
        move |(
            restart,
            (start, retries, first, delay),
            needs,
            (autostart, one_shot, steps),
            stop,
            habits,
            stop_habit,
        )| {
            let plain = job(&format!("j{index}"));
            let shaped = match steps {
                2 => with_step_timeout(1, ms(2_000), stepping(None, &["a", "b"], plain)),
                3 => stepping(Some("ssh far"), &["a", "b"], plain),
                4 => with_step_timeout(0, ms(90), stepping(Some("ssh far"), &["a", "b"], plain)),
                _ => plain,
            };
            let need = |(on, _)| needing_job(&format!("j{on}"));
            let job = Job {
                restart,
                autostart,
                exit_codes: vec![Expected::Code(0), Expected::Code(2)],
                start_secs: ms(start),
                start_retries: retries,
                backoff: Backoff { first: ms(first), max: ms(2_000), factor: 2.0 },
                restart_delay: ms(delay),
                stop,
                needs: needs.into_iter().enumerate().filter(|(_, needed)| *needed).map(need).collect(),
                one_shot,
                ..shaped
            };
            (job, habits, stop_habit)
        },
    )
}

/// What lies between an instance and the world: its keys in a job, and how the world takes it.
#[derive(Debug, Clone)]
struct World {
    before: Option<u64>,
    init: Option<u64>,
    after: Option<u64>,
    hooks: Vec<(HookKind, Vec<Habit>)>,
    max_runs: Option<(u32, u64)>,
    timeout: Option<u64>,
    restart_every: Option<u64>,
    ready: Option<Ready>,
    health: Vec<HealthCheck>,
    replies: Vec<Reply>,
    prints: Option<(u64, bool)>,
    subject: Subject,
    daemons: Vec<Daemon>,
}

impl World {
    fn keys(&self, job: Job) -> Job {
        let launch = job.launch.clone().map(|launch| Launch { subject: self.subject.clone(), ..launch });
        let hook =
            |timeout: u64| Hook { command: words("hook"), line: "hook".to_owned(), timeout: ms(timeout) };
        Job {
            before: self.before.map(hook),
            init: self.init.map(hook),
            after: self.after.map(hook),
            max_runs: self.max_runs.map(|(count, within)| MaxRuns { count, within: ms(within) }),
            timeout: self.timeout.map(ms),
            restart_every: self.restart_every.map(ms),
            ready: self.ready.clone(),
            health: self.health.clone(),
            launch,
            ..job
        }
    }

    fn tell(&self, sim: &mut Sim, instance: u32) {
        for (kind, habits) in &self.hooks {
            sim.hook_habits(instance, *kind, habits);
        }
        sim.replies(instance, &self.replies);
        if self.subject != Subject::Own {
            sim.daemons(instance, &self.daemons);
            sim.launcher_says(instance, "3f2a9c0d1e2f");
            sim.hook_says(instance, HookKind::Inspect, "7001");
            sim.container_ends(instance, "3");
        }
        if let Some((after, good)) = self.prints {
            sim.prints(instance, after, good);
        }
    }
}

fn rarely<T: std::fmt::Debug + Clone + 'static>(
    some: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Option<T>> {
    prop_oneof![4 => Just(None), 1 => some.prop_map(Some)]
}

fn span() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(300), Just(2_000)]
}

/// Hooks mostly end, well or not; now and then they behave like anything.
fn hook_habits() -> impl Strategy<Value = Vec<Habit>> {
    let soon = (0..400u64, prop_oneof![3 => Just(0u8), 1 => Just(1u8)]);
    let one = prop_oneof![3 => soon.prop_map(|(after, code)| Habit::Exits(after, code)), 1 => habit()];
    proptest::collection::vec(one, 1..3)
}

fn surroundings() -> impl Strategy<Value = World> {
    let kinds = [
        HookKind::Before,
        HookKind::Init,
        HookKind::After,
        HookKind::Probe,
        HookKind::Inspect,
        HookKind::Signal,
    ];
    let hooks = kinds.map(|kind| hook_habits().prop_map(move |habits| (kind, habits)));
    let spans =
        (rarely((1..4u32, prop_oneof![Just(0), Just(5_000u64)])), rarely(span()), rarely(300..3_000u64));
    (rarely(span()), rarely(span()), rarely(span()), hooks, spans, probes(), subject()).prop_map(
        |(
            before,
            init,
            after,
            hooks,
            (max_runs, timeout, restart_every),
            (ready, health, replies, prints),
            (subject, daemons),
        )| World {
            before,
            init,
            after,
            hooks: hooks.to_vec(),
            max_runs,
            timeout,
            restart_every,
            ready,
            health,
            replies,
            prints,
            subject,
            daemons,
        },
    )
}

fn subject() -> impl Strategy<Value = (Subject, Vec<Daemon>)> {
    let on_timeout = prop_oneof![Just(OnTimeout::Wait), Just(OnTimeout::Hold), Just(OnTimeout::Fail)];
    let file = (span(), on_timeout).prop_map(|(timeout, on_timeout)| {
        Subject::PidFile(PidFile { path: None, timeout: ms(timeout), on_timeout })
    });
    let subject = prop_oneof![
        8 => Just(Subject::Own),
        2 => file,
        1 => Just(Subject::Container(ContainerTool::Podman)),
    ];
    let life = prop_oneof![
        3 => Just(Life::Good),
        1 => Just(Life::Deaf),
        1 => (0..3_000u64, 0..3u8).prop_map(|(after, code)| Life::Exits(after, code)),
        1 => (0..3_000u64).prop_map(Life::Vanishes),
    ];
    let daemon = prop_oneof![
        6 => (0..500u64, life).prop_map(|(after, life)| Daemon::Comes(after, life)),
        1 => Just(Daemon::Never),
        1 => Just(Daemon::Stranger),
        1 => Just(Daemon::Dead),
    ];
    (subject, proptest::collection::vec(daemon, 1..3))
}

fn probe() -> impl Strategy<Value = Probe> {
    prop_oneof![
        Just(Probe::Tcp { host: "db".to_owned(), port: 1 }),
        Just(Probe::Command { command: words("probe"), line: "probe".to_owned() }),
    ]
}

fn ready() -> impl Strategy<Value = Ready> {
    let sign = prop_oneof![
        1 => Just(None),
        1 => Just(Some(Sign::Log("up".to_owned()))),
        2 => probe().prop_map(|probe| Some(Sign::Probe(probe))),
    ];
    let fail_log = prop_oneof![Just(None), Just(Some("error".to_owned()))];
    (sign, fail_log, span(), span()).prop_map(|(sign, fail_log, timeout, interval)| Ready {
        sign,
        fail_log,
        timeout: ms(timeout),
        interval: ms(interval),
    })
}

fn health() -> impl Strategy<Value = HealthCheck> {
    let folder = Probe::Folder { folder: "/spool".into(), inactive: ms(1_000) };
    let probe =
        prop_oneof![Just(folder), Just(Probe::Command { command: words("well"), line: "well".to_owned() })];
    let on_fail = prop_oneof![Just(OnFail::Restart), Just(OnFail::Alert)];
    (probe, span(), span(), span(), 1..3u32, on_fail).prop_map(
        |(probe, interval, timeout, start_period, max_failed, on_fail)| HealthCheck {
            probe,
            interval: ms(interval.max(50)),
            timeout: ms(timeout),
            start_period: ms(start_period),
            max_failed,
            on_fail,
        },
    )
}

#[expect(clippy::type_complexity, reason = "a strategy is named by what it makes")]
fn probes() -> impl Strategy<Value = (Option<Ready>, Vec<HealthCheck>, Vec<Reply>, Option<(u64, bool)>)> {
    let reply = prop_oneof![
        3 => (0..900u64).prop_map(Reply::Yes),
        2 => (0..900u64).prop_map(Reply::No),
        1 => (0..3_000u64).prop_map(Reply::Yes),
        1 => Just(Reply::Never),
    ];
    let health = rarely(health()).prop_map(|one| one.into_iter().collect());
    let replies = proptest::collection::vec(reply, 1..6);
    (rarely(ready()), health, replies, rarely((0..2_000u64, any::<bool>())))
}

#[derive(Debug, Clone)]
struct Scene {
    plan: Plan,
    habits: Vec<(Vec<Habit>, Habit, World)>,
}

fn scene() -> impl Strategy<Value = Scene> {
    let one = |index| (one_job(index), surroundings());
    let jobs = (1..=6usize).prop_flat_map(move |count| (0..count).map(one).collect::<Vec<_>>());
    let quit = prop_oneof![Just(0), Just(1_000), Just(60_000)];
    (jobs, quit).prop_map(|(jobs, quit)| {
        let (jobs, habits) = jobs
            .into_iter()
            .map(|((job, habits, stop), world)| (world.keys(job), (habits, stop, world)))
            .unzip();
        let mut plan = plan(jobs);
        plan.settings.stop_timeout = ms(quit);
        Scene { plan, habits }
    })
}

/// A history that is being played.
struct Play {
    sim: Sim,
    jobs: Vec<Job>,
    /// Instances that a person put down, until somebody starts something.
    down: BTreeSet<u32>,
    done: BTreeSet<u32>,
    told: usize,
    /// When somebody last wished what tries KILL again on what it could not end.
    forced_at: u64,
    /// Since when each instance has had nothing before it but its own end.
    ending_since: BTreeMap<u32, u64>,
}

impl Play {
    fn new(scene: &Scene, seed: u64) -> Self {
        let mut sim = Sim::new(supervisor(scene.plan.clone()), seed);
        sim.jitter = JITTER;
        for (index, (habits, stop_habit, world)) in (0..).zip(&scene.habits) {
            sim.habits(index, habits);
            world.tell(&mut sim, index);
            sim.stop_habit(index, *stop_habit);
        }
        let jobs = scene.plan.systems[0].jobs.clone();
        Self {
            sim,
            jobs,
            down: BTreeSet::new(),
            done: BTreeSet::new(),
            told: 0,
            forced_at: 0,
            ending_since: BTreeMap::new(),
        }
    }

    fn run_for(&mut self, span: u64) {
        let until = self.sim.now + span;
        while self.sim.happen(until) {
            self.check();
        }
        self.sim.now = self.sim.now.max(until);
    }

    fn act(&mut self, deed: &Deed) {
        let count = self.jobs.len() as u32;
        let one = |index: u32| vec![Target::Instance(InstanceId(index % count))];
        let all = || vec![Target::System("dev".to_owned())];
        match *deed {
            Deed::Start(index) => self.lift(Command::Start(one(index))),
            Deed::Restart(index) => self.lift(Command::Restart(one(index))),
            Deed::StartSystem => self.lift(Command::Start(all())),
            Deed::RestartSystem => self.lift(Command::Restart(all())),
            Deed::RestartFailed => self.lift(Command::RestartFailed),
            Deed::Stop(index) => self.put_down(Command::Stop(one(index)), &[index % count]),
            Deed::Kill(index) => self.put_down(Command::Kill(one(index)), &[index % count]),
            Deed::StopSystem => self.put_down(Command::Stop(all()), &(0..count).collect::<Vec<_>>()),
            Deed::Type(index) => {
                let instance = InstanceId(index % count);
                self.sim.command(Command::Type { instance, bytes: b"x".to_vec() });
            }
            Deed::Resize(index, size) => {
                let instance = InstanceId(index % count);
                self.sim.command(Command::Resize { instance, size: Size { rows: size, cols: 80 } });
            }
            Deed::Signal(index) => self.sim.command(Command::Signal { targets: one(index), signal: BY_HAND }),
            Deed::Stale(run, kind) => self.stale(RunId(run), kind),
            Deed::Quit => self.sim.command(Command::Quit),
        }
        self.check();
    }

    fn lift(&mut self, command: Command) {
        self.forced_at = self.sim.now;
        self.down.clear();
        self.sim.command(command);
    }

    fn put_down(&mut self, command: Command, instances: &[u32]) {
        self.down.extend(instances);
        self.forced_at = self.sim.now;
        self.sim.command(command);
    }

    /// A stale run changes nothing.
    fn stale(&mut self, run: RunId, kind: u8) {
        if self.sim.runs.get(&run).is_some_and(|run| !run.closed) || self.sim.questions.contains_key(&run) {
            return;
        }
        let event = match kind {
            0 => Event::Spawned { run, pid: 1 },
            1 => Event::Exited { run, exit: Exit::Code(1) },
            2 => Event::Drained { run },
            3 => Event::Surveyed { run, left: 3 },
            4 => Event::Quiet { run },
            8 => Event::Adopted { run, pid: 1 },
            9 => Event::NotAdopted { run, why: "x".to_owned(), hope: Hope::Never },
            5 => Event::Answered { run, answer: Answer::Yes },
            6 => Event::Noticed { run, notice: Notice::Ready },
            7 => Event::Said { run, line: "x".to_owned() },
            _ => Event::Step { run, mark: StepMark::Begin { step: 0 } },
        };
        let now = Now { mono: Time(Duration::from_millis(self.sim.now)), wall: Wall(0) };
        let mut ticked = self.sim.supervisor.clone();
        let _ = ticked.step(now, Event::Tick);
        let mut after = ticked.clone();
        assert_eq!(after.step(now, event.clone()), [], "{event:?} is stale");
        assert_eq!(after, ticked, "{event:?} is stale");
    }

    fn check(&mut self) {
        let view = self.sim.view();
        let views = &view.systems[0].jobs;
        for view in views {
            if view.state == State::Done && view.one_shot {
                self.done.insert(view.id.0);
            }
        }
        if let Some(deadline) = self.sim.supervisor.deadline() {
            let now = self.sim.history.last().unwrap().0.mono;
            assert!(deadline > now, "the deadline {deadline:?} has passed at {now:?}");
        }
        for view in views {
            self.check_wish(view);
            self.check_settled(view, views);
            self.check_picture(view);
            self.check_progress(view, views);
        }
        self.check_order();
        if let Some(quitting) = &view.quitting {
            for survivor in &quitting.alive {
                assert!(!survivor.doing.is_empty());
            }
        }
        self.check_end();
    }

    fn check_wish(&self, view: &InstanceView) {
        let quitting = self.sim.quit_at.is_some();
        if self.down.contains(&view.id.0) || quitting {
            assert!(!view.wanted, "{} was put down", view.address);
        }
        if !view.wanted {
            let fine = match view.state {
                State::Stopped | State::Stopping => true,
                State::Done | State::Failed => quitting,
                State::Waiting
                | State::Scheduled
                | State::Starting
                | State::Running
                | State::Backoff
                | State::Held => false,
            };
            assert!(fine, "{} is not wanted, but {:?}", view.address, view.state);
        }
    }

    /// Whatever could be done has been done.
    fn check_settled(&self, view: &InstanceView, views: &[InstanceView]) {
        let needs =
            || self.jobs[view.id.0 as usize].needs.iter().map(|need| Self::named(views, job_of(need)));
        let runs = || self.sim.runs.values().filter(|run| run.instance == view.id && !run.closed);
        let must_be_met = |need: &InstanceView| {
            if need.one_shot { self.done.contains(&need.id.0) } else { need.state == State::Running }
        };
        let may_be_met = |need: &InstanceView| {
            must_be_met(need) || need.one_shot && self.sim.ended_well.contains(&need.id)
        };
        match view.state {
            State::Waiting | State::Scheduled => assert!(
                runs().count() > 0 || !needs().all(must_be_met),
                "{} is idle, though wanted and free to go: {}",
                view.address,
                view.why
            ),
            State::Starting | State::Running => {
                assert!(needs().all(may_be_met), "{} runs without its needs", view.address);
            }
            State::Stopping => {
                let forced = self.sim.now <= self.forced_at + 2_000 + 10 * JITTER;
                assert!(
                    runs().any(|run| !run.given_up || forced),
                    "{} stops though nothing is left: {}",
                    view.address,
                    view.why
                );
            }
            State::Stopped => {
                assert!(!view.wanted, "{} is wanted, but stopped", view.address);
                assert!(
                    runs().all(|run| run.given_up || self.sim.is_spared(run)),
                    "{} is stopped, but something is left",
                    view.address
                );
            }
            State::Backoff => {
                assert!(matches!(view.next, Some(next) if next.kind == NextKind::Retry), "{}", view.address);
            }
            State::Held => {
                assert!(
                    matches!(view.next, None | Some(Next { kind: NextKind::Release, .. })),
                    "{}",
                    view.address
                );
            }
            State::Done | State::Failed => {}
        }
    }

    /// What has to end does, within the graces of all.
    fn check_progress(&mut self, view: &InstanceView, views: &[InstanceView]) {
        let needs_met = || {
            let needs = self.jobs[view.id.0 as usize].needs.iter();
            let mut needs = needs.map(|need| Self::named(views, job_of(need)));
            needs.all(|need| !need.one_shot && need.state == State::Running || self.done.contains(&need.id.0))
        };
        let given_up = self.sim.runs.values().any(|run| run.instance == view.id && run.given_up);
        let ends = match view.state {
            State::Stopping => true,
            State::Waiting | State::Scheduled => needs_met() && !given_up,
            State::Stopped
            | State::Starting
            | State::Running
            | State::Backoff
            | State::Held
            | State::Done
            | State::Failed => false,
        };
        if !ends {
            self.ending_since.remove(&view.id.0);
            return;
        }
        let since = *self.ending_since.entry(view.id.0).or_insert(self.sim.now);
        let graces: u64 = self.jobs.iter().map(graces).sum();
        let since = since.max(self.forced_at);
        assert!(self.sim.now <= since + graces, "{} does not come to an end: {}", view.address, view.why);
    }

    fn named<'a>(views: &'a [InstanceView], name: &str) -> &'a InstanceView {
        views.iter().find(|view| view.name == name).unwrap()
    }

    fn check_picture(&self, view: &InstanceView) {
        let pid = view.run.and_then(|run| run.pid);
        let run = view.run.and_then(|run| self.sim.runs.get(&run.id));
        match view.state {
            // A container's exit code may be on its way.
            State::Running if !self.sim.runs_of(view.id).any(SimRun::is_adopted) => {
                assert!(pid.is_some(), "{} runs without a pid", view.address);
            }
            State::Starting | State::Running | State::Stopping => {}
            State::Stopped
            | State::Waiting
            | State::Scheduled
            | State::Backoff
            | State::Held
            | State::Done
            | State::Failed => {
                let given_up = view.run.is_some_and(|run| self.sim.is_hopeless(run.id));
                assert!(pid.is_none() || given_up, "{} has a pid, but is {:?}", view.address, view.state);
            }
        }
        if pid.is_some() {
            assert!(run.is_some_and(|run| !run.reaped), "{} has the pid of a dead process", view.address);
        }
        assert!(!view.why.is_empty());
        let up = view.state == State::Running || view.one_shot && view.state == State::Done;
        assert!(!view.ready || up, "{} is ready, but {:?}", view.address, view.state);
        let signed = self.jobs[view.id.0 as usize].ready.as_ref().is_some_and(|ready| ready.sign.is_some());
        assert!(signed || view.ready == up, "{} has no sign, but is not ready", view.address);
        let asked = self.sim.questions.values().any(|(owner, _)| *owner == view.id);
        assert!(
            !asked || matches!(view.state, State::Starting | State::Running),
            "{} is asked",
            view.address
        );
    }

    /// Dependants have ended before what they need is asked to.
    fn check_order(&mut self) {
        let asked: Vec<InstanceId> = self.sim.history[self.told..]
            .iter()
            .flat_map(|(_, _, effects)| effects)
            .filter_map(|effect| match effect {
                Effect::Signal { run, signal, .. } if *signal != 9 && *signal != BY_HAND => Some(*run),
                _ => None,
            })
            .filter(|run| !self.sim.runs[run].reaped && self.sim.runs[run].hook.is_none())
            .map(|run| self.sim.runs[&run].instance)
            .collect();
        self.told = self.sim.history.len();
        for asked in asked {
            let needed = &self.jobs[asked.0 as usize];
            for (index, job) in (0..).zip(&self.jobs) {
                let depends = !needed.one_shot && job.needs.iter().any(|need| job_of(need) == needed.name);
                assert!(
                    !depends || !self.sim.has_living_leader(InstanceId(index)),
                    "{} was told to end before {}, which needs it",
                    needed.name,
                    job.name
                );
            }
        }
    }

    fn check_end(&self) {
        let Some(quit_at) = self.sim.quit_at else { return };
        let timeout = self.sim.supervisor.plan().settings.stop_timeout.as_millis() as u64;
        let limit = quit_at + timeout + 2_000 + 10 * JITTER;
        match self.sim.finished {
            None => assert!(self.sim.now <= limit, "zap did not end: {:?}", self.sim.view().quitting),
            Some(at) => assert!(at <= limit),
        }
    }

    /// At the end nothing lives but what nothing can end, and what was not even born.
    fn check_left(&self) {
        if self.sim.finished.is_some() {
            for (id, run) in &self.sim.runs {
                let undying = run.given_up || self.sim.is_hopeless(*id) || self.sim.is_spared(run);
                assert!(run.alive() == 0 || undying, "{id:?} was left behind: {run:?}");
            }
        }
    }
}

/// Enough to catch the planted faults, few enough for every run of the tests.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(), failure_persistence: None, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn promises_hold_after_every_step(
        scene in scene(),
        seed in any::<u64>(),
        deeds in proptest::collection::vec(deed(), 1..30),
        end in any::<bool>(),
    ) {
        let mut play = Play::new(&scene, seed);
        play.act(&Deed::StartSystem);
        for (pause, deed) in &deeds {
            play.run_for(*pause);
            if play.sim.finished.is_some() {
                break;
            }
            play.act(deed);
        }
        if end && play.sim.quit_at.is_none() {
            play.act(&Deed::Quit);
        }
        play.run_for(70_000);
        play.check_left();
        play.sim.assert_replay();
    }
}

/// The longest that the end of a job takes, in milliseconds.
fn graces(job: &Job) -> u64 {
    let stop = job.stop.timeout.as_millis() as u64;
    let hooks = [&job.before, &job.init, &job.after].into_iter().flatten();
    let hooks: u64 = hooks.map(|hook| hook.timeout.as_millis() as u64 + stop + 2_500).sum();
    let is_container =
        job.launch.as_ref().is_some_and(|launch| matches!(launch.subject, Subject::Container(_)));
    // A tool that hangs: once for the signal, once for a stray container.
    let tools = if is_container { 2 * 13_500 } else { 0 };
    stop + 6_000 + hooks + tools
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn needing_job(job: &str) -> Need {
    Need::Job { system: "dev".to_owned(), job: job.to_owned(), until: Until::Running, on_loss: OnLoss::Stop }
}

fn job_of(need: &Need) -> &str {
    match need {
        Need::Job { job, .. } => job,
        Need::Command { line, .. } => line,
    }
}
