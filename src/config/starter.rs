//! The text that `zap init` writes. Not: the writing.

/// A short `systems.toml` that is valid, runs, and teaches.
pub const STARTER: &str = include_str!("starter.toml");
