//! Document numbers: each is given once, none is left out, and no document waits for another's.

use std::sync::{Barrier, Mutex};

use chrono::{TimeZone as _, Utc};
use diesel::prelude::*;
use lotline::clock::Clock as _;
use lotline::db::{Tx, WriteOptions, Written};
use lotline::error::{Error, Result};
use lotline::numbering::next_number;
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::{ProblemCode, Refusal};

use super::support::app::TestApp;

fn number(tx: &mut Tx) -> Result<Written> {
    Written::of(200, &next_number(tx, DocumentKind::Claim)?)
}

fn given(app: &TestApp) -> String {
    let written = app.db.write(&app.acme.founder, &WriteOptions::default(), number).unwrap();
    written.body.as_str().unwrap().to_owned()
}

#[test]
fn a_number_waits_for_no_other_and_comes_back_when_its_document_is_not_written() {
    let app = TestApp::start();
    assert_eq!(given(&app), "SP-2026-000001");
    let meanwhile = Mutex::new(Vec::new());
    let outcome = app.db.write(&app.acme.founder, &WriteOptions::default(), |tx| {
        let mut told = meanwhile.lock().unwrap();
        told.push(next_number(tx, DocumentKind::Claim)?);
        // Somebody else begins later and is done before.
        told.push(given(&app));
        Err::<Written, Error>(Refusal::new(ProblemCode::ReasonRequired).into())
    });
    assert!(outcome.is_err());
    assert_eq!(*meanwhile.lock().unwrap(), ["SP-2026-000002", "SP-2026-000003"]);
    assert_eq!(given(&app), "SP-2026-000002", "what was not written leaves no gap");
    assert_eq!(given(&app), "SP-2026-000004");
}

#[test]
fn a_number_that_is_only_tried_stays_free_and_every_organisation_counts_for_itself() {
    let app = TestApp::start();
    let trying = WriteOptions { dry_run: true, ..WriteOptions::default() };
    let tried = app.db.write(&app.acme.founder, &trying, number).unwrap();
    assert_eq!(tried.body, "SP-2026-000001");
    assert_eq!(given(&app), "SP-2026-000001");
    assert_eq!(given(&app), "SP-2026-000002");
    let other = app.found("other");
    let first = app.db.write(&other.founder, &WriteOptions::default(), number).unwrap();
    assert_eq!(first.body, "SP-2026-000001");
}

#[test]
fn a_year_begins_with_the_first_number_at_midnight_where_the_organisation_is() {
    let app = TestApp::start();
    assert_eq!(given(&app), "SP-2026-000001");
    // In China it is eight hours later.
    let midnight = Utc.with_ymd_and_hms(2026, 12, 31, 16, 0, 0).unwrap();
    app.clock.advance(midnight - chrono::TimeDelta::seconds(1) - app.clock.now());
    assert_eq!(given(&app), "SP-2026-000002");
    app.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(given(&app), "SP-2027-000001", "numbers of the old year are left");
}

#[test]
fn many_at_once_take_every_number_once_from_the_first_on() {
    const EACH: usize = 20;
    const WORKERS: usize = 8;
    let app = TestApp::start();
    let (begin, taken) = (Barrier::new(WORKERS), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                begin.wait();
                for _ in 0..EACH {
                    let number = given(&app);
                    taken.lock().unwrap().push(number);
                }
            });
        }
    });
    let mut taken = taken.into_inner().unwrap();
    taken.sort();
    // More than one block of numbers is laid out on the way.
    let expected: Vec<_> = (1..=EACH * WORKERS).map(|number| format!("SP-2026-{number:06}")).collect();
    assert_eq!(taken, expected);
    let laid_out: i64 = lotline::schema::document_counter::table
        .filter(lotline::schema::document_counter::kind.eq(DocumentKind::Claim.as_str()))
        .select(lotline::schema::document_counter::last_number)
        .first(&mut app.database.owner())
        .unwrap();
    assert_eq!(laid_out, 200, "whoever waited for a block takes from it and lays out no other");
}
