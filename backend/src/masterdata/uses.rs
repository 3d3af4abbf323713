//! Where a record is still in use: what stands in the way of taking it out of use.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use lotline_common::problem::{ProblemCode, Refusal};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::list::TextRow;
use crate::error::Result;

/// A statement that gives the uses of a record (`$1`), each as one `text`.
pub struct Uses(&'static str);

/// Uses of a unit.
pub const UNIT: Uses = Uses("SELECT code AS text FROM item WHERE org_id = current_org() AND unit_id = $1 AND active");

/// Uses of an item.
pub const ITEM: Uses = Uses(
    "SELECT p.code AS text FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
        WHERE b.org_id = current_org() AND b.item_id = $1 AND b.on_hand > 0
            AND p.kind NOT IN ('consumed', 'scrap', 'customer')
     UNION ALL SELECT o.number FROM subcontract_order o WHERE o.org_id = current_org()
            AND o.record_state IN ('draft', 'open') AND (o.product_id = $1 OR EXISTS (SELECT FROM order_component c
                WHERE (c.org_id, c.order_id) = (o.org_id, o.id) AND c.item_id = $1))
     UNION ALL SELECT i.code || ' ' || b.revision FROM bom b JOIN item i ON (i.org_id, i.id) = (b.org_id, b.product_id)
        WHERE b.org_id = current_org() AND b.state = 'active' AND (b.product_id = $1 OR EXISTS (SELECT FROM bom_line l
                WHERE (l.org_id, l.bom_id) = (b.org_id, b.id) AND l.component_id = $1))",
);

/// Uses of a partner.
pub const PARTNER: Uses = Uses(
    "SELECT p.code AS text FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
        WHERE b.org_id = current_org() AND p.partner_id = $1 AND b.on_hand > 0
     UNION ALL SELECT number FROM subcontract_order
        WHERE org_id = current_org() AND partner_id = $1 AND record_state IN ('draft', 'open')",
);

/// Uses of a location.
pub const LOCATION: Uses = Uses(
    "SELECT i.code AS text FROM stock_balance b JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
        WHERE b.org_id = current_org() AND b.location_id = $1 AND b.on_hand > 0",
);

/// Uses of an operation.
pub const OPERATION: Uses = Uses(
    "SELECT i.code || ' ' || b.revision AS text FROM bom b JOIN item i ON (i.org_id, i.id) = (b.org_id, b.product_id)
        WHERE b.org_id = current_org() AND b.operation_id = $1 AND b.state = 'active'",
);

/// Uses that a refusal names at most.
const NAMED_USES: usize = 5;

/// Checks that a record may be taken out of use.
///
/// # Errors
/// `in_use` with the first places by name.
pub fn check_free(tx: &mut Tx, uses: &Uses, id: Uuid, code: &str) -> Result<()> {
    let statement = format!("SELECT DISTINCT text FROM ({}) uses ORDER BY text LIMIT {}", uses.0, NAMED_USES + 1);
    let rows: Vec<TextRow> = diesel::sql_query(statement).bind::<SqlUuid, _>(id).load(tx.conn)?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut places: Vec<String> = rows.into_iter().filter_map(|row| row.text).collect();
    if places.len() > NAMED_USES {
        places.truncate(NAMED_USES);
        places.push("…".to_owned());
    }
    Err(Refusal::new(ProblemCode::InUse).with("code", code).with("where", places.join(", ")).into())
}

/// The refusal of a change to what is fixed after first use.
#[must_use]
pub fn fixed(field: &str) -> Refusal {
    Refusal::new(ProblemCode::FieldFixed).with("field", field)
}
