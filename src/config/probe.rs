//! A question to the world as `ready` and `health-check` have it: `tcp`, `http`, `command`, `file`, `folder`. Not: asking it.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::paths::Paths;
use super::plan::Probe;
use super::shell::Shell;
use super::suggest::listed;
use super::table::Table;
use super::value::Entry;
use super::work::{Command, argv_of};

/// Where a bare port is looked for: a server may listen on either of the addresses of this name.
const HERE: &str = "localhost";

/// A question as the file has it.
#[derive(Debug, Clone)]
pub(super) enum ProbeKeys {
    Tcp { host: String, port: u16 },
    Http { url: String, status: Option<u16> },
    Command(Spanned<Command>),
    File(Spanned<String>),
    Folder { folder: Spanned<String>, inactive: Duration },
}

impl ProbeKeys {
    /// Reads the question that `sign` asks; `table` holds what belongs to it.
    pub(super) fn read(sign: &Entry<'_>, table: &Table<'_>, gather: &mut Gather) -> Option<Self> {
        match sign.name {
            "tcp" => tcp(sign, gather),
            "http" => {
                let status = table.get("status").and_then(|entry| entry.integer(100..=599, gather));
                let url = url(sign, gather)?;
                Some(Self::Http { url, status: status.map(|status| status as u16) })
            }
            "command" => Command::read(sign, gather).map(Self::Command),
            "file" => sign.text(gather).map(Self::File),
            _ => {
                let folder = sign.text(gather);
                let Some(inactive) = table.get("inactive-time") else {
                    let hint = "for example `inactive-time = \"5m\"`".to_owned();
                    let message = "`folder` needs `inactive-time`: how long nothing may change in it";
                    gather.missing(sign.key.clone(), message, Some(hint));
                    return None;
                };
                let inactive = inactive.lasting(gather)?;
                Some(Self::Folder { folder: folder?, inactive })
            }
        }
    }

    pub(super) fn finish(
        self,
        shell: &Spanned<Shell>,
        paths: &Paths<'_>,
        gather: &mut Gather,
    ) -> Option<Probe> {
        Some(match self {
            Self::Tcp { host, port } => Probe::Tcp { host, port },
            Self::Http { url, status } => Probe::Http { url, status },
            Self::Command(command) => {
                let line = command.get_ref().written();
                Probe::Command { command: argv_of(command, shell, gather)?, line }
            }
            Self::File(file) => Probe::File(paths.path(&file, gather)?),
            Self::Folder { folder, inactive } => {
                Probe::Folder { folder: paths.path(&folder, gather)?, inactive }
            }
        })
    }
}

/// The one key of `signs` that the table has; two are told.
pub(super) fn the_only<'t>(signs: &[&str], table: &Table<'t>, gather: &mut Gather) -> Option<Entry<'t>> {
    let mut found: Vec<Entry<'t>> = signs.iter().filter_map(|sign| table.get(sign)).collect();
    found.sort_by_key(|entry| entry.key.start);
    if let [first, second, ..] = found.as_slice() {
        let message = format!("only one of {} can be asked", listed(signs, "and"));
        let remark = "the other one".to_owned();
        gather.related(second.key.clone(), message, None, vec![(first.key.clone(), remark)]);
    }
    found.into_iter().next()
}

/// Tells a key that means nothing without another one.
pub(super) fn belongs_to(key: &str, sign: &str, table: &Table<'_>, gather: &mut Gather) {
    if let (Some(entry), None) = (table.get(key), table.get(sign)) {
        gather.error(entry.key, format!("`{key}` belongs to `{sign}`"));
    }
}

/// `5432`, `"5432"`, `"host:5432"`, `"[::1]:5432"`.
fn tcp(entry: &Entry<'_>, gather: &mut Gather) -> Option<ProbeKeys> {
    if let DeValue::Integer(_) = entry.value.get_ref() {
        let port = entry.integer(1..=65535, gather)? as u16;
        return Some(ProbeKeys::Tcp { host: HERE.to_owned(), port });
    }
    let text = entry.text(gather)?;
    let text = text.get_ref().trim();
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let host = if host.is_empty() { HERE } else { host };
    let bare_six = host.contains(':') && !text.starts_with('[');
    match port.parse().ok().filter(|port| *port > 0) {
        Some(port) if !bare_six && is_host(host) => Some(ProbeKeys::Tcp { host: host.to_owned(), port }),
        Some(_) | None => {
            let hint = "for example `\"localhost:5432\"` or `\"[::1]:5432\"`";
            gather.hinted(entry.span(), format!("`{text}` is not an address with a port"), hint);
            None
        }
    }
}

fn is_host(host: &str) -> bool {
    host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '%'))
}

fn url(entry: &Entry<'_>, gather: &mut Gather) -> Option<String> {
    let text = entry.text(gather)?.into_inner();
    let refused = |message: String, hint: Option<String>, gather: &mut Gather| {
        gather.maybe_hinted(entry.span(), message, hint);
        None
    };
    if text.starts_with("https://") {
        let hint = format!("write `command = \"curl -fsS {text}\"`");
        return refused("only `http://` is built in, not `https://`".to_owned(), Some(hint), gather);
    }
    let Some(rest) = text.strip_prefix("http://") else {
        let example = match text.as_str() {
            text if text.contains("://") => "http://localhost:3000/health".to_owned(),
            text if text.starts_with('/') => format!("http://localhost:3000{text}"),
            text if text.starts_with(':') => format!("http://localhost{text}"),
            text => format!("http://{text}"),
        };
        let message = format!("`{text}` is not a URL of `http`");
        return refused(message, Some(format!("for example `\"{example}\"`")), gather);
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        Some(_) | None => (authority, "80"),
    };
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_good = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && !host.contains(':') && is_host(host),
    };
    if !is_good || port.parse::<u16>().ok().is_none_or(|port| port == 0) {
        let hint = Some("for example `\"http://localhost:3000/health\"`".to_owned());
        return refused(format!("`{authority}` is not a host with a port"), hint, gather);
    }
    if let Some(odd) = text.chars().find(|c| !c.is_ascii_graphic() || *c == '#') {
        let shown =
            if odd.is_ascii_graphic() { format!("`{odd}`") } else { "spaces or such characters".to_owned() };
        return refused(format!("a URL that is asked cannot hold {shown}"), None, gather);
    }
    Some(text)
}
