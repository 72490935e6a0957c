//! The arguments: what may be typed, and the help that tells it.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// A full-screen supervisor for a developer's terminal.
#[derive(Debug, Parser)]
#[command(name = "zap", version, about, long_about = None, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) run: RunArgs,

    #[command(flatten)]
    pub(crate) global: GlobalArgs,

    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

/// What is to be run, and how it is watched.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// Systems and jobs to run; none: every system that starts by itself
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,

    /// No screen: print lines prefixed with the job's name, end when nothing is left to do
    #[arg(long)]
    pub(crate) no_tui: bool,

    /// With --no-tui: end when this job does, with its exit code
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) until: Option<String>,
}

/// What every verb understands.
#[derive(Debug, clap::Args)]
pub(crate) struct GlobalArgs {
    /// The file to use instead of the nearest systems.toml
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(crate) file: Option<PathBuf>,

    /// Colours in what is printed
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(crate) color: When,
}

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Where it goes to a terminal and `NO_COLOR` is not set
    Auto,
    /// In any case
    Always,
    /// In no case
    Never,
}

/// A word that says what to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run targets (for a system that is named like a verb)
    Run(RunArgs),
    /// Read the file and tell every problem in it; start nothing
    Check {
        /// The file; none: the one that zap would use
        #[arg(value_name = "FILE")]
        path: Option<PathBuf>,
    },
    /// Write a commented systems.toml to begin with
    Init,
}

const EXAMPLES: &str = "\
Examples:
  zap                     run every system that starts by itself, and watch
  zap dev                 run one system
  zap dev/web tools       run one job (with what it needs) and one system
  zap --no-tui test       run it in a script or in CI
  zap check               is the file good?

The keys of the screen: press ? in it.";

/// The verbs that work.
pub(crate) const VERBS: &[&str] = &["run", "check", "init"];

/// Verbs that the documentation of zap promises and that do not work yet: an unknown word that is one of them is told so.
pub(crate) const LATER: &[&str] = &[
    "attach",
    "status",
    "ps",
    "upgrade",
    "start",
    "stop",
    "restart",
    "kill",
    "signal",
    "reload",
    "shutdown",
    "logs",
    "runs",
    "events",
    "wait",
    "send",
    "why",
    "shell",
    "config",
    "completions",
    "clean",
    "fixups",
];

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_table_of_arguments_is_sound() {
        Args::command().debug_assert();
        let verbs: Vec<String> =
            Args::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
        assert_eq!(verbs, VERBS);
    }

    #[test]
    fn words_are_targets_unless_they_are_verbs() {
        let args = Args::parse_from(["zap", "dev", "tools"]);
        assert_eq!((args.run.targets.len(), args.verb.is_none()), (2, true));
        let args = Args::parse_from(["zap", "-f", "x.toml", "check"]);
        assert!(matches!(args.verb, Some(Verb::Check { path: None })));
        assert_eq!(args.global.file, Some("x.toml".into()));
        let args = Args::parse_from(["zap", "run", "check", "--no-tui"]);
        let Some(Verb::Run(run)) = args.verb else { panic!("run is a verb") };
        assert_eq!((run.targets, run.no_tui), (vec!["check".to_owned()], true));
    }
}
