//! Makes the complete `Launch` of a run: argument vector, environment, folder. Not: making a process of it (`sys`).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{self, PidFile, Plan, Stream, StreamFile, Subject, Work};
use crate::model::{Audience, HookKind, Launch, Nonce, RunId, Size, script};

/// What the supervisor cannot know by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// A secret from which the nonces of step marks are derived.
    pub seed: u64,
    /// The socket of this zap: `ZAP_SOCKET`.
    pub socket: PathBuf,
}

/// What all launches share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ground {
    environment: Arc<BTreeMap<OsString, OsString>>,
    pub(super) surroundings: Surroundings,
}

/// Whose launch it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'a> {
    /// `ZAP_SYSTEM`.
    pub(super) system: &'a str,
    /// `ZAP_JOB`.
    pub(super) job: &'a str,
    /// What it runs, and in which surroundings.
    pub(super) launch: &'a config::Launch,
    /// `ZAP_INSTANCE`.
    pub(super) instance: u32,
    /// `ZAP_RUN`: its number among the runs of the instance, also those of earlier lives of zap.
    pub(super) run: u32,
    /// The size of its terminal.
    pub(super) size: Size,
}

/// Before a line for a POSIX shell: else TERM to the group ends the shell first, the kernel hangs up its foreground child, and
/// the child has no grace. With it the shell outlives the child, the next command does not run, and the status is still the
/// signal's (terminal.md, PTYs on Linux; tried with dash and bash). On the same line, so that line numbers stay true.
///
/// HUP is left alone: when zap dies the kernel hangs up the leader of the session only, and the others when the leader has
/// ended. A shell that outlived it would wait for its child for ever.
const OUTLIVE: &str = "trap 'trap - TERM; kill -TERM $$' TERM; trap 'trap - INT; kill -INT $$' INT; \
                       trap 'trap - QUIT; kill -QUIT $$' QUIT; ";

/// By this, and by the socket, the processes of a run are known: the number of a run belongs to its instance alone, and a hook has
/// that of the run it serves.
const MARK: &str = "ZAP_MARK";

const POSIX_SHELLS: [&str; 10] =
    ["sh", "dash", "bash", "ksh", "ksh93", "mksh", "zsh", "ash", "yash", "busybox"];

impl Ground {
    /// What all launches of this plan share.
    pub(super) fn new(plan: &Plan, surroundings: Surroundings) -> Self {
        Self { environment: Arc::clone(&plan.environment), surroundings }
    }

    /// The launch of a job.
    pub(super) fn launch(&self, owner: Owner<'_>, run: RunId) -> Launch {
        let nonce = self.nonce(run);
        let (argv, nonce) = match &owner.launch.work {
            Work::Exec(argv) => (argv.iter().map(OsString::from).collect(), None),
            Work::Shell { shell, line } => (shell_argv(shell, line), None),
            Work::Steps { shell, session, steps } => {
                (script::argv(shell, session.as_ref(), steps, nonce), Some(nonce))
            }
        };
        let heard = matches!(owner.launch.subject, Subject::Container(_));
        Launch { heard, ..self.complete(owner, run, argv, nonce) }
    }

    /// Where the pid of a run has to stand.
    pub(super) fn pid_file(&self, owner: Owner<'_>, file: &PidFile) -> PathBuf {
        let runtime = self.surroundings.socket.parent().unwrap_or(Path::new("/"));
        pid_file(runtime, owner.system, owner.job, owner.instance, file)
    }

    /// The launch of a command that belongs to a job: in the surroundings of the job.
    pub(super) fn hook(&self, owner: Owner<'_>, run: RunId, kind: HookKind, command: &[String]) -> Launch {
        let argv = command.iter().map(OsString::from).collect();
        // The files are for what the job itself prints.
        let (stdout, stderr) = (Stream::Terminal, Stream::Terminal);
        let heard = kind.audience() == Audience::Heard;
        Launch { stdout, stderr, heard, ..self.complete(owner, run, argv, None) }
    }

    fn complete(&self, owner: Owner<'_>, run: RunId, argv: Vec<OsString>, nonce: Option<Nonce>) -> Launch {
        let launch = owner.launch;
        Launch {
            argv,
            env: self.environment_of(owner, launch, run),
            folder: launch.work_dir.clone(),
            umask: launch.umask,
            size: owner.size,
            nonce,
            user: launch.user.clone(),
            stdout: stream(&launch.stdout, owner.instance),
            stderr: stream(&launch.stderr, owner.instance),
            heard: false,
        }
    }

    pub(super) fn environment_of(
        &self,
        owner: Owner<'_>,
        launch: &config::Launch,
        run: RunId,
    ) -> Vec<(OsString, OsString)> {
        let mut env = (*self.environment).clone();
        for (name, value) in &launch.env {
            match value {
                Some(value) => env.insert(name.into(), value.into()),
                None => env.remove(std::ffi::OsStr::new(name)),
            };
        }
        for size in ["LINES", "COLUMNS"] {
            env.remove(std::ffi::OsStr::new(size));
        }
        env.extend(self.ours(owner, run).map(|(name, value)| (OsString::from(name), value)));
        if let Subject::PidFile(file) = &launch.subject {
            let path = self.pid_file(owner, file);
            // The older name is that of the old procman, whose jobs go on to work.
            env.extend(["ZAP_PID_FILE", "PROCMAN_PID_FILE"].map(|name| (name.into(), path.clone().into())));
        }
        env.into_iter().collect()
    }

    /// config.md, Job keys: what every job gets.
    pub(super) fn ours(&self, owner: Owner<'_>, run: RunId) -> [(&'static str, OsString); 10] {
        [
            ("ZAP", "1".into()),
            ("ZAP_SYSTEM", owner.system.into()),
            ("ZAP_JOB", owner.job.into()),
            ("ZAP_INSTANCE", owner.instance.to_string().into()),
            ("ZAP_RUN", owner.run.to_string().into()),
            (MARK, run.0.to_string().into()),
            ("ZAP_SOCKET", self.surroundings.socket.clone().into()),
            ("TERM", "xterm-256color".into()),
            ("COLORTERM", "truecolor".into()),
            ("NCURSES_NO_UTF8_ACS", "1".into()),
        ]
    }

    fn nonce(&self, run: RunId) -> Nonce {
        Nonce(splitmix64(self.surroundings.seed ^ splitmix64(run.0)))
    }
}

/// Where the pid of an instance has to stand: as the file says, else in zap's own folder. Pure: nothing is looked up.
pub fn pid_file(runtime: &Path, system: &str, job: &str, instance: u32, file: &PidFile) -> PathBuf {
    match &file.path {
        Some(path) => expanded(path, instance),
        None => runtime.join("pids").join(format!("{system}.{job}.{instance}.pid")),
    }
}

/// A path with `$ZAP_INSTANCE` and `${ZAP_INSTANCE}` replaced by the number of an instance. All other variables were replaced when
/// the file was read, so whatever follows the name is none of it: `${ZAP_INSTANCE}x` comes as `$ZAP_INSTANCEx`.
pub fn expanded(path: &Path, instance: u32) -> PathBuf {
    let Some(text) = path.to_str() else { return path.to_owned() };
    let number = instance.to_string();
    text.replace("${ZAP_INSTANCE}", &number).replace("$ZAP_INSTANCE", &number).into()
}

fn stream(stream: &Stream, instance: u32) -> Stream {
    match stream {
        Stream::Terminal => Stream::Terminal,
        Stream::Discard => Stream::Discard,
        Stream::File(file) => {
            Stream::File(StreamFile { file: expanded(&file.file, instance), ..file.clone() })
        }
    }
}

fn shell_argv(shell: &[String], line: &str) -> Vec<OsString> {
    let line = if names_posix_shell(shell) { format!("{OUTLIVE}{line}") } else { line.to_owned() };
    shell.iter().map(OsString::from).chain([line.into()]).collect()
}

/// Whether any of the words is the name of one: it may stand behind `env` and the like.
fn names_posix_shell(shell: &[String]) -> bool {
    let base = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    shell.iter().any(|word| POSIX_SHELLS.contains(&base(word).as_str()))
}

/// Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014); the constants of java.util.SplittableRandom.
fn splitmix64(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn a_posix_shell_outlives_its_child_and_others_get_the_line_as_it_stands() {
        let posix = shell_argv(&words(&["/bin/dash", "-c"]), "cd x && make");
        assert_eq!(posix.len(), 3);
        let line = posix[2].to_str().unwrap();
        assert!(line.starts_with("trap ") && line.ends_with("; cd x && make") && !line.contains('\n'));
        let fish = shell_argv(&words(&["fish", "-c"]), "cd x; and make");
        assert_eq!(fish, ["fish", "-c", "cd x; and make"]);
    }

    #[test]
    fn the_number_of_an_instance_stands_in_paths() {
        let path = |text: &str| expanded(Path::new(text), 3);
        assert_eq!(path("/log/w-$ZAP_INSTANCE.log"), Path::new("/log/w-3.log"));
        assert_eq!(path("/log/${ZAP_INSTANCE}x/$ZAP_INSTANCE"), Path::new("/log/3x/3"));
        assert_eq!(
            path("/run/$ZAP_INSTANCEx.pid"),
            Path::new("/run/3x.pid"),
            "written with braces in the file"
        );
    }

    #[test]
    fn a_pid_file_is_zaps_own_unless_the_file_gives_one() {
        let file = |path: Option<&str>| PidFile {
            path: path.map(PathBuf::from),
            timeout: std::time::Duration::ZERO,
            on_timeout: config::OnTimeout::Fail,
        };
        let path = |given| pid_file(Path::new("/run/zap"), "dev", "web", 2, &file(given));
        assert_eq!(path(None), Path::new("/run/zap/pids/dev.web.2.pid"));
        assert_eq!(path(Some("/run/web$ZAP_INSTANCE.pid")), Path::new("/run/web2.pid"));
    }

    #[test]
    fn splitmix64_gives_the_published_numbers() {
        // The first outputs of the reference implementation for the seed 1234567.
        assert_eq!(splitmix64(1_234_567), 6_457_827_717_110_365_317);
    }
}
