//! Places in files that a line of output mentions: `src/main.rs:12:5`, `File "x.py", line 3`, `at f (file.js:1:2)`. Pure. Not:
//! whether there is such a file.

use std::ops::Range;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The file, as it is mentioned.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, if it is mentioned.
    pub column: Option<u32>,
    /// Where in the text.
    pub at: Range<usize>,
}

/// All places that a text mentions, in their order.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = quoted(text);
    let taken: Vec<Range<usize>> = found.iter().map(|mention| mention.at.clone()).collect();
    let free = |at: usize| !taken.iter().any(|range| range.contains(&at));
    found.extend(words(text).filter(|(at, _)| free(*at)).filter_map(|(at, word)| in_word(at, word)));
    found.sort_by_key(|mention| mention.at.start);
    found
}

/// `File "x y.py", line 3` of Python, and everything else that writes so.
fn quoted(text: &str) -> Vec<Mention> {
    const MIDDLE: &str = "\", line ";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(end) = text[from..].find(MIDDLE).map(|at| from + at) {
        let (digits, after) = number(&text[end + MIDDLE.len()..]);
        let stop = text.len() - after.len();
        if let (Some(start), Some(line)) = (text[from..end].rfind('"').map(|at| from + at + 1), digits)
            && start < end
        {
            found.push(Mention { file: text[start..end].to_owned(), line, column: None, at: start..stop });
        }
        from = stop.max(end + MIDDLE.len());
    }
    found
}

/// The words of a text, with where they begin. What encloses words is no part of them, but for brackets: paths have some.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let outside =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '|' | ';' | '│' | '─');
    text.split(outside).map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// `file:12`, `file:12:5`, `file(12,5)`, with whatever stands around it.
fn in_word(at: usize, word: &str) -> Option<Mention> {
    let trimmed = word.trim_start_matches(['(', '[', '{', '=', ',']);
    let at = at + word.len() - trimmed.len();
    let (scheme, rest) = match trimmed.strip_prefix("file://") {
        Some(rest) => (trimmed.len() - rest.len(), rest),
        // What a browser opens is no file.
        None if trimmed.contains("://") => return None,
        None => (0, trimmed),
    };
    let found = colons(rest).or_else(|| brackets(rest))?;
    let start = at + scheme;
    Some(Mention { at: start..start + found.end, ..found.mention })
}

struct Found {
    mention: Mention,
    end: usize,
}

fn colons(word: &str) -> Option<Found> {
    word.match_indices(':').find_map(|(colon, _)| {
        let (line, after) = number(&word[colon + 1..]);
        let (column, after) = match after.strip_prefix(':').map(number) {
            Some((Some(column), after)) => (Some(column), after),
            Some((None, _)) | None => (None, after),
        };
        found(&word[..colon], line?, column, word, after)
    })
}

/// As the compilers of TypeScript and of .NET write it.
fn brackets(word: &str) -> Option<Found> {
    word.match_indices('(').find_map(|(open, _)| {
        let (line, after) = number(&word[open + 1..]);
        let (column, after) = match after.strip_prefix(',').map(number) {
            Some((column, after)) => (column, after),
            None => (None, after),
        };
        found(&word[..open], line?, column, word, after.strip_prefix(')')?)
    })
}

fn found(file: &str, line: u32, column: Option<u32>, word: &str, after: &str) -> Option<Found> {
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
    if !is_path(file) || goes_on && !after.starts_with('.') {
        return None;
    }
    let end = word.len() - after.len();
    Some(Found { mention: Mention { file: file.to_owned(), line, column, at: 0..0 }, end })
}

/// With a folder or an ending, and no number: `12:04:33` is a time, `127.0.0.1:8080` an address.
fn is_path(file: &str) -> bool {
    let letters = file.chars().any(char::is_alphabetic);
    let named = file.rsplit('/').next().is_some_and(|name| !name.is_empty());
    let ending = file.rsplit_once('.').is_some_and(|(_, ending)| {
        !ending.is_empty() && ending.len() <= 12 && ending.chars().all(char::is_alphanumeric)
    });
    letters && named && (file.contains('/') || ending) && !file.contains([':', ','])
}

/// A number above 0 at the beginning, and what follows it.
fn number(text: &str) -> (Option<u32>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].parse().ok().filter(|number| *number > 0), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let one = |mention: Mention| {
            let column = mention.column.map_or_else(String::new, |column| format!(":{column}"));
            format!("{}:{}{column}", mention.file, mention.line)
        };
        mentions(text).into_iter().map(one).collect()
    }

    #[test]
    fn each_tool_has_its_way() {
        for (text, want) in [
            ("  --> src/main.rs:12:5", "src/main.rs:12:5"),
            ("thread 'main' panicked at src/queue.rs:41:9:", "src/queue.rs:41:9"),
            ("             at ./src/main.rs:3:5", "./src/main.rs:3:5"),
            ("foo.c:12:3: error: expected ';'", "foo.c:12:3"),
            ("In file included from a/b.h:7,", "a/b.h:7"),
            ("  File \"app/x y.py\", line 3, in f", "app/x y.py:3"),
            ("    at f (/srv/app/x.js:1:2)", "/srv/app/x.js:1:2"),
            ("    at async file:///srv/x.mjs:10:20", "/srv/x.mjs:10:20"),
            ("    at Object.<anonymous> (x.js:1:2)", "x.js:1:2"),
            ("src/a.ts(12,5): error TS2322: no", "src/a.ts:12:5"),
            ("\t/go/src/main.go:10 +0x1d", "/go/src/main.go:10"),
            ("main.go:10:5: undefined: x", "main.go:10:5"),
            ("Makefile.am:3: *** missing", "Makefile.am:3"),
            ("src/x.rs:12:fn main() {", "src/x.rs:12"),
            ("app/[id]/page.tsx:4:1", "app/[id]/page.tsx:4:1"),
            ("[vite] (src/App.vue:3:1)", "src/App.vue:3:1"),
            ("see x.rs:3.", "x.rs:3"),
        ] {
            assert_eq!(told(text), [want], "{text}");
        }
    }

    #[test]
    fn times_addresses_and_links_are_no_places() {
        for text in [
            "12:04:33 INFO  GET / 200 3ms",
            "2026-11-20T12:04:33.123Z up",
            "listening on 127.0.0.1:8080",
            "http://localhost:3000/x.js:1:2",
            "[::1]:80 error:12 a:b x.y:0",
            "",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn all_of_a_line_are_found_where_they_stand() {
        let text = "a.rs:1 and \"b c.py\", line 2; (d.c:3:4)";
        assert_eq!(told(text), ["a.rs:1", "b c.py:2", "d.c:3:4"]);
        let at: Vec<&str> = mentions(text).iter().map(|mention| &text[mention.at.clone()]).collect();
        assert_eq!(at, ["a.rs:1", "b c.py\", line 2", "d.c:3:4"]);
    }
}
