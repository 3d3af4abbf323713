//! The words with which a refused clause is told, in both languages.

use crate::contracts::{ClauseKind, Enforcement};
use crate::locale::Name;

fn name(zh: &str, en: &str) -> Name {
    Name { zh: zh.to_owned(), en: en.to_owned() }
}

/// Unit of a duration.
#[must_use]
pub fn days() -> Name {
    name("天", "days")
}

/// Unit of a value.
#[must_use]
pub fn money() -> Name {
    name("本位币", "in own currency")
}

/// Unit of what is not agreed on.
#[must_use]
pub fn outside() -> Name {
    name("项约定外业务", "beyond what is agreed")
}

/// What a clause rules.
#[must_use]
pub fn kind(kind: ClauseKind) -> Name {
    match kind {
        ClauseKind::Scope => name("适用范围", "scope"),
        ClauseKind::Certificate => name("资质证书", "certificate"),
        ClauseKind::ApprovedSubcontractor => name("合格受托方", "approved subcontractor"),
        ClauseKind::CustodyQuota => name("在外额度", "custody quota"),
        ClauseKind::IssueTolerance => name("超发允差", "issue tolerance"),
        ClauseKind::LossAllowance => name("允许损耗", "loss allowance"),
        ClauseKind::ReceiptTolerance => name("收货允差", "receipt tolerance"),
        ClauseKind::PriceTier => name("阶梯价", "price tier"),
        ClauseKind::PaymentMilestone => name("付款节点", "payment milestone"),
        ClauseKind::Retention => name("质保金", "retention"),
        ClauseKind::Penalty => name("违约金", "penalty"),
        ClauseKind::LeadTime => name("提前期", "lead time"),
        ClauseKind::AcceptanceCriteria => name("验收标准", "acceptance criteria"),
        ClauseKind::ReleaseResponsibility => name("放行责任", "release responsibility"),
    }
}

/// What lifts a refusal, and who can.
#[must_use]
pub fn way_out(enforcement: Enforcement) -> Name {
    match enforcement {
        Enforcement::Approve => name(
            "请减少数量，或申请条款豁免并说明原因，由另一名具有“批准协议与豁免”权限的人员批准。",
            "Reduce the quantity, or ask for an override with a reason: somebody else with the permission to approve agreements and overrides (contract.approve) decides.",
        ),
        Enforcement::Refuse | Enforcement::Warn => name(
            "此条款不可豁免：请减少数量，或修订协议，经具有“批准协议与豁免”权限的人员批准后将订单改用新版本。",
            "This clause cannot be overridden: reduce the quantity, or amend the agreement, have it approved by somebody with the permission to approve agreements and overrides (contract.approve), and move the order to the new version.",
        ),
    }
}
