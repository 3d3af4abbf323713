//! The exact bytes that are hashed. Made in one place, stored as they are, never made again from
//! columns (standards.md 2.3).

use chrono::{DateTime, SecondsFormat, Utc};
use lotline_common::merkle::EVENT_PREFIX;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Event;
use crate::db::OpCtx;
use crate::error::Result;

/// What is fixed when an event is written, beside what happened.
pub struct Position<'a> {
    /// The event.
    pub id: Uuid,
    /// Place in the aggregate's chain.
    pub seq: i64,
    /// Leaf hash of the event before.
    pub previous_hash: Option<&'a [u8]>,
    /// Server time.
    pub at: DateTime<Utc>,
}

/// Version byte, domain tag, RFC 8785 JSON.
pub fn canonical_bytes(ctx: &OpCtx, event: &Event, position: &Position) -> Result<Vec<u8>> {
    let content = json!({
        "action": event.action,
        "actor": ctx.person,
        "aggregate_id": event.aggregate_id,
        "aggregate_kind": event.aggregate_kind,
        "aggregate_seq": position.seq,
        "at": position.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "details": event.details,
        "id": position.id,
        "organisation": ctx.org,
        "partner": event.partner,
        "previous_hash": position.previous_hash.map(hex::encode),
        "reason": event.reason,
        "request": ctx.request,
    });
    let mut bytes = EVENT_PREFIX.to_vec();
    bytes.extend(serde_json_canonicalizer::to_vec(&content)?);
    Ok(bytes)
}

/// Fields that differ: `{"field": {"from": …, "to": …}}`. The version counter is no content.
pub fn difference(before: &Value, after: &Value) -> Value {
    let empty = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| *name != "version").filter_map(|name| {
        let (from, to) = (before.get(name), after.get(name));
        (from != to).then(|| (name.clone(), json!({ "from": from, "to": to })))
    });
    Value::Object(changed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_recorded_and_old_values_stay() {
        let changes = difference(&json!({ "a": 1, "b": 2, "version": 1 }), &json!({ "a": 1, "b": 3, "version": 2 }));
        assert_eq!(changes, json!({ "b": { "from": 2, "to": 3 } }));
    }
}
