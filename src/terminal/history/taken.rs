//! Which lines were taken away again since somebody looked last: whatever stands there now may be something else. Not: the lines.

/// So many times are told apart.
const MOST: usize = 32;

/// When lines were taken away, and from which one on.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Taken {
    /// How many times that was.
    count: u64,
    /// The number of such a time and the lowest line that was taken away then or later; both grow from one to the next.
    lowest: Vec<(u64, u64)>,
}

impl Taken {
    /// All lines from this one on are taken away.
    pub(super) fn note(&mut self, from: u64) {
        self.count += 1;
        while self.lowest.last().is_some_and(|(_, line)| *line >= from) {
            self.lowest.pop();
        }
        self.lowest.push((self.count, from));
        if self.lowest.len() > MOST {
            // Who has not looked for so long looks at a little more than is needed.
            let (_, line) = self.lowest.remove(0);
            self.lowest[0].1 = line;
        }
    }

    /// How many times lines were taken away.
    pub(in crate::terminal) fn count(&self) -> u64 {
        self.count
    }

    /// From which line on they were taken away since that was this many times; nothing if none were.
    pub(in crate::terminal) fn since(&self, count: u64) -> Option<u64> {
        self.lowest.get(self.lowest.partition_point(|(time, _)| *time <= count)).map(|(_, line)| *line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_line_since_then_is_told() {
        let mut taken = Taken::default();
        assert_eq!(taken.since(0), None);
        for line in [50, 10, 30, 20] {
            taken.note(line);
        }
        let since: Vec<Option<u64>> = (0..=4).map(|count| taken.since(count)).collect();
        assert_eq!(since, [Some(10), Some(10), Some(20), Some(20), None]);
        for line in 0..1000 {
            taken.note(100 + line);
        }
        assert_eq!((taken.since(0), taken.since(1003)), (Some(10), Some(1099)));
        assert_eq!(taken.lowest.len(), MOST);
    }
}
