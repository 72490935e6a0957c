//! Nothing harmful passes the filter, and where the bytes are split does not matter.
#![no_main]

#[path = "../../terminal/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|data: &[u8]| promises::of_the_filter(data));
