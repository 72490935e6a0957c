//! `watch-config`: the file is read again however an editor writes it, and only as often as needed.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::{Duration, Instant};

use crate::host::Host;
use crate::look::unmeasured;

fn file(jobs: &[&str]) -> String {
    let jobs: String = jobs.iter().flat_map(|job| [job, " = 'exec sleep 1000'\n"]).collect();
    format!("[zap]\nwatch-config = true\n[defaults]\nstart-secs = 0\n[systems.a.jobs]\n{jobs}")
}

/// What was told of the file so far.
fn reloads(host: &Host) -> Vec<String> {
    let told = host.verb(&["events", "--json", "--kind", "reload"]).out;
    told.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["text"].to_string())
        .collect()
}

#[test]
fn a_save_by_rename_is_one_reload() {
    let mut host = Host::new(&file(&["one"]));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    for (count, job) in ["two", "three"].iter().enumerate() {
        let fresh = host.file(".systems.toml.swp", &file(&["one", job]));
        std::fs::rename(fresh, host.folder().join("systems.toml")).expect("it can be renamed");
        zap.events.until(&format!("a/{job}"), "up");
        assert_eq!(reloads(&host).len(), count + 1);
    }
    host.shut_down(zap);
}

#[test]
fn a_file_that_is_written_in_two_halves_ends_as_the_whole() {
    let mut host = Host::new(&file(&["one"]));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let pid = host.job_pid("one");
    let text = file(&["one", "two"]);
    let (first, second) = text.split_at(text.len() - 8);
    // The first half comes at once, by another name: an empty file would be a third state.
    let fresh = host.folder().join("half");
    let mut half = File::create(&fresh).expect("it can be written");
    half.write_all(first.as_bytes()).expect("it can be written");
    std::fs::rename(fresh, host.folder().join("systems.toml")).expect("it can be renamed");
    let broken = zap.events.find("a broken file", |event| event["kind"] == "reload");
    assert!(
        broken["text"].as_str().is_some_and(|text| text.starts_with("the file cannot be used: ")),
        "{broken}"
    );
    assert_eq!(host.job_pid("one"), pid, "nothing has changed");
    assert!(host.verb(&["status", "--json"]).json()["zap"]["problem"].is_object());
    half.write_all(second.as_bytes()).expect("it can be written");
    drop(half);
    zap.events.until("a/two", "up");
    assert_eq!(host.job_pid("one"), pid);
    assert!(host.verb(&["status", "--json"]).json()["zap"]["problem"].is_null());
    host.shut_down(zap);
}

#[test]
fn fifty_writes_at_once_are_one_reload() {
    let mut host = Host::new(&file(&["one"]));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let began = Instant::now();
    for number in 0..50 {
        let text = file(&["one", &format!("job{number}")]);
        let mut file = OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(host.folder().join("systems.toml"))
            .expect("it can be written");
        file.write_all(text.as_bytes()).expect("it can be written");
    }
    let took = began.elapsed();
    zap.events.until("a/job49", "up");
    // On a busy machine they are not at once.
    if took < Duration::from_millis(100) {
        assert_eq!(reloads(&host), ["\"reload: 1 added, 1 job kept\""]);
        assert!(host.past("job48", "started").is_empty());
    }
    assert!(reloads(&host).len() < 10, "{took:?}");
    host.shut_down(zap);
}

#[test]
fn a_reload_that_changes_nothing_touches_nothing() {
    let mut host = Host::new(&file(&["one"]));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let before = unmeasured(host.job("one"));
    let fresh = host.file("fresh", &file(&["one"]));
    std::fs::rename(fresh, host.folder().join("systems.toml")).expect("it can be renamed");
    zap.events.find("a reload", |event| event["kind"] == "reload" && event["text"] == "reload: 1 job kept");
    assert_eq!(unmeasured(host.job("one")), before);
    host.shut_down(zap);
}

#[test]
fn a_fault_in_a_file_that_only_the_broken_one_names_is_repaired_there() {
    let mut host = Host::new(&file(&["one"]));
    let mut zap = host.served(&[]);
    zap.events.until("a/one", "up");
    let bad = host.file("new.env", "TOKEN='hunter2\n");
    host.file(
        "systems.toml",
        &format!("{}two = {{ command = 'exec sleep 1000', env-file = 'new.env' }}\n", file(&["one"])),
    );
    zap.events.find("a broken file", |event| event["kind"] == "reload");
    let status = host.verb(&["status", "--json"]);
    assert!(status.out.contains("new.env") && !status.out.contains("hunter2"), "{status:?}");
    std::fs::write(bad, "TOKEN='hunter2'\n").expect("it can be written");
    zap.events.until("a/two", "up");
    host.shut_down(zap);
}
