//! The picture of the README, made from a real frame of the demo.

use std::path::Path;

use crate::host::Host;

/// Between these the README shows the picture.
const MARKS: (&str, &str) =
    ("<!-- picture: made by `cargo test --test e2e -- --ignored picture` -->\n", "<!-- /picture -->");

#[test]
#[ignore = "writes the README; run it when the screen has changed"]
fn picture() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let demo = std::fs::read_to_string(top.join("systems.toml")).expect("the demo");
    let mut host = Host::new(&demo).size(27, 120);
    host.zap(&[]).row(&["deploy", "✗"]).shows("WARN").row(&["flaky", "retry"]);
    let picture: String = host.screen();
    // Another path of the same width, the blanks behind it counted.
    let picture = picture.replace("~/systems.toml         ", "~/src/shop/systems.toml");
    host.keys("qy");
    assert_eq!(host.ends().0, 0);

    let readme = top.join("README.md");
    let text = std::fs::read_to_string(&readme).expect("the README");
    let (before, rest) = text.split_once(MARKS.0).expect("the mark of the picture");
    let (_, after) = rest.split_once(MARKS.1).expect("the end of the picture");
    std::fs::write(&readme, format!("{before}{}```text\n{picture}```\n{}{after}", MARKS.0, MARKS.1))
        .expect("the README");
}
