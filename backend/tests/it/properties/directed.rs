//! What chance would hardly ever find, led there step by step; and requests that are sent more than once.

use std::collections::BTreeMap;

use lotline_common::problem::ProblemCode;
use lotline_common::quality::LotDecision;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use super::books::{Key, Spot};
use super::command::{Command, Stock, Uses};
use super::run::Run;
use super::world::World;
use super::{beginning, delivered, play, usual};
use crate::support::app::{Answer, Client, TestApp};
use crate::support::db::count;
use crate::support::material::{Crew, id};

/// Chooses the position of a lot among those that fit.
fn choice(run: &Run, lot: usize, fits: impl Fn(&Key) -> bool) -> u8 {
    let found = run.model.books.positions(fits).iter().position(|((_, known), _)| *known == lot);
    u8::try_from(found.unwrap_or_else(|| panic!("lot {lot} is not there"))).unwrap()
}

fn all_of(run: &Run, lot: usize, fits: impl Fn(&Key) -> bool) -> Stock {
    Stock { twist: 10, ..usual(choice(run, lot, fits), 1) }
}

fn go_on<'w>(app: &TestApp, run: &Run<'w>, commands: &[Command]) -> Run<'w> {
    play(&app.db, run, (commands, true)).unwrap_or_else(|found| panic!("{found}"))
}

#[test]
fn a_lot_that_was_melted_down_does_not_go_into_the_goods_it_was_made_of() {
    let app = TestApp::start();
    let (world, model) = World::make(&app, &app.acme);
    let run = play(&app.db, &Run::new(&world, model), (&beginning(), true)).unwrap();
    let decide = |lot: usize, decision| Command::Decide { lot: u8::try_from(lot).unwrap(), decision };
    let finish = |order, uses, again| Command::Finish { order, good: 1, rejected: 0, uses, again };
    // Screws of bar; some of them are packed anew and melted down to bar again.
    let run = go_on(&app, &run, &[finish(2, Uses::Unsaid, false)]);
    let screws = run.lots.len() - 1;
    let run = go_on(
        &app,
        &run,
        &[Command::Repack { stock: all_of(&run, screws, |key| key.0.spot.is_own()), parts: 1, twist: 5 }],
    );
    let mut commands = vec![decide(run.lots.len() - 1, LotDecision::Release)];
    commands.extend(delivered(4, 0, 1));
    commands.push(finish(4, Uses::Unsaid, false));
    let run = go_on(&app, &run, &commands);
    let bar = run.lots.len() - 1;
    // Nothing but that bar may be used: it goes to the order of the screws, whose lot still waits.
    let mut commands =
        vec![decide(bar, LotDecision::Release), decide(0, LotDecision::Block), decide(1, LotDecision::Block)];
    commands.extend(delivered(2, 0, 1));
    let run = go_on(&app, &run, &commands);
    let custody = |key: &Key| key.0.order == Some(2) && matches!(key.0.spot, Spot::Custody(_));
    let uses = Uses::Said(usual(choice(&run, bar, custody), 1));
    assert!(run.model.descends(bar, screws));
    let after = go_on(&app, &run, &[finish(2, uses, true)]);
    assert_eq!(after.tally["finished goods"].1, run.tally["finished goods"].1 + 1, "it was not refused");
}

/// A document that destroys so much of one lot, and of a second one.
fn scrap(there: &(Value, Value, Value), quantities: (i64, i64)) -> Value {
    let (item, lots, place) = there;
    let quantities = [quantities.0, quantities.1];
    let lines = quantities.iter().zip(lots.as_array().unwrap()).filter(|(quantity, _)| **quantity > 0);
    let line = |(quantity, lot): (&i64, &Value)| json!({ "item_id": item, "lot_id": lot, "quantity": quantity.to_string(), "from_location_id": place });
    json!({ "kind": "scrap", "reason": "fell off the shelf", "lines": lines.map(line).collect::<Vec<_>>() })
}

/// Sends a request twice at once, as a client does that lost the answer.
fn twice(client: &Client, key: &str, body: &Value) -> [Answer; 2] {
    let send = || client.request(reqwest::Method::POST, "/material-documents").key(key).json(body).send();
    std::thread::scope(|scope| {
        let first = scope.spawn(send);
        let second = send();
        [first.join().unwrap(), second]
    })
}

/// I8 and I9: each key posts once, whatever is sent how often; a document with one bad line posts nothing.
#[test]
fn a_key_never_posts_twice_and_one_bad_line_posts_none() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lots: Vec<Value> =
        ["L-1", "L-2"].iter().map(|lot| crew.released_lot(&contract, (lot, "900000"))["id"].clone()).collect();
    let there = (contract.bar["id"].clone(), json!(lots), crew.location("STORE")["id"].clone());
    let destroyed = || {
        count(
            &mut app.database.owner(),
            "SELECT coalesce(sum(on_hand), 0)::bigint AS count FROM stock_balance b
        JOIN location p ON p.id = b.location_id WHERE p.kind = 'scrap'",
        )
    };
    let bodies = [(1, 0), (2, 3), (1_000_000, 0), (1, 1_000_000)].map(|quantities| scrap(&there, quantities));
    let amounts = [1, 5, 0, 0];
    let round = std::cell::Cell::new(0);
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let sent = proptest::collection::vec((0usize..3, 0usize..4), 1..8);
    let outcome = TestRunner::new(config).run(&sent, |sent| {
        round.set(round.get() + 1);
        let (mut kept, mut expected): (BTreeMap<usize, (usize, Value)>, i64) = (BTreeMap::new(), destroyed());
        for (key, body) in sent {
            let answers = twice(&crew.warehouse, &format!("{}-{key}", round.get()), &bodies[body]);
            for answer in answers {
                let known = kept.get(&key).cloned();
                match known {
                    Some((first, _)) if first != body => {
                        prop_assert_eq!(&answer.body["code"], ProblemCode::IdempotencyKeyReused.as_str())
                    }
                    Some((_, answered)) => prop_assert_eq!(id(&answer.body), id(&answered)),
                    None if amounts[body] == 0 => {
                        prop_assert_eq!(&answer.body["code"], ProblemCode::StockInsufficient.as_str())
                    }
                    None => {
                        prop_assert_eq!(answer.status, 201);
                        expected += amounts[body];
                        kept.insert(key, (body, answer.body));
                    }
                }
            }
            prop_assert_eq!(destroyed(), expected);
        }
        Ok::<(), TestCaseError>(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
