//! Good and bad files, each with its messages as a snapshot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "config/bad.rs"]
mod bad;
#[path = "config/find.rs"]
mod find;
#[path = "config/good.rs"]
mod good;
#[path = "config/project.rs"]
mod project;
#[path = "config/random.rs"]
mod random;
