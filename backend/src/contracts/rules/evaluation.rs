//! Holding a step against the clauses of its order.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lotline_common::contracts::{ClauseFinding, ClauseKind, ClauseTerms, ContractStep, Enforcement};
use lotline_common::id::{ItemId, OperationId};
use lotline_common::locale::Name;
use lotline_common::permission::Permission;
use lotline_common::problem::clauses as words;
use rust_decimal::{Decimal, RoundingStrategy};

use super::act::{Act, Clause, Usage};
use super::precedence::{applies, governing};

/// A clause with the figures that it is about.
struct Measure<'a> {
    clause: &'a Clause,
    subject: String,
    now: Decimal,
    after: Decimal,
    limit: Decimal,
    at_least: bool,
    unit: Name,
}

impl<'a> Measure<'a> {
    /// A figure that may be `limit` at most.
    const fn at_most(clause: &'a Clause, subject: String, figures: (Decimal, Decimal, Decimal), unit: Name) -> Self {
        let (now, after, limit) = figures;
        Self { clause, subject, now, after, limit, at_least: false, unit }
    }

    fn is_broken(&self) -> bool {
        if self.at_least { self.after < self.limit } else { self.after > self.limit }
    }

    fn finding(self, step: ContractStep) -> ClauseFinding {
        ClauseFinding {
            clause: Some(self.clause.reference.clone()),
            kind: self.clause.terms.kind(),
            step,
            subject: self.subject,
            figure_now: rounded(self.now),
            figure_after: rounded(self.after),
            limit: rounded(self.limit),
            at_least: self.at_least,
            unit: self.unit,
            enforcement: self.clause.enforcement,
            lifted_by: Permission::ContractApprove,
            override_id: None,
        }
    }
}

fn rounded(figure: Decimal) -> Decimal {
    figure.round_dp(6).normalize()
}

/// What clauses say about a step, each in the order of the clauses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Those that it breaks.
    pub broken: Vec<ClauseFinding>,
    /// Those that it keeps.
    pub kept: Vec<ClauseFinding>,
}

/// Every clause that a step breaks, in the order of the clauses. Posting asks for no more.
#[must_use]
pub fn evaluate(act: &Act, clauses: &[Clause]) -> Vec<ClauseFinding> {
    told(act, clauses, measures(act, clauses).filter(Measure::is_broken).collect())
}

/// Every clause that a step is about: broken, or kept and how far.
#[must_use]
pub fn held_against(act: &Act, clauses: &[Clause]) -> Verdict {
    let measured = measures(act, clauses).chain(inside(act, clauses));
    let (broken, kept): (Vec<_>, Vec<_>) = measured.partition(Measure::is_broken);
    Verdict { broken: told(act, clauses, broken), kept: told(act, clauses, kept) }
}

fn measures<'a>(act: &Act, clauses: &'a [Clause]) -> impl Iterator<Item = Measure<'a>> {
    let measures = match act.step {
        ContractStep::OrderOpening => vec![admission(act, clauses), lead_time(act, clauses)],
        ContractStep::Issue | ContractStep::Transfer => {
            vec![admission(act, clauses), custody_quota(act, clauses), issue_tolerance(act, clauses)]
        }
        ContractStep::Receipt => vec![receipt_tolerance(act, clauses), loss_allowance(act, clauses)],
    };
    measures.into_iter().flatten()
}

fn told(act: &Act, clauses: &[Clause], mut measures: Vec<Measure>) -> Vec<ClauseFinding> {
    measures.sort_by_key(|measure| clauses.iter().position(|clause| std::ptr::eq(clause, measure.clause)));
    measures.into_iter().map(|measure| measure.finding(act.step)).collect()
}

/// An order to a subcontractor with whom nothing is agreed: let through, said and recorded.
#[must_use]
pub fn nothing_agreed(act: &Act, partner: &str) -> ClauseFinding {
    ClauseFinding {
        clause: None,
        kind: ClauseKind::Scope,
        step: act.step,
        subject: partner.to_owned(),
        figure_now: Decimal::ZERO,
        figure_after: Decimal::ONE,
        limit: Decimal::ZERO,
        at_least: false,
        unit: words::outside(),
        enforcement: Enforcement::Warn,
        lifted_by: Permission::ContractApprove,
        override_id: None,
    }
}

fn of_kind(clauses: &[Clause], kind: ClauseKind) -> impl Iterator<Item = &Clause> + Clone {
    clauses.iter().filter(move |clause| clause.terms.kind() == kind)
}

/// Whether the subcontractor may do this work at all: scope, list of the approved, certificates.
fn admission<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    let mut measures = Vec::new();
    for kind in [ClauseKind::Scope, ClauseKind::ApprovedSubcontractor] {
        let named = of_kind(clauses, kind);
        if !named.clone().any(|clause| applies(clause, act.product, act.operation)) {
            // Something is agreed on, but not this: the strictest of those clauses says so.
            let strictest = named.min_by_key(|clause| clause.enforcement);
            measures.extend(strictest.map(|clause| outside(act, clause)));
        }
    }
    for clause in governing(of_kind(clauses, ClauseKind::ApprovedSubcontractor), act.product, act.operation) {
        if let ClauseTerms::ApprovedSubcontractor { valid_until, .. } = &clause.terms {
            measures.push(past(act, clause, act.subject.clone(), *valid_until));
        }
    }
    measures.extend(certificates(act, clauses));
    measures
}

fn outside<'a>(act: &Act, clause: &'a Clause) -> Measure<'a> {
    let figures = (Decimal::ZERO, Decimal::ONE, Decimal::ZERO);
    Measure::at_most(clause, act.subject.clone(), figures, words::outside())
}

/// The scope that a step keeps to; the list of the approved says the same by its last day.
fn inside<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    if act.step == ContractStep::Receipt {
        return Vec::new();
    }
    let scopes = governing(of_kind(clauses, ClauseKind::Scope), act.product, act.operation);
    let figures = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    scopes.into_iter().map(|scope| Measure::at_most(scope, act.subject.clone(), figures, words::outside())).collect()
}

/// Days since the last day of something that must be valid.
fn past<'a>(act: &Act, clause: &'a Clause, subject: String, last_day: NaiveDate) -> Measure<'a> {
    let days = Decimal::from((act.today - last_day).num_days().max(0));
    Measure::at_most(clause, format!("{subject} ≤ {last_day}"), (days, days, Decimal::ZERO), words::days())
}

/// Each kind of certificate is held for itself; of several with one scope, the one that lasts longest counts.
fn certificates<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    let mut kinds: BTreeMap<&str, Vec<&Clause>> = BTreeMap::new();
    for clause in of_kind(clauses, ClauseKind::Certificate) {
        if let ClauseTerms::Certificate { certificate_kind, .. } = &clause.terms {
            kinds.entry(certificate_kind.trim()).or_default().push(clause);
        }
    }
    let longest = |of_kind: Vec<&'a Clause>| {
        let dated =
            governing(of_kind, act.product, act.operation).into_iter().filter_map(|clause| match &clause.terms {
                ClauseTerms::Certificate { expires_on, certificate_kind, certificate_number } => {
                    Some((*expires_on, format!("{certificate_kind} {certificate_number}"), clause))
                }
                _ => None,
            });
        dated.max_by_key(|(expires_on, ..)| *expires_on)
    };
    let measured = kinds.into_values().filter_map(longest);
    measured.map(|(expires_on, subject, clause)| past(act, clause, subject, expires_on)).collect()
}

/// Days from now to the due date, against those on the way out, at work and on the way back.
fn lead_time<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    let days = Decimal::from((act.due_on - act.today).num_days());
    let governing = governing(of_kind(clauses, ClauseKind::LeadTime), act.product, act.operation);
    let needed = governing.into_iter().filter_map(|clause| match clause.terms {
        ClauseTerms::LeadTime { issue_transit_days, processing_days, return_transit_days } => {
            let needed = [issue_transit_days, processing_days, return_transit_days].map(Decimal::from);
            Some((clause, needed.into_iter().sum()))
        }
        _ => None,
    });
    needed
        .map(|(clause, limit)| Measure {
            at_least: true,
            ..Measure::at_most(clause, act.subject.clone(), (days, days, limit), words::days())
        })
        .collect()
}

/// One of the three limits of a quota.
#[derive(Clone, Copy)]
enum Quota {
    Quantity,
    Value,
    Days,
}

impl Quota {
    fn limit(self, terms: &ClauseTerms) -> Option<Decimal> {
        match (self, terms) {
            (Self::Quantity, ClauseTerms::CustodyQuota { maximum_quantity, .. }) => *maximum_quantity,
            (Self::Value, ClauseTerms::CustodyQuota { maximum_value, .. }) => *maximum_value,
            (Self::Days, ClauseTerms::CustodyQuota { maximum_days, .. }) => maximum_days.map(Decimal::from),
            _ => None,
        }
    }
}

/// Each limit has its own precedence: an item with a quota of its own is out of the general one.
fn custody_quota<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    if act.stays {
        return Vec::new();
    }
    let quotas = [Quota::Quantity, Quota::Value, Quota::Days];
    quotas.into_iter().flat_map(|quota| quota_measures(act, clauses, quota)).collect()
}

fn quota_measures<'a>(act: &Act, clauses: &'a [Clause], quota: Quota) -> Vec<Measure<'a>> {
    let setting: Vec<_> = clauses.iter().filter(|clause| quota.limit(&clause.terms).is_some()).collect();
    let governs = |clause: &Clause, item: ItemId, operation: OperationId| {
        governing(setting.iter().copied(), item, operation).iter().any(|one| one.reference.id == clause.reference.id)
    };
    let touched =
        setting.iter().filter(|clause| act.lines.iter().any(|line| governs(clause, line.item, act.operation)));
    let measure = |clause: &&'a Clause| {
        let held = act.custody.iter().filter(|held| governs(clause, held.item, held.operation));
        let lines = act.lines.iter().filter(|line| governs(clause, line.item, act.operation));
        let limit = quota.limit(&clause.terms).unwrap_or_default();
        let subject: Vec<_> = lines.clone().map(|line| line.code.as_str()).collect();
        let subject = subject.join(", ");
        let now: Decimal = match quota {
            Quota::Quantity => held.map(|held| held.quantity).sum(),
            Quota::Value => held.map(|held| held.value).sum(),
            Quota::Days => {
                held.map(|held| Decimal::from((act.today - held.since).num_days())).max().unwrap_or_default()
            }
        };
        let (added, unit): (Decimal, Name) = match quota {
            Quota::Quantity => {
                let unit = lines.clone().next().map(|line| line.unit.clone()).unwrap_or_default();
                (lines.map(|line| line.quantity).sum(), both(&unit))
            }
            Quota::Value => (lines.map(|line| line.value).sum(), words::money()),
            Quota::Days => (Decimal::ZERO, words::days()),
        };
        Measure::at_most(clause, subject, (now, now + added, limit), unit)
    };
    touched.map(measure).collect()
}

/// A symbol that is the same in both languages.
fn both(symbol: &str) -> Name {
    Name { zh: symbol.to_owned(), en: symbol.to_owned() }
}

fn issue_tolerance<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    let mut measures = Vec::new();
    for line in &act.lines {
        for clause in governing(of_kind(clauses, ClauseKind::IssueTolerance), line.item, act.operation) {
            let ClauseTerms::IssueTolerance { over_percent } = clause.terms else { continue };
            let figures = (line.issued, line.issued + line.quantity, more(line.required, over_percent));
            measures.push(Measure::at_most(clause, line.code.clone(), figures, both(&line.unit)));
        }
    }
    measures
}

/// So much per cent more.
fn more(figure: Decimal, percent: Decimal) -> Decimal {
    figure * (Decimal::ONE_HUNDRED + percent) / Decimal::ONE_HUNDRED
}

/// What may be used with a loss that is part of the work (domain.md C4): standard ÷ (1 − loss). None where
/// everything may be lost.
#[must_use]
pub fn allowed_usage(standard: Decimal, loss_percent: Decimal) -> Option<Decimal> {
    let kept = (Decimal::ONE_HUNDRED - loss_percent) / Decimal::ONE_HUNDRED;
    if kept <= Decimal::ZERO { None } else { standard.checked_div(kept) }
}

/// The loss that a component's clause allows, in per cent.
#[must_use]
pub fn allowed_loss(clauses: &[Clause], item: ItemId, operation: OperationId) -> Option<(&Clause, Decimal)> {
    let governing = governing(of_kind(clauses, ClauseKind::LossAllowance), item, operation);
    governing.into_iter().find_map(|clause| match clause.terms {
        ClauseTerms::LossAllowance { percent } => Some((clause, percent)),
        _ => None,
    })
}

fn loss_allowance<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    let measure = |usage: &Usage| {
        let (clause, percent) = allowed_loss(clauses, usage.item, act.operation)?;
        // Up to the step of the unit, so that a rounding tail is never called a loss.
        let limit = allowed_usage(usage.standard, percent)?;
        let limit = limit.round_dp_with_strategy(usage.decimal_places, RoundingStrategy::AwayFromZero).normalize();
        let figures = (usage.used, usage.used + usage.using, limit);
        Some(Measure::at_most(clause, usage.code.clone(), figures, both(&usage.unit)))
    };
    act.usage.iter().filter_map(measure).collect()
}

fn receipt_tolerance<'a>(act: &Act, clauses: &'a [Clause]) -> Vec<Measure<'a>> {
    let mut measures = Vec::new();
    for clause in governing(of_kind(clauses, ClauseKind::ReceiptTolerance), act.product, act.operation) {
        let ClauseTerms::ReceiptTolerance { over_percent, under_percent } = clause.terms else { continue };
        let after = act.received + act.receiving;
        let measure =
            |limit| Measure::at_most(clause, act.subject.clone(), (act.received, after, limit), both(&act.unit));
        measures.push(measure(more(act.ordered, over_percent)));
        if act.last {
            measures.push(Measure { at_least: true, ..measure(more(act.ordered, -under_percent)) });
        }
    }
    measures
}
