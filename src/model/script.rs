//! Placeholder until the script of a step sequence is merged: steps joined by `&&`, without marks.

use std::ffi::OsString;

use crate::config::{Session, Step};
use crate::model::Nonce;

/// The argument vector that runs a sequence of steps.
pub(crate) fn argv(
    shell: &[String],
    session: Option<&Session>,
    steps: &[Step],
    _nonce: Nonce,
) -> Vec<OsString> {
    let line = steps.iter().map(|step| step.run.as_str()).collect::<Vec<_>>().join(" && ");
    let opener = session.map_or(shell, |session| &session.argv);
    opener.iter().map(OsString::from).chain([OsString::from(line)]).collect()
}
