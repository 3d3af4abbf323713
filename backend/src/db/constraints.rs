//! The last wall: a constraint that refuses is a rule that was not caught before, and is said in
//! the same words.

use diesel::result::{DatabaseErrorInformation, Error as DieselError};
use lotline_common::problem::{ProblemCode, Refusal};

use crate::error::Error;

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
        return Some(Refusal::new(ProblemCode::CodeTaken).with("code", "—"));
    }
    match name {
        "lot_code_key" => Some(Refusal::new(ProblemCode::LotCodeTaken).with("lot", "—").with("item", "—")),
        "stock_balance_serial_place" => {
            let said: serde_json::Value = serde_json::from_str(information.details()?).ok()?;
            let figure = |name: &str| said.get(name).and_then(|text| text.as_str()).unwrap_or("—").to_owned();
            let refusal = Refusal::new(ProblemCode::SerialElsewhere).with("item", figure("item"));
            let refusal = refusal.with("lot", figure("lot")).with("elsewhere", figure("elsewhere"));
            Some(refusal.with("location", figure("location")))
        }
        "lot_dates_check" => Some(
            Refusal::new(ProblemCode::DateOrderWrong).with("later", "expires_on").with("earlier", "manufactured_on"),
        ),
        _ => None,
    }
}

/// Says which value is taken: each one stands with its unique key. Behind the walls of row-level security
/// PostgreSQL does not tell.
pub fn name_taken<'a>(values: &'a [(&'a str, &'a str)]) -> impl FnOnce(DieselError) -> Error + 'a {
    move |error| {
        let key = match &error {
            DieselError::DatabaseError(_, information) => information.constraint_name().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        match (values.iter().find(|(name, _)| *name == key), Error::from(error)) {
            (Some((_, value)), Error::Refused(refusal)) => refusal.with("code", value).into(),
            (_, error) => error,
        }
    }
}
