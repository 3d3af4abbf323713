//! Passwords: Argon2id, at most two hashed at a time, so that a rush of sign-ins cannot take the
//! memory (R37: m = 19 MiB, t = 2, p = 1).

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

/// Hashes computed at the same time; each takes 19 MiB.
const CONCURRENT_HASHES: usize = 2;

static RUNNING: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// A password's PHC string with a salt of its own.
///
/// # Errors
/// Only when the system has no randomness.
pub fn hash(password: &str) -> anyhow::Result<String> {
    gated(|| Argon2::default().hash_password(password.as_bytes()))
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("hashing a password: {error}"))
}

/// Whether a password is the one behind a PHC string. Without one the same work is done against
/// nothing, so that the time does not tell whether a login exists.
#[must_use]
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let parsed = stored.and_then(|stored| PasswordHash::new(stored).ok());
    match parsed {
        Some(parsed) => gated(|| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()),
        None => {
            let _ = hash(password);
            false
        }
    }
}

fn gated<T>(work: impl FnOnce() -> T) -> T {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut running =
        FREED.wait_while(running, |running| *running >= CONCURRENT_HASHES).unwrap_or_else(PoisonError::into_inner);
    *running += 1;
    drop(running);
    let value = work();
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    FREED.notify_one();
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_argon2id_with_the_policys_cost() {
        let stored = hash("correct horse battery").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterz", Some(&stored)));
        assert!(!verify("anything", None));
    }
}
