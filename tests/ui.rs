//! Frames drawn from views, keys in and the frame out.
