//! Two who link lots at once: neither closes a cycle alone, and both together do not either.

use std::cell::RefCell;

use lotline::db::{WriteOptions, Written};
use lotline::trace::links::{self, Source};
use lotline_common::ledger::{Certainty, DocumentKind};
use lotline_common::problem::ProblemCode;
use serde_json::Value;
use uuid::Uuid;

use super::{Lots, known};
use crate::support::TestApp;
use crate::support::db::count;

const SAID: (Certainty, i64) = (Certainty::Declared, 1);

/// The first has written and not committed; the second waits, sees, and is refused.
#[test]
fn whoever_would_close_a_cycle_waits_for_the_other_half_and_is_refused() {
    let app = TestApp::start();
    let there = Lots::of(&app);
    let lots = there.make(4);
    // 0 → 1 and 2 → 3 are there; 1 → 2 and 3 → 0 come at once, with no lot in common.
    there.link(Uuid::now_v7(), &[known(lots[0], lots[1], SAID), known(lots[2], lots[3], SAID)]).unwrap();
    let source = Source { kind: DocumentKind::Material, id: Uuid::now_v7(), order: None };
    let (there, lots) = (&there, &lots);
    let second = std::thread::scope(|scope| {
        let second = RefCell::new(None);
        let first = app.db.write(there.maker, &WriteOptions::default(), |tx| {
            links::link(tx, source, &[known(lots[1], lots[2], SAID)])?;
            *second.borrow_mut() = Some(scope.spawn(|| there.link(Uuid::now_v7(), &[known(lots[3], lots[0], SAID)])));
            app.database.wait_for_blocked(1);
            Ok(Written { status: 204, body: Value::Null })
        });
        first.unwrap();
        second.into_inner().unwrap().join().unwrap()
    });
    assert_eq!(second.err().unwrap().refusal().unwrap().code, ProblemCode::GenealogyCycle);
    assert_eq!(count(&mut app.database.owner(), "SELECT count(*) AS count FROM lot_link"), 3);
}

/// A document that makes its lots itself waits for nobody: the hot path of receiving has no lock of the whole house.
#[test]
fn lots_that_are_new_are_linked_beside_each_other() {
    let app = TestApp::start();
    let there = Lots::of(&app);
    let lots = there.make(3);
    let source = Source { kind: DocumentKind::Material, id: Uuid::now_v7(), order: None };
    let link = |child: usize| links::NewLink { newborn: true, ..known(lots[0], lots[child], SAID) };
    let first = app.db.write(there.maker, &WriteOptions::default(), |tx| {
        links::link(tx, source, &[known(lots[0], lots[1], SAID)])?;
        there.link(Uuid::now_v7(), &[link(2)])?;
        Ok(Written { status: 204, body: Value::Null })
    });
    first.unwrap();
    assert_eq!(count(&mut app.database.owner(), "SELECT count(*) AS count FROM lot_link"), 2);
}
