//! Gapless document numbers: one locked row per kind and year, counted in the same transaction as
//! the document (domain.md A1 10).

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use lotline_common::ledger::DocumentKind;

use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;

/// Letters before the number, after the Chinese name of the document.
const fn prefix(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Receipt => "SH",
        DocumentKind::Lot => "PC",
        DocumentKind::Item => "PD",
        DocumentKind::Order => "WW",
        DocumentKind::Requisition => "SL",
        DocumentKind::Pick => "JH",
        DocumentKind::Issue => "FL",
        DocumentKind::Claim => "SP",
        DocumentKind::Material => "WL",
        DocumentKind::SubcontractReceipt => "WS",
        DocumentKind::Agreement => "XY",
        DocumentKind::ClauseOverride => "HM",
        DocumentKind::ApprovalFlow => "LC",
        DocumentKind::LotRelease => "FX",
        DocumentKind::MasterdataChange => "ZS",
        DocumentKind::AccessChange => "QX",
        DocumentKind::Recall => "ZH",
        DocumentKind::RecallNotice => "ZT",
        DocumentKind::RecallDrill => "YL",
    }
}

#[derive(QueryableByName)]
struct Counter {
    #[diesel(sql_type = Integer)]
    year: i32,
    #[diesel(sql_type = BigInt)]
    last_number: i64,
}

/// The next number of a kind, e.g. `FL-2026-000042`, in the organisation's calendar year.
///
/// # Errors
/// Those of the database.
pub fn next_number(tx: &mut Tx, kind: DocumentKind) -> Result<String> {
    let counter: Counter = diesel::sql_query(
        "INSERT INTO document_counter (org_id, kind, year, last_number)
         VALUES (current_org(), $1, extract(year FROM current_day())::integer, 1)
         ON CONFLICT (org_id, kind, year) DO UPDATE SET last_number = document_counter.last_number + 1
         RETURNING year, last_number",
    )
    .bind::<Text, _>(kind.as_str())
    .cached()
    .get_result(tx.conn)?;
    Ok(format!("{}-{}-{:06}", prefix(kind), counter.year, counter.last_number))
}
