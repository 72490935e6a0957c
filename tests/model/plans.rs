//! Plans for the tests, made by hand. Not: the reading of files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use zap::config::{
    Aim, Backoff, Expected, Job, Launch, LogLevel, Need, OnChange, OnLoss, Plan, Quit, Reach, Restart,
    Session, Settings, Step, Stop, Stream, Subject, System, Until, Work, Zone,
};
use zap::model::{Supervisor, Surroundings};

/// A job as `name = "name"` would be, with the defaults of config.md.
pub(crate) fn job(name: &str) -> Job {
    Job {
        name: name.to_owned(),
        title: name.to_owned(),
        description: None,
        labels: Vec::new(),
        launch: Some(launch(name)),
        versions: Vec::new(),
        on_change: OnChange::Restart,
        numprocs: 1,
        autostart: true,
        restart: Restart::Never,
        exit_codes: vec![Expected::Code(0)],
        start_secs: ms(1_000),
        start_retries: 3,
        backoff: Backoff { first: ms(1_000), max: ms(60_000), factor: 2.0 },
        restart_delay: Duration::ZERO,
        stop: Stop {
            command: None,
            keys: None,
            signal: 15,
            timeout: ms(10_000),
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
        needs: Vec::new(),
        ready: None,
        health: Vec::new(),
        schedule: Vec::new(),
        zone: Zone::utc(),
        one_shot: false,
        interactive: false,
        history: None,
    }
}

/// The launch of a program without arguments.
pub(crate) fn launch(program: &str) -> Launch {
    Launch {
        work: Work::Exec(vec![program.to_owned()]),
        work_dir: PathBuf::from("/"),
        env: BTreeMap::new(),
        umask: None,
        user: None,
        stdout: Stream::Terminal,
        stderr: Stream::Terminal,
        subject: Subject::Own,
    }
}

/// A one-shot job.
pub(crate) fn one_shot(name: &str) -> Job {
    Job { one_shot: true, start_secs: Duration::ZERO, ..job(name) }
}

/// The same job, needing others of its system to run.
pub(crate) fn needing(needs: &[&str], job: Job) -> Job {
    Job { needs: needs.iter().map(|name| need(name, Until::Running, OnLoss::Stop)).collect(), ..job }
}

/// A need on a job of the same system.
pub(crate) fn need(job: &str, until: Until, on_loss: OnLoss) -> Need {
    Need::Job { system: "dev".to_owned(), job: job.to_owned(), until, on_loss }
}

/// A need on a command.
pub(crate) fn command(line: &str) -> Need {
    Need::Command { command: vec![line.to_owned()], line: line.to_owned() }
}

/// The same job, with another restart policy.
pub(crate) fn restarting(restart: Restart, job: Job) -> Job {
    Job { restart, ..job }
}

/// The same job as a sequence of steps.
pub(crate) fn stepping(session: Option<&str>, steps: &[&str], job: Job) -> Job {
    let step = |name: &&str| Step {
        name: (*name).to_owned(),
        run: (*name).to_owned(),
        timeout: None,
        ok_codes: vec![0],
    };
    let session = session
        .map(|line| Session { line: line.to_owned(), argv: line.split(' ').map(str::to_owned).collect() });
    let steps = steps.iter().map(step).collect();
    let work = Work::Steps { shell: vec!["sh".to_owned(), "-c".to_owned()], session, steps };
    Job { launch: job.launch.clone().map(|launch| Launch { work, ..launch }), ..job }
}

/// The same job, one of whose steps may take only so long.
pub(crate) fn with_step_timeout(step: usize, timeout: Duration, mut job: Job) -> Job {
    if let Some(Launch { work: Work::Steps { steps, .. }, .. }) = &mut job.launch {
        steps[step].timeout = Some(timeout);
    }
    job
}

/// As a system has them.
pub(crate) fn shared(jobs: Vec<Job>) -> Vec<Arc<Job>> {
    jobs.into_iter().map(Arc::new).collect()
}

/// A job to be edited: which system, which job in it.
pub(crate) fn job_in(plan: &mut Plan, (system, job): (usize, usize)) -> &mut Job {
    Arc::make_mut(&mut plan.systems[system].jobs[job])
}

/// One system, `dev`.
pub(crate) fn plan(jobs: Vec<Job>) -> Plan {
    let jobs = shared(jobs);
    let system =
        System { name: "dev".to_owned(), title: "dev".to_owned(), description: None, autostart: true, jobs };
    Plan {
        file: PathBuf::from("/systems.toml"),
        settings: Settings {
            theme: "default".to_owned(),
            quit: Quit::Ask,
            stop_timeout: ms(60_000),
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
        environment: Arc::new(BTreeMap::from([("PATH".into(), "/bin".into()), ("LINES".into(), "1".into())])),
        systems: vec![system],
    }
}

/// A supervisor of this plan.
pub(crate) fn supervisor(plan: Plan) -> Supervisor {
    Supervisor::new(plan, Surroundings { seed: 7, socket: PathBuf::from("/run/zap.sock") })
}

/// Milliseconds.
pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
