//! `zap check`: every problem of the file, and nothing started.

use std::io::{Write, stderr, stdout};
use std::path::PathBuf;

use crate::config::{Request, load};
use crate::problem::draw_all;
use crate::sys;

use super::args::GlobalArgs;
use super::main::{Failure, USAGE};
use super::outlook;

/// Reads the file, tells its problems on stderr, and what is in it if it can be used.
pub(super) fn check(file: Option<PathBuf>, global: &GlobalArgs) -> Result<u8, Failure> {
    let file = file.or_else(|| global.file.clone());
    let request =
        Request::of_this_process(file, crate::ui::vocabulary()).map_err(|error| Failure::work(&error))?;
    let paint = outlook::paint(global.color, &stderr(), &request.environment);
    let loaded = load(&request).map_err(|error| Failure { text: error.draw(paint), code: USAGE })?;
    let _ = stderr().write_all(draw_all(&loaded.warnings, paint).as_bytes());
    if let Some(file) = &loaded.plan.settings.event_log
        && let Some(why) = sys::obstacle(file)
    {
        let warning = format!("warning: the event-log {} cannot be written: {why}\n", file.display());
        let _ = stderr().write_all(warning.as_bytes());
    }
    let jobs: usize = loaded.plan.systems.iter().map(|system| system.jobs.len()).sum();
    let systems = loaded.plan.systems.len();
    let good =
        format!("{}: {}, {}\n", loaded.plan.file.display(), counted(systems, "system"), counted(jobs, "job"));
    stdout().write_all(good.as_bytes()).map_err(|error| Failure::work(&error))?;
    Ok(0)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
