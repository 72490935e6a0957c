//! The table `[keys]`: which keys do what, checked against what there is. Not: the keys that zap brings (the vocabulary has
//! them).

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::bindings::{ActionKeys, Bindings, ModeKeys, Vocabulary};
use super::chord::Chord;
use super::gather::Gather;
use super::suggest::{did_you_mean, listed};
use super::table::entries;
use super::value::Entry;

/// The key that stands in `[keys]` itself, and the mode it belongs to.
const SHORT: (&str, &str) = ("leave", "interactive");

/// What the file says about one action.
struct Said {
    action: String,
    /// The name of the action, where it stands.
    place: Range<usize>,
    keys: Vec<(Chord, Range<usize>)>,
}

/// Reads the table.
pub(super) fn read(entry: &Entry<'_>, vocabulary: &Vocabulary, gather: &mut Gather) -> Bindings {
    let mut modes: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for entry in entry.table(gather).map(entries).unwrap_or_default() {
        let is_table = matches!(entry.value.get_ref(), DeValue::Table(_));
        if entry.name == SHORT.0 && !is_table {
            if let Some(mode) = vocabulary.mode(SHORT.1) {
                modes
                    .entry(mode.name.clone())
                    .or_default()
                    .extend(read_action(&entry, mode, vocabulary, gather));
            }
        } else if !is_table && !vocabulary.homes(entry.name).is_empty() {
            tell_homeless(&entry, vocabulary, gather);
        } else if let Some(mode) = vocabulary.mode(entry.name) {
            let actions = entry.table(gather).map(entries).unwrap_or_default();
            let read = actions.iter().filter_map(|action| read_action(action, mode, vocabulary, gather));
            let read: Vec<Said> = read.collect();
            modes.entry(mode.name.clone()).or_default().extend(read);
        } else {
            tell_mode(&entry, vocabulary, gather);
        }
    }
    let mut bindings = Bindings::default();
    for mode in &vocabulary.modes {
        if let Some(said) = modes.get(&mode.name) {
            let clear = said_once(said, mode, gather) & means_one_thing(said, mode, gather);
            let keys = said
                .iter()
                .map(|said| (said.action.clone(), said.keys.iter().map(|(key, _)| *key).collect()));
            bindings.modes.insert(mode.name.clone(), keys.collect());
            if clear {
                tell_losses(said, mode, &bindings, gather);
            }
        }
    }
    bindings
}

fn read_action(
    entry: &Entry<'_>,
    mode: &ModeKeys,
    vocabulary: &Vocabulary,
    gather: &mut Gather,
) -> Option<Said> {
    if !mode.actions.iter().any(|action| action.name == entry.name) {
        tell_action(entry, mode, vocabulary, gather);
        // What its keys would be is told all the same.
        read_keys(entry, mode, gather);
        return None;
    }
    let keys = read_keys(entry, mode, gather)?;
    Some(Said { action: entry.name.to_owned(), place: entry.key.clone(), keys })
}

/// The keys of an action; nothing if one of them cannot be, and that was told.
fn read_keys(entry: &Entry<'_>, mode: &ModeKeys, gather: &mut Gather) -> Option<Vec<(Chord, Range<usize>)>> {
    match entry.value.get_ref() {
        DeValue::Boolean(false) => Some(Vec::new()),
        DeValue::String(_) | DeValue::Array(_) => {
            let items = entry.one_or_many(gather);
            let keys: Vec<_> = items.iter().map(|item| read_key(item, mode, gather)).collect();
            keys.into_iter().collect()
        }
        _ => entry.wants("a key, several in an array, or `false` for none", gather),
    }
}

fn read_key(entry: &Entry<'_>, mode: &ModeKeys, gather: &mut Gather) -> Option<(Chord, Range<usize>)> {
    let text = entry.string(gather)?;
    let chord = match Chord::parse(text.get_ref()) {
        Ok(chord) => chord,
        Err(odd) => {
            gather.maybe_hinted(entry.span(), odd.message, odd.hint);
            return None;
        }
    };
    if let Some(why) = mode.reserved.refuses(chord) {
        gather.hinted(entry.span(), format!("`{chord}` cannot be bound in `[keys.{}]`", mode.name), why);
        return None;
    }
    Some((chord, entry.span()))
}

/// An action that stands in no mode.
fn tell_homeless(entry: &Entry<'_>, vocabulary: &Vocabulary, gather: &mut Gather) {
    let hint = format!("it stands in {}", tables(&vocabulary.homes(entry.name), "or"));
    gather.hinted(entry.key.clone(), format!("`{}` cannot stand in `[keys]` itself", entry.name), hint);
}

fn tell_mode(entry: &Entry<'_>, vocabulary: &Vocabulary, gather: &mut Gather) {
    let names: Vec<&str> = vocabulary.modes.iter().map(|mode| mode.name.as_str()).collect();
    let known = || format!("there are {}", listed(&names, "and"));
    let hint = did_you_mean(entry.name, names.iter().copied().chain([SHORT.0])).unwrap_or_else(known);
    gather.hinted(entry.key.clone(), format!("`[keys]` knows no `{}`", entry.name), hint);
}

fn tables(modes: &[&ModeKeys], last: &str) -> String {
    let tables: Vec<String> = modes.iter().map(|mode| format!("[keys.{}]", mode.name)).collect();
    listed(&tables, last)
}

fn tell_action(entry: &Entry<'_>, mode: &ModeKeys, vocabulary: &Vocabulary, gather: &mut Gather) {
    let (span, name) = (entry.key.clone(), entry.name);
    let homes = vocabulary.homes(name);
    if homes.is_empty() {
        let near = did_you_mean(name, mode.actions.iter().map(|action| action.name.as_str()));
        let hint = near.unwrap_or_else(|| "the README has all names in its tables of keys".to_owned());
        gather.hinted(span, format!("no action is named `{name}` in `[keys.{}]`", mode.name), hint);
    } else {
        let hint = format!("it stands in {}", tables(&homes, "and"));
        gather.hinted(span, format!("there is no `{name}` in `[keys.{}]`", mode.name), hint);
    }
}

/// Whether each action is spoken of once; `leave` can stand in two places.
fn said_once(said: &[Said], mode: &ModeKeys, gather: &mut Gather) -> bool {
    let mut once = true;
    for (index, one) in said.iter().enumerate() {
        if let Some(first) = said[..index].iter().find(|first| first.action == one.action) {
            let message = format!("`{}.{}` is given twice", mode.name, one.action);
            let related = vec![(first.place.clone(), "here first".to_owned())];
            gather.related(one.place.clone(), message, None, related);
            once = false;
        }
    }
    once
}

/// Whether no key is given to two actions.
fn means_one_thing(said: &[Said], mode: &ModeKeys, gather: &mut Gather) -> bool {
    let keys: Vec<_> = said
        .iter()
        .flat_map(|said| said.keys.iter().map(move |(key, span)| (&said.action, *key, span)))
        .collect();
    let mut clear = true;
    for (index, (action, key, span)) in keys.iter().enumerate() {
        let first = keys[..index].iter().find(|(other, same, _)| same == key && other != action);
        if let Some((first, _, place)) = first {
            let message =
                format!("`{key}` cannot be both `{first}` and `{action}` in `[keys.{}]`", mode.name);
            let written = [*place, *span].map(|span| gather.text().get(span.clone()).unwrap_or_default());
            let plain = |text: &str| text.trim_matches(['"', '\'']).to_owned();
            let hint = (!written[0].eq_ignore_ascii_case(written[1])).then(|| {
                let [one, other] = written.map(plain);
                format!("to a terminal `{one}` and `{other}` are one key")
            });
            let related = vec![((*place).clone(), format!("here it is `{first}`"))];
            gather.related((*span).clone(), message, hint, related);
            clear = false;
        }
    }
    clear
}

/// Tells which actions have lost their last key to another one, and what nobody can do any more.
fn tell_losses(said: &[Said], mode: &ModeKeys, bindings: &Bindings, gather: &mut Gather) {
    let keys = |action: &ActionKeys| bindings.keys(&mode.name, &action.name, &action.keys);
    let mut ways: Vec<&str> = Vec::new();
    for action in mode.actions.iter().filter(|action| keys(action).is_empty()) {
        let shut = action.way.filter(|way| {
            mode.actions.iter().filter(|other| other.way == Some(way)).all(|other| keys(other).is_empty())
        });
        let spoken = said.iter().find(|said| said.action == action.name);
        let takers = || said.iter().flat_map(|said| &said.keys).filter(|(key, _)| action.keys.contains(key));
        let taker = takers().next_back();
        let Some(place) = spoken.map(|said| &said.place).or(taker.map(|(_, span)| span)) else { continue };
        match (shut, taker) {
            (Some(way), _) if ways.contains(&way) => {}
            (Some(way), _) => {
                ways.push(way);
                let could: Vec<_> = mode.actions.iter().filter(|one| one.way == Some(way)).collect();
                let could: Vec<&str> = could.iter().map(|action| action.name.as_str()).collect();
                let hint = format!("give {} a key", listed(&could, "or"));
                gather.hinted(
                    place.clone(),
                    format!("no key of `[keys.{}]` is left to {way}", mode.name),
                    hint,
                );
            }
            (None, Some((key, _))) if spoken.is_none() => {
                let message = format!("`{}.{}` is left without a key", mode.name, action.name);
                let hint = format!("`{key}` was its last; `{} = false` says that it needs none", action.name);
                gather.warning(place.clone(), message, Some(hint));
            }
            (None, _) => {}
        }
    }
}

impl Vocabulary {
    fn mode(&self, name: &str) -> Option<&ModeKeys> {
        self.modes.iter().find(|mode| mode.name == name)
    }

    /// The modes in which there is such an action.
    fn homes(&self, action: &str) -> Vec<&ModeKeys> {
        let has = |mode: &&ModeKeys| mode.actions.iter().any(|known| known.name == action);
        self.modes.iter().filter(has).collect()
    }
}
