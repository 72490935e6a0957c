//! What the kernel tells zap itself: signals, received by tokio in the background. SIGCHLD is not among them: `sys` hears
//! of children by itself.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

use crate::sys::signal::is_ignored;

use super::background::Background;
use super::message::{Control, Post, Signal};

/// The signals that end zap: also those that nobody should send, because they would end it without stopping the jobs.
pub(super) const ENDS: [(i32, Signal); 7] = [
    (libc::SIGTERM, Signal::End(libc::SIGTERM)),
    (libc::SIGINT, Signal::End(libc::SIGINT)),
    (libc::SIGQUIT, Signal::End(libc::SIGQUIT)),
    (libc::SIGHUP, Signal::Hup),
    (libc::SIGUSR1, Signal::End(libc::SIGUSR1)),
    (libc::SIGUSR2, Signal::End(libc::SIGUSR2)),
    (libc::SIGALRM, Signal::End(libc::SIGALRM)),
];

/// The signals that concern a screen; without one they do what they always do.
pub(super) const SCREEN: [(i32, Signal); 3] =
    [(libc::SIGWINCH, Signal::Resized), (libc::SIGTSTP, Signal::Stop), (libc::SIGCONT, Signal::Continued)];

/// Starts listening; from now on none of these signals ends or stops zap by itself. A HUP that was ignored before stays so.
pub(super) fn listen(meanings: &[(i32, Signal)], background: &Background, post: &Post) -> io::Result<()> {
    for (number, meaning) in meanings.iter().copied() {
        // Somebody wished by `nohup` that zap outlives its terminal.
        if number == libc::SIGHUP && is_ignored(number)? {
            continue;
        }
        // Registering needs the runtime, and must have happened before this function returns.
        let mut stream = {
            let _inside = background.enter();
            signal(SignalKind::from_raw(number))?
        };
        let post = post.clone();
        background.spawn(async move {
            while stream.recv().await.is_some() {
                post.control(Control::Signal(meaning));
            }
        });
    }
    Ok(())
}
