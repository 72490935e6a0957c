//! Slow questions on threads of their own, for each name and path one at a time: one that hangs holds one thread, however often
//! it is asked. Not: what is asked.

use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Mutex as Turn;

/// Whose turn it is, for each name and path.
#[derive(Debug, Default, Clone)]
pub struct Turns(Arc<Mutex<HashMap<OsString, Weak<Turn<()>>>>>);

impl Turns {
    /// Does something slow about `what` on another thread, after all that was begun about it before. It is told to stop when
    /// nobody waits for it any more. `None` if it broke.
    pub(super) async fn elsewhere<T: Send + 'static>(
        &self,
        what: OsString,
        work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
    ) -> Option<T> {
        let turn = self.of(what).lock_owned().await;
        let stop = StopOnDrop(Arc::default());
        let told = Arc::clone(&stop.0);
        let done = tokio::task::spawn_blocking(move || {
            // Over when the work is, not when nobody waits for it any more.
            let _turn = turn;
            work(&told)
        });
        done.await.ok()
    }

    fn of(&self, what: OsString) -> Arc<Turn<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(&what).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        turns.insert(what, Arc::downgrade(&turn));
        turn
    }
}

struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::timeout;

    use super::*;

    #[test]
    fn what_hangs_holds_one_thread_however_often_it_is_asked() {
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(2).build().unwrap();
        let turns = Turns::default();
        let (go, hung) = channel::<()>();
        runtime.block_on(async {
            let stuck = turns.elsewhere("disk".into(), move |_| hung.recv().is_ok());
            assert!(timeout(Duration::from_millis(10), stuck).await.is_err());
            for _ in 0..10 {
                let again = turns.elsewhere("disk".into(), |_| ());
                assert!(timeout(Duration::from_millis(1), again).await.is_err());
            }
            let other = turns.elsewhere("other".into(), |_| 7);
            assert_eq!(timeout(Duration::from_secs(30), other).await, Ok(Some(7)));
            go.send(()).unwrap();
            let after = turns.elsewhere("disk".into(), |stop| stop.load(Ordering::Relaxed));
            assert_eq!(timeout(Duration::from_secs(30), after).await, Ok(Some(false)));
            assert_eq!(turns.0.lock().unwrap().len(), 1, "what is over is forgotten");
        });
    }
}
