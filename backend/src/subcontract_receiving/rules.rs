//! Pure decisions about finished goods: what they took, of which lots, and what that says of the order.

use chrono::{Days, NaiveDate};
use lotline_common::id::{ItemId, LotId};
use lotline_common::ledger::{Certainty, LotStatus};
use lotline_common::masterdata::Tracking;
use lotline_common::orders::{OrderComponent, QualityState};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::subcontract_receiving::{FinishedLotWrite, SubcontractReceiptCreate};
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

use crate::masterdata::lookup::ItemFacts;

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
}

/// A finished lot as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// Line, from 1.
    pub line: i32,
    /// Good and rejected.
    pub quantity: Decimal,
    /// What was declared for it; nothing: the rule decides.
    pub declared: &'a [Declared],
}

/// An order as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Its number.
    pub number: &'a str,
    /// Ordered.
    pub quantity: Decimal,
    /// Good and rejected, received before.
    pub received: Decimal,
    /// Its components.
    pub components: &'a [OrderComponent],
}

impl Order<'_> {
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
    if let (Some(made), Some(expires)) = (line.manufactured_on, line.expires_on)
        && expires <= made
    {
        let refusal = Refusal::new(ProblemCode::DateOrderWrong);
        check.refuse(format!("{at}/expires_on"), refusal.with("later", expires).with("earlier", made));
    }
    if product.tracking != Tracking::None && product.shelf_life_days.is_some() && expiry(line, product).is_none() {
        check.refuse(format!("{at}/expires_on"), Refusal::new(ProblemCode::ExpiryRequired).with("item", &product.code));
    }
    if line.uses.as_ref().is_some_and(|uses| uses.len() > MAXIMUM_USES) {
        check.refuse(format!("{at}/uses"), Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_USES));
    }
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

/// A lot number as GS1 AI (10) allows it: 1 to 20 printable characters without space.
fn is_lot_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.chars().all(|letter| letter.is_ascii_graphic())
}

/// The last day of use: as given, or manufacture plus shelf life.
#[must_use]
pub fn expiry(line: &FinishedLotWrite, product: &ItemFacts) -> Option<NaiveDate> {
    line.expires_on.or_else(|| {
        let days = u64::try_from(product.shelf_life_days?).ok()?;
        line.manufactured_on?.checked_add_days(Days::new(days))
    })
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
    for (index, output) in outputs.iter().enumerate() {
        for (place, declared) in output.declared.iter().enumerate() {
            let at = format!("/lines/{index}/uses/{place}");
            match take_declared(order, held, (output.line, declared)) {
                Ok(taken) => made.extend(taken),
                Err((field, refusal)) => check.refuse(format!("{at}/{field}"), refusal),
            }
        }
    }
    check.finish()?;
    let mut finished = order.received;
    for output in outputs {
        let totals = (finished, finished + output.quantity);
        if output.declared.is_empty() {
            made.extend(take_by_rule(order, held, output.line, totals));
        }
        finished = totals.1;
    }
    Ok(made)
}

/// Takes what was declared; a refusal comes with the field that is at fault.
fn take_declared(
    order: &Order<'_>,
    held: &mut [Held],
    of: (i32, &Declared),
) -> Result<Vec<Use>, (&'static str, Refusal)> {
    let (line, declared) = of;
    let Some(component) = order.components.iter().find(|component| component.item.id == declared.item) else {
        return Err((
            "item_id",
            Refusal::new(ProblemCode::ItemNotInOrder).with("item", declared.item).with("number", order.number),
        ));
    };
    let mut check = FieldCheck::new();
    check.optional_text("", &declared.remark, 500);
    check.finish().map_err(|refusal| ("remark", refusal))?;
    quantity::check_positive(declared.quantity, component.item.unit.decimal_places)
        .map_err(|refusal| ("quantity", refusal))?;
    if component.item.tracking != Tracking::None && declared.lot.is_none() {
        return Err(("lot_id", Refusal::new(ProblemCode::LotRequired).with("item", &component.item.code)));
    }
    let (item, lot) = (declared.item.uuid(), declared.lot.map(LotId::uuid));
    let is_it = |held: &Held| held.item == item && held.lot == lot;
    let there: Decimal = held.iter().filter(|held| is_it(held)).map(|held| held.quantity).sum();
    if there < declared.quantity {
        // A lot that is not held at all is named by who asks.
        let known = held.iter().find(|held| is_it(held)).map(|held| held.code.clone());
        let code = known.or_else(|| lot.map(|lot| lot.to_string())).unwrap_or_else(|| "—".to_owned());
        let refusal = Refusal::new(ProblemCode::CustodyInsufficient).with("item", &component.item.code);
        let refusal = refusal.with("lot", code).with("available", there.normalize());
        return Err(("quantity", refusal.with("requested", declared.quantity.normalize())));
    }
    let certainty = if declared.scan.is_some() { Certainty::Scanned } else { Certainty::Declared };
    let made = take(held, declared.quantity, is_it).into_iter().map(|(held, quantity)| Use {
        line,
        item,
        lot,
        owner: held.owner,
        quantity,
        certainty,
        remark: declared.remark.clone(),
        scan: declared.scan,
    });
    Ok(made.collect())
}

fn take_by_rule(order: &Order<'_>, held: &mut [Held], line: i32, totals: (Decimal, Decimal)) -> Vec<Use> {
    let mut inferred = Vec::new();
    for component in order.components {
        let item = component.item.id.uuid();
        let lots = take(held, order.taken_between(component, totals), |held| held.item == item);
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
    let missing = order.components.iter().map(|component| {
        let item = component.item.id.uuid();
        let taken: Decimal = made.iter().filter(|made| made.item == item).map(|made| made.quantity).sum();
        let wanted = order.taken_between(component, (order.received, order.received + quantity));
        (item, (wanted - taken).normalize())
    });
    missing.filter(|(_, quantity)| *quantity > Decimal::ZERO).collect()
}

/// The quality axis of an order from its finished lots: status, good, rejected.
#[must_use]
pub fn quality_state(lots: &[(LotStatus, Decimal, Decimal)]) -> QualityState {
    let good: Decimal = lots.iter().map(|(_, good, _)| *good).sum();
    let rejected: Decimal = lots.iter().map(|(.., rejected)| *rejected).sum();
    let waits = |(status, good, _): &(LotStatus, Decimal, Decimal)| {
        matches!(status, LotStatus::Quarantine | LotStatus::Blocked) && *good > Decimal::ZERO
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
