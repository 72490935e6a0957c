//! Which lines are meant. Not: where they are.

use super::sheet::Sheet;

/// Which lines are meant. The separators at the ends of runs are never among them.
pub trait Matcher: Send + Sync {
    /// Whether a line is meant, by its text without colours.
    fn is_match(&self, text: &str) -> bool;

    /// Tells the lines of a sheet that are meant by their places on it, lowest first. To be written anew where a whole
    /// sheet can be searched faster than line by line; what is told must be the same.
    fn search(&self, sheet: &Sheet, found: &mut dyn FnMut(u32)) {
        for (place, text) in sheet.lines() {
            if self.is_match(text) {
                found(place);
            }
        }
    }
}
