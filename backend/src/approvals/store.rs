//! Statements over approvals, who is asked, and what happened.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::access::PersonRef;
use lotline_common::approvals::flow::{FlowDirectory, FlowPerson};
use lotline_common::flows::run::Run;
use lotline_common::flows::{Act, Drawing};
use lotline_common::id::{ApprovalId, PartnerId, PersonId};
use lotline_common::ledger::DocumentKind;
use serde_json::Value;
use uuid::Uuid;

use super::rules::NewEntry;
use super::running::Held;
use crate::db::cached::PreparedOnce as _;
use crate::db::list::{BY_ID, List};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::{approval, approval_ask, approval_entry};

/// An approval's row, as far as it is decided by.
#[derive(Queryable)]
pub struct Row {
    pub document_kind: String,
    pub document_id: Uuid,
    pub document_number: String,
    pub permission: String,
    pub drawing: Value,
    pub run: Value,
    pub subject: Value,
    pub state: String,
}

/// Locks an approval.
pub fn lock(tx: &mut Tx, id: ApprovalId) -> Result<()> {
    let row = approval::table.find((tx.org(), id.uuid())).select(approval::id).for_update();
    Ok(row.first::<Uuid>(tx.conn).map(drop)?)
}

/// Reads an approval.
pub fn row(reader: &mut Reader, id: ApprovalId) -> Result<Row> {
    let row = approval::table.find((reader.org(), id.uuid())).select((
        approval::document_kind,
        approval::document_id,
        approval::document_number,
        approval::permission,
        approval::drawing,
        approval::run,
        approval::subject,
        approval::state,
    ));
    Ok(row.first(reader.conn)?)
}

/// Everybody whom a flow can name.
pub fn people(reader: &mut Reader) -> Result<Vec<FlowPerson>> {
    List::over("flow_person_view", &[BY_ID]).all(reader)
}

/// The same, for the engine.
pub fn directory(reader: &mut Reader) -> Result<FlowDirectory> {
    Ok(FlowDirectory { people: people(reader)?, ..FlowDirectory::default() })
}

/// Writes where an approval stands: its run, who is asked, and what happened.
pub fn save(tx: &mut Tx, held: &Held, entries: &[NewEntry]) -> Result<()> {
    diesel::update(approval::table.find((tx.org(), held.id.uuid())))
        .set((
            approval::run.eq(serde_json::to_value(&held.run)?),
            approval::stuck.eq(held.is_stuck()),
            approval::wakes_at.eq(held.run.wakes_at()),
            approval::partner_id.eq(held.countersigned_by().map(PartnerId::uuid)),
        ))
        .execute(tx.conn)?;
    write_asks(tx, held)?;
    write_entries(tx, held.id, entries)
}

fn write_asks(tx: &mut Tx, held: &Held) -> Result<()> {
    let mine = approval_ask::table.filter(approval_ask::org_id.eq(tx.org()));
    diesel::delete(mine.filter(approval_ask::approval_id.eq(held.id.uuid()))).execute(tx.conn)?;
    if held.run.outcome.is_some() {
        return Ok(());
    }
    let org = tx.org();
    let steps = held.run.marks.keys().filter_map(|step| Some((step, held.run.asked(step)?)));
    let rows = steps.flat_map(|(step, asked)| {
        let task = held.drawing.step(step).and_then(|step| step.act.task());
        let in_bulk = task.is_some_and(|task| task.in_bulk && task.fields.iter().all(|field| !field.required));
        let open = asked.asks.iter().filter(|ask| ask.decided.is_none());
        open.map(move |ask| {
            (
                approval_ask::org_id.eq(org),
                approval_ask::approval_id.eq(held.id.uuid()),
                approval_ask::step.eq(step),
                approval_ask::person_id.eq(ask.candidate.person.uuid()),
                approval_ask::in_place_of.eq(ask.candidate.in_place_of.map(PersonId::uuid)),
                approval_ask::asked_at.eq(asked.since),
                approval_ask::due_at.eq(asked.due_at),
                approval_ask::in_bulk.eq(in_bulk),
            )
        })
    });
    let rows: Vec<_> = rows.collect();
    diesel::insert_into(approval_ask::table).values(&rows).execute(tx.conn)?;
    Ok(())
}

/// Writes down what happened.
pub fn write_entries(tx: &mut Tx, id: ApprovalId, entries: &[NewEntry]) -> Result<()> {
    let (org, now) = (tx.org(), tx.now);
    let rows = entries.iter().map(|entry| {
        (
            approval_entry::org_id.eq(org),
            approval_entry::id.eq(Uuid::now_v7()),
            approval_entry::approval_id.eq(id.uuid()),
            approval_entry::kind.eq(entry.kind.as_str()),
            approval_entry::at.eq(now),
            approval_entry::step.eq(entry.step.as_deref()),
            approval_entry::person_id.eq(entry.person.map(PersonId::uuid)),
            approval_entry::other_id.eq(entry.other.map(PersonId::uuid)),
            approval_entry::meaning.eq(entry.meaning.map(|meaning| meaning.as_str())),
            approval_entry::text.eq(&entry.text),
            approval_entry::filled.eq(&entry.filled),
            approval_entry::asked_at.eq(entry.asked_at),
            approval_entry::due_at.eq(entry.due_at),
        )
    });
    let rows: Vec<_> = rows.collect();
    diesel::insert_into(approval_entry::table).values(&rows).execute(tx.conn)?;
    Ok(())
}

/// What waits for a document.
pub fn pending_of(tx: &mut Tx, kind: DocumentKind, document: Uuid) -> Result<Vec<ApprovalId>> {
    let ids: Vec<Uuid> = approval::table
        .filter(approval::org_id.eq(tx.org()))
        .filter(approval::document_kind.eq(kind.as_str()))
        .filter(approval::document_id.eq(document))
        .filter(approval::state.eq("pending"))
        .order(approval::id)
        .select(approval::id)
        .load(tx.conn)?;
    Ok(ids.into_iter().map(ApprovalId).collect())
}

/// An approval that has to be looked at, and where.
#[derive(Debug, Clone, QueryableByName)]
pub struct Waking {
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub requested_by: Uuid,
}

/// Approvals of all organisations whose time has come, or all that wait.
pub fn waking(connection: &mut PgConnection, now: DateTime<Utc>, all: bool) -> Result<Vec<Waking>> {
    use diesel::connection::SimpleConnection as _;
    connection.batch_execute("SET LOCAL app.org = ''; SET LOCAL app.waking = 'on'")?;
    let rows = diesel::sql_query(
        "SELECT org_id, id, requested_by FROM approval WHERE state = 'pending' AND ($1 OR wakes_at <= $2)
         ORDER BY org_id, id LIMIT 10000",
    );
    Ok(rows.bind::<Bool, _>(all).bind::<Timestamptz, _>(now).cached().get_results(connection)?)
}

/// Names of people.
pub fn people_named(reader: &mut Reader, people: &[PersonId]) -> Result<Vec<PersonRef>> {
    #[derive(QueryableByName)]
    struct Named {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        display_name: String,
    }
    let ids: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
    let rows = diesel::sql_query("SELECT id, display_name FROM person WHERE id = ANY($1) ORDER BY id")
        .bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<Named> = rows.cached().get_results(reader.conn)?;
    let named = |row: Named| PersonRef { id: row.id.into(), display_name: row.display_name };
    Ok(rows.into_iter().map(named).collect())
}

/// Whether a person is an active member, and of which subcontractor.
pub fn side_of(reader: &mut Reader, person: PersonId) -> Result<Option<Option<PartnerId>>> {
    #[derive(QueryableByName)]
    struct Side {
        #[diesel(sql_type = Nullable<SqlUuid>)]
        partner_id: Option<Uuid>,
    }
    let row = diesel::sql_query("SELECT partner_id FROM flow_person_view WHERE org_id = current_org() AND id = $1");
    let row: Option<Side> = row.bind::<SqlUuid, _>(person.uuid()).cached().get_result(reader.conn).optional()?;
    Ok(row.map(|row| row.partner_id.map(PartnerId)))
}

/// Whether the subcontractor's people decide somewhere in a drawing.
pub fn has_countersignature(drawing: &Drawing) -> bool {
    let mut found = false;
    drawing.walk(&mut |step| found |= matches!(step.act, Act::Countersign(_)));
    found
}

/// Reads a run that was kept.
pub fn run_of(kept: Value) -> Result<Run> {
    Ok(serde_json::from_value(kept)?)
}
