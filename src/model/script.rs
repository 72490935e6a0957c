//! The steps of a job as one command: a script that runs them all in one shell and tells by marks where each begins and ends.
//! Not: running it, and not: reading the marks (`terminal`).
//!
//! A mark is `ESC ] 5379 ; NONCE ; KIND BEL` with the nonce as 16 lower-case hex digits: `S;PID` once for the session's shell,
//! `B;STEP` before and `E;STEP;CODE` after each step. They go to the controlling terminal, so that a step may redirect its
//! shell's output. A step that ends the shell (`exit`, `set -e`, a syntax error) is told by our EXIT trap, unless the steps have
//! set one of their own; one that replaces it (`exec`) is not told, and the exit code of the job is then its code.
//!
//! The steps are evaluated at the top level, one after the other: no function, loop or subshell of ours is around them. All of
//! the script is one compound command, so that the shell has read it whole before a step can set aliases.

use std::ffi::OsString;
use std::fmt::Write;

use crate::config::{Session, Step};
use crate::model::Nonce;

/// Shells that do not read the language of the script: another one runs it for them.
const FOREIGN: [&str; 9] = ["fish", "csh", "tcsh", "nu", "elvish", "xonsh", "pwsh", "rc", "es"];
/// Session commands whose last argument is parsed by the login shell of the far side.
const SSH: [&str; 3] = ["ssh", "autossh", "dbclient"];
/// Old csh cannot read longer words.
const CHUNK: usize = 900;

/// The command that runs these steps: in `shell` (`["sh", "-c"]`), or in the far end of `session`.
pub fn argv(shell: &[String], session: Option<&Session>, steps: &[Step], nonce: Nonce) -> Vec<OsString> {
    match session {
        None => local(shell, &script(steps, nonce)),
        Some(session) => remote(&session.argv, &far_script(steps, nonce)),
    }
}

fn local(shell: &[String], script: &str) -> Vec<OsString> {
    let foreign = shell.first().is_none_or(|word| FOREIGN.contains(&base_name(word)));
    let shell: Vec<&str> =
        if foreign { vec!["sh", "-c"] } else { shell.iter().map(String::as_str).collect() };
    shell.into_iter().chain([script]).map(OsString::from).collect()
}

fn remote(session: &[String], script: &str) -> Vec<OsString> {
    let mut argv: Vec<OsString> = session.iter().map(OsString::from).collect();
    if let Some(at) = session.iter().position(|word| SSH.contains(&base_name(word))) {
        // Twice: a terminal even if ours should be none.
        argv.insert(at + 1, "-tt".into());
        argv.push(for_any_shell(script).into());
    } else {
        argv.extend(["sh", "-c", script].map(OsString::from));
    }
    argv
}

fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// What the script has in common for all steps. `__zap_m` prints a mark
/// (by the shell's own printf, whatever the steps call by that name); `__zap_x` the end of the open step; `__zap_a` keeps the
/// code and those options that would disturb our own lines (they are put aside outside of it: zsh would take that back at the end
/// of a function); `__zap_t` ends the shell as the signal would have, but after its children.
///
/// HUP is left alone: when a terminal is hung up the kernel tells the leader of the session only, and the others when the leader
/// has died of it. A shell that waited for its child then would wait for ever.
const PRELUDE: &str = r#"__zap_n=; __zap_o=; __zap_c=0
case ${ZSH_VERSION+z} in
z) __zap_p() { builtin printf "$@"; } ;;
*) __zap_p() { command printf "$@"; } ;;
esac
__zap_m() {
{ __zap_p '\033]5379;NONCE;%s\007' "$1" >/dev/tty; } 2>/dev/null || __zap_p '\033]5379;NONCE;%s\007' "$1"
}
__zap_x() {
case $__zap_n in ?*) __zap_m "E;$__zap_n;$1"; __zap_n= ;; esac
}
__zap_a() {
case $- in *a*) set +a; __zap_o=a ;; *) __zap_o= ;; esac
__zap_c=$1
case $- in *e*) __zap_o=${__zap_o}e ;; esac
case $- in *u*) __zap_o=${__zap_o}u ;; esac
case $- in *x*) __zap_o=${__zap_o}x ;; esac
case $__zap_o in ?*) __zap_o="set -$__zap_o
" ;; esac
}
__zap_r() {
return "$1"
}
__zap_t() {
trap - "$1"
{ wait; } 2>/dev/null
__zap_x "$2"
kill -"$1" $$
exit "$2"
}
trap '{ __zap_c=$?; set +aeux; } 2>/dev/null; __zap_x "$__zap_c"; __zap_r "$__zap_c"' EXIT
trap '{ set +aeux; } 2>/dev/null; __zap_t INT 130' INT
trap '{ set +aeux; } 2>/dev/null; __zap_t QUIT 131' QUIT
trap '{ set +aeux; } 2>/dev/null; __zap_t TERM 143' TERM
__zap_m "S;$$"
"#;

/// The script for a POSIX shell.
fn script(steps: &[Step], nonce: Nonce) -> String {
    let mut script = format!("{{ {}", PRELUDE.replace("NONCE", &format!("{:016x}", nonce.0)));
    for (number, step) in steps.iter().enumerate() {
        let before = number.checked_sub(1).map_or(&[][..], |before| &steps[before].ok_codes);
        add(&mut script, number, step, before);
    }
    script.push_str(if steps.is_empty() { "exec \"${SHELL:-sh}\" -l\n}" } else { "exit 0\n}" });
    script
}

fn add(script: &mut String, number: usize, step: &Step, codes_before: &[u8]) {
    let ok: Vec<String> = step.ok_codes.iter().map(u8::to_string).collect();
    let pass = if ok.is_empty() { String::new() } else { format!("{}) ;; ", ok.join("|")) };
    // `$?` is what the step before has left, which is 0 for most.
    let left = if codes_before.iter().any(|code| *code != 0) { "__zap_r \"$__zap_c\"\n" } else { "" };
    let text = quoted(&step.run);
    write!(
        script,
        "__zap_n={number}\n__zap_m B\\;{number}\n{left}eval \"$__zap_o\"{text}\n\
         {{ __zap_a \"$?\"; set +aeux; }} 2>/dev/null\n\
         __zap_x \"$__zap_c\"\n\
         case $__zap_c in {pass}*) exit \"$__zap_c\" ;; esac\n",
    )
    .expect("a string takes everything");
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The script for the far side: the same one, in the login shell of the user there if that is a POSIX shell, because people's
/// `PATH` is set there; else in `sh`, after what its login would have read.
fn far_script(steps: &[Step], nonce: Nonce) -> String {
    let script = quoted(&script(steps, nonce));
    format!(
        "set -- {script}\n\
         case ${{SHELL##*/}} in\n\
         sh|bash|dash|ash|zsh|ksh|ksh93|mksh|lksh|oksh|yash) exec \"$SHELL\" -lc \"$1\" ;;\n\
         esac\n\
         for __zap_f in /etc/profile ~/.profile; do if [ -r \"$__zap_f\" ]; then . \"$__zap_f\"; fi; done\n\
         __zap_s=$1\n\
         shift $#\n\
         eval \"$__zap_s\"\n",
    )
}

/// The script as one line that sh, csh and fish read alike: in single quotes, without `'`, `!`, newlines, or a backslash before
/// anything but a digit. `printf %b` makes the script of it.
fn for_any_shell(script: &str) -> String {
    let mut line = String::from(r#"exec sh -c 'eval "$(printf %b "$@")"' sh"#);
    let mut chunk = String::new();
    for byte in script.bytes() {
        // A capital letter's worth of characters stays readable; everything that any shell may look at does not.
        if byte.is_ascii_alphanumeric() || b" _-./,:=+@".contains(&byte) {
            chunk.push(char::from(byte));
        } else {
            write!(chunk, "\\0{byte:03o}").expect("a string takes everything");
        }
        if chunk.len() >= CHUNK {
            end_chunk(&mut line, &mut chunk);
        }
    }
    end_chunk(&mut line, &mut chunk);
    line
}

fn end_chunk(line: &mut String, chunk: &mut String) {
    if !chunk.is_empty() {
        line.push_str(" '");
        line.push_str(chunk);
        line.push('\'');
        chunk.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(run: &str) -> Step {
        Step { name: run.to_owned(), run: run.to_owned(), timeout: None, ok_codes: vec![0] }
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn session(line: &[&str]) -> Session {
        Session { line: line.join(" "), argv: words(line) }
    }

    #[test]
    fn a_local_job_is_one_command_of_its_shell() {
        let argv = argv(&words(&["bash", "-c"]), None, &[step("echo 'a'")], Nonce(0xAB));
        assert_eq!(argv[..2], ["bash", "-c"]);
        let script = argv[2].to_str().unwrap();
        assert!(script.contains("5379;00000000000000ab;%s"));
        assert!(script.contains(r#"eval "$__zap_o"'echo '\''a'\'''"#));
    }

    #[test]
    fn a_shell_of_another_language_is_not_asked() {
        assert_eq!(
            argv(&words(&["/usr/bin/fish", "-c"]), None, &[step("true")], Nonce(1))[..2],
            ["sh", "-c"]
        );
    }

    #[test]
    fn ssh_gets_a_terminal_and_one_argument() {
        let argv =
            argv(&[], Some(&session(&["ssh", "-p", "22", "gox"])), &[step("make; echo 'ü!\\'\n")], Nonce(1));
        assert_eq!(argv[..5], ["ssh", "-tt", "-p", "22", "gox"]);
        assert_eq!(argv.len(), 6);
        let line = argv[5].to_str().unwrap();
        assert!(line.starts_with("exec sh -c '"));
        assert!(line.is_ascii() && !line.contains(['!', '\n']));
        assert!(line.split('\\').skip(1).all(|rest| rest.starts_with('0')));
        assert!(line.split('\'').all(|word| word.len() < 1000));
    }

    #[test]
    fn ssh_is_found_behind_what_calls_it() {
        let argv =
            argv(&[], Some(&session(&["sshpass", "-e", "/usr/bin/ssh", "gox"])), &[step("true")], Nonce(1));
        assert_eq!(argv[..5], ["sshpass", "-e", "/usr/bin/ssh", "-tt", "gox"]);
    }

    #[test]
    fn a_container_gets_its_words_as_they_are() {
        let argv = argv(&[], Some(&session(&["podman", "exec", "-it", "web"])), &[step("true")], Nonce(1));
        assert_eq!(argv[..6], ["podman", "exec", "-it", "web", "sh", "-c"]);
        assert_eq!(argv.len(), 7);
    }

    #[test]
    fn codes_that_count_as_success_pass() {
        let mut lenient = step("grep x");
        lenient.ok_codes = vec![0, 1];
        let script = script(&[lenient, step("true")], Nonce(1));
        assert!(script.contains("case $__zap_c in 0|1) ;; *) exit"));
        assert!(script.contains("__zap_r \"$__zap_c\"\neval"));
    }
}
