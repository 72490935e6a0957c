//! `[keys]` and the palette in the real binary.

use nix::sys::signal::Signal;

use crate::host::Host;

const JOBS: &str = "[systems.a.jobs]\nshell = { command = \"sh -i\", interactive = true }\n";

#[test]
fn keys_of_the_file_work_and_a_reload_brings_others() {
    let mut host = Host::new(&format!("[keys]\nleave = 'Ctrl-g'\n[keys.tree]\nquit = 'Q'\n{JOBS}"));
    host.zap(&[]).row(&["shell", "running"]).shows("Q quit");
    host.keys("\r").shows("Ctrl-g leaves").keys("echo typed $((6 * 7))\r").shows("typed 42");
    host.keys("\x07").shows_no("Ctrl-g leaves");
    host.keys("q").shows("Q quit");
    // The file is read again: at once the keys are others, and those of before are none.
    host.file("systems.toml", &format!("[keys.tree]\nquit = ['Ctrl-\\', 'F5']\nhelp = 'F2'\n{JOBS}"));
    host.signal(Signal::SIGHUP);
    host.shows("Ctrl-\\ quit").shows("F2 help");
    host.keys("\r").shows("Ctrl-] leaves").keys("\x07").shows("# ^G");
    host.keys("\x1d").shows_no("leaves").keys("q");
    host.keys("\x1bOQ").shows("every key that works").keys("q").shows_no("every key that works");
    // F5 quits now.
    host.keys("\x1b[15~").shows("leave zap?").keys("y");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_file_whose_keys_contradict_each_other_is_refused_and_the_old_keys_go_on() {
    let mut host = Host::new(&format!("[keys.tree]\nhelp = 'F2'\n{JOBS}"));
    host.zap(&[]).row(&["shell", "running"]).shows("F2 help");
    host.file("systems.toml", &format!("[keys.tree]\nhelp = 'F3'\nwhy = 'F3'\n{JOBS}"));
    let checked = host.verb(&["check"]);
    assert_eq!(checked.code, 2, "{checked:?}");
    assert!(checked.err.contains("`F3` cannot be both `help` and `why` in `[keys.tree]`"), "{checked:?}");
    host.signal(Signal::SIGHUP);
    host.shows("`F3` cannot be both").shows("F2 help");
    host.keys("\x1bOQ").shows("every key that works").keys("qqy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_palette_finds_and_does() {
    let mut host = Host::new(JOBS);
    host.zap(&[]).row(&["shell", "running"]).keys(":").shows("palette").keys("hel").shows("all keys");
    host.keys("\r").shows("every key that works").keys("q:zzz").shows("no action is called so");
    host.keys("\x1b").shows_no("palette").keys(":qui\r").shows("leave zap?").keys("y");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
