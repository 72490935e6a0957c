//! The history on the disk: what was written opens again, cut off anywhere; what is dropped, changed or lost is said to be.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;
use zap::terminal::{
    Direction, Disk, Errand, Fed, Files, Line, LineKind, Matcher, Moment, Near, Page, Past, Pattern, RunEnd,
    Scribe, Tally, Terminal, stored,
};

const LIMIT: u64 = 256_000_000;

/// A terminal whose history is kept in a folder, and written as soon as it is asked to.
struct Kept<D> {
    terminal: Terminal,
    scribe: Scribe,
    disk: D,
    clock: i64,
}

impl<D: Disk> Kept<D> {
    fn open(folder: &Path, limit: u64, disk: D) -> Self {
        let (past, scribe) = Past::open(folder);
        let mut terminal = Terminal::new(10, 60);
        terminal.recall(past, limit);
        Self { terminal, scribe, disk, clock: 1_000 }
    }

    fn now(&mut self) -> Moment {
        self.clock += 7;
        Moment(self.clock)
    }

    fn begin(&mut self) {
        let (number, at) = (self.terminal.last_run() + 1, self.now());
        self.terminal.begin_run(number, None, at);
    }

    fn end(&mut self) {
        let at = self.now();
        self.terminal.end_run("exit 0", at);
    }

    fn feed(&mut self, bytes: &[u8]) {
        let at = self.now();
        self.terminal.feed(bytes, at, &mut Fed::default());
    }

    /// What is finished goes to the disk, and then the newest lines.
    fn save(&mut self) {
        self.save_blocks();
        if let Some(tail) = self.terminal.tail() {
            self.scribe.write_tail(&tail, &mut self.disk).expect("the disk takes it");
        }
    }

    fn save_blocks(&mut self) {
        for package in self.terminal.packages() {
            let written = self.scribe.write(&package, &mut self.disk).expect("the disk takes it");
            self.terminal.written(written.as_slice());
        }
        for file in self.terminal.discarded() {
            self.scribe.discard(file, &mut self.disk).expect("the disk lets go of it");
        }
    }
}

fn open(folder: &Path) -> Kept<Files> {
    Kept::open(folder, LIMIT, Files::default())
}

fn lines(terminal: &Terminal) -> Vec<(u64, Line)> {
    terminal.lines().map(|number| (number, terminal.line(number).expect("it is there"))).collect()
}

fn numbered(from: usize, to: usize) -> Vec<u8> {
    (from..to).flat_map(|number| format!("\x1b[32mline\x1b[m {number} of many\r\n").into_bytes()).collect()
}

#[test]
fn the_next_life_goes_on_where_the_last_one_ended() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("dev.web.1");
    let mut first = open(&place);
    for run in 0..3 {
        first.begin();
        first.feed(&numbered(run * 5_000, run * 5_000 + 5_000));
        first.end();
        first.save();
    }
    let before = lines(&first.terminal);
    assert_eq!(before.len(), 15_003);
    first.terminal.rest();
    assert!(first.terminal.memory() < 100_000, "{} bytes are still in memory", first.terminal.memory());
    let mut second = open(&place);
    assert_eq!(second.terminal.last_run(), 3);
    assert_eq!(lines(&second.terminal), before);
    assert_eq!(second.terminal.run_ends(), first.terminal.run_ends());
    assert_eq!(second.terminal.run_ends(), [5_000, 10_001, 15_002]);
    second.begin();
    second.feed(b"more\r\n");
    second.end();
    second.save();
    let third = open(&place);
    assert_eq!(third.terminal.line(15_003).unwrap().text(), "more");
    let LineKind::RunEnd(end) = third.terminal.line(15_004).unwrap().kind else { panic!("a run has ended") };
    assert_eq!((end.number, end.exit.as_str()), (4, "exit 0"));
    assert_eq!(lines(&third.terminal)[..15_003], before[..]);
    assert_eq!(third.terminal.run_ends().len(), 4);
}

#[test]
fn a_run_that_was_cut_off_is_said_to_be_and_its_last_lines_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = open(folder.path());
    first.begin();
    first.feed(b"one\r\ntwo\r\nthree has no end");
    first.save();
    drop(first);
    let second = open(folder.path());
    let texts: Vec<String> = lines(&second.terminal).iter().map(|(_, line)| line.text()).collect();
    assert_eq!(texts, ["one", "two", "three has no end", ""]);
    let LineKind::RunEnd(end) = second.terminal.line(3).unwrap().kind else { panic!("it ended") };
    assert_eq!((end.number, end.exit.as_str()), (1, RunEnd::CUT_OFF));
    assert_eq!((end.began, end.ended), (Moment(1_007), Moment(1_014)));
    assert_eq!(second.terminal.run_ends(), [3]);
}

#[test]
fn nothing_is_written_when_nothing_came() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("quiet");
    let mut kept = open(&place);
    assert!(kept.terminal.tail().is_none(), "nothing was printed");
    kept.begin();
    kept.feed(b"one\r\n");
    kept.save();
    assert!(kept.terminal.tail().is_none());
    // The same picture again is no news; neither is a window of another size.
    kept.feed(b"\x1b[1A\x1b[2Kone\r\n");
    kept.save();
    kept.feed(b"\x1b[1A\x1b[2Kone\r\n");
    let tail = kept.terminal.tail();
    assert!(tail.is_none_or(|tail| tail.is_fresh()));
    kept.terminal.resize(20, 70);
    kept.save();
    assert!(kept.terminal.tail().is_none());
    let again = open(&place);
    assert!(!again.terminal.lines().is_empty());
    drop(again);
    let mut third = open(&place);
    assert_eq!(third.terminal.packages().len(), 0, "what was found is written when something comes");
}

#[test]
fn the_oldest_files_are_dropped_and_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let limit = 600_000;
    let mut kept = Kept::open(folder.path(), limit, Files::default());
    kept.begin();
    let mut noise = 1_u64;
    for number in 0..30_000 {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        kept.feed(format!("{number} {noise:x}{:x}\r\n", noise.rotate_left(17)).as_bytes());
        if number % 1_000 == 0 {
            kept.save();
        }
    }
    kept.end();
    kept.save();
    let first = kept.terminal.lines().start;
    let told = kept.terminal.line(first).unwrap();
    assert_eq!(told.kind, LineKind::Note);
    assert_eq!(told.text(), format!("{} older lines dropped", first + 1));
    assert!(kept.terminal.line(first + 1).unwrap().text().starts_with(&format!("{} ", first + 1)));
    let size: u64 = files(folder.path()).values().map(|bytes| bytes.len() as u64).sum();
    assert!((limit / 2..limit + 64 * 1024 + 300_000).contains(&size), "{size} bytes are kept");
    let again = open(folder.path());
    assert_eq!(lines(&again.terminal), lines(&kept.terminal));
    // A smaller limit is held at once.
    kept.terminal.set_history_limit(200_000);
    kept.save();
    assert!(kept.terminal.lines().start > first);
    assert_eq!(lines(&open(folder.path()).terminal), lines(&kept.terminal));
}

#[test]
fn files_that_are_to_go_for_others_are_dropped_but_for_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(folder.path(), 512 * 1024, Files::default());
    kept.begin();
    kept.feed(&numbered(0, 60_000));
    kept.end();
    kept.save();
    let before = stored(folder.path());
    let numbers: Vec<u32> = before.iter().filter_map(|file| file.number).collect();
    assert!(numbers.len() > 3 && numbers.is_sorted(), "{before:?}");
    assert_eq!(before.last().map(|file| file.number), Some(None), "the tail has the newest lines");
    assert!(before.iter().all(|file| fs::metadata(&file.path).unwrap().len() == file.bytes));
    let next: u64 = before[1].path.extension().unwrap().to_str().unwrap().parse().unwrap();
    kept.terminal.drop_files_until(numbers[0]);
    kept.save();
    assert!(!before[0].path.exists() && before[1].path.exists());
    let first = kept.terminal.lines().start;
    assert_eq!(first + 1, next);
    assert_eq!(kept.terminal.line(first).unwrap().text(), format!("{next} older lines dropped"));
    assert!(lines(&open(folder.path()).terminal) == lines(&kept.terminal), "another life sees other lines");
    kept.terminal.drop_files_until(u32::MAX);
    kept.save();
    let left: Vec<Option<u32>> = stored(folder.path()).iter().map(|file| file.number).collect();
    assert_eq!(left, [numbers.last().copied(), None]);
    assert!(lines(&open(folder.path()).terminal) == lines(&kept.terminal), "another life sees other lines");
}

/// Who makes room removes files of a history that nobody has open: what is left opens.
#[test]
fn a_history_opens_whatever_files_of_it_have_gone_from_the_oldest_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(folder.path(), 512 * 1024, Files::default());
    kept.begin();
    kept.feed(&numbered(0, 60_000));
    kept.end();
    kept.save();
    let whole = lines(&kept.terminal);
    for file in stored(folder.path()) {
        fs::remove_file(file.path).unwrap();
        let again = open(folder.path());
        let found = lines(&again.terminal);
        if file.number.is_some() {
            assert!(is_dropped(&found[0].1), "{:?}", found[0]);
            assert!(found[1..] == whole[whole.len() + 1 - found.len()..], "{:?}", found.get(1));
            assert_eq!(again.terminal.last_run(), 1);
        } else {
            assert!(found.is_empty());
        }
    }
}

#[test]
fn a_file_that_was_deleted_by_hand_leaves_lines_that_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(folder.path(), 512 * 1024, Files::default());
    kept.begin();
    kept.feed(&numbered(0, 60_000));
    kept.save();
    let names: Vec<PathBuf> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(names.len() > 2, "{names:?}");
    let leaves: Vec<_> = kept.terminal.leaves(&(0..u64::MAX)).collect();
    let whole = kept.terminal.excerpt(0..u64::MAX);
    for name in names.iter().filter(|name| !name.ends_with("tail")) {
        fs::remove_file(name).unwrap();
    }
    kept.terminal.rest();
    let first = kept.terminal.lines().start;
    let line = kept.terminal.line(first + 10).unwrap();
    assert_eq!(line.kind, LineKind::Note);
    assert!(line.text().contains("cannot be read any more: its file is gone"), "{}", line.text());
    assert_eq!(kept.terminal.line(kept.terminal.lines().end - 1).unwrap().text(), "line 59999 of many");
    let mut page = Page::default();
    let mut seen = 0;
    for leaf in &leaves {
        let _ = leaf.visit_lines(&mut page, &mut |_, _| {
            seen += 1;
            ControlFlow::Continue(())
        });
    }
    assert!(seen > 50_000, "{seen}");
    // Who took lines to save them before that has them all, who comes after hears how many are missing.
    let gone = kept.terminal.excerpt(0..u64::MAX);
    for excerpt in [&whole, &gone] {
        let _ = excerpt.visit(&mut |_, _| ControlFlow::Continue(()));
    }
    assert_eq!(whole.lost(), 0);
    assert!((50_000..60_000).contains(&gone.lost()), "{}", gone.lost());
    // And in the next life.
    let again = open(folder.path());
    let newest = lines(&again.terminal);
    assert!(newest.iter().any(|(_, line)| line.text() == "line 59999 of many"));
}

#[test]
fn lines_that_cannot_be_read_are_no_hits() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(folder.path(), 512 * 1024, Files::default());
    kept.begin();
    kept.feed(&numbered(0, 60_000));
    kept.save();
    for name in fs::read_dir(folder.path()).unwrap() {
        fs::remove_file(name.unwrap().path()).unwrap();
    }
    kept.terminal.rest();
    let tally = Tally::new(std::sync::Arc::new(Pattern::new("file").unwrap()));
    let near = Near { line: 0, direction: Direction::Forward };
    while let Some(report) = tally.errand(&kept.terminal, near).map(Errand::run) {
        tally.take(&kept.terminal, &report);
    }
    let count = tally.count(&kept.terminal);
    assert_eq!((count.lines, count.complete), (0, true));
}

#[test]
fn what_was_taken_to_be_saved_can_be_read_though_its_file_is_dropped_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(folder.path(), 512 * 1024, Files::default());
    kept.begin();
    kept.feed(&numbered(0, 60_000));
    kept.save();
    let excerpt = kept.terminal.excerpt(0..60_000);
    let first = kept.terminal.lines().start;
    kept.terminal.set_history_limit(64 * 1024);
    kept.save();
    assert!(kept.terminal.lines().start > first + 1000, "nothing was dropped");
    kept.terminal.rest();
    let mut seen = Vec::new();
    let _ = excerpt.visit(&mut |number, line| {
        seen.push((number, line.text()));
        ControlFlow::Continue(())
    });
    assert_eq!(seen.len(), 60_000);
    for (number, text) in seen {
        assert!(text == format!("line {number} of many"), "{number}: {text}");
    }
}

#[test]
fn a_million_lines_cost_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = open(folder.path());
    kept.begin();
    for part in 0..100 {
        kept.feed(&numbered(part * 10_000, part * 10_000 + 10_000));
        kept.save();
    }
    assert_eq!(kept.terminal.lines().end, 1_000_000);
    assert!(kept.terminal.memory() < 256 * 1024, "{} bytes", kept.terminal.memory());
    assert_eq!(kept.terminal.line(123_456).unwrap().text(), "line 123456 of many");
    let mut count = 0;
    let _ = kept.terminal.visit_text(0..u64::MAX, Direction::Backward, &mut |number, text| {
        assert!(text == format!("line {number} of many"));
        count += 1;
        ControlFlow::Continue(())
    });
    assert_eq!(count, 1_000_000);
}

/// A line that goes on is meant if the one was that it goes on.
struct GoesOn;

impl Matcher for GoesOn {
    fn is_match(&self, text: &str) -> bool {
        self.reader()(text)
    }

    fn reader(&self) -> Box<dyn FnMut(&str) -> bool + '_> {
        let mut is_one = false;
        Box::new(move |text| {
            is_one = text.starts_with("hit") || (is_one && text.starts_with("and"));
            is_one
        })
    }

    fn context(&self) -> u64 {
        200
    }
}

#[test]
fn what_is_new_is_counted_without_a_look_at_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Kept::open(folder.path(), 400_000, Files::default());
    for run in 0..20 {
        first.begin();
        first.feed(&numbered(run * 5_000, run * 5_000 + 5_000));
        first.feed(b"hit\r\n");
        first.end();
        first.save();
    }
    drop(first);
    assert!(fs::read_dir(folder.path()).unwrap().count() > 3, "many files");
    let mut second = Kept::open(folder.path(), 400_000, Files::default());
    let terminal = &mut second.terminal;
    assert!(terminal.lines().start > 0, "older lines were dropped");
    terminal.begin_run(terminal.last_run() + 1, None, Moment(2_000));
    let fresh = terminal.fresh_start();
    terminal.feed(b"and this is another run\r\nhit\r\nand so on\r\n", Moment(2_001), &mut Fed::default());
    let before = terminal.memory();
    let tally = Tally::new(std::sync::Arc::new(GoesOn));
    let count = tally.count_from(terminal, fresh);
    assert_eq!((count.lines, count.complete), (2, true));
    assert!(tally.errand_from(terminal, fresh).is_none());
    // Whatever was read, or learnt of the files, would be in memory.
    assert_eq!(terminal.memory(), before);
    assert_eq!(terminal.run_ends().len() > 3, terminal.memory() > before, "which this looks at");
}

/// What is done to a terminal.
#[derive(Debug, Clone)]
enum Deed {
    Lines(usize),
    Empty(usize),
    Text(&'static str),
    Resize(u16, u16),
    NextRun,
    Note,
    Save,
    Blocks,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        3 => (1..400_usize).prop_map(Deed::Lines),
        2 => (1..9_000_usize).prop_map(Deed::Empty),
        2 => prop_oneof![
            Just("no end"),
            Just("\x1b[2A\x1b[2Kup\r\n"),
            Just("\r50%\r100%\r\n"),
            Just("\x1b[2J\x1b[H"),
            Just("\x1b[?1049hfull\x1b[?1049l"),
            Just("a long line that wraps and wraps and wraps and wraps and wraps and wraps\r\n"),
        ]
        .prop_map(Deed::Text),
        1 => (2..600_u16, 2..90_u16).prop_map(|(rows, cols)| Deed::Resize(rows, cols)),
        1 => Just(Deed::NextRun),
        1 => Just(Deed::Note),
        2 => Just(Deed::Save),
        2 => Just(Deed::Blocks),
    ];
    proptest::collection::vec(deed, 1..25)
}

fn act<D: Disk>(deed: &Deed, kept: &mut Kept<D>, printed: &mut usize) {
    match deed {
        Deed::Lines(count) => {
            kept.feed(&numbered(*printed, *printed + count));
            *printed += count;
        }
        Deed::Empty(count) => kept.feed(&b"\r\n".repeat(*count)),
        Deed::Text(text) => kept.feed(text.as_bytes()),
        Deed::Resize(rows, cols) => kept.terminal.resize(*rows, *cols),
        Deed::NextRun => {
            kept.end();
            kept.begin();
        }
        Deed::Note => {
            let at = kept.now();
            kept.terminal.note("a note", at);
        }
        Deed::Save => kept.save(),
        Deed::Blocks => kept.save_blocks(),
    }
}

/// Remembers all that was done to files, in order.
#[derive(Default)]
struct Memory {
    deeds: Vec<Done>,
}

#[derive(Debug, Clone)]
enum Done {
    Write(PathBuf, u64, Vec<u8>),
    Cut(PathBuf, u64),
    Replace(PathBuf, Vec<u8>),
    Remove(PathBuf),
}

impl Disk for Memory {
    fn make_folder(&mut self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn write(&mut self, file: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.deeds.push(Done::Write(file.to_owned(), at, bytes.to_vec()));
        Ok(())
    }

    fn cut(&mut self, file: &Path, len: u64) -> io::Result<()> {
        self.deeds.push(Done::Cut(file.to_owned(), len));
        Ok(())
    }

    fn replace(&mut self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        self.deeds.push(Done::Replace(file.to_owned(), bytes.to_vec()));
        Ok(())
    }

    fn remove(&mut self, file: &Path) -> io::Result<()> {
        self.deeds.push(Done::Remove(file.to_owned()));
        Ok(())
    }
}

type Contents = BTreeMap<PathBuf, Vec<u8>>;

fn write_at(files: &mut Contents, file: &Path, at: u64, bytes: &[u8]) {
    let content = files.entry(file.to_owned()).or_default();
    let end = at as usize + bytes.len();
    content.resize(content.len().max(end), 0);
    content[at as usize..end].copy_from_slice(bytes);
}

/// The files after these deeds, of the last of which only a part was done.
fn after(deeds: &[Done], part: f64) -> Contents {
    let mut files = Contents::new();
    for (index, deed) in deeds.iter().enumerate() {
        let is_last = index + 1 == deeds.len();
        let done = |bytes: &[u8]| if is_last { (bytes.len() as f64 * part) as usize } else { bytes.len() };
        match deed {
            Done::Write(file, at, bytes) => write_at(&mut files, file, *at, &bytes[..done(bytes)]),
            Done::Cut(file, len) => files.entry(file.clone()).or_default().resize(*len as usize, 0),
            Done::Replace(file, bytes) if done(bytes) < bytes.len() => {
                files.insert(file.with_extension("new"), bytes[..done(bytes)].to_vec());
            }
            Done::Replace(file, bytes) => _ = files.insert(file.clone(), bytes.clone()),
            Done::Remove(file) => _ = files.remove(file),
        }
    }
    files
}

fn put(files: &Contents, from: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, bytes) in files {
        fs::write(folder.path().join(file.strip_prefix(from).unwrap()), bytes).unwrap();
    }
    folder
}

fn files(folder: &Path) -> Contents {
    let mut files = Contents::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        files.insert(path.clone(), fs::read(&path).unwrap());
    }
    files
}

fn is_lost(line: &Line) -> bool {
    line.kind == LineKind::Note && line.text().contains("cannot be read any more")
}

fn is_dropped(line: &Line) -> bool {
    line.kind == LineKind::Note && line.text().ends_with(" dropped")
}

fn is_cut_off(line: &Line) -> bool {
    matches!(&line.kind, LineKind::RunEnd(end) if end.exit == RunEnd::CUT_OFF)
}

/// Every line that was found is the line that was printed; the last one may be the beginning of it.
fn assert_prefix(found: &[(u64, Line)], printed: &[(u64, Line)], may_lose: bool) {
    let found = match found.split_last() {
        Some((last, rest)) if is_cut_off(&last.1) => rest,
        _ => found,
    };
    for (index, (number, line)) in found.iter().enumerate() {
        if may_lose && (is_lost(line) || (index == 0 && is_dropped(line))) {
            continue;
        }
        let (_, original) = &printed[*number as usize];
        let is_last = index + 1 == found.len();
        let is_same = original.kind == line.kind && original.text() == line.text();
        let is_begun = is_last && original.text().starts_with(&line.text());
        assert!(is_same || is_begun, "line {number}: {line:?} is not {original:?}");
    }
}

/// Output that is plain throughout: its lines never change once they have ended.
fn plain_history(folder: &Path, sizes: &[usize], limit: u64) -> (Vec<Done>, Vec<(u64, Line)>) {
    let mut kept = Kept::open(folder, limit, Memory::default());
    // What was written there cannot be read: another terminal remembers it.
    let mut plain = Kept { terminal: Terminal::new(10, 60), ..Kept::open(folder, limit, Memory::default()) };
    let mut deeds = vec![Deed::NextRun];
    for (index, size) in sizes.iter().enumerate() {
        deeds.push(Deed::Lines(*size));
        deeds.push(match index % 4 {
            0 => Deed::Empty(size * 3),
            1 => Deed::Text("half a line "),
            2 => Deed::NextRun,
            _ => Deed::Blocks,
        });
        deeds.push(Deed::Save);
    }
    deeds.extend([Deed::NextRun, Deed::Save]);
    let (mut one, mut other) = (0, 0);
    for deed in &deeds {
        act(deed, &mut kept, &mut one);
        act(deed, &mut plain, &mut other);
    }
    (kept.disk.deeds, lines(&plain.terminal))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn on_the_disk_a_terminal_has_the_same_lines_as_in_memory(deeds in deeds()) {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(folder.path(), 512 * 1024 * 1024, Files::default());
        let mut plain = Kept { terminal: Terminal::new(10, 60), ..Kept::open(folder.path(), LIMIT, Files::default()) };
        kept.begin();
        plain.begin();
        let (mut one, mut other) = (0, 0);
        for deed in &deeds {
            act(deed, &mut kept, &mut one);
            act(deed, &mut plain, &mut other);
            prop_assert_eq!(kept.terminal.lines(), plain.terminal.lines());
        }
        prop_assert_eq!(lines(&kept.terminal), lines(&plain.terminal));
        prop_assert_eq!(kept.terminal.run_ends(), plain.terminal.run_ends());
        // What is on the disk now is what is shown now, and what is on the screen is there too.
        kept.save();
        let mut again = lines(&open(folder.path()).terminal);
        let last = again.pop();
        prop_assert!(last.is_some_and(|(_, line)| is_cut_off(&line)));
        prop_assert_eq!(again, lines(&kept.terminal));
        kept.end();
        plain.end();
        kept.save();
        prop_assert_eq!(lines(&kept.terminal), lines(&plain.terminal));
        let again = open(folder.path());
        prop_assert_eq!(lines(&again.terminal), lines(&kept.terminal));
        prop_assert_eq!(again.terminal.run_ends(), kept.terminal.run_ends());
    }

    /// A kill at any moment: everything before it is on the disk, of the deed under way a part.
    #[test]
    fn whatever_was_written_before_a_crash_opens_as_the_beginning(
        sizes in proptest::collection::vec(1..3_000_usize, 1..12),
        at in 0.0..1.0_f64,
        part in prop_oneof![Just(1.0), 0.0..1.0_f64],
    ) {
        let place = Path::new("/nowhere");
        let (deeds, printed) = plain_history(place, &sizes, 512 * 1024 * 1024);
        let count = (deeds.len() as f64 * at) as usize;
        let folder = put(&after(&deeds[..count], part), place);
        let kept = open(folder.path());
        let found = lines(&kept.terminal);
        prop_assert!(found.iter().enumerate().all(|(index, (number, _))| index as u64 == *number));
        assert_prefix(&found, &printed, false);
        // All whole frames count: what was written before the last deed is all there.
        let before = put(&after(&deeds[..count.saturating_sub(1)], 1.0), place);
        prop_assert!(found.len() >= lines(&open(before.path()).terminal).len().saturating_sub(1));
        // And it can be gone on with.
        let mut kept = kept;
        kept.begin();
        kept.feed(b"and on\r\n");
        kept.end();
        kept.save();
        prop_assert_eq!(lines(&open(folder.path()).terminal), lines(&kept.terminal));
    }

    /// Any file, cut at any byte, with or without garbage behind it.
    #[test]
    fn a_damaged_file_never_gives_a_wrong_line(
        sizes in proptest::collection::vec(1..3_000_usize, 1..12),
        which in any::<prop::sample::Index>(),
        at in 0.0..1.0_f64,
        garbage in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let place = Path::new("/nowhere");
        let (deeds, printed) = plain_history(place, &sizes, 512 * 1024);
        let mut contents = after(&deeds, 1.0);
        let names: Vec<PathBuf> = contents.keys().cloned().collect();
        let name = which.get(&names).clone();
        let bytes = contents.get_mut(&name).unwrap();
        bytes.truncate((bytes.len() as f64 * at) as usize);
        bytes.extend_from_slice(&garbage);
        let is_tail = name.ends_with("tail");
        let mut folder = put(&contents, place);
        let found = lines(&open(folder.path()).terminal);
        assert_prefix(&found, &printed, !is_tail);
        if !is_tail {
            // The files of blocks alone, without what was written after them.
            contents.remove(&place.join("tail"));
            contents.retain(|other, _| *other <= name);
            folder = put(&contents, place);
            let found = lines(&open(folder.path()).terminal);
            assert_prefix(&found, &printed, false);
        }
    }

    /// Any bit of any file, changed where it stands: a disk that forgets.
    #[test]
    fn a_changed_bit_never_gives_a_wrong_line(
        sizes in proptest::collection::vec(1..3_000_usize, 1..12),
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let place = Path::new("/nowhere");
        let (deeds, printed) = plain_history(place, &sizes, 512 * 1024);
        let mut contents = after(&deeds, 1.0);
        let names: Vec<PathBuf> = contents.keys().cloned().collect();
        let bytes = contents.get_mut(which.get(&names)).unwrap();
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        let folder = put(&contents, place);
        assert_prefix(&lines(&open(folder.path()).terminal), &printed, true);
    }
}
