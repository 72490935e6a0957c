//! Steps: one shell, each with its own exit code, time and place in the output.

use crate::host::Host;

#[test]
fn one_shell_means_one_shell() {
    let config = r#"
[systems.a.jobs.one]
steps = [
  "greet() { echo \"hello $1\"; }",
  "secret=unexported; umask 027; sleep 1000 & child=$!",
  "greet \"$secret $(umask)\"; kill $child && echo ended $child | sed 's/[0-9][0-9]*/it/'",
]
"#;
    let mut host = Host::new(config);
    host.zap(&[]).row(&["one", "done"]).shows("hello unexported 0027").shows("ended it");
    host.keys("q");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn the_step_that_failed_is_shown_and_nothing_after_it_ran() {
    let config = r#"
[systems.a.jobs.one]
steps = ["echo first", { name = "deploy", run = "echo no space; (exit 4)" }, "touch never"]
"#;
    let mut host = Host::new(config);
    host.zap(&[])
        .row(&["one", "failed", "exit 4"])
        .row(&["✓", "echo first"])
        .row(&["✗", "deploy"])
        .shows("no space");
    assert!(!host.screen().contains("5379"), "marks are never visible");
    host.keys("q");
    assert_eq!(host.ends().0, 0);
    assert!(!host.folder().join("never").exists());
}
