//! A look as a person writes it: `bold red`, `#444466 on default`, `reverse`. Not: how it reaches the terminal.

use std::ops::Range;

use super::suggest::nearest;
use super::theme::{Hue, Look};

/// What is wrong with a look.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The bytes of the text it is about.
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

const ATTRIBUTES: &[&str] = &["bold", "dim", "italic", "underline", "reverse"];

/// The sixteen colours of a terminal, in their order.
const COLOURS: &[&str] = &[
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// Reads attributes and colours in any order; the colour after `on` is the one behind.
pub(super) fn parse(text: &str) -> Result<Look, Vec<Fault>> {
    let mut look = Look::default();
    let mut faults = Vec::new();
    let mut words = words(text).into_iter();
    while let Some((span, word)) = words.next() {
        match word {
            "bold" => look.bold = true,
            "dim" => look.dim = true,
            "italic" => look.italic = true,
            "underline" => look.underline = true,
            "reverse" => look.reverse = true,
            "on" => match words.next() {
                Some((span, word)) => colour_into(&mut look.bg, span, word, &mut faults),
                None => faults.push(fault(span, "after `on` comes a colour", Some("for example `on blue`"))),
            },
            word => colour_into(&mut look.fg, span, word, &mut faults),
        }
    }
    if faults.is_empty() { Ok(look) } else { Err(faults) }
}

fn colour_into(place: &mut Option<Hue>, span: Range<usize>, word: &str, faults: &mut Vec<Fault>) {
    match colour(word) {
        Ok(_) if place.is_some() => {
            faults.push(fault(span, "a second colour", Some("the colour behind the text comes after `on`")));
        }
        Ok(hue) => *place = Some(hue),
        Err((message, hint)) => faults.push(Fault { span, message, hint }),
    }
}

fn colour(word: &str) -> Result<Hue, (String, Option<String>)> {
    if word == "default" {
        return Ok(Hue::Default);
    }
    if let Some(index) = COLOURS.iter().position(|name| *name == word) {
        return Ok(Hue::Indexed(index as u8));
    }
    if let Some(digits) = word.strip_prefix('#') {
        let refused = || {
            (format!("`{word}` is not a colour"), Some("six hex digits, for example `#444466`".to_owned()))
        };
        return hex(digits).ok_or_else(refused);
    }
    let inner = word.strip_prefix("color(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(word);
    if !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit()) {
        let refused =
            |_| (format!("no colour has the number {inner}"), Some("they go from 0 to 255".to_owned()));
        return inner.parse().map(Hue::Indexed).map_err(refused);
    }
    Err((format!("no attribute or colour named `{word}`"), suggestion(word)))
}

fn suggestion(word: &str) -> Option<String> {
    let meant = match word.to_ascii_lowercase().as_str() {
        "gray" | "grey" | "darkgray" | "darkgrey" | "dark-gray" | "dark-grey" => Some("bright-black"),
        "purple" | "pink" => Some("magenta"),
        "orange" => Some("yellow"),
        "underlined" => Some("underline"),
        "reversed" | "inverse" | "invert" | "standout" => Some("reverse"),
        "faint" | "dimmed" => Some("dim"),
        "none" | "plain" | "normal" => return Some("for the plain look write `\"\"`".to_owned()),
        other => {
            let light = other.strip_prefix("light").map(|rest| rest.trim_start_matches(['-', '_']));
            light.and_then(|rest| COLOURS[8..].iter().find(|name| name.ends_with(rest)).copied())
        }
    };
    let all = ATTRIBUTES.iter().chain(COLOURS).chain(&["default"]).copied();
    meant.or_else(|| nearest(word, all)).map(|meant| format!("did you mean `{meant}`?"))
}

fn hex(digits: &str) -> Option<Hue> {
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some(Hue::Rgb(red, green, blue))
}

fn fault(span: Range<usize>, message: &str, hint: Option<&str>) -> Fault {
    Fault { span, message: message.to_owned(), hint: hint.map(str::to_owned) }
}

/// The words of a text with their places.
fn words(text: &str) -> Vec<(Range<usize>, &str)> {
    text.split_whitespace()
        .map(|word| {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            (start..start + word.len(), word)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_written_as_they_are_said() {
        let plain = Look::default();
        let cases = [
            ("", plain),
            ("green", Look { fg: Some(Hue::Indexed(2)), ..plain }),
            ("bold bright-red", Look { fg: Some(Hue::Indexed(9)), bold: true, ..plain }),
            ("on blue", Look { bg: Some(Hue::Indexed(4)), ..plain }),
            (
                "#444466 on default underline",
                Look {
                    fg: Some(Hue::Rgb(0x44, 0x44, 0x66)),
                    bg: Some(Hue::Default),
                    underline: true,
                    ..plain
                },
            ),
            ("color(123) on 7", Look { fg: Some(Hue::Indexed(123)), bg: Some(Hue::Indexed(7)), ..plain }),
        ];
        for (text, look) in cases {
            assert_eq!(parse(text), Ok(look), "{text}");
        }
    }

    #[test]
    fn every_odd_word_is_told_with_its_place() {
        let faults = parse("bold gren on").unwrap_err();
        assert_eq!(faults.len(), 2);
        assert_eq!(faults[0].span, 5..9);
        assert_eq!(faults[0].hint.as_deref(), Some("did you mean `green`?"));
        for text in ["red blue", "#12", "#ggaabb", "color(256)", "300", "on", "lightred", "grey"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
