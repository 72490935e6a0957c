//! How long one step, one picture and one reload of a supervisor with 1,000 jobs take, in a chain and side by side: medians over
//! many, printed. The aim: a step in less than a millisecond, a reload in less than 50.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use zap::config::{
    Aim, Backoff, Expected, HealthCheck, Job, Launch, LogLevel, Need, OnChange, OnFail, OnLoss, Plan, Probe,
    Quit, Reach, Restart, Settings, Stop, Stream, Subject, System, Until, Work, Zone,
};
use zap::model::{
    By, Command, Effect, Event, Exit, InstanceId, Now, RunId, State, Supervisor, Surroundings, Target, Time,
    Wall,
};

const JOBS: usize = 1_000;

/// How jobs need one another.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Each the one before it.
    Chain,
    /// Nobody anybody.
    Flat,
}

fn main() {
    for shape in [Shape::Chain, Shape::Flat] {
        println!("{JOBS} jobs, {shape:?}");
        measure(shape);
    }
}

fn measure(shape: Shape) {
    let surroundings = Surroundings { seed: 1, socket: PathBuf::from("/run/zap/socket") };
    let mut supervisor = Supervisor::new(plan(shape), surroundings);
    let all = vec![Target::System("dev".to_owned())];
    let start = timed(1, || supervisor.step(at(0), Event::Command(Command::Start(all.clone()))));
    println!("  start of all:            {start:?}");
    println!("  one picture, waiting:    {:?}", timed(100, || supervisor.view()));
    println!("  one step, a birth:       {:?}", bring_up(&mut supervisor));
    let systems = supervisor.view().systems;
    let up = systems[0].jobs.iter().filter(|job| job.state == State::Running).count();
    assert_eq!(up, JOBS, "all are up");
    let now = 90_000_000;
    println!("  one step, a tick:        {:?}", timed(1_000, || supervisor.step(at(now), Event::Tick)));
    let stale = || Event::Exited { run: RunId(u64::MAX), exit: Exit::Code(0) };
    println!("  one step, stale news:    {:?}", timed(1_000, || supervisor.step(at(now), stale())));
    println!("  deadline:                {:?}", timed(1_000, || supervisor.deadline()));
    println!("  one picture:             {:?}", timed(300, || supervisor.view()));
    println!("  details of one:          {:?}", timed(300, || supervisor.details(InstanceId(0))));
    let mut changed = plan(shape);
    Arc::make_mut(&mut changed.systems[0].jobs[JOBS - 1]).launch = Some(launch("exec another"));
    println!("  forecast, one changed:   {:?}", timed(30, || supervisor.forecast(at(now), &changed)));
    let reload = |plan: &Plan| Event::Reloaded { plan: Box::new(plan.clone()), by: By::User };
    let untouched = || supervisor.clone();
    let (copies, plans): (Vec<_>, Vec<_>) = (0..20).map(|_| (untouched(), reload(&changed))).unzip();
    let times = copies.into_iter().zip(plans).map(|(mut copy, plan)| once(|| copy.step(at(now), plan)));
    println!("  reload, one changed:     {:?}", median(times.collect()));
    let one = || Command::Restart(vec![Target::Instance(InstanceId(0))]);
    println!("  restart, dependants too: {:?}", timed(1, || supervisor.step(at(now), Event::Command(one()))));
    let quit = || Event::Command(Command::Quit);
    println!("  quit:                    {:?}", timed(1, || supervisor.step(at(now), quit())));
}

/// Tells of births until everything is up; the median of one step.
fn bring_up(supervisor: &mut Supervisor) -> Duration {
    let mut times = Vec::new();
    let mut born = 0;
    for round in 0..(JOBS as u64 * 2 + 10) {
        let now = 1 + round * 1_000;
        let mut asked: Vec<RunId> = spawned(&supervisor.step(at(now), Event::Tick));
        if round == 0 {
            // Those were asked for by the start.
            asked = (1..=JOBS as u64).map(RunId).filter(|run| supervisor.owner(*run).is_some()).collect();
        }
        for run in asked {
            born += 1;
            let pid = run.0 as i32 + 10;
            times.push(once(|| supervisor.step(at(now), Event::Spawned { run, pid })));
        }
        if born == JOBS {
            break;
        }
    }
    let _ = supervisor.step(at(80_000_000), Event::Tick);
    median(times)
}

fn spawned(effects: &[Effect]) -> Vec<RunId> {
    let run = |effect: &Effect| match effect {
        Effect::Spawn { run, .. } => Some(*run),
        _ => None,
    };
    effects.iter().filter_map(run).collect()
}

fn timed<T>(rounds: usize, mut deed: impl FnMut() -> T) -> Duration {
    median((0..rounds).map(|_| once(&mut deed)).collect())
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn once<T>(deed: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    black_box(deed());
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn at(ms: u64) -> Now {
    Now { mono: Time(Duration::from_millis(ms)), wall: Wall(ms as i64) }
}

fn plan(shape: Shape) -> Plan {
    let jobs = (0..JOBS).map(|index| job(index, shape)).map(Arc::new).collect();
    let system =
        System { name: "dev".to_owned(), title: "dev".to_owned(), description: None, autostart: true, jobs };
    let environment = (0..60).map(|index| (format!("VARIABLE_{index}").into(), "x".repeat(40).into()));
    Plan {
        file: PathBuf::from("/systems.toml"),
        settings: Settings {
            theme: "default".to_owned(),
            quit: Quit::Ask,
            stop_timeout: Duration::from_secs(60),
            mouse: true,
            log: LogLevel::Info,
            max_starting: 0,
            start_stagger: Duration::ZERO,
            watch_config: false,
            zone: Zone::utc(),
            event_log: None,
            history: 256_000_000,
            history_total: 2_000_000_000,
        },
        environment: Arc::new(environment.collect()),
        systems: vec![system],
    }
}

fn launch(line: &str) -> Launch {
    let shell = vec!["sh".to_owned(), "-c".to_owned()];
    Launch {
        work: Work::Shell { shell, line: line.to_owned() },
        work_dir: PathBuf::from("/"),
        env: BTreeMap::new(),
        umask: None,
        user: None,
        stdout: Stream::Terminal,
        stderr: Stream::Terminal,
        subject: Subject::Own,
    }
}

fn job(index: usize, shape: Shape) -> Job {
    let need = |index: usize| Need::Job {
        system: "dev".to_owned(),
        job: format!("job{index}"),
        until: Until::Running,
        on_loss: OnLoss::Stop,
    };
    let needs = match (shape, index) {
        (Shape::Chain, 1..) => vec![need(index - 1)],
        (Shape::Chain | Shape::Flat, _) => Vec::new(),
    };
    Job {
        name: format!("job{index}"),
        title: format!("the job {index}"),
        description: None,
        labels: Vec::new(),
        launch: Some(launch("exec serve")),
        versions: Vec::new(),
        on_change: OnChange::Restart,
        numprocs: 1,
        autostart: true,
        restart: Restart::Always,
        exit_codes: vec![Expected::Code(0)],
        start_secs: Duration::from_secs(1),
        start_retries: 3,
        backoff: Backoff { first: Duration::from_secs(1), max: Duration::from_secs(60), factor: 2.0 },
        restart_delay: Duration::ZERO,
        stop: Stop {
            command: None,
            keys: None,
            signal: 15,
            timeout: Duration::from_secs(10),
            aim: Aim::Group,
            reach: Reach::All,
        },
        max_runs: None,
        restart_every: None,
        restart_at: Vec::new(),
        timeout: None,
        before: None,
        init: None,
        after: None,
        needs,
        ready: None,
        health: vec![HealthCheck {
            probe: Probe::Tcp { host: "127.0.0.1".to_owned(), port: 8080 },
            interval: Duration::from_secs(10),
            timeout: Duration::from_secs(5),
            start_period: Duration::from_secs(10),
            max_failed: 3,
            on_fail: OnFail::Alert,
        }],
        schedule: Vec::new(),
        zone: Zone::utc(),
        one_shot: false,
        interactive: false,
        history: None,
    }
}
