//! One thread beside the loop that opens histories and writes them to the disk. A disk that is full, slow or broken holds up nothing:
//! what cannot be written waits there (`writer`), and is dropped by the loop when it becomes too much. `total`: what all projects
//! keep together, `gone`: which of them are there no more. Not: what is written and when (`histories`).

mod gone;
#[cfg(test)]
mod small;
mod total;
mod writer;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::model::Station;
use crate::terminal::{Discarded, Files, Package, Tail, Terminal, Written};
use total::Total;
use writer::Writer;

/// Writing is no deep call; the blocks are not on the stack.
const STACK: usize = 128 * 1024;

/// What a history is known by: the name of its folder.
pub(crate) type Name = Arc<str>;

/// What the thread is told.
pub(super) enum Task {
    /// These are to be opened, unless they are. When that is done and told, the sender is dropped.
    Open(Vec<Station>, Option<Sender<()>>),
    /// These lines are to be written.
    Block(Name, Package),
    /// These newest lines are to be written.
    Tail(Name, Tail),
    /// This file is not wanted any more.
    Discard(Name, Discarded),
    /// All projects together keep so many bytes, and these histories are of jobs that are there.
    Bound(u64, HashSet<Name>),
    /// All that was told before is to be written now, or it is too late; the answer tells that it was tried.
    Finish(Sender<()>),
}

/// What the thread tells.
pub(crate) enum Archived {
    /// Whether another zap has the folder of the histories and is waited for: it makes room there, or it runs the same file.
    Held(bool),
    /// These terminals go on where earlier lives of zap have stopped.
    Opened(Vec<(Station, Box<Terminal>)>),
    /// These lines of a history are on the disk.
    Written(Name, Vec<Written>),
    /// Of a history the files up to this number are to go: all projects together keep too much.
    Crowded(Name, u32),
    /// A history cannot be written: what, and why. Told once until all can be written again.
    Failed(String),
    /// All histories are on the disk again.
    Recovered,
}

/// The way to the thread, which ends when this is dropped.
pub(super) struct Archive {
    tasks: Sender<Task>,
}

impl Archive {
    /// Starts the thread. `state` is the folder of what lasts of the project, whose config file this is.
    pub(super) fn start(
        state: &Path,
        file: PathBuf,
        tell: impl Fn(Archived) + Send + 'static,
    ) -> io::Result<Self> {
        let (tasks, queue) = channel();
        let total = Total::new(state, file);
        let mut writer = Writer::new(state.join(total::HISTORY), Files::default(), total, tell);
        let thread = std::thread::Builder::new().name("zap-archive".to_owned()).stack_size(STACK);
        thread.spawn(move || writer.run(&queue))?;
        Ok(Self { tasks })
    }

    /// Tells the thread something. Never waits.
    pub(super) fn tell(&self, task: Task) {
        // A thread that is gone has panicked, and zap ends.
        let _ = self.tasks.send(task);
    }

    /// Waits until these are open, but not longer than this; whether they are.
    pub(super) fn open(&self, stations: Vec<Station>, patience: Duration) -> bool {
        let (done, answer) = channel();
        self.tell(Task::Open(stations, Some(done)));
        answer.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected)
    }

    /// Waits until all was tried to be written, but not longer than this.
    pub(super) fn finish(&self, patience: Duration) {
        let (done, answer) = channel();
        self.tell(Task::Finish(done));
        // Either all is written, or it has taken too long.
        let _ = answer.recv_timeout(patience);
    }
}

/// The folder of a station: `system.job.1`. A dot of a name is written as `~`, which no name has, so that no two are the same.
pub(super) fn name_of(station: &Station) -> Name {
    let plain = |name: &str| name.replace('.', "~");
    Name::from(format!("{}.{}.{}", plain(&station.system), plain(&station.job), station.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_stations_have_one_folder() {
        let station = |system: &str, job: &str| Station { system: system.into(), job: job.into(), number: 1 };
        assert_eq!(&*name_of(&station("dev", "web")), "dev.web.1");
        assert_ne!(name_of(&station("a.b", "c")), name_of(&station("a", "b.c")));
        assert_eq!(&*name_of(&station("..", "..")), "~~.~~.1");
    }
}
