//! Pure decisions about signing.

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::approvals::ApprovalOutcome;
use lotline_common::ledger::DocumentKind;
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::signing::SignatureStanding;
use serde_json::Value;
use totp_rs::{Algorithm, TOTP};

/// Failures before a signer has to wait.
pub const FAILURES_ALLOWED: usize = 5;
/// How far back they count, and how long the wait is.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How long a passkey has to answer.
pub const REQUEST_LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// How long the owner of a password is told that an administrator set it.
pub const RESET_TOLD: TimeDelta = TimeDelta::days(30);
/// Seconds that a code of an authenticator app is good for (RFC 6238).
const STEP_SECONDS: u64 = 30;
/// Passkeys that somebody has at most.
pub const PASSKEYS: usize = 20;

/// Whether a signing may be tried now; of the failures within the window, the newest first.
///
/// # Errors
/// `signing_throttled` with the seconds to wait.
pub fn check_failures(failures: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), Refusal> {
    match failures.get(FAILURES_ALLOWED - 1).zip(failures.first()) {
        Some((_, last)) => {
            let seconds = (*last + WINDOW - now).num_seconds().max(1);
            Err(Refusal::new(ProblemCode::SigningThrottled).with("seconds", seconds))
        }
        None => Ok(()),
    }
}

/// The codes of an authenticator app.
///
/// # Errors
/// Only when the secret is too short.
fn codes(secret: &[u8]) -> anyhow::Result<TOTP> {
    TOTP::new(Algorithm::SHA1, 6, 1, STEP_SECONDS, secret.to_vec())
        .map_err(|error| anyhow::anyhow!("the secret of an authenticator: {error}"))
}

/// The step of time that a code is of: this one, or the one before or after, for clocks are not exact. None when it is of no
/// such step, or of one whose code was taken before.
///
/// # Errors
/// Only when the secret is too short.
pub fn code_step(secret: &[u8], code: &str, now: DateTime<Utc>, last_step: i64) -> anyhow::Result<Option<i64>> {
    let (codes, typed) = (codes(secret)?, code.split_whitespace().collect::<String>());
    let this = u64::try_from(now.timestamp())? / STEP_SECONDS;
    for step in this.saturating_sub(1)..=this + 1 {
        let number = i64::try_from(step)?;
        if number > last_step && codes.generate(step * STEP_SECONDS) == typed {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// The secret of an authenticator app as people and QR codes tell it.
///
/// # Errors
/// Only when the secret is too short.
pub fn secret_text(secret: &[u8]) -> anyhow::Result<String> {
    Ok(codes(secret)?.get_secret_base32())
}

/// The address that an authenticator app reads from a QR code. A login has no letter that would have to be escaped but `@`.
#[must_use]
pub fn secret_address(secret: &str, login: &str) -> String {
    format!("otpauth://totp/Lotline:{}?secret={secret}&issuer=Lotline", login.replace('@', "%40"))
}

/// What a record says, with the things it names told by their identifiers alone: their codes and numbers are there to be
/// read, and may change.
#[must_use]
pub fn essence(content: &Value) -> Value {
    match content {
        Value::Object(fields) => match fields.get("id") {
            Some(id) => id.clone(),
            None => Value::Object(fields.iter().map(|(name, value)| (name.clone(), essence(value))).collect()),
        },
        Value::Array(values) => Value::Array(values.iter().map(essence).collect()),
        other => other.clone(),
    }
}

/// Where a record names the files that lie with it.
const FILES: &str = "attachments";

/// Whether a document still says what was signed. A file that was laid later, or that its signer could not see, unmakes
/// no signature; one that was signed and is gone, or is another one, does.
#[must_use]
pub fn is_unchanged(now: &Value, signed: &Value) -> bool {
    essence(&without_other_files(now, signed)) == essence(signed)
}

/// The record as it is now, with no more files than those that were signed.
fn without_other_files(now: &Value, signed: &Value) -> Value {
    let mut now = now.clone();
    let Some(fields) = now.as_object_mut() else { return now };
    let Some(Value::Array(mut files)) = fields.remove(FILES) else { return now };
    let mut missed = signed.get(FILES).and_then(Value::as_array).cloned().unwrap_or_default();
    // Two files can be alike: each that was signed stands for one.
    files.retain(|file| {
        let found = missed.iter().position(|signed| signed == file);
        found.map(|at| missed.swap_remove(at)).is_some()
    });
    if !files.is_empty() {
        fields.insert(FILES.to_owned(), Value::Array(files));
    }
    now
}

/// The right that shows a kind of document, and with it who signed it.
#[must_use]
pub const fn right_to_see(kind: DocumentKind) -> Permission {
    match kind {
        DocumentKind::Agreement | DocumentKind::ClauseOverride => Permission::ContractView,
        DocumentKind::ApprovalFlow => Permission::FlowView,
        DocumentKind::Material | DocumentKind::LotRelease => Permission::StockView,
        DocumentKind::MasterdataChange => Permission::MasterdataView,
        DocumentKind::AccessChange => Permission::AccessView,
        _ => Permission::IssueView,
    }
}

/// What became of a signature that is itself as it was given.
#[must_use]
pub fn standing(unchanged: bool, approval: ApprovalOutcome, latest: bool) -> SignatureStanding {
    let in_effect = matches!(approval, ApprovalOutcome::Pending | ApprovalOutcome::Approved);
    match (unchanged, in_effect) {
        (true, true) => SignatureStanding::Valid,
        (true, false) if latest => SignatureStanding::Valid,
        (_, false) => SignatureStanding::Superseded,
        (false, true) => SignatureStanding::RecordChanged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn five_failures_make_a_signer_wait() {
        let now = at(10_000);
        let failures = vec![now - TimeDelta::minutes(5); FAILURES_ALLOWED];
        assert!(check_failures(&failures[1..], now).is_ok());
        let refusal = check_failures(&failures, now).unwrap_err();
        assert_eq!((refusal.code, refusal.figures["seconds"].as_str()), (ProblemCode::SigningThrottled, "600"));
    }

    /// RFC 6238, appendix B, of whose eight digits six are shown.
    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code_step(secret, code, at(second), 0).unwrap(), Some(second / 30), "{second}");
        }
        assert_eq!(code_step(secret, "287 082", at(59), 0).unwrap(), Some(1));
    }

    #[test]
    fn a_code_is_good_for_the_steps_around_it_and_once() {
        let secret = b"12345678901234567890";
        assert_eq!(code_step(secret, "287082", at(89), 0).unwrap(), Some(1), "one step late");
        assert_eq!(code_step(secret, "287082", at(29), 0).unwrap(), Some(1), "one step early");
        assert_eq!(code_step(secret, "287082", at(119), 0).unwrap(), None, "two steps late");
        assert_eq!(code_step(secret, "287082", at(59), 1).unwrap(), None, "taken before");
        assert_eq!(code_step(secret, "287083", at(59), 0).unwrap(), None);
    }

    #[test]
    fn a_code_that_was_renamed_changes_no_record() {
        let record = |code: &str, quantity: &str| json!({ "lines": [{ "item": { "id": "1", "code": code }, "quantity": quantity }], "order": { "id": "2", "number": "A" } });
        assert_eq!(essence(&record("RM-1", "5")), essence(&record("RM-2", "5")));
        assert_ne!(essence(&record("RM-1", "5")), essence(&record("RM-1", "6")));
    }

    #[test]
    fn a_file_that_comes_later_unmakes_no_signature_and_one_that_is_gone_or_differs_does() {
        let file = |name: &str, sha256: &str| json!({ "file_name": name, "sha256": sha256 });
        let (photo, paper) = (file("a.png", "01"), file("b.pdf", "02"));
        let record = |files: &[&Value]| {
            let mut record = json!({ "number": "A", "quantity": "5" });
            if !files.is_empty() {
                record[FILES] = json!(files);
            }
            record
        };
        let held = |now: &[&Value], signed: &[&Value]| is_unchanged(&record(now), &record(signed));
        assert!(held(&[], &[]) && held(&[&photo], &[&photo]));
        assert!(held(&[&photo], &[]) && held(&[&photo, &paper], &[&photo]), "laid later");
        assert!(held(&[&photo, &paper], &[&paper]), "not for this signer to see");
        assert!(held(&[&photo, &photo], &[&photo]), "the same laid again");
        assert!(!held(&[], &[&photo]) && !held(&[&paper], &[&photo, &paper]), "gone");
        assert!(!held(&[&photo], &[&photo, &photo]), "one of two alike gone");
        assert!(!held(&[&file("a.png", "03")], &[&photo]), "another content");
        assert!(!held(&[&file("c.png", "01")], &[&photo]), "another name");
        let mut other = record(&[&photo]);
        other["quantity"] = json!("6");
        assert!(!is_unchanged(&other, &record(&[])), "the rest counts as ever");
    }

    #[test]
    fn a_changed_record_is_another_version_only_where_it_may_be_changed() {
        use ApprovalOutcome::{Approved, Pending, Refused, Returned, Withdrawn};
        for settled in [Pending, Approved] {
            assert_eq!(standing(true, settled, false), SignatureStanding::Valid);
            assert_eq!(standing(false, settled, true), SignatureStanding::RecordChanged);
        }
        for ended in [Refused, Returned, Withdrawn] {
            assert_eq!(standing(true, ended, true), SignatureStanding::Valid);
            assert_eq!(standing(true, ended, false), SignatureStanding::Superseded);
            assert_eq!(standing(false, ended, true), SignatureStanding::Superseded);
        }
    }
}
