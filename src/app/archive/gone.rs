//! Which config files of other projects are gone. They may lie on a disk that hangs, which must hold up nobody who writes on
//! another one. Not: what follows from it (`total`).

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread::Builder;
use std::time::Duration;

use crate::sys::Clock;

/// Who does not tell within so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// It calls the kernel and nothing else.
const STACK: usize = 64 * 1024;

/// Asks after files on a thread that lives as long as it takes, and on one at a time.
#[derive(Default)]
pub(super) struct Gone {
    /// What the one tells that takes too long, until it has ended.
    late: Option<Receiver<PathBuf>>,
}

impl Gone {
    /// Which of these are gone, as far as that is known soon: the others count as there.
    pub(super) fn among(&mut self, files: Vec<PathBuf>) -> HashSet<PathBuf> {
        self.ask(files, is_gone, PATIENCE)
    }

    fn ask(
        &mut self,
        files: Vec<PathBuf>,
        is_gone: impl Fn(&Path) -> bool + Send + 'static,
        patience: Duration,
    ) -> HashSet<PathBuf> {
        let mut gone = HashSet::new();
        if self.hangs() {
            return gone;
        }
        let (tell, told) = channel();
        let ask = move || {
            for file in files.into_iter().filter(|file| is_gone(file)) {
                // Nobody may wait any more.
                let _ = tell.send(file);
            }
        };
        // If there is no thread, nobody tells anything.
        let _ = Builder::new().name("zap-gone".to_owned()).stack_size(STACK).spawn(ask);
        let clock = Clock::start();
        let end = clock.now().mono + patience;
        loop {
            match told.recv_timeout(end.since(clock.now().mono)) {
                Ok(file) => _ = gone.insert(file),
                Err(RecvTimeoutError::Disconnected) => return gone,
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        self.late = Some(told);
        gone
    }

    /// Whether the thread that took too long has not ended. What it tells may not be so any more.
    fn hangs(&mut self) -> bool {
        let Some(late) = &self.late else { return false };
        loop {
            match late.try_recv() {
                Ok(_) => {}
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => break,
            }
        }
        self.late = None;
        false
    }
}

fn is_gone(file: &Path) -> bool {
    file.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    fn files(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn only_what_is_known_not_to_be_there_is_gone() {
        let mut gone = Gone::default();
        let told = gone.ask(files(&["/", "/no/such/file", "/dev/null/under-a-file"]), is_gone, LIMIT);
        assert_eq!(told, HashSet::from(["/no/such/file".into()]));
    }

    #[test]
    fn a_disk_that_hangs_is_not_waited_for_and_not_asked_a_second_time() {
        let mut gone = Gone::default();
        let (go_on, hangs) = channel::<()>();
        let ask = move |file: &Path| file != Path::new("/hangs") || hangs.recv().is_err();
        let told = gone.ask(files(&["/gone", "/hangs", "/after"]), ask, Duration::from_millis(500));
        assert_eq!(told, HashSet::from(["/gone".into()]));
        let unasked = |_: &Path| panic!("the first one has not ended");
        assert!(gone.ask(files(&["/other"]), unasked, LIMIT).is_empty());
        drop(go_on);
        let clock = Clock::start();
        let end = clock.now().mono + LIMIT;
        while gone.hangs() {
            assert!(clock.now().mono < end, "it does not end");
            std::thread::yield_now();
        }
        assert_eq!(gone.ask(files(&["/other"]), |_| true, LIMIT).len(), 1);
    }
}
