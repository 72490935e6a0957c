//! The files that a file names, each read once however often it is named. Not: what they say.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::text::{self, Trust};
use super::{LoadError, Request};
use crate::problem::Source;

/// What was read so far.
pub(super) struct NamedFiles<'r> {
    request: &'r Request,
    known: RefCell<BTreeMap<PathBuf, Result<Arc<Source>, LoadError>>>,
}

impl<'r> NamedFiles<'r> {
    pub(super) fn new(request: &'r Request) -> Self {
        Self { request, known: RefCell::default() }
    }

    /// The text of a file; always the same one, so that its problems are told once.
    pub(super) fn text(&self, path: &Path) -> Result<Arc<Source>, LoadError> {
        let mut known = self.known.borrow_mut();
        let text = known.entry(path.to_owned()).or_insert_with(|| read(path, self.request));
        text.clone()
    }

    /// Which files were named, whether they could be read or not.
    pub(super) fn names(self) -> impl Iterator<Item = PathBuf> {
        self.known.into_inner().into_keys()
    }
}

fn read(path: &Path, request: &Request) -> Result<Arc<Source>, LoadError> {
    // Reading a pipe or a terminal would wait for somebody to write.
    let is_odd = path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    if is_odd {
        return Err(LoadError::Unreadable {
            file: path.to_owned(),
            why: "it is not a plain file".to_owned(),
        });
    }
    text::read(path, request.shown(path), Trust::All)
}
