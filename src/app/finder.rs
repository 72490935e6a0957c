//! Looks for files that jobs mention, each time on a thread of its own: where a server is gone, the kernel may never answer. Not:
//! which files are mentioned (`ui`), and where they may lie (`outside/home`).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::InstanceId;
use crate::ui::Mention;

use super::message::{Control, Post};

/// So many looks that have had no answer yet may be under way, nobody waiting for them: each is a thread.
const UNANSWERED: usize = 8;

/// What is looked for: files that are mentioned, the best first.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Each with the places where it may lie, the best first.
    pub(super) files: Vec<(Vec<PathBuf>, Mention)>,
    /// What is said if there is none.
    pub(super) missing: String,
}

/// A file that is there, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(super) file: PathBuf,
    pub(super) line: u32,
    pub(super) column: Option<u32>,
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The number of the look.
    look: u64,
    /// The first file that is there, or why there is none.
    place: Result<Place, String>,
}

/// Those who look. One answer is waited for at a time; a look cannot be ended while the kernel does not answer, only forgotten.
pub(super) struct Finder {
    post: Post,
    looks: u64,
    /// Whose output mentions what is waited for.
    waiting: Option<InstanceId>,
    /// Held by each thread.
    alive: Arc<()>,
}

impl Wanted {
    /// The first file that is there.
    pub(super) fn find(self, is_there: impl Fn(&Path) -> bool) -> Result<Place, String> {
        for (places, Mention { line, column, .. }) in self.files {
            if let Some(file) = places.into_iter().find(|file| is_there(file)) {
                return Ok(Place { file, line, column });
            }
        }
        Err(self.missing)
    }
}

impl Finder {
    /// Nothing is looked for yet.
    pub(super) fn new(post: Post) -> Self {
        Self { post, looks: 0, waiting: None, alive: Arc::new(()) }
    }

    /// Looks for this; what comes of it is told to the loop. Whatever was waited for before is not any more. Never blocks.
    pub(super) fn look(
        &mut self,
        wanted: Wanted,
        whose: InstanceId,
        is_there: impl Fn(&Path) -> bool + Send + 'static,
    ) -> io::Result<()> {
        self.waiting = None;
        if Arc::strong_count(&self.alive) > UNANSWERED {
            return Err(io::Error::other(format!(
                "{UNANSWERED} files were looked for without an answer yet"
            )));
        }
        self.looks += 1;
        let (look, post, alive) = (self.looks, self.post.clone(), Arc::clone(&self.alive));
        std::thread::Builder::new().name("zap-find".to_owned()).spawn(move || {
            let place = wanted.find(is_there);
            drop(alive);
            post.control(Control::Found(Found { look, place }));
        })?;
        self.waiting = Some(whose);
        Ok(())
    }

    /// Nobody waits any more.
    pub(super) fn stop(&mut self) {
        self.waiting = None;
    }

    /// Whose output mentions it and what came of it, if that is still waited for.
    pub(super) fn take(&mut self, found: Found) -> Option<(InstanceId, Result<Place, String>)> {
        let whose = self.waiting.take_if(|_| found.look == self.looks)?;
        Some((whose, found.place))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::app::inbox::inbox;
    use crate::app::message::Letters;

    fn wanted(file: &str) -> Wanted {
        let mention = Mention { file: file.to_owned(), line: 3, column: None, at: 0..1 };
        Wanted { files: vec![(vec![PathBuf::from(file)], mention)], missing: format!("{file} is not there") }
    }

    fn told(letters: &Letters) -> Found {
        let (mut control, mut output) = (VecDeque::new(), VecDeque::new());
        letters.take(&mut control, &mut output, Some(Duration::from_secs(30)));
        match control.pop_front() {
            Some(Control::Found(found)) if control.is_empty() => found,
            _ => panic!("one answer comes"),
        }
    }

    #[test]
    fn a_disk_that_never_answers_holds_up_nobody_and_its_late_answer_is_nobodys() {
        let (post, letters) = inbox();
        let mut finder = Finder::new(post);
        let (answer, asked) = channel();
        finder.look(wanted("/dead/a.rs"), InstanceId(1), move |_| asked.recv().is_ok()).unwrap();
        finder.stop();
        finder.look(wanted("b.rs"), InstanceId(2), |_| true).unwrap();
        let place = Place { file: PathBuf::from("b.rs"), line: 3, column: None };
        let found = told(&letters);
        assert_eq!(finder.take(found), Some((InstanceId(2), Ok(place))));
        finder.look(wanted("c.rs"), InstanceId(3), |_| false).unwrap();
        let missing = told(&letters);
        answer.send(()).unwrap();
        let late = told(&letters);
        assert_eq!(finder.take(late), None);
        assert_eq!(finder.take(missing), Some((InstanceId(3), Err("c.rs is not there".to_owned()))));
    }

    #[test]
    fn what_is_never_answered_does_not_become_more_and_more_threads() {
        let (post, letters) = inbox();
        let mut finder = Finder::new(post);
        let (answers, asked): (Vec<_>, Vec<_>) = (0..UNANSWERED).map(|_| channel::<()>()).unzip();
        for asked in asked {
            finder.look(wanted("/dead/a.rs"), InstanceId(1), move |_| asked.recv().is_ok()).unwrap();
        }
        let refused = finder.look(wanted("b.rs"), InstanceId(1), |_| true).unwrap_err();
        assert_eq!(refused.to_string(), "8 files were looked for without an answer yet");
        drop(answers);
        letters.take(&mut VecDeque::new(), &mut VecDeque::new(), Some(Duration::from_secs(30)));
        finder.look(wanted("b.rs"), InstanceId(1), |_| true).unwrap();
    }
}
