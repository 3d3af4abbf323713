//! The commitments in an event's details, found in any JSON in one pass that keeps nothing else. Events that are
//! written as they are hashed are gone through quicker (`export/written.rs`).

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use memchr::memchr2;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The only field of what stands in an event in the place of a personal value.
pub const COMMITMENT: &str = "commitment";

/// A commitment, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed<'a> {
    /// Where, as a JSON pointer.
    pub path: String,
    /// The commitment, hexadecimal.
    pub hash: Cow<'a, str>,
}

/// All commitments of a JSON value, in the order in which they stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllCommitted<'a>(pub Vec<Committed<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for AllCommitted<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut search = Search { path: Vec::new(), found: Vec::new() };
        search.deserialize(deserializer)?;
        Ok(Self(search.found))
    }
}

/// A step on the way to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// Name of a field.
    Field(&'a str),
    /// Place in an array, from 0.
    Place(usize),
}

/// Bytes of a way, about.
const WAY: usize = 64;

/// A way as a JSON pointer (RFC 6901).
pub(super) fn pointer<'a>(way: impl Iterator<Item = Step<'a>>) -> String {
    let mut pointer = String::with_capacity(WAY);
    for step in way {
        pointer.push('/');
        match step {
            Step::Field(name) if memchr2(b'~', b'/', name.as_bytes()).is_some() => {
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Field(name) => pointer.push_str(name),
            // Writing to a string does not fail.
            Step::Place(place) => drop(write!(pointer, "{place}")),
        }
    }
    pointer
}

enum Segment<'de> {
    Field(Cow<'de, str>),
    Place(usize),
}

impl Segment<'_> {
    fn step(&self) -> Step<'_> {
        match self {
            Self::Field(name) => Step::Field(name),
            Self::Place(place) => Step::Place(*place),
        }
    }
}

/// A value on its way through; what is found is kept.
struct Search<'de> {
    path: Vec<Segment<'de>>,
    found: Vec<Committed<'de>>,
}

/// Goes through one value; answers it when it is a text.
impl<'de> DeserializeSeed<'de> for &mut Search<'de> {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Search<'de> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        for place in 0.. {
            self.path.push(Segment::Place(place));
            let value = values.next_element_seed(&mut *self)?;
            self.path.pop();
            if value.is_none() {
                break;
            }
        }
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let (mut many, mut commitment) = (0_usize, None);
        while let Some(name) = fields.next_key_seed(Name)? {
            many += 1;
            let is_commitment = name == COMMITMENT;
            self.path.push(Segment::Field(name));
            let text = fields.next_value_seed(&mut *self)?;
            self.path.pop();
            commitment = text.filter(|_| is_commitment && many == 1);
        }
        if let (1, Some(hash)) = (many, commitment) {
            let path = pointer(self.path.iter().map(Segment::step));
            self.found.push(Committed { path, hash });
        }
        Ok(None)
    }
}

/// The name of a field, borrowed where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str) -> Vec<(String, String)> {
        let all: AllCommitted = serde_json::from_str(json).unwrap();
        all.0.into_iter().map(|one| (one.path, one.hash.into_owned())).collect()
    }

    #[test]
    fn commitments_are_found_wherever_they_stand() {
        let json = r#"{"a":{"commitment":"1"},"b":[0,{"x~/y":{"commitment":"2"}},{"commitment":"3"}],"c":null,"d":1.5,"e":-1}"#;
        let expected = [("/a", "1"), ("/b/1/x~0~1y", "2"), ("/b/2", "3")];
        assert_eq!(found(json), expected.map(|(path, hash)| (path.to_owned(), hash.to_owned())));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for json in [
            r#"{"commitment":1}"#,
            r#"{"commitment":"1","more":2}"#,
            r#"{"more":2,"commitment":"1"}"#,
            r#"{"commitment":{"more":"1"}}"#,
            r#"["commitment","1"]"#,
            r#""commitment""#,
        ] {
            assert_eq!(found(json), [], "{json}");
        }
    }
}
