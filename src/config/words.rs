//! The words of a line, split exactly as a POSIX shell splits it. Not: anything else a shell does; where it would do
//! more than split, the answer is why.

/// Why a line cannot be split into words without a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// A character with a meaning for the shell.
    Character(char),
    /// A quote without its end.
    OpenQuote(char),
    /// A backslash before the end of a line.
    Continuation,
    /// Several lines.
    Lines,
    /// The first word belongs to the shell itself.
    Builtin(String),
    /// The line begins with an assignment.
    Assignment,
}

/// The value of a variable, for lines in which `~` and `$NAME` may be expanded.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// Splits a line that holds nothing but words, quotes and backslashes.
pub(super) fn split(line: &str) -> Result<Vec<String>, Why> {
    split_with(line, &|_| None)
}

/// As [`split`], but expands `~`, `$NAME` and `${NAME}` where the value is known and needs no further splitting.
pub(super) fn split_with(line: &str, lookup: Lookup<'_>) -> Result<Vec<String>, Why> {
    let mut rest = line;
    let mut words = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n']);
        if rest.is_empty() {
            return Ok(words);
        }
        let mut word = Word { text: String::new(), rest, lookup };
        word.read()?;
        rest = word.rest;
        words.push(word.text);
        let ended = rest.trim_start_matches([' ', '\t']);
        if ended.starts_with('\n') && !ended.trim_start_matches([' ', '\t', '\n']).is_empty() {
            return Err(Why::Lines);
        }
    }
}

struct Word<'l> {
    text: String,
    rest: &'l str,
    lookup: Lookup<'l>,
}

impl Word<'_> {
    /// Reads up to the blank that ends the word.
    fn read(&mut self) -> Result<(), Why> {
        self.home()?;
        let begin = self.rest.len();
        while let Some(c) = self.rest.chars().next() {
            let first = self.rest.len() == begin;
            match c {
                ' ' | '\t' | '\n' => break,
                '\'' => self.single_quoted()?,
                '"' => self.double_quoted()?,
                '\\' => self.escaped()?,
                '$' => self.variable(Quoted::No)?,
                // `find -exec … {}`: no shell makes anything of empty braces.
                '{' if self.rest.starts_with("{}") => {
                    self.take('{');
                    self.take('}');
                }
                '|' | '&' | ';' | '<' | '>' | '(' | ')' | '`' | '*' | '?' | '[' | '{' | '}' => {
                    return Err(Why::Character(c));
                }
                '#' | '~' if first => return Err(Why::Character(c)),
                // `a=~/b`, `a:~/b`: some shells expand it there.
                '~' if self.text.ends_with(['=', ':']) => return Err(Why::Character(c)),
                c if c.is_whitespace() && !c.is_ascii() => return Err(Why::Character(c)),
                c => self.take(c),
            }
        }
        Ok(())
    }

    fn take(&mut self, c: char) {
        self.text.push(c);
        self.skip(c);
    }

    fn skip(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
    }

    fn single_quoted(&mut self) -> Result<(), Why> {
        let inner = &self.rest[1..];
        let end = inner.find('\'').ok_or(Why::OpenQuote('\''))?;
        self.text.push_str(&inner[..end]);
        self.rest = &inner[end + 1..];
        Ok(())
    }

    fn double_quoted(&mut self) -> Result<(), Why> {
        self.skip('"');
        while let Some(c) = self.rest.chars().next() {
            match c {
                '"' => {
                    self.skip(c);
                    return Ok(());
                }
                '`' => return Err(Why::Character(c)),
                '$' => self.variable(Quoted::Yes)?,
                '\\' => {
                    self.skip(c);
                    match self.rest.chars().next() {
                        Some(next @ ('$' | '`' | '"' | '\\')) => self.take(next),
                        Some('\n') => return Err(Why::Continuation),
                        Some(_) | None => self.text.push('\\'),
                    }
                }
                c => self.take(c),
            }
        }
        Err(Why::OpenQuote('"'))
    }

    fn escaped(&mut self) -> Result<(), Why> {
        self.skip('\\');
        match self.rest.chars().next() {
            Some('\n') | None => Err(Why::Continuation),
            Some(c) => {
                self.take(c);
                Ok(())
            }
        }
    }

    /// `~` and `~/…` at the beginning of a word.
    fn home(&mut self) -> Result<(), Why> {
        let Some(after) = self.rest.strip_prefix('~') else { return Ok(()) };
        if !(after.is_empty() || after.starts_with(['/', ' ', '\t', '\n'])) {
            return Err(Why::Character('~'));
        }
        let home = (self.lookup)("HOME").filter(|home| !home.is_empty()).ok_or(Why::Character('~'))?;
        self.text.push_str(&home);
        self.rest = after;
        Ok(())
    }

    fn variable(&mut self, quoted: Quoted) -> Result<(), Why> {
        let unknown = Why::Character('$');
        let after = &self.rest[1..];
        let (name, rest) = match after.strip_prefix('{') {
            Some(inner) => inner.split_once('}').ok_or_else(|| unknown.clone())?,
            None => after.split_at(name_length(after)),
        };
        if name.is_empty() || name_length(name) != name.len() {
            return Err(unknown);
        }
        let value = (self.lookup)(name).ok_or_else(|| unknown.clone())?;
        let splits = |c: char| c.is_whitespace() || matches!(c, '*' | '?' | '[' | '\\');
        if quoted == Quoted::No && (value.is_empty() || value.contains(splits)) {
            return Err(unknown);
        }
        self.text.push_str(&value);
        self.rest = rest;
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoted {
    Yes,
    No,
}

/// How many bytes at the beginning of `text` are the name of a variable.
pub(super) fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What `sh` itself makes of the words of a line.
    #[expect(clippy::disallowed_methods, reason = "a test may ask the real shell, and waits for it")]
    fn asked(line: &str) -> Vec<String> {
        let script = format!("printf '%s\\0' {line}");
        let output = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    #[test]
    fn words_are_those_of_sh() {
        let lines = [
            "npm run dev -- --port 3000",
            "  a\tb   c  ",
            r#"a 'b c' "d e" f\ g"#,
            r#""a\"b" 'it'"'"'s' "\$x \\ \n""#,
            r#"'' """#,
            r"a\\b \'x\' \#y",
            "x=1 --y=2 a,b a@b:c %d + ] ä=ö",
            "a'b'\"c\"d",
            "'two\nlines' end",
            "find . ! -name x =a ^b -exec cat {} +",
        ];
        for line in lines {
            assert_eq!(split(line).as_deref(), Ok(asked(line).as_slice()), "{line}");
        }
    }

    #[test]
    fn what_a_shell_would_do_is_left_to_it() {
        let lines = [
            "a | b", "a && b", "a; b", "a > b", "$X", "\"$X\"", "`x`", "\"`x`\"", "*.rs", "a?", "[ab]",
            "~/x", "a=~", "{a,b}", "(a)", "#x", "a\nb", "'a", "\"a", "a\\", "a \\\n b",
        ];
        for line in lines {
            assert!(split(line).is_err(), "{line}");
        }
        assert_eq!(split("a\n"), Ok(vec!["a".to_owned()]));
        assert_eq!(split(" \n "), Ok(vec![]));
    }

    #[test]
    fn known_variables_are_put_in() {
        let lookup = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            "HOST" => Some("gox".to_owned()),
            "TWO" => Some("a b".to_owned()),
            _ => None,
        };
        let words = |line| split_with(line, &lookup);
        assert_eq!(words("ssh -i ~/.ssh/k $HOST").unwrap(), ["ssh", "-i", "/home/ada/.ssh/k", "gox"]);
        assert_eq!(words("a\"${TWO}\"b ${HOST}x").unwrap(), ["aa bb", "goxx"]);
        assert!(words("$TWO").is_err());
        assert!(words("$NONE").is_err());
        assert!(words("${HOST:-x}").is_err());
        assert!(words("~ada/x").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn random_lines_split_as_sh_splits_them(line in r#"[a-c '"\\$=,.~#!^{}-]{0,12}"#) {
            if let Ok(words) = split(&line)
                && !words.is_empty()
            {
                prop_assert_eq!(words, asked(&line));
            }
        }
    }
}
