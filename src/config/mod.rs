//! What was asked: a spanned TOML table read key by key into a checked [`Plan`], with all problems gathered.
//!
//! * Plain data for everybody: [`Plan`] and what is in it, [`Theme`], [`Bindings`]; [`diff()`] of two plans.
//! * [`load()`] finds `systems.toml`, reads it, what it names, and its theme; the only part that touches the disk (`load/`).
//! * Inside: `file` reads the whole text, `system` lays the `levels` of defaults over each other, `job` reads what one level
//!   says, and `checked` makes the job of all of them. `launch` holds the keys of class L, which `version` has too; each other
//!   key, or family of keys, has a file of its own (`stop`, `ready`, `schedule`, …). `needs` finds what `depends-on` means.
//!   `table` and `value` stand below them all, `keys` lists what each table knows, `foreign` what other tools call it.

mod backoff;
mod bindings;
mod checked;
mod chord;
mod command;
mod daytime;
mod depends_on;
mod diff;
mod duration;
mod env;
mod env_file;
mod file;
mod foreign;
mod gather;
mod health;
mod hook;
mod job;
mod key_table;
mod keys;
mod keystrokes;
mod launch;
mod levels;
mod load;
mod look;
mod max_runs;
mod moment;
mod name;
mod needs;
mod paths;
mod pattern;
mod plan;
mod probe;
mod ready;
mod roles;
mod schedule;
mod session;
mod settings;
mod shell;
pub mod signal;
mod size;
mod starter;
mod stop;
mod stream;
mod subject;
mod suggest;
mod syntax;
mod system;
mod table;
mod theme;
mod theme_file;
mod themes;
mod title;
mod umask;
mod value;
mod version;
mod week_days;
mod words;
mod work;
mod world;
mod zone;

pub use bindings::{ActionKeys, Bindings, ModeKeys, Reserved, Vocabulary};
pub use chord::{Chord, Code, Held, NAMES, OddKey};
pub use diff::{Class, Diff, Fate, JobChange, KeyChange, SystemChange, diff};
pub use load::{By, Found, LoadError, Loaded, Request, Unloaded, find, load, load_found, local_zone};
pub use plan::*;
pub use starter::STARTER;
pub use theme::{Hue, Look, Role, Theme};
pub use themes::shipped_themes;
