//! What a process sees of its surroundings, as JSON. Rust's own start has ignored PIPE, and caught SEGV and BUS.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::fd::AsFd;

use nix::sys::resource::{Resource, getrlimit};
use nix::unistd::{getgid, getgroups, getpgrp, getpid, getppid, getsid, getuid, tcgetpgrp, ttyname};
use serde_json::{Value, json};

pub(crate) fn look() -> Value {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| -> String {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_default().trim().to_owned()
    };
    let environment: BTreeMap<_, _> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .collect();
    let arguments: Vec<_> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    json!({
        "pid": getpid().as_raw(),
        "ppid": getppid().as_raw(),
        "sid": getsid(None).unwrap().as_raw(),
        "pgid": getpgrp().as_raw(),
        "foreground": tcgetpgrp(io::stdin()).map(nix::unistd::Pid::as_raw).ok(),
        "tty": [tty(&io::stdin()), tty(&io::stdout()), tty(&io::stderr())],
        "uid": getuid().as_raw(),
        "gid": getgid().as_raw(),
        "groups": groups(),
        "opens_anew": [opens_anew(1), opens_anew(2)],
        "controlling": fs::File::open("/dev/tty").is_ok(),
        "size": crossterm::terminal::size().ok(),
        "folder": std::env::current_dir().unwrap(),
        "umask": u32::from_str_radix(&field("Umask"), 8).unwrap(),
        "env": environment,
        "argv": arguments,
        "blocked": field("SigBlk"),
        "ignored": field("SigIgn"),
        "caught": field("SigCgt"),
        "descriptors": descriptors(),
        "nofile": [soft, hard],
    })
}

/// As `/dev/stdout` does it.
fn opens_anew(fd: u32) -> bool {
    fs::OpenOptions::new().write(true).open(format!("/proc/self/fd/{fd}")).is_ok()
}

fn groups() -> Vec<u32> {
    getgroups().unwrap().into_iter().map(nix::unistd::Gid::as_raw).collect()
}

fn tty(stream: &impl AsFd) -> Option<String> {
    ttyname(stream).ok().map(|name| name.to_string_lossy().into_owned())
}

/// The open descriptors, but for the one that lists them.
fn descriptors() -> Vec<u32> {
    let listed: Vec<u32> = fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_string_lossy().parse().ok())
        .collect();
    let mut open: Vec<u32> =
        listed.into_iter().filter(|fd| fs::read_link(format!("/proc/self/fd/{fd}")).is_ok()).collect();
    open.sort_unstable();
    open
}
