//! Whatever stands in the files of a history: it opens, all its lines can be read, and it goes on. The checksums are not looked
//! at here (`cfg(fuzzing)`), or nothing but them would be tried.
#![no_main]

#[path = "../../terminal/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|data: &[u8]| promises::of_a_history(data));
