//! Random histories over random plans in the simulated world, with the supervisor's promises checked after every step
//! (house.md, Tests). Not: what single rules say, which `cases` tells.
//!
//! `PROPTEST_CASES` sets how many histories are tried.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use zap::config::{
    Aim, Backoff, ContainerTool, Expected, HealthCheck, Hook, Job, Launch, MaxRuns, Moment, Need, OnChange,
    OnFail, OnLoss, OnTimeout, PidFile, Plan, Probe, Reach, Ready, Restart, Sign, Stop, Subject, Until,
    Version, Window, Work,
};
use zap::model::{
    Answer, By, ChangeKind, Command, Effect, Event, Exit, FileProblem, HookKind, Hope, InstanceId,
    InstanceView, Next, NextKind, Notice, Now, RunId, Size, State, StepMark, Target, Time, Wall,
};

use crate::plans::{command, job, launch, ms, need, plan, stepping, supervisor, with_step_timeout};
use crate::sim::{Child, Daemon, Habit, Life, Reply, Sim, SimRun};
use crate::walls::{at, clock, window};

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
    /// The file is read anew, with these changes.
    Reload(Vec<Edit>),
    /// The file is read anew, and is broken.
    Break,
    /// The wall clock is set to the hour of this number, or just before it.
    SetWall(i64, bool),
    Quit,
}

/// A change of the file.
#[derive(Debug, Clone)]
enum Edit {
    /// A job that is there or not: from now on this one.
    Put(usize, Box<Job>),
    Remove(usize),
    Numprocs(usize, u32),
    /// A launch key.
    Program(usize, u8),
    OnChange(usize, bool),
    /// Live keys.
    Live(usize, u64),
    /// More of them.
    Keys(usize, Box<World>),
    Versions(usize, Vec<Version>),
    Schedule(usize, Vec<Window>),
    Needs(usize, Vec<Need>),
    /// `max-starting` and `start-stagger`.
    Limits(u32, u64),
}

fn edit() -> BoxedStrategy<Edit> {
    let which = 0..7usize;
    prop_oneof![
        2 => which.clone().prop_flat_map(|which| {
            let made = (one_job(which), surroundings());
            made.prop_map(move |((job, _), world)| Edit::Put(which, Box::new(world.keys(job))))
        }),
        2 => which.clone().prop_map(Edit::Remove),
        2 => (which.clone(), 1..4u32).prop_map(|(which, count)| Edit::Numprocs(which, count)),
        2 => (which.clone(), 0..3u8).prop_map(|(which, program)| Edit::Program(which, program)),
        1 => (which.clone(), any::<bool>()).prop_map(|(which, pending)| Edit::OnChange(which, pending)),
        2 => (which.clone(), 0..2_000u64).prop_map(|(which, span)| Edit::Live(which, span)),
        2 => (which.clone(), surroundings()).prop_map(|(which, world)| Edit::Keys(which, Box::new(world))),
        2 => (which.clone(), versions()).prop_map(|(which, versions)| Edit::Versions(which, versions)),
        2 => (which.clone(), schedule()).prop_map(|(which, windows)| Edit::Schedule(which, windows)),
        2 => which.prop_flat_map(|which| needs(which).prop_map(move |needs| Edit::Needs(which, needs))),
        1 => (0..3u32, prop_oneof![Just(0), Just(700)]).prop_map(|(max, stagger)| Edit::Limits(max, stagger)),
    ]
    .boxed()
}

/// When random histories begin: an hour of UTC, so that windows are near.
const BEGIN: &str = "2027-03-26T12:00:00Z";

fn hour(number: i64) -> i64 {
    at(BEGIN) + number * 3_600_000
}

fn versions() -> BoxedStrategy<Vec<Version>> {
    let version = (-30..30i64, 0..3u8, prop_oneof![3 => Just(false), 1 => Just(true)]);
    let some = proptest::collection::btree_map(-30..30i64, version, 0..3);
    let none = Just(std::collections::BTreeMap::new());
    prop_oneof![3 => none, 1 => some]
        .prop_map(|versions| {
            let version = |(number, (_, program, fake)): (i64, (i64, u8, bool))| Version {
                apply_on: Moment { text: format!("hour {number}"), unix_ms: hour(number) },
                fake,
                launch: launch(&format!("v{program}")),
            };
            versions.into_iter().map(version).collect()
        })
        .boxed()
        .boxed()
}

/// In UTC: so that what is open can be told without the rules of a zone.
fn schedule() -> BoxedStrategy<Vec<Window>> {
    let one = (0..24u8, 0..24u8, 1..128u8).prop_map(|(start, stop, bits)| {
        let mut window = window(&format!("{start:02}:00"), &format!("{stop:02}:00"));
        window.days.bits = bits;
        window
    });
    prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(one, 1..3)].boxed().boxed()
}

/// On jobs with lower numbers, so that there are no circles.
fn needs(index: usize) -> BoxedStrategy<Vec<Need>> {
    let until = prop_oneof![2 => Just(Until::Running), 1 => Just(Until::Ready), 1 => Just(Until::Done)];
    let on_loss = prop_oneof![2 => Just(OnLoss::Stop), 1 => Just(OnLoss::Ignore), 1 => Just(OnLoss::Restart)];
    let one = (prop_oneof![3 => Just(false), 1 => Just(true)], until, on_loss);
    let asks = prop_oneof![5 => Just(false), 1 => Just(true)];
    (proptest::collection::vec(one, index), asks)
        .prop_map(|(needs, asks)| {
            let needs = needs.into_iter().enumerate().filter(|(_, (needed, ..))| *needed);
            let needs = needs.map(|(on, (_, until, on_loss))| need(&format!("j{on}"), until, on_loss));
            needs.chain(asks.then(|| command("ask"))).collect()
        })
        .boxed()
        .boxed()
}

fn deed() -> BoxedStrategy<(u64, Deed)> {
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
        4 => proptest::collection::vec(edit(), 1..4).prop_map(Deed::Reload),
        1 => Just(Deed::Break),
        3 => (-40..40i64, any::<bool>()).prop_map(|(number, before)| Deed::SetWall(number, before)),
        1 => Just(Deed::Quit),
    ];
    let pause = prop_oneof![3 => 0..5u64, 3 => 5..200u64, 3 => 200..3_000u64, 1 => 3_000..30_000u64];
    (pause, deed).boxed()
}

fn child() -> impl Strategy<Value = Child> {
    prop_oneof![
        Just(Child::Clinger),
        Just(Child::Silent),
        Just(Child::Flooder),
        Just(Child::Deaf),
        Just(Child::Undying),
        Just(Child::Member),
        (0..3_000u64).prop_map(Child::Brief),
    ]
    .boxed()
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
    .boxed()
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
        .boxed()
}

/// How the runs and the stop command of an instance behave.
type Habits = (Vec<Habit>, Habit);

fn one_job(index: usize) -> BoxedStrategy<(Job, Habits)> {
    let restart = prop_oneof![Just(Restart::Never), Just(Restart::Unexpected), Just(Restart::Always)];
    let times = (
        prop_oneof![Just(0), Just(100), Just(1_000)],
        0..3u32,
        prop_oneof![Just(0), Just(50), Just(1_000)],
        prop_oneof![3 => Just(0), 1 => Just(300)],
    );
    let shape = (any::<bool>(), prop_oneof![4 => Just(false), 1 => Just(true)], 0..6usize);
    let number = prop_oneof![3 => Just(1), 1 => Just(2), 1 => Just(3)];
    let daily = prop_oneof![4 => Just(false), 1 => Just(true)];
    let order = (versions(), schedule(), number, prop_oneof![3 => Just(false), 1 => Just(true)], daily);
    let habits = (proptest::collection::vec(habit(), 1..4), habit());
    (restart, times, needs(index), shape, order, stop(), habits)
        .prop_map(
            move |(
                restart,
                (start, retries, first, delay),
                needs,
                (autostart, one_shot, steps),
                (versions, schedule, numprocs, pending, daily),
                stop,
                habits,
            )| {
                let plain = job(&format!("j{index}"));
                let shaped = match steps {
                    2 => with_step_timeout(1, ms(2_000), stepping(None, &["a", "b"], plain)),
                    3 => stepping(Some("ssh far"), &["a", "b"], plain),
                    4 => with_step_timeout(0, ms(90), stepping(Some("ssh far"), &["a", "b"], plain)),
                    _ => plain,
                };
                let job = Job {
                    restart,
                    autostart,
                    exit_codes: vec![Expected::Code(0), Expected::Code(2)],
                    start_secs: ms(start),
                    start_retries: retries,
                    backoff: Backoff { first: ms(first), max: ms(2_000), factor: 2.0 },
                    restart_delay: ms(delay),
                    stop,
                    needs,
                    one_shot,
                    versions: if steps > 4 { versions } else { Vec::new() },
                    schedule,
                    numprocs,
                    on_change: if pending { OnChange::Pending } else { OnChange::Restart },
                    restart_at: if daily { vec![clock("04:00"), clock("15:00")] } else { Vec::new() },
                    ..shaped
                };
                (job, habits)
            },
        )
        .boxed()
        .boxed()
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
    proptest::collection::vec(one, 1..3).boxed()
}

fn surroundings() -> BoxedStrategy<World> {
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
    (rarely(span()), rarely(span()), rarely(span()), hooks, spans, probes(), subject())
        .prop_map(
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
        .boxed()
        .boxed()
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
    (subject, proptest::collection::vec(daemon, 1..3)).boxed()
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
    (sign, fail_log, span(), span())
        .prop_map(|(sign, fail_log, timeout, interval)| Ready {
            sign,
            fail_log,
            timeout: ms(timeout),
            interval: ms(interval),
        })
        .boxed()
}

fn health() -> impl Strategy<Value = HealthCheck> {
    let folder = Probe::Folder { folder: "/spool".into(), inactive: ms(1_000) };
    let probe =
        prop_oneof![Just(folder), Just(Probe::Command { command: words("well"), line: "well".to_owned() })];
    let on_fail = prop_oneof![Just(OnFail::Restart), Just(OnFail::Alert)];
    (probe, span(), span(), span(), 1..3u32, on_fail)
        .prop_map(|(probe, interval, timeout, start_period, max_failed, on_fail)| HealthCheck {
            probe,
            interval: ms(interval.max(50)),
            timeout: ms(timeout),
            start_period: ms(start_period),
            max_failed,
            on_fail,
        })
        .boxed()
}

#[expect(clippy::type_complexity, reason = "a strategy is named by what it makes")]
fn probes() -> BoxedStrategy<(Option<Ready>, Vec<HealthCheck>, Vec<Reply>, Option<(u64, bool)>)> {
    let reply = prop_oneof![
        3 => (0..900u64).prop_map(Reply::Yes),
        2 => (0..900u64).prop_map(Reply::No),
        1 => (0..3_000u64).prop_map(Reply::Yes),
        1 => Just(Reply::Never),
    ];
    let health = rarely(health()).prop_map(|one| one.into_iter().collect());
    let replies = proptest::collection::vec(reply, 1..6);
    (rarely(ready()), health, replies, rarely((0..2_000u64, any::<bool>()))).boxed().boxed()
}

#[derive(Debug, Clone)]
struct Scene {
    plan: Plan,
    habits: Vec<(Habits, World)>,
}

fn scene() -> BoxedStrategy<Scene> {
    let one = |index| (one_job(index), surroundings());
    let jobs = (1..=6usize).prop_flat_map(move |count| (0..count).map(one).collect::<Vec<_>>());
    let quit = prop_oneof![Just(0), Just(1_000), Just(60_000)];
    let limits = (prop_oneof![4 => Just(0), 1 => Just(2)], prop_oneof![4 => Just(0), 1 => Just(500)]);
    (jobs, quit, limits)
        .prop_map(|(jobs, quit, (max_starting, stagger))| {
            let (jobs, habits) =
                jobs.into_iter().map(|((job, habits), world)| (world.keys(job), (habits, world))).unzip();
            let mut plan = plan(jobs);
            plan.settings.stop_timeout = ms(quit);
            plan.settings.max_starting = max_starting;
            plan.settings.start_stagger = ms(stagger);
            mend(&mut plan);
            Scene { plan, habits }
        })
        .boxed()
}

/// What `config` would refuse is taken out: needs on jobs that are not there.
fn mend(plan: &mut Plan) {
    let names: BTreeSet<String> = plan.systems[0].jobs.iter().map(|job| job.name.clone()).collect();
    for job in &mut plan.systems[0].jobs {
        Arc::make_mut(job).needs.retain(|need| match need {
            Need::Job { job, .. } => names.contains(job),
            Need::Command { .. } => true,
        });
    }
}

impl Edit {
    fn apply(&self, plan: &mut Plan) {
        let jobs = &mut plan.systems[0].jobs;
        let place =
            |jobs: &[Arc<Job>], which: usize| jobs.iter().position(|job| job.name == format!("j{which}"));
        let mut change = |which: usize, change: &dyn Fn(&mut Job)| {
            if let Some(place) = place(jobs, which) {
                change(Arc::make_mut(&mut jobs[place]));
            }
        };
        match self {
            Self::Put(which, job) => match place(jobs, *which) {
                Some(place) => jobs[place] = Arc::new((**job).clone()),
                None => jobs.push(Arc::new((**job).clone())),
            },
            Self::Remove(which) => jobs.retain(|job| job.name != format!("j{which}")),
            Self::Numprocs(which, count) => change(*which, &|job| job.numprocs = *count),
            Self::Program(which, program) => change(*which, &|job| {
                if let Some(launch) = &mut job.launch
                    && let Work::Exec(argv) = &mut launch.work
                {
                    *argv = vec![format!("p{program}")];
                }
            }),
            Self::OnChange(which, pending) => change(*which, &|job| {
                job.on_change = if *pending { OnChange::Pending } else { OnChange::Restart };
            }),
            Self::Live(which, span) => change(*which, &|job| {
                (job.start_secs, job.stop.timeout) = (ms(*span), ms(span / 2));
                job.one_shot ^= *span == 7;
            }),
            Self::Keys(which, world) => change(*which, &|job| *job = world.keys(job.clone())),
            Self::Versions(which, versions) => change(*which, &|job| {
                if job.launch.as_ref().is_some_and(|launch| matches!(launch.work, Work::Exec(_))) {
                    job.versions.clone_from(versions);
                }
            }),
            Self::Schedule(which, windows) => change(*which, &|job| job.schedule.clone_from(windows)),
            Self::Needs(which, needs) => change(*which, &|job| job.needs.clone_from(needs)),
            Self::Limits(max, stagger) => {
                plan.settings.max_starting = *max;
                plan.settings.start_stagger = ms(*stagger);
            }
        }
        mend(plan);
    }
}

/// A history that is being played.
struct Play {
    sim: Sim,
    plan: Plan,
    /// Instances that a person put down, until somebody starts something.
    down: BTreeSet<InstanceId>,
    /// Instances that were done with what their job still is.
    done: BTreeSet<InstanceId>,
    told: usize,
    /// When somebody last wished what tries KILL again on what it could not end.
    forced_at: u64,
    /// Since when each instance has had nothing before it but its own end.
    ending_since: BTreeMap<InstanceId, u64>,
    /// Who has which id, for ever.
    names: BTreeMap<InstanceId, (String, u32)>,
    /// The newest moment at which a version was due, by instance.
    marks: BTreeMap<InstanceId, i64>,
    /// The needs that a reload brought to what was up, and that were not met since.
    excused: Vec<(InstanceId, String, Until)>,
    /// What those that a reload asked for beside others of their job have not come to since.
    unproven: Vec<(InstanceId, Until)>,
    /// Whose launch keys changed, each with the run that it had then.
    outdated: BTreeMap<InstanceId, Option<RunId>>,
    /// Who came with a reload, and whom that removed.
    after: BTreeMap<InstanceId, BTreeSet<InstanceId>>,
}

impl Play {
    fn new(scene: &Scene, seed: u64) -> Self {
        let mut sim = Sim::new(supervisor(scene.plan.clone()), seed);
        sim.jitter = JITTER;
        // Also for those that come with a reload.
        for (index, ((habits, stop_habit), world)) in (0..100).zip(scene.habits.iter().cycle()) {
            sim.habits(index, habits);
            world.tell(&mut sim, index);
            sim.stop_habit(index, *stop_habit);
        }
        sim.set_wall(at(BEGIN));
        Self {
            sim,
            plan: scene.plan.clone(),
            down: BTreeSet::new(),
            done: BTreeSet::new(),
            told: 0,
            forced_at: 0,
            ending_since: BTreeMap::new(),
            names: BTreeMap::new(),
            marks: BTreeMap::new(),
            excused: Vec::new(),
            unproven: Vec::new(),
            outdated: BTreeMap::new(),
            after: BTreeMap::new(),
        }
    }

    fn run_for(&mut self, span: u64) {
        let until = self.sim.now + span;
        while self.sim.happen(until) {
            self.check();
        }
        self.sim.now = self.sim.now.max(until);
    }

    fn views(&self) -> Vec<InstanceView> {
        self.sim.view().systems.into_iter().flat_map(|system| system.jobs).collect()
    }

    /// The instance with this number, going round; perhaps none is left.
    fn pick(&self, number: u32) -> InstanceId {
        let views = self.views();
        views.get(number as usize % views.len().max(1)).map_or(InstanceId(u32::MAX), |view| view.id)
    }

    fn act(&mut self, deed: &Deed) {
        let one = |play: &Self, number: u32| vec![Target::Instance(play.pick(number))];
        let all = || vec![Target::System("dev".to_owned())];
        match deed {
            Deed::Start(number) => self.lift(Command::Start(one(self, *number))),
            Deed::Restart(number) => self.lift(Command::Restart(one(self, *number))),
            Deed::StartSystem => self.lift(Command::Start(all())),
            Deed::RestartSystem => self.lift(Command::Restart(all())),
            Deed::RestartFailed => self.lift(Command::RestartFailed),
            Deed::Stop(number) => {
                self.put_down(Command::Stop(one(self, *number)), &[self.pick(*number)]);
            }
            Deed::Kill(number) => {
                self.put_down(Command::Kill(one(self, *number)), &[self.pick(*number)]);
            }
            Deed::StopSystem => {
                let everybody: Vec<InstanceId> = self.views().iter().map(|view| view.id).collect();
                self.put_down(Command::Stop(all()), &everybody);
            }
            Deed::Type(number) => {
                let instance = self.pick(*number);
                self.sim.command(Command::Type { instance, bytes: b"x".to_vec() });
            }
            Deed::Resize(number, size) => {
                let instance = self.pick(*number);
                self.sim.command(Command::Resize { instance, size: Size { rows: *size, cols: 80 } });
            }
            Deed::Stale(run, kind) => self.stale(RunId(*run), *kind),
            Deed::Reload(edits) => self.reload(edits),
            Deed::Break => self.break_file(),
            Deed::SetWall(number, before) => {
                let just_before = if *before { 500 } else { 0 };
                self.sim.set_wall(hour(*number) - just_before);
            }
            Deed::Signal(number) => {
                self.sim.command(Command::Signal { targets: one(self, *number), signal: BY_HAND });
            }
            Deed::Quit => self.sim.command(Command::Quit),
        }
        self.check();
    }

    fn lift(&mut self, command: Command) {
        self.forced_at = self.sim.now;
        self.down.clear();
        self.sim.command(command);
    }

    fn put_down(&mut self, command: Command, instances: &[InstanceId]) {
        self.down.extend(instances);
        self.forced_at = self.sim.now;
        self.sim.command(command);
    }

    /// After any reload an instance whose job did not change, nor those it needs, has the run it had.
    fn reload(&mut self, edits: &[Edit]) {
        self.sim.tell(Event::Tick);
        let mut plan = self.plan.clone();
        for edit in edits {
            edit.apply(&mut plan);
        }
        let old = std::mem::replace(&mut self.plan, plan.clone());
        let changed: BTreeSet<&str> = changed(&old, &plan);
        let before = self.views();
        let is_ignored = self.sim.quit_at.is_some();
        let forecast = self.sim.supervisor.forecast(self.sim.history.last().unwrap().0, &plan);
        self.sim.tell(Event::Reloaded { plan: Box::new(plan.clone()), by: By::User });
        if is_ignored {
            self.plan = old;
            return;
        }
        let after = self.views();
        self.note_arrivals(&old, &before, &after);
        let same = plan.systems[0].jobs.iter().filter(|job| old.systems[0].jobs.contains(job)).count();
        let affected = forecast.changes.iter().filter(|change| change.kind == ChangeKind::Affected).count();
        assert_eq!(forecast.kept as usize + affected, same);
        self.excuse(&old, &before);
        for before in before.iter().filter(|before| !changed.contains(before.name.as_str())) {
            let after = after.iter().find(|after| after.id == before.id).expect("it did not change");
            let is_touched = match before.state {
                // A place may have become free for it, or it is needed by now.
                State::Waiting | State::Stopped => false,
                State::Starting
                | State::Running
                | State::Stopping
                | State::Scheduled
                | State::Backoff
                | State::Held
                | State::Done
                | State::Failed => {
                    (after.state, after.run, after.restarts) != (before.state, before.run, before.restarts)
                }
            };
            assert!(!is_touched, "touched, but not changed: {before:?} {after:?}");
        }
        // What was done was done with other words.
        let launches = |plan: &Plan, name: &str| {
            let job = plan.systems[0].jobs.iter().find(|job| job.name == name);
            job.map(|job| (job.launch.clone(), job.versions.clone(), job.on_change, job.schedule.clone()))
        };
        let differs = |name: &str| launches(&old, name) != launches(&plan, name);
        self.done.retain(|id| !differs(&self.names[id].0));
        // Nor will it have been if it still shows that end, waiting for its next window.
        let changed = after.iter().filter(|view| differs(&view.name));
        self.outdated.extend(changed.map(|view| (view.id, view.run.map(|run| run.id))));
    }

    /// A need that is new stops nobody that was up before.
    fn excuse(&mut self, old: &Plan, before: &[InstanceView]) {
        for view in before.iter().filter(|view| matches!(view.state, State::Starting | State::Running)) {
            let was = old.systems[0].jobs.iter().find(|job| job.name == view.name);
            let Some((was, is)) = was.zip(self.job_of(view)) else { continue };
            let known =
                |name: &str, until: Until| Self::needs(was).any(|(was, of, _)| (was, of) == (name, until));
            let new = Self::needs(is).filter(|(name, until, _)| !known(name, *until));
            let new: Vec<_> = new.map(|(name, until, _)| (view.id, name.to_owned(), until)).collect();
            self.excused.extend(new);
        }
    }

    fn is_excused(&self, view: &InstanceView, name: &str, until: Until) -> bool {
        self.excused.iter().any(|(id, of, what)| (*id, of.as_str(), *what) == (view.id, name, until))
    }

    /// What is met once, or is no longer asked of a run, can be lost like any other need.
    fn excuse_no_longer(&mut self, views: &[InstanceView]) {
        let mut excused = std::mem::take(&mut self.excused);
        excused.retain(|(id, name, until)| {
            let view = views.iter().find(|view| view.id == *id);
            let is_up = view.is_some_and(|view| matches!(view.state, State::Starting | State::Running));
            is_up && !self.must_be_met(views, name, *until)
        });
        self.excused = excused;
    }

    /// Who has come to something can be lost like any other.
    fn prove(&mut self, views: &[InstanceView]) {
        let mut unproven = std::mem::take(&mut self.unproven);
        unproven
            .retain(|(id, until)| views.iter().any(|view| view.id == *id && !self.is_met_by(view, *until)));
        self.unproven = unproven;
    }

    fn is_unproven(&self, view: &InstanceView, until: Until) -> bool {
        self.unproven.contains(&(view.id, until))
    }

    /// Who was brought by a reload, and whom it took away: what was in the old plan, or had left, is not taken away again.
    fn note_arrivals(&mut self, old: &Plan, before: &[InstanceView], after: &[InstanceView]) {
        let is_of = |plan: &Plan, view: &InstanceView| {
            let mut jobs = plan.systems[0].jobs.iter();
            jobs.any(|job| job.name == view.name && view.number <= job.numprocs)
        };
        let left = before.iter().filter(|view| is_of(old, view) && !is_of(&self.plan, view));
        let left: BTreeSet<InstanceId> = left.map(|view| view.id).collect();
        // Who comes back was not taken away for good; who goes again does so with another reload.
        for others in self.after.values_mut() {
            others.retain(|id| {
                before.iter().any(|view| view.id == *id && !is_of(&self.plan, view)) && !left.contains(id)
            });
        }
        let others = |name: &str| {
            before.iter().any(|view| view.name == name && is_of(old, view) && is_of(&self.plan, view))
        };
        let asked_anew = after.iter().filter(|view| !is_of(old, view) && is_of(&self.plan, view));
        for view in asked_anew.filter(|view| others(&view.name)) {
            self.unproven.extend([Until::Running, Until::Ready, Until::Done].map(|until| (view.id, until)));
        }
        let known = |view: &&InstanceView| before.iter().all(|known| known.id != view.id);
        self.after.extend(after.iter().filter(known).map(|view| (view.id, left.clone())));
    }

    /// Whether something that the reload took away that brought this one has not ended.
    fn waits_for_leaver(&self, view: &InstanceView, views: &[InstanceView]) -> bool {
        let leavers = self.after.get(&view.id).into_iter().flatten();
        let mut leavers = leavers.filter_map(|id| views.iter().find(|view| view.id == *id));
        leavers.any(|leaver| leaver.state != State::Stopped)
    }

    fn break_file(&mut self) {
        self.sim.tell(Event::Tick);
        let before = self.sim.view().systems;
        let text = || "bad".to_owned();
        let problem = FileProblem { first: text(), place: text(), more: 0, text: text() };
        self.sim.tell(Event::FileBroken { problem: problem.clone(), by: By::User });
        assert_eq!((self.sim.view().systems, self.sim.view().problem), (before, Some(problem)));
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
            3 => Event::Surveyed { run, left: 3, in_group: 1 },
            4 => Event::Quiet { run },
            8 => Event::Adopted { run, pid: 1 },
            9 => Event::NotAdopted { run, why: "x".to_owned(), hope: Hope::Never },
            5 => Event::Answered { run, answer: Answer::Yes },
            6 => Event::Noticed { run, notice: Notice::Ready },
            7 => Event::Said { run, line: "x".to_owned() },
            _ => Event::Step { run, mark: StepMark::Begin { step: 0 } },
        };
        let now = Now { mono: Time(Duration::from_millis(self.sim.now)), wall: Wall(self.sim.wall()) };
        let mut ticked = self.sim.supervisor.clone();
        let _ = ticked.step(now, Event::Tick);
        let mut after = ticked.clone();
        assert_eq!(after.step(now, event.clone()), [], "{event:?} is stale");
        assert_eq!(after, ticked, "{event:?} is stale");
    }

    /// The job of an instance, unless it leaves.
    fn job_of(&self, view: &InstanceView) -> Option<&Job> {
        let job = self.plan.systems[0].jobs.iter().find(|job| job.name == view.name);
        job.filter(|job| view.number <= job.numprocs).map(|job| &**job)
    }

    fn check(&mut self) {
        let view = self.sim.view();
        let views: Vec<InstanceView> = view.systems.iter().flat_map(|system| system.jobs.clone()).collect();
        self.note(&views);
        self.excuse_no_longer(&views);
        self.prove(&views);
        if let Some(deadline) = self.sim.supervisor.deadline() {
            let now = self.sim.history.last().unwrap().0.mono;
            assert!(deadline > now, "the deadline {deadline:?} has passed at {now:?}");
        }
        for view in &views {
            self.check_name(view, &views);
            self.check_wish(view);
            self.check_settled(view, &views);
            self.check_picture(view);
            self.check_progress(view, &views);
        }
        self.check_limits(&views);
        self.check_order(&views);
        if let Some(quitting) = &view.quitting {
            for survivor in &quitting.alive {
                assert!(!survivor.doing.is_empty());
            }
        }
        self.check_end();
    }

    /// What is remembered from step to step.
    fn note(&mut self, views: &[InstanceView]) {
        let wall = self.sim.history.last().unwrap().0.wall.0;
        for view in views {
            let Some(job) = self.job_of(view) else { continue };
            let due =
                job.versions.iter().map(|version| version.apply_on.unix_ms).filter(|at| *at <= wall).max();
            let mark = self.marks.get(&view.id).copied().max(due);
            let has_versions = !job.versions.is_empty();
            if let Some(mark) = mark {
                self.marks.insert(view.id, mark);
            }
            // With versions, what was done may have been done with another one.
            let is_outdated = self.outdated.get(&view.id) == Some(&view.run.map(|run| run.id));
            if view.state == State::Done && !has_versions && !view.pending_change && !is_outdated {
                self.done.insert(view.id);
            }
        }
        let present: BTreeSet<InstanceId> = views.iter().map(|view| view.id).collect();
        self.down.retain(|id| present.contains(id));
    }

    /// An id belongs to one instance for ever, and who is gone is gone.
    fn check_name(&mut self, view: &InstanceView, views: &[InstanceView]) {
        assert_eq!(views.iter().filter(|other| other.id == view.id).count(), 1);
        let name = (view.name.clone(), view.number);
        assert_eq!(self.names.entry(view.id).or_insert(name.clone()), &name, "an id is used again");
        assert!(!self.sim.forgotten.contains(&view.id), "{} is forgotten, but there", view.address);
        let alike = views.iter().filter(|other| other.address == view.address).count();
        assert!(alike == 1 || self.job_of(view).is_none() || alike == 2, "{}", view.address);
        if let Some(blocker) = view.blocked_by {
            assert_eq!(view.state, State::Waiting);
            assert!(blocker != view.id && views.iter().any(|other| other.id == blocker));
        }
    }

    fn check_wish(&self, view: &InstanceView) {
        let quitting = self.sim.quit_at.is_some();
        if self.down.contains(&view.id) || quitting || self.job_of(view).is_none() {
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

    fn needs(view: &Job) -> impl Iterator<Item = (&str, Until, OnLoss)> {
        view.needs.iter().filter_map(|need| match need {
            Need::Job { job, until, on_loss, .. } => Some((job.as_str(), *until, *on_loss)),
            Need::Command { .. } => None,
        })
    }

    fn asks(job: &Job) -> bool {
        job.needs.iter().any(|need| matches!(need, Need::Command { .. }))
    }

    /// Whether all instances of a job, but those that leave, are so.
    fn all(&self, views: &[InstanceView], name: &str, is_so: impl Fn(&InstanceView) -> bool) -> bool {
        views.iter().filter(|view| view.name == name && self.job_of(view).is_some()).all(is_so)
    }

    fn must_be_met(&self, views: &[InstanceView], name: &str, until: Until) -> bool {
        self.all(views, name, |need| self.is_met_by(need, until))
    }

    fn is_met_by(&self, need: &InstanceView, until: Until) -> bool {
        match until {
            Until::Running => need.state == State::Running || need.one_shot && need.state == State::Done,
            Until::Ready => need.ready,
            Until::Done => self.done.contains(&need.id),
        }
    }

    /// Whether those are there that who is up could count on.
    fn may_be_kept(&self, views: &[InstanceView], name: &str, until: Until) -> bool {
        let known: Vec<InstanceView> =
            views.iter().filter(|view| !self.is_unproven(view, until)).cloned().collect();
        self.may_be_met(&known, name, until)
    }

    fn may_be_met(&self, views: &[InstanceView], name: &str, until: Until) -> bool {
        self.must_be_met(views, name, until)
            || until == Until::Done && self.all(views, name, |need| self.sim.ended_well.contains(&need.id))
    }

    /// Whether it may run by its windows, read from the local time alone.
    fn is_open(&self, job: &Job) -> bool {
        let wall = self.sim.history.last().unwrap().0.wall.0;
        job.schedule.is_empty() || job.schedule.iter().any(|window| is_open(window, wall))
    }

    /// What should run: the newest due version that is not fake, else the job's own.
    fn in_force<'a>(&self, job: &'a Job, id: InstanceId) -> Option<&'a zap::config::Launch> {
        let mark = self.marks.get(&id).copied();
        let due = |version: &&Version| !version.fake && Some(version.apply_on.unix_ms) <= mark;
        let newest = job.versions.iter().filter(due).max_by_key(|version| version.apply_on.unix_ms);
        newest.map(|version| &version.launch).or(job.launch.as_ref())
    }

    /// Whatever could be done has been done.
    fn check_settled(&self, view: &InstanceView, views: &[InstanceView]) {
        let runs = || self.sim.runs.values().filter(|run| run.instance == view.id && !run.closed);
        let job = self.job_of(view);
        match (view.state, job) {
            (State::Waiting, Some(job)) => {
                let met = Self::needs(job).all(|(name, until, _)| self.must_be_met(views, name, until));
                let is_limited =
                    self.plan.settings.max_starting > 0 || !self.plan.settings.start_stagger.is_zero();
                assert!(self.is_open(job) || job.one_shot, "{} waits outside of its window", view.address);
                assert!(
                    runs().count() > 0
                        || !met
                        || Self::asks(job)
                        || is_limited
                        || self.waits_for_leaver(view, views),
                    "{} is idle, though wanted and free to go: {}",
                    view.address,
                    view.why
                );
            }
            (State::Scheduled, Some(job)) => {
                assert!(!self.is_open(job) || job.one_shot, "{} is scheduled, but open", view.address);
                assert!(!job.schedule.is_empty(), "{} is scheduled without a schedule", view.address);
            }
            (State::Starting | State::Running, Some(job)) => {
                assert!(self.is_open(job) || job.one_shot, "{} runs outside of its window", view.address);
                let mut needs = Self::needs(job).filter(|(_, _, on_loss)| *on_loss == OnLoss::Stop);
                let met = needs.all(|(name, until, _)| {
                    self.is_excused(view, name, until) || self.may_be_kept(views, name, until)
                });
                assert!(met, "{} runs without its needs", view.address);
                assert!(
                    !self.waits_for_leaver(view, views),
                    "{} runs beside what went when it came",
                    view.address
                );
                self.check_program(view, job);
            }
            (State::Stopping, _) => {
                let forced = self.sim.now <= self.forced_at + 2_000 + 10 * JITTER;
                assert!(
                    runs().any(|run| !run.given_up || forced),
                    "{} stops though nothing is left: {}",
                    view.address,
                    view.why
                );
            }
            (State::Stopped, _) => {
                assert!(!view.wanted, "{} is wanted, but stopped", view.address);
                assert!(
                    runs().all(|run| run.given_up || self.sim.is_spared(run)),
                    "{} is stopped, but something is left",
                    view.address
                );
                assert!(job.is_some() || runs().count() > 0, "{} has left, but is there", view.address);
            }
            (State::Backoff, Some(job)) => {
                assert!(matches!(view.next, Some(next) if next.kind == NextKind::Retry), "{}", view.address);
                assert!(self.is_open(job) || job.one_shot, "{} retries outside of its window", view.address);
            }
            (State::Held, Some(job)) => {
                assert!(
                    matches!(view.next, None | Some(Next { kind: NextKind::Release, .. })),
                    "{}",
                    view.address
                );
                let by_hand = view.next.is_none();
                assert!(
                    by_hand || self.is_open(job) || job.one_shot,
                    "{} is held outside of its window",
                    view.address
                );
            }
            (State::Done | State::Failed, _) => {}
            (
                State::Waiting
                | State::Scheduled
                | State::Starting
                | State::Running
                | State::Backoff
                | State::Held,
                None,
            ) => panic!("{} should be leaving, but is {:?}", view.address, view.state),
        }
    }

    /// It runs what is in force, or a person knows that it does not.
    fn check_program(&self, view: &InstanceView, job: &Job) {
        let Some(Work::Exec(argv)) = self.in_force(job, view.id).map(|launch| &launch.work) else { return };
        // While its `before` runs there is none yet.
        let Some(run) = view.run.filter(|run| run.ended.is_none()) else { return };
        let program = &self.sim.runs[&run.id].program;
        let is_fine = *program == argv[0] || view.pending_change && job.on_change == OnChange::Pending;
        assert!(is_fine, "{} runs {program}, but {} is in force", view.address, argv[0]);
    }

    /// What has to end does, within the graces of all.
    fn check_progress(&mut self, view: &InstanceView, views: &[InstanceView]) {
        let is_free = |job: &Job| {
            let met = Self::needs(job).all(|(name, until, _)| self.must_be_met(views, name, until));
            let is_limited =
                self.plan.settings.max_starting > 0 || !self.plan.settings.start_stagger.is_zero();
            met && !is_limited && !Self::asks(job)
        };
        let given_up = self.sim.runs.values().any(|run| run.instance == view.id && run.given_up);
        let ends = match view.state {
            State::Stopping => true,
            State::Waiting => self.job_of(view).is_some_and(is_free) && !given_up,
            State::Stopped
            | State::Scheduled
            | State::Starting
            | State::Running
            | State::Backoff
            | State::Held
            | State::Done
            | State::Failed => false,
        };
        if !ends {
            self.ending_since.remove(&view.id);
            return;
        }
        let since = *self.ending_since.entry(view.id).or_insert(self.sim.now);
        // What leaves had graces of its own.
        let own: u64 = self.plan.systems[0].jobs.iter().map(|job| graces(job)).max().unwrap_or_default();
        let graces: u64 = views.len() as u64 * own.max(30_000);
        let since = since.max(self.forced_at);
        assert!(self.sim.now <= since + graces, "{} does not come to an end: {}", view.address, view.why);
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
        let ready = self.job_of(view).and_then(|job| job.ready.as_ref());
        let signed = ready.is_some_and(|ready| ready.sign.is_some());
        let leaves = self.job_of(view).is_none();
        assert!(signed || leaves || view.ready == up, "{} has no sign, but is not ready", view.address);
        let asked = self.sim.questions.values().any(|(owner, _)| *owner == view.id);
        assert!(
            !asked || matches!(view.state, State::Starting | State::Running),
            "{} is asked",
            view.address
        );
    }

    /// Nobody starts beside more than may. A run whose `before` has succeeded is no new start: it has had its place since then,
    /// perhaps from a time when more might.
    fn check_limits(&self, views: &[InstanceView]) {
        let (_, _, effects) = self.sim.history.last().unwrap();
        let begins = |effect: &&Effect| match effect {
            Effect::Spawn { run, instance, .. } => !self.was_prepared(*run, *instance),
            Effect::SpawnHook { kind, .. } => *kind == HookKind::Before,
            _ => false,
        };
        let starts = effects.iter().filter(begins).count();
        let starting = views.iter().filter(|view| view.state == State::Starting).count();
        let settings = &self.plan.settings;
        let most = settings.max_starting as usize;
        assert!(starts == 0 || most == 0 || starting <= most, "{starting} are starting, {most} may");
        assert!(starts <= 1 || settings.start_stagger.is_zero(), "{starts} started at one time");
    }

    /// Whether what the instance ran before this was its `before`.
    fn was_prepared(&self, run: RunId, instance: InstanceId) -> bool {
        let earlier = self.sim.runs.range(..run).filter(|(_, one)| one.instance == instance);
        let begins = |hook: Option<HookKind>| hook.is_none() || hook == Some(HookKind::Before);
        earlier.map(|(_, one)| one.hook).rfind(|hook| begins(*hook)) == Some(Some(HookKind::Before))
    }

    /// Dependants have ended before what they need is asked to.
    fn check_order(&mut self, views: &[InstanceView]) {
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
            let Some(asked) = views.iter().find(|view| view.id == asked) else { continue };
            // Of a job of which fewer are wanted the others go on.
            if self.job_of(asked).is_none() {
                continue;
            }
            for view in views {
                let Some(job) = self.job_of(view) else { continue };
                let depends = Self::needs(job).any(|(name, until, on_loss)| {
                    let is_lost = on_loss == OnLoss::Stop
                        && !self.is_excused(view, name, until)
                        && !self.is_unproven(asked, until);
                    name == asked.name && until != Until::Done && is_lost
                });
                assert!(
                    !depends || !self.sim.has_living_leader(view.id),
                    "{} was told to end before {}, which needs it",
                    asked.address,
                    view.address
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

/// The jobs that a reload changes, adds or removes, and those that need them, directly or not.
fn changed<'a>(old: &'a Plan, new: &'a Plan) -> BTreeSet<&'a str> {
    let (old, new) = (&old.systems[0].jobs, &new.systems[0].jobs);
    let mut changed: BTreeSet<&str> = BTreeSet::new();
    let differs = |one: &[Arc<Job>], other: &Arc<Job>| !one.contains(other);
    changed.extend(old.iter().filter(|job| differs(new, job)).map(|job| job.name.as_str()));
    changed.extend(new.iter().filter(|job| differs(old, job)).map(|job| job.name.as_str()));
    loop {
        let before = changed.len();
        for job in old.iter().chain(new) {
            if Play::needs(job).any(|(name, ..)| changed.contains(name)) {
                changed.insert(&job.name);
            }
        }
        if changed.len() == before {
            return changed;
        }
    }
}

/// Whether a window in UTC is open, by the local time alone.
fn is_open(window: &Window, wall: i64) -> bool {
    let local = window.zone.rules.to_datetime(jiff::Timestamp::from_millisecond(wall).unwrap());
    let (start, stop) = (window.start.unwrap().0, window.stop.unwrap().0);
    let today = window.days.has(local.date().weekday());
    let yesterday = window.days.has(local.date().yesterday().unwrap().weekday());
    let now = local.time();
    if stop > start {
        today && start <= now && now < stop
    } else {
        today && start <= now || yesterday && now < stop
    }
}

/// Enough to catch the planted faults, few enough for every run of the tests.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500)
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
