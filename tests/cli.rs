//! Arguments, help and exit codes of the real binary: its whole stdout and stderr.

#![expect(clippy::disallowed_methods, reason = "a test waits by the clock and runs programs itself")]

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

fn folder(config: Option<&str>) -> TempDir {
    // A file that everybody may write is none that zap uses, wherever the tests run.
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    let folder = tempfile::tempdir().expect("a folder for the test");
    if let Some(config) = config {
        std::fs::write(folder.path().join("systems.toml"), config).expect("the config can be written");
    }
    folder
}

fn zap(folder: &Path, args: &[&str]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_zap"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("ZAP_STATE_DIR", folder.join("state"))
        .output()
        .expect("zap runs")
}

/// Exit code, stdout and stderr, with the folder of the test cut out.
fn told(folder: &Path, args: &[&str]) -> String {
    let output = zap(folder, args);
    let text = format!(
        "exit {}\n── stdout\n{}── stderr\n{}",
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    text.replace(&folder.display().to_string(), "FOLDER")
}

const GOOD: &str =
    "[systems.dev.jobs]\nweb = \"true\"\ndb = \"true\"\n[systems.tools.jobs]\nweb = \"true\"\n";

#[test]
fn help_tells_what_can_be_typed() {
    let folder = folder(None);
    insta::assert_snapshot!(told(folder.path(), &["--help"]));
    insta::assert_snapshot!(told(folder.path(), &["check", "--help"]));
    for verb in ["status", "restart", "wait", "events"] {
        insta::assert_snapshot!(format!("help_{verb}"), told(folder.path(), &[verb, "--help"]));
    }
}

#[test]
fn init_writes_a_good_file_once() {
    let folder = folder(None);
    insta::assert_snapshot!(told(folder.path(), &["init"]));
    insta::assert_snapshot!(told(folder.path(), &["init"]));
    assert_eq!(zap(folder.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn check_tells_what_is_in_a_good_file_and_all_that_is_wrong_with_a_bad_one() {
    insta::assert_snapshot!(told(folder(Some(GOOD)).path(), &["check"]));
    let bad = "[systems.dev.jobs]\nweb = { comand = \"true\" }\ndb = { command = \"true\", umask = 22, depends-on = [\"wbe\"] }\n";
    insta::assert_snapshot!(told(folder(Some(bad)).path(), &["check"]));
}

#[test]
fn without_a_file_it_says_where_it_looked() {
    let folder = folder(None);
    let text = told(folder.path(), &[]);
    assert!(text.starts_with("exit 2") && text.contains("zap init") && text.contains("FOLDER"), "{text}");
}

#[test]
fn unknown_words_are_compared_with_names_and_verbs() {
    let folder = folder(Some(GOOD));
    for words in [
        &["tolls"][..],
        &["web"],
        &["dev/wbe"],
        &["status"],
        &["logs"],
        &["signal", "TREM", "web"],
        &["wait", "web"],
        &["restart"],
        &["events", "--kind", "upp"],
        &["chekc"],
        &["strat"],
        &["inti"],
        &["--until", "dev"],
        &["--no-tui", "--until", "dev"],
        &["--frob"],
    ] {
        insta::assert_snapshot!(words.join(" ").replace(['/', '-'], "_"), told(folder.path(), words));
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_its_variable() {
    let folder = folder(Some(GOOD));
    std::fs::write(folder.path().join("state"), "a file").expect("a file can be written");
    let text = told(folder.path(), &["--no-tui"]);
    assert!(text.starts_with("exit 1"), "{text}");
    assert!(text.contains("FOLDER/state/") && text.contains("it comes from ZAP_STATE_DIR"), "{text}");
    assert!(!text.contains("os error"), "{text}");
}
