//! Whether something in a folder, or below it, changed lately. Not: what changed.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use crate::sys::{clock, reason};

/// More entries are not looked at: whoever keeps so many files must name a folder further down.
const MOST: usize = 200_000;

/// Looks for a change that is not older than `inactive`, and is satisfied with the first one. Links are not followed, but for
/// the folder itself.
pub(super) fn changes(folder: &Path, inactive: Duration, stop: &AtomicBool) -> Result<(), String> {
    let since = clock::file_time().checked_sub(inactive).unwrap_or(SystemTime::UNIX_EPOCH);
    // Which folder it is, whoever asks knows.
    let told = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        _ => reason(&error),
    };
    let mut open = vec![fs::read_dir(folder).map_err(told)?];
    if is_young(&folder.metadata().map_err(told)?, since) {
        return Ok(());
    }
    let mut below: Vec<PathBuf> = Vec::new();
    let mut looked = 0;
    while let Some(entries) = open.pop() {
        for entry in entries.flatten() {
            looked += 1;
            if looked > MOST || stop.load(Ordering::Relaxed) {
                return Err(format!("it holds more than {MOST} files"));
            }
            // Of the entry itself, also of a link. What vanishes meanwhile changed its folder.
            let Ok(metadata) = entry.metadata() else { continue };
            if is_young(&metadata, since) {
                return Ok(());
            }
            if metadata.is_dir() {
                below.push(entry.path());
            }
        }
        // One at a time: a wide tree must not take all descriptors.
        while let (true, Some(next)) = (open.is_empty(), below.pop()) {
            open.extend(fs::read_dir(&next));
        }
    }
    Err(format!("nothing changed within {}", humantime::format_duration(inactive)))
}

fn is_young(metadata: &Metadata, since: SystemTime) -> bool {
    metadata.modified().is_ok_and(|modified| modified >= since)
}
