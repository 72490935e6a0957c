//! Files without mistakes, and what they ask for. Not: how mistakes are told.

use std::time::Duration;

use super::project::{empty, files, job, project};
use zap::config::{
    Aim, ContainerTool, Expected, LogLevel, Need, OnLoss, Quit, Restart, STARTER, Stream, Subject, Until,
    Work,
};

#[test]
fn every_good_file_is_loaded_without_a_word() {
    for (name, text) in files("good") {
        let project = project(&text);
        let loaded = project.loaded();
        assert_eq!(project.told(), "");
        let plan = format!("{:#?}\n{:#?}", loaded.plan.settings, loaded.plan.systems);
        insta::assert_snapshot!(
            format!("good_{name}"),
            plan.replace(project.path().to_str().unwrap(), "/project")
        );
    }
}

#[test]
fn the_starter_of_zap_init_is_good() {
    let project = project(STARTER);
    assert_eq!(project.told(), "");
    let loaded = project.loaded();
    let names: Vec<&str> = loaded.plan.systems[0].jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names, ["clock", "web", "build"]);
}

#[test]
fn every_key_arrives_where_it_belongs() {
    let loaded = project(include_str!("good/everything.toml")).loaded();
    let settings = &loaded.plan.settings;
    assert_eq!((settings.quit, settings.log, settings.mouse), (Quit::Stop, LogLevel::Debug, false));
    assert_eq!(settings.stop_timeout, Duration::from_secs(90));
    let one = job(&loaded, "all/one");
    assert_eq!(one.launch.as_ref().unwrap().work, Work::Exec(vec!["./bin/one".to_owned(), "a b".to_owned()]));
    assert_eq!(one.launch.as_ref().unwrap().umask, Some(0o022));
    assert_eq!(one.launch.as_ref().unwrap().env["PORT"].as_deref(), Some("3001"));
    assert_eq!(one.launch.as_ref().unwrap().env["PAGER"], None);
    assert_eq!(one.launch.as_ref().unwrap().env["EVERYWHERE"].as_deref(), Some("yes"));
    assert_eq!(
        one.exit_codes,
        [Expected::Code(0), Expected::Code(3), Expected::Signal(2), Expected::Signal(15)]
    );
    assert_eq!(one.start_secs, Duration::from_millis(2500));
    assert_eq!(one.start_retries, 5);
    assert_eq!(one.stop.aim, Aim::Leader);
    assert_eq!(one.stop.keys.as_deref(), Some(&[3][..]));
    let stop = ["bash", "-euo", "pipefail", "-c", "./bin/one --stop | cat"].map(str::to_owned);
    assert_eq!(one.stop.command.as_deref(), Some(&stop[..]));
    let two = job(&loaded, "all/two");
    assert_eq!(two.start_secs, Duration::ZERO);
    assert_eq!(two.stop.command.as_deref(), Some(&["make".to_owned(), "stop".to_owned()][..]));
    assert_eq!(two.title, "build it");
}

#[test]
fn the_nearer_level_wins() {
    let loaded = project(include_str!("good/levels.toml")).loaded();
    let top = job(&loaded, "one/top");
    let env: Vec<(&str, Option<&str>)> = top
        .launch
        .as_ref()
        .unwrap()
        .env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_deref()))
        .collect();
    let wanted = [
        ("A", Some("defaults")),
        ("B", Some("system")),
        ("C", Some("system defaults")),
        ("D", Some("job")),
        ("Z", None),
    ];
    assert_eq!(env, wanted);
    assert_eq!((top.restart, top.start_retries), (Restart::Always, 3));
    assert_eq!((top.stop.signal, top.stop.timeout), (2, Duration::from_secs(2)));
    assert_eq!(top.stop.keys.as_deref(), Some(&b"q"[..]));
    assert_eq!(
        top.needs,
        [Need::Job {
            system: "one".to_owned(),
            job: "base".to_owned(),
            until: Until::Running,
            on_loss: OnLoss::Stop,
        }]
    );
    let base = job(&loaded, "one/base");
    assert_eq!((base.start_retries, base.needs.len()), (2, 0));
    assert!(job(&loaded, "two/other").needs.is_empty());
}

#[test]
fn the_first_step_opens_a_session() {
    let loaded = project(include_str!("good/short.toml")).loaded();
    let Work::Steps { session: Some(session), steps, .. } =
        &job(&loaded, "letz/serve").launch.as_ref().unwrap().work
    else {
        panic!("no session");
    };
    assert_eq!(session.argv, ["ssh", "gox"]);
    let runs: Vec<&str> = steps.iter().map(|step| step.run.as_str()).collect();
    assert_eq!(runs, ["cd src/letz", "npm run dev -- --port 3000"]);
    assert_eq!(job(&loaded, "letz/serve").title, "npm run dev -- --port 3000");
}

#[test]
fn tables_spread_over_the_file_keep_its_order() {
    let project = project(
        "[systems.b.jobs.z]\ncommand = \"z\"\n[systems.a.jobs]\nx = \"x\"\n[systems.b.jobs.y]\ncommand = \"y\"\n[systems.b]\ntitle = \"B\"\n",
    );
    let loaded = project.loaded();
    let names: Vec<String> = loaded
        .plan
        .systems
        .iter()
        .flat_map(|system| system.jobs.iter().map(|job| format!("{}/{}", system.name, job.name)))
        .collect();
    assert_eq!(names, ["b/z", "b/y", "a/x"]);
}

#[test]
fn folders_are_relative_to_the_nearest_level() {
    let project = project(
        r#"
        [defaults]
        work-dir = "app"
        [systems.far]
        jobs.a = "a"
        jobs.b = { command = "b", work-dir = "sources" }
        [systems.near]
        work-dir = "app"
        jobs.a = "a"
        jobs.b = { command = "b", work-dir = "web" }
        jobs.c = { command = "c", work-dir = "~/src" }
        jobs.d = { command = "d", work-dir = "$UP/$SOURCES", env = { UP = ".." } }
        "#,
    );
    let loaded = project.loaded();
    let folder = |address| {
        job(&loaded, address)
            .launch
            .as_ref()
            .unwrap()
            .work_dir
            .strip_prefix(project.path())
            .unwrap()
            .to_owned()
    };
    for (address, wanted) in [
        ("far/a", "app"),
        ("far/b", "sources"),
        ("near/a", "app"),
        ("near/b", "app/web"),
        ("near/c", "home/src"),
        ("near/d", "app/../sources"),
    ] {
        assert_eq!(folder(address).to_str().unwrap(), wanted, "{address}");
    }
}

#[test]
fn a_command_goes_through_the_shell_only_where_it_must() {
    let project = project(
        r#"
        [systems.a.jobs]
        plain = "npm run dev"
        pipe = "a | b"
        [systems.a.jobs.fish]
        command = "npm run dev"
        shell = "fish"
        [systems.a.jobs.login]
        command = "npm run dev"
        shell = "bash -l"
        [systems.a.jobs.never]
        command = "grep 'a b' c"
        shell = false
        "#,
    );
    let loaded = project.loaded();
    let work = |name: &str| job(&loaded, &format!("a/{name}")).launch.as_ref().unwrap().work.clone();
    let shell = |words: &[&str], line: &str| Work::Shell {
        shell: words.iter().map(|word| (*word).to_owned()).collect(),
        line: line.to_owned(),
    };
    let exec = |words: &[&str]| Work::Exec(words.iter().map(|word| (*word).to_owned()).collect());
    assert_eq!(work("plain"), exec(&["npm", "run", "dev"]));
    assert_eq!(work("pipe"), shell(&["sh", "-c"], "a | b"));
    assert_eq!(work("fish"), shell(&["fish", "-c"], "npm run dev"));
    assert_eq!(work("login"), shell(&["bash", "-l", "-c"], "npm run dev"));
    assert_eq!(work("never"), exec(&["grep", "a b", "c"]));
}

#[test]
fn the_environment_of_zap_is_part_of_the_plan() {
    let project = empty();
    project.write("systems.toml", "[systems.a.jobs]\nx = \"true\"\n");
    let loaded = project.loaded();
    assert_eq!(loaded.plan.environment, project.request().environment);
}

#[test]
fn a_file_from_windows_means_the_same() {
    let text = "[systems.a.jobs]\nx = \"\"\"\nfor i in 1 2; do\n  work $i\ndone\"\"\"\ny = { steps = [\"a\", \"b\"] }\n";
    let unix = project(text).loaded();
    let windows = project(&format!("\u{feff}{}", text.replace('\n', "\r\n"))).loaded();
    for address in ["a/x", "a/y"] {
        assert_eq!(
            job(&unix, address).launch.as_ref().unwrap().work,
            job(&windows, address).launch.as_ref().unwrap().work
        );
    }
}

#[test]
fn a_nearer_level_can_take_back_what_a_lower_one_says() {
    let project = project(
        r#"
        [defaults]
        pid-file = true
        max-runs = false
        stdout = "discard"
        schedule = { start-time = "08:00" }
        depends-on = ["own"]
        [systems.a.jobs]
        lower = "x"
        [systems.a.jobs.own]
        command = "x"
        pid-file = false
        container-id = "docker"
        max-runs = {}
        stdout = "pty"
        schedule = []
        depends-on = []
        [systems.a.jobs.plain]
        command = "x"
        pid-file = false
        "#,
    );
    let loaded = project.loaded();
    let (lower, own) = (job(&loaded, "a/lower"), job(&loaded, "a/own"));
    let launch = |job: &zap::config::Job| job.launch.clone().unwrap();
    assert!(matches!(launch(lower).subject, Subject::PidFile(_)));
    assert_eq!(launch(own).subject, Subject::Container(ContainerTool::Docker));
    assert_eq!(launch(job(&loaded, "a/plain")).subject, Subject::Own);
    assert_eq!((lower.max_runs, own.max_runs.map(|most| most.count)), (None, Some(5)));
    assert_eq!((launch(lower).stdout, launch(own).stdout), (Stream::Discard, Stream::Terminal));
    assert_eq!((lower.schedule.len(), own.schedule.len()), (1, 0));
    assert_eq!((lower.needs.len(), own.needs.len()), (1, 0));
}

#[test]
fn a_need_waits_for_what_the_other_job_is() {
    let project = project(
        r#"
        [defaults]
        shell = "bash -l"
        [systems.a.jobs]
        plain = "x"
        probed = { command = "x", ready = { log = "up" } }
        failing = { command = "x", ready = { fail-log = "down" } }
        once = { command = "x", one-shot = true }
        both = { command = "x", one-shot = true, ready = { file = "x" } }
        all = { command = "x", depends-on = ["plain", "probed", { command = "test -e x" }, "failing", "once", "both"] }
        "#,
    );
    let loaded = project.loaded();
    let needs: Vec<String> = job(&loaded, "a/all")
        .needs
        .iter()
        .map(|need| match need {
            Need::Job { job, until, .. } => format!("{job} {until:?}"),
            Need::Command { command, line } => format!("{command:?} {line}"),
        })
        .collect();
    let command = r#"["bash", "-l", "-c", "test -e x"] test -e x"#;
    let wanted = ["plain Running", "probed Ready", command, "failing Running", "once Done", "both Ready"];
    assert_eq!(needs, wanted);
}

#[test]
fn all_paths_of_a_job_are_in_its_folder_and_know_its_variables() {
    let project = project(
        r#"
        [systems.a]
        work-dir = "app"
        [systems.a.jobs.b]
        command = "x"
        work-dir = "web"
        env = { RUN = "run" }
        stdout = "~/$ZAP_SYSTEM/$ZAP_JOB.log"
        stderr = { file = "$RUN/${ZAP_INSTANCE}x.log" }
        pid-file = "$RUN/$ZAP_INSTANCE.pid"
        ready = { file = "$RUN/up" }
        health-check = { folder = "spool", inactive-time = 3 }
        "#,
    );
    let loaded = project.loaded();
    let job = format!("{:?}", job(&loaded, "a/b")).replace(project.path().to_str().unwrap(), "/project");
    for path in [
        "/project/home/a/b.log",
        "/project/app/web/run/$ZAP_INSTANCEx.log",
        "/project/app/web/run/$ZAP_INSTANCE.pid",
        "/project/app/web/run/up",
        "/project/app/web/spool",
    ] {
        assert!(job.contains(&format!("{path:?}")), "{path}: {job}");
    }
}
