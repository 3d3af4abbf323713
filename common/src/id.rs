//! Typed identifiers: mixing two of them is a compile error. All are UUIDv7, so their order is the
//! order in which they were made.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid, example = "01936d3e-7c00-7000-8000-000000000001")]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, later in order than every one before it.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a new identifier is not a default value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The bare UUID, for the database and for generic references.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

typed_id! {
    /// A time of being away (外出代理).
    AbsenceId,
    /// A read of something sensitive (敏感读取).
    AccessEntryId,
    /// A quality agreement or contract (协议与合同).
    AgreementId,
    /// A version of one (协议版本).
    AgreementVersionId,
    /// An approval (审批).
    ApprovalId,
    /// A file laid to a document (附件).
    AttachmentId,
    /// An audit event (审计事件).
    AuditEventId,
    /// A bill of material (物料清单).
    BomId,
    /// An act that waits for an approval (变更申请).
    ChangeRequestId,
    /// A difference claimed at delivery (差异索赔).
    ClaimId,
    /// A clause that is evaluated at posting (合同条款).
    ClauseId,
    /// An act allowed against a clause (条款豁免).
    ClauseOverrideId,
    /// A cost of an order (委外成本).
    CostEntryId,
    /// An approval flow (审批流).
    FlowId,
    /// A version of one (审批流版本).
    FlowVersionId,
    /// An issue note (委外发料单).
    IssueNoteId,
    /// An item (物料).
    ItemId,
    /// A location (库位).
    LocationId,
    /// A lot (批次).
    LotId,
    /// A link of the genealogy (批次谱系).
    LotLinkId,
    /// A notice by mail (邮件通知).
    MailId,
    /// A material document (物料单据).
    MaterialDocumentId,
    /// A person's membership in an organisation (成员).
    MembershipId,
    /// A stock movement (库存流水).
    MovementId,
    /// An operation that is sent out (委外工序).
    OperationId,
    /// A subcontract order (委外订单).
    OrderId,
    /// An organisation, the maker whose data it is (组织).
    OrganisationId,
    /// A subcontractor or supplier (往来单位).
    PartnerId,
    /// A passkey (通行密钥).
    PasskeyId,
    /// A person (人员); never reused.
    PersonId,
    /// A pick task (拣货任务).
    PickId,
    /// A recall (召回).
    RecallId,
    /// A drill of a recall (召回演练).
    RecallDrillId,
    /// A notice to somebody who has some of what is recalled (召回通知).
    RecallNoticeId,
    /// A receipt of raw material (收货单).
    ReceiptId,
    /// One request to the server.
    RequestId,
    /// A requisition (发料申请).
    RequisitionId,
    /// A reservation (预留).
    ReservationId,
    /// A role (角色).
    RoleId,
    /// A raw scan (扫描记录).
    ScanId,
    /// A session (会话).
    SessionId,
    /// What is owed for accepted work (结算行).
    SettlementLineId,
    /// A signature (电子签名).
    SignatureId,
    /// What a passkey is asked to sign, once (签名请求).
    SigningRequestId,
    /// Position of stock: item, lot, place, status, owner and order together (库存余额).
    StockId,
    /// A receipt of finished goods from a subcontractor (委外收货单).
    SubcontractReceiptId,
    /// A unit of measure (计量单位).
    UnitId,
}
