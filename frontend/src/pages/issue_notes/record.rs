//! An issue note as its pages read it: the note, and when it was requested and approved.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use lotline_common::approvals::{ApprovalOutcome, Decision};
use lotline_common::id::RequisitionId;
use lotline_common::issuing::{IssueNote, Requisition};
use lotline_common::ledger::DocumentKind;
use lotline_common::page::Page;
use lotline_common::signing::Signature;
use lotline_common::system::LiveTopic;

use crate::api::{self, Reading};
use crate::components::choices::id_of_page;
use crate::state;

/// What brings news of an issue note.
pub const TOPICS: &[LiveTopic] = &[LiveTopic::Issue];

/// An issue note with the times of its requisition.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The note.
    pub note: IssueNote,
    /// When it was requested.
    pub requested_at: DateTime<Utc>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// The signature that approved it, where the reader may see it.
    pub approval: Option<Signature>,
}

/// The last signature that approved a requisition.
async fn approval_of(id: RequisitionId) -> Option<Signature> {
    let path = format!("/signatures?document_kind={}&document_id={id}", DocumentKind::Requisition);
    let signatures = api::get::<Page<Signature>>(&path).await.ok()?.items;
    signatures.into_iter().rev().find(|signature| signature.decision == Decision::Approve)
}

async fn read(id: &str) -> api::Answer<Record> {
    let note = api::get::<IssueNote>(&format!("/issue-notes/{id}")).await?;
    let requisition = api::get::<Requisition>(&format!("/requisitions/{}", note.requisition_id)).await?;
    let approved = requisition.approval.as_ref().filter(|approval| approval.state == ApprovalOutcome::Approved);
    let approved_at = approved.and_then(|approval| approval.decided_at);
    let approval = if approved.is_some() { approval_of(requisition.id).await } else { None };
    Ok(Record { note, requested_at: requisition.created_at, approved_at, approval })
}

/// What the parts of a page about one issue note share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The identifier in the address.
    pub id: Memo<String>,
    /// The record as it is read.
    pub record: Reading<api::Answer<Record>>,
    /// The same, telling only of real changes, so that the page stands still otherwise.
    pub known: Memo<Option<api::Answer<Record>>>,
}

impl Desk {
    /// Reads the issue note in the address, again whenever it changes.
    pub fn new() -> Self {
        let (id, news) = (id_of_page(), state::live(TOPICS));
        let record = Reading::new(move || {
            news.track();
            let id = id.get();
            async move { read(&id).await }
        });
        Self { id, record, known: Memo::new(move |_| record.get()) }
    }

    /// The note, once it is there.
    pub fn note<T>(self, part: impl FnOnce(&IssueNote) -> T) -> Option<T> {
        self.known.with(|known| known.as_ref().and_then(|answer| answer.as_ref().ok()).map(|record| part(&record.note)))
    }
}
