//! The palette: what it lists, how it is searched, and that a row does what its key does.

use crossterm::event::Event;
use zap::model::{Command, InstanceId, Target};
use zap::ui::keymap::Mode;
use zap::ui::{Request, Terminals};

use crate::build::{Eye, lines, running, sketch};

/// What a row of the palette asks for.
fn chosen(eye: &mut Eye, text: &str) -> Vec<Request> {
    eye.press(":");
    eye.write(text);
    eye.press("Enter")
}

#[test]
fn the_palette_lists_every_action_of_the_pane_with_its_keys() {
    for (cols, rows) in [(120, 24), (80, 24), (40, 12)] {
        let mut eye = Eye::sketch(cols, rows);
        eye.press("3 :");
        insta::assert_snapshot!(format!("palette_of_the_tree_{cols}x{rows}"), eye.frame());
        eye.write("st");
        insta::assert_snapshot!(format!("palette_searched_{cols}x{rows}"), eye.frame());
        eye.press("Esc Enter :");
        insta::assert_snapshot!(format!("palette_of_the_pager_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn nothing_fits_and_a_long_text_is_seen_at_its_end() {
    let mut eye = Eye::sketch(80, 24);
    eye.press(":");
    eye.write("nothing has this name, and so there is nothing to be done about it, however long one types");
    insta::assert_snapshot!(eye.frame());
    assert_eq!(eye.press("Enter"), []);
    assert!(eye.frame().contains("no action is called so"));
}

#[test]
fn each_action_is_there_by_itself_since_it_is_in_the_table() {
    for (mode, open) in [(Mode::Tree, ":"), (Mode::Pager, "3 Enter :")] {
        let vocabulary = zap::ui::vocabulary();
        let name = format!("{mode:?}").to_lowercase();
        let names = &vocabulary.modes.iter().find(|mode| mode.name == name).unwrap().actions;
        for action in
            names.iter().filter(|action| !action.name.starts_with("job-") && action.name != "palette")
        {
            let mut eye = Eye::sketch(120, 24);
            eye.press(open);
            eye.write(&action.name);
            let frame = eye.frame();
            let first = frame.lines().skip_while(|line| !line.contains(&format!(": {}", action.name))).nth(1);
            assert!(first.is_some_and(|first| first.contains(&format!("▌ {} ", action.name))), "{frame}");
        }
    }
}

#[test]
fn a_row_does_what_its_key_does() {
    let restart = vec![Request::Command(Command::Restart(vec![Target::Instance(InstanceId(3))]))];
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    assert_eq!(chosen(&mut eye, "restart"), restart);
    assert_eq!(eye.press("r"), restart);
    // Also from within the pager, and with what only lies over it.
    eye.press("Enter");
    assert_eq!(chosen(&mut eye, "restart"), restart);
    for (way, name, key) in [
        ("3", "why", "w"),
        ("3", "details", "i"),
        ("3", "help", "?"),
        ("3", "zoom", "z"),
        ("3", "next-trouble", "!"),
        ("3", "open", "Enter"),
        ("3", "last", "G"),
        ("3", "filter", "/"),
        ("3", "quit", "q"),
        ("3 Enter", "search", "/"),
        ("3 Enter", "first", "g"),
        ("3 Enter", "wrap", "S"),
        ("3 Enter", "back", "q"),
        ("3 Enter", "interact", "i"),
    ] {
        let (mut by_name, mut by_key) = (Eye::sketch(120, 24), Eye::sketch(120, 24));
        by_name.press(way);
        by_key.press(way);
        assert_eq!(chosen(&mut by_name, name), by_key.press(key), "{name}");
        assert_eq!(by_name.frame(), by_key.frame(), "{name}");
    }
}

#[test]
fn the_best_comes_first_and_words_are_found_too() {
    let first = |text: &str| {
        let mut eye = Eye::sketch(120, 30);
        eye.press(":");
        eye.write(text);
        let frame = eye.frame();
        let row =
            frame.lines().skip_while(|line| !line.contains(&format!(": {text}"))).nth(1).unwrap().to_owned();
        row.split('▌').next_back().unwrap().split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(first("stop"), "stop");
    assert_eq!(first("rsf"), "restart-failed");
    assert_eq!(first("rest"), "restart");
    assert_eq!(first("restart failed"), "restart-failed");
    assert_eq!(first("anew"), "redraw");
    assert_eq!(first("WHY"), "why");
}

#[test]
fn what_was_done_last_comes_first() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    chosen(&mut eye, "zoom");
    chosen(&mut eye, "zoom");
    chosen(&mut eye, "restart");
    eye.press(":");
    let frame = eye.frame();
    let rows: Vec<_> = frame.lines().skip_while(|line| !line.contains("palette")).skip(2).take(2).collect();
    assert!(rows[0].contains("restart") && rows[1].contains("zoom"), "{frame}");
    assert_eq!(eye.press("Enter").len(), 1);
}

#[test]
fn the_list_is_walked_with_arrows_pages_and_tab() {
    let mut eye = Eye::sketch(80, 24);
    eye.press(":");
    let at = |eye: &mut Eye| {
        let frame = eye.frame();
        let line = frame.lines().skip_while(|line| !line.contains("palette")).nth(1).unwrap().to_owned();
        let counted = line.split_whitespace().find(|word| word.contains('/')).unwrap().to_owned();
        counted.split('/').next().unwrap().parse::<usize>().unwrap()
    };
    for (keys, wanted) in [("Down", 2), ("Tab", 3), ("Up", 2), ("Ctrl-n", 3), ("Ctrl-p", 2), ("Shift-Tab", 1)]
    {
        eye.press(keys);
        assert_eq!(at(&mut eye), wanted, "{keys}");
    }
    eye.press("PageDown");
    assert!(at(&mut eye) > 8);
    eye.press("PageUp Up");
    let last = at(&mut eye);
    assert!(last > 20, "from the first one up is the last: {last}");
    eye.press("Down");
    assert_eq!(at(&mut eye), 1);
}

#[test]
fn what_was_typed_can_be_mended_and_given_up() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    let before = eye.frame();
    eye.press(":");
    let open = eye.frame();
    eye.write("next trouble");
    eye.press("Ctrl-w Ctrl-w");
    assert_eq!(eye.frame(), open);
    eye.input(Event::Paste("why\nnot".to_owned()));
    assert!(eye.frame().contains(": why "));
    eye.press("Backspace Ctrl-u");
    assert_eq!(eye.frame(), open);
    eye.press("Backspace");
    assert_eq!(eye.frame(), before);
    eye.press(": Esc");
    assert_eq!(eye.frame(), before);
}

#[test]
fn a_number_goes_to_that_job_or_line() {
    let mut eye = Eye::sketch(120, 24);
    let mut other = Eye::sketch(120, 24);
    assert_eq!(chosen(&mut eye, "5"), other.press("5"));
    assert_eq!(eye.frame(), other.frame());
    let mut terminals = Terminals::new();
    terminals.insert(InstanceId(3), running(&lines(500, |line| format!("line {line}"))));
    let mut eye = Eye::new(80, 24, sketch(), terminals);
    eye.press("3 Enter");
    chosen(&mut eye, "123");
    let frame = eye.frame();
    assert!(frame.contains("line 122\n") || frame.lines().nth(1).unwrap().contains("line 122"), "{frame}");
    chosen(&mut eye, "50%");
    assert!(eye.frame().contains("line 250"), "{}", eye.frame());
    // A count stands before what it is for.
    chosen(&mut eye, "123");
    chosen(&mut eye, "12 down");
    let counted = eye.frame();
    chosen(&mut eye, "123");
    eye.press("1 2 j");
    assert_eq!(eye.frame(), counted);
}

#[test]
fn the_wheel_moves_the_selection() {
    use crossterm::event::{KeyModifiers, MouseEvent, MouseEventKind};
    let mut eye = Eye::sketch(80, 24);
    eye.press(":");
    let (kind, modifiers) = (MouseEventKind::ScrollDown, KeyModifiers::NONE);
    eye.input(Event::Mouse(MouseEvent { kind, column: 5, row: 5, modifiers }));
    let mut other = Eye::sketch(80, 24);
    other.press(": Down");
    assert_eq!(eye.frame(), other.frame());
}
