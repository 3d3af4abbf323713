//! How the system's allocator keeps memory.

/// Larger pieces are taken from the system one by one, and given back when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SINGLE_BYTES: libc::c_int = 1024 * 1024;

/// Lets large pieces go back to the system as soon as they are freed. Left alone, glibc learns from the first
/// password hashed (19 MiB) to keep as much for every thread that ever hashed one.
pub fn give_back_early() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "mallopt is only offered by the C library")]
    // SAFETY: sets a number in the allocator, before any other thread runs.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, SINGLE_BYTES);
    }
}
