//! What a change of a file is told as. Not: what follows from it (see the model's tests).

use std::fmt::Write as _;

use proptest::prelude::*;

use super::project::{Project, empty};
use zap::config::{Class, Diff, Fate, JobChange, KeyChange, Plan, SystemChange, diff};

/// The plan of a text; one folder for all cases of a test, so that its paths are the same.
fn plan(text: &str) -> Plan {
    thread_local! {
        static PROJECT: Project = empty();
    }
    PROJECT.with(|project| {
        project.write("systems.toml", text);
        project.write("one.env", "A=1\n");
        project.loaded().plan
    })
}

/// A change of one key of a job: the key, its class, and what the line is before and after. Where a line is empty the key is
/// not there.
const CHANGES: &[(&str, Class, &str, &str)] = &[
    ("command", Class::Launch, "command = 'a'", "command = 'b'"),
    ("command", Class::Launch, "command = 'a'", "command = ['a', '']"),
    ("command", Class::Launch, "command = 'a | b'", "command = 'a | c'"),
    ("steps", Class::Launch, "steps = ['a']", "steps = ['a', 'b']"),
    ("steps", Class::Launch, "steps = ['ssh gox', 'a']", "steps = ['ssh box', 'a']"),
    ("steps", Class::Launch, "steps = ['a']", "steps = [{ run = 'a', timeout = 3 }]"),
    ("shell", Class::Launch, "command = 'a | b'\nshell = 'sh'", "command = 'a | b'\nshell = 'bash'"),
    ("shell", Class::Launch, "steps = ['a']\nshell = 'sh'", "steps = ['a']\nshell = 'bash'"),
    ("work-dir", Class::Launch, "", "work-dir = 'app'"),
    ("env", Class::Launch, "", "env = { A = '1' }"),
    ("env", Class::Launch, "env = { A = '1' }", "env = { A = false }"),
    ("env", Class::Launch, "", "env-file = 'one.env'"),
    ("umask", Class::Launch, "", "umask = '077'"),
    ("user", Class::Launch, "", "user = 'root'"),
    ("stdout", Class::Launch, "", "stdout = '/tmp/x.log'"),
    ("stderr", Class::Launch, "stderr = 'discard'", "stderr = 'pty'"),
    ("pid-file", Class::Launch, "", "pid-file = true"),
    ("pid-file", Class::Launch, "pid-file = true", "pid-file = { timeout = 3 }"),
    ("container-id", Class::Launch, "container-id = 'podman'", "container-id = 'docker'"),
    (
        "versions",
        Class::Versions,
        "on-change = 'pending'",
        "on-change = 'pending'\nversions = [{ apply-on = 2027-01-01 }]",
    ),
    (
        "versions",
        Class::Versions,
        "versions = [{ apply-on = 2027-01-01 }]",
        "versions = [{ apply-on = 2027-01-02 }]",
    ),
    (
        "versions",
        Class::Versions,
        "versions = [{ apply-on = 2027-01-01 }]",
        "versions = [{ apply-on = 2027-01-01, fake = true }]",
    ),
    ("numprocs", Class::Numprocs, "", "numprocs = 2"),
    ("title", Class::Live, "title = 'a'", "title = 'b'"),
    ("description", Class::Live, "", "description = 'b'"),
    ("labels", Class::Live, "", "labels = ['b']"),
    ("on-change", Class::Live, "", "on-change = 'pending'"),
    ("autostart", Class::Live, "", "autostart = false"),
    ("restart", Class::Live, "", "restart = 'always'"),
    ("exit-codes", Class::Live, "", "exit-codes = [0, 'INT']"),
    ("start-secs", Class::Live, "", "start-secs = 2"),
    ("start-retries", Class::Live, "", "start-retries = 9"),
    ("backoff", Class::Live, "", "backoff = { factor = 3 }"),
    ("restart-delay", Class::Live, "", "restart-delay = 1"),
    ("stop", Class::Live, "", "stop = { reach = 'group' }"),
    ("max-runs", Class::Live, "", "max-runs = false"),
    ("restart-every", Class::Live, "", "restart-every = '1h'"),
    ("restart-at", Class::Live, "", "restart-at = ['04:00']"),
    ("timeout", Class::Live, "", "timeout = '1h'"),
    ("before", Class::Live, "", "before = 'x'"),
    ("init", Class::Live, "init = 'x'", "init = { command = 'x', timeout = 3 }"),
    ("after", Class::Live, "after = 'x'", ""),
    ("depends-on", Class::Live, "", "depends-on = ['other']"),
    (
        "depends-on",
        Class::Live,
        "depends-on = ['other']",
        "depends-on = [{ job = 'other', on-loss = 'ignore' }]",
    ),
    ("depends-on", Class::Live, "", "depends-on = [{ command = 'x' }]"),
    ("ready", Class::Live, "", "ready = { tcp = 80 }"),
    ("ready", Class::Live, "ready = { tcp = 80 }", "ready = { tcp = 81 }"),
    ("health-check", Class::Live, "", "health-check = { tcp = 80 }"),
    ("schedule", Class::Live, "", "schedule = { start-time = '08:00' }"),
    ("one-shot", Class::Live, "start-secs = 0", "start-secs = 0\none-shot = true"),
    ("interactive", Class::Live, "", "interactive = true"),
    ("history", Class::Live, "", "history = '1MB'"),
];

/// A change of one key of `[zap]`.
const SETTINGS: &[(&str, &str)] = &[
    ("theme", "theme = 'dark'"),
    ("quit", "quit = 'stop'"),
    ("stop-timeout", "stop-timeout = 3"),
    ("mouse", "mouse = false"),
    ("log", "log = 'debug'"),
    ("max-starting", "max-starting = 3"),
    ("start-stagger", "start-stagger = 3"),
    ("watch-config", "watch-config = true"),
    ("timezone", "timezone = 'Asia/Tokyo'"),
    ("event-log", "event-log = 'events'"),
    ("history", "history = '1GB'"),
    ("history-total", "history-total = '1GB'"),
];

/// A file in which `lines` are keys of `dev/job`, among other jobs that stay as they are.
fn file(lines: &str) -> String {
    let work = if lines.contains("steps =")
        || lines.contains("command = 'a")
        || lines.contains("command = 'b")
        || lines.contains("command = [")
    {
        ""
    } else {
        "command = 'x'"
    };
    let title = if lines.contains("title =") { "" } else { "title = 'the job'" };
    format!(
        "[systems.dev.jobs]\nother = 'y'\n[systems.dev.jobs.job]\n{title}\n{work}\n{lines}\n[systems.more.jobs]\nlast = 'z'\n"
    )
}

fn changed(system: &str, job: &str, keys: Vec<KeyChange>) -> JobChange {
    JobChange { system: system.to_owned(), job: job.to_owned(), fate: Fate::Changed(keys) }
}

#[test]
fn every_changed_key_is_told_by_its_name_and_class_and_nothing_else_is() {
    for (key, class, before, after) in CHANGES {
        for (old, new) in [(before, after), (after, before)] {
            let told = diff(&plan(&file(old)), &plan(&file(new)));
            let jobs = vec![changed("dev", "job", vec![KeyChange { key, class: *class }])];
            assert_eq!(told, Diff { jobs, kept: 2, ..Diff::default() }, "{old} -> {new}");
        }
    }
}

#[test]
fn a_title_that_follows_the_command_is_no_changed_key() {
    let keys = |old: &str, new: &str| {
        let of = |text: &str| plan(&format!("[systems.dev.jobs.job]\n{text}"));
        let told = diff(&of(old), &of(new)).jobs;
        let [JobChange { fate: Fate::Changed(keys), .. }] = told.as_slice() else { panic!("{told:?}") };
        keys.iter().map(|change| change.key).collect::<Vec<_>>()
    };
    assert_eq!(keys("command = 'a b'", "command = 'a c'"), ["command"]);
    assert_eq!(keys("command = 'a b'", "command = 'a b'\ntitle = 'c'"), ["title"]);
    assert_eq!(keys("command = 'a b'\ntitle = 'c'", "command = 'd'"), ["command", "title"]);
    let versions = |word: &str| format!("versions = [{{ apply-on = 2027-01-01, command = '{word}' }}]");
    assert_eq!(keys(&versions("a"), &versions("b")), ["versions"]);
}

#[test]
fn every_changed_setting_is_told_and_no_job_with_it() {
    for (key, line) in SETTINGS {
        let told = diff(&plan(&file("")), &plan(&format!("{}[zap]\n{line}\n", file(""))));
        assert_eq!(told, Diff { settings: vec![key], kept: 3, ..Diff::default() }, "{line}");
    }
}

#[test]
fn work_that_comes_or_goes_or_is_of_another_kind_is_told() {
    let keys = |old: &str, new: &str| {
        let told = diff(&plan(&file(old)), &plan(&file(new)));
        let Some(Fate::Changed(keys)) = told.jobs.first().map(|job| job.fate.clone()) else {
            panic!("{told:?}")
        };
        keys.into_iter().map(|change| change.key).collect::<Vec<_>>()
    };
    assert_eq!(keys("command = 'a'", "steps = ['a']"), ["command", "steps"]);
    let without = "title = 'x'\nversions = [{ apply-on = 2027-01-01, command = 'v' }]\n";
    let with = format!("{without}command = 'a'");
    let of = |text: &str| plan(&format!("[systems.dev.jobs.job]\n{text}"));
    let told = diff(&of(without), &of(&with));
    assert_eq!(told.jobs, [changed("dev", "job", vec![KeyChange { key: "command", class: Class::Launch }])]);
}

#[test]
fn a_changed_zone_moves_what_stands_in_it() {
    let file = |zone: &str| {
        format!(
            "[zap]\ntimezone = '{zone}'\n[systems.s.jobs]\n\
             none = 'x'\n\
             window = {{ command = 'x', schedule = {{ start-time = '08:00' }} }}\n\
             own = {{ command = 'x', schedule = {{ start-time = '08:00', timezone = 'UTC' }} }}\n\
             at = {{ command = 'x', restart-at = ['08:00'] }}\n\
             version = {{ command = 'x', versions = [{{ apply-on = 2027-01-01T08:00:00 }}] }}\n\
             fixed = {{ command = 'x', versions = [{{ apply-on = 2027-01-01T08:00:00Z }}] }}\n"
        )
    };
    let told = diff(&plan(&file("Asia/Tokyo")), &plan(&file("Europe/Berlin")));
    let one = |job, key, class| changed("s", job, vec![KeyChange { key, class }]);
    let jobs = vec![
        one("window", "schedule", Class::Live),
        one("at", "restart-at", Class::Live),
        one("version", "versions", Class::Versions),
    ];
    assert_eq!(told, Diff { settings: vec!["timezone"], jobs, kept: 3, ..Diff::default() });
}

#[test]
fn the_environment_of_zap_is_part_of_every_launch() {
    let old = plan(&file(""));
    let mut new = old.clone();
    new.environment = std::sync::Arc::default();
    let env = || vec![KeyChange { key: "env", class: Class::Launch }];
    let jobs =
        vec![changed("dev", "other", env()), changed("dev", "job", env()), changed("more", "last", env())];
    assert_eq!(diff(&old, &new), Diff { jobs, ..Diff::default() });
}

#[test]
fn what_is_new_stands_where_it_is_and_what_is_gone_at_the_end() {
    let old = plan("[systems.a.jobs]\none = 'x'\ntwo = 'x'\n[systems.b.jobs]\none = 'x'\n");
    let new = plan("[systems.c.jobs]\none = 'x'\n[systems.a.jobs]\nzero = 'x'\ntwo = 'y'\n");
    let told = diff(&old, &new);
    let jobs: Vec<String> = told
        .jobs
        .iter()
        .map(|change| {
            let fate = match &change.fate {
                Fate::Added => "added",
                Fate::Removed => "removed",
                Fate::Changed(_) => "changed",
            };
            format!("{}/{} {fate}", change.system, change.job)
        })
        .collect();
    assert_eq!(jobs, ["c/one added", "a/zero added", "a/two changed", "a/one removed", "b/one removed"]);
    let system = |name: &str, fate| SystemChange { system: name.to_owned(), fate };
    assert_eq!(told.systems, [system("c", Fate::Added), system("b", Fate::Removed)]);
    assert_eq!((told.kept, told.order), (0, false));
}

#[test]
fn another_order_or_dress_of_a_system_is_seen() {
    let base = plan("[systems.a.jobs]\none = 'x'\ntwo = 'x'\n[systems.b.jobs]\none = 'x'\n");
    let moved = plan("[systems.a.jobs]\ntwo = 'x'\none = 'x'\n[systems.b.jobs]\none = 'x'\n");
    let system = |keys| vec![SystemChange { system: "a".to_owned(), fate: Fate::Changed(keys) }];
    assert_eq!(diff(&base, &moved), Diff { systems: system(vec!["jobs"]), kept: 3, ..Diff::default() });
    let swapped = plan("[systems.b.jobs]\none = 'x'\n[systems.a.jobs]\none = 'x'\ntwo = 'x'\n");
    assert_eq!(diff(&base, &swapped), Diff { order: true, kept: 3, ..Diff::default() });
    let dressed = plan(
        "[systems.a]\ntitle = 'A'\ndescription = 'b'\nautostart = false\n[systems.a.jobs]\none = 'x'\ntwo = 'x'\n[systems.b.jobs]\none = 'x'\n",
    );
    let keys = vec!["title", "description", "autostart"];
    assert_eq!(diff(&base, &dressed), Diff { systems: system(keys), kept: 3, ..Diff::default() });
    let put_between =
        plan("[systems.a.jobs]\none = 'x'\nnew = 'x'\ntwo = 'x'\n[systems.b.jobs]\none = 'x'\n");
    assert!(diff(&base, &put_between).systems.is_empty());
}

#[test]
fn one_changed_job_of_two_thousand_is_found() {
    let file = |last: &str| {
        let mut text = "[systems.a.jobs]\n".to_owned();
        for number in 0..2000 {
            let _ = writeln!(text, "job{number} = 'x'");
        }
        text + last
    };
    let (old, new) = (plan(&file("last = 'a'\n")), plan(&file("last = 'b'\n")));
    let told = diff(&old, &new);
    assert_eq!((told.jobs.len(), told.kept), (1, 2000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any few keys at once, each put in or left out in both files: a plan never differs from itself, and exactly the keys
    /// that differ are told, whichever way one looks.
    #[test]
    fn exactly_the_keys_that_differ_are_told(picks in prop::collection::vec((any::<bool>(), any::<bool>()), CHANGES.len())) {
        let side = |old: bool| {
            let mut known: Vec<&str> = Vec::new();
            let mut lines: Vec<&str> = Vec::new();
            for ((key, class, before, after), pick) in CHANGES.iter().zip(&picks) {
                // One line for each key, and only such as stand alone.
                let alone = !after.contains('\n') && !before.contains('\n') && before.is_empty();
                let clashes = matches!(*key, "container-id" | "env");
                if !alone || clashes || *class == Class::Versions || known.contains(key) {
                    continue;
                }
                known.push(key);
                if if old { pick.0 } else { pick.1 } {
                    lines.push(after);
                }
            }
            (plan(&file(&lines.join("\n"))), lines)
        };
        let ((old, old_lines), (new, new_lines)) = (side(true), side(false));
        prop_assert!(diff(&old, &old).is_empty());
        let mut wanted: Vec<&str> = CHANGES
            .iter()
            .filter(|(_, _, _, after)| old_lines.contains(after) != new_lines.contains(after))
            .map(|(key, ..)| *key)
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        for (one, other) in [(&old, &new), (&new, &old)] {
            let told = diff(one, other);
            let mut keys: Vec<&str> = match told.jobs.as_slice() {
                [] => Vec::new(),
                [JobChange { fate: Fate::Changed(keys), .. }] => keys.iter().map(|change| change.key).collect(),
                _ => panic!("{told:?}"),
            };
            keys.sort_unstable();
            prop_assert_eq!(&keys, &wanted);
            prop_assert_eq!(told.kept as usize, 3 - told.jobs.len());
        }
    }
}
