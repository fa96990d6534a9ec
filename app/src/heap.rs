//! How the memory of the process is looked after.

/// Keeps the process as small as what it uses. The C library would give every busy thread a heap of
/// its own and let freed memory lie there: fifty people at work left 250 MB behind, of which a third
/// was in use. Two heaps, and large pieces (a list, a page of HTML, the memory of a password check)
/// straight from the system and back to it, cost no time that could be measured.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "the C library has no safe way to be told, and no crate has one"
)]
pub fn keep_small() {
    /// Heaps at most.
    const HEAPS: libc::c_int = 2;
    /// Bytes from which a piece comes from the system.
    const LARGE: libc::c_int = 256 * 1024;
    // SAFETY: mallopt takes two numbers and touches nothing of ours; no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE);
    }
}

/// Other systems' libraries do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub const fn keep_small() {}
