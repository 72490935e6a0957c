//! The streams of a run that do not go straight into its terminal: into files, into nothing, through ends of their own. Not: what
//! is in them.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Launch, RunId, Size, SpawnError, Stream, StreamFile};
use crate::sys::{Books, Buffer, Lane, Outlet, Outlets, Page, Pipe, Pty};

use super::message::{Channel, Control, Output, Post};

/// What one run has besides its terminal.
pub(super) struct Streams {
    ends: Vec<End>,
    /// How many of its terminals and pipes are not at their end.
    pub(super) open: usize,
    /// Whether somebody listens to what is shown to nobody.
    listened: Arc<AtomicBool>,
}

enum End {
    Pty(Pty),
    Pipe(Pipe),
}

impl Streams {
    /// Opens what a launch asks for; the ends of the job are for its process.
    pub(super) fn open(
        run: RunId,
        launch: &Launch,
        listened: bool,
        books: &mut Books,
        post: &Post,
    ) -> Result<(Self, Outlets), SpawnError> {
        // Its terminal is open too.
        let mut streams = Self { ends: Vec::new(), open: 1, listened: Arc::new(AtomicBool::new(listened)) };
        let mut outlet = |stream: &Stream, channel| match stream {
            Stream::Terminal => Ok(Outlet::Seat),
            Stream::Discard => nothing().map(Outlet::Apart).map_err(|error| lacking("/dev/null", &error)),
            Stream::File(file) => {
                let page = books.open(run, file).map_err(|error| SpawnError::Command(error.to_string()))?;
                let lane = streams.lane(channel, file, page, post);
                let opened =
                    if file.tty { streams.terminal(run, launch.size, lane) } else { streams.pipe(run, lane) };
                opened.map(Outlet::Apart).map_err(|error| lacking("a stream", &error))
            }
        };
        let stdout = outlet(&launch.stdout, Channel::Stdout)?;
        let stderr = outlet(&launch.stderr, Channel::Stderr)?;
        Ok((streams, Outlets { stdin: Outlet::Seat, stdout, stderr }))
    }

    /// Whether somebody listens to what is shown to nobody.
    pub(super) fn listen(&self, listened: bool) {
        self.listened.store(listened, Ordering::Relaxed);
    }

    /// Nothing is left to read now.
    pub(super) fn quiet(&self) -> bool {
        self.ends.iter().all(|end| match end {
            End::Pty(pty) => pty.quiet(),
            End::Pipe(pipe) => pipe.quiet(),
        })
    }

    /// The terminals have another size.
    pub(super) fn resize(&self, size: Size) -> io::Result<()> {
        self.ends.iter().try_for_each(|end| match end {
            End::Pty(pty) => pty.resize(size),
            End::Pipe(_) => Ok(()),
        })
    }

    fn lane(&self, channel: Channel, file: &StreamFile, page: Page, post: &Post) -> Arc<FileLane> {
        let shown = if !file.tee {
            Shown::ToNobody(Arc::clone(&self.listened))
        } else if file.tty {
            Shown::AsItIs
        } else {
            Shown::WithReturns
        };
        let state = Mutex::new(LaneState { page, failed: false, returned: false });
        Arc::new(FileLane { channel, shown, state, post: post.clone() })
    }

    fn terminal(&mut self, run: RunId, size: Size, lane: Arc<FileLane>) -> io::Result<OwnedFd> {
        let (pty, slave) = Pty::open(size)?;
        pty.read_into(run, lane)?;
        self.add(End::Pty(pty));
        Ok(slave.into_fd())
    }

    fn pipe(&mut self, run: RunId, lane: Arc<FileLane>) -> io::Result<OwnedFd> {
        let (pipe, theirs) = Pipe::open()?;
        pipe.read_into(run, lane)?;
        self.add(End::Pipe(pipe));
        Ok(theirs)
    }

    fn add(&mut self, end: End) {
        self.ends.push(end);
        self.open += 1;
    }
}

/// Where a stream of its own goes: into a file, on the thread that reads it, and perhaps on to the loop.
struct FileLane {
    channel: Channel,
    shown: Shown,
    state: Mutex<LaneState>,
    post: Post,
}

/// Who sees the stream besides the file.
enum Shown {
    AsItIs,
    /// A pipe has no terminal that would put a return before each newline.
    WithReturns,
    /// Only who listens, if somebody does.
    ToNobody(Arc<AtomicBool>),
}

struct LaneState {
    page: Page,
    /// It was told that the file cannot be written.
    failed: bool,
    /// A return came last.
    returned: bool,
}

impl Lane for FileLane {
    fn chunk(&self, run: RunId, mut bytes: Buffer) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = state.page.write(&bytes)
            && !std::mem::replace(&mut state.failed, true)
        {
            self.post.control(Control::Unwritten { run, why: error.to_string() });
        }
        match &self.shown {
            Shown::AsItIs => self.post.output(Output::Chunk(run, bytes)),
            Shown::WithReturns => {
                let returned = std::mem::replace(&mut state.returned, bytes.last() == Some(&b'\r'));
                bytes.add_returns(returned);
                self.post.output(Output::Chunk(run, bytes));
            }
            Shown::ToNobody(listened) => {
                if listened.load(Ordering::Relaxed) {
                    self.post.output(Output::Heard(run, self.channel, bytes));
                }
            }
        }
    }

    fn end(&self, run: RunId) {
        let finished = self.state.lock().unwrap_or_else(PoisonError::into_inner).page.finish();
        if let Err(error) = finished {
            self.post.control(Control::Unwritten { run, why: error.to_string() });
        }
        self.post.output(Output::End(run));
    }
}

fn nothing() -> io::Result<OwnedFd> {
    Ok(OpenOptions::new().write(true).open("/dev/null")?.into())
}

fn lacking(what: &str, error: &io::Error) -> SpawnError {
    SpawnError::System(format!("cannot open {what}: {}", crate::sys::reason(error)))
}
