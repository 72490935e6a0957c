//! Panics of the parser, kept from ending the program: whatever a job prints, the others go on.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CONTAINING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread would be contained now: the panic hook must then not restore the terminal nor print.
pub fn containing() -> bool {
    CONTAINING.get()
}

/// Does something that may panic. After a panic what it worked on must be thrown away.
pub(super) fn contain<T>(deed: impl FnOnce() -> T) -> Option<T> {
    let outer = CONTAINING.replace(true);
    let done = catch_unwind(AssertUnwindSafe(deed));
    CONTAINING.set(outer);
    done.ok()
}
