//! Pure decisions about change requests: what is signed of an act, what people call its thing, and what is kept of people.

use lotline_common::changes::{ChangeAct, ChangeRequest, ChangeState};
use lotline_common::id::PersonId;
use lotline_common::problem::{ProblemCode, Refusal};
use serde_json::Value;

/// Fields of an act that tell of somebody at a supplier, subcontractor or customer. They are kept while the act waits, and
/// in the thing itself.
pub const PERSONAL: [&str; 3] = ["contact_name", "phone", "email"];

/// An act as it is signed: without what tells of human beings, which can be erased where a signed record cannot.
#[must_use]
pub fn signed(change: &Value) -> Value {
    let mut signed = change.clone();
    if let Some(command) = signed.get_mut("command").and_then(Value::as_object_mut) {
        command.retain(|field, _| !PERSONAL.contains(&field.as_str()));
    }
    signed
}

/// Takes the names of people with accounts out of what would be different; their identifiers stay.
pub fn take_names_out(changes: &mut Value) {
    match changes {
        Value::Object(fields) => {
            fields.retain(|field, _| !matches!(field.as_str(), "display_name" | "login"));
            fields.values_mut().for_each(take_names_out);
        }
        Value::Array(values) => values.iter_mut().for_each(take_names_out),
        _ => {}
    }
}

/// What people call the thing of an act, as it would be after it. A member is called by their account.
#[must_use]
pub fn subject(act: ChangeAct, after: &Value) -> String {
    let text = |pointer: &str| after.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    match act {
        ChangeAct::MemberUpdate => String::new(),
        ChangeAct::BomTransition => format!("{} {}", text("/product/code"), text("/revision")),
        _ => text("/code"),
    }
}

/// Whether a request can still be taken back, and by whom.
///
/// # Errors
/// `not_found` for anybody who did not ask for it, `state_forbids`.
pub fn check_withdrawal(request: &ChangeRequest, asker: PersonId) -> Result<(), Refusal> {
    if request.requested_by.id != asker {
        return Err(Refusal::new(ProblemCode::NotFound));
    }
    check_pending(request)
}

/// Whether a request waits.
///
/// # Errors
/// `state_forbids`.
pub fn check_pending(request: &ChangeRequest) -> Result<(), Refusal> {
    if request.state == ChangeState::Pending {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::StateForbids).with("number", &request.number).with("state", request.state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_signed_tells_of_no_contact_and_of_everything_else() {
        let change = json!({ "act": "partner_update", "id": "1", "command": { "code": "SUB-A", "phone": "1", "email": "a@b",
            "contact_name": "王", "risk": "high" } });
        let signed = signed(&change);
        assert_eq!(
            signed,
            json!({ "act": "partner_update", "id": "1", "command": { "code": "SUB-A", "risk": "high" } })
        );
    }

    #[test]
    fn people_are_known_by_their_identifiers_alone() {
        let mut changes = json!({ "manager": { "from": null, "to": { "id": "7", "display_name": "李娜" } },
            "roles": { "from": [], "to": [{ "id": "8", "code": "quality" }] } });
        take_names_out(&mut changes);
        assert_eq!(changes["manager"]["to"], json!({ "id": "7" }));
        assert_eq!(changes["roles"]["to"], json!([{ "id": "8", "code": "quality" }]));
    }

    #[test]
    fn a_thing_is_called_by_its_code_and_a_member_by_nothing_that_is_kept() {
        let after = json!({ "code": "RM-1", "product": { "code": "FG-1" }, "revision": "B" });
        assert_eq!(subject(ChangeAct::ItemUpdate, &after), "RM-1");
        assert_eq!(subject(ChangeAct::BomTransition, &after), "FG-1 B");
        assert_eq!(subject(ChangeAct::MemberUpdate, &after), "");
    }
}
