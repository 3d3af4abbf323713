//! Notices by mail (邮件通知): why somebody gets one, and what became of it. A mail says that there is something, and leads
//! to it; what it is takes signing in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{ApprovalId, MailId};
use crate::ledger::DocumentRef;
use crate::text_enum::text_enum;

text_enum! {
    /// Why somebody gets a mail (通知原因), what asks least of them first.
    MailKind {
        /// They are told of it, and asked nothing.
        Told => "told",
        /// Nobody was found who may decide: they are to name somebody.
        Stuck => "stuck",
        /// They are asked to decide.
        Asked => "asked",
        /// They are asked to decide, and the time for it is over.
        Overdue => "overdue",
    }
}

text_enum! {
    /// Where a mail stands (邮件状态).
    MailState {
        /// It is to be sent, or to be tried again.
        Waiting => "waiting",
        /// The mail server took it.
        Sent => "sent",
        /// It is not sent any more.
        GivenUp => "given_up",
    }
}

text_enum! {
    /// Why a mail is not sent any more (未发送原因).
    MailFault {
        /// What it would have asked for was done, or is asked of somebody else.
        NotNeeded => "not_needed",
        /// The person has no address, wants no mails, or left.
        NoAddress => "no_address",
        /// The mail server does not take it.
        Refused => "refused",
        /// It was tried for two days.
        TooLate => "too_late",
    }
}

/// A notice by mail (邮件通知). The address stands with the person alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mail {
    /// Identifier.
    pub id: MailId,
    /// To whom.
    pub person: PersonRef,
    /// Why.
    pub kind: MailKind,
    /// The approval that it leads to.
    pub approval_id: ApprovalId,
    /// The document of that.
    pub document: DocumentRef,
    /// Where it stands.
    pub state: MailState,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often it was tried.
    pub tries: i32,
    /// When it is tried next, as long as it waits.
    pub next_try_at: Option<DateTime<Utc>>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub given_up_at: Option<DateTime<Utc>>,
    /// Why it was given up.
    pub fault: Option<MailFault>,
    /// What kept it from being sent when it was tried last; empty: nothing.
    pub last_error: String,
}
