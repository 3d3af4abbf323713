//! What can be asked: every kind of movement, lawful and not. Numbers choose among what is there when it is asked.

use lotline_common::ledger::StockStatus;
use lotline_common::quality::LotDecision;
use lotline_common::reconcile::ClaimOutcome;
use proptest::prelude::*;

/// Chooses a position, and a quantity there; `twist` makes some of them wrong.
#[derive(Debug, Clone)]
pub struct Stock {
    pub choice: u8,
    pub quantity: i64,
    pub twist: u8,
}

/// What is said of the components of finished goods.
#[derive(Debug, Clone)]
pub enum Uses {
    /// Nothing: the rule decides.
    Unsaid,
    /// So much of a lot in custody.
    Said(Stock),
}

/// Papers about material in custody that nobody else has to confirm, but for a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    Return { good: bool },
    Scrap,
    ReworkIn,
    OverUse { declared: bool },
}

/// One step of a sequence.
#[derive(Debug, Clone)]
pub enum Command {
    Receive { item: u8, quantity: i64, soon: bool, days_ago: i64 },
    Decide { lot: u8, decision: LotDecision },
    Recall { lot: u8 },
    Request { order: u8, item: u8, quantity: i64, supplement: bool },
    Answer { request: u8, approve: bool },
    Withdraw { request: u8 },
    Pick { request: u8 },
    GiveUp { pick: u8 },
    Issue { pick: u8 },
    Confirm { note: u8, short: i64, damaged: i64, over: i64 },
    Settle { claim: u8, outcome: ClaimOutcome },
    Finish { order: u8, good: i64, rejected: i64, uses: Uses, again: bool },
    Leave { what: Leaving, stock: Stock },
    Transfer { stock: Stock, to: u8 },
    HandOver { paper: u8 },
    Rework { order: u8, stock: Stock },
    Arrive { paper: u8, missing: i64 },
    CountThere { order: u8, line: u8, difference: i64 },
    CountHere { stock: Stock, difference: i64 },
    Move { stock: Stock, to: u8, days_ago: i64 },
    LineIssue { stock: Stock },
    LineReturn { stock: Stock, to: u8 },
    Scrap { stock: Stock, days_ago: i64 },
    Produce { stock: Stock, item: u8, made: i64, to: u8 },
    Repack { stock: Stock, parts: u8, twist: u8 },
    Dispatch { stock: Stock },
    Rule { paper: u8, approve: bool },
    Cancel { paper: u8 },
    Reverse { paper: u8 },
    CloseOrder { order: u8, explained: bool },
    CancelOrder { order: u8 },
    CloseMonth { months_ago: u8 },
    Wait { days: i64 },
}

fn stock() -> impl Strategy<Value = Stock> {
    (any::<u8>(), 1i64..7, 0u8..16).prop_map(|(choice, quantity, twist)| Stock { choice, quantity, twist })
}

fn days_ago() -> impl Strategy<Value = i64> {
    prop_oneof![6 => Just(0i64), 2 => 1i64..40, 1 => Just(-1i64)]
}

fn decision() -> impl Strategy<Value = LotDecision> {
    prop_oneof![3 => Just(LotDecision::Release), 1 => Just(LotDecision::Block), 1 => Just(LotDecision::Unblock)]
}

fn outcome() -> impl Strategy<Value = ClaimOutcome> {
    prop_oneof![Just(ClaimOutcome::Found), Just(ClaimOutcome::Returned), Just(ClaimOutcome::WrittenOff)]
}

fn uses() -> impl Strategy<Value = Uses> {
    prop_oneof![2 => Just(Uses::Unsaid), 1 => stock().prop_map(Uses::Said)]
}

fn leaving() -> impl Strategy<Value = Leaving> {
    prop_oneof![
        3 => any::<bool>().prop_map(|good| Leaving::Return { good }),
        2 => Just(Leaving::Scrap),
        1 => Just(Leaving::ReworkIn),
        2 => any::<bool>().prop_map(|declared| Leaving::OverUse { declared }),
    ]
}

/// Only now and then something is missing, damaged or too much.
fn seldom() -> impl Strategy<Value = i64> {
    prop_oneof![4 => Just(0i64), 1 => 1i64..4]
}

fn towards_the_subcontractor() -> impl Strategy<Value = Command> {
    let number = any::<u8>;
    prop_oneof![
        2 => (number(), 1i64..12, any::<bool>(), days_ago())
            .prop_map(|(item, quantity, soon, days_ago)| Command::Receive { item, quantity, soon, days_ago }),
        4 => (number(), decision()).prop_map(|(lot, decision)| Command::Decide { lot, decision }),
        1 => number().prop_map(|lot| Command::Recall { lot }),
        4 => (number(), number(), 1i64..9, prop::bool::weighted(0.2))
            .prop_map(|(order, item, quantity, supplement)| Command::Request { order, item, quantity, supplement }),
        4 => (number(), prop::bool::weighted(0.8)).prop_map(|(request, approve)| Command::Answer { request, approve }),
        1 => number().prop_map(|request| Command::Withdraw { request }),
        4 => number().prop_map(|request| Command::Pick { request }),
        1 => number().prop_map(|pick| Command::GiveUp { pick }),
        4 => number().prop_map(|pick| Command::Issue { pick }),
        3 => (number(), seldom(), seldom(), seldom())
            .prop_map(|(note, short, damaged, over)| Command::Confirm { note, short, damaged, over }),
        2 => (number(), outcome()).prop_map(|(claim, outcome)| Command::Settle { claim, outcome }),
    ]
}

fn at_the_subcontractor() -> impl Strategy<Value = Command> {
    let number = any::<u8>;
    prop_oneof![
        4 => (number(), 0i64..5, seldom(), uses(), any::<bool>())
            .prop_map(|(order, good, rejected, uses, again)| Command::Finish { order, good, rejected, uses, again }),
        4 => (leaving(), stock()).prop_map(|(what, stock)| Command::Leave { what, stock }),
        2 => (stock(), number()).prop_map(|(stock, to)| Command::Transfer { stock, to }),
        2 => number().prop_map(|paper| Command::HandOver { paper }),
        2 => (number(), stock()).prop_map(|(order, stock)| Command::Rework { order, stock }),
        3 => (number(), seldom()).prop_map(|(paper, missing)| Command::Arrive { paper, missing }),
        2 => (number(), number(), -2i64..3)
            .prop_map(|(order, line, difference)| Command::CountThere { order, line, difference }),
        2 => (number(), prop::bool::weighted(0.8)).prop_map(|(paper, approve)| Command::Rule { paper, approve }),
        1 => (number(), any::<bool>()).prop_map(|(order, explained)| Command::CloseOrder { order, explained }),
        1 => number().prop_map(|order| Command::CancelOrder { order }),
    ]
}

fn in_the_own_house() -> impl Strategy<Value = Command> {
    let number = any::<u8>;
    prop_oneof![
        2 => (stock(), number(), days_ago()).prop_map(|(stock, to, days_ago)| Command::Move { stock, to, days_ago }),
        2 => stock().prop_map(|stock| Command::LineIssue { stock }),
        2 => (stock(), number()).prop_map(|(stock, to)| Command::LineReturn { stock, to }),
        2 => (stock(), days_ago()).prop_map(|(stock, days_ago)| Command::Scrap { stock, days_ago }),
        2 => (stock(), number(), 1i64..5, number())
            .prop_map(|(stock, item, made, to)| Command::Produce { stock, item, made, to }),
        2 => (stock(), 1u8..4, 0u8..8).prop_map(|(stock, parts, twist)| Command::Repack { stock, parts, twist }),
        2 => stock().prop_map(|stock| Command::Dispatch { stock }),
        1 => (stock(), -2i64..3).prop_map(|(stock, difference)| Command::CountHere { stock, difference }),
    ]
}

fn whole() -> impl Strategy<Value = Command> {
    let number = any::<u8>;
    prop_oneof![
        6 => number().prop_map(|paper| Command::Reverse { paper }),
        1 => number().prop_map(|paper| Command::Cancel { paper }),
        1 => (0u8..3).prop_map(|months_ago| Command::CloseMonth { months_ago }),
        1 => prop_oneof![2 => Just(1i64), 1 => Just(25i64)].prop_map(|days| Command::Wait { days }),
    ]
}

/// A sequence of commands.
pub fn sequence() -> impl Strategy<Value = Vec<Command>> {
    let one = prop_oneof![4 => towards_the_subcontractor(), 5 => at_the_subcontractor(), 4 => in_the_own_house(), 2 => whole()];
    prop::collection::vec(one, 1..24)
}

/// The status that a twist makes of one.
pub fn twisted(status: StockStatus) -> StockStatus {
    match status {
        StockStatus::Available => StockStatus::Quarantine,
        _ => StockStatus::Available,
    }
}
