//! How much memory the process holds, as Linux counts it; nothing elsewhere.

fn kilobytes(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Bytes held now.
pub fn held() -> Option<u64> {
    kilobytes("VmRSS:").map(|n| n * 1024)
}

/// The most bytes held since [`forget_peak`].
pub fn peak() -> Option<u64> {
    kilobytes("VmHWM:").map(|n| n * 1024)
}

/// Starts the peak anew.
pub fn forget_peak() {
    // without it the peak is that of the whole run, and too large
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
