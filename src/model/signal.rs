//! The numbers of the signals that the supervisor sends itself, and the names that people read. Not: sending them.

/// Asks to end. The numbers up to 31 are those of Linux on x86 and ARM (signal(7)).
pub(super) const TERM: i32 = 15;

/// Ends, whatever the process thinks of it.
pub(super) const KILL: i32 = 9;

const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

/// `TERM` for 15; the number itself for one without a name.
pub(super) fn name(signal: i32) -> String {
    usize::try_from(signal - 1)
        .ok()
        .and_then(|index| NAMES.get(index))
        .map_or_else(|| signal.to_string(), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn signals_have_the_names_of_signal_7() {
        assert_eq!([1, 2, 9, 15, 31].map(name), ["HUP", "INT", "KILL", "TERM", "SYS"].map(str::to_owned));
        assert_eq!([0, -3, 34].map(name), ["0", "-3", "34"].map(str::to_owned));
    }
}
