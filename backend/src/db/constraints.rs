//! The last wall: a constraint that refuses is a rule that was not caught before, and is said in
//! the same words.

use diesel::result::DatabaseErrorInformation;
use lotline_common::problem::{ProblemCode, Refusal};

/// Unique keys that stand for a code somebody chose.
const CODE_KEYS: &[&str] = &[
    "bom_revision_key",
    "item_code_key",
    "location_code_key",
    "operation_code_key",
    "organisation_code_key",
    "partner_code_key",
    "person_login_key",
    "membership_person_key",
    "role_code_key",
    "unit_code_key",
    "item_gtin_key",
];

/// The refusal that a violated constraint stands for; none where it can only be our own mistake.
#[must_use]
pub fn refusal(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<Refusal> {
    let name = information.constraint_name()?;
    if CODE_KEYS.contains(&name) {
        return Some(Refusal::new(ProblemCode::CodeTaken).with("code", taken_value(information)));
    }
    match name {
        "lot_code_key" => {
            Some(Refusal::new(ProblemCode::LotCodeTaken).with("lot", taken_value(information)).with("item", "—"))
        }
        "lot_dates_check" => Some(
            Refusal::new(ProblemCode::DateOrderWrong).with("later", "expires_on").with("earlier", "manufactured_on"),
        ),
        _ => None,
    }
}

/// The value that is taken, read from PostgreSQL's `Key (a, b)=(x, y) already exists.`
fn taken_value(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> String {
    information
        .details()
        .and_then(|details| details.rsplit_once(")=("))
        .and_then(|(_, values)| values.split_once(')'))
        .and_then(|(values, _)| values.rsplit(", ").next())
        .unwrap_or("—")
        .to_owned()
}
