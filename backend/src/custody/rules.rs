//! Pure decisions about deliveries and their confirmation.

/// Bytes that a photo has at most.
pub const MAXIMUM_FILE_BYTES: usize = 8 * 1024 * 1024;
