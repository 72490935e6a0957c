//! The surroundings that a job is started in, key by key, as a program inside it sees them.

use nix::unistd::Uid;
use serde_json::{Value, json};

use crate::host::{Host, skip};

/// Keeps zap up when all else has ended.
const IDLE: &str = "idle = \"exec sleep 1000\"\n";

/// All that `zap status` tells about these targets.
fn told(host: &Host, targets: &[&str]) -> Vec<(String, String)> {
    let words: Vec<&str> = ["status", "--json"].iter().chain(targets).copied().collect();
    let status = host.verb(&words).json();
    let systems = status["systems"].as_array().expect("systems").iter();
    let jobs = systems.flat_map(|system| system["jobs"].as_array().expect("jobs"));
    let word = |job: &Value, name: &str| job[name].as_str().unwrap_or_default().to_owned();
    jobs.map(|job| (word(job, "address"), word(job, "state"))).collect()
}

#[test]
fn a_job_runs_in_its_folder_and_in_no_other() {
    let config = format!(
        r#"
[systems.a]
work-dir = "system"
[systems.a.jobs]
{IDLE}
own = {{ command = "rogue probe own.json", work-dir = "own/deep" }}
lower = "rogue probe lower.json"
home = {{ command = "rogue probe home.json", work-dir = "~/home" }}
variable = {{ command = "rogue probe variable.json", work-dir = "$HOME/variable" }}
gone = {{ command = "rogue probe gone.json", work-dir = "gone" }}
[systems.b.jobs]
file = "rogue probe file.json"
"#
    );
    let mut host = Host::new(&config);
    for folder in ["system/own/deep", "home", "variable"] {
        host.file(&format!("{folder}/empty"), "");
    }
    let mut zap = host.served(&[]);
    let root = host.folder().canonicalize().expect("a folder");
    for (seen, folder) in [
        ("system/lower.json", "system"),
        ("system/own/deep/own.json", "system/own/deep"),
        ("home/home.json", "home"),
        ("variable/variable.json", "variable"),
        ("file.json", "."),
    ] {
        let folder = root.join(folder).canonicalize().expect("a folder");
        assert_eq!(host.probed(seen)["folder"], json!(folder), "{seen}");
    }
    let why = host.why_until("gone", "failed");
    let missing = host.folder().join("system/gone");
    assert_eq!(why, format!("a/gone: failed: folder {} does not exist\n", missing.display()));
    host.shuts_down(&mut zap);
}

#[test]
fn the_environment_is_that_of_the_file_and_nothing_else_leaks_in() {
    let config = r#"
[env]
EVERYWHERE = "yes"
GOES = "away"
[systems.a]
env = { PORT = "3000", LEVEL = "system" }
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = ["rogue", "probe", "one.json"], env = { PORT = "3001", GOES = false, LANG = false, LINES = "7", EMPTY = "" } }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let seen = host.probed("one.json");
    let env = seen["env"].as_object().expect("an object");
    for (name, value) in [
        ("EVERYWHERE", "yes"),
        ("PORT", "3001"),
        ("LEVEL", "system"),
        ("EMPTY", ""),
        ("ZAP", "1"),
        ("ZAP_SYSTEM", "a"),
        ("ZAP_JOB", "one"),
        ("ZAP_INSTANCE", "1"),
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("NCURSES_NO_UTF8_ACS", "1"),
        ("LC_ALL", "C.UTF-8"),
        ("ZAP_SOCKET", host.runtime().join("socket").to_str().expect("text")),
    ] {
        assert_eq!(env.get(name), Some(&json!(value)), "{name}");
    }
    assert_eq!(env["ZAP_RUN"], json!("1"));
    assert!(env["ZAP_MARK"].as_str().is_some_and(|run| run.parse::<u64>().is_ok()), "{env:?}");
    for name in ["GOES", "LANG", "LINES", "COLUMNS", "ZAP_PID_FILE", "PROCMAN_PID_FILE"] {
        assert!(!env.contains_key(name), "{name}");
    }
    host.shuts_down(&mut zap);
}

#[test]
fn a_job_leads_a_session_of_its_own_on_a_terminal_of_its_own() {
    let config = "[systems.a.jobs]\nidle = 'exec sleep 1000'\none = 'rogue probe one.json'\n";
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let started = zap.events.until("a/one", "started");
    let seen = host.probed("one.json");
    let pid = &started["pid"];
    assert_eq!((&seen["pid"], &seen["sid"], &seen["pgid"], &seen["foreground"]), (pid, pid, pid, pid));
    let tty = seen["tty"][0].as_str().expect("a terminal");
    assert!(tty.starts_with("/dev/pts/"), "{tty}");
    assert_eq!(seen["tty"], json!([tty, tty, tty]));
    assert_eq!((&seen["controlling"], &seen["size"]), (&json!(true), &json!([120, 40])));
    assert_eq!(seen["descriptors"], json!([0, 1, 2]));
    assert_eq!(seen["blocked"], "0000000000000000");
    host.shuts_down(&mut zap);
}

#[test]
fn variables_come_from_files_too() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = "rogue probe one.json", env-file = [".env", "more.env"], env = { OWN = "job" } }
"#;
    let mut host = Host::new(config);
    host.file(".env", "# a comment\nexport FIRST='one two'\nBOTH=first\nOWN=file\n");
    host.file("more.env", "BOTH=\"second\"\n");
    let mut zap = host.served(&[]);
    let env = host.probed("one.json")["env"].clone();
    assert_eq!(
        (&env["FIRST"], &env["BOTH"], &env["OWN"]),
        (&json!("one two"), &json!("second"), &json!("job"))
    );
    host.shuts_down(&mut zap);
    host.file("more.env", "RUN=$(touch ran)\n");
    let told = host.verb(&["check"]);
    assert!(told.code == 2 && told.err.contains("more.env:1:5"), "{told:?}");
    assert!(!host.folder().join("ran").exists(), "a file of variables runs nothing");
}

#[test]
fn the_umask_is_octal() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
own = { command = "rogue probe own.json", umask = "027" }
inherited = "rogue probe inherited.json"
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    assert_eq!(host.probed("own.json")["umask"], 0o027);
    let ours = std::fs::read_to_string("/proc/self/status").expect("we are there");
    let ours = ours.lines().find_map(|line| line.strip_prefix("Umask:")).expect("a umask");
    let ours = u32::from_str_radix(ours.trim(), 8).expect("octal");
    assert_eq!(host.probed("inherited.json")["umask"], ours);
    host.shuts_down(&mut zap);
    host.file("systems.toml", "[systems.a.jobs]\none = { command = \"true\", umask = 27 }\n");
    let told = host.verb(&["check"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.err.contains("systems.toml:2:") && told.err.contains("write `\"027\"`"), "{told:?}");
}

#[test]
fn root_runs_a_job_as_somebody_else() {
    if !Uid::effective().is_root() {
        skip("not root");
        return;
    }
    let Ok(Some(nobody)) = nix::unistd::User::from_name("nobody") else {
        skip("no user nobody");
        return;
    };
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = "id -u; id -G; test -t 1 && pwd; sleep 1000", user = "nobody", work-dir = "/", stdout = { file = "$HOME/told", tee = true } }
unknown = { command = "id -u", user = "no-such-user" }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let told = host.file_until("told", |text| text.ends_with("/\n"));
    let uid = nobody.uid.to_string();
    assert_eq!(told.lines().next(), Some(uid.as_str()), "{told}");
    assert!(!told.lines().nth(1).expect("groups").split(' ').any(|group| group == "0"), "{told}");
    let why = host.why_until("unknown", "failed");
    assert_eq!(why, "a/unknown: failed: no user named `no-such-user` on this machine\n");
    let stopped = host.verb(&["stop", "one", "--wait"]);
    assert_eq!(stopped.code, 0, "{stopped:?}");
    host.shuts_down(&mut zap);
}

#[test]
fn the_shell_is_the_one_that_is_named_or_none() {
    let config = r#"
[zap]
shell = "bash"
[systems.a.jobs]
idle = "exec sleep 1000"
usual = "echo usual ${BASH_VERSION:+bash} $((1 + 1)) > usual"
own = { command = "echo own \"$-\" > own", shell = ["sh", "-euc"] }
none = { command = "rogue liar none '$HOME && more'", shell = false }
argv = { command = ["rogue", "liar", "argv", "$HOME; $(x)"] }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    let whole = |text: &str| !text.is_empty();
    assert_eq!(host.file_until("usual", whole), "usual bash 2\n");
    let own = host.file_until("own", whole);
    assert!(own.starts_with("own ") && own.contains('e') && own.contains('u'), "{own}");
    assert_eq!(host.file_until("none", whole), "$HOME && more");
    assert_eq!(host.file_until("argv", whole), "$HOME; $(x)");
    host.shuts_down(&mut zap);
}

#[test]
fn instances_know_their_numbers_and_are_addressed_by_them() {
    let config = r#"
[systems.a.jobs]
web = { command = "rogue probe seen-$ZAP_INSTANCE.json; exec sleep 1000", numprocs = 3 }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    assert_eq!(host.verb(&["wait", "web", "--until", "ready"]).code, 0);
    let mut marks = Vec::new();
    for number in 1..=3 {
        let env = host.probed(&format!("seen-{number}.json"))["env"].clone();
        assert_eq!(env["ZAP_INSTANCE"], json!(number.to_string()));
        assert_eq!(env["ZAP_RUN"], json!("1"), "the number among the runs of its instance");
        marks.push(env["ZAP_MARK"].to_string());
    }
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), 3, "the processes of each are known apart");
    let stopped = host.verb(&["stop", "web:2", "--wait"]);
    assert_eq!((stopped.code, stopped.out.starts_with("a/web#2: ")), (0, true), "{stopped:?}");
    let state = |number: u32, state: &str| (format!("a/web#{number}"), state.to_owned());
    assert_eq!(told(&host, &["web"]), [state(1, "running"), state(2, "stopped"), state(3, "running")]);
    assert_eq!(host.verb(&["start", "a/web#2", "--wait"]).code, 0);
    assert_eq!(told(&host, &["web#2"]), [state(2, "running")]);
    let unknown = host.verb(&["status", "web#4"]);
    assert!(unknown.code == 2 && unknown.err.contains("web#4"), "{unknown:?}");
    host.shuts_down(&mut zap);
}

#[test]
fn a_label_addresses_all_that_have_it() {
    let config = r#"
[systems.a.jobs]
one = { command = "exec sleep 1000", labels = ["back", "slow"] }
two = "exec sleep 1000"
[systems.b.jobs]
three = { command = "exec sleep 1000", labels = ["back"] }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    assert_eq!(host.verb(&["wait", "a", "--until", "ready"]).code, 0);
    assert_eq!(host.verb(&["wait", "@back", "--until", "ready"]).code, 0);
    let state = |address: &str, state: &str| (address.to_owned(), state.to_owned());
    assert_eq!(host.verb(&["stop", "@back", "--wait"]).code, 0);
    assert_eq!(
        told(&host, &[]),
        [state("a/one", "stopped"), state("a/two", "running"), state("b/three", "stopped")]
    );
    assert_eq!(told(&host, &["@slow"]), [state("a/one", "stopped")]);
    let unknown = host.verb(&["stop", "@bakc"]);
    assert!(unknown.code == 2 && unknown.err.contains("@back"), "{unknown:?}");
    host.shuts_down(&mut zap);
}

#[test]
fn what_does_not_start_by_itself_starts_when_it_is_asked_for() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
by-hand = { command = "exec sleep 1000", autostart = false }
[systems.later]
autostart = false
[systems.later.jobs]
one = "exec sleep 1000"
two = { command = "exec sleep 1000", autostart = false }
"#;
    let mut host = Host::new(config);
    let mut zap = host.served(&[]);
    zap.events.until("a/idle", "up");
    let states = |host: &Host| told(host, &[]).into_iter().map(|(_, state)| state).collect::<Vec<_>>();
    assert_eq!(states(&host), ["running", "stopped", "stopped", "stopped"]);
    assert_eq!(host.verb(&["why", "by-hand"]).out, "a/by-hand: stopped, never started\n");
    assert_eq!(host.verb(&["start", "later", "--wait"]).code, 0);
    assert_eq!(states(&host), ["running", "stopped", "running", "stopped"]);
    assert_eq!(host.verb(&["start", "by-hand", "--wait"]).code, 0);
    assert_eq!(states(&host), ["running", "running", "running", "stopped"]);
    host.shuts_down(&mut zap);
}

#[test]
fn keys_go_to_a_job_that_is_interactive() {
    let config = r#"
[systems.a.jobs]
asks = { command = "echo your name?; read -r name; echo \"hello $name\" | tee name; exec sleep 1000", interactive = true }
other = "exec sleep 1000"
"#;
    let mut host = Host::new(config);
    host.zap(&[]).row(&["asks", "running"]).shows("your name?");
    host.keys("\r").shows("Ctrl-]").keys("jack\r").shows("hello jack");
    assert_eq!(host.file_until("name", |text| text.ends_with('\n')), "hello jack\n");
    host.keys("\x1d").keys("q").keys("q").keys("y");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
