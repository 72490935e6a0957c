//! Arguments, help and exit codes of the real binary.
