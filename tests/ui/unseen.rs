//! What was printed while nobody looked: the mark of a row, the number of errors in it, and what of it is told outside.

use zap::model::{InstanceId, State, View};
use zap::terminal::{Fed, Terminal};
use zap::ui::{Missed, Terminals};

use crate::build::{Eye, feed, job, lines, moment, running, system};

const MAIL: InstanceId = InstanceId(7);
const FLAKY: InstanceId = InstanceId(6);

fn mail(eye: &mut Eye) -> &mut Terminal {
    eye.terminals.get_mut(&MAIL).expect("the terminal of mail")
}

/// What of an output is told to somebody who asks for it.
fn missed(eye: &mut Eye, id: InstanceId) -> Missed {
    let mut ids = vec![id];
    eye.ui.recount_these(&mut ids, &eye.terminals);
    assert!(ids.is_empty(), "one alone is counted at once");
    eye.ui.missed(id, &eye.terminals)
}

/// The end of a row of the tree.
fn row(eye: &mut Eye, name: &str) -> String {
    eye.line(name).split('│').next().unwrap_or_default().trim_end().to_owned()
}

#[test]
fn errors_stand_with_their_number_where_the_mark_would_until_they_are_seen() {
    let mut eye = Eye::sketch(120, 24);
    assert!(row(&mut eye, "● mail").ends_with('•'));
    feed(mail(&mut eye), "ERROR no route\r\nINFO the error: none\r\nERROR no route\r\n");
    assert!(row(&mut eye, "● mail").ends_with(" 2!"), "{}", eye.frame());
    eye.press("7");
    assert!(row(&mut eye, "● mail").ends_with("1h"), "{}", eye.frame());
    eye.press("1");
    feed(mail(&mut eye), "INFO well again\r\n");
    assert!(row(&mut eye, "● mail").ends_with('•'));
    feed(mail(&mut eye), "ERROR no route\r\n");
    assert!(row(&mut eye, "● mail").ends_with(" 1!"));
    // A traceback is one error.
    feed(
        mail(&mut eye),
        "INFO again\r\nTraceback (most recent call last):\r\n  File \"x.py\", line 3\r\nKeyError: 'x'\r\n",
    );
    assert!(row(&mut eye, "● mail").ends_with(" 2!"), "{}", eye.frame());
}

#[test]
fn the_number_takes_its_room_from_what_stands_beside_it() {
    let mut eye = Eye::sketch(120, 24);
    assert!(row(&mut eye, "✗ worker").ends_with("failed  exit 101 1!"), "{}", eye.frame());
    eye.terminals.insert(FLAKY, running(&lines(12, |n| format!("ERROR {n}"))));
    assert!(row(&mut eye, "↻ flaky").ends_with(" 12!"), "{}", eye.frame());
    feed(
        eye.terminals.get_mut(&FLAKY).expect("the terminal of flaky"),
        &lines(100, |n| format!("ERROR {n}")),
    );
    assert!(row(&mut eye, "↻ flaky").ends_with(" 99+"), "{}", eye.frame());
    eye.job_mut("dev/mail").pending_change = true;
    feed(mail(&mut eye), "ERROR no route\r\n");
    assert!(row(&mut eye, "● mail").ends_with("✎ 1!"), "{}", eye.frame());
    for (cols, rows) in [(40, 12), (80, 24), (120, 24)] {
        eye.input(crossterm::event::Event::Resize(cols, rows));
        insta::assert_snapshot!(format!("unseen_errors_{cols}x{rows}"), eye.frame());
    }
}

#[test]
fn what_nobody_has_seen_is_told_outside() {
    let mut eye = Eye::sketch(120, 24);
    assert_eq!(missed(&mut eye, InstanceId(1)), Missed { output: false, errors: Some(0) });
    feed(mail(&mut eye), "ERROR no route\r\n");
    assert_eq!(missed(&mut eye, MAIL), Missed { output: true, errors: Some(1) });
    eye.press("7");
    eye.frame();
    assert_eq!(missed(&mut eye, MAIL), Missed { output: false, errors: Some(0) });
}

/// Closed blocks of a history are counted elsewhere, the newest of them.
#[test]
fn of_a_flood_the_newest_is_counted_and_told_as_the_least_it_can_be() {
    let mut eye = Eye::sketch(120, 24);
    eye.press("7");
    eye.frame();
    eye.press("1");
    eye.frame();
    let before = mail(&mut eye).lines().end;
    let text = |from: u64, to: u64| -> String {
        let line = |n: u64| {
            if n.is_multiple_of(10_000) {
                format!("ERROR {n}\r\n")
            } else {
                format!("INFO {n} {:60}\r\n", "")
            }
        };
        (from..to).map(line).collect()
    };
    let print = |eye: &mut Eye, from, to| {
        mail(eye).feed(text(from, to).as_bytes(), moment(1), &mut Fed::default());
    };
    print(&mut eye, 0, 20_000);
    assert_eq!(missed(&mut eye, MAIL), Missed { output: true, errors: None }, "not counted yet");
    assert!(row(&mut eye, "● mail").ends_with(" 2!"), "{}", eye.frame());
    assert_eq!(missed(&mut eye, MAIL).errors, Some(2));
    eye.press("7");
    eye.frame();
    eye.press("1");
    print(&mut eye, 20_000, 220_000);
    let told = row(&mut eye, "● mail");
    let least: u64 =
        told.rsplit(' ').next().and_then(|word| word.trim_end_matches('+').parse().ok()).expect("a number");
    assert!(told.ends_with('+') && (1..20).contains(&least), "{told}");
    assert_eq!(missed(&mut eye, MAIL).errors, Some(least), "what the row says");
    assert!(mail(&mut eye).lines().end > before + 200_000);
}

/// An eye on twenty jobs with two errors each; nothing is done in the background: the test does it.
fn twenty() -> Eye {
    let jobs = (1..=20).map(|n| job(n, "all", &format!("job{n}"), State::Running, 60)).collect();
    let view = View { systems: vec![system("all", jobs)], quitting: None, problem: None };
    let terminals: Terminals = (1..=20).map(|n| (InstanceId(n), running("ERROR no route\r\n"))).collect();
    let mut eye = Eye::new(80, 24, view, terminals);
    eye.alone = true;
    eye.terminals.values_mut().for_each(|terminal| feed(terminal, "INFO so be it\r\nERROR no host\r\n"));
    eye
}

#[test]
fn of_many_outputs_a_few_are_counted_at_a_time() {
    let mut eye = twenty();
    let told = |eye: &mut Eye| eye.frame().lines().filter(|line| line.contains("2!")).count();
    let mut seen = vec![told(&mut eye)];
    while eye.ui.recount(&eye.view, &eye.terminals, |_| false).rest {
        seen.push(told(&mut eye));
    }
    seen.push(told(&mut eye));
    assert_eq!(seen.first(), Some(&0));
    assert!(seen.is_sorted() && seen.len() > 2, "{seen:?}");
    assert_eq!(seen.last(), Some(&19), "all but the one that is looked at");
}

#[test]
fn who_asks_how_many_jobs_are_makes_no_key_wait_for_all_of_them() {
    let mut eye = twenty();
    let mut ids: Vec<InstanceId> = (1..=20).map(InstanceId).collect();
    let counted = |eye: &Eye| {
        let missed = (1..=20).map(|n| eye.ui.missed(InstanceId(n), &eye.terminals));
        missed.filter(|missed| *missed == Missed { output: true, errors: Some(2) }).count()
    };
    assert_eq!(counted(&eye), 0, "what is not counted is not told");
    let mut seen = Vec::new();
    while !ids.is_empty() {
        eye.ui.recount_these(&mut ids, &eye.terminals);
        seen.push(counted(&eye));
    }
    assert_eq!(seen, [8, 16, 20]);
}

#[test]
fn one_that_floods_hides_no_errors_of_others() {
    let mut eye = twenty();
    let loud = InstanceId(7);
    while eye.ui.recount(&eye.view, &eye.terminals, |id| id == loud).rest {}
    assert_eq!(eye.ui.missed(loud, &eye.terminals).errors, Some(1), "what was counted before");
    let counted = (2..=20).filter(|n| eye.ui.missed(InstanceId(*n), &eye.terminals).errors == Some(2));
    assert_eq!(counted.count(), 18);
}
