//! The real binary in a real PTY, its screen read through vt100: one file for each feature.

#![expect(clippy::disallowed_methods, reason = "a test waits by the clock and runs programs itself")]

#[path = "e2e/host.rs"]
mod host;

#[path = "e2e/away.rs"]
mod away;
#[path = "e2e/basics.rs"]
mod basics;
#[path = "e2e/beside.rs"]
mod beside;
#[path = "e2e/container.rs"]
mod container;
#[path = "e2e/events.rs"]
mod events;
#[path = "e2e/history.rs"]
mod history;
#[path = "e2e/hooks.rs"]
mod hooks;
#[path = "e2e/hostile.rs"]
mod hostile;
#[path = "e2e/interactive.rs"]
mod interactive;
#[path = "e2e/keys.rs"]
mod keys;
#[path = "e2e/launch.rs"]
mod launch;
#[path = "e2e/leave.rs"]
mod leave;
#[path = "e2e/limits.rs"]
mod limits;
#[path = "e2e/look.rs"]
mod look;
#[path = "e2e/needs.rs"]
mod needs;
#[path = "e2e/no_tui.rs"]
mod no_tui;
#[path = "e2e/on_change.rs"]
mod on_change;
#[path = "e2e/outer.rs"]
mod outer;
#[path = "e2e/pager.rs"]
mod pager;
#[path = "e2e/picture.rs"]
mod picture;
#[path = "e2e/pid_file.rs"]
mod pid_file;
#[path = "e2e/policy.rs"]
mod policy;
#[path = "e2e/probes.rs"]
mod probes;
#[path = "e2e/reload.rs"]
mod reload;
#[path = "e2e/restart.rs"]
mod restart;
#[path = "e2e/schedule.rs"]
mod schedule;
#[path = "e2e/search.rs"]
mod search;
#[path = "e2e/sshd.rs"]
mod sshd;
#[path = "e2e/stack.rs"]
mod stack;
#[path = "e2e/steps.rs"]
mod steps;
#[path = "e2e/stop.rs"]
mod stop;
#[path = "e2e/streams.rs"]
mod streams;
#[path = "e2e/verbs.rs"]
mod verbs;
#[path = "e2e/versions.rs"]
mod versions;
#[path = "e2e/watch.rs"]
mod watch;
