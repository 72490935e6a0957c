//! The arguments: what may be typed, and the help that tells it.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand, ValueEnum};

use crate::wire::Kind;

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
    /// How the jobs of a running zap are: one line each
    Status(AskArgs),
    /// Start systems, jobs or instances, and what they need
    Start(DoArgs),
    /// Stop them, and keep them down until started
    Stop(DoArgs),
    /// End them and start them again
    Restart(RestartArgs),
    /// Kill them at once, and keep them down until started
    Kill(DoArgs),
    /// Send a signal to their process groups
    Signal {
        /// TERM, SIGHUP, usr1, 10
        #[arg(value_parser = signal)]
        signal: i32,
        #[command(flatten)]
        ask: SomeArgs,
    },
    /// Read the file again; print what is added, removed, changed and kept
    Reload {
        /// Only print it
        #[arg(long)]
        dry_run: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Stop everything, then zap
    Shutdown {
        /// Print JSON, one object a line
        #[arg(long)]
        json: bool,
    },
    /// Wait until they have come to something: exit 0, or 1 if that takes too long or can no longer be
    Wait(WaitArgs),
    /// Why they are, or are not, running: the chain of causes
    Why(SomeArgs),
    /// What happened
    Events(EventsArgs),
    /// Read the file and tell every problem in it; start nothing
    Check {
        /// The file; none: the one that zap would use
        #[arg(value_name = "FILE")]
        path: Option<PathBuf>,
    },
    /// Write a commented systems.toml to begin with
    Init,
}

/// Which jobs are asked about.
#[derive(Debug, clap::Args)]
pub(crate) struct AskArgs {
    /// Systems, jobs or instances; none: all
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which jobs are meant: some at least.
#[derive(Debug, clap::Args)]
pub(crate) struct SomeArgs {
    /// Systems, jobs or instances: `dev`, `dev/web`, `web`, `web#2`, `@label`
    #[arg(value_name = "TARGET", required = true)]
    pub(crate) targets: Vec<String>,

    /// Print JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is to be done to whom.
#[derive(Debug, clap::Args)]
pub(crate) struct DoArgs {
    #[command(flatten)]
    pub(crate) some: SomeArgs,

    /// Return only when it has come about: ready (or done, if it is meant to end), or stopped
    #[arg(long)]
    pub(crate) wait: bool,

    /// With --wait: how long it may take, 30s or 1h30m; none: until it can no longer be
    #[arg(long, value_name = "TIME", value_parser = patience, requires = "wait")]
    pub(crate) timeout: Option<Duration>,
}

/// What is to be restarted.
#[derive(Debug, clap::Args)]
pub(crate) struct RestartArgs {
    /// Systems, jobs or instances: `dev`, `dev/web`, `web`, `web#2`, `@label`
    #[arg(value_name = "TARGET", required_unless_present = "failed", conflicts_with = "failed")]
    pub(crate) targets: Vec<String>,

    /// All that has failed
    #[arg(long)]
    pub(crate) failed: bool,

    /// Return only when it is ready, or done if it is meant to end
    #[arg(long)]
    pub(crate) wait: bool,

    /// With --wait: how long it may take, 30s or 1h30m; none: until it can no longer be
    #[arg(long, value_name = "TIME", value_parser = patience, requires = "wait")]
    pub(crate) timeout: Option<Duration>,

    /// Print JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is waited for.
#[derive(Debug, clap::Args)]
pub(crate) struct WaitArgs {
    /// Systems, jobs or instances: all of them must come to it
    #[arg(value_name = "TARGET", required = true)]
    pub(crate) targets: Vec<String>,

    /// What they are to come to
    #[arg(long, value_name = "WHAT")]
    pub(crate) until: Until,

    /// How long it may take: 30s, 1h30m; none: for ever
    #[arg(long, value_name = "TIME", value_parser = patience)]
    pub(crate) timeout: Option<Duration>,
}

/// `--until` of `zap wait`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Until {
    /// Up: alive for start-secs
    Running,
    /// Up, and its probe has answered
    Ready,
    /// Ended as expected
    Done,
    /// Nothing of it runs
    Stopped,
}

/// Which events are wanted.
#[derive(Debug, clap::Args)]
pub(crate) struct EventsArgs {
    /// Those to come too, until zap ends
    #[arg(short, long)]
    pub(crate) follow: bool,

    /// The file to use instead of the nearest systems.toml; here `-f` means --follow
    // In the place of the argument of the same name in `GlobalArgs`, which gets its value.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// Of this system, job or instance; may be given several times
    #[arg(long = "job", value_name = "ADDRESS")]
    pub(crate) jobs: Vec<String>,

    /// Of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.map(|(_, word)| word)))]
    pub(crate) kinds: Vec<String>,

    /// Print JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

fn signal(text: &str) -> Result<i32, String> {
    crate::config::signal::typed(text)
        .ok_or_else(|| "no such signal; for example TERM, INT, HUP or USR1".to_owned())
}

/// A number alone means seconds.
fn patience(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text)
            .map_err(|_| "a time is a number and its unit, for example 500ms, 30s or 1h30m".to_owned()),
    }
}

const EXAMPLES: &str = "\
Examples:
  zap                     run every system that starts by itself, and watch
  zap dev                 run one system
  zap dev/web tools       run one job (with what it needs) and one system
  zap --no-tui test       run it in a script or in CI
  zap check               is the file good?
  zap status              how are the jobs of the zap that runs?
  zap restart web --wait  restart one of them, and wait until it is ready
  zap why web             why does it not run?

The keys of the screen: press ? in it.";

/// The verbs that work.
pub(crate) const VERBS: &[&str] = &[
    "run", "status", "start", "stop", "restart", "kill", "signal", "reload", "shutdown", "wait", "why",
    "events", "check", "init",
];

/// Verbs that the documentation of zap promises and that do not work yet: an unknown word that is one of them is told so.
pub(crate) const LATER: &[&str] =
    &["attach", "ps", "upgrade", "logs", "runs", "send", "shell", "config", "completions", "clean", "fixups"];

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
        for words in [
            &["zap", "--file", "x.toml", "events", "-f"][..],
            &["zap", "events", "-f", "--file", "x.toml"],
            &["zap", "-f", "x.toml", "events", "--follow"],
        ] {
            let args = Args::parse_from(words);
            assert_eq!(args.global.file, Some("x.toml".into()), "{words:?}");
            assert!(matches!(args.verb, Some(Verb::Events(EventsArgs { follow: true, .. }))), "{words:?}");
        }
        let args = Args::parse_from(["zap", "run", "check", "--no-tui"]);
        let Some(Verb::Run(run)) = args.verb else { panic!("run is a verb") };
        assert_eq!((run.targets, run.no_tui), (vec!["check".to_owned()], true));
    }
}
