//! Tells when somebody sets the wall clock. Not: what time it is.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::time::TimeSpec;
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};

/// It waits for two descriptors, and sends a message.
const STACK: usize = 64 * 1024;
/// A moment that never comes: the year 2262. Only its being cancelled matters.
const NEVER: i64 = i64::MAX / 1_000_000_000;

/// A thread that waits for the wall clock to be set. Dropping it ends the thread.
#[derive(Debug)]
pub struct ClockSet {
    stop: Arc<EventFd>,
}

impl ClockSet {
    /// Begins to wait. `tell` is called on the thread each time the wall clock jumps (`timerfd_create(2)`,
    /// `TFD_TIMER_CANCEL_ON_SET`), also when the machine wakes up.
    pub fn start(mut tell: impl FnMut() + Send + 'static) -> io::Result<Self> {
        let timer =
            TimerFd::new(ClockId::CLOCK_REALTIME, TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK)?;
        arm(&timer)?;
        let stop = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?);
        let stopped = Arc::clone(&stop);
        thread::Builder::new().name("zap-clock".to_owned()).stack_size(STACK).spawn(move || {
            let _ = super::signal::block_all();
            while jumped(&timer, &stopped) {
                tell();
            }
        })?;
        Ok(Self { stop })
    }
}

impl Drop for ClockSet {
    fn drop(&mut self) {
        let _ = self.stop.write(1);
    }
}

fn arm(timer: &TimerFd) -> nix::Result<()> {
    let how = TimerSetTimeFlags::TFD_TIMER_ABSTIME | TimerSetTimeFlags::TFD_TIMER_CANCEL_ON_SET;
    timer.set(Expiration::OneShot(TimeSpec::new(NEVER, 0)), how)
}

/// Waits for a jump; false: nobody wants to know any more.
fn jumped(timer: &TimerFd, stop: &EventFd) -> bool {
    loop {
        let mut fds =
            [PollFd::new(timer.as_fd(), PollFlags::POLLIN), PollFd::new(stop.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::NONE) {
            Ok(_) if fds[1].any() == Some(true) => return false,
            // A read tells of the jump by ECANCELED, and the timer is set again for the next one. (nix has a wait for timers, but
            // that one hides the jump.)
            Ok(_) => match (nix::unistd::read(timer, &mut [0; 8]), arm(timer)) {
                (Err(Errno::ECANCELED), Ok(()) | Err(Errno::ECANCELED)) => return true,
                (Ok(_) | Err(Errno::EINTR | Errno::EAGAIN), Ok(()) | Err(Errno::ECANCELED)) => {}
                (_, _) => return false,
            },
            Err(Errno::EINTR) => {}
            Err(_) => return false,
        }
    }
}
