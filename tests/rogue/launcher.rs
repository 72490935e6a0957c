//! A zap that only starts things, in small, and nobody else in its process: what it is told, and what it leaves open, is its own.
//! Says, as JSON, how many it was refused, how many strangers it was told of, and how many terminals it has more than before.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;
use zap::model::{Launch, RunId, Size, Stream};
use zap::sys::{Buffer, Lane, News, NoFile, Nursery, Pty, Seat};

/// Each tenth is one that cannot be run.
const STARTS: u64 = 300;

/// Takes what is printed, and forgets it.
struct Forgetful;

impl Lane for Forgetful {
    fn chunk(&self, _: RunId, _: Buffer) {}
    fn end(&self, _: RunId) {}
}

pub(crate) fn run(script: &str) -> u8 {
    let before = terminals();
    let (sender, inbox) = channel();
    let nursery = Nursery::start(NoFile::present().unwrap(), move |told| sender.send(told).unwrap()).unwrap();
    let (mut refused, mut strangers) = (0, 0);
    for run in (1..=STARTS).map(RunId) {
        let program = if run.0 % 10 == 0 { script } else { "true" };
        let (pty, slave) = Pty::open(Size::UNSEEN).unwrap();
        pty.read_into(run, std::sync::Arc::new(Forgetful)).unwrap();
        nursery.spawn(run, Box::new(launch(program)), Seat::Owner(slave));
        loop {
            match inbox.recv().unwrap() {
                News::NotSpawned { .. } => {
                    refused += 1;
                    break;
                }
                News::Exited { .. } => break,
                News::StrangerEnded { .. } => strangers += 1,
                _ => {}
            }
        }
    }
    // The threads that read close theirs a moment later.
    while terminals() > before {
        sleep(Duration::from_millis(5));
    }
    println!("{}", json!({ "refused": refused, "strangers": strangers, "terminals": terminals() - before }));
    0
}

fn launch(program: &str) -> Launch {
    Launch {
        user: None,
        stdout: Stream::Terminal,
        stderr: Stream::Terminal,
        heard: false,
        argv: vec![OsString::from(program)],
        env: vec![("PATH".into(), "/usr/bin:/bin".into())],
        folder: "/".into(),
        umask: None,
        size: Size::UNSEEN,
        nonce: None,
    }
}

/// How many of our descriptors are terminals, on either side.
fn terminals() -> usize {
    let open =
        fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    open.filter(|link| link == Path::new("/dev/ptmx") || link.starts_with("/dev/pts")).count()
}
