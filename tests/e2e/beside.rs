//! A second pager beside the first, with real jobs that know how large their terminals are.

use crate::host::Host;

/// Jobs that print their sizes all the while, each line with the name of the job.
fn sizes(names: &[&str]) -> String {
    let job = |name: &&str| {
        format!("{name} = \"while :; do echo {name} has $(stty size) and goes on; sleep 0.1; done\"\n")
    };
    format!("[systems.a.jobs]\n{}", names.iter().map(job).collect::<String>())
}

#[test]
fn two_jobs_are_seen_printing_each_in_a_terminal_as_large_as_its_pane() {
    let mut host = Host::new(&sizes(&["one", "two"])).size(50, 200);
    host.zap(&[]).row(&["two", "running"]).shows("one has 46 130 and goes on");
    host.keys("|j").row(&["one has 46 63 and goes on", "two has 46 63 and goes on"]);
    // Narrower: one stands above the other.
    host.resize(24, 100).shows("one has 9 63 and goes on").shows("two has 9 63 and goes on");
    host.resize(24, 70).shows_no("one has 9 63").row(&["two", "running"]);
    host.resize(50, 200).row(&["one has 46 63 and goes on", "two has 46 63 and goes on"]);
    // The first in full, and both again.
    host.keys("\tz").shows("one has 47 198 and goes on").shows_no("two has");
    host.keys("z").row(&["one has 46 63 and goes on", "two has 46 63 and goes on"]);
    host.keys("q|").shows("two has 46 130 and goes on").shows_no("one has");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn one_types_into_either_and_verbs_are_about_the_one_that_has_the_keys() {
    let mut host = Host::new("[systems.a.jobs]\none = \"sh -i\"\ntwo = \"sh -i\"\n").size(50, 200);
    host.zap(&[]).row(&["one", "running"]).row(&["two", "running"]).keys("|j").shows("a/two  running");
    host.keys("\ti").shows("keys go to a/one").keys("echo first $((6 * 7))\r").shows("first 42");
    host.keys("\x1d").shows_no("keys go to").keys("\ti").shows("keys go to a/two");
    host.keys("echo second $((7 * 7))\r").row(&["first 42"]).shows("second 49");
    // The first one is stopped though the second one is selected in the tree.
    host.keys("\x1d").shows_no("keys go to").keys("\t\tx").row(&["one", "stopped"]).row(&["two", "running"]);
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
