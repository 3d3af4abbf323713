//! How much memory there is, and how the system's allocator keeps it.

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

/// Megabytes of memory that there are to be used: the machine's, or fewer where a container is held to fewer. None where the
/// system does not say.
#[must_use]
pub fn megabytes() -> Option<u64> {
    let told = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    fewest(&told("/proc/meminfo"), &told("/sys/fs/cgroup/memory.max"))
}

/// By Linux's `meminfo` (kibibytes) and a control group's `memory.max` (bytes, or `max` for no limit).
fn fewest(machine: &str, container: &str) -> Option<u64> {
    let total = machine.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let total = total.trim().strip_suffix("kB")?.trim_end().parse::<u64>().ok()? / 1024;
    let limit = container.trim().parse::<u64>().map_or(u64::MAX, |bytes| bytes / (1024 * 1024));
    Some(total.min(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "MemTotal:       16384000 kB\nMemFree:          531220 kB\n";

    #[test]
    fn a_container_has_what_it_is_held_to() {
        assert_eq!(fewest(MACHINE, "max\n"), Some(16000));
        assert_eq!(fewest(MACHINE, ""), Some(16000));
        assert_eq!(fewest(MACHINE, "536870912\n"), Some(512));
        assert_eq!(fewest(MACHINE, "9223372036854771712\n"), Some(16000));
        assert_eq!(fewest("", "536870912\n"), None);
    }
}
