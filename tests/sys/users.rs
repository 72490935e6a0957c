//! Jobs of another user.
