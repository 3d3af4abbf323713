//! Closing a calendar month.

use chrono::{Datelike as _, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::Date;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::reconcile::{PeriodClose, PeriodCloseWrite};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::db::{Tx, list};
use crate::error::Result;
use crate::ledger::lots::today;
use crate::ledger::periods::hold_postings;
use crate::schema::period_close;

#[derive(QueryableByName)]
struct Identity {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
}

/// Closes a month that is over: nothing is posted into it any more.
///
/// # Errors
/// `period_not_over`, `period_closed`.
pub fn period_close(tx: &mut Tx, command: &PeriodCloseWrite) -> Result<PeriodClose> {
    let month = first_day(command.month);
    let current = first_day(today(tx)?);
    if month >= current {
        return Err(Refusal::new(ProblemCode::PeriodNotOver).with("month", month.format("%Y-%m")).into());
    }
    hold_postings(tx)?;
    let made = diesel::insert_into(period_close::table)
        .values((
            period_close::org_id.eq(tx.org()),
            period_close::month.eq(month),
            period_close::closed_by.eq(tx.ctx.person.uuid()),
            period_close::closed_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn)?;
    if made == 0 {
        return Err(Refusal::new(ProblemCode::PeriodClosed).with("month", month.format("%Y-%m")).into());
    }
    let row: Identity = diesel::sql_query("SELECT id FROM period_view WHERE org_id = current_org() AND month = $1")
        .bind::<Date, _>(month)
        .get_result(tx.conn)?;
    let closed: PeriodClose = list::one(tx, "period_view", row.id)?;
    audit::append(tx, Event::new(AggregateKind::Period, row.id, AuditAction::Closed).after(&closed)?)?;
    Ok(closed)
}

fn first_day(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_named_by_any_of_its_days() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        assert_eq!(first_day(day(2, 28)), day(2, 1));
        assert_eq!(first_day(day(2, 1)), day(2, 1));
    }
}
