//! Who read what is sensitive (敏感读取).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::{AccessEntryId, PersonId, RequestId};
use crate::text_enum::text_enum;

text_enum! {
    /// What was read. The list is closed: what is not in it is not written down.
    ReadKind {
        /// The record, taken along as an archive.
        RecordExport => "record_export",
        /// The proof of one event.
        RecordProof => "record_proof",
        /// Events of the record across things, or of one member.
        AuditEvents => "audit_events",
        /// Members with their personal data.
        Members => "members",
        /// Customers and their contacts.
        SalesRecords => "sales_records",
        /// Recalls.
        Recalls => "recalls",
        /// Notices of recalls, which name customers.
        RecallNotices => "recall_notices",
        /// These entries themselves.
        AccessEntries => "access_entries",
    }
}

/// That somebody read something sensitive, once or several times within five minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessEntry {
    /// Identifier.
    pub id: AccessEntryId,
    /// Who read.
    pub person: PersonRef,
    /// What.
    pub kind: ReadKind,
    /// Which thing; nothing for several.
    pub subject_id: Option<Uuid>,
    /// What that thing is called: its number, code or name; of a proof, that of its event. Nothing where it has none,
    /// or cannot be found.
    pub subject: Option<String>,
    /// By which filters, as `name=value`; words that were searched for are left out.
    pub filter: String,
    /// The same, with numbers, codes and names in place of the identifiers of what can be found.
    pub filter_named: String,
    /// Read by a subcontractor's person.
    pub portal: bool,
    /// How often.
    pub times: i32,
    /// For the first time.
    pub first_at: DateTime<Utc>,
    /// For the last time.
    pub last_at: DateTime<Utc>,
    /// The first request, as answers to it name it.
    pub request_id: RequestId,
}

/// Filters of the entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessFilter {
    /// What was read.
    #[param(inline)]
    pub kind: Option<ReadKind>,
    /// Who read.
    pub person_id: Option<PersonId>,
    /// Which thing.
    pub subject_id: Option<Uuid>,
    /// First day on which it was read.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}
