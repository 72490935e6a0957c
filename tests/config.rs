//! Good and bad files, each with its messages as a snapshot.
