//! What the processes of runs use of the machine.

use zap::model::{Delivery, RunId, Usage};
use zap::sys::News;

use crate::ward::{Job, rogue, start, ward};

fn measured(runs: &[RunId]) -> Vec<(RunId, Usage)> {
    let ward = ward();
    let before = ward.wait("the board", |board| Some(board.news.len()));
    ward.nursery.measure(runs.to_vec());
    ward.wait("a measurement", |board| {
        board.news[before..].iter().find_map(|news| match news {
            News::Measured(all) if runs.iter().all(|run| all.iter().any(|(of, _)| of == run)) => {
                Some(all.iter().filter(|(of, _)| runs.contains(of)).copied().collect())
            }
            _ => None,
        })
    })
}

/// Measures until it is as wished.
#[track_caller]
fn until(job: &Job, what: &str, wished: impl Fn(&Usage) -> bool) -> Usage {
    let mut last = Usage::default();
    for _ in 0..3000 {
        last = measured(&[job.run])[0].1;
        if wished(&last) {
            return last;
        }
        nix::poll::poll(&mut [], 10_u16).unwrap();
    }
    panic!("waited in vain for {what}; it is {last:?}");
}

#[test]
fn a_run_uses_what_its_children_and_grandchildren_use() {
    let job = rogue(&["glutton", "50000000"]);
    job.wait_for("holding 50000000");
    // However many others want the processors too.
    let usage = until(&job, "a burning child", |usage| usage.cpu.is_some_and(|cpu| cpu > 20));
    assert_eq!(usage.processes, 3);
    assert!((50_000_000..90_000_000).contains(&usage.memory), "{usage:?}");
    let processors = std::thread::available_parallelism().unwrap().get() as u32;
    assert!(usage.cpu.unwrap() <= processors * 1000, "{usage:?}");
}

#[test]
fn children_that_are_gone_when_it_is_measured_count_too() {
    let line = "while :; do sh -c 'i=0; while test $i -lt 20000; do i=$((i+1)); done'; done";
    let job = start(&["sh", "-c", line]);
    until(&job, "work of short lives", |usage| usage.cpu.is_some_and(|cpu| cpu > 20));
}

#[test]
fn who_sleeps_uses_memory_and_no_processor_and_who_has_ended_nothing() {
    let (idle, ended) = (rogue(&["stay"]), rogue(&["exit", "0"]));
    ended.exit();
    // Its beginning is past.
    let usage = until(&idle, "rest", |usage| usage.cpu == Some(0));
    assert_eq!(usage.processes, 1);
    assert!((100_000..50_000_000).contains(&usage.memory), "{usage:?}");
    let both = measured(&[idle.run, ended.run]);
    assert_eq!(both.iter().filter(|(run, usage)| *run == ended.run && usage.processes == 0).count(), 1);
    idle.signal(libc::SIGKILL, Delivery::Leader);
    idle.exit();
    assert_eq!(measured(&[idle.run])[0].1.memory, 0);
}
