//! An env file: dotenv without commands, from a text to variables, with everything wrong told. Not: where the text comes
//! from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::words::{Lookup, name_length};
use crate::problem::{Problem, Shows, Source};

/// The variables of the file, a later one over an earlier one of the same name, and the problems in it.
///
/// `NAME=value`, with or without `export`. In single quotes everything is itself; in double quotes `\n`, `\t`, `\r`, `\"`,
/// `\\` and `\$` are understood; without quotes the value goes to the end of the line or to ` #`. Outside of single quotes
/// `$NAME`, `${NAME}` and `${NAME:-other}` are the variables above in the file, then those of `lookup`.
pub(super) fn read(source: &Arc<Source>, lookup: Lookup<'_>) -> (BTreeMap<String, String>, Vec<Problem>) {
    let mut reader =
        Reader { source, text: &source.text, at: 0, lookup, found: BTreeMap::new(), problems: Vec::new() };
    while reader.at < reader.text.len() {
        if let Err(fault) = reader.line() {
            reader.tell(fault);
        }
        reader.skip_line();
    }
    (reader.found, reader.problems)
}

struct Reader<'t> {
    source: &'t Arc<Source>,
    text: &'t str,
    at: usize,
    lookup: Lookup<'t>,
    found: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

/// What is wrong, from where to where, and a hint.
struct Fault {
    from: usize,
    to: usize,
    message: String,
    hint: Option<&'static str>,
}

impl Reader<'_> {
    fn tell(&mut self, fault: Fault) {
        let mut problem = Problem::error(self.source, fault.from..fault.to, fault.message);
        problem.label = fault.hint.map(str::to_owned);
        problem.shows = Shows::Names;
        self.problems.push(problem);
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn line_end(&self) -> usize {
        self.rest().find('\n').map_or(self.text.len(), |newline| self.at + newline)
    }

    fn skip_line(&mut self) {
        self.at = (self.line_end() + 1).min(self.text.len());
    }

    /// A fault from `from` to the end of its line.
    fn fault(&self, from: usize, message: impl Into<String>, hint: Option<&'static str>) -> Fault {
        let end = self.text[from..].find('\n').map_or(self.text.len(), |newline| from + newline);
        let to = from + self.text[from..end].trim_end().len();
        Fault { from, to: to.max(from), message: message.into(), hint }
    }

    /// Reads one line, or several where a quoted value has several.
    fn line(&mut self) -> Result<(), Fault> {
        self.skip_blanks();
        if self.rest().is_empty() || self.rest().starts_with(['\n', '#']) {
            return Ok(());
        }
        if let Some(after) = self.rest().strip_prefix("export")
            && after.starts_with([' ', '\t'])
        {
            self.at += "export".len();
            self.skip_blanks();
        }
        let start = self.at;
        let name = self.name()?;
        self.skip_blanks();
        if !self.rest().starts_with('=') {
            let hint = Some("write `NAME=value`");
            return Err(self.fault(start, "a variable without `=`", hint));
        }
        self.at += 1;
        self.skip_blanks();
        let value = match self.rest().chars().next() {
            Some('\'') => self.single_quoted()?,
            Some('"') => self.double_quoted()?,
            Some('`') => {
                return Err(self.fault(self.at, "commands are not run here", Some("for text use quotes")));
            }
            Some(_) | None => self.unquoted()?,
        };
        if value.contains('\0') {
            return Err(self.fault(start, format!("`{name}` cannot hold a NUL character"), None));
        }
        self.found.insert(name, value);
        Ok(())
    }

    fn name(&mut self) -> Result<String, Fault> {
        let part_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let rest = self.rest();
        let length = rest.find(|c| !part_of_name(c)).unwrap_or(rest.len());
        let name = rest[..length].to_owned();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            let hint = Some("a line is `NAME=value`, or a comment that begins with `#`");
            return Err(self.fault(self.at, "this is not the name of a variable", hint));
        }
        self.at += length;
        Ok(name)
    }

    fn single_quoted(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        let Some(end) = inner.find('\'') else {
            return Err(self.fault(start, "a quote without its end: '", None));
        };
        self.at = start + 1 + end + 1;
        self.nothing_more()?;
        Ok(inner[..end].to_owned())
    }

    fn double_quoted(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => {
                    self.at += 1;
                    self.nothing_more()?;
                    return Ok(value);
                }
                '\\' => self.escaped(&mut value),
                '$' => self.variable(&mut value)?,
                c => {
                    value.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        self.at = start;
        Err(self.fault(start, "a quote without its end: \"", None))
    }

    /// A backslash before anything that has no meaning stays.
    fn escaped(&mut self, value: &mut String) {
        self.at += 1;
        let next = self.rest().chars().next();
        match next {
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('t') => value.push('\t'),
            Some(c @ ('"' | '\\' | '$' | '`')) => value.push(c),
            Some(c) => value.extend(['\\', c]),
            None => value.push('\\'),
        }
        self.at += next.map_or(0, char::len_utf8);
    }

    fn nothing_more(&mut self) -> Result<(), Fault> {
        self.skip_blanks();
        if self.rest().is_empty() || self.rest().starts_with(['\n', '#']) {
            return Ok(());
        }
        Err(self.fault(self.at, "something stands after the value", Some("put all of it in quotes")))
    }

    fn unquoted(&mut self) -> Result<String, Fault> {
        let end = self.line_end();
        let mut value = String::new();
        while self.at < end {
            let c = self.rest().chars().next().unwrap_or('\n');
            match c {
                '#' if value.is_empty() || value.ends_with([' ', '\t']) => break,
                '\\' if self.rest()[1..].starts_with('$') => {
                    value.push('$');
                    self.at += 2;
                }
                '$' => self.variable(&mut value)?,
                c => {
                    value.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        Ok(value.trim_end().to_owned())
    }

    /// `$NAME`, `${NAME}`, `${NAME:-other}`; a `$` before anything else is only a `$`.
    fn variable(&mut self, value: &mut String) -> Result<(), Fault> {
        const ITSELF: Option<&str> = Some("in single quotes a `$` is only a `$`");
        let start = self.at;
        let after = &self.text[start + 1..];
        if after.starts_with('(') {
            let message = "commands are not run here".to_owned();
            return Err(Fault { from: start, to: start + 2, message, hint: ITSELF });
        }
        let (name, other, length) = if let Some(inner) = after.strip_prefix('{') {
            let inner = inner.split('\n').next().unwrap_or_default();
            let Some((inside, _)) = inner.split_once('}') else {
                return Err(self.fault(start, "a `${` without its `}`", ITSELF));
            };
            let length = name_length(inside);
            let (name, rest) = inside.split_at(length);
            let other = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
            if name.is_empty() || (other.is_none() && !rest.is_empty()) {
                let to = start + inside.len() + 3;
                // What stands behind the name may be a password.
                let message = format!("`${{{name}…}}` is not understood");
                let hint = Some("known are `${NAME}` and `${NAME:-other}`");
                return Err(Fault { from: start, to, message, hint });
            }
            (name, other, inside.len() + 3)
        } else {
            let length = name_length(after);
            if length == 0 {
                value.push('$');
                self.at += 1;
                return Ok(());
            }
            (&after[..length], None, length + 1)
        };
        let known = self.found.get(name).cloned().or_else(|| (self.lookup)(name));
        match (known.filter(|known| other.is_none() || !known.is_empty()), other) {
            (Some(known), _) => value.push_str(&known),
            (None, Some(other)) => value.push_str(other),
            (None, None) => {
                let message = format!("the variable `{name}` is not set");
                return Err(Fault { from: start, to: start + length, message, hint: ITSELF });
            }
        }
        self.at = start + length;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Arc<Source> {
        Arc::new(Source { name: ".env".to_owned(), text: text.to_owned() })
    }

    fn value(line: &str) -> Option<String> {
        let lookup = |name: &str| match name {
            "HOST" => Some("gox".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let (found, problems) = read(&source(&format!("A=first\nX={line}\nZ=last")), &lookup);
        assert_eq!((found["A"].as_str(), found["Z"].as_str()), ("first", "last"), "{line}");
        assert_eq!(problems.is_empty(), found.contains_key("X"), "{line}");
        found.get("X").cloned()
    }

    #[test]
    fn values_are_what_dotenv_says() {
        for (line, wanted) in [
            ("", ""),
            ("a", "a"),
            ("a b  ", "a b"),
            ("a # remark", "a"),
            ("a#b", "a#b"),
            ("# remark", ""),
            ("'a $HOST # b' # remark", "a $HOST # b"),
            ("\"a\\n\\\"b\\\" $HOST \\$HOST\"", "a\n\"b\" gox $HOST"),
            ("'two\nlines'", "two\nlines"),
            ("\"two\nlines\"", "two\nlines"),
            ("$A/${HOST}s", "first/goxs"),
            ("${NONE:-other}${NONE-}${EMPTY:-full}", "otherfull"),
            ("5$", "5$"),
            ("$5 \\$HOST", "$5 $HOST"),
            ("C:\\new", "C:\\new"),
            ("postgres://a:b@c/d?e=f", "postgres://a:b@c/d?e=f"),
            ("ö", "ö"),
        ] {
            assert_eq!(value(line).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in
            ["$(date)", "\"$(date)\"", "`date`", "'a", "\"a", "$NONE", "${HOST", "${HOST:+x}", "'a'b", "a\0"]
        {
            let text = format!("X={line}");
            let (found, problems) = read(&source(&text), &|_| None);
            assert!(!found.contains_key("X") && problems.len() == 1, "{line}");
        }
        for line in ["NAME", "NAME: x", "1X=1", "=x", "ö=1", "export X"] {
            assert_eq!(read(&source(line), &|_| None).1.len(), 1, "{line}");
        }
    }

    #[test]
    fn lines_may_be_dressed() {
        let text = "\n# remark\n  export A=1\nB = 2\n\tC='3'\nA=4\n";
        let (found, problems) = read(&source(text), &|_| None);
        assert!(problems.is_empty());
        let wanted = [("A", "4"), ("B", "2"), ("C", "3")];
        assert_eq!(found, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }
}
