//! The table of who may import whom, held against the code; no clock outside `sys/clock.rs`; every file says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// A room, and what it may import. `*` means every room.
const ROOMS: &[(&str, &[&str])] = &[
    ("problem", &[]),
    ("config", &["problem"]),
    ("model", &["config"]),
    ("terminal", &[]),
    ("insight", &["config"]),
    ("sys", &["model"]),
    ("wire", &["model"]),
    ("ui", &["model", "terminal", "problem", "config", "insight"]),
    ("app", &["*"]),
    ("cli", &["*"]),
];

/// Parts of a room that are all another room may see of it.
const FACES: &[(&str, &str, &[&str])] = &[
    (
        "sys",
        "model",
        &[
            "Launch",
            "Delivery",
            "signal_name",
            "Question",
            "Answer",
            "PidSource",
            "Hope",
            "Stream",
            "StreamFile",
            "Exit",
            "SpawnError",
            "InstanceId",
            "RunId",
            "Size",
            "Nonce",
            "Now",
            "Time",
            "Wall",
        ],
    ),
    (
        "ui",
        "config",
        &[
            "Theme",
            "Role",
            "Look",
            "Hue",
            "Quit",
            "LogLevel",
            "Bindings",
            "Vocabulary",
            "ModeKeys",
            "ActionKeys",
            "Reserved",
            "Chord",
            "Code",
            "Held",
            "NAMES",
        ],
    ),
    // What a pager marks is what lines mean; all else that is noticed comes to the ui in the view.
    ("ui", "insight", &["Level", "Blocks", "level"]),
];

/// Words that read a clock.
const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"];

/// Words that a room must never hold.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "model",
        &[
            "std::fs",
            "std::env",
            "std::io",
            "std::thread",
            "std::sync::Mutex",
            "mpsc",
            "tokio",
            "ratatui",
            "vt100",
            "rand::",
        ],
    ),
    ("terminal", &["std::env", "std::thread", "ratatui", "tokio"]),
    ("insight", &["std::fs", "std::env", "std::io", "std::thread", "tokio"]),
    ("ui", &["std::fs", "std::env", "std::thread", "Supervisor", "tokio"]),
    ("config", &["std::thread", "tokio"]),
    ("wire", &["std::env", "std::thread", "Supervisor", "Command::"]),
];

#[test]
fn every_room_imports_only_what_lies_below_it() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        for (number, line) in code_lines(&text) {
            if line.contains("super::super") {
                broken.push(format!("{}:{number} climbs out by super::super", file.display()));
            }
            for other in imports(line) {
                let known = ROOMS.iter().any(|(name, _)| *name == other);
                if known && other != room && !allowed.contains(&"*") && !allowed.contains(&other.as_str()) {
                    let may =
                        if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
                    broken.push(format!(
                        "{}:{number} imports {other}; {room} may import {may}",
                        file.display()
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_room_sees_only_the_face_of_another() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        for (_, other, face) in FACES.iter().filter(|(name, ..)| *name == room) {
            for (number, name) in names_imported_from(&text, other) {
                if !face.contains(&name.as_str()) {
                    broken.push(format!(
                        "{}:{number} imports {other}::{name}; {room} may see {}",
                        file.display(),
                        face.join(", ")
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_one_file_reads_a_clock() {
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| !file.ends_with("sys/clock.rs"))
        .flat_map(|(file, text)| {
            code_lines(&text)
                .filter(|(_, line)| CLOCKS.iter().any(|word| line.contains(word)))
                .map(|(number, line)| format!("{}:{number} reads a clock: {}", file.display(), line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_room_never_holds_what_belongs_elsewhere() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        // The loader is the one part of config that reads files; a command is only named by the ui's docs.
        let room = room_of(&file);
        let Some((_, words)) = FORBIDDEN.iter().find(|(name, _)| *name == room) else { continue };
        for (number, line) in code_lines(&text) {
            for word in words.iter().filter(|word| line.contains(**word)) {
                broken.push(format!("{}:{number} holds `{word}`, which {room} may never", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn config_reads_files_only_while_loading() {
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| room_of(file) == "config" && !file.starts_with("src/config/load"))
        .flat_map(|(file, text)| {
            code_lines(&text)
                .filter(|(_, line)| {
                    line.contains("std::fs") || line.contains("std::env") || line.contains("fs::")
                })
                .map(|(number, _)| format!("{}:{number} does IO outside config/load", file.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn terminal_reads_and_writes_no_files_but_those_of_the_history() {
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| room_of(file) == "terminal" && !file.starts_with("src/terminal/history"))
        .flat_map(|(file, text)| {
            code_lines(&text)
                .filter(|(_, line)| line.contains("std::fs") || line.contains("fs::"))
                .map(|(number, _)| format!("{}:{number} does IO outside terminal/history", file.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_perform_performs_an_effect() {
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| {
            let room = room_of(file);
            // A trial makes effects itself, to see them performed.
            let is_trial = file.ends_with("app/trial.rs") || file.starts_with("src/app/trial");
            room != "model" && !file.ends_with("app/perform.rs") && !is_trial
        })
        .flat_map(|(file, text)| {
            code_lines(&text)
                .filter(|(_, line)| line.contains("Effect::"))
                .map(|(number, _)| format!("{}:{number} looks into an effect", file.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no //! at the top of: {}", silent.join(", "));
}

#[test]
fn a_mod_file_holds_no_logic() {
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| file.ends_with("mod.rs"))
        .flat_map(|(file, text)| {
            code_lines(&text)
                .filter(|(_, line)| line.contains("fn ") && line.contains('('))
                .map(|(number, line)| format!("{}:{number} holds logic: {}", file.display(), line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_table_itself_finds_what_it_looks_for() {
    assert_eq!(imports("use crate::sys::clock;"), ["sys"]);
    assert_eq!(imports("    let x = crate::model::step(crate::ui::y);"), ["model", "ui"]);
    assert_eq!(imports("use crate::{app, config::Plan, model::{Event}};"), ["app", "config", "model"]);
    assert_eq!(code_lines("// crate::sys\nlet a = 1;\n").map(|(n, _)| n).collect::<Vec<_>>(), [2]);
    let names = names_imported_from("use crate::model::{Event, RunId as R,\n  View};", "model");
    assert_eq!(names.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), ["Event", "RunId", "View"]);
    assert!(sources().len() > 20, "the sources were found");
}

/// Every file of the house, by its path from the top, with its text up to its inline tests.
fn sources() -> Vec<(PathBuf, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![top.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("a source can be read");
                found.push((path.strip_prefix(top).expect("below the top").to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// `src/ui/tree.rs` -> `ui`, `src/problem.rs` -> `problem`.
fn room_of(file: &Path) -> String {
    let first = file.components().nth(1).expect("below src").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The lines that are code, with their numbers from 1: no comments, nothing after `mod tests`.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.trim_start().starts_with("mod tests"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line.split(" // ").next().unwrap_or(line)))
}

/// The rooms that a line names after `crate::`.
fn imports(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(top_level_names(list)),
            None => rooms.push(word(rest)),
        }
    }
    rooms
}

/// The first names in `a, b::C, d::{e, f}}`.
fn top_level_names(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => names.last_mut().expect("never empty").push(c),
            _ => {}
        }
    }
    names.iter().map(|name| word(name.trim())).filter(|name| !name.is_empty()).collect()
}

/// The names that a file takes from a room by `crate::ROOM::`, with the line each statement begins on.
fn names_imported_from(text: &str, room: &str) -> Vec<(usize, String)> {
    let code: String = code_lines(text).flat_map(|(_, line)| [line, "\n"]).collect();
    let needle = format!("crate::{room}::");
    let mut names = Vec::new();
    for (at, _) in code.match_indices(&needle) {
        let line = code[..at].lines().count();
        let rest = &code[at + needle.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(top_level_names(list).into_iter().map(|name| (line, name))),
            None => names.push((line, last_type(rest))),
        }
    }
    names
}

/// `view::State` -> `State`; `RunId` -> `RunId`.
fn last_type(path: &str) -> String {
    path.split("::").map(word).find(|name| name.starts_with(char::is_uppercase)).unwrap_or_else(|| word(path))
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
