//! A stack of real programs, watched for minutes: every half minute the screen is held against what each program wrote itself.

use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::{Host, pause_for};
use crate::sshd::{self, free_port};

/// How often the screen is looked at.
const EVERY: Duration = Duration::from_secs(30);

#[test]
#[ignore = "takes ten minutes and wants python3, git, cargo, top and sshd; ZAP_STACK_MINUTES sets another length"]
fn stack() {
    let minutes = std::env::var("ZAP_STACK_MINUTES").ok().and_then(|text| text.parse().ok()).unwrap_or(10.0);
    let web = free_port();
    let repo = env!("CARGO_MANIFEST_DIR");
    let mut host = Host::new("").size(50, 200);
    let ssh = sshd::start(&host);
    host.file("crate/Cargo.toml", "[package]\nname = \"tiny\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    host.file("crate/src/main.rs", "fn main() { println!(\"built\"); }\n");
    host.file("ask.py", ASK);
    host.file("systems.toml", &config(repo, web, &ssh.command(), host.folder()));
    host.zap(&[]);
    let names = ["http", "client", "build", "log", "top", "far", "victim"];

    let begin = Instant::now();
    let (mut kills, mut looks, mut faults) = (0_u32, 0_u32, Vec::new());
    host.row(&["victim", "running"]).row(&["client", "running"]);
    while begin.elapsed().as_secs_f64() < minutes * 60.0 {
        let next = begin.elapsed() + EVERY;
        while begin.elapsed() < next {
            pause_for(next.saturating_sub(begin.elapsed()).min(Duration::from_millis(200)));
        }
        looks += 1;
        for (index, name) in names.iter().enumerate() {
            host.keys(&format!("{}", index + 1));
            host.shows(&format!("stack/{name}"));
            host.keys("\r");
            if let Err(fault) = look(&host, name, kills) {
                faults.push(format!("{:4.0} s {name}: {fault}", begin.elapsed().as_secs_f64()));
            }
            host.keys("q");
        }
        println!(
            "{:4.0} s: look {looks}, {kills} kills, {} faults",
            begin.elapsed().as_secs_f64(),
            faults.len()
        );
        if looks % 2 == 0 {
            let pid = host.file_until("victim.pid", |text| text.ends_with('\n'));
            kill(Pid::from_raw(pid.trim().parse().expect("a pid")), Signal::SIGKILL)
                .expect("the victim is there");
            kills += 1;
            host.file_until("victim.pid", |text| text.ends_with('\n') && text != pid);
            host.row(&["victim", "running"]);
        }
    }
    println!(
        "{looks} looks at {} jobs in {minutes} minutes, {kills} kills from outside; faults:\n{}",
        names.len(),
        faults.join("\n")
    );
    host.keys("qy");
    assert_eq!(host.ends().0, 0);
    ssh.stop();
    assert!(faults.is_empty());
    host.leaves_nothing_behind();
}

/// Holds one job's pager, which is open in full, against what the job wrote itself.
fn look(host: &Host, name: &str, kills: u32) -> Result<(), String> {
    let file = |name: &str| std::fs::read_to_string(host.folder().join(name)).unwrap_or_default();
    let last = |name: &str| file(name).lines().last().unwrap_or_default().to_owned();
    match name {
        "client" => appears(host, &last("client.log")),
        "http" => appears(
            host,
            &format!("\"GET /?n={} HTTP/1.1\" 200", last("client.log").trim_start_matches("asked ").trim()),
        ),
        "build" => appears(host, "Finished"),
        "log" => appears(host, "commit "),
        "top" => appears(host, &clock()),
        "far" => appears(host, &last("far.log")),
        "victim" => {
            appears(host, &last("victim.log"))?;
            let starts = file("victim.starts").lines().count() as u32;
            if starts == kills + 1 { Ok(()) } else { Err(format!("{starts} starts after {kills} kills")) }
        }
        other => Err(format!("nobody knows {other}")),
    }
}

/// The screen comes to show this text within a second or so.
fn appears(host: &Host, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the program itself wrote nothing".to_owned());
    }
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        if host.screen().contains(text) {
            return Ok(());
        }
        pause_for(Duration::from_millis(20));
    }
    println!("{text:?} is not on this screen:\n{}", host.screen());
    Err(format!("{text:?} is not on the screen"))
}

/// The present minute, as top shows it in its first line.
fn clock() -> String {
    let seconds =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    format!("top - {:02}:{:02}:", seconds / 3600 % 24, seconds / 60 % 60)
}

fn config(repo: &str, web: u16, ssh: &str, folder: &Path) -> String {
    let folder = folder.display();
    // rustup keeps its toolchains there.
    let home = std::env::var("HOME").expect("a home");
    format!(
        r#"
[systems.stack.jobs]
http = "python3 -u -m http.server {web} --bind 127.0.0.1"
client = {{ command = "python3 -u ask.py {web}", depends-on = ["http"] }}
build = {{ command = "while :; do touch src/main.rs; cargo build --offline --color always; sleep 7; done", work-dir = "crate", env = {{ HOME = "{home}" }} }}
log = "git -C {repo} --no-pager log --color=always --stat"
top = "top -d 1"
far = {{ steps = ["{ssh}", "cd {folder}", "n=0", "while :; do n=$((n+1)); echo far $n; echo far $n >> far.log; sleep 1; done"] }}
victim = {{ command = "echo $$ >> victim.starts; echo $$ > victim.pid; n=0; while :; do n=$((n+1)); echo beat $$ $n; echo beat $$ $n >> victim.log; sleep 0.5; done", restart = "always" }}
"#
    )
}

const ASK: &str = r#"
import sys, time, urllib.request
n = 0
while True:
    n += 1
    urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/?n={n}").read()
    print("asked", n, flush=True)
    with open("client.log", "a") as log:
        log.write(f"asked {n}\n")
    time.sleep(0.5)
"#;
