//! `zap status` as lines: one for each job, aligned, and the exit code that sums them up. Not: asking for it.

use std::time::Duration;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::{State, Wall, in_bytes, in_percent};
use crate::wire::{JobStatus, Status};

use super::main::DOWN;
use super::report::{beside, clean};

/// What standard output can show, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    pub(super) colour: bool,
    pub(super) utf8: bool,
    /// The columns of the terminal; nothing is cut where there is none.
    pub(super) width: Option<u16>,
    pub(super) now: Wall,
}

/// 0 if all that is wanted is up or done, or waits for its time.
pub(super) fn code(status: &Status) -> u8 {
    if jobs(status).any(|job| job.wanted && !is_good(job.state)) { DOWN } else { 0 }
}

fn is_good(state: State) -> bool {
    match state {
        State::Running | State::Done | State::Scheduled => true,
        State::Stopped
        | State::Waiting
        | State::Starting
        | State::Stopping
        | State::Backoff
        | State::Held
        | State::Failed => false,
    }
}

/// A line for each job: address, state, pid, age, what it uses, reason. Where the reasons need the room, they have it.
pub(super) fn table(status: &Status, ink: Ink) -> String {
    let widest = |width: fn(&JobStatus) -> usize| jobs(status).map(width).max().unwrap_or(0);
    let address = widest(|job| job.address.width());
    let state = widest(|job| job.state.to_string().len());
    let pid = widest(|job| pid(job).len());
    let (cpu, memory) = (widest(|job| cpu(job).len()), widest(|job| memory(job).len()));
    let before = |job: &JobStatus| {
        let name = job.address.clone() + &" ".repeat(address - job.address.width());
        format!("{name}  {:state$}  {:>pid$}  {:>4}", job.state, self::pid(job), age(job, ink.now))
    };
    let figures = |job: &JobStatus| format!("  {:>cpu$}  {:>memory$}", self::cpu(job), self::memory(job));
    let line = |job: &JobStatus, figures: String| {
        let line = format!("{}{figures}  {}", before(job), reason(job, ink.now));
        line.trim_end().to_owned()
    };
    let fits = |line: String| ink.width.is_none_or(|width| line.width() <= usize::from(width));
    let told = memory > 0 && jobs(status).all(|job| fits(line(job, figures(job))));
    let mut text = String::new();
    for job in jobs(status) {
        let line = cut(&line(job, if told { figures(job) } else { String::new() }), ink);
        let start = job.address.len() + address - job.address.width() + 2;
        match line.get(start..start + state).filter(|_| ink.colour) {
            Some(word) => text.extend([&line[..start], &paint(job, word), &line[start + state..], "\n"]),
            None => text.extend([line.as_str(), "\n"]),
        }
    }
    text
}

fn jobs(status: &Status) -> impl Iterator<Item = &JobStatus> {
    status.systems.iter().flat_map(|system| &system.jobs)
}

fn pid(job: &JobStatus) -> String {
    job.pid.map_or_else(String::new, |pid| pid.to_string())
}

fn cpu(job: &JobStatus) -> String {
    job.cpu_percent.map_or_else(String::new, |percent| in_percent((percent * 10.0).round() as u32))
}

fn memory(job: &JobStatus) -> String {
    job.memory_bytes.map_or_else(String::new, in_bytes)
}

/// What the state alone does not say.
fn reason(job: &JobStatus, now: Wall) -> String {
    let why = clean(&job.why);
    let state = job.state.to_string();
    let said = why.strip_prefix(&state).unwrap_or(&why);
    let said = if job.state == State::Running { said.strip_prefix("up").unwrap_or(said) } else { said };
    let said = said.trim_start_matches([':', ' ', ',', ';']);
    let said = said.strip_prefix("but ").unwrap_or(said);
    let more = beside(job.state, job.next.as_deref(), job.restarts, job.pending_change, now);
    let said = (!said.is_empty()).then(|| said.to_owned());
    said.into_iter().chain(more).collect::<Vec<_>>().join("; ")
}

/// How long it is in its state, in the largest unit.
fn age(job: &JobStatus, now: Wall) -> String {
    let Ok(since) = job.since.parse::<jiff::Timestamp>() else { return String::new() };
    if job.run.is_none() && job.state == State::Stopped {
        return String::new();
    }
    let elapsed = Duration::from_millis((now.0 - since.as_millisecond()).max(0) as u64).as_secs();
    match elapsed {
        0..60 => format!("{elapsed}s"),
        60..3600 => format!("{}m", elapsed / 60),
        3600..86400 => format!("{}h", elapsed / 3600),
        _ => format!("{}d", elapsed / 86400),
    }
}

fn cut(line: &str, ink: Ink) -> String {
    let Some(width) = ink.width.map(usize::from).filter(|width| line.width() > *width) else {
        return line.to_owned();
    };
    let mark = if ink.utf8 { "…" } else { "~" };
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| {
        let cells = c.width().unwrap_or(0);
        left.checked_sub(cells).map(|rest| left = rest).is_some()
    };
    let kept: String = line.chars().take_while(fits).collect();
    kept + mark
}

fn paint(job: &JobStatus, word: &str) -> String {
    let colour = match job.state {
        State::Running if !job.ready || job.unwell => 33,
        State::Running | State::Done => 32,
        State::Failed | State::Held => 31,
        State::Waiting | State::Starting | State::Stopping | State::Backoff => 33,
        State::Stopped | State::Scheduled => 90,
    };
    format!("\x1b[{colour}m{word}\x1b[0m")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{SystemStatus, Unseen, ZapStatus};

    fn job(address: &str, state: State, why: &str) -> JobStatus {
        JobStatus {
            address: address.to_owned(),
            name: "x".to_owned(),
            instance: 1,
            title: "x".to_owned(),
            state,
            ready: state == State::Running,
            wanted: true,
            pid: (state == State::Running).then_some(4712),
            run: Some(1),
            since: "1970-01-01T00:00:00.000Z".to_owned(),
            exit: None,
            restarts: 0,
            next: None,
            why: why.to_owned(),
            pending_change: false,
            unwell: false,
            unseen: Unseen::default(),
            lingering: 0,
            cpu_percent: None,
            memory_bytes: None,
            steps: Vec::new(),
            note: String::new(),
        }
    }

    fn status(jobs: Vec<JobStatus>) -> Status {
        let zap = ZapStatus {
            pid: 1,
            version: String::new(),
            file: String::new(),
            started: String::new(),
            quitting: false,
            problem: None,
        };
        Status { zap, systems: vec![SystemStatus { name: "dev".to_owned(), jobs }] }
    }

    const PLAIN: Ink = Ink { colour: false, utf8: true, width: None, now: Wall(180_000) };

    #[test]
    fn a_line_tells_address_state_pid_age_and_reason() {
        let jobs = vec![
            job("dev/web", State::Running, "up"),
            job("dev/migrate", State::Failed, "failed: exit 3 after 2s"),
        ];
        assert_eq!(
            table(&status(jobs), PLAIN),
            "dev/web      running  4712    3m\ndev/migrate  failed           3m  exit 3 after 2s\n"
        );
    }

    #[test]
    fn what_jobs_use_is_told_where_there_is_room() {
        let using = |address, why, cpu: f32, memory| JobStatus {
            cpu_percent: Some(cpu),
            memory_bytes: Some(memory),
            ..job(address, State::Running, why)
        };
        let jobs = vec![
            using("dev/web", "up", 0.4, 1_548_576),
            using("dev/api", "up, but not ready: no line yet", 123.4, 512_000_000),
            job("dev/migrate", State::Failed, "failed: exit 3 after 2s"),
        ];
        let jobs = status(jobs);
        let expected = "\
dev/web      running  4712    3m    0 %  1.5 MB
dev/api      running  4712    3m  123 %  512 MB  not ready: no line yet
dev/migrate  failed           3m                 exit 3 after 2s
";
        assert_eq!(table(&jobs, PLAIN), expected);
        let wide = |width| table(&jobs, Ink { width: Some(width), ..PLAIN });
        assert_eq!(wide(71), expected);
        assert!(!wide(70).contains("MB") && wide(70).contains("no line yet"), "{}", wide(70));
        let coloured = table(&jobs, Ink { colour: true, ..PLAIN });
        assert!(coloured.starts_with("dev/web      \x1b[32mrunning\x1b[0m  4712"), "{coloured:?}");
    }

    #[test]
    fn nothing_is_said_twice() {
        let reason = |state, why| super::reason(&job("a/b", state, why), Wall(0));
        assert_eq!(reason(State::Running, "up, but not ready: no line yet"), "not ready: no line yet");
        assert_eq!(reason(State::Running, "up: step make runs"), "step make runs");
        let pending = JobStatus { pending_change: true, ..job("a/b", State::Running, "up") };
        assert_eq!(super::reason(&pending, Wall(0)), "the file says something else by now");
        assert_eq!(reason(State::Waiting, "waiting for db"), "for db");
        assert_eq!(reason(State::Backoff, "exit 1 after 2s"), "exit 1 after 2s");
    }

    #[test]
    fn lines_fit_the_terminal() {
        let jobs = vec![job("dev/web", State::Waiting, &"waiting for something ".repeat(9))];
        let lines = table(&status(jobs), Ink { width: Some(40), ..PLAIN });
        assert_eq!(lines.trim_end().width(), 40);
        assert!(lines.ends_with("…\n"));
    }

    #[test]
    fn what_is_wanted_and_not_up_is_told_by_the_code() {
        assert_eq!(code(&status(vec![job("a/b", State::Done, ""), job("a/c", State::Running, "")])), 0);
        assert_eq!(code(&status(vec![job("a/b", State::Backoff, "")])), DOWN);
        let unwanted = JobStatus { wanted: false, ..job("a/b", State::Stopped, "") };
        assert_eq!(code(&status(vec![unwanted])), 0);
    }
}
