//! Randomness from the kernel: the seed of all that zap needs of it.

use std::fs::File;
use std::io::Read;

/// A number that nobody can guess.
pub fn seed() -> std::io::Result<u64> {
    let mut bytes = [0; 8];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(u64::from_ne_bytes(bytes))
}
