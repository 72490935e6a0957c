//! What was typed into a line before, to be had again with Up and Down. Not: the line.

/// More than so many are not kept.
const KEPT: usize = 100;

/// What was typed before, the newest last, each once.
#[derive(Debug, Default)]
pub(super) struct Recall(Vec<String>);

/// Where somebody is who goes through it.
#[derive(Debug, Default)]
pub(super) struct Recalled {
    /// How many steps back.
    back: usize,
    /// What was typed before the first step.
    draft: String,
}

impl Recall {
    /// Keeps a text as the newest.
    pub(super) fn keep(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.0.retain(|kept| kept != text);
        self.0.push(text.to_owned());
        let gone = self.0.len().saturating_sub(KEPT);
        self.0.drain(..gone);
    }

    /// The text before the one that stands in the line; `None` if there is none.
    pub(super) fn older(&self, at: &mut Recalled, present: &str) -> Option<String> {
        let text = self.0.len().checked_sub(at.back + 1).and_then(|index| self.0.get(index))?;
        if at.back == 0 {
            present.clone_into(&mut at.draft);
        }
        at.back += 1;
        Some(text.clone())
    }

    /// The text after the one that stands in the line; at last what was typed first.
    pub(super) fn newer(&self, at: &mut Recalled) -> Option<String> {
        at.back = at.back.checked_sub(1)?;
        if at.back == 0 {
            return Some(std::mem::take(&mut at.draft));
        }
        self.0.get(self.0.len().checked_sub(at.back)?).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_back_and_comes_back_to_what_one_typed() {
        let mut recall = Recall::default();
        for text in ["one", "two", "one", "", "three"] {
            recall.keep(text);
        }
        let mut at = Recalled::default();
        assert_eq!(recall.newer(&mut at), None);
        let back: Vec<_> = std::iter::from_fn(|| recall.older(&mut at, "dra")).collect();
        assert_eq!(back, ["three", "one", "two"]);
        let forth: Vec<_> = std::iter::from_fn(|| recall.newer(&mut at)).collect();
        assert_eq!(forth, ["one", "three", "dra"]);
    }

    #[test]
    fn the_oldest_fall_out() {
        let mut recall = Recall::default();
        (0..KEPT + 2).for_each(|number| recall.keep(&number.to_string()));
        let mut at = Recalled::default();
        let last = std::iter::from_fn(|| recall.older(&mut at, "")).last();
        assert_eq!(last.as_deref(), Some("2"));
    }
}
