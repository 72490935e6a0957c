//! The two lanes that lead into the loop: control before output. Not: what is done with what comes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// The receiving end: the loop holds it.
pub(crate) struct Inbox<C, O> {
    shared: Arc<Shared<C, O>>,
}

/// A sending end: threads hold one each.
pub(crate) struct Sender<C, O> {
    shared: Arc<Shared<C, O>>,
}

struct Shared<C, O> {
    lanes: Mutex<Lanes<C, O>>,
    filled: Condvar,
    /// Whether the control lane holds something: asked between two chunks of output without taking the lock.
    urgent: AtomicBool,
}

struct Lanes<C, O> {
    control: VecDeque<C>,
    output: VecDeque<O>,
    /// Whether the loop sleeps and must be woken.
    asleep: bool,
}

/// Makes an inbox and its first sender.
pub(crate) fn inbox<C, O>() -> (Sender<C, O>, Inbox<C, O>) {
    let lanes = Lanes { control: VecDeque::new(), output: VecDeque::new(), asleep: false };
    let shared = Shared { lanes: Mutex::new(lanes), filled: Condvar::new(), urgent: AtomicBool::new(false) };
    let shared = Arc::new(shared);
    (Sender { shared: Arc::clone(&shared) }, Inbox { shared })
}

impl<C, O> Clone for Sender<C, O> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<C, O> Sender<C, O> {
    /// Something that the loop must know at once.
    pub(crate) fn control(&self, message: C) {
        let mut lanes = self.shared.lock();
        lanes.control.push_back(message);
        self.shared.urgent.store(true, Ordering::Release);
        self.shared.wake(lanes);
    }

    /// A piece of output: taken when nothing urgent waits. The sender bounds how many it has under way.
    pub(crate) fn output(&self, message: O) {
        let mut lanes = self.shared.lock();
        lanes.output.push_back(message);
        self.shared.wake(lanes);
    }
}

impl<C, O> Inbox<C, O> {
    /// Whether the control lane holds something.
    pub(crate) fn urgent(&self) -> bool {
        self.shared.urgent.load(Ordering::Acquire)
    }

    /// Moves all that is there to the ends of `control` and `output`; waits for it at most `patience` (`None`: for ever).
    pub(crate) fn take(
        &self,
        control: &mut VecDeque<C>,
        output: &mut VecDeque<O>,
        patience: Option<Duration>,
    ) {
        let mut lanes = self.shared.lock();
        if lanes.is_empty() && patience != Some(Duration::ZERO) {
            lanes = self.sleep(lanes, patience);
        }
        control.append(&mut lanes.control);
        output.append(&mut lanes.output);
        self.shared.urgent.store(false, Ordering::Release);
    }

    /// Sleeps until something comes; a wake-up for nothing is no harm, because the loop looks at its deadlines anyway.
    fn sleep<'a>(
        &'a self,
        mut lanes: MutexGuard<'a, Lanes<C, O>>,
        patience: Option<Duration>,
    ) -> MutexGuard<'a, Lanes<C, O>> {
        lanes.asleep = true;
        let mut lanes = match patience {
            Some(patience) => self.shared.filled.wait_timeout(lanes, patience).expect(NO_PANIC).0,
            None => self.shared.filled.wait(lanes).expect(NO_PANIC),
        };
        lanes.asleep = false;
        lanes
    }
}

const NO_PANIC: &str = "nobody panics while holding the lanes";

impl<C, O> Shared<C, O> {
    fn lock(&self) -> MutexGuard<'_, Lanes<C, O>> {
        self.lanes.lock().expect(NO_PANIC)
    }

    fn wake(&self, mut lanes: MutexGuard<'_, Lanes<C, O>>) {
        if std::mem::take(&mut lanes.asleep) {
            drop(lanes);
            self.filled.notify_one();
        }
    }
}

impl<C, O> Lanes<C, O> {
    fn is_empty(&self) -> bool {
        self.control.is_empty() && self.output.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lanes_keep_their_order() {
        let (sender, inbox) = inbox::<u8, u8>();
        sender.output(1);
        sender.control(2);
        sender.output(3);
        assert!(inbox.urgent());
        let (mut control, mut output) = (VecDeque::new(), VecDeque::new());
        inbox.take(&mut control, &mut output, None);
        assert_eq!((control, output), (VecDeque::from([2]), VecDeque::from([1, 3])));
        assert!(!inbox.urgent());
    }

    #[test]
    fn a_sleeper_is_woken_from_another_thread() {
        let (sender, inbox) = inbox::<u8, u8>();
        let thread = std::thread::spawn(move || sender.control(7));
        let (mut control, mut output) = (VecDeque::new(), VecDeque::new());
        while control.is_empty() {
            inbox.take(&mut control, &mut output, None);
        }
        thread.join().expect("the sender does not panic");
        assert_eq!(control, [7]);
    }
}
