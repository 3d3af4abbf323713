//! Where a record is still in use: what stands in the way of taking it out of use.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use lotline_common::problem::{ProblemCode, Refusal};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::list::TextRow;
use crate::error::Result;

/// A statement that names the uses of a record (`$1`) as one text, or none.
pub struct Uses(&'static str);

/// Uses of a unit.
pub const UNIT: Uses =
    Uses("SELECT string_agg(code, ', ') AS text FROM item WHERE org_id = current_org() AND unit_id = $1 AND active");

/// Uses of an item.
pub const ITEM: Uses = Uses(
    "SELECT string_agg(place, ', ') AS text FROM (
        SELECT DISTINCT p.code AS place FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
        WHERE b.org_id = current_org() AND b.item_id = $1 AND b.on_hand > 0 AND p.kind NOT IN ('consumed', 'scrap')
        UNION SELECT o.number FROM subcontract_order o WHERE o.org_id = current_org() AND o.product_id = $1
            AND o.record_state IN ('draft', 'open')
        UNION SELECT i.code || ' ' || b.revision FROM bom b JOIN bom_line l ON (l.org_id, l.bom_id) = (b.org_id, b.id)
            JOIN item i ON (i.org_id, i.id) = (b.org_id, b.product_id)
            WHERE b.org_id = current_org() AND b.state = 'active' AND $1 IN (l.component_id, b.product_id)) uses",
);

/// Uses of a partner.
pub const PARTNER: Uses = Uses(
    "SELECT string_agg(place, ', ') AS text FROM (
        SELECT DISTINCT p.code AS place FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
        WHERE b.org_id = current_org() AND p.partner_id = $1 AND b.on_hand > 0
        UNION SELECT o.number FROM subcontract_order o WHERE o.org_id = current_org() AND o.partner_id = $1
            AND o.record_state IN ('draft', 'open')) uses",
);

/// Uses of a location.
pub const LOCATION: Uses = Uses(
    "SELECT string_agg(DISTINCT i.code, ', ') AS text FROM stock_balance b JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
     WHERE b.org_id = current_org() AND b.location_id = $1 AND b.on_hand > 0",
);

/// Uses of an operation.
pub const OPERATION: Uses = Uses(
    "SELECT string_agg(i.code || ' ' || b.revision, ', ') AS text FROM bom b
     JOIN item i ON (i.org_id, i.id) = (b.org_id, b.product_id)
     WHERE b.org_id = current_org() AND b.operation_id = $1 AND b.state = 'active'",
);

/// Checks that a record may be taken out of use.
///
/// # Errors
/// `in_use` with the places.
pub fn check_free(tx: &mut Tx, uses: &Uses, id: Uuid, code: &str) -> Result<()> {
    let row: TextRow = diesel::sql_query(uses.0).bind::<SqlUuid, _>(id).get_result(tx.conn)?;
    match row.text {
        Some(places) => Err(Refusal::new(ProblemCode::InUse).with("code", code).with("where", places).into()),
        None => Ok(()),
    }
}

/// The refusal of a change to what is fixed after first use.
#[must_use]
pub fn fixed(field: &str) -> Refusal {
    Refusal::new(ProblemCode::FieldFixed).with("field", field)
}
