//! Recordings of real programs, and the lazy screen held against the full one.
