//! The list of events in the real binary: it tells what happened outside of it, and by whom.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::Host;

#[test]
fn a_job_that_somebody_kills_is_told_of_and_its_run_is_gone_to() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = { command = \"echo first words; exec sleep 1000\", restart = \"never\" }\n\
         two = \"sleep 1000\"\n",
    );
    host.zap(&[]).row(&["one", "running"]).row(&["two", "running"]).shows("first words");
    let pid = host.job("a/one")["pid"].as_i64().expect("a pid");
    // The list is open while it happens.
    host.keys("e").row(&["events of a/one", "following"]).row(&["run 1", "started", &format!("pid {pid}")]);
    kill(Pid::from_raw(pid as i32), Signal::SIGKILL).expect("it lives");
    host.row(&["run 1", "exited", "ended, signal KILL"]).row(&["stopped", "policy", "failed"]);
    // What a person does is told as theirs, and what is about another job is not told here.
    host.keys("er").row(&["one", "running"]).keys("e").row(&["command", "user", "restart a/one"]);
    host.row(&["run 2", "started", "user"]);
    assert!(!host.screen().contains("a/two"), "{}", host.screen());
    // First comes that it was wished, which belongs to no run.
    host.keys("gj").row(&["▌", "run 1", "started"]);
    host.keys("\r").row(&["a/one", "paused", "in run 1"]).shows("first words").shows("── run 1 · KILL");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn the_topmost_row_tells_of_everything() {
    let mut host =
        Host::new("[systems.a.jobs]\none = \"sleep 1000\"\n[systems.b.jobs]\ntwo = \"sleep 1000\"\n")
            .size(30, 120);
    host.zap(&["a", "b"]).row(&["one", "running"]).row(&["two", "running"]);
    host.keys("ge").shows("events of all").row(&["a/one", "started"]).row(&["b/two", "started"]);
    // A verb from outside is told while one looks.
    assert_eq!(host.verb(&["stop", "b/two"]).code, 0);
    host.row(&["command", "user", "stop b/two"]).row(&["b/two", "stopped"]);
    host.keys("\t").shows("events of a ").shows_no("b/two  ").keys("eqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
