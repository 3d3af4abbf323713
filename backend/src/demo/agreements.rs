//! What is agreed with the subcontractors of the demonstration: a quality agreement and a contract with each,
//! and one amendment that is being written.

use chrono::{NaiveDate, TimeDelta};
use lotline_common::approvals::Decision;
use lotline_common::contracts::{
    Agreement, AgreementCreate, AgreementKind, AgreementVersionCreate, AgreementVersionTransition, ClauseKind,
    ClauseOverrideCreate, ClauseTerms, ClauseWrite, ContractStep, Enforcement, Milestone, Party, VersionState, Wording,
};
use lotline_common::id::OrderId;
use lotline_common::locale::Name;
use rust_decimal::Decimal;

use super::deciding;
use super::world::{World, by_code};
use crate::clock::{Clock as _, SystemClock};
use crate::contracts::service::{agreements, orders, overrides};
use crate::error::Result;

/// What differs from one subcontractor to the next.
struct Terms {
    partner: &'static str,
    operation: &'static str,
    /// Chinese and English name of the work.
    work: (&'static str, &'static str),
    /// Kind, number, days from today to its last day.
    certificate: (&'static str, &'static str, i64),
    /// Highest value in custody.
    maximum_value: u32,
    /// Allowed loss in tenths of a per cent.
    loss: i64,
    /// Price in hundredths below and from 1,000 pieces on.
    prices: (i64, i64),
    /// Days on the way out, at work, on the way back.
    days: (i32, i32, i32),
}

const TERMS: &[Terms] = &[
    Terms {
        partner: "SUB-MACH",
        operation: "CNC",
        work: ("数控加工", "CNC machining"),
        certificate: ("ISO 13485", "Q5 073211 0002", 612),
        maximum_value: 3_000_000,
        loss: 60,
        prices: (420, 385),
        days: (1, 12, 1),
    },
    Terms {
        partner: "SUB-ANOD",
        operation: "ANODISE",
        work: ("阳极氧化", "Anodising"),
        certificate: ("ISO 13485", "SX 60148821", 204),
        maximum_value: 1_500_000,
        loss: 8,
        prices: (165, 148),
        days: (1, 6, 1),
    },
    Terms {
        partner: "SUB-STER",
        operation: "EO",
        work: ("环氧乙烷灭菌", "EO sterilisation"),
        certificate: ("ISO 11135", "EO-2291", 41),
        maximum_value: 1_500_000,
        loss: 20,
        prices: (95, 88),
        days: (2, 9, 2),
    },
];

/// Writes and approves all of them before the history begins, and drafts an amendment at its end.
pub fn write(world: &World) -> Result<()> {
    let today = SystemClock.now();
    let since = (today - TimeDelta::days(195)).date_naive();
    for terms in TERMS {
        world.at(today - TimeDelta::days(198));
        agree(world, terms, (AgreementKind::QualityAgreement, since), quality(world, terms, today.date_naive())?)?;
        let contract = agree(world, terms, (AgreementKind::Contract, since), commercial(world, terms)?)?;
        if terms.partner == "SUB-ANOD" {
            world.at(today);
            amend(world, &contract, (today + TimeDelta::days(25)).date_naive())?;
        }
    }
    Ok(())
}

/// Somebody asks to issue more than the contract of an order allows; it waits for the manager.
pub fn ask(world: &World, order_id: OrderId) -> Result<()> {
    let running = world.act("manager", |tx| orders::order_agreements(tx, order_id))?;
    let mut clauses = running.versions.iter().flat_map(|version| &version.clauses);
    let Some(clause) = clauses.find(|clause| clause.terms.kind() == ClauseKind::IssueTolerance) else { return Ok(()) };
    let command = ClauseOverrideCreate {
        clause_id: clause.id,
        order_id,
        step: ContractStep::Issue,
        figure_now: 300.into(),
        figure_after: 312.into(),
        reason: "首批调机需要多备 12 件".to_owned(),
    };
    world.act("clerk", |tx| overrides::override_create(tx, &command)).map(drop)
}

fn agree(
    world: &World,
    terms: &Terms,
    kind: (AgreementKind, NaiveDate),
    clauses: Vec<ClauseWrite>,
) -> Result<Agreement> {
    let (zh, en) = match kind.0 {
        AgreementKind::QualityAgreement => ("委托生产质量协议", "quality agreement"),
        AgreementKind::Contract => ("委外加工合同", "subcontracting contract"),
    };
    let title = Name { zh: format!("{}{zh}", terms.work.0), en: format!("{} {en}", terms.work.1) };
    let partner_id = by_code(&world.partners, terms.partner)?;
    let command = AgreementCreate { partner_id, kind: kind.0, title, effective_from: kind.1, clauses };
    let made = world.act("quality", |tx| agreements::agreement_create(tx, &command))?;
    let submit = AgreementVersionTransition { state: VersionState::Pending };
    world.act("quality", |tx| {
        let draft = made.versions.first().map(|version| (version.id, version.version));
        let (id, version) = draft.ok_or_else(|| anyhow::anyhow!("an agreement without a version"))?;
        agreements::version_transition(tx, id, version, &submit)
    })?;
    deciding::decide(world, ("manager", made.id.uuid()), (Decision::Approve, ""))?;
    Ok(made)
}

fn amend(world: &World, contract: &Agreement, effective_from: NaiveDate) -> Result<()> {
    let change_note = "年度议价：待双方确认新单价".to_owned();
    let command = AgreementVersionCreate { effective_from, change_note };
    world.act("quality", |tx| agreements::version_create(tx, contract.id, &command).map(drop))
}

fn clause(number: &str, text: (&str, &str), terms: ClauseTerms, enforcement: Enforcement) -> ClauseWrite {
    let text = Wording { zh: text.0.to_owned(), en: text.1.to_owned() };
    ClauseWrite { number: number.to_owned(), text, item_id: None, operation_id: None, terms, enforcement }
}

/// Who may do what, with which certificates, and who releases.
fn quality(world: &World, terms: &Terms, today: NaiveDate) -> Result<Vec<ClauseWrite>> {
    use Enforcement::{Approve, Refuse};
    let operation_id = Some(by_code(&world.operations, terms.operation)?);
    let (kind, number, days) = terms.certificate;
    let (certificate_kind, certificate_number) = (kind.to_owned(), number.to_owned());
    let expires_on = today + TimeDelta::days(days);
    let approved = ClauseTerms::ApprovedSubcontractor {
        valid_until: today + TimeDelta::days(300),
        audited_on: today - TimeDelta::days(230),
    };
    let mut scope = clause(
        "1.1",
        ("受托方只承接本协议约定工序的加工。", "The subcontractor does only the operation named in this agreement."),
        ClauseTerms::Scope {},
        Refuse,
    );
    let mut approval = clause(
        "1.2",
        ("受托方须列入合格受托方清单，且在有效期内。", "The subcontractor stays on the approved list."),
        approved,
        Approve,
    );
    (scope.operation_id, approval.operation_id) = (operation_id, operation_id);
    Ok(vec![
        scope,
        approval,
        clause(
            "2.1",
            ("受托方须持有有效的体系或过程证书。", "The subcontractor holds a valid certificate."),
            ClauseTerms::Certificate { certificate_kind, certificate_number, expires_on },
            Refuse,
        ),
        clause(
            "3.1",
            ("按双方签署的检验规程验收。", "Goods are accepted by the inspection plan that both sides signed."),
            ClauseTerms::AcceptanceCriteria { reference: format!("QP-{}-01 B/0", terms.operation) },
            Refuse,
        ),
        clause(
            "3.2",
            ("成品放行由委托方负责。", "The maker releases the finished goods."),
            ClauseTerms::ReleaseResponsibility { party: Party::Maker },
            Refuse,
        ),
    ])
}

/// Limits, prices and payment.
fn commercial(world: &World, terms: &Terms) -> Result<Vec<ClauseWrite>> {
    let mut clauses = limits(terms);
    clauses.extend(prices(terms));
    if terms.partner == "SUB-MACH" {
        let mut quota = clause(
            "4.5",
            ("Ø4.0 钛棒在外数量不超过 900 千克。", "No more than 900 kg of titanium bar Ø4.0 is in custody."),
            ClauseTerms::CustodyQuota { maximum_quantity: Some(900.into()), maximum_value: None, maximum_days: None },
            Enforcement::Approve,
        );
        quota.item_id = Some(by_code(&world.items, "RM-TI-040")?.0);
        clauses.push(quota);
    }
    Ok(clauses)
}

fn limits(terms: &Terms) -> Vec<ClauseWrite> {
    use Enforcement::{Approve, Refuse, Warn};
    let quota =
        |maximum_value, maximum_days| ClauseTerms::CustodyQuota { maximum_quantity: None, maximum_value, maximum_days };
    let (issue_transit_days, processing_days, return_transit_days) = terms.days;
    vec![
        clause(
            "4.1",
            (
                "在外材料总值不超过约定额度，超出须经批准。",
                "The value in custody stays within the quota, unless approved.",
            ),
            quota(Some(terms.maximum_value.into()), None),
            Approve,
        ),
        clause(
            "4.2",
            ("在外材料滞留超过 120 天须说明。", "Material in custody for more than 120 days is explained."),
            quota(None, Some(120)),
            Warn,
        ),
        clause(
            "4.3",
            ("超发不超过需求量的 2%。", "No more than 2 % beyond the requirement is issued."),
            ClauseTerms::IssueTolerance { over_percent: 2.into() },
            Approve,
        ),
        clause(
            "4.4",
            ("加工损耗不超过约定损耗率。", "Loss stays within the agreed rate."),
            ClauseTerms::LossAllowance { percent: Decimal::new(terms.loss, 1) },
            Approve,
        ),
        clause(
            "4.6",
            ("收货数量不超过订单 3%，末次不少于 5%。", "Receipts stay within +3 % and −5 % of the order."),
            ClauseTerms::ReceiptTolerance { over_percent: 3.into(), under_percent: 5.into() },
            Approve,
        ),
        clause(
            "5.1",
            ("交期按发运、加工、回运天数计算。", "Lead time is transit out, processing and transit back."),
            ClauseTerms::LeadTime { issue_transit_days, processing_days, return_transit_days },
            Refuse,
        ),
    ]
}

fn prices(terms: &Terms) -> Vec<ClauseWrite> {
    let price = |number, from: u32, cents| {
        let text = ("按订单数量分档计价。", "The price depends on the quantity ordered.");
        let (from_quantity, unit_price) = (from.into(), Decimal::new(cents, 2));
        clause(number, text, ClauseTerms::PriceTier { from_quantity, unit_price }, Enforcement::Refuse)
    };
    let part = |number, milestone, percent: u32| {
        let text = ("按节点付款。", "Payment follows the milestones.");
        let terms = ClauseTerms::PaymentMilestone { milestone, percent: percent.into() };
        clause(number, text, terms, Enforcement::Refuse)
    };
    vec![
        price("6.1", 0, terms.prices.0),
        price("6.2", 1000, terms.prices.1),
        part("7.1", Milestone::Receipt, 30),
        part("7.2", Milestone::Acceptance, 70),
        clause(
            "7.3",
            ("验收款的 5% 作为质保金，90 天后支付。", "5 % is held back for 90 days."),
            ClauseTerms::Retention { percent: 5.into(), days: 90 },
            Enforcement::Refuse,
        ),
        clause(
            "7.4",
            ("每逾期一天扣 0.5%，最高 10%。", "Each day of delay costs 0.5 %, 10 % at most."),
            ClauseTerms::Penalty { percent_per_day: Decimal::new(5, 1), maximum_percent: 10.into() },
            Enforcement::Refuse,
        ),
    ]
}
