//! A theme's file: from a text to a [`Theme`], with everything wrong told. Not: where the text comes from.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use super::gather::{Gather, Whole};
use super::keys;
use super::look;
use super::suggest::did_you_mean;
use super::syntax;
use super::table::{Table, entries};
use super::theme::{Role, Theme};
use super::value::Entry;
use crate::problem::{Problem, Source};

/// Reads a theme; only to be used when no problem is an error.
pub(super) fn read(source: &Arc<Source>) -> (Theme, Vec<Problem>) {
    let (root, faults) = DeTable::parse_recoverable(&source.text);
    let broken = syntax::problems(source, &faults);
    let whole = if syntax::only_duplicates(&faults) { Whole::Yes } else { Whole::No };
    let mut gather = Gather::new(source, whole);
    let table = Table::open(root.get_ref(), &keys::THEME, &mut gather);
    let description = table.get("description").and_then(|entry| entry.string(&mut gather));
    let mut theme =
        Theme { description: description.map(Spanned::into_inner).unwrap_or_default(), ..Theme::default() };
    match table.get("looks") {
        Some(looks) => {
            for entry in looks.table(&mut gather).map(entries).unwrap_or_default() {
                read_look(&entry, &mut theme, &mut gather);
            }
        }
        None => gather.missing(0..0, "a theme without looks", Some("they stand in `[looks]`".to_owned())),
    }
    (theme, syntax::without_echoes(source, broken, gather.into_found()))
}

fn read_look(entry: &Entry<'_>, theme: &mut Theme, gather: &mut Gather) {
    let role = Role::ALL.into_iter().find(|role| role.name() == entry.name);
    if role.is_none() {
        let hint = did_you_mean(entry.name, Role::ALL.into_iter().map(Role::name));
        gather.maybe_hinted(
            entry.key.clone(),
            format!("no part of the screen is named `{}`", entry.name),
            hint,
        );
    }
    let Some(text) = entry.string(gather) else { return };
    match (look::parse(text.get_ref()), role) {
        (Ok(look), Some(role)) => {
            theme.looks.insert(role, look);
        }
        (Ok(_), None) => {}
        (Err(faults), _) => {
            for fault in faults {
                let span = inside(&text, &fault.span, gather.text());
                gather.maybe_hinted(span, fault.message, fault.hint);
            }
        }
    }
}

/// The place of a part of a string: exact where the string stands in the file as it is, else the whole string.
fn inside(text: &Spanned<String>, part: &Range<usize>, source: &str) -> Range<usize> {
    let span = text.span();
    let as_it_is = span.len() >= 2 && source.get(span.start + 1..span.end - 1) == Some(text.get_ref());
    if as_it_is { span.start + 1 + part.start..span.start + 1 + part.end } else { span }
}
