//! One thread beside the loop, for all that waits for the world by tokio: signals, questions, the socket. Not: what becomes of
//! it, which is told to the loop.

use std::io;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A future of a server or of a client is no deep call.
const STACK: usize = 512 * 1024;
/// Names and disks that never answer hold a thread each, however often they are asked; more than so many wait their turn.
const WAITING: usize = 64;

/// The thread. Dropping it ends what runs there at the next point where it waits.
#[derive(Debug)]
pub(crate) struct Background {
    handle: Handle,
    /// The thread ends when this is gone.
    _alive: oneshot::Sender<()>,
}

impl Background {
    /// Starts the thread.
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .thread_name("zap-wait")
            .thread_stack_size(STACK)
            .max_blocking_threads(WAITING)
            .build()?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        std::thread::Builder::new().name("zap-background".to_owned()).stack_size(STACK).spawn(move || {
            // An error means that the other end is gone, which is what is waited for.
            let _ = runtime.block_on(ended);
            // A name that is still being looked up must not hold up the end.
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, _alive: alive })
    }

    /// Runs a future there, from any thread.
    pub(crate) fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        self.handle.spawn(future)
    }

    /// For what must be made there but is used elsewhere: listeners, streams of signals.
    pub(crate) fn enter(&self) -> tokio::runtime::EnterGuard<'_> {
        self.handle.enter()
    }
}
