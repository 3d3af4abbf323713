//! Approval flows of the demonstration: urgent requisitions and changes of roles go through one that was drawn, and another one
//! is being drawn.

use diesel::prelude::*;
use lotline_common::access::{Role, RoleWrite};
use lotline_common::approvals::Decision;
use lotline_common::approvals::flow::{ApprovalFlowCreate, ApprovalFlowDetail, FlowState, FlowVersionTransition};
use lotline_common::changes::{Change, ChangeAct};
use lotline_common::flows::condition::Comparison;
use lotline_common::flows::facts::{FlagFact, NumberFact, TextFact};
use lotline_common::flows::{
    Act, Branch, Choose, Condition, Drawing, Due, Lane, Notify, Parallel, Quorum, SignatureMeaning, Step, Task, Who,
};
use lotline_common::id::RoleId;
use lotline_common::ledger::DocumentKind;
use lotline_common::locale::Name;
use lotline_common::permission::Permission;
use uuid::Uuid;

use super::deciding;
use super::world::World;
use crate::access::members::role_read;
use crate::approvals::flows;
use crate::changes::service::propose;
use crate::error::Result;
use crate::schema::role;

/// Draws the flows, and has one of them published.
pub fn draw(world: &World) -> Result<()> {
    let (approver, manager, quality) =
        (role_of(world, "approver")?, role_of(world, "manager")?, role_of(world, "quality")?);
    let urgent = Condition::Flag { fact: FlagFact::Urgent, is: true };
    let made = create(
        world,
        DocumentKind::Requisition,
        ("加急发料审批", "Urgent issue"),
        (urgent, urgent_steps(approver, manager, quality)),
    )?;
    publish(world, &made)?;
    let over = Condition::Flag { fact: FlagFact::ToleranceExceeded, is: true };
    create(world, DocumentKind::Material, ("超耗裁定会签", "Over-consumption"), (over, over_steps(manager)))?;
    hold_roles(world, manager)
}

/// Changes of roles are looked at by the manager; one waits.
fn hold_roles(world: &World, manager: RoleId) -> Result<()> {
    let condition = Condition::Text { fact: TextFact::Act, one_of: [ChangeAct::RoleUpdate.to_string()].into() };
    let steps =
        vec![step("manager", ("经理复核", "Manager"), Act::Approve(Task::asking(Who::Role { role_id: manager })))];
    let made = create(world, DocumentKind::AccessChange, ("角色变更复核", "Changes of roles"), (condition, steps))?;
    publish(world, &made)?;
    let warehouse = role_of(world, "warehouse")?;
    world.act("admin", |tx| {
        let Role { code, name, mut permissions, version, .. } = role_read(tx, warehouse)?;
        permissions.push(Permission::IssueReverse);
        let command = RoleWrite { code, name, permissions };
        propose(tx, 200, &Change::RoleUpdate { id: warehouse, version, command }).map(drop)
    })
}

fn urgent_steps(approver: RoleId, manager: RoleId, quality: RoleId) -> Vec<Step> {
    let due = Due { hours: 8, escalate_to: vec![Who::Role { role_id: manager }] };
    let first =
        Task { due: Some(due), may_delegate: true, in_bulk: true, ..Task::asking(Who::Role { role_id: approver }) };
    let large = Branch {
        condition: Condition::Number { fact: NumberFact::Value, is: Comparison::AtLeast, than: 500_000.into() },
        steps: vec![step(
            "manager",
            ("经理审批", "Manager"),
            Act::Approve(Task::asking(Who::Role { role_id: manager })),
        )],
    };
    vec![
        step("approver", ("物料审批", "Material approver"), Act::Approve(first)),
        step("large", ("金额", "Value"), Act::Choose(Choose { branches: vec![large], otherwise: Vec::new() })),
        step("tell", ("知会质量", "Tell quality"), Act::Notify(Notify { who: vec![Who::Role { role_id: quality }] })),
    ]
}

fn over_steps(manager: RoleId) -> Vec<Step> {
    let ours = step("ours", ("本厂裁定", "Our ruling"), Act::Approve(Task::asking(Who::Role { role_id: manager })));
    let theirs = Task { meaning: SignatureMeaning::Countersignature, ..Task::asking(Who::Subcontractor {}) };
    let theirs = step("theirs", ("受托方会签", "Subcontractor"), Act::Countersign(theirs));
    let lanes = vec![Lane { steps: vec![ours] }, Lane { steps: vec![theirs] }];
    vec![step("both", ("双方", "Both sides"), Act::Parallel(Parallel { lanes, join: Quorum::All {} }))]
}

fn step(key: &str, name: (&str, &str), act: Act) -> Step {
    Step { key: key.to_owned(), name: Name::new(name.0, name.1), act }
}

fn role_of(world: &World, code: &str) -> Result<RoleId> {
    world.act("admin", |tx| {
        let known = role::table.filter(role::org_id.eq(tx.org())).filter(role::code.eq(code)).select(role::id);
        Ok(known.first::<Uuid>(tx.conn)?.into())
    })
}

fn create(
    world: &World,
    document_kind: DocumentKind,
    name: (&str, &str),
    (condition, steps): (Condition, Vec<Step>),
) -> Result<ApprovalFlowDetail> {
    let (name, drawing) = (Name::new(name.0, name.1), Drawing { steps });
    let command = ApprovalFlowCreate { document_kind, name, drawing, condition: Some(condition) };
    world.act("admin", |tx| flows::flow_create(tx, &command))
}

fn publish(world: &World, flow: &ApprovalFlowDetail) -> Result<()> {
    let submit = FlowVersionTransition { state: FlowState::Pending };
    world.act("admin", |tx| {
        let draft = flow.versions.first().map(|version| (version.id, version.version));
        let (id, version) = draft.ok_or_else(|| anyhow::anyhow!("a flow without a version"))?;
        flows::version_transition(tx, id, version, &submit)
    })?;
    deciding::decide(world, ("manager", flow.flow.id.uuid()), (Decision::Approve, ""))
}
