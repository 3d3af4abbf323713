//! What a document says of itself when it asks to be approved, and what a flow has to know besides.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime, TimeZone as _, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::flows::candidates::{Duties, Duty};
use lotline_common::flows::facts::{DateFact, FlagFact, NumberFact, TextFact};
use lotline_common::flows::{Facts, Step};
use lotline_common::id::{ItemId, PartnerId, PersonId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;

/// What a flow has to know of a document beside its facts. Kept with the approval.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Background {
    /// Its subcontractor.
    pub partner: Option<PartnerId>,
    /// Who answers for its items.
    pub item_owners: BTreeSet<PersonId>,
    /// What people did for it outside of its approval.
    pub held: Vec<(PersonId, Duty)>,
}

impl Background {
    /// What stands apart, with what people did.
    #[must_use]
    pub fn duties(&self) -> Duties {
        let mut duties = Duties::default();
        for (person, duty) in &self.held {
            duties.take(*person, *duty);
        }
        duties
    }
}

/// A document, as its flow knows it.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// What it says of itself.
    pub facts: Facts,
    /// What a flow has to know besides.
    pub background: Background,
    /// Who has to agree before anybody whom a flow names, whatever is drawn.
    pub ahead: Option<Step>,
}

#[derive(QueryableByName)]
struct ItemRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    owner_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Numeric>)]
    unit_cost: Option<Decimal>,
}

#[derive(QueryableByName)]
struct PartnerRow {
    #[diesel(sql_type = Nullable<Text>)]
    risk: Option<String>,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Timestamptz)]
    begins_at: chrono::DateTime<Utc>,
}

impl Subject {
    /// A document of a subcontractor, about so much of each item.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(tx: &mut Tx, partner: Option<PartnerId>, lines: &[(ItemId, Decimal)]) -> Result<Self> {
        let mut made = Self::default();
        if let Some(partner) = partner {
            made.background.partner = Some(partner);
            made.say(TextFact::Subcontractor, partner.to_string());
            if let Some(risk) = partner_risk(tx, partner)? {
                made.say(TextFact::SubcontractorRisk, risk);
            }
        }
        if lines.is_empty() {
            return Ok(made);
        }
        let items: BTreeMap<Uuid, ItemRow> = items(tx, lines)?.into_iter().map(|row| (row.id, row)).collect();
        for row in items.values() {
            made.say(TextFact::ItemClass, row.kind.clone());
            made.background.item_owners.extend(row.owner_id.map(PersonId));
        }
        let worth = lines.iter().map(|(item, quantity)| Some(items.get(&item.uuid())?.unit_cost? * quantity));
        made.count(NumberFact::Lines, Decimal::from(lines.len()));
        made.count(NumberFact::Quantity, lines.iter().map(|(_, quantity)| *quantity).max());
        made.count(NumberFact::Value, worth.sum::<Option<Decimal>>());
        Ok(made)
    }

    /// It has this figure, when there is one.
    pub fn count(&mut self, fact: NumberFact, figure: impl Into<Option<Decimal>>) {
        if let Some(figure) = figure.into() {
            self.facts.numbers.insert(fact, figure);
        }
    }

    /// It has this word.
    pub fn say(&mut self, fact: TextFact, word: String) {
        self.facts.texts.entry(fact).or_default().insert(word);
    }

    /// This holds of it, or not.
    pub fn mark(&mut self, fact: FlagFact, holds: bool) {
        if holds {
            self.facts.flags.insert(fact);
        }
    }

    /// It names this day.
    ///
    /// # Errors
    /// Those of the database.
    pub fn name_day(&mut self, tx: &mut Tx, fact: DateFact, day: NaiveDate) -> Result<()> {
        let begins_at = Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN));
        let row = diesel::sql_query("SELECT ($1 AT TIME ZONE 'UTC') AT TIME ZONE current_zone() AS begins_at")
            .bind::<Timestamptz, _>(begins_at);
        self.facts.days.insert(fact, row.cached().get_result::<DayRow>(tx.conn)?.begins_at);
        Ok(())
    }

    /// These people did this for it.
    pub fn held_by(&mut self, people: impl IntoIterator<Item = PersonId>, duty: Duty) {
        self.background.held.extend(people.into_iter().map(|person| (person, duty)));
    }
}

fn items(reader: &mut Reader, lines: &[(ItemId, Decimal)]) -> Result<Vec<ItemRow>> {
    let ids: Vec<Uuid> = lines.iter().map(|(item, _)| item.uuid()).collect();
    let rows = diesel::sql_query(
        "SELECT i.id, i.kind, i.owner_id, (SELECT l.unit_cost FROM lot l
            WHERE (l.org_id, l.item_id) = (i.org_id, i.id) AND l.unit_cost IS NOT NULL ORDER BY l.id DESC LIMIT 1) AS unit_cost
         FROM item i WHERE i.org_id = current_org() AND i.id = ANY($1)",
    );
    Ok(rows.bind::<Array<SqlUuid>, _>(ids).cached().get_results(reader.conn)?)
}

fn partner_risk(reader: &mut Reader, partner: PartnerId) -> Result<Option<String>> {
    let row = diesel::sql_query("SELECT risk FROM partner WHERE org_id = current_org() AND id = $1");
    let row: Option<PartnerRow> = row.bind::<SqlUuid, _>(partner.uuid()).cached().get_result(reader.conn).optional()?;
    Ok(row.and_then(|row| row.risk))
}
