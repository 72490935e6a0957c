//! What was asked: a spanned TOML table read key by key into a checked [`Plan`], with all problems gathered.
//!
//! * Plain data for everybody: [`Plan`] and what is in it, [`Theme`].
//! * [`load()`] finds `systems.toml`, reads it and its theme; the only part that touches the disk (`load/`).
//! * Inside: `file` reads the whole text, `system` lays the levels of defaults over each other, `job` and its neighbours
//!   (`work`, `stop`, `backoff`, `env`, `shell`) read their keys, `needs` finds what `depends-on` means. `table` and
//!   `value` stand below them all, `keys` lists what each table knows.

mod backoff;
mod command;
mod duration;
mod env;
mod file;
mod foreign;
mod gather;
mod job;
mod keys;
mod keystrokes;
mod load;
mod look;
mod name;
mod needs;
mod plan;
mod roles;
mod session;
mod settings;
mod shell;
mod signal;
mod starter;
mod stop;
mod suggest;
mod syntax;
mod system;
mod table;
mod theme;
mod theme_file;
mod themes;
mod title;
mod value;
mod words;
mod work;

pub use load::{By, Found, LoadError, Loaded, Request, find, load, load_found};
pub use plan::*;
pub use starter::STARTER;
pub use theme::{Hue, Look, Role, Theme};
pub use themes::shipped_themes;
