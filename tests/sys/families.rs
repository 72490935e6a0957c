//! Which processes belong to a run, wherever they went.

use zap::model::{Delivery, Exit};
use zap::sys::News;

use crate::ward::{Job, ROGUE, launch, rogue, start_as, unclaimed, ward};

fn members(job: &Job, count: usize) -> Vec<i32> {
    ward().survey_until(job.run, &format!("{count} members"), |family, _| {
        (family.members.len() == count).then(|| family.members.iter().map(|kin| kin.pid).collect())
    })
}

#[test]
fn a_leader_alone_is_a_family_and_then_nobody_is() {
    let job = rogue(&["stay"]);
    assert_eq!(members(&job, 1), [job.pid]);
    job.signal(libc::SIGKILL, Delivery::Leader);
    job.exit();
    assert!(members(&job, 0).is_empty());
}

#[test]
fn an_orphan_in_its_own_session_is_found_by_its_environment_and_ended() {
    let job = rogue(&["orphan"]);
    assert_eq!(job.exit(), Exit::Code(0));
    let orphan = members(&job, 1)[0];
    job.signal(libc::SIGKILL, Delivery::Family);
    members(&job, 0);
    ward().wait("the end of the orphan", |board| {
        board
            .news
            .iter()
            .find(|news| matches!(news, News::StrangerEnded { pid } if *pid == orphan))
            .map(|_| ())
    });
}

#[test]
fn an_orphan_that_keeps_the_terminal_is_found() {
    let job = rogue(&["clinger", "20"]);
    assert_eq!(job.exit(), Exit::Code(0));
    job.wait_for("clinging");
    members(&job, 1);
    job.signal(libc::SIGKILL, Delivery::Family);
    job.all_output();
}

#[test]
fn an_orphan_without_a_mark_is_nobodys_unless_it_was_seen_before() {
    let _alone = unclaimed();
    let job = rogue(&["orphan-bare"]);
    job.exit();
    // A look on behalf of another test may have seen it while it was still its parent's child.
    let orphan = ward().survey_until(job.run, "the orphan", |family, survey| {
        let ours = survey.unclaimed.iter().chain(&family.members).find(|kin| {
            let words = std::fs::read_to_string(format!("/proc/{}/cmdline", kin.pid)).unwrap_or_default();
            words.contains("stay-silent")
        });
        ours.map(|kin| kin.pid)
    });
    ward().nursery.signal_unclaimed(libc::SIGKILL);
    job.signal(libc::SIGKILL, Delivery::Family);
    ward().wait("the end of the orphan", |board| {
        board
            .news
            .iter()
            .find(|news| matches!(news, News::StrangerEnded { pid } if *pid == orphan))
            .map(|_| ())
    });
}

#[test]
fn an_orphan_without_a_mark_is_remembered() {
    let job = start_as(|run| {
        let mut launch = launch(&[ROGUE, "child-session"], run);
        launch.env.retain(|(name, _)| name != "ZAP_MARK");
        launch
    });
    job.wait_for("own session");
    let both = members(&job, 2);
    job.signal(libc::SIGKILL, Delivery::Leader);
    job.exit();
    let left = members(&job, 1);
    assert!(both.contains(&left[0]) && left[0] != job.pid);
    job.signal(libc::SIGTERM, Delivery::Family);
    members(&job, 0);
}

#[test]
fn what_has_ended_does_not_count() {
    let job = rogue(&["zombies", "3"]);
    job.wait_for("zombies");
    assert_eq!(members(&job, 1), [job.pid]);
}

#[test]
fn a_group_is_signalled_also_when_its_leader_is_gone() {
    let job = crate::ward::start(&["sh", "-c", "trap '' HUP; sleep 60 & echo ready; exit 5"]);
    assert_eq!(job.exit(), Exit::Code(5));
    members(&job, 1);
    job.signal(libc::SIGTERM, Delivery::Group);
    members(&job, 0);
}

#[test]
fn kill_catches_those_who_are_born_meanwhile() {
    // More than anybody comes to before he is killed.
    let job = rogue(&["runners", "20", "10000"]);
    job.wait_for("running");
    job.signal(libc::SIGKILL, Delivery::Family);
    members(&job, 0);
    assert!(!job.text().contains("at the end"));
}

#[test]
fn a_large_family_deaf_to_all_else_hears_kill() {
    let job = rogue(&["fork-storm", "40"]);
    job.wait_for("storm");
    members(&job, 41);
    job.signal(libc::SIGTERM, Delivery::Family);
    assert_eq!(members(&job, 41).len(), 41);
    job.signal(libc::SIGKILL, Delivery::Family);
    assert_eq!(job.exit(), Exit::Signal(libc::SIGKILL));
    members(&job, 0);
}

#[test]
fn two_runs_are_not_confused() {
    let (one, two) = (rogue(&["child-session"]), rogue(&["child-session"]));
    one.wait_for("own session");
    two.wait_for("own session");
    let (of_one, of_two) = (members(&one, 2), members(&two, 2));
    assert!(of_one.iter().all(|pid| !of_two.contains(pid)));
    one.signal(libc::SIGKILL, Delivery::Family);
    members(&one, 0);
    assert_eq!(members(&two, 2), of_two);
}

#[test]
fn what_a_run_has_left_behind_is_claimed_until_the_run_is_forgotten() {
    let _alone = unclaimed();
    // `stop.reach = "group"` spares it, also at the end of zap.
    let job = rogue(&["orphan"]);
    assert_eq!(job.exit(), Exit::Code(0));
    let orphan = members(&job, 1);
    job.signal(libc::SIGKILL, Delivery::Group);
    ward().nursery.signal_unclaimed(libc::SIGKILL);
    assert_eq!(members(&job, 1), orphan);
}

#[test]
fn what_is_spared_is_claimed_though_the_run_is_forgotten() {
    let _alone = unclaimed();
    let job = rogue(&["orphan"]);
    assert_eq!(job.exit(), Exit::Code(0));
    let orphan = members(&job, 1);
    ward().nursery.spare(job.run);
    ward().nursery.forget(job.run);
    ward().nursery.signal_unclaimed(libc::SIGKILL);
    assert_eq!(members(&job, 1), orphan);
    job.signal(libc::SIGKILL, Delivery::Family);
    members(&job, 0);
}

#[test]
fn the_group_of_a_leader_that_has_ended_is_still_reached_and_who_left_it_is_not() {
    let script = "trap '' HUP TERM; sleep 1000 & setsid -f sleep 1000; exit 0";
    let job = start_as(|run| launch(&["/bin/sh", "-c", script], run));
    assert_eq!(job.exit(), Exit::Code(0));
    let split = |job: &Job, inside: usize, outside: usize| {
        ward().survey_until(job.run, &format!("{inside} in the group, {outside} not"), |family, _| {
            let (members, others): (Vec<_>, Vec<_>) = family.members.iter().partition(|kin| kin.in_group);
            (members.len() == inside && others.len() == outside)
                .then(|| others.into_iter().map(|kin| kin.pid).collect())
        })
    };
    let left: Vec<i32> = split(&job, 1, 1);
    job.signal(libc::SIGKILL, Delivery::Group);
    assert_eq!(split(&job, 0, 1), left);
    job.signal(libc::SIGKILL, Delivery::Family);
    members(&job, 0);
}
