//! Approvals: the way a document goes through its flow, who decides, and what follows; flows, and who is away. Owns
//! `approval` and what hangs on it, `approval_flow`, `absence`. Knows a document only by its reference and what it says of
//! itself; what a decision does to it is registered in `app.rs`. What an input does to a run is decided by
//! [`lotline_common::flows::engine`], which the browser runs as well.

pub mod absences;
pub mod api;
pub mod deciding;
pub mod flows;
pub mod past;
pub mod rules;
pub mod running;
pub mod service;
mod store;
pub mod subject;
pub mod timer;

use std::collections::BTreeMap;

use lotline_common::approvals::Decision;
use lotline_common::ledger::DocumentKind;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;

/// What a decision does to its document, in the same transaction.
pub type Effect = fn(&mut Tx, Uuid, Decision, &str) -> Result<()>;

/// The kinds of documents that can be approved.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    effects: BTreeMap<DocumentKind, Effect>,
}

impl Registry {
    /// Registers a kind of document.
    #[must_use]
    pub fn with(mut self, kind: DocumentKind, effect: Effect) -> Self {
        self.effects.insert(kind, effect);
        self
    }

    /// What a decision does to a kind of document.
    #[must_use]
    pub fn effect(&self, kind: DocumentKind) -> Option<Effect> {
        self.effects.get(&kind).copied()
    }
}
