//! Questions to the world, against real servers and folders.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::net::TcpSocket;
use zap::model::{Answer, Question};
use zap::sys::{Turns, ask};

use crate::ward::LIMIT;

/// What comes back before so long.
fn answer_within(question: Question, patience: Duration) -> Option<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime
        .block_on(async { tokio::time::timeout(patience, ask(question, &Turns::default())).await.ok() });
    runtime.shutdown_background();
    answer
}

#[track_caller]
fn answer(question: Question) -> Answer {
    answer_within(question, LIMIT).expect("an answer")
}

fn tcp(host: &str, port: u16) -> Question {
    Question::Tcp { host: host.to_owned(), port }
}

fn http(port: u16, path: &str, status: Option<u16>) -> Question {
    Question::Http { url: format!("http://127.0.0.1:{port}{path}"), status }
}

fn no(why: impl Into<String>) -> Answer {
    Answer::No(why.into())
}

/// A port at which nobody listens, nor can anybody as long as this is held.
fn deaf_port() -> (TcpSocket, u16) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

/// A server that answers one request after the other with these bytes, and tells the requests.
fn server(answers: &'static [&'static [u8]]) -> (u16, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || answers.iter().map(|bytes| serve(&listener, bytes)).collect());
    (port, thread)
}

fn serve(listener: &TcpListener, bytes: &[u8]) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        request.push(byte[0]);
    }
    // Who has read enough may be gone.
    for piece in bytes.chunks(7) {
        if stream.write_all(piece).is_err() {
            break;
        }
    }
    String::from_utf8(request).unwrap()
}

#[test]
fn a_port_with_somebody_there_and_one_without() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_eq!(answer(tcp("127.0.0.1", port)), Answer::Yes);
    assert_eq!(answer(tcp("localhost", port)), Answer::Yes);
    let (_deaf, port) = deaf_port();
    assert_eq!(answer(tcp("127.0.0.1", port)), no("connection refused"));
    assert_eq!(answer(tcp("localhost", port)), no("connection refused"));
}

#[test]
fn localhost_is_also_the_loopback_of_ipv6() {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return crate::ward::skip("no IPv6 here");
    };
    let port = listener.local_addr().unwrap().port();
    assert_eq!(answer(tcp("localhost", port)), Answer::Yes);
    assert_eq!(answer(tcp("::1", port)), Answer::Yes);
    assert_eq!(answer(tcp("[::1]", port)), Answer::Yes);
}

#[test]
fn a_host_that_nobody_knows() {
    let host = "no-such-host.invalid";
    assert_eq!(answer(tcp(host, 80)), no(format!("no host named {host}")));
}

#[test]
fn a_status_decides() {
    let (port, served) = server(&[
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n",
        b"HTTP/1.1 503 Service Unavailable\r\n\r\n",
        b"HTTP/1.1 503 Service Unavailable\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"",
    ]);
    assert_eq!(answer(http(port, "/health?deep=1", None)), Answer::Yes);
    assert_eq!(answer(http(port, "/", None)), Answer::Yes);
    assert_eq!(answer(http(port, "/", None)), no("status 503"));
    assert_eq!(answer(http(port, "/", Some(503))), Answer::Yes);
    assert_eq!(answer(http(port, "/", Some(204))), no("status 200"));
    assert_eq!(answer(http(port, "/", Some(204))), Answer::Yes);
    assert_eq!(answer(http(port, "/", None)), no("its answer is not HTTP"));
    assert_eq!(answer(http(port, "/", None)), no("nothing is answered"));
    let requests = served.join().unwrap();
    let first = format!(
        "GET /health?deep=1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: zap\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(requests[0], first);
    let (_deaf, port) = deaf_port();
    assert_eq!(answer(http(port, "/", None)), no("connection refused"));
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_waited_for_and_may_be_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("port");
    let job = crate::ward::rogue(&["silent-server", file.to_str().unwrap()]);
    let port = crate::ward::eventually("the port", || fs::read_to_string(&file).ok()?.trim().parse().ok());
    assert_eq!(answer_within(http(port, "/", None), Duration::from_millis(300)), None);
    assert_eq!(answer(tcp("127.0.0.1", port)), Answer::Yes);
    drop(job);
}

#[test]
fn an_endless_answer_is_not_read_to_its_end() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (mut stream, _): (TcpStream, _) = listener.accept().unwrap();
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert_eq!(answer(http(port, "/", None)), no("its answer is not HTTP"));
    thread.join().unwrap();
}

#[test]
fn a_file_is_there_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready");
    assert_eq!(answer(Question::File(file.clone())), no("it does not exist".to_owned()));
    File::create(&file).unwrap();
    assert_eq!(answer(Question::File(file)), Answer::Yes);
    assert_eq!(answer(Question::File(folder.path().to_owned())), Answer::Yes);
}

fn folder(folder: &Path, inactive: u64) -> Question {
    Question::Folder { folder: folder.to_owned(), inactive: Duration::from_secs(inactive) }
}

#[expect(clippy::disallowed_methods, reason = "files keep the time of the wall")]
fn make_old(path: &Path) {
    let old = SystemTime::now() - Duration::from_secs(1000);
    File::open(path).unwrap().set_modified(old).unwrap();
}

#[test]
fn a_folder_in_which_nothing_changes_is_told_and_a_change_far_below_is_found() {
    let top = tempfile::tempdir().unwrap();
    let below = top.path().join("a/b/c");
    fs::create_dir_all(&below).unwrap();
    let file = below.join("file");
    fs::write(&file, "x").unwrap();
    assert_eq!(answer(folder(top.path(), 300)), Answer::Yes);
    for path in [&file, &below, &top.path().join("a/b"), &top.path().join("a"), &top.path().to_owned()] {
        make_old(path);
    }
    assert_eq!(answer(folder(top.path(), 300)), no("nothing changed within 5m".to_owned()));
    assert_eq!(answer(folder(top.path(), 2000)), Answer::Yes);
    fs::write(&file, "y").unwrap();
    assert_eq!(answer(folder(top.path(), 300)), Answer::Yes);
    let link = top.path().join("circle");
    std::os::unix::fs::symlink(top.path(), &link).unwrap();
    let old = nix::sys::time::TimeSpec::new(1_000_000_000, 0);
    let itself = nix::sys::stat::UtimensatFlags::NoFollowSymlink;
    nix::sys::stat::utimensat(nix::fcntl::AT_FDCWD, &link, &old, &old, itself).unwrap();
    make_old(&file);
    make_old(top.path());
    assert_eq!(answer(folder(top.path(), 300)), no("nothing changed within 5m".to_owned()));
    assert_eq!(answer(folder(&file, 300)), no("it is not a folder".to_owned()));
    fs::remove_dir_all(top.path()).unwrap();
    assert_eq!(answer(folder(top.path(), 300)), no("it does not exist".to_owned()));
}
