//! The key `depends-on` as one table has it. Not: which jobs are meant (see `needs`).

use toml::Spanned;
use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::plan::{OnLoss, Until};
use super::table::Table;
use super::value::Entry;
use super::work::Command;

/// One entry.
#[derive(Debug, Clone)]
pub(super) enum NeedKeys {
    Job { address: Spanned<String>, until: Option<Until>, on_loss: Option<OnLoss> },
    Command(Spanned<Command>),
}

const UNTIL: &[(&str, Until)] =
    &[("running", Until::Running), ("ready", Until::Ready), ("done", Until::Done)];
/// The conditions of docker compose and process-compose.
const THEIR_UNTIL: &[(&str, &str)] = &[
    ("service_started", "running"),
    ("process_started", "running"),
    ("started", "running"),
    ("up", "running"),
    ("service_healthy", "ready"),
    ("process_healthy", "ready"),
    ("process_log_ready", "ready"),
    ("healthy", "ready"),
    ("service_completed_successfully", "done"),
    ("process_completed_successfully", "done"),
    ("process_completed", "done"),
    ("completed", "done"),
    ("exited", "done"),
];
const ON_LOSS: &[(&str, OnLoss)] =
    &[("stop", OnLoss::Stop), ("ignore", OnLoss::Ignore), ("restart", OnLoss::Restart)];

/// Reads the array; the good entries, when some are not.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<NeedKeys>> {
    if let DeValue::Table(_) = entry.value.get_ref() {
        let hint = "write `[{ job = \"db\", until = \"ready\" }]`";
        gather.hinted(entry.span(), "`depends-on` takes an array, not a table", hint);
        return None;
    }
    let items = entry.items(gather)?;
    Some(items.iter().filter_map(|item| read_one(item, gather)).collect())
}

fn read_one(item: &Entry<'_>, gather: &mut Gather) -> Option<NeedKeys> {
    let DeValue::Table(entries) = item.value.get_ref() else {
        let address = item.string(gather)?;
        return Some(NeedKeys::Job { address, until: None, on_loss: None });
    };
    let table = Table::open(entries, &keys::NEED, gather);
    let until = table.get("until").and_then(|entry| until(&entry, gather));
    let on_loss = table.get("on-loss").and_then(|entry| entry.choice(ON_LOSS, gather));
    match (table.get("job"), table.get("command")) {
        (Some(job), None) => Some(NeedKeys::Job { address: job.string(gather)?, until, on_loss }),
        (None, Some(command)) => {
            for key in ["until", "on-loss"] {
                if let Some(entry) = table.get(key) {
                    let hint = "a command is asked until it succeeds, before each start";
                    gather.hinted(entry.key, format!("`{key}` belongs to `job`"), hint);
                }
            }
            Command::read(&command, gather).map(NeedKeys::Command)
        }
        (Some(job), Some(command)) => {
            let mut both = [job.key, command.key];
            both.sort_by_key(|key| key.start);
            let [first, second] = both;
            gather.related(
                second,
                "a need is either a `job` or a `command`",
                Some("make two entries of it".to_owned()),
                vec![(first, "the other one".to_owned())],
            );
            None
        }
        (None, None) => {
            if !table.was_meant("job") && !table.was_meant("command") {
                let hint = "for example `{ job = \"db\", until = \"ready\" }`".to_owned();
                gather.missing(item.span(), "this need names neither a `job` nor a `command`", Some(hint));
            }
            None
        }
    }
}

fn until(entry: &Entry<'_>, gather: &mut Gather) -> Option<Until> {
    if let DeValue::String(word) = entry.value.get_ref()
        && let Some((_, ours)) = THEIR_UNTIL.iter().find(|(theirs, _)| theirs == word)
    {
        gather.hinted(
            entry.span(),
            format!("`until` cannot be `{word}`"),
            format!("did you mean `\"{ours}\"`?"),
        );
        return None;
    }
    entry.choice(UNTIL, gather)
}
