//! Files into which a program writes the pid of its daemon. Not: whether that process may be supervised (`family`).

use std::fs::{self, DirBuilder, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::model::SpawnError;
use crate::sys::reason;

/// No pid file is longer; some hold a few lines more than the pid.
const LONGEST: u64 = 4096;
/// Of what stands there instead of a number, so much is told.
const SHOWN: usize = 40;

/// What a pid file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// The pid.
    pub(super) number: i32,
    /// All that stands in the file.
    pub(super) text: String,
    /// Whose file it is.
    pub(super) owner: u32,
}

/// Reads the number in the first line. What is missing, empty or no number may still be written: the error says so, as a
/// fragment.
pub(super) fn read(file: &Path) -> Result<Written, String> {
    let shown = file.display();
    let (text, owner) = text(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("{shown} is not there yet"),
        _ => format!("{shown}: {}", reason(&error)),
    })?;
    let first = first_line(&text);
    if first.is_empty() {
        return Err(format!("{shown} is empty"));
    }
    if let Some(number) = number(first) {
        return Ok(Written { number, text, owner });
    }
    let first: String = first.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect();
    Err(format!("{shown} holds no pid: `{first}`"))
}

fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default().trim()
}

fn number(line: &str) -> Option<i32> {
    line.parse().ok().filter(|number| *number > 0)
}

/// What stands in the file, and whose it is.
fn text(file: &Path) -> io::Result<(String, u32)> {
    // A pipe in its place must not hold us up.
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(file)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), found.uid()))
}

/// Makes room for the pid of a new run: a file of an earlier one is removed, and the folder is made, for us alone. Whoever names
/// another file by mistake does not lose it: only what is empty or begins with a number goes. To be called before the run's
/// process is made; like the start itself it waits for the disk.
pub fn clear_pid_file(file: &Path) -> Result<(), SpawnError> {
    let shown = file.display();
    let told =
        |what: &str, error: &io::Error| SpawnError::Command(format!("{what} {shown}: {}", reason(error)));
    match fs::symlink_metadata(file) {
        Ok(found) => {
            if let Some(why) = other_than_pid(file, &found) {
                return Err(SpawnError::Command(format!("{shown} is no pid file: {why}")));
            }
            fs::remove_file(file).map_err(|error| told("cannot remove the old pid file", &error))?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(told("cannot look at the pid file", &error)),
    }
    let Some(folder) = file.parent() else { return Ok(()) };
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| told("cannot make the folder of the pid file", &error))
}

/// Why what is there is no file of an earlier run.
fn other_than_pid(file: &Path, found: &Metadata) -> Option<String> {
    if found.is_symlink() && !file.exists() {
        return None;
    }
    let (text, _) = match text(file) {
        Ok(read) => read,
        Err(error) => return Some(reason(&error)),
    };
    let first = first_line(&text);
    if text.len() as u64 >= LONGEST {
        return Some(format!("it holds {LONGEST} bytes or more"));
    }
    (!first.is_empty() && number(first).is_none()).then(|| "it begins with something else".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_the_first_line_counts_and_nothing_else_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.pid");
        assert_eq!(read(&file), Err(format!("{} is not there yet", file.display())));
        for (text, number) in
            [("12\n", Some(12)), (" 34 ", Some(34)), ("\n56\n/data\n", Some(56)), ("7", Some(7))]
        {
            fs::write(&file, text).unwrap();
            assert_eq!(read(&file).ok().map(|written| written.number), number, "{text:?}");
        }
        for (bytes, why) in [
            (&b""[..], " is empty"),
            (b" \n", " is empty"),
            (b"abc\x1b[31m\n", " holds no pid: `abc[31m`"),
            (b"-1", " holds no pid: `-1`"),
            (b"0", " holds no pid: `0`"),
            (b"99999999999999", " holds no pid: `99999999999999`"),
        ] {
            fs::write(&file, bytes).unwrap();
            assert_eq!(read(&file), Err(format!("{}{why}", file.display())), "{bytes:?}");
        }
        assert!(read(folder.path()).unwrap_err().ends_with("not a file"));
    }

    #[test]
    fn an_old_file_goes_and_every_other_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pids/of/x.pid");
        clear_pid_file(&file).unwrap();
        fs::write(&file, "1").unwrap();
        clear_pid_file(&file).unwrap();
        assert!(!file.exists());
        for old in ["", "\n", " 17 \n/data\n"] {
            fs::write(&file, old).unwrap();
            clear_pid_file(&file).unwrap();
            assert!(!file.exists(), "{old:?}");
        }
        let refused = |why: &str| {
            let refused = SpawnError::Command(format!("{} is no pid file: {why}", file.display()));
            assert_eq!(clear_pid_file(&file), Err(refused));
            assert!(file.exists());
        };
        for (text, why) in [
            ("1\n".repeat(3000), "it holds 4096 bytes or more"),
            ("precious".to_owned(), "it begins with something else"),
            ("-1".to_owned(), "it begins with something else"),
        ] {
            fs::write(&file, text).unwrap();
            refused(why);
        }
        fs::remove_file(&file).unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "precious").unwrap();
        std::os::unix::fs::symlink(&other, &file).unwrap();
        refused("it begins with something else");
        fs::remove_file(&other).unwrap();
        clear_pid_file(&file).unwrap();
        assert!(!file.is_symlink());
        nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        refused("not a file");
    }
}
