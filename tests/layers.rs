//! The table of who may import whom, held against the code.
