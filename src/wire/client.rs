//! The side of the one who asks: finds the socket of a zap that runs, asks, and hears the answers. Not: what is asked.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use super::frame::{Broken, Frames, LONGEST_ANSWER, encode, write};
use super::message::{Answer, Ask, Greeting, PROTOCOL, Question};
use super::socket::{self, NotPrivate, Way};

/// While the zap that runs lets nobody in, it is knocked again after so long.
const KNOCK: Duration = Duration::from_millis(20);

/// A conversation with a zap that runs.
pub struct Client {
    runtime: Runtime,
    frames: Frames,
    writing: OwnedWriteHalf,
    /// What it said first.
    pub greeting: Greeting,
}

/// Why there is no conversation.
#[derive(Debug)]
pub enum ClientError {
    /// No zap runs there.
    Nobody,
    /// Somebody else may be there.
    NotPrivate(NotPrivate),
    /// It did not answer in time.
    Silent,
    /// It does not understand, or is not understood: why.
    Strange(String),
    /// The socket failed.
    Io(io::Error),
}

impl fmt::Display for ClientError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => out.write_str("no zap is running"),
            Self::NotPrivate(why) => write!(out, "{why}"),
            Self::Silent => out.write_str("zap is stopped or busy"),
            Self::Strange(why) => write!(out, "the zap that runs is not understood: {why}"),
            Self::Io(error) => write!(out, "cannot talk to the zap that runs: {error}"),
        }
    }
}

impl std::error::Error for ClientError {}

impl From<Broken> for ClientError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Io(error) => Self::Io(error),
            Broken::TooLong | Broken::Strange(_) => Self::Strange(broken.to_string()),
        }
    }
}

impl Client {
    /// Connects to the zap that runs in this runtime folder. Both the folder and who listens there must belong to `user`.
    pub fn connect(folder: &Path, user: u32, patience: Duration) -> Result<Self, ClientError> {
        match socket::check(folder, user) {
            Ok(private) => private.map_err(ClientError::NotPrivate)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(ClientError::Nobody),
            Err(error) => return Err(ClientError::Io(error)),
        }
        let runtime = Builder::new_current_thread().enable_all().build().map_err(ClientError::Io)?;
        let open = async {
            let stream = knock(folder).await?;
            let peer = stream.peer_cred().map_err(ClientError::Io)?.uid();
            if peer != user {
                return Err(ClientError::NotPrivate(NotPrivate::Peer(folder.to_owned(), peer)));
            }
            let (reading, writing) = stream.into_split();
            let mut frames = Frames::new(reading, LONGEST_ANSWER);
            let greeting: Greeting = frames.next().await?.ok_or(ClientError::Nobody)?;
            Ok((frames, writing, greeting))
        };
        let opened = runtime.block_on(async { timeout(patience, open).await });
        let (frames, writing, greeting) = opened.map_err(|_| ClientError::Silent)??;
        if greeting.protocol < PROTOCOL {
            let why = format!("it is zap {}, which is older than this one", greeting.version);
            return Err(ClientError::Strange(why));
        }
        Ok(Self { runtime, frames, writing, greeting })
    }

    /// Asks. The answers are heard by [`Self::hear`].
    pub fn ask(&mut self, ask: Ask, patience: Duration) -> Result<(), ClientError> {
        let question = encode(&Question { protocol: PROTOCOL, ask });
        let asking = async { timeout(patience, write(&self.writing, &question)).await };
        self.runtime.block_on(asking).map_err(|_| ClientError::Silent)?.map_err(ClientError::Io)
    }

    /// The next answer, for which it waits so long (`None`: for ever); nothing when the zap that runs has hung up.
    pub fn hear(&mut self, patience: Option<Duration>) -> Result<Option<Answer>, ClientError> {
        let patience = patience.unwrap_or(Duration::MAX);
        let heard = self.runtime.block_on(async { timeout(patience, self.frames.next()).await });
        match heard.map_err(|_| ClientError::Silent)? {
            // A zap that was ended at once hangs up no better than this.
            Err(Broken::Io(error)) if error.kind() == ErrorKind::ConnectionReset => Ok(None),
            heard => Ok(heard?),
        }
    }
}

/// Connects; while too many others wait to be let in, again and again.
async fn knock(folder: &Path) -> Result<UnixStream, ClientError> {
    let way = Way::to(folder).map_err(ClientError::Io)?;
    loop {
        match UnixStream::connect(&way.path).await {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(KNOCK).await,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                return Err(ClientError::Nobody);
            }
            Err(error) => return Err(ClientError::Io(error)),
        }
    }
}
