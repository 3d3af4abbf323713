//! Pure decisions about sign-in, passwords and roles.

use chrono::{DateTime, TimeDelta, Utc};
use lettre::Address;
use lotline_common::access::{MINIMUM_PASSWORD_LENGTH, Member, MemberCreate, PersonPreferences, RoleWrite};
use lotline_common::id::PersonId;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};

use crate::masterdata::rules::name_fields;

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

/// Bytes that an e-mail address has at most (RFC 5321, section 4.5.3.1.3).
const MAXIMUM_EMAIL_LENGTH: usize = 254;

/// The e-mail address as it is kept; none when it is left empty.
#[must_use]
pub fn email_given(preferences: &PersonPreferences) -> Option<&str> {
    preferences.email.as_deref().map(str::trim).filter(|email| !email.is_empty())
}

/// Checks the own settings: who wants mails says where to.
///
/// # Errors
/// `fields_invalid`.
pub fn check_preferences(preferences: &PersonPreferences) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    match email_given(preferences) {
        Some(email) if !is_email(email) => {
            check.refuse("/email", Refusal::new(ProblemCode::FieldFormat).with("expected", "name@example.com"));
        }
        None if preferences.mail_notices => check.refuse("/email", Refusal::new(ProblemCode::FieldRequired)),
        _ => {}
    }
    check.finish()
}

/// Whether something can be sent to an address.
fn is_email(text: &str) -> bool {
    let plain = !text.contains(|letter: char| letter.is_control() || letter.is_whitespace());
    plain && text.len() <= MAXIMUM_EMAIL_LENGTH && text.parse::<Address>().is_ok()
}

/// Whether a sign-in name can be given to a person.
#[must_use]
pub fn is_login(login: &str) -> bool {
    let rest = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._@-".contains(letter);
    (2..=64).contains(&login.len())
        && login.starts_with(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        && login.chars().all(rest)
}

/// Checks a new member as written; the login is in its lower-case form.
///
/// # Errors
/// `fields_invalid`.
pub fn check_member(login: &str, member: &MemberCreate) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    if !is_login(login) {
        check.refuse("/login", Refusal::new(ProblemCode::FieldFormat).with("expected", "a-z 0-9 . _ @ - (2–64)"));
    }
    check.required_text("/display_name", &member.display_name, 100);
    password_field(&mut check, "/password", &member.password);
    check.finish()
}

/// What is known of a login that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownLogin {
    /// Is or was a member here.
    pub member_here: bool,
    /// Works for subcontractors only, whatever maker they serve.
    pub portal_only: bool,
}

/// Whether a login that exists may join as the person it is. Only a subcontractor's person serves
/// several makers, and is nobody's own. Every other case is said alike, so that the answer does not
/// tell whose the login is.
///
/// # Errors
/// `code_taken`.
pub fn check_joining(login: &str, known: KnownLogin, portal: bool) -> Result<(), Refusal> {
    if portal && known.portal_only && !known.member_here {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::CodeTaken).with("code", login))
}

/// Somebody who is to be erased.
#[derive(Debug)]
pub struct Leaver<'a> {
    /// Their membership here.
    pub member: &'a Member,
    /// May still work here or for another maker.
    pub active: bool,
    /// The account was made here, or tells of nobody any more.
    pub own: bool,
}

/// Whether a person can be erased for this reason. The reason goes into the record for good, so it must not name them.
///
/// # Errors
/// `person_erased`, `membership_active`, `person_of_other`, `fields_invalid`.
pub fn check_erasure(leaver: &Leaver, reason: &str) -> Result<(), Refusal> {
    let person = &leaver.member.person;
    let refusal = |code| Refusal::new(code).with("person", &person.display_name);
    if leaver.member.erased_at.is_some() {
        return Err(refusal(ProblemCode::PersonErased));
    }
    if leaver.active {
        return Err(refusal(ProblemCode::MembershipActive));
    }
    if !leaver.own {
        return Err(Refusal::new(ProblemCode::PersonOfOther).with("login", &person.login));
    }
    let mut check = FieldCheck::new();
    check.required_text("/reason", reason, 2_000);
    let reason = reason.to_lowercase();
    let names = [&person.display_name, &person.login].map(|name| name.to_lowercase());
    if names.iter().any(|name| name.chars().nth(1).is_some() && reason.contains(name)) {
        check.refuse("/reason", Refusal::new(ProblemCode::ReasonNamesPerson));
    }
    check.finish()
}

/// A login that nobody has and that tells of nobody.
#[must_use]
pub fn neutral_login(id: PersonId) -> String {
    format!("erased-{id}")
}

/// What is shown in the place of an erased person's name. The last digits of the identifier are random, and tell erased
/// people apart.
#[must_use]
pub fn neutral_name(id: PersonId) -> String {
    let digits = id.uuid().as_u128() & 0xffff;
    format!("已删除人员 erased person {digits:04x}")
}

/// Checks a role as written.
///
/// # Errors
/// `fields_invalid`.
pub fn check_role(role: &RoleWrite) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let fits = role.code.starts_with(|letter: char| letter.is_ascii_lowercase())
        && (2..=32).contains(&role.code.len())
        && role.code.chars().all(plain);
    if !fits {
        check.refuse("/code", Refusal::new(ProblemCode::FieldFormat).with("expected", "a-z 0-9 - (2–32)"));
    }
    name_fields(&mut check, &role.name);
    if !is_one_kind(&role.permissions) {
        check.refuse("/permissions", Refusal::new(ProblemCode::RoleUnfit).with("role", &role.code));
    }
    check.finish()
}

/// Whether a role's permissions are of one kind: portal only, or none of it.
fn is_one_kind(permissions: &[Permission]) -> bool {
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
    use lotline_common::locale::{Locale, Name};

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
    fn a_roles_rights_are_the_portals_or_our_own_and_never_both() {
        let role = |code: &str, permissions: &[Permission]| RoleWrite {
            code: code.to_owned(),
            name: Name { zh: "仓库".to_owned(), en: String::new() },
            permissions: permissions.to_vec(),
        };
        let own = [Permission::StockView, Permission::IssuePick];
        assert!(check_role(&role("warehouse", &own)).is_ok());
        assert!(check_role(&role("w", &own)).is_err());
        assert!(check_role(&role("Warehouse", &own)).is_err());
        let mixed = check_role(&role("warehouse", &[Permission::StockView, Permission::PortalView])).unwrap_err();
        assert_eq!(mixed.fields[0].refusal.code, ProblemCode::RoleUnfit);
    }

    #[test]
    fn only_a_subcontractors_person_of_another_maker_joins_with_a_login_that_exists() {
        let joins = |member_here, portal_only, portal| {
            check_joining("chen.wei", KnownLogin { member_here, portal_only }, portal)
        };
        assert!(joins(false, true, true).is_ok());
        let elsewhere = joins(false, false, true).unwrap_err();
        for refused in [joins(true, true, true), joins(false, true, false), joins(false, false, false)] {
            assert_eq!(refused.unwrap_err(), elsewhere);
        }
    }

    #[test]
    fn who_wants_mails_says_where_to() {
        let check = |email: Option<&str>, mail_notices| {
            let email = email.map(str::to_owned);
            let refused = check_preferences(&PersonPreferences { locale: Locale::En, email, mail_notices }).err();
            refused.map(|refused| (refused.fields[0].pointer.clone(), refused.fields[0].refusal.code))
        };
        assert_eq!(check(None, false), None);
        assert_eq!(check(Some(" "), false), None);
        assert_eq!(check(Some(" li.na@maker.example "), true), None);
        let at_email = |code| Some(("/email".to_owned(), code));
        assert_eq!(check(None, true), at_email(ProblemCode::FieldRequired));
        assert_eq!(check(Some(""), true), at_email(ProblemCode::FieldRequired));
        let long = format!("li.na@{}.example", "a.".repeat(130));
        for wrong in
            ["li.na", "@maker.example", "li na@maker.example", "li.na@maker\r\nBcc: x@y.example", long.as_str()]
        {
            assert_eq!(check(Some(wrong), false), at_email(ProblemCode::FieldFormat), "{wrong}");
        }
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
