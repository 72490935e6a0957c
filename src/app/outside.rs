//! Who runs beside the jobs because a key asked for it: a command that gets a text, `$PAGER`, `$EDITOR`, each on our own terminal,
//! and the helper that fills the buffer of tmux. `call`: what they are called with and read; `home`: what they find. Not: giving
//! the terminal away and taking it back (`screen/lend`).

mod call;
mod home;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use crate::model::{Delivery, Exit, Launch, RunId, Size, SpawnError, Stream, signal_name};
use crate::sys::{Feed, News, Nursery, Outlet, Outlets, Seat, Tty, reason};

use super::editor::Comes;

pub(super) use call::{After, Call, Tool};
pub(super) use home::Home;

/// So many files stay for editors that come back at once; the oldest goes first.
const KEPT: usize = 4;

/// All that run beside the jobs.
pub(super) struct Outside {
    pub(super) home: Home,
    /// How many have run.
    count: u64,
    /// Who has our terminal.
    guest: Option<Guest>,
    /// Texts on their way to tmux.
    copies: BTreeMap<RunId, (String, Feed)>,
    /// Files that somebody may still read after the command that got them has ended.
    kept: Vec<Scratch>,
}

/// Who has our terminal.
pub(super) struct Guest {
    run: RunId,
    /// Its process group, once it is there.
    pub(super) group: Option<i32>,
    /// What happens when it has ended.
    after: After,
    /// What the environment calls it.
    tool: Option<Tool>,
    /// What it reads.
    _feed: Option<Feed>,
    file: Option<(Scratch, Comes)>,
    /// It was told that zap ends.
    pub(super) asked_to_end: bool,
}

/// A file of ours; dropping it takes it away.
#[derive(Debug)]
pub(super) struct Scratch(pub(super) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // Who has taken it away already did no harm.
        let _ = fs::remove_file(&self.0);
    }
}

impl Outside {
    /// Nobody is there yet. Files that an earlier zap could not take away are taken away.
    pub(super) fn new(home: Home) -> Self {
        // Whatever cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(&home.scratch);
        Self { home, count: 0, guest: None, copies: BTreeMap::new(), kept: Vec::new() }
    }

    /// Who has our terminal.
    pub(super) fn guest(&mut self) -> Option<&mut Guest> {
        self.guest.as_mut()
    }

    /// Calls a guest to our terminal, which must have been given back.
    pub(super) fn invite(&mut self, call: Call, tty: &Tty, nursery: &Nursery) -> io::Result<()> {
        let Call { argv, after, tool, feed, file } = call;
        let (input, output) = tty.seats()?;
        let (feed, stdin) = feed.map_or((None, input), |(feed, end)| (Some(feed), end));
        let error = output.try_clone()?;
        let outlets = Outlets {
            stdin: Outlet::Apart(stdin),
            stdout: Outlet::Apart(output),
            stderr: Outlet::Apart(error),
        };
        let run = self.next();
        nursery.spawn_into(run, Box::new(self.launch(argv)), Seat::Ours, outlets);
        self.guest = Some(Guest { run, group: None, after, tool, _feed: feed, file, asked_to_end: false });
        Ok(())
    }

    /// Gives a text to tmux, which fills its buffer and the clipboard of the terminal outside.
    pub(super) fn fill_tmux(&mut self, text: &str, nursery: &Nursery) -> io::Result<()> {
        let bytes = text.to_owned();
        // tmux may go away without having read all of it.
        let (feed, end) = Feed::start(move |out| drop(out.write_all(bytes.as_bytes())))?;
        let run = self.next();
        let nothing = || fs::OpenOptions::new().write(true).open("/dev/null").map(OwnedFd::from);
        let (stdout, stderr) = (Outlet::Apart(nothing()?), Outlet::Apart(nothing()?));
        let outlets = Outlets { stdin: Outlet::Seat, stdout, stderr };
        let argv = ["tmux", "load-buffer", "-w", "-"].map(OsString::from).to_vec();
        nursery.spawn_into(run, Box::new(self.launch(argv)), Seat::Apart(end), outlets);
        self.copies.insert(run, (text.to_owned(), feed));
        Ok(())
    }

    /// A name for a file that nobody else reads.
    pub(super) fn scratch(&mut self) -> Scratch {
        self.count += 1;
        // If that fails, so does making the file, which is told.
        let _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.home.scratch);
        Scratch(self.home.scratch.join(format!("output-{}-{}.log", std::process::id(), self.count)))
    }

    /// Somebody may still read this file, but not for ever.
    fn keep(&mut self, file: Scratch) {
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        self.kept.push(file);
    }

    /// What became of one of these processes, if the news is about one.
    pub(super) fn hear(&mut self, news: &News, nursery: &Nursery) -> Option<Heard> {
        let (run, what) = match news {
            News::Spawned { run, pid } => (*run, What::Began(*pid)),
            News::NotSpawned { run, error } => (*run, What::Failed(words(error))),
            News::Exited { run, exit } => (*run, What::Ended(*exit)),
            News::StrangerEnded { .. }
            | News::Surveyed(_)
            | News::Adopted { .. }
            | News::NotAdopted { .. } => return None,
        };
        let whose = match &self.guest {
            Some(guest) if guest.run == run => Whose::Guest,
            Some(_) | None if self.copies.contains_key(&run) => Whose::Copy,
            Some(_) | None => return None,
        };
        if let What::Ended(_) = what {
            // What it left behind (the program that holds a clipboard, an editor with a window) is no job's, and may live.
            nursery.spare(run);
            nursery.forget(run);
        }
        Some(match (whose, what) {
            (Whose::Guest, What::Began(pid)) => {
                self.guest.iter_mut().for_each(|guest| guest.group = Some(pid));
                Heard::Nothing
            }
            (Whose::Guest, What::Failed(error)) => {
                self.guest = None;
                Heard::NoGuest(error)
            }
            (Whose::Guest, What::Ended(exit)) => match self.guest.take() {
                Some(guest) => {
                    match guest.file {
                        Some((file, Comes::AtOnce)) => self.keep(file),
                        Some((_, Comes::WhenDone)) | None => {}
                    }
                    Heard::GuestLeft(Left { after: guest.after, tool: guest.tool, exit })
                }
                None => Heard::Nothing,
            },
            (Whose::Copy, What::Began(_)) => Heard::Nothing,
            (Whose::Copy, What::Ended(Exit::Code(0))) => {
                self.copies.remove(&run);
                Heard::Nothing
            }
            (Whose::Copy, What::Ended(_) | What::Failed(_)) => {
                self.copies.remove(&run).map_or(Heard::Nothing, |(text, _)| Heard::NotCopied(text))
            }
        })
    }

    /// Signals a guest, and whoever it started there.
    pub(super) fn signal_guest(&self, signal: i32, nursery: &Nursery) {
        if let Some(guest) = &self.guest {
            nursery.signal(guest.run, signal, Delivery::Group);
        }
    }

    /// Numbers that no run of a job ever has.
    fn next(&mut self) -> RunId {
        self.count += 1;
        RunId(u64::MAX - self.count)
    }

    fn launch(&self, argv: Vec<OsString>) -> Launch {
        Launch {
            argv,
            env: self.home.env.clone(),
            folder: self.home.folder.clone(),
            umask: None,
            size: Size { rows: 24, cols: 80 },
            nonce: None,
            user: None,
            stdout: Stream::Terminal,
            stderr: Stream::Terminal,
            heard: false,
        }
    }
}

enum Whose {
    Guest,
    Copy,
}

enum What {
    Began(i32),
    Failed(String),
    Ended(Exit),
}

/// What is to be done about one of these processes.
pub(super) enum Heard {
    /// Nothing.
    Nothing,
    /// The guest could not be called: why.
    NoGuest(String),
    /// The guest has ended.
    GuestLeft(Left),
    /// tmux did not take this text.
    NotCopied(String),
}

/// A guest that has ended.
pub(super) struct Left {
    /// What happens now.
    pub(super) after: After,
    /// How it ended.
    pub(super) exit: Exit,
    tool: Option<Tool>,
}

impl Left {
    /// Why it did not end well, if so, and what can be done about it.
    pub(super) fn complaint(&self) -> Option<String> {
        let how = match self.exit {
            Exit::Code(0) | Exit::Unknown => return None,
            Exit::Code(code) => format!("exit {code}"),
            Exit::Signal(number) => signal_name(number),
        };
        Some(match (&self.tool, self.exit) {
            (None, _) => how,
            // As shells say that there is no such command, or that it cannot be executed.
            (Some(tool), Exit::Code(126 | 127)) => {
                let Tool { name, variable, .. } = tool;
                format!("{name} cannot be run ({how}): set {variable} to a program that can")
            }
            (Some(tool), _) => format!("{}: {how}", tool.name),
        })
    }
}

fn words(error: &SpawnError) -> String {
    let (SpawnError::Command(why) | SpawnError::System(why)) = error;
    why.clone()
}

/// Why something could not be done, in words.
pub(super) fn told(what: &str, error: &io::Error) -> String {
    format!("cannot {what}: {}", reason(error))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn files_of_ours_are_few_and_none_is_left_from_before() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("tmp")).unwrap();
        fs::write(at("tmp/output-1-1.log"), "from before").unwrap();
        let home = Home { env: Vec::new(), folder: at(""), config: at(""), scratch: at("tmp") };
        let mut outside = Outside::new(home);
        assert!(!at("tmp").exists());
        for _ in 0..20 {
            let file = outside.scratch();
            fs::write(&file.0, "output").unwrap();
            outside.keep(file);
        }
        let files = || fs::read_dir(at("tmp")).unwrap().count();
        assert_eq!(files(), KEPT);
        assert_eq!(fs::metadata(at("tmp")).unwrap().permissions().mode() & 0o777, 0o700);
        drop(outside);
        assert_eq!(files(), 0);
    }
}
