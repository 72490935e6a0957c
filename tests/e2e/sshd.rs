//! A real sshd on loopback, for this user alone, with keys of its own.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::host::Host;

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
    for key in ["key", "host_key"] {
        let status = host.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", key]).status();
        assert!(status.expect("ssh-keygen is there").success());
    }
    std::fs::copy(host.folder().join("key.pub"), host.folder().join("authorized_keys")).expect("a copy");
    let only_us = PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(host.folder().join("authorized_keys"), only_us).expect("chmod");
    // It insists on this folder when it runs as root.
    let _ = std::fs::create_dir_all("/run/sshd");
    // Somebody else may take the port before it does.
    (0..10).find_map(|_| listen(host, free_port())).expect("an sshd that listens")
}

/// The server, unless the port is somebody else's.
fn listen(host: &Host, port: u16) -> Option<Sshd> {
    let folder = host.folder().display().to_string();
    let config = host.file(
        "sshd_config",
        &format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\nAuthorizedKeysFile {folder}/authorized_keys\n\
             StrictModes no\nPidFile none\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        ),
    );
    let said = std::fs::File::create(host.folder().join("sshd_said")).expect("a file can be made");
    let mut server = host.command(SSHD);
    server.args(["-D", "-e", "-f"]).arg(config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
    let pid = server.spawn().expect("sshd can be started").id() as i32;
    let taken = "Cannot bind any address";
    let said =
        host.file_until("sshd_said", |said| said.contains("Server listening on") || said.contains(taken));
    if said.contains(taken) {
        return None;
    }
    let command = format!(
        "ssh -p {port} -i {folder}/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR localhost"
    );
    Some(Sshd { pid, command })
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
