//! Starting: the demo, one system, unknown names, bad files, a second zap.

use crate::host::Host;

const TWO_SYSTEMS: &str = r#"
[systems.dev.jobs]
api = "sh -c 'echo the api listens; exec sleep 1000'"
web = { command = "echo the web listens; exec sleep 1000", depends-on = ["api"] }

[systems.tools]
autostart = false
[systems.tools.jobs]
docs = "echo the docs are built; exec sleep 1000"
"#;

#[test]
fn bare_zap_runs_the_systems_that_start_by_themselves() {
    let mut host = Host::new(TWO_SYSTEMS);
    host.zap(&[]).shows("the api listens").row(&["web", "running"]).row(&["docs", "stopped"]);
    host.keys("j").shows("the web listens");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_named_system_runs_alone() {
    let mut host = Host::new(TWO_SYSTEMS);
    host.zap(&["tools"]).row(&["docs", "running"]).row(&["api", "stopped"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}

#[test]
fn a_named_job_brings_what_it_needs() {
    let mut host = Host::new(TWO_SYSTEMS);
    host.zap(&["run", "web"]).row(&["web", "running"]).row(&["api", "running"]);
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn an_unknown_system_is_wrong_usage_with_a_suggestion() {
    let mut host = Host::new(TWO_SYSTEMS);
    let (code, bytes) = host.zap(&["tolls"]).ends();
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("`tolls`") && text.contains("`tools`"), "{text}");
}

#[test]
fn a_bad_file_starts_nothing() {
    let mut host =
        Host::new("[systems.dev.jobs]\napi = { comand = \"touch started\" }\nweb = 'touch started'\n");
    let (code, bytes) = host.zap(&[]).ends();
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("systems.toml:2:9") && text.contains("`command`"), "{text}");
    assert!(!host.folder().join("started").exists());
}

#[test]
fn a_second_zap_says_who_has_the_file() {
    let mut host = Host::new(TWO_SYSTEMS);
    host.zap(&[]).row(&["api", "running"]);
    let output = host.command(env!("CARGO_BIN_EXE_zap")).output().expect("a second zap runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("another zap (pid {}) runs this file", host.pid())), "{text}");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn the_screen_stays_when_all_jobs_have_ended() {
    let mut host = Host::new("[systems.a.jobs]\none = \"echo first and last\"\n");
    host.zap(&[]).row(&["one", "done"]).shows("first and last");
    host.keys("q");
    assert_eq!(host.ends().0, 0);
}

#[test]
fn zap_inside_its_own_job_opens_no_screen_and_says_why() {
    let zap = env!("CARGO_BIN_EXE_zap");
    let mut host =
        Host::new(&format!("[systems.a.jobs]\ninner = {{ command = \"{zap}\", restart = \"never\" }}\n"));
    host.zap(&[]).row(&["inner", "failed"]).shows("inside");
    host.keys("q");
    assert_eq!(host.ends().0, 0);
}
