//! 1,000 jobs, in a chain and side by side: they start, are read anew and stop. Not: how long that takes (`benches/model.rs`).

use zap::config::{Job, Plan};
use zap::model::{Command, Goal, InstanceId, Prospect, Roots, State, Target};

use crate::cases::start_all;
use crate::plans::{job, ms, needing, plan, supervisor};
use crate::reload::{anew, reload};
use crate::sim::Sim;

const MANY: usize = 1_000;

fn quick(index: usize) -> Job {
    Job { start_secs: ms(0), ..job(&format!("j{index}")) }
}

fn flat() -> Vec<Job> {
    (0..MANY).map(quick).collect()
}

fn chain() -> Vec<Job> {
    let linked = |index: usize| match index {
        0 => quick(0),
        _ => needing(&[&format!("j{}", index - 1)], quick(index)),
    };
    (0..MANY).map(linked).collect()
}

fn count(sim: &Sim, state: State) -> usize {
    sim.states().into_iter().filter(|one| *one == state).count()
}

fn pids(sim: &Sim) -> Vec<Option<i32>> {
    sim.view().systems[0].jobs.iter().map(|job| job.run.and_then(|run| run.pid)).collect()
}

fn started(plan: Plan) -> Sim {
    let mut sim = Sim::new(supervisor(plan), 1);
    start_all(&mut sim);
    sim.run_for(MANY as u64 * 20);
    assert_eq!(count(&sim, State::Running), MANY);
    sim
}

#[test]
fn a_thousand_jobs_side_by_side_start_are_read_anew_and_stop() {
    let mut sim = started(plan(flat()));
    let before = pids(&sim);
    let mut jobs = flat();
    jobs[500] = anew(jobs[500].clone());
    reload(&mut sim, plan(jobs));
    sim.run_for(2_000);
    let changed = pids(&sim).iter().zip(&before).filter(|(new, old)| new != old).count();
    assert_eq!((changed, count(&sim, State::Running)), (1, MANY));
    sim.command(Command::Stop(vec![Target::System("dev".to_owned())]));
    sim.run_for(2_000);
    assert_eq!(count(&sim, State::Stopped), MANY);
    sim.command(Command::Quit);
    assert!(sim.finished.is_some());
}

#[test]
fn a_thousand_jobs_in_a_chain_start_in_order_are_read_anew_and_stop_in_order() {
    let mut sim = started(plan(chain()));
    let began =
        sim.view().systems[0].jobs.iter().map(|job| job.run.unwrap().started.mono).collect::<Vec<_>>();
    assert!(began.is_sorted());
    let before = pids(&sim);
    let mut jobs = chain();
    jobs[990] = anew(jobs[990].clone());
    reload(&mut sim, plan(jobs));
    sim.run_for(20_000);
    let changed = pids(&sim).iter().zip(&before).filter(|(new, old)| new != old).count();
    assert_eq!((changed, count(&sim, State::Running)), (10, MANY), "it and those that need it");
    sim.command(Command::Quit);
    sim.run_for(60_000);
    assert!(sim.finished.is_some());
    let ended =
        sim.view().systems[0].jobs.iter().map(|job| job.run.unwrap().ended.unwrap().mono).collect::<Vec<_>>();
    assert!(ended.iter().rev().is_sorted());
}

#[test]
fn a_thousand_who_wait_tell_their_reasons_in_few_words() {
    let mut sim = Sim::new(supervisor(plan(chain())), 1);
    sim.habits(0, &[crate::sim::Habit::Tardy(1_000_000)]);
    start_all(&mut sim);
    let view = sim.view();
    let jobs = &view.systems[0].jobs;
    assert!(jobs.iter().map(|job| job.why.len()).sum::<usize>() < MANY * 80);
    assert_eq!(jobs[999].why, "waiting for dev/j998, which waits for dev/j0 to be up");
    assert_eq!(jobs[999].blocked_by, Some(InstanceId(998)));
}

#[test]
fn a_thousand_instances_of_a_job_come_and_go_by_number() {
    let many = |numprocs| plan(vec![Job { numprocs, ..quick(0) }, needing(&["j0"], quick(1))]);
    let mut sim = Sim::new(supervisor(many(MANY as u32)), 1);
    start_all(&mut sim);
    sim.run_for(5_000);
    assert_eq!(count(&sim, State::Running), MANY + 1);
    let run = sim.view().systems[0].jobs[0].run;
    reload(&mut sim, many(1));
    sim.run_for(5_000);
    assert_eq!(sim.states(), [State::Running; 2]);
    assert_eq!((sim.view().systems[0].jobs[0].run, sim.forgotten.len()), (run, MANY - 1));
}

#[test]
fn whom_a_thousand_wait_for_in_the_end_is_known_in_whatever_order_they_stand() {
    let prospects = |jobs: Vec<Job>, failing: &str| {
        let first = jobs.iter().position(|job| job.name == failing).unwrap();
        let mut sim = Sim::new(supervisor(plan(jobs)), 1);
        sim.habits(u32::try_from(first).unwrap(), &[crate::sim::Habit::Exits(10, 3)]);
        start_all(&mut sim);
        let at = |sim: &Sim| {
            let view = sim.view();
            let roots = Roots::of_all(&view);
            view.instances().map(|job| Goal::Ready.prospect(job, &roots)).collect::<Vec<_>>()
        };
        let before = at(&sim);
        sim.run_for(1_000);
        (before, at(&sim))
    };
    let limping = |mut jobs: Vec<Job>| {
        jobs[0].start_secs = ms(1_000);
        jobs
    };
    let backwards = || limping(chain()).into_iter().rev().collect();
    for jobs in [limping(chain()), backwards()] {
        let (before, after) = prospects(jobs, "j0");
        assert!(before.iter().all(|prospect| *prospect == Prospect::Open));
        assert!(after.iter().all(|prospect| matches!(prospect, Prospect::Never(_))), "{:?}", after[500]);
    }
}
