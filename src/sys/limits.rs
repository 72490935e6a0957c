//! Limits of resources: zap raises its own, jobs get the original ones.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// How many descriptors a process may have: the soft and the hard limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFile {
    /// The limit in force.
    pub soft: u64,
    /// How far it may be raised.
    pub hard: u64,
}

impl NoFile {
    /// The limit of this process.
    pub fn present() -> std::io::Result<Self> {
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
        Ok(Self { soft, hard })
    }
}

/// Raises the limit of this process as far as it goes and returns the original one, which jobs are to get.
pub fn raise_descriptors() -> std::io::Result<NoFile> {
    let original = NoFile::present()?;
    if original.soft < original.hard {
        setrlimit(Resource::RLIMIT_NOFILE, original.hard, original.hard)?;
    }
    Ok(original)
}
