//! What `/proc` says about a process. Not: to whom a process belongs (`family`).

use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

/// One line of `/proc/PID/stat`, as far as it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) pid: i32,
    pub(super) name: String,
    /// Its first thread has ended.
    pub(super) dead: bool,
    pub(super) parent: i32,
    pub(super) group: i32,
    pub(super) session: i32,
    pub(super) threads: u32,
    /// It is a part of the kernel and no program.
    pub(super) kernel: bool,
    /// When it started, in clock ticks since boot: with the pid its identity.
    pub(super) started: u64,
}

impl Stat {
    /// It has not ended. One whose first thread has ended looks dead while its other threads live.
    pub(super) fn alive(&self) -> bool {
        !self.dead || self.threads > 1
    }
}

/// Reads the state of a process; `None` if there is none of that number.
pub(super) fn stat(pid: i32) -> Option<Stat> {
    // The kernel writes this line in one piece.
    let mut line = [0; 1024];
    let length = fs::File::open(format!("/proc/{pid}/stat")).ok()?.read(&mut line).ok()?;
    parse(&line[..length])
}

/// As whom a process acts; root for one that the kernel shields from others. `None` if there is none of that number.
pub(super) fn owner(pid: i32) -> Option<u32> {
    Some(fs::metadata(format!("/proc/{pid}")).ok()?.uid())
}

fn parse(line: &[u8]) -> Option<Stat> {
    // The name may hold blanks and parentheses: it ends at the last one.
    let open = line.iter().position(|byte| *byte == b'(')?;
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let pid = std::str::from_utf8(&line[..open]).ok()?.trim().parse().ok()?;
    let name = String::from_utf8_lossy(&line[open + 1..close]).into_owned();
    let mut rest = std::str::from_utf8(&line[close + 1..]).ok()?.split_ascii_whitespace();
    let dead = matches!(rest.next()?, "Z" | "X" | "x");
    let parent = rest.next()?.parse().ok()?;
    let group = rest.next()?.parse().ok()?;
    let session = rest.next()?.parse().ok()?;
    // Fields 9, 20 and 22 of the line; the session is field 6. PF_KTHREAD: include/linux/sched.h.
    let kernel = rest.nth(2)?.parse::<u64>().ok()? & 0x0020_0000 != 0;
    let threads = rest.nth(10)?.parse().ok()?;
    let started = rest.nth(1)?.parse().ok()?;
    Some(Stat { pid, name, dead, parent, group, session, threads, kernel, started })
}

/// The children of one thread. May miss one if a sibling of it ends meanwhile; see proc(5).
pub(super) fn children_of_thread(pid: i32, thread: i32, into: &mut Vec<i32>) -> io::Result<()> {
    let text = read(&format!("/proc/{pid}/task/{thread}/children"))?;
    let numbers = text
        .split(|byte| *byte == b' ')
        .filter_map(|word| std::str::from_utf8(word).ok()?.parse::<i32>().ok());
    into.extend(numbers);
    Ok(())
}

/// The children of all threads of a process.
pub(super) fn children(of: &Stat, into: &mut Vec<i32>) {
    let pid = of.pid;
    if of.threads == 1 && !of.dead {
        // Its only thread is its first one. One that was born meanwhile may be missed in the list of threads as well.
        let _ = children_of_thread(pid, pid, into);
        return;
    }
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return };
    for thread in threads.flatten() {
        if let Some(thread) = number(&thread.file_name()) {
            // A thread that ended meanwhile left its children to another one; the caller looks again.
            let _ = children_of_thread(pid, thread, into);
        }
    }
}

/// Every process there is.
pub(super) fn everything() -> Vec<Stat> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    processes.flatten().filter_map(|entry| stat(number(&entry.file_name())?)).collect()
}

/// The environment with which a process was started, as `NAME=value`s that each end with a NUL; empty if we may not know.
pub(super) fn environment(pid: i32) -> Vec<u8> {
    read(&format!("/proc/{pid}/environ")).unwrap_or_default()
}

fn number(name: &std::ffi::OsStr) -> Option<i32> {
    std::str::from_utf8(name.as_bytes()).ok()?.parse().ok()
}

fn read(path: &str) -> io::Result<Vec<u8>> {
    // Files of /proc say that they are empty; to ask each for its size first would cost as much as to read it.
    let mut file = fs::File::open(path)?;
    let (mut text, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(text),
            Ok(length) => text.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_blanks_is_read() {
        let line = b"42 (a) b (c) S 7 40 39 34816 40 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12345 0 0";
        let stat = parse(line).unwrap();
        assert_eq!((stat.pid, stat.name.as_str(), stat.dead), (42, "a) b (c", false));
        assert_eq!((stat.parent, stat.group, stat.session, stat.started), (7, 40, 39, 12345));
        assert_eq!((stat.threads, stat.kernel), (1, false));
        let line = b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0";
        assert!(parse(line).unwrap().kernel);
    }

    #[test]
    fn we_ourselves_are_there() {
        let me = i32::try_from(std::process::id()).unwrap();
        let stat = stat(me).unwrap();
        assert_eq!(stat.pid, me);
        assert!(!stat.dead && stat.started > 0);
        // How many threads it has may change meanwhile.
        let seen = everything().into_iter().find(|seen| seen.pid == me).unwrap();
        assert_eq!((seen.started, seen.parent, seen.name), (stat.started, stat.parent, stat.name));
    }
}
