//! Pure decisions about sign-in, passwords and roles.

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::access::MINIMUM_PASSWORD_LENGTH;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};

/// Failures from one address for one login before it has to wait.
pub const FAILURES_ALLOWED: usize = 5;
/// How far back failures count, and how long the wait is.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Characters a password has at most.
const MAXIMUM_PASSWORD_LENGTH: usize = 128;
/// Failures for one login from anywhere, after which an address that never succeeded has to wait.
pub const FAILURES_FROM_ANYWHERE: usize = 50;

/// How long a session lives at most.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::hours(14);
/// How long a session lives without use.
pub const SESSION_IDLE: TimeDelta = TimeDelta::hours(4);

/// What is remembered of attempts at one login.
#[derive(Debug, Default)]
pub struct Attempts {
    /// Times of failures from this address within the window, newest first.
    pub failed_here: Vec<DateTime<Utc>>,
    /// Failures from any address within the window.
    pub failed_anywhere: usize,
    /// Somebody signed in with this login from this address before.
    pub known_address: bool,
}

/// Whether a sign-in may be tried now. An address is judged by its own failures; only an address
/// that never succeeded is also judged by everybody's, so that an attacker elsewhere cannot keep a
/// person out of the place they always sign in from.
///
/// # Errors
/// `sign_in_throttled` with the seconds to wait.
pub fn check_attempts(attempts: &Attempts, now: DateTime<Utc>) -> Result<(), Refusal> {
    let last_failure = attempts.failed_here.first().copied();
    let too_many_here = attempts.failed_here.len() >= FAILURES_ALLOWED;
    let too_many_anywhere = !attempts.known_address && attempts.failed_anywhere >= FAILURES_FROM_ANYWHERE;
    if !too_many_here && !too_many_anywhere {
        return Ok(());
    }
    let until = last_failure.unwrap_or(now) + WINDOW;
    Err(Refusal::new(ProblemCode::SignInThrottled).with("seconds", (until - now).num_seconds().max(1)))
}

/// Passwords that everybody tries first. Length does the rest; there are no rules of composition.
const COMMON_PASSWORDS: &[&str] = &[
    "123456789012",
    "1234567890123",
    "password1234",
    "passwordpassword",
    "qwertyuiop12",
    "administrator",
    "iloveyou1234",
    "letmein123456",
    "111111111111",
    "000000000000",
    "abcdefghijkl",
    "abcd12345678",
    "woaini1314520",
    "lotline-lotline",
    "changeme1234",
];

/// Whether a password may be used.
///
/// # Errors
/// `password_weak`.
pub fn check_password(password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    let common = COMMON_PASSWORDS.contains(&password.to_lowercase().as_str());
    if common || !(MINIMUM_PASSWORD_LENGTH..=MAXIMUM_PASSWORD_LENGTH).contains(&length) {
        return Err(Refusal::new(ProblemCode::PasswordWeak).with("minimum", MINIMUM_PASSWORD_LENGTH));
    }
    Ok(())
}

/// Notes a password that may not be used.
pub fn password_field(check: &mut FieldCheck, pointer: &str, password: &str) {
    check.check(pointer, check_password(password));
}

/// Whether a sign-in name can be given to a person.
#[must_use]
pub fn is_login(login: &str) -> bool {
    let rest = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._@-".contains(letter);
    (2..=64).contains(&login.len())
        && login.starts_with(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        && login.chars().all(rest)
}

/// Whether a role's permissions are of one kind: portal only, or none of it.
#[must_use]
pub fn is_one_kind(permissions: &[Permission]) -> bool {
    permissions.iter().all(|permission| permission.is_portal())
        || !permissions.iter().any(|permission| permission.is_portal())
}

/// Whether a role fits a member: portal roles for a subcontractor's people, the others for our own.
///
/// # Errors
/// `role_unfit`.
pub fn check_role_fits(code: &str, permissions: &[Permission], portal_member: bool) -> Result<(), Refusal> {
    if permissions.iter().all(|permission| permission.is_portal() == portal_member) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::RoleUnfit).with("role", code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_to_wait(attempts: &Attempts, now: DateTime<Utc>) -> Option<i64> {
        check_attempts(attempts, now).err().map(|refusal| refusal.figures["seconds"].parse().unwrap())
    }

    #[test]
    fn five_failures_make_an_address_wait_and_no_other() {
        let now = Utc::now();
        let failed_here = vec![now - TimeDelta::minutes(5); FAILURES_ALLOWED];
        assert_eq!(seconds_to_wait(&Attempts { failed_here, ..Attempts::default() }, now), Some(600));
        let elsewhere = Attempts { failed_anywhere: 49, ..Attempts::default() };
        assert_eq!(seconds_to_wait(&elsewhere, now), None);
    }

    #[test]
    fn an_attack_from_elsewhere_does_not_lock_a_person_out_of_their_own_place() {
        let now = Utc::now();
        let attack = Attempts { failed_anywhere: 10_000, ..Attempts::default() };
        assert!(seconds_to_wait(&attack, now).is_some());
        let at_home = Attempts { known_address: true, failed_anywhere: 10_000, ..Attempts::default() };
        assert_eq!(seconds_to_wait(&at_home, now), None);
    }

    #[test]
    fn a_password_needs_length_and_must_not_be_common() {
        assert!(check_password("elf letters").is_err());
        assert!(check_password("Password1234").is_err());
        assert!(check_password("钛合金骨螺钉三点五乘三十毫米").is_ok());
        assert!(check_password("lotline-demo").is_ok());
    }

    #[test]
    fn portal_roles_are_for_the_subcontractors_people_only() {
        assert!(check_role_fits("portal", &[Permission::PortalView], true).is_ok());
        assert!(check_role_fits("portal", &[Permission::PortalView], false).is_err());
        assert!(check_role_fits("clerk", &[Permission::OrderView], true).is_err());
    }

    #[test]
    fn sign_in_names_are_plain() {
        for good in ["li.na", "a1", "portal-machining", "x@y.cn"] {
            assert!(is_login(good), "{good}");
        }
        for bad in ["", "a", "Li", ".a", "a b", "李娜"] {
            assert!(!is_login(bad), "{bad}");
        }
    }
}
