//! `[keys]` in force: what was remapped is done by its new key, and everything that names a key names the new one.

use std::fmt::Write;

use zap::config::{ActionKeys, Bindings, Chord, ModeKeys};
use zap::model::{Command, InstanceId, Target};
use zap::ui::keymap::{KEYMAP, MODES, Mode};
use zap::ui::{Options, Request};

use crate::build::{Eye, bindings, options, outputs, sketch};
use crate::keys::{arrived, ways};

/// A key that zap brings for nothing.
fn fresh(number: usize) -> String {
    let held = ["Ctrl-Alt-", "Alt-Shift-", "Ctrl-Shift-"][number / 24];
    format!("{held}F{}", number % 24 + 1)
}

fn with(keys: Bindings) -> Options {
    Options { keys, ..options() }
}

/// A file that gives every action of some modes a key of its own, with those that zap brings or without.
fn remapped(modes: &[ModeKeys], old: bool) -> String {
    let mut text = String::new();
    for mode in modes {
        let _ = writeln!(text, "[keys.{}]", mode.name);
        for (number, ActionKeys { name, keys, .. }) in mode.actions.iter().enumerate() {
            let kept = keys.iter().filter(|_| old).map(Chord::to_string);
            let all: Vec<String> = kept.chain([fresh(number)]).map(|key| format!("{key:?}")).collect();
            let _ = writeln!(text, "{name} = [{}]", all.join(", "));
        }
    }
    text
}

/// Each binding of zap: its mode, one of its keys, and the key it has in [`remapped`].
fn each() -> Vec<(Mode, String, String)> {
    let vocabulary = zap::ui::vocabulary();
    let modes = MODES.iter().map(|(mode, _)| *mode).zip(&vocabulary.modes);
    let actions = modes.flat_map(|(mode, keys)| keys.actions.iter().enumerate().map(move |one| (mode, one)));
    let keyed = actions
        .filter_map(|(mode, (number, action))| Some((mode, action.keys.first()?.to_string(), fresh(number))));
    keyed.collect()
}

#[test]
fn every_binding_is_done_by_another_key_as_well() {
    let modes = zap::ui::vocabulary().modes;
    let keys = bindings(&remapped(&modes, true));
    let each = each();
    assert!(each.len() * 2 > KEYMAP.len(), "only {} of {}", each.len(), KEYMAP.len());
    for (mode, old, new) in each {
        for way in ways(mode) {
            let mut by_old = arrived(mode, way, with(keys.clone()));
            let mut by_new = arrived(mode, way, with(keys.clone()));
            let before = by_new.frame();
            assert_eq!(before, by_old.frame());
            let asked = by_old.press(&old);
            assert_eq!(asked, by_new.press(&new), "{new} for {old} in {mode:?}");
            let then = by_old.frame();
            assert_eq!(then, by_new.frame(), "{new} for {old} in {mode:?}, from {way}");
            if then != before || !asked.is_empty() {
                break;
            }
        }
    }
}

#[test]
fn keys_that_were_taken_away_do_nothing_any_more() {
    let vocabulary = zap::ui::vocabulary();
    let keys = bindings(&remapped(&vocabulary.modes, false));
    let new = |mode: &str, action: &str| {
        let mode = vocabulary.modes.iter().find(|known| known.name == mode).unwrap();
        fresh(mode.actions.iter().position(|known| known.name == action).unwrap())
    };
    let (open, why, help) = (new("tree", "open"), new("tree", "why"), new("tree", "help"));
    for (mode, way) in [(Mode::Tree, ""), (Mode::Pager, &open), (Mode::Why, &why), (Mode::Help, &help)] {
        for binding in KEYMAP.iter().filter(|binding| binding.mode == mode) {
            let counts = |key: &&&str| mode == Mode::Pager && key.chars().all(|c| c.is_ascii_digit());
            for key in binding.keys.iter().filter(|key| !counts(key)) {
                let mut eye = Eye::with(with(keys.clone()), 120, 24, sketch(), outputs());
                way.split(' ').filter(|key| !key.is_empty()).for_each(|key| drop(eye.press(key)));
                let before = eye.frame();
                assert_eq!(eye.press(key), [], "{key} in {mode:?}");
                assert_eq!(eye.frame(), before, "{key} in {mode:?}");
            }
        }
    }
}

#[test]
fn what_is_told_about_keys_is_told_about_those_in_force() {
    let keys = bindings(
        "[keys]\nleave = \"Ctrl-g\"\n[keys.tree]\nrestart = [\"F5\", \"r\"]\nstart = \"F6\"\nstop = false\nup = \"Ctrl-k\"\n\
         next-trouble = \"F8\"\nhelp = \"F2\"\nquit = \"Q\"\njob-3 = \"F3\"\ndetails = \"D\"\n[keys.pager]\nfollow = \"E\"\n\
         search = \"Ctrl-s\"\nwrap = false\n[keys.quit]\nyes = \"Y\"\n[keys.stopping]\nkill-all = \"K\"\n[keys.help]\nup = \"k\"\n",
    );
    let eye = |cols, rows| Eye::with(with(keys.clone()), cols, rows, sketch(), outputs());
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut tree = eye(cols, rows);
        tree.press("F3");
        insta::assert_snapshot!(format!("remapped_tree_{cols}x{rows}"), tree.frame());
        tree.press("Q");
        insta::assert_snapshot!(format!("remapped_question_{cols}x{rows}"), tree.frame());
        let mut help = eye(cols, rows);
        help.press("F2");
        insta::assert_snapshot!(format!("remapped_help_{cols}x{rows}"), help.frame());
        let mut palette = eye(cols, rows);
        palette.press("F3 :");
        insta::assert_snapshot!(format!("remapped_palette_{cols}x{rows}"), palette.frame());
    }
    let mut wide = eye(250, 120);
    wide.press("F2");
    let help = wide.frame();
    assert!(help.contains("mark, for F5 F6 :stop X on several"), "{help}");
    // The tree's has no key any more, the pager's has.
    assert_eq!(help.matches("stop it, and keep it down").count(), 1, "{help}");
    let mut pager = eye(120, 24);
    pager.press("F3 Tab Left");
    assert!(pager.line("wrapped").contains("long lines are wrapped: :wrap chops them"));
    pager.press("n");
    assert!(pager.line("search yet").contains("no search yet: Ctrl-s begins one"));
    pager.press("Ctrl-c");
    assert!(pager.line("goes back").contains("q goes back to the tree, and there Q quits"));
    pager.press("i");
    assert!(pager.line("keys go to").contains("Ctrl-g leaves"));
    pager.press("Ctrl-g");
    assert!(!pager.frame().contains("keys go to"));
    let told = |eye: &mut Eye, key: &str, told: &str| {
        eye.press(key);
        assert!(eye.frame().contains(told), "{key}: {}", eye.frame());
    };
    let keys = bindings(
        "[keys.tree]\nquit = \"Q\"\npalette = \"F6\"\n[keys.pager]\nsearch = \"F3\"\nenter = \"F4\"\nback = \"Q\"\n\
         set-mark = \"M\"\nto-mark = \"J\"\nwrap = \"F5\"\npalette = \"F6\"\nfirst = \"A\"\nnext-error = \"F7\"\n\
         close = \"F8\"\n[keys.everywhere]\nclose = \"F9\"\n[keys.select]\nfirst = \"A\"\n",
    );
    let mut merged = Eye::with(with(keys.clone()), 120, 24, sketch(), outputs());
    merged.press("g a Enter");
    told(&mut merged, "n", "no search yet: F3 begins one");
    told(&mut merged, "Ctrl-c", "Q goes back to the tree, and there Q quits");
    told(&mut merged, "]", "F4 goes to one job");
    told(&mut merged, "i", "F4 goes there");
    told(&mut merged, "Left", "F5 chops them");
    told(&mut merged, "M", "M: a letter that will stand for this line");
    merged.press("F8");
    assert!(!merged.frame().contains("only letters name marks"), "{}", merged.frame());
    told(&mut merged, "J", "J: the letter of a mark, or ' for the way back");
    merged.press("F8");
    merged.ui.saving(Some(("x.log".to_owned(), 7)));
    merged.press("j");
    assert!(merged.frame().contains("saving x.log: 7%   F8 ends it"), "{}", merged.frame());
    assert_eq!(merged.press("F8"), [Request::StopSaving]);
    merged.ui.saving(None);
    merged.press("Tab f");
    merged.write("x");
    merged.press("Enter");
    told(&mut merged, "Ctrl-c", "F9 closes the list");
    let next = with(bindings("[keys.prompt]\nnext-choice = \"F7\"\n"));
    let mut save = Eye::with(next, 120, 24, sketch(), outputs());
    let terminal = save.terminals.get_mut(&InstanceId(3)).unwrap();
    terminal.end_run("exit 1", crate::build::moment(9));
    terminal.begin_run(4, None, crate::build::moment(8));
    crate::build::feed(terminal, "more\r\n");
    save.press("3 Tab");
    told(&mut save, "s", "(F7: all runs; .ansi keeps colours)");
    let mut wide = Eye::with(with(keys), 250, 120, sketch(), outputs());
    wide.press("?");
    let help = wide.frame();
    for words in [
        "F63 to job 3",
        "F69 to line 9",
        "Ma: mark it; MA: its job",
        "Ja: to the mark; J': back",
        "3F7: three",
    ] {
        assert!(help.contains(words), "{words}: {help}");
    }
    assert_eq!(help.matches("9A: to line 9").count(), 2, "{help}");
}

/// The strings of a source file that are sentences: of three words or more, without those of its tests.
fn sentences(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    // A string goes on behind a backslash at the end of a line.
    let code = lines.map(|line| line.trim_end_matches('\\').trim_start()).collect::<Vec<_>>().join(" ");
    let code = code.replace("'\"'", "").replace("\\\"", "");
    let strings = code.split('"').skip(1).step_by(2);
    // A table of Markdown is none, nor is what stands behind the sign of a filter.
    let is_none = |text: &str| text.split_whitespace().count() < 3 || text.starts_with(['|', '/']);
    let sentences = strings.filter(|text| !is_none(text));
    sentences.map(str::to_owned).collect()
}

/// The keys that a sentence names by themselves, and not by the action that they do.
fn named(sentence: &str) -> Vec<&str> {
    let bound = |word: &&str| KEYMAP.iter().any(|binding| binding.keys.contains(word));
    let words = sentence.split_whitespace().map(|word| word.trim_matches([',', ';', ':', '.', '(', ')']));
    // `a` is a word too, numbers are numbers, and behind the key of marks `'` is fixed.
    let named = words.filter(bound).filter(|word| word.parse::<u32>().is_err());
    named.filter(|word| !matches!(*word, "a" | "'")).collect()
}

#[test]
fn no_sentence_names_a_key_that_may_be_another() {
    assert_eq!(named("n begins one, Esc closes it: /"), ["n", "Esc", "/"]);
    assert_eq!(named("{search} begins a search"), [""; 0]);
    assert_eq!(
        sentences("//! \"of a comment here\"\nnote(\"to be \\\n found\"); f('\"', \"not this\")"),
        ["to be  found"]
    );
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for sentence in sentences(&std::fs::read_to_string(&path).unwrap()) {
                seen += 1;
                assert_eq!(named(&sentence), [""; 0], "`{sentence}` in {}", path.display());
            }
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn a_number_stays_with_the_job_wherever_its_key_is() {
    let keys = bindings("[keys.tree]\njob-3 = \"F5\"\njob-5 = [\"3\", \"Alt-3\"]\n");
    let (mut one, mut other) =
        (Eye::with(with(keys.clone()), 120, 24, sketch(), outputs()), Eye::sketch(120, 24));
    for (new, old) in [("F5", "3"), ("3", "5"), ("Alt-3", "Alt-5"), ("1", "1"), ("F5", "3")] {
        one.press(new);
        other.press(old);
        assert_eq!(one.ui.visible(&one.view), other.ui.visible(&other.view), "{new}");
    }
    one.press("5");
    assert_eq!(one.ui.visible(&one.view), other.ui.visible(&other.view), "5 is no key any more");
}

#[test]
fn keys_that_are_read_anew_hold_at_once() {
    let mut eye = Eye::sketch(120, 24);
    let restart = [Request::Command(Command::Restart(vec![Target::Instance(InstanceId(3))]))];
    eye.press("3");
    assert_eq!(eye.press("r"), restart);
    eye.press(":");
    let before = eye.frame();
    let Options { theme, quit, mouse, .. } = options();
    eye.ui.change(theme.clone(), bindings("[keys.tree]\nrestart = \"F5\"\n"), quit, mouse);
    // An open palette shows them too.
    assert_ne!(eye.frame(), before);
    eye.press("Esc");
    assert_eq!(eye.press("r"), []);
    assert_eq!(eye.press("F5"), restart);
    assert!(eye.line("restart").contains("F5 restart"));
    eye.ui.change(theme, Bindings::default(), quit, mouse);
    assert_eq!(eye.press("r"), restart);
}

/// A file that binds a name must be good with every later zap: names may come, and none may go or change.
#[test]
fn every_name_is_a_promise() {
    let modes = zap::ui::vocabulary().modes.into_iter().map(|mode| {
        let names: Vec<String> = mode.actions.into_iter().map(|action| action.name).collect();
        format!("[keys.{}] {}", mode.name, names.join(" "))
    });
    insta::assert_snapshot!(modes.collect::<Vec<_>>().join("\n"));
}
