//! A real sshd on loopback, for this user alone, with keys of its own.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::{Host, LIMIT, pause_for};

/// Where Debian and most others keep it.
const SSHD: &str = "/usr/sbin/sshd";

/// A server that runs; the host ends it with everything else that carries its marker.
pub(crate) struct Sshd {
    pid: i32,
    command: String,
}

/// Whether there is an sshd; if not, says so, or fails where nothing may be skipped.
pub(crate) fn is_there() -> bool {
    let there = std::path::Path::new(SSHD).exists();
    if !there {
        assert!(std::env::var_os("ZAP_TEST_NO_SKIP").is_none(), "no sshd, and nothing may be skipped");
        println!("skipped: no sshd");
    }
    there
}

/// Starts it in the folder of the host.
pub(crate) fn start(host: &Host) -> Sshd {
    let folder = host.folder().display().to_string();
    let port = free_port();
    for key in ["key", "host_key"] {
        let status = host.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", key]).status();
        assert!(status.expect("ssh-keygen is there").success());
    }
    std::fs::copy(host.folder().join("key.pub"), host.folder().join("authorized_keys")).expect("a copy");
    let only_us = PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(host.folder().join("authorized_keys"), only_us).expect("chmod");
    let config = host.file(
        "sshd_config",
        &format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\nAuthorizedKeysFile {folder}/authorized_keys\n\
             StrictModes no\nPidFile none\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        ),
    );
    // It insists on this folder when it runs as root.
    let _ = std::fs::create_dir_all("/run/sshd");
    let mut server = host.command(SSHD);
    server
        .args(["-D", "-e", "-f"])
        .arg(config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let pid = server.spawn().expect("sshd can be started").id() as i32;
    let end = Instant::now() + LIMIT;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "sshd does not listen");
        pause_for(Duration::from_millis(20));
    }
    let command = format!(
        "ssh -p {port} -i {folder}/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR localhost"
    );
    Sshd { pid, command }
}

impl Sshd {
    /// The command that opens a session on it.
    pub(crate) fn command(&self) -> String {
        self.command.clone()
    }

    /// Ends it.
    pub(crate) fn stop(&self) {
        let _ = kill(Pid::from_raw(self.pid), Signal::SIGTERM);
    }
}

/// A port of 127.0.0.1 that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
