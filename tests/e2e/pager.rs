//! The pager: everything a job printed can be reached, found, and typed into.

use crate::host::{Host, beside_overview};

const LINES: &str = "i=0; while [ $i -lt 20 ]; do echo filler; i=$((i+1)); done; rogue lines 200000";

#[test]
fn the_first_and_last_of_200000_lines_are_reachable() {
    let config = format!(
        "[systems.a.jobs]\ncommand = \"rogue lines 200000\"\nsteps = {{ steps = [\"true\", \"{LINES}\"] }}\n"
    );
    let mut host = Host::new(&config);
    host.zap(&[]).row(&["command", "done"]).row(&["steps", "done"]);
    host.shows("line 200000");
    host.keys("\rg").line("line 1").keys("G").shows("line 200000");
    host.keys("q").shows("steps").keys("j\rg").shows("filler").keys("G").shows("line 200000");
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn search_finds_and_counts_over_the_whole_history() {
    let mut host = Host::new("[systems.a.jobs]\none = \"rogue lines 50000\"\n");
    // All of it is there: it may be done before it is read to its end.
    host.zap(&[]).row(&["one", "done"]).shows("── run 1");
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
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("more").keys("g").line("line 1").shows("new");
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
        .shows("following · 2 lines");
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
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("21 98").resize(30, 110).shows("27 108");
    // Who has the keys has every column.
    host.keys("i").shows("27 110").keys("\x1d").shows("27 108");
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

/// Lines of every kind, none of which looks different at another width: the rows that a window of `cols` columns shows.
fn printed(cols: u16) -> Vec<String> {
    let text = |number: usize| match number % 6 {
        0 => format!("plain {number} log line"),
        1 => format!("{number} red and not"),
        2 => format!("{number}{}", "漢字".repeat(40)),
        3 => format!("{number:<8}tab"),
        4 => format!("{number}-{}end", "0123456789".repeat(30)),
        _ => format!("{number} [3%]"),
    };
    let rows = |text: String| {
        let ends = zap::terminal::breaks(&text, cols).into_iter().chain([text.len()]);
        let mut from = 0;
        ends.map(|end| text[std::mem::replace(&mut from, end)..end].to_owned()).collect::<Vec<_>>()
    };
    (1..=200).flat_map(|number| rows(text(number))).collect()
}

const PRINTER: &str = r#"#!/bin/sh
i=0
digits=$(printf '0123456789%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30)
wide=$(printf '漢字%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40)
while [ $i -lt 200 ]; do
  i=$((i + 1))
  case $((i % 6)) in
    0) echo "plain $i log line" ;;
    1) printf '\033[1;31m%s red\033[m and not\033[K\n' $i ;;
    2) echo "$i$wide" ;;
    3) printf '%s\ttab\n' $i ;;
    4) echo "$i-${digits}end" ;;
    5) for p in 1 2 3; do printf '\r%s [%s%%]' $i $p; sleep 0.005; done; echo ;;
  esac
  sleep 0.02
done
"#;

/// What stands in the pager at last is what the job printed, though the window was zoomed and resized all the while.
#[test]
fn nothing_is_lost_while_the_window_is_zoomed_and_resized() {
    let mut host = Host::new("[systems.a.jobs]\none = \"printer\"\n").size(24, 80);
    host.program("printer", PRINTER);
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("log line");
    let sizes = [(24, 80), (24, 40), (24, 200), (10, 61), (50, 120), (24, 41), (5, 40), (40, 199)];
    for press in 0..50 {
        let (rows, cols) = sizes[press % sizes.len()];
        let written = host.written();
        host.keys("z").resize(rows, cols).writes_beyond(written);
    }
    host.resize(500, 200).shows("── run 1");
    host.keys("g");
    // The overview takes two columns.
    let wanted = printed(198);
    host.until("all lines stand there as they were printed", |screen| {
        let rows: Vec<&str> = screen.lines().map(beside_overview).collect();
        rows.windows(wanted.len()).any(|rows| rows == wanted)
    });
    host.keys("qq");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn what_a_lingering_child_prints_stands_in_its_run() {
    // It speaks as soon as its leader is gone: half a second later the run would be closed.
    let late = "trap '' HUP; (while kill -0 $$; do sleep 0.01; done; echo late) 2> /dev/null & exit 0";
    let mut host = Host::new(&format!("[systems.a.jobs]\none = \"{late}\"\n"));
    host.zap(&[]).row(&["one", "done"]).keys("\r").shows("── run 1");
    let screen = host.screen();
    let row = |text: &str| screen.lines().position(|line| line.contains(text));
    assert!(row("late").is_some_and(|late| row("── run 1").is_some_and(|end| late < end)), "{screen}");
    host.keys("qq");
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
