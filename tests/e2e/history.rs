//! What was printed is there in the next life of zap: after a quit, after a `kill -9`, within its bound, and with a disk that fails.

use std::fs;
use std::path::PathBuf;

use nix::sys::signal::Signal;
use zap::sys::FolderLock;
use zap::wire::{Answer, Ask, Client};

use crate::host::{Host, LIMIT};

/// The folder of a history.
fn folder(host: &Host, name: &str) -> PathBuf {
    host.runtime().join("history").join(name)
}

#[test]
fn lines_and_the_numbers_of_runs_go_on_through_a_restart_of_zap() {
    let mut host = Host::new("[systems.a.jobs]\none = 'echo it is $(cat life); sleep 0.1; exit 3'\n");
    host.file("life", "morning");
    host.zap(&[]).row(&["one", "failed"]).shows("it is morning");
    host.keys("R").until("run 2 has ended", |screen| screen.contains("── run 2 · exit 3"));
    host.keys("q");
    assert_eq!(host.ends().0, 0);
    host.file("life", "evening");
    host.zap(&[]).row(&["one", "failed"]).shows("it is evening");
    host.shows("── run 1 · exit 3").shows("── run 2 · exit 3").shows("── run 3 · exit 3");
    assert_eq!(host.job("one")["run"], 3, "{}", host.job("one"));
    let mut events = host.listen();
    assert_eq!(events.until("a/one", "started")["run"], 3);
    drop(events);
    assert_eq!(host.screen().matches("it is morning").count(), 2, "{}", host.screen());
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn without_a_screen_it_is_kept_too_and_a_job_that_is_not_started_shows_it() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = { command = 'seq 1 1000', one-shot = true }\nzz = 'exec sleep 1000'\n",
    );
    let mut served = host.served(&[]);
    host.job_until("one", "is done", |job| job["state"] == "done");
    host.shuts_down(&mut served);
    host.file("systems.toml", "[systems.a.jobs]\none = { command = 'true', autostart = false }\n");
    host.zap(&[]).row(&["one", "stopped"]).shows("── run 1 · exit 0").shows("1000");
    host.keys("\rg").line("1").keys("Gq");
    // What is started goes on counting.
    host.keys("s").shows("── run 2 · exit 0");
    host.keys("q");
    assert_eq!(host.ends().0, 0);
    let mode = |path: PathBuf| {
        std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("it is there").permissions()) & 0o777
    };
    assert_eq!((mode(folder(&host, "a.one.1")), mode(folder(&host, "a.one.1").join("tail"))), (0o700, 0o600));
}

#[test]
fn after_a_kill_all_but_the_last_second_is_there() {
    let config = r"
[systems.a.jobs]
one = '''
if test -e once; then echo again; exec sleep 1000; fi
touch once; i=0
while :; do i=$((i+1)); echo tick $i.; sleep 0.05; done'''
";
    let mut host = Host::new(config);
    // What is drawn is about to be written: one tick takes 50 ms and a bit, so that forty are more than two seconds.
    host.zap(&[]).shows("tick 60.");
    let seen = last_tick(&host.screen());
    host.until("it goes on", |screen| last_tick(screen) > seen + 40);
    host.signal(Signal::SIGKILL);
    assert_eq!(host.ends().0, 128 + 9);
    host.leaves_nothing_behind();
    host.zap(&[]).shows("again").shows("── run 1 · zap ended · last output ");
    let kept = last_tick(&host.screen());
    assert!(kept >= seen, "{kept} of {seen}\n{}", host.screen());
    host.keys("\rg").line("tick 1.").line("tick 2.").keys("q");
    assert_eq!(host.job("one")["run"], 2);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

fn last_tick(screen: &str) -> u32 {
    let numbers = screen.split("tick ").skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok());
    numbers.max().unwrap_or(0)
}

#[test]
fn the_oldest_lines_of_a_long_history_are_dropped_and_said_to_be() {
    let mut host = Host::new("[zap]\nhistory = '200KB'\n[systems.a.jobs]\none = 'rogue lines 300000'\n");
    host.zap(&[]).row(&["one", "done"]).shows("line 300000");
    host.keys("\rg").shows("older lines dropped").keys("G").shows("line 300000");
    let files: Vec<u64> = std::fs::read_dir(folder(&host, "a.one.1"))
        .expect("it is there")
        .map(|entry| entry.expect("it is there").metadata().expect("it is there").len())
        .collect();
    let size: u64 = files.iter().sum();
    assert!((64_000..200_000 + 400_000).contains(&size), "{files:?}");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
    host.zap(&[]).row(&["one", "done"]);
    host.keys("\rg").shows("older lines dropped");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn a_disk_that_fails_is_told_once_and_written_to_when_it_can_be() {
    let mut host = Host::new("[systems.a.jobs]\none = 'echo first; exec sleep 1000'\n");
    // Where the folder should be is a file: nothing can be written, whoever one is.
    std::fs::create_dir_all(host.runtime()).expect("a folder can be made");
    let obstacle = host.runtime().join("history");
    std::fs::write(&obstacle, "").expect("a file can be written");
    host.zap(&[]).row(&["one", "running"]).shows("cannot be written");
    // It stands whatever is typed, as long as it is so.
    host.keys("r").shows("── run 1").shows("first").shows("cannot be written");
    let log = host.runtime().join("zap.log");
    let told = || std::fs::read_to_string(&log).unwrap_or_default();
    assert_eq!(told().matches("the history of a.one.1 cannot be written").count(), 1, "{}", told());
    std::fs::remove_file(&obstacle).expect("it is ours");
    host.until("it is tried again", |_| told().contains("all histories are on the disk again"));
    host.shows("all histories are on the disk again").shows_no("cannot be written");
    host.keys("j").shows_no("all histories are on the disk again");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.zap(&[]).row(&["one", "running"]).shows("── run 1").shows("── run 2");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn a_job_that_is_lost_and_found_by_a_reload_goes_on_with_its_history() {
    let with = "[systems.a.jobs]\none = 'echo hello'\ntwo = 'exec sleep 1000'\n";
    let mut host = Host::new(with);
    let mut served = host.served(&[]);
    host.job_until("one", "is done", |job| job["state"] == "done");
    host.file("systems.toml", "[systems.a.jobs]\ntwo = 'exec sleep 1000'\n");
    assert_eq!(host.verb(&["reload"]).code, 0);
    host.file("systems.toml", with);
    assert_eq!(host.verb(&["reload"]).code, 0);
    let job = host.job_until("one", "has run again", |job| job["state"] == "done");
    assert_eq!(job["run"], 2, "{job:#}");
    host.shuts_down(&mut served);
    host.zap(&[]).row(&["one", "done"]).shows("── run 1").shows("── run 2").shows("── run 3");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_screen_does_not_wait_for_histories_and_jobs_do() {
    let mut host = Host::new("[systems.a.jobs]\none = 'echo hello; exec sleep 1000'\n");
    host.zap(&[]).row(&["one", "running"]).keys("qy");
    assert_eq!(host.ends().0, 0);
    // As from a disk that takes its time nothing comes.
    let claim = FolderLock::wait(&host.runtime().join("history")).expect("nobody has it");
    host.zap(&[]).row(&["one", "stopped"]).keys("?").shows("Esc").keys("q");
    host.row(&["one", "stopped"])
        .shows("another zap has the histories: nothing starts before they are there");
    // Who asks meanwhile hears at once that it may take its time.
    let mut client =
        Client::connect(&host.runtime(), nix::unistd::geteuid().as_raw(), LIMIT).expect("zap runs");
    client.ask(Ask::Status { targets: Vec::new() }, LIMIT).expect("zap listens");
    assert!(matches!(client.hear(Some(LIMIT)), Ok(Some(Answer::Heard {}))));
    drop(claim);
    let status = client.hear(Some(LIMIT));
    assert!(matches!(status, Ok(Some(Answer::Status(_)))), "{status:?}");
    host.row(&["one", "running"]).shows("── run 1").shows("hello").shows_no("nothing starts");
    assert_eq!(host.job("one")["run"], 2);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    let claim = FolderLock::wait(&host.runtime().join("history")).expect("nobody has it");
    host.zap(&[]).row(&["one", "stopped"]).keys("q");
    assert_eq!(host.ends().0, 0);
    drop(claim);
    host.leaves_nothing_behind();
}

/// A megabyte of output of a project whose file is gone.
fn forgotten(host: &Host, id: &str) -> PathBuf {
    let project = host.runtime().with_file_name(id);
    let place = project.join("history").join("a.job.1");
    fs::create_dir_all(&place).expect("a folder can be made");
    fs::write(project.join("file"), "/nowhere/systems.toml").expect("a file can be written");
    fs::write(place.join("00000001.0"), vec![0; 1_000_000]).expect("a file can be written");
    place
}

#[test]
fn all_projects_together_keep_no_more_than_is_said_also_by_a_reload() {
    let config = |total: &str| {
        format!(
            "[zap]\nhistory = '1MB'\nhistory-total = '{total}'\n[systems.a.jobs]\none = 'rogue lines 300000; exec sleep 1000'\n"
        )
    };
    let mut host = Host::new(&config("10MB"));
    let (gone, live) = (forgotten(&host, "0123456789abcdef"), forgotten(&host, "fedcba9876543210"));
    let claim = FolderLock::wait(live.parent().expect("a folder")).expect("nobody has it");
    let mut served = host.served(&[]);
    host.job_until("one", "runs", |job| job["state"] == "running");
    let own = folder(&host, "a.one.1");
    let size = || -> u64 {
        let files = fs::read_dir(&own).into_iter().flatten().flatten();
        files.filter_map(|file| Some(file.metadata().ok()?.len())).sum()
    };
    host.alive_until("all is printed and written", |_| size() > 700_000);
    assert!(gone.exists(), "there is room");
    host.file("systems.toml", &config("1500KB"));
    assert_eq!(host.verb(&["reload"]).code, 0);
    host.alive_until("what a project left that is gone goes first", |_| !gone.exists());
    host.alive_until("then the oldest of what is ours", |_| size() < 650_000);
    assert!(live.join("00000001.0").exists(), "somebody runs it");
    drop(claim);
    host.file("systems.toml", &config("800KB"));
    assert_eq!(host.verb(&["reload"]).code, 0);
    host.alive_until("nobody runs it any more", |_| !live.exists());
    host.shuts_down(&mut served);
}
