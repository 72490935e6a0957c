//! Whether somebody accepts connections at a port. Not: what is said over the connection.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::atomic::AtomicBool;

use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::sys::probe::turns::Turns;
use crate::sys::reason;

/// Connects to whichever address of a host answers first. All are tried at once: one that swallows what it is sent must not
/// hide another one that answers. The error is a fragment: `connection refused`.
pub(super) async fn connect(host: &str, port: u16, turns: &Turns) -> Result<TcpStream, String> {
    let mut attempts = JoinSet::new();
    for address in addresses(host, port, turns).await? {
        attempts.spawn(connect_to(address));
    }
    let mut failure = None;
    while let Some(attempt) = attempts.join_next().await {
        match attempt {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = Some(more_telling(failure, error)),
            Err(_) => {}
        }
    }
    Err(failure.map_or_else(|| unknown(host), |error| reason(&error)))
}

async fn connect_to(address: SocketAddr) -> io::Result<TcpStream> {
    by_somebody_else(TcpStream::connect(address).await?)
}

/// The kernel may choose the very port that is asked for as ours. Then nobody but ourselves has accepted (RFC 9293, 3.5:
/// simultaneous open).
fn by_somebody_else(stream: TcpStream) -> io::Result<TcpStream> {
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(io::Error::from_raw_os_error(libc::ECONNREFUSED));
    }
    Ok(stream)
}

/// All addresses of a host. `localhost` is both loopbacks (RFC 6761, 6.3), whatever the file of hosts says.
async fn addresses(host: &str, port: u16, turns: &Turns) -> Result<Vec<SocketAddr>, String> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if bare.eq_ignore_ascii_case("localhost") {
        let both = [IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)];
        return Ok(both.map(|address| SocketAddr::new(address, port)).into());
    }
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let name = bare.to_owned();
    let look_up = move |_: &AtomicBool| (name.as_str(), port).to_socket_addrs().map(Iterator::collect);
    let found = turns.elsewhere(bare.into(), look_up).await;
    found.and_then(Result::ok).ok_or_else(|| unknown(bare))
}

/// A machine that says no says more than a network that does not reach it.
fn more_telling(before: Option<io::Error>, now: io::Error) -> io::Error {
    match before {
        Some(before) if before.kind() == ErrorKind::ConnectionRefused => before,
        Some(before) if now.kind() == ErrorKind::AddrNotAvailable => before,
        Some(_) | None => now,
    }
}

fn unknown(host: &str) -> String {
    format!("no host named {host}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::runtime::Builder;

    #[test]
    fn we_do_not_answer_ourselves() {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            assert!(connect_to(listener.local_addr().unwrap()).await.is_ok());
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
            let address = socket.local_addr().unwrap();
            let ourselves = socket.connect(address).await.unwrap();
            assert_eq!(by_somebody_else(ourselves).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        });
    }
}
