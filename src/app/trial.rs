//! Effects, performed against the real kernel by an engine that nobody watches. `stage`: the engine. Not: deciding on them.

mod histories;
mod stage;

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use crate::config::{Request, load};
use crate::model::{
    By, Effect, Exit, HookKind, Launch, Meaning, Pattern, PidSource, Question, Record, RecordKind, Stream,
    StreamFile,
};
use crate::terminal::LineKind;

use super::eye::Eye;
use super::lines::{Ink, Lines};
use super::reload::{Purpose, Reload};

use stage::{JOB, LIMIT, fresh_run, into, launch, trial};

/// Tells which descriptors are terminals, and writes into both streams.
const WHAT: &str = "t=; for fd in 0 1 2; do if test -t $fd; then t=\"$t$fd \"; fi; done; printf \"$t\" > /dev/tty; \
                    echo out; echo err >&2";

/// A nursery takes the ends of all children of its process, also of those that other tests wait for.
#[test]
#[expect(clippy::disallowed_methods, reason = "there is no nursery in this process")]
fn all_trials() {
    let ourselves = std::env::current_exe().unwrap();
    let words = ["app::trial::", "--ignored", "--test-threads=1"];
    let ended = std::process::Command::new(ourselves).args(words).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success() && !told.contains(" 0 passed"), "{told}");
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_stream_goes_into_its_file_and_the_rest_is_shown() {
    let mut trial = trial();
    let file = trial.file("err.log");
    let run = trial.spawn(WHAT, |launch| launch.stderr = Stream::File(into(file)));
    trial.until_drained(run);
    assert_eq!(trial.read("err.log"), "err\n");
    let shown = trial.shown();
    assert!(shown.contains("0 1 2 out\n") && !shown.contains("err"), "{shown}");
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_stream_by_a_pipe_that_is_shown_too_begins_each_line_at_the_left() {
    let mut trial = trial();
    let file = trial.file("both.log");
    let script = format!("{WHAT}; echo more; echo lines");
    let run = trial.spawn(&script, |launch| {
        let stream = StreamFile { tee: true, tty: false, ..into(file) };
        (launch.stdout, launch.stderr) = (Stream::File(stream.clone()), Stream::File(stream));
    });
    trial.until_drained(run);
    let written = trial.read("both.log");
    let mut lines: Vec<_> = written.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["err", "lines", "more", "out"], "two streams come by arrival");
    let shown = trial.shown();
    for line in ["out", "more", "lines"] {
        assert!(
            shown.lines().any(|shown| shown.trim_start_matches("0 ").trim_end() == line),
            "{line}: {shown}"
        );
    }
    assert!(shown.contains("0 "), "only standard input is a terminal: {shown}");
    assert!(!shown.contains("0 1"), "{shown}");
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_discarded_stream_is_nowhere() {
    let mut trial = trial();
    let run = trial.spawn(WHAT, |launch| launch.stdout = Stream::Discard);
    trial.until_drained(run);
    let shown = trial.shown();
    assert!(shown.contains("0 2 err") && !shown.contains("out"), "{shown}");
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_run_is_drained_when_all_of_its_streams_are() {
    let mut trial = trial();
    let (file, go) = (trial.file("out.log"), trial.file("go"));
    // The child holds only the stream apart; it goes on when it is told to.
    let script = format!(
        "trap '' HUP; (exec 2>&- 0<&-; while ! test -e {0}; do sleep 0.01; done; echo late) & exec 2>&-",
        go.display()
    );
    let run = trial.spawn(&script, |launch| launch.stdout = Stream::File(into(file)));
    trial.until(&format!("Exited {{ run: {run:?}"));
    trial.perform(Effect::AwaitQuiet { run });
    trial.until(&format!("Quiet {{ run: {run:?}"));
    assert!(!trial.told().contains("Drained"));
    fs::write(go, "").unwrap();
    trial.until(&format!("Drained {{ run: {run:?}"));
    assert_eq!(trial.read("out.log"), "late\n");
    assert_eq!(trial.told().matches("Drained").count(), 1);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_file_that_cannot_be_opened_is_a_failed_start_and_one_that_cannot_be_written_a_note() {
    let mut trial = trial();
    let run = trial.spawn("true", |launch| launch.stdout = Stream::File(into("/no/such/file".into())));
    trial.engine.tell(crate::model::Event::Tick);
    let why = "cannot write /no/such/file: no such file or directory";
    trial.until(&format!("SpawnFailed {{ run: {run:?}, error: Command({why:?}) }}"));
    assert!(trial.shown().contains(why));
    let run = trial.spawn("echo one; sleep 0.1; echo two; exit 7", |launch| {
        launch.stdout = Stream::File(into("/dev/full".into()));
    });
    trial.until_drained(run);
    trial.until(&format!("Exited {{ run: {run:?}, exit: Code(7) }}"));
    let why = "cannot write /dev/full: no space left on device";
    assert_eq!(trial.shown().matches(why).count(), 1, "{}", trial.shown());
    assert_eq!(trial.told().matches(&format!("Warn {why}")).count(), 1);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_hook_is_shown_or_its_last_line_is_told() {
    let mut trial = trial();
    let before = trial.hook(HookKind::Before, "echo migrating");
    trial.until_drained(before);
    let shown = trial.shown();
    assert!(shown.contains("before command: echo migrating\n") && shown.contains("\nmigrating"), "{shown}");
    let probe = trial.hook(HookKind::Probe, "echo one; printf '\\033[31mtwo\\033[0m\\n\\n'; exit 1");
    trial.until_drained(probe);
    let said = format!("Said {{ run: {probe:?}, line: \"two\" }}");
    let told = trial.told();
    assert!(told.find(&said).unwrap() < told.find(&format!("Drained {{ run: {probe:?}")).unwrap(), "{told}");
    assert_eq!(trial.shown(), shown);
    // Whoever keeps the terminal of a probe does not keep its answer.
    let clinger = trial.hook(HookKind::Probe, "trap '' HUP; echo said; sleep 60 & exit 0");
    trial.until(&format!("Exited {{ run: {clinger:?}"));
    trial.perform(Effect::AwaitQuiet { run: clinger });
    trial.until(&format!("Quiet {{ run: {clinger:?}"));
    assert!(trial.told().contains(&format!("Said {{ run: {clinger:?}, line: \"said\" }}")));
    trial.perform(Effect::Signal {
        run: clinger,
        signal: libc::SIGKILL,
        delivery: crate::model::Delivery::Family,
    });
    trial.until(&format!("Drained {{ run: {clinger:?}"));
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn lines_are_noticed_wherever_they_are_printed() {
    let mut trial = trial();
    let file = trial.file("out.log");
    let ready = || vec![Pattern { regex: "^ready on [0-9]+$".to_owned(), meaning: Meaning::Ready }];
    for stream in [
        Stream::Terminal,
        Stream::File(into(file.clone())),
        Stream::File(StreamFile { tee: true, ..into(file) }),
    ] {
        let run =
            trial.spawn("read go; printf 'ready '; sleep 0.05; echo on 80; echo ready on 81", |launch| {
                launch.stdout = stream;
            });
        trial.perform(Effect::Listen { run, patterns: ready() });
        trial.perform(Effect::Write { run, bytes: b"go\n".to_vec() });
        trial.until_drained(run);
        assert_eq!(trial.told().matches(&format!("Noticed {{ run: {run:?}, notice: Ready }}")).count(), 1);
    }
    let run = trial.spawn("printf 'ready on 7'; read go", |_| ());
    trial.perform(Effect::Listen { run, patterns: ready() });
    trial.until(&format!("Noticed {{ run: {run:?}, notice: Ready }}"));
    trial.perform(Effect::Write { run, bytes: b"go\n".to_vec() });
    trial.until_drained(run);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn the_last_line_of_a_run_that_is_heard_is_told_and_shown() {
    let mut trial = trial();
    let file = trial.file("out.log");
    for stream in [Stream::Terminal, Stream::File(into(file))] {
        let run = trial.spawn("echo pulling; echo 0123abcd", |launch| {
            (launch.heard, launch.stdout) = (true, stream);
        });
        trial.until_drained(run);
        assert!(
            trial.told().contains(&format!("Said {{ run: {run:?}, line: \"0123abcd\" }}")),
            "{}",
            trial.told()
        );
    }
    assert!(trial.shown().contains("0123abcd"));
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_question_is_answered_once_or_dismissed() {
    let mut trial = trial();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let (dismissed, asked) = (fresh_run(), fresh_run());
    trial.perform(Effect::Ask { run: dismissed, question: Question::Http { url, status: None } });
    silent.accept().unwrap();
    trial.perform(Effect::Dismiss { run: dismissed });
    drop(silent);
    trial.perform(Effect::Ask { run: asked, question: Question::File("/no/such/file".into()) });
    trial.until(&format!("Answered {{ run: {asked:?}, answer: No(\"it does not exist\") }}"));
    assert!(!trial.told().contains(&format!("Answered {{ run: {dismissed:?}")));
    trial.perform(Effect::Dismiss { run: asked });
    assert!(trial.engine.questions.is_empty());
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn an_old_pid_file_goes_before_the_run_and_stays_for_its_hooks() {
    let mut trial = trial();
    let file = trial.file("pids/dev.job.1.pid");
    fs::create_dir(trial.file("pids")).unwrap();
    fs::write(&file, "1\n").unwrap();
    let names = |launch: &mut Launch| launch.env.push(("ZAP_PID_FILE".into(), file.clone().into()));
    let run = trial.spawn("test ! -e $ZAP_PID_FILE && echo $$ > $ZAP_PID_FILE; read go; exit 5", names);
    let adopted = format!(" Adopted {{ run: {run:?}");
    let end = trial.engine.now().mono + LIMIT;
    while !trial.told().contains(&adopted) {
        assert!(trial.engine.now().mono < end, "not adopted");
        let answers = trial.told().matches("Adopted").count();
        trial.perform(Effect::Adopt { run, from: PidSource::File(file.clone()) });
        while trial.told().matches("Adopted").count() == answers {
            trial.turn();
        }
        // The shell needs the processor more than the next question does.
        nix::poll::poll(&mut [], 5_u16).unwrap();
    }
    let hook = fresh_run();
    let mut of_hook = launch("test -e $ZAP_PID_FILE");
    names(&mut of_hook);
    trial.perform(Effect::SpawnHook {
        run: hook,
        instance: JOB,
        kind: HookKind::Init,
        launch: Box::new(of_hook),
    });
    trial.until(&format!("Exited {{ run: {hook:?}, exit: Code(0) }}"));
    trial.perform(Effect::Write { run, bytes: b"go\n".to_vec() });
    trial.until(&format!("Exited {{ run: {run:?}, exit: Code(5) }}"));
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn who_is_forgotten_shows_nothing_any_more() {
    let mut trial = trial();
    let run = trial.spawn("echo hello", |_| ());
    trial.until_drained(run);
    trial.perform(Effect::Close { run });
    assert!(trial.shown().contains("hello"));
    trial.perform(Effect::Forget { instance: JOB });
    assert!(trial.engine.outputs.terminals.is_empty());
    let again = trial.spawn("echo again", |_| ());
    trial.until_drained(again);
    assert!(!trial.shown().contains("hello"));
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn the_line_behind_a_run_tells_the_end_that_the_model_knows() {
    let mut trial = trial();
    let run = trial.spawn("true", |_| ());
    trial.until_drained(run);
    let kind = RecordKind::Exited { exit: Exit::Code(7), expected: false, told: false };
    let (at, address) = (trial.engine.now(), "dev/job".to_owned());
    let instance = Some(JOB);
    trial.perform(Effect::Record(Record { at, instance, address, run: Some(run), by: By::Policy, kind }));
    trial.perform(Effect::Close { run });
    let terminal = trial.engine.outputs.terminals.get_mut(&JOB).unwrap();
    terminal.refresh();
    let ends: Vec<String> = terminal
        .lines()
        .filter_map(|number| match terminal.line(number)?.kind {
            LineKind::RunEnd(end) => Some(end.exit.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(ends, ["exit 7"]);
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn after_a_gap_the_model_looks_again() {
    let mut trial = trial();
    trial.turn();
    assert!(!trial.told().contains("Tick"));
    let before = trial.engine.now().mono;
    trial.engine.skip(LIMIT);
    assert!(trial.told().contains("Debug Tick\n"));
    assert!(trial.engine.now().mono < before, "the gap does not count");
}

#[test]
#[ignore = "reaps every child: `all_trials` runs it in a process of its own"]
fn a_reading_of_the_file_that_hangs_is_given_up_and_the_next_need_not_wait() {
    let mut trial = trial();
    let file = trial.file("systems.toml");
    let request = Request::of_this_process(Some(file.clone()), crate::ui::vocabulary()).unwrap();
    let found = load(&request).unwrap().found;
    let post = trial.engine.lane.0.clone();
    let mut reload = Reload::new(request, found, post.clone(), None);
    let mut eye = Eye::Lines(Lines::new(None, Ink { colour: false, utf8: false }, post).unwrap());
    fs::rename(&file, trial.file("aside")).unwrap();
    nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let now = trial.engine.now().mono;
    reload.read(Purpose::Signal, now);
    let mut pipe = fs::OpenOptions::new().write(true).open(&file).unwrap();
    reload.read(Purpose::Signal, now);
    let due = reload.deadline().unwrap();
    reload.give_up(now + Duration::from_secs(29));
    assert_eq!(reload.deadline(), Some(due), "nothing is given up before its time");
    fs::remove_file(&file).unwrap();
    fs::rename(trial.file("aside"), &file).unwrap();
    reload.give_up(due);
    trial.take_readings(&mut reload, &mut eye, 2);
    let told = trial.told();
    let (hung, read) = (told.find("nothing came of it within 30s"), told.find("Debug Reloaded {"));
    assert!(hung.is_some() && hung < read, "{told}");
    assert_eq!(reload.deadline(), None);
    // What the first one comes to is nobody's business any more.
    pipe.write_all(b"[systems.dev.jobs]\nother = 'true'\n").unwrap();
    drop(pipe);
    trial.take_readings(&mut reload, &mut eye, 1);
    assert_eq!(trial.told(), told);
}
