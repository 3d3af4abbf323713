//! Raw scans: kept exactly as they came, with what they were read as (21 CFR 11.10(h)).

use diesel::prelude::*;
use lotline_common::id::ScanId;
use lotline_common::ledger::Capture;
use serde_json::Value;

use crate::db::Tx;
use crate::error::Result;
use crate::schema::scan;

/// Keeps a scan.
///
/// # Errors
/// Those of the database.
pub fn scan_create(tx: &mut Tx, raw: &str, capture: Capture, decoded: Value) -> Result<ScanId> {
    let id = ScanId::new();
    diesel::insert_into(scan::table)
        .values((
            scan::org_id.eq(tx.org()),
            scan::id.eq(id.uuid()),
            scan::raw.eq(raw),
            scan::capture.eq(capture.as_str()),
            scan::decoded.eq(decoded),
            scan::scanned_by.eq(tx.ctx.person.uuid()),
            scan::at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(id)
}
