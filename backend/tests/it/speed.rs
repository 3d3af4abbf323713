//! What a posting costs in trips to the database: one more for each line would be felt.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use crate::support::{Crew, TestApp};

/// Statements sent by every connection of this process.
static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// Statements of one issue over HTTP, from the session to the commit: those of the architecture's posting (eight) among
/// them.
const STATEMENTS_OF_AN_ISSUE: usize = 35;

fn counting() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }))
}

#[test]
fn an_issue_takes_few_statements_however_many_lots_it_takes() {
    set_default_instrumentation(counting).unwrap();
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    // The sealer and the timers send statements as well, and each of them now and then: the least of three is the issue's own.
    let sent = (1..=3).map(|turn| {
        for line in 1..=5 {
            crew.released_lot(&contract, (&format!("L-{turn}{line}"), "1"));
        }
        let pick = crew.scan(&crew.pick(&crew.approve(&crew.requisition(&crew.order(&contract, "500")))));
        assert_eq!(pick["lines"].as_array().map(Vec::len), Some(5));
        let before = STATEMENTS.load(Ordering::Relaxed);
        crew.issue(&pick);
        STATEMENTS.load(Ordering::Relaxed) - before
    });
    let sent = sent.min().unwrap();
    assert!(sent <= STATEMENTS_OF_AN_ISSUE, "{sent} statements for an issue of five lines");
}
