//! The facilities of the kernel, each against the real kernel.
