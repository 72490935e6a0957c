//! Streams that do not go into the terminal of their job: pipes, terminals of their own, files.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use nix::fcntl::{FcntlArg, fcntl};
use serde_json::Value;
use zap::model::{Exit, RunId, Size, StreamFile};
use zap::sys::{Books, Buffer, Lane, Outlet, Outlets, Page, Pipe, Pty, Seat};

use crate::ward::{Job, ROGUE, all_of, fresh_run, launch, try_start_into, ward};

fn start_into(words: &[&str], outlets: Outlets) -> Job {
    let run = fresh_run();
    try_start_into(run, launch(words, run), Seat::Owner, outlets).ok().unwrap()
}

fn pipe() -> (zap::model::RunId, Pipe, Outlet) {
    let run = fresh_run();
    let (pipe, theirs) = Pipe::open().unwrap();
    pipe.read_into(run, ward().lane()).unwrap();
    (run, pipe, Outlet::Apart(theirs))
}

#[test]
fn each_stream_is_what_it_shall_be_and_standard_input_stays_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seen");
    let (stderr, _pipe, to_pipe) = pipe();
    let stdout = fresh_run();
    let (terminal, slave) = Pty::open(Size { rows: 5, cols: 50 }).unwrap();
    terminal.read_into(stdout, ward().lane()).unwrap();
    let outlets = Outlets { stdin: Outlet::Seat, stdout: Outlet::Apart(slave.into_fd()), stderr: to_pipe };
    let job = start_into(&[ROGUE, "probe", file.to_str().unwrap()], outlets);
    assert_eq!(job.exit(), Exit::Code(0));
    let seen: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let tty = |fd: usize| seen["tty"][fd].as_str().map(str::to_owned);
    assert!(tty(0).unwrap().starts_with("/dev/pts/") && tty(1).unwrap().starts_with("/dev/pts/"));
    assert_ne!(tty(0), tty(1));
    assert_eq!(tty(2), None);
    assert_eq!(seen["controlling"], true);
    assert_eq!(seen["foreground"], job.pid);
    assert_eq!(seen["descriptors"], serde_json::json!([0, 1, 2]));
    assert_eq!(seen["opens_anew"], serde_json::json!([true, true]));
    assert_eq!((all_of(stdout), all_of(stderr), job.text()), (String::new(), String::new(), String::new()));
}

#[test]
fn what_is_written_arrives_where_it_was_written() {
    let (stderr, _pipe, to_pipe) = pipe();
    let nothing = fs::OpenOptions::new().write(true).open("/dev/null").unwrap();
    let outlets = Outlets { stdin: Outlet::Seat, stdout: Outlet::Apart(nothing.into()), stderr: to_pipe };
    let script = "echo out; echo err >&2; echo terminal > /dev/tty; test -t 0 && echo in >&2; test -t 1 || echo no >&2";
    let job = start_into(&["sh", "-c", script], outlets);
    assert_eq!(job.exit(), Exit::Code(0));
    assert_eq!(all_of(stderr), "err\nin\nno\n");
    assert_eq!(job.text(), "terminal\n");
}

#[test]
fn a_flood_through_a_pipe_arrives_whole() {
    let (stdout, pipe, to_pipe) = pipe();
    let job = start_into(
        &[ROGUE, "lines", "200000", "3"],
        Outlets { stdin: Outlet::Seat, stdout: to_pipe, stderr: Outlet::Seat },
    );
    assert_eq!(job.exit(), Exit::Code(3));
    let text = all_of(stdout);
    assert!(text.lines().enumerate().all(|(at, line)| line == format!("line {}", at + 1)));
    assert_eq!(text.lines().count(), 200_000);
    assert!(pipe.quiet());
}

/// How much came at a time, and how nice the thread was that read it (`proc_pid_stat(5)`, field 19).
struct Niceness(mpsc::Sender<(usize, i32)>);

impl Lane for Niceness {
    fn chunk(&self, _: RunId, bytes: Buffer) {
        let _ = self.0.send((bytes.len(), niceness()));
    }

    fn end(&self, _: RunId) {}
}

fn niceness() -> i32 {
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').nth(16).unwrap().parse().unwrap()
}

#[test]
fn who_reads_a_flood_gives_way_and_who_reads_little_does_not() {
    const FLOOD: usize = 1024 * 1024;
    let (told, chunks) = mpsc::channel();
    let (pipe, theirs) = Pipe::open().unwrap();
    let mut theirs = File::from(theirs);
    // All is there before it is read: nothing depends on how fast somebody writes.
    fcntl(&theirs, FcntlArg::F_SETPIPE_SZ(FLOOD as i32)).unwrap();
    theirs.write_all(&vec![b'x'; FLOOD]).unwrap();
    pipe.read_into(fresh_run(), Arc::new(Niceness(told))).unwrap();
    let (ours, lowered) = (niceness(), (niceness() + 5).min(19));
    let mut read = 0;
    while read < FLOOD {
        let (bytes, nice) = chunks.recv_timeout(Duration::from_secs(30)).unwrap();
        read += bytes;
        assert_eq!(nice, if read < FLOOD { ours } else { lowered }, "after {read} bytes");
    }
}

/// Takes what came as the loop does for a file that is no terminal, and tells how much it was.
struct Returns(mpsc::Sender<usize>);

impl Lane for Returns {
    fn chunk(&self, _: RunId, mut bytes: Buffer) {
        let _ = self.0.send(bytes.len());
        bytes.add_returns(false);
    }

    fn end(&self, _: RunId) {
        let _ = self.0.send(0);
    }
}

#[test]
fn no_buffer_grows_by_the_returns_that_are_put_into_it() {
    let (told, chunks) = mpsc::channel();
    let (pipe, theirs) = Pipe::open().unwrap();
    let mut theirs = File::from(theirs);
    fcntl(&theirs, FcntlArg::F_SETPIPE_SZ(1024 * 1024)).unwrap();
    pipe.read_into(fresh_run(), Arc::new(Returns(told))).unwrap();
    let writer = std::thread::spawn(move || theirs.write_all(&vec![b'\n'; 16 * 1024 * 1024]).unwrap());
    let sizes: Vec<usize> =
        std::iter::from_fn(|| Some(chunks.recv_timeout(Duration::from_secs(30)).unwrap()))
            .take_while(|size| *size > 0)
            .collect();
    writer.join().unwrap();
    assert_eq!(sizes.iter().sum::<usize>(), 16 * 1024 * 1024);
    assert!(sizes.iter().all(|size| *size <= 64 * 1024), "{:?}", sizes.iter().max());
}

#[test]
fn a_pipe_that_is_dropped_breaks() {
    let (_, pipe, to_pipe) = pipe();
    // It writes on: the thread that reads, or a child that another test is just making, may hold our end a moment longer.
    let job = start_into(
        &["sh", "-c", "echo ready >&2; read -r go; while echo lost; do :; done; exit 4"],
        Outlets { stdin: Outlet::Seat, stdout: to_pipe, stderr: Outlet::Seat },
    );
    job.wait_for("ready");
    drop(pipe);
    job.pty.write(b"go\n");
    assert_eq!(job.exit(), Exit::Signal(libc::SIGPIPE));
}

fn stream(file: &Path) -> StreamFile {
    StreamFile {
        file: file.to_owned(),
        append: true,
        tee: false,
        tty: true,
        ansi: false,
        max_size: None,
        keep: 3,
    }
}

struct Shelf {
    _folder: tempfile::TempDir,
    file: PathBuf,
    books: Books,
}

fn shelf() -> Shelf {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("job.log");
    Shelf { _folder: folder, file, books: Books::default() }
}

impl Shelf {
    fn open(&mut self, change: impl FnOnce(&mut StreamFile)) -> Page {
        let mut stream = stream(&self.file);
        change(&mut stream);
        self.books.open(fresh_run(), &stream).unwrap()
    }

    fn read(&self, number: u32) -> Option<String> {
        let name =
            if number == 0 { self.file.clone() } else { format!("{}.{number}", self.file.display()).into() };
        fs::read_to_string(name).ok()
    }
}

#[test]
fn a_file_gets_lines_without_returns_and_escapes_unless_they_are_wished() {
    let mut shelf = shelf();
    let text = b"\x1b[32mgreen\x1b[0m\r\n50%\r100%\r\nno end\r";
    let mut page = shelf.open(|_| ());
    page.write(text).unwrap();
    assert_eq!(shelf.read(0).unwrap(), "green\n50%\r100%\nno end");
    page.finish().unwrap();
    assert_eq!(shelf.read(0).unwrap(), "green\n50%\r100%\nno end\r");
    drop(page);
    let mut books = Books::default();
    let mut page =
        books.open(fresh_run(), &StreamFile { ansi: true, append: false, ..stream(&shelf.file) }).unwrap();
    page.write(text).unwrap();
    assert_eq!(fs::read(&shelf.file).unwrap(), text);
}

#[test]
fn what_is_there_stays_or_goes_as_is_wished_but_never_what_another_run_writes() {
    let mut shelf = shelf();
    fs::write(&shelf.file, "old\n").unwrap();
    let (one, two, three) = (fresh_run(), fresh_run(), fresh_run());
    let anew = StreamFile { append: false, ..stream(&shelf.file) };
    let mut kept = shelf.books.open(one, &stream(&shelf.file)).unwrap();
    kept.write(b"one\n").unwrap();
    assert_eq!(shelf.read(0).unwrap(), "old\none\n");
    let mut second = shelf.books.open(two, &anew).unwrap();
    second.write(b"two\n").unwrap();
    assert_eq!(shelf.read(0).unwrap(), "old\none\ntwo\n");
    shelf.books.close(one);
    shelf.books.close(two);
    let mut third = shelf.books.open(three, &anew).unwrap();
    third.write(b"three\n").unwrap();
    assert_eq!(shelf.read(0).unwrap(), "three\n");
}

#[test]
fn a_full_file_is_put_aside_between_two_lines() {
    let mut shelf = shelf();
    let mut page = shelf.open(|stream| (stream.max_size, stream.keep) = (Some(20), 2));
    for number in 0..10 {
        page.write(format!("line {number}\n").as_bytes()).unwrap();
    }
    assert_eq!(shelf.read(0).unwrap(), "line 8\nline 9\n");
    assert_eq!(shelf.read(1).unwrap(), "line 6\nline 7\n");
    assert_eq!(shelf.read(2).unwrap(), "line 4\nline 5\n");
    assert_eq!(shelf.read(3), None);
    page.write(b"many\nlines\nat\nonce\nare\nput\napart\n").unwrap();
    assert_eq!(shelf.read(1).unwrap(), "lines\nat\nonce\nare\n");
    assert_eq!(shelf.read(0).unwrap(), "put\napart\n");
    page.write(b"a line that is longer than all of a file\n").unwrap();
    assert_eq!(shelf.read(0).unwrap(), "a line that is longer than all of a file\n");
    page.write(b"in ").unwrap();
    page.write(b"pieces that go on and on").unwrap();
    page.write(b" to here\nnext\n").unwrap();
    assert_eq!(shelf.read(1).unwrap(), "in pieces that go on and on to here\n");
    assert_eq!(shelf.read(0).unwrap(), "next\n");
}

#[test]
fn nothing_is_kept_where_nothing_is_to_be_kept() {
    let mut shelf = shelf();
    let mut page = shelf.open(|stream| (stream.max_size, stream.keep) = (Some(10), 0));
    page.write(b"first\nsecond\nthird\n").unwrap();
    assert_eq!((shelf.read(0).as_deref(), shelf.read(1)), (Some("third\n"), None));
}

#[test]
fn two_runs_that_share_a_file_lose_nothing_when_it_is_put_aside_and_cut_no_lines() {
    let mut shelf = shelf();
    let limits = |stream: &mut StreamFile| (stream.max_size, stream.keep) = (Some(2000), 100);
    let mut pages = [shelf.open(limits), shelf.open(limits), shelf.open(limits)];
    std::thread::scope(|scope| {
        for (writer, page) in pages.iter_mut().enumerate() {
            scope.spawn(move || {
                for line in 0..500 {
                    let text = format!("writer {writer} line {line}\n");
                    let (head, tail) = text.split_at(line % text.len());
                    page.write(head.as_bytes()).unwrap();
                    page.write(tail.as_bytes()).unwrap();
                }
            });
        }
    });
    let all: Vec<String> = (0..=100).rev().filter_map(|number| shelf.read(number)).collect();
    assert!(all.len() > 10 && all.iter().all(|text| text.len() <= 2000));
    let all = all.concat();
    for writer in 0..3 {
        let mine = all.lines().filter(|line| line.starts_with(&format!("writer {writer} ")));
        assert!(mine.enumerate().all(|(at, line)| line == format!("writer {writer} line {at}")));
    }
    assert_eq!(all.lines().count(), 1500);
}

#[test]
fn a_file_that_somebody_else_puts_aside_is_begun_anew() {
    let mut shelf = shelf();
    let mut page = shelf.open(|_| ());
    page.write(b"before\n").unwrap();
    fs::rename(&shelf.file, format!("{}.1", shelf.file.display())).unwrap();
    page.write(b"after\n").unwrap();
    assert_eq!((shelf.read(1).as_deref(), shelf.read(0).as_deref()), (Some("before\n"), Some("after\n")));
    fs::remove_file(&shelf.file).unwrap();
    page.write(b"again\n").unwrap();
    assert_eq!(shelf.read(0).unwrap(), "again\n");
}

#[test]
fn what_cannot_be_written_is_told_and_tried_again() {
    let mut books = Books::default();
    let missing = Path::new("/no/such/folder/job.log");
    let error = books.open(fresh_run(), &stream(missing)).unwrap_err();
    assert_eq!(error.to_string(), "cannot write /no/such/folder/job.log: no such file or directory");
    let mut page = books.open(fresh_run(), &stream(Path::new("/dev/full"))).unwrap();
    for _ in 0..2 {
        let error = page.write(b"lost\n").unwrap_err();
        assert_eq!(error.to_string(), "cannot write /dev/full: no space left on device");
    }
    // A pipe that nobody reads does not hold us up.
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let error = books.open(fresh_run(), &stream(&fifo)).unwrap_err();
    assert!(error.to_string().ends_with("no such device or address"), "{error}");
    assert_eq!(fs::metadata("/dev/full").unwrap().size(), 0);
}

#[test]
fn a_link_is_followed_only_where_nobody_else_could_have_put_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let (link, file) = (folder.path().join("job.log"), folder.path().join("elsewhere.log"));
    std::os::unix::fs::symlink(&file, &link).unwrap();
    Books::default().open(fresh_run(), &stream(&link)).unwrap().write(b"one\n").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "one\n");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let error = Books::default().open(fresh_run(), &stream(&link)).unwrap_err();
    assert!(error.to_string().ends_with("job.log: a link, in a folder where others may put one"), "{error}");
    fs::remove_file(&link).unwrap();
    Books::default().open(fresh_run(), &stream(&link)).unwrap().write(b"two\n").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "one\n");
}
