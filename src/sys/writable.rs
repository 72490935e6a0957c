//! Whether something could be written at the end of a file, by what the folders say now. Not: the writing.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::Path;

use nix::unistd::{AccessFlags, access};

use super::reason::reason;

/// Why nothing can be written at the end of this file, if so. A file that is not there would be made.
pub fn obstacle(file: &Path) -> Option<String> {
    match file.metadata() {
        Ok(found) if found.is_dir() => Some("it is a folder".to_owned()),
        Ok(_) => refused(file, AccessFlags::W_OK),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = file.parent()?;
            match folder.metadata().as_ref().map(Metadata::is_dir) {
                Ok(true) => refused(folder, AccessFlags::W_OK | AccessFlags::X_OK),
                Ok(false) => Some(format!("{} is not a folder", folder.display())),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    Some(format!("the folder {} does not exist", folder.display()))
                }
                Err(error) => Some(reason(error)),
            }
        }
        Err(error) => Some(reason(&error)),
    }
}

fn refused(path: &Path, wanted: AccessFlags) -> Option<String> {
    let error = access(path, wanted).err()?;
    Some(format!("{}: {}", path.display(), reason(&error.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_way_of_a_file_is_named() {
        let top = tempfile::tempdir().expect("a folder");
        let file = top.path().join("events");
        assert_eq!(obstacle(&file), None);
        std::fs::write(&file, "").expect("it can be written");
        assert_eq!(obstacle(&file), None);
        assert_eq!(obstacle(top.path()), Some("it is a folder".to_owned()));
        assert_eq!(
            obstacle(&top.path().join("missing/events")),
            Some(format!("the folder {} does not exist", top.path().join("missing").display()))
        );
    }
}
