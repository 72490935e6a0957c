//! The tree: systems, their jobs, the steps of these. What is selected, folded, marked and filtered, and how it is drawn.

mod draw;
mod filter;
mod rows;
mod select;
mod status;

pub(super) use draw::{Scene, draw};
pub(super) use filter::Filter;
pub(super) use rows::{Place, Row, rows};
pub(super) use select::{in_trouble, jobs, select};

use std::collections::{BTreeMap, BTreeSet};

use crate::model::InstanceId;

/// What one pair of eyes holds about the tree.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The selected row; `None` until there is a view.
    pub(super) selected: Option<Place>,
    /// Where the selected row stood last.
    pub(super) index: usize,
    /// The rows there were last: for the day when the selected one vanishes.
    pub(super) order: Vec<Place>,
    /// The systems whose jobs are hidden.
    pub(super) folded: BTreeSet<String>,
    /// Jobs whose steps a person has shown or hidden, whatever they would be by themselves.
    pub(super) steps: BTreeMap<InstanceId, bool>,
    /// The marked jobs.
    pub(super) marks: BTreeSet<InstanceId>,
    /// Which names are shown.
    pub(super) filter: Filter,
    /// The first row on the screen.
    pub(super) top: usize,
}
