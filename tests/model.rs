//! Scripted and random histories of the supervisor.

#![expect(clippy::unwrap_used, reason = "these files are tests throughout, also outside `#[test]`")]

#[path = "model/cases.rs"]
mod cases;
#[path = "model/details.rs"]
mod details;
#[path = "model/life.rs"]
mod life;
#[path = "model/many.rs"]
mod many;
#[path = "model/needs.rs"]
mod needs;
#[path = "model/plans.rs"]
mod plans;
#[path = "model/probes.rs"]
mod probes;
#[path = "model/random.rs"]
mod random;
#[path = "model/reload.rs"]
mod reload;
#[path = "model/sim.rs"]
mod sim;
#[path = "model/subject.rs"]
mod subject;
#[path = "model/transitions.rs"]
mod transitions;
#[path = "model/walls.rs"]
mod walls;
