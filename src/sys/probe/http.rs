//! What status a web server answers with: plain HTTP/1.1, one GET, one status line. Not: what it answers.
//!
//! Our own, and not a client library, because nothing behind the status line is ever read.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Take};
use tokio::net::TcpStream;

use crate::sys::probe::tcp;
use crate::sys::probe::turns::Turns;
use crate::sys::reason;

/// No status line with all interim answers before it is longer.
const LONGEST: u64 = 64 * 1024;
const NOT_HTTP: &str = "its answer is not HTTP";

/// Asks for a page and looks at the status; `wanted` or, without it, 200 to 399 is good.
pub(super) async fn get(url: &str, wanted: Option<u16>, turns: &Turns) -> Result<(), String> {
    let target =
        Target::of(url).ok_or_else(|| format!("not an address of the form http://host/path: {url}"))?;
    let mut stream = tcp::connect(target.host, target.port, turns).await?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: zap\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        target.path, target.authority
    );
    stream.write_all(request.as_bytes()).await.map_err(|error| reason(&error))?;
    let status = status(BufReader::new(stream).take(LONGEST)).await?;
    let good = wanted.map_or((200..400).contains(&status), |wanted| status == wanted);
    if good { Ok(()) } else { Err(format!("status {status}")) }
}

/// The status of the first answer that is not an interim one (RFC 9110, 15.2).
async fn status(mut answer: Take<BufReader<TcpStream>>) -> Result<u16, String> {
    let first = line(&mut answer).await?;
    if first.is_empty() {
        return Err("nothing is answered".to_owned());
    }
    let mut status = parse(&first).ok_or(NOT_HTTP)?;
    // 101 is final: the server talks another protocol from there on.
    while (100..200).contains(&status) && status != 101 {
        while !line(&mut answer).await?.trim_ascii().is_empty() {}
        status = parse(&line(&mut answer).await?).ok_or(NOT_HTTP)?;
    }
    Ok(status)
}

async fn line(answer: &mut Take<BufReader<TcpStream>>) -> Result<Vec<u8>, String> {
    let mut line = Vec::new();
    answer.read_until(b'\n', &mut line).await.map_err(|error| reason(&error))?;
    Ok(line)
}

/// `HTTP/1.1 200 OK`; the words behind the number may be missing.
fn parse(line: &[u8]) -> Option<u16> {
    let rest = std::str::from_utf8(line.get(..12)?).ok()?.strip_prefix("HTTP/1.")?;
    let digits = rest.get(1..)?.strip_prefix(' ')?;
    let ended = line.get(12).is_none_or(u8::is_ascii_whitespace);
    digits.parse().ok().filter(|status| ended && (100..1000).contains(status))
}

/// Where a page is.
#[derive(Debug, PartialEq, Eq)]
struct Target<'a> {
    host: &'a str,
    port: u16,
    /// Host and port as they were given.
    authority: &'a str,
    /// Begins with a slash.
    path: String,
}

impl<'a> Target<'a> {
    fn of(url: &'a str) -> Option<Self> {
        if url.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
            return None;
        }
        let scheme = url.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://"))?;
        let rest = url[scheme.len()..].split('#').next()?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let port_at = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
        let (host, port) = match port_at {
            Some(at) => (&authority[..at], authority[at + 1..].parse().ok()?),
            None => (authority, 80),
        };
        if host.is_empty() || host.contains('@') {
            return None;
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Some(Self { host, port, authority, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        for (url, host, port, path) in [
            ("http://localhost:8080/health", "localhost", 8080, "/health"),
            ("http://db", "db", 80, "/"),
            ("HTTP://db?x=1#top", "db", 80, "/?x=1"),
            ("http://[::1]:81/a/b?c", "[::1]", 81, "/a/b?c"),
            ("http://[::1]/", "[::1]", 80, "/"),
        ] {
            let target = Target::of(url).unwrap();
            assert_eq!((target.host, target.port, target.path.as_str()), (host, port, path), "{url}");
        }
        for bad in [
            "https://x/",
            "x:80",
            "http://",
            "http://x:port/",
            "http://a b/",
            "http://u@x/",
            "http://x/\r\nA: b",
        ] {
            assert_eq!(Target::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_status_line_is_read_and_nothing_else_is_one() {
        for (line, status) in [
            (&b"HTTP/1.1 200 OK\r\n"[..], Some(200)),
            (b"HTTP/1.0 503\r\n", Some(503)),
            (b"HTTP/1.1 404", Some(404)),
            (b"HTTP/1.1 2000 x", None),
            (b"HTTP/2 200 OK\r\n", None),
            (b"SSH-2.0-OpenSSH_9.2\r\n", None),
            (b"HTTP/1.1 \xff\xff\xff", None),
            (b"", None),
        ] {
            assert_eq!(parse(line), status, "{}", String::from_utf8_lossy(line));
        }
    }
}
