//! The lazy screen and the full one agree, whatever bytes come.
#![no_main]

#[path = "../../terminal/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|data: &[u8]| promises::of_lazy_and_full(data));
