//! Acts that an approval flow can hold (变更申请): the release of a lot, a change of master data, a change of rights. Where
//! no flow was drawn for one it is done at once; where one was, it waits, and is done when the last one who is asked agrees.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{MemberUpdate, OrganisationUpdate, PersonRef, RoleWrite};
use crate::approvals::Approval;
use crate::audit::AggregateKind;
use crate::id::{
    BomId, ChangeRequestId, ItemId, LocationId, LotId, MembershipId, OperationId, PartnerId, RoleId, UnitId,
};
use crate::ledger::DocumentKind;
use crate::masterdata::{BomTransition, ItemWrite, LocationWrite, OperationWrite, PartnerWrite, UnitWrite};
use crate::quality::LotDecisionCreate;
use crate::text_enum::text_enum;

text_enum! {
    /// What a change request asks for (变更类别).
    ChangeAct {
        /// Release a lot.
        LotRelease => "lot_release",
        /// Make an item.
        ItemCreate => "item_create",
        /// Change an item.
        ItemUpdate => "item_update",
        /// Make a unit.
        UnitCreate => "unit_create",
        /// Change a unit.
        UnitUpdate => "unit_update",
        /// Make a partner.
        PartnerCreate => "partner_create",
        /// Change a partner.
        PartnerUpdate => "partner_update",
        /// Make an operation.
        OperationCreate => "operation_create",
        /// Change an operation.
        OperationUpdate => "operation_update",
        /// Make a location.
        LocationCreate => "location_create",
        /// Change a location.
        LocationUpdate => "location_update",
        /// Activate or retire a bill of material.
        BomTransition => "bom_transition",
        /// Change what a member may do.
        MemberUpdate => "member_update",
        /// Make a role.
        RoleCreate => "role_create",
        /// Change a role.
        RoleUpdate => "role_update",
        /// Change the organisation's settings.
        OrganisationUpdate => "organisation_update",
    }
}

impl ChangeAct {
    /// Kind of document that flows are drawn for.
    #[must_use]
    pub const fn kind(self) -> DocumentKind {
        match self {
            Self::LotRelease => DocumentKind::LotRelease,
            Self::MemberUpdate | Self::RoleCreate | Self::RoleUpdate | Self::OrganisationUpdate => {
                DocumentKind::AccessChange
            }
            _ => DocumentKind::MasterdataChange,
        }
    }

    /// Kind of thing under which the record tells of it: what it tells of rights is not for everybody.
    #[must_use]
    pub fn aggregate(self) -> AggregateKind {
        if self.kind() == DocumentKind::AccessChange {
            AggregateKind::AccessChange
        } else {
            AggregateKind::ChangeRequest
        }
    }
}

text_enum! {
    /// Where a change request stands (变更申请状态).
    ChangeState {
        /// It waits for an approver.
        Pending => "pending",
        /// It was approved, and done in the same moment.
        Done => "done",
        /// It was refused or returned.
        Rejected => "rejected",
        /// Whoever asked took it back.
        Withdrawn => "withdrawn",
    }
}

/// An act with everything that it needs to be done later: the thing that it changes, the version of it that was read, and
/// the command.
#[expect(missing_docs, reason = "the fields of every act are the same three")]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Change {
    /// Release a lot.
    LotRelease { id: LotId, version: i64, command: LotDecisionCreate },
    /// Make an item.
    ItemCreate { command: ItemWrite },
    /// Change an item.
    ItemUpdate { id: ItemId, version: i64, command: ItemWrite },
    /// Make a unit.
    UnitCreate { command: UnitWrite },
    /// Change a unit.
    UnitUpdate { id: UnitId, version: i64, command: UnitWrite },
    /// Make a partner.
    PartnerCreate { command: PartnerWrite },
    /// Change a partner.
    PartnerUpdate { id: PartnerId, version: i64, command: PartnerWrite },
    /// Make an operation.
    OperationCreate { command: OperationWrite },
    /// Change an operation.
    OperationUpdate { id: OperationId, version: i64, command: OperationWrite },
    /// Make a location.
    LocationCreate { command: LocationWrite },
    /// Change a location.
    LocationUpdate { id: LocationId, version: i64, command: LocationWrite },
    /// Activate or retire a bill of material.
    BomTransition { id: BomId, version: i64, command: BomTransition },
    /// Change what a member may do.
    MemberUpdate { id: MembershipId, version: i64, command: MemberUpdate },
    /// Make a role.
    RoleCreate { command: RoleWrite },
    /// Change a role.
    RoleUpdate { id: RoleId, version: i64, command: RoleWrite },
    /// Change the organisation's settings.
    OrganisationUpdate { version: i64, command: OrganisationUpdate },
}

impl Change {
    /// What it asks for.
    #[must_use]
    pub const fn act(&self) -> ChangeAct {
        match self {
            Self::LotRelease { .. } => ChangeAct::LotRelease,
            Self::ItemCreate { .. } => ChangeAct::ItemCreate,
            Self::ItemUpdate { .. } => ChangeAct::ItemUpdate,
            Self::UnitCreate { .. } => ChangeAct::UnitCreate,
            Self::UnitUpdate { .. } => ChangeAct::UnitUpdate,
            Self::PartnerCreate { .. } => ChangeAct::PartnerCreate,
            Self::PartnerUpdate { .. } => ChangeAct::PartnerUpdate,
            Self::OperationCreate { .. } => ChangeAct::OperationCreate,
            Self::OperationUpdate { .. } => ChangeAct::OperationUpdate,
            Self::LocationCreate { .. } => ChangeAct::LocationCreate,
            Self::LocationUpdate { .. } => ChangeAct::LocationUpdate,
            Self::BomTransition { .. } => ChangeAct::BomTransition,
            Self::MemberUpdate { .. } => ChangeAct::MemberUpdate,
            Self::RoleCreate { .. } => ChangeAct::RoleCreate,
            Self::RoleUpdate { .. } => ChangeAct::RoleUpdate,
            Self::OrganisationUpdate { .. } => ChangeAct::OrganisationUpdate,
        }
    }

    /// The thing that it changes; none for a thing that it makes, and for the organisation itself.
    #[must_use]
    pub fn target(&self) -> Option<Uuid> {
        match self {
            Self::LotRelease { id, .. } => Some(id.uuid()),
            Self::ItemUpdate { id, .. } => Some(id.uuid()),
            Self::UnitUpdate { id, .. } => Some(id.uuid()),
            Self::PartnerUpdate { id, .. } => Some(id.uuid()),
            Self::OperationUpdate { id, .. } => Some(id.uuid()),
            Self::LocationUpdate { id, .. } => Some(id.uuid()),
            Self::BomTransition { id, .. } => Some(id.uuid()),
            Self::MemberUpdate { id, .. } => Some(id.uuid()),
            Self::RoleUpdate { id, .. } => Some(id.uuid()),
            _ => None,
        }
    }

    /// Why it is asked for, where the act says so.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::LotRelease { command, .. } => &command.reason,
            _ => "",
        }
    }
}

/// An act that waits for an approval, or waited (变更申请).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangeRequest {
    /// Identifier.
    pub id: ChangeRequestId,
    /// Number.
    pub number: String,
    /// Kind of document, for which flows are drawn.
    pub kind: DocumentKind,
    /// What it asks for.
    pub act: ChangeAct,
    /// The thing that it changes, or made; absent as long as there is none, and for the organisation's settings.
    pub target_id: Option<Uuid>,
    /// What people call that thing: its code or name.
    #[schema(example = "RM-TI6AL4V-12")]
    pub subject: String,
    /// What would be different, found by trying it out: `{"field": {"from": …, "to": …}}`.
    pub changes: Value,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: ChangeState,
    /// Who asked for it.
    pub requested_by: PersonRef,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When it was done, refused or taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its approval, as requested.
    pub approval: Option<Approval>,
    /// Version for `If-Match`.
    pub version: i64,
}
