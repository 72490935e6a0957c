//! The mouse on what stands around the panes: hints, the way to what happened, the rule.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use zap::model::{Command, InstanceId, Target};
use zap::ui::Request;

use crate::build::Eye;

fn mouse(eye: &mut Eye, kind: MouseEventKind, column: u16, row: u16) -> Vec<Request> {
    eye.input(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

fn press(eye: &mut Eye, column: u16, row: u16) -> Vec<Request> {
    mouse(eye, MouseEventKind::Down(MouseButton::Left), column, row)
}

/// Clicks on words, in the last row that has them.
fn click(eye: &mut Eye, words: &str) -> Vec<Request> {
    let frame = eye.frame();
    let rows = frame.lines().enumerate();
    let (row, before) = rows
        .filter_map(|(row, line)| Some((row, &line[..line.find(words)?])))
        .last()
        .unwrap_or_else(|| panic!("`{words}` is not in\n{frame}"));
    let column = before.chars().count();
    press(eye, column as u16, row as u16)
}

#[test]
fn a_click_on_a_hint_is_its_key() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    let restart = [Request::Command(Command::Restart(vec![Target::Instance(InstanceId(3))]))];
    assert_eq!(click(&mut eye, "r restart"), restart, "on the key");
    assert_eq!(click(&mut eye, "restart"), restart, "on the words");
    let selected = |eye: &mut Eye| eye.line("▌").chars().take(12).collect::<String>();
    let before = selected(&mut eye);
    click(&mut eye, "↓ move");
    assert_ne!(selected(&mut eye), before);
    click(&mut eye, "↑↓ move");
    assert_eq!(selected(&mut eye), before, "each arrow by itself");
    assert_eq!(press(&mut eye, 119, 23), [], "where no hint stands nothing is done");
    click(&mut eye, "open");
    assert!(eye.frame().contains("q back"), "{}", eye.frame());
    click(&mut eye, "/ search");
    assert!(eye.frame().contains("Enter take it") || eye.frame().contains("⏎ take it"), "{}", eye.frame());
    click(&mut eye, "leave it");
    click(&mut eye, "type into it");
    assert!(eye.frame().contains("keys go to dev/api"), "{}", eye.frame());
    click(&mut eye, "leaves");
    assert!(!eye.frame().contains("keys go to"), "{}", eye.frame());
    click(&mut eye, "q back");
    click(&mut eye, "q quit");
    assert_eq!(click(&mut eye, "y yes"), [Request::Command(Command::Quit)]);
}

#[test]
fn a_click_on_what_happened_goes_there() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    eye.job_mut("dev/mail").state = zap::model::State::Failed;
    assert!(eye.frame().contains("! go there"), "{}", eye.frame());
    click(&mut eye, "dev/mail failed");
    assert_eq!(eye.ui.visible(&eye.view)[0].0, InstanceId(3), "only the way itself leads there");
    click(&mut eye, "! go there");
    assert_eq!(eye.ui.visible(&eye.view)[0].0, InstanceId(7));
    assert!(eye.frame().contains("q quit"), "the keys stay where they were: {}", eye.frame());
}

#[test]
fn the_way_to_what_happened_leads_there_only_where_it_stands() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("3");
    eye.job_mut("dev/mail").state = zap::model::State::Failed;
    let at = |eye: &mut Eye, words: &str| {
        let line = eye.line(words);
        line[..line.find(words).expect("it stands there")].chars().count() as u16
    };
    let shown = |eye: &mut Eye| eye.ui.visible(&eye.view)[0].0;
    let (key, row) = (at(&mut eye, "! go there"), 22);
    eye.ui.looking(Some(zap::model::Time::default()));
    assert!(eye.frame().contains("looking for the file"), "{}", eye.frame());
    press(&mut eye, key, row);
    assert_eq!(shown(&mut eye), InstanceId(3), "something else stands there");
    eye.ui.looking(None);
    eye.ui.warn("the disk is full");
    let more = at(&mut eye, "+2 more  ! go there");
    assert!(more < key, "{}", eye.frame());
    press(&mut eye, more, row);
    assert_eq!(shown(&mut eye), InstanceId(7), "all that stands there leads there");
}

#[test]
fn the_rule_between_the_panes_is_dragged() {
    let mut eye = Eye::sketch(120, 24);
    let rule = |eye: &mut Eye| {
        let frame = eye.frame();
        frame.lines().nth(20).and_then(|line| line.chars().position(|c| c == '│')).unwrap_or_default()
    };
    assert_eq!(rule(&mut eye), 40);
    press(&mut eye, 40, 5);
    for (to, stands) in [(60, 60), (30, 30), (0, 12), (119, 89), (50, 50)] {
        mouse(&mut eye, MouseEventKind::Drag(MouseButton::Left), to, 7);
        assert_eq!(rule(&mut eye), stands);
    }
    mouse(&mut eye, MouseEventKind::Up(MouseButton::Left), 50, 7);
    mouse(&mut eye, MouseEventKind::Drag(MouseButton::Left), 70, 7);
    assert_eq!(rule(&mut eye), 50, "nobody holds it any more");
    assert_eq!(eye.ui.visible(&eye.view)[0].1.cols, 120 - 50 - 2 - 2, "the job has what is left");
    eye.input(Event::Resize(80, 24));
    assert_eq!(rule(&mut eye), 49, "a pager keeps its least");
    eye.input(Event::Resize(120, 24));
    assert_eq!(rule(&mut eye), 50);
}
