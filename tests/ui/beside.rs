//! A second pager beside the first: each has its own place, and the keys, the mouse and the sizes go where they belong.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::style::Modifier;
use zap::config::{Look, Role, Theme};
use zap::model::{Command, InstanceId, Size, Target};
use zap::ui::{Options, Request, Terminals};

use crate::build::{Eye, feed, lines, now, options, outputs, running, sketch};

/// The output of `dev/api` and that of `dev/mail`, longer than any pane.
fn long() -> Terminals {
    let mut terminals = outputs();
    for (id, name) in [(3, "api"), (7, "mail")] {
        let numbers = |n| format!("{name} line {n}{}", if n % 10 == 0 { " ERROR it broke" } else { "" });
        terminals.insert(InstanceId(id), running(&lines(100, numbers)));
    }
    terminals
}

/// `dev/api` in the first pager, `dev/mail` in the second; the tree has the keys.
fn two(cols: u16, rows: u16) -> Eye {
    let reversed = Look { reverse: true, ..Look::default() };
    let theme = Theme { looks: [(Role::Selected, reversed)].into(), ..Theme::default() };
    let options = Options { theme, ..options() };
    let mut eye = Eye::with(options, cols, rows, sketch(), long());
    eye.press("3 | 7");
    eye
}

fn mouse(eye: &mut Eye, kind: MouseEventKind, column: u16, row: u16) -> Vec<Request> {
    eye.input(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

fn click(eye: &mut Eye, column: u16, row: u16) -> Vec<Request> {
    let asked = mouse(eye, MouseEventKind::Down(MouseButton::Left), column, row);
    mouse(eye, MouseEventKind::Up(MouseButton::Left), column, row);
    asked
}

/// The rows of a frame from a column on, up to another.
fn part(eye: &mut Eye, from: u16, to: u16) -> String {
    let frame = eye.frame();
    let cells = |line: &str| line.chars().skip(from.into()).take(usize::from(to - from)).collect::<String>();
    frame.lines().map(cells).collect::<Vec<_>>().join("\n")
}

/// What stands in the two pagers of a screen of 200 columns.
fn left(eye: &mut Eye) -> String {
    part(eye, 67, 132)
}

fn right(eye: &mut Eye) -> String {
    part(eye, 134, 200)
}

/// The headers that are marked as the one that has the keys.
fn marked(eye: &mut Eye) -> Vec<String> {
    let buffer = eye.buffer();
    let width = usize::from(buffer.area.width);
    let mut marked = Vec::new();
    for row in buffer.content.chunks(width) {
        for (x, cell) in row.iter().enumerate().skip(33) {
            if cell.symbol() == "▌" && row[x + 1].modifier.contains(Modifier::REVERSED) {
                let name = row[x + 1..]
                    .iter()
                    .map(ratatui::buffer::Cell::symbol)
                    .take_while(|symbol| *symbol != " ");
                marked.push(name.collect());
            }
        }
    }
    marked
}

fn sizes(eye: &mut Eye) -> Vec<(u32, u16, u16)> {
    let mut sizes: Vec<_> =
        eye.ui.visible(&eye.view).iter().map(|(id, Size { rows, cols })| (id.0, *cols, *rows)).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn two_pagers_stand_beside_each_other_or_one_above_the_other() {
    for (cols, rows) in [(80, 24), (120, 24), (200, 50)] {
        let mut eye = two(cols, rows);
        insta::assert_snapshot!(format!("two_{cols}x{rows}"), eye.frame());
    }
    let mut eye = two(200, 50);
    eye.press("Tab k");
    insta::assert_snapshot!("two_200x50_first", eye.frame());
}

#[test]
fn each_has_the_size_of_its_pane() {
    assert_eq!(sizes(&mut two(200, 50)), [(3, 63, 46), (7, 63, 46)]);
    assert_eq!(sizes(&mut two(120, 24)), [(3, 76, 9), (7, 76, 9)]);
    let mut eye = two(200, 50);
    eye.press("|");
    assert_eq!(sizes(&mut eye), [(7, 130, 46)]);
}

#[test]
fn tab_goes_round_the_tree_the_first_and_the_second() {
    let mut eye = two(200, 50);
    let mut round = Vec::new();
    for _ in 0..4 {
        round.push(marked(&mut eye).concat());
        eye.press("Tab");
    }
    assert_eq!(round, ["", "dev/api", "dev/mail", ""]);
    assert_eq!(marked(&mut eye), ["dev/api"]);
    eye.press("q");
    assert_eq!(marked(&mut eye), [""; 0], "back in the tree");
    assert_eq!(sizes(&mut eye).len(), 2, "both are still there");
}

#[test]
fn verbs_are_about_the_pager_that_has_the_keys() {
    let mut eye = two(200, 50);
    let stop = |id| vec![Request::Command(Command::Stop(vec![Target::Instance(InstanceId(id))]))];
    eye.press("Tab");
    assert_eq!(eye.press("x"), stop(3));
    eye.press("Tab");
    assert_eq!(eye.press("x"), stop(7));
    eye.press("Tab");
    assert_eq!(eye.press("x"), stop(7), "the tree speaks of what is selected there");
}

#[test]
fn each_has_its_own_place_search_filter_and_wrap() {
    let mut eye = two(200, 50);
    eye.press("Tab g /");
    eye.write("line 7");
    eye.press("Enter");
    assert!(left(&mut eye).contains("/ line 7  1/11 · paused"), "{}", eye.frame());
    assert!(right(&mut eye).contains("following"), "{}", eye.frame());
    eye.press("Tab &");
    eye.write("broke");
    eye.press("Enter S");
    assert!(right(&mut eye).contains("& broke"), "{}", eye.frame());
    assert!(!left(&mut eye).contains("& broke"), "{}", eye.frame());
    eye.press("# Tab Tab");
    assert!(!left(&mut eye).contains("    8 api line 7"), "numbers are on in the second one only");
    assert!(right(&mut eye).contains("   91 mail line 90"), "{}", eye.frame());
    eye.press("n");
    assert!(left(&mut eye).contains("/ line 7  2/11 · paused"), "{}", eye.frame());
}

#[test]
fn the_first_stays_while_the_second_follows_the_tree() {
    let mut eye = two(200, 50);
    eye.press("1");
    assert!(left(&mut eye).contains("api line 99"), "{}", eye.frame());
    assert!(right(&mut eye).contains("dev/db"), "{}", eye.frame());
    eye.press("Tab Alt-7");
    assert!(
        left(&mut eye).contains("mail line 99"),
        "who is in the first one goes on there: {}",
        eye.frame()
    );
    assert!(right(&mut eye).contains("dev/db"), "{}", eye.frame());
}

#[test]
fn the_same_job_may_stand_in_both_each_with_its_place_and_keeps_its_size() {
    let mut eye = Eye::new(200, 50, sketch(), long());
    eye.press("3 Tab g m a Tab |");
    assert!(left(&mut eye).contains("api line 0"), "the first stays where it was: {}", eye.frame());
    assert!(right(&mut eye).contains("api line 99"), "the second is at the end: {}", eye.frame());
    assert_eq!(sizes(&mut eye), [(3, 63, 46)]);
    eye.press("7 3");
    assert_eq!(sizes(&mut eye), [(3, 63, 46)], "walking by changes no size");
    eye.press("Tab Tab ' a");
    assert!(right(&mut eye).contains("api line 0"), "marks are there too: {}", eye.frame());
    eye.press("Tab |");
    assert!(eye.frame().contains("api line 0"), "what the first held is there: {}", eye.frame());
    assert_eq!(sizes(&mut eye), [(3, 130, 46)]);
}

#[test]
fn a_mark_that_names_its_job_is_found_from_the_other_pager() {
    let mut eye = two(200, 50);
    eye.press("Tab g m A Tab ' A");
    assert!(right(&mut eye).contains("api line 0"), "{}", eye.frame());
}

/// The first pager stays with `dev/api`, and was led to `dev/mail` and back.
#[test]
fn marks_outlive_the_pager_in_which_they_were_set() {
    let mut eye = two(200, 50);
    eye.press("Tab Alt-7 g m b m A Alt-3 Tab 1");
    eye.view.systems.iter_mut().for_each(|system| system.jobs.retain(|job| job.id != InstanceId(3)));
    assert!(eye.ui.visible(&eye.view).iter().all(|(id, _)| *id != InstanceId(3)), "{}", eye.frame());
    eye.press("' A");
    assert!(eye.frame().contains("mail line 0"), "{}", eye.frame());
    eye.press("G ' b");
    assert!(eye.frame().contains("mail line 0"), "{}", eye.frame());
}

#[test]
fn where_there_is_no_room_there_is_one_and_the_second_comes_back() {
    let mut eye = Eye::new(79, 24, sketch(), long());
    eye.press("3 |");
    assert!(eye.frame().contains("two pagers need"), "{}", eye.frame());
    let mut eye = two(200, 50);
    eye.press("Tab");
    eye.input(Event::Resize(60, 12));
    assert!(eye.frame().starts_with(" dev/api"), "{}", eye.frame());
    assert_eq!(sizes(&mut eye).len(), 1);
    eye.press("Tab");
    assert!(eye.frame().starts_with(" dev/mail"), "{}", eye.frame());
    eye.input(Event::Resize(200, 50));
    assert_eq!(marked(&mut eye), ["dev/mail"]);
    assert!(left(&mut eye).contains("api line 99"), "{}", eye.frame());
}

#[test]
fn zoom_shows_the_one_that_has_the_keys_and_gives_back_both() {
    let mut eye = two(200, 50);
    eye.press("Tab z");
    assert_eq!(sizes(&mut eye), [(3, 198, 47)]);
    assert!(eye.frame().starts_with(" dev/api"), "{}", eye.frame());
    eye.press("z");
    assert_eq!(sizes(&mut eye), [(3, 63, 46), (7, 63, 46)]);
    eye.press("q Enter");
    assert!(eye.frame().starts_with(" dev/mail"), "{}", eye.frame());
    eye.press("q");
    assert_eq!(sizes(&mut eye).len(), 2);
}

#[test]
fn a_second_pager_that_is_hidden_is_not_closed_silently() {
    let mut eye = two(200, 50);
    eye.input(Event::Resize(60, 12));
    eye.press("|");
    assert!(eye.frame().contains("the hidden second pager is closed"), "{}", eye.frame());
    eye.press("|");
    assert!(eye.frame().contains("two pagers need 80 columns and 14 rows"), "{}", eye.frame());
}

#[test]
fn the_mouse_acts_on_the_pager_under_it() {
    let mut eye = two(200, 50);
    mouse(&mut eye, MouseEventKind::ScrollUp, 80, 10);
    assert!(left(&mut eye).contains("paused") && right(&mut eye).contains("following"), "{}", eye.frame());
    assert_eq!(marked(&mut eye), [""; 0], "the wheel gives nobody the keys");
    mouse(&mut eye, MouseEventKind::ScrollUp, 150, 10);
    assert!(right(&mut eye).contains("paused"), "{}", eye.frame());
    click(&mut eye, 80, 10);
    assert_eq!(marked(&mut eye), ["dev/api"]);
    click(&mut eye, 150, 10);
    assert_eq!(marked(&mut eye), ["dev/mail"]);
    click(&mut eye, 10, 4);
    assert_eq!(marked(&mut eye), [""; 0]);
    let asked = click(&mut eye, 132, 2);
    assert!(asked.is_empty() && left(&mut eye).contains("api line 0"), "its overview: {}", eye.frame());
}

#[test]
fn a_drag_selects_in_the_pager_under_it() {
    let mut eye = two(200, 50);
    eye.press("Tab g Tab Tab");
    mouse(&mut eye, MouseEventKind::Down(MouseButton::Left), 68, 2);
    mouse(&mut eye, MouseEventKind::Drag(MouseButton::Left), 77, 3);
    let asked = mouse(&mut eye, MouseEventKind::Up(MouseButton::Left), 77, 3);
    assert_eq!(asked, [Request::Copy("api line 0 ERROR it broke\napi line 1".to_owned())]);
}

#[test]
fn keys_go_to_the_job_of_either_pager() {
    let mut eye = two(200, 50);
    let typed = |id, bytes: &[u8]| {
        vec![Request::Command(Command::Type { instance: InstanceId(id), bytes: bytes.to_vec() })]
    };
    eye.press("Tab i");
    assert_eq!(eye.press("a"), typed(3, b"a"));
    assert_eq!(sizes(&mut eye), [(3, 65, 46), (7, 63, 46)], "it has every column of its pane");
    click(&mut eye, 150, 10);
    assert_eq!(marked(&mut eye), ["dev/mail"]);
    assert_eq!(eye.press("i"), []);
    assert_eq!(eye.press("a"), typed(7, b"a"));
    eye.press("Ctrl-] q");
    assert_eq!(sizes(&mut eye), [(3, 63, 46), (7, 63, 46)]);
}

#[test]
fn what_is_seen_in_either_is_seen() {
    let mut eye = two(200, 50);
    eye.frame();
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), "more\r\n");
    assert!(!eye.line("● api").contains('•'), "{}", eye.frame());
    eye.press("|");
    eye.frame();
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), "more\r\n");
    assert!(eye.line("● api").contains('•'), "{}", eye.frame());
}

#[test]
fn the_picture_changes_by_itself_also_in_the_first_one() {
    let mut eye = two(200, 50);
    eye.view.systems.iter_mut().flat_map(|system| &mut system.jobs).for_each(|job| job.next = None);
    // Folded away nothing but the headers has an age.
    eye.press("g h G h");
    assert!(eye.ui.next_change(&eye.view, now()).is_some());
    eye.press("|");
    assert!(eye.ui.next_change(&eye.view, now()).is_some_and(|at| at > now().mono));
}

#[test]
fn details_stand_in_the_place_of_the_second() {
    let mut eye = two(200, 50);
    eye.press("3 i");
    assert!(left(&mut eye).contains("api line 99"), "{}", eye.frame());
    assert!(right(&mut eye).contains("API_TOKEN"), "{}", eye.frame());
    assert_eq!(sizes(&mut eye), [(3, 63, 46)]);
}

#[test]
fn a_system_may_stay_in_the_first_with_its_merged_output() {
    let mut eye = Eye::new(200, 50, sketch(), long());
    eye.press("g a | 7");
    assert!(left(&mut eye).contains("dev  merged"), "{}", eye.frame());
    assert!(right(&mut eye).contains("dev/mail"), "{}", eye.frame());
    assert_eq!(sizes(&mut eye), [(7, 63, 46)]);
    let mut heard: Vec<u32> = eye.ui.overheard(&eye.view).iter().map(|id| id.0).collect();
    heard.sort_unstable();
    assert_eq!(heard, (1..=8).collect::<Vec<_>>());
    eye.press("Tab a");
    assert!(left(&mut eye).contains("dev  4 of 8 up or done"), "{}", eye.frame());
    eye.press("a g");
    assert!(left(&mut eye).contains("api     │ api line 0"), "{}", eye.frame());
}

#[test]
fn what_the_first_stays_with_may_go() {
    let mut eye = two(200, 50);
    eye.press("Tab");
    eye.view.systems[0].jobs.retain(|job| job.id != InstanceId(3));
    let frame = eye.frame();
    assert!(frame.contains("dev/api is gone: the file no longer has it"), "{frame}");
    assert_eq!(sizes(&mut eye), [(7, 130, 46)]);
    eye.press("|");
    assert_eq!(sizes(&mut eye), [(7, 63, 46)], "another may stay there");
}

#[test]
fn what_is_counted_for_one_is_not_forgotten_for_the_other() {
    let mut eye = two(200, 50);
    eye.press("Tab /");
    eye.write("broke");
    eye.press("Enter Tab /");
    eye.write("line 1");
    eye.press("Enter");
    assert!(left(&mut eye).contains("/ broke  10 hits"), "{}", eye.frame());
    assert!(right(&mut eye).contains("/ line 1  11/11 · paused"), "{}", eye.frame());
    feed(eye.terminals.get_mut(&InstanceId(3)).unwrap(), "it broke again\r\n");
    assert!(left(&mut eye).contains("/ broke  11 hits"), "{}", eye.frame());
}

#[test]
fn two_that_rest_ask_for_nothing() {
    let mut eye = two(200, 50);
    eye.frame();
    assert!(!eye.ui.is_busy(&eye.view, &eye.terminals));
    assert!(eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty());
    let before = eye.frame();
    assert_eq!(eye.frame(), before);
}
