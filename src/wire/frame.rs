//! One JSON object on a line: cutting what comes into lines of bounded length, and writing them. Not: what they say.

use std::fmt;
use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

/// The longest question. Far beyond what a person types; whoever sends more is not one of us.
pub(super) const LONGEST_QUESTION: usize = 1024 * 1024;
/// The longest answer: the status of 100,000 jobs.
pub(super) const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// The receiving end.
pub(super) struct Frames {
    half: OwnedReadHalf,
    pending: Vec<u8>,
    /// How much of `pending` was searched for a line break already.
    searched: usize,
    longest: usize,
}

/// Why no frame came.
#[derive(Debug)]
pub(super) enum Broken {
    /// It is longer than any of ours.
    TooLong,
    /// It is none of ours: why not.
    Strange(String),
    /// The socket failed.
    Io(io::Error),
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => out.write_str("a message is too long"),
            Self::Strange(why) => write!(out, "a message is not understood: {why}"),
            Self::Io(error) => write!(out, "{error}"),
        }
    }
}

impl Frames {
    /// Reads frames that are not longer than this.
    pub(super) fn new(half: OwnedReadHalf, longest: usize) -> Self {
        Self { half, pending: Vec::new(), searched: 0, longest }
    }

    /// The next frame; `None` at the end. It can be given up and asked for again: nothing is lost.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Broken> {
        loop {
            if let Some(line) = self.line()? {
                return decode(&line).map(Some);
            }
            self.half.readable().await.map_err(Broken::Io)?;
            let mut chunk = [0; 16 * 1024];
            match self.half.try_read(&mut chunk) {
                Ok(0) => return Ok(None),
                Ok(read) => self.pending.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(Broken::Io(error)),
            }
        }
    }

    /// Whether the other side has hung up already, as far as this can be told without waiting.
    pub(super) fn has_ended(&mut self) -> bool {
        let mut chunk = [0; 16 * 1024];
        match self.half.try_read(&mut chunk) {
            Ok(read) => {
                self.pending.extend_from_slice(&chunk[..read]);
                read == 0
            }
            Err(_) => false,
        }
    }

    /// Takes a whole line off what has come.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Broken> {
        let end = memchr::memchr(b'\n', &self.pending[self.searched..]).map(|at| self.searched + at);
        self.searched = self.pending.len();
        if end.unwrap_or(self.pending.len()) > self.longest {
            return Err(Broken::TooLong);
        }
        let Some(end) = end else { return Ok(None) };
        self.searched = 0;
        let rest = self.pending.split_off(end + 1);
        Ok(Some(std::mem::replace(&mut self.pending, rest)))
    }
}

fn decode<T: DeserializeOwned>(line: &[u8]) -> Result<T, Broken> {
    serde_json::from_slice(line).map_err(|error| Broken::Strange(error.to_string()))
}

/// A message as it travels.
pub(super) fn encode(message: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(message).expect("our messages have words for keys");
    line.push(b'\n');
    line
}

/// Writes all of it, however slowly the other side reads.
pub(super) async fn write(half: &OwnedWriteHalf, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        half.writable().await?;
        match half.try_write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::net::UnixStream;

    use super::*;

    /// What comes out when these pieces go in, one after the other, and then the end.
    fn read(pieces: &[&[u8]], longest: usize) -> (Vec<Value>, Option<String>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
        runtime.block_on(async {
            let (here, there) = UnixStream::pair().expect("a pair of sockets");
            let (reading, _kept) = here.into_split();
            let (_unread, writing) = there.into_split();
            let mut frames = Frames::new(reading, longest);
            let sending = async {
                for piece in pieces {
                    // Whoever reads no more has said why.
                    let _ = write(&writing, piece).await;
                    tokio::task::yield_now().await;
                }
                drop(writing);
            };
            let receiving = async {
                let mut whole = Vec::new();
                loop {
                    match frames.next::<Value>().await {
                        Ok(Some(frame)) => whole.push(frame),
                        Ok(None) => return (whole, None),
                        Err(broken) => return (whole, Some(broken.to_string())),
                    }
                }
            };
            tokio::join!(receiving, sending).0
        })
    }

    #[test]
    fn frames_are_whole_however_they_come() {
        let (frames, broken) = read(&[b"{\"a\":", b"1}\n{\"b\":2}\n[", b"]\n\"", b"cut"], 100);
        assert_eq!(frames, [json!({ "a": 1 }), json!({ "b": 2 }), json!([])]);
        assert_eq!(broken, None);
    }

    #[test]
    fn a_frame_has_a_longest_length_with_its_end_and_without() {
        let exact = b"\"12345678\"\n";
        assert_eq!(read(&[exact], 10), (vec![json!("12345678")], None));
        assert!(read(&[exact], 9).1.is_some_and(|why| why.contains("too long")));
        assert!(read(&[&[b'x'; 11]], 10).1.is_some_and(|why| why.contains("too long")));
    }

    #[test]
    fn what_is_no_frame_of_ours_is_told() {
        let (frames, broken) = read(&[b"1\n", b"nothing\n", b"2\n"], 100);
        assert_eq!(frames, [json!(1)]);
        assert!(broken.is_some_and(|why| why.starts_with("a message is not understood")));
    }
}
