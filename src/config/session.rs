//! Is this step an ssh session, that is: does it open a shell elsewhere, in which the following steps run? Not: opening it.

use super::plan::Session;
use super::shell::program_name;
use super::words::{Lookup, split_with};

/// Options of ssh that take an argument (ssh(1), OpenSSH 10).
const WITH_ARGUMENT: &str = "BbcDEeFIiJLlmOoPpQRSWw";
/// Options of ssh that take none and leave a shell to be opened.
const FLAGS: &str = "1246AaCgKkMqtvXxYy";
/// Options of ssh after which it opens no shell that could be typed into: no command (`N`), a tunnel of its own (`W`),
/// the background (`f`), no terminal (`T`), no input (`n`), a subsystem (`s`), or an answer only (`G`, `V`, `O`, `Q`).
const NO_SHELL: &str = "NWfTnsGVOQ";

/// The session that a step opens, if it is `ssh` with a host and nothing to run there.
pub(super) fn opened(line: &str, lookup: Lookup<'_>) -> Option<Session> {
    let argv = split_with(line, lookup).ok()?;
    let (program, arguments) = argv.split_first()?;
    (program_name(program) == "ssh" && opens_shell(arguments))
        .then(|| Session { line: line.trim().to_owned(), argv: argv.clone() })
}

/// Reads ssh's arguments as ssh does: options, the host, options again; whatever follows is a remote command.
fn opens_shell(arguments: &[String]) -> bool {
    let mut host = Host::Unknown;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if let Some(cluster) = argument.strip_prefix('-').filter(|cluster| !cluster.is_empty()) {
            if cluster == "-" {
                return ends_with_host(host, arguments.as_slice());
            }
            match read_cluster(cluster, &mut arguments) {
                Cluster::Ordinary => {}
                Cluster::NoShell => return false,
            }
        } else if host == Host::Unknown && !argument.is_empty() {
            host = Host::Known;
        } else {
            return false;
        }
    }
    host == Host::Known
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    Known,
    Unknown,
}

enum Cluster {
    Ordinary,
    NoShell,
}

/// After `--` comes no option; after the host that follows it options may come again, as ssh reads them.
fn ends_with_host(host: Host, rest: &[String]) -> bool {
    match (host, rest.split_first()) {
        (Host::Known, None) => true,
        (Host::Unknown, Some((first, after))) if !first.is_empty() => {
            let mut again = vec![first.trim_start_matches('-').to_owned()];
            again.extend(after.iter().cloned());
            opens_shell(&again)
        }
        (Host::Known, Some(_)) | (Host::Unknown, _) => false,
    }
}

/// Reads `-tt`, `-p22`, `-p 22`, `-vNf`.
fn read_cluster(cluster: &str, following: &mut std::slice::Iter<'_, String>) -> Cluster {
    for (at, option) in cluster.char_indices() {
        if NO_SHELL.contains(option) {
            return Cluster::NoShell;
        }
        if WITH_ARGUMENT.contains(option) {
            let attached = &cluster[at + option.len_utf8()..];
            let value =
                if attached.is_empty() { following.next().map(String::as_str) } else { Some(attached) };
            return match value {
                Some(setting) if option == 'o' && forbids_shell(setting) => Cluster::NoShell,
                Some(_) => Cluster::Ordinary,
                None => Cluster::NoShell,
            };
        }
        if !FLAGS.contains(option) {
            return Cluster::NoShell;
        }
    }
    Cluster::Ordinary
}

/// Whether `-o SETTING` says the same as one of [`NO_SHELL`] (`ssh_config(5)`).
fn forbids_shell(setting: &str) -> bool {
    let (key, value) = setting.split_once(['=', ' ']).unwrap_or((setting, ""));
    let value = value.trim_matches(['=', ' ', '"']).to_ascii_lowercase();
    match key.trim().to_ascii_lowercase().as_str() {
        "remotecommand" => value != "none",
        "sessiontype" => value != "default",
        "requesttty" => value == "no",
        "forkafterauthentication" | "stdinnull" => value == "yes",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(line: &str) -> bool {
        opened(line, &|name| (name == "HOST").then(|| "gox".to_owned())).is_some()
    }

    #[test]
    fn ssh_with_a_host_alone_is_a_session() {
        for line in [
            "ssh gox",
            "/usr/bin/ssh ada@gox",
            "ssh -p 22 gox",
            "ssh -p22 gox",
            "ssh gox -p 22",
            "ssh -tt -A -i key -o 'StrictHostKeyChecking no' -L 1:b:2 gox",
            "ssh -vvJ jump gox",
            "ssh -- gox",
            "ssh gox --",
            "ssh 'gox'",
            "ssh $HOST",
            "ssh -o RequestTTY=yes gox",
            "ssh ssh://ada@gox:22",
        ] {
            assert!(opens(line), "{line}");
        }
    }

    #[test]
    fn ssh_with_anything_to_do_is_none() {
        for line in [
            "ssh",
            "ssh -p 22",
            "ssh gox ls",
            "ssh gox -p 22 ls",
            "ssh gox -- ls",
            "ssh -- gox ls",
            "ssh -N gox",
            "ssh -fN gox",
            "ssh -NL 1:b:2 gox",
            "ssh -W a:1 gox",
            "ssh -T gox",
            "ssh gox -T",
            "ssh -O exit gox",
            "ssh -V",
            "ssh -Z gox",
            "ssh -o SessionType=none gox",
            "ssh -oRemoteCommand=ls gox",
            "ssh gox | cat",
            "ssh gox && ls",
            "ssh $UNSET",
            "X=1 ssh gox",
            "sshfs gox:/ x",
            "scp a gox",
            "",
        ] {
            assert!(!opens(line), "{line}");
        }
    }

    #[test]
    fn a_session_keeps_its_line_and_its_words() {
        let session = opened(" ssh -p 22 'gox' ", &|_| None).unwrap();
        assert_eq!(session.line, "ssh -p 22 'gox'");
        assert_eq!(session.argv, ["ssh", "-p", "22", "gox"]);
    }
}
