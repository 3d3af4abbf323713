//! Random sequences of every kind of movement, lawful and not, against a model of the books (invariants I1–I12 of the
//! ledger). `LOTLINE_SEQUENCES` says how many; `make test-long` runs many. Each sequence is one transaction that is
//! rolled back, so that all of them begin in the same world.

mod books;
mod check;
mod command;
mod directed;
mod finishing;
mod home;
mod model;
mod run;
mod towards;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Mutex;

use lotline::db::{Db, Tx, WriteOptions, Written};
use lotline_common::quality::LotDecision;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;

use self::command::{Command, Leaving, Stock, Uses, sequence};
use self::run::{Found, Run};
use self::world::World;
use super::support::app::TestApp;

/// Sequences in the usual run.
const SEQUENCES: u32 = 40;
/// From so many sequences on, each kind of command must have been both done and refused.
const MANY: u32 = 2_000;
/// Organisations that sequences run in at once.
const WORKERS: u32 = 2;

type Tally = BTreeMap<&'static str, (usize, usize)>;

impl Run<'_> {
    fn play(&mut self, tx: &mut Tx, commands: &[Command]) -> Found {
        for (place, command) in commands.iter().enumerate() {
            let done = self.step(tx, command).and_then(|()| self.compare(tx));
            done.map_err(|found| format!("step {place}, {command:?}: {found}"))?;
        }
        self.finish_up(tx)
    }
}

/// Plays commands in a transaction that is kept, or not; answers where that leads.
fn play<'w>(db: &Db, from: &Run<'w>, (commands, keep): (&[Command], bool)) -> Found<Run<'w>> {
    let outcome = RefCell::new(Err("nothing was played".to_owned()));
    let options = WriteOptions { dry_run: !keep, ..WriteOptions::default() };
    let written = db.write(from.world.maker, &options, |tx| {
        let mut run = from.clone();
        let found = run.play(tx, commands);
        *outcome.borrow_mut() = found.map(|()| run);
        Ok(Written { status: 200, body: Value::Null })
    });
    written.map_err(|error| error.to_string())?;
    outcome.into_inner()
}

const fn usual(choice: u8, quantity: i64) -> Stock {
    Stock { choice, quantity, twist: 0 }
}

/// From a request to a countersigned delivery.
fn delivered(order: u8, item: u8, quantity: i64) -> Vec<Command> {
    vec![
        Command::Request { order, item, quantity, supplement: false },
        Command::Answer { request: 0, approve: true },
        Command::Pick { request: 0 },
        Command::Issue { pick: 0 },
        Command::Confirm { note: 0, short: 0, damaged: 0, over: 0 },
    ]
}

/// What there is to begin with: lots that wait and lots that may be used, material with both subcontractors,
/// finished goods, something at the line.
fn beginning() -> Vec<Command> {
    let receive = |item, quantity, soon, days_ago| Command::Receive { item, quantity, soon, days_ago };
    let release = |lot| Command::Decide { lot, decision: LotDecision::Release };
    let mut commands = vec![receive(0, 40, false, 0), receive(0, 20, true, 0), receive(1, 40, false, 0)];
    commands.extend([receive(0, 9, false, 20), release(0), release(1), release(2)]);
    commands.extend(delivered(0, 0, 12));
    commands.extend(delivered(0, 1, 8));
    commands.extend(delivered(2, 0, 6));
    commands.extend(delivered(3, 0, 4));
    commands.extend([
        Command::Finish { order: 0, good: 2, rejected: 1, uses: Uses::Unsaid, again: false },
        Command::Finish { order: 3, good: 1, rejected: 0, uses: Uses::Unsaid, again: false },
        release(5),
        Command::LineIssue { stock: usual(2, 3) },
    ]);
    commands
}

/// What is under way when a sequence begins: a request that waits and one that is approved, an open pick task, a delivery that travels, a claim,
/// a return, a transfer that waits for its hand-over, a count that waits for a ruling.
fn under_way() -> Vec<Command> {
    let request = |order, quantity| Command::Request { order, item: 0, quantity, supplement: false };
    let approve = Command::Answer { request: 0, approve: true };
    let (pick, issue) = (Command::Pick { request: 0 }, Command::Issue { pick: 0 });
    let confirm = Command::Confirm { note: 0, short: 1, damaged: 1, over: 0 };
    let mut commands = vec![request(1, 4), approve.clone(), pick.clone(), issue.clone(), confirm];
    commands.extend([request(1, 3), approve.clone(), pick.clone(), issue]);
    commands.extend([request(2, 2), approve.clone(), pick, request(0, 2), approve, request(3, 1)]);
    commands.extend([
        Command::Leave { what: Leaving::Return { good: true }, stock: usual(0, 1) },
        Command::Transfer { stock: usual(0, 2), to: 2 },
        Command::CountHere { stock: usual(3, 1), difference: -1 },
    ]);
    commands
}

fn sequences(app: &TestApp, world: &World, (from, cases): (&Run, u32)) -> Tally {
    let tally = RefCell::new(Tally::new());
    let config = Config { cases, max_shrink_iters: 600, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&sequence(), |commands| {
        let run = play(&app.db, from, (&commands, false)).map_err(TestCaseError::fail)?;
        for (what, (done, refused)) in run.tally {
            let sum = &mut *tally.borrow_mut();
            let sum = sum.entry(what).or_default();
            *sum = (sum.0 + done, sum.1 + refused);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("in {} orders: {error}", world.orders.len()));
    tally.into_inner()
}

#[test]
fn sequences_of_every_kind_of_movement_keep_every_invariant() {
    let cases = std::env::var("LOTLINE_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    let app = TestApp::start();
    let all = Mutex::new(Tally::new());
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (app, all) = (&app, &all);
            scope.spawn(move || {
                let organisation = app.found(&format!("worker{worker}"));
                let (world, model) = World::make(app, &organisation);
                let begin = [beginning(), under_way()].concat();
                let begun = play(&app.db, &Run::new(&world, model), (&begin, true));
                let mut from = begun.unwrap_or_else(|found| panic!("{found}"));
                from.tally.clear();
                let tally = sequences(app, &world, (&from, cases.div_ceil(WORKERS)));
                for (what, (done, refused)) in tally {
                    let mut all = all.lock().unwrap();
                    let sum = all.entry(what).or_default();
                    *sum = (sum.0 + done, sum.1 + refused);
                }
            });
        }
    });
    let all = all.into_inner().unwrap();
    println!("{cases} sequences; done and refused: {all:?}");
    if cases >= MANY {
        let never: Vec<_> = all.iter().filter(|(_, (done, _))| *done == 0).map(|(what, _)| what).collect();
        assert!(never.is_empty(), "never done: {never:?}");
    }
}
