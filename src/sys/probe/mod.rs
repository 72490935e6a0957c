//! Questions to the world: a port, a web server, a file, a folder. Not: when they are asked, how long an answer is waited for,
//! and commands, which are processes like any other.

mod ask;
mod folder;
mod http;
mod tcp;
mod turns;

pub use ask::ask;
pub use turns::Turns;
