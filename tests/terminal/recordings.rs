//! Real programs replayed, held against what tmux 3.3a showed.

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use serde_json::Value;
use zap::terminal::Terminal;

use crate::look::{self, Seen, feed};

/// Where we differ and why: recording, screen, row (of the reference), reason.
const DISPUTED: &[(&str, usize, RangeInclusive<u16>, &str)] = &[
    (
        "wide_cat",
        0,
        0..=11,
        "tmux joins emoji at ZWJ into one cell and keeps U+FE0F; vt100 shows each by itself, and panics on U+FE0F",
    ),
    (
        "vttest_3",
        2,
        7..=12,
        "tmux has no British set, and no blank among the lines, as xterm and the VT100 have",
    ),
    ("vttest_3", 3, 7..=12, "the same"),
];

struct Recording {
    name: String,
    bytes: Vec<u8>,
    size: (u16, u16),
    screens: Vec<Value>,
}

fn recordings() -> Vec<Recording> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut found: Vec<Recording> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap().path();
            let screens: Value =
                serde_json::from_slice(&fs::read(entry.join("screens.json")).unwrap()).unwrap();
            let side = |name: &str| u16::try_from(screens[name].as_u64().unwrap()).unwrap();
            Recording {
                name: entry.file_name().unwrap().to_string_lossy().into_owned(),
                bytes: fs::read(entry.join("bytes")).unwrap(),
                size: (side("rows"), side("cols")),
                screens: screens["screens"].as_array().unwrap().clone(),
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!found.is_empty(), "there are recordings");
    found
}

fn colour(text: &str) -> vt100::Color {
    if let Some(index) = text.strip_prefix('i') {
        return vt100::Color::Idx(index.parse().unwrap());
    }
    let Some(hex) = text.strip_prefix('#') else { return vt100::Color::Default };
    let part = |from: usize| u8::from_str_radix(&hex[from..from + 2], 16).unwrap();
    vt100::Color::Rgb(part(0), part(2), part(4))
}

/// A row of the reference as characters, each with the attributes it has there.
fn reference_row(row: &Value) -> Vec<Seen> {
    let mut seen = Vec::new();
    for run in row.as_array().unwrap() {
        let part = |index: usize| run[index].as_str().unwrap();
        let all_flags = part(3);
        for character in part(0).chars() {
            let blank = character == ' ';
            let flags: String = "bdiur"
                .chars()
                .filter(|flag| all_flags.contains(*flag) && (!blank || "ur".contains(*flag)))
                .collect();
            let shows = !blank || !flags.is_empty();
            seen.push(Seen {
                text: character.to_string(),
                foreground: if shows { colour(part(1)) } else { vt100::Color::Default },
                background: colour(part(2)),
                flags,
            });
        }
    }
    while seen.last().is_some_and(|cell| {
        cell.text == " " && cell.flags.is_empty() && cell.background == vt100::Color::Default
    }) {
        seen.pop();
    }
    seen
}

/// Our row as single characters, as the reference has them.
fn our_row(row: &[Seen]) -> Vec<Seen> {
    let one = |cell: &Seen, text: char| Seen { text: text.to_string(), ..cell.clone() };
    row.iter().flat_map(|cell| cell.text.chars().map(move |text| one(cell, text))).collect()
}

fn differences(recording: &Recording, terminal: &mut Terminal, index: usize) -> Vec<String> {
    let reference = &recording.screens[index];
    terminal.refresh();
    let screen = terminal.screen();
    let mut found = Vec::new();
    let wanted = reference["rows"].as_array().unwrap();
    for (number, row) in look::rows(screen).iter().enumerate() {
        let (mut ours, theirs) = (our_row(row), wanted.get(number).map(reference_row).unwrap_or_default());
        // The reference leaves out erased cells at the end of a row, also coloured ones.
        while ours.len() > theirs.len()
            && ours.last().is_some_and(|cell| cell.text == " " && cell.flags.is_empty())
        {
            ours.pop();
        }
        let disputed = DISPUTED.iter().any(|(name, screen, row, _)| {
            *name == recording.name && *screen == index && row.contains(&(number as u16))
        });
        if ours != theirs && !disputed {
            let text = |cells: &[Seen]| cells.iter().map(|cell| cell.text.as_str()).collect::<String>();
            let at =
                ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
            found.push(format!(
                "{} screen {index} row {number} cell {at}:\n  ours   {:?}\n  theirs {:?}\n  {:?}\n  {:?}",
                recording.name,
                text(&ours),
                text(&theirs),
                ours.get(at),
                theirs.get(at),
            ));
        }
    }
    let (row, col) = screen.cursor_position();
    let ours = serde_json::json!([row, col.min(recording.size.1 - 1)]);
    let theirs = reference["cursor"].as_array().unwrap();
    let theirs =
        serde_json::json!([theirs[0], theirs[1].as_u64().unwrap().min(u64::from(recording.size.1) - 1)]);
    if ours != theirs {
        found.push(format!("{} screen {index}: cursor {ours}, theirs {theirs}", recording.name));
    }
    if screen.alternate_screen() != reference["alternate"].as_bool().unwrap() {
        found.push(format!("{} screen {index}: alternate {}", recording.name, screen.alternate_screen()));
    }
    found
}

/// Replays in pieces; `piece` says how long the next one is.
fn replay(recording: &Recording, mut piece: impl FnMut() -> usize) -> Vec<String> {
    let mut terminal = Terminal::new(recording.size.0, recording.size.1);
    let mut found = Vec::new();
    let mut at = 0;
    for (index, screen) in recording.screens.iter().enumerate() {
        let until = usize::try_from(screen["at"].as_u64().unwrap()).unwrap();
        while at < until {
            let next = (at + piece()).min(until);
            feed(&mut terminal, &recording.bytes[at..next]);
            at = next;
        }
        found.extend(differences(recording, &mut terminal, index));
    }
    assert_eq!(terminal.contained_panics(), 0);
    found
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_recording_looks_as_in_tmux() {
    let found: Vec<String> =
        recordings().iter().flat_map(|recording| replay(recording, || usize::MAX / 2)).collect();
    assert_none(&found);
}

#[test]
fn every_recording_looks_the_same_when_split_anywhere() {
    let mut state = 7_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + usize::try_from(state >> 33).unwrap() % 40
    };
    let found: Vec<String> = recordings()
        .iter()
        .flat_map(|recording| {
            let mut found = replay(recording, || 1);
            found.extend(replay(recording, &mut random));
            found
        })
        .collect();
    assert_none(&found);
}
