//! Scripted and random histories of the supervisor.

#[path = "model/cases.rs"]
mod cases;
#[path = "model/plans.rs"]
mod plans;
#[path = "model/random.rs"]
mod random;
#[path = "model/sim.rs"]
mod sim;
