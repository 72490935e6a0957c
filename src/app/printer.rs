//! Texts on their way to standard output. Not: what they say.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::message::{Control, Post};

/// More than so many bytes that nobody takes, and the jobs are held back.
const UNDER_WAY: usize = 1024 * 1024;

/// The thread that writes to standard output: whoever reads there slowly holds back the jobs, never the loop.
pub(super) struct Printer {
    texts: Option<Sender<String>>,
    under_way: Arc<AtomicUsize>,
    ended: Receiver<()>,
}

impl Printer {
    /// Starts the thread; what becomes of the texts is told to `post`.
    pub(super) fn start(post: Post) -> io::Result<Self> {
        let (texts, queue) = channel::<String>();
        let (alive, ended) = channel();
        let under_way = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&under_way);
        std::thread::Builder::new().name("zap-print".to_owned()).spawn(move || {
            let mut out = io::stdout().lock();
            for text in queue {
                let result = out.write_all(text.as_bytes()).and_then(|()| out.flush());
                let before = counted.fetch_sub(text.len(), Ordering::Relaxed);
                let broken = result.is_err();
                if broken || before >= UNDER_WAY {
                    post.control(Control::Painted(result));
                }
                if broken {
                    // What still waits will never be written, and holds nobody back.
                    counted.store(0, Ordering::Relaxed);
                    break;
                }
            }
            drop(alive);
        })?;
        Ok(Self { texts: Some(texts), under_way, ended })
    }

    /// Sends a text on its way. Never blocks.
    pub(super) fn print(&self, text: String) {
        if text.is_empty() {
            return;
        }
        let length = text.len();
        self.under_way.fetch_add(length, Ordering::Relaxed);
        if self.texts.as_ref().is_none_or(|texts| texts.send(text).is_err()) {
            self.under_way.fetch_sub(length, Ordering::Relaxed);
        }
    }

    /// Whether more can be taken without growing.
    pub(super) fn accepts(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) < UNDER_WAY
    }

    /// Waits until all is written, as long as the reader takes something.
    pub(super) fn finish(&mut self, patience: Duration) {
        self.texts = None;
        let mut before = self.under_way.load(Ordering::Relaxed);
        while self.ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            let left = self.under_way.load(Ordering::Relaxed);
            if left == before {
                return;
            }
            before = left;
        }
    }
}
