//! Approvals: who may decide, once, and what follows. Owns `approval`. Knows a document only by its
//! reference; what a decision does to it is registered in `app.rs`.

pub mod api;
pub mod rules;
pub mod service;

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
