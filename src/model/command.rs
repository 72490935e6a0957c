//! What a person may ask of the supervisor: the same words for keys, arguments and (later) the socket.

use serde::{Deserialize, Serialize};

use crate::model::{InstanceId, Size};

/// A wish. Commands about several things are carried out together, in the right order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Start what is not running (a system: its `autostart` jobs), and what it needs. A pending retry happens at once.
    Start(Vec<Target>),
    /// Stop and keep it down until started.
    Stop(Vec<Target>),
    /// End it and start it again; starts what is not running. Zeroes the counters, skips the backoff.
    Restart(Vec<Target>),
    /// KILL at once, and keep it down until started.
    Kill(Vec<Target>),
    /// Restart every instance that has failed.
    RestartFailed,
    /// Send a signal to the process groups of what runs.
    Signal {
        /// To whom.
        targets: Vec<Target>,
        /// The number of the signal.
        signal: i32,
    },
    /// Type bytes into the terminal of an instance; nothing happens if it has no run.
    Type {
        /// Whose terminal.
        instance: InstanceId,
        /// What is typed.
        bytes: Vec<u8>,
    },
    /// Somebody looks at an instance through a pane of this size.
    Resize {
        /// Whose terminal.
        instance: InstanceId,
        /// The size of the pane.
        size: Size,
    },
    /// Stop everything, then zap. The second time: KILL everything at once.
    Quit,
}

/// What a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// All jobs of a system, by its name.
    System(String),
    /// All instances of a job.
    Job {
        /// The name of its system.
        system: String,
        /// Its name.
        job: String,
    },
    /// One instance of a job, by its number.
    Numbered {
        /// The name of its system.
        system: String,
        /// The name of its job.
        job: String,
        /// Its number, from 1.
        number: u32,
    },
    /// One instance.
    Instance(InstanceId),
}
