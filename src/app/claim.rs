//! The claim on the project's folders: the lock, and those who still write there when zap gives it back. Not: the lock itself
//! (`sys`).

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::sys::Lock;

/// The lock of the project. It is free when all who share it have ended, or the process.
pub(super) struct Claim {
    lock: Arc<Lock>,
    alive: Sender<()>,
    ended: Receiver<()>,
}

/// A share in the claim, for a thread that writes into the folders. Dropping it gives it back.
pub(super) struct Share {
    // In this order they are dropped: who hears that a share has ended finds the lock free.
    _lock: Arc<Lock>,
    _alive: Sender<()>,
}

impl Claim {
    /// The claim of whoever holds this lock.
    pub(super) fn new(lock: Lock) -> Self {
        let (alive, ended) = channel();
        Self { lock: Arc::new(lock), alive, ended }
    }

    /// A share in it.
    pub(super) fn share(&self) -> Share {
        Share { _lock: Arc::clone(&self.lock), _alive: self.alive.clone() }
    }

    /// Gives back our part, and waits for the others to end, but not longer than this: whoever takes longer keeps the lock.
    pub(super) fn give_back(self, patience: Duration) {
        let Self { lock, alive, ended } = self;
        drop(lock);
        drop(alive);
        // Nothing is ever sent: this returns when the last share is gone, or it takes too long.
        let _ = ended.recv_timeout(patience);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::histories::Histories;
    use crate::sys::LockError;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn who_still_writes_keeps_the_next_zap_out_until_it_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let claim = Claim::new(Lock::take(folder.path()).unwrap());
        let share = claim.share();
        let (done, wait) = channel::<()>();
        let writer = std::thread::spawn(move || {
            let _ = wait.recv_timeout(LIMIT);
            drop(share);
        });
        claim.give_back(Duration::from_millis(1));
        assert!(matches!(Lock::take(folder.path()), Err(LockError::Held(Some(_)))));
        done.send(()).unwrap();
        writer.join().unwrap();
        drop(Lock::take(folder.path()).unwrap());
    }

    #[test]
    fn the_thread_of_the_histories_ends_with_them_and_the_lock_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let claim = Claim::new(Lock::take(folder.path()).unwrap());
        let share = claim.share();
        let histories = Histories::start(folder.path(), "systems.toml".into(), move |_| {
            let _ = &share;
        });
        let histories = histories.unwrap();
        assert!(Lock::take(folder.path()).is_err());
        drop(histories);
        claim.give_back(LIMIT);
        drop(Lock::take(folder.path()).unwrap());
    }
}
