//! Personal values in events: which they are, and how they are taken out. The event keeps a commitment to each; value and
//! salt stand in `personal_datum`, where they can be erased without the event, its hash or its place in the log changing.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Nullable, Text, Uuid as SqlUuid};
use lotline_common::audit::AggregateKind;
use lotline_common::id::PersonId;
use lotline_common::merkle::opening::{COMMITMENT, Salt, commitment};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;

/// Whether a field of an event on a kind of thing tells of a human being, wherever in the details it stands. This list is
/// closed: whoever gives a thing a field for a person puts it here. Remarks and reasons are not in it; what they say is about
/// material, and they are evidence.
const fn is_personal(kind: AggregateKind, field: &str) -> bool {
    match field.as_bytes() {
        // A person with an account, in whatever they are named: who wrote it, who confirmed it, a member.
        b"display_name" | b"login" => true,
        // Somebody at a supplier, subcontractor or customer.
        b"contact_name" | b"phone" | b"email" => matches!(kind, AggregateKind::Partner),
        b"contact" => matches!(kind, AggregateKind::Material | AggregateKind::Recall),
        b"witness" => matches!(kind, AggregateKind::Material),
        b"partner_contact" | b"confirmed_name" => matches!(kind, AggregateKind::Issue),
        _ => false,
    }
}

/// A value that was taken out of an event.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    /// Where it stood, as a JSON pointer.
    path: String,
    /// Whom it tells of: the identifier beside it, which for a name or a login is the person's.
    subject: Option<Uuid>,
    value: String,
    salt: Salt,
}

/// Puts a commitment in the place of every personal value.
pub fn take_out(kind: AggregateKind, details: &mut Value) -> Vec<Taken> {
    let mut walk = Walk { kind, path: String::new(), taken: Vec::new() };
    walk.value(("", None), details);
    walk.taken
}

struct Walk {
    kind: AggregateKind,
    path: String,
    taken: Vec<Taken>,
}

impl Walk {
    /// `subject` is the identifier of the thing that the value is a field of.
    fn value(&mut self, (field, subject): (&str, Option<Uuid>), value: &mut Value) {
        match value {
            Value::String(text) if !text.is_empty() && is_personal(self.kind, field) => {
                let salt: Salt = rand::random();
                let held = json!({ COMMITMENT: hex::encode(commitment(&salt, text)) });
                self.taken.push(Taken { path: self.path.clone(), subject, value: std::mem::take(text), salt });
                *value = held;
            }
            Value::Array(values) => {
                for (index, value) in values.iter_mut().enumerate() {
                    self.below(&index.to_string(), (field, subject), value);
                }
            }
            Value::Object(fields) => {
                let own = fields.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
                for (name, value) in fields {
                    // The two sides of a change are values of the field that changed.
                    let field = if matches!(name.as_str(), "from" | "to") { field } else { name };
                    self.below(name, (field, own.or(subject)), value);
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, step: &str, named: (&str, Option<Uuid>), value: &mut Value) {
        let length = self.path.len();
        self.path.push('/');
        // Names of fields hold nothing that a JSON pointer would have to escape.
        self.path.push_str(step);
        self.value(named, value);
        self.path.truncate(length);
    }
}

/// Keeps what was taken out of events that are written already.
pub fn keep(tx: &mut Tx, taken: &[(Uuid, Taken)]) -> Result<()> {
    if taken.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO personal_datum (org_id, event_id, path, subject_id, value, salt)
         SELECT current_org(), * FROM unnest($1, $2, $3, $4, $5)",
    )
    .bind::<Array<SqlUuid>, _>(taken.iter().map(|(event, _)| *event).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(taken.iter().map(|(_, taken)| taken.path.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(taken.iter().map(|(_, taken)| taken.subject).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(taken.iter().map(|(_, taken)| taken.value.as_str()).collect::<Vec<_>>())
    .bind::<Array<Bytea>, _>(taken.iter().map(|(_, taken)| taken.salt.as_slice()).collect::<Vec<_>>())
    .cached()
    .run(tx.conn)?;
    Ok(())
}

/// Erases what the record of the organisation tells of a person with an account, and says how many values that were. What
/// they did stays, under their identifier.
///
/// # Errors
/// Those of the database.
pub fn erase(tx: &mut Tx, person: PersonId) -> Result<usize> {
    let erase = diesel::sql_query("DELETE FROM personal_datum WHERE org_id = current_org() AND subject_id = $1");
    Ok(erase.bind::<SqlUuid, _>(person.uuid()).execute(tx.conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths, subjects and values of what is taken out.
    fn taken(kind: AggregateKind, mut details: Value) -> (Vec<(String, Option<Uuid>, String)>, Value) {
        let taken = take_out(kind, &mut details);
        for taken in &taken {
            let held = json!({ "commitment": hex::encode(commitment(&taken.salt, &taken.value)) });
            assert_eq!(details.pointer(&taken.path), Some(&held), "the event holds the commitment");
            assert!(!details.to_string().contains(&taken.value), "and not the value");
        }
        (taken.into_iter().map(|taken| (taken.path, taken.subject, taken.value)).collect(), details)
    }

    #[test]
    fn names_and_logins_are_taken_out_wherever_they_stand_and_belong_to_the_person_beside_them() {
        let (clerk, member, thing) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let (found, rest) = taken(
            AggregateKind::Member,
            json!({
                "after": { "id": thing, "person": { "id": member, "login": "li.na", "display_name": "李娜", "locale": "en" } },
                "changes": { "lines": { "from": null, "to": [{ "made_by": { "id": clerk, "display_name": "王强" } }] } },
            }),
        );
        let text = str::to_owned;
        let expected = [
            (text("/after/person/display_name"), Some(member), text("李娜")),
            (text("/after/person/login"), Some(member), text("li.na")),
            (text("/changes/lines/to/0/made_by/display_name"), Some(clerk), text("王强")),
        ];
        assert_eq!(found, expected);
        assert_eq!((&rest["after"]["id"], &rest["after"]["person"]["locale"]), (&json!(thing), &json!("en")));
    }

    #[test]
    fn contacts_are_personal_on_the_things_that_have_them_and_nowhere_else() {
        let fields = [
            "contact_name",
            "phone",
            "email",
            "contact",
            "witness",
            "partner_contact",
            "confirmed_name",
            "remark",
            "code",
        ];
        let personal = |kind| fields.into_iter().filter(|field| is_personal(kind, field)).collect::<Vec<_>>();
        assert_eq!(personal(AggregateKind::Partner), ["contact_name", "phone", "email"]);
        assert_eq!(personal(AggregateKind::Material), ["contact", "witness"]);
        assert_eq!(personal(AggregateKind::Recall), ["contact"]);
        assert_eq!(personal(AggregateKind::Issue), ["partner_contact", "confirmed_name"]);
        assert_eq!(personal(AggregateKind::Lot), Vec::<&str>::new());
    }

    #[test]
    fn both_sides_of_a_change_are_taken_out_and_what_is_empty_stays() {
        let changes =
            json!({ "changes": { "phone": { "from": "", "to": "+86 21" }, "email": { "from": "a@b", "to": null } } });
        let (found, rest) = taken(AggregateKind::Partner, changes);
        let paths: Vec<_> =
            found.iter().map(|(path, subject, value)| (path.as_str(), *subject, value.as_str())).collect();
        assert_eq!(paths, [("/changes/email/from", None, "a@b"), ("/changes/phone/to", None, "+86 21")]);
        assert_eq!(rest["changes"]["phone"]["from"], "");
    }

    #[test]
    fn every_value_has_a_salt_of_its_own() {
        let person = json!({ "id": Uuid::nil(), "display_name": "李娜" });
        let mut details = json!({ "made_by": person, "confirmed_by": person });
        let taken = take_out(AggregateKind::Lot, &mut details);
        assert_ne!(taken[0].salt, taken[1].salt);
        assert_ne!(details["made_by"], details["confirmed_by"]);
    }
}
