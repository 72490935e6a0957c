//! What one pair of eyes sees and types: the tree, the pager, dialogs, keys. It changes no job: it returns commands. Not:
//! the supervisor, the kernel, files, clocks.

mod action;
mod age;
mod ahead;
mod alert;
mod banner;
mod because;
mod beside;
mod brush;
mod details;
mod dialog;
mod drag;
mod draw;
mod due;
mod errands;
mod everywhere;
mod eye;
mod focus;
mod gone;
mod graves;
mod head;
mod help;
mod hint;
mod instant;
mod interactive;
mod key;
pub mod keymap;
mod keys;
mod layout;
mod leave;
mod marking;
mod mention;
mod merged;
mod mouse;
mod names;
mod options;
mod outward;
mod page;
mod pager;
mod paint;
mod palette;
mod prompt;
mod reading;
mod recall;
mod reload;
mod ring;
mod selecting;
mod settings;
mod signs;
mod status;
mod sum;
mod table;
mod text;
mod theme;
mod tree;
mod typed;
mod typing;
mod update;
mod verbs;
mod walk;
mod why;

pub use action::Action;
pub use errands::Pace;
pub use eye::{Request, Ui};
pub use interactive::Wishes;
pub use mention::Mention;
pub use names::vocabulary;
pub use options::{Depth, Options, Zone};
pub use outward::{Away, Clip, Overwrite, Save};
pub use pager::{Cut, Dress, Extract, Only, Outgoing};

use eye::Focus;

/// The terminals of all instances.
pub type Terminals = std::collections::BTreeMap<crate::model::InstanceId, crate::terminal::Terminal>;
