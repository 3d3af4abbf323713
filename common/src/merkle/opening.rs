//! Personal values in the record. An event holds a commitment in the place of each; value and salt are kept beside the log,
//! where they can be erased, and whoever has them can check that they are what was recorded.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use super::committed::COMMITMENT;
use super::committed::Committed;
use super::{Hash, hex};

/// Random bytes that go into one commitment and no other: without them a value cannot be guessed from its commitment.
pub type Salt = [u8; 32];

/// What stands before salt and value where they are hashed: it keeps these bytes apart from those of leaves and nodes.
const PREFIX: &[u8] = b"lotline.personal-value/1\0";

/// Commitment to a text: SHA-256(prefix || salt || text in UTF-8). The salt's length is fixed, so that no other salt and
/// text give the same bytes.
#[must_use]
pub fn commitment(salt: &Salt, value: &str) -> Hash {
    Sha256::new().chain_update(PREFIX).chain_update(salt).chain_update(value).finalize().into()
}

/// A personal value of an event with what opens its commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening<'a> {
    /// Where it stood in the event's details, as a JSON pointer.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    /// The value.
    #[serde(borrow)]
    pub value: Cow<'a, str>,
    /// Its salt, hexadecimal.
    #[serde(borrow)]
    pub salt: Cow<'a, str>,
}

impl Opening<'_> {
    /// Whether it is what the details hold this commitment of.
    fn opens(&self, committed: &Committed) -> bool {
        let salt = hex::decode(&self.salt);
        salt.is_some_and(|salt| hex::decode(&committed.hash) == Some(commitment(&salt, &self.value)))
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

/// Compares openings with the commitments of their event; nothing when one of them is not what was recorded.
#[must_use]
pub fn open(committed: &[Committed], openings: &[Opening]) -> Option<Opened> {
    let mut is_open = vec![false; committed.len()];
    for opening in openings {
        let place = committed.iter().position(|committed| committed.path == opening.path)?;
        let open = is_open.get_mut(place)?;
        // Each is told once.
        if *open || !opening.opens(committed.get(place)?) {
            return None;
        }
        *open = true;
    }
    let opened = u64::try_from(openings.len()).ok()?;
    Some(Opened { opened, erased: u64::try_from(committed.len()).ok()?.checked_sub(opened)? })
}

#[cfg(test)]
mod tests {
    use super::super::committed::AllCommitted;
    use super::*;
    use serde_json::{Value, json};

    fn opened(details: &Value, openings: &[Opening]) -> Option<Opened> {
        let text = details.to_string();
        let committed: AllCommitted = serde_json::from_str(&text).unwrap();
        open(&committed.0, openings)
    }

    fn opening(path: &str, value: &str) -> Opening<'static> {
        let salt = hex::encode(&[7; 32]).into();
        Opening { path: path.to_owned().into(), value: value.to_owned().into(), salt }
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
        let open = |openings: &[Opening]| opened(&details, openings);
        let (login, name) = (opening("/after/login", "li.na"), opening("/after/people/0/name", "李娜"));
        assert_eq!(open(&[login.clone(), name.clone()]), Some(Opened { opened: 2, erased: 0 }));
        assert_eq!(open(&[name]), Some(Opened { opened: 1, erased: 1 }));
        assert_eq!(open(&[]), Some(Opened { opened: 0, erased: 2 }));
        let salted = Opening { salt: hex::encode(&[8; 32]).into(), ..login.clone() };
        let other = [opening("/after/login", "li.nb"), opening("/after/n", "1"), opening("/none", "x"), salted];
        for wrong in other {
            assert_eq!(open(&[wrong]), None);
        }
        assert_eq!(open(&[login.clone(), login]), None, "told twice");
    }

    #[test]
    fn an_event_without_personal_values_has_nothing_to_open() {
        assert_eq!(opened(&json!({}), &[]), Some(Opened::default()));
        assert_eq!(opened(&json!(null), &[opening("/a", "b")]), None);
    }
}
