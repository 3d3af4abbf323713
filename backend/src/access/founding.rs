//! A new organisation: its roles, its first administrator, its places and units.

use std::sync::Arc;

use diesel::prelude::*;
use lotline_common::id::{LocationId, MembershipId, OrganisationId, PersonId, RoleId, UnitId};
use lotline_common::locale::Locale;
use lotline_common::masterdata::LocationKind;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode};

use super::service::nowhere;
use super::{password, rules};
use crate::db::constraints::name_taken;
use crate::db::{Db, OpCtx, Tx, WriteOptions, Written};
use crate::error::{Error, Result};
use crate::schema::{location, membership, membership_role, organisation, person, role, role_permission, unit};

/// What is needed to found an organisation.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Sign-in name of its first administrator.
    pub admin_login: String,
    /// Printed name of its first administrator.
    pub admin_name: String,
    /// The administrator's password.
    pub password: String,
    /// Holds demonstration data with public passwords.
    pub demo: bool,
}

/// Roles every organisation begins with; it may change them.
const ROLES: &[(&str, &str, &str, &[Permission])] = {
    use Permission::{
        AccessApprove, AccessEdit, AccessView, AuditView, ClaimSettle, ContractApprove, ContractEdit, ContractRequest,
        ContractView, CostEdit, CostView, FlowApprove, FlowEdit, FlowView, IssuePick, IssuePost, IssueReverse,
        IssueView, LotRelease, MasterdataApprove, MasterdataEdit, MasterdataView, MaterialApprove, MaterialEdit,
        MaterialPost, MaterialReverse, OrderClose, OrderEdit, OrderView, PeriodClose, PortalConfirm, PortalDeclare,
        PortalView, RecallLift, RecallManage, RecallView, ReceiptPost, ReceiptView, RequisitionApprove,
        RequisitionEdit, StockReserve, StockView, SubcontractReceive, ToolingMaintain,
    };
    &[
        (
            "clerk",
            "物料员",
            "Material clerk",
            &[
                MasterdataView,
                MasterdataEdit,
                StockView,
                StockReserve,
                ReceiptView,
                OrderView,
                OrderEdit,
                IssueView,
                RequisitionEdit,
                MaterialEdit,
                ContractView,
                ContractRequest,
                OrderClose,
                CostView,
                RecallView,
            ],
        ),
        (
            "warehouse",
            "仓库",
            "Warehouse",
            &[
                MasterdataView,
                StockView,
                StockReserve,
                ReceiptView,
                ReceiptPost,
                OrderView,
                IssueView,
                IssuePick,
                IssuePost,
                SubcontractReceive,
                MaterialEdit,
                MaterialPost,
                ContractView,
                ContractRequest,
                RecallView,
            ],
        ),
        (
            "approver",
            "审批人",
            "Approver",
            &[
                MasterdataView,
                StockView,
                ReceiptView,
                OrderView,
                IssueView,
                RequisitionEdit,
                RequisitionApprove,
                MaterialApprove,
                ContractView,
                FlowView,
            ],
        ),
        (
            "quality",
            "质量",
            "Quality",
            &[
                MasterdataView,
                MasterdataApprove,
                StockView,
                ReceiptView,
                LotRelease,
                ToolingMaintain,
                OrderView,
                IssueView,
                AuditView,
                MaterialEdit,
                ContractView,
                ContractEdit,
                ContractRequest,
                ClaimSettle,
                RecallView,
                RecallManage,
                FlowView,
                FlowEdit,
            ],
        ),
        (
            "manager",
            "经理",
            "Manager",
            &[
                MasterdataView,
                MasterdataApprove,
                StockView,
                StockReserve,
                ReceiptView,
                ReceiptPost,
                OrderView,
                OrderEdit,
                IssueView,
                IssueReverse,
                RequisitionApprove,
                AuditView,
                AccessView,
                AccessApprove,
                MaterialApprove,
                MaterialReverse,
                ClaimSettle,
                OrderClose,
                PeriodClose,
                ContractView,
                ContractApprove,
                CostView,
                CostEdit,
                RecallView,
                RecallManage,
                RecallLift,
                FlowView,
                FlowApprove,
            ],
        ),
        (
            "auditor",
            "审计员",
            "Auditor",
            &[
                MasterdataView,
                StockView,
                ReceiptView,
                OrderView,
                IssueView,
                AuditView,
                AccessView,
                ContractView,
                CostView,
                RecallView,
                FlowView,
            ],
        ),
        (
            "admin",
            "管理员",
            "Administrator",
            &[
                MasterdataView,
                MasterdataEdit,
                StockView,
                ReceiptView,
                OrderView,
                IssueView,
                AuditView,
                AccessView,
                AccessEdit,
                AccessApprove,
                ContractView,
                FlowView,
                FlowEdit,
            ],
        ),
        ("portal", "受托方", "Subcontractor", &[PortalView, PortalConfirm, PortalDeclare]),
    ]
};

/// Places every organisation begins with.
const PLACES: &[(&str, &str, &str, LocationKind)] = &[
    ("SUPPLIER", "供应商", "Suppliers", LocationKind::Supplier),
    ("QUARANTINE", "待检区", "Quarantine", LocationKind::Quarantine),
    ("STORE", "原料库", "Store", LocationKind::OwnStock),
    ("CONSUMED", "已消耗", "Consumed", LocationKind::Consumed),
    ("SCRAP", "报废", "Scrap", LocationKind::Scrap),
    ("ADJUSTMENT", "盘点调整", "Count adjustment", LocationKind::Adjustment),
    ("PRODUCTION", "产出", "Production output", LocationKind::Production),
    ("LINE", "生产线", "Production line", LocationKind::Wip),
    ("CUSTOMER", "客户", "Customers", LocationKind::Customer),
];

/// Units every organisation begins with.
const UNITS: &[(&str, &str, &str, i16)] = &[
    ("pcs", "件", "Piece", 0),
    ("kg", "千克", "Kilogram", 3),
    ("g", "克", "Gram", 2),
    ("m", "米", "Metre", 3),
    ("L", "升", "Litre", 3),
];

/// Who founds: the administrator, who is just being made.
fn founder(org: OrganisationId, person: PersonId) -> OpCtx {
    let permissions = Arc::new(Permission::ALL.iter().copied().collect());
    OpCtx { org, permissions, ..nowhere(person, Locale::default()) }
}

/// Makes an organisation. Answers who its administrator is, with all rights of a founder.
///
/// # Errors
/// `fields_invalid`, `password_weak`, `code_taken`.
pub fn found_organisation(db: &Db, founding: &Founding) -> Result<OpCtx> {
    let mut check = FieldCheck::new();
    check.required_text("/name", &founding.name, 100);
    check.required_text("/admin_name", &founding.admin_name, 100);
    check.ensure(rules::is_login(&founding.admin_login), "/admin_login", ProblemCode::RequestMalformed);
    rules::password_field(&mut check, "/password", &founding.password);
    check.finish()?;
    let hash = password::hash(&founding.password)?;
    let ctx = founder(OrganisationId::new(), PersonId::new());
    db.write(&ctx, &WriteOptions::default(), |tx| {
        insert_organisation(tx, founding)?;
        insert_person(tx, (tx.ctx.person, &founding.admin_login, &founding.admin_name), &hash)?;
        insert_roles(tx)?;
        insert_places(tx)?;
        make_administrator(tx)?;
        Ok(Written { status: 201, body: serde_json::Value::Null })
    })?;
    Ok(ctx)
}

fn insert_organisation(tx: &mut Tx, founding: &Founding) -> Result<()> {
    diesel::insert_into(organisation::table)
        .values((
            organisation::id.eq(tx.org()),
            organisation::code.eq(&founding.code),
            organisation::name_zh.eq(&founding.name),
            organisation::name_en.eq(""),
            organisation::demo.eq(founding.demo),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("organisation_code_key", &founding.code)]))?;
    Ok(())
}

/// Makes a person with a password hash.
///
/// # Errors
/// `code_taken`.
pub fn insert_person(tx: &mut Tx, who: (PersonId, &str, &str), hash: &str) -> Result<()> {
    let (id, login, name) = who;
    diesel::insert_into(person::table)
        .values((
            person::id.eq(id.uuid()),
            person::login.eq(login),
            person::display_name.eq(name),
            person::password_hash.eq(hash),
            person::home_organisation_id.eq(tx.org()),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("person_login_key", login)]))?;
    Ok(())
}

fn insert_roles(tx: &mut Tx) -> Result<()> {
    for (code, name_zh, name_en, permissions) in ROLES {
        let id = RoleId::new().uuid();
        diesel::insert_into(role::table)
            .values((
                role::org_id.eq(tx.org()),
                role::id.eq(id),
                role::code.eq(code),
                role::name_zh.eq(name_zh),
                role::name_en.eq(name_en),
            ))
            .execute(tx.conn)?;
        let org = tx.org();
        let rows = permissions.iter().map(|permission| {
            (
                role_permission::org_id.eq(org),
                role_permission::role_id.eq(id),
                role_permission::permission.eq(permission.as_str()),
            )
        });
        diesel::insert_into(role_permission::table).values(rows.collect::<Vec<_>>()).execute(tx.conn)?;
    }
    Ok(())
}

fn insert_places(tx: &mut Tx) -> Result<()> {
    let org = tx.org();
    for (code, name_zh, name_en, kind) in PLACES {
        diesel::insert_into(location::table)
            .values((
                location::org_id.eq(org),
                location::id.eq(LocationId::new().uuid()),
                location::code.eq(code),
                location::name_zh.eq(name_zh),
                location::name_en.eq(name_en),
                location::kind.eq(kind.as_str()),
                location::system_made.eq(!kind.is_own()),
            ))
            .execute(tx.conn)?;
    }
    for (code, name_zh, name_en, decimal_places) in UNITS {
        diesel::insert_into(unit::table)
            .values((
                unit::org_id.eq(org),
                unit::id.eq(UnitId::new().uuid()),
                unit::code.eq(code),
                unit::name_zh.eq(name_zh),
                unit::name_en.eq(name_en),
                unit::decimal_places.eq(decimal_places),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn make_administrator(tx: &mut Tx) -> Result<()> {
    let id = MembershipId::new().uuid();
    let (org, person) = (tx.org(), tx.ctx.person.uuid());
    diesel::insert_into(membership::table)
        .values((membership::org_id.eq(org), membership::id.eq(id), membership::person_id.eq(person)))
        .execute(tx.conn)?;
    let admin = role::table.filter(role::org_id.eq(org)).filter(role::code.eq("admin")).select(role::id);
    let admin: uuid::Uuid = admin.first(tx.conn).map_err(Error::from)?;
    diesel::insert_into(membership_role::table)
        .values((
            membership_role::org_id.eq(org),
            membership_role::membership_id.eq(id),
            membership_role::role_id.eq(admin),
        ))
        .execute(tx.conn)?;
    Ok(())
}
