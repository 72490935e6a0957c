//! How grave a line of output is: levels as loggers, compilers and runtimes print them, and panics and tracebacks as one block.
//!
//! A line says its level at its `head` (`12:04 ERROR ..`, `[warn] ..`, `a.c:3:5: error: ..`), by a `pair` (`level=warn`,
//! `"level":50`), or by being the first line of something `thrown` (`Traceback ..`, `thread 'main' panicked at ..`). Words in
//! the middle of a sentence say nothing. `blocks` hears lines in their order and tells the first line of a block only.

mod blocks;
mod bracket;
mod head;
mod inline;
mod level;
mod pair;
mod phrase;
mod thrown;
mod word;

pub use blocks::Blocks;
pub use level::{Level, level};
