//! All there is to know about the selected job: a page in place of its output. What one pair of eyes holds about it, what is
//! written on it, and how it is drawn. Not: finding it out (`model/details.rs`).

mod draw;
mod rows;
mod sheet;

pub(super) use draw::draw;
pub(super) use sheet::{act, linked, open, press, scroll};

use crate::model::InstanceId;
use crate::ui::page::Page;

/// The page that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Whose it is.
    pub(super) of: InstanceId,
    /// How far it is scrolled.
    page: Page,
    /// The selected one of the links, counted among those that lead somewhere.
    link: Option<usize>,
    /// Whether the inherited environment is unfolded.
    inherited: bool,
}
