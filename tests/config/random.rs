//! Whatever a file holds, the loader answers: it never panics, and every problem can be drawn. Not: what it answers.

use proptest::prelude::*;

use super::project::{Project, empty};
use zap::config::{LoadError, STARTER};
use zap::problem::Paint;

const GOOD: &[&str] = &[
    STARTER,
    include_str!("good/everything.toml"),
    include_str!("good/short.toml"),
    include_str!("good/levels.toml"),
    include_str!("good/supervision.toml"),
];

/// Loads a text and draws what is told.
fn survive(bytes: &[u8]) {
    PROJECT.with(|project| survive_in(project, bytes));
}

thread_local! {
    /// One folder for all cases of a test; making folders takes longer than loading.
    static PROJECT: Project = empty();
}

fn survive_in(project: &Project, bytes: &[u8]) {
    project.write("systems.toml", bytes);
    match project.load() {
        Ok(loaded) => drop(zap::problem::draw_all(&loaded.warnings, Paint::Colour)),
        Err(error) => {
            drop(error.draw(Paint::Plain));
            if let LoadError::Problems(problems) = error {
                for problem in problems {
                    assert!(!problem.one_line().contains('\n'));
                }
            }
        }
    }
}

fn tokens() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ",",
        ".",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "\n",
        "\r\n",
        "#",
        " ",
        "\t",
        "zap",
        "systems",
        "jobs",
        "defaults",
        "env",
        "command",
        "steps",
        "depends-on",
        "stop",
        "backoff",
        "a",
        "b",
        "\"a\"",
        "\"ssh x\"",
        "1",
        "-1",
        "1.5",
        "nan",
        "true",
        "false",
        "1979-05-27",
        "\\u0000",
        "ö",
        "\u{1b}",
        "\u{feff}",
        "[systems.a.jobs]\n",
        "[systems.a.jobs.b]\n",
        "command = \"x\"\n",
        "depends-on = [\"b\"]\n",
        "~",
        "$X",
        "schedule = { start-time = \"08:00\" }\n",
        "versions = [{ apply-on = 2027-03-28T02:30:00 }]\n",
        "env-file = \"systems.toml\"\n",
        "ready = { log = '(' }\n",
        "stdout = \"x\"\n",
        "timezone = \"Mars\"\n",
        "steps = [\"a\"]\n",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_string_is_answered(text in ".{0,200}") {
        survive(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        survive(&bytes);
    }

    #[test]
    fn any_heap_of_tokens_is_answered(text in tokens()) {
        survive(text.as_bytes());
    }

    #[test]
    fn any_change_to_a_good_file_is_answered(
        which in 0..GOOD.len(),
        at in any::<prop::sample::Index>(),
        cut in 0..12usize,
        put in tokens(),
    ) {
        let text = GOOD[which];
        let start = text.floor_char_boundary(at.index(text.len()));
        let end = text.ceil_char_boundary((start + cut).min(text.len()));
        survive(format!("{}{put}{}", &text[..start], &text[end..]).as_bytes());
    }
}

#[test]
fn a_file_cut_anywhere_is_answered() {
    for text in GOOD {
        // Every place would take seconds; these fall on all kinds of them.
        for end in (0..text.len()).step_by(7) {
            survive(&text.as_bytes()[..end]);
        }
    }
}
