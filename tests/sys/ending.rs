//! How processes end, and what is told of it.

use zap::model::{Delivery, Exit};
use zap::sys::News;

use crate::ward::{rogue, start, ward};

#[test]
fn codes_and_signals_are_exact() {
    for code in [0, 1, 7, 42, 127, 128, 255] {
        assert_eq!(rogue(&["exit", &code.to_string()]).exit(), Exit::Code(code));
    }
    for signal in [1, 2, 6, 9, 11, 13, 15, 34, 64] {
        assert_eq!(rogue(&["die", &signal.to_string()]).exit(), Exit::Signal(signal));
    }
}

#[test]
fn two_million_bytes_right_before_the_exit_all_arrive() {
    let job = rogue(&["bytes", "2000000", "7"]);
    assert_eq!(job.exit(), Exit::Code(7));
    let text = job.text();
    assert_eq!(text.len(), 2_000_000);
    assert!(text.lines().all(|line| line.len() == 79 && line.bytes().all(|byte| byte == b'x')));
}

#[test]
fn every_line_right_before_the_exit_arrives_in_order() {
    let text = rogue(&["lines", "20000"]).text();
    assert!(text.lines().enumerate().all(|(at, line)| line == format!("line {}", at + 1)));
    assert_eq!(text.lines().count(), 20_000);
}

#[test]
fn spawned_is_told_before_exited() {
    let jobs: Vec<_> = (0..20).map(|_| start(&["true"])).collect();
    for job in &jobs {
        job.exit();
        ward().wait("both", |board| {
            let of = |wanted: &dyn Fn(&News) -> bool| board.news.iter().position(wanted);
            let spawned = of(&|news| matches!(news, News::Spawned { run, .. } if *run == job.run))?;
            let exited = of(&|news| matches!(news, News::Exited { run, .. } if *run == job.run))?;
            assert!(spawned < exited);
            Some(())
        });
    }
}

#[test]
fn a_stopped_program_hears_a_signal_because_cont_follows_it() {
    let job = rogue(&["stopped"]);
    job.wait_for("stopping");
    job.signal(libc::SIGTERM, Delivery::Leader);
    assert_eq!(job.exit(), Exit::Signal(libc::SIGTERM));
    let job = rogue(&["stopped"]);
    job.wait_for("stopping");
    job.signal(libc::SIGTERM, Delivery::Group);
    assert_eq!(job.exit(), Exit::Signal(libc::SIGTERM));
}

#[test]
fn the_deaf_hear_only_kill() {
    let job = rogue(&["deaf"]);
    job.wait_for("deaf");
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
        job.signal(signal, Delivery::Family);
    }
    job.signal(libc::SIGKILL, Delivery::Group);
    assert_eq!(job.exit(), Exit::Signal(libc::SIGKILL));
}

#[test]
fn a_signal_after_the_end_hits_nobody() {
    let job = rogue(&["exit", "0"]);
    job.exit();
    for delivery in [Delivery::Leader, Delivery::Group, Delivery::Family] {
        job.signal(libc::SIGTERM, delivery);
    }
    assert_eq!(rogue(&["exit", "3"]).exit(), Exit::Code(3));
}

#[test]
fn what_is_printed_after_the_leader_ended_still_arrives() {
    let job = rogue(&["late", "300"]);
    assert_eq!(job.exit(), Exit::Code(0));
    assert_eq!(job.text(), "late\n");
}
