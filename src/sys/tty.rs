//! Our own terminal: its modes, its size, and giving it back. Not: what is drawn (`paint`), what is typed (`keys`).

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigHandler, Signal};
use nix::sys::termios::{SetArg, SpecialCharacterIndices, Termios, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpgrp, getsid, isatty, tcgetpgrp, tcsetpgrp};

use crate::model::Size;
use crate::sys::{proc, signal};

/// Alternate screen, no cursor, pastes in brackets.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// Buttons, drags, and coordinates beyond column 223. Moves without a button are not wanted: each would wake us.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";
const FOCUS_ON: &[u8] = b"\x1b[?1004h";
/// Undoes all of it, whichever part was on: ends a synchronised update, resets colours, shows the cursor.
const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[?1004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";
/// What a guest may have left behind, but for the screen on which it wrote: that is still read.
const QUIET: &[u8] =
    b"\x1b[?2026l\x1b[?1004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h";
/// The cursor in its ordinary shape; only for who changed it, because it may have been given another one before us.
const ORDINARY_CURSOR: &[u8] = b"\x1b[0 q";
/// A terminal that takes nothing for so long gets no farewell.
const PATIENCE: u16 = 300;

/// What zap asks of its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes {
    /// Clicks and the wheel are told.
    pub mouse: bool,
    /// Gaining and losing the focus is told.
    pub focus: bool,
}

/// Our terminal. Dropping it gives it back as it was.
#[derive(Debug)]
pub struct Tty {
    ends: Arc<Ends>,
    modes: Modes,
}

/// What came of an attempt to stop ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// We were stopped, and somebody let us go on.
    Continued,
    /// Nobody could have let us go on, so we did not stop.
    NobodyCouldContinue,
}

/// Gives the terminal back, from wherever it is called, and as often: for the panic hook and the last way out.
#[derive(Debug, Clone)]
pub struct Rescue(Arc<Ends>);

impl Tty {
    /// Our terminal: standard input and output if they are one, else the controlling terminal. It is not changed yet.
    pub fn open(modes: Modes) -> io::Result<Self> {
        let input = end(io::stdin().as_fd())?;
        let output = end(io::stdout().as_fd())?;
        let ordinary = Mutex::new(Ordinary { modes: tcgetattr(&input)?, entered: false, reshaped: false });
        Ok(Self { ends: Arc::new(Ends { input, output, ordinary }), modes })
    }

    /// Raw mode and the alternate screen. In the background we first stop, as everybody does who wants the terminal there.
    pub fn enter(&self) -> io::Result<()> {
        let ends = &*self.ends;
        let mut ordinary = ends.ordinary();
        if ordinary.entered {
            return Ok(());
        }
        while !ends.in_foreground() && !orphaned() {
            stop_by(Signal::SIGTTOU)?;
        }
        let present = tcgetattr(&ends.input)?;
        let raw = made_raw(&present);
        // What is ordinary may have changed while the shell had the terminal; what we made of it is not.
        if present != raw {
            ordinary.modes = present;
        }
        tcsetattr(&ends.input, SetArg::TCSANOW, &raw)?;
        ordinary.entered = true;
        let mut bytes = ENTER.to_vec();
        bytes.extend(if self.modes.mouse { MOUSE_ON } else { b"" });
        bytes.extend(if self.modes.focus { FOCUS_ON } else { b"" });
        ends.say(&bytes)
    }

    /// Puts us into the foreground again, after a command of ours was there ([`Seat::Ours`](crate::sys::Seat::Ours)).
    pub fn reclaim(&self) -> io::Result<()> {
        Ok(tcsetpgrp(&self.ends.input, getpgrp())?)
    }

    /// Takes it back from a guest, however that left it: we are in its foreground, and its modes are what they were before zap.
    pub fn regain(&self) -> io::Result<()> {
        self.reclaim()?;
        Ok(tcsetattr(&self.ends.input, SetArg::TCSANOW, &self.ends.ordinary().modes)?)
    }

    /// Puts the process group of a guest into the foreground again, after somebody else had it.
    pub fn lend_to(&self, group: i32) -> io::Result<()> {
        Ok(tcsetpgrp(&self.ends.input, Pid::from_raw(group))?)
    }

    /// Says something below what stands there, and lets keys come one by one: the terminal is ours, but its screen is not.
    pub fn hold(&self, text: &str) -> io::Result<()> {
        let ends = &*self.ends;
        tcsetattr(&ends.input, SetArg::TCSANOW, &made_raw(&ends.ordinary().modes))?;
        ends.say(&[QUIET, text.as_bytes()].concat())
    }

    /// Says something where a guest will write. It must have been left.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.ends.say(text.as_bytes())
    }

    /// Both ends of it, for a guest: its input and its output. It must have been left. Ctrl-Z stops nobody there: a program that
    /// stops itself behind a shell could be continued by no one.
    pub fn seats(&self) -> io::Result<(OwnedFd, OwnedFd)> {
        let mut modes = self.ends.ordinary().modes.clone();
        modes.control_chars[SpecialCharacterIndices::VSUSP as usize] = libc::_POSIX_VDISABLE;
        tcsetattr(&self.ends.input, SetArg::TCSANOW, &modes)?;
        Ok((self.ends.input.try_clone()?, self.ends.output.try_clone()?))
    }

    /// Whether we are in its foreground, so that what is typed is for us. A terminal that is gone is nobody's else.
    pub fn in_foreground(&self) -> bool {
        self.ends.in_foreground()
    }

    /// Whether it is as we made it: we are in its foreground, and nobody has set other modes since.
    pub fn is_kept(&self) -> bool {
        let present = tcgetattr(&self.ends.input);
        self.in_foreground() && present.is_ok_and(|present| made_raw(&present) == present)
    }

    /// Somebody else took it while we were stopped: nothing of it is ours to give back. [`Tty::enter`] takes it anew.
    pub fn forgo(&self) {
        self.ends.ordinary().entered = false;
    }

    /// Gives the terminal back as it was. Nothing happens if we do not have it.
    pub fn leave(&self) {
        self.ends.leave();
    }

    /// Whether clicks and the wheel are told.
    pub fn tells_mouse(&self) -> bool {
        self.modes.mouse
    }

    /// The cursor gets another shape, which must be undone when the terminal is given back.
    pub fn reshapes_cursor(&self) {
        self.ends.ordinary().reshaped = true;
    }

    /// Whether clicks and the wheel are told, from now on.
    pub fn set_mouse(&mut self, mouse: bool) -> io::Result<()> {
        self.modes.mouse = mouse;
        if !self.ends.ordinary().entered {
            return Ok(());
        }
        self.ends.say(if mouse { MOUSE_ON } else { MOUSE_OFF })
    }

    /// How large it is; what a terminal does not know is 24 x 80. Both sides are at least 2.
    pub fn size(&self) -> Size {
        let mut told = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
        #[expect(unsafe_code, reason = "TIOCGWINSZ has no wrapper")]
        // SAFETY: the kernel writes one winsize into ours.
        unsafe {
            use std::os::fd::AsRawFd;
            libc::ioctl(self.ends.output.as_raw_fd(), libc::TIOCGWINSZ, &raw mut told);
        }
        let side = |told: u16, unknown: u16| if told == 0 { unknown } else { told.max(2) };
        Size { rows: side(told.ws_row, 24), cols: side(told.ws_col, 80) }
    }

    /// Gives the terminal back and stops our process group, as the shell expects on Ctrl-Z. Keys and painter must be stopped.
    /// Who continued us need not have put us into the foreground: ask before you enter again.
    pub fn suspend(&self) -> io::Result<Suspended> {
        if orphaned() {
            return Ok(Suspended::NobodyCouldContinue);
        }
        self.leave();
        stop_by(Signal::SIGTSTP)?;
        Ok(Suspended::Continued)
    }

    /// Stops our process group as everybody does who wants the terminal from the background: the shell tells the person.
    pub fn ask_for_it(&self) -> io::Result<Suspended> {
        if orphaned() {
            return Ok(Suspended::NobodyCouldContinue);
        }
        stop_by(Signal::SIGTTOU)?;
        Ok(Suspended::Continued)
    }

    /// A handle that gives the terminal back in an emergency.
    pub fn rescue(&self) -> Rescue {
        Rescue(Arc::clone(&self.ends))
    }

    pub(super) fn ends(&self) -> Arc<Ends> {
        Arc::clone(&self.ends)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Rescue {
    /// Gives the terminal back as it was. Nothing happens the second time.
    pub fn restore(&self) {
        self.0.leave();
    }
}

/// The two descriptors of our terminal, and how it was.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) input: OwnedFd,
    pub(super) output: OwnedFd,
    ordinary: Mutex<Ordinary>,
}

#[derive(Debug)]
struct Ordinary {
    modes: Termios,
    entered: bool,
    reshaped: bool,
}

impl Ends {
    fn leave(&self) {
        let mut ordinary = self.ordinary();
        if !std::mem::take(&mut ordinary.entered) {
            return;
        }
        // A terminal that is gone needs nothing.
        let _ = self.say(LEAVE);
        if std::mem::take(&mut ordinary.reshaped) {
            let _ = self.say(ORDINARY_CURSOR);
        }
        let _ = tcsetattr(&self.input, SetArg::TCSANOW, &ordinary.modes);
    }

    pub(super) fn in_foreground(&self) -> bool {
        tcgetpgrp(&self.input).map_or(true, |group| group == getpgrp())
    }

    /// Sets the modes that are set anyway: the kernel then wakes everybody who waits for input.
    pub(super) fn nudge(&self) {
        if let Ok(modes) = tcgetattr(&self.input) {
            let _ = tcsetattr(&self.input, SetArg::TCSANOW, &modes);
        }
    }

    /// Writes all of it, as long as the terminal takes something now and then.
    fn say(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let mut fds = [PollFd::new(self.output.as_fd(), PollFlags::POLLOUT)];
            match poll(&mut fds, PollTimeout::from(PATIENCE)) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_) => {}
                Err(Errno::EINTR) => continue,
                Err(errno) => return Err(errno.into()),
            }
            match nix::unistd::write(&self.output, bytes) {
                Ok(taken) => bytes = &bytes[taken..],
                Err(Errno::EINTR | Errno::EAGAIN) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    fn ordinary(&self) -> std::sync::MutexGuard<'_, Ordinary> {
        self.ordinary.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// These modes, but raw.
fn made_raw(modes: &Termios) -> Termios {
    let mut raw = modes.clone();
    cfmakeraw(&mut raw);
    raw
}

/// One of the standard streams if it is a terminal, else the controlling terminal: as crossterm does it.
fn end(stream: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    if isatty(stream).unwrap_or(false) {
        return stream.try_clone_to_owned();
    }
    let terminal: File = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    Ok(terminal.into())
}

/// Stops our process group, and returns when we were continued. First the others, then this very thread: a signal to itself
/// stops it before the call returns, while one to the group might stop us only when we are doing something else already.
fn stop_by(how: Signal) -> io::Result<()> {
    let before = signal::set(how, SigHandler::SigIgn)?;
    let _ = signal::to_group(getpgrp().as_raw(), how as i32);
    signal::set(how, SigHandler::SigDfl)?;
    nix::sys::signal::raise(how)?;
    signal::set(how, before)?;
    Ok(())
}

/// Whether nobody outside of our process group, but in our session, could continue us: then the kernel would not stop us, or
/// for ever. Some member of the group must have a parent there; we and our ancestors are asked.
fn orphaned() -> bool {
    let (group, session) = (getpgrp().as_raw(), getsid(None).map_or(0, Pid::as_raw));
    let mut next = proc::stat(nix::unistd::getpid().as_raw());
    while let Some(process) = next {
        if process.group != group {
            return process.session != session;
        }
        next = proc::stat(process.parent);
    }
    true
}
