//! From the disk to a checked plan: where the file is found, its text, the files it names, folders, users, time zones and themes. The only part of the room that
//! touches the world. Not: what the text means.

pub(super) mod expand;
mod fail;
mod find;
mod folders;
mod named_files;
mod plan;
mod request;
mod text;
mod theme;
mod users;
mod zones;

pub use fail::{LoadError, Unloaded};
pub use find::{By, Found, find};
pub use plan::{Loaded, load, load_found};
pub use request::Request;
pub use zones::local_zone;
