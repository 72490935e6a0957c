//! The pager: everything a job printed can be reached, found, and typed into.

use crate::host::Host;

const LINES: &str = "i=0; while [ $i -lt 20 ]; do echo filler; i=$((i+1)); done; rogue lines 200000";

#[test]
fn the_first_and_last_of_200000_lines_are_reachable() {
    let config = format!(
        "[systems.a.jobs]\ncommand = \"rogue lines 200000\"\nsteps = {{ steps = [\"true\", \"{LINES}\"] }}\n"
    );
    let mut host = Host::new(&config);
    host.zap(&[]).row(&["command", "done"]).row(&["steps", "done"]);
    host.shows("line 200000");
    host.keys("\rg").shows("\nline 1\n").keys("G").shows("line 200000");
    host.keys("q").shows("steps").keys("j\rg").shows("filler").keys("G").shows("line 200000");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn search_finds_and_counts_over_the_whole_history() {
    let mut host = Host::new("[systems.a.jobs]\none = \"rogue lines 50000\"\n");
    host.zap(&[]).row(&["one", "done"]);
    host.keys("\r/line 4999\\d$\r").shows("10 hits");
    host.keys("gn").shows("1/10").shows("line 49990");
    host.keys("N").shows("10/10");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn moving_up_pauses_and_says_how_many_are_new() {
    let mut host =
        Host::new("[systems.a.jobs]\none = \"rogue lines 500; while :; do echo more; sleep 0.05; done\"\n");
    host.zap(&[])
        .row(&["one", "running"])
        .keys("\r")
        .shows("more")
        .keys("g")
        .shows("\nline 1\n")
        .shows("new");
    host.keys("F").shows("following").shows("more");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn what_was_printed_before_a_restart_stands_above_the_new_run() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo hello; exec sleep 1000\"\n");
    host.zap(&[])
        .row(&["one", "running"])
        .shows("hello")
        .keys("r")
        .shows("── run 1")
        .shows("following · 3 lines");
    assert_eq!(host.screen().matches("hello").count(), 2, "{}", host.screen());
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_job_that_was_asked_for_is_selected() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = \"sleep 1000\"\n[systems.b.jobs]\ntwo = \"sleep 1000\"\nthree = \"sleep 1000\"\n",
    );
    host.zap(&["b/three"]).shows("b/three  running");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn keys_reach_a_program_in_interactive_mode() {
    let mut host = Host::new("[systems.a.jobs]\nshell = { command = \"sh -i\", interactive = true }\n");
    host.zap(&[]).row(&["shell", "running"]).keys("\r").shows("Ctrl-]");
    host.keys("echo typed $((6 * 7))\r").shows("typed 42");
    host.keys("\x1d").shows_no("Ctrl-]");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_full_screen_program_is_as_large_as_its_pane() {
    let mut host =
        Host::new("[systems.a.jobs]\none = \"while :; do stty size; sleep 0.1; done\"\n").size(24, 100);
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("21 100").resize(30, 110).shows("27 110");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn every_size_works() {
    let mut host = Host::new("[systems.a.jobs]\none = \"while :; do echo tick; sleep 0.1; done\"\n");
    host.zap(&[]).row(&["one", "running"]);
    for (rows, cols) in [(12, 40), (80, 250), (1, 1), (2, 3), (24, 80), (5, 20), (50, 200)] {
        host.resize(rows, cols);
    }
    host.row(&["one", "running"]).shows("tick");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_output_of_all_jobs_is_read_merged_while_they_print() {
    let counting = |word: &str| format!("i=0; while :; do i=$((i+1)); echo {word} $i; sleep 0.1; done");
    let mut host = Host::new(&format!(
        "[systems.a.jobs]\none = \"{}\"\nother = \"{}\"\n",
        counting("first"),
        counting("second")
    ));
    host.zap(&[]).row(&["one", "running"]).row(&["other", "running"]).keys("a").shows("a  merged");
    host.shows("one   │ first 20")
        .shows("other │ second 22")
        .keys("=")
        .shows("of o")
        .keys("\r")
        .shows("paused");
    host.keys("''").shows("a  merged").keys("F").shows("other │ second 30");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
}
