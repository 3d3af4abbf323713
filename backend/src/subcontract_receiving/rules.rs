//! Pure decisions about finished goods: what they took, of which lots, and what that says of the order.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use lotline_common::id::{ItemId, LotId};
use lotline_common::ledger::{Certainty, LotStatus};
use lotline_common::locale::Name;
use lotline_common::masterdata::{Supply, Tracking};
use lotline_common::orders::{OrderComponent, QualityState};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::serials::is_lot_code;
use lotline_common::subcontract_receiving::{FinishedLotWrite, SubcontractReceiptCreate, UseWrite};
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

use crate::masterdata::lookup::ItemFacts;
use crate::masterdata::lot_dates::{self, Dates};
use crate::masterdata::serials::{Said, named, part};
use crate::recall::rules::check_used;

/// Lots that a receipt has at most.
pub const MAXIMUM_LINES: usize = 2_000;
/// Component lots that a finished lot takes at most.
pub const MAXIMUM_USES: usize = 100;

/// What a subcontractor holds of a lot on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Component.
    pub item: Uuid,
    /// Its lot.
    pub lot: Option<Uuid>,
    /// Its number.
    pub code: String,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// Who owns it; none: we do.
    pub owner: Option<Uuid>,
    /// How much.
    pub quantity: Decimal,
    /// What quality still has to lift before it may be used; none: nothing.
    pub held_back: Option<LotStatus>,
    /// When a recall held it, if that is all: what was used before may still be declared.
    pub recalled_at: Option<DateTime<Utc>>,
}

/// How much of a held lot went into a finished lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Line of the finished lot, from 1.
    pub line: i32,
    /// Component.
    pub item: Uuid,
    /// Its lot.
    pub lot: Option<Uuid>,
    /// Who owns it.
    pub owner: Option<Uuid>,
    /// How much.
    pub quantity: Decimal,
    /// How sure that is.
    pub certainty: Certainty,
    /// Remark.
    pub remark: String,
    /// Scan behind it.
    pub scan: Option<Uuid>,
}

/// What was declared: this much of a lot was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Component.
    pub item: ItemId,
    /// Its lot.
    pub lot: Option<LotId>,
    /// How much.
    pub quantity: Decimal,
    /// Remark.
    pub remark: String,
    /// Scan behind it.
    pub scan: Option<Uuid>,
    /// The share of one piece of many, which can be nothing.
    pub share: bool,
}

/// A finished lot as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// Line, from 1.
    pub line: i32,
    /// Place in what was written, from 0.
    pub source: usize,
    /// Good and rejected.
    pub quantity: Decimal,
    /// What was declared for it; nothing: the rule decides.
    pub declared: &'a [Declared],
    /// When that had been used.
    pub used_by: DateTime<Utc>,
}

/// An order as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Its number.
    pub number: &'a str,
    /// Its subcontractor.
    pub partner: Uuid,
    /// Ordered.
    pub quantity: Decimal,
    /// Good and rejected, received before.
    pub received: Decimal,
    /// Its components.
    pub components: &'a [OrderComponent],
}

impl Order<'_> {
    /// Whether somebody said which of our material an output took; what the subcontractor provides says nothing of it.
    fn says_ours(&self, output: &Output<'_>) -> bool {
        let own = |declared: &Declared| {
            let of = self.components.iter().find(|component| component.item.id == declared.item);
            of.is_some_and(|component| component.supply == Supply::SupplierSourced)
        };
        output.declared.iter().any(|declared| !own(declared))
    }

    /// What the finished goods between two totals of the order take of a component, loss included. Each is the
    /// difference of two totals, so that rounding leaves no tail however many receipts there are.
    fn taken_between(&self, component: &OrderComponent, totals: (Decimal, Decimal)) -> Decimal {
        self.allowed(component, totals.1) - self.allowed(component, totals.0)
    }

    /// What that many finished goods may take: standard ÷ (1 − loss norm), to the step of the component's unit.
    fn allowed(&self, component: &OrderComponent, finished: Decimal) -> Decimal {
        let standard = quantity::proportion(component.net_quantity, finished, self.quantity);
        let gross = quantity::gross_quantity(standard, component.loss_norm_percent, Decimal::ZERO);
        gross.round_dp_with_strategy(component.item.unit.decimal_places, RoundingStrategy::AwayFromZero).normalize()
    }
}

/// Checks the head of a receipt.
pub fn check_head(check: &mut FieldCheck, command: &SubcontractReceiptCreate) {
    check.required_text("/delivery_note", &command.delivery_note, 50);
    check.optional_text("/remark", &command.remark, 500);
    if command.lines.is_empty() || command.lines.len() > MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_LINES));
    }
}

/// Checks one finished lot. `at` is its JSON pointer.
pub fn check_line(check: &mut FieldCheck, at: &str, line: &FinishedLotWrite, product: &ItemFacts) {
    check_quantities(check, at, (line.good_quantity, line.rejected_quantity), product);
    check.optional_text(format!("{at}/certificate_number"), &line.certificate_number, 50);
    check.optional_text(format!("{at}/remark"), &line.remark, 500);
    if let Some(code) = line.lot_code.as_deref().filter(|code| !is_lot_code(code)) {
        let refusal = Refusal::new(ProblemCode::FieldFormat).with("expected", "! – ~ (1–20)");
        check.refuse(format!("{at}/lot_code"), refusal.with("given", code));
    }
    lot_dates::check_order(check, at, dates(line));
    lot_dates::check_expiry(check, at, dates(line), product);
    if line.uses.as_ref().is_some_and(|uses| uses.len() > MAXIMUM_USES) {
        check.refuse(format!("{at}/uses"), Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_USES));
    }
}

/// A finished lot as it is received: what was written, or one of the pieces that it names by serial number.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Place in what was written, from 0.
    pub source: usize,
    /// Which of the pieces, from 0, and how many there are.
    pub of: (usize, usize),
    /// What is received.
    pub line: FinishedLotWrite,
}

/// The finished lots that a line stands for: itself, or one for each serial number that it names, all of them good or all
/// rejected. Checks them; what they share is checked once. `at` is the line's JSON pointer.
pub fn pieces(check: &mut FieldCheck, at: (&str, usize), line: &FinishedLotWrite, product: &ItemFacts) -> Vec<Piece> {
    let (at, source) = at;
    let said = Said {
        serials: line.serials.as_ref(),
        batch_code: line.batch_code.trim(),
        code: line.lot_code.as_deref(),
        quantity: line.good_quantity.checked_add(line.rejected_quantity).unwrap_or_default(),
    };
    let lines: Vec<FinishedLotWrite> = match named(check, at, said, product) {
        None if line.serials.is_some() => return Vec::new(),
        None => vec![line.clone()],
        Some(codes) => {
            let mixed = !line.good_quantity.is_zero() && !line.rejected_quantity.is_zero();
            check.ensure(!mixed, format!("{at}/rejected_quantity"), ProblemCode::FieldNotAllowed);
            let one = |quantity: Decimal| if quantity.is_zero() { Decimal::ZERO } else { Decimal::ONE };
            let (good_quantity, rejected_quantity) = (one(line.good_quantity), one(line.rejected_quantity));
            let piece = FinishedLotWrite { good_quantity, rejected_quantity, serials: None, ..line.clone() };
            codes.into_iter().map(|code| FinishedLotWrite { lot_code: Some(code), ..piece.clone() }).collect()
        }
    };
    if let Some(first) = lines.first() {
        check_line(check, at, first, product);
    }
    let count = lines.len();
    lines.into_iter().enumerate().map(|(place, line)| Piece { source, of: (place, count), line }).collect()
}

/// What each finished lot took of what was said of the line it came from, by line number.
#[must_use]
pub fn shares(
    order: Order<'_>,
    pieces: &[Piece],
    said: &BTreeMap<usize, Vec<Declared>>,
) -> BTreeMap<i32, Vec<Declared>> {
    let places = |item: ItemId| {
        let component = order.components.iter().find(|component| component.item.id == item);
        component.map_or(6, |component| component.item.unit.decimal_places)
    };
    let share = |piece: &Piece, declared: &Declared| match piece.of {
        (_, 1) => declared.clone(),
        of => {
            let quantity = part(declared.quantity, of, places(declared.item));
            Declared { quantity, share: true, ..declared.clone() }
        }
    };
    let of_piece = |piece: &Piece| -> Vec<Declared> {
        said.get(&piece.source).into_iter().flatten().map(|declared| share(piece, declared)).collect()
    };
    (1..).zip(pieces).map(|(line, piece)| (line, of_piece(piece))).collect()
}

/// Checks good and rejected quantity of a finished lot.
pub fn check_quantities(check: &mut FieldCheck, at: &str, quantities: (Decimal, Decimal), product: &ItemFacts) {
    let (good, rejected) = quantities;
    check.check(format!("{at}/good_quantity"), quantity::check_not_negative(good, product.decimal_places));
    check.check(format!("{at}/rejected_quantity"), quantity::check_not_negative(rejected, product.decimal_places));
    let Some(total) = good.checked_add(rejected) else { return };
    if total.is_zero() {
        let refusal = Refusal::new(ProblemCode::QuantityNotPositive).with("quantity", total);
        check.refuse(format!("{at}/good_quantity"), refusal);
    }
    if product.tracking == Tracking::Serial && total != Decimal::ONE {
        let refusal = Refusal::new(ProblemCode::SerialQuantityNotOne).with("item", &product.code);
        check.refuse(format!("{at}/good_quantity"), refusal);
    }
}

/// The dates said of a finished lot.
#[must_use]
pub const fn dates(line: &FinishedLotWrite) -> Dates {
    Dates { made: line.manufactured_on, expires: line.expires_on }
}

/// What is wrong about who is said to have provided a used lot: only the subcontractor's own lots are named by their
/// maker's number, and they must be.
#[must_use]
pub fn own_lot_faults(order: Order<'_>, used: &UseWrite) -> Vec<(&'static str, Refusal)> {
    let component = order.components.iter().find(|component| component.item.id == used.item_id);
    let own = component.filter(|component| component.supply == Supply::SupplierSourced);
    let mut faults = Vec::new();
    let mut fault = |is: bool, field, code| {
        if is {
            faults.push((field, Refusal::new(code)));
        }
    };
    let tracked = own.is_some_and(|component| component.item.tracking != Tracking::None);
    fault(own.is_some() && used.lot_id.is_some(), "lot_id", ProblemCode::FieldNotAllowed);
    fault(!tracked && used.own_lot.is_some(), "own_lot", ProblemCode::FieldNotAllowed);
    fault(tracked && used.own_lot.is_none(), "own_lot", ProblemCode::FieldRequired);
    if let Some(lot) = &used.own_lot {
        let mut check = FieldCheck::new();
        check.required_text("own_lot/supplier_lot", &lot.supplier_lot, 50);
        check.optional_text("own_lot/certificate_number", &lot.certificate_number, 50);
        let texts = check.finish().err().into_iter().flat_map(|refusal| refusal.fields);
        let field = |pointer: &str| {
            if pointer.ends_with("supplier_lot") { "own_lot/supplier_lot" } else { "own_lot/certificate_number" }
        };
        faults.extend(texts.map(|fault| (field(&fault.pointer), fault.refusal)));
    }
    faults
}

/// What finished lots took of what is held: as declared, and where nothing was declared by the rule (first to expire,
/// first used). Takes from `held` what it gives away. What is not there is not invented: an order that used less than
/// its output needs cannot be closed, and says so.
///
/// # Errors
/// `fields_invalid` naming every declared use at fault: `item_not_in_order`, `lot_required`, `custody_insufficient`,
/// a quantity that is not one.
pub fn uses(order: &Order<'_>, held: &mut [Held], outputs: &[Output<'_>]) -> Result<Vec<Use>, Refusal> {
    let mut check = FieldCheck::new();
    let mut made = Vec::new();
    // Declared uses first: nobody's declaration fails for what a rule has taken.
    for output in outputs {
        for (place, declared) in output.declared.iter().enumerate() {
            let at = format!("/lines/{}/uses/{place}", output.source);
            match take_declared(order, held, (output, declared)) {
                Ok(taken) => made.extend(taken),
                Err((field, refusal)) => check.refuse(format!("{at}/{field}"), refusal),
            }
        }
    }
    check.finish()?;
    let mut finished = order.received;
    for output in outputs {
        let totals = (finished, finished + output.quantity);
        if !order.says_ours(output) {
            made.extend(take_by_rule(order, held, output.line, totals));
        }
        made.extend(own_by_rule(order, output, totals));
        finished = totals.1;
    }
    Ok(made)
}

/// What the subcontractor provided itself and nobody tracks: as much as the output takes, where nothing was said.
fn own_by_rule(order: &Order<'_>, output: &Output<'_>, totals: (Decimal, Decimal)) -> Vec<Use> {
    let silent = |component: &&OrderComponent| {
        component.supply == Supply::SupplierSourced
            && component.item.tracking == Tracking::None
            && output.declared.iter().all(|declared| declared.item != component.item.id)
    };
    let uses = order.components.iter().filter(silent).map(|component| Use {
        line: output.line,
        item: component.item.id.uuid(),
        lot: None,
        owner: Some(order.partner),
        quantity: order.taken_between(component, totals),
        certainty: Certainty::Inferred,
        remark: String::new(),
        scan: None,
    });
    uses.filter(|used| used.quantity > Decimal::ZERO).collect()
}

/// Takes what was declared; a refusal comes with the field that is at fault.
fn take_declared(
    order: &Order<'_>,
    held: &mut [Held],
    of: (&Output<'_>, &Declared),
) -> Result<Vec<Use>, (&'static str, Refusal)> {
    let (&Output { line, used_by, .. }, declared) = of;
    let Some(component) = order.components.iter().find(|component| component.item.id == declared.item) else {
        return Err((
            "item_id",
            Refusal::new(ProblemCode::ItemNotInOrder).with("item", declared.item).with("number", order.number),
        ));
    };
    let mut check = FieldCheck::new();
    check.optional_text("", &declared.remark, 500);
    check.finish().map_err(|refusal| ("remark", refusal))?;
    let right = if declared.share { quantity::check_not_negative } else { quantity::check_positive };
    right(declared.quantity, component.item.unit.decimal_places).map_err(|refusal| ("quantity", refusal))?;
    if component.supply == Supply::Tooling {
        let refusal = Refusal::new(ProblemCode::SupplyForbids).with("item", &component.item.code);
        let refusal = refusal.with("number", order.number).with_text("supply", component.supply.name());
        return Err(("item_id", refusal.with_text("step", Name::new("耗用", "being used up"))));
    }
    if component.item.tracking != Tracking::None && declared.lot.is_none() {
        return Err(("lot_id", Refusal::new(ProblemCode::LotRequired).with("item", &component.item.code)));
    }
    let (item, lot) = (declared.item.uuid(), declared.lot.map(LotId::uuid));
    let certainty = if declared.scan.is_some() { Certainty::Scanned } else { Certainty::Declared };
    let made = |owner: Option<Uuid>, quantity: Decimal| Use {
        line,
        item,
        lot,
        owner,
        quantity,
        certainty,
        remark: declared.remark.clone(),
        scan: declared.scan,
    };
    if component.supply == Supply::SupplierSourced {
        return Ok(vec![made(Some(order.partner), declared.quantity)]);
    }
    let may = |held: &Held| held.held_back.is_none() || held.recalled_at.is_some_and(|recalled| used_by < recalled);
    let is_it = |held: &Held| held.item == item && held.lot == lot && may(held);
    let there: Decimal = held.iter().filter(|held| is_it(held)).map(|held| held.quantity).sum();
    let waiting = held.iter().find(|held| held.item == item && held.lot == lot && !may(held));
    if let (true, Some((waiting, status))) =
        (there < declared.quantity, waiting.and_then(|held| held.held_back.map(|status| (held, status))))
    {
        check_used(&waiting.code, waiting.recalled_at, used_by).map_err(|refusal| ("lot_id", refusal))?;
        let refusal = Refusal::new(ProblemCode::LotStatusForbids).with("lot", &waiting.code);
        let refusal = refusal.with_text("status", status.name());
        return Err(("lot_id", refusal.with_text("step", Name::new("耗用", "being used"))));
    }
    if there < declared.quantity {
        // A lot that is not held at all is named by who asks.
        let known = held.iter().find(|held| is_it(held)).map(|held| held.code.clone());
        let code = known.or_else(|| lot.map(|lot| lot.to_string())).unwrap_or_else(|| "—".to_owned());
        let refusal = Refusal::new(ProblemCode::CustodyInsufficient).with("item", &component.item.code);
        let refusal = refusal.with("lot", code).with("available", there.normalize());
        return Err(("quantity", refusal.with("requested", declared.quantity.normalize())));
    }
    if declared.quantity.is_zero() && held.iter().any(is_it) {
        return Ok(vec![made(None, declared.quantity)]);
    }
    Ok(take(held, declared.quantity, is_it).into_iter().map(|(held, quantity)| made(held.owner, quantity)).collect())
}

fn take_by_rule(order: &Order<'_>, held: &mut [Held], line: i32, totals: (Decimal, Decimal)) -> Vec<Use> {
    let mut inferred = Vec::new();
    for component in order.components.iter().filter(|component| component.supply.is_our_material()) {
        let item = component.item.id.uuid();
        let usable = |held: &Held| held.item == item && held.held_back.is_none();
        let lots = take(held, order.taken_between(component, totals), usable);
        inferred.extend(lots.into_iter().map(|(held, quantity)| Use {
            line,
            item,
            lot: held.lot,
            owner: held.owner,
            quantity,
            certainty: Certainty::Inferred,
            remark: String::new(),
            scan: None,
        }));
    }
    inferred
}

/// Takes up to `wanted` of what is held, in its order.
fn take(held: &mut [Held], wanted: Decimal, is_it: impl Fn(&Held) -> bool) -> Vec<(Held, Decimal)> {
    let mut open = wanted;
    let mut taken = Vec::new();
    for held in held.iter_mut().filter(|held| is_it(held)) {
        let part = held.quantity.min(open);
        if part > Decimal::ZERO {
            held.quantity -= part;
            open -= part;
            taken.push((held.clone(), part));
        }
    }
    taken
}

/// What of it may be declared: what may be used, and what was recalled since.
#[must_use]
pub fn declarable(held: &[Held]) -> Vec<Held> {
    held.iter().filter(|held| held.held_back.is_none() || held.recalled_at.is_some()).cloned().collect()
}

/// What of it may have been used: also what is recalled since, for nobody knows whether that was before.
#[must_use]
pub fn possible(held: &[Held]) -> Vec<Held> {
    let may = |held: &&Held| matches!(held.held_back, None | Some(LotStatus::Recalled));
    held.iter().filter(may).cloned().collect()
}

/// The order in which held lots are used up: first to expire, first used; untracked and unlimited last.
pub fn sort_first_expiring(held: &mut [Held]) {
    held.sort_by(|a, b| {
        let key = |held: &Held| (held.item, held.expires_on.unwrap_or(NaiveDate::MAX), held.code.clone());
        key(a).cmp(&key(b))
    });
}

/// What is missing of each component for a finished quantity that comes next and that `made` explains.
#[must_use]
pub fn short(order: &Order<'_>, quantity: Decimal, made: &[Use]) -> Vec<(Uuid, Decimal)> {
    let ours = order.components.iter().filter(|component| component.supply.is_our_material());
    let missing = ours.map(|component| {
        let item = component.item.id.uuid();
        let taken: Decimal = made.iter().filter(|made| made.item == item).map(|made| made.quantity).sum();
        let wanted = order.taken_between(component, (order.received, order.received + quantity));
        (item, (wanted - taken).normalize())
    });
    missing.filter(|(_, quantity)| *quantity > Decimal::ZERO).collect()
}

/// What a finished quantity that comes next takes of what the subcontractor provides itself.
#[must_use]
pub fn own_supply(order: &Order<'_>, quantity: Decimal) -> Vec<(Uuid, Decimal)> {
    let own = order.components.iter().filter(|component| component.supply == Supply::SupplierSourced);
    let totals = (order.received, order.received + quantity);
    own.map(|component| (component.item.id.uuid(), order.taken_between(component, totals).normalize())).collect()
}

/// The quality axis of an order from its finished lots: status, good, rejected.
#[must_use]
pub fn quality_state(lots: &[(LotStatus, Decimal, Decimal)]) -> QualityState {
    let good: Decimal = lots.iter().map(|(_, good, _)| *good).sum();
    let rejected: Decimal = lots.iter().map(|(.., rejected)| *rejected).sum();
    let waits = |(status, good, _): &(LotStatus, Decimal, Decimal)| {
        matches!(status, LotStatus::Quarantine | LotStatus::Blocked | LotStatus::Recalled) && *good > Decimal::ZERO
    };
    match (lots.iter().any(waits), good.is_zero(), rejected.is_zero()) {
        _ if lots.is_empty() => QualityState::None,
        (true, ..) => QualityState::OnHold,
        (false, true, _) => QualityState::Rejected,
        (false, false, true) => QualityState::Accepted,
        (false, false, false) => QualityState::Partial,
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
