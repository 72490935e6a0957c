//! The thread that reads whole histories for those who look: it runs errands one after the other. Not: what they look for.

use std::io;
use std::sync::mpsc::{Sender, channel};

use crate::terminal::Errand;

use super::message::{Control, Post};

/// The thread. It is started by the first errand and ends when this is dropped.
pub(super) struct Searcher {
    post: Post,
    errands: Option<Sender<Errand>>,
}

impl Searcher {
    /// Nothing is sought yet.
    pub(super) fn new(post: Post) -> Self {
        Self { post, errands: None }
    }

    /// Runs an errand after those that were given before; what comes of it is told to the loop. Never blocks. Fails if there is
    /// no thread to be had.
    pub(super) fn run(&mut self, errand: Errand) -> io::Result<()> {
        let errands = match &self.errands {
            Some(errands) => errands,
            None => self.errands.insert(start(self.post.clone())?),
        };
        // A thread that is gone has panicked, and zap ends.
        let _ = errands.send(errand);
        Ok(())
    }
}

fn start(post: Post) -> io::Result<Sender<Errand>> {
    let (errands, queue) = channel::<Errand>();
    std::thread::Builder::new().name("zap-search".to_owned()).spawn(move || {
        for errand in queue {
            post.control(Control::Counted(errand.run()));
        }
    })?;
    Ok(errands)
}
