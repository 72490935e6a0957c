//! A stack of patterns that a line must all match, or must not. Not: lines around those that do.

use std::sync::Arc;

use super::matcher::Matcher;
use super::pattern::Pattern;
use super::sheet::Sheet;

/// A line is tried by itself if no more than one in so many is left: a whole sheet has more to read.
const FEW: usize = 8;

/// A pattern that lines must match, or must not.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The pattern.
    pub pattern: Arc<Pattern>,
    /// Whether lines that match are left out.
    pub out: bool,
}

/// A stack of patterns that a line must all pass. An empty one lets every line pass.
#[derive(Debug, Clone, Default)]
pub struct Filters(pub Vec<Filter>);

impl Filter {
    fn passes(&self, text: &str) -> bool {
        self.pattern.is_match(text) != self.out
    }

    /// Leaves of `places` those that pass, or, of `None`, those of the whole sheet.
    fn sift(&self, sheet: &Sheet, places: Option<Vec<u32>>) -> Vec<u32> {
        if let Some(places) = places.as_ref().filter(|places| places.len() * FEW < sheet.len() as usize) {
            return places.iter().copied().filter(|place| self.passes(sheet.line(*place))).collect();
        }
        let mut hits = Vec::new();
        self.pattern.search(sheet, &mut |place| hits.push(place));
        if places.is_none() && !self.out {
            return hits;
        }
        let places = places.unwrap_or_else(|| all(sheet));
        let mut hits = hits.into_iter().peekable();
        let passes = |place: &u32| {
            while hits.next_if(|hit| hit < place).is_some() {}
            (hits.peek() == Some(place)) != self.out
        };
        places.into_iter().filter(passes).collect()
    }
}

impl Matcher for Filters {
    fn is_match(&self, text: &str) -> bool {
        self.0.iter().all(|filter| filter.passes(text))
    }

    fn search(&self, sheet: &Sheet, found: &mut dyn FnMut(u32)) {
        let passed = self.0.iter().fold(None, |places, filter| Some(filter.sift(sheet, places)));
        passed.unwrap_or_else(|| all(sheet)).into_iter().for_each(found);
    }
}

/// The places of all lines that are no separators.
fn all(sheet: &Sheet) -> Vec<u32> {
    sheet.lines().map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sheet_is_searched_as_its_lines_are(
            lines in prop::collection::vec("[abc]{0,3}", 0..40),
            filters in prop::collection::vec(
                (prop::sample::select(vec!["[abc]", "^a", "c$", "a.*b", "", "x"]), any::<bool>()),
                0..4,
            ),
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let filter = |(pattern, out): &(&str, bool)| {
                Filter { pattern: Arc::new(Pattern::new(pattern).unwrap()), out: *out }
            };
            let filters = Filters(filters.iter().map(filter).collect());
            let mut found = Vec::new();
            filters.search(&Sheet::of(&lines), &mut |place| found.push(place));
            let one_by_one: Vec<u32> =
                (0..).zip(&lines).filter(|(_, line)| filters.is_match(line)).map(|(place, _)| place).collect();
            prop_assert_eq!(found, one_by_one);
        }
    }
}
