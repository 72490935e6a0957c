//! Signals by their names: `TERM`, `SIGTERM`, `RTMIN+3`. Not: sending them.

use nix::sys::signal::Signal;

use super::gather::Gather;
use super::suggest::nearest;
use super::value::Entry;

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
    fn what_is_no_signal_has_no_number() {
        for name in
            ["", "SIG", "TREM", "RTMIN+99", "RTMIN-1", "RTMAX+1", "RTMIN+", "RTMINÄ", "RTMIN+99999999999"]
        {
            assert_eq!(number(name), None, "{name}");
        }
    }
}
