//! How many lines match and which comes next, held against looking at each line.

use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use zap::terminal::{
    Direction, Errand, Fed, Filter, Filters, Matcher, Moment, Near, Pattern, Sought, Tally, Terminal,
};

use crate::look::feed;

/// What happens to a terminal, and to what is counted of it.
#[derive(Debug, Clone)]
enum Deed {
    /// So many lines are printed; every so many of them match.
    Print {
        lines: u32,
        every: u32,
    },
    /// Some lines up, written over, and down again.
    Repaint {
        up: u16,
    },
    EndRun,
    Note,
    Drop {
        bytes: usize,
    },
    Resize {
        rows: u16,
    },
    /// An errand is given out, and run at once.
    Give {
        near: u64,
        forward: bool,
    },
    /// What was found is told.
    Report,
    Look {
        near: u64,
        forward: bool,
    },
    /// The same for the newest lines alone: an errand is given out, run and told.
    Follow {
        from: u64,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        5 => (1..6000_u32, prop_oneof![1..3000_u32, 1..10_u32]).prop_map(|(lines, every)| Deed::Print { lines, every }),
        1 => (1..40_u16).prop_map(|up| Deed::Repaint { up }),
        1 => Just(Deed::EndRun),
        1 => Just(Deed::Note),
        1 => (1..100_000_usize).prop_map(|bytes| Deed::Drop { bytes }),
        1 => (2..60_u16).prop_map(|rows| Deed::Resize { rows }),
        4 => (0..40_000_u64, any::<bool>()).prop_map(|(near, forward)| Deed::Give { near, forward }),
        4 => Just(Deed::Report),
        1 => (0..40_000_u64, any::<bool>()).prop_map(|(near, forward)| Deed::Look { near, forward }),
        1 => (0..40_000_u64).prop_map(|from| Deed::Follow { from }),
    ]
}

fn near(line: u64, forward: bool) -> Near {
    Near { line, direction: if forward { Direction::Forward } else { Direction::Backward } }
}

struct Bench {
    terminal: Terminal,
    tally: Tally,
    matcher: Arc<dyn Matcher>,
    given: Option<zap::terminal::Report>,
    run: u32,
    printed: u32,
}

impl Bench {
    fn new(matcher: Arc<dyn Matcher>) -> Self {
        let mut terminal = Terminal::new(20, 40);
        terminal.begin_run(1, None, Moment(0));
        Self { terminal, tally: Tally::new(Arc::clone(&matcher)), matcher, given: None, run: 1, printed: 0 }
    }

    fn does(&mut self, deed: &Deed) {
        match deed {
            Deed::Print { lines, every } => self.print(*lines, *every),
            Deed::Repaint { up } => {
                feed(&mut self.terminal, format!("\x1b[{up}A\rhit over it\x1b[{up}B\r").as_bytes());
            }
            Deed::EndRun => {
                self.terminal.end_run("exit 0", Moment(1));
                self.run += 1;
                self.terminal.begin_run(self.run, None, Moment(2));
            }
            Deed::Note => self.terminal.note("a hit of ours", Moment(1)),
            Deed::Drop { bytes } => self.terminal.drop_oldest(*bytes),
            Deed::Resize { rows } => self.terminal.resize(*rows, 40),
            Deed::Give { near: line, forward } => {
                let errand = self.tally.errand(&self.terminal, near(*line, *forward));
                assert!(errand.is_none() || self.given.is_none(), "one at a time");
                self.given = errand.map(Errand::run).or(self.given.take());
            }
            Deed::Report => {
                if let Some(report) = self.given.take() {
                    self.tally.take(&self.terminal, &report);
                }
            }
            Deed::Follow { from } => {
                self.does(&Deed::Report);
                // An errand is 64 leaves, and there are not nearly so many times more.
                for errand in (0..1000).map_while(|_| self.tally.errand_from(&self.terminal, *from)) {
                    self.tally.take(&self.terminal, &errand.run());
                }
                assert!(self.tally.count_from(&self.terminal, *from).complete);
            }
            Deed::Look { near: line, forward } => {
                self.tally.look_around(&self.terminal, near(*line, *forward), 2);
            }
        }
    }

    fn print(&mut self, lines: u32, every: u32) {
        let mut text = String::new();
        for number in self.printed..self.printed + lines {
            text += if number % every == 0 { "a \x1b[31mh\x1b[32mit" } else { "nothing" };
            text += "\x1b[m\r\n";
        }
        self.printed += lines;
        self.terminal.feed(text.as_bytes(), Moment(0), &mut Fed::default());
    }

    /// The numbers of all lines that match, found one by one: each run is heard by a new reader.
    fn matching(&self) -> Vec<u64> {
        let mut matching = Vec::new();
        let mut reads = self.matcher.reader();
        let flow =
            self.terminal.visit_text(self.terminal.lines(), Direction::Forward, &mut |number, text| {
                if self.terminal.run_ends().binary_search(&number).is_ok() {
                    reads = self.matcher.reader();
                } else if reads(text) {
                    matching.push(number);
                }
                ControlFlow::Continue(())
            });
        assert!(flow.is_continue());
        matching
    }

    /// What is known is true, and what is not known is said not to be.
    fn holds(&self, places: &[u64]) {
        let all = self.matching();
        let count = self.tally.count(&self.terminal);
        assert!(count.lines <= all.len() as u64);
        assert!(!count.complete || count.lines == all.len() as u64, "{count:?}, but {}", all.len());
        for at in places {
            let before = all.partition_point(|line| line < at);
            let next = all.get(before).copied();
            match self.tally.next(&self.terminal, *at) {
                Sought::Found(line) => assert_eq!(Some(line), next, "after {at}"),
                Sought::Unknown(from) => assert!(!count.complete && next.is_none_or(|next| next >= from)),
                Sought::Nothing => assert_eq!(next, None, "after {at}"),
            }
            let previous = before.checked_sub(1).map(|last| all[last]);
            match self.tally.previous(&self.terminal, *at) {
                Sought::Found(line) => assert_eq!(Some(line), previous, "before {at}"),
                Sought::Unknown(to) => assert!(!count.complete && previous.is_none_or(|line| line < to)),
                Sought::Nothing => assert_eq!(previous, None, "before {at}"),
            }
            let from = self.tally.count_from(&self.terminal, *at);
            let after = (all.len() - before) as u64;
            assert!(
                from.lines <= after && (!from.complete || from.lines == after),
                "{from:?} of {after} from {at}"
            );
            assert!(from.complete || !count.complete);
            match self.tally.rank(&self.terminal, *at) {
                Some(rank) => assert_eq!(rank, before as u64, "of {at}"),
                None => assert!(!count.complete),
            }
            match self.tally.nth(&self.terminal, before as u64) {
                Sought::Found(line) => assert_eq!(Some(line), next, "number {before}"),
                Sought::Unknown(_) => assert!(!count.complete),
                Sought::Nothing => assert_eq!(next, None, "number {before}"),
            }
        }
    }

    /// Counts all there is.
    fn finish(&mut self) {
        self.does(&Deed::Report);
        while let Some(errand) = self.tally.errand(&self.terminal, near(0, true)) {
            self.tally.take(&self.terminal, &errand.run());
        }
        assert!(self.tally.count(&self.terminal).complete);
    }
}

/// A hit is meant unless another one stands in the five lines before it.
struct Apart;

impl Matcher for Apart {
    fn is_match(&self, text: &str) -> bool {
        text.contains("hit")
    }

    fn reader(&self) -> Box<dyn FnMut(&str) -> bool + '_> {
        let mut since = u64::MAX;
        Box::new(move |text| {
            let hit = self.is_match(text);
            let before = since;
            since = if hit { 0 } else { since.saturating_add(1) };
            hit && before >= self.context()
        })
    }

    fn context(&self) -> u64 {
        5
    }
}

fn hits() -> Arc<dyn Matcher> {
    Arc::new(Pattern::new("hit").unwrap())
}

fn apart() -> Arc<dyn Matcher> {
    Arc::new(Apart)
}

fn filters() -> Arc<dyn Matcher> {
    let filter = |text, out| Filter { pattern: Arc::new(Pattern::new(text).unwrap()), out };
    Arc::new(Filters(vec![filter("i", false), filter("^nothing", true)]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_tally_is_what_counting_line_by_line_gives(
        deeds in prop::collection::vec(deed(), 1..25),
        places in prop::collection::vec(0..40_000_u64, 8),
        matcher in prop::sample::select(vec![filters as fn() -> Arc<dyn Matcher>, hits, apart]),
    ) {
        let mut bench = Bench::new(matcher());
        for deed in &deeds {
            bench.does(deed);
            bench.holds(&places);
        }
        bench.finish();
        bench.holds(&places);
        let lines = bench.terminal.lines();
        let spread = bench.tally.spread(&bench.terminal, &lines, 7);
        prop_assert_eq!(spread.iter().sum::<u64>(), bench.matching().len() as u64);
    }
}

/// The lines at the edges of leaves are those that the search of a leaf must not hear by itself.
#[test]
fn what_a_reader_heard_before_a_leaf_counts_there() {
    for at in [4095, 4096, 4097, 4100, 4101, 4102] {
        let mut bench = Bench::new(Arc::new(Apart));
        let text = |number: u64| if number == at || number == 4095 { "a hit\r\n" } else { "nothing\r\n" };
        let feed_lines = |bench: &mut Bench, lines: std::ops::Range<u64>| {
            feed(&mut bench.terminal, lines.map(text).collect::<String>().as_bytes());
        };
        feed_lines(&mut bench, 0..4150);
        // The second leaf is not there yet: its lines are the tail, and hear what is before them in the first.
        bench.finish();
        bench.holds(&[4000, 4096, 4101, 4102]);
        let before = bench.tally.count(&bench.terminal).lines;
        feed_lines(&mut bench, 4150..10_000);
        bench.finish();
        bench.holds(&[4000, 4096, 4101, 4102]);
        let anew = Tally::new(Arc::new(Apart));
        bench.tally = anew;
        bench.finish();
        bench.holds(&[4000, 4096, 4101, 4102]);
        assert_eq!(bench.tally.count(&bench.terminal).lines, before, "with a hit in line {at}");
        // What lies behind is counted from there: the leaf before it is not among what is asked for.
        bench.tally = Tally::new(Arc::new(Apart));
        let errand = bench.tally.errand(&bench.terminal, near(u64::MAX, false)).expect("nothing is known");
        bench.tally.take(&bench.terminal, &errand.run());
        bench.holds(&[4000, 4096, 4101, 4102]);
    }
}

#[test]
fn each_run_is_heard_by_a_new_reader() {
    let mut bench = Bench::new(Arc::new(Apart));
    for (printed, hits) in [(10, 1), (20, 2), (4096, 3), (9_000, 4)] {
        bench.printed = 0;
        // Its first lines are looked at while they are not in a leaf, with those of the run before at their back.
        bench.print(2, 1);
        bench.holds(&[0, 10, 4_107, 20_000]);
        bench.print(printed - 2, 1);
        bench.does(&Deed::EndRun);
        bench.holds(&[0, 10, 11, 4_107, 20_000]);
        bench.finish();
        bench.holds(&[0, 10, 11, 4_107, 20_000]);
        assert_eq!(bench.tally.count(&bench.terminal).lines, hits, "the first line of each run");
    }
    bench.tally = Tally::new(Arc::new(Apart));
    bench.finish();
    assert_eq!(bench.tally.count(&bench.terminal).lines, 4, "in leaves too");
}

#[test]
fn lines_that_were_dropped_are_no_hits() {
    for (printed, bytes) in [(300, 1), (300, 1_000_000), (20_000, 1), (20_000, 1_000_000)] {
        for matcher in [hits(), apart()] {
            let mut bench = Bench::new(matcher);
            bench.print(printed, 1);
            bench.finish();
            bench.does(&Deed::Drop { bytes });
            bench.holds(&[0, 1, 299, 4_096, 4_097, 10_000]);
            assert!(bench.terminal.line(0).is_none_or(|line| line.text().contains("dropped")));
            bench.finish();
            assert_eq!(bench.tally.count(&bench.terminal).lines, bench.matching().len() as u64);
        }
    }
}

#[test]
fn what_an_errand_found_before_lines_were_painted_over_is_not_believed() {
    let mut bench = Bench::new(hits());
    // The first leaf ends a few lines above the screen.
    bench.print(4096 + 25, 5000);
    let errand = bench.tally.errand(&bench.terminal, near(0, true)).expect("nothing is known");
    let report = errand.run();
    bench.terminal.resize(60, 40);
    feed(&mut bench.terminal, format!("\x1b[50A{}", "\x1b[2Kanother hit\r\n".repeat(50)).as_bytes());
    bench.terminal.resize(20, 40);
    bench.tally.take(&bench.terminal, &report);
    bench.holds(&[0, 4000, 4090]);
    bench.finish();
    bench.holds(&[0, 4000, 4090]);
    assert_eq!(bench.tally.count(&bench.terminal).lines, 51);
}

#[test]
fn ten_million_matching_lines_cost_less_than_a_megabyte() {
    let mut bench = Bench::new(Arc::new(Pattern::new("t").unwrap()));
    for _ in 0..5 {
        bench.print(100_000, 3);
    }
    bench.finish();
    assert_eq!(bench.tally.count(&bench.terminal).lines, 500_000);
    assert!(bench.tally.memory() < 50_000, "{} bytes for a twentieth of that", bench.tally.memory());
}

#[test]
fn what_comes_next_is_counted_first() {
    let mut bench = Bench::new(Arc::new(Pattern::new("hit").unwrap()));
    bench.print(1_000_000, 400_000);
    let errand = bench.tally.errand(&bench.terminal, near(450_000, true)).expect("nothing is known");
    bench.tally.take(&bench.terminal, &errand.run());
    let sought = bench.tally.next(&bench.terminal, 450_000);
    assert!(matches!(sought, Sought::Unknown(from) if from > 650_000), "{sought:?}");
    let errand = bench.tally.errand(&bench.terminal, near(450_000, false)).expect("the rest is unknown");
    bench.tally.take(&bench.terminal, &errand.run());
    assert_eq!(bench.tally.previous(&bench.terminal, 450_000), Sought::Found(400_000));
}

#[test]
fn an_errand_that_nobody_waits_for_ends_early() {
    let mut bench = Bench::new(Arc::new(Pattern::new("hit").unwrap()));
    bench.print(300_000, 10);
    let errand = bench.tally.errand(&bench.terminal, near(0, true)).expect("nothing is known");
    let Bench { terminal, matcher, .. } = bench;
    let report = errand.run();
    let other = Tally::new(matcher);
    assert!(!other.awaits(&report));
    other.take(&terminal, &report);
    assert_eq!(other.next(&terminal, 0), Sought::Unknown(0), "it counted nothing");
}

#[test]
fn lines_that_were_painted_over_between_two_looks_are_counted_anew() {
    let mut bench = Bench::new(Arc::new(Pattern::new("hit").unwrap()));
    // The first leaf ends a few lines above the screen.
    bench.print(4096 + 25, 5000);
    bench.finish();
    bench.holds(&[0, 4000, 4090]);
    bench.terminal.resize(60, 40);
    feed(&mut bench.terminal, format!("\x1b[50A{}", "\x1b[2Kanother hit\r\n".repeat(50)).as_bytes());
    bench.terminal.resize(20, 40);
    bench.holds(&[0, 4000, 4090]);
    bench.finish();
    bench.holds(&[0, 4000, 4090]);
    assert_eq!(bench.tally.count(&bench.terminal).lines, 51);
}
