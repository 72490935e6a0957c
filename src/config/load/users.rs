//! Whether the users that a file names are known here. Not: a reason to refuse the file, since they may come later.

use std::sync::Arc;

use nix::unistd::User;
use toml::Spanned;

use crate::problem::{Problem, Source};

/// A warning for each place that names a user whom this machine does not know.
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
