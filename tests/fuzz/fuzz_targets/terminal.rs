//! Any bytes, sizes, looks, notes and runs: see `tests/terminal/promises.rs` for what must hold.
#![no_main]

#[path = "../../terminal/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|data: &[u8]| promises::of_a_terminal(data));
