//! What one pair of eyes sees and types: the tree, the pager, dialogs, keys. It changes no job: it returns commands. Not:
//! the supervisor, the kernel, files, clocks.

mod action;
mod age;
mod ahead;
mod alert;
mod banner;
mod because;
mod brush;
mod details;
mod dialog;
mod draw;
mod due;
mod errands;
mod eye;
mod focus;
mod gone;
mod head;
mod help;
mod hint;
mod instant;
mod interactive;
mod key;
pub mod keymap;
mod layout;
mod leave;
mod marking;
mod merged;
mod mouse;
mod options;
mod page;
mod pager;
mod paint;
mod prompt;
mod reading;
mod recall;
mod reload;
mod settings;
mod signs;
mod status;
mod sum;
mod table;
mod text;
mod theme;
mod tree;
mod typing;
mod update;
mod verbs;
mod walk;
mod why;

pub use action::Action;
pub use eye::{Request, Ui};
pub use options::{Depth, Options, Zone};

use eye::Focus;

/// The terminals of all instances.
pub type Terminals = std::collections::BTreeMap<crate::model::InstanceId, crate::terminal::Terminal>;
