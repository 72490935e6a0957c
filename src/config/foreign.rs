//! The words other tools use for what zap calls otherwise. Not: slips of the finger (see `suggest`).

/// A word of another tool, the key it means here, and how that is written.
struct Word {
    theirs: &'static str,
    ours: &'static str,
    written: &'static str,
}

const fn word(theirs: &'static str, ours: &'static str) -> Word {
    Word { theirs, ours, written: ours }
}

const fn within(theirs: &'static str, ours: &'static str, written: &'static str) -> Word {
    Word { theirs, ours, written }
}

/// From docker compose, supervisord, systemd, foreman, mprocs, process-compose, pm2, overmind and the old zap.
const WORDS: &[Word] = &[
    word("cwd", "work-dir"),
    word("dir", "work-dir"),
    word("directory", "work-dir"),
    word("working-dir", "work-dir"),
    word("working-directory", "work-dir"),
    word("workdir", "work-dir"),
    word("folder", "work-dir"),
    word("path", "work-dir"),
    word("root", "work-dir"),
    word("cmd", "command"),
    word("run", "command"),
    word("exec", "command"),
    word("exec-start", "command"),
    word("execstart", "command"),
    word("entrypoint", "command"),
    word("script", "command"),
    word("program", "command"),
    word("start", "command"),
    word("commands", "steps"),
    word("scripts", "steps"),
    word("environment", "env"),
    word("env-vars", "env"),
    word("vars", "env"),
    word("variables", "env"),
    word("environment-file", "env-file"),
    word("env-files", "env-file"),
    word("envfile", "env-file"),
    word("dotenv", "env-file"),
    word("needs", "depends-on"),
    word("requires", "depends-on"),
    word("wants", "depends-on"),
    word("depends", "depends-on"),
    word("deps", "depends-on"),
    word("dependencies", "depends-on"),
    word("wait-for", "depends-on"),
    // `after` is a key of a job (a hook); see the message where it is refused.
    word("replicas", "numprocs"),
    word("instances", "numprocs"),
    word("scale", "numprocs"),
    word("num-procs", "numprocs"),
    word("concurrency", "numprocs"),
    word("auto-restart", "restart"),
    word("autorestart", "restart"),
    word("restart-policy", "restart"),
    word("respawn", "restart"),
    word("availability", "restart"),
    word("auto-start", "autostart"),
    word("enabled", "autostart"),
    within("disabled", "autostart", "autostart = false"),
    word("startsecs", "start-secs"),
    word("start-seconds", "start-secs"),
    word("min-uptime", "start-secs"),
    word("startretries", "start-retries"),
    word("retries", "start-retries"),
    word("max-restarts", "start-retries"),
    word("exitcodes", "exit-codes"),
    word("success-exit-status", "exit-codes"),
    within("ok-codes", "exit-codes", "exit-codes"),
    word("restart-sec", "restart-delay"),
    word("delay", "restart-delay"),
    within("stopsignal", "stop", "stop = { signal = \"TERM\" }"),
    within("stop-signal", "stop", "stop = { signal = \"TERM\" }"),
    within("kill-signal", "stop", "stop = { signal = \"TERM\" }"),
    within("signal", "stop", "stop = { signal = \"TERM\" }"),
    within("stopwaitsecs", "stop", "stop = { timeout = \"10s\" }"),
    within("stop-timeout", "stop", "stop = { timeout = \"10s\" }"),
    within("kill-timeout", "stop", "stop = { timeout = \"10s\" }"),
    within("stop-grace-period", "stop", "stop = { timeout = \"10s\" }"),
    within("timeout-stop-sec", "stop", "stop = { timeout = \"10s\" }"),
    within("stopasgroup", "stop", "stop = { group = true }"),
    within("killasgroup", "stop", "stop = { group = true }"),
    within("stop-command", "stop", "stop = { command = \"…\" }"),
    within("stop-keys", "stop", "stop = { keys = \"^C\" }"),
    word("shutdown", "stop"),
    word("oneshot", "one-shot"),
    within("type", "one-shot", "one-shot = true"),
    word("tty-keys", "interactive"),
    word("stdin", "interactive"),
    word("desc", "description"),
    word("comment", "description"),
    word("help", "description"),
    word("label", "title"),
    word("display-name", "title"),
    word("name", "title"),
    word("stdout-logfile", "stdout"),
    word("stderr-logfile", "stderr"),
    word("log-file", "stdout"),
    word("logfile", "stdout"),
    word("readiness-probe", "ready"),
    word("readiness", "ready"),
    word("liveness-probe", "health-check"),
    word("healthcheck", "health-check"),
    word("max-memory-restart", "restart-every"),
    word("cron-restart", "restart-at"),
    word("procs", "systems"),
    word("processes", "systems"),
    word("services", "systems"),
    word("programs", "systems"),
    word("projects", "systems"),
    word("groups", "systems"),
    word("system", "systems"),
    word("settings", "zap"),
    word("config", "zap"),
    word("global", "zap"),
    word("options", "zap"),
    word("default", "defaults"),
    word("job-defaults", "defaults"),
    word("tasks", "jobs"),
    word("job", "jobs"),
    word("processes", "jobs"),
    word("services", "jobs"),
    word("procs", "jobs"),
    word("programs", "jobs"),
    word("version", "format"),
    word("colors", "theme"),
    word("colours", "theme"),
    word("color-scheme", "theme"),
    word("log-level", "log"),
    word("loglevel", "log"),
    word("shutdown-timeout", "stop-timeout"),
    word("confirm-quit", "quit"),
    word("on-quit", "quit"),
    // Inside `stop`, `backoff` and steps.
    word("sig", "signal"),
    word("wait", "timeout"),
    word("grace", "timeout"),
    word("grace-period", "timeout"),
    word("secs", "timeout"),
    word("as-group", "group"),
    word("send", "keys"),
    word("send-keys", "keys"),
    word("initial", "first"),
    word("min", "first"),
    word("delay", "first"),
    word("maximum", "max"),
    word("limit", "max"),
    word("multiplier", "factor"),
    word("base", "factor"),
    word("cmd", "run"),
    word("command", "run"),
    word("title", "name"),
    word("exit-codes", "ok-codes"),
];

/// What a word of another tool is called here: the key and how it is written, if one of `keys` is meant.
pub(super) fn translate(folded: &str, keys: &[&str]) -> Option<(&'static str, &'static str)> {
    let word = WORDS.iter().find(|word| word.theirs == folded && keys.contains(&word.ours))?;
    Some((word.ours, word.written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys;

    #[test]
    fn every_word_leads_to_a_key_of_ours() {
        let tables = [keys::FILE, keys::ZAP, keys::SYSTEM, keys::JOB, keys::STEP, keys::STOP, keys::BACKOFF];
        for word in WORDS {
            let ours =
                |table: &keys::Keys| table.known.contains(&word.ours) || table.later.contains(&word.ours);
            assert!(tables.iter().any(ours), "{} -> {}", word.theirs, word.ours);
        }
    }

    #[test]
    fn the_same_word_means_what_its_table_knows() {
        assert_eq!(translate("cmd", keys::JOB.known), Some(("command", "command")));
        assert_eq!(translate("cmd", keys::STEP.known), Some(("run", "run")));
        assert_eq!(translate("cmd", keys::ZAP.known), None);
    }
}
