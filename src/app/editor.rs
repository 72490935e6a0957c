//! How an editor is told where to go. Not: which file, and running it.

use std::path::Path;

/// Whether the command comes back when the person is done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comes {
    /// It does.
    WhenDone,
    /// It comes back at once, and somebody else shows the file.
    AtOnce,
}

/// The words that open a file at a line.
pub(super) fn words(command: &str, file: &str, line: u32, column: Option<u32>) -> Vec<String> {
    let place = |sign: char| match column {
        Some(column) => format!("{line}{sign}{column}"),
        None => line.to_string(),
    };
    match (name(command).as_str(), column) {
        ("code" | "codium" | "code-insiders" | "cursor" | "windsurf", _) => {
            vec!["-g".to_owned(), format!("{file}:{}", place(':'))]
        }
        ("hx" | "helix" | "subl" | "sublime_text" | "zed" | "zeditor" | "lapce", _) => {
            vec![format!("{file}:{}", place(':'))]
        }
        ("kak" | "micro" | "emacs" | "emacsclient", _) => vec![format!("+{}", place(':')), file.to_owned()],
        ("nano" | "pico" | "rnano", _) => vec![format!("+{}", place(',')), file.to_owned()],
        ("vim" | "nvim" | "gvim", Some(column)) => {
            vec![format!("+call cursor({line},{column})"), file.to_owned()]
        }
        // As vi has it, and nearly everybody since.
        _ => vec![format!("+{line}"), file.to_owned()],
    }
}

/// Whether it comes back when the person is done.
pub(super) fn comes(command: &str) -> Comes {
    let waits = command.split_whitespace().any(|word| matches!(word, "--wait" | "-w" | "--block"));
    match name(command).as_str() {
        "code" | "codium" | "code-insiders" | "cursor" | "windsurf" | "subl" | "sublime_text" | "zed"
        | "zeditor" | "lapce" | "gvim"
            if !waits =>
        {
            Comes::AtOnce
        }
        _ => Comes::WhenDone,
    }
}

/// The name of the program that a command begins with.
pub(super) fn name(command: &str) -> String {
    let first = command.split_whitespace().next().unwrap_or_default();
    Path::new(first).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_in_its_own_way() {
        for (command, want) in [
            ("vi", "+12 a.rs"),
            ("/usr/bin/vim -p", "+call cursor(12,5) a.rs"),
            ("nvim", "+call cursor(12,5) a.rs"),
            ("nano", "+12,5 a.rs"),
            ("emacs -nw", "+12:5 a.rs"),
            ("kak", "+12:5 a.rs"),
            ("micro", "+12:5 a.rs"),
            ("hx", "a.rs:12:5"),
            ("code --wait", "-g a.rs:12:5"),
            ("subl", "a.rs:12:5"),
            ("./my-editor", "+12 a.rs"),
        ] {
            assert_eq!(words(command, "a.rs", 12, Some(5)).join(" "), want, "{command}");
        }
        assert_eq!(words("vim", "a.rs", 12, None), ["+12", "a.rs"]);
        assert_eq!(
            (comes("code --wait"), comes("code"), comes("vi")),
            (Comes::WhenDone, Comes::AtOnce, Comes::WhenDone)
        );
    }
}
