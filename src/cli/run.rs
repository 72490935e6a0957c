//! `zap`, `zap dev`, `zap run`, `zap --no-tui`: from the file and the addresses to a running zap.

use std::ffi::OsStr;
use std::io::{IsTerminal, Write, stderr, stdout};

use crate::app::{Ink, Order, Watch, start};
use crate::config::{Loaded, Request, load};
use crate::problem::draw_all;

use super::args::{GlobalArgs, RunArgs};
use super::main::{Failure, USAGE};
use super::{outlook, targets};

/// Loads the file, finds the targets and runs them until everything has ended. Returns zap's exit code.
pub(super) fn run(args: &RunArgs, global: &GlobalArgs) -> Result<u8, Failure> {
    let request = Request::of_this_process(global.file.clone(), crate::ui::vocabulary())
        .map_err(|error| Failure::work(&error))?;
    let paint = outlook::paint(global.color, &stderr(), &request.environment);
    let loaded = load(&request).map_err(|error| Failure { text: error.draw(paint), code: USAGE })?;
    let _ = stderr().write_all(draw_all(&loaded.warnings, paint).as_bytes());
    let wanted = targets::wanted(&loaded.plan, &args.targets)?;
    let _ = stderr().write_all(wanted.notes.as_bytes());
    let watch = watch(args, global, &loaded, &request)?;
    let order = Order { loaded, request, targets: wanted.targets, watch };
    start(order).map_err(|error| Failure::work(&error))
}

fn watch(args: &RunArgs, global: &GlobalArgs, loaded: &Loaded, request: &Request) -> Result<Watch, Failure> {
    let environment = &request.environment;
    if args.no_tui || !stdout().is_terminal() || outlook::is_dumb(environment) {
        let until = args.until.as_deref().map(|word| targets::jobs(&loaded.plan, word)).transpose()?;
        let ink = Ink {
            colour: outlook::colour(global.color, &stdout(), environment),
            utf8: outlook::utf8(environment),
        };
        return Ok(Watch::Lines { until, ink });
    }
    if args.until.is_some() {
        return Err(Failure::usage(&"--until prints lines and opens no screen: say --no-tui too"));
    }
    if let Some(job) =
        environment.get(OsStr::new("ZAP_JOB")).filter(|_| environment.contains_key(OsStr::new("ZAP")))
    {
        return Err(Failure::work(&format!(
            "this terminal is inside a job of zap (`{}`), so no screen is opened in it; `zap --no-tui` prints lines here",
            job.to_string_lossy()
        )));
    }
    Ok(Watch::Screen {
        theme: Box::new(loaded.theme.clone()),
        keys: loaded.keys.clone(),
        colours: outlook::depth(global.color, environment),
        utf8: outlook::utf8(environment),
    })
}
