//! The key tables of the README are those of the keymap.

use std::path::Path;

use zap::ui::keymap;

/// Between these the README shows the tables.
const MARKS: (&str, &str) =
    ("<!-- keys: made from the keymap by `cargo test --test ui -- --ignored readme` -->\n", "<!-- /keys -->");

#[test]
fn the_readme_shows_the_keys_as_they_are() {
    let (_, shown, _) = parts();
    assert_eq!(shown.trim(), keymap::markdown().trim(), "run `cargo test --test ui -- --ignored readme`");
}

#[test]
#[ignore = "writes the README; run it when the keys have changed"]
fn readme() {
    let (before, _, after) = parts();
    let text = format!("{before}{}\n{}\n\n{}{after}", MARKS.0, keymap::markdown().trim(), MARKS.1);
    std::fs::write(path(), text).expect("the README can be written");
}

/// What stands before, between and after the marks.
fn parts() -> (String, String, String) {
    let text = std::fs::read_to_string(path()).expect("the README can be read");
    let (before, rest) = text.split_once(MARKS.0).expect("the mark of the keys");
    let (shown, after) = rest.split_once(MARKS.1).expect("the end of the keys");
    (before.to_owned(), shown.to_owned(), after.to_owned())
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}
