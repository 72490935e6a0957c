//! What one looked at goes, and new things come: the selection stays on something, and nothing stays open about nothing.

use zap::model::{InstanceId, InstanceView, State, View};
use zap::ui::{Request, Terminals};

use crate::build::{Eye, job, lines, running, supervised, system};

fn selected(eye: &mut Eye) -> String {
    let frame = eye.frame();
    let row = frame.lines().find(|line| line.starts_with('▌')).expect("a row is selected").to_owned();
    row.chars().skip(3).take(17).collect::<String>().trim().to_owned()
}

fn remove(eye: &mut Eye, address: &str) {
    for system in &mut eye.view.systems {
        system.jobs.retain(|job| job.address != address);
    }
}

/// Three systems of five jobs each: `a1` to `c5`.
fn fifteen() -> View {
    let systems = ["a", "b", "c"].iter().zip(0..).map(|(name, at)| {
        let jobs = (1..=5).map(|n| job(at * 5 + n, name, &format!("{name}{n}"), State::Running, 60));
        system(name, jobs.collect())
    });
    View { systems: systems.collect(), quitting: None, problem: None }
}

fn new(id: u32, name: &str) -> InstanceView {
    job(id, "a", name, State::Running, 1)
}

#[test]
fn the_next_job_takes_the_place_of_one_that_is_gone_then_the_one_before_then_the_system() {
    let mut eye = Eye::new(120, 24, fifteen(), Terminals::new());
    eye.press("9");
    assert_eq!(selected(&mut eye), "● b4");
    remove(&mut eye, "b/b4");
    assert_eq!(selected(&mut eye), "● b5");
    remove(&mut eye, "b/b5");
    assert_eq!(selected(&mut eye), "● b3", "and not the first one of the next system");
    eye.view.systems[1].jobs.clear();
    assert_eq!(selected(&mut eye), "b");
    eye.view.systems.remove(1);
    assert_eq!(selected(&mut eye), "c");
    eye.view.systems.remove(1);
    assert_eq!(selected(&mut eye), "● a5", "the row before, when nothing follows");
}

#[test]
fn a_neighbour_is_found_while_rows_come_above() {
    let mut eye = Eye::new(120, 40, fifteen(), Terminals::new());
    eye.press("9");
    remove(&mut eye, "b/b4");
    eye.view.systems[0].jobs.splice(0..0, (0..6).map(|n| new(100 + n, &format!("new{n}"))));
    assert_eq!(selected(&mut eye), "● b5");
}

#[test]
fn a_system_that_vanishes_with_the_selection_hands_it_on() {
    let mut eye = Eye::new(120, 24, fifteen(), Terminals::new());
    eye.press("9");
    eye.view.systems.remove(1);
    assert_eq!(selected(&mut eye), "c");
}

#[test]
fn jobs_that_change_their_order_keep_the_selection() {
    let mut eye = Eye::new(120, 24, fifteen(), Terminals::new());
    eye.press("9");
    eye.view.systems.reverse();
    eye.view.systems[1].jobs.reverse();
    assert_eq!(selected(&mut eye), "● b4");
}

#[test]
fn what_comes_above_does_not_move_what_one_looks_at() {
    let mut view = fifteen();
    view.systems[2].jobs.extend((0..40).map(|n| job(200 + n, "c", &format!("more{n}"), State::Running, 60)));
    let mut eye = Eye::new(120, 24, view, Terminals::new());
    eye.press("G k k");
    let tree = |eye: &mut Eye| -> Vec<String> {
        eye.frame().lines().skip(1).take(21).map(|line| line.chars().take(40).collect()).collect()
    };
    let before = tree(&mut eye);
    eye.view.systems[0].jobs.splice(0..0, (0..6).map(|n| new(100 + n, &format!("new{n}"))));
    assert_eq!(tree(&mut eye), before);
    eye.view.systems[0].jobs.drain(0..9);
    assert_eq!(tree(&mut eye), before);
}

#[test]
fn why_and_details_of_what_is_gone_close() {
    let mut eye = Eye::new(120, 24, supervised(), Terminals::new());
    eye.press("7 w");
    assert!(eye.frame().contains("┌ why dev/report"));
    remove(&mut eye, "dev/report");
    assert!(!eye.frame().contains("┌ why"));
    eye.press("2 i");
    assert_eq!(eye.ui.detailed(), Some(InstanceId(3)));
    remove(&mut eye, "dev/api");
    eye.frame();
    assert_eq!(eye.ui.detailed(), None);
    eye.press("G g w");
    eye.view.systems.remove(0);
    assert!(!eye.frame().contains("┌ why"));
}

#[test]
fn a_link_that_is_gone_is_no_longer_selected() {
    let mut eye = Eye::new(120, 24, supervised(), Terminals::new());
    eye.press("7 w k");
    remove(&mut eye, "dev/migrate");
    eye.press("Enter");
    assert_eq!(selected(&mut eye), "… worker", "the chain is shorter by now");
}

#[test]
fn who_reads_the_output_of_a_job_that_goes_is_back_in_the_tree() {
    let mut eye = Eye::new(120, 24, supervised(), Terminals::new());
    eye.press("2 Enter");
    remove(&mut eye, "dev/api");
    let frame = eye.frame();
    assert!(frame.contains("dev/api is gone: the file no longer has it"), "{frame}");
    assert_eq!(selected(&mut eye), "● web#1");
}

#[test]
fn a_search_in_a_job_that_goes_ends_and_leaves_its_neighbour_alone() {
    let mut terminals = Terminals::new();
    terminals.insert(InstanceId(3), running(&lines(100, |n| format!("line {n}"))));
    terminals.insert(InstanceId(4), running(&lines(100, |n| format!("other {n}"))));
    let mut eye = Eye::new(120, 24, supervised(), terminals);
    eye.press("2 Tab k k /");
    eye.write("line");
    remove(&mut eye, "dev/api");
    let frame = eye.frame();
    assert!(!frame.contains("/line") && frame.contains("following"), "{frame}");
    eye.press("Esc");
    assert!(eye.frame().contains("following"));
}

#[test]
fn keys_that_were_meant_for_a_job_that_goes_reach_no_other() {
    let mut terminals = Terminals::new();
    terminals.insert(InstanceId(3), running(""));
    terminals.insert(InstanceId(4), running(""));
    let mut eye = Eye::new(120, 24, supervised(), terminals);
    eye.press("2 Tab i");
    assert!(eye.frame().contains("keys go to dev/api"));
    remove(&mut eye, "dev/api");
    assert!(!eye.frame().contains("keys go to"));
    let typed = |requests: Vec<Request>| {
        requests.iter().any(|request| matches!(request, Request::Command(zap::model::Command::Type { .. })))
    };
    assert!(!typed(eye.press("a b")));
}

#[test]
fn marks_of_what_is_gone_are_dropped() {
    let mut eye = Eye::new(120, 24, fifteen(), Terminals::new());
    eye.press("1 Space Space");
    remove(&mut eye, "a/a1");
    assert!(eye.frame().contains("1 job marked"));
}

#[test]
fn a_whole_system_can_be_marked() {
    use zap::model::{Command, Target};
    let mut eye = Eye::new(120, 24, fifteen(), Terminals::new());
    eye.press("g Space 9 Space");
    let marked = [1, 2, 3, 4, 5, 9].map(|id| Target::Instance(InstanceId(id))).to_vec();
    assert_eq!(eye.press("r"), vec![Request::Command(Command::Restart(marked))]);
}
