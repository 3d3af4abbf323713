//! Gapless document numbers (domain.md A1 10). Numbers are laid out in blocks, and each document takes the lowest that is
//! free in its own transaction, so that documents do not wait for each other: only whoever comes while a block is laid out
//! does, once in a hundred. A document that is not written leaves its number to the next of its kind. So a number may be
//! given after a higher one; and if none of its kind follows in that year, it stays in `free_document_number`, which tells
//! for every number that is no document's that it never was.

use chrono::Datelike as _;
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

/// Numbers that are laid out at once.
const BLOCK: i64 = 100;

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The lowest free number of a kind, e.g. `FL-2026-000042`, in the organisation's calendar year.
///
/// # Errors
/// Those of the database.
pub fn next_number(tx: &mut Tx, kind: DocumentKind) -> Result<String> {
    let year = tx.today()?.year();
    let number = match take(tx, kind, year)? {
        Some(number) => number,
        None => lay_out(tx, kind, year)?,
    };
    Ok(format!("{}-{year}-{number:06}", prefix(kind)))
}

/// Takes the lowest number that is free and that nobody else is taking.
fn take(tx: &mut Tx, kind: DocumentKind, year: i32) -> Result<Option<i64>> {
    let taken = diesel::sql_query(
        "DELETE FROM free_document_number WHERE (org_id, kind, year, number) = (
            SELECT org_id, kind, year, number FROM free_document_number
            WHERE org_id = current_org() AND kind = $1 AND year = $2
            ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING number",
    )
    .bind::<Text, _>(kind.as_str())
    .bind::<Integer, _>(year)
    .cached();
    let taken: Option<Taken> = taken.get_result(tx.conn).optional()?;
    Ok(taken.map(|taken| taken.number))
}

/// Lays out the next numbers and takes the first of them. One at a time: whoever had to wait finds those of the other.
fn lay_out(tx: &mut Tx, kind: DocumentKind, year: i32) -> Result<i64> {
    diesel::sql_query(
        "INSERT INTO document_counter (org_id, kind, year, last_number) VALUES (current_org(), $1, $2, 0)
         ON CONFLICT (org_id, kind, year) DO UPDATE SET last_number = document_counter.last_number",
    )
    .bind::<Text, _>(kind.as_str())
    .bind::<Integer, _>(year)
    .execute(tx.conn)?;
    if let Some(taken) = take(tx, kind, year)? {
        return Ok(taken);
    }
    let first = diesel::sql_query(
        "WITH counter AS (UPDATE document_counter SET last_number = last_number + $3
            WHERE org_id = current_org() AND kind = $1 AND year = $2
            RETURNING org_id, kind, year, last_number - $3 + 1 AS number),
         laid_out AS (INSERT INTO free_document_number (org_id, kind, year, number)
            SELECT org_id, kind, year, number + place FROM counter CROSS JOIN generate_series(1, $3 - 1) AS place)
         SELECT number FROM counter",
    )
    .bind::<Text, _>(kind.as_str())
    .bind::<Integer, _>(year)
    .bind::<BigInt, _>(BLOCK);
    Ok(first.get_result::<Taken>(tx.conn)?.number)
}
