//! Decoding what the server answers, small: things are read from a parsed [`Value`], a struct only from an object,
//! and an error says no more than what is wrong. The decoders of all things together are a good part of the app, and
//! half as big as with `serde_json`'s own, which also take a struct from an array and stop at every byte.

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;

type Result<T> = std::result::Result<T, Mismatch>;

/// Reads a thing from its JSON.
///
/// # Errors
/// When the text is not JSON, or not that of the thing.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T> {
    let value: Value = serde_json::from_str(text).map_err(Mismatch::Syntax)?;
    T::deserialize(Node(&value))
}

/// Why something is not what it should be.
#[derive(Debug)]
pub enum Mismatch {
    /// It is not JSON.
    Syntax(serde_json::Error),
    /// A member is not there.
    Missing(&'static str),
    /// Something is of another kind, or has a value that is not known.
    Unfit,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(formatter),
            Self::Missing(member) => formatter.write_str(member),
            Self::Unfit => formatter.write_str("unfit"),
        }
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self::Unfit
    }
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::Unfit
    }
    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::Unfit
    }
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::Unfit
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::Unfit
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::Unfit
    }
    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self::Unfit
    }
}

/// A value that something is read from.
#[derive(Clone, Copy)]
struct Node<'de>(&'de Value);

impl<'de> Node<'de> {
    fn text(self) -> Result<&'de str> {
        self.0.as_str().ok_or(Mismatch::Unfit)
    }

    fn members(self) -> Result<Members<'de>> {
        let object = self.0.as_object().ok_or(Mismatch::Unfit)?;
        Ok(Members { rest: object.iter(), value: None })
    }

    fn elements(self) -> Result<Elements<'de>> {
        self.0.as_array().map(|array| Elements(array.iter())).ok_or(Mismatch::Unfit)
    }

    fn variant(self) -> Result<Variant<'de>> {
        if let Value::String(name) = self.0 {
            return Ok(Variant { name, content: None });
        }
        let (name, content) = self.0.as_object().and_then(|object| object.iter().next()).ok_or(Mismatch::Unfit)?;
        Ok(Variant { name, content: Some(Node(content)) })
    }
}

/// A kind of thing: how its deserializer asks, what of the value it is, and how its visitor takes it.
macro_rules! read_as {
    ($($ask:ident => $part:ident, $take:ident;)+) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.$take(self.$part()?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), ..) => visitor.visit_u64(value),
                (None, Some(value), _) => visitor.visit_i64(value),
                (None, None, value) => visitor.visit_f64(value.ok_or(Mismatch::Unfit)?),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(_) => visitor.visit_seq(self.elements()?),
            Value::Object(_) => visitor.visit_map(self.members()?),
        }
    }

    read_as! {
        deserialize_str => text, visit_borrowed_str;
        deserialize_string => text, visit_borrowed_str;
        deserialize_identifier => text, visit_borrowed_str;
        deserialize_seq => elements, visit_seq;
        deserialize_map => members, visit_map;
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &str, _: &[&str], visitor: V) -> Result<V::Value> {
        visitor.visit_map(self.members()?)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &str, _: &[&str], visitor: V) -> Result<V::Value> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(self.elements()?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct
    }
}

struct Members<'de> {
    rest: serde_json::map::Iter<'de>,
    value: Option<Node<'de>>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(Node(value));
        seed.deserialize(name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        seed.deserialize(self.value.ok_or(Mismatch::Unfit)?)
    }
}

struct Elements<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        self.0.next().map(|element| seed.deserialize(Node(element))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A variant: its name alone, or an object of its name and its content.
struct Variant<'de> {
    name: &'de str,
    content: Option<Node<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Mismatch;
    type Variant = VariantContent<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant)> {
        Ok((seed.deserialize(self.name.into_deserializer())?, VariantContent(self.content)))
    }
}

struct VariantContent<'de>(Option<Node<'de>>);

impl<'de> VariantAccess<'de> for VariantContent<'de> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value> {
        seed.deserialize(self.0.ok_or(Mismatch::Unfit)?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(self.0.ok_or(Mismatch::Unfit)?.elements()?)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        visitor.visit_map(self.0.ok_or(Mismatch::Unfit)?.members()?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Clause {
        Loss { per_cent: Decimal },
        Days { days: i32 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum State {
        Open,
        Held(String),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Record {
        id: uuid::Uuid,
        quantity: Decimal,
        due_on: chrono::NaiveDate,
        at: chrono::DateTime<chrono::Utc>,
        states: Vec<State>,
        clauses: Vec<Clause>,
        pair: (u32, bool),
        words: BTreeMap<String, i64>,
        payload: Value,
        note: Option<String>,
        #[serde(default)]
        later: Option<String>,
    }

    const RECORD: &str = r#"{
        "id": "0192f0c1-2345-7abc-8def-0123456789ab", "quantity": "-12.500", "due_on": "2026-11-23", "unheard_of": [1, {}],
        "at": "2026-11-23T08:00:00Z", "states": ["open", {"held": "缺证书"}], "pair": [7, true], "words": {"a": -1},
        "clauses": [{"kind": "loss", "per_cent": "0.5"}, {"days": 3, "kind": "days"}], "payload": {"x": [null, 1.5]},
        "note": null
    }"#;

    #[test]
    fn reads_what_serde_json_reads() {
        assert_eq!(decode::<Record>(RECORD).unwrap(), serde_json::from_str::<Record>(RECORD).unwrap());
    }

    #[test]
    fn tells_what_is_wrong() {
        let wrong = |text: &str| decode::<Record>(text).unwrap_err().to_string();
        assert_eq!(wrong("{}"), "id");
        assert_eq!(wrong("[]"), "unfit");
        assert_eq!(wrong(&RECORD.replace("\"open\"", "\"shut\"")), "unfit");
        assert!(wrong("{").starts_with("EOF"));
    }
}
