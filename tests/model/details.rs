//! What the details of an instance tell. Not: the view, which `cases` and its neighbours look at.

use std::collections::BTreeMap;

use zap::config::{
    ContainerTool, Job, MaxRuns, OnFail, OnLoss, OnTimeout, PidFile, Probe, Restart, Stream, StreamFile,
    Subject, Until, Version, Work,
};
use zap::model::{Command, Details, InstanceId, Origin};

use crate::cases::{one, start_all, started, world};
use crate::plans::{command, job, ms, need, needing, restarting};
use crate::probes::check;
use crate::sim::{Habit, Sim};
use crate::walls::{at, version};

fn details(sim: &Sim, instance: u32) -> Details {
    sim.supervisor.details(InstanceId(instance)).unwrap()
}

#[test]
fn the_details_tell_what_runs_where_and_with_which_variables() {
    let mut web = job("web");
    let launch = web.launch.as_mut().unwrap();
    launch.work =
        Work::Shell { shell: vec!["sh".to_owned(), "-c".to_owned()], line: "cd x && run".to_owned() };
    launch.work_dir = "/srv/web".into();
    let set = |value: &str| Some(value.to_owned());
    launch.env = BTreeMap::from([
        ("PORT".to_owned(), set("80")),
        ("Api_Token".to_owned(), set("s3cret")),
        ("ZAP_JOB".to_owned(), set("forged")),
    ]);
    let sim = started(vec![web]);
    let details = details(&sim, 0);
    assert_eq!(details.command, ["sh", "-c", "cd x && run"]);
    assert_eq!(details.folder, "/srv/web");
    let variable = |name: &str| {
        let found = details.env.iter().find(|variable| variable.name == name).unwrap();
        (found.value.clone(), found.origin)
    };
    assert_eq!(variable("PORT"), ("80".to_owned(), Origin::File));
    assert_eq!(variable("Api_Token"), ("***".to_owned(), Origin::File));
    assert_eq!(variable("PATH"), ("/bin".to_owned(), Origin::Inherited));
    assert_eq!(variable("ZAP_JOB"), ("web".to_owned(), Origin::Zap));
    assert_eq!(sim.supervisor.details(InstanceId(7)), None);
}

#[test]
fn the_details_tell_needs_from_both_sides() {
    let needs = vec![need("db", Until::Ready, OnLoss::Stop), command("pg_isready")];
    let mut sim = world(vec![job("db"), Job { needs, ..job("api") }, needing(&["api"], job("web"))]);
    start_all(&mut sim);
    let links = |details: &Details| {
        let link = |link: &zap::model::Link| (link.id.map(|id| id.0), link.text.clone(), link.met);
        (
            details.needs.iter().map(link).collect::<Vec<_>>(),
            details.needed_by.iter().map(link).collect::<Vec<_>>(),
        )
    };
    let (needs, needed_by) = links(&details(&sim, 1));
    assert_eq!(needs, [(Some(0), "dev/db ready".to_owned(), false), (None, "pg_isready".to_owned(), false)]);
    assert_eq!(needed_by, [(Some(2), "dev/web needs it up".to_owned(), false)]);
    sim.run_for(5_000);
    let (needs, needed_by) = links(&details(&sim, 1));
    assert!(needs.iter().chain(&needed_by).all(|(.., met)| *met), "{needs:?} {needed_by:?}");
}

#[test]
fn the_details_tell_how_the_last_runs_ended_the_newest_first_and_twenty_of_them() {
    let mut sim =
        started(vec![Job { start_retries: 100, max_runs: None, ..restarting(Restart::Always, job("web")) }]);
    sim.habits(0, &[Habit::Exits(500, 1), Habit::Exits(500, 1), Habit::Good]);
    sim.run_for(10_000);
    sim.command(Command::Stop(one(0)));
    sim.run_for(1_000);
    let past = details(&sim, 0).past;
    let told: Vec<(u32, &str)> = past.iter().map(|past| (past.run, past.text.as_str())).collect();
    let expected = [
        (3, "signal TERM after 6s: stopped by a person"),
        (2, "exit 1 after 500ms, started again in 2s"),
        (1, "exit 1 after 500ms, started again in 1s"),
    ];
    assert_eq!(told, expected);
    sim.habits(0, &[Habit::Exits(500, 1)]);
    sim.command(Command::Start(one(0)));
    sim.run_for(3_600_000);
    assert_eq!(details(&sim, 0).past.len(), 20);
}

#[test]
fn the_details_tell_which_version_is_in_force() {
    let fake = Version { fake: true, ..version("2027-04-02T00:00:00", "v2") };
    let versions = vec![version("2027-04-01T00:00:00", "v1"), fake];
    let mut sim = world(vec![Job { versions, ..job("web") }, job("plain")]);
    sim.set_wall(at("2027-04-03T00:00:00Z"));
    start_all(&mut sim);
    let told: Vec<_> = details(&sim, 0)
        .versions
        .into_iter()
        .map(|version| (version.apply_on, version.command, version.fake, version.in_force))
        .collect();
    let expected = [
        (None, "web".to_owned(), false, false),
        (Some("2027-04-01T00:00:00".to_owned()), "v1".to_owned(), false, true),
        (Some("2027-04-02T00:00:00".to_owned()), "v2".to_owned(), true, false),
    ];
    assert_eq!(told, expected);
    assert_eq!(details(&sim, 1).versions, []);
}

#[test]
fn the_details_tell_the_rules_of_a_job() {
    let sim = started(vec![Job { timeout: Some(ms(90_000)), ..restarting(Restart::Unexpected, job("web")) }]);
    let limits: BTreeMap<String, String> =
        details(&sim, 0).limits.into_iter().map(|limit| (limit.key, limit.says)).collect();
    assert_eq!(limits["stop"], "TERM, KILL after 10s");
    assert_eq!(limits["timeout"], "1m30s");
    assert!(limits["restart"].starts_with("after an unexpected end"));
    assert!(!limits.contains_key("schedule"));
}

fn limits(job: Job) -> BTreeMap<String, String> {
    let sim = started(vec![job]);
    details(&sim, 0).limits.into_iter().map(|limit| (limit.key, limit.says)).collect()
}

#[test]
fn the_details_tell_where_output_goes_and_who_is_supervised() {
    let mut web = job("web");
    let launch = web.launch.as_mut().unwrap();
    let file = StreamFile {
        file: "/var/log/web-$ZAP_INSTANCE.log".into(),
        append: false,
        tee: true,
        tty: true,
        ansi: false,
        max_size: Some(10_000_000),
        keep: 5,
    };
    launch.stdout = Stream::File(file.clone());
    launch.stderr = Stream::Discard;
    let path = Some("/run/web.pid".into());
    let pid_file = PidFile { path, timeout: ms(10_000), on_timeout: OnTimeout::Hold };
    launch.subject = Subject::PidFile(pid_file);
    launch.user = Some("www".to_owned());
    let told = limits(web);
    assert_eq!(
        told["stdout"],
        "/var/log/web-1.log and its terminal, anew with each run, at most 10MB, 5 older kept"
    );
    assert_eq!(told["stderr"], "discarded");
    assert_eq!(told["pid-file"], "/run/web.pid; later than 10s: held");
    assert_eq!(told["user"], "www");

    let mut web = job("web");
    let launch = web.launch.as_mut().unwrap();
    let file =
        StreamFile { append: true, tee: false, tty: false, ansi: true, max_size: Some(65_536), ..file };
    launch.stderr = Stream::File(file);
    launch.subject = Subject::Container(ContainerTool::Podman);
    let told = limits(web);
    assert_eq!(
        told["stderr"],
        "/var/log/web-1.log, through a pipe, with escape sequences, at most 64KiB, 5 older kept"
    );
    assert_eq!(told["container-id"], "the id that it prints, of podman");
    let plain = limits(job("web"));
    assert!(
        ["stdout", "stderr", "pid-file", "user"].iter().all(|key| !plain.contains_key(*key)),
        "{plain:?}"
    );
}

#[test]
fn the_details_tell_what_a_job_says_of_itself_and_nothing_that_means_nothing() {
    let labels = vec!["back".to_owned(), "slow".to_owned()];
    let max_runs = Some(MaxRuns { count: 5, within: ms(600_000) });
    let told = limits(Job {
        numprocs: 3,
        labels,
        interactive: true,
        autostart: false,
        restart_delay: ms(2_000),
        max_runs,
        ..restarting(Restart::Always, job("web"))
    });
    assert_eq!(told["numprocs"], "3");
    assert_eq!(told["labels"], "@back, @slow");
    assert_eq!(told["interactive"], "keys go to it as soon as its pager has them");
    assert_eq!(told["autostart"], "no");
    assert_eq!(told["restart-delay"], "2s");
    assert_eq!(told["max-runs"], "5 in 10m");
    let never = Job { max_runs, ..restarting(Restart::Never, job("web")) };
    let told = limits(never.clone());
    let absent = ["numprocs", "labels", "interactive", "autostart", "restart-delay", "max-runs"];
    assert!(absent.iter().all(|key| !told.contains_key(*key)), "{told:?}");
    let health = vec![check(Probe::File("/x".into()), OnFail::Restart)];
    assert!(limits(Job { health, ..never }).contains_key("max-runs"), "a health check restarts in any case");
}
