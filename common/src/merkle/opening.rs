//! Personal values in the record. An event holds a commitment in the place of each; value and salt are kept beside the log,
//! where they can be erased, and whoever has them can check that they are what was recorded.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Hash, hex};

/// Random bytes that go into one commitment and no other: without them a value cannot be guessed from its commitment.
pub type Salt = [u8; 32];

/// What stands before salt and value where they are hashed: it keeps these bytes apart from those of leaves and nodes.
const PREFIX: &[u8] = b"lotline.personal-value/1\0";

/// The only field of what stands in an event in the place of a personal value.
pub const COMMITMENT: &str = "commitment";

/// Commitment to a text: SHA-256(prefix || salt || text in UTF-8). The salt's length is fixed, so that no other salt and
/// text give the same bytes.
#[must_use]
pub fn commitment(salt: &Salt, value: &str) -> Hash {
    Sha256::new().chain_update(PREFIX).chain_update(salt).chain_update(value).finalize().into()
}

/// A personal value of an event with what opens its commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Where it stood in the event's details, as a JSON pointer.
    pub path: String,
    /// The value.
    pub value: String,
    /// Its salt, hexadecimal.
    pub salt: String,
}

impl Opening {
    /// Whether it is what the details hold the commitment of.
    fn opens(&self, details: &Value) -> bool {
        let stated = details.pointer(&self.path).and_then(committed);
        let salt = hex::decode(&self.salt);
        stated.zip(salt).is_some_and(|(stated, salt)| stated == hex::encode(&commitment(&salt, &self.value)))
    }
}

/// The commitment, if that is what a value is.
fn committed(value: &Value) -> Option<&str> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get(COMMITMENT)?.as_str()
}

fn count(value: &Value) -> u64 {
    match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(_) if committed(value).is_some() => 1,
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// What became of the personal values of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opened {
    /// Values that are there and are what was recorded.
    pub opened: u64,
    /// Values that are not there any more.
    pub erased: u64,
}

/// Compares openings with the details of their event; nothing when one of them is not what was recorded.
#[must_use]
pub fn open(details: Option<&str>, openings: &[Opening]) -> Option<Opened> {
    // Most events have none; those are not taken apart.
    let details = details.filter(|details| details.contains("\"commitment\":"));
    let details: Value = match details {
        None => return openings.is_empty().then(Opened::default),
        Some(details) => serde_json::from_str(details).ok()?,
    };
    let opened: BTreeSet<&str> = openings.iter().map(|opening| opening.path.as_str()).collect();
    let all_open = opened.len() == openings.len() && openings.iter().all(|opening| opening.opens(&details));
    let opened = u64::try_from(opened.len()).ok().filter(|_| all_open)?;
    Some(Opened { opened, erased: count(&details).checked_sub(opened)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn opening(path: &str, value: &str) -> Opening {
        Opening { path: path.to_owned(), value: value.to_owned(), salt: hex::encode(&[7; 32]) }
    }

    #[test]
    fn a_commitment_is_the_hash_that_the_architecture_names() {
        let expected = Sha256::digest([PREFIX, &[7; 32], "李娜".as_bytes()].concat());
        assert_eq!(commitment(&[7; 32], "李娜")[..], expected[..]);
        assert_ne!(commitment(&[7; 32], "李娜"), commitment(&[8; 32], "李娜"));
    }

    #[test]
    fn an_opening_opens_its_own_commitment_and_no_other() {
        let held = |value: &str| json!({ "commitment": hex::encode(&commitment(&[7; 32], value)) });
        let details = json!({ "after": { "login": held("li.na"), "people": [{ "name": held("李娜") }], "n": 1 } });
        let open = |openings: &[Opening]| open(Some(&details.to_string()), openings);
        let (login, name) = (opening("/after/login", "li.na"), opening("/after/people/0/name", "李娜"));
        assert_eq!(open(&[login.clone(), name.clone()]), Some(Opened { opened: 2, erased: 0 }));
        assert_eq!(open(&[name]), Some(Opened { opened: 1, erased: 1 }));
        assert_eq!(open(&[]), Some(Opened { opened: 0, erased: 2 }));
        let salted = Opening { salt: hex::encode(&[8; 32]), ..login.clone() };
        let other = [opening("/after/login", "li.nb"), opening("/after/n", "1"), opening("/none", "x"), salted];
        for wrong in other {
            assert_eq!(open(&[wrong]), None);
        }
        assert_eq!(open(&[login.clone(), login]), None, "told twice");
    }

    #[test]
    fn an_event_without_personal_values_has_nothing_to_open() {
        assert_eq!(open(Some("{}"), &[]), Some(Opened::default()));
        assert_eq!(open(None, &[opening("/a", "b")]), None);
    }
}
