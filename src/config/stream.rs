//! The keys `stdout` and `stderr`: where a stream goes. Not: writing it.

use std::path::PathBuf;

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::paths::Paths;
use super::plan::{Stream, StreamFile};
use super::table::Table;
use super::value::Entry;

/// How many files that were put aside are kept.
const KEEP: u32 = 5;
const MOST_KEPT: i64 = 1000;

/// A stream as the file has it.
#[derive(Debug, Clone)]
pub(super) enum StreamKeys {
    Terminal,
    Discard,
    File(FileKeys),
    /// What is wrong with it was told.
    Broken,
}

/// A file that a stream goes into, as the file has it.
#[derive(Debug, Clone)]
pub(super) struct FileKeys {
    path: Spanned<String>,
    rest: StreamFile,
}

/// What other tools call it: the word there, and what it is here.
const THEIR_WORDS: &[(&str, &str)] = &[
    ("null", "discard"),
    ("none", "discard"),
    ("off", "discard"),
    ("devnull", "discard"),
    ("ignore", "discard"),
    ("inherit", "pty"),
    ("tty", "pty"),
    ("terminal", "pty"),
    ("auto", "pty"),
    ("journal", "pty"),
    ("syslog", "pty"),
    ("pipe", "pty"),
    ("/dev/stdout", "pty"),
    ("/dev/stderr", "pty"),
    ("/dev/fd/1", "pty"),
    ("/dev/fd/2", "pty"),
    ("/dev/tty", "pty"),
];

impl StreamKeys {
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Spanned<Self> {
        Spanned::new(entry.span(), Self::read_value(entry, gather).unwrap_or(Self::Broken))
    }

    fn read_value(entry: &Entry<'_>, gather: &mut Gather) -> Option<Self> {
        match entry.value.get_ref() {
            DeValue::String(_) => {
                let text = entry.text(gather)?;
                match text.get_ref().as_str() {
                    "pty" => Some(Self::Terminal),
                    "discard" | "/dev/null" => Some(Self::Discard),
                    _ => path(&text, gather).map(|path| Self::File(FileKeys { path, rest: plain() })),
                }
            }
            DeValue::Table(entries) => {
                let table = Table::open(entries, &keys::STREAM, gather);
                Self::read_table(entry, &table, gather)
            }
            DeValue::Boolean(false) => {
                gather.hinted(
                    entry.span(),
                    format!("`{}` cannot be `false`", entry.name),
                    "write `\"discard\"`",
                );
                None
            }
            _ => entry.wants("`\"pty\"`, `\"discard\"`, a path or a table", gather),
        }
    }

    fn read_table(entry: &Entry<'_>, table: &Table<'_>, gather: &mut Gather) -> Option<Self> {
        let yes = |key: &str, gather: &mut Gather| table.get(key).and_then(|entry| entry.boolean(gather));
        let usual = plain();
        let rest = StreamFile {
            append: yes("append", gather).unwrap_or(usual.append),
            tee: yes("tee", gather).unwrap_or(usual.tee),
            tty: yes("tty", gather).unwrap_or(usual.tty),
            ansi: yes("ansi", gather).unwrap_or(usual.ansi),
            max_size: table.get("max-size").and_then(|entry| entry.size(gather)),
            keep: table
                .get("keep")
                .and_then(|entry| entry.integer(0..=MOST_KEPT, gather))
                .map_or(KEEP, |keep| keep as u32),
            ..usual
        };
        if let (Some(keep), None) = (table.get("keep"), table.get("max-size")) {
            let hint = "for example `max-size = \"10MB\"`".to_owned();
            gather.warning(keep.key, "`keep` means nothing without `max-size`", Some(hint));
        }
        let Some(file) = table.get("file") else {
            if !table.was_meant("file") {
                let hint = "without a file there is nothing to say; `\"pty\"` is the default".to_owned();
                gather.missing(entry.span(), format!("`{}` has no `file`", entry.name), Some(hint));
            }
            return None;
        };
        let file = file.text(gather)?;
        path(&file, gather).map(|path| Self::File(FileKeys { path, rest }))
    }

    /// Where the stream goes, once the folder and the variables of the job are known.
    pub(super) fn finish(&self, paths: &Paths<'_>, gather: &mut Gather) -> Option<Stream> {
        match self {
            Self::Terminal => Some(Stream::Terminal),
            Self::Discard => Some(Stream::Discard),
            Self::File(keys) => {
                let file = paths.instance_path(&keys.path, gather)?;
                Some(Stream::File(StreamFile { file, ..keys.rest.clone() }))
            }
            Self::Broken => None,
        }
    }
}

/// A path alone: the file only, at its end.
fn plain() -> StreamFile {
    StreamFile {
        file: PathBuf::new(),
        append: true,
        tee: false,
        tty: true,
        ansi: false,
        max_size: None,
        keep: KEEP,
    }
}

fn path(text: &Spanned<String>, gather: &mut Gather) -> Option<Spanned<String>> {
    let word = text.get_ref().to_ascii_lowercase();
    if let Some((_, ours)) = THEIR_WORDS.iter().find(|(theirs, _)| *theirs == word) {
        let message = format!("`{}` is not where a stream can go", text.get_ref());
        let hint = if word.starts_with('/') {
            format!("did you mean `\"{ours}\"`?")
        } else {
            format!("did you mean `\"{ours}\"`? for a file of that name write `\"./{}\"`", text.get_ref())
        };
        gather.hinted(text.span(), message, hint);
        return None;
    }
    if text.get_ref().ends_with('/') {
        gather.error(text.span(), format!("`{}` is a folder, not a file", text.get_ref()));
        return None;
    }
    Some(text.clone())
}
