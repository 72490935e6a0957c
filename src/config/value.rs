//! One value of the file, read as the type that its key wants. Not: which keys there are.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::duration;
use super::gather::Gather;
use super::size;
use super::suggest::{listed, nearest};

/// A value with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A value and the key it belongs to; the entries of an array belong to the array's key.
#[derive(Debug, Clone)]
pub(super) struct Entry<'t> {
    /// The key.
    pub(super) name: &'t str,
    /// Where the key stands.
    pub(super) key: Range<usize>,
    /// The value.
    pub(super) value: &'t Value<'t>,
    /// What it is to the key.
    pub(super) part: Part,
}

/// Whether a value is all that a key has, or one entry of its array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Item,
}

impl<'t> Entry<'t> {
    /// What a message is about: the key, or an entry of it.
    fn subject(&self) -> String {
        match self.part {
            Part::Whole => format!("`{}`", self.name),
            Part::Item => format!("an entry of `{}`", self.name),
        }
    }

    /// Where the value stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// A string; a NUL in it is told, since neither a program nor a path can have one.
    pub(super) fn string(&self, gather: &mut Gather) -> Option<Spanned<String>> {
        match self.value.get_ref() {
            DeValue::String(text) => self.without_nul(text, gather),
            _ => self.wants("a string", gather),
        }
    }

    fn without_nul(&self, text: &str, gather: &mut Gather) -> Option<Spanned<String>> {
        if text.contains('\0') {
            gather.error(self.span(), format!("{} cannot hold a NUL character", self.subject()));
            return None;
        }
        Some(Spanned::new(self.span(), text.to_owned()))
    }

    pub(super) fn boolean(&self, gather: &mut Gather) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wants("`true` or `false`", gather),
        }
    }

    /// A whole number within `range`.
    pub(super) fn integer(&self, range: RangeInclusive<i64>, gather: &mut Gather) -> Option<i64> {
        let DeValue::Integer(integer) = self.value.get_ref() else {
            return self.wants("a whole number", gather);
        };
        let value = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let within = value.filter(|value| range.contains(value));
        if within.is_none() {
            let (least, most) = (range.start(), range.end());
            gather.error(self.span(), format!("{} is a number from {least} to {most}", self.subject()));
        }
        within
    }

    /// A number with or without a fraction.
    pub(super) fn number(&self, gather: &mut Gather) -> Option<f64> {
        match self.value.get_ref() {
            DeValue::Integer(integer) => {
                i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|value| value as f64)
            }
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => self.wants("a number", gather),
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, words: &[(&'static str, T)], gather: &mut Gather) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let DeValue::String(word) = self.value.get_ref() else {
            return self.wants(&listed(&names, "or"), gather);
        };
        let found = words.iter().find(|(name, _)| *name == word.as_ref()).map(|(_, value)| *value);
        if found.is_none() {
            let hint = match nearest(word, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is {}", listed(&names, "or")),
            };
            gather.hinted(self.span(), format!("`{}` cannot be `{word}`", self.name), hint);
        }
        found
    }

    /// A duration: a number of seconds, or a string as people write it.
    pub(super) fn duration(&self, gather: &mut Gather) -> Option<Duration> {
        let read = match self.value.get_ref() {
            DeValue::String(text) => duration::parse(text),
            DeValue::Integer(integer) => duration::seconds(
                i64::from_str_radix(integer.as_str(), integer.radix())
                    .map_or(f64::INFINITY, |value| value as f64),
            ),
            DeValue::Float(float) => duration::seconds(float.as_str().parse().unwrap_or(f64::NAN)),
            _ => return self.wants("a duration, for example `\"10s\"`", gather),
        };
        match read {
            Ok(duration) => Some(duration),
            Err(fault) => {
                gather.maybe_hinted(self.span(), format!("`{}`: {}", self.name, fault.message), fault.hint);
                None
            }
        }
    }

    /// A duration that is longer than nothing.
    pub(super) fn lasting(&self, gather: &mut Gather) -> Option<Duration> {
        let duration = self.duration(gather)?;
        if duration.is_zero() {
            gather.error(self.span(), format!("{} cannot be 0", self.subject()));
            return None;
        }
        Some(duration)
    }

    /// A size: a number of bytes, or a string as people write it.
    pub(super) fn size(&self, gather: &mut Gather) -> Option<u64> {
        let read = match self.value.get_ref() {
            DeValue::String(text) => size::parse(text),
            DeValue::Integer(integer) => size::bytes(
                i64::from_str_radix(integer.as_str(), integer.radix())
                    .map_or(f64::INFINITY, |value| value as f64),
            ),
            _ => return self.wants("a size, for example `\"10MB\"`", gather),
        };
        match read {
            Ok(size) => Some(size),
            Err(fault) => {
                gather.maybe_hinted(self.span(), format!("`{}`: {}", self.name, fault.message), fault.hint);
                None
            }
        }
    }

    /// A string with something in it.
    pub(super) fn text(&self, gather: &mut Gather) -> Option<Spanned<String>> {
        let text = self.string(gather)?;
        if text.get_ref().trim().is_empty() {
            gather.error(self.span(), format!("{} is empty", self.subject()));
            return None;
        }
        Some(text)
    }

    /// The entries of an array, or the one value that is none.
    pub(super) fn one_or_many(&self, gather: &mut Gather) -> Vec<Entry<'t>> {
        match self.value.get_ref() {
            DeValue::Array(_) => self.items(gather).unwrap_or_default(),
            _ => vec![self.clone()],
        }
    }

    /// A table with any keys.
    pub(super) fn table(&self, gather: &mut Gather) -> Option<&'t DeTable<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(table),
            DeValue::Array(_) if matches!(self.name, "systems" | "jobs") => {
                let hint = format!("each has a name: `{}.NAME`", self.name);
                gather.hinted(self.key.clone(), format!("`{}` takes a table, not an array", self.name), hint);
                None
            }
            _ => self.wants("a table", gather),
        }
    }

    /// The entries of an array.
    pub(super) fn items(&self, gather: &mut Gather) -> Option<Vec<Entry<'t>>> {
        match self.value.get_ref() {
            DeValue::Array(array) => Some(
                array
                    .iter()
                    .map(|value| Entry { name: self.name, key: self.key.clone(), value, part: Part::Item })
                    .collect(),
            ),
            DeValue::String(_) | DeValue::Integer(_) => {
                let written = gather.text().get(self.span()).unwrap_or("…").to_owned();
                let hint = (!written.contains('\n')).then(|| format!("write `[{written}]`"));
                gather.maybe_hinted(self.span(), format!("`{}` takes an array", self.name), hint);
                None
            }
            _ => self.wants("an array", gather),
        }
    }

    /// An array of strings; the good ones, when some are not.
    pub(super) fn strings(&self, gather: &mut Gather) -> Option<Vec<Spanned<String>>> {
        let items = self.items(gather)?;
        Some(items.iter().filter_map(|item| item.string(gather)).collect())
    }

    /// Tells that the value has the wrong type.
    pub(super) fn wants<T>(&self, wanted: &str, gather: &mut Gather) -> Option<T> {
        let is = match self.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(value) => &format!("`{value}`"),
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        gather.error(self.span(), format!("{} takes {wanted}, not {is}", self.subject()));
        None
    }
}
