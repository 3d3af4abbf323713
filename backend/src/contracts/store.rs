//! Rows of agreements.

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{AgreementCreate, ClauseWrite, VersionState};
use lotline_common::id::{
    AgreementId, AgreementVersionId, ClauseId, ItemId, OperationId, OrderId, PartnerId, PersonId,
};
use serde_json::Value;
use uuid::Uuid;

use super::rules::act::Clause;
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::{agreement, agreement_version, audit_event, clause, order_agreement};

pub fn agreement_insert(tx: &mut Tx, named: (AgreementId, &str), command: &AgreementCreate) -> Result<()> {
    diesel::insert_into(agreement::table)
        .values((
            agreement::org_id.eq(tx.org()),
            agreement::id.eq(named.0.uuid()),
            agreement::number.eq(named.1),
            agreement::partner_id.eq(command.partner_id.uuid()),
            agreement::kind.eq(command.kind.as_str()),
            agreement::title_zh.eq(command.title.zh.trim()),
            agreement::title_en.eq(command.title.en.trim()),
            agreement::created_by.eq(tx.ctx.person.uuid()),
            agreement::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Locks an agreement until the transaction ends.
pub fn agreement_lock(tx: &mut Tx, id: AgreementId) -> Result<PartnerId> {
    let row = agreement::table.find((tx.org(), id.uuid())).select(agreement::partner_id).for_update();
    Ok(row.first::<Uuid>(tx.conn)?.into())
}

/// A draft to be written.
pub struct NewVersion<'a> {
    pub agreement: AgreementId,
    pub partner: PartnerId,
    pub number: i32,
    pub effective_from: NaiveDate,
    pub change_note: &'a str,
}

pub fn version_insert(tx: &mut Tx, new: &NewVersion) -> Result<AgreementVersionId> {
    let id = AgreementVersionId::new();
    diesel::insert_into(agreement_version::table)
        .values((
            agreement_version::org_id.eq(tx.org()),
            agreement_version::id.eq(id.uuid()),
            agreement_version::agreement_id.eq(new.agreement.uuid()),
            agreement_version::partner_id.eq(new.partner.uuid()),
            agreement_version::version_number.eq(new.number),
            agreement_version::effective_from.eq(new.effective_from),
            agreement_version::change_note.eq(new.change_note.trim()),
            agreement_version::created_by.eq(tx.ctx.person.uuid()),
            agreement_version::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// The agreement a version belongs to.
pub fn version_agreement(reader: &mut Reader, id: AgreementVersionId) -> Result<AgreementId> {
    let row = agreement_version::table.find((reader.org(), id.uuid())).select(agreement_version::agreement_id);
    Ok(row.first::<Uuid>(reader.conn)?.into())
}

pub fn version_update(tx: &mut Tx, id: AgreementVersionId, effective_from: NaiveDate, change_note: &str) -> Result<()> {
    diesel::update(agreement_version::table.find((tx.org(), id.uuid())))
        .set((
            agreement_version::effective_from.eq(effective_from),
            agreement_version::change_note.eq(change_note.trim()),
            agreement_version::version.eq(agreement_version::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn version_set_state(tx: &mut Tx, id: AgreementVersionId, state: VersionState) -> Result<()> {
    let approved = (state == VersionState::Effective).then_some((tx.ctx.person.uuid(), tx.now));
    diesel::update(agreement_version::table.find((tx.org(), id.uuid())))
        .set((
            agreement_version::state.eq(state.as_str()),
            agreement_version::approved_by.eq(approved.map(|(person, _)| person)),
            agreement_version::approved_at.eq(approved.map(|(_, at)| at)),
            agreement_version::version.eq(agreement_version::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Who rewrote a draft of an agreement since a time, as the record says.
pub fn rewriters(tx: &mut Tx, id: AgreementId, since: DateTime<Utc>) -> Result<Vec<PersonId>> {
    let writers: Vec<Uuid> = audit_event::table
        .filter(audit_event::org_id.eq(tx.org()))
        .filter(audit_event::aggregate_kind.eq(AggregateKind::Agreement.as_str()))
        .filter(audit_event::aggregate_id.eq(id.uuid()))
        .filter(audit_event::action.eq(AuditAction::Updated.as_str()))
        .filter(audit_event::at.ge(since))
        .select(audit_event::actor_id)
        .distinct()
        .load(tx.conn)?;
    Ok(writers.into_iter().map(PersonId).collect())
}

/// Ends a version the day before another one begins.
pub fn version_end_before(tx: &mut Tx, id: AgreementVersionId, next: NaiveDate) -> Result<()> {
    diesel::update(agreement_version::table.find((tx.org(), id.uuid())))
        .set((
            agreement_version::effective_to.eq(next.checked_sub_days(Days::new(1))),
            agreement_version::version.eq(agreement_version::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes all clauses of a draft anew.
pub fn clauses_write(tx: &mut Tx, id: AgreementVersionId, clauses: &[ClauseWrite]) -> Result<()> {
    let org = tx.org();
    let old = clause::table.filter(clause::org_id.eq(org)).filter(clause::agreement_version_id.eq(id.uuid()));
    diesel::delete(old).execute(tx.conn)?;
    let mut rows = Vec::with_capacity(clauses.len());
    for new in clauses {
        rows.push((
            clause::org_id.eq(org),
            clause::id.eq(ClauseId::new().uuid()),
            clause::agreement_version_id.eq(id.uuid()),
            clause::number.eq(new.number.trim()),
            clause::kind.eq(new.terms.kind().as_str()),
            clause::text_zh.eq(new.text.zh.trim()),
            clause::text_en.eq(new.text.en.trim()),
            clause::item_id.eq(new.item_id.map(ItemId::uuid)),
            clause::operation_id.eq(new.operation_id.map(OperationId::uuid)),
            clause::parameters.eq(parameters(new)?),
            clause::enforcement.eq(new.enforcement.as_str()),
        ));
    }
    diesel::insert_into(clause::table).values(rows).execute(tx.conn)?;
    Ok(())
}

/// The figures alone: what a clause rules stands in a column of its own.
fn parameters(new: &ClauseWrite) -> Result<Value> {
    let mut parameters = serde_json::to_value(&new.terms)?;
    if let Some(fields) = parameters.as_object_mut() {
        fields.remove("kind");
    }
    Ok(parameters)
}

/// Versions of a subcontractor's agreements in force on a day.
pub fn versions_in_force(reader: &mut Reader, partner: PartnerId, day: NaiveDate) -> Result<Vec<AgreementVersionId>> {
    let rows: Vec<Uuid> = agreement_version::table
        .filter(agreement_version::org_id.eq(reader.org()))
        .filter(agreement_version::partner_id.eq(partner.uuid()))
        .filter(agreement_version::state.eq("effective"))
        .filter(agreement_version::effective_from.le(day))
        .filter(agreement_version::effective_to.is_null().or(agreement_version::effective_to.ge(day)))
        .order((agreement_version::agreement_id, agreement_version::version_number))
        .select(agreement_version::id)
        .load(reader.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Versions that an order is pinned to.
pub fn versions_pinned(reader: &mut Reader, order: OrderId) -> Result<Vec<AgreementVersionId>> {
    let rows: Vec<Uuid> = order_agreement::table
        .filter(order_agreement::org_id.eq(reader.org()))
        .filter(order_agreement::order_id.eq(order.uuid()))
        .select(order_agreement::agreement_version_id)
        .load(reader.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A clause as it stands in the database.
#[derive(QueryableByName)]
struct ClauseRow {
    #[diesel(sql_type = Jsonb)]
    reference: Value,
    #[diesel(sql_type = Text)]
    agreement_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    item_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    operation_id: Option<Uuid>,
    #[diesel(sql_type = Jsonb)]
    terms: Value,
    #[diesel(sql_type = Text)]
    enforcement: String,
}

impl ClauseRow {
    fn clause(self) -> Result<Clause> {
        Ok(Clause {
            reference: serde_json::from_value(self.reference)?,
            agreement_kind: self.agreement_kind.parse().map_err(anyhow::Error::from)?,
            item: self.item_id.map(Into::into),
            operation: self.operation_id.map(Into::into),
            terms: serde_json::from_value(self.terms)?,
            enforcement: self.enforcement.parse().map_err(anyhow::Error::from)?,
        })
    }
}

/// The clauses of the versions that an order is pinned to, by agreement and number.
pub fn clauses_pinned(reader: &mut Reader, order: OrderId) -> Result<Vec<Clause>> {
    let rows: Vec<ClauseRow> = diesel::sql_query(
        "SELECT r.reference, a.kind AS agreement_kind, c.item_id, c.operation_id,
            c.parameters || jsonb_build_object('kind', c.kind) AS terms, c.enforcement
         FROM order_agreement p
         JOIN agreement_version v ON (v.org_id, v.id) = (p.org_id, p.agreement_version_id)
         JOIN agreement a ON (a.org_id, a.id) = (v.org_id, v.agreement_id)
         JOIN clause c ON (c.org_id, c.agreement_version_id) = (v.org_id, v.id)
         JOIN clause_reference r ON (r.org_id, r.id) = (c.org_id, c.id)
         WHERE p.org_id = current_org() AND p.order_id = $1
         ORDER BY a.number, v.id, clause_number_order(c.number), c.number",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .cached()
    .load(reader.conn)?;
    rows.into_iter().map(ClauseRow::clause).collect()
}

/// Pins an order to versions, and to no others.
pub fn versions_pin(tx: &mut Tx, order: OrderId, versions: &[AgreementVersionId]) -> Result<()> {
    let org = tx.org();
    let old = order_agreement::table.filter(order_agreement::org_id.eq(org));
    diesel::delete(old.filter(order_agreement::order_id.eq(order.uuid()))).execute(tx.conn)?;
    let rows = versions.iter().map(|version| {
        (
            order_agreement::org_id.eq(org),
            order_agreement::order_id.eq(order.uuid()),
            order_agreement::agreement_version_id.eq(version.uuid()),
        )
    });
    diesel::insert_into(order_agreement::table).values(rows.collect::<Vec<_>>()).execute(tx.conn)?;
    Ok(())
}
