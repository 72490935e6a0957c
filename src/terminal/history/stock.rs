//! What the folder of a history takes on the disk, file by file, for who must make room there. Not: which of it is to go.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::shelf::{NEW_TAIL, Name, TAIL};

/// A file of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where it is.
    pub path: PathBuf,
    /// Its number, for a file of finished lines; the file of the newest lines has none.
    pub number: Option<u32>,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// When its last line was written, in milliseconds since 1970; never before that of an older file.
    pub at: i64,
}

/// The files of a history, the one with the oldest lines first. What is not of a history is not among them.
pub fn stored(folder: &Path) -> Vec<Stored> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(Option<Name>, Stored)> = entries
        .filter_map(|entry| {
            let text = entry.file_name();
            let name = Name::parse(text.to_str()?);
            if name.is_none() && text != TAIL && text != NEW_TAIL {
                return None;
            }
            let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            let at = meta.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            let at = i64::try_from(at).unwrap_or(i64::MAX);
            let number = name.map(|name| name.file);
            Some((name, Stored { path: entry.path(), number, bytes: meta.len(), at }))
        })
        .collect();
    found.sort_unstable_by_key(|(name, _)| (name.is_none(), *name));
    let mut latest = i64::MIN;
    for (_, stored) in &mut found {
        latest = latest.max(stored.at);
        stored.at = latest;
    }
    found.into_iter().map(|(_, stored)| stored).collect()
}
