//! What the readers may ask of the world while they read: the text of a file that is named, the rules of a time zone.
//! Not: the answers (see `load`).

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::load::LoadError;
use crate::problem::Source;

/// The two questions.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    /// The text of an env file.
    pub(super) text: &'a dyn Fn(&Path) -> Result<Arc<Source>, LoadError>,
    /// The rules of `local` or of an IANA name; else a hint.
    pub(super) zone: &'a dyn Fn(&str) -> Result<TimeZone, String>,
}

impl fmt::Debug for World<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("World")
    }
}
