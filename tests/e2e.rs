//! The real binary in a real PTY.
