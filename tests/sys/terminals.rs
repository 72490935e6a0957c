//! Terminals of jobs: credit, size, typing.

use zap::model::{Delivery, Size};

use crate::ward::{rogue, start, ward};

#[test]
fn a_flood_is_held_back_and_goes_on() {
    let job = rogue(&["flood"]);
    job.wait_for("line 100");
    job.hold(true);
    job.wait_until_held();
    let before = job.output_len();
    // Nothing is given back, so nothing can come: the thread has no buffer to read into.
    nix::poll::poll(&mut [], 100_u16).unwrap();
    assert_eq!(job.output_len(), before);
    job.hold(false);
    ward().wait("more", |board| (board.output[&job.run].len() > before + 100_000).then_some(()));
    job.signal(libc::SIGKILL, Delivery::Group);
    let all = job.all_output();
    let whole = all.iter().rposition(|byte| *byte == b'\n').unwrap();
    let text = std::str::from_utf8(&all[..whole]).unwrap();
    assert!(text.split("\r\n").enumerate().all(|(at, line)| line.trim_end() == format!("line {}", at + 1)));
}

#[test]
fn a_new_size_is_seen() {
    let job = start(&["sh", "-c", "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done"]);
    job.wait_for("40 120");
    job.pty.resize(Size { rows: 11, cols: 222 }).unwrap();
    job.wait_for("11 222");
}

#[test]
fn what_is_typed_arrives_and_nothing_else() {
    let job = rogue(&["echo-keys"]);
    job.wait_for("ready");
    assert!(job.pty.write(b"aZ\x03\x04\xc3\xa9"));
    job.wait_for("61\r\n5a\r\n03\r\n04\r\nc3\r\na9\r\n");
}

#[test]
fn a_job_that_does_not_read_blocks_nobody_and_gets_everything_later() {
    let folder = tempfile::tempdir().unwrap();
    let go = folder.path().join("go");
    let script =
        "stty raw -echo; echo ready; until test -e \"$0\"; do sleep 0.02; done; head -c 300000 | cksum";
    let job = start(&["sh", "-c", script, go.to_str().unwrap()]);
    job.wait_for("ready");
    let typed = vec![b'k'; 300_000];
    assert!(job.pty.write(&typed));
    assert!(job.pty.pending());
    assert!(!job.pty.write(&vec![b'x'; 1024 * 1024]));
    std::fs::write(go, "").unwrap();
    job.exit();
    assert!(job.text().contains(" 300000"));
}

#[test]
fn a_dropped_terminal_types_nothing_and_hangs_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typed");
    let job =
        start(&["sh", "-c", &format!("stty raw -echo; trap '' HUP; echo ready; cat > {}", file.display())]);
    job.wait_for("ready");
    let mut job = job;
    let (other, _slave) = zap::sys::Pty::open(Size::UNSEEN).unwrap();
    drop(std::mem::replace(&mut job.pty, other));
    job.exit();
    assert_eq!(std::fs::read(&file).unwrap(), b"");
}

#[test]
fn quiet_is_told() {
    let job = rogue(&["lines", "5000"]);
    job.exit();
    job.all_output();
    assert!(job.pty.quiet());
    let job = rogue(&["stay"]);
    assert!(job.pty.quiet());
    let flood = rogue(&["flood"]);
    flood.hold(true);
    flood.wait_until_held();
    assert!(!flood.pty.quiet());
}
