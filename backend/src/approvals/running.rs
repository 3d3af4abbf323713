//! An approval that is held while something happens to it: read, given to the engine, written back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use lotline_common::approvals::flow::FlowDirectory;
use lotline_common::approvals::{ApprovalOutcome, Decision};
use lotline_common::flows::Drawing;
use lotline_common::flows::candidates::{Directory, Duties};
use lotline_common::flows::engine::{self, Effect as Happened, Input, Objection, World};
use lotline_common::flows::run::{Mark, Outcome, Run};
use lotline_common::id::{ApprovalId, PartnerId, PersonId};
use lotline_common::ledger::DocumentRef;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::rules::{NewEntry, entries_of, state_of};
use super::subject::Background;
use super::{Effect, store};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::mail::{outbox, rules as mailing};
use crate::schema::approval;

/// An approval that nobody else changes now.
pub struct Held {
    /// Which.
    pub id: ApprovalId,
    /// Its document.
    pub document: DocumentRef,
    /// The right that deciding needs.
    pub permission: Permission,
    /// The steps it goes through.
    pub drawing: Drawing,
    /// Where it stands in them.
    pub run: Run,
    /// What the flow knows of the document.
    pub background: Background,
    /// Where it stands for people.
    pub state: ApprovalOutcome,
    /// What happened since it was held, without being asked for.
    pub effects: Vec<Happened>,
}

/// People and their duties, as a held approval sees them.
pub struct Around {
    directory: Directory,
    duties: Duties,
}

impl Held {
    /// Locks an approval.
    ///
    /// # Errors
    /// `not_found`.
    pub fn lock(tx: &mut Tx, id: ApprovalId) -> Result<Self> {
        store::lock(tx, id)?;
        Self::read(tx, id)
    }

    /// Reads an approval that may change meanwhile.
    ///
    /// # Errors
    /// `not_found`.
    pub fn read(reader: &mut Reader, id: ApprovalId) -> Result<Self> {
        let row = store::row(reader, id)?;
        let kind = row.document_kind.parse().map_err(anyhow::Error::from)?;
        Ok(Self {
            id,
            document: DocumentRef { kind, id: row.document_id, number: row.document_number },
            permission: row.permission.parse().map_err(anyhow::Error::from)?,
            drawing: serde_json::from_value(row.drawing)?,
            run: serde_json::from_value(row.run)?,
            background: serde_json::from_value(row.subject)?,
            state: row.state.parse().map_err(anyhow::Error::from)?,
            effects: Vec::new(),
        })
    }

    /// People and their duties, as this approval sees them.
    #[must_use]
    pub fn around(&self, people: &FlowDirectory) -> Around {
        let directory = people.directory(self.background.partner, self.background.item_owners.clone());
        Around { directory, duties: self.background.duties() }
    }

    /// Looks at it again, or does something to it. Written only by [`Self::save`].
    ///
    /// # Errors
    /// The engine's objection; nothing has changed then.
    pub fn take(&mut self, now: DateTime<Utc>, around: &Around, input: &Input) -> std::result::Result<(), Objection> {
        let world = self.world(now, around);
        let effects = engine::apply(&self.drawing, &mut self.run, input, &world)?;
        self.effects.extend(effects);
        Ok(())
    }

    /// Who may be brought into a step.
    #[must_use]
    pub fn fit(&self, now: DateTime<Utc>, around: &Around, step: &str) -> Vec<PersonId> {
        engine::fit(&self.drawing, &self.run, step, &self.world(now, around))
    }

    fn world<'a>(&self, now: DateTime<Utc>, around: &'a Around) -> World<'a> {
        World { now, directory: &around.directory, duties: &around.duties, permission: self.permission }
    }

    /// Whether an administrator has to name somebody.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.run.outcome.is_none() && self.run.marks.values().any(|mark| matches!(mark, Mark::Stuck { .. }))
    }

    /// The subcontractor that sees it, as its people countersign.
    #[must_use]
    pub fn countersigned_by(&self) -> Option<PartnerId> {
        self.background.partner.filter(|_| store::has_countersignature(&self.drawing))
    }

    /// Writes where it stands, with what people did and the notices to whom it calls, and does what follows when it has
    /// ended.
    ///
    /// # Errors
    /// Those of the document.
    pub fn save(&mut self, tx: &mut Tx, done: Vec<NewEntry>, ending: &Ending) -> Result<()> {
        let entries: Vec<NewEntry> = done.into_iter().chain(entries_of(&self.effects)).collect();
        let called = mailing::called(&self.effects, &self.run);
        self.effects.clear();
        store::save(tx, self, &entries)?;
        outbox::write(tx, self.id, &called)?;
        if let Some(outcome) = self.run.outcome
            && self.state == ApprovalOutcome::Pending
        {
            self.end(tx, outcome, ending)?;
        }
        tx.notify(LiveTopic::Approval, Some(self.id.uuid()), self.countersigned_by());
        Ok(())
    }

    fn end(&mut self, tx: &mut Tx, outcome: Outcome, ending: &Ending) -> Result<()> {
        self.state = state_of(outcome);
        let withdrawn = outcome == Outcome::Withdrawn;
        diesel::update(approval::table.find((tx.org(), self.id.uuid())))
            .set((
                approval::state.eq(self.state.as_str()),
                approval::decided_by.eq(ending.decided_by.filter(|_| !withdrawn).map(PersonId::uuid)),
                approval::decided_at.eq((!withdrawn).then_some(tx.now)),
                approval::reason.eq(ending.reason.trim()),
            ))
            .execute(tx.conn)?;
        let decision = match outcome {
            Outcome::Approved => Decision::Approve,
            Outcome::Refused => Decision::Refuse,
            Outcome::Returned => Decision::Return,
            Outcome::Withdrawn => return Ok(()),
        };
        (ending.effect)(tx, self.document.id, decision, ending.reason.trim())
    }
}

/// What is known of the end, should it come to it.
pub struct Ending<'a> {
    /// Who decides; nobody: the flow lets it pass.
    pub decided_by: Option<PersonId>,
    /// Why.
    pub reason: &'a str,
    /// What it does to the document.
    pub effect: Effect,
}
