//! Scripted and random histories of the supervisor.
