//! A zap that is not root, in small: runs a job as another user by the `sudo` in its `PATH`, then adopts the process whose pid it
//! reads and signals it. Tells all news, a line each.

use std::io::stdin;
use std::sync::mpsc::{Receiver, channel};

use zap::model::{Delivery, Launch, PidSource, RunId, Size, Stream};
use zap::sys::{News, NoFile, Nursery, Pty, Seat};

const RUN: RunId = RunId(1);

pub(crate) fn run(user: &str) -> u8 {
    let (sender, inbox) = channel();
    let nursery = Nursery::start(NoFile::present().unwrap(), move |told| sender.send(told).unwrap()).unwrap();
    let mut env: Vec<_> = std::env::vars_os().collect();
    env.push(("TOKEN".into(), "hidden".into()));
    let launch = Launch {
        argv: ["sh", "-c", "exit 6"].map(Into::into).into(),
        env,
        folder: "/".into(),
        umask: None,
        size: Size::UNSEEN,
        nonce: None,
        user: Some(user.to_owned()),
        stdout: Stream::Terminal,
        stderr: Stream::Terminal,
        heard: false,
    };
    let (_pty, slave) = Pty::open(Size::UNSEEN).unwrap();
    nursery.spawn(RUN, Box::new(launch), Seat::Owner(slave));
    tell_until(&inbox, |news| matches!(news, News::Exited { .. } | News::NotSpawned { .. }));
    let mut line = String::new();
    stdin().read_line(&mut line).unwrap();
    nursery.adopt(RUN, PidSource::Number(line.trim().parse().unwrap()));
    tell_until(&inbox, |news| matches!(news, News::Adopted { .. } | News::NotAdopted { .. }));
    nursery.signal(RUN, libc::SIGTERM, Delivery::Leader);
    tell_until(&inbox, |news| matches!(news, News::Exited { .. }));
    0
}

fn tell_until(inbox: &Receiver<News>, last: impl Fn(&News) -> bool) {
    for news in inbox {
        println!("{news:?}");
        if last(&news) {
            return;
        }
    }
}
