//! Status: a glyph of its own shape, a word, and colour last.

use leptos::prelude::*;
use lotline_common::approvals::ApprovalOutcome;
use lotline_common::approvals::flow::FlowState;
use lotline_common::changes::ChangeState;
use lotline_common::contracts::{Enforcement, OverrideState, SettlementLineState, VersionState};
use lotline_common::custody::ClaimState;
use lotline_common::issuing::{ApprovalState, IssueRecordState, PickState, RequisitionIssueState};
use lotline_common::ledger::{LotStatus, StockStatus};
use lotline_common::mail::MailState;
use lotline_common::masterdata::BomState;
use lotline_common::material::{MaterialApproval, MaterialState};
use lotline_common::orders::{CustodyState, IssueState, OrderReceiptState, OrderState, QualityState, SettlementState};
use lotline_common::promise::{HoldKind, KitState, ReservationState};
use lotline_common::recall::{DrillState, HoldState, NoticeState, RecallState};
use lotline_common::receiving::ReceiptState;
use lotline_common::subcontract_receiving::SubcontractReceiptState;

use crate::i18n::worded;

/// What a status means to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Not begun.
    Neutral,
    /// Under way.
    Info,
    /// Done.
    Ok,
    /// Look.
    Warn,
    /// Stopped.
    Danger,
    /// Waits for quality.
    Hold,
}

impl Tone {
    /// Its class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "status",
            Self::Info => "status is-info",
            Self::Ok => "status is-ok",
            Self::Warn => "status is-warn",
            Self::Danger => "status is-danger",
            Self::Hold => "status is-hold",
        }
    }

    /// Its glyph, without the leading `g-`.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Neutral => "open",
            Self::Info => "half",
            Self::Ok => "done",
            Self::Warn => "warn",
            Self::Danger => "stop",
            Self::Hold => "hold",
        }
    }
}

/// A status that can be shown: its list of words, its word, its tone.
pub trait Shown: Copy + std::fmt::Display + Send + Sync + 'static {
    /// Name of its closed list in the catalogues.
    const LIST: &'static str;
    /// What it means to the eye.
    fn tone(self) -> Tone;
}

macro_rules! shown {
    ($($type:ident as $list:literal { $($variant:ident => $tone:ident,)+ })+) => {$(
        impl Shown for $type {
            const LIST: &'static str = $list;

            fn tone(self) -> Tone {
                match self { $(Self::$variant => Tone::$tone,)+ }
            }
        }
    )+};
}

shown! {
    LotStatus as "lot_status" {
        Quarantine => Hold, Released => Ok, Blocked => Danger, Recalled => Danger, Expired => Warn, Consumed => Neutral,
        Scrapped => Neutral,
    }
    SubcontractReceiptState as "subcontract_receipt_state" {
        Declared => Info, Posted => Ok, Reversed => Danger, Cancelled => Neutral,
    }
    MaterialState as "material_state" { Draft => Info, Posted => Ok, Reversed => Danger, Cancelled => Neutral, }
    MaterialApproval as "material_approval" {
        NotRequired => Neutral, Pending => Info, Approved => Ok, Rejected => Danger, Withdrawn => Neutral,
    }
    StockStatus as "stock_status" { Quarantine => Hold, Available => Ok, Blocked => Danger, Rejected => Danger, }
    ApprovalState as "approval_state" {
        Draft => Neutral, Pending => Info, Approved => Ok, Rejected => Danger, Withdrawn => Neutral,
    }
    ApprovalOutcome as "approval_outcome" {
        Pending => Info, Approved => Ok, Refused => Danger, Returned => Warn, Withdrawn => Neutral,
    }
    RequisitionIssueState as "requisition_issue_state" { NotIssued => Neutral, Picking => Info, Issued => Ok, }
    PickState as "pick_state" { Open => Info, Issued => Ok, Cancelled => Neutral, }
    IssueRecordState as "issue_record_state" { Posted => Ok, Reversed => Danger, }
    OrderState as "order_state" { Draft => Neutral, Open => Info, Cancelled => Danger, Closed => Ok, }
    IssueState as "issue_state" { NotIssued => Neutral, Partly => Info, Issued => Ok, OverIssued => Warn, }
    CustodyState as "custody_state" {
        None => Neutral, InTransit => Info, Confirmed => Ok, WithDiscrepancy => Warn, Reconciled => Ok,
    }
    OrderReceiptState as "order_receipt_state" { Open => Neutral, Partly => Info, Full => Ok, Over => Warn, }
    QualityState as "quality_state" {
        None => Neutral, OnHold => Hold, Inspecting => Info, Accepted => Ok, Rejected => Danger, Partial => Warn,
        Concession => Warn,
    }
    SettlementState as "settlement_state" { Open => Neutral, Matched => Info, Approved => Info, Paid => Ok, }
    ReceiptState as "receipt_state" { Posted => Ok, Reversed => Danger, }
    BomState as "bom_state" { Draft => Neutral, Active => Ok, Retired => Neutral, }
    FlowState as "flow_state" { Draft => Neutral, Pending => Info, Published => Ok, Retired => Neutral, }
    VersionState as "version_state" { Draft => Neutral, Pending => Info, Effective => Ok, Retired => Neutral, }
    Enforcement as "enforcement" { Refuse => Danger, Approve => Hold, Warn => Warn, }
    OverrideState as "override_state" { Pending => Info, Approved => Ok, Rejected => Danger, Withdrawn => Neutral, }
    ChangeState as "change_request_state" { Pending => Info, Done => Ok, Rejected => Danger, Withdrawn => Neutral, }
    SettlementLineState as "settlement_line_state" {
        Open => Neutral, Matched => Info, Approved => Info, Paid => Ok, Reversed => Danger,
    }
    ReservationState as "reservation_state" {
        Reserved => Info, Posted => Ok, Voided => Neutral, Expired => Warn, TakenOver => Danger,
    }
    HoldKind as "hold_kind" {
        Quarantine => Hold, Blocked => Danger, Rejected => Danger, Recalled => Danger, Expired => Warn,
        InProduction => Info,
    }
    KitState as "kit_state" { Full => Ok, Partial => Warn, Short => Danger, }
    ClaimState as "claim_state" { Open => Warn, Settled => Ok, }
    RecallState as "recall_state" { Scoped => Warn, Held => Danger, Closed => Ok, Cancelled => Neutral, }
    HoldState as "recall_hold" { Scoped => Neutral, Held => Hold, Lifted => Ok, }
    NoticeState as "notice_state" { Open => Warn, Sent => Info, Acknowledged => Ok, }
    DrillState as "drill_state" { Running => Info, Answered => Ok, }
    MailState as "mail_state" { Waiting => Info, Sent => Ok, GivenUp => Danger, }
}

/// The glyph of a status and its class, where a picture draws it.
pub fn glyph_of(status: impl Shown) -> (String, &'static str) {
    let tone = status.tone();
    (format!("g-{}", tone.glyph()), tone.class())
}

/// A status in words, with its glyph.
#[component]
pub fn Status<S: Shown>(
    /// Which.
    value: S,
) -> impl IntoView {
    let tone = value.tone();
    view! {
        <span class=tone.class()>
            <svg class="glyph" aria-hidden="true"><use href=format!("#g-{}", tone.glyph())></use></svg>
            <span>{worded(S::LIST, &value)}</span>
        </span>
    }
}

/// One axis of a document: its name above its status.
#[component]
pub fn Axis(
    /// Name of the axis.
    #[prop(into)]
    label: Signal<String>,
    /// Its status.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="axis"><span class="axis__label">{label}</span><span class="axis__value">{children()}</span></div>
    }
}
