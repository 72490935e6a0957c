//! How long one step and one picture of a supervisor with 1,000 jobs take: medians over many, printed. The aim: a step in less
//! than a millisecond.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use zap::config::{
    Aim, Backoff, Expected, HealthCheck, Job, Launch, LogLevel, MaxRuns, Need, OnChange, OnFail, OnLoss,
    Plan, Probe, Quit, Reach, Ready, Restart, Settings, Sign, Stop, Stream, Subject, System, Until, Work,
    Zone,
};
use zap::model::{
    Command, Effect, Event, Exit, InstanceId, Now, RunId, State, Supervisor, Surroundings, Target, Time, Wall,
};

const SYSTEMS: usize = 10;
const JOBS: usize = 100;

fn main() {
    let mut supervisor =
        Supervisor::new(plan(), Surroundings { seed: 1, socket: PathBuf::from("/run/zap/socket") });
    let all: Vec<Target> = (0..SYSTEMS).map(|system| Target::System(format!("s{system}"))).collect();
    let start = timed(1, || supervisor.step(at(0), Event::Command(Command::Start(all.clone()))));
    println!("start of all, {} jobs: {start:?}", SYSTEMS * JOBS);
    let births = bring_up(&mut supervisor);
    println!("one step, a birth:      {births:?}");
    let up = supervisor
        .view()
        .systems
        .iter()
        .flat_map(|system| &system.jobs)
        .filter(|job| job.state == State::Running)
        .count();
    println!("up: {up}");
    println!("one step, a tick:       {:?}", timed(1_000, || supervisor.step(at(400_000), Event::Tick)));
    let stale = || Event::Exited { run: RunId(u64::MAX), exit: Exit::Code(0) };
    println!("one step, stale news:   {:?}", timed(1_000, || supervisor.step(at(400_000), stale())));
    println!("deadline:               {:?}", timed(1_000, || supervisor.deadline()));
    println!("one picture:            {:?}", timed(300, || supervisor.view()));
    let one = || Command::Restart(vec![Target::Instance(InstanceId(0))]);
    println!(
        "restart, dependants:    {:?}",
        timed(1, || supervisor.step(at(400_000), Event::Command(one())))
    );
    println!(
        "quit:                   {:?}",
        timed(1, || supervisor.step(at(400_000), Event::Command(Command::Quit)))
    );
}

/// Tells of births until everything is up; the median of one step.
fn bring_up(supervisor: &mut Supervisor) -> Duration {
    let mut times = Vec::new();
    let mut now = 1;
    let mut waiting: Vec<RunId> = (1..=(SYSTEMS * JOBS) as u64).map(RunId).collect();
    while let Some(run) = waiting.pop() {
        times.push(once(|| supervisor.step(at(now), Event::Spawned { run, pid: run.0 as i32 + 10 })));
        now += 1;
    }
    for round in 0..200 {
        for effect in supervisor.step(at(now + round * 1_000), Event::Tick) {
            if let Effect::Spawn { run, .. } = effect {
                let _ =
                    supervisor.step(at(now + round * 1_000), Event::Spawned { run, pid: run.0 as i32 + 10 });
            }
        }
    }
    median(times)
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
    Now { mono: Time(Duration::from_millis(ms)), wall: Wall(0) }
}

/// Every job but the first of its system needs the one before it, in groups of ten.
fn plan() -> Plan {
    let systems = (0..SYSTEMS).map(|system| {
        let name = format!("s{system}");
        let jobs = (0..JOBS).map(|index| job(&name, index)).collect();
        System { title: name.clone(), name, description: None, autostart: true, jobs }
    });
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
        },
        environment: Arc::new(environment.collect()),
        systems: systems.collect(),
    }
}

fn job(system: &str, index: usize) -> Job {
    let need = |index: usize| Need::Job {
        system: system.to_owned(),
        job: format!("job{}", index - 1),
        until: Until::Running,
        on_loss: OnLoss::Stop,
    };
    let probe = || Probe::Tcp { host: "127.0.0.1".to_owned(), port: 80 };
    Job {
        name: format!("job{index}"),
        title: format!("the job {index}"),
        description: None,
        labels: Vec::new(),
        versions: Vec::new(),
        on_change: OnChange::Restart,
        numprocs: 1,
        max_runs: Some(MaxRuns { count: 5, within: Duration::from_secs(600) }),
        restart_every: None,
        restart_at: Vec::new(),
        timeout: None,
        before: None,
        init: None,
        after: None,
        ready: Some(Ready {
            sign: Some(Sign::Probe(probe())),
            fail_log: None,
            timeout: Duration::from_secs(30),
            interval: Duration::from_millis(500),
        }),
        health: vec![HealthCheck {
            probe: probe(),
            interval: Duration::from_secs(10),
            timeout: Duration::from_secs(5),
            start_period: Duration::from_secs(10),
            max_failed: 3,
            on_fail: OnFail::Alert,
        }],
        schedule: Vec::new(),
        zone: Zone::utc(),
        launch: Some(Launch {
            work: Work::Shell {
                shell: vec!["sh".to_owned(), "-c".to_owned()],
                line: "exec serve".to_owned(),
            },
            work_dir: PathBuf::from("/"),
            env: BTreeMap::new(),
            umask: None,
            user: None,
            stdout: Stream::Terminal,
            stderr: Stream::Terminal,
            subject: Subject::Own,
        }),
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
        needs: (!index.is_multiple_of(10)).then(|| need(index)).into_iter().collect(),
        one_shot: false,
        interactive: false,
    }
}
