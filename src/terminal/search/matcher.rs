//! Which lines are meant. Not: where they are.

use super::sheet::Sheet;

/// Which lines are meant. The separators at the ends of runs are never among them.
pub trait Matcher: Send + Sync {
    /// Whether a line is meant, by its text without colours.
    fn is_match(&self, text: &str) -> bool;

    /// Hears the lines of one run in their order and tells of each whether it is meant: for who asks more of a line than its
    /// text. A reader may begin anywhere in the run: see `context`.
    fn reader(&self) -> Box<dyn FnMut(&str) -> bool + '_> {
        Box::new(|text| self.is_match(text))
    }

    /// How many lines before the first that matters a reader wants to have heard, if the run has as many. What it says of
    /// a line must not depend on what it heard before these.
    fn context(&self) -> u64 {
        0
    }

    /// Tells the lines of a sheet that are meant by their places on it, lowest first. To be written anew where a whole
    /// sheet can be searched faster than line by line; what is told must be the same.
    fn search(&self, sheet: &Sheet, found: &mut dyn FnMut(u32)) {
        let mut reads = self.reader();
        for text in sheet.before() {
            reads(text);
        }
        let mut next = 0;
        for (place, text) in sheet.lines() {
            if place > next {
                // A separator stood between.
                reads = self.reader();
            }
            if reads(text) {
                found(place);
            }
            next = place + 1;
        }
    }
}
