//! One probe: when it is asked, what came back, how often. Not: what an answer means (`ready`, `health`), nor the asking
//! (`asking`).

use std::time::Duration;

use crate::config::Probe;
use crate::model::{Now, RunId, Time, span};

/// There is at least so much time between two questions, and for an answer: a nothing in the file must not become a flood.
pub(super) const BEAT: Duration = Duration::from_millis(100);

/// A probe of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Probing {
    /// Whether it is being asked.
    pub(super) course: Course,
    /// What came back last.
    pub(super) last: Option<Reply>,
    /// How many bad answers came one after the other.
    pub(super) bad: u32,
}

/// Whether a probe is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Course {
    /// It is not, and will not be.
    #[default]
    Idle,
    /// It will be.
    Resting {
        /// When.
        until: Time,
        /// The question before this one, if that was a hook: as long as anything of it is left, it is not asked;
        /// and once it is clear that nothing ends that, each time counts as no answer.
        hook: Option<RunId>,
    },
    /// An answer is awaited, until then.
    Asked {
        /// The question.
        run: RunId,
        /// Nobody waits for it any longer then.
        until: Time,
    },
    /// The end of a hook is awaited, which has a clock of its own.
    Hooked {
        /// The hook.
        run: RunId,
    },
}

/// What came back, as often as it did so one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// Whether it is a good one.
    pub(super) good: bool,
    /// In words: `connection refused`.
    pub(super) text: String,
    /// When it came first.
    pub(super) first: Now,
    /// When it came last.
    pub(super) at: Now,
    /// How often.
    pub(super) times: u32,
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Novelty {
    /// It is as before.
    Same,
    /// The words are other ones.
    Words,
    /// It is the first one, or good after bad ones, or bad after good ones.
    Turn,
}

impl Probing {
    /// Takes an answer.
    pub(super) fn answered(&mut self, good: bool, text: String, now: Now) -> Novelty {
        self.bad = if good { 0 } else { self.bad.saturating_add(1) };
        let fresh = Reply { good, text, first: now, at: now, times: 1 };
        match &mut self.last {
            Some(last) if last.good == good && last.text == fresh.text => {
                last.at = now;
                last.times = last.times.saturating_add(1);
                Novelty::Same
            }
            Some(last) => {
                let novelty = if last.good == good { Novelty::Words } else { Novelty::Turn };
                *last = fresh;
                novelty
            }
            None => {
                self.last = Some(fresh);
                Novelty::Turn
            }
        }
    }

    /// Whether this question is asked.
    pub(super) fn is_asked(&self, question: RunId) -> bool {
        match self.course {
            Course::Asked { run, .. } | Course::Hooked { run } => run == question,
            Course::Idle | Course::Resting { .. } => false,
        }
    }
}

impl Reply {
    /// `connection refused, 14 times in 7s`.
    pub(super) fn in_words(&self) -> String {
        match self.times {
            1 => self.text.clone(),
            times => {
                let span = self.at.mono.since(self.first.mono);
                format!("{}, {times} times in {}", self.text, span::in_words(span))
            }
        }
    }
}

/// What is asked, in words: `tcp 127.0.0.1:5432`.
pub(super) fn in_words(probe: &Probe) -> String {
    match probe {
        Probe::Tcp { host, port } if host.contains(':') => format!("tcp [{host}]:{port}"),
        Probe::Tcp { host, port } => format!("tcp {host}:{port}"),
        Probe::Http { url, .. } => url.clone(),
        Probe::Command { line, .. } => format!("`{line}`"),
        Probe::File(path) => format!("file {}", path.display()),
        Probe::Folder { folder, .. } => format!("folder {}", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Wall;

    fn at(ms: u64) -> Now {
        Now { mono: Time(Duration::from_millis(ms)), wall: Wall(0) }
    }

    #[test]
    fn answers_are_counted_until_another_one_comes() {
        let mut probing = Probing::default();
        let refused = || "connection refused".to_owned();
        assert_eq!(probing.answered(false, refused(), at(0)), Novelty::Turn);
        assert_eq!(probing.last.as_ref().map(Reply::in_words), Some(refused()));
        assert_eq!(probing.answered(false, refused(), at(7_000)), Novelty::Same);
        assert_eq!(probing.last.as_ref().unwrap().in_words(), "connection refused, 2 times in 7s");
        assert_eq!(probing.answered(false, "no route".to_owned(), at(8_000)), Novelty::Words);
        assert_eq!((probing.bad, probing.last.as_ref().unwrap().times), (3, 1));
        assert_eq!(probing.answered(true, "yes".to_owned(), at(9_000)), Novelty::Turn);
        assert_eq!(probing.bad, 0);
    }

    #[test]
    fn an_address_of_version_six_has_brackets() {
        let tcp = |host: &str| in_words(&Probe::Tcp { host: host.to_owned(), port: 80 });
        assert_eq!((tcp("::1").as_str(), tcp("db").as_str()), ("tcp [::1]:80", "tcp db:80"));
    }
}
