//! The side of the zap that runs: it takes questions from the socket and carries the answers. Not: finding the answers.
//!
//! Nobody at the other end can hold up the zap that answers: every [`Caller`] has a queue of bounded length, and whoever does
//! not read what is in it is cut off.

use std::io;
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};

use super::frame::{Frames, LONGEST_QUESTION, encode, write};
use super::message::{Answer, Ask, Greeting, PROTOCOL, Question};

/// So many may be connected at one time: each costs a descriptor, and the jobs need theirs.
const CONNECTED: usize = 128;
/// So many answers wait for a slow reader.
const QUEUE: usize = 2048;
/// Who has connected and says nothing is sent away after so long.
const SILENCE: Duration = Duration::from_secs(30);
/// Who was cut off has so long to read what is on its way, and why.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// When nobody can be let in for lack of descriptors, it is tried again after so long.
const AGAIN: Duration = Duration::from_millis(200);

/// What the server needs of the zap that runs.
pub struct Service {
    /// What it says first.
    pub greeting: Greeting,
    /// The user it belongs to; nobody else is answered.
    pub user: u32,
    /// Counts the answers that are on their way.
    pub backlog: Arc<Backlog>,
    /// Takes a question to where it is answered.
    pub tell: Box<dyn Fn(Asked) + Send + Sync>,
    /// Somebody who has asked is gone: [`Caller::is_gone`] tells who. Whoever holds such a caller is to drop it, because it has
    /// its place among those who are connected as long as it is held.
    pub gone: Box<dyn Fn() + Send + Sync>,
}

/// A question, and who asks.
#[derive(Debug)]
pub struct Asked {
    /// What.
    pub ask: Ask,
    /// Who.
    pub caller: Caller,
}

/// Who asked. It is told nothing any more when all its clones are dropped.
#[derive(Debug, Clone)]
pub struct Caller {
    answers: Sender<Answer>,
    state: Arc<CallerState>,
}

#[derive(Debug)]
struct CallerState {
    /// It asks nothing any more, and waits for nothing that takes its time.
    gone: AtomicBool,
    /// It did not read, and gets no more answers.
    full: AtomicBool,
    cut: Notify,
    backlog: Arc<Backlog>,
}

impl Caller {
    /// Sends an answer on its way. Never blocks: who does not read is cut off.
    pub fn answer(&self, answer: Answer) {
        if self.state.full.load(Ordering::Relaxed) {
            return;
        }
        self.state.backlog.add(1);
        match self.answers.try_send(answer) {
            Ok(()) => return,
            Err(TrySendError::Full(_)) => {
                self.state.full.store(true, Ordering::Relaxed);
                self.state.cut.notify_one();
            }
            Err(TrySendError::Closed(_)) => {}
        }
        self.state.backlog.take(1);
    }

    /// Whether nobody is there any more to hear an answer that comes later.
    pub fn is_gone(&self) -> bool {
        let told = [&self.state.gone, &self.state.full].iter().any(|flag| flag.load(Ordering::Relaxed));
        told || self.answers.is_closed()
    }
}

/// The number of answers that are on their way.
#[derive(Debug, Default)]
pub struct Backlog {
    count: Mutex<usize>,
    fewer: Condvar,
}

impl Backlog {
    /// Waits until every answer was written, at most so long.
    pub fn drain(&self, patience: Duration) {
        // Whoever panicked while counting has ended zap anyway.
        drop(self.fewer.wait_timeout_while(self.lock(), patience, |count| *count > 0));
    }

    fn add(&self, answers: usize) {
        *self.lock() += answers;
    }

    fn take(&self, answers: usize) {
        let mut count = self.lock();
        *count = count.saturating_sub(answers);
        drop(count);
        self.fewer.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets everybody in and passes on what they ask. Ends only with its runtime, or if the socket cannot be used.
pub async fn serve(listener: UnixListener, service: Service) -> io::Result<()> {
    let listener = tokio::net::UnixListener::from_std(listener)?;
    let service = Arc::new(service);
    let places = Arc::new(Semaphore::new(CONNECTED));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(AGAIN).await;
            continue;
        };
        if !stream.peer_cred().is_ok_and(|peer| peer.uid() == service.user) {
            continue;
        }
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            let text = format!("{CONNECTED} others talk to this zap already");
            // A new socket has room for a line; if not, silence says enough.
            let _ = stream.try_write(&encode(&Answer::Refused { code: 1, text }));
            continue;
        };
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            converse(stream, service).await;
            drop(place);
        });
    }
}

/// A whole conversation with one who has connected.
async fn converse(stream: UnixStream, service: Arc<Service>) {
    let (reading, writing) = stream.into_split();
    let (answers, queue) = channel(QUEUE);
    let state = Arc::new(CallerState {
        gone: AtomicBool::new(false),
        full: AtomicBool::new(false),
        cut: Notify::new(),
        backlog: Arc::clone(&service.backlog),
    });
    let caller = Caller { answers, state: Arc::clone(&state) };
    if write(&writing, &encode(&service.greeting)).await.is_err() {
        return;
    }
    let mut carrying = tokio::spawn(carry(writing, queue, Arc::clone(&state)));
    tokio::select! {
        () = listen(reading, caller, &service) => {
            // What it has asked is still answered, as far as that is known by now.
            state.gone.store(true, Ordering::Relaxed);
            (service.gone)();
            let _ = carrying.await;
        }
        _ = &mut carrying => (service.gone)(),
    }
}

/// Takes questions until there are none any more.
async fn listen(reading: OwnedReadHalf, caller: Caller, service: &Service) {
    let mut frames = Frames::new(reading, LONGEST_QUESTION);
    let mut patience = SILENCE;
    loop {
        let refused = match timeout(patience, frames.next::<Question>()).await {
            Err(_) => "nothing was asked for a long time".to_owned(),
            Ok(Ok(None)) => return,
            Ok(Err(broken)) => broken.to_string(),
            Ok(Ok(Some(question))) if question.protocol > PROTOCOL => {
                format!("this zap is older: it speaks version {PROTOCOL} of the messages")
            }
            Ok(Ok(Some(question))) => {
                // From now on its answers tell how long it stays.
                patience = Duration::MAX;
                if frames.has_ended() {
                    caller.state.gone.store(true, Ordering::Relaxed);
                }
                (service.tell)(Asked { ask: question.ask, caller: caller.clone() });
                continue;
            }
        };
        caller.answer(Answer::Refused { code: 1, text: refused });
        return;
    }
}

/// Carries answers until nobody has any more; who was cut off gets a last line, if it reads again in time.
async fn carry(writing: OwnedWriteHalf, mut queue: Receiver<Answer>, state: Arc<CallerState>) {
    let mut is_cut = false;
    {
        let mut carrying = std::pin::pin!(carry_all(&writing, &mut queue, &state));
        tokio::select! {
            () = &mut carrying => {}
            () = state.cut.notified() => {
                is_cut = true;
                let _ = timeout(LAST_WORDS, &mut carrying).await;
            }
        }
    }
    if is_cut {
        let text = format!("more than {QUEUE} answers were not read: no more are sent");
        let last = encode(&Answer::Refused { code: 1, text });
        let _ = timeout(LAST_WORDS, write(&writing, &last)).await;
    }
    queue.close();
    let mut left = 0;
    while queue.try_recv().is_ok() {
        left += 1;
    }
    state.backlog.take(left);
}

async fn carry_all(writing: &OwnedWriteHalf, queue: &mut Receiver<Answer>, state: &CallerState) {
    while let Some(answer) = queue.recv().await {
        let written = write(writing, &encode(&answer)).await;
        state.backlog.take(1);
        if written.is_err() {
            return;
        }
        if state.full.load(Ordering::Relaxed) {
            // What is in it is still carried.
            queue.close();
        }
    }
}
