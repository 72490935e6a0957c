//! A small program of our own terminal, for the tests of `sys::{Tty, Keys, Painter}`: tells each key, and does what some mean.
//!
//! `q` quits, `p` panics, `z` suspends, `f` floods its terminal until it is refused, `g` runs a command in the foreground.

use std::ffi::OsString;
use std::sync::mpsc::{Receiver, Sender, channel};

use crossterm::event::{Event, KeyCode};
use zap::model::{Launch, RunId, Size, Stream};
use zap::sys::{Key, Keys, Modes, News, NoFile, Nursery, Painter, Seat, Submitted, Tty};

enum Told {
    Key(Key),
    Free(bool),
    News(News),
}

pub(crate) fn run(file: &str) -> u8 {
    let (sender, inbox) = channel();
    let tty = Tty::open(Modes { mouse: true, focus: true }).unwrap();
    let rescue = tty.rescue();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        rescue.restore();
        hook(info);
    }));
    let news = sender.clone();
    let nursery =
        Nursery::start(NoFile::present().unwrap(), move |told| news.send(Told::News(told)).unwrap()).unwrap();
    tty.enter().unwrap();
    Screen { tty: &tty, nursery: &nursery, sender, inbox, file }.run()
}

struct Screen<'a> {
    tty: &'a Tty,
    nursery: &'a Nursery,
    sender: Sender<Told>,
    inbox: Receiver<Told>,
    file: &'a str,
}

impl Screen<'_> {
    fn run(&self) -> u8 {
        let (mut keys, mut painter) = (self.keys(), self.painter());
        let size = self.tty.size();
        say(&painter, &format!("size {} {}", size.rows, size.cols));
        while let Ok(told) = self.inbox.recv() {
            let key = match told {
                Told::Key(Key::Input(Event::Key(key))) => key.code,
                Told::Key(Key::Input(Event::Paste(text))) => {
                    say(&painter, &format!("pasted {}", text.len()));
                    continue;
                }
                Told::Key(Key::Input(other)) => {
                    say(&painter, &format!("{other:?}"));
                    continue;
                }
                Told::Key(Key::Elsewhere) => {
                    panic!("nobody else has this terminal");
                }
                Told::Key(Key::HungUp) => {
                    std::fs::write(self.file, "hung up").unwrap();
                    return 3;
                }
                Told::Free(written) => {
                    say(&painter, &format!("free {written}"));
                    continue;
                }
                Told::News(_) => continue,
            };
            match key {
                KeyCode::Char('q') => return 0,
                KeyCode::Char('p') => panic!("as wished"),
                KeyCode::Char('f') => flood(&painter),
                KeyCode::Char('z') => {
                    drop((keys, painter));
                    let suspended = self.tty.suspend().unwrap();
                    self.tty.enter().unwrap();
                    (keys, painter) = (self.keys(), self.painter());
                    say(&painter, &format!("{suspended:?}"));
                }
                KeyCode::Char('g') => {
                    drop((keys, painter));
                    self.tty.leave();
                    self.command();
                    self.tty.reclaim().unwrap();
                    self.tty.enter().unwrap();
                    (keys, painter) = (self.keys(), self.painter());
                    say(&painter, "entered again");
                }
                other => say(&painter, &format!("key {other:?}")),
            }
        }
        1
    }

    fn keys(&self) -> Keys {
        let sender = self.sender.clone();
        Keys::start(self.tty, move |key| drop(sender.send(Told::Key(key)))).unwrap()
    }

    fn painter(&self) -> Painter {
        let sender = self.sender.clone();
        Painter::start(self.tty, move |written| drop(sender.send(Told::Free(written.is_ok())))).unwrap()
    }

    fn command(&self) {
        let launch = Launch {
            user: None,
            stdout: Stream::Terminal,
            stderr: Stream::Terminal,
            heard: false,
            argv: ["sh", "-c", "echo asks; kill -STOP $$; read -r line; echo got $line; exit 4"]
                .map(OsString::from)
                .into(),
            env: vec![("PATH".into(), "/usr/bin:/bin".into())],
            folder: "/".into(),
            umask: None,
            size: Size::UNSEEN,
            nonce: None,
        };
        self.nursery.spawn(RunId(1), Box::new(launch), Seat::Ours);
        for told in &self.inbox {
            if let Told::News(News::Exited { exit, .. }) = told {
                println!("{exit:?}");
                return;
            }
        }
    }
}

fn flood(painter: &Painter) {
    let frame = || vec![b'.'; 300_000];
    let mut taken = 0;
    while let Submitted::Taken(_) = painter.submit(frame()) {
        taken += 1;
    }
    assert!(taken >= 1);
}

fn say(painter: &Painter, text: &str) {
    let mut frame = format!("<{text}>\r\n").into_bytes();
    while let Submitted::Busy(again) = painter.submit(frame) {
        painter.drain(std::time::Duration::from_secs(30));
        frame = again;
    }
}
