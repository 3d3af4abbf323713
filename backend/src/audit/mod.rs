//! The record: one insert-only event per change, written in the change's own transaction and chained
//! to the event before it (21 CFR 11.10(e)). Personal values stand beside the events and can be erased (R78). Alone writes
//! `audit_event` and `personal_datum`. Keeps invariant I4.

pub mod api;
mod canonical;
pub mod log;
mod personal;
pub mod reads;
pub mod rules;
mod store;

pub use canonical::difference;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::PartnerId;
pub use personal::erase;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;

/// A change to be recorded.
#[derive(Debug)]
pub struct Event {
    aggregate_kind: AggregateKind,
    aggregate_id: Uuid,
    action: AuditAction,
    reason: Option<String>,
    details: Value,
    partner: Option<PartnerId>,
}

impl Event {
    /// Something was done to a thing.
    pub fn new(aggregate_kind: AggregateKind, aggregate_id: impl Into<Uuid>, action: AuditAction) -> Self {
        let details = Value::Object(Map::new());
        Self { aggregate_kind, aggregate_id: aggregate_id.into(), action, reason: None, details, partner: None }
    }

    /// Why it was done; an empty text is none.
    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        self.reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        self
    }

    /// Facts that belong to it.
    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// The thing as it was made.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn after(self, after: &impl Serialize) -> Result<Self> {
        let after = serde_json::to_value(after)?;
        Ok(self.details(json!({ "after": after })))
    }

    /// What differs between two states of the thing: old values stay readable (R03).
    ///
    /// # Errors
    /// When they cannot be written as JSON.
    pub fn change(self, before: &impl Serialize, after: &impl Serialize) -> Result<Self> {
        let changes = canonical::difference(&serde_json::to_value(before)?, &serde_json::to_value(after)?);
        Ok(self.details(json!({ "changes": changes })))
    }

    /// The subcontractor may see it.
    #[must_use]
    pub fn visible_to(mut self, partner: PartnerId) -> Self {
        self.partner = Some(partner);
        self
    }
}

/// Writes an event at the end of its aggregate's chain.
///
/// # Errors
/// Those of the database; two writers of one aggregate make one of them try again.
pub fn append(tx: &mut Tx, event: Event) -> Result<()> {
    append_all(tx, vec![event])
}

/// Writes events of different aggregates, each at the end of its chain, in this order.
///
/// # Errors
/// As [`append`].
pub fn append_all(tx: &mut Tx, events: Vec<Event>) -> Result<()> {
    store::append(tx, events)
}

/// Begins the chains of things that were made in this transaction, one event for each: in one statement, where
/// [`append`] looks up what came before.
///
/// # Errors
/// Those of the database; also for a thing that has a chain already.
pub fn begin(tx: &mut Tx, events: Vec<Event>) -> Result<()> {
    store::begin(tx, events)
}
