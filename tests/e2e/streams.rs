//! `stdout` and `stderr`: to the terminal, into nothing, into files, apart from each other.

use serde_json::json;

use crate::host::Host;

/// A job of this line with these keys, run to its end, and what `zap --no-tui` printed of it.
fn ran(host: &mut Host) -> String {
    let told = host.verb(&["--no-tui"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
    host.leaves_nothing_behind();
    told.out
}

#[test]
fn a_stream_is_discarded() {
    let config = r#"
[systems.a.jobs]
one = { command = "echo out; echo err >&2; rogue probe one.json", stdout = "discard", one-shot = true }
"#;
    let mut host = Host::new(config);
    let out = ran(&mut host);
    assert!(out.contains("err\n") && !out.contains("out\n"), "{out}");
    let tty = host.probed("one.json")["tty"].clone();
    assert!(tty[0].is_string() && tty[1].is_null() && tty[0] == tty[2], "{tty}");
}

#[test]
fn a_path_gets_the_stream_and_nobody_else_and_it_is_still_a_terminal() {
    let config = r#"
[systems.a.jobs]
one = { command = "test -t 1 && printf '\\033[31mred\\033[0m\\n'; echo err >&2; rogue probe one.json", stdout = "log/out.log", one-shot = true }
"#;
    let mut host = Host::new(config);
    host.file("log/out.log", "before\n");
    let out = ran(&mut host);
    assert!(out.contains("err\n") && !out.contains("red"), "{out}");
    let text = std::fs::read_to_string(host.folder().join("log/out.log")).expect("it is there");
    assert_eq!(text, "before\nred\n", "added at the end, in plain text");
    let tty = host.probed("one.json")["tty"].clone();
    assert!(tty[1].is_string() && tty[1] != tty[0] && tty[2] == tty[0], "{tty}");
}

#[test]
fn a_file_is_begun_anew_or_not_and_its_stream_shown_or_not() {
    let config = r#"
[systems.a.jobs]
anew = { command = "echo shown", stdout = { file = "anew", append = false, tee = true }, one-shot = true }
kept = { command = "echo hidden", stdout = { file = "kept" }, one-shot = true }
colour = { command = "printf '\\033[31mred\\033[0m\\n'", stdout = { file = "colour", ansi = true, tty = false }, one-shot = true }
"#;
    let mut host = Host::new(config);
    let mut out = String::new();
    for _ in 0..2 {
        out += &ran(&mut host);
    }
    let read = |name: &str| std::fs::read_to_string(host.folder().join(name)).expect("it is there");
    assert_eq!((read("anew").as_str(), read("kept").as_str()), ("shown\n", "hidden\nhidden\n"));
    assert_eq!(read("colour"), "\x1b[31mred\x1b[0m\n\x1b[31mred\x1b[0m\n");
    assert_eq!(
        (out.matches("shown\n").count(), out.contains("hidden"), out.contains("red")),
        (2, false, false)
    );
}

#[test]
fn a_full_file_is_put_aside_and_only_so_many_are_kept() {
    let config = r#"
[systems.a.jobs]
one = { command = "rogue lines 20000", stdout = { file = "log", max-size = "16KB", keep = 2 }, one-shot = true }
"#;
    let mut host = Host::new(config);
    ran(&mut host);
    let read = |name: &str| std::fs::read_to_string(host.folder().join(name)).expect("it is there");
    let text = read("log.2") + &read("log.1") + &read("log");
    assert!(!host.folder().join("log.3").exists());
    for name in ["log", "log.1", "log.2"] {
        assert!(read(name).len() <= 16 * 1024, "{name}: {}", read(name).len());
    }
    let numbers: Vec<u32> = text
        .lines()
        .map(|line| line.strip_prefix("line ").expect("a whole line").parse().expect("a number"))
        .collect();
    assert_eq!(numbers.last(), Some(&20_000));
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "nothing is missing between them");
    assert!(numbers.len() > 2000, "{}", numbers.len());
}

#[test]
fn errors_have_a_terminal_or_a_pipe_of_their_own() {
    let config = r#"
[systems.a.jobs]
tty = { command = "test -t 2 && echo terminal >&2; rogue probe tty.json", stderr = { file = "tty.log", tee = true }, one-shot = true }
pipe = { command = "test -t 2 || echo pipe >&2; rogue probe pipe.json; echo out", stderr = { file = "pipe.log", tty = false, tee = true }, one-shot = true }
"#;
    let mut host = Host::new(config);
    let out = ran(&mut host);
    for line in ["terminal\n", "pipe\n", "out\n"] {
        assert!(out.contains(line), "{out}");
    }
    let read = |name: &str| std::fs::read_to_string(host.folder().join(name)).expect("it is there");
    assert_eq!((read("tty.log").as_str(), read("pipe.log").as_str()), ("terminal\n", "pipe\n"));
    let (tty, pipe) = (host.probed("tty.json"), host.probed("pipe.json"));
    assert!(tty["tty"][2].is_string() && tty["tty"][2] != tty["tty"][1], "{tty}");
    assert_eq!((&tty["tty"][0], &tty["controlling"]), (&tty["tty"][1], &json!(true)));
    assert!(pipe["tty"][2].is_null() && pipe["tty"][1] == pipe["tty"][0], "{pipe}");
    assert_eq!(pipe["opens_anew"], json!([true, true]));
}

#[test]
fn instances_share_a_file_line_by_line_or_have_one_each() {
    let config = r#"
[systems.a.jobs]
shared = { command = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo \"$ZAP_INSTANCE says $i\"; done", numprocs = 2, one-shot = true, stdout = "shared.log" }
apart = { command = "echo $ZAP_INSTANCE", numprocs = 2, one-shot = true, stdout = "apart-$ZAP_INSTANCE.log" }
"#;
    let mut host = Host::new(config);
    ran(&mut host);
    let read = |name: &str| std::fs::read_to_string(host.folder().join(name)).expect("it is there");
    let shared = read("shared.log");
    for instance in ["1", "2"] {
        let of = format!("{instance} says ");
        let lines: Vec<&str> = shared.lines().filter_map(|line| line.strip_prefix(&of)).collect();
        assert_eq!(lines, (1..=300).map(|n: u32| n.to_string()).collect::<Vec<_>>(), "instance {instance}");
    }
    assert_eq!(shared.lines().count(), 600, "no line is torn");
    assert_eq!((read("apart-1.log").as_str(), read("apart-2.log").as_str()), ("1\n", "2\n"));
}

#[test]
fn a_file_that_cannot_be_written_is_a_clear_failure() {
    let config = r#"
[systems.a.jobs]
idle = "exec sleep 1000"
one = { command = "echo out", stdout = "folder" }
"#;
    let mut host = Host::new(config);
    host.file("folder/in-it", "");
    let mut zap = host.served(&[]);
    let why = host.why_until("one", "failed");
    let file = host.folder().join("folder");
    assert!(why.starts_with(&format!("a/one: failed: cannot write {}: ", file.display())), "{why}");
    host.shuts_down(&mut zap);
}
