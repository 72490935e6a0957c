//! Good and bad files, each with its messages as a snapshot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "config/bad.rs"]
mod bad;
#[path = "config/diff.rs"]
mod diff;
#[path = "config/env_files.rs"]
mod env_files;
#[path = "config/find.rs"]
mod find;
#[path = "config/good.rs"]
mod good;
#[path = "config/keys.rs"]
mod keys;
#[path = "config/project.rs"]
mod project;
#[path = "config/random.rs"]
mod random;
#[path = "config/time.rs"]
mod time;
