//! Another user, as whom a job runs. Not: making its process (`spawn`).

use std::ffi::{CString, OsStr, OsString};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{Gid, Uid, User, getgrouplist};

use crate::model::{Launch, Size, SpawnError, Stream, signal_name};
use crate::sys::limits::NoFile;
use crate::sys::program;
use crate::sys::spawn::{self, Outlets, Seat};

/// Set for whom the job runs as, unless the job sets them.
const PERSONAL: [&str; 4] = ["HOME", "USER", "LOGNAME", "SHELL"];

/// All that is known of a user, looked up before there is a process.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) uid: libc::uid_t,
    pub(super) gid: libc::gid_t,
    pub(super) groups: Vec<libc::gid_t>,
    home: PathBuf,
    shell: PathBuf,
}

/// How a launch comes to its user.
#[derive(Debug)]
pub(super) enum Way {
    /// It runs as we do.
    AsWeAre,
    /// We are root and become that user.
    Become(Person),
    /// Somebody must allow it.
    Sudo(Person),
}

/// How a launch comes to the user it names.
pub(super) fn way(launch: &Launch) -> Result<Way, SpawnError> {
    let Some(name) = &launch.user else { return Ok(Way::AsWeAre) };
    let person = find(name)?;
    let we = Uid::effective();
    Ok(if we.as_raw() == person.uid {
        Way::AsWeAre
    } else if we.is_root() {
        Way::Become(person)
    } else {
        Way::Sudo(person)
    })
}

/// The number of the user that a launch names, if it names one.
pub(super) fn id(launch: &Launch) -> Option<libc::uid_t> {
    find(launch.user.as_ref()?).ok().map(|person| person.uid)
}

fn find(name: &str) -> Result<Person, SpawnError> {
    let unknown = || SpawnError::Command(format!("no user named `{name}` on this machine"));
    let user = match User::from_name(name) {
        Ok(user) => user.ok_or_else(unknown)?,
        // What some systems say of a name that is not there: getpwnam(3).
        Err(Errno::ENOENT | Errno::ESRCH | Errno::EPERM) => return Err(unknown()),
        Err(errno) => {
            return Err(SpawnError::System(format!("cannot look up the user `{name}`: {}", errno.desc())));
        }
    };
    let c_name = CString::new(name).map_err(|_| unknown())?;
    let groups = getgrouplist(&c_name, user.gid).unwrap_or_else(|_| vec![user.gid]);
    Ok(Person {
        name: user.name,
        uid: user.uid.as_raw(),
        gid: user.gid.as_raw(),
        groups: groups.into_iter().map(Gid::as_raw).collect(),
        home: user.dir,
        shell: user.shell,
    })
}

/// The environment of a launch for a person. What the launch has as zap has it, it has from zap.
pub(super) fn environment(launch: &Launch, person: &Person) -> Vec<(OsString, OsString)> {
    environment_within(launch, person, |name| std::env::var_os(name))
}

fn environment_within(
    launch: &Launch,
    person: &Person,
    ours: impl Fn(&str) -> Option<OsString>,
) -> Vec<(OsString, OsString)> {
    let mut env = launch.env.clone();
    let theirs = [
        person.home.as_os_str(),
        OsStr::new(&person.name),
        OsStr::new(&person.name),
        person.shell.as_os_str(),
    ];
    for (name, value) in PERSONAL.into_iter().zip(theirs) {
        let inherited = ours(name);
        match env.iter_mut().find(|(of, _)| of == name) {
            Some((_, set)) if Some(&*set) == inherited.as_ref() => value.clone_into(set),
            Some(_) => {}
            // It was taken out on purpose.
            None if inherited.is_some() => {}
            None => env.push((name.into(), value.into())),
        }
    }
    env
}

/// The same launch by sudo, which asks nothing. What is in the environment of the job and not in ours is kept by its name: a
/// value on a command line is seen by everybody.
pub(super) fn by_sudo(launch: &Launch, program: &Path, person: &Person) -> Result<Launch, SpawnError> {
    let words = by_sudo_within(launch, program, person, |name| std::env::var_os(name));
    let sudo = Launch { argv: words, user: None, ..launch.clone() };
    program::find(&sudo).map_err(|_| {
        SpawnError::Command(format!(
            "to run as `{}` zap must be root or have sudo, and there is no sudo on this machine",
            person.name
        ))
    })?;
    Ok(sudo)
}

fn by_sudo_within(
    launch: &Launch,
    program: &Path,
    person: &Person,
    ours: impl Fn(&OsStr) -> Option<OsString>,
) -> Vec<OsString> {
    // sudo knows better where home is, and looks for programs in places of its own.
    let is_ours = |name: &OsStr, value: &OsStr| ours(name).is_some_and(|ours| ours == value);
    let kept = launch.env.iter().filter(|(name, value)| !is_ours(name, value)).map(|(name, _)| name);
    let kept: Vec<_> =
        kept.filter(|name| !name.as_encoded_bytes().contains(&b',')).map(OsString::as_os_str).collect();
    let mut words: Vec<OsString> = ["sudo", "-n", "-u", &person.name].map(OsString::from).into();
    if !kept.is_empty() {
        let mut names = OsString::from("--preserve-env=");
        names.push(kept.join(OsStr::new(",")));
        words.push(names);
    }
    words.push("--".into());
    words.push(launch.folder.join(program).into());
    words.extend(launch.argv.iter().skip(1).cloned());
    words
}

/// Sends a signal to processes and groups (below 0) of another user, by a process that nobody waits for.
pub(super) fn kill_by_sudo(
    signal: i32,
    whom: impl Iterator<Item = i32>,
    limit: NoFile,
) -> Result<i32, SpawnError> {
    let mut argv: Vec<OsString> = ["sudo", "-n", "kill"].map(OsString::from).into();
    argv.push(format!("-{}", signal_name(signal)).into());
    argv.push("--".into());
    argv.extend(whom.map(|who| OsString::from(who.to_string())));
    let launch = Launch {
        argv,
        env: std::env::vars_os().collect(),
        folder: "/".into(),
        umask: None,
        size: Size::UNSEEN,
        nonce: None,
        user: None,
        stdout: Stream::Discard,
        stderr: Stream::Discard,
        heard: false,
    };
    let nothing = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null");
    let nothing = nothing.map_err(|error| SpawnError::System(error.to_string()))?;
    spawn::spawn(&launch, Seat::Apart(nothing.into()), Outlets::default(), limit)
}

/// Becomes that person. To be called in a child that shares our memory: libc's own calls would change all of our threads.
#[expect(unsafe_code, reason = "libc's wrappers speak to all threads of the process")]
pub(super) unsafe fn become_person(person: &Person) -> nix::Result<()> {
    // SAFETY: the groups are in memory of ours that outlives the call; the others take numbers only.
    unsafe {
        let (uid, gid) = (person.uid, person.gid);
        Errno::result(libc::syscall(libc::SYS_setgroups, person.groups.len(), person.groups.as_ptr()))?;
        Errno::result(libc::syscall(libc::SYS_setresgid, gid, gid, gid))?;
        Errno::result(libc::syscall(libc::SYS_setresuid, uid, uid, uid))?;
    }
    Ok(())
}

/// Gives terminals and pipes to their user, who may want to open them by name (`/dev/stdout`).
pub(super) fn give<'a>(ends: impl Iterator<Item = BorrowedFd<'a>>, person: &Person) {
    for end in ends {
        // The null device is everybody's. What cannot be given away works all the same, but for opening it anew.
        if nix::sys::stat::fstat(end).is_ok_and(|end| end.st_rdev != NULL_DEVICE) {
            let _ = nix::unistd::fchown(end, Some(Uid::from_raw(person.uid)), None);
        }
    }
}

/// Linux, Documentation/admin-guide/devices.txt: 1, 3.
const NULL_DEVICE: libc::dev_t = libc::makedev(1, 3);

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            name: "ann".to_owned(),
            uid: 1234,
            gid: 1234,
            groups: vec![1234],
            home: "/home/ann".into(),
            shell: "/bin/fish".into(),
        }
    }

    fn launch(env: &[(&str, &str)]) -> Launch {
        Launch {
            argv: ["serve", "--port", "80"].map(OsString::from).into(),
            env: env.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            folder: "/srv".into(),
            umask: None,
            size: Size::UNSEEN,
            nonce: None,
            user: Some("ann".to_owned()),
            stdout: Stream::Terminal,
            stderr: Stream::Terminal,
            heard: false,
        }
    }

    fn ours(name: &OsStr) -> Option<OsString> {
        let of = [("HOME", "/root"), ("USER", "root"), ("SHELL", "/bin/sh"), ("PATH", "/bin")];
        of.into_iter().find(|(of, _)| *of == name).map(|(_, value)| value.into())
    }

    #[test]
    fn what_the_job_sets_or_takes_out_stays_so() {
        let launch = launch(&[("HOME", "/root"), ("USER", "by the job"), ("PATH", "/bin")]);
        let env = environment_within(&launch, &person(), |name| ours(OsStr::new(name)));
        let env: Vec<_> =
            env.iter().map(|(name, value)| (name.to_str().unwrap(), value.to_str().unwrap())).collect();
        assert_eq!(
            env,
            [("HOME", "/home/ann"), ("USER", "by the job"), ("PATH", "/bin"), ("LOGNAME", "ann")]
        );
    }

    #[test]
    fn sudo_is_told_names_and_no_values() {
        let launch = launch(&[("HOME", "/root"), ("PATH", "/bin"), ("TOKEN", "hidden"), ("ZAP_RUN", "7")]);
        let words = by_sudo_within(&launch, Path::new("/usr/bin/serve"), &person(), ours);
        let expected = [
            "sudo",
            "-n",
            "-u",
            "ann",
            "--preserve-env=TOKEN,ZAP_RUN",
            "--",
            "/usr/bin/serve",
            "--port",
            "80",
        ];
        assert_eq!(words, expected.map(OsString::from));
        let relative = by_sudo_within(&launch, Path::new("./serve"), &person(), ours);
        assert_eq!(relative[6], "/srv/./serve");
    }
}
