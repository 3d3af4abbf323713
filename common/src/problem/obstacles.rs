//! The words for what keeps an order from being closed, in both languages.

use crate::locale::Name;
use crate::reconcile::ObstacleKind;

/// What is not accounted for.
#[must_use]
pub fn kind(kind: ObstacleKind) -> Name {
    let (zh, en) = match kind {
        ObstacleKind::Custody => ("受托方仍持有", "still in custody"),
        ObstacleKind::InTransit => ("发出在途", "in transit to the subcontractor"),
        ObstacleKind::OnReturn => ("退回在途", "on the way back"),
        ObstacleKind::InClaim => ("索赔未处理", "claim not settled"),
        ObstacleKind::Documents => ("单据未完成", "documents not finished"),
        ObstacleKind::UnderUsed => ("耗用低于标准", "used less than the standard"),
        ObstacleKind::OverUsed => ("超耗未裁定", "over-consumption without a ruling"),
        ObstacleKind::NothingReceived => ("尚未收货", "nothing received"),
    };
    Name { zh: zh.to_owned(), en: en.to_owned() }
}
