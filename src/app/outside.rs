//! Who runs beside the jobs because a key asked for it: a command that gets a text, `$PAGER`, `$EDITOR`, each on our own terminal,
//! and the helper that fills the buffer of tmux. What they are called with and what they read. Not: giving the terminal away and
//! taking it back (`screen/lend`).

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::model::{Delivery, Exit, Launch, RunId, Size, SpawnError, Stream};
use crate::sys::{Feed, News, Nursery, Outlet, Outlets, Seat, Tty, reason};
use crate::ui::{Dress, Mention, Outgoing};

use super::clipboard::Between;
use super::editor::{self, Comes};

/// So many files stay for editors that come back at once; the oldest goes first.
const KEPT: usize = 4;

/// What somebody beside the jobs finds, and where files are looked for.
pub(super) struct Home {
    /// zap's own environment.
    pub(super) env: Vec<(OsString, OsString)>,
    /// Where zap was started.
    pub(super) folder: PathBuf,
    /// The folder of the configuration file.
    pub(super) config: PathBuf,
    /// A folder of ours alone, made when it is needed, for files that nobody else reads. On the disk: they may be large.
    pub(super) scratch: PathBuf,
}

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
    pub(super) after: After,
    /// What it reads.
    _feed: Option<Feed>,
    file: Option<(Scratch, Comes)>,
    /// It was told that zap ends.
    pub(super) asked_to_end: bool,
}

/// What happens when a guest has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// What it wrote stays until a person has read it.
    Hold,
    /// zap is back at once.
    Return,
}

/// How a guest is called.
pub(super) struct Call {
    argv: Vec<OsString>,
    after: After,
    feed: Option<(Feed, OwnedFd)>,
    file: Option<(Scratch, Comes)>,
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

impl Home {
    /// A variable of the environment, unless it is empty.
    pub(super) fn variable(&self, name: &str) -> Option<&OsStr> {
        let found = self.env.iter().find(|(variable, _)| variable == name);
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// A file as a person types it: `~` is home, and what is relative begins where zap was started.
    pub(super) fn file(&self, typed: &str) -> PathBuf {
        match (typed.strip_prefix("~/"), self.variable("HOME")) {
            (Some(below), Some(home)) => Path::new(home).join(below),
            (Some(_) | None, _) => self.folder.join(typed),
        }
    }

    /// The first file that is there of those that a job mentions; else why there is none.
    pub(super) fn find<'m>(
        &self,
        mentions: &'m [Mention],
        job: &Path,
    ) -> Result<(PathBuf, &'m Mention), String> {
        let folders = [job, &self.config, &self.folder];
        for mention in mentions {
            let places = folders.iter().map(|folder| folder.join(&mention.file));
            let home = mention.file.starts_with("~/").then(|| self.file(&mention.file));
            if let Some(file) = places.chain(home).find(|file| file.is_file()) {
                return Ok((file, mention));
            }
        }
        let missed = mentions.first().map_or("", |mention| &mention.file);
        let looked = if Path::new(missed).is_absolute() {
            String::new()
        } else {
            format!(", neither in {} nor in {}", job.display(), self.config.display())
        };
        Err(format!("{missed} is not there{looked}"))
    }

    /// Who stands between zap and the terminal.
    pub(super) fn between(&self) -> Between {
        Between::of(|name| self.variable(name))
    }

    fn command(&self, names: &[&str], fallback: &str) -> String {
        let set = names.iter().find_map(|name| self.variable(name));
        set.map_or_else(|| fallback.to_owned(), |command| command.to_string_lossy().into_owned())
    }

    /// `$VISUAL`, `$EDITOR`, or vi.
    pub(super) fn editor(&self) -> String {
        self.command(&["VISUAL", "EDITOR"], "vi")
    }
}

impl Call {
    /// A command that gets a text.
    pub(super) fn pipe(command: &str, outgoing: Outgoing) -> io::Result<Self> {
        let feed = Some(feed(outgoing, Dress::Plain)?);
        Ok(Self { argv: shell(command), after: After::Hold, feed, file: None })
    }

    /// `$PAGER`, from a line on if it is less.
    pub(super) fn page(home: &Home, outgoing: Outgoing, line: u64) -> io::Result<Self> {
        let command = home.command(&["PAGER"], "less -R");
        let name = editor::name(&command);
        let plain = matches!(name.as_str(), "vi" | "vim" | "nvim" | "view" | "emacs" | "nano");
        let feed = Some(feed(outgoing, if plain { Dress::Plain } else { Dress::Coloured })?);
        let words = if name == "less" && line > 1 { vec![format!("+{line}")] } else { Vec::new() };
        Ok(Self { argv: tool(&command, &words), after: After::Return, feed, file: None })
    }

    /// The editor, at a place of a file.
    pub(super) fn edit(command: &str, file: &Path, line: u32, column: Option<u32>) -> Self {
        let words = editor::words(command, &file.to_string_lossy(), line, column);
        Self { argv: tool(command, &words), after: After::Return, feed: None, file: None }
    }

    /// The editor, at a line of a file of ours.
    pub(super) fn edit_scratch(command: &str, file: Scratch, line: u32) -> Self {
        let call = Self::edit(command, &file.0, line, None);
        Self { file: Some((file, editor::comes(command))), ..call }
    }
}

/// A command by a shell.
fn shell(line: &str) -> Vec<OsString> {
    ["sh", "-c", line].map(OsString::from).to_vec()
}

/// A command of the environment by a shell, as git calls editors and pagers: it may have words of its own. A single one takes the
/// place of the shell, so that it is the one whose end and whose stops are told.
fn tool(command: &str, words: &[String]) -> Vec<OsString> {
    let first = command.split_whitespace().next().unwrap_or_default();
    let single = !command.contains(['|', '&', ';', '(', ')', '<', '>', '\n', '`'])
        && first.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_'))
        && !first.contains('=');
    let line = format!("{}{command} \"$@\"", if single { "exec " } else { "" });
    shell(&line)
        .into_iter()
        .chain([OsString::from(command)])
        .chain(words.iter().map(OsString::from))
        .collect()
}

fn feed(outgoing: Outgoing, dress: Dress) -> io::Result<(Feed, OwnedFd)> {
    Feed::start(move |out| {
        // Who has read enough is no failure.
        let _ = outgoing.write(dress, out, &mut |_| Ok(()));
    })
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
        let Call { argv, after, feed, file } = call;
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
        self.guest = Some(Guest { run, group: None, after, _feed: feed, file, asked_to_end: false });
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
            | News::Measured(_)
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
                    Heard::GuestLeft(guest.after, exit)
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
    GuestLeft(After, Exit),
    /// tmux did not take this text.
    NotCopied(String),
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
    fn a_single_command_takes_the_place_of_the_shell() {
        let line = |command: &str| tool(command, &["+3".to_owned()])[2].to_string_lossy().into_owned();
        assert_eq!(line("less -R"), "exec less -R \"$@\"");
        assert_eq!(line("LESS=R less"), "LESS=R less \"$@\"");
        assert_eq!(line("tee x | less"), "tee x | less \"$@\"");
        assert_eq!(tool("less", &["+3".to_owned()])[3..], ["less", "+3"]);
    }

    #[test]
    fn files_are_found_in_the_folder_of_the_job_then_of_the_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["job", "config", "here"] {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("config/b.rs"), "").unwrap();
        fs::write(at("job/c.rs"), "").unwrap();
        let home = Home { env: Vec::new(), folder: at("here"), config: at("config"), scratch: at("tmp") };
        let mention = |file: &str| Mention { file: file.to_owned(), line: 1, column: None, at: 0..1 };
        let found = |files: &[&str]| {
            let mentions: Vec<_> = files.iter().map(|file| mention(file)).collect();
            home.find(&mentions, &at("job")).map(|(file, _)| file)
        };
        assert_eq!(found(&["a.rs", "b.rs", "c.rs"]), Ok(at("config/b.rs")));
        assert_eq!(found(&["c.rs"]), Ok(at("job/c.rs")));
        let absolute = at("job/c.rs").display().to_string();
        assert_eq!(found(&[&absolute]), Ok(at("job/c.rs")));
        assert!(found(&["a.rs"]).unwrap_err().starts_with("a.rs is not there, neither in "));
        assert_eq!(found(&["/no/such.rs"]).unwrap_err(), "/no/such.rs is not there");
    }

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
