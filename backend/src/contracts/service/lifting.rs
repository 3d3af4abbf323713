//! Overrides that lift what stands in the way of a step: found, and used up by one document.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{ClauseFinding, Enforcement};
use lotline_common::id::{ClauseOverrideId, OrderId};
use lotline_common::orders::Order;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::overrides::document_of;
use crate::audit::{self, Event};
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::clause_override;

/// Uses an approved override that covers a finding: one act of one document.
pub(super) fn override_use(
    tx: &mut Tx,
    order: &Order,
    finding: &ClauseFinding,
    document: Uuid,
) -> Result<Option<ClauseOverrideId>> {
    let Some(id) = override_covering(tx, order.id, finding, document)? else { return Ok(None) };
    let unused = clause_override::table.find((tx.org(), id.uuid())).filter(clause_override::used_at.is_null());
    let used = diesel::update(unused)
        .set((
            clause_override::used_by_id.eq(document),
            clause_override::used_at.eq(tx.now),
            clause_override::version.eq(clause_override::version + 1),
        ))
        .execute(tx.conn)?;
    if used > 0 {
        let details = serde_json::json!({ "used_by": document, "finding": finding });
        audit::append(tx, Event::new(AggregateKind::ClauseOverride, id, AuditAction::Closed).details(details))?;
    }
    Ok(Some(id))
}

/// The narrowest override that covers a finding, held until the transaction ends: approved, and not used but by this
/// very document.
pub(super) fn override_covering(
    tx: &mut Tx,
    order: OrderId,
    finding: &ClauseFinding,
    document: Uuid,
) -> Result<Option<ClauseOverrideId>> {
    narrowest_override(tx, (order, finding), (Some(document), " FOR UPDATE"))
}

#[derive(QueryableByName)]
struct OverrideRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Numeric)]
    figure_after: Decimal,
}

/// The narrowest approved override that covers a finding, for a document that may have used it already, and with the
/// lock that its row is read with.
pub(super) fn narrowest_override(
    reader: &mut Reader,
    (order, finding): (OrderId, &ClauseFinding),
    (document, lock): (Option<Uuid>, &'static str),
) -> Result<Option<ClauseOverrideId>> {
    let approvable = finding.clause.as_ref().filter(|_| finding.enforcement == Enforcement::Approve);
    let Some(clause) = approvable else { return Ok(None) };
    let statement = format!(
        "SELECT id, figure_after FROM clause_override WHERE org_id = current_org() AND order_id = $1 AND clause_id = $2
            AND document_kind = $3 AND approval_state = 'approved' AND (used_at IS NULL OR used_by_id = $4)
         ORDER BY id{lock}"
    );
    let mut rows: Vec<OverrideRow> = diesel::sql_query(statement)
        .bind::<SqlUuid, _>(order.uuid())
        .bind::<SqlUuid, _>(clause.id.uuid())
        .bind::<Text, _>(document_of(finding.step).as_str())
        .bind::<Nullable<SqlUuid>, _>(document)
        .cached()
        .load(reader.conn)?;
    let (at_least, reached) = (finding.at_least, finding.figure_after);
    rows.retain(|row| if at_least { row.figure_after <= reached } else { row.figure_after >= reached });
    Ok(rows.into_iter().min_by_key(|row| (row.figure_after - reached).abs()).map(|row| row.id.into()))
}
