//! Secrets of the server, each in a file of its own that only the server's user can read.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;

/// Reads 32 secret bytes, making them at the first start.
///
/// # Errors
/// When the file cannot be read or made.
pub fn read_or_make(file: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || format!("the secret at {}", file.display());
    match OpenOptions::new().read(true).open(file) {
        Ok(mut opened) => {
            let mut secret = Vec::new();
            opened.read_to_end(&mut secret).with_context(named)?;
            anyhow::ensure!(secret.len() >= 32, "{} is too short", named());
            Ok(secret)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(file).with_context(named),
        Err(error) => Err(error).with_context(named),
    }
}

fn make(file: &Path) -> anyhow::Result<Vec<u8>> {
    let secret: [u8; 32] = rand::random();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file)?;
    made.write_all(&secret)?;
    // What is signed or sealed with it is soon on the disk: so must it be, with its name in the folder.
    made.sync_all()?;
    #[cfg(unix)]
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(secret.to_vec())
}
