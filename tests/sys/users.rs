//! Jobs of another user, and what we may not signal.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use nix::unistd::{Uid, User};
use serde_json::Value;
use zap::model::{Delivery, Exit, Launch, RunId, SpawnError};
use zap::sys::{Outlet, Outlets, Pipe, Seat};

use crate::ward::{
    Job, ROGUE, copy, fresh_run, launch, script, skip, start_as, try_start, try_start_into, ward,
};

/// A user that every machine has, if we may become it.
fn nobody() -> Option<User> {
    let user = User::from_name("nobody").ok().flatten().filter(|_| Uid::effective().is_root());
    if user.is_none() {
        skip("not root, or nobody is not there");
    }
    user
}

fn as_nobody(words: &[&str], run: RunId) -> Launch {
    let mut launch = launch(words, run);
    launch.user = Some("nobody".to_owned());
    for name in ["HOME", "USER", "LOGNAME", "SHELL"] {
        if let Some(value) = std::env::var_os(name) {
            launch.env.push((name.into(), value));
        }
    }
    launch
}

/// The rogue where everybody may run it.
fn public_rogue(folder: &Path) -> String {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let rogue = folder.join("rogue");
    copy(Path::new(ROGUE), &rogue);
    std::fs::set_permissions(&rogue, std::fs::Permissions::from_mode(0o755)).unwrap();
    rogue.to_str().unwrap().to_owned()
}

fn seen(job: &Job) -> Value {
    assert_eq!(job.exit(), Exit::Code(0), "{}", job.text());
    serde_json::from_str(&job.text()).unwrap()
}

#[test]
fn a_job_of_another_user_is_that_user_in_every_way() {
    let Some(nobody) = nobody() else { return };
    let folder = tempfile::tempdir().unwrap();
    let rogue = public_rogue(folder.path());
    let seen = seen(&start_as(|run| as_nobody(&[&rogue, "probe"], run)));
    assert_eq!(seen["uid"], nobody.uid.as_raw());
    assert_eq!(seen["gid"], nobody.gid.as_raw());
    assert_eq!(seen["groups"], serde_json::json!([nobody.gid.as_raw()]));
    let env = &seen["env"];
    assert_eq!(env["HOME"], nobody.dir.to_str().unwrap());
    assert_eq!((&env["USER"], &env["LOGNAME"]), (&Value::from("nobody"), &Value::from("nobody")));
    assert_eq!(env["SHELL"], nobody.shell.to_str().unwrap());
    assert_eq!(seen["controlling"], true);
    assert_eq!(seen["opens_anew"], serde_json::json!([true, true]));
    assert_eq!(seen["pid"], seen["sid"]);
    assert_eq!(Uid::effective(), Uid::from_raw(0), "zap stays who it is");
    let we = std::fs::read_dir("/proc/self/task").unwrap().all(|thread| {
        let status = std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap_or_default();
        status.lines().all(|line| !line.starts_with("Uid:") || line.starts_with("Uid:\t0\t0"))
    });
    assert!(we, "no thread of zap became somebody else");
}

#[test]
fn what_the_job_sets_is_not_touched_and_streams_apart_are_its_own() {
    let Some(_) = nobody() else { return };
    let folder = tempfile::tempdir().unwrap();
    let rogue = public_rogue(folder.path());
    let run = fresh_run();
    let mut launch = as_nobody(&[&rogue, "probe"], run);
    launch.env.retain(|(name, _)| name != "HOME");
    launch.env.push(("HOME".into(), "/by/the/job".into()));
    let (pipe, theirs) = Pipe::open().unwrap();
    pipe.read_into(fresh_run(), ward().lane()).unwrap();
    let outlets = Outlets { stdin: Outlet::Seat, stdout: Outlet::Seat, stderr: Outlet::Apart(theirs) };
    let seen = seen(&try_start_into(run, launch, Seat::Owner, outlets).ok().unwrap());
    assert_eq!(seen["env"]["HOME"], "/by/the/job");
    assert_eq!(seen["opens_anew"], serde_json::json!([true, true]));
}

#[track_caller]
fn refusal(launch: impl FnOnce(&mut Launch)) -> String {
    let run = fresh_run();
    let mut refused = as_nobody(&["cat"], run);
    launch(&mut refused);
    match try_start(run, refused) {
        Err(SpawnError::Command(why) | SpawnError::System(why)) => why,
        Ok(_) => panic!("it was started"),
    }
}

#[test]
fn why_a_job_cannot_run_as_somebody_is_told() {
    assert_eq!(
        refusal(|launch| launch.user = Some("no-such-user".to_owned())),
        "no user named `no-such-user` on this machine"
    );
    let Some(_) = nobody() else { return };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::set_permissions(here, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(
        refusal(|launch| launch.folder = here.to_owned()),
        format!("folder {} may not be entered by `nobody`", here.display())
    );
    let program = script(here, "mine", "#!/bin/sh\n", 0o755);
    let shown = program.display();
    assert_eq!(
        refusal(|launch| launch.argv = vec![program.clone().into()]),
        format!("may not be executed: {shown} (by `nobody`)")
    );
}

#[test]
fn our_own_user_needs_nothing() {
    let me = User::from_uid(Uid::effective()).unwrap().unwrap();
    let job = start_as(|run| Launch { user: Some(me.name.clone()), ..launch(&["id", "-un"], run) });
    assert_eq!(job.text().trim(), me.name);
}

#[test]
fn a_family_of_another_user_is_signalled_by_root() {
    let Some(_) = nobody() else { return };
    let folder = tempfile::tempdir().unwrap();
    let rogue = public_rogue(folder.path());
    let job = start_as(|run| as_nobody(&[&rogue, "child-session"], run));
    job.wait_for("own session");
    ward().survey_until(job.run, "both", |family, _| (family.members.len() == 2).then_some(()));
    job.signal(libc::SIGTERM, Delivery::Family);
    assert_eq!(job.exit(), Exit::Signal(libc::SIGTERM));
}

/// A `sudo` that writes down what it is asked for, and runs it, but for signals.
const SUDO: &str = "#!/bin/sh
echo \"$*\" >> LOG
test \"$2\" = kill && exit
while test \"$1\" != --; do shift; done
shift
exec \"$@\"
";

#[test]
fn who_is_not_root_goes_by_sudo() {
    let Some(_) = nobody() else { return };
    let folder = tempfile::tempdir().unwrap();
    let rogue = public_rogue(folder.path());
    let log = folder.path().join("log");
    std::fs::write(&log, "").unwrap();
    std::fs::set_permissions(&log, std::fs::Permissions::from_mode(0o666)).unwrap();
    script(folder.path(), "sudo", &SUDO.replace("LOG", log.to_str().unwrap()), 0o755);
    let lines =
        || -> Vec<String> { std::fs::read_to_string(&log).unwrap().lines().map(str::to_owned).collect() };
    let sudoer = start_as(|run| {
        let mut launch = as_nobody(&[&rogue, "sudoer", "root"], run);
        launch.env[0].1 = format!("{}:/usr/bin:/bin", folder.path().display()).into();
        launch
    });
    sudoer.wait_for("Exited { run: RunId(1), exit: Code(6) }");
    let words = lines()[0].clone();
    assert!(words.starts_with("-n -u root --preserve-env=") && words.ends_with("sh -c exit 6"), "{words}");
    assert!(words.contains("TOKEN") && !words.contains("hidden"), "{words}");
    let target = crate::ward::rogue(&["stay"]);
    sudoer.pty.write(format!("{}\n", target.pid).as_bytes());
    sudoer.wait_for(&format!("Adopted {{ run: RunId(1), pid: {} }}", target.pid));
    let asked = crate::ward::eventually("a signal by sudo", || lines().get(1).cloned());
    assert_eq!(asked, format!("-n kill -TERM -- {}", target.pid));
    target.signal(libc::SIGKILL, Delivery::Leader);
    sudoer.wait_for("Exited { run: RunId(1), exit: Unknown }");
}

#[test]
fn who_is_not_root_and_has_no_sudo_is_told() {
    let Some(_) = nobody() else { return };
    let folder = tempfile::tempdir().unwrap();
    let rogue = public_rogue(folder.path());
    // Only a shell is there.
    std::os::unix::fs::symlink("/bin/sh", folder.path().join("sh")).unwrap();
    let sudoer = start_as(|run| {
        let mut launch = as_nobody(&[&rogue, "sudoer", "root"], run);
        launch.env[0].1 = folder.path().into();
        launch
    });
    sudoer.wait_for("to run as `root` zap must be root or have sudo, and there is no sudo on this machine");
}
