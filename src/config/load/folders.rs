//! Whether the folders that a file names are there. Not: a reason to refuse the file, since they may come later.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use crate::problem::{Problem, Source};

/// A warning for each place that names a folder which is not there.
pub(super) fn warnings(source: &Arc<Source>, folders: &[Spanned<PathBuf>]) -> Vec<Problem> {
    folders.iter().filter_map(|folder| warning(source, folder)).collect()
}

fn warning(source: &Arc<Source>, folder: &Spanned<PathBuf>) -> Option<Problem> {
    let path: &Path = folder.get_ref();
    let shown = path.display();
    let message = match path.metadata() {
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(_) => format!("`{shown}` is not a folder"),
        Err(_) => format!("the folder `{shown}` does not exist"),
    };
    Some(Problem::warning(source, folder.span(), message))
}
