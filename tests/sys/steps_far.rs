//! Steps in a session: through a command that does what sshd does, through a real sshd, and through one that does what
//! `podman exec` does.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use zap::config::Session;
use zap::model::{Delivery, Exit};

use crate::steps::{Seen, have, run_argv, see, step, story};
use crate::ward::{Job, eventually, launch, script, start_as, unclaimed, ward};

/// Joins its words with blanks and hands them to the login shell, as sshd does.
const FAKE_SSH: &str = r#"#!/bin/sh
test "$1" = -tt || exit 90
shift
test "$1" = -p && shift 2
test "$1" = gox || exit 91
shift
export SHELL="$LOGIN" HOME="$FAR_HOME"
cd
exec "$LOGIN" -c "$*"
"#;

/// Takes the words as they are, as `podman exec -it NAME` does.
const FAKE_PODMAN: &str = "#!/bin/sh\nshift 3\nexec \"$@\"\n";

fn session(argv: &[&str]) -> Session {
    Session { line: argv.join(" "), argv: argv.iter().map(|word| (*word).to_owned()).collect() }
}

fn run_far(folder: &Path, login: &str, session: &Session, steps: &[zap::config::Step]) -> Job {
    start_as(|run| {
        let mut launch = launch(&[], run);
        launch.argv = zap::model::script::argv(&[], Some(session), steps, crate::steps::NONCE);
        launch.env[0].1 = format!("{}:/usr/bin:/bin", folder.display()).into();
        launch.env.push(("LOGIN".into(), login.into()));
        launch.env.push(("FAR_HOME".into(), folder.into()));
        launch.env.push(("LC_ALL".into(), "C.UTF-8".into()));
        launch
    })
}

const LOGINS: [&str; 7] = ["dash", "bash", "zsh", "mksh", "fish", "tcsh", "csh"];

#[test]
fn any_login_shell_of_the_far_side_reads_the_command_alike() {
    for login in LOGINS.into_iter().filter(|login| have(login)) {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "ssh", FAKE_SSH, 0o755);
        for profile in [".profile", ".bash_profile", ".zprofile"] {
            fs::write(folder.path().join(profile), "FAR=from-the-profile\n").unwrap();
        }
        let awkward = "it's \"50%\" of $HOME !! !x \\n \\\\ `x` \u{1F980} ü {a,b} * ~ #no ;& ^a^b \u{1}\ttab";
        let quoted = awkward.replace('\'', r"'\''");
        let steps = [
            step(&format!("printf '%s\n' '{quoted}' > out; cd /usr"), &[0]),
            step("pwd; echo $FAR; v=unexported", &[0]),
            step("echo $v $#; test -t 0 && (exit 3)", &[3]),
            step("echo \"$v\n!!\"; (exit 42)", &[0]),
            step("echo never", &[0]),
        ];
        let job = run_far(folder.path(), login, &session(&["ssh", "-p", "22", "gox"]), &steps);
        assert_eq!(job.exit(), Exit::Code(42), "{login}: {:?}", see(&job.all_output()));
        let output = job.all_output();
        assert_eq!(
            story(&output),
            "B0 E0=0 B1 |/usr\nfrom-the-profile| E1=0 B2 |unexported 0| E2=3 B3 |unexported\n!!| E3=42",
            "{login}"
        );
        // The fake runs here, so the pid of the session's shell is that of the job.
        assert_eq!(see(&output)[0], Seen::Mark(format!("S;{}", job.pid)), "{login}");
        assert_eq!(fs::read_to_string(folder.path().join("out")).unwrap(), format!("{awkward}\n"), "{login}");
    }
}

#[test]
fn many_long_steps_reach_the_far_side() {
    for login in LOGINS.into_iter().filter(|login| have(login)) {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "ssh", FAKE_SSH, 0o755);
        let long = format!("x='{}'; echo ${{#x}}", "é$".repeat(1000));
        let steps = vec![step(&long, &[0]); 5];
        let job = run_far(folder.path(), login, &session(&["ssh", "gox"]), &steps);
        assert_eq!(job.exit(), Exit::Code(0), "{login}: {:?}", see(&job.all_output()));
        assert!(story(&job.all_output()).ends_with("E4=0"), "{login}");
    }
}

#[test]
fn a_session_without_steps_is_a_login() {
    let folder = tempfile::tempdir().unwrap();
    script(folder.path(), "ssh", FAKE_SSH, 0o755);
    let job = run_far(folder.path(), "/bin/dash", &session(&["ssh", "gox"]), &[]);
    job.wait_for("5379;");
    assert!(job.pty.write(b"echo in $((1+1)); exit 5\n"));
    job.wait_for("in 2");
    assert_eq!(job.exit(), Exit::Code(5));
}

#[test]
fn a_container_runs_the_script_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    script(folder.path(), "podman", FAKE_PODMAN, 0o755);
    let steps = [step("cd /; a='it'\\''s'", &[0]), step("echo \"$a\"; pwd; exit 7", &[0])];
    let job = run_far(folder.path(), "", &session(&["podman", "exec", "-it", "web"]), &steps);
    assert_eq!(job.exit(), Exit::Code(7));
    assert_eq!(story(&job.all_output()), "B0 E0=0 B1 |it's\n/| E1=7");
}

/// A real sshd, on loopback, for this user alone; it is a job, and dies as one.
struct Sshd {
    _job: Job,
    folder: tempfile::TempDir,
    port: u16,
}

impl Sshd {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display();
        for key in ["host", "user"] {
            let file = format!("{here}/{key}");
            let job = crate::ward::start(&["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", &file]);
            assert_eq!(job.exit(), Exit::Code(0));
        }
        fs::copy(folder.path().join("user.pub"), folder.path().join("authorized")).unwrap();
        if nix::unistd::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        // Somebody else may take the port before it does.
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            if let Some(job) = Self::listen(folder.path(), port) {
                return Self { _job: job, folder, port };
            }
        }
        panic!("sshd does not listen");
    }

    /// The server, unless the port is somebody else's.
    fn listen(folder: &Path, port: u16) -> Option<Job> {
        let here = folder.display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {here}/host\nAuthorizedKeysFile {here}/authorized\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nPidFile none\nLogLevel INFO\nPermitRootLogin yes\n"
        );
        fs::write(folder.join("config"), config).unwrap();
        let file = format!("{here}/config");
        let job = crate::ward::start(&["/usr/sbin/sshd", "-D", "-e", "-f", &file]);
        // It says so on its standard error, or that it cannot.
        let there = ward().wait("an sshd that listens", |board| {
            let said = String::from_utf8_lossy(board.output.get(&job.run)?);
            if said.contains("Cannot bind any address") {
                Some(false)
            } else {
                said.contains("Server listening on").then_some(true)
            }
        });
        there.then_some(job)
    }

    fn session(&self) -> Session {
        let here = self.folder.path().display();
        let (port, key, known) =
            (self.port.to_string(), format!("{here}/user"), format!("UserKnownHostsFile={here}/known"));
        let user = nix::unistd::User::from_uid(nix::unistd::geteuid()).unwrap().unwrap().name;
        session(&[
            "ssh",
            "-F",
            "none",
            "-p",
            &port,
            "-i",
            &key,
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            &known,
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "LogLevel=ERROR",
            "-l",
            &user,
            "127.0.0.1",
        ])
    }
}

#[test]
fn a_real_sshd_carries_steps_marks_and_codes() {
    if !have("sshd") || !have("ssh") || !have("ssh-keygen") {
        return;
    }
    let sshd = Sshd::start();
    let steps = [
        step("cd /usr; a=\"it's\"", &[0]),
        step("echo \"$a\" !! $(pwd); test -t 0", &[0]),
        step("(exit 9)", &[0]),
        step("echo never", &[0]),
    ];
    let job = run_argv(&[], Some(&sshd.session()), &steps);
    assert_eq!(job.exit(), Exit::Code(9), "{:?}", see(&job.all_output()));
    let told = story(&job.all_output());
    assert!(told.ends_with("B0 E0=0 B1 |it's !! /usr| E1=0 B2 E2=9"), "{told}");
}

#[test]
fn a_session_through_sshd_ends_what_runs_there_when_it_is_stopped() {
    if !have("sshd") || !have("ssh") || !have("ssh-keygen") {
        return;
    }
    // When its session ends, what runs there is nobody's for a moment.
    let _alone = unclaimed();
    let sshd = Sshd::start();
    let file = sshd.folder.path().join("ended");
    let watched = format!(
        "sh -c 'trap \"echo ended > {}; exit\" HUP; echo ready; while :; do sleep 0.02; done'",
        file.display()
    );
    let job = run_argv(&[], Some(&sshd.session()), &[step(&watched, &[0])]);
    job.wait_for("ready");
    job.signal(libc::SIGTERM, Delivery::Group);
    job.exit();
    let ended = || fs::read_to_string(&file).is_ok_and(|text| text == "ended\n").then_some(());
    eventually("the end of the far side", ended);
}
