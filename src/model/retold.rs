//! What happened as a sentence, for a log. Not: why something is as it is (`why`).

use std::fmt;
use std::time::Duration;

use crate::model::{RecordKind, span, why};

impl fmt::Display for RecordKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { pid } => write!(out, "started, pid {pid}"),
            Self::Up => out.write_str("up"),
            Self::NotStarted { why } => write!(out, "not started: {why}"),
            Self::Stopping { why } => write!(out, "told to end: {why}"),
            Self::Exited { exit, told: true, .. } => write!(out, "ended by zap, {}", why::exit(*exit)),
            Self::Exited { exit, expected: true, .. } => {
                write!(out, "ended as expected, {}", why::exit(*exit))
            }
            Self::Exited { exit, expected: false, .. } => write!(out, "ended, {}", why::exit(*exit)),
            Self::Closed => out.write_str("closed, nothing of it is left"),
            Self::Retry { attempt, in_ms } => {
                if let Some(attempt) = attempt {
                    write!(out, "failed start {attempt}, ")?;
                }
                match in_ms {
                    0 => out.write_str("starts again at once"),
                    ms => write!(out, "starts again in {}", span::exactly(Duration::from_millis(*ms))),
                }
            }
            Self::Failed { why } => write!(out, "failed: {why}"),
            Self::Done => out.write_str("done"),
            Self::Step { name, code: None } => write!(out, "step {name} began"),
            Self::Step { name, code: Some(code) } => write!(out, "step {name} ended, exit {code}"),
            Self::Left { count } => write!(out, "processes that nothing could end: {count}"),
            Self::Ready => out.write_str("ready"),
            Self::Unready { why } => write!(out, "no longer ready: {why}"),
            Self::Stopped => out.write_str("stopped"),
            Self::Held { why, in_ms: None } => write!(out, "held until a person starts it: {why}"),
            Self::Held { why, in_ms: Some(ms) } => {
                write!(out, "held for {}: {why}", span::in_words(Duration::from_millis(*ms)))
            }
            Self::Hook { kind, what } => write!(out, "{} {what}", kind.name()),
            Self::Probe { what } | Self::Command { what } | Self::Reload { what } | Self::Zap { what } => {
                out.write_str(what)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Exit;

    #[test]
    fn what_happened_reads_as_a_sentence() {
        for (kind, told) in [
            (RecordKind::Started { pid: 3211 }, "started, pid 3211"),
            (
                RecordKind::Exited { exit: Exit::Signal(9), expected: false, told: false },
                "ended, signal KILL",
            ),
            (
                RecordKind::Exited { exit: Exit::Signal(15), expected: true, told: true },
                "ended by zap, signal TERM",
            ),
            (RecordKind::Retry { attempt: Some(2), in_ms: 1_500 }, "failed start 2, starts again in 1.5s"),
            (RecordKind::Retry { attempt: None, in_ms: 0 }, "starts again at once"),
        ] {
            assert_eq!(kind.to_string(), told);
        }
    }
}
