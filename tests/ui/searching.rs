//! Searching in the pager: what is found, counted and told.

use zap::model::InstanceId;
use zap::terminal::Terminal;

use crate::build::{Eye, feed, lines, moment, outputs, running, sketch};

fn reading(terminal: Terminal) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), terminal);
    let mut eye = Eye::new(120, 14, sketch(), terminals);
    eye.press("3 Enter");
    eye
}

fn numbered(number: usize) -> Terminal {
    running(&lines(number, |n| format!("line {n}")))
}

fn search(eye: &mut Eye, key: &str, text: &str) {
    eye.press(key);
    eye.write(text);
    eye.press("Enter");
}

fn header(eye: &mut Eye) -> String {
    eye.frame().lines().next().unwrap_or_default().to_owned()
}

fn tells(eye: &mut Eye, text: &str) {
    let header = header(eye);
    assert!(header.contains(text), "`{text}` is not in {header}");
}

#[test]
fn a_search_goes_on_from_where_one_is() {
    let mut eye = reading(numbered(100_000));
    eye.press("5 0 %");
    search(&mut eye, "/", "000$");
    tells(&mut eye, "/ 000$  50/99 · paused");
    eye.press("n");
    tells(&mut eye, "51/99");
    eye.press("N N");
    tells(&mut eye, "49/99");
    eye.press("G");
    search(&mut eye, "?", "line 4.*99$");
    tells(&mut eye, "? line 4.*99$  111/111");
    eye.press("n");
    tells(&mut eye, "110/111");
    eye.press("N N");
    tells(&mut eye, "1/111");
    assert!(eye.frame().contains("no further hit: on from the beginning"));
}

#[test]
fn a_search_that_was_stopped_keeps_nobody_from_counting_errors() {
    let mut eye = reading(running(&lines(30_000, |n| format!("ERROR {n} is as long as a line mostly is"))));
    eye.alone = true;
    search(&mut eye, "/", "nowhere");
    let errand = eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm);
    assert_eq!(errand.len(), 1, "first what a person seeks");
    eye.press("Ctrl-c");
    assert!(eye.frame_as_is().contains("the search was stopped"), "{}", eye.frame_as_is());
    eye.alone = false;
    eye.work();
    eye.press("E");
    assert!(eye.frame().contains("error 30,000 of 30,000"), "{}", eye.frame());
}

#[test]
fn the_run_that_is_read_is_told_where_there_are_several() {
    let mut terminal = running(&lines(50, |n| format!("of the first {n}")));
    for number in 4..=5 {
        terminal.end_run("exit 1", moment(100));
        terminal.begin_run(number, None, moment(90));
        feed(&mut terminal, &lines(50, |n| format!("of run {number}: {n}")));
    }
    let mut eye = reading(terminal);
    assert!(!header(&mut eye).contains("in run"), "{}", header(&mut eye));
    eye.press("g");
    tells(&mut eye, "paused · in run 3 of 5 · 7% of 150 lines");
    eye.press("]");
    tells(&mut eye, "paused · in run 4 of 5 · ");
    eye.press("]");
    tells(&mut eye, "of 150 lines · in run 5 of 5");
    eye.press("[");
    tells(&mut eye, "in run 4 of 5");
    let mut alone = reading(numbered(50));
    alone.press("g");
    assert!(!header(&mut alone).contains("in run"), "{}", header(&mut alone));
}

#[test]
fn a_count_is_shown_while_it_is_typed_and_left_first() {
    let mut eye = reading(numbered(500));
    eye.press("1 2 3");
    let last = |eye: &mut Eye| eye.frame().lines().rev().nth(1).unwrap_or_default().to_owned();
    assert!(last(&mut eye).ends_with(" 123"), "{}", eye.frame());
    eye.press("Esc");
    assert!(!last(&mut eye).contains("123"), "{}", eye.frame());
    tells(&mut eye, "following");
    eye.press("g");
    assert!(eye.frame().contains("\nline 0"), "{}", eye.frame());
}

#[test]
fn a_count_goes_so_many_hits_further() {
    let mut eye = reading(numbered(50_000));
    eye.press("g");
    search(&mut eye, "/", "7$");
    tells(&mut eye, "1/5,000");
    eye.press("3 n");
    tells(&mut eye, "4/5,000");
    eye.press("2 N");
    tells(&mut eye, "2/5,000");
    eye.press("1 0 0 0 n");
    tells(&mut eye, "1,002/5,000");
    eye.press("9 9 9 9 9 9 9 9 9 n");
    tells(&mut eye, "1,001/5,000");
    assert!(eye.frame().contains("no further hit: on from the beginning"));
}

#[test]
fn a_search_tells_that_it_counts() {
    let mut eye = reading(numbered(70_000));
    eye.alone = true;
    search(&mut eye, "/", "line 6999");
    tells(&mut eye, "/ line 6999  ");
    let errands = eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm);
    assert_eq!(errands.len(), 1, "one at a time");
    assert!(eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty());
    tells(&mut eye, "+");
    for errand in errands {
        eye.ui.report(&errand.run(), &eye.view, &eye.terminals);
    }
    eye.alone = false;
    tells(&mut eye, "11 hits");
}

#[test]
fn a_far_hit_is_gone_to_when_it_is_found() {
    let mut eye = reading(numbered(70_000));
    eye.alone = true;
    search(&mut eye, "/", "line 7$");
    tells(&mut eye, "seeking · following");
    eye.press("Ctrl-c");
    assert!(eye.frame().contains("the search was stopped"));
    assert!(
        eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty(),
        "nothing is sought any more"
    );
    eye.press("n");
    tells(&mut eye, "seeking");
    eye.alone = false;
    tells(&mut eye, "1/1 · paused");
    assert!(eye.frame().lines().any(|row| row == "line 7"), "{}", eye.frame());
}

#[test]
fn nothing_is_counted_for_who_looks_elsewhere() {
    let mut eye = reading(numbered(70_000));
    eye.alone = true;
    search(&mut eye, "/", "line");
    eye.press("q k");
    assert!(eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm).is_empty());
    assert!(!eye.ui.is_busy(&eye.view, &eye.terminals));
}

#[test]
fn what_an_errand_finds_for_an_older_search_changes_nothing() {
    let mut eye = reading(numbered(70_000));
    eye.alone = true;
    eye.press("/");
    eye.write("line");
    let old = eye.ui.errands(&eye.view, &eye.terminals, zap::ui::Pace::Calm);
    assert_eq!(old.len(), 1);
    eye.write(" 3");
    eye.press("Enter");
    for errand in old {
        eye.ui.report(&errand.run(), &eye.view, &eye.terminals);
    }
    eye.alone = false;
    tells(&mut eye, "line 3  11,111/11,111 ");
}

#[test]
fn searches_that_were_typed_before_come_back() {
    let mut eye = reading(numbered(100));
    search(&mut eye, "/", "line 1");
    search(&mut eye, "?", "line 2");
    eye.press("/");
    eye.write("dra");
    eye.press("Up Up");
    assert!(eye.line("/line 1").starts_with(" /line 1"));
    eye.press("Down Down");
    assert!(eye.line("/dra").starts_with(" /dra"));
    eye.press("Up Enter");
    tells(&mut eye, "/ line 2  ");
}

#[test]
fn follow_stays_on_while_hits_are_in_sight() {
    let mut eye = reading(numbered(20_000));
    eye.press("/");
    eye.write("line 1999[0-9]");
    tells(&mut eye, "10 hits · following");
    eye.press("Enter");
    tells(&mut eye, "10 hits · following");
    let terminal = eye.terminals.get_mut(&InstanceId(3)).expect("the terminal of api");
    feed(terminal, "line 19991\r\n");
    tells(&mut eye, "11 hits · following");
    eye.press("n");
    tells(&mut eye, "11/11 · paused");
}

#[test]
fn a_pattern_that_is_too_large_is_refused_in_a_few_words() {
    let mut eye = reading(numbered(100));
    eye.press("/");
    eye.write(r"\w{500}{500}");
    assert!(eye.frame().contains("the pattern is too large"), "{}", eye.frame());
}
