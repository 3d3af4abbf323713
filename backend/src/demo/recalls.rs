//! A titanium lot that is recalled today, and a drill that was answered before: a subcontractor still has some of the lot
//! and has not counted it yet.

use diesel::prelude::*;
use diesel::sql_types::Text;
use lotline_common::recall::{DrillAnswer, RecallClass, RecallCreate, RecallCriteria, RecallHold};

use super::world::World;
use crate::db::Tx;
use crate::error::Result;
use crate::recall::service::{cases, drills};

#[derive(QueryableByName)]
struct Suspect {
    #[diesel(sql_type = Text)]
    supplier_lot: String,
}

/// Recalls a lot of titanium bar that a subcontractor has some of, and drills once.
pub fn begin(world: &World) -> Result<()> {
    drill(world)?;
    let Some(suspect) = world.act("quality", suspect)? else { return Ok(()) };
    let criteria = RecallCriteria { supplier_lot: suspect.supplier_lot, ..RecallCriteria::default() };
    let command = RecallCreate {
        recall_class: RecallClass::Two,
        reason: "供应商通报：该炉号钛棒抗拉强度复验低于标准".to_owned(),
        instruction: "立即停止使用，清点后隔离上锁，拍照回执".to_owned(),
        criteria,
    };
    let recall = world.act("quality", |tx| cases::recall_create(tx, &command))?;
    let hold = RecallHold { include_possible: false };
    world.act("quality", |tx| cases::recall_hold(tx, recall.id, recall.version, &hold)).map(drop)
}

/// The oldest titanium lot of which a subcontractor has some and that went into something.
fn suspect(tx: &mut Tx) -> Result<Option<Suspect>> {
    let suspect = diesel::sql_query(
        "SELECT l.supplier_lot FROM lot l JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
         WHERE l.org_id = current_org() AND i.code LIKE 'RM-TI-%' AND l.status = 'released' AND l.supplier_lot <> ''
            AND EXISTS (SELECT FROM lot_link k WHERE (k.org_id, k.parent_lot_id) = (l.org_id, l.id) AND k.voided_at IS NULL)
            AND EXISTS (SELECT FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
                WHERE (b.org_id, b.lot_id) = (l.org_id, l.id) AND p.kind = 'subcontractor_custody' AND b.on_hand > 0)
         ORDER BY l.id LIMIT 1",
    );
    Ok(suspect.get_result(tx.conn).optional()?)
}

fn drill(world: &World) -> Result<()> {
    let drill = world.act("quality", |tx| drills::drill_start(tx, &()))?;
    let criteria = RecallCriteria { lot_ids: vec![drill.lot.id], ..RecallCriteria::default() };
    let answer = DrillAnswer { criteria };
    world.act("quality", |tx| drills::drill_answer(tx, drill.id, drill.version, &answer)).map(drop)
}
