//! Signals by their names: `TERM`, `SIGTERM`, `RTMIN+3`. The one table for all rooms. Not: sending them.

use std::ops::RangeInclusive;

use nix::sys::signal::Signal;

use super::gather::Gather;
use super::suggest::nearest;
use super::value::Entry;

/// The numbers that kernel and libc give to signals.
const NUMBERS: RangeInclusive<i32> = 1..=64;

/// The name of a signal without `SIG`: `TERM`, `RTMIN+3`; a number without a name as it is.
pub fn name(signal: i32) -> String {
    if let Ok(known) = Signal::try_from(signal) {
        return short(known.as_str());
    }
    match signal - libc::SIGRTMIN() {
        0 => "RTMIN".to_owned(),
        above if above > 0 && signal <= libc::SIGRTMAX() => format!("RTMIN+{above}"),
        _ => signal.to_string(),
    }
}

/// The number of a signal as a person types it: a name, or a number between 1 and 64.
pub fn typed(text: &str) -> Option<i32> {
    match text.parse() {
        Ok(number) => Some(number).filter(is_number),
        Err(_) => number(text),
    }
}

/// Whether there is a signal of this number.
pub fn is_number(number: &i32) -> bool {
    NUMBERS.contains(number)
}

/// The number of a signal, by its name with or without `SIG`, in any case.
pub(super) fn number(name: &str) -> Option<i32> {
    let short = short(name);
    if let Ok(signal) = format!("SIG{short}").parse::<Signal>() {
        return Some(signal as i32);
    }
    if short == "CLD" {
        return Some(Signal::SIGCHLD as i32);
    }
    real_time(&short)
}

/// `RTMIN`, `RTMIN+n`, `RTMAX`, `RTMAX-n`.
fn real_time(name: &str) -> Option<i32> {
    let (least, most) = (libc::SIGRTMIN(), libc::SIGRTMAX());
    let offset = |text: &str| if text.is_empty() { Some(0) } else { text.get(1..)?.parse::<i32>().ok() };
    let number = match (name.strip_prefix("RTMIN"), name.strip_prefix("RTMAX")) {
        (Some(rest), _) if rest.is_empty() || rest.starts_with('+') => least.checked_add(offset(rest)?)?,
        (_, Some(rest)) if rest.is_empty() || rest.starts_with('-') => most.checked_sub(offset(rest)?)?,
        (_, _) => return None,
    };
    (least..=most).contains(&number).then_some(number)
}

fn short(name: &str) -> String {
    let upper = name.trim().to_ascii_uppercase();
    upper.strip_prefix("SIG").map_or_else(|| upper.clone(), str::to_owned)
}

/// The number of the signal that the entry names; told if there is none.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<i32> {
    use toml::de::DeValue;
    let by_number = match entry.value.get_ref() {
        DeValue::Integer(integer) => i32::from_str_radix(integer.as_str(), integer.radix()).ok(),
        DeValue::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    if let Some(signal) = by_number.and_then(|number| Signal::try_from(number).ok()) {
        let name = short(signal.as_str());
        gather.hinted(entry.span(), "a signal is given by its name", format!("write `\"{name}\"`"));
        return None;
    }
    let name = entry.string(gather)?;
    if name.get_ref().trim().is_empty() {
        gather.hinted(entry.span(), "the name of a signal cannot be empty", "for example `TERM`");
        return None;
    }
    let found = number(name.get_ref());
    if found.is_none() {
        let known: Vec<String> = Signal::iterator().map(|signal| short(signal.as_str())).collect();
        let near = nearest(&short(name.get_ref()), known.iter().map(String::as_str));
        let hint = near.map_or_else(
            || "for example `TERM`, `INT`, `HUP` or `QUIT`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        gather.hinted(entry.span(), format!("no signal named `{}`", name.get_ref()), hint);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_dress() {
        for (name, wanted) in
            [("TERM", 15), ("SIGTERM", 15), ("int", 2), ("Hup", 1), ("KILL", 9), ("usr1", 10)]
        {
            assert_eq!(number(name), Some(wanted), "{name}");
        }
        assert_eq!(number("RTMIN+3"), Some(libc::SIGRTMIN() + 3));
        assert_eq!(number("SIGRTMAX-1"), Some(libc::SIGRTMAX() - 1));
    }

    #[test]
    fn names_and_numbers_agree() {
        for (text, signal) in
            [("TERM", 15), ("KILL", 9), ("HUP", 1), ("USR1", 10), ("WINCH", 28), ("SYS", 31)]
        {
            assert_eq!(name(signal), text);
        }
        for signal in (1..=31).chain(libc::SIGRTMIN()..=libc::SIGRTMAX()) {
            assert_eq!(number(&name(signal)), Some(signal), "{}", name(signal));
        }
        assert_eq!([0, -3, 32, 65].map(name), ["0", "-3", "32", "65"].map(str::to_owned));
    }

    #[test]
    fn a_person_may_type_a_number_too() {
        assert_eq!(["15", "sigterm", "RTMAX-1"].map(typed), [Some(15), Some(15), Some(libc::SIGRTMAX() - 1)]);
        assert_eq!(["", "TREM", "0", "65", "-1", "RTMIN3"].map(typed), [None; 6]);
    }

    #[test]
    fn what_is_no_signal_has_no_number() {
        for name in
            ["", "SIG", "TREM", "RTMIN+99", "RTMIN-1", "RTMAX+1", "RTMIN+", "RTMINÄ", "RTMIN+99999999999"]
        {
            assert_eq!(number(name), None, "{name}");
        }
    }
}
