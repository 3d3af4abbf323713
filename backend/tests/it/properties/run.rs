//! One sequence: each command is foreseen by the model, done by the product, and what it did compared.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use lotline::approvals::deciding::approval_decide;
use lotline::approvals::service as approvals;
use lotline::db::Tx;
use lotline::error::Result;
use lotline::signing::service::record;
use lotline_common::approvals::{ApprovalDecide, Decision};
use lotline_common::id::{ApprovalId, ClaimId, LotId, PickId, RequisitionId};
use lotline_common::receiving::Reversal;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::books::{Books, Item, Key, Lot, Place, Spot, Verdict, must};
use super::command::{Command, Stock, twisted};
use super::model::{Model, Paper, What};
use super::world::{World, as_of, attempt, signature};

/// What the model says of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreseen {
    Lawful,
    Unlawful(&'static str),
    /// The product may ask for this now or later.
    Either,
}

impl From<Verdict> for Foreseen {
    fn from(verdict: Verdict) -> Self {
        verdict.map_or_else(Self::Unlawful, |()| Self::Lawful)
    }
}

/// A sequence under way: what should be, and which rows stand for it.
#[derive(Clone)]
pub struct Run<'w> {
    pub world: &'w World,
    pub model: Model,
    pub lots: Vec<LotId>,
    pub requests: Vec<RequisitionId>,
    pub picks: Vec<PickId>,
    pub papers: Vec<Uuid>,
    pub claims: Vec<ClaimId>,
    /// How often each kind of command was done, and how often refused.
    pub tally: BTreeMap<&'static str, (usize, usize)>,
}

/// What a contradiction is told in.
pub type Found<T = ()> = std::result::Result<T, String>;

/// A whole number as the product writes it.
pub fn number(quantity: i64) -> Decimal {
    Decimal::from(quantity)
}

/// A command as a client writes it.
pub fn said<T: serde::de::DeserializeOwned>(body: serde_json::Value) -> T {
    serde_json::from_value(body.clone()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

/// A reason that is long enough.
pub fn because() -> Reversal {
    Reversal { reason: "a step of a sequence".to_owned() }
}

/// One of several; most often one of those that fit.
pub fn choose(choice: u8, fitting: &[usize], all: &[usize]) -> Option<usize> {
    let from = if fitting.is_empty() || choice > 220 { all } else { fitting };
    (!from.is_empty()).then(|| from[usize::from(choice) % from.len()])
}

impl<'w> Run<'w> {
    pub fn new(world: &'w World, model: Model) -> Self {
        let (lots, requests, picks, papers, claims) = (vec![], vec![], vec![], vec![], vec![]);
        Self { world, model, lots, requests, picks, papers, claims, tally: BTreeMap::new() }
    }

    /// Does one command, as the people whose work it is.
    pub fn step(&mut self, tx: &mut Tx, command: &Command) -> Found {
        self.model.books.now += 7;
        as_of(tx, self.world.maker, self.model.books.now);
        match command {
            Command::Receive { .. } | Command::Decide { .. } | Command::Recall { .. } => self.incoming(tx, command),
            Command::Request { .. }
            | Command::Answer { .. }
            | Command::Withdraw { .. }
            | Command::Pick { .. }
            | Command::GiveUp { .. }
            | Command::Issue { .. } => self.issuing(tx, command),
            Command::Confirm { .. } | Command::Settle { .. } | Command::Finish { .. } => self.receiving(tx, command),
            Command::Leave { .. }
            | Command::Transfer { .. }
            | Command::HandOver { .. }
            | Command::Rework { .. }
            | Command::Arrive { .. }
            | Command::CountThere { .. } => self.with_subcontractor(tx, command),
            Command::CountHere { .. }
            | Command::Move { .. }
            | Command::LineIssue { .. }
            | Command::LineReturn { .. }
            | Command::Scrap { .. }
            | Command::Produce { .. }
            | Command::Repack { .. }
            | Command::Dispatch { .. } => self.at_home(tx, command),
            Command::Rule { .. }
            | Command::Cancel { .. }
            | Command::Reverse { .. }
            | Command::CloseOrder { .. }
            | Command::CancelOrder { .. }
            | Command::CloseMonth { .. } => self.ending(tx, command),
            Command::Wait { days } => {
                self.model.books.now += days * 1440;
                Ok(())
            }
        }
    }

    /// Does something, and holds what came of it against what was foreseen.
    pub fn judge<T>(
        &mut self,
        tx: &mut Tx,
        (what, foreseen): (&'static str, impl Into<Foreseen>),
        work: impl FnOnce(&mut Tx) -> Result<T>,
    ) -> Found<Option<T>> {
        let foreseen = foreseen.into();
        let done = attempt(tx, work);
        let tally = self.tally.entry(what).or_default();
        match (done, foreseen) {
            (Ok(_), Foreseen::Unlawful(why)) => Err(format!("{what} was done although {why}")),
            (Ok(made), _) => {
                tally.0 += 1;
                Ok(Some(made))
            }
            (Err(error), foreseen) => match (error.refusal(), foreseen) {
                (None, _) => Err(format!("{what} broke: {error}")),
                (Some(refusal), Foreseen::Lawful) => Err(format!("{what} was refused, but is lawful: {refusal:?}")),
                (Some(_), _) => {
                    tally.1 += 1;
                    Ok(None)
                }
            },
        }
    }

    /// Goes on as an approver; now and then as the one who asked, who may not decide (I3).
    pub fn as_decider(&self, tx: &mut Tx, choice: u8) -> Verdict {
        let own = choice % 8 == 7;
        as_of(tx, if own { self.world.maker } else { self.world.approver }, self.model.books.now);
        must(!own, "whoever asks does not decide")
    }

    pub fn as_maker(&self, tx: &mut Tx) {
        as_of(tx, self.world.maker, self.model.books.now);
    }

    /// The next lot number; as text it comes after every one before it.
    pub fn next_code(&self) -> String {
        format!("L{:04}", self.model.books.lots.len())
    }

    pub fn new_lot(&mut self, lot: Lot, id: LotId) -> usize {
        self.model.books.lots.push(lot);
        self.lots.push(id);
        self.lots.len() - 1
    }

    /// Writes a paper into the model.
    pub fn write(&mut self, paper: Paper, id: Uuid) -> usize {
        self.papers.push(id);
        self.model.post(paper)
    }

    /// Papers that are as wanted, and all of their kind.
    pub fn paper(&self, choice: u8, kind: impl Fn(What) -> bool, fits: impl Fn(&Paper) -> bool) -> Option<usize> {
        let all: Vec<usize> = (0..self.papers.len()).filter(|paper| kind(self.model.papers[*paper].what)).collect();
        let fitting: Vec<usize> = all.iter().copied().filter(|paper| fits(&self.model.papers[*paper])).collect();
        choose(choice, &fitting, &all)
    }

    /// A position to take from, and how much. A twist asks for more than is there, names another status or another place.
    pub fn source(&self, stock: &Stock, fits: impl Fn(&Key) -> bool) -> Option<(Key, i64)> {
        let fitting = self.model.books.positions(fits);
        let from = usize::from(stock.choice).checked_rem(fitting.len())?;
        let ((place, lot), there) = fitting[from];
        Some(match (stock.twist, place.spot) {
            (13, _) => ((place, lot), there + 1),
            (14, _) => ((Place { status: twisted(place.status), ..place }, lot), stock.quantity),
            (15, Spot::Store) => ((Place { spot: Spot::Shelf, ..place }, lot), stock.quantity),
            (15, spot) if spot.is_own() => ((Place { spot: Spot::Store, ..place }, lot), stock.quantity),
            (10..=12, _) => ((place, lot), there),
            _ => ((place, lot), stock.quantity.min(there)),
        })
    }

    pub fn item(&self, lot: usize) -> Item {
        self.books().lots[lot].item
    }

    pub fn books(&self) -> &Books {
        &self.model.books
    }
}

#[derive(QueryableByName)]
struct Identity {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The rows of a statement about one thing, which answers `id`.
pub fn ids(tx: &mut Tx, statement: &str, of: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<Identity> = diesel::sql_query(statement).bind::<SqlUuid, _>(of).load(tx.conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Decides what waits for a document.
pub fn decide(tx: &mut Tx, world: &World, document: Uuid, approve: bool) -> Result<()> {
    let statement =
        "SELECT id FROM approval WHERE org_id = current_org() AND document_id = $1 ORDER BY id DESC LIMIT 1";
    let found = ids(tx, statement, document)?;
    let Some(approval) = found.first() else { return Err(diesel::result::Error::NotFound.into()) };
    let decision = if approve { Decision::Approve } else { Decision::Refuse };
    let id = ApprovalId::from(*approval);
    let seen = approvals::approval_read(tx, id)?.document;
    let record = record(tx, &seen)?.map(|record| record.digest).unwrap_or_default();
    let mut command = ApprovalDecide::new(decision, "seen and weighed".to_owned());
    command.signature = Some(signature("", record));
    let [approver, other] = &world.proofs;
    let proof = if tx.ctx.person == world.approver.person { approver } else { other };
    approval_decide(tx, &world.approvals, id, (&command, Some(proof))).map(drop)
}
