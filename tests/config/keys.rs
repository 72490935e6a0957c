//! `[keys]`: what a good table says, and what becomes of keys that zap brings. Not: messages (see `bad`).

use std::fmt::Write;

use zap::config::{Bindings, Chord, OddKey};

use super::project::project;

fn keys(text: &str) -> Bindings {
    project(&format!("[systems.a.jobs]\nb = \"true\"\n{text}")).loaded().keys
}

/// The keys of an action, after what the file says about it.
fn of(bindings: &Bindings, mode: &str, action: &str) -> String {
    let vocabulary = zap::ui::vocabulary();
    let mode = vocabulary.modes.iter().find(|known| known.name == mode).unwrap();
    let action = mode.actions.iter().find(|known| known.name == action).unwrap();
    let keys = bindings.keys(&mode.name, &action.name, &action.keys);
    keys.iter().map(Chord::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_file_says_which_keys_do_what_and_the_rest_stays() {
    let keys = keys(
        "[keys]\nleave = \"ctrl-g\"\n[keys.tree]\nrestart = [\"F5\", \"Ctrl-I\"]\nstop = false\nkill = []\njob-3 = \"F3\"\n",
    );
    assert_eq!(of(&keys, "interactive", "leave"), "Ctrl-g");
    assert_eq!(of(&keys, "tree", "restart"), "F5 Tab");
    assert_eq!(of(&keys, "tree", "stop"), "");
    assert_eq!(of(&keys, "tree", "kill"), "");
    assert_eq!(of(&keys, "tree", "job-3"), "F3");
    assert_eq!(of(&keys, "tree", "job-4"), "4 Alt-4");
    assert_eq!(of(&keys, "tree", "start"), "s");
    assert_eq!(of(&keys, "pager", "restart"), "r");
}

#[test]
fn a_key_of_the_file_is_taken_from_who_has_it_by_default() {
    let keys = keys("[keys.tree]\nrestart = \"k\"\n");
    assert_eq!((of(&keys, "tree", "restart").as_str(), of(&keys, "tree", "up").as_str()), ("k", "Up"));
    assert_eq!(of(&keys, "pager", "up"), "Up k Ctrl-y");
}

#[test]
fn who_loses_the_last_key_is_warned_about_and_the_file_is_good() {
    let project = project("[systems.a.jobs]\nb = \"true\"\n[keys.tree]\nrestart = \"s\"\n");
    assert!(project.loaded().warnings.len() == 1, "{}", project.told());
    let quiet = "[systems.a.jobs]\nb = \"true\"\n[keys.tree]\nrestart = \"s\"\nstart = false\n";
    assert_eq!(super::project::project(quiet).told(), "");
}

/// Whatever zap has, the file can bind: each action of the vocabulary by its name, to a key that nothing else has.
#[test]
fn every_action_can_be_bound_by_its_name() {
    for mode in zap::ui::vocabulary().modes {
        let mut text = format!("[keys.{}]\n", mode.name);
        for (number, action) in mode.actions.iter().enumerate() {
            let held = ["Ctrl-Alt-", "Alt-Shift-", "Ctrl-Shift-"][number / 24];
            let _ = writeln!(text, "{} = '{held}F{}'", action.name, number % 24 + 1);
        }
        let keys = keys(&text);
        for (number, action) in mode.actions.iter().enumerate() {
            let held = ["Ctrl-Alt-", "Alt-Shift-", "Ctrl-Shift-"][number / 24];
            assert_eq!(of(&keys, &mode.name, &action.name), format!("{held}F{}", number % 24 + 1));
        }
    }
}

#[test]
fn a_key_that_cannot_be_read_is_told_with_what_is_meant() {
    let told = |text: &str| match Chord::parse(text) {
        Ok(chord) => panic!("{text:?} was read as {chord}"),
        Err(OddKey { message, hint }) => format!("{message}: {}", hint.unwrap_or_default()),
    };
    let odd = [
        "",
        "C-x",
        "<C-x>",
        "Ctrl+x",
        "^X",
        "M-1",
        "Control-Del",
        "Escape",
        "PgUp",
        "Entre",
        "F25",
        "Ctrl-Shift-x",
        "Shift-x",
        "Alt-Shift-x",
        "Shift-!",
        "Ctrl-ö",
        "Ctrl-1",
        "Shift-Enter",
        "Ctrl-Tab",
        "Cmd-q",
        "xy",
        "gg",
        "\t",
        "Ctrl-",
    ];
    insta::assert_snapshot!(odd.map(told).join("\n"));
}
