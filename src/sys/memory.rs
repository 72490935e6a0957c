//! How the allocator treats many threads. Not: how much memory anything uses.

/// Lets all threads share one arena of the allocator. glibc else gives each of the first dozens of threads one of its own, and
/// an idle reader thread would cost more memory than its job's history. Call it first of all. Nothing happens without glibc.
pub fn share_one_arena() {
    #[cfg(target_env = "gnu")]
    {
        #[expect(unsafe_code, reason = "mallopt has no safe wrapper")]
        // SAFETY: mallopt only sets a number; it may be called at any time.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, 1);
        }
    }
}
