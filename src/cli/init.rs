//! `zap init`: a commented file to begin with.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use crate::config::STARTER;

use super::main::Failure;

/// Where it is written: into the present folder.
const FILE: &str = "systems.toml";

/// Writes the starter file; never over another one.
pub(super) fn init() -> Result<u8, Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(FILE);
    match file.and_then(|mut file| file.write_all(STARTER.as_bytes())) {
        Ok(()) => {
            let _ = writeln!(std::io::stdout(), "wrote {FILE}: read it, change it, then type `zap`");
            Ok(0)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::work(&format!(
            "{FILE} is there already, and stays as it is: `zap check` tells whether it is good"
        ))),
        Err(error) => Err(Failure::work(&format!("cannot write {FILE}: {error}"))),
    }
}
