//! Only the terminal of zap, under the name of zap: what is fuzzed needs no more, and is built in a tenth of the time.

#![allow(dead_code, reason = "the other rooms use it")]
#![allow(missing_docs, unreachable_pub, reason = "the lints of zap look at it there")]

#[path = "../../../src/terminal/mod.rs"]
pub mod terminal;
