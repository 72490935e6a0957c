//! Whether the users that a file names are known here, and can do what is asked of them. Not: becoming one of them.

use std::ops::Range;
use std::sync::Arc;

use nix::unistd::{Uid, User};
use toml::Spanned;

use crate::problem::{Problem, Source};

/// A warning for each place that names a user whom this machine does not know: no reason to refuse the file, since they may come
/// later.
pub(super) fn warnings(source: &Arc<Source>, users: &[Spanned<String>]) -> Vec<Problem> {
    users.iter().filter_map(|user| warning(source, user)).collect()
}

fn warning(source: &Arc<Source>, user: &Spanned<String>) -> Option<Problem> {
    match User::from_name(user.get_ref()) {
        Ok(None) => {
            let message = format!("there is no user named `{}`", user.get_ref());
            Some(Problem::warning(source, user.span(), message))
        }
        // Who cannot be asked is not told to be unknown.
        Ok(Some(_)) | Err(_) => None,
    }
}

/// An error for each pid file in the folder that belongs to `own` alone, if another user has to write it.
pub(super) fn shut_out(
    source: &Arc<Source>,
    writers: &[(Spanned<String>, Range<usize>)],
    own: u32,
) -> Vec<Problem> {
    let is_shut_out = |name: &str| {
        let found = User::from_name(name).ok().flatten();
        found.is_some_and(|user| user.uid != Uid::from_raw(own) && !user.uid.is_root())
    };
    let told = |(user, asked): &(Spanned<String>, Range<usize>)| {
        let name = user.get_ref();
        let mut problem = Problem::error(
            source,
            asked.clone(),
            format!("`{name}` cannot write a pid file in zap's own folder"),
        );
        problem.label = Some("give a path where that user can write".to_owned());
        problem.related = vec![(user.span(), "the user".to_owned())];
        problem
    };
    writers.iter().filter(|(user, _)| is_shut_out(user.get_ref())).map(told).collect()
}
