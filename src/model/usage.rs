//! What a run uses of the machine, as eyes and wires tell it, and how people read it. Not: measuring it (`sys`); the model
//! decides nothing by it.

/// What all processes of a run use together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Thousandths of one processor: 2000 are two processors at work all the time. Nothing if it was not measured for long
    /// enough.
    pub cpu: Option<u32>,
    /// Bytes of memory that are there in truth. What processes share counts for each of them.
    pub memory: u64,
    /// How many processes there are; 0 once all have ended.
    pub processes: u32,
}

/// A share of a processor: `3 %`, `120 %`.
pub fn in_percent(thousandths: u32) -> String {
    format!("{} %", thousandths.saturating_add(5) / 10)
}

/// An amount of memory in few letters: `512 KB`, `1.5 MB`, `12 MB`.
pub fn in_bytes(bytes: u64) -> String {
    // What rounds up to a thousand is one of the next unit.
    let (unit, name) = match bytes {
        0..999_500 => (1_000, "KB"),
        999_500..999_500_000 => (1_000_000, "MB"),
        999_500_000..999_500_000_000 => (1_000_000_000, "GB"),
        _ => (1_000_000_000_000, "TB"),
    };
    let tenths = (bytes + unit / 20) / (unit / 10);
    if name == "KB" || tenths >= 100 {
        return format!("{} {name}", (bytes + unit / 2) / unit);
    }
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let told = [0, 4_096, 999_499, 999_500, 1_548_576, 9_949_999, 9_950_000, 12_300_000, 999_499_999];
        let told: Vec<String> = told.into_iter().map(in_bytes).collect();
        let expected = ["0 KB", "4 KB", "999 KB", "1.0 MB", "1.5 MB", "9.9 MB", "10 MB", "12 MB", "999 MB"];
        assert_eq!(told, expected);
        assert_eq!(in_bytes(999_500_000), "1.0 GB");
        assert_eq!(in_bytes(5_000_000_000_000), "5.0 TB");
        assert_eq!([0, 4, 5, 34, 1200].map(in_percent), ["0 %", "0 %", "1 %", "3 %", "120 %"]);
    }
}
