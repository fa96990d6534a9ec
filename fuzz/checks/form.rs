//! A posted form: whatever bytes arrive, an answer comes back, never a panic.

use engawa_kernel::form::Posted;

/// Parses `data` as `application/x-www-form-urlencoded`.
pub fn check(data: &[u8]) {
    let _ = Posted::parse_urlencoded(data);
}
