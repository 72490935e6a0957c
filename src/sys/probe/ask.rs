//! Asks a question, once. Not: what each kind of question means.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::model::{Answer, Question};
use crate::sys::probe::turns::Turns;
use crate::sys::probe::{folder, http, tcp};
use crate::sys::reason;

/// Asks, and takes as long as it takes: who asks no longer drops the future. To be polled by tokio; what the kernel may keep
/// waiting (names, disks) is done on other threads, for each name and path by `turns`.
pub async fn ask(question: Question, turns: &Turns) -> Answer {
    let found = match question {
        Question::Tcp { host, port } => tcp::connect(&host, port, turns).await.map(drop),
        Question::Http { url, status } => http::get(&url, status, turns).await,
        Question::File(file) => elsewhere(file.clone(), turns, move |_| exists(&file)).await,
        Question::Folder { folder, inactive } => {
            elsewhere(folder.clone(), turns, move |stop| folder::changes(&folder, inactive, stop)).await
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

async fn elsewhere(
    path: PathBuf,
    turns: &Turns,
    work: impl FnOnce(&AtomicBool) -> Result<(), String> + Send + 'static,
) -> Result<(), String> {
    turns
        .elsewhere(path.into_os_string(), work)
        .await
        .unwrap_or_else(|| Err("it could not be asked".to_owned()))
}
