//! What a job needs before it starts.

/// One entry of `depends-on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A job that exists in the plan: all of its instances.
    Job {
        /// The name of its system.
        system: String,
        /// Its name.
        job: String,
        /// What it must have come to.
        until: Until,
        /// What follows when it is lost.
        on_loss: OnLoss,
    },
    /// Something outside of zap: asked for until it succeeds, before each start.
    Command {
        /// An argument vector.
        command: Vec<String>,
        /// As the file has it.
        line: String,
    },
}

/// `depends-on.until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// It is up.
    Running,
    /// It is up, and its probe has answered.
    Ready,
    /// It ended as expected, once.
    Done,
}

/// `depends-on.on-loss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnLoss {
    /// Stopped, and started when the need is met again.
    Stop,
    /// Nothing.
    Ignore,
    /// It goes on, and is restarted when the need is met again.
    Restart,
}
