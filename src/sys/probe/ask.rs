//! Asks a question, once. Not: what each kind of question means.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::{Answer, Question};
use crate::sys::probe::{folder, http, tcp};
use crate::sys::reason;

/// Asks, and takes as long as it takes: who asks no longer drops the future. To be polled by tokio; what the kernel may keep
/// waiting (names, disks) is done on other threads.
pub async fn ask(question: Question) -> Answer {
    let found = match question {
        Question::Tcp { host, port } => tcp::connect(&host, port).await.map(drop),
        Question::Http { url, status } => http::get(&url, status).await,
        Question::File(file) => elsewhere(move |_| exists(&file)).await,
        Question::Folder { folder, inactive } => {
            elsewhere(move |stop| folder::changes(&folder, inactive, stop)).await
        }
    };
    match found {
        Ok(()) => Answer::Yes,
        Err(why) => Answer::No(why),
    }
}

fn exists(file: &Path) -> Result<(), String> {
    match file.metadata() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err("it does not exist".to_owned()),
        Err(error) => Err(reason(&error)),
    }
}

/// Does something slow on another thread; it is told to stop when nobody waits for it any more.
async fn elsewhere(
    work: impl FnOnce(&AtomicBool) -> Result<(), String> + Send + 'static,
) -> Result<(), String> {
    let stop = StopOnDrop(Arc::default());
    let told = Arc::clone(&stop.0);
    let done = tokio::task::spawn_blocking(move || work(&told)).await;
    done.unwrap_or_else(|_| Err("it could not be asked".to_owned()))
}

struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
