//! Filters in the pager: only the lines that match are seen, and everything goes on to work on them.

use proptest::prelude::*;
use zap::model::InstanceId;
use zap::terminal::Terminal;

use crate::build::{Eye, feed, lines, moment, outputs, running, sketch};

/// A server that answers, is looked at, and is slow now and then.
fn server(requests: usize) -> String {
    lines(requests, |n| match n % 5 {
        0 => format!("12:04:{:02} INFO  GET /health 200 1ms", n % 60),
        3 if n % 2 == 1 => format!("12:04:{:02} WARN  slow query {n}ms", n % 60),
        _ => format!("12:04:{:02} INFO  GET /items/{n} 200 3ms", n % 60),
    })
}

fn reading(cols: u16, rows: u16, terminal: Terminal) -> Eye {
    let mut terminals = outputs();
    terminals.insert(InstanceId(3), terminal);
    let mut eye = Eye::new(cols, rows, sketch(), terminals);
    eye.press("3 Enter");
    eye
}

fn filter(eye: &mut Eye, text: &str) {
    eye.press("&");
    eye.write(text);
    eye.press("Enter");
}

/// The rows of the output without the overview beside it, and without blank ones at the end.
fn output(eye: &mut Eye) -> Vec<String> {
    let wide = usize::from(eye.buffer().area.width) - 2;
    let text = |line: &str| line.chars().take(wide).collect::<String>().trim_end().to_owned();
    let frame = eye.frame();
    let rows = frame.lines().count();
    let mut rows: Vec<String> = frame.lines().skip(1).take(rows - 3).map(text).collect();
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    rows
}

fn header(eye: &mut Eye) -> String {
    eye.frame().lines().next().unwrap_or_default().to_owned()
}

fn api(eye: &mut Eye) -> &mut Terminal {
    eye.terminals.get_mut(&InstanceId(3)).expect("the terminal of api")
}

#[test]
fn lines_around_go_with_the_filter_they_came_with() {
    let mut eye = reading(120, 16, running(&server(1_000)));
    filter(&mut eye, "GET");
    eye.press("3");
    filter(&mut eye, "health");
    assert!(header(&mut eye).contains("& health  ±3"), "{}", header(&mut eye));
    eye.press("Esc");
    assert!(header(&mut eye).contains("& GET") && !header(&mut eye).contains('±'), "{}", header(&mut eye));
    eye.press("2 & Enter");
    filter(&mut eye, "health");
    assert!(header(&mut eye).contains("& health  ±2"), "{}", header(&mut eye));
}

#[test]
fn filters_stack() {
    let mut eye = reading(120, 16, running(&server(12_000)));
    eye.press("&");
    eye.write("GET");
    insta::assert_snapshot!("filter_typing", eye.frame());
    eye.press("Enter");
    filter(&mut eye, "!health");
    insta::assert_snapshot!("filter_stack", eye.frame());
    assert!(
        header(&mut eye).contains("& GET  &! health  8,400 of 12,000 lines · following"),
        "{}",
        header(&mut eye)
    );
    filter(&mut eye, "/items/77");
    assert!(header(&mut eye).contains("&! health  & /items/77  78 of"), "{}", header(&mut eye));
    eye.press("Esc");
    assert!(header(&mut eye).contains("& GET  &! health  8,400 of"), "the last one first");
    eye.press("Esc Esc");
    assert!(header(&mut eye).ends_with("following · 12,000 lines"), "{}", header(&mut eye));
    eye.press("Esc");
    assert!(eye.line("api").starts_with('▌') || eye.frame().contains("▌"), "then the pager");
}

#[test]
fn lines_around_stand_apart() {
    let mut eye = reading(120, 18, running(&server(12_000)));
    eye.press("2");
    filter(&mut eye, "slow query [1-3][09]*3ms");
    eye.press("g");
    insta::assert_snapshot!("filter_context", eye.frame());
    eye.press("4 & Enter");
    assert!(header(&mut eye).contains("±4  "), "{}", header(&mut eye));
    eye.press("& Enter");
    assert!(!header(&mut eye).contains('&'), "an empty one takes all off");
}

#[test]
fn what_hides_everything_says_so() {
    let mut eye = reading(100, 12, running(&server(100)));
    filter(&mut eye, "no such thing");
    insta::assert_snapshot!("filter_nothing", eye.frame());
    eye.press("j u b g G 5 0 % n 1 0 g ] [");
    feed(api(&mut eye), "no such thing\r\n");
    assert_eq!(output(&mut eye), ["no such thing"]);
}

#[test]
fn what_is_not_counted_yet_is_said_to_be_so() {
    let mut eye = reading(100, 12, running(&server(50_000)));
    eye.alone = true;
    filter(&mut eye, "query 3ms");
    assert!(eye.frame().contains("no line matches so far"), "{}", eye.frame());
    assert!(header(&mut eye).contains("& query 3ms  0+ of"), "{}", header(&mut eye));
    eye.press("Esc");
    filter(&mut eye, "query 4999[0-9]*3ms");
    let rows = output(&mut eye);
    assert_eq!(rows.last().map(String::as_str), Some("…"), "{rows:?}");
    eye.alone = false;
    let rows = output(&mut eye);
    assert!(rows.last().is_some_and(|row| row.ends_with("3ms")), "{rows:?}");
}

#[test]
fn a_filtered_output_is_followed() {
    let mut eye = reading(100, 12, running(&server(40_000)));
    filter(&mut eye, "slow");
    let before = output(&mut eye);
    feed(api(&mut eye), "not this\r\nslow again\r\nnor that\r\n");
    let rows = output(&mut eye);
    assert_eq!(rows.last().map(String::as_str), Some("slow again"));
    assert_eq!(rows[..rows.len() - 1], before[1..]);
    eye.press("k");
    feed(api(&mut eye), "not this\r\nslow for ever\r\nslow\r\n");
    assert!(header(&mut eye).contains("paused, 2 new"), "{}", header(&mut eye));
    eye.press("F");
    assert_eq!(output(&mut eye).last().map(String::as_str), Some("slow"));
}

#[test]
fn moving_works_on_what_is_seen() {
    let mut eye = reading(100, 12, running(&server(100_000)));
    filter(&mut eye, "query [0-9]*03ms");
    let shown = |eye: &mut Eye| output(eye)[0].rsplit(' ').next().unwrap_or_default().to_owned();
    eye.press("g");
    assert_eq!(shown(&mut eye), "103ms");
    eye.press("j");
    assert_eq!(shown(&mut eye), "203ms");
    eye.press("4 0 0 0 0 g");
    assert_eq!(shown(&mut eye), "40003ms", "the first one from line 40,000 on");
    eye.press("5 0 %");
    assert_eq!(shown(&mut eye), "50003ms");
    let before = eye.frame();
    for (there, back) in [("j", "k"), ("d", "u"), ("f", "b"), ("1 7 j", "1 7 k")] {
        eye.press(there);
        assert_ne!(eye.frame(), before, "{there} moves");
        eye.press(back);
        assert_eq!(eye.frame(), before, "{back} undoes {there}");
    }
    eye.press("G");
    assert!(output(&mut eye).last().is_some_and(|row| row.ends_with("99903ms")), "{}", eye.frame());
}

#[test]
fn a_search_is_made_among_what_is_seen() {
    let mut eye = reading(120, 14, running(&server(30_000)));
    filter(&mut eye, "!GET");
    eye.press("/");
    eye.write("[13]003ms");
    eye.press("Enter");
    assert!(header(&mut eye).contains("/ [13]003ms  6/6"), "{}", header(&mut eye));
    eye.press("n");
    assert!(
        header(&mut eye).contains("1/6") && eye.frame().contains("no further hit: on from the beginning")
    );
    assert_eq!(output(&mut eye).iter().filter(|row| row.contains("1003ms")).count(), 1);
    eye.press("Esc");
    filter(&mut eye, "nothing");
    eye.press("/");
    eye.write("slow");
    eye.press("Enter");
    assert!(header(&mut eye).contains("no hit"), "{}", header(&mut eye));
}

#[test]
fn a_filter_that_comes_after_a_search_holds_for_it_too() {
    let mut eye = reading(120, 14, running(&lines(10, |n| format!("hit {n} {}", ["even", "odd"][n % 2]))));
    eye.press("g /");
    eye.write("hit");
    eye.press("Enter");
    assert!(header(&mut eye).contains("/ hit  1/10"), "{}", header(&mut eye));
    filter(&mut eye, "odd");
    // The hit on which it stood is hidden too.
    let mut seen = Vec::new();
    for _ in 0..4 {
        eye.press("n");
        let header = header(&mut eye);
        seen.push(header.split_whitespace().find(|word| word.ends_with("/5")).map(str::to_owned));
    }
    assert_eq!(seen, ["1/5", "2/5", "3/5", "4/5"].map(|told| Some(told.to_owned())), "{}", eye.frame());
}

#[test]
fn typing_a_filter_shows_what_it_leaves_and_can_be_given_up() {
    let mut eye = reading(100, 12, running(&server(500)));
    filter(&mut eye, "WARN");
    eye.press("g");
    let before = eye.frame();
    eye.press("&");
    eye.write("4");
    assert!(output(&mut eye).iter().all(|row| row.contains("WARN") && row.contains('4')), "{}", eye.frame());
    eye.write("(");
    assert!(eye.frame().contains("unclosed group"), "{}", eye.frame());
    assert!(output(&mut eye).iter().all(|row| row.contains("WARN")), "what was there before");
    eye.press("Enter");
    assert!(eye.frame().contains("unclosed group"), "it is not taken");
    eye.press("Esc");
    assert_eq!(eye.frame(), before);
}

#[test]
fn filters_that_were_typed_before_come_back() {
    let mut eye = reading(100, 12, running(&server(500)));
    filter(&mut eye, "one");
    filter(&mut eye, "!two");
    eye.press("& Enter & Up Up");
    assert!(eye.frame().contains("&one"), "{}", eye.frame());
    eye.press("Down Enter");
    assert!(header(&mut eye).contains("&! two  "), "{}", header(&mut eye));
    eye.press("/ Up");
    assert!(!eye.frame().contains("/!two"), "searches are others");
}

#[test]
fn the_runs_of_lines_that_are_seen_stay_apart() {
    let mut terminal = running("a hit\r\nb\r\n");
    for (run, text) in [(4, "b\r\n"), (5, "b\r\na hit\r\nb\r\n"), (6, "b\r\n")] {
        terminal.end_run("exit 1", moment(40));
        terminal.begin_run(run, None, moment(30));
        feed(&mut terminal, text);
    }
    let mut eye = reading(100, 12, terminal);
    filter(&mut eye, "hit");
    let rows = output(&mut eye);
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert_eq!([&rows[0], &rows[2]], ["a hit", "a hit"]);
    assert!(rows[1].starts_with("── run 3 ·") && rows[3].starts_with("── run 5 ·"), "{rows:?}");
}

/// What is to be seen of lines, found one by one; `None` is the end of a run.
fn expected(lines: &[Option<bool>], context: usize) -> Vec<String> {
    let passes = |index: usize| lines[index] == Some(true);
    let mut run = 0;
    let mut seen = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let near = (index.saturating_sub(context)..=index + context).any(|at| at < lines.len() && passes(at));
        let ended = line.is_none() && (run..index).any(passes);
        seen.push(near || ended);
        if line.is_none() {
            run = index + 1;
        }
    }
    let mut rows = Vec::new();
    for index in (0..lines.len()).filter(|index| seen[*index]) {
        if context > 0 && index > 0 && !seen[index - 1] && lines[index].is_some() {
            rows.push("──".to_owned());
        }
        rows.push(match lines[index] {
            Some(passes) => format!("{index} {}", if passes { "hit" } else { "miss" }),
            None => "── run".to_owned(),
        });
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_seen_is_what_passes_and_what_stands_around_it(
        lines in prop::collection::vec(prop_oneof![
            6 => Just(Some(false)), 2 => Just(Some(true)), 1 => Just(None)
        ], 1..80),
        context in 0..4_usize,
    ) {
        let mut terminal = running("");
        for (index, line) in lines.iter().enumerate() {
            match line {
                Some(true) => feed(&mut terminal, &format!("{index} hit\r\n")),
                Some(false) => feed(&mut terminal, &format!("{index} miss\r\n")),
                None => {
                    terminal.end_run("exit 1", moment(40));
                    terminal.begin_run(9, None, moment(30));
                }
            }
        }
        let mut eye = reading(100, 170, terminal);
        if context > 0 {
            eye.press(&context.to_string());
        }
        filter(&mut eye, "hit");
        let cut = |row: String| if row.starts_with("── run") { "── run".to_owned() } else { row };
        let expected = expected(&lines, context);
        let rows: Vec<String> = output(&mut eye).into_iter().map(cut).collect();
        if expected.is_empty() {
            prop_assert_eq!(&rows[0], " no line matches; Esc takes the filter off");
            return Ok(());
        }
        prop_assert_eq!(&rows, &expected, "following");
        eye.press("g");
        let rows: Vec<String> = output(&mut eye).into_iter().map(cut).collect();
        prop_assert_eq!(&rows, &expected, "from the top");
        // On a small screen, row by row, and back.
        eye.input(crossterm::event::Event::Resize(100, 8));
        eye.press("g");
        let mut walked = vec![output(&mut eye).into_iter().map(cut).collect::<Vec<_>>()];
        for _ in 0..expected.len().saturating_sub(5) {
            eye.press("j");
            walked.push(output(&mut eye).into_iter().map(cut).collect());
        }
        for (index, rows) in walked.iter().enumerate() {
            prop_assert_eq!(rows, &expected[index..(index + 5).min(expected.len())], "{} down", index);
        }
        for rows in walked.iter().rev().skip(1) {
            eye.press("k");
            prop_assert_eq!(&output(&mut eye).into_iter().map(cut).collect::<Vec<_>>(), rows);
        }
    }
}
