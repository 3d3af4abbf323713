//! How complete the record of a lot is, and whether that is enough for a release.

use diesel::prelude::*;
use lotline_common::id::LotId;
use lotline_common::ledger::Lot;
use lotline_common::locale::{Locale, Name};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::trace::{FactSource, MAXIMUM_TRACE_LOTS, MissingFact, TraceCompleteness, TraceDirection};
use uuid::Uuid;

use super::scope::scope;
use super::{rules, store};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::lots;
use crate::schema::organisation;

/// Missing facts that a refusal names.
const NAMED: usize = 5;

/// The facts of a lot and of every lot it was made of, certain or possible.
///
/// # Errors
/// `not_found`.
pub fn completeness(reader: &mut Reader, id: LotId) -> Result<TraceCompleteness> {
    lots::lot_read(reader, id)?;
    let threshold_percent = threshold(reader)?;
    record(reader, id, threshold_percent)
}

fn record(reader: &mut Reader, id: LotId, threshold_percent: Option<i16>) -> Result<TraceCompleteness> {
    let behind = scope(reader, &[id], TraceDirection::Backward, Some(MAXIMUM_TRACE_LOTS))?;
    let ids: Vec<Uuid> = behind.lots.iter().map(|lot| lot.lot).collect();
    let facts = store::facts(reader, &ids)?;
    let missing: Vec<MissingFact> = store::bodies(
        reader,
        "SELECT to_json(t) AS body FROM missing_fact_view t WHERE t.org_id = current_org() AND t.lot_id = ANY($1)
            AND (t.fact <> 'release' OR t.lot_id <> ($1)[1])
         ORDER BY t.lot_id <> ($1)[1], t.code, t.fact, t.document ->> 'number' LIMIT 200",
        &ids,
    )?;
    Ok(TraceCompleteness {
        required: facts.required,
        present: facts.present,
        percent: rules::percent(facts.present, facts.required),
        threshold_percent,
        lot_count: ids.len(),
        missing,
    })
}

fn threshold(reader: &mut Reader) -> Result<Option<i16>> {
    let org = reader.org();
    Ok(organisation::table.find(org).select(organisation::trace_threshold_percent).first(reader.conn)?)
}

/// Checks that the record of a lot is as complete as the organisation asks for before a release.
///
/// # Errors
/// `trace_incomplete`.
pub fn check_release(tx: &mut Tx, lot: &Lot) -> Result<()> {
    let Some(threshold) = threshold(tx)? else { return Ok(()) };
    let record = record(tx, lot.id, Some(threshold))?;
    if record.percent >= i64::from(threshold) {
        return Ok(());
    }
    let refusal = Refusal::new(ProblemCode::TraceIncomplete).with("lot", &lot.code).with("percent", record.percent);
    let refusal = refusal.with("threshold", threshold).with_text("missing", in_words(&record.missing));
    Err(refusal.with("present", record.present).with("required", record.required).into())
}

/// What is missing, and who can supply it.
fn in_words(missing: &[MissingFact]) -> Name {
    let said = |locale: Locale| {
        let fact = |fact: &MissingFact| {
            let what = fact.fact.name();
            let who = match (&fact.partner, fact.source) {
                (Some(partner), _) => partner.name.clone(),
                (None, FactSource::Quality) => Name::new("质量", "quality"),
                (None, _) => Name::new("本企业", "your own people"),
            };
            format!("{}: {} ({})", fact.lot.code, what.in_locale(locale), who.in_locale(locale))
        };
        let mut facts: Vec<_> = missing.iter().take(NAMED).map(fact).collect();
        if missing.len() > NAMED {
            facts.push("…".to_owned());
        }
        facts.join("; ")
    };
    Name { zh: said(Locale::ZhCn), en: said(Locale::En) }
}
