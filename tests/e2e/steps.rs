//! Steps: one shell, each with its own exit code, time and place in the output.

use crate::host::Host;
use crate::sshd;

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

/// Joins its words with blanks and hands them to a login shell, as sshd does.
const FAKE_SSH: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do case $1 in -*) shift;; *) break;; esac; done
shift
exec LOGIN -c "$*"
"#;

/// Steps that every layer of quoting would like to change.
const AWKWARD: &str = r#"
steps = [
  "ssh gox",
  "word='it''s \"one\" $HOME ! \\ % `x`'; cd /",
  """
if true; then
  printf '%s|%s\\n' "$word" "$PWD"
fi""",
  { name = "bytes", run = "printf '\\377\\376 done\\n'" },
  { name = "last", run = "echo over; (exit 6)" },
]
"#;

#[test]
fn steps_reach_a_far_shell_of_any_kind_unharmed() {
    for login in ["dash", "bash", "fish", "tcsh"] {
        let mut host = Host::new(&format!("[systems.a.jobs.far]\n{AWKWARD}"));
        if !has(&host, login) {
            continue;
        }
        host.program("ssh", &FAKE_SSH.replace("LOGIN", login));
        host.zap(&[])
            .row(&["far", "failed", "exit 6"])
            .row(&["✓", "ssh gox"])
            .row(&["✓", "bytes"])
            .row(&["✗", "last"]);
        host.shows(r#"its "one" $HOME ! \ % `x`|/"#).shows("over");
        assert!(!host.screen().contains("5379"), "marks are never visible");
        host.keys("q");
        assert_eq!(host.ends().0, 0, "{login}");
        host.leaves_nothing_behind();
    }
}

#[test]
fn steps_run_in_a_real_ssh_session_and_end_with_it() {
    if !sshd::is_there() {
        return;
    }
    let mut host = Host::new("");
    let server = sshd::start(&host);
    let config = format!(
        "[systems.a.jobs]\nfar = {{ steps = [\"{}\", \"cd /tmp\", \"echo in $PWD with $((6 * 7))\", \"echo waiting; exec sleep 1000\"] }}\n",
        server.command()
    );
    host.file("systems.toml", &config);
    host.zap(&[]).row(&["far", "running"]).shows("in /tmp with 42").row(&["✓", "cd /tmp"]).shows("waiting");
    host.keys("x").row(&["far", "stopped"]);
    host.keys("q");
    assert_eq!(host.ends().0, 0);
    server.stop();
    host.leaves_nothing_behind();
}

/// Whether a shell is there; if not, says so, or fails where nothing may be skipped.
fn has(host: &Host, shell: &str) -> bool {
    let there = host.command("sh").args(["-c", &format!("command -v {shell} >/dev/null")]).status();
    let there = there.expect("sh is there").success();
    if !there {
        assert!(std::env::var_os("ZAP_TEST_NO_SKIP").is_none(), "no {shell}, and nothing may be skipped");
        println!("skipped: no {shell}");
    }
    there
}
