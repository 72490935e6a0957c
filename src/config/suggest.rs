//! "Did you mean": the known word that is nearest to an unknown one. Not: words of other tools (see `foreign`).

/// The candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Letters' case, and `_` in place of `-`, do not count as differences. Of equally near ones the first wins.
pub(super) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = fold(word);
    let allowed = (folded.chars().count() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let candidate_folded = fold(candidate);
        let begins = folded.len() >= 3 && candidate_folded.starts_with(&folded);
        if !begins && candidate_folded.len().abs_diff(folded.len()) > allowed * char::MAX.len_utf8() {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &candidate_folded);
        let distance = if begins { distance.min(1) } else { distance };
        // A short word shares too little with one that needs every letter replaced.
        let alike = distance < folded.chars().count().max(candidate.chars().count());
        if distance <= allowed && alike && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// ``did you mean `db`?`` for the nearest candidate.
pub(super) fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Words in one sentence: `a`, `b` or `c`.
pub(super) fn listed<S: AsRef<str>>(words: &[S], last: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, start)) => format!("{} {last} {end}", start.join(", ")),
    }
}

/// `startSecs`, `start_secs` and `START-SECS` as `start-secs`.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let mut low = false;
    for c in word.chars() {
        if c == '_' || c == ' ' {
            folded.push('-');
        } else {
            if c.is_uppercase() && low {
                folded.push('-');
            }
            folded.extend(c.to_lowercase());
        }
        low = c.is_lowercase();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["command", "steps", "stop", "depends-on", "env"];
        assert_eq!(nearest("comand", keys), Some("command"));
        assert_eq!(nearest("depends_on", keys), Some("depends-on"));
        assert_eq!(nearest("dependsOn", keys), Some("depends-on"));
        assert_eq!(nearest("step", keys), Some("steps"));
        assert_eq!(nearest("envs", keys), Some("env"));
        assert_eq!(nearest("zebra", keys), None);
        assert_eq!(nearest("x", ["a", "b"]), None);
        assert_eq!(nearest("dba", ["db", "api"]), Some("db"));
    }

    #[test]
    fn words_become_a_sentence() {
        assert_eq!(listed(&["a"], "or"), "`a`");
        assert_eq!(listed(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
