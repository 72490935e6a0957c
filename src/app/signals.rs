//! What the kernel tells zap itself: signals, received by tokio in a thread of its own. SIGCHLD is not among them: `sys` hears
//! of children by itself.

use std::io;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use super::message::{Control, Post, Signal};

/// The signals that end zap: also those that nobody should send, because they would end it without stopping the jobs.
pub(super) const ENDS: [(i32, Signal); 7] = [
    (libc::SIGTERM, Signal::End(libc::SIGTERM)),
    (libc::SIGINT, Signal::End(libc::SIGINT)),
    (libc::SIGQUIT, Signal::End(libc::SIGQUIT)),
    (libc::SIGHUP, Signal::End(libc::SIGHUP)),
    (libc::SIGUSR1, Signal::End(libc::SIGUSR1)),
    (libc::SIGUSR2, Signal::End(libc::SIGUSR2)),
    (libc::SIGALRM, Signal::End(libc::SIGALRM)),
];

/// The signals that concern a screen; without one they do what they always do.
pub(super) const SCREEN: [(i32, Signal); 3] =
    [(libc::SIGWINCH, Signal::Resized), (libc::SIGTSTP, Signal::Stop), (libc::SIGCONT, Signal::Continued)];

/// Starts listening; from now on none of these signals ends or stops zap by itself.
pub(super) fn listen(meanings: &[(i32, Signal)], post: &Post) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let mut streams = Vec::new();
    {
        // Registering needs the runtime; it must have happened before this function returns.
        let _inside = runtime.enter();
        for (number, meaning) in meanings {
            streams.push((signal(SignalKind::from_raw(*number))?, *meaning));
        }
    }
    let post = post.clone();
    std::thread::Builder::new().name("zap-signals".to_owned()).stack_size(256 * 1024).spawn(move || {
        runtime.block_on(async move {
            let tasks = tokio::task::LocalSet::new();
            for (mut stream, meaning) in streams {
                let post = post.clone();
                tasks.spawn_local(async move {
                    while stream.recv().await.is_some() {
                        post.control(Control::Signal(meaning));
                    }
                });
            }
            tasks.await;
        });
    })?;
    Ok(())
}
