//! Beginnings of lines that mean something as a whole. Not: single words (`word`).

use super::Level;

use Level::{Error, Info, Warning};

/// The level of a line, or of what stands after its time and its name, that begins with a phrase of this table.
pub(super) fn phrase(rest: &[u8]) -> Option<Level> {
    let table = starting_with(*rest.first()?);
    table
        .iter()
        .find(|(start, _)| rest.starts_with(start))
        .map(|(_, level)| *level)
        .or_else(|| panicked(rest))
}

type Table = &'static [(&'static [u8], Level)];

fn starting_with(first: u8) -> Table {
    match first {
        b'A' => &[(b"Aborted (core dumped)", Error)],
        b'B' => &[(b"BUILD FAILED", Error)],
        b'C' => {
            &[(b"CMake Error", Error), (b"CMake Warning", Warning), (b"CMake Deprecation Warning", Warning)]
        }
        b'E' => &[
            (b"Exception in ", Error),
            (b"Exception Group Traceback", Error),
            (b"Error response from", Error),
            (b"Error while ", Error),
            (b"Error during ", Error),
            (b"Error starting ", Error),
            (b"Error loading ", Error),
            (b"Error reading ", Error),
            (b"Error opening ", Error),
            (b"Error parsing ", Error),
            (b"Error creating ", Error),
            (b"Error connecting ", Error),
            (b"Error executing ", Error),
            (b"Error running ", Error),
            (b"Error processing ", Error),
            (b"Error occurred ", Error),
            (b"Error in ", Error),
            (b"Error from server", Error),
        ],
        b'F' => &[(b"Fatal error", Error), (b"Fatal Python error", Error)],
        b'I' => &[
            (b"Internal server error", Error),
            (b"Internal Server Error", Error),
            (b"Internal error:", Error),
        ],
        b'P' => &[
            (b"PHP Fatal error:", Error),
            (b"PHP Parse error:", Error),
            (b"PHP Warning:", Warning),
            (b"PHP Deprecated:", Warning),
            (b"PHP Notice:", Info),
            (b"Parse error:", Error),
        ],
        b'S' => &[(b"Segmentation fault", Error), (b"Syntax error:", Error)],
        b'T' => &[(b"Traceback (most recent call last)", Error)],
        b'U' => &[
            (b"UnhandledPromiseRejection", Error),
            (b"Unhandled exception", Error),
            (b"Unhandled Exception", Error),
            (b"Unhandled promise rejection", Error),
            (b"Unhandled Promise Rejection", Error),
            (b"Unhandled Rejection", Error),
            (b"Unhandled rejection", Error),
            (b"Uncaught exception", Error),
            (b"Uncaught Exception", Error),
            (b"Uncaught Error", Error),
            (b"Uncaught TypeError", Error),
            (b"Uncaught ReferenceError", Error),
            (b"Uncaught SyntaxError", Error),
            (b"Uncaught RangeError", Error),
        ],
        b'f' => &[(b"fatal error:", Error), (b"fatal error C", Error), (b"fatal error LNK", Error)],
        b'n' => &[
            (b"npm ERR!", Error),
            (b"npm error ", Error),
            (b"npm WARN ", Warning),
            (b"npm warn ", Warning),
            (b"npm notice", Info),
            (b"npm info ", Info),
        ],
        b's' => &[(b"syntax error:", Error)],
        b'=' => &[(b"=ERROR REPORT", Error), (b"=CRASH REPORT", Error), (b"=WARNING REPORT", Warning)],
        b'*' => &[(b"** (", Error)],
        b':' => &[(b"::error", Error), (b"::warning", Warning)],
        b'#' => &[(b"##[error]", Error), (b"##[warning]", Warning)],
        _ => &[],
    }
}

/// `thread 'main' panicked at ..`: the name of the thread stands between.
fn panicked(rest: &[u8]) -> Option<Level> {
    let name = rest.strip_prefix(b"thread '")?;
    let found = name.windows(b"' panicked at".len()).take(128);
    let panicked = found.clone().any(|part| part == b"' panicked at") || {
        // Newer ones tell the number of the thread: `thread 'main' (4711) panicked at`.
        name.windows(b") panicked at".len()).take(128).any(|part| part == b") panicked at")
    };
    panicked.then_some(Error)
}
