//! The facilities of the kernel, each against the real kernel.

#![expect(clippy::unwrap_used, reason = "what a test cannot do fails it")]

#[path = "sys/adopting.rs"]
mod adopting;
#[path = "sys/ending.rs"]
mod ending;
#[path = "sys/families.rs"]
mod families;
#[path = "sys/places.rs"]
mod places;
#[path = "sys/probes.rs"]
mod probes;
#[path = "sys/screen.rs"]
mod screen;
#[path = "sys/starting.rs"]
mod starting;
#[path = "sys/stats.rs"]
mod stats;
#[path = "sys/steps.rs"]
mod steps;
#[path = "sys/steps_far.rs"]
mod steps_far;
#[path = "sys/streams.rs"]
mod streams;
#[path = "sys/terminals.rs"]
mod terminals;
#[path = "sys/users.rs"]
mod users;
#[path = "sys/ward.rs"]
mod ward;
#[path = "sys/watching.rs"]
mod watching;
