//! A file's bytes as a text, and whether they may be trusted. Not: what the text means.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use super::LoadError;
use crate::problem::{Problem, Source};

/// More than any person writes; what is larger is not a file of ours.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Whose files are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Anybody's: a person named the file.
    All,
    /// Those of this user and of root that no others may write.
    Own { user: u32 },
}

/// Reads a file whose name is shown as `name`.
pub(super) fn read(path: &Path, name: String, trust: Trust) -> Result<Arc<Source>, LoadError> {
    let unreadable = |error: &io::Error| LoadError::Unreadable { file: path.to_owned(), why: reason(error) };
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    // Of the open file, so that it cannot be another one by the time it is read.
    let metadata = file.metadata().map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(LoadError::Unreadable { file: path.to_owned(), why: "it is a folder".to_owned() });
    }
    if let Some(why) = distrust(&metadata, trust) {
        return Err(LoadError::NotTrusted { file: path.to_owned(), why });
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(LoadError::Unreadable {
            file: path.to_owned(),
            why: "it is larger than 16 MB".to_owned(),
        });
    }
    decode(bytes, name)
}

fn decode(bytes: Vec<u8>, name: String) -> Result<Arc<Source>, LoadError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(Source { name, text: plain(text) })),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Arc::new(Source { name, text });
            let span = start..start + char::REPLACEMENT_CHARACTER.len_utf8();
            let mut problem = Problem::error(&source, span, "this is not UTF-8");
            problem.label = Some("save the file with the encoding UTF-8".to_owned());
            Err(LoadError::Problems(vec![problem]))
        }
    }
}

/// The text without what Windows adds: a byte order mark would shift the columns of the first line, and the carriage
/// returns of a command with several lines would reach its shell.
fn plain(text: String) -> String {
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text }
}

fn distrust(metadata: &Metadata, trust: Trust) -> Option<String> {
    let Trust::Own { user } = trust else { return None };
    let owner = metadata.uid();
    if owner != user && owner != 0 {
        return Some("it belongs to another user, and its commands would run as you".to_owned());
    }
    (metadata.mode() & 0o002 != 0)
        .then(|| "everybody may write it, and its commands would run as you".to_owned())
}

/// The words of the system without its number.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
