//! The terminal that controls us, and whether it is gone. Not: reading or writing it (`tty`).

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;

use nix::errno::Errno;
use nix::sys::termios::tcgetattr;

/// The terminal that controlled us when we looked; perhaps none.
#[derive(Debug)]
pub struct Controller {
    terminal: Option<File>,
}

impl Controller {
    /// Looks for it.
    pub fn find() -> Self {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(libc::O_NOCTTY | libc::O_NONBLOCK);
        Self { terminal: options.open("/dev/tty").ok() }
    }

    /// Whether there was one, and it has hung up since. The kernel takes the terminal away before it sends HUP.
    pub fn has_hung_up(&self) -> bool {
        self.terminal.as_ref().is_some_and(|terminal| tcgetattr(terminal).err() == Some(Errno::EIO))
    }
}
