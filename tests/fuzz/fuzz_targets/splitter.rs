//! Lines for a shared terminal are lines, whatever bytes come and however they are split.
#![no_main]

#[path = "../../terminal/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|data: &[u8]| promises::of_the_splitter(data));
