//! What codes in the figures of a problem mean, in both languages: people read “released”, not a word of the API.

use crate::locale::Name;

/// The text for a figure that is a code; none when it is a name or a number as it stands.
#[must_use]
pub fn said(figure: &str, value: &str) -> Option<Name> {
    let (zh, en) = match figure {
        "what" => field(value).or_else(|| place(value))?,
        "state" => state(value)?,
        "status" => status(value)?,
        "kind" | "step" => movement(value)?,
        "permission" => permission(value)?,
        "held" | "wanted" => duty(value)?,
        "cause" => signing_fault(value)?,
        "from" | "to" => return position(value),
        _ => return None,
    };
    Some(Name::new(zh, en))
}

/// A place with the status that stock has there: `own_stock/available`.
fn position(value: &str) -> Option<Name> {
    let (kind, standing) = value.split_once('/')?;
    let ((zh, en), (zh_status, en_status)) = (place(kind)?, status(standing)?);
    Some(Name { zh: format!("{zh}（{zh_status}）"), en: format!("{en} ({en_status})") })
}

fn field(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "clause_id" => ("条款", "clause"),
        "component_id" => ("组件", "component"),
        "customer_id" => ("客户", "customer"),
        "item_id" => ("物料", "item"),
        "line" | "line_number" => ("行号", "line number"),
        "location_id" => ("库位", "location"),
        "lot_id" => ("批次", "lot"),
        "manager_id" => ("直属主管", "manager"),
        "operation_id" => ("工序", "operation"),
        "order_id" => ("委外订单", "subcontract order"),
        "owner_id" => ("物料负责人", "owner of the item"),
        "partner_id" => ("受托方", "subcontractor"),
        "person_id" => ("人员", "person"),
        "pick_id" => ("拣货任务", "pick task"),
        "product_id" => ("产出物料", "product"),
        "requisition_id" => ("发料申请", "requisition"),
        "recall_id" => ("召回", "recall"),
        "role_ids" => ("角色", "role"),
        "supplier_id" => ("供应商", "supplier"),
        "to_order_id" => ("转入的委外订单", "order that gets it"),
        "unit_id" => ("单位", "unit"),
        _ => return None,
    })
}

fn duty(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "request" => ("申请", "request"),
        "approve" => ("审批", "approve"),
        "countersign" => ("会签", "countersign"),
        "inspect" => ("检验", "inspect"),
        "release" => ("放行", "release"),
        "count" => ("盘点", "count"),
        _ => return None,
    })
}

fn signing_fault(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "other_person" => ("登录名与当前会话不符", "the login is not that of this session"),
        "password_wrong" => ("口令错误", "the password is wrong"),
        "code_wrong" => ("动态码错误或已用过", "the code is wrong or was used before"),
        "factor_missing" => ("须同时提供动态码或使用通行密钥", "a code or a passkey is needed as well"),
        "factor_exists" => ("已设置身份验证器", "an authenticator app is set up already"),
        "request_unknown" => ("签名请求已使用或已失效", "the request was used or has run out"),
        "passkey_unknown" => ("不是您的通行密钥", "the passkey is not yours"),
        "passkey_taken" => ("该通行密钥已登记", "the passkey is kept already"),
        "answer_unreadable" => ("验证器的应答无法读取", "the authenticator's answer cannot be read"),
        "challenge_differs" => ("验证器应答的不是此次签名", "the authenticator answered to something else"),
        "origin_differs" => ("应答来自其他网站", "the answer comes from another site"),
        "owner_unverified" => ("验证器未核验本人", "the authenticator did not make sure that it is you"),
        "signature_invalid" => ("通行密钥的签名不成立", "the passkey's signature does not fit"),
        "counter_went_back" => {
            ("验证器计数倒退，可能存在复制品", "the authenticator's counter went back: there may be a copy")
        }
        _ => return None,
    })
}

fn place(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "adjustment" => ("盘点调整", "the count adjustment"),
        "claim" => ("索赔", "claim"),
        "consumed" => ("已消耗", "what was used up"),
        "customer" => ("客户", "the customer"),
        "in_transit_in" => ("返回在途", "transit back"),
        "in_transit_out" => ("发出在途", "transit out"),
        "own_stock" => ("厂内库位", "an own shelf"),
        "production" => ("产出", "production output"),
        "quarantine" => ("待检区", "the quarantine area"),
        "scrap" => ("报废", "scrap"),
        "subcontractor_custody" => ("受托方保管", "the subcontractor's custody"),
        "supplier" => ("供应商", "the supplier"),
        "wip" => ("产线", "a production line"),
        _ => return None,
    })
}

fn status(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "available" => ("可用", "available"),
        "blocked" => ("冻结", "blocked"),
        "quarantine" => ("待检", "in quarantine"),
        "rejected" => ("不合格", "rejected"),
        _ => return None,
    })
}

fn state(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "active" => ("生效", "active"),
        "approved" => ("已批准", "approved"),
        "cancelled" => ("已取消", "cancelled"),
        "closed" => ("已关闭", "closed"),
        "confirmed" => ("已签收", "confirmed"),
        "declared" => ("已申报", "declared"),
        "draft" => ("草稿", "a draft"),
        "effective" => ("生效", "in force"),
        "expired" => ("已失效", "lapsed"),
        "in_transit" => ("在途待签收", "in transit"),
        "issued" => ("已发料", "issued"),
        "not_issued" => ("未发料", "not issued"),
        "open" => ("执行中", "open"),
        "pending" => ("待审批", "waiting for approval"),
        "picking" => ("拣货中", "being picked"),
        "posted" => ("已过账", "posted"),
        "reconciled" => ("已核销", "reconciled"),
        "rejected" => ("已拒绝", "rejected"),
        "acknowledged" => ("已回执", "acknowledged"),
        "answered" => ("已作答", "answered"),
        "held" => ("已控制", "held"),
        "reserved" => ("已预留", "reserved"),
        "running" => ("进行中", "running"),
        "scoped" => ("已圈定范围", "scoped"),
        "sent" => ("已发出", "sent"),
        "retired" => ("作废", "retired"),
        "reversed" => ("已冲销", "reversed"),
        "with_discrepancy" => ("签收有差异", "confirmed with a discrepancy"),
        "taken_over" => ("已被占用", "taken over"),
        "voided" => ("已取消", "cancelled"),
        "withdrawn" => ("已撤回", "withdrawn"),
        _ => return None,
    })
}

fn permission(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "access.edit" => ("管理人员与角色", "Manage people and roles"),
        "access.view" => ("查看人员与角色", "See people and roles"),
        "audit.view" => ("查看审计记录", "Read the record"),
        "claim.settle" => ("处理索赔", "Settle claims"),
        "contract.approve" => ("审批协议与豁免", "Approve agreements and overrides"),
        "contract.edit" => ("维护协议与合同", "Maintain agreements and contracts"),
        "contract.request" => ("申请条款豁免", "Ask for overrides of clauses"),
        "contract.view" => ("查看协议与合同", "See agreements and contracts"),
        "flow.approve" => ("发布审批流", "Publish approval flows"),
        "flow.edit" => ("绘制审批流", "Draw approval flows"),
        "flow.view" => ("查看审批流", "See approval flows"),
        "cost.edit" => ("维护成本与结算", "Maintain costs and settlement"),
        "cost.view" => ("查看成本与结算", "See costs and settlement"),
        "issue.pick" => ("拣货", "Pick"),
        "issue.post" => ("发料过账", "Post issues"),
        "issue.reverse" => ("冲销发料", "Reverse issues"),
        "issue.view" => ("查看发料", "See issues"),
        "lot.release" => ("批次放行与冻结", "Release and block lots"),
        "masterdata.edit" => ("维护主数据", "Change master data"),
        "masterdata.view" => ("查看主数据", "See master data"),
        "material.approve" => ("审批物料单据", "Approve material documents"),
        "material.edit" => ("编制物料单据", "Write material documents"),
        "material.post" => ("物料单据过账", "Post material documents"),
        "material.reverse" => ("冲销物料单据", "Reverse material documents"),
        "order.close" => ("关闭委外订单", "Close subcontract orders"),
        "order.edit" => ("维护委外订单", "Change orders"),
        "order.view" => ("查看委外订单", "See orders"),
        "period.close" => ("月度关账", "Close months"),
        "portal.confirm" => ("门户：签收", "Portal: confirm deliveries"),
        "portal.declare" => ("门户：申报用料、退料、报废与盘点", "Portal: declare use, returns, scrap and counts"),
        "portal.view" => ("门户：查看送货", "Portal: see deliveries"),
        "recall.lift" => ("解除召回控制与结案", "Lift holds and close recalls"),
        "recall.manage" => ("发起召回与演练", "Begin recalls and drills"),
        "recall.view" => ("查看召回", "See recalls"),
        "receipt.post" => ("收货过账", "Post receipts"),
        "receipt.view" => ("查看收货", "See receipts"),
        "requisition.approve" => ("审批发料申请", "Approve requisitions"),
        "requisition.edit" => ("提出发料申请", "Write requisitions"),
        "stock.reserve" => {
            ("预留库存、占用普通预留、取消预留", "Reserve stock, take over normal reservations, cancel them")
        }
        "stock.view" => ("查看库存", "See stock"),
        "subcontract.receive" => ("委外收货", "Receive from subcontractors"),
        "tooling.maintain" => ("工装延寿与清零", "Maintain tools"),
        _ => return None,
    })
}

fn movement(value: &str) -> Option<(&'static str, &'static str)> {
    Some(match value {
        "block" => ("冻结", "blocking"),
        "claim_settlement" => ("索赔处理", "a claim settlement"),
        "confirmation" => ("签收", "a confirmation"),
        "consumption" => ("核销耗用", "consumption"),
        "consumption_adjustment" => ("耗用调整", "a consumption adjustment"),
        "count_adjustment" => ("盘点调整", "a count adjustment"),
        "direct_delivery" => ("直送", "a direct delivery"),
        "discrepancy" => ("差异", "a discrepancy"),
        "dispatch" => ("发货", "a dispatch"),
        "issue" => ("委外发料", "an issue"),
        "line_issue" => ("领用", "an issue to the line"),
        "line_return" => ("退库", "a return from the line"),
        "move" => ("移库", "a move"),
        "own_supply" => ("受托方自备", "a supply of the subcontractor's own"),
        "production_output" => ("生产产出", "production output"),
        "production_use" => ("生产耗用", "production use"),
        "receipt" => ("收货", "a receipt"),
        "release" => ("放行", "a release"),
        "return" => ("退料", "a return"),
        "return_receipt" => ("退料入库", "the arrival of a return"),
        "reversal" => ("冲销", "a reversal"),
        "rework_in" => ("返工收回", "the return of rework"),
        "rework_out" => ("返工发出", "sending out for rework"),
        "scrap" => ("报废", "scrapping"),
        "subcontract_receipt" => ("委外收货", "a subcontract receipt"),
        "subcontractor_scrap" => ("委外报废", "scrapping at the subcontractor"),
        "supplement" => ("补料", "a supplement"),
        "transfer" => ("委外转料", "a transfer"),
        "unblock" => ("解冻", "unblocking"),
        _ => return None,
    })
}

/// What a kind of movement does, as a step that is allowed or not.
#[must_use]
pub fn step(kind: crate::ledger::MovementKind) -> Name {
    said("step", kind.as_str()).unwrap_or_default()
}

/// A kind of document before its number.
#[must_use]
pub fn document(kind: &str) -> Name {
    let (zh, en) = match kind {
        "claim" => ("索赔", "claim"),
        "issue" => ("发料单", "issue note"),
        "lot" => ("批次处置", "decision about lot"),
        "material" => ("物料单据", "material document"),
        "order" => ("委外订单", "order"),
        "pick" => ("拣货任务", "pick task"),
        "receipt" => ("收货单", "receipt"),
        "subcontract_receipt" => ("委外收货单", "subcontract receipt"),
        other => return Name::new(other, other),
    };
    Name::new(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issuing::{ApprovalState, PickState};
    use crate::ledger::{MovementKind, StockStatus};
    use crate::masterdata::LocationKind;
    use crate::material::MaterialState;
    use crate::orders::{CustodyState, OrderState};

    #[test]
    fn every_movement_place_and_state_has_its_words() {
        for kind in MovementKind::ALL {
            assert!(said("kind", kind.as_str()).is_some(), "{kind}");
        }
        for kind in LocationKind::ALL {
            for standing in StockStatus::ALL {
                assert!(said("from", &format!("{kind}/{standing}")).is_some(), "{kind} {standing}");
            }
        }
        let states = MaterialState::ALL.iter().map(|state| state.as_str());
        let states = states.chain(OrderState::ALL.iter().map(|state| state.as_str()));
        let states = states.chain(ApprovalState::ALL.iter().map(|state| state.as_str()));
        let states = states.chain(PickState::ALL.iter().map(|state| state.as_str()));
        let custody = CustodyState::ALL.iter().filter(|state| **state != CustodyState::None);
        for state in states.chain(custody.map(|state| state.as_str())) {
            assert!(said("state", state).is_some(), "{state}");
        }
    }

    #[test]
    fn a_name_or_a_number_stays_as_it_is() {
        assert_eq!(said("what", "RM-BAR"), None);
        assert_eq!(said("quantity", "5"), None);
    }
}
