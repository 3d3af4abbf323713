//! From criteria to lots: the suspect ones, and all that are affected with them.

use lotline_common::id::LotId;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::recall::RecallCriteria;
use lotline_common::trace::TraceDirection;
use uuid::Uuid;

use crate::db::Reader;
use crate::error::Result;
use crate::recall::rules;
use crate::recall::store::{self, Affected, Called};
use crate::trace::scope::scope;

/// Every lot that criteria choose, and every lot that those may be in, nearest first.
///
/// # Errors
/// `fields_invalid` naming lots that are none, `recall_seedless`.
pub fn affected(reader: &mut Reader, criteria: &RecallCriteria) -> Result<Vec<Affected>> {
    let seeds = suspect(reader, criteria)?;
    if seeds.is_empty() {
        return Err(Refusal::new(ProblemCode::RecallSeedless).into());
    }
    reached(reader, &seeds)
}

/// Every lot that suspect ones may be in, and those themselves, nearest first.
///
/// # Errors
/// Those of the database.
pub fn reached(reader: &mut Reader, suspects: &[LotId]) -> Result<Vec<Affected>> {
    let reached = scope(reader, suspects, TraceDirection::Forward, None)?;
    let affected = reached.lots.iter().map(|lot| Affected {
        lot: lot.lot,
        certain: lot.certainty.is_certain(),
        distance: i32::try_from(lot.distance).unwrap_or(i32::MAX),
    });
    Ok(affected.collect())
}

fn suspect(reader: &mut Reader, criteria: &RecallCriteria) -> Result<Vec<LotId>> {
    let serials = criteria.serials.as_ref();
    let called = Called {
        ids: criteria.lot_ids.iter().map(|lot| lot.uuid()).collect(),
        serials: serials.map_or_else(
            || (Uuid::nil(), Vec::new()),
            |range| (range.item_id.uuid(), rules::codes(&range.run).unwrap_or_default()),
        ),
        supplier_lot: criteria.supplier_lot.trim(),
        certificate_number: criteria.certificate_number.trim(),
    };
    let mut found = store::lots_called(reader, &called)?;
    let mut check = FieldCheck::new();
    for (index, lot) in criteria.lot_ids.iter().enumerate() {
        if !found.contains(lot) {
            let refusal = Refusal::new(ProblemCode::ReferenceUnknown).with("what", "lot_id");
            check.refuse(format!("/criteria/lot_ids/{index}"), refusal);
        }
    }
    check.finish()?;
    if let Some(window) = &criteria.window {
        found.extend(store::lots_made(reader, window)?);
        found.sort_unstable();
        found.dedup();
    }
    Ok(found)
}
