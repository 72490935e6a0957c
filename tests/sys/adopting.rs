//! Daemons: the process whose pid stands in a file becomes the leader of the run, and nobody else's process does.

use std::fs;
use std::path::{Path, PathBuf};

use zap::model::{Delivery, Exit, Hope, PidSource};
use zap::sys::News;

use crate::ward::{Job, rogue, start, ward};

/// The answers that a run got so far.
fn answers(job: &Job) -> usize {
    ward().wait("the board", |board| {
        let ours = |news: &&News| matches!(news, News::Adopted { run, .. } | News::NotAdopted { run, .. } if *run == job.run);
        Some(board.news.iter().filter(ours).count())
    })
}

/// Asks once.
#[track_caller]
fn adopt(job: &Job, from: PidSource) -> News {
    let before = answers(job);
    ward().nursery.adopt(job.run, from);
    ward().wait("an answer to an adoption", |board| {
        let ours = |news: &&News| matches!(news, News::Adopted { run, .. } | News::NotAdopted { run, .. } if *run == job.run);
        board.news.iter().filter(ours).nth(before).cloned()
    })
}

/// Asks as the supervisor does, until it is adopted or there is no hope.
#[track_caller]
fn adopt_at_last(job: &Job, file: &Path) -> Result<i32, String> {
    crate::ward::eventually("an adoption", || match adopt(job, PidSource::File(file.to_owned())) {
        News::Adopted { pid, .. } => Some(Ok(pid)),
        News::NotAdopted { why, hope: Hope::Never, .. } => Some(Err(why)),
        _ => None,
    })
}

/// The end that is told after so many others of the same run.
#[track_caller]
fn exit(job: &Job, number: usize) -> Exit {
    ward().wait("an exit", |board| {
        let mut exits = board.news.iter().filter_map(|news| match news {
            News::Exited { run, exit } if *run == job.run => Some(*exit),
            _ => None,
        });
        exits.nth(number)
    })
}

fn pid_file() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.pid");
    let name = file.to_str().unwrap().to_owned();
    (folder, file, name)
}

#[test]
fn a_daemon_is_adopted_and_its_exit_code_is_known() {
    let (folder, file, name) = pid_file();
    let end = flag(&folder, "end");
    let job = rogue(&["daemon", &name, &end, "42"]);
    // Of a run that has its daemon already, the end of the launcher is a stranger's.
    assert_eq!(exit(&job, 0), Exit::Code(0), "of the launcher");
    let pid = adopt_at_last(&job, &file).unwrap();
    assert_ne!(pid, job.pid);
    fs::write(end, "").unwrap();
    assert_eq!(exit(&job, 1), Exit::Code(42), "of the daemon");
}

#[test]
fn an_adopted_daemon_is_signalled_as_a_leader_is() {
    for delivery in [Delivery::Leader, Delivery::Group, Delivery::Family] {
        let (_folder, file, name) = pid_file();
        let job = rogue(&["daemon", &name, "60000", "0"]);
        exit(&job, 0);
        let pid = adopt_at_last(&job, &file).unwrap();
        ward().survey_until(job.run, "the daemon", |family, _| {
            (family.members.iter().map(|kin| kin.pid).eq([pid])).then_some(())
        });
        job.signal(libc::SIGTERM, delivery);
        assert_eq!(exit(&job, 1), Exit::Signal(libc::SIGTERM), "{delivery:?}");
    }
}

#[test]
fn a_file_of_another_user_is_not_believed_unless_it_names_a_process_of_his() {
    if !nix::unistd::geteuid().is_root() {
        crate::ward::skip("only root gives a file away");
        return;
    }
    let (_folder, file, name) = pid_file();
    let job = rogue(&["daemon", &name, "60000", "0"]);
    exit(&job, 0);
    let written = || fs::read_to_string(&file).ok().filter(|text| !text.is_empty());
    crate::ward::eventually("the pid is written", written);
    std::os::unix::fs::chown(&file, Some(65_534), None).unwrap();
    let told = adopt(&job, PidSource::File(file.clone()));
    let why = format!("{} belongs to another user (id 65534)", file.display());
    assert_eq!(told, News::NotAdopted { run: job.run, why, hope: Hope::Later });
    std::os::unix::fs::chown(&file, Some(0), None).unwrap();
    let pid = adopt_at_last(&job, &file).unwrap();
    job.signal(libc::SIGKILL, Delivery::Leader);
    assert_eq!((exit(&job, 1), pid > 1), (Exit::Signal(libc::SIGKILL), true));
}

#[test]
fn a_file_that_comes_late_is_waited_for() {
    let (folder, file, name) = pid_file();
    let (begin, end) = (flag(&folder, "begin"), flag(&folder, "end"));
    let job = rogue(&["daemon-late", &name, &begin, &end, "7"]);
    exit(&job, 0);
    let told = adopt(&job, PidSource::File(file.clone()));
    let why = format!("{} is not there yet", file.display());
    assert_eq!(told, News::NotAdopted { run: job.run, why, hope: Hope::Later });
    fs::write(begin, "").unwrap();
    adopt_at_last(&job, &file).unwrap();
    fs::write(end, "").unwrap();
    assert_eq!(exit(&job, 1), Exit::Code(7));
}

#[test]
fn somebody_elses_child_is_watched_and_its_end_has_no_code() {
    let (folder, file, name) = pid_file();
    let end = flag(&folder, "end");
    let job = rogue(&["foster", &name, &end, "9"]);
    let pid = adopt_at_last(&job, &file).unwrap();
    assert_ne!(pid, job.pid);
    fs::write(end, "").unwrap();
    // Its parent lives on and never waits.
    assert_eq!(exit(&job, 0), Exit::Unknown);
}

#[test]
fn a_child_whose_parent_ends_first_has_a_code_after_all() {
    let (_folder, file, name) = pid_file();
    let job = rogue(&["foster", &name, "60000", "9"]);
    let pid = adopt_at_last(&job, &file).unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(job.pid), nix::sys::signal::Signal::SIGKILL).unwrap();
    ward().wait("the end of the launcher", |board| {
        board
            .news
            .iter()
            .find(|news| matches!(news, News::StrangerEnded { pid } if *pid == job.pid))
            .map(|_| ())
    });
    job.signal(libc::SIGUSR1, Delivery::Leader);
    assert_eq!(exit(&job, 0), Exit::Signal(libc::SIGUSR1));
    let _ = pid;
}

#[test]
fn the_launcher_itself_may_be_named() {
    let (_folder, file, name) = pid_file();
    let job = start(&["sh", "-c", &format!("echo $$ > {name}; read -r go; exit 5")]);
    assert_eq!(adopt_at_last(&job, &file), Ok(job.pid));
    assert!(job.pty.write(b"go\n"));
    assert_eq!(exit(&job, 0), Exit::Code(5));
}

#[test]
fn a_stranger_is_refused_and_never_signalled() {
    let older = rogue(&["stay"]);
    // The start of a process is counted in hundredths of a second.
    nix::poll::poll(&mut [], 30_u16).unwrap();
    let (_folder, file, name) = pid_file();
    let job = rogue(&["liar", &name, &older.pid.to_string()]);
    let why = adopt_at_last(&job, &file).unwrap_err();
    assert_eq!(why, format!("process {} (rogue) is older than the run: a stranger", older.pid));
    for delivery in [Delivery::Leader, Delivery::Group, Delivery::Family] {
        job.signal(libc::SIGKILL, delivery);
    }
    assert_eq!(exit(&job, 0), Exit::Signal(libc::SIGKILL));
    ward().survey_until(older.run, "the stranger", |family, _| (family.members.len() == 1).then_some(()));
}

/// A file by which a process is told that it is time.
fn flag(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// When a process started, in hundredths of a second.
fn start_tick(pid: i32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().parse().unwrap()
}

#[test]
#[expect(clippy::zombie_processes, reason = "the ward reaps all children")]
fn a_stranger_that_started_in_the_same_hundredth_is_refused() {
    let _alone = crate::ward::unclaimed();
    let why = crate::ward::eventually("two that start in one hundredth", || {
        // The child of a child of ours that belongs to no run.
        let mut parent = std::process::Command::new("sh")
            .args(["-c", "sleep 60 > /dev/null & echo $!; exec > /dev/null; wait"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut number = String::new();
        std::io::Read::read_to_string(&mut parent.stdout.take().unwrap(), &mut number).unwrap();
        let stranger: i32 = number.trim().parse().unwrap();
        let job = rogue(&["stay"]);
        // Of two in one hundredth the older one has the lower number, unless the numbers begin again just there.
        let same = start_tick(stranger) == start_tick(job.pid) && stranger < job.pid;
        let told = same.then(|| adopt(&job, PidSource::Number(stranger)));
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(stranger), nix::sys::signal::SIGKILL).unwrap();
        match told? {
            News::NotAdopted { why, hope: Hope::Never, .. } => Some((stranger, why)),
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(why.1, format!("process {} (sleep) is older than the run: a stranger", why.0));
}

#[test]
fn neither_zap_nor_the_machine_nor_another_run_is_adopted() {
    let job = rogue(&["stay"]);
    let younger = rogue(&["stay"]);
    let me = i32::try_from(std::process::id()).unwrap();
    for (pid, part) in [
        (me, "is zap itself".to_owned()),
        (1, "belongs to the machine".to_owned()),
        (younger.pid, "(rogue) belongs to another run".to_owned()),
        (i32::MAX - 1, "has already ended".to_owned()),
    ] {
        let told = adopt(&job, PidSource::Number(pid));
        let News::NotAdopted { why, hope: Hope::Never, .. } = told else { panic!("{pid}: {told:?}") };
        assert!(why.starts_with(&format!("process {pid}")) && why.ends_with(&part), "{why}");
    }
    // A thread has a number too.
    let thread = fs::read_dir("/proc/self/task").unwrap().filter_map(|entry| {
        entry.unwrap().file_name().to_str().unwrap().parse::<i32>().ok().filter(|tid| *tid != me)
    });
    let tid = thread.max().unwrap();
    let told = adopt(&job, PidSource::Number(tid));
    assert!(matches!(told, News::NotAdopted { hope: Hope::Never, .. }), "{told:?}");
}

#[test]
fn a_process_that_has_ended_at_once_is_told() {
    let (_folder, file, name) = pid_file();
    let job = rogue(&["daemon", &name, "0", "3"]);
    let pid: i32 =
        crate::ward::eventually("the file", || fs::read_to_string(&file).ok()?.trim().parse().ok());
    ward().wait("the end of the daemon", |board| {
        board
            .news
            .iter()
            .find(|news| matches!(news, News::StrangerEnded { pid: of } if *of == pid))
            .map(|_| ())
    });
    assert_eq!(adopt_at_last(&job, &file), Err(format!("process {pid} has already ended")));
}

#[test]
fn garbage_may_still_become_a_number_and_a_number_that_is_wrong_once_too() {
    let (_folder, file, _) = pid_file();
    let job = rogue(&["stay"]);
    let ask = || adopt(&job, PidSource::File(file.clone()));
    for (text, why) in [("", "is empty"), ("starting", "holds no pid: `starting`")] {
        fs::write(&file, text).unwrap();
        for _ in 0..3 {
            let why = format!("{} {why}", file.display());
            assert_eq!(ask(), News::NotAdopted { run: job.run, why, hope: Hope::Later });
        }
    }
    // Half of a number: the other half comes.
    let half = (i32::MAX - 1).to_string();
    fs::write(&file, &half).unwrap();
    assert!(matches!(ask(), News::NotAdopted { hope: Hope::Later, .. }));
    fs::write(&file, job.pid.to_string()).unwrap();
    assert_eq!(ask(), News::Adopted { run: job.run, pid: job.pid });
}
