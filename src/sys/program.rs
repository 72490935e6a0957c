//! Which file a command means, and why it cannot be run. Not: running it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::AccessFlags;

use crate::model::{Launch, SpawnError};

/// Where commands are looked for when the job's environment has no `PATH`.
const NO_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The folder of a launch can be entered.
pub(super) fn check_folder(folder: &Path) -> Result<(), SpawnError> {
    let shown = folder.display();
    match folder.metadata() {
        Ok(found) if !found.is_dir() => Err(command(format!("folder {shown} is not a folder"))),
        Ok(_) if nix::unistd::eaccess(folder, AccessFlags::X_OK).is_err() => {
            Err(command(format!("folder {shown} may not be entered")))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(command(format!("folder {shown} may not be entered")))
        }
        Err(_) => Err(command(format!("folder {shown} does not exist"))),
    }
}

/// The file that the first word of a launch means, as it is given to exec in the folder of the launch: a word with a slash is
/// a path, any other is looked for in the `PATH` of the launch's own environment.
pub(super) fn find(launch: &Launch) -> Result<PathBuf, SpawnError> {
    let Some(word) = launch.argv.first() else { return Err(command("no command".to_owned())) };
    if word.as_bytes().contains(&b'/') {
        return Ok(PathBuf::from(word));
    }
    let shown = word.display();
    if word.is_empty() {
        return Err(command("the command is an empty word".to_owned()));
    }
    let mut refused = None;
    for place in places(launch) {
        let candidate = place.join(word);
        let file = launch.folder.join(&candidate);
        if !file.is_file() {
            continue;
        }
        if nix::unistd::eaccess(&file, AccessFlags::X_OK).is_ok() {
            return Ok(candidate);
        }
        refused.get_or_insert(candidate);
    }
    Err(command(match refused {
        Some(candidate) => format!("not executable: {}", candidate.display()),
        None => format!("command not found: {shown}"),
    }))
}

fn places(launch: &Launch) -> Vec<PathBuf> {
    let set = launch.env.iter().rev().find(|(name, _)| name == "PATH").map(|(_, value)| value.as_os_str());
    let places = set.unwrap_or(OsStr::new(NO_PATH)).as_bytes().split(|byte| *byte == b':');
    // An empty entry means the folder in which the command runs.
    places
        .map(|place| {
            if place.is_empty() { Path::new(".") } else { Path::new(OsStr::from_bytes(place)) }.to_owned()
        })
        .collect()
}

/// Why exec refused `program`, in words.
pub(super) fn explain(errno: Errno, program: &Path, folder: &Path) -> SpawnError {
    if let Err(error) = check_folder(folder) {
        return error;
    }
    let file = folder.join(program);
    let shown = program.display();
    let interpreter = || interpreter(&file);
    command(match errno {
        Errno::EAGAIN | Errno::ENOMEM | Errno::EMFILE | Errno::ENFILE | Errno::ENOSPC => {
            return lacking(errno);
        }
        Errno::ENOENT | Errno::ENOTDIR if !file.exists() => format!("no such file: {shown}"),
        Errno::ENOENT | Errno::ENOTDIR => match interpreter() {
            Some(name) => {
                format!("interpreter {} not found (named in the first line of {shown})", name.display())
            }
            None => format!("the loader that {shown} needs is not on this machine"),
        },
        Errno::EACCES | Errno::EPERM if file.is_dir() => format!("is a folder: {shown}"),
        Errno::EACCES if nix::unistd::eaccess(&file, AccessFlags::X_OK).is_err() => {
            format!("not executable: {shown}")
        }
        Errno::EACCES => match interpreter() {
            Some(name) if nix::unistd::eaccess(Path::new(&name), AccessFlags::X_OK).is_err() => format!(
                "interpreter {} is not executable (named in the first line of {shown})",
                name.display()
            ),
            Some(_) | None => format!("may not be executed: {shown}"),
        },
        Errno::EISDIR => format!("is a folder: {shown}"),
        Errno::ENOEXEC => format!("not a program (exec format error): {shown}"),
        Errno::E2BIG => "arguments and environment are too long".to_owned(),
        Errno::ETXTBSY => format!("just being written: {shown}"),
        Errno::ELOOP => format!("too many symbolic links, or interpreters of interpreters: {shown}"),
        Errno::ENAMETOOLONG => format!("name too long: {shown}"),
        other => format!("{shown}: {}", other.desc()),
    })
}

/// What zap itself lacks.
pub(super) fn lacking(errno: Errno) -> SpawnError {
    SpawnError::System(match errno {
        Errno::EAGAIN => "no more processes are allowed".to_owned(),
        Errno::ENOMEM => "no memory for another process".to_owned(),
        Errno::EMFILE => "zap has no more descriptors".to_owned(),
        Errno::ENFILE => "the machine has no more descriptors".to_owned(),
        other => format!("cannot make a process: {}", other.desc()),
    })
}

fn command(text: String) -> SpawnError {
    SpawnError::Command(text)
}

/// The interpreter that the first line of a script names.
fn interpreter(script: &Path) -> Option<OsString> {
    let mut head = Vec::new();
    File::open(script).ok()?.take(256).read_to_end(&mut head).ok()?;
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    // A carriage return at the end belongs to the name for the kernel, and is the fault that nobody sees.
    let name = line.split(|byte| matches!(byte, b' ' | b'\t')).find(|word| !word.is_empty())?;
    let shown = String::from_utf8_lossy(name).replace('\r', "\\r");
    Some(if name.contains(&b'\r') { shown.into() } else { OsString::from_vec(name.to_vec()) })
}
